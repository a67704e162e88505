//! Lines into sections.

use std::ops::Range;

use entity::value::SectionKind;

use super::{
    line::{Line, Role, looks_like_heading, run_in_heading},
    mark::{Mark, Style},
    responsible,
};
use crate::{plan::Section, split::Opening};

/// Ranks below the styles of numbers: a section closes all sections of its own rank and below.
const fn rank(style: Style) -> u8 {
    match style {
        Style::Part => 0,
        Style::Chapter => 1,
        Style::Section => 2,
        Style::Han => 3,
        Style::HanParen => 4,
        Style::Arabic => TASK,
        Style::ArabicParen => 7,
        Style::Circled => 8,
    }
}
/// A heading without a number stands between the groups and their tasks.
const UNNUMBERED: u8 = 5;
/// Tasks, and what stands beside them: boxes and paragraphs with a run-in heading.
const TASK: u8 = 6;

/// The sections of a text, in reading order.
pub(crate) fn sections(text: &str, lines: &[Line], opening: Option<&Opening>) -> Vec<Section> {
    let mut tree = Tree { text, sections: Vec::new(), open: Vec::new(), paragraph: None, boxed: None, task: None };
    let mut rest = lines;
    if let Some((first, behind)) = opening.and_then(|opening| rest.split_at_checked(opening.lines)) {
        if let (Some(start), Some(end)) = (first.first(), first.last()) {
            let heading = opening.and_then(|opening| opening.slogan.clone());
            tree.paragraph = Some(tree.add(SectionKind::Paragraph, start.range.start..end.range.end, None, heading));
        }
        rest = behind;
    }
    // The explanation of terms closes a plan; its entries are no chapters.
    let glossary = rest.iter().position(|line| line.role == Role::Glossary).unwrap_or(rest.len());
    let (body, glossary) = rest.split_at(glossary);
    let run_in = tree.uses_run_in_headings(body);
    let closing = closing(text, body, run_in);
    for (i, line) in body.iter().enumerate() {
        if i == closing {
            tree.close(0);
        }
        tree.take(line, &body[i + 1..], run_in);
    }
    tree.glossary(glossary);
    tree.finish()
}

/// Where the last paragraphs stand that belong to no task: in a text whose tasks are one paragraph each, a run of
/// paragraphs behind the last of them speaks for the whole. The number of lines where there are none.
fn closing(text: &str, lines: &[Line], run_in: bool) -> usize {
    let is_task = |line: &Line| match &line.role {
        Role::Numbered(mark) => mark.style >= Style::Arabic,
        Role::Text => run_in && run_in_heading(&text[line.range.clone()]).is_some(),
        _ => false,
    };
    let is_text = |line: &Line| line.role == Role::Text && !is_task(line);
    let tasks = lines.iter().filter(|line| is_task(line)).count();
    let Some(last) = lines.iter().rposition(is_task) else { return lines.len() };
    let single = lines[..last].windows(2).all(|pair| !(is_task(&pair[0]) && is_text(&pair[1])));
    if tasks >= 3 && single && lines[last + 1..].iter().all(is_text) { last + 1 } else { lines.len() }
}

struct Tree<'a> {
    text: &'a str,
    sections: Vec<Section>,
    /// Sections that can take children, outermost first, each with its rank.
    open: Vec<(usize, u8)>,
    /// The run of paragraphs that goes on.
    paragraph: Option<usize>,
    /// The open box's last item.
    boxed: Option<Option<Mark>>,
    /// The last numbered task outside boxes.
    task: Option<Mark>,
}

