//! Files offered with an article.

use scraper::{ElementRef, Html};

use super::element;
use crate::{article::Attachment, text::one_line};

const ENDINGS: [&str; 9] = ["pdf", "doc", "docx", "wps", "xls", "xlsx", "ofd", "zip", "rar"];
/// Scripts that send files, with the file's name in the address.
const SENDERS: [&str; 2] = ["downfile.jsp", "download.jsp"];

/// All files that a page links to or shows in a frame, each once.
pub(super) fn all(page: &Html) -> Vec<Attachment> {
    let mut found: Vec<Attachment> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for node in page.tree.nodes().filter_map(ElementRef::wrap) {
        let address = match node.value().name() {
            "a" => node.attr("href"),
            "iframe" | "embed" => node.attr("src"),
            "object" => node.attr("data"),
            _ => None,
        };
        let Some(href) = address.map(str::trim).filter(|href| is_file(href)) else { continue };
        let around = node.ancestors().filter_map(|above| element::of(above.value())).any(|above| above.name() == "nav");
        if !around && seen.insert(href.to_owned()) {
            found.push(Attachment { href: href.to_owned(), name: name(node, href) });
        }
    }
    found
}

fn is_file(href: &str) -> bool {
    let lower = href.to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    let ends = |text: &str| text.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending));
    ends(path) || SENDERS.iter().any(|sender| path.ends_with(sender)) || lower.split(['?', '&', '=']).any(ends)
}

/// The link's text, its title, or the last part of its address.
fn name(link: ElementRef<'_>, href: &str) -> String {
    let text = one_line(&link.text().collect::<String>());
    let title = || link.attr("title").map(one_line).filter(|title| !title.is_empty());
    let file = || href.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or(href).to_owned();
    if text.is_empty() { title().unwrap_or_else(file) } else { text }
}

#[cfg(test)]
mod tests {
    use crate::html::article;

    #[test]
    fn finds_files() {
        let page = "<p><a href='./P1.PDF'>要点</a><a href='./P1.PDF'>再看</a><a href='/x.html'>页</a><a href=' a/%E8.docx?v=1 '></a>\
                    <a href='/module/download/downfile.jsp?classid=0&filename=1a.xls'>表</a><iframe src='b.pdf'></iframe></p>\
                    <nav><a href='c.pdf'>指南</a></nav>";
        let found: Vec<_> =
            article(page).attachments.into_iter().map(|file| format!("{} {}", file.name, file.href)).collect();
        assert_eq!(
            found,
            [
                "要点 ./P1.PDF",
                "%E8.docx a/%E8.docx?v=1",
                "表 /module/download/downfile.jsp?classid=0&filename=1a.xls",
                "b.pdf b.pdf"
            ]
        );
    }
}
