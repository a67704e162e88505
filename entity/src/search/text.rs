//! A text as what can be searched for.

use std::ops::Range;

/// The longest word; what is longer is several.
const LONGEST_WORD: usize = 64;

/// The smallest piece of a text that a query may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it is, folded.
    pub what: What,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// Whether punctuation or the end of a line parts it from the unit before.
    pub parted: bool,
}

/// A unit without its place. Full-width forms are half-width here and capitals are small.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A Chinese character, or `%` and `‰`, which stand by themselves so that 79.5 finds 79.5%.
    Sign(char),
    /// Letters and digits of other scripts: `aed`, `5g`, `79.5`. A number that follows two letters or more is a word of
    /// its own, so that `aed` is found where AED152台 is written.
    Word(String),
}

/// What a character is to a search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Sign,
    Word,
    /// Parts words, but nothing else: characters are often set apart by spaces.
    Space,
    /// Parts phrases.
    Mark,
}

/// Cuts a text.
///
/// ```
/// use entity::search::{What, units};
/// let cut: Vec<What> = units("ＡＥＤ设备。").into_iter().map(|unit| unit.what).collect();
/// assert_eq!(cut, [What::Word("aed".into()), What::Sign('设'), What::Sign('备')]);
/// ```
#[must_use]
pub fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut chars = text.char_indices().map(|(at, c)| (at, c, folded(c))).peekable();
    let (mut parted, mut word) = (false, 0);
    while let Some((at, c, fold)) = chars.next() {
        let range = at..at + c.len_utf8();
        let last = units.last_mut().filter(|_| word > 0);
        let class = match class(fold) {
            // A decimal point.
            Class::Mark if fold == '.' && is_digit(last.as_deref()) => match chars.peek() {
                Some((_, _, '0'..='9')) => Class::Word,
                _ => Class::Mark,
            },
            class => class,
        };
        match (class, last) {
            (Class::Word, Some(Unit { what: What::Word(letters), range: whole, .. }))
                if word < LONGEST_WORD && !(fold.is_ascii_digit() && is_name(letters)) =>
            {
                letters.push(fold);
                whole.end = range.end;
                word += 1;
            }
            (Class::Word, _) => {
                units.push(Unit { what: What::Word(fold.into()), range, parted: std::mem::take(&mut parted) });
                word = 1;
            }
            (Class::Sign, _) => {
                units.push(Unit { what: What::Sign(fold), range, parted: std::mem::take(&mut parted) });
                word = 0;
            }
            (Class::Space, _) => word = 0,
            (Class::Mark, _) => {
                (parted, word) = (true, 0);
            }
        }
    }
    units
}

fn is_digit(unit: Option<&Unit>) -> bool {
    matches!(unit, Some(Unit { what: What::Word(word), .. }) if word.ends_with(|c: char| c.is_ascii_digit()))
}

/// Whether a word is two letters or more, and so no part of a name such as H7N9.
fn is_name(word: &str) -> bool {
    word.chars().nth(1).is_some() && word.chars().all(char::is_alphabetic)
}

/// A full-width form as its half-width one, a capital as its small letter.
fn folded(c: char) -> char {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    let mut small = narrow.to_lowercase();
    match (small.next(), small.next()) {
        (Some(only), None) => only,
        _ => narrow,
    }
}

fn class(c: char) -> Class {
    match c {
        // Most of what there is, told without looking further.
        '\u{4E00}'..='\u{9FFF}' => Class::Sign,
        '%' | '‰' => Class::Sign,
        // Numbers of lists.
        '①'..='⓿' => Class::Mark,
        // What has no width: spaces, joiners, the mark of byte order, the soft hyphen.
        '\u{200B}'..='\u{200D}' | '\u{FEFF}' | '\u{AD}' => Class::Space,
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Class::Mark,
        c if c.is_whitespace() => Class::Space,
        // From here on come the radicals, ideographs, kana and hangul, which are written without spaces.
        '\u{2E80}'.. if c.is_alphanumeric() => Class::Sign,
        c if c.is_alphanumeric() => Class::Word,
        _ => Class::Mark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> String {
        let mut cut = String::new();
        for unit in units(text) {
            cut.push_str(if unit.parted { "|" } else { " " });
            match unit.what {
                What::Sign(sign) => cut.push(sign),
                What::Word(word) => cut.push_str(&word),
            }
        }
        cut
    }

    #[test]
    fn cuts_characters_words_and_numbers() {
        for (text, expected) in [
            ("新增AED设备152台", " 新 增 aed 设 备 152 台"),
            ("ＣＴ、５Ｇ，７９．５％", " ct|5g|79.5 %"),
            ("达79.5.完", " 达 79.5|完"),
            ("通　知 要\u{200B}点\n一、目标", " 通 知 要 点|一|目 标"),
            ("COVID-19", " covid|19"),
            ("新增AED152台，PM2.5、H7N9与5G", " 新 增 aed 152 台|pm 2.5|h7n9 与 5g"),
            ("①做好②", "|做 好"),
            ("。、", ""),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
        let long = "x".repeat(150);
        assert_eq!(units(&long).iter().map(|unit| unit.range.len()).collect::<Vec<_>>(), [64, 64, 22]);
    }

    #[test]
    fn says_where_a_unit_stands() {
        let text = "增ＡＥＤ台";
        assert_eq!(
            units(text).iter().map(|unit| &text[unit.range.clone()]).collect::<Vec<_>>(),
            ["增", "ＡＥＤ", "台"]
        );
    }
}
