//! A body into an article. An article that its publisher has split over several pages is kept as one body: its pages
//! one after another, as they came, with [`BORDER`] between them.

use extract::Article;
use url::Url;

use crate::{
    Error, decode, discover,
    document::{self, DocumentError, File},
    fetch::{Answer, Body, FetchError, Fetcher, Manners, Method, Validators},
    impostor::{self, Answered},
};

/// What stands between the pages of an article in its body.
const BORDER: &[u8] = b"\n<!-- plangraph: the next page of the same article -->\n";

/// An article with its other pages, where it has some.
///
/// # Errors
/// Where one of them cannot be had: half a plan is none.
pub(crate) async fn whole(fetcher: &Fetcher, first: Body, manners: Manners) -> Result<Body, Error> {
    let text = decode::decode(&first.bytes, first.media_type.as_deref(), first.url.host_str()).text;
    let mut others = Vec::new();
    for url in discover::parts(&text, &first.url) {
        if let Answer::Body(page) = fetcher.fetch(&url, &Method::Get, &Validators::default(), manners).await? {
            others.push(*page);
        }
    }
    Ok(join(first, &others))
}

/// The pages of one article as one body. It has no validators: those of the first page say nothing of the others.
fn join(first: Body, others: &[Body]) -> Body {
    if others.is_empty() {
        return first;
    }
    let pages = std::iter::once(&first).chain(others).map(|page| &page.bytes[..]);
    let bytes = pages.collect::<Vec<_>>().join(BORDER);
    Body { bytes, validators: Validators::default(), ..first }
}

/// Sees whether a body, all its pages, is what was asked for. Takes long on large ones.
///
/// # Errors
/// [`FetchError::Blocked`] or [`FetchError::NoPage`] where something else stands where a page should, and
/// [`Error::Document`] of a kind of file that is not known.
pub(crate) fn check(asked: &Url, title: Option<&str>, body: &Body) -> Result<(), Error> {
    for (nth, bytes) in pages(&body.bytes).enumerate() {
        let text = document::text(&file(body, bytes));
        let Some(html) = text.map_err(|source| Error::Document { url: asked.to_string(), source })? else { continue };
        let impostor = match nth {
            0 => impostor::article(&Answered { asked, url: &body.url, title, html: &html }),
            // The last page may have no more than a signature.
            _ => impostor::page(&html),
        };
        if let Some(impostor) = impostor {
            return Err(FetchError::from_impostor(impostor, asked).into());
        }
    }
    Ok(())
}

/// Reads a body, all its pages. Takes long on large ones.
///
/// # Errors
/// As [`document::article`], of any of its pages.
pub(crate) fn read(body: &Body) -> Result<Article, DocumentError> {
    let mut pages = pages(&body.bytes).map(|bytes| document::article(&file(body, bytes)));
    let mut article = pages.next().transpose()?.unwrap_or_default();
    for page in pages {
        let page = page?;
        article.blocks.extend(page.blocks);
        for file in page.attachments {
            if !article.attachments.contains(&file) {
                article.attachments.push(file);
            }
        }
        // The signature stands under the last page.
        article.meta.issued_on = article.meta.issued_on.or(page.meta.issued_on);
    }
    Ok(article)
}

/// A page of a body as a file.
fn file<'a>(body: &'a Body, bytes: &'a [u8]) -> File<'a> {
    File { bytes, media_type: body.media_type.as_deref(), host: body.url.host_str(), name: body.url.path() }
}

/// The pages in a body.
fn pages(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        match bytes.windows(BORDER.len()).position(|window| window == BORDER) {
            Some(at) => {
                let (page, rest) = bytes.split_at(at);
                bytes = &rest[BORDER.len()..];
                Some(page)
            }
            None => {
                ended = true;
                Some(bytes)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use extract::article::Block;
    use url::Url;

    use super::*;

    fn page(text: &str) -> Body {
        let validators = Validators { etag: Some("1".to_owned()), last_modified: None };
        let url = Url::parse("http://a.example/t20250101_1.html").unwrap();
        let bytes = format!("<title>全县健康事业安排</title><div class=TRS_Editor><p>{text}</p></div>").into_bytes();
        Body { url, moved: false, media_type: None, validators, headers: Vec::new(), bytes }
    }

    #[test]
    fn joins_the_pages_of_an_article() {
        let first = page("一、办好义诊，服务群众。");
        assert_eq!(join(first.clone(), &[]).bytes, first.bytes);
        let body = join(first, &[page("二、办好门诊，服务群众。"), page("三、办好急诊，服务群众。")]);
        assert_eq!(body.validators, Validators::default());
        let article = read(&body).unwrap();
        assert_eq!(article.title.as_deref(), Some("全县健康事业安排"));
        let lines: Vec<_> = article.blocks.iter().filter_map(Block::line).collect();
        assert_eq!(lines, ["一、办好义诊，服务群众。", "二、办好门诊，服务群众。", "三、办好急诊，服务群众。"]);
    }

    #[test]
    fn finds_the_page_that_is_none() {
        let text = "一、办好义诊，服务群众，方便老人就近看病。";
        let blocked = Body { bytes: "<p>您的请求已被拦截</p>".into(), ..page(text) };
        let check = |body: &Body| check(&body.url, Some("全县健康事业安排"), body);
        check(&join(page(text), &[page("某某县")])).unwrap();
        for body in [blocked.clone(), join(page(text), &[page(text), blocked])] {
            assert!(matches!(check(&body), Err(Error::Fetch(FetchError::Blocked { .. }))));
        }
    }
}
