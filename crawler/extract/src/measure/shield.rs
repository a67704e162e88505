//! What holds numbers that count nothing: names in quotation marks, titles, brackets.

use std::ops::Range;

/// What stands in quotation marks, in titles and in brackets.
pub(super) fn shields(text: &str) -> Vec<Range<usize>> {
    const PAIRS: &[(char, char)] = &[
        ('“', '”'),
        ('《', '》'),
        ('(', ')'),
        ('〔', '〕'),
        ('[', ']'),
        ('「', '」'),
        ('【', '】'),
        ('‘', '’'),
        ('"', '"'),
    ];
    let mut found = Vec::new();
    let mut open: Option<(usize, char, char, usize)> = None;
    for (at, c) in text.char_indices() {
        match &mut open {
            None => {
                open = PAIRS.iter().find(|pair| pair.0 == c).map(|pair| (at, pair.0, pair.1, 1));
            }
            Some((start, opening, closing, depth)) => {
                if c == *closing {
                    *depth -= 1;
                } else if c == *opening {
                    *depth += 1;
                }
                if *depth == 0 {
                    // (其中甲2家) counts on.
                    if !counts_on(text, *start..at) {
                        found.push(*start..at + c.len_utf8());
                    }
                    open = None;
                }
            }
        }
    }
    found
}

/// Whether a bracket goes on counting: 20家(其中县级5家), 20人(含博士3人), 118所(三级9所,二级40所).
fn counts_on(text: &str, bracket: Range<usize>) -> bool {
    let inside = &text[bracket.clone()];
    let numbered = inside.contains(|c: char| c.is_ascii_digit());
    let counted = || {
        let (rest, unit) = text[..bracket.start].char_indices().next_back()?;
        let same = inside.match_indices(unit).any(|(at, _)| inside[..at].ends_with(|c: char| c.is_ascii_digit()));
        Some("家所个名人张台辆处项".contains(unit) && same && text[..rest].ends_with(|c: char| c.is_ascii_digit()))
    };
    inside.starts_with("(其中")
        || inside.starts_with("(含") && (numbered || inside == "(含")
        || inside.starts_with('(') && counted() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_shields() {
        let text = "落实《某条例(试行)》和“一网”要求";
        let found: Vec<&str> = shields(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["《某条例(试行)》", "“一网”"]);
        assert!(shields("“没有结束").is_empty());
    }

    #[test]
    fn a_bracket_may_count_on() {
        let held = |text: &'static str| shields(text).into_iter().map(|range| &text[range]).collect::<Vec<_>>();
        assert_eq!(held("图书馆30家(其中县级9家)"), [""; 0]);
        assert_eq!(held("图书馆30家(一级馆9家,二级馆20家)"), [""; 0]);
        assert_eq!(held("图书馆30家(含分馆)"), ["(含分馆)"]);
        assert_eq!(held("图书馆(藏书30册)"), ["(藏书30册)"]);
    }
}
