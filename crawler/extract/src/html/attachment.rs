//! Files offered with an article.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;
use scraper::{ElementRef, Html};

use super::element;
use crate::{article::Attachment, metadata::pattern, text::one_line};

const ENDINGS: [&str; 11] = ["pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "ofd", "zip", "rar", "7z"];
/// Endings of pages, which no link to a file has.
const PAGES: [&str; 6] = ["html", "htm", "shtml", "jhtml", "xhtml", "css"];
/// Parts of the addresses of scripts that send files.
const SENDERS: [&str; 5] = ["downfile", "download", "attach", "getfile", "/file/"];

/// An address in quotes that ends as a file does, in a script.
static QUOTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)["']([^"'\s<>\\]{1,300}\.(?:pdf|docx?|wps|xlsx?|ofd)(?:[?#][^"'\s<>]*)?)["']"#));

/// All files that a page links to or shows in a frame, each once; where there is none, those that its scripts name.
pub(super) fn all(page: &Html) -> Vec<Attachment> {
    let mut found: Vec<Attachment> = Vec::new();
    let mut seen = HashSet::new();
    for node in page.tree.nodes().filter_map(ElementRef::wrap) {
        let Some(href) = address(node) else { continue };
        let around = node.ancestors().filter_map(|above| element::of(above.value())).any(|above| above.name() == "nav");
        if !around && seen.insert(href.to_owned()) {
            found.push(Attachment { href: href.to_owned(), name: name(node, href) });
        }
    }
    if found.is_empty() {
        let scripts = page.tree.nodes().filter_map(ElementRef::wrap).filter(|node| node.value().name() == "script");
        for text in scripts.flat_map(|script| script.text()) {
            for href in QUOTED.captures_iter(text).filter_map(|quoted| quoted.get(1)).map(|href| href.as_str()) {
                if seen.insert(href.to_owned()) {
                    found.push(Attachment { href: href.to_owned(), name: last(href) });
                }
            }
        }
    }
    found
}

/// The address of the file that an element links to or shows, where it does.
fn address(node: ElementRef<'_>) -> Option<&str> {
    let attribute = match node.value().name() {
        "a" => "href",
        "iframe" | "embed" => "src",
        "object" => "data",
        _ => return None,
    };
    let address = node.attr(attribute).map(str::trim).filter(|href| !href.is_empty());
    match address {
        Some(href) if is_file(href) => Some(href),
        // What a click runs.
        Some(script) if script.starts_with("javascript:") || script.starts_with('#') => {
            [node.attr("onclick"), Some(script)].into_iter().flatten().find_map(quoted)
        }
        None => node.attr("onclick").and_then(quoted),
        Some(href) => (attribute == "href" && is_sent(href, node)).then_some(href),
    }
}

fn quoted(script: &str) -> Option<&str> {
    Some(QUOTED.captures(script)?.get(1)?.as_str())
}

fn is_file(href: &str) -> bool {
    let lower = href.to_ascii_lowercase();
    lower.split(['?', '&', '=', '#']).any(|part| ends(part, &ENDINGS))
        || lower
            .split(['?', '#'])
            .next()
            .is_some_and(|path| ends(path, &["jsp"]) && SENDERS.iter().any(|s| path.contains(s)))
}

/// Whether a link whose address tells nothing leads to a file: it is named as one, or as an annex and sent by a script.
fn is_sent(href: &str, link: ElementRef<'_>) -> bool {
    let lower = href.to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    let text = one_line(&link.text().collect::<String>());
    let is_named = ends(&text.to_ascii_lowercase(), &ENDINGS);
    let is_annex = text.starts_with("附件") && SENDERS.iter().any(|sender| lower.contains(sender));
    !ends(path, &PAGES) && !lower.starts_with("mailto:") && (is_named || is_annex)
}

fn ends(text: &str, endings: &[&str]) -> bool {
    text.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

/// The link's text, its title, or the last part of its address.
fn name(link: ElementRef<'_>, href: &str) -> String {
    let text = one_line(&link.text().collect::<String>());
    let title = || link.attr("title").map(one_line).filter(|title| !title.is_empty());
    if text.is_empty() { title().unwrap_or_else(|| last(href)) } else { text }
}

/// The last part of an address.
fn last(href: &str) -> String {
    href.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or(href).to_owned()
}

#[cfg(test)]
mod tests {
    use crate::html::article;

    fn files(page: &str) -> Vec<String> {
        article(page).attachments.into_iter().map(|file| format!("{} {}", file.name, file.href)).collect()
    }

    #[test]
    fn finds_files() {
        let page = "<p><a href='./P1.PDF'>要点</a><a href='./P1.PDF'>再看</a><a href='/x.html'>页</a><a href=' a/%E8.docx?v=1 '></a>\
                    <a href='/module/download/downfile.jsp?classid=0&filename=1a.xls'>表</a><iframe src='b.pdf'></iframe></p>\
                    <nav><a href='c.pdf'>指南</a></nav>";
        assert_eq!(
            files(page),
            [
                "要点 ./P1.PDF",
                "%E8.docx a/%E8.docx?v=1",
                "表 /module/download/downfile.jsp?classid=0&filename=1a.xls",
                "b.pdf b.pdf"
            ]
        );
    }

    #[test]
    fn finds_files_behind_scripts_and_viewers() {
        let page = "<p><a href='javascript:;' onclick=\"down('/f/1.doc')\">附件1</a><a href='/attach/9?id=3'>附件2：表</a>\
                    <a href='/get?id=4'>要点.docx</a><a href='/attach/7.html'>附件3：说明</a><a href='/about?id=1'>关于</a>\
                    <a href='mailto:a@b.cn'>某局.doc</a><iframe src='/pdfjs/web/viewer.html?file=%2Ff%2F5.pdf'></iframe></p>";
        assert_eq!(
            files(page),
            [
                "附件1 /f/1.doc",
                "附件2：表 /attach/9?id=3",
                "要点.docx /get?id=4",
                "viewer.html /pdfjs/web/viewer.html?file=%2Ff%2F5.pdf"
            ]
        );
        let page = "<p>公开</p><script>PDFObject.embed('./P1.pdf', '#box');</script>";
        assert_eq!(files(page), ["P1.pdf ./P1.pdf"]);
    }
}
