//! Dates in lists.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

/// The first date in a text, in any of the shapes that lists have: `[2025-04-11]`, `2025/2/14`, `2025年2月14日`, and a
/// date that is split over lines.
pub(super) fn find(text: &str) -> Option<NaiveDate> {
    static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // ASCII word boundaries: 年 and 日 end a word of digits, too.
        Regex::new(r"(?-u:\b)((?:19|20)[0-9]{2})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(?-u:\b)").ok()
    });
    DATE.as_ref()?.captures_iter(text).find_map(|captures| {
        let (_, [year, month, day]) = captures.extract();
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_shapes() {
        let day = NaiveDate::from_ymd_opt(2025, 2, 4);
        for text in [
            "[2025-02-04]",
            "2025-02-04",
            "2025/2/4",
            "2025年02月04日",
            "2025.2.4",
            "2025-\n02-\n04",
            "发布：2025-02-04 09:52",
        ] {
            assert_eq!(find(text), day, "{text}");
        }
        for text in ["", "02-04", "2025-13-01", "12025-02-04", "2025-02-041", "2025"] {
            assert_eq!(find(text), None, "{text}");
        }
        assert_eq!(find("2025-13-01 2025-02-04"), day);
    }
}
