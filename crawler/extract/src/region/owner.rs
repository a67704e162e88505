//! Whose an office, a site or a plan is by its name, also where the division is not known.

use std::sync::LazyLock;

use entity::value::RegionLevel;
use regex::Regex;

use super::{Gazetteer, Mention};
use crate::{metadata::pattern, plan::Region};

impl Gazetteer {
    /// The division in front of the name of an office or site: the last of the chain in 常州市钟楼区人民政府, by its printed
    /// name where it is not known.
    #[must_use]
    pub fn owner(&self, name: &str, year: Option<i32>) -> Option<Region> {
        let known = self.mentions(name, year, None).pop();
        self.unknown(name, known.as_ref()).or(known.map(|mention| mention.region))
    }

    /// The county that a name goes on with behind a division, or begins with, and that is not known: 集美区 of
    /// 厦门市集美区2025年卫生健康工作要点. It is not to be taken for the city.
    pub(crate) fn unknown(&self, name: &str, behind: Option<&Mention>) -> Option<Region> {
        let level = behind.and_then(|mention| mention.region.code).map(|code| code.level());
        if matches!(level, Some(RegionLevel::County | RegionLevel::Other)) {
            return None;
        }
        let rest = &name[behind.map_or(0, |mention| mention.range.end)..];
        let county = UNKNOWN.captures(rest)?.get(1)?.as_str();
        let is_common = COMMON.iter().any(|common| county.ends_with(common)) || self.find(county, None).is_some();
        (!is_common).then(|| Region { code: None, name: county.to_owned() })
    }
}

/// A county in front of its government, its health or the year of its plan. There are counties of one character (赵县), and
/// districts and cities of two and more.
static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(\p{Han}{2,12}?(?:自治县|自治旗)|\p{Han}{1,4}?[县旗]|\p{Han}{2,4}?[区市])(?:人民政府|政府|卫生|卫健|卫计|疾控|医疗|中医|健康|关于|[“”「]|20\d\d|二[〇○零])",
    )
});

/// What ends as a county's name does and is none.
#[rustfmt::skip]
const COMMON: [&str; 35] = [
    "社区", "园区", "地区", "老区", "牧区", "灾区", "病区", "辖区", "市区", "学区", "院区", "片区", "景区", "农区",
    "库区", "疫区", "小区", "县区", "旗区", "示范区", "试验区", "全区", "各区", "全县", "各县", "市县", "区县", "示范县",
    "试点县", "贫困县", "脱贫县", "管县", "全市", "各市", "城市",
];

#[cfg(test)]
mod tests {
    use crate::region::tests::gazetteer;

    #[test]
    fn finds_whose_a_site_is() {
        let gazetteer = gazetteer();
        let owner = |name: &str| gazetteer.owner(name, None).map(|region| (region.name, region.code.is_some()));
        assert_eq!(owner("湖州市卫生健康委员会"), Some(("湖州市".to_owned(), true)));
        assert_eq!(owner("常州市钟楼区人民政府"), Some(("钟楼区".to_owned(), true)));
        assert_eq!(owner("常州市天宁区人民政府"), Some(("天宁区".to_owned(), false)));
        assert_eq!(owner("赵县卫生健康局"), Some(("赵县".to_owned(), false)));
        assert_eq!(owner("某某医疗网"), None);
    }

    #[test]
    fn takes_no_common_word_for_a_county() {
        let gazetteer = gazetteer();
        for title in
            ["湖州市社区卫生服务规划", "浙江省城市医疗联合体方案", "湖州市县区卫生健康工作", "全市卫生健康工作要点"]
        {
            let known = gazetteer.mentions(title, None, None).pop();
            assert_eq!(gazetteer.unknown(title, known.as_ref()), None, "{title}");
        }
    }
}
