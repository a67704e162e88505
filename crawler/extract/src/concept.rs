//! Names of indicators into the catalogue of shared concepts.

mod fold;
mod unit;
mod unknown;

use std::collections::HashMap;

use entity::{reference::ConceptRecord, value::Measure};

use fold::Folded;
use unit::Family;
pub use unknown::Unknown;

/// How much of an unknown name must agree with a known one. Below it lie names that only share their common words;
/// none is better than a wrong one.
pub(crate) const THRESHOLD: f64 = 0.7;

/// Finds concepts by name.
#[derive(Debug)]
pub struct Catalogue {
    records: Vec<ConceptRecord>,
    /// The family of each record's unit.
    families: Vec<Family>,
    /// Every name and alias, folded, with its record.
    names: Vec<(Folded, usize)>,
    /// The same by spelling.
    exact: HashMap<String, usize>,
}

impl Catalogue {
    /// A catalogue of these concepts.
    #[must_use]
    pub fn new(records: &[ConceptRecord]) -> Self {
        let mut names = Vec::new();
        let mut exact = HashMap::new();
        for (index, record) in records.iter().enumerate() {
            for name in std::iter::once(&record.name_zh).chain(&record.aliases) {
                let folded = Folded::new(name);
                exact.entry(folded.text.clone()).or_insert(index);
                names.push((folded, index));
            }
        }
        let families =
            records.iter().map(|record| Family::of(record.unit.as_deref(), &Folded::new(&record.name_zh))).collect();
        Self { records: records.to_vec(), families, names, exact }
    }

    /// The slug of the concept that a term of a glossary names.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.best(name, &Folded::new(name), |_| true).map(|index| self.records[index].slug.as_str())
    }

    /// The slug of the concept that a figure is one of: its name, its unit and what kind of quantity it is must all
    /// agree. 新增 is never a total. A change (提高1.4岁, 提升2个百分点) is one of the concept that changes, whatever its
    /// unit; it does not compare with a level.
    #[must_use]
    pub fn resolve(&self, name: &str, unit: Option<&str>, measure: Measure) -> Option<&str> {
        if measure == Measure::Rank {
            return None;
        }
        let folded = Folded::new(name);
        let family = Family::of(unit, &folded);
        let change = matches!(measure, Measure::Increase | Measure::Decrease);
        let fits = |index: usize| {
            self.records[index].name_zh.starts_with("新增") == (measure == Measure::New)
                && (self.families[index] == family || change && matches!(family, Family::Share | Family::Points))
        };
        self.best(name, &folded, fits).map(|index| self.records[index].slug.as_str())
    }

    /// The concept whose names are most like a name, whatever its unit, and how much, from 0 to 1; none where no known
    /// name is like it at all.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<(&str, f64)> {
        let folded = Folded::new(name);
        let exact = self.exact.get(&folded.text).map(|index| (*index, 1.0));
        let (index, likeness) = exact.or_else(|| {
            let alike = self.names.iter().map(|(known, index)| (*index, known.likeness(&folded)));
            alike.filter(|(_, likeness)| *likeness > 0.0).max_by(|a, b| a.1.total_cmp(&b.1))
        })?;
        Some((&self.records[index].slug, likeness))
    }

    /// The record that a name means; 乡镇平均反应时间 is 平均反应时间 where nothing nearer is known.
    fn best(&self, name: &str, folded: &Folded, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let place = ["乡镇", "县域", "山区", "乡村", "海岛", "县城", "市区"];
        let bare = place.into_iter().find_map(|place| name.strip_prefix(place));
        self.like(folded, &fits).or_else(|| self.like(&Folded::new(bare?), &fits))
    }

    fn like(&self, name: &Folded, fits: impl Fn(usize) -> bool) -> Option<usize> {
        if let Some(index) = self.exact.get(&name.text) {
            return fits(*index).then_some(*index);
        }
        self.names
            .iter()
            .map(|(known, index)| (known.likeness(name), *index))
            .filter(|(likeness, index)| *likeness >= THRESHOLD && fits(*index))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, index)| index)
    }
}

