//! The regions that a plan names beside its own: as a model, a helper, a partner or a place.
//!
//! A region is named by its full name or, where that is no word of its own, by its short one; by one of its hospitals;
//! and by a name for several together (京津冀), which stands for each of them. The plan's own region and those above it are
//! not named so: a city says 全省 and 浙江 of itself. Neither is what has its name from a region without being of it: roads,
//! universities, events.

mod words;

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};
use entity::value::{RegionCode, RegionLevel, RegionRole};

use crate::{
    MentionKind,
    mention::Named,
    plan::Region,
    region::{self, Gazetteer},
};
use words::{
    ABBREVIATIONS, DIRECTED, DIRECTIONS, EDGES, EPITHETS, GROUPS, HOSPITALS, NAMESAKES, ROADS, ROLES, TOGETHER, WORDS,
};

/// Characters behind a region's name in which the word stands that says what has the name from it.
const REACH: usize = 12;

/// The regions that a sentence names, in no order.
pub(crate) fn named(sentence: &str, own: &Region, year: Option<i32>, gazetteer: &Gazetteer) -> Vec<Named> {
    let Some(home) = own.code else { return Vec::new() };
    let groups = groups(sentence);
    let mentions = mentions(sentence, own, home, year, gazetteer);
    let mut found: Vec<Named> = Vec::new();
    for (index, mention) in mentions.iter().enumerate() {
        let Some(code) = mention.region.code else { continue };
        let range = mention.range.clone();
        // 浙江省湖州市 is 湖州市.
        let next = mentions.get(index + 1).filter(|next| next.range.start == range.end);
        let leads_in = next.and_then(|next| next.region.code).is_some_and(|next| code != next && code.contains(next));
        let in_group = groups.iter().any(|(group, ..)| group.start < range.end && range.start < group.end);
        if code.contains(home) || leads_in || in_group {
            continue;
        }
        let Some(length) = length(&sentence[range.start..], range.len()) else { continue };
        // Whose hospital has a hand in something has a hand in it.
        let unsaid = if length > range.len() { RegionRole::Partner } else { RegionRole::Place };
        found.push(as_named(sentence, range.start..range.start + length, code, home, unsaid));
    }
    for (range, codes) in groups {
        // Where several have a name together, what is done there the one does with the others.
        let is_one = GROUPS.iter().any(|(name, _)| *name == &sentence[range.clone()])
            && codes.iter().any(|code| code.contains(home));
        let unsaid = if is_one { RegionRole::Partner } else { RegionRole::Place };
        let others = codes.into_iter().filter(|code| !code.contains(home));
        found.extend(others.map(|code| as_named(sentence, range.clone(), code, home, unsaid)));
    }
    found
}

/// The divisions that a sentence names, without words. Where a name turns out to be a word, another may begin within it.
fn mentions(
    sentence: &str,
    own: &Region,
    home: RegionCode,
    year: Option<i32>,
    gazetteer: &Gazetteer,
) -> Vec<region::Mention> {
    let mut found = Vec::new();
    let mut from = 0;
    loop {
        let mut rest = gazetteer.mentions(&sentence[from..], year, Some(own));
        for mention in &mut rest {
            mention.range = mention.range.start + from..mention.range.end + from;
        }
        let is_word = |mention: &region::Mention| {
            !mention.full && mention.region.code.is_some_and(|code| is_word(sentence, &mention.range, code, home))
        };
        let Some(word) = rest.iter().position(is_word) else {
            found.extend(rest);
            return found;
        };
        let start = rest[word].range.start;
        from = start + sentence[start..].chars().next().map_or(1, char::len_utf8);
        found.extend(rest.into_iter().take(word));
    }
}

/// Whether a short name may as well be a word, or a piece of two. A province has too many counties for their short names
/// to tell in its plans.
fn is_word(sentence: &str, range: &Range<usize>, code: RegionCode, home: RegionCode) -> bool {
    let name = &sentence[range.clone()];
    let [before, behind] =
        [sentence[..range.start].chars().next_back(), sentence[range.end..].chars().next()].map(|c| c.unwrap_or(' '));
    let joins = |(short, left, right): &(&str, &str, &str)| {
        name.starts_with(short) && (left.contains(before) || right.contains(behind))
    };
    let is_far = code.level() == RegionLevel::County && home.level() == RegionLevel::Province;
    is_far || WORDS.contains(&name) || EDGES.iter().any(joins)
}

