//! Named initiatives, which plans share: “儿科和精神卫生服务年”行动, 医疗卫生强基工程, 三明医改.
//!
//! A name ends with a word for an undertaking (行动, 工程, 年 …). Within quotation marks it begins at the mark; without, it
//! begins behind what is done with it (开展, 推进 …), behind a particle, or where its clause begins. What says no more than
//! that there is an undertaking (重点工程, 三年行动计划) is no name.

mod words;

use std::ops::Range;

use crate::{MentionKind, mention::Named, text::half_width};
use words::{ENDINGS, FIELDS, FILLERS, GOES_ON, OPENERS, QUOTED_ENDINGS, STRICT, STRICT_FOLLOWERS, YEARS};

/// Characters that a name has at most.
const LONGEST: usize = 30;
/// Characters that may stand between a closing quotation mark and the word that ends the name.
const BETWEEN: usize = 6;

/// What is the same for all spellings of a name: signs of one width, without blanks, quotation marks and what joins
/// words (、 和 与 及), and without the kind of undertaking at its end where a name is left.
///
/// ```
/// use extract::programme::key;
/// assert_eq!(key("“牙科和眼科服务年”行动"), key("牙科、眼科服务年"));
/// assert_eq!(key("健康敲门 行动"), "健康敲门");
/// ```
#[must_use]
pub fn key(name: &str) -> String {
    let is_kept =
        |c: &char| !c.is_whitespace() && !matches!(c, '“' | '”' | '"' | '「' | '」' | '、' | '和' | '与' | '及');
    let plain: String = name.chars().map(half_width).filter(is_kept).collect();
    let mut rest = plain.as_str();
    for leading in ["国家", "新一轮"] {
        rest = shorter(rest.strip_prefix(leading), rest);
    }
    for kind in ["行动", "活动", "专项"] {
        rest = shorter(rest.strip_suffix(kind), rest);
    }
    rest.to_owned()
}

/// What is left of a name, where that is still one.
fn shorter<'a>(left: Option<&'a str>, whole: &'a str) -> &'a str {
    left.filter(|left| left.chars().count() >= 3).unwrap_or(whole)
}

/// The initiatives that a sentence names, in no order.
pub(crate) fn named(sentence: &str) -> Vec<Named> {
    let mut found = quoted(sentence);
    let marked: Vec<Range<usize>> = quotations(sentence).collect();
    let overlaps = |ranges: &[Range<usize>], one: &Range<usize>| {
        ranges.iter().any(|other| other.start < one.end && one.start < other.end)
    };
    let taken: Vec<Range<usize>> = found.iter().map(|named| named.range.clone()).chain(marked).collect();
    found.extend(unquoted(sentence).into_iter().filter(|named| !overlaps(&taken, &named.range)));
    found
}

/// Names with quotation marks: those that end within them, and those whose last word follows.
fn quoted(sentence: &str) -> Vec<Named> {
    let mut found = Vec::new();
    for marks in quotations(sentence) {
        let inner = &sentence[marks.start + '“'.len_utf8()..marks.end - '”'.len_utf8()];
        let length = inner.chars().count();
        if length == 0 || length > LONGEST || inner.contains(['。', '；', ';', '《']) {
            continue;
        }
        let inner = inner.trim();
        let (end, name) = match behind(&sentence[marks.end..]) {
            Some((length, last)) => {
                let name = format!("{inner}{last}");
                // Of a period and its works (“十四五”重点工程) nothing is named.
                if !ENDINGS.contains(&last) && is_general(&name, 1) {
                    continue;
                }
                (marks.end + length, name)
            }
            None if QUOTED_ENDINGS.iter().any(|ending| inner.ends_with(ending)) => (marks.end, inner.to_owned()),
            None => continue,
        };
        let inside = QUOTED_ENDINGS.iter().find_map(|ending| inner.strip_suffix(ending));
        if is_counted(inner) || inside.is_some_and(|head| is_general(head, 1)) {
            continue;
        }
        found.push(named_as(&name, marks.start..end, true));
    }
    found
}

/// The word for an undertaking close behind a closing quotation mark, with what stands between: 提升工程. With the
/// length of all of it.
fn behind(rest: &str) -> Option<(usize, &str)> {
    let start = rest.len() - rest.trim_start_matches(' ').len();
    let stretch = rest[start..].char_indices().take_while(|(_, c)| is_han(*c)).map(|(at, c)| start + at + c.len_utf8());
    for end in stretch.take(BETWEEN + 4) {
        let words = &rest[start..end];
        // 年 counts time here: “十四五”收官之年.
        let mut endings = ENDINGS.iter().filter(|ending| **ending != "年").chain(&["项目"]);
        let Some(ending) = endings.find(|ending| words.ends_with(**ending)) else { continue };
        let head = &words[..words.len() - ending.len()];
        let is_whole = head.chars().count() <= BETWEEN && OPENERS.iter().all(|opener| !head.contains(opener));
        let ends = !GOES_ON.iter().any(|next| rest[end..].starts_with(next));
        if !is_whole || ends {
            return is_whole.then_some((end, words));
        }
    }
    None
}

