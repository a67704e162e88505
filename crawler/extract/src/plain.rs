//! A plain text into an article.

mod wrapped;

use crate::{
    Article,
    article::{Block, Metadata},
    furniture::{is_furniture, tail},
    metadata::{date, is_document_number, is_label, record, record_line},
    structure::mark,
    title::plan_word,
};

/// How far into a text its title may stand, in lines.
const HEAD: usize = 40;

/// Reads a plain text, one paragraph a line: a document, or a page copied with all that stands around its text.
#[must_use]
pub fn article(text: &str) -> Article {
    let unwrapped = wrapped::joined(text);
    let lines: Vec<&str> =
        unwrapped.lines().map(|line| line.trim_matches(is_blank)).filter(|line| !line.is_empty()).collect();
    let lines = &lines[..lines.len() - tail(&lines)];
    let head = head(lines);
    let blocks = lines[head.lines..].iter().map(|line| Block::Paragraph((*line).to_owned())).collect();
    Article { title: head.title, meta: head.meta, blocks, ..Article::default() }
}

/// Reads a document whose paragraphs and tables are told apart already, as in the file of a word processor.
#[must_use]
pub fn document(mut blocks: Vec<Block>) -> Article {
    let lines: Vec<&str> = blocks.iter().map_while(Block::line).collect();
    let head = head(&lines);
    blocks.drain(..head.lines);
    Article { title: head.title, meta: head.meta, blocks, ..Article::default() }
}

/// What stands above a text.
struct Head {
    title: Option<String>,
    meta: Metadata,
    /// How many lines it takes.
    lines: usize,
}

fn head(lines: &[&str]) -> Head {
    let mut meta = Metadata::default();
    let (title, end) = match title(lines) {
        Some((i, count)) => {
            for line in &lines[..i] {
                if is_document_number(line) {
                    meta.document_number.get_or_insert_with(|| (*line).to_owned());
                } else {
                    record_line(&mut meta, line);
                }
            }
            (Some(lines[i..i + count].concat()), i + count)
        }
        None => (None, 0),
    };
    let lines = end + front(&lines[end..], &mut meta);
    Head { title, meta, lines }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Where the title stands and how many lines it takes: the first line in front of the text that names a plan, with the
/// next one where that ends it (`的通知`); or two short lines that do so together.
fn title(lines: &[&str]) -> Option<(usize, usize)> {
    let head = &lines[..lines.len().min(HEAD)];
    // Text starts with the first number or the first long sentence.
    let text = head
        .iter()
        .position(|line| mark(line).is_some() || line.chars().count() > 80 && line.contains(['。', '，', ',']));
    let head = &head[..text.unwrap_or(head.len())];
    let Some(i) = head.iter().position(|line| is_title(line)) else {
        let together = |pair: &[&str]| pair.iter().all(|line| line.chars().count() <= 30) && is_title(&pair.concat());
        return head.windows(2).position(together).map(|i| (i, 2));
    };
    let ends_below = lines.get(i + 1).is_some_and(|next| matches!(*next, "的通知" | "通知"));
    Some((i, 1 + usize::from(ends_below)))
}

fn is_title(line: &str) -> bool {
    let ends_so = |word: std::ops::Range<usize>| line[word.end..].chars().count() <= 15;
    // A report to a congress is titled by its kind alone.
    if line.ends_with("政府工作报告") && line.chars().count() <= 30 {
        return true;
    }
    (8..=60).contains(&line.chars().count())
        && !line.contains(['。', '，', ',', '；', '>'])
        && !is_furniture(line)
        && plan_word(line).is_some_and(ends_so)
}

/// How many lines stand between the title and the text: labels with their values, and lines of the page.
fn front(lines: &[&str], meta: &mut Metadata) -> usize {
    let mut i = 0;
    while let Some(line) = lines.get(i) {
        if record_line(meta, line) || is_furniture(line) {
            i += 1;
        } else if let Some(values) = lines.get(i + 1).filter(|values| columns(line, values, meta)) {
            debug_assert!(!values.is_empty());
            i += 2;
        } else {
            break;
        }
    }
    i
}

/// A row of labels over a row of values, as a copied table has them. Empty cells leave no trace, so that only the first
/// and the last value can be told apart.
fn columns(labels: &str, values: &str, meta: &mut Metadata) -> bool {
    let labels: Vec<_> = labels.split_whitespace().collect();
    let values: Vec<_> = values.split_whitespace().collect();
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return false };
    let dated = values.first().is_some_and(|value| date(value).is_some());
    if labels.len() < 2 || !dated || !is_label(first) {
        return false;
    }
    record(meta, first, values[0]);
    if let [_, .., value] = values[..] {
        record(meta, last, value);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_page_copied_whole() {
        let text = "计划\n某卫发〔2025〕1号\n当前位置:首页 > 计划\n索引号: \u{a0}A1/3 成文日期: \u{a0}2025-02-03\n2025年全县义诊工作要点\n发布日期:2025-02-04 09:00:00\n\n\
                    新的一年，办好义诊。\n一、义诊\n扫一扫在手机打开\n首页\n";
        let article = article(text);
        assert_eq!(article.title.as_deref(), Some("2025年全县义诊工作要点"));
        assert_eq!(article.meta.index_number.as_deref(), Some("A1/3"));
        assert_eq!(article.meta.document_number.as_deref(), Some("某卫发〔2025〕1号"));
        assert_eq!(article.meta.published_on.unwrap().to_string(), "2025-02-04");
        assert_eq!(article.blocks.len(), 2);
    }

    #[test]
    fn reads_the_title_of_a_report() {
        let article = article("政府工作报告\n来源：某办\n各位代表：\n一、去年工作回顾");
        assert_eq!((article.title.as_deref(), article.blocks.len()), (Some("政府工作报告"), 2));
        assert_eq!(article.meta.origin.as_deref(), Some("某办"));
    }

    #[test]
    fn reads_a_table_copied_as_two_lines() {
        let article =
            article("项目\n【甲省】乙市义诊“十四五”规划\n发布时间 行业 性质 地区\n2021-02-03 医疗 甲省\n一、背景\n");
        assert_eq!(article.meta.published_on.unwrap().to_string(), "2021-02-03");
        assert_eq!(article.meta.region.as_deref(), Some("甲省"));
        assert_eq!(article.blocks, [Block::Paragraph("一、背景".to_owned())]);
    }

    #[test]
    fn keeps_a_text_without_a_title() {
        let article = article("办好义诊。\n一、下乡");
        assert_eq!((article.title, article.blocks.len()), (None, 2));
        assert_eq!(super::article("").blocks, []);
        // A sentence that speaks of a plan is no title.
        assert_eq!(super::article("今年的工作计划：全县新增两百张床位，都放在镇上").title, None);
    }

    #[test]
    fn reads_a_document_with_a_title_on_two_lines() {
        let line = |line: &str| Block::Paragraph(line.to_owned());
        let table = Block::Table(crate::article::Table { rows: vec![vec!["甲".to_owned(), "乙".to_owned()]] });
        let blocks = ["某市义诊事业发展", "“十四五”规划", "发布日期：2021-02-03", "一、义诊"].map(line);
        let article = document([&blocks[..], std::slice::from_ref(&table)].concat());
        assert_eq!(article.title.as_deref(), Some("某市义诊事业发展“十四五”规划"));
        assert_eq!(article.meta.published_on.unwrap().to_string(), "2021-02-03");
        assert_eq!(article.blocks, [line("一、义诊"), table]);
        assert_eq!(document(Vec::new()), Article::default());
    }
}
