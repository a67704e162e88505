//! Pages that hold one plan a region.

use std::collections::HashSet;

use entity::value::RegionLevel;

use super::Opening;
use crate::{article::Block, plan::Region, region::Gazetteer, structure::mark};

/// A region's part of a page.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) region: Region,
    pub(super) opening: Opening,
    pub(super) blocks: &'a [Block],
}

/// Characters of text that a part has at least, its headline left out.
const MIN_PART: usize = 30;

/// Characters that the name of an office has at most, its region left out.
const OFFICE: usize = 12;

impl Part<'_> {
    fn chars(&self) -> usize {
        self.blocks.iter().skip(self.opening.lines).filter_map(Block::line).map(|line| line.chars().count()).sum()
    }

    /// The title of the part: the page's with the region, and the part's own slogan.
    pub(super) fn title(&self, page: &str) -> String {
        let slogan = self.opening.slogan.as_ref().map(|slogan| format!("：{slogan}")).unwrap_or_default();
        format!("{page}（{}）{slogan}", self.region.name)
    }
}

/// The parts of a page where at least three regions of one level have a part each; none elsewhere. Each part has its
/// headline, but text in front of the first one is a part too where its first sentence speaks for a region.
pub(super) fn parts<'a>(blocks: &'a [Block], year: Option<i32>, gazetteer: &Gazetteer) -> Vec<Part<'a>> {
    let mut heads: Vec<_> =
        blocks.iter().enumerate().filter_map(|(i, block)| headline(i, block, blocks, year, gazetteer)).collect();
    let level = |region: &Region| region.code.map(|code| code.level());
    let regions = |wanted| {
        let named = heads.iter().map(|(_, region, _)| region).filter(|region| level(region) == Some(wanted));
        named.map(|region| region.name.as_str()).collect::<HashSet<_>>()
    };
    let levels = [RegionLevel::County, RegionLevel::Prefecture, RegionLevel::Province];
    let Some(wanted) = levels.into_iter().max_by_key(|level| regions(*level).len()) else { return Vec::new() };
    let first = heads.iter().find(|(_, region, _)| level(region) == Some(wanted)).map_or(0, |(i, ..)| *i);
    let speaker =
        blocks[..first].iter().enumerate().find_map(|(i, block)| Some((i, speaker(block.line()?, year, gazetteer)?)));
    let mut found = regions(wanted);
    found.extend(speaker.as_ref().map(|(_, region)| region.name.as_str()));
    if found.len() < 3 {
        return Vec::new();
    }
    heads.retain(|(_, region, _)| level(region) == Some(wanted));
    let preface = speaker.map(|(start, region)| Part {
        region,
        opening: Opening { lines: 0, slogan: None },
        blocks: &blocks[start..first],
    });
    let ends: Vec<_> = heads.iter().skip(1).map(|(i, ..)| *i).chain([blocks.len()]).collect();
    let headed = heads.into_iter().zip(ends).map(|((start, region, opening), end)| Part {
        region,
        opening,
        blocks: &blocks[start..end],
    });
    let parts: Vec<_> = preface.into_iter().chain(headed).collect();
    // A plan may have a line for each of its cities; a plan of its own has some text.
    let whole = parts.iter().filter(|part| part.chars() >= MIN_PART).count();
    if whole * 4 >= parts.len() * 3 { parts } else { Vec::new() }
}

/// The headline that starts at a block, if one does: its place, whose it is, and how far it goes.
fn headline(
    i: usize,
    block: &Block,
    blocks: &[Block],
    year: Option<i32>,
    gazetteer: &Gazetteer,
) -> Option<(usize, Region, Opening)> {
    let (region, slogan) = head(block.line()?, year, gazetteer)?;
    let below = || blocks.get(i + 1).and_then(Block::line).filter(|line| is_slogan(line)).map(str::to_owned);
    let (lines, slogan) = match slogan {
        Some(slogan) => (1, Some(slogan)),
        None => below().map_or((1, None), |slogan| (2, Some(slogan))),
    };
    Some((i, region, Opening { lines, slogan }))
}

/// A region's name, a number or a bracket before it at most, then nothing or a colon and a slogan.
fn head(line: &str, year: Option<i32>, gazetteer: &Gazetteer) -> Option<(Region, Option<String>)> {
    if line.chars().count() > 60 || line.contains('。') {
        return None;
    }
    // Bullets, brackets, rules and bare numbers (01 天津) stand before names.
    let line = mark(line).map_or(line, |mark| &line[mark.rest..]).trim_start_matches(|c: char| {
        !c.is_alphabetic() && !matches!(c, ',' | '，' | '、' | ':' | '：' | '(' | '（' | '《')
    });
    let (region, rest) = gazetteer.prefix(line, year)?;
    let rest = without_office(rest);
    let is_rule = |c: char| !c.is_alphanumeric() && !matches!(c, ':' | '：' | '“' | '，' | '、' | '。' | '；' | '《');
    let slogan = rest.trim_start_matches(is_rule);
    if slogan.is_empty() {
        return Some((region, None));
    }
    let parted = rest.len() > slogan.len() && !rest.starts_with(['(', '（']);
    let slogan = slogan.strip_prefix([':', '：']).or(parted.then_some(slogan))?.trim();
    Some((region, (!slogan.is_empty()).then(|| slogan.to_owned())))
}

