//! Lines into sections.

use std::ops::Range;

use entity::value::SectionKind;

use super::{
    halves::Halves,
    line::{Line, Role, looks_like_heading, run_in_heading, split_heading},
    mark::{Mark, Style, annex},
    numbering::{Numbering, Place},
    responsible, tasks,
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
        Style::Decimal => TASK + 1,
        Style::ArabicParen => TASK + 2,
        Style::Circled => TASK + 3,
    }
}
/// Headings without a number stand between the groups and their tasks: those of the markup by their levels, then those
/// that only look like one.
const UNNUMBERED: u8 = 5;
const MARKUP_LEVELS: u8 = 6;
/// Tasks, and what stands beside them: boxes and paragraphs with a run-in heading.
const TASK: u8 = UNNUMBERED + MARKUP_LEVELS + 1;

/// The rank of a heading without a number.
fn unnumbered(line: &Line) -> u8 {
    match line.role {
        Role::Heading(level) => UNNUMBERED + level.clamp(1, MARKUP_LEVELS) - 1,
        _ => UNNUMBERED + MARKUP_LEVELS,
    }
}

/// The sections of a text, in reading order. `title` is what the page is called.
pub(crate) fn sections(text: &str, lines: &[Line], title: &str, opening: Option<&Opening>) -> Vec<Section> {
    let mut tree = Tree {
        text,
        sections: Vec::new(),
        open: Vec::new(),
        paragraph: None,
        numbering: Numbering::default(),
        summary: None,
    };
    let mut rest = lines;
    if let Some((first, behind)) = opening.and_then(|opening| rest.split_at_checked(opening.lines)) {
        if let (Some(start), Some(end)) = (first.first(), first.last()) {
            let heading = opening.and_then(|opening| opening.slogan.clone());
            tree.paragraph = Some(tree.add(SectionKind::Paragraph, start.range.start..end.range.end, None, heading));
        }
        rest = behind;
    }
    let annexed = |line: &Line| matches!(line.role, Role::Glossary | Role::Annex(..));
    let (body, mut behind) = rest.split_at(rest.iter().position(annexed).unwrap_or(rest.len()));
    // A page of many regions repeats the phrases in each; elsewhere they count where a text has several.
    let run_in = tree.run_in_headings(body) >= if opening.is_some() { 1 } else { 3 };
    let closing = closing(text, body, run_in);
    let halves = Halves::of(text, body, title);
    if let (Some(name), Some(first)) = (halves.as_ref().and_then(|halves| halves.name.clone()), body.first()) {
        tree.unheaded_half(first, name);
    }
    for (i, line) in body.iter().enumerate() {
        if i == closing {
            tree.close(0);
        }
        match &halves {
            Some(halves) if halves.back == Some(i) || halves.ahead == i => {
                tree.half(line, halves.above);
                if halves.back == Some(i) {
                    tree.summary = tree.sections.len().checked_sub(1);
                }
            }
            _ => tree.take(line, &body[i + 1..], run_in),
        }
    }
    while let [line, after @ ..] = behind {
        if line.role == Role::Glossary {
            // Its entries are no chapters.
            let ends = |line: &Line| matches!(line.role, Role::Annex(..) | Role::Table | Role::Box(..));
            let (terms, next) = behind.split_at(behind.iter().position(ends).unwrap_or(behind.len()));
            tree.glossary(terms);
            behind = next;
        } else {
            tree.take(line, after, run_in);
            behind = after;
        }
    }
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
    let is_text = |line: &Line| {
        let text = &text[line.range.clone()];
        let heading = looks_like_heading(text.trim_end_matches([':', '：']));
        line.role == Role::Text && !is_task(line) && !heading && !responsible::is_list(text)
    };
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
    numbering: Numbering,
    /// The section that sums up the year before.
    summary: Option<usize>,
}

