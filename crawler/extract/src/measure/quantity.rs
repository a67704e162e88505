//! Quantities: a number with its sign, unit and suffix, as one run of the text.

use std::ops::Range;

use entity::value::Comparator;

use super::{
    lexicon, number,
    unit::{self, Kind},
};

/// A number that may be a figure, where it stands in a [`Line`](super::line::Line).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantity {
    /// The number with its sign, unit and suffix.
    pub(super) range: Range<usize>,
    /// Its value, or the lower end of a range.
    pub(super) value: f64,
    /// The upper end of a range.
    pub(super) max: Option<f64>,
    /// The unit as it is kept.
    pub(super) unit: Option<&'static str>,
    /// What the unit makes of it.
    pub(super) kind: Kind,
    /// How its own sign or suffix binds it.
    pub(super) bound: Option<Comparator>,
    /// Whether it is written in Chinese numerals.
    pub(super) chinese: bool,
}

/// Suffixes behind the unit, the longer first.
const SUFFIXES: &[(&str, Comparator)] = &[
    ("及以上", Comparator::Ge),
    ("及以下", Comparator::Le),
    ("以上", Comparator::Ge),
    ("以下", Comparator::Le),
    ("以内", Comparator::Le),
    ("之内", Comparator::Le),
    ("左右", Comparator::Approx),
    ("上下", Comparator::Approx),
];

/// Units of what 内 says the most of.
const SPANS: &[&str] = &["分钟", "小时", "秒", "天", "周", "个月", "公里", "米"];

/// Signs before the number.
const SIGNS: &[(char, Comparator)] = &[
    ('>', Comparator::Gt),
    ('<', Comparator::Lt),
    ('≥', Comparator::Ge),
    ('≤', Comparator::Le),
    ('≧', Comparator::Ge),
    ('≦', Comparator::Le),
    ('约', Comparator::Approx),
];

/// All quantities of a text in order, none overlapping.
pub(super) fn scan(text: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match read(text, at) {
            Some(quantity) => {
                at = quantity.range.end;
                found.push(quantity);
            }
            None => at += skip(&text[at..], c).max(c.len_utf8()),
        }
    }
    share_units(text, &mut found);
    found
}

/// 90、95、85分: the unit of the last of several numbers is that of all.
fn share_units(text: &str, found: &mut [Quantity]) {
    for last in (1..found.len()).rev() {
        let [one, next] = [&found[last - 1], &found[last]];
        let joined = text.get(one.range.end..next.range.start).is_some_and(lexicon::is_conjunction);
        let is_unit =
            matches!(next.kind, Kind::Count | Kind::Amount | Kind::Share | Kind::Points) && next.unit != Some("年");
        if joined && is_unit && one.kind == Kind::Bare && one.bound.is_none() && !one.chinese && !next.chinese {
            (found[last - 1].unit, found[last - 1].kind) = (next.unit, next.kind);
        }
    }
}

/// How far the next quantity is away at least. A word of Latin letters and digits (H7N9, P3, 5G) holds none, but
/// digits behind an abbreviation are a number where a measure word follows: AED120台.
fn skip(text: &str, c: char) -> usize {
    if !c.is_ascii_alphanumeric() {
        return c.len_utf8();
    }
    let word = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'.').count();
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = text[letters..word].bytes().all(|b| b.is_ascii_digit());
    let counted = unit::read(&text[word..]).is_some_and(|unit| unit.kind == Kind::Count);
    if letters >= 2 && digits && counted { letters } else { word }
}

/// The quantity that starts at a place.
fn read(text: &str, at: usize) -> Option<Quantity> {
    let rest = &text[at..];
    let c = rest.chars().next()?;
    if let Some((sign, bound)) = SIGNS.iter().find(|(sign, _)| *sign == c && *sign != '约') {
        let start = at + sign.len_utf8();
        let start = start + usize::from(text[start..].starts_with('='));
        let quantity = read(text, start)?;
        return Some(Quantity { range: at..quantity.range.end, bound: quantity.bound.or(Some(*bound)), ..quantity });
    }
    match c {
        '前' | '第' | '全' => rank(text, at),
        '百' | '千' if text[at..].chars().nth(1) == Some('分') => fraction(text, at),
        '万' if rest.starts_with("万分之") => fraction(text, at),
        '半' | '一' => half(text, at).or_else(|| counted(text, at)),
        _ => counted(text, at),
    }
}

