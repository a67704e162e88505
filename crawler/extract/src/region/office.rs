//! Full names of the offices that publish.

use entity::value::RegionLevel;

use super::Gazetteer;
use crate::plan::Region;

/// Short forms of offices and what they stand for. A short form counts where its full form doesn't stand already.
const OFFICES: [(&str, &str); 10] = [
    ("卫生健康委", "卫生健康委员会"),
    ("卫健委", "卫生健康委员会"),
    ("卫健局", "卫生健康局"),
    ("卫生计生委", "卫生和计划生育委员会"),
    ("卫计委", "卫生和计划生育委员会"),
    ("卫生计生局", "卫生和计划生育局"),
    ("卫计局", "卫生和计划生育局"),
    ("疾控局", "疾病预防控制局"),
    ("政府办公室", "人民政府办公室"),
    ("政府", "人民政府"),
];

impl Gazetteer {
    /// The full name of an office: `市卫生健康委` of 湖州市 is 湖州市卫生健康委员会. Without a region, or where the name
    /// says nothing of one, only the office is written out.
    pub(crate) fn issuer(&self, printed: &str, region: Option<&Region>) -> String {
        let name: String = printed.split_whitespace().collect();
        let (place, office) = self.place(&name, region);
        format!("{place}{}", written_out(office))
    }

    /// The region in front of an office's name, in full, and the rest.
    fn place<'n>(&self, name: &'n str, region: Option<&Region>) -> (String, &'n str) {
        if let Some((named, rest)) = self.prefix(name, None) {
            // 湖州卫生健康委: a short name is written out; 浙江省湖州市… stays as it is.
            return (named.name, rest);
        }
        let generic = [
            ("自治区", Some(RegionLevel::Province)),
            ("自治州", Some(RegionLevel::Prefecture)),
            ("省", Some(RegionLevel::Province)),
            ("市", None),
            ("州", Some(RegionLevel::Prefecture)),
            ("盟", Some(RegionLevel::Prefecture)),
            ("区", None),
            ("县", Some(RegionLevel::County)),
            ("旗", Some(RegionLevel::County)),
        ];
        let unprefixed = name.trim_start_matches(['本', '我', '全']);
        for (word, level) in generic {
            let (Some(rest), Some(region)) = (unprefixed.strip_prefix(word), region) else { continue };
            if region.name.ends_with(word) {
                return (region.name.clone(), rest);
            }
            // The office on a county's page may be the city's, which has a province's rank in four places.
            let levels = level.map_or(vec![RegionLevel::Prefecture, RegionLevel::Province], |level| vec![level]);
            let above = levels.into_iter().filter_map(|level| self.above(region, level));
            if let Some(above) = above.into_iter().find(|above| above.name.ends_with(word)) {
                return (above.name, rest);
            }
        }
        // Nothing says which: the office is written out all the same.
        let word = generic.iter().map(|(word, _)| *word).find(|word| {
            name.strip_prefix(word).is_some_and(|rest| OFFICES.iter().any(|(short, _)| rest.starts_with(short)))
        });
        let (word, office) = name.split_at(word.map_or(0, str::len));
        (word.to_owned(), office)
    }
}

fn written_out(office: &str) -> String {
    for (short, full) in OFFICES {
        if let Some(rest) = office.strip_prefix(short)
            && !office.starts_with(full)
        {
            return format!("{full}{rest}");
        }
    }
    office.to_owned()
}

#[cfg(test)]
mod tests {
    use crate::region::tests::gazetteer;

    #[test]
    fn writes_offices_out() {
        let gazetteer = gazetteer();
        let of = |printed, region| gazetteer.issuer(printed, gazetteer.find(region, None).as_ref());
        assert_eq!(of("市卫生健康委", "湖州市"), "湖州市卫生健康委员会");
        assert_eq!(of("市卫生健康委员会", "湖州市"), "湖州市卫生健康委员会");
        assert_eq!(of("湖州卫健委", ""), "湖州市卫生健康委员会");
        assert_eq!(of("省卫生健康委办公室", "湖州市"), "浙江省卫生健康委员会办公室");
        assert_eq!(of("市政府办公室", "钟楼区"), "常州市人民政府办公室");
        assert_eq!(of("区卫生健康局", "钟楼区"), "钟楼区卫生健康局");
        assert_eq!(of("自治区卫健委", "450000"), "广西壮族自治区卫生健康委员会");
        assert_eq!(of("市卫健委", ""), "市卫生健康委员会");
        assert_eq!(of("县卫健局", "德清县"), "德清县卫生健康局");
    }
}
