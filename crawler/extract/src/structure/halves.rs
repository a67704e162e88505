//! Texts that look back at one year before they look ahead at the next (2024年工作总结和2025年工作计划).

use std::sync::LazyLock;

use regex::Regex;

use super::{
    line::{Line, Role, looks_like_heading, split_heading},
    mark::Mark,
};
use crate::{metadata::pattern, title};

/// What a heading calls the account of what was done.
static BACK: LazyLock<Regex> =
    LazyLock::new(|| pattern("总结|回顾|工作情况|完成情况|开展情况|进展情况|工作成效|主要成效|主要成绩"));
/// Words for a year that is over.
static OVER: LazyLock<Regex> = LazyLock::new(|| pattern("总结|回顾|上年|去年|过去|上一年|前一年|一年来|上半年"));
/// What a heading calls what will be done.
static AHEAD: LazyLock<Regex> =
    LazyLock::new(|| pattern("计划|安排|打算|思路|要点|重点|任务|目标|要求|部署|举措|工作$"));
/// Words for a year to come.
static TO_COME: LazyLock<Regex> =
    LazyLock::new(|| pattern("今年|明年|来年|下一年|新一年|新的一年|下一步|下步|下一阶段|下半年"));

/// Where a text turns from the old year to the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Halves {
    /// The line that heads the first half; none where the first half has no heading of its own.
    pub(super) back: Option<usize>,
    /// The line that heads the second half, or the first chapter of it.
    pub(super) ahead: usize,
    /// Whether these two lines stand above all other numbers, because numbers start again below them.
    pub(super) above: bool,
    /// What the page's title calls the first half.
    pub(super) name: Option<String>,
}

impl Halves {
    /// The halves of a text; none where it has but one. A text has two where one heading looks back and a later one
    /// ahead, or where its title names both halves and a heading looks ahead.
    pub(super) fn of(text: &str, lines: &[Line], page: &str) -> Option<Self> {
        let name = first_half(page);
        let heading = |i: usize| heading(text, &lines[i]);
        let back = (0..lines.len()).find(|i| heading(*i).is_some_and(looks_back));
        let since = back.and_then(heading).and_then(title::first_year);
        let looks_ahead = |i: &usize| heading(*i).is_some_and(|heading| looks_ahead(heading, since));
        let from = match (back, &name) {
            (Some(back), _) => back + 1,
            (None, Some(_)) => 1,
            (None, None) => return None,
        };
        let ahead = (from..lines.len()).find(looks_ahead)?;
        let above = back.is_some_and(|back| restarts(lines, back, ahead)) || restarts(lines, ahead, lines.len());
        Some(Self { back, ahead, above, name: name.filter(|_| back.is_none()) })
    }
}

/// The words of a line that could head a half.
fn heading<'a>(text: &'a str, line: &Line) -> Option<&'a str> {
    let printed = &text[line.range.clone()];
    let words = match &line.role {
        Role::Numbered(mark) => split_heading(&printed[mark.rest..], 30).0?,
        Role::Heading(_) | Role::Text => printed.trim_end_matches([':', '：']),
        _ => return None,
    };
    looks_like_heading(words).then_some(words)
}

fn looks_back(heading: &str) -> bool {
    BACK.is_match(heading) && (OVER.is_match(heading) || title::first_year(heading).is_some()) && !names_both(heading)
}

/// Whether a heading speaks of a time behind the year that the text looks back at.
fn looks_ahead(heading: &str, since: Option<i32>) -> bool {
    let later = title::first_year(heading).map(|year| since.is_none_or(|since| year > since));
    !BACK.is_match(heading) && AHEAD.is_match(heading) && later.unwrap_or_else(|| TO_COME.is_match(heading))
}

fn names_both(title: &str) -> bool {
    first_half(title).is_some()
}

/// The first half's name in a title that names both: 2024年工作总结 in `某局2024年工作总结和2025年工作计划`.
fn first_half(title: &str) -> Option<String> {
    let back = BACK.find_iter(title).last()?;
    let behind = title[back.end()..].trim_start();
    let joined = ["和", "及", "以及", "暨", "与", "、", "，", " "].iter().any(|word| behind.starts_with(word))
        || TO_COME.find(behind).is_some_and(|word| word.start() == 0);
    let start = title::year_starts(&title[..back.start()]).unwrap_or(0);
    (joined && title::plan_word(behind).is_some()).then(|| title[start..back.end()].trim().to_owned())
}

/// Whether the numbers below a heading start again, so that by its own number, if it has one, it would not stand above
/// them.
fn restarts(lines: &[Line], head: usize, end: usize) -> bool {
    let mark = |line: &Line| match &line.role {
        Role::Numbered(mark) => Some(mark.clone()),
        _ => None,
    };
    let first: Option<Mark> = lines[head + 1..end].iter().find_map(mark);
    match (mark(&lines[head]), first) {
        (Some(own), Some(first)) => first.style < own.style || first.style == own.style && first.value <= own.value,
        (None, first) => first.is_some(),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{article::Block, structure::line::lay_out};

    fn halves(page: &str, lines: &[&str]) -> Option<Halves> {
        let blocks: Vec<_> = lines.iter().map(|line| Block::Paragraph((*line).to_owned())).collect();
        let (text, lines) = lay_out(&blocks);
        Halves::of(&text, &lines, page)
    }

    #[test]
    fn finds_both_halves() {
        let at = |back, ahead, above| Some(Halves { back, ahead, above, name: None });
        let report = ["各位：", "一、2024年工作回顾", "（一）修了路。", "二、2025年工作安排", "三、自身建设"];
        assert_eq!(halves("政府工作报告", &report), at(Some(1), 3, false));
        let restarting = ["一、上年工作情况", "一、路", "二、桥", "二、下一步打算", "一、再修路"];
        assert_eq!(halves("某局材料", &restarting), at(Some(0), 3, true));
        let parts = ["第一部分 2024年工作总结", "一、路", "第二部分 2025年重点工作", "一、再修路"];
        assert_eq!(halves("", &parts), at(Some(0), 2, false));
        let unnumbered = ["2024年工作总结", "一、路", "2025年工作计划", "一、再修路"];
        assert_eq!(halves("", &unnumbered), at(Some(0), 2, true));
    }

    #[test]
    fn names_a_first_half_without_a_heading() {
        let lines = ["一、路修好了", "二、桥架好了", "2025年工作计划", "一、再修路"];
        let found = halves("某局2024年工作总结和2025年工作计划", &lines).unwrap();
        assert_eq!((found.back, found.ahead, found.name.as_deref()), (None, 2, Some("2024年工作总结")));
        assert_eq!(halves("某局2025年工作计划", &lines), None);
    }

    #[test]
    fn leaves_other_texts() {
        // Only what is to be done, with years in its headings.
        assert_eq!(halves("某市规划", &["一、2020年现状", "二、2025年目标", "三、任务"]), None);
        // A plan whose last chapter asks for an account.
        assert_eq!(halves("2025年要点", &["一、2025年重点任务", "二、做好2024年工作总结"]), None);
    }

    #[test]
    fn takes_titles_apart() {
        for (title, name) in [
            ("某局2024年工作总结暨下一步工作打算", Some("2024年工作总结")),
            ("2024年上半年工作情况及下半年工作安排", Some("2024年上半年工作情况")),
            ("某局二〇二四年工作总结", None),
            ("2025年重点任务完成情况通报", None),
        ] {
            assert_eq!(first_half(title).as_deref(), name, "{title}");
        }
    }
}
