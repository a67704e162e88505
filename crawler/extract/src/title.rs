//! What a title tells: the kind of plan and its years.

use std::sync::LazyLock;

use entity::value::{Period, PlanKind};
use regex::Regex;

use crate::{
    metadata::{han_year, pattern},
    structure::han_number,
};

/// Words that end the name of a plan.
static PLAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "工作要点|工作计划|工作安排|工作打算|工作思路|工作规划|要点|规划|纲要|行动计划|方案|实施计划|任务分解|任务清单|重点任务|重点工作|计划|安排|打算|思路",
    )
});
/// Words for what a year's plan is called.
static ANNUAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "要点|工作计划|年度计划|工作安排|工作打算|工作思路|任务分解|任务清单|重点任务|重点工作|总结.*(?:计划|安排|打算|思路)|年.*工作$",
    )
});
/// 十四五, and 第十四个五年规划; not the digits of 二〇三五年.
static FIVE_YEARS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "第([一二三四五六七八九十]{1,3})个五年|(?:^|[^〇○零一二三四五六七八九十])([一二三四五六七八九十]{1,2})五(?:$|[^年〇○零一二三四五六七八九十])",
    )
});
static YEARS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\d{4})\s*年?\s*[-－—–~～至到]{1,2}\s*(\d{4})\s*年?"));
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\d{4})\s*年|([〇○零一二三四五六七八九]{4})年"));

/// A year's summary, and the time after it in words. Half a year's plan is for the same year.
static NEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern("(?:半年)?(?:工作)?(?:总结|情况|回顾)[^年]*?(?:明年|来年|下一?年|下一?步|新一年|下一阶段)")
});

/// Where the last word stands that makes a title a plan's. Family planning and vaccination programmes have the word in
/// their names.
pub(crate) fn plan_word(title: &str) -> Option<std::ops::Range<usize>> {
    PLAN.find_iter(title)
        .map(|found| found.range())
        .filter(|word| !title[word.end..].starts_with("生育") && !title[..word.start].ends_with("免疫"))
        .last()
}

/// The kind of plan that a title names.
pub(crate) fn kind(title: &str) -> PlanKind {
    if five_years(title).is_some() && title.contains("规划") || title.contains("五年规划") {
        PlanKind::FiveYearPlan
    } else if ANNUAL.is_match(title) && span(title).is_none() && !title.contains("三年") {
        PlanKind::AnnualPlan
    } else {
        PlanKind::Other
    }
}

/// The years that a title names: a five-year plan's, a span, or the year next to the plan's word (in
/// `2023年工作总结和2024年工作计划` the second, which may be written 下一年 or 下一步).
pub(crate) fn period(title: &str) -> Option<Period> {
    span(title).or_else(|| five_years(title)).or_else(|| {
        let upto = plan_word(title).map_or(title.len(), |word| word.start);
        let year = last_year(&title[..upto]).or_else(|| last_year(title))?;
        let next = NEXT.find(&title[..upto]).is_some_and(|found| !found.as_str().starts_with("半年"));
        Some(Period::year(year + i32::from(next)))
    })
}

/// The first year that a text names with 年.
pub(crate) fn first_year(text: &str) -> Option<i32> {
    YEAR.captures_iter(text).find_map(|found| year(&found))
}

/// Where the last year stands that a text names with 年.
pub(crate) fn year_starts(text: &str) -> Option<usize> {
    YEAR.find_iter(text).last().map(|found| found.start())
}

fn last_year(text: &str) -> Option<i32> {
    YEAR.captures_iter(text).filter_map(|found| year(&found)).last()
}

fn year(found: &regex::Captures<'_>) -> Option<i32> {
    let year = match (found.get(1), found.get(2)) {
        (Some(digits), _) => digits.as_str().parse().ok()?,
        (_, Some(digits)) => han_year(digits.as_str())?,
        _ => return None,
    };
    (1949..=2100).contains(&year).then_some(year)
}

fn span(title: &str) -> Option<Period> {
    let found = YEARS.captures(title)?;
    let (start_year, end_year) = (found[1].parse().ok()?, found[2].parse().ok()?);
    ((1949..=2100).contains(&start_year) && (start_year..=start_year + 20).contains(&end_year))
        .then_some(Period { start_year, end_year })
}

/// The years of 十四五: the first five-year plan began in 1953, the third, after three years between, in 1966.
pub(crate) fn five_years(title: &str) -> Option<Period> {
    let number = FIVE_YEARS.captures(title).and_then(|found| han_number(found.get(1).or(found.get(2))?.as_str()))?;
    let number = i32::try_from(number).ok()?;
    let start_year = if number < 3 { 1953 + 5 * (number - 1) } else { 1966 + 5 * (number - 3) };
    Some(Period { start_year, end_year: start_year + 4 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_kind_and_years() {
        let span = |start_year, end_year| Some(Period { start_year, end_year });
        for (title, expected, years) in [
            ("某市“十四五”卫生健康规划", PlanKind::FiveYearPlan, span(2021, 2025)),
            (
                "某县国民经济和社会发展第十五个五年规划和二〇三五年远景目标纲要",
                PlanKind::FiveYearPlan,
                span(2026, 2030),
            ),
            ("某市卫生健康发展十五五规划纲要", PlanKind::FiveYearPlan, span(2026, 2030)),
            ("某市卫生与健康“十三五”规划", PlanKind::FiveYearPlan, span(2016, 2020)),
            ("2025 年某县卫生健康工作要点", PlanKind::AnnualPlan, span(2025, 2025)),
            ("二〇二四年某县卫生健康工作计划", PlanKind::AnnualPlan, span(2024, 2024)),
            ("某局2023年工作总结及2024年工作安排", PlanKind::AnnualPlan, span(2024, 2024)),
            ("某局2023年工作总结暨下一步工作打算", PlanKind::AnnualPlan, span(2024, 2024)),
            ("某局2023年工作总结及明年计划", PlanKind::AnnualPlan, span(2024, 2024)),
            ("某局2023年上半年工作总结和下一步工作安排", PlanKind::AnnualPlan, span(2023, 2023)),
            ("某局2021年政府工作报告任务分解", PlanKind::AnnualPlan, span(2021, 2021)),
            ("某市托育服务行动计划（2025—2027年）", PlanKind::Other, span(2025, 2027)),
            ("某市健康行动实施方案", PlanKind::Other, None),
        ] {
            assert_eq!((kind(title), period(title)), (expected, years), "{title}");
        }
    }
}
