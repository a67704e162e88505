//! Plans behind a notice that sends them out (关于印发…的通知).

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    article::{Block, Metadata},
    metadata::{date, is_date_line, is_document_number, pattern},
    structure::{annex, mark},
    text::{plain, plain_chars},
};

static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(.*?)关于(?:印发|下发|发布|公布|转发)\s*[《<〈]?(.+?)[》>〉]?\s*的\s*(?:通知|公告|函|通告)")
});
/// What a notice says of what it sends.
static SENDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern("印发给?(?:你们|各|如下)|现(?:将|予|印发|下发|发给)|(?:随|全)文(?:印发|下发|公布)|下发给?你们")
});
/// How far into a text a notice and its signature may reach, in paragraphs.
const FRONT: usize = 40;
/// How many lines an imprint takes.
const IMPRINT: usize = 3;
/// How far down a text without a notice may repeat its title.
const REPEATED: usize = 6;

/// Takes the notice off: the plan's own title and text, and who signed. Number and date that stand in the notice or
/// under the text are added to what the page says.
pub(crate) fn unwrap<'a>(
    headline: String,
    blocks: &'a [Block],
    meta: &mut Metadata,
) -> (String, &'a [Block], Option<String>) {
    let (sender, title) = named(&headline);
    let start = own_text(&headline, &title, blocks);
    let (front, text) = blocks.split_at(start);
    let (text, behind) = text.split_at(text.len() - signature_lines(text));
    let signed = note(front.iter().chain(behind), meta);
    (title, text, signed.or(sender))
}

/// What a headline says: who sends, where it is that of a notice, and the title of what is sent.
fn named(headline: &str) -> (Option<String>, String) {
    match NOTICE.captures(headline) {
        Some(found) => (Some(found[1].trim().to_owned()).filter(|name| !name.is_empty()), found[2].trim().to_owned()),
        None => (None, headline.to_owned()),
    }
}

/// Reads a notice that stands alone as [`unwrap`] does one in front of its plan: the plan's title, and who signed.
pub(crate) fn read(headline: &str, blocks: &[Block], meta: &mut Metadata) -> (String, Option<String>) {
    let (sender, title) = named(headline);
    (title, note(blocks.iter(), meta).or(sender))
}

/// Adds the number and the date that stand among some lines; answers with who signed.
fn note<'a>(blocks: impl Iterator<Item = &'a Block>, meta: &mut Metadata) -> Option<String> {
    let mut signed = None;
    for line in blocks.filter_map(Block::line) {
        if is_document_number(line) {
            meta.document_number.get_or_insert_with(|| line.to_owned());
        } else if is_date_line(line) {
            meta.issued_on = meta.issued_on.or_else(|| date(line));
        } else if is_office(line) {
            signed.get_or_insert_with(|| line.to_owned());
        }
    }
    signed
}

/// Whether a text is the notice alone: it sends out what its headline names, and nothing of that stands behind it.
pub(crate) fn is_alone(headline: &str, blocks: &[Block]) -> bool {
    let Some(found) = NOTICE.captures(headline) else { return false };
    sends(blocks) && own_text(headline, found[2].trim(), blocks) == 0
}

/// Whether a text begins as a notice that sends something out.
pub(crate) fn sends(blocks: &[Block]) -> bool {
    blocks.iter().take(FRONT).filter_map(Block::line).any(|line| SENDS.is_match(line))
}

/// Where the plan's own text starts: behind its title where that stands on a line or two of its own, else behind the
/// signature of the notice, else behind the notice's headline.
fn own_text(headline: &str, title: &str, blocks: &[Block]) -> usize {
    let line = |i: usize| blocks.get(i).and_then(Block::line);
    let is_notice = headline != title;
    let reach = blocks.len().min(if is_notice { FRONT } else { REPEATED });
    // On a line or two from here.
    let printed = |i: usize, wanted: &str| {
        let rest = strip(wanted, line(i).filter(|_| !wanted.is_empty())?)?;
        if rest.is_empty() {
            return Some(i + 1);
        }
        strip(rest, line(i + 1)?).filter(|rest| rest.is_empty()).map(|_| i + 2)
    };
    let plain_title = plain(title);
    let titled = || (0..reach).rev().find_map(|i| printed(i, &plain_title));
    let signed = || {
        let is_signature = |i: &usize| line(*i).is_some_and(is_date_line) && line(i - 1).is_some_and(is_office);
        (1..reach).find(is_signature).filter(|_| is_notice).map(|i| i + 1)
    };
    let mut start = titled().or_else(signed).or_else(|| printed(0, &plain(headline))).unwrap_or(0);
    let is_front = |text: &str| {
        is_document_number(text) || is_date_line(text.trim_matches(['（', '）', '(', ')'])) || annex(text).is_some()
    };
    while line(start).is_some_and(is_front) {
        start += 1;
    }
    // A page that holds the notice alone keeps it.
    if start < blocks.len() { start } else { 0 }
}