impl Tree<'_> {
    /// Whether phrases before a colon head the paragraphs of this text: at least three do, outside numbered tasks and
    /// boxes.
    fn uses_run_in_headings(&self, lines: &[Line]) -> bool {
        let mut inside = false;
        let mut count = 0;
        for line in lines {
            match &line.role {
                Role::Box(..) => inside = true,
                Role::Numbered(mark) => inside = mark.style >= Style::Arabic,
                Role::Text if !inside => count += usize::from(run_in_heading(&self.text[line.range.clone()]).is_some()),
                _ => {}
            }
        }
        count >= 3
    }

    fn take(&mut self, line: &Line, after: &[Line], run_in: bool) {
        let text = &self.text[line.range.clone()];
        match &line.role {
            Role::Numbered(mark) if self.boxed.is_some() && mark.style >= Style::Arabic && self.in_box(mark, after) => {
                if mark.style == Style::Arabic {
                    self.boxed = Some(Some(mark.clone()));
                }
                self.numbered(line, mark, SectionKind::Paragraph, rank(mark.style) + 1);
            }
            Role::Numbered(mark) => {
                self.boxed = None;
                let kind = if mark.style >= Style::Arabic { SectionKind::Task } else { SectionKind::Heading };
                if mark.style == Style::Arabic {
                    self.task = Some(mark.clone());
                }
                self.numbered(line, mark, kind, rank(mark.style));
            }
            Role::Box(number, rest) => {
                self.close(TASK);
                let heading = text[*rest..].trim_end_matches(['】', ']', ':', '：']).to_owned();
                let number = text[number.clone()].to_owned();
                self.push(SectionKind::Box, line.range.clone(), Some(number), Some(heading), TASK);
                self.boxed = Some(None);
            }
            Role::Table => {
                self.paragraph = None;
                self.add(SectionKind::Table, line.range.clone(), None, None);
            }
            Role::Heading if self.boxed.is_none() && text.chars().count() <= 60 => self.unnumbered_heading(line),
            _ if self.in_task_or_box() => self.extend(line),
            _ => match run_in_heading(text).filter(|_| run_in) {
                Some((end, rest)) => {
                    self.close(TASK);
                    let heading = text[..end].to_owned();
                    let task = self.push(SectionKind::Task, line.range.clone(), None, Some(heading), TASK);
                    self.sections[task].body = self.trimmed(line.range.start + rest..line.range.end);
                    self.close(TASK);
                }
                None if self.heads(text, after, run_in) => self.unnumbered_heading(line),
                None => self.extend(line),
            },
        }
    }

    /// Whether a number in or behind a box belongs to the box.
    fn in_box(&self, mark: &Mark, after: &[Line]) -> bool {
        let Some(item) = &self.boxed else { return false };
        if mark.style > Style::Arabic {
            return true;
        }
        let next_item = item.as_ref().map_or(1, |item| item.value + 1);
        let next_task = self.task.as_ref().map(|task| task.value + 1);
        match (mark.value == next_item, Some(mark.value) == next_task) {
            (true, false) => true,
            (false, true) => false,
            (false, false) => item.as_ref().is_some_and(|item| mark.value > item.value),
            (true, true) => match (item, &self.task) {
                // Both could go on with this number: whoever writes it this way has it.
                (Some(item), Some(task)) if item.spaced() != task.spaced() => mark.spaced() == item.spaced(),
                // Else the first one is the box's where the number comes again before the next heading or box.
                _ => after
                    .iter()
                    .take_while(|line| match &line.role {
                        Role::Numbered(next) => next.style >= Style::Arabic,
                        role => *role == Role::Text,
                    })
                    .any(|line| matches!(&line.role, Role::Numbered(next) if next.style == Style::Arabic && next.value == mark.value)),
            },
        }
    }

    /// Whether a line without a number heads what follows.
    fn heads(&self, text: &str, after: &[Line], run_in: bool) -> bool {
        let Some(next) = after.first() else { return false };
        let follower = &self.text[next.range.clone()];
        let leads = match next.role {
            Role::Numbered(_) => true,
            Role::Text => follower.chars().count() > 40 || run_in && run_in_heading(follower).is_some(),
            _ => false,
        };
        // A colon at the end heads only a list of run-in headings; elsewhere it may close a greeting.
        let bare = text.trim_end_matches([':', '：']);
        leads && looks_like_heading(bare) && (bare == text || run_in && bare.chars().count() <= 20)
    }

    fn unnumbered_heading(&mut self, line: &Line) {
        let heading = self.text[line.range.clone()].trim_end_matches([':', '：']).to_owned();
        self.push(SectionKind::Heading, line.range.clone(), None, Some(heading), UNNUMBERED);
    }

    fn in_task_or_box(&self) -> bool {
        self.boxed.is_some() || self.open.last().is_some_and(|(_, rank)| *rank >= TASK)
    }

    fn numbered(&mut self, line: &Line, mark: &Mark, kind: SectionKind, rank: u8) {
        let text = &self.text[line.range.clone()];
        let number = text[mark.number.clone()].to_owned();
        let limit = if mark.style >= Style::Arabic { 40 } else { 60 };
        let (heading, body) = split_heading(&text[mark.rest..], limit);
        let heading = heading.map(str::to_owned);
        let index = self.push(kind, line.range.clone(), Some(number), heading, rank);
        self.sections[index].body = self.trimmed(line.range.start + mark.rest + body..line.range.end);
    }

    /// Adds a section that can take children.
    fn push(
        &mut self,
        kind: SectionKind,
        range: Range<usize>,
        number: Option<String>,
        heading: Option<String>,
        rank: u8,
    ) -> usize {
        self.close(rank);
        let index = self.add(kind, range, number, heading);
        self.open.push((index, rank));
        index
    }

    /// Closes all open sections of this rank and below.
    fn close(&mut self, rank: u8) {
        self.paragraph = None;
        while self.open.pop_if(|(_, open)| *open >= rank).is_some() {}
        if rank <= TASK {
            self.boxed = None;
        }
    }

    fn add(
        &mut self,
        kind: SectionKind,
        range: Range<usize>,
        number: Option<String>,
        heading: Option<String>,
    ) -> usize {
        let parent = self.open.last().map(|(index, _)| *index);
        let depth = parent.map_or(1, |parent| self.sections[parent].depth + 1);
        let heading = heading.filter(|heading| !heading.is_empty());
        let body = range.end..range.end;
        self.sections.push(Section { kind, number, heading, depth, parent, range, body, responsible: Vec::new() });
        self.sections.len() - 1
    }

    /// Gives a paragraph to the innermost open section, or to a run of paragraphs of its own where that section has
    /// children already.
    fn extend(&mut self, line: &Line) {
        let childless = |index: usize| index + 1 == self.sections.len();
        let target =
            self.paragraph.or_else(|| self.open.last().map(|(index, _)| *index).filter(|index| childless(*index)));
        let index = match target {
            Some(index) => index,
            None => {
                let index = self.add(SectionKind::Paragraph, line.range.clone(), None, None);
                self.paragraph = Some(index);
                index
            }
        };
        let section = &mut self.sections[index];
        let start = if section.body.is_empty() { line.range.start } else { section.body.start };
        section.body = start..line.range.end;
        section.range.end = line.range.end;
    }

    /// Adds the explanation of terms: its heading may be printed twice, as an attachment's name and as a headline.
    fn glossary(&mut self, lines: &[Line]) {
        let headings = lines.iter().take_while(|line| line.role == Role::Glossary).count();
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let printed = &self.text[lines[headings - 1].range.clone()];
        let heading = printed
            .split_once([':', '：'])
            .filter(|(label, _)| label.starts_with("附件"))
            .map_or(printed, |(_, name)| name);
        self.close(0);
        let index = self.add(SectionKind::Glossary, first.range.start..last.range.end, None, Some(heading.to_owned()));
        if let Some(entry) = lines.get(headings) {
            self.sections[index].body = entry.range.start..last.range.end;
        }
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }

    /// Ends each section where its last child ends, and reads who is responsible.
    fn finish(mut self) -> Vec<Section> {
        for i in (0..self.sections.len()).rev() {
            let end = self.sections[i].range.end;
            if let Some(parent) = self.sections[i].parent {
                let parent = &mut self.sections[parent].range;
                parent.end = parent.end.max(end);
            }
        }
        for section in &mut self.sections {
            if section.kind != SectionKind::Glossary {
                section.responsible = responsible::units(&self.text[section.body.clone()]);
            }
        }
        self.sections
    }
}

/// Parts a heading from the text that runs on behind it, `发展托育。推进…` or `目标：到…`: the heading, and where the
/// text starts. A sentence that fills its paragraph is text, and so is one with a rate in it.
fn split_heading(line: &str, limit: usize) -> (Option<&str>, usize) {
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
