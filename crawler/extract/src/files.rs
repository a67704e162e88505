//! Plans that are not on their page: a notice sends them out in a file beside it.
//!
//! [`wanted`] names the files that may hold the plan of a page or an annex to it; [`join`] makes one article of the page
//! and what was in them. What a page says of its document stays the page's; the text is the file's.

mod overlap;

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    Article,
    article::{Attachment, Block, Metadata},
    metadata::pattern,
    split::notice,
    structure::annex,
    text::plain,
    title::plan_word,
    triage::{self, Verdict},
};

/// How many files of a page are looked at.
const MAX_FILES: usize = 8;
/// Characters from which on a text that reads as a plan is a whole one and no summary.
const WHOLE: usize = 1_000;
/// The share of a text that is found in another from which on it says nothing of its own.
const SAME: f64 = 0.6;

/// Names of annexes that belong to a plan's text.
static ANNEX: LazyLock<Regex> =
    LazyLock::new(|| pattern("指标|名词解释|名词释义|术语|任务分解|任务清单|责任清单|任务分工|分工表|项目表|目标表"));
/// Names of files that are none of a plan: forms, lists of people, and what others say of it.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern("解读|图解|读懂|看懂|说明$|申报|申请|登记|推荐|回执|反馈|报名|联系|名单|须知|指南|样表|模板|意见表|评分")
});
/// How a page says that its text stands elsewhere.
static ELSEWHERE: LazyLock<Regex> =
    LazyLock::new(|| pattern("(?:全文|原文|正文|详细内容|具体内容)[^。]{0,6}(?:附件|下载|点击)|(?:详见|请见|见)附件$"));
/// Endings of files in which no text can be read without unpacking them or with none of the readers there are.
static CLOSED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\.(?:zip|rar|7z|ofd)(?:$|[?#&])"));
/// What a file's name has around the name of what is in it.
static AROUND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:点击|请)?(?:下载|查看)?[：:]?\s*|\.(?:pdf|docx?|wps|xlsx?|ofd|zip|rar)\s*$|[（(](?:点击)?下载[）)]|\s+$",
    )
});
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^附[件表录]\s*[\d一二三四五六七八九十]{0,2}\s*[：:.．、\-—]?\s*"));

/// What a file is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Plan,
    Annex,
    Unclear,
    Other,
}

/// The files of a page that have to be read with it, in order, as indices of its attachments; none where it is no plan's
/// page, or holds its plan whole. `listed` is what the list calls it.
#[must_use]
pub fn wanted(listed: &str, page: &Article) -> Vec<usize> {
    let headline = page.title.as_deref().unwrap_or(listed);
    let is_named = match by_title(listed, page) {
        Verdict::Other(_) => return Vec::new(),
        Verdict::Plan(_) => true,
        Verdict::Unclear => false,
    };
    let own = own_text(headline, &page.blocks);
    let is_whole = length(own) >= WHOLE && is_plan(headline, own) && !refers(page);
    let roles: Vec<_> = page.attachments.iter().map(|file| role(&file.name)).collect();
    let is_wanted = |role: Role| match role {
        Role::Plan if is_named => !is_whole,
        // Some page or other may offer a plan beside its text.
        Role::Plan => length(&page.blocks) < WHOLE && !is_plan(headline, own),
        Role::Annex => is_named,
        Role::Unclear => is_named && !is_whole,
        Role::Other => false,
    };
    let found = |closed: bool| -> Vec<usize> {
        let of_kind = |file: &Attachment| is_closed(file) == closed;
        let files = page.attachments.iter().zip(&roles).enumerate();
        files
            .filter(|(_, (file, role))| of_kind(file) && is_wanted(**role))
            .map(|(index, _)| index)
            .take(MAX_FILES)
            .collect()
    };
    let open = found(false);
    // What cannot be read is asked for where there is nothing else, to tell why there is no plan.
    let is_plan_in_it = |index: &usize| roles[*index] != Role::Annex;
    if is_whole || is_plan(headline, own) || open.iter().any(is_plan_in_it) {
        open
    } else {
        [open, found(true)].concat()
    }
}

/// A page and its files as one article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// The article.
    pub article: Article,
    /// Which file its body is from; none where it is the page's own.
    pub body: Option<usize>,
    /// Which file each of its annexes is from.
    pub annexes: Vec<usize>,
}

/// A page and what could be read of its files, each with its name, as one article. Where the page holds the plan and a
/// file is a copy of it, the page stays as it is.
#[must_use]
pub fn join(listed: &str, page: Article, files: &[(&str, Article)]) -> Joined {
    let headline = page.title.clone().unwrap_or_else(|| listed.to_owned());
    if matches!(by_title(listed, &page), Verdict::Other(_)) {
        return Joined { article: page, ..Joined::default() };
    }
    let own = own_text(&headline, &page.blocks);
    let on_page = is_plan(&headline, own).then(|| own.to_vec());
    let body = body(&headline, files).filter(|file| {
        let is_copy = |own: &Vec<Block>| overlap::share(&files[*file].1.blocks, own) >= SAME;
        !on_page.as_ref().is_some_and(is_copy)
    });
    let mut article = match body {
        Some(file) => enclosed(&headline, page, files[file].0, &files[file].1),
        None if on_page.is_some() => page,
        None => return Joined { article: page, ..Joined::default() },
    };
    let mut said = article.blocks.clone();
    let mut annexes = Vec::new();
    for (index, (name, file)) in files.iter().enumerate().filter(|(index, _)| Some(*index) != body) {
        if belongs(&headline, name, file) && overlap::share(&file.blocks, &said) < SAME {
            let blocks = annexed(name, file);
            said.extend_from_slice(&blocks);
            article.annexes.push(blocks);
            annexes.push(index);
        }
    }
    Joined { article, body, annexes }
}

