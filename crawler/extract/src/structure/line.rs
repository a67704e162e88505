//! Blocks into one text, and what each of its lines is.

use std::ops::Range;

use super::mark::{Mark, annex, boxed, mark};
use crate::{article::Block, metadata::is_date_line};

/// A paragraph of a plan's text, or a whole table.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Where it stands in the text, its line break left out.
    pub(crate) range: Range<usize>,
    /// What it is.
    pub(crate) role: Role,
}

/// What a line is, told from itself alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It starts with a number.
    Numbered(Mark),
    /// 专栏: its number and where its heading starts, within the line.
    Box(Range<usize>, usize),
    /// The heading of the explanation of terms.
    Glossary,
    /// The headline of an annex: its label and where its name starts, within the line.
    Annex(Range<usize>, usize),
    /// The markup makes it a heading of this level, 1 at the top.
    Heading(u8),
    /// A table.
    Table,
    /// Anything else.
    Text,
}

/// Joins the blocks, a paragraph a line; a row of a table is a line with tabs between its cells.
pub(crate) fn lay_out(blocks: &[Block]) -> (String, Vec<Line>) {
    let mut text = String::new();
    let mut lines = Vec::new();
    for block in blocks {
        let start = text.len() + usize::from(!text.is_empty());
        let (written, role) = match block {
            Block::Heading(line, level) => (line.clone(), role(line, Role::Heading(*level))),
            Block::Paragraph(line) => (line.clone(), role(line, Role::Text)),
            Block::Table(table) => {
                (table.rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n"), Role::Table)
            }
        };
        if written.is_empty() {
            continue;
        }
        if start > 0 {
            text.push('\n');
        }
        text.push_str(&written);
        lines.push(Line { range: start..text.len(), role });
    }
    (text, lines)
}

fn role(line: &str, otherwise: Role) -> Role {
    if is_glossary_heading(line) {
        return Role::Glossary;
    }
    if let Some((number, rest)) = boxed(line) {
        return Role::Box(number, rest);
    }
    if let Some((label, rest)) = annex(line) {
        return Role::Annex(label, rest);
    }
    mark(line).map_or(otherwise, Role::Numbered)
}

/// 附件：…名词解释 as a line of its own.
fn is_glossary_heading(line: &str) -> bool {
    let line = line.trim_end_matches(['）', ')', ':', '：', '》']);
    line.chars().count() <= 50
        && ["名词解释", "名词释义", "术语解释", "指标解释", "指标说明"].iter().any(|word| line.ends_with(word))
}

/// A line without a number that heads what follows it: short, with no sentence in it.
pub(crate) fn looks_like_heading(line: &str) -> bool {
    let chars = line.chars().count();
    (2..=30).contains(&chars)
        && !line.contains(['。', '；', '！', '？', '\t'])
        && !line.ends_with(['，', ',', '、', ';', ':', '：'])
        && !is_date_line(line)
        && !["委员会", "卫生健康委", "卫生健康局", "人民政府", "办公室"].iter().any(|office| line.ends_with(office))
}

/// A phrase in front of a colon that heads the rest of its paragraph (`完善服务体系：…`): where the phrase ends and
/// where the rest starts.
pub(crate) fn run_in_heading(line: &str) -> Option<(usize, usize)> {
    let (end, colon) = line.char_indices().take(32).find(|(_, c)| matches!(c, ':' | '：'))?;
    let phrase = &line[..end];
    let rest = end + colon.len_utf8();
    let chars = phrase.chars().count();
    let heads = chars >= 2
        && !phrase.contains(['。', '；', ';', '！', '？', '《'])
        && !["单位", "部门", "科室", "附件", "电话", "联系人", "如下", "包括"]
            .iter()
            .any(|word| phrase.ends_with(word));
    (heads && line[rest..].trim().chars().count() >= 6).then_some((end, rest))
}

/// Parts a heading from the text that runs on behind it, `发展托育。推进…` or `目标：到…`: the heading, and where the
/// text starts. A sentence that fills its paragraph is text, and so is one with a rate in it.
pub(crate) fn split_heading(line: &str, limit: usize) -> (Option<&str>, usize) {
    let line = line.trim_end();
    let stop = line.char_indices().find(|(_, c)| matches!(c, '。' | '！' | '？'));
    let colon = line.char_indices().take(25).find(|(_, c)| matches!(c, ':' | '：'));
    let (end, next) = match (stop, colon) {
        (Some((stop, _)), Some((colon, c))) if colon < stop => (colon, colon + c.len_utf8()),
        (None, Some((colon, c))) if colon + c.len_utf8() < line.len() => (colon, colon + c.len_utf8()),
        (Some((stop, c)), _) => (stop, stop + c.len_utf8()),
        (None, _) => (line.len(), line.len()),
    };
    let heading = &line[..end];
    let is_sentence = stop.is_some_and(|(at, c)| at + c.len_utf8() == line.len() && next == line.len());
    let fits = heading.chars().count() <= limit && !heading.contains(['%', '％', '‰']);
    if fits && !is_sentence { (Some(heading.trim_end_matches([':', '：'])), next) } else { (None, 0) }
}