/// Digits, a unit and a suffix: 82.6岁以上, 3~5名, 5成.
fn counted(text: &str, at: usize) -> Option<Quantity> {
    let first = number::read(&text[at..])?;
    // 百强, 五十强: a rank without 前.
    if text[at + first.len..].starts_with('强') {
        return Some(ranked(at..at + first.len + '强'.len_utf8(), first.value, Comparator::Le));
    }
    if let Some(ratio) = ratio(text, at, &first) {
        return Some(ratio);
    }
    if in_code(&text[..at], &text[at + first.len..]) {
        return None;
    }
    let mut end = at + first.len;
    let mut value = first.value;
    let mut max = None;
    let mut bound = None;
    // 5%—10%: the unit may stand behind both ends.
    let between = unit::read(&text[end..]).map_or(0, |unit| unit.len);
    for skipped in [0, between] {
        let same = |behind: &str| behind.starts_with(&text[end..end + skipped]);
        // 下降2.3个百分点至29.4%: what it changes by, and what to.
        if let Some((dash, second)) = upper_end(&text[end + skipped..])
            && same(&text[end + skipped + dash + second.len..])
        {
            // 3-5万: the multiplier behind the upper end holds for both.
            if first.multiplier == 1.0 && second.multiplier > 1.0 && value < second.value / second.multiplier {
                value *= second.multiplier;
            }
            if second.value > value {
                max = Some(second.value);
                bound = Some(Comparator::Range);
                end += skipped + dash + second.len;
                break;
            }
        }
    }
    // 100多家, 50余项.
    if let Some(rest) = text[end..].strip_prefix(['多', '余']) {
        // 20余万人: the multiplier stands behind.
        let large = [('万', 1e4), ('亿', 1e8)].into_iter().find(|(large, _)| rest.starts_with(*large));
        let behind = large.map_or(0, |(large, _)| large.len_utf8());
        if large.is_some() || unit::read(rest).is_some() {
            bound = bound.or(Some(Comparator::Approx));
            end += '余'.len_utf8() + behind;
            value *= large.map_or(1.0, |(_, factor)| factor);
        }
    }
    let tenth = text[end..].strip_prefix('成').filter(|_| first.value <= 10.0);
    // 两成五: and five of a hundred.
    let more = tenth.and_then(number::read).filter(|more| more.chinese && more.value < 10.0 && max.is_none());
    let tenth = tenth.filter(|rest| tenths(&rest[more.as_ref().map_or(0, |more| more.len)..]));
    if tenth.is_some() {
        end += '成'.len_utf8() + more.as_ref().map_or(0, |more| more.len);
        value = value * 10.0 + more.map_or(0.0, |more| more.value);
        max = max.map(|max| max * 10.0);
    }
    // 翻两番: doubled twice.
    let doubled = text[end..].starts_with('番') && first.value <= 10.0;
    if doubled {
        end += '番'.len_utf8();
        value = value.exp2();
    }
    let unit = unit::read(&text[end..]).filter(|_| tenth.is_none() && !doubled);
    end += unit.as_ref().map_or(0, |unit| unit.len);
    let (mut end, mut bound) = suffix(text, end, bound);
    // 控制在40分钟内; but 3公里内河.
    let spans = unit.as_ref().is_some_and(|unit| SPANS.contains(&unit.name));
    if let Some(rest) = text[end..].strip_prefix('内').filter(|_| spans && bound.is_none())
        && rest.chars().next().is_none_or(|next| ",。;、和及)".contains(next))
    {
        end += '内'.len_utf8();
        bound = Some(Comparator::Le);
    }
    let (name, kind) = match &unit {
        _ if tenth.is_some() => (Some("%"), Kind::Share),
        _ if doubled => (Some("倍"), Kind::Amount),
        Some(unit) => (Some(unit.name), unit.kind),
        None => (None, Kind::Bare),
    };
    Some(Quantity { range: at..end, value, max, unit: name, kind, bound, chinese: first.chinese })
}