/// The file that holds the plan: the first that is named as one, then the first that reads as one.
fn body(headline: &str, files: &[(&str, Article)]) -> Option<usize> {
    let of = |wanted: Role| {
        let is_so = |(name, file): &(&str, Article)| role(name) == wanted && is_plan_file(headline, name, file);
        files.iter().position(is_so)
    };
    of(Role::Plan).or_else(|| of(Role::Unclear)).or_else(|| of(Role::Annex))
}

fn is_plan_file(headline: &str, name: &str, file: &Article) -> bool {
    let own = [file.title.as_deref(), Some(name)].into_iter().flatten().find(|title| plan_word(title).is_some());
    is_plan(own.unwrap_or(headline), &file.blocks)
}

/// Whether a file that is not the body goes behind it.
fn belongs(headline: &str, name: &str, file: &Article) -> bool {
    let is_table = |text: &str| text.contains("指标");
    match role(name) {
        Role::Annex => !file.blocks.is_empty(),
        Role::Plan | Role::Unclear => is_plan_file(headline, name, file) || file.title.as_deref().is_some_and(is_table),
        Role::Other => false,
    }
}

/// The page's article with the text of a file.
fn enclosed(headline: &str, page: Article, name: &str, file: &Article) -> Article {
    let mut meta = page.meta;
    let (named, signed) = notice::read(headline, &page.blocks, &mut meta);
    meta.issuer = meta.issuer.or(signed);
    fill(&mut meta, &file.meta);
    let own = file.title.clone().unwrap_or_default();
    let title = match plan_word(&named) {
        // A file that holds the notice, too, has its headline.
        Some(_) if plain(&own).contains(&plain(&named)) => own,
        Some(_) if notice::sends(&file.blocks) => headline.to_owned(),
        Some(_) => named,
        None if plan_word(&own).is_some() => own,
        None => clean(name),
    };
    Article {
        title: Some(title),
        meta,
        blocks: file.blocks.clone(),
        attachments: page.attachments,
        annexes: page.annexes,
    }
}

/// Adds what a page does not say.
fn fill(meta: &mut Metadata, file: &Metadata) {
    let Metadata { issuer, document_number, index_number, issued_on, published_on, origin: _, region, site: _ } = file;
    for (known, new) in [
        (&mut meta.issuer, issuer),
        (&mut meta.document_number, document_number),
        (&mut meta.index_number, index_number),
        (&mut meta.region, region),
    ] {
        if known.is_none() {
            known.clone_from(new);
        }
    }
    meta.issued_on = meta.issued_on.or(*issued_on);
    meta.published_on = meta.published_on.or(*published_on);
}

/// A file as an annex: under its own headline, or one made of its name.
fn annexed(name: &str, file: &Article) -> Vec<Block> {
    let name = clean(name);
    let is_headed = file.blocks.first().and_then(Block::line).is_some_and(|line| annex(line).is_some());
    let headline = match annex(&name) {
        _ if is_headed => None,
        Some(_) => Some(name.clone()),
        None => Some(format!("附件：{name}")),
    };
    let own = file.title.clone().filter(|own| !plain(&name).contains(&plain(own)));
    let above = headline.into_iter().chain(own).map(Block::Paragraph);
    above.chain(file.blocks.iter().cloned()).collect()
}

/// The text behind a notice, where a page holds one; nothing where it holds the notice alone.
fn own_text<'a>(headline: &str, blocks: &'a [Block]) -> &'a [Block] {
    if notice::is_alone(headline, blocks) {
        return &[];
    }
    notice::unwrap(headline.to_owned(), blocks, &mut Metadata::default()).1
}

fn is_plan(title: &str, blocks: &[Block]) -> bool {
    let article = Article { title: Some(title.to_owned()), blocks: blocks.to_vec(), ..Article::default() };
    matches!(triage::verdict(title, Some(&article)), Verdict::Plan(_))
}

/// What the titles tell: the page's own, else the list's.
fn by_title(listed: &str, page: &Article) -> Verdict {
    match page.title.as_deref().map(|own| triage::verdict(own, None)) {
        None | Some(Verdict::Unclear) => triage::verdict(listed, None),
        Some(told) => told,
    }
}

fn refers(page: &Article) -> bool {
    page.blocks.iter().filter_map(Block::line).any(|line| ELSEWHERE.is_match(line))
}

fn length(blocks: &[Block]) -> usize {
    let chars = |text: &str| text.chars().count();
    let of = |block: &Block| match block {
        Block::Table(table) => table.rows.iter().flatten().map(|cell| chars(cell)).sum(),
        Block::Heading(line, _) | Block::Paragraph(line) => chars(line),
    };
    blocks.iter().map(of).sum()
}

fn is_closed(file: &Attachment) -> bool {
    CLOSED.is_match(&file.href) || CLOSED.is_match(&file.name)
}

fn role(name: &str) -> Role {
    let name = clean(name);
    if ANNEX.is_match(&name) {
        return Role::Annex;
    }
    if OTHER.is_match(&name) {
        return Role::Other;
    }
    match triage::verdict(LABEL.replace(&name, "").trim(), None) {
        Verdict::Plan(_) => Role::Plan,
        Verdict::Other(_) => Role::Other,
        Verdict::Unclear => Role::Unclear,
    }
}

/// The name of what is in a file: without the ending and words of the link.
fn clean(name: &str) -> String {
    AROUND.replace_all(name, "").trim().to_owned()
}

#[cfg(test)]
mod tests;
