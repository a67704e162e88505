//! The administrative divisions built into the program, and the record of one.

use std::sync::LazyLock;

use crate::value::{RegionCode, RegionLevel};

/// One administrative division under one name, for the years in which it had that code and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionRecord {
    /// Its code. Over the years one code may have had several names.
    pub code: RegionCode,
    /// Full official name: 湖州市, 延边朝鲜族自治州.
    pub name: String,
    /// Rank.
    pub level: RegionLevel,
    /// Other names it goes by or went by, beside the full and the short one.
    pub aliases: Vec<String>,
    /// The year in which code and name came into use, where known.
    pub since: Option<i32>,
    /// The year in which code or name went out of use; none while in use.
    pub until: Option<i32>,
    /// The codes that took its place, each with the year, where one is known.
    pub successors: Vec<(RegionCode, Option<i32>)>,
}

impl RegionRecord {
    /// A division in use of which no more is known.
    #[must_use]
    pub fn new(code: RegionCode, name: impl Into<String>) -> Self {
        Self {
            code,
            name: name.into(),
            level: code.level(),
            aliases: Vec::new(),
            since: None,
            until: None,
            successors: Vec::new(),
        }
    }
}

/// The most characters of a chain of names: the longest there are have some 25.
const LONGEST_CHAIN: usize = 40;

/// What the last of a chain of names means (江苏省南京市鼓楼区), each of which lies below the one before. `named` gives what
/// one name may mean inside a division, each with its code.
#[must_use]
pub fn chained<T>(name: &str, named: &impl Fn(&str, RegionCode) -> Vec<(RegionCode, T)>) -> Vec<T> {
    let is_short = name.chars().nth(LONGEST_CHAIN).is_none();
    if is_short { below(name, RegionCode::COUNTRY, named) } else { Vec::new() }
}

/// The same below a division. Each name goes down a rank, so there are few.
fn below<T>(name: &str, area: RegionCode, named: &impl Fn(&str, RegionCode) -> Vec<(RegionCode, T)>) -> Vec<T> {
    let of = |name: &str| {
        let mut found = named(name, area);
        found.retain(|(code, _)| *code != area && area.contains(*code));
        found
    };
    let whole = of(name);
    if !whole.is_empty() {
        return whole.into_iter().map(|(_, found)| found).collect();
    }
    let splits = name.char_indices().skip(1).map(|(at, _)| name.split_at(at));
    let mut found = splits.map(|(outer, inner)| {
        of(outer).into_iter().flat_map(|(code, _)| below(inner, code, named)).collect::<Vec<_>>()
    });
    found.find(|found| !found.is_empty()).unwrap_or_default()
}

/// Words for the rank of a division, longer ones first.
const RANKS: [&str; 14] =
    ["特别行政区", "新区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "省", "市", "盟", "县", "区", "旗"];

/// The 55 minorities of the official list, as they stand in names of autonomous divisions. Where a name of several
/// characters goes without 族 (维吾尔, 蒙古) the short form stands behind the long one.
const PEOPLES: [&str; 59] = [
    "蒙古族",
    "蒙古",
    "回族",
    "藏族",
    "维吾尔族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "高山族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "阿昌族",
    "普米族",
    "塔吉克族",
    "塔吉克",
    "怒族",
    "乌孜别克族",
    "俄罗斯族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "京族",
    "独龙族",
    "鄂伦春族",
    "赫哲族",
    "门巴族",
    "珞巴族",
    "基诺族",
];

/// A name without the word for its rank and the peoples of an autonomous division: 湖州, 延边, 内蒙古. Never shorter
/// than two characters, so 沙县 stays 沙县.
///
/// ```
/// use entity::reference::short_name;
/// assert_eq!(short_name("恩施土家族苗族自治州"), "恩施");
/// assert_eq!(short_name("内蒙古自治区"), "内蒙古");
/// ```
#[must_use]
pub fn short_name(name: &str) -> String {
    let strip = |text: &str, endings: &[&str]| {
        let rest = endings.iter().find_map(|ending| text.strip_suffix(ending))?;
        (rest.chars().count() >= 2).then(|| rest.to_owned())
    };
    match name {
        "中华人民共和国" => return "中国".to_owned(),
        "新疆生产建设兵团" => return "兵团".to_owned(),
        _ => {}
    }
    let mut short = strip(name, &RANKS).unwrap_or_else(|| name.to_owned());
    while let Some(rest) = strip(&short, &PEOPLES) {
        short = rest;
    }
    short
}

static REGIONS: LazyLock<Vec<RegionRecord>> = LazyLock::new(|| read(include_str!("regions.txt")));

/// The country, every province and prefecture in use, and the counties that built-in sources name, by code.
#[must_use]
pub fn regions() -> &'static [RegionRecord] {
    &REGIONS
}

