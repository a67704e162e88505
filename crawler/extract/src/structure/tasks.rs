//! Which of the groups of a plan are its tasks.
//!
//! Official documents number chapters 一、, groups （一） and tasks 1.; a short plan leaves out the last level, and its
//! groups hold the text themselves.

use entity::value::SectionKind;

use super::mark::{Style, mark};
use crate::Section;

/// Words of chapters and groups that say why and what for, and not what is to be done.
const PREFACE: &[&str] = &[
    "现状",
    "背景",
    "回顾",
    "总结",
    "发展基础",
    "工作基础",
    "规划基础",
    "和基础",
    "主要成效",
    "发展成效",
    "工作成效",
    "总体要求",
    "总体思路",
    "指导思想",
];
/// Words at the end of such headings; a task may have them elsewhere (落实目标责任制).
const PREFACE_END: &[&str] = &["目标", "原则", "问题", "形势", "意义"];

/// Words of chapters that say how a plan is carried out as a whole.
const CARRYING_OUT: &[&str] =
    &["保障措施", "组织实施", "组织保障", "实施保障", "保障机制", "规划实施", "工作要求", "有关要求", "组织领导"];

/// Makes tasks of the groups that hold text and neither tasks nor groups, in chapters that say what is to be done.
pub(super) fn settle(sections: &mut [Section]) {
    let mut is_parent = vec![false; sections.len()];
    for section in sections.iter().filter(|section| matches!(section.kind, SectionKind::Heading | SectionKind::Task)) {
        if let Some(parent) = section.parent {
            is_parent[parent] = true;
        }
    }
    let around: Vec<bool> = sections.iter().map(is_around).collect();
    for i in 0..sections.len() {
        let section = &sections[i];
        let is_told = !around[i] && !section.parent.is_some_and(|chapter| around[chapter]);
        if is_told && !is_parent[i] && !section.body.is_empty() && is_group(section) {
            sections[i].kind = SectionKind::Task;
        }
    }
}

/// Whether a section has the number of a group: （一）, or 一、 below another chapter.
fn is_group(section: &Section) -> bool {
    let style = section.number.as_deref().and_then(mark).map(|mark| mark.style);
    let stands_below = match style {
        Some(Style::HanParen) => true,
        Some(Style::Han) => section.depth > 1,
        _ => false,
    };
    stands_below && section.kind == SectionKind::Heading
}

/// Whether a section stands around the tasks.
fn is_around(section: &Section) -> bool {
    section.heading.as_deref().is_some_and(|heading| {
        let is_said = PREFACE.iter().chain(CARRYING_OUT).any(|word| heading.contains(word));
        let ends_so = PREFACE_END.iter().any(|word| heading.ends_with(word));
        heading.chars().count() <= 16 && !heading.contains("任务") && (is_said || ends_so)
    })
}
