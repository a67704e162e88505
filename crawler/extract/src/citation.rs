//! The documents that a plan names between title marks (GB/T 15834-2011, 4.15: 《》, and 〈〉 within them).

use std::ops::Range;

use crate::{MentionKind, mention::Named, text::half_width};

/// Characters that the title of a document has at most.
const LONGEST: usize = 120;

/// What is the same for all spellings of a title: its wrapping, its marks, blanks and the width of its signs left out,
/// and the full name of the state, which statutes go with or without.
///
/// ```
/// assert_eq!(extract::citation::key("《关于印发〈村医培养 办法（试行）〉的通知》"), "村医培养办法(试行)");
/// ```
#[must_use]
pub fn key(title: &str) -> String {
    let plain: String = unwrapped(title).chars().map(half_width).filter(|c| !is_left_out(*c)).collect();
    match plain.strip_prefix("中华人民共和国") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => plain,
    }
}

fn is_left_out(c: char) -> bool {
    c.is_whitespace() || matches!(c, '《' | '》' | '〈' | '〉' | '“' | '”' | '"')
}

/// The title of what a notice sends out, where a title is that of a notice: what stands between 印发 and 的通知.
fn unwrapped(title: &str) -> &str {
    let title = title.trim();
    let inner = title.strip_prefix('《').and_then(|rest| rest.strip_suffix('》')).unwrap_or(title).trim();
    let Some(sent) = inner.strip_suffix("通知").and_then(|rest| rest.trim_end().strip_suffix('的')) else {
        return inner;
    };
    let behind = |word: &str| sent.find(word).map(|at| &sent[at + word.len()..]);
    let Some(document) = behind("印发").or_else(|| behind("转发")).map(str::trim) else { return inner };
    let marked = |open, close| document.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let document = marked('〈', '〉').or_else(|| marked('《', '》')).unwrap_or(document).trim();
    if document.is_empty() { inner } else { document }
}

/// Whether a document is the one with this title, which may have its issuer in front.
pub(crate) fn is_of(title: &str, key: &str) -> bool {
    title == key
        || key.chars().count() >= 6 && title.ends_with(key)
        || title.chars().count() >= 6 && key.ends_with(title)
}

/// The documents that a sentence names. Marks within the marks of a document belong to its title.
pub(crate) fn cited(sentence: &str) -> Vec<Named> {
    titles(sentence)
        .filter_map(|range| {
            let printed = &sentence[range.clone()];
            let key = key(printed);
            let name: String = unwrapped(printed).split_whitespace().collect();
            let fits = (2..=LONGEST).contains(&key.chars().count());
            fits.then_some(Named { kind: MentionKind::Citation, key, name, range })
        })
        .collect()
}

/// The outermost pairs of title marks. One that is not closed ends nowhere and is none.
fn titles(sentence: &str) -> impl Iterator<Item = Range<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (at, c) in sentence.char_indices() {
        match c {
            '《' => open.push(at),
            '》' => {
                if let Some(start) = open.pop() {
                    // What lies within belongs to it.
                    while found.last().is_some_and(|inner: &Range<usize>| inner.start > start) {
                        found.pop();
                    }
                    found.push(start..at + c.len_utf8());
                }
            }
            _ => {}
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(sentence: &str) -> Vec<String> {
        cited(sentence).into_iter().map(|named| named.name).collect()
    }

    #[test]
    fn reads_titles_between_their_marks() {
        assert_eq!(titles("照《村医办法》和《校医办法(试行)》办。"), ["村医办法", "校医办法(试行)"]);
        assert_eq!(titles("学习《关于印发〈村医办法〉的通知》。"), ["村医办法"]);
        assert_eq!(titles("学习《某市卫生局关于印发《村医办法》的通知》。"), ["村医办法"]);
        assert_eq!(titles("没有写完的《村医办法，又有《校医办法》。"), ["校医办法"]);
        assert!(titles("空的《》和单的》不算。").is_empty());
    }

    #[test]
    fn one_key_for_all_spellings() {
        for other in [
            "《村医 办法（２０３１年）》",
            "关于转发村医办法(2031年)的通知",
            "《某局关于印发〈村医办法（2031年）〉的通知》",
        ] {
            assert_eq!(key(other), key("村医办法(2031年)"), "{other}");
        }
        assert_eq!(key("中华人民共和国护士法"), "护士法");
        assert_eq!(key("关于做好义诊的通知"), "关于做好义诊的通知");
    }

    #[test]
    fn a_plan_may_have_its_issuer_in_front() {
        assert!(is_of("某市卫生局2031年工作要点", "2031年工作要点"));
        assert!(!is_of("某市卫生局2031年工作要点", "2032年工作要点"));
        assert!(!is_of("", "2032年工作要点"));
    }
}