/// 1:1.25, 16:1: so much for one.
fn ratio(text: &str, at: usize, first: &number::Number) -> Option<Quantity> {
    let start = at + first.len + ':'.len_utf8();
    let second = text[at + first.len..]
        .starts_with(':')
        .then(|| number::read(&text[start..]))?
        .filter(|second| !second.chinese)?;
    let end = start + second.len;
    let clock = second.len == 2 && second.value < 60.0 && first.value != 1.0
        || text[end..].starts_with(':')
        || text[..at].ends_with(':');
    if clock || first.chinese || first.value != 1.0 && second.value != 1.0 {
        return None;
    }
    let value = if first.value == 1.0 { second.value } else { first.value };
    let (end, bound) = suffix(text, end, None);
    Some(Quantity { range: at..end, value, max: None, unit: None, kind: Kind::Bare, bound, chinese: false })
}

/// Whether a number is part of a code, a date or a sum: 5G, 4+1, 2025-03-01, 09:30.
fn in_code(before: &str, behind: &str) -> bool {
    let mut ends = before.chars().rev();
    let joined = matches!(ends.next(), Some('-' | ':' | '+' | '.')) && ends.next().is_some_and(|c| c.is_ascii_digit());
    let mut starts = behind.chars();
    let sum = match starts.next() {
        Some('+') => true,
        Some(':') => starts.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_ascii_alphabetic() && unit::read(behind).is_none(),
        None => false,
    };
    joined || sum || before.ends_with('+')
}

/// The dash of a range and the number behind it: —10, ~3, 至5.
fn upper_end(text: &str) -> Option<(usize, number::Number)> {
    let dash = ["——", "--", "-", "—", "–", "~", "～", "〜", "至"].into_iter().find(|dash| text.starts_with(dash))?;
    let number = number::read(&text[dash.len()..]).filter(|number| !number.chinese || dash == "至")?;
    Some((dash.len(), number))
}

/// Whether 成 ends a number of tenths (三成以上) and does not start a verb (成立, 成为).
fn tenths(rest: &str) -> bool {
    rest.chars().next().is_none_or(|next| "以左的,、。;多和与及".contains(next))
}

fn suffix(text: &str, end: usize, bound: Option<Comparator>) -> (usize, Option<Comparator>) {
    // 90%(含)以上.
    let included = text[end..].strip_prefix("(含)").map_or(0, |_| "(含)".len());
    match SUFFIXES.iter().find(|(suffix, _)| text[end + included..].starts_with(suffix)) {
        Some((suffix, comparator)) => (end + included + suffix.len(), bound.or(Some(*comparator))),
        None => (end, bound),
    }
}

/// 百分之八十, 千分之三, 百分百.
fn fraction(text: &str, at: usize) -> Option<Quantity> {
    let rest = &text[at..];
    let (written, unit) = [("百分之", "%"), ("千分之", "‰"), ("万分之", "/万")]
        .into_iter()
        .find(|(written, _)| rest.starts_with(written))?;
    let number = number::read(&rest[written.len()..])?;
    let (end, bound) = suffix(text, at + written.len() + number.len, None);
    Some(Quantity {
        range: at..end,
        value: number.value,
        max: None,
        unit: Some(unit),
        kind: Kind::Share,
        bound,
        chinese: true,
    })
}

/// 半数以上, 一半.
fn half(text: &str, at: usize) -> Option<Quantity> {
    let written = ["半数", "一半"].into_iter().find(|written| text[at..].starts_with(written))?;
    let (end, bound) = suffix(text, at + written.len(), None);
    Some(Quantity { range: at..end, value: 50.0, max: None, unit: Some("%"), kind: Kind::Share, bound, chinese: true })
}

