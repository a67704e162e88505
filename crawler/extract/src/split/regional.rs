//! Pages that hold one plan a region.

use std::collections::HashSet;

use entity::value::RegionLevel;

use super::Opening;
use crate::{
    article::Block,
    plan::Region,
    region::Gazetteer,
    structure::{mark, paragraph},
};

/// A region's part of a page.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) region: Region,
    pub(super) opening: Option<Opening>,
    pub(super) blocks: &'a [Block],
}

impl Part<'_> {
    /// The title of the part: the page's with the region, and the part's own slogan.
    pub(super) fn title(&self, page: &str) -> String {
        let slogan = self.opening.as_ref().and_then(|opening| opening.slogan.as_deref());
        let slogan = slogan.map(|slogan| format!("：{slogan}")).unwrap_or_default();
        format!("{page}（{}）{slogan}", self.region.name)
    }
}

/// The parts of a page where at least three regions of one level have a headline each; none elsewhere. Text in front
/// of the first headline is a part of its own where its first sentence speaks for a region.
pub(super) fn parts<'a>(blocks: &'a [Block], year: Option<i32>, gazetteer: &Gazetteer) -> Vec<Part<'a>> {
    let level = |region: &Region| region.code.map(|code| code.level());
    let mut heads: Vec<(usize, Region, Opening)> = blocks
        .iter()
        .enumerate()
        .filter_map(|(i, block)| {
            let (region, slogan) = head(paragraph(block)?, year, gazetteer)?;
            let opening = match slogan {
                Some(slogan) => Opening { lines: 1, slogan: Some(slogan) },
                None => {
                    let below = blocks.get(i + 1).and_then(paragraph).filter(|line| is_slogan(line));
                    Opening { lines: 1 + usize::from(below.is_some()), slogan: below.map(str::to_owned) }
                }
            };
            Some((i, region, opening))
        })
        .collect();
    let regions = |wanted: RegionLevel| {
        heads
            .iter()
            .filter(|(_, region, _)| level(region) == Some(wanted))
            .map(|(_, r, _)| &r.name)
            .collect::<HashSet<_>>()
            .len()
    };
    let levels = [RegionLevel::Province, RegionLevel::Prefecture, RegionLevel::County];
    let Some((wanted, count)) = levels.map(|level| (level, regions(level))).into_iter().max_by_key(|(_, count)| *count)
    else {
        return Vec::new();
    };
    if count < 3 {
        return Vec::new();
    }
    heads.retain(|(_, region, _)| level(region) == Some(wanted));
    let first = heads.first().map_or(blocks.len(), |(i, ..)| *i);
    let speaker = blocks[..first].iter().find_map(paragraph).and_then(|text| speaker(text, year, gazetteer));
    let preface = speaker.map(|region| Part { region, opening: None, blocks: &blocks[..first] });
    let ends: Vec<_> = heads.iter().skip(1).map(|(i, ..)| *i).chain([blocks.len()]).collect();
    let headed = heads.into_iter().zip(ends).map(|((start, region, opening), end)| Part {
        region,
        opening: Some(opening),
        blocks: &blocks[start..end],
    });
    preface.into_iter().chain(headed).collect()
}

/// A headline: a region's name, a number or a bracket before it at most, then nothing or a colon and a slogan.
fn head(line: &str, year: Option<i32>, gazetteer: &Gazetteer) -> Option<(Region, Option<String>)> {
    if line.chars().count() > 60 || line.contains('。') {
        return None;
    }
    let line = mark(line).map_or(line, |mark| &line[mark.rest..]).trim_start_matches(['【', '[', '■', '▍', '●', '◆']);
    let (region, rest) = gazetteer.prefix(line, year)?;
    let rest =
        ["卫生健康委员会", "卫生健康委", "卫健委"].iter().find_map(|office| rest.strip_prefix(office)).unwrap_or(rest);
    let slogan = rest.trim_start_matches(['】', ']']).trim();
    if slogan.is_empty() {
        return Some((region, None));
    }
    let slogan =
        slogan.strip_prefix([':', '：', '|', '｜', '丨']).or((rest.len() > slogan.len()).then_some(slogan))?.trim();
    Some((region, (!slogan.is_empty()).then(|| slogan.to_owned())))
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
            "新的一年，北京市卫生健康委将办好义诊。",
            "天津：义诊进社区",
            "天津市将办好义诊。",
            "二、河北省",
            "义诊下乡",
            "河北省将办好义诊。",
            "【新疆生产建设兵团】义诊到连队",
            "兵团将办好义诊。",
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
    fn leaves_a_plan_that_names_two_regions() {
        let blocks = page(&["天津：协作", "河北：协作", "办好义诊。"]);
        assert!(parts(&blocks, None, &gazetteer()).is_empty());
    }
}