/// Names without quotation marks.
fn unquoted(sentence: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut done = 0;
    let places: Vec<usize> = sentence.char_indices().map(|(at, _)| at).collect();
    for at in places {
        if at < done {
            continue;
        }
        let Some(ending) = ENDINGS.iter().find(|ending| sentence[at..].starts_with(**ending)) else { continue };
        let end = at + ending.len();
        let rest = sentence[end..].trim_start_matches(' ');
        if FIELDS.contains(ending) || GOES_ON.iter().any(|next| rest.starts_with(next)) {
            continue;
        }
        let clause_ends = rest.chars().next().is_none_or(|c| !is_han(c) && !c.is_alphanumeric());
        if STRICT.contains(ending) && !clause_ends && !STRICT_FOLLOWERS.iter().any(|next| rest.starts_with(next)) {
            continue;
        }
        let from = sentence[done..at].char_indices().rev().nth(2 * LONGEST).map_or(done, |(back, _)| done + back);
        let Some(start) = start(&sentence[from..at], *ending == "年").map(|start| from + start) else { continue };
        let head = &sentence[start..at];
        let fits = match *ending {
            "年" => YEARS.iter().any(|word| head.ends_with(word)),
            _ => true,
        };
        if fits && !is_general(head, 2) && head.chars().count() <= LONGEST {
            found.push(named_as(&sentence[start..end], start..end, false));
            done = end;
        }
    }
    found
}

/// Where a name begins in what stands before its ending: behind the last sign, particle or verb that is done with it.
/// The name of a year may itself hold a list.
fn start(before: &str, is_year: bool) -> Option<usize> {
    let joins = |c: char| matches!(c, '、' | '和' | '与' | '及');
    let is_sign = |c: char| !is_han(c) && !c.is_alphanumeric() && !matches!(c, ' ' | '+' | '·');
    let breaks = |c: char| c == '的' || if joins(c) { !is_year } else { is_sign(c) };
    let mut start = before.char_indices().rev().find(|(_, c)| breaks(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let name = &before[start..];
    // A verb right before the ending is part of the name: 牙科能力培育工程. 结合 ends other words, too: 医教结合.
    let cut = OPENERS.iter().filter_map(|opener| {
        let at = name.rfind(opener).filter(|at| *opener != "结合" || *at == 0)?;
        let end = at + opener.len();
        (name[end..].trim().chars().count() >= 2).then_some(end)
    });
    start += cut.max().unwrap_or(0);
    let name = &before[start..];
    start += name.len() - name.trim_start_matches([' ', '、', '以', '将', '对', '把', '由']).len();
    (start < before.len()).then_some(start)
}

/// Whether nothing is left that tells one undertaking from another, where a name needs so many characters.
fn is_general(head: &str, least: usize) -> bool {
    let mut rest: String = head.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    if rest.ends_with("工作") {
        return true;
    }
    for filler in FILLERS.iter().chain(OPENERS) {
        rest = rest.replace(filler, "");
    }
    // A number counts what follows (18项专项行动), unless it is part of a name (三明).
    let counted = rest.trim_start_matches(is_numeral);
    let is_count = counted.is_empty() || counted.starts_with(['大', '项', '个', '号', '条']);
    let rest = if is_count { counted.trim_start_matches(['大', '项', '个', '号', '条']) } else { &rest };
    rest.chars().count() < least
}

/// Whether it counts undertakings instead of naming one: 七大行动.
fn is_counted(inner: &str) -> bool {
    let rest = inner.trim().trim_start_matches(is_numeral);
    rest.len() < inner.trim().len()
        && ["大", "项", "个", "条", "号"]
            .iter()
            .filter_map(|unit| rest.strip_prefix(unit))
            .any(|kind| kind.is_empty() || ENDINGS.contains(&kind))
}

fn named_as(name: &str, range: Range<usize>, quoted: bool) -> Named {
    let name: String = name.split_whitespace().collect();
    Named { kind: MentionKind::Programme { quoted }, key: key(&name), name, range }
}

/// Pairs of quotation marks, with them; those that stand within others are left out.
fn quotations(sentence: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut open = None;
    sentence.char_indices().filter_map(move |(at, c)| match c {
        '“' => {
            open = Some(at);
            None
        }
        '”' => open.take().map(|start| start..at + c.len_utf8()),
        _ => None,
    })
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十百两".contains(c)
}

#[cfg(test)]
mod tests;
