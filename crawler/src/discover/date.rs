//! Dates in lists, and in the addresses of articles.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::{Captures, Regex};
use url::Url;

/// The first date in a text, in any of the shapes that lists have: `[2025-04-11]`, `2025/2/14`, `2025年2月14日`, and a
/// date that is split over lines.
pub(super) fn find(text: &str) -> Option<NaiveDate> {
    static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // ASCII word boundaries: 年 and 日 end a word of digits, too.
        Regex::new(r"(?-u:\b)((?:19|20)[0-9]{2})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(?-u:\b)").ok()
    });
    DATE.as_ref()?.captures_iter(text).find_map(|captures| day(&captures))
}

/// The date that stands beside a link: in full, or a month and a day of the year that the address says.
pub(super) fn beside(text: &str, url: &Url) -> Option<NaiveDate> {
    static MONTH_AND_DAY: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[^\w]*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})日?[^\w]*$").ok());
    static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[/t](20[0-9]{2})(?:[0-9]{2})*[-/_]").ok());
    find(text).or_else(|| {
        let (_, [month, day]) = MONTH_AND_DAY.as_ref()?.captures(text.trim())?.extract();
        let (_, [year]) = YEAR.as_ref()?.captures(url.path())?.extract();
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    })
}

/// The date in an address: `/t20250304_1.html`, `/2025/3/4/`, `/2025-03/04/`, `/202503/04/`, `/20250304/`, and
/// Changzhou's `/2025/ABCDEFGH_0304/`.
pub(super) fn in_address(url: &Url) -> Option<NaiveDate> {
    static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            r"/[tc]?(20[0-9]{2})([0-9]{2})([0-9]{2})[_/]",
            r"/(20[0-9]{2})[-/]([0-9]{1,2})/([0-9]{1,2})/",
            r"/(20[0-9]{2})([0-9]{2})/([0-9]{2})/",
            r"/(20[0-9]{2})/[A-Z]{8}_([0-9]{2})([0-9]{2})/",
        ]
        .into_iter()
        .filter_map(|shape| Regex::new(shape).ok())
        .collect()
    });
    SHAPES.iter().find_map(|shape| day(&shape.captures(url.path())?))
}

/// Year, month and day of three groups.
fn day(captures: &Captures<'_>) -> Option<NaiveDate> {
    let (_, [year, month, day]) = captures.extract();
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
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

    #[test]
    fn takes_the_year_of_a_month_and_a_day_from_the_address() {
        let url = |path: &str| Url::parse("http://a.example").unwrap().join(path).unwrap();
        let day = NaiveDate::from_ymd_opt(2024, 3, 5);
        for text in ["03-05", "[03-05]", "3月5日", " · 03/05"] {
            for path in ["/202403/t20240306_1.html", "/art/2024/3/5/art_1_2.html", "/content/2024-03/05/c_1.htm"] {
                assert_eq!(beside(text, &url(path)), day, "{text} {path}");
            }
        }
        assert_eq!(beside("03-05", &url("/content/post_20240305.html")), None);
        assert_eq!(beside("第3-5期", &url("/202403/t20240306_1.html")), None);
        assert_eq!(beside("2024-03-05", &url("/1")), day);
    }

    #[test]
    fn finds_dates_in_addresses() {
        let date = |path: &str| in_address(&Url::parse("http://a.example").unwrap().join(path).unwrap());
        let day = NaiveDate::from_ymd_opt(2024, 3, 5);
        for path in [
            "/ghjh/202403/t20240305_12.html",
            "/art/2024/3/5/art_1_2.html",
            "/content/2024-03/05/content_5.htm",
            "/columns/1a/202403/05/1b.html",
            "/front/s1/ghjh/20240305/i1.html",
            "/html/czs/2024/ABCDEFGH_0305/7.html",
        ] {
            assert_eq!(date(path), day, "{path}");
        }
        for path in ["/202403/1.html", "/art_20240305.html", "/20241305/1.html", "/"] {
            assert_eq!(date(path), None, "{path}");
        }
    }
}
