//! Years: which ones a text names, and which year a figure behind them is for.

use std::ops::Range;

use super::{
    lexicon::{self, TURNED_BY_TO},
    number,
};

/// A year as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// The whole expression: 到2025年底前.
    pub(super) range: Range<usize>,
    /// The year; the last one of several (2016年至2020年).
    pub(super) year: Year,
    /// The first year of several.
    pub(super) since: Option<i32>,
    /// Whether it only says what something is compared with: 比2020年, 在2020年基础上.
    pub(super) base: bool,
}

/// A year, told or counted from the plan's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Year {
    /// 2025年.
    Told(i32),
    /// 今年 is 0, 明年 1, 上年 -1.
    Own(i32),
}

/// Five-year plans by their names: the last year of each.
const FIVE_YEAR_PLANS: &[(&str, i32)] =
    &[("十二五", 2015), ("十三五", 2020), ("十四五", 2025), ("十五五", 2030), ("十六五", 2035)];

/// Years counted from the plan's own.
const OWN: &[(&str, i32)] = &[
    ("今年", 0),
    ("本年度", 0),
    ("全年", 0),
    ("年内", 0),
    ("当年", 0),
    ("明年", 1),
    ("上年度", -1),
    ("上年", -1),
    ("去年", -1),
    ("上一年", -1),
    ("过去一年", -1),
];

/// What may stand before a year as part of the expression, the longer first.
const BEFORE: &[&str] = &["力争到", "截至", "截止", "截止到", "截至到", "预计到", "到", "至", "于", "在", "自", "从"];

/// What may stand behind a year as part of the expression, the longer first.
const BEHIND: &[&str] = &[
    "年年底前",
    "年年底",
    "年年末",
    "年底之前",
    "年底以前",
    "年底前",
    "年末",
    "年底",
    "年全年",
    "年前",
    "年度",
    "年内",
    "年",
];

/// What may stand behind the name of a five-year plan, the longer first.
const OF_PLAN: &[&str] = &["规划期末", "规划期间", "规划期内", "期末", "期间", "时期", "末"];

/// Every year that a half-width text names, in order, none overlapping.
pub(super) fn scan(text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let Some((since, year, len)) = read(&text[at..]) else {
            at += c.len_utf8();
            // Not inside a longer number.
            if c.is_ascii_digit() {
                at += text[at..].bytes().take_while(u8::is_ascii_digit).count();
            }
            continue;
        };
        let end = at + len;
        match found.last_mut() {
            // 2016年至2020年: one stretch, and a figure behind it is for its end.
            Some(last) if matches!(&text[last.range.end..at], "至" | "-" | "—" | "~" | "到") => {
                if let Year::Told(first) = last.year {
                    last.since = last.since.or(Some(first));
                }
                last.range.end = end;
                last.year = year;
            }
            _ => found.push(Mention { since, ..mention(text, at..end, year) }),
        }
        at = end;
    }
    found
}

/// The first year of several, the last or only one, and the length.
fn read(text: &str) -> Option<(Option<i32>, Year, usize)> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return told(text);
    }
    let own = OWN.iter().find(|(word, _)| text.starts_with(word));
    if let Some((word, offset)) = own {
        return Some((None, Year::Own(*offset), word.len()));
    }
    let inner = text.strip_prefix('“').unwrap_or(text);
    let quote = text.len() - inner.len();
    let (name, year) = FIVE_YEAR_PLANS.iter().find(|(name, _)| inner.starts_with(name))?;
    let closed = quote + name.len() + if inner[name.len()..].starts_with('”') { '”'.len_utf8() } else { 0 };
    let of = OF_PLAN.iter().find(|of| text[closed..].starts_with(**of))?;
    Some((None, Year::Told(*year), closed + of.len()))
}