/// Reads the table; its head tells the format. Words that are neither a code nor a name are left out, and the tests see
/// to it that there are none.
fn read(table: &str) -> Vec<RegionRecord> {
    let mut records: Vec<RegionRecord> = Vec::new();
    let mut province = String::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            let digits = word.bytes().take_while(u8::is_ascii_digit).count();
            let (code, name) = match (word.split_at(digits), digits) {
                (("", "="), _) => {
                    if let (Some(record), Some(alias)) = (records.last_mut(), words.next()) {
                        record.aliases.push(alias.to_owned());
                    }
                    continue;
                }
                ((code, ""), 2) => {
                    province = code.to_owned();
                    (format!("{code}0000"), words.next().unwrap_or_default().to_owned())
                }
                ((code, ""), _) => (code.to_owned(), words.next().unwrap_or_default().to_owned()),
                ((code, name), _) if RANKS.iter().any(|rank| name.ends_with(rank)) => {
                    (format!("{province}{code}00"), name.to_owned())
                }
                ((code, name), _) => (format!("{province}{code}00"), format!("{name}市")),
            };
            if let Ok(code) = code.parse() {
                records.push(RegionRecord::new(code, name));
            }
        }
    }
    records.sort_by_key(|record| record.code);
    records
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, fs};

    use super::*;

    #[test]
    fn holds_every_province_and_prefecture() {
        let count = |level| regions().iter().filter(|record| record.level == level).count();
        assert_eq!(count(RegionLevel::Country), 1);
        assert_eq!(count(RegionLevel::Province), 35, "34 and the Corps");
        assert_eq!(count(RegionLevel::Prefecture), 333);
        assert!(regions().is_sorted_by(|a, b| a.code < b.code), "no code twice");
        assert!(regions().iter().all(|r| r.name.chars().count() >= 2 && r.name.chars().all(|c| !c.is_ascii())));
    }

    #[test]
    fn shortens_names() {
        for (name, short) in [
            ("湖州市", "湖州"),
            ("浙江省", "浙江"),
            ("广西壮族自治区", "广西"),
            ("新疆维吾尔自治区", "新疆"),
            ("内蒙古自治区", "内蒙古"),
            ("博尔塔拉蒙古自治州", "博尔塔拉"),
            ("海西蒙古族藏族自治州", "海西"),
            ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
            ("大兴安岭地区", "大兴安岭"),
            ("锡林郭勒盟", "锡林郭勒"),
            ("钟楼区", "钟楼"),
            ("浦东新区", "浦东"),
            ("沙县", "沙县"),
            ("神农架林区", "神农架"),
            ("香港特别行政区", "香港"),
            ("新疆生产建设兵团", "兵团"),
        ] {
            assert_eq!(short_name(name), short);
        }
    }

    /// The official table is not ours to ship; where a copy lies beside the project, ours is checked against it.
    #[test]
    fn agrees_with_the_official_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/areacodes.csv");
        let Ok(table) = fs::read_to_string(path) else {
            eprintln!("skipped: no official table at {path}");
            return;
        };
        let mut official: HashMap<&str, &str> = HashMap::new();
        for line in table.lines() {
            let cells: Vec<&str> = line.split(',').collect();
            if let [code, _, _, name, _, "在用", ..] = cells[..] {
                official.insert(code, name);
            }
        }
        assert!(official.len() > 3000, "the official table could not be read");
        for record in regions().iter().filter(|r| r.code != RegionCode::COUNTRY && r.code != RegionCode::XPCC) {
            let code = record.code.to_string();
            assert_eq!(official.get(code.as_str()), Some(&record.name.as_str()), "{code}");
        }
    }
}