/// How many lines at the end are a signature with its date.
fn signature_lines(blocks: &[Block]) -> usize {
    let line = |behind: usize| blocks.len().checked_sub(behind).and_then(|i| blocks.get(i)).and_then(Block::line);
    let imprint = (1..=IMPRINT).take_while(|behind| line(*behind).is_some_and(is_imprint)).count();
    let line = |behind: usize| line(imprint + behind);
    imprint
        + match (line(1), line(2)) {
            (Some(day), Some(office)) if is_date_line(day) && is_office(office) => 2,
            (Some(day), _) if is_date_line(day) => 1,
            _ => 0,
        }
}

/// Whether a line is of the imprint at the end of a document (GB/T 9704-2012, 7.4): who has a copy, who printed it when.
fn is_imprint(line: &str) -> bool {
    let prints = line.ends_with("印发") && date(line).is_some();
    line.chars().count() <= 60 && !line.contains('。') && prints
        || line.starts_with("抄送：")
        || line.starts_with("抄送:")
}

/// Whether a line is the name of an authority.
fn is_office(line: &str) -> bool {
    let ends = ["委员会", "卫生健康委", "卫生健康局", "卫健委", "卫健局", "人民政府", "办公室", "局", "领导小组"];
    line.chars().count() <= 30
        && !line.contains(['，', ',', '。', '：', ':'])
        && mark(line).is_none()
        // 各县卫生健康局 are those addressed.
        && !line.starts_with('各')
        && ends.iter().any(|end| line.ends_with(end))
}

/// What is left of a title as [`plain`] gives it behind a line of it; none where the line says anything else.
fn strip<'t>(title: &'t str, line: &str) -> Option<&'t str> {
    plain_chars(line).try_fold(title, |rest, c| rest.strip_prefix(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lines: &[&str]) -> Vec<Block> {
        lines.iter().map(|line| Block::Paragraph((*line).to_owned())).collect()
    }

    #[test]
    fn takes_the_notice_off() {
        let blocks = page(&[
            "某县卫健局关于印发2025年工作要点",
            "的通知",
            "某卫发〔2025〕7号",
            "各县卫生健康局",
            "现将要点发给你们。",
            "某县卫生健康局",
            "2025年2月3日",
            "2025年",
            "工作要点",
            "一、义诊",
        ]);
        let mut meta = Metadata::default();
        let (title, text, signed) = unwrap("某县卫健局关于印发《2025年工作要点》的通知".to_owned(), &blocks, &mut meta);
        assert_eq!((title.as_str(), text, signed.as_deref()), ("2025年工作要点", &blocks[9..], Some("某县卫生健康局")));
        assert_eq!(meta.document_number.as_deref(), Some("某卫发〔2025〕7号"));
        assert_eq!(meta.issued_on.unwrap().to_string(), "2025-02-03");
    }

    #[test]
    fn cuts_the_imprint_off() {
        let blocks = page(&[
            "一、义诊",
            "某县卫生健康局",
            "2025年2月3日",
            "抄送：县委办公室。",
            "某县卫生健康局办公室 2025年2月3日印发",
        ]);
        let mut meta = Metadata::default();
        let (_, text, signed) = unwrap("2025年要点".to_owned(), &blocks, &mut meta);
        assert_eq!((text, signed.as_deref()), (&blocks[..1], Some("某县卫生健康局")));
        assert_eq!(meta.issued_on.unwrap().to_string(), "2025-02-03");
    }

    #[test]
    fn cuts_at_the_signature_where_the_title_is_not_repeated() {
        let blocks = page(&["各单位：", "现发给你们。", "某县卫生健康局", "2025年2月3日", "一、义诊"]);
        let (title, text, _) = unwrap("关于印发2025年要点的通知".to_owned(), &blocks, &mut Metadata::default());
        assert_eq!((title.as_str(), text), ("2025年要点", &blocks[4..]));
    }

    #[test]
    fn keeps_a_summary_of_the_old_year() {
        let blocks = page(&["一、办了义诊", "2025年工作计划", "一、再办义诊", "某县卫生健康局", "2025年2月3日"]);
        let (_, text, signed) =
            unwrap("某局2024年工作总结及2025年工作计划".to_owned(), &blocks, &mut Metadata::default());
        assert_eq!((text, signed.as_deref()), (&blocks[..3], Some("某县卫生健康局")));
    }

    #[test]
    fn keeps_a_text_that_is_no_notice() {
        let blocks = page(&["2025年要点", "（2025年2月3日）", "一、义诊"]);
        let (_, text, signed) = unwrap("2025年要点".to_owned(), &blocks, &mut Metadata::default());
        assert_eq!((text, signed), (&blocks[2..], None));
    }
}
