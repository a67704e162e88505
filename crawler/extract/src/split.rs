//! One article into the parts that are plans, each with what is known of it as a whole.

pub(crate) mod notice;
mod regional;

use chrono::Datelike;
use entity::value::{Period, PlanKind};

use crate::{
    Article, Context,
    article::{Block, Metadata},
    plan::Region,
    region::Gazetteer,
    title,
};

/// A part of an article that is a plan, before its structure is read.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// The plan's own title.
    pub(crate) title: String,
    pub(crate) kind: PlanKind,
    pub(crate) period: Option<Period>,
    /// Whose plan it is.
    pub(crate) region: Option<Region>,
    /// Who issued it, in full.
    pub(crate) issuer: Option<String>,
    /// What the page says of it.
    pub(crate) meta: Metadata,
    /// The plan's text, without a notice in front or a signature behind.
    pub(crate) blocks: Vec<Block>,
    /// Where among the blocks each annex begins that stood in a file of its own.
    pub(crate) annexes: Vec<usize>,
    /// The lines that open a region's part of a page; none for a page that is one plan.
    pub(crate) opening: Option<Opening>,
}

/// The headline of a region's part of a page: `甲省：` and a slogan, on one line or two, or none at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    /// How many lines it takes.
    pub(crate) lines: usize,
    pub(crate) slogan: Option<String>,
}

/// The plans in an article; none where it has no text.
pub(crate) fn plans(article: &Article, context: &Context, gazetteer: &Gazetteer) -> Vec<Draft> {
    if article.blocks.is_empty() {
        return Vec::new();
    }
    let headline = article.title.as_deref().map(|title| headline(title, gazetteer)).unwrap_or_default();
    let parts = regional::parts(&article.blocks, title::first_year(&headline).or(context.year), gazetteer);
    if parts.is_empty() {
        return vec![single(article, headline, context, gazetteer)];
    }
    let opening_text = parts.first().and_then(|part| first_text(part.blocks)).unwrap_or_default();
    let (kind, period) = (title::kind(&headline), period(&headline, opening_text, &article.meta, context));
    parts
        .into_iter()
        .map(|part| Draft {
            title: part.title(&headline),
            kind,
            period,
            region: Some(part.region),
            issuer: None,
            meta: article.meta.clone(),
            blocks: part.blocks.to_vec(),
            annexes: Vec::new(),
            opening: Some(part.opening),
        })
        .collect()
}

fn single(article: &Article, headline: String, context: &Context, gazetteer: &Gazetteer) -> Draft {
    let mut meta = article.meta.clone();
    let (title, blocks, signature) = notice::unwrap(headline, &article.blocks, &mut meta);
    let opening_text = first_text(blocks).unwrap_or_default();
    let title = if title.is_empty() { opening_words(opening_text) } else { title };
    let period = period(&title, opening_text, &meta, context);
    let year = context.year.or(period.map(|period| period.end_year));
    let printed = meta.issuer.clone().or(signature);
    let region = region(&title, printed.as_deref(), &meta, opening_text, context, year, gazetteer);
    let mut blocks = blocks.to_vec();
    let mut annexes = Vec::with_capacity(article.annexes.len());
    for annex in &article.annexes {
        annexes.push(blocks.len());
        blocks.extend_from_slice(annex);
    }
    Draft {
        kind: title::kind(&title),
        issuer: printed.map(|printed| gazetteer.issuer(&printed, region.as_ref())),
        title,
        period,
        region,
        meta,
        blocks,
        annexes,
        opening: None,
    }
}

/// A headline without the region that a site files it under (`【甲省】…`) and without white space at its ends.
fn headline(title: &str, gazetteer: &Gazetteer) -> String {
    let title = title.trim();
    let filed = title.strip_prefix('【').and_then(|rest| rest.split_once('】'));
    match filed {
        Some((place, rest)) if gazetteer.find(place, None).is_some() => rest.trim().to_owned(),
        _ => title.to_owned(),
    }
}

/// The years a plan is for: its title's, else the year asked for; for an annual plan also the first one its text names,
/// or the year it was published in.
fn period(title: &str, text: &str, meta: &Metadata, context: &Context) -> Option<Period> {
    let published = || meta.issued_on.or(meta.published_on).map(|day| day.year());
    let named = || title::first_year(text).or_else(published).filter(|_| title::kind(title) == PlanKind::AnnualPlan);
    title::period(title).or_else(|| context.year.or_else(named).map(Period::year))
}

/// Whose plan it is: the region that the title names, known or not, unless that is a mere short name outside the source's
/// region; else the source's region, the issuer's, the site's, the one whose office the first sentence speaks of, or the one
/// that the site files it under.
fn region(
    title: &str,
    issuer: Option<&str>,
    meta: &Metadata,
    text: &str,
    context: &Context,
    year: Option<i32>,
    gazetteer: &Gazetteer,
) -> Option<Region> {
    let source = context
        .region
        .as_deref()
        .map(|name| gazetteer.find(name, year).unwrap_or_else(|| Region { code: None, name: name.trim().to_owned() }));
    let site = || meta.site.as_deref().and_then(|site| gazetteer.owner(site, year));
    let home = source.clone().or_else(site);
    let inside = |region: &Region| match (home.as_ref().and_then(|home| home.code), region.code) {
        (Some(home), Some(code)) => home.contains(code),
        _ => true,
    };
    let named = gazetteer.mentions(title, year, home.as_ref()).into_iter().rev().find(|m| m.full || inside(&m.region));
    if let Some(county) = gazetteer.unknown(title, named.as_ref()) {
        // Its name in full, where the source has it.
        return source.filter(|source| source.name.ends_with(&county.name)).or(Some(county));
    }
    named
        .map(|mention| mention.region)
        .or(source)
        .or_else(|| issuer.and_then(|issuer| gazetteer.owner(issuer, year)))
        .or(home)
        .or_else(|| regional::speaker(text, year, gazetteer))
        .or_else(|| meta.region.as_deref().and_then(|name| gazetteer.find(name, year)))
}

fn first_text(blocks: &[Block]) -> Option<&str> {
    blocks.iter().find_map(Block::line)
}

/// The first words of a text that has no title, up to 工作 where it starts so (2025年全县卫生健康工作要坚持…).
fn opening_words(text: &str) -> String {
    let words = text.split(['，', ',', '。', '：', ':', '；']).next().unwrap_or_default();
    let end = words.find("工作").map_or(words.len(), |at| at + "工作".len());
    words[..end].chars().take(40).collect()
}