/// What is named at a range, as what the clause says, or as `unsaid` where it says nothing.
fn as_named(sentence: &str, range: Range<usize>, code: RegionCode, home: RegionCode, unsaid: RegionRole) -> Named {
    let role = match role(sentence, &range).unwrap_or(unsaid) {
        // What a region does with what belongs to it is done there.
        RegionRole::Partner if home.contains(code) => RegionRole::Place,
        role => role,
    };
    let name = sentence[range.clone()].to_owned();
    Named { kind: MentionKind::Region { role }, key: code.to_string(), name, range }
}

/// How long what is named is that begins with a region's name of so many bytes: the name alone, or that of a hospital of
/// it. None where it is something that only has the name from it.
fn length(text: &str, name: usize) -> Option<usize> {
    let rest = &text[name..];
    // 河南 is not in 黄河南岸.
    if text[..name].ends_with(DIRECTIONS) && DIRECTED.iter().any(|place| rest.starts_with(place)) {
        let is_part = rest.starts_with("部分") || rest.starts_with("方案");
        if !is_part {
            return None;
        }
    }
    let unsided = rest.strip_prefix(DIRECTIONS).unwrap_or(rest);
    if ROADS.iter().any(|road| unsided.strip_prefix(road).is_some_and(|rest| !rest.starts_with(['径', '线', '演'])))
    {
        return None;
    }
    if EPITHETS.iter().any(|epithet| rest.starts_with(epithet)) {
        return None;
    }
    let run = run(rest);
    let is_name = |at: usize| !run[at..].starts_with("大学生");
    let earliest = |words: &[&str]| {
        words.iter().filter_map(|word| Some((run.find(word).filter(|at| is_name(*at))?, word.len()))).min()
    };
    let namesake = earliest(NAMESAKES);
    match earliest(HOSPITALS) {
        Some((at, word)) if namesake.is_none_or(|(other, _)| at < other) => Some(name + at + word),
        _ if namesake.is_some() => None,
        _ => Some(name),
    }
}

/// The front of a text that may be the rest of one name.
fn run(text: &str) -> &str {
    let mut last = ' ';
    let is_break = |c: char| {
        // 协和 is the name of hospitals.
        let joins = c == '和' && last != '协';
        last = c;
        joins || !c.is_alphanumeric() || matches!(c, '的' | '与' | '及' | '等' | '在' | '对' | '把')
    };
    let most = text.char_indices().nth(REACH).map_or(text.len(), |(at, _)| at);
    let text = &text[..most];
    let end = text.find(is_break);
    &text[..end.unwrap_or(text.len())]
}

/// As what a sentence names what stands at a range: by the words of the clause, where they say it.
fn role(sentence: &str, range: &Range<usize>) -> Option<RegionRole> {
    let is_end = |c: char| matches!(c, ',' | '，' | ';' | '；' | '。' | ':' | '：' | '!' | '！');
    let start = sentence[..range.start].rfind(is_end).map_or(0, |at| at + 1);
    let start = (start..=range.start).find(|at| sentence.is_char_boundary(*at)).unwrap_or(range.start);
    let end = sentence[range.end..].find(is_end).map_or(sentence.len(), |at| range.end + at);
    let around = [&sentence[start..range.start], &sentence[range.end..end]];
    let says = |words: &[&str]| words.iter().any(|word| around.iter().any(|part| part.contains(word)));
    ROLES.iter().find(|(_, words)| says(words)).map(|(role, _)| *role)
}

static GROUP_NAMES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let names = GROUPS.iter().map(|(name, _)| *name);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names).ok()
});

/// Names of several regions together, with their members.
fn groups(sentence: &str) -> Vec<(Range<usize>, Vec<RegionCode>)> {
    let names = GROUP_NAMES.iter().flat_map(|names| names.find_iter(sentence));
    let mut found: Vec<_> = names.map(|hit| (hit.range(), codes(GROUPS[hit.pattern().as_usize()].1))).collect();
    // 浙苏皖三省: abbreviations one after another, with a word that says that they are regions.
    for (at, _) in TOGETHER.iter().flat_map(|word| sentence.match_indices(word)) {
        let members: Vec<(usize, u32)> = sentence[..at]
            .char_indices()
            .rev()
            .map_while(|(at, c)| Some((at, ABBREVIATIONS.iter().find(|(short, _)| *short == c)?.1)))
            .collect();
        let Some((start, _)) = members.last().filter(|_| members.len() > 1) else { continue };
        let overlaps = found.iter().any(|(group, _)| group.start < at && *start < group.end);
        if !overlaps {
            found.push((*start..at, codes(&members.iter().rev().map(|(_, code)| *code).collect::<Vec<_>>())));
        }
    }
    found
}

fn codes(numbers: &[u32]) -> Vec<RegionCode> {
    numbers.iter().filter_map(|number| RegionCode::from_number(*number)).collect()
}

#[cfg(test)]
mod tests;
