//! Names of regions into administrative divisions.

mod office;
mod owner;

use std::{cmp::Reverse, collections::HashMap, ops::Range};

use aho_corasick::{AhoCorasick, Input, MatchKind};
use entity::{
    reference::{RegionRecord, chained, short_name},
    value::{RegionCode, RegionLevel},
};

use crate::plan::Region;

/// Finds administrative divisions by name.
#[derive(Clone, Debug)]
pub struct Gazetteer {
    records: Vec<RegionRecord>,
    by_code: HashMap<RegionCode, Vec<usize>>,
    /// Full names, short names and aliases; several divisions may share one.
    by_name: HashMap<String, Vec<usize>>,
    /// The keys of `by_name`, in the order of the automaton's patterns.
    names: Vec<String>,
    automaton: Option<AhoCorasick>,
}

/// A division named in a text.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    /// Where it is named.
    pub(crate) range: Range<usize>,
    /// The division.
    pub(crate) region: Region,
    /// Whether it is named in full, 湖州市 rather than 湖州.
    pub(crate) full: bool,
}

impl Gazetteer {
    /// A gazetteer of these divisions.
    #[must_use]
    pub fn new(records: impl IntoIterator<Item = RegionRecord>) -> Self {
        let records: Vec<_> = records.into_iter().collect();
        let mut by_code: HashMap<_, Vec<_>> = HashMap::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, record) in records.iter().enumerate() {
            by_code.entry(record.code).or_default().push(i);
            let mut names = record.aliases.clone();
            names.extend([record.name.clone(), short_name(&record.name)]);
            names.sort();
            names.dedup();
            // A name of one character would be found in any text.
            for name in names.into_iter().filter(|name| name.chars().count() > 1) {
                by_name.entry(name).or_default().push(i);
            }
        }
        let mut names: Vec<_> = by_name.keys().cloned().collect();
        names.sort();
        // Building fails only for more patterns than memory holds; then no name is found in running text.
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names).ok();
        Self { records, by_code, by_name, names, automaton }
    }

    /// The division that a code, a full or a short name means, as of a year, also behind the names of those that it lies
    /// in (江苏省常州市钟楼区); of several, the highest in rank. A division that was given up by then is followed to what
    /// took its place, where that is known.
    #[must_use]
    pub fn find(&self, name: &str, year: Option<i32>) -> Option<Region> {
        let name = name.trim();
        let named = |name: &str, area| {
            let found = self.by_name.contains_key(name).then(|| self.find_within(name, year, area)).flatten();
            found.and_then(|region| Some((region.code?, region))).into_iter().collect()
        };
        self.find_within(name, year, RegionCode::COUNTRY).or_else(|| chained(name, &named).into_iter().next())
    }

    /// The division that a single name means; where several share it, the one inside `area`.
    fn find_within(&self, name: &str, year: Option<i32>, area: RegionCode) -> Option<Region> {
        let found = match name.parse().ok().and_then(|code: RegionCode| self.by_code.get(&code)) {
            Some(records) => records,
            None => self.by_name.get(name)?,
        };
        let best = found.iter().map(|i| &self.records[*i]).min_by_key(|record| {
            (
                !area.contains(record.code),
                !in_use(record, year),
                rank(record.level),
                record.name != name,
                // Of several given up, the last one.
                Reverse(record.until),
                record.code,
            )
        })?;
        Some(self.as_of(best, year))
    }

    /// The division that took the place of a record by a year, or the record itself.
    fn as_of(&self, record: &RegionRecord, year: Option<i32>) -> Region {
        let mut current = record;
        // Long enough for any history; a ring of successors ends here too.
        for _ in 0..8 {
            let later = year.is_none_or(|year| current.until.is_some_and(|until| until <= year));
            if in_use(current, year) || !later {
                break;
            }
            let successor = current.successors.iter().find_map(|(code, _)| {
                let records = self.by_code.get(code)?;
                records.iter().map(|i| &self.records[*i]).find(|next| next.code != current.code && in_use(next, year))
            });
            match successor {
                Some(next) => current = next,
                None => break,
            }
        }
        Region { code: Some(current.code), name: current.name.clone() }
    }

    /// The division above that has this level.
    pub(crate) fn above(&self, region: &Region, level: RegionLevel) -> Option<Region> {
        let code = region.code?;
        code.above().find_map(|above| {
            let record = self.by_code.get(&above)?.iter().map(|i| &self.records[*i]).find(|r| r.level == level)?;
            Some(Region { code: Some(record.code), name: record.name.clone() })
        })
    }

    /// All divisions named in a text, in order. A name that several share means the one inside the division named just
    /// before (常州市钟楼区), else the one inside `area`.
    pub(crate) fn mentions(&self, text: &str, year: Option<i32>, area: Option<&Region>) -> Vec<Mention> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let home = area.and_then(|region| region.code).unwrap_or(RegionCode::COUNTRY);
        let mut found: Vec<Mention> = Vec::new();
        let mut from = 0;
        while let Some(hit) = automaton.find(Input::new(text).range(from..)) {
            // In what is no name another may begin: 推广德清 holds 广德, which is none, and 德清.
            from = hit.start() + text[hit.start()..].chars().next().map_or(1, char::len_utf8);
            let name = &self.names[hit.pattern().as_usize()];
            let before = found.last().filter(|last| last.range.end == hit.start()).and_then(|last| last.region.code);
            let area = before.unwrap_or(home);
            let Some(region) = self.find_within(name, year, area) else { continue };
            let full = *name == region.name;
            let level = region.code.map(RegionCode::level);
            // 城区 and 郊区 are names of districts, and short names of counties (合作, 平安) are words: either counts only
            // inside the region that the text is about.
            let ambiguous = level == Some(RegionLevel::County) && (!full || name.chars().count() == 2);
            let inside = area != RegionCode::COUNTRY && region.code.is_some_and(|code| area.contains(code));
            if !ambiguous || inside {
                from = hit.end();
                found.push(Mention { range: hit.range(), region, full });
            }
        }
        found
    }

    /// The division that the front of a text names, with the rest behind the name.
    pub(crate) fn prefix<'t>(&self, text: &'t str, year: Option<i32>) -> Option<(Region, &'t str)> {
        let first = self.automaton.as_ref()?.find(text).filter(|hit| hit.start() == 0)?;
        let region = self.find(&self.names[first.pattern().as_usize()], year)?;
        Some((region, &text[first.end()..]))
    }
}