#[cfg(test)]
mod tests {
    use entity::reference::concepts;

    use super::*;

    fn slug(name: &str, unit: &str, measure: Measure) -> Option<String> {
        let unit = (!unit.is_empty()).then_some(unit);
        Catalogue::new(concepts()).resolve(name, unit, measure).map(str::to_owned)
    }

    #[test]
    fn finds_other_wordings() {
        for (name, unit, expected) in [
            ("全市居民人均预期寿命", "岁", "life-expectancy"),
            ("千人口托位数", "个", "childcare-places-per-1000"),
            ("城区院前急救平均反应时间", "分钟", "prehospital-response-time"),
            ("农村急救反应时间", "分钟", "prehospital-response-time"),
            ("乡镇急救平均反应时间", "分钟", "prehospital-response-time"),
            ("乡镇卫生院达到国家推荐标准的比例", "%", "primary-care-recommended-standard"),
            ("能够提供儿科常见病诊疗服务的基层机构占比", "%", "paediatric-service-coverage"),
            ("重大慢性病早死概率", "%", "premature-ncd-mortality"),
            ("65周岁以上老人健康管理率", "%", "elderly-health-management-rate"),
            ("提供儿科诊疗服务的基层医疗机构比例", "%", "paediatric-service-coverage"),
            ("紧密型县域医共体建设达标率", "%", "county-medical-community-rate"),
            ("疾病预防控制中心标准化率", "%", "cdc-standard-rate"),
            ("家庭医生重点人群签约率", "%", "family-doctor-coverage-key-groups"),
            ("开展安宁疗护服务的乡镇卫生院和社区卫生服务中心占比", "%", "hospice-primary-care-share"),
            ("每万名居民拥有全科医生数", "人", "gp-per-10k"),
            ("建成老年友善医疗机构的公立医院比例", "%", "elderly-friendly-institutions"),
        ] {
            assert_eq!(slug(name, unit, Measure::Level).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn respects_what_changes_a_concept() {
        for (name, unit) in [
            ("残疾人家庭医生签约率", "%"),
            ("每千名学生医师数", "名"),
            ("国家级临床重点专科", "个"),
            ("高血压患者健康管理率", "%"),
            ("健康素养监测点覆盖率", "%"),
            ("提供中医药服务的基层医疗卫生机构占比", "%"),
            ("每千名3岁以下婴幼儿拥有托位数", "个"),
            ("人均体育场地面积", "平方米"),
            ("居民健康素养水平", "个百分点"),
            ("精神科医师", "名"),
        ] {
            assert_eq!(slug(name, unit, Measure::Level), None, "{name}");
        }
    }

    #[test]
    fn tells_the_nearest_of_any_unit() {
        let catalogue = Catalogue::new(concepts());
        assert_eq!(catalogue.nearest("全市人均期望寿命"), Some(("life-expectancy", 1.0)));
        let (slug, likeness) = catalogue.nearest("紧密型县域医共体建设达标率").unwrap();
        assert_eq!(slug, "county-medical-community-rate");
        assert!((THRESHOLD..1.0).contains(&likeness), "{likeness}");
        assert_eq!(catalogue.nearest("公园"), None);
    }

    #[test]
    fn tells_new_from_total() {
        assert_eq!(slug("省级临床重点专科", "个", Measure::New).as_deref(), Some("provincial-key-specialties-new"));
        assert_eq!(slug("省级临床重点专科", "个", Measure::Level), None);
        assert_eq!(slug("人均预期寿命", "岁", Measure::Rank), None);
    }

    #[test]
    fn a_change_is_one_of_what_changes() {
        assert_eq!(slug("人均预期寿命", "岁", Measure::Increase).as_deref(), Some("life-expectancy"));
        assert_eq!(slug("居民健康素养水平", "个百分点", Measure::Increase).as_deref(), Some("health-literacy"));
    }
}
