//! An HTML page into an article.

mod attachment;
mod blocks;
mod body;
mod element;
mod head;
mod table;

use scraper::Html;

use crate::{Article, furniture};

/// Reads an HTML page, already decoded. The text is found by the marks that publishing systems leave in their pages,
/// elsewhere by where sentences stand; what stands around it is left out.
#[must_use]
pub fn article(html: &str) -> Article {
    let page = Html::parse_document(&flat(html));
    let survey = body::Survey::of(&page);
    let body = survey.body();
    let mut meta = head::labels(&page, &body);
    head::tags(&page, &mut meta);
    let mut blocks = blocks::read(&page, &body);
    if blocks.is_empty()
        && let Some(content) = scripted(html)
    {
        let page = Html::parse_document(&flat(&content));
        blocks = blocks::read(&page, &body::Survey::of(&page).body());
    }
    furniture::trim(&mut blocks, &mut meta);
    Article { title: head::title(&page, &meta), meta, blocks, attachments: attachment::all(&page) }
}

/// The text of a page that keeps it in a script, as `"content":"<p>…"` of its settings (Guangdong's catalogue pages).
fn scripted(html: &str) -> Option<String> {
    let value = html.split_once("\"content\":")?.1.trim_start();
    serde_json::Deserializer::from_str(value).into_iter::<String>().next()?.ok()
}

/// How deep elements may nest. The parser looks through all open elements for every tag, so that its time would grow
/// with the square of the depth; no page that people read comes near.
const DEPTH: usize = 500;

/// A page without the opening tags of containers below [`DEPTH`]. Their text stays.
fn flat(html: &str) -> std::borrow::Cow<'_, str> {
    let mut depth = 0_usize;
    let mut kept = String::new();
    let mut from = 0;
    for (at, _) in html.match_indices('<') {
        let tag = &html[at + 1..];
        let name = tag.trim_start_matches('/').bytes().take_while(u8::is_ascii_alphanumeric).count();
        let closing = tag.starts_with('/');
        let name = &tag[usize::from(closing)..(usize::from(closing) + name).min(tag.len())];
        if name.is_empty() || element::is_void(name) {
            continue;
        }
        if closing {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
            if depth > DEPTH {
                let end = tag.find('>').map_or(html.len(), |end| at + end + 2);
                if at >= from {
                    kept.push_str(&html[from..at]);
                    from = end;
                }
            }
        }
    }
    if from == 0 {
        return html.into();
    }
    kept.push_str(&html[from..]);
    kept.into()
}
