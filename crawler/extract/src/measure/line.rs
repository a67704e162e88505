//! A sentence in the form that the rules read: half-width, without white space.

use std::ops::Range;

use crate::text::half_width;

/// A sentence whose every character knows where it stands in the plan's text.
///
/// `达到 ５ 级` and `达到5级` read the same; a space stays only between two digits, where it parts two numbers.
#[derive(Debug)]
pub(super) struct Line {
    /// What the rules read.
    pub(super) text: String,
    /// For each byte of `text`, where the character that it belongs to starts and ends in the plan's text.
    places: Vec<(usize, usize)>,
}

impl Line {
    /// Reads the sentence at a range of a text.
    pub(super) fn new(whole: &str, range: Range<usize>) -> Self {
        let mut text = String::with_capacity(range.len());
        let mut places = Vec::with_capacity(range.len());
        let mut gap = None;
        for (at, c) in whole[range.clone()].char_indices() {
            let start = range.start + at;
            let c = half_width(c);
            if c.is_whitespace() {
                gap.get_or_insert(start);
                continue;
            }
            if let Some(space) = gap.take()
                && c.is_ascii_digit()
                && text.ends_with(|before: char| before.is_ascii_digit())
            {
                text.push(' ');
                places.push((space, start));
            }
            text.push(c);
            let end = start + whole[start..].chars().next().map_or(0, char::len_utf8);
            places.extend(std::iter::repeat_n((start, end), c.len_utf8()));
        }
        Self { text, places }
    }

    /// Where a range of `text` stands in the plan's text; none for an empty one.
    pub(super) fn place(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let first = self.places.get(range.start)?;
        let last = self.places.get(range.end.checked_sub(1)?)?;
        (range.start < range.end).then_some(first.0..last.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_and_finds_back() {
        let whole = "另：达到 ５ 级，共 3 4 所";
        let line = Line::new(whole, 6..whole.len());
        assert_eq!(line.text, "达到5级,共3 4所");
        let at = line.text.find("5级").unwrap();
        assert_eq!(&whole[line.place(&(at..at + 4)).unwrap()], "５ 级");
        assert_eq!(line.place(&(3..3)), None);
    }
}
