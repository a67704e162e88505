//! Widths, offsets and lines, which every step needs.

use std::ops::Range;

use entity::value::Span;

/// Turns byte offsets of one text into offsets in code points.
///
/// ```
/// let text = "人均预期寿命82.6岁";
/// let index = extract::text::CharIndex::new(text);
/// assert_eq!(index.span(18..22), entity::value::Span { start: 6, end: 10 });
/// ```
#[derive(Debug)]
pub struct CharIndex {
    /// Code points before every 64th byte, for a look-up that counts at most 63 bytes.
    counts: Vec<u32>,
    /// Whether each byte starts a code point.
    bytes: Vec<u8>,
}

impl CharIndex {
    /// Reads the text once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes().to_vec();
        let mut total = 0;
        let counts = bytes
            .chunks(64)
            .map(|chunk| {
                let before = total;
                total += starts(chunk);
                before
            })
            .collect();
        Self { counts, bytes }
    }

    /// Code points before a byte offset; an offset behind the end counts as the end.
    #[must_use]
    pub fn at(&self, byte: usize) -> u32 {
        let byte = byte.min(self.bytes.len());
        let block = byte / 64;
        match self.counts.get(block) {
            Some(before) => before + starts(&self.bytes[block * 64..byte]),
            None => self.counts.last().map_or(0, |before| before + starts(&self.bytes[(block - 1) * 64..])),
        }
    }

    /// A range of bytes as a span.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        Span { start: self.at(range.start), end: self.at(range.end) }
    }
}

/// How many code points start in these bytes of UTF-8.
fn starts(bytes: &[u8]) -> u32 {
    // A text of more than 4 GiB is refused long before.
    bytes.iter().filter(|b| (**b as i8) >= -0x40).count() as u32
}

/// A full-width digit, letter or sign as its half-width form, one code point for one, so that offsets stay.
/// Everything else, `，` and `。` too, stays as it is.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '０'..='９'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ'
        | '．'
        | '％'
        | '－'
        | '＋'
        | '（'
        | '）'
        | '：'
        | '，'
        | '；'
        | '＞'
        | '＜'
        | '／' => {
            // These stand 0xFEE0 above their ASCII forms.
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        '\u{3000}' | '\u{a0}' => ' ',
        // The sign of a ratio.
        '∶' => ':',
        other => other,
    }
}

/// A text without white space and marks of quotation, its signs of one width: what two prints of it share.
pub(crate) fn plain(text: &str) -> String {
    plain_chars(text).collect()
}

/// The same, character by character.
pub(crate) fn plain_chars(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(half_width).filter(|c| !c.is_whitespace() && !matches!(c, '《' | '》' | '“' | '”' | '"'))
}

/// A number from 1 to 99 as a Chinese numeral: 七, 十, 二十一.
///
/// ```
/// assert_eq!(extract::text::han_numeral(21).as_deref(), Some("二十一"));
/// assert_eq!(extract::text::han_numeral(100), None);
/// ```
#[must_use]
pub fn han_numeral(number: u32) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |value: u32| DIGITS.get(value as usize).copied().unwrap_or_default();
    let (tens, units) = (number / 10, digit(number % 10));
    match tens {
        0 if number > 0 => Some(units.to_owned()),
        1 => Some(format!("十{units}")),
        2..=9 => Some(format!("{}十{units}", digit(tens))),
        _ => None,
    }
}

/// The sentences of a stretch of text, as ranges of the whole, white space at their ends taken off. A sentence ends with
/// 。！？ and the quotation marks that close behind them, or with its line; a semicolon or a full stop between digits
/// does not end one.
///
/// ```
/// let text = "新建3所小学。“力争全部招生。”\n其他工作";
/// let found: Vec<_> = extract::text::sentences(text, 0..text.len()).map(|range| &text[range]).collect();
/// assert_eq!(found, ["新建3所小学。", "“力争全部招生。”", "其他工作"]);
/// ```
pub fn sentences(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut rest = range;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let piece = &text[rest.clone()];
            let length = sentence_length(piece);
            let sentence = &piece[..length];
            let start = rest.start + (length - sentence.trim_start().len());
            let end = start + sentence.trim().len();
            rest.start += length;
            if start < end {
                return Some(start..end);
            }
        }
        None
    })
}

/// A sentence that is longer than this many bytes ends with its next comma, so that no text makes the rules slow.
const LONGEST_SENTENCE: usize = 6000;

/// How long the first sentence of a text is, in bytes.
fn sentence_length(text: &str) -> usize {
    let mut ended = false;
    for (at, c) in text.char_indices() {
        match c {
            '，' | ',' | '；' | ';' | ' ' if at > LONGEST_SENTENCE => ended = true,
            '\n' => return at + c.len_utf8(),
            '。' | '！' | '？' | '!' | '?' => ended = true,
            '”' | '’' | '」' | '』' if ended => {}
            _ if ended => return at,
            _ => {}
        }
    }
    text.len()
}

/// Text as one line: white space at its ends taken off, and line breaks of the source, which show as a blank between
/// words and as nothing between Chinese characters. Other white space stays as it is.
#[must_use]
pub fn one_line(text: &str) -> String {
    let text = text.trim_matches(is_blank);
    let mut line = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(char::is_whitespace) {
        let (word, behind) = rest.split_at(at);
        line.push_str(word);
        let next = behind.trim_start();
        let space = &behind[..behind.len() - next.len()];
        if !space.contains(['\n', '\r', '\t']) {
            line.push_str(space);
        } else if !(line.chars().next_back().is_some_and(is_wide) && next.chars().next().is_some_and(is_wide)) {
            line.push(' ');
        }
        rest = next;
    }
    line.push_str(rest);
    line
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}')
}

/// Chinese characters and signs.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{206f}' | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points() {
        let text = "AED设备152台，每10万人15.3名。".repeat(20);
        let index = CharIndex::new(&text);
        for (chars, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(index.at(byte) as usize, chars);
        }
        assert_eq!(index.at(text.len()) as usize, text.chars().count());
        assert_eq!(index.at(usize::MAX) as usize, text.chars().count());
        assert_eq!(CharIndex::new("").at(5), 0);
    }

    #[test]
    fn folds_width_one_to_one() {
        assert_eq!("９０％（ＡＥＤ）：".chars().map(half_width).collect::<String>(), "90%(AED):");
        assert_eq!("“九成。”".chars().map(half_width).collect::<String>(), "“九成。”");
    }

    #[test]
    fn joins_lines_of_the_source() {
        assert_eq!(one_line("\u{3000}\u{3000}办好\n      义诊 \u{a0}到 2025\n年\t"), "办好义诊 \u{a0}到 2025 年");
    }
}
