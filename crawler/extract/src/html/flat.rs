//! Pages that nest too deep for a parser.

use std::borrow::Cow;

/// How deep elements may nest. The parser looks through all open elements at every tag, so that its time would grow
/// with the square of the depth; no page that people read comes near.
const DEPTH: usize = 500;

/// How deep elements of style may nest: the parser opens all of them again in each paragraph where they were left open.
const STYLE_DEPTH: usize = 16;

/// How many tags may close themselves (`<path/>` in a drawing). Outside drawings the parser takes them for opening
/// tags, so that more of them could nest too deep as well.
const SELF_CLOSED: usize = 5_000;

/// Elements of style that a parser opens again.
const STYLES: [&str; 13] = ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements without an end tag, or whose end tag may be left out: they don't nest by themselves.
const LEAVES: [&str; 34] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li",
    "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead",
    "tr", "track", "wbr", "frame", "keygen",
];
/// Elements with text that is no markup.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// The page without the opening tags of elements that nest too deep. Their text stays.
pub(super) fn flat(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut from = 0;
    let (mut depth, mut styles, mut self_closed) = (0_usize, 0_usize, 0_usize);
    let mut at = 0;
    // Where the tag ends that was looked at last; looked up again only behind it.
    let mut close = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let tag = &html[start + 1..];
        let closing = tag.starts_with('/');
        let name = &tag[usize::from(closing)..];
        let name = &name[..name.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count()];
        at = start + 1 + usize::from(closing) + name.len();
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if tag.starts_with("!--") {
            at = tag.find("-->").map_or(html.len(), |end| start + 1 + end);
        } else if name.is_empty() || is(&LEAVES) {
            // Text, or nothing that nests.
        } else if is(&RAW) {
            if !closing {
                at = behind_raw(html, at, name);
            }
        } else {
            if close < at {
                close = html[at..].find('>').map_or(html.len(), |end| at + end);
            }
            if !closing && html[..close].ends_with('/') && self_closed < SELF_CLOSED {
                self_closed += 1;
                continue;
            }
            let (depth, limit) = if is(&STYLES) { (&mut styles, STYLE_DEPTH) } else { (&mut depth, DEPTH) };
            *depth = if closing { depth.saturating_sub(1) } else { *depth + 1 };
            if !closing && *depth > limit {
                // The end of a page that breaks off within a tag is dropped with it.
                kept.push_str(&html[from..start]);
                from = html.len().min(close + 1);
                at = from;
            }
        }
    }
    if from == 0 {
        return html.into();
    }
    kept.push_str(&html[from..]);
    kept.into()
}

/// Where the end tag of a script or the like starts.
fn behind_raw(html: &str, at: usize, name: &str) -> usize {
    let ends = |end: usize| {
        html.as_bytes().get(end + 2..end + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
    };
    html[at..].match_indices("</").map(|(found, _)| at + found).find(|end| ends(*end)).unwrap_or(html.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_pages_alone() {
        let script = format!("<script>{}</script>", "if (a<b) c();".repeat(2 * DEPTH));
        for page in
            ["<p>一<p>二".repeat(2 * DEPTH), "<div><br><b>一</b></div>".repeat(2 * DEPTH), script, "a<b".to_owned()]
        {
            assert!(matches!(flat(&page), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn drops_tags_below_the_depth() {
        let page = format!("{}义诊{}", "<div>".repeat(3 * DEPTH), "</div>".repeat(3 * DEPTH));
        let flat = flat(&page);
        assert_eq!(flat.matches("<div>").count(), DEPTH);
        assert!(flat.contains("义诊"));
        assert_eq!(super::flat("<q x=".repeat(DEPTH + 1).as_str()).len(), 5 * DEPTH);
        assert_eq!(super::flat(&"<p><b>义".repeat(99)).matches("<b>").count(), STYLE_DEPTH);
    }
}
