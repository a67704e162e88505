//! That a figure is in the text: the last thing that is asked of it, in every build.

use super::{line::Line, quantity};

/// Whether a text of its own reads as this number and nothing else: `5 ５ 级` is no 5, `3至5万` is 30000 to 50000.
///
/// What stands around a number decides whether it is a figure, but never its value: the span that a figure points at must
/// give the same value when it is read alone. Signs of comparison before the digits leave the value as it is, a minus
/// (−3) makes it negative.
pub(super) fn reads(written: &str, value: f64, max: Option<f64>) -> bool {
    let (sign, text) = unsigned(written);
    match quantity::scan(&text).as_slice() {
        [only] => only.range == (0..text.len()) && only.value * sign == value && only.max == max,
        _ => false,
    }
}

/// Whether a cell of a table holds this number; beside it may stand what it is for so many of (每千人2.1名, 0.04人/亿元).
pub(super) fn holds(cell: &str, value: f64, max: Option<f64>) -> bool {
    let (sign, text) = unsigned(cell);
    quantity::scan(&text).iter().any(|found| found.value * sign == value && found.max == max)
}

/// A text, half-width, without the sign before it, and what that makes of the number.
fn unsigned(written: &str) -> (f64, String) {
    const SIGNS: &[char] = &['>', '<', '=', '≥', '≧', '⩾', '≤', '≦', '⩽', '﹥', '﹤', '+'];
    let line = Line::new(written, 0..written.len());
    let text = line.text.trim_start_matches(SIGNS);
    match text.strip_prefix(['-', '−', '－']) {
        Some(positive) => (-1.0, positive.to_owned()),
        None => (1.0, text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_reads_as_its_value() {
        for (written, value, max) in [
            ("82.6岁以上", 82.6, None),
            ("１，２００ 张", 1200.0, None),
            ("3至5万", 3e4, Some(5e4)),
            ("三成以上", 30.0, None),
            ("百分之八十", 80.0, None),
            ("1:1.5", 1.5, None),
            ("≥ 90%", 90.0, None),
            ("前五十强", 50.0, None),
            ("⩾-3.5%", -3.5, None),
            ("-3.5%", -3.5, None),
            ("两百余家", 200.0, None),
        ] {
            assert!(reads(written, value, max), "{written}");
        }
    }

    #[test]
    fn another_value_or_more_than_the_number_does_not() {
        for (written, value, max) in [
            ("82.6岁", 82.0, None),
            ("3~5个", 3.0, None),
            ("达到5级", 5.0, None),
            ("5级,6级", 5.0, None),
            ("级", 5.0, None),
            ("3.5%", -3.5, None),
            ("", 0.0, None),
        ] {
            assert!(!reads(written, value, max), "{written}");
        }
    }
}