/// 2025年, 2025年底; 2023-2025年.
fn told(text: &str) -> Option<(Option<i32>, Year, usize)> {
    let mut since = None;
    let first = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut len = first;
    let mut year: i32 = text[..first].parse().ok()?;
    if let Some(dash) = ["-", "—", "~", "至"].into_iter().find(|dash| text[first..].starts_with(dash)) {
        let second = text[first + dash.len()..].bytes().take_while(u8::is_ascii_digit).count();
        if let Ok(last) = text[first + dash.len()..first + dash.len() + second].parse::<i32>()
            && (1900..2100).contains(&last)
            && last > year
        {
            since = Some(year);
            year = last;
            len = first + dash.len() + second;
        }
    }
    ((1900..2100).contains(&year) && text[..len].len() >= 4).then_some(())?;
    let behind = BEHIND.iter().find(|behind| text[len..].starts_with(**behind))?;
    len += behind.len();
    // 2025年3月, 2025年3月1日.
    if let Some(number) = number::read(&text[len..]).filter(|number| !number.chinese) {
        let month = len + number.len;
        if text[month..].starts_with('月') {
            len = month + '月'.len_utf8();
            let day = text[len..].bytes().take_while(u8::is_ascii_digit).count();
            if day > 0 && text[len + day..].starts_with('日') {
                len += day + '日'.len_utf8();
            }
        }
    }
    Some((since, Year::Told(year), len))
}

/// Where the expression around a year starts. 到 and 至 belong to the verb before them where there is one: 降至2025年的5%.
fn lead(text: &str, at: usize) -> usize {
    let before = BEFORE.iter().find(|before| text[..at].ends_with(**before)).map_or(0, |before| before.len());
    let verb = lexicon::longest_end(&text[..at - before], TURNED_BY_TO).is_some();
    if verb { at } else { at - before }
}

fn tail(text: &str, end: usize) -> usize {
    ["以前", "之前", "底前", "底之前", "底以前", "末前", "前", "底", "末"]
        .into_iter()
        .find(|tail| text[end..].starts_with(tail))
        .map_or(end, |tail| end + tail.len())
}

/// A year with the words that belong to it. What is measured against one (比2020年增加, 在2020年的基础上) is no year of
/// the figure itself.
fn mention(text: &str, written: Range<usize>, year: Year) -> Mention {
    let start = lead(text, written.start);
    let end = tail(text, written.end);
    let before = ["相比", "比", "较", "与", "同"].into_iter().find(|before| text[..start].ends_with(before));
    let behind =
        ["的基础上", "基础上", "相比", "同期", "以来", "起"].into_iter().find(|behind| text[end..].starts_with(behind));
    Mention {
        range: start - before.map_or(0, str::len)..end + behind.map_or(0, str::len),
        year,
        since: None,
        base: before.is_some() || behind.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(text: &str) -> Vec<(&str, Year, bool)> {
        scan(text).into_iter().map(|m| (&text[m.range.clone()], m.year, m.base)).collect()
    }

    #[test]
    fn reads_years() {
        assert_eq!(years("力争到2025年底,新建3所"), [("力争到2025年底", Year::Told(2025), false)]);
        assert_eq!(years("到2025年年底前完成"), [("到2025年年底前", Year::Told(2025), false)]);
        assert_eq!(years("2017年至2019年,累计"), [("2017年至2019年", Year::Told(2019), false)]);
        assert_eq!(years("2023-2025年"), [("2023-2025年", Year::Told(2025), false)]);
        assert_eq!(years("2024年3月15日"), [("2024年3月15日", Year::Told(2024), false)]);
        assert_eq!(years("“十三五”期间,建成"), [("“十三五”期间", Year::Told(2020), false)]);
        assert_eq!(years("今年要"), [("今年", Year::Own(0), false)]);
    }

    #[test]
    fn knows_where_several_years_begin() {
        let since = |text| scan(text).into_iter().map(|mention| mention.since).collect::<Vec<_>>();
        for text in ["2024—2026年", "2024-2026年", "2024年至2026年"] {
            assert_eq!(since(text), [Some(2024)], "{text}");
        }
        assert_eq!(since("2026年"), [None]);
    }

    #[test]
    fn tells_what_is_compared_with() {
        assert_eq!(years("比2020年提高5%"), [("比2020年", Year::Told(2020), true)]);
        assert_eq!(years("在2020年基础上提高1岁"), [("在2020年基础上", Year::Told(2020), true)]);
    }

    #[test]
    fn leaves_other_numbers() {
        assert!(years("三年行动,2025个,20251年,“十四五”规划").is_empty());
    }
}
