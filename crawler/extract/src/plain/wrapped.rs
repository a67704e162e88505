//! Paragraphs broken into lines of one width, as a printed page or the text of a PDF file has them.

use std::borrow::Cow;

use crate::structure::{annex, boxed, mark};

/// How much narrower than the widest a line may be that was broken: a sign may not start a line, and takes the
/// character before it along; a number or a foreign word stays in one piece.
const SLACK: usize = 8;
/// The widest that a broken line is, about a page of 50 Chinese characters. What is wider was never broken.
const WIDEST: usize = 104;

/// The text with its paragraphs put together again; the text itself where its lines were never broken.
///
/// A line is joined with the next one only where it is as wide as the page and ends within a sentence, and the next one
/// starts neither with a number nor with more blanks than lines do that go on.
pub(super) fn joined(text: &str) -> Cow<'_, str> {
    let Some(page) = page_width(text) else { return Cow::Borrowed(text) };
    let mut whole = String::with_capacity(text.len());
    let mut full = false;
    for line in text.lines() {
        let words = line.trim();
        let goes_on = full && !words.is_empty() && indent(line) < 2 && !starts(words);
        if goes_on {
            let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            if ascii(whole.chars().next_back()) && ascii(words.chars().next()) {
                whole.push(' ');
            }
        } else if !whole.is_empty() {
            whole.push('\n');
        }
        whole.push_str(words);
        full = width(line.trim_end()) + SLACK > page && !ends(words);
    }
    Cow::Owned(whole)
}

/// How wide the page is on which a text was broken; none where it was not: where lines are wider than any page, or few
/// of the widest end within a sentence.
fn page_width(text: &str) -> Option<usize> {
    let lines: Vec<_> = text.lines().map(|line| (width(line.trim_end()), line.trim())).collect();
    let page = lines.iter().map(|(width, _)| *width).max().filter(|page| (40..=WIDEST).contains(page))?;
    let full: Vec<_> = lines.iter().filter(|(width, _)| width + SLACK > page).collect();
    let broken = full.iter().filter(|(_, words)| !ends(words)).count();
    (broken >= 5 && broken * 2 > full.len() && full.len() * 3 > lines.len()).then_some(page)
}

/// Columns that a line takes: a Chinese character two, an ASCII one one.
fn width(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Columns of white space in front of a line.
fn indent(line: &str) -> usize {
    width(&line[..line.len() - line.trim_start().len()])
}

fn ends(line: &str) -> bool {
    line.ends_with(['。', '！', '？', '；', '：', ':', ';', '”'])
}

fn starts(line: &str) -> bool {
    mark(line).is_some() || boxed(line).is_some() || annex(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Breaks a paragraph as a page of 22 characters does.
    fn broken(text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        characters.chunks(22).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn joins_what_a_page_broke() {
        let paragraphs = [
            "一、办好门诊",
            "1.全县在每个镇上开设夜间门诊，请县里的老医生轮流坐诊，每周不少于三个晚上，让住在山里的老人当天去当天回，不必再在镇上过夜。",
            "2.老人每年做一次免费的体检，由村医上门登记，体检的结果当场告诉本人和家里人，查出问题的由镇上的医生跟着管下去，直到治好为止。",
            "3.村里的路修到门诊的门口，路边装上灯，坡陡的地方装上扶手，下雨下雪的时候由村里派人扫，让老人夜里走路也放心。",
            "4.账目每月贴在门口。",
        ];
        let page = paragraphs.map(broken).join("\n");
        assert_eq!(joined(&page), paragraphs.join("\n"));
    }

    #[test]
    fn leaves_texts_that_no_page_broke() {
        let list = "一、医院\n县人民医院\n县中医院\n县妇幼保健院\n二、卫生院\n城关镇卫生院\n东山乡卫生院";
        assert!(matches!(joined(list), Cow::Borrowed(_)));
        let long = "全县在每个镇上开设夜间门诊，请老医生坐诊。".repeat(4);
        assert!(matches!(joined(&long), Cow::Borrowed(_)));
    }
}