/// What stands behind a region's name without the office named there: 卫生健康委, 教育局.
fn without_office(rest: &str) -> &str {
    const ENDS: &[&str] = &["委", "委员会", "局", "厅", "办", "办公室", "人民政府", "篇"];
    let end = rest.find(|c: char| !matches!(c, '\u{4e00}'..='\u{9fff}')).unwrap_or(rest.len());
    let (office, behind) = rest.split_at(end);
    let is_office = office.chars().count() <= OFFICE && ENDS.iter().any(|word| office.ends_with(word));
    if is_office { behind } else { rest }
}

fn is_slogan(line: &str) -> bool {
    line.chars().count() <= 40 && !line.contains('。') && mark(line).is_none() && !line.ends_with(['：', ':'])
}

/// The region for which a text speaks: the first one named in its first paragraph together with its health authority
/// or with what it is going to do.
pub(super) fn speaker(text: &str, year: Option<i32>, gazetteer: &Gazetteer) -> Option<Region> {
    gazetteer.mentions(text, year, None).into_iter().find_map(|mention| {
        let behind = &text[mention.range.end..];
        ["卫生健康", "卫健", "将"].iter().any(|word| behind.starts_with(word)).then_some(mention.region)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::tests::gazetteer;

    fn page(lines: &[&str]) -> Vec<Block> {
        lines.iter().map(|line| Block::Paragraph((*line).to_owned())).collect()
    }

    #[test]
    fn parts_a_page_by_its_headlines() {
        let blocks = page(&[
            "新的一年，北京市卫生健康委将办好义诊，请老医生进胡同，给街坊看病量血压。",
            "天津：义诊进社区",
            "天津市将办好义诊，请老医生进社区，给居民看病量血压，不收一分钱挂号费。",
            "二、河北省",
            "义诊下乡",
            "河北省将办好义诊，请老医生下乡去，给乡亲看病量血压，不收一分钱挂号费。",
            "【新疆生产建设兵团】义诊到连队",
            "兵团将办好义诊，请老医生到连队去，给职工看病量血压，不收一分钱挂号费。",
        ]);
        let parts = parts(&blocks, None, &gazetteer());
        let rows: Vec<_> = parts.iter().map(|part| (part.title("各地计划"), part.blocks.len())).collect();
        assert_eq!(
            rows,
            [
                ("各地计划（北京市）".to_owned(), 1),
                ("各地计划（天津市）：义诊进社区".to_owned(), 2),
                ("各地计划（河北省）：义诊下乡".to_owned(), 3),
                ("各地计划（新疆生产建设兵团）：义诊到连队".to_owned(), 2),
            ]
        );
    }

    #[test]
    fn reads_headlines_in_every_style() {
        let gazetteer = gazetteer();
        for (line, name, slogan) in [
            ("【河北省】", "河北省", None),
            ("一、河北省", "河北省", None),
            ("（三）河北", "河北省", None),
            ("河北省卫健委：", "河北省", None),
            ("湖州市卫生健康局", "湖州市", None),
            ("河北省生态环境厅：蓝天多几天", "河北省", Some("蓝天多几天")),
            ("■河北", "河北省", None),
            ("03 河北", "河北省", None),
            ("★ 河北 ★", "河北省", None),
            ("—— 河北篇 ——", "河北省", None),
            ("▶河北｜义诊下乡", "河北省", Some("义诊下乡")),
            ("河北——义诊下乡", "河北省", Some("义诊下乡")),
            ("河北：“义诊”下乡", "河北省", Some("“义诊”下乡")),
        ] {
            let (region, found) = head(line, None, &gazetteer).unwrap_or_else(|| panic!("{line}"));
            assert_eq!((region.name.as_str(), found.as_deref()), (name, slogan), "{line}");
        }
        for line in
            ["河北省将办好义诊", "河北、天津办义诊", "河北（试点）办义诊", "到河北去", "《河北日报》", "河北办了。"]
        {
            assert!(head(line, None, &gazetteer).is_none(), "{line}");
        }
    }

    #[test]
    fn leaves_a_plan_with_a_line_for_each_city() {
        let blocks = page(&["全省办好义诊。", "南京：三场", "徐州：两场", "常州：两场", "各市照此办理，年底报来。"]);
        assert!(parts(&blocks, None, &gazetteer()).is_empty());
    }

    #[test]
    fn leaves_a_plan_that_names_two_regions() {
        let blocks = page(&["天津：协作", "河北：协作", "办好义诊。"]);
        assert!(parts(&blocks, None, &gazetteer()).is_empty());
    }
}
