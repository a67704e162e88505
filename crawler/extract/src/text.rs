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
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '．' | '％' | '－' | '＋' | '（' | '）' | '：' | '，' | '；' =>
        {
            // These stand 0xFEE0 above their ASCII forms.
            char::from_u32(c as u32 - 0xFEE0).unwrap_or(c)
        }
        '\u{3000}' | '\u{a0}' => ' ',
        other => other,
    }
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
}