impl Tree<'_> {
    /// How many paragraphs a phrase before a colon heads, outside numbered tasks and boxes.
    fn run_in_headings(&self, lines: &[Line]) -> usize {
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
        count
    }

    fn take(&mut self, line: &Line, after: &[Line], run_in: bool) {
        let text = &self.text[line.range.clone()];
        match &line.role {
            Role::Numbered(mark) => {
                let (kind, rank) = match self.numbering.take(mark, after) {
                    Place::Heading => (SectionKind::Heading, rank(mark.style)),
                    Place::Task => (SectionKind::Task, rank(mark.style)),
                    // Below the box itself.
                    Place::Item => (SectionKind::Paragraph, rank(mark.style) + 1),
                };
                self.numbered(line, mark, kind, rank);
                self.lead(after.first(), mark);
            }
            Role::Box(number, rest) => {
                self.close(TASK);
                let heading = text[*rest..].trim_end_matches(['】', ']', ':', '：']).to_owned();
                let number = text[number.clone()].to_owned();
                self.push(SectionKind::Box, line.range.clone(), Some(number), Some(heading), TASK);
                self.numbering.open_box();
            }
            Role::Annex(label, rest) => {
                let (label, name) = (text[label.clone()].to_owned(), text[*rest..].to_owned());
                self.push(SectionKind::Heading, line.range.clone(), Some(label), Some(name), rank(Style::Part));
            }
            Role::Table => {
                self.paragraph = None;
                self.add(SectionKind::Table, line.range.clone(), None, None);
            }
            Role::Heading(_) if !self.numbering.is_box_open() && text.chars().count() <= 60 => {
                self.unnumbered_heading(line)
            }
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
        leads
            && !responsible::is_list(text)
            && looks_like_heading(bare)
            && (bare == text || run_in && bare.chars().count() <= 20)
    }

    fn unnumbered_heading(&mut self, line: &Line) {
        let heading = self.text[line.range.clone()].trim_end_matches([':', '：']).to_owned();
        self.push(SectionKind::Heading, line.range.clone(), None, Some(heading), unnumbered(line));
    }

    /// Heads a half of a text that looks back and then ahead.
    fn half(&mut self, line: &Line, above: bool) {
        self.close(0);
        self.numbering = Numbering::default();
        let top = |own| if above { rank(Style::Part) } else { own };
        match &line.role {
            Role::Numbered(mark) => self.numbered(line, mark, SectionKind::Heading, top(rank(mark.style))),
            _ => {
                let heading = self.text[line.range.clone()].trim_end_matches([':', '：']).to_owned();
                self.push(SectionKind::Heading, line.range.clone(), None, Some(heading), top(unnumbered(line)));
            }
        }
    }

    /// Opens the first half of such a text where only the title names it.
    fn unheaded_half(&mut self, first: &Line, name: String) {
        let start = first.range.start;
        self.summary = Some(self.push(SectionKind::Heading, start..start, None, Some(name), rank(Style::Part)));
    }

    fn in_task_or_box(&self) -> bool {
        self.numbering.is_box_open() || self.open.last().is_some_and(|(_, rank)| *rank >= TASK)
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

    /// Makes a heading of a short sentence alone in its paragraph that leads over to lower numbers (社区服务。).
    fn lead(&mut self, next: Option<&Line>, mark: &Mark) {
        let leads = next.is_some_and(|next| matches!(&next.role, Role::Numbered(next) if next.style > mark.style));
        let Some(section) = self.sections.last_mut().filter(|section| leads && section.heading.is_none()) else {
            return;
        };
        let text = self.text[section.body.clone()].trim_end_matches('。');
        if looks_like_heading(text) && !text.contains(['，', ',']) && !text.contains(|c: char| c.is_ascii_digit()) {
            section.heading = Some(text.to_owned());
            section.body = section.range.end..section.range.end;
        }
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
            self.numbering.close_box();
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
        let heading =
            annex(printed).map(|(_, name)| &printed[name..]).filter(|name| !name.is_empty()).unwrap_or(printed);
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
        tasks::settle(&mut self.sections);
        // What was done is no task.
        if let Some(summary) = self.summary {
            let end = self.sections[summary].range.end;
            for section in self.sections[summary + 1..].iter_mut().take_while(|section| section.range.start < end) {
                if section.kind == SectionKind::Task {
                    section.kind = SectionKind::Paragraph;
                }
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

#[cfg(test)]
mod tests;