/// Whether a record is in use in a year; today where none is said.
fn in_use(record: &RegionRecord, year: Option<i32>) -> bool {
    match year {
        Some(year) => record.since.is_none_or(|since| since <= year) && record.until.is_none_or(|until| year < until),
        None => record.until.is_none(),
    }
}

const fn rank(level: RegionLevel) -> u8 {
    match level {
        RegionLevel::Country => 0,
        RegionLevel::Province => 1,
        RegionLevel::Prefecture => 2,
        RegionLevel::County => 3,
        RegionLevel::Other => 4,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn record(code: &str, name: &str) -> RegionRecord {
        let code: RegionCode = code.parse().unwrap();
        RegionRecord {
            code,
            name: name.to_owned(),
            level: code.level(),
            aliases: short(name).into_iter().collect(),
            since: None,
            until: None,
            successors: Vec::new(),
        }
    }

    /// Short names, whatever the table of the entity crate makes of them.
    fn short(name: &str) -> Option<String> {
        let long = ["维吾尔自治区", "自治区", "省", "市"].iter().find_map(|rank| name.strip_suffix(rank));
        if name.ends_with("生产建设兵团") { Some("兵团".to_owned()) } else { long.map(str::to_owned) }
    }

    pub(crate) fn gazetteer() -> Gazetteer {
        let mut old = record("370282", "即墨市");
        old.until = Some(2017);
        old.successors = vec![("370215".parse().unwrap(), Some(2017))];
        Gazetteer::new([
            record("110000", "北京市"),
            record("120000", "天津市"),
            record("130000", "河北省"),
            record("220000", "吉林省"),
            record("220200", "吉林市"),
            record("320000", "江苏省"),
            record("320100", "南京市"),
            record("320106", "鼓楼区"),
            record("320300", "徐州市"),
            record("320302", "鼓楼区"),
            record("320400", "常州市"),
            record("320404", "钟楼区"),
            record("140502", "城区"),
            record("330000", "浙江省"),
            record("330500", "湖州市"),
            record("330521", "德清县"),
            record("370200", "青岛市"),
            record("370215", "即墨区"),
            record("450000", "广西壮族自治区"),
            record("650000", "新疆维吾尔自治区"),
            record("660000", "新疆生产建设兵团"),
            old,
        ])
    }

    fn code(found: Option<Region>) -> String {
        found.and_then(|region| region.code).map(String::from).unwrap_or_default()
    }

    #[test]
    fn finds_by_code_and_name() {
        let gazetteer = gazetteer();
        assert_eq!(code(gazetteer.find("330500", None)), "330500");
        assert_eq!(code(gazetteer.find("湖州", None)), "330500");
        assert_eq!(code(gazetteer.find("吉林", None)), "220000");
        assert_eq!(code(gazetteer.find("兵团", None)), "660000");
        assert_eq!(gazetteer.find("桃花源", None), None);
        assert_eq!(code(gazetteer.find("徐州市鼓楼区", None)), "320302");
        assert_eq!(code(gazetteer.find("江苏常州钟楼区", None)), "320404");
        assert_eq!(gazetteer.find("徐州市钟楼区", None), None);
        assert_eq!(gazetteer.find("江苏江苏", None), None);
        assert_eq!(gazetteer.find("江苏320404", None), None);
        assert_eq!(gazetteer.find(&"江苏省".repeat(100_000), None), None);
    }

    #[test]
    fn follows_history() {
        let gazetteer = gazetteer();
        assert_eq!(code(gazetteer.find("即墨市", Some(2015))), "370282");
        assert_eq!(code(gazetteer.find("即墨市", Some(2020))), "370215");
        assert_eq!(code(gazetteer.find("即墨市", None)), "370215");
    }

    #[test]
    fn reads_chains_of_names() {
        let gazetteer = gazetteer();
        let last = |text| gazetteer.mentions(text, None, None).pop().map(|m| m.region);
        assert_eq!(code(last("徐州市鼓楼区人民政府")), "320302");
        assert_eq!(code(last("南京市鼓楼区人民政府")), "320106");
        assert_eq!(code(last("常州市钟楼区人民政府")), "320404");
        assert!(last("推进城区与钟楼合作").is_none());
        let home = gazetteer.find("徐州市", None);
        assert_eq!(code(gazetteer.mentions("鼓楼区要点", None, home.as_ref()).pop().map(|m| m.region)), "320302");
    }

    #[test]
    fn takes_the_longest_name() {
        let gazetteer = gazetteer();
        let (region, rest) = gazetteer.prefix("新疆生产建设兵团：义诊", None).unwrap();
        assert_eq!((region.name.as_str(), rest), ("新疆生产建设兵团", "：义诊"));
        assert!(gazetteer.prefix("在湖州", None).is_none());
    }
}