/// 前三, 前10名, 前五十强, 第一, 全国第一.
fn rank(text: &str, at: usize) -> Option<Quantity> {
    let rest = &text[at..];
    if let Some(after) = rest.strip_prefix('前') {
        let number = number::read(after)?;
        // 年底前90%: the number stands by itself.
        if text[..at].ends_with(['年', '底', '月', '日', '末']) || after[number.len..].starts_with('%') {
            return None;
        }
        let end = at + '前'.len_utf8() + number.len;
        let tail = ["强", "名", "位", "列"].into_iter().find(|tail| text[end..].starts_with(tail)).unwrap_or("");
        return Some(ranked(at..end + tail.len(), number.value, Comparator::Le));
    }
    let national = ["全国", "全省", "全市", "全区"].into_iter().find(|place| rest.starts_with(place)).unwrap_or("");
    let number = number::read(rest[national.len()..].strip_prefix('第')?)?;
    let end = at + national.len() + '第'.len_utf8() + number.len;
    let tail = ["名", "位"].into_iter().find(|tail| text[end..].starts_with(tail)).unwrap_or("");
    // 第一,: behind the bare ordinal the clause ends; 第三方 and 第一批 name something.
    let told = !national.is_empty() || !tail.is_empty() || !text[end..].starts_with(char::is_alphanumeric);
    told.then(|| ranked(at..end + tail.len(), number.value, Comparator::Eq))
}

fn ranked(range: Range<usize>, value: f64, bound: Comparator) -> Quantity {
    Quantity { range, value, max: None, unit: Some("位"), kind: Kind::Rank, bound: Some(bound), chinese: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (String, f64, Option<f64>, Option<&'static str>, Option<Comparator>) {
        let found = scan(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let q = &found[0];
        (text[q.range.clone()].to_owned(), q.value, q.max, q.unit, q.bound)
    }

    #[test]
    fn reads_the_whole_run() {
        assert_eq!(one("达到82.6岁以上,"), ("82.6岁以上".into(), 82.6, None, Some("岁"), Some(Comparator::Ge)));
        assert_eq!(one("率>80%,"), (">80%".into(), 80.0, None, Some("%"), Some(Comparator::Gt)));
        assert_eq!(one("培育3~5名"), ("3~5名".into(), 3.0, Some(5.0), Some("名"), Some(Comparator::Range)));
        assert_eq!(one("新增3-5万个"), ("3-5万个".into(), 3e4, Some(5e4), Some("个"), Some(Comparator::Range)));
        assert_eq!(one("占10%—15%"), ("10%—15%".into(), 10.0, Some(15.0), Some("%"), Some(Comparator::Range)));
        assert_eq!(one("占三成以上"), ("三成以上".into(), 30.0, None, Some("%"), Some(Comparator::Ge)));
        assert_eq!(one("达到六成五左右"), ("六成五左右".into(), 65.0, None, Some("%"), Some(Comparator::Approx)));
        assert_eq!(one("百分之八十五的"), ("百分之八十五".into(), 85.0, None, Some("%"), None));
        assert_eq!(one("半数以上的"), ("半数以上".into(), 50.0, None, Some("%"), Some(Comparator::Ge)));
        assert_eq!(one("50余家"), ("50余家".into(), 50.0, None, Some("家"), Some(Comparator::Approx)));
        assert_eq!(one("惠及20余万人,"), ("20余万人".into(), 2e5, None, Some("人"), Some(Comparator::Approx)));
        assert_eq!(
            one("达到4400m2左右"),
            ("4400m2左右".into(), 4400.0, None, Some("平方米"), Some(Comparator::Approx))
        );
    }

    #[test]
    fn numbers_in_a_row_share_a_unit() {
        let units = |text| scan(text).into_iter().map(|quantity| quantity.unit).collect::<Vec<_>>();
        assert_eq!(units("分别达到90、95、85分以上"), [Some("分"); 3]);
        assert_eq!(units("在2025、2026年"), [None, Some("年")]);
        assert_eq!(units("新增5家、3张"), [Some("家"), Some("张")]);
    }

    #[test]
    fn reads_ranks() {
        assert_eq!(one("进入前五十强"), ("前五十强".into(), 50.0, None, Some("位"), Some(Comparator::Le)));
        assert_eq!(one("进入百强"), ("百强".into(), 100.0, None, Some("位"), Some(Comparator::Le)));
        assert_eq!(one("位居全国第一"), ("全国第一".into(), 1.0, None, Some("位"), Some(Comparator::Eq)));
        assert_eq!(scan("第三方机构").iter().filter(|q| q.kind == Kind::Rank).count(), 0);
    }

    #[test]
    fn leaves_words_with_digits() {
        assert!(scan("H7N9和P3").is_empty());
    }
}
