//! Cells as their number formats show them (ECMA-376-1, 18.8.31).

use calamine::ExcelDateTime;

/// A number as a format shows it: 0.952 under `0.0%` is 95.2%. Without a format, or with one that is no plain number's,
/// all its digits.
pub(super) fn number(number: f64, format: Option<&str>) -> String {
    match format.and_then(Format::of) {
        Some(format) => format.write(number),
        None => decimal(number),
    }
}

/// The parts of a date that a format shows: 2025年, 2025年3月, 3月5日, 2025年3月5日.
pub(super) fn date(moment: &ExcelDateTime, format: Option<&str>) -> String {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let code = format.map(|format| unquoted(format).to_ascii_lowercase()).unwrap_or_default();
    let shows = |letters: &[char]| code.contains(letters);
    let parts = [
        (shows(&['y', 'e']), format!("{year}年")),
        (shows(&['m']), format!("{month}月")),
        (shows(&['d']), format!("{day}日")),
    ];
    if !parts.iter().any(|(shown, _)| *shown) {
        return format!("{year}年{month}月{day}日");
    }
    parts.into_iter().filter(|(shown, _)| *shown).map(|(_, part)| part).collect()
}

/// A format's code without what stands in quotes, brackets or behind a backslash.
fn unquoted(code: &str) -> String {
    let mut end = None;
    code.chars()
        .filter(|c| match end {
            Some(last) => {
                end = end.filter(|_| last != *c && last != '\\');
                false
            }
            None => {
                end = match c {
                    '"' => Some('"'),
                    '[' => Some(']'),
                    '\\' => Some('\\'),
                    _ => None,
                };
                end.is_none()
            }
        })
        .collect()
}

/// The format of a plain number.
#[derive(Debug, PartialEq, Eq)]
struct Format {
    percent: bool,
    /// Digits behind the point: how many are always shown, and how many at most.
    decimals: (usize, usize),
    /// What is written before and behind the number.
    around: (String, String),
}

impl Format {
    /// Reads the part of a code that is for positive numbers; none where it shows a fraction, a power or no digits.
    fn of(code: &str) -> Option<Self> {
        let mut found = Self { percent: false, decimals: (0, 0), around: Default::default() };
        let (mut digits, mut behind_point) = (false, false);
        let mut rest = code.chars();
        while let Some(c) = rest.next() {
            let mut write = |c: char| if digits { found.around.1.push(c) } else { found.around.0.push(c) };
            match c {
                ';' => break,
                '"' => rest.by_ref().take_while(|c| *c != '"').for_each(write),
                '\\' => rest.next().into_iter().for_each(write),
                '[' => rest.by_ref().take_while(|c| *c != ']').for_each(drop),
                // A blank as wide as the next sign, or that sign over and over.
                '_' | '*' => drop(rest.next()),
                '0' | '#' | '?' => {
                    digits = true;
                    found.decimals.0 += usize::from(behind_point && c == '0');
                    found.decimals.1 += usize::from(behind_point);
                }
                '.' => behind_point = true,
                // Between digits it groups thousands.
                ',' => {}
                '%' => {
                    found.percent = true;
                    write('%');
                }
                '/' | 'E' | 'e' | '@' | 'G' => return None,
                other => write(other),
            }
        }
        digits.then_some(found)
    }

    fn write(&self, number: f64) -> String {
        let number = if self.percent { number * 100.0 } else { number };
        let (least, most) = self.decimals;
        // Through the digits that the number is written with, so that 0.285 does not become 28.499….
        let exact: f64 = decimal(number.abs()).parse().unwrap_or(number.abs());
        let mut digits = format!("{exact:.most$}");
        let shortest = digits.find('.').map_or(digits.len(), |point| point + 1 + least);
        while digits.len() > shortest && digits.ends_with('0') {
            digits.pop();
        }
        let digits = digits.trim_end_matches('.');
        let sign = if number < 0.0 { "-" } else { "" };
        let (before, behind) = &self.around;
        format!("{}{sign}{digits}{}", before.trim_start(), behind.trim_end())
    }
}

/// A number without the dust that sums of binary fractions leave: 79.1 for 79.09999999999999.
fn decimal(number: f64) -> String {
    let text = format!("{number:.8}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn writes_numbers_as_they_are_shown() {
        for (value, format, shown) in [
            (79.0 + 0.1 * 3.0 - 0.2, None, "79.1"),
            (100.0, Some("General"), "100"),
            (0.95, Some("0%"), "95%"),
            (0.285, Some("0.0%"), "28.5%"),
            (0.9999, Some("0%"), "100%"),
            (0.125, Some("0.0#%"), "12.5%"),
            (12345.678, Some("#,##0.00_);[Red](#,##0.00)"), "12345.68"),
            (82.6, Some("0.0\"岁\""), "82.6岁"),
            (85.0, Some("\"≥\"0"), "≥85"),
            (85.0, Some("0\\%"), "85%"),
            (-3.5, Some("0.0"), "-3.5"),
            (0.5, Some("# ?/?"), "0.5"),
            (3.0, Some("@"), "3"),
        ] {
            assert_eq!(number(value, format), shown, "{format:?}");
        }
    }

    #[test]
    fn writes_the_parts_of_a_date() {
        let moment = ExcelDateTime::new(45_721.0, ExcelDateTimeType::DateTime, false);
        for (format, shown) in [
            (None, "2025年3月5日"),
            (Some("yyyy\"年\""), "2025年"),
            (Some("yyyy/m"), "2025年3月"),
            (Some("[$-804]m\"月\"d\"日\";@"), "3月5日"),
            (Some("yyyy-mm-dd"), "2025年3月5日"),
        ] {
            assert_eq!(date(&moment, format), shown, "{format:?}");
        }
    }
}
