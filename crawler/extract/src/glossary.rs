//! The explanations of terms behind a plan.

use std::ops::Range;

use entity::value::SectionKind;

use crate::{
    Plan, Term,
    concept::Catalogue,
    structure::{Style, mark},
};

/// The terms that a plan explains.
pub(crate) fn terms(plan: &Plan, catalogue: &Catalogue) -> Vec<Term> {
    let mut terms = Vec::new();
    for (section, found) in plan.sections.iter().enumerate().filter(|(_, s)| s.kind == SectionKind::Glossary) {
        for (range, rest) in entries(&plan.text, found.body.clone()) {
            let Some((term, definition)) = parts(&plan.text[rest..range.end]) else { continue };
            terms.push(Term {
                term: term.to_owned(),
                definition: definition.to_owned(),
                formula: formula(definition).map(str::to_owned),
                concept: catalogue.find(term).map(str::to_owned),
                range,
                section,
            });
        }
    }
    terms
}

/// Each entry's range, and where its text starts behind the number. An entry starts at a numbered line, or behind two
/// blanks within one where the number is the next in turn; lines without a number belong to the entry above, or are
/// entries themselves where none is numbered.
fn entries(text: &str, body: Range<usize>) -> Vec<(Range<usize>, usize)> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut numbering: Option<(Style, u32)> = None;
    let numbered = text[body.clone()].lines().any(|line| mark(line).is_some());
    let mut at = body.start;
    for line in text[body.clone()].split('\n') {
        if !numbered && !line.trim().is_empty() {
            starts.push((at, at));
        }
        for piece in pieces(line) {
            let Some(mark) = mark(&line[piece..]) else { continue };
            if piece == 0 || numbering == Some((mark.style, mark.value.wrapping_sub(1))) {
                numbering = Some((mark.style, mark.value));
                starts.push((at + piece, at + piece + mark.rest));
            }
        }
        at += line.len() + 1;
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([body.end]).collect::<Vec<_>>();
    starts
        .into_iter()
        .zip(ends)
        .map(|((start, rest), end)| (start..start + text[start..end].trim_end().len(), rest))
        .collect()
}

/// The start of a line, and every place in it behind two blanks or more.
fn pieces(line: &str) -> impl Iterator<Item = usize> {
    let mut blanks = 2;
    line.char_indices().filter_map(move |(at, c)| {
        let start = blanks >= 2 && !c.is_whitespace();
        blanks = if c.is_whitespace() { blanks + 1 } else { 0 };
        start.then_some(at)
    })
}

/// An entry into the term and its explanation: parted by a colon, or by 是指 or 指 early in the entry.
fn parts(entry: &str) -> Option<(&str, &str)> {
    let sentence = entry.find('。').unwrap_or(entry.len());
    let (at, len) = [":", "：", "是指", "——", "指"].iter().find_map(|sign| {
        // The first is taken whose place can end a term: 指 itself starts many a term, as in 指数.
        entry[..sentence]
            .find(sign)
            .filter(|at| *at > 0 && entry[..*at].chars().count() <= 40)
            .map(|at| (at, sign.len()))
    })?;
    let term = entry[..at].trim().trim_matches(['“', '”', '"', '【', '】']);
    let definition = entry[at + len..].trim();
    (!term.is_empty() && !definition.is_empty()).then_some((term, definition))
}

/// The arithmetic in an explanation: the clause that divides or multiplies, as printed, without the words in front of
/// it (计算方式为).
fn formula(definition: &str) -> Option<&str> {
    let mut depth = 0_i32;
    let clause = |c: char| {
        depth += i32::from(matches!(c, '(' | '（')) - i32::from(matches!(c, ')' | '）'));
        matches!(c, '。' | '；' | ';' | '\n') || depth <= 0 && matches!(c, '，' | ',')
    };
    definition.split(clause).find(|clause| divides(clause)).map(|clause| {
        let lead =
            ["计算方式为", "计算公式为", "计算方法为", "公式为", "计算公式：", "计算公式:", "计算方法：", "=", "＝"];
        let start = lead.iter().filter_map(|words| clause.find(words).map(|at| at + words.len())).max().unwrap_or(0);
        clause[start..].trim().trim_start_matches(['：', ':']).trim()
    })
}

/// Whether a clause holds ÷ or ×, or a stroke between two quantities in words.
fn divides(clause: &str) -> bool {
    let is_word = |c: char| c.is_alphabetic() || matches!(c, '(' | '（' | ')' | '）');
    clause.contains(['÷', '×'])
        || clause.match_indices(['/', '／']).any(|(at, stroke)| {
            let before = clause[..at].trim_end().chars().next_back();
            let behind = clause[at + stroke.len()..].trim_start().chars().next();
            // 和/或 and 人/次 have a stroke too, but no sum of several letters on both sides.
            let long = |side: &str| side.chars().filter(|c| c.is_alphabetic()).count() >= 4;
            before.is_some_and(is_word) && behind.is_some_and(is_word) && long(&clause[..at]) && long(&clause[at..])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_entries_on_one_line() {
        let text = "一、签约率：签约人数÷常住人口×100%。     二、接诊率：接诊数与就诊数之比。\n三、补助：按人头发放。";
        let found = entries(text, 0..text.len());
        let rows: Vec<_> = found.iter().map(|(range, rest)| parts(&text[*rest..range.end]).unwrap()).collect();
        assert_eq!(
            rows,
            [("签约率", "签约人数÷常住人口×100%。"), ("接诊率", "接诊数与就诊数之比。"), ("补助", "按人头发放。")]
        );
    }

    #[test]
    fn finds_arithmetic_only() {
        assert_eq!(formula("签约人数÷常住人口×100%，每年一算。"), Some("签约人数÷常住人口×100%"));
        assert_eq!(
            formula("计算方式为本县住院人次/（本县住院人次+外县住院人次）。数据取自医保。"),
            Some("本县住院人次/（本县住院人次+外县住院人次）")
        );
        assert_eq!(formula("每10万人中医师之数，单位为名/万人。"), None);
        assert_eq!(formula("接诊数与就诊数之比。"), None);
    }
}
