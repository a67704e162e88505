//! The labels under which pages say things of their documents, and dates.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::{article::Metadata, text::half_width};

/// Takes one label with its value. Labels are met with white space and colons inside and behind them (`索 引 号：`).
/// The first value counts. Returns whether the label is one that pages put beside a document.
pub(crate) fn record(meta: &mut Metadata, label: &str, value: &str) -> bool {
    let Some(field) = Field::of(label) else { return false };
    let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']'));
    if !value.is_empty() && value != "null" && value != "无" {
        match field {
            Field::Issuer => fill(&mut meta.issuer, value),
            Field::DocumentNumber => fill(&mut meta.document_number, value),
            Field::IndexNumber => fill(&mut meta.index_number, value),
            Field::Origin => fill(&mut meta.origin, value),
            Field::Region => fill(&mut meta.region, value),
            Field::IssuedOn => meta.issued_on = meta.issued_on.or_else(|| date(value)),
            Field::PublishedOn => meta.published_on = meta.published_on.or_else(|| date(value)),
            Field::Other => {}
        }
    }
    true
}

fn fill(field: &mut Option<String>, value: &str) {
    field.get_or_insert_with(|| value.to_owned());
}

/// Takes the labels of a line: `来源：某报　发布日期：2025-04-11　阅读：3`. Returns whether the line starts with one.
pub(crate) fn record_line(meta: &mut Metadata, line: &str) -> bool {
    let mut starts = false;
    let mut labels = LABEL.captures_iter(line).peekable();
    while let Some(found) = labels.next() {
        let (Some(whole), Some(label)) = (found.get(0), found.get(1)) else { continue };
        let end = labels.peek().and_then(|next| next.get(0)).map_or(line.len(), |next| next.start());
        let known = record(meta, label.as_str(), &line[whole.end()..end]);
        starts |= known && line[..whole.start()].trim().is_empty();
    }
    starts
}

/// A label stands at the start of a line or behind white space, and a colon follows. Its letters stand close together
/// or all apart (`索 引 号`).
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[\s　])(\p{Han}{2,7}|\p{Han}(?:[\s　]{1,6}\p{Han}){1,3})[\s　]*[：:]"));

/// Whether a text is a label on its own, with a colon or without.
pub(crate) fn is_label(text: &str) -> bool {
    Field::of(text).is_some()
}

/// Whether a text is a label that tells something kept here and can't well be a word of a menu.
pub(crate) fn is_telling(text: &str) -> bool {
    text.chars().count() >= 3 && Field::of(text).is_some_and(|field| !matches!(field, Field::Other))
}

#[derive(Clone, Copy)]
enum Field {
    Issuer,
    DocumentNumber,
    IndexNumber,
    IssuedOn,
    PublishedOn,
    Origin,
    Region,
    /// A label that tells nothing kept here.
    Other,
}

impl Field {
    fn of(label: &str) -> Option<Self> {
        let label: String = label.chars().map(half_width).filter(|c| !c.is_whitespace() && *c != ':').collect();
        Some(match label.as_str() {
            "发布机构" | "发文机关" | "发文机构" | "发文单位" | "发布单位" | "制发机关" | "公开机构" => {
                Self::Issuer
            }
            "文号" | "文件编号" | "发文字号" | "发文文号" | "文件文号" => Self::DocumentNumber,
            "索引号" | "信息索引号" | "索引" => Self::IndexNumber,
            "成文日期" | "生成日期" | "发文日期" | "印发日期" | "成文时间" | "发文时间" => {
                Self::IssuedOn
            }
            "发布日期" | "发布时间" | "公开日期" | "时间" | "日期" | "发表时间" | "更新时间" => {
                Self::PublishedOn
            }
            "来源" | "信息来源" | "文章来源" | "稿源" => Self::Origin,
            "地区" | "所属地区" | "所在地区" => Self::Region,
            "组配分类" | "主题分类" | "分类" | "体裁" | "公开类型" | "公开方式" | "公开属性" | "公开期限"
            | "公开时限" | "公开范围" | "实施日期" | "废止日期" | "失效日期" | "统一编号" | "有效性" | "时效"
            | "效力状态" | "文件有效性" | "名称" | "标题" | "主题词" | "内容概述" | "服务对象" | "浏览量"
            | "浏览次数" | "阅读" | "阅读量" | "点击数" | "点击量" | "访问次数" | "字号" | "字体" | "字体大小"
            | "责任编辑" | "编辑" | "发布人" | "发布" | "作者" | "审核" | "信息形式" | "打印" | "分享" => {
                Self::Other
            }
            _ => return None,
        })
    }
}

static DATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(\d{4})\s*[年./\-－—]\s*(\d{1,2})\s*[月./\-－—]\s*(\d{1,2})"));
static HAN_DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"([〇○零Ｏ一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
});

/// The first date in a text: 2025-03-24, 2025/3/24, 2025年3月24日, 二〇二五年三月二十四日.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    if let Some(found) = DATE.captures(text) {
        return NaiveDate::from_ymd_opt(found[1].parse().ok()?, found[2].parse().ok()?, found[3].parse().ok()?);
    }
    let found = HAN_DATE.captures(text)?;
    let number = |i: usize| crate::structure::han_number(&found[i]);
    NaiveDate::from_ymd_opt(han_year(&found[1])?, number(2)?, number(3)?)
}

/// 二〇二五 as 2025.
pub(crate) fn han_year(digits: &str) -> Option<i32> {
    digits.chars().try_fold(0, |year, c| {
        let digit = "〇一二三四五六七八九".chars().position(|d| d == c).or("零○Ｏ".contains(c).then_some(0))?;
        Some(year * 10 + i32::try_from(digit).ok()?)
    })
}

/// Whether a line is a date and nothing else, as under a signature.
pub(crate) fn is_date_line(line: &str) -> bool {
    line.chars().count() <= 16
        && date(line).is_some()
        && line
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_whitespace() || "年月日./-〇○零一二三四五六七八九十".contains(c))
}

/// Whether a line is a document's number and nothing else: 浙卫发〔2025〕1号.
pub(crate) fn is_document_number(line: &str) -> bool {
    DOCUMENT_NUMBER.is_match(line)
}

static DOCUMENT_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[\p{Han}]{2,12}\s*[〔\[【（(]\s*\d{4}\s*[〕\]】）)]\s*第?\s*\d{1,4}\s*号$"));

/// A pattern written in the program.
#[expect(clippy::expect_used, reason = "every pattern is a constant that a test compiles")]
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(y, m, d)
    }

    #[test]
    fn reads_dates() {
        for text in ["2025-03-24 09:52:56", "[2025/3/24]", "2025年3月24日", "2025-\n 03-24", "二〇二五年三月二十四日"]
        {
            assert_eq!(date(text), day(2025, 3, 24), "{text}");
        }
        assert_eq!(date("2025-13-40"), None);
        assert_eq!(date("第2025号"), None);
        assert!(is_date_line("二○二五年三月二十四日") && is_date_line(" 2025年3月24日 "));
        assert!(!is_date_line("2025年3月24日召开"));
    }

    #[test]
    fn knows_document_numbers() {
        assert!(is_document_number("某卫发〔2025〕3号") && is_document_number("某卫办函 [2025] 第12号"));
        assert!(!is_document_number("按某卫发〔2025〕3号文件办"));
    }

    #[test]
    fn reads_labels_with_space_inside() {
        let mut meta = Metadata::default();
        assert!(record_line(&mut meta, "索 引 号：  A1/2025-3 成文日期: \u{a0}2025-03-24"));
        assert!(record_line(&mut meta, "来源： 某区卫健局 浏览量： 发布日期：2025- 04-11　阅读：7"));
        assert!(record(&mut meta, "文　　号", "某卫发〔2025〕3号"));
        assert!(record(&mut meta, "发布机构：", ""));
        assert!(!record_line(&mut meta, "工作目标：到2025年"));
        assert_eq!(meta.index_number.as_deref(), Some("A1/2025-3"));
        assert_eq!(meta.issued_on, day(2025, 3, 24));
        assert_eq!(meta.origin.as_deref(), Some("某区卫健局"));
        assert_eq!(meta.published_on, day(2025, 4, 11));
        assert_eq!(meta.document_number.as_deref(), Some("某卫发〔2025〕3号"));
        assert_eq!(meta.issuer, None);
    }
}
