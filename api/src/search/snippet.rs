//! The piece of a text that shows what was found.

use std::ops::Range;

use entity::search::{Document, Match, Query, units};

/// The length of a snippet, in characters; a longer match is shown whole.
const LENGTH: usize = 80;

/// A piece of about 80 characters with as many of the phrases as can be, each marked with `<mark>`; all else is escaped
/// for HTML. Where nothing stands in the text itself, it is the heading.
pub(crate) fn snippet(query: &Query, document: &Document<'_>) -> String {
    let of = |text| query.find(&units(text));
    let (text, found) = match of(&document.body) {
        found if !found.is_empty() => (&*document.body, found),
        _ => (document.heading, of(document.heading)),
    };
    let marks = apart(&found);
    let piece = piece(text, &found);
    let mut snippet = String::with_capacity(piece.len() * 2);
    if piece.start > 0 {
        snippet.push('…');
    }
    let mut at = piece.start;
    for mark in marks.iter().filter(|mark| piece.start <= mark.start && mark.end <= piece.end) {
        escape(&mut snippet, &text[at..mark.start]);
        snippet.push_str("<mark>");
        escape(&mut snippet, &text[mark.clone()]);
        snippet.push_str("</mark>");
        at = mark.end;
    }
    escape(&mut snippet, &text[at..piece.end]);
    if piece.end < text.len() {
        snippet.push('…');
    }
    snippet
}

/// The matches in order, those that overlap as one.
fn apart(found: &[Match]) -> Vec<Range<usize>> {
    let mut ranges: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// Where the snippet starts and ends: around the matches that stand closest together, of those with the most phrases.
fn piece(text: &str, found: &[Match]) -> Range<usize> {
    let characters: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let character = |byte: usize| characters.partition_point(|at| *at < byte);
    let mut places: Vec<(Range<usize>, usize)> =
        found.iter().map(|found| (character(found.range.start)..character(found.range.end), found.phrase)).collect();
    places.sort_unstable_by_key(|(range, phrase)| (range.start, *phrase));

    let mut best: (usize, usize, Range<usize>) = (0, 0, 0..0);
    for (index, (first, _)) in places.iter().enumerate() {
        let (mut phrases, mut count, mut end) = (Vec::new(), 0, first.end);
        for (range, phrase) in &places[index..] {
            if range.end > first.end.max(first.start + LENGTH) {
                break;
            }
            count += 1;
            end = end.max(range.end);
            if !phrases.contains(phrase) {
                phrases.push(*phrase);
            }
        }
        if (phrases.len(), count) > (best.0, best.1) {
            best = (phrases.len(), count, first.start..end);
        }
    }
    let matches = best.2;
    // A third of what is left stands before the matches, more where the text ends soon.
    let left = LENGTH.saturating_sub(matches.len());
    let behind = characters.len() - matches.end;
    let before = (left / 3).max(left.saturating_sub(behind)).min(matches.start);
    let start = matches.start - before;
    let end = (matches.end + left - before).min(characters.len());
    let byte = |character: usize| characters.get(character).copied().unwrap_or(text.len());
    byte(start)..byte(end)
}

/// Writes text so that HTML takes it for text, lines joined.
fn escape(html: &mut String, text: &str) {
    for sign in text.chars() {
        match sign {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' | '\r' | '\t' => html.push(' '),
            sign => html.push(sign),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str, heading: &str, body: &str) -> String {
        snippet(&Query::parse(query).unwrap(), &Document { heading, body: body.into() })
    }

    #[test]
    fn marks_what_was_found_and_escapes_the_rest() {
        for (query, heading, body, expected) in [
            ("急救 ＡＥＤ", "", "配置aed<b>和急救\n包", "配置<mark>aed</mark>&lt;b&gt;和<mark>急救</mark> 包"),
            ("急救", "急救&网络", "其他", "<mark>急救</mark>&amp;网络"),
            ("安宁疗 宁疗护", "", "推进安宁疗护", "推进<mark>安宁疗护</mark>"),
            ("A*", "", "'AED' \"ab\" ca", "&#39;<mark>AED</mark>&#39; &quot;<mark>ab</mark>&quot; ca"),
        ] {
            assert_eq!(of(query, heading, body), expected);
        }
    }

    #[test]
    fn cuts_around_the_matches() {
        let filler = "其他工作。".repeat(30);
        let text = format!("急救。{filler}急救网络与安宁{filler}");
        let found = of("安宁 急救", "", &text);
        assert!(found.starts_with('…') && found.ends_with('…'), "{found}");
        assert!(found.contains("<mark>急救</mark>网络与<mark>安宁</mark>"), "{found}");
        assert_eq!(found.replace("<mark>", "").replace("</mark>", "").chars().count(), LENGTH + 2);
        let end = of("安宁", "", &format!("{filler}安宁"));
        assert!(end.ends_with("<mark>安宁</mark>") && end.starts_with('…'), "{end}");
        assert_eq!(end.chars().count(), LENGTH + 1 + 13);
        let long = "长".repeat(100);
        assert_eq!(of(&long, "", &format!("前{long}后")), format!("…<mark>{long}</mark>…"));
    }
}
