//! An HTML page into an article.

mod attachment;
mod blocks;
mod body;
mod element;
mod flat;
mod head;
mod table;

use scraper::Html;

use crate::{Article, furniture};

/// Reads an HTML page, already decoded. The text is found by the marks that publishing systems leave in their pages,
/// elsewhere by where sentences stand; what stands around it is left out.
#[must_use]
pub fn article(html: &str) -> Article {
    let page = Html::parse_document(&flat::flat(html));
    let survey = body::Survey::of(&page);
    let body = survey.body();
    let mut meta = head::labels(&page, &body);
    head::tags(&page, &mut meta);
    let mut blocks = blocks::read(&page, &body);
    if blocks.is_empty()
        && let Some(content) = scripted(html)
    {
        let page = Html::parse_document(&flat::flat(&content));
        blocks = blocks::read(&page, &body::Survey::of(&page).body());
    }
    let attachments = attachment::all(&page);
    furniture::trim(&mut blocks, &mut meta);
    // Links to files under the text are no part of it.
    while blocks
        .pop_if(|last| last.line().is_some_and(|line| attachments.iter().any(|file| file.name == line)))
        .is_some()
    {}
    Article { title: head::title(&page, &meta), meta, blocks, attachments, annexes: Vec::new() }
}

/// The text of a page that keeps it in a script, as `"content":"<p>…"` of its settings (Guangdong's catalogue pages).
fn scripted(html: &str) -> Option<String> {
    let value = html.split_once("\"content\":")?.1.trim_start();
    serde_json::Deserializer::from_str(value).into_iter::<String>().next()?.ok()
}
