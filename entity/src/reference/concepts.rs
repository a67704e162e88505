//! The catalogue of concepts that several regions report on.

use std::sync::LazyLock;

use crate::value::Direction::{self, Higher, Lower};

/// A quantity that several regions set targets for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConceptRecord {
    /// Stable identifier: `life-expectancy`.
    pub slug: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// The unit figures are compared in; none for an index.
    pub unit: Option<String>,
    /// Which way is better.
    pub better: Direction,
    /// Other Chinese names it goes by.
    pub aliases: Vec<String>,
}

/// One row of the table below: slug, Chinese name, English name, unit (empty for an index), which way is better, and
/// other names.
type Row = (&'static str, &'static str, &'static str, &'static str, Direction, &'static [&'static str]);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // how healthy people are
    ("life-expectancy", "人均预期寿命", "Life expectancy at birth", "岁", Higher,
        &["人均期望寿命", "平均期望寿命", "平均预期寿命", "居民人均预期寿命", "出生时预期寿命"]),
    ("health-literacy", "居民健康素养水平", "Residents with basic health literacy", "%", Higher,
        &["居民健康素养", "健康素养水平", "居民健康素养率", "城乡居民健康素养水平"]),
    ("premature-ncd-mortality", "重大慢性病过早死亡率", "Premature deaths from major chronic diseases", "%", Lower,
        &["重大慢病过早死亡率", "四类重大慢性病过早死亡率", "慢性病过早死亡率", "慢病过早死亡率"]),
    ("maternal-mortality", "孕产妇死亡率", "Maternal mortality ratio", "/10万", Lower,
        &["孕产妇死亡", "产妇死亡率"]),
    ("under-five-mortality", "5岁以下儿童死亡率", "Mortality of children under five", "‰", Lower,
        &["五岁以下儿童死亡率"]),
    ("cancer-five-year-survival", "总体癌症五年生存率", "Five-year survival over all cancers", "%", Higher,
        &["癌症五年生存率", "总体癌症5年生存率", "恶性肿瘤五年生存率"]),
    ("infectious-disease-incidence", "传染病发病率", "Incidence of notifiable infectious diseases", "/10万", Lower,
        &["甲乙类传染病发病率", "法定传染病发病率", "甲乙类传染病报告发病率", "法定传染病报告发病率"]),
    // hospitals and emergency care
    ("medical-service-income-share", "公立医院医疗服务收入占比", "Medical services in public hospitals' income", "%", Higher,
        &["医疗服务收入占比", "医疗服务收入占医疗收入比例", "县级医院医疗服务收入占比", "公立医院医疗服务收入占医疗收入的比例"]),
    ("prehospital-response-time", "院前急救平均反应时间", "Mean response time of ambulances", "分钟", Lower,
        &["平均急救反应时间", "急救平均反应时间", "院前医疗急救平均反应时间", "院前急救反应时间", "急救反应时间"]),
    ("aed-new", "新增自动体外除颤器", "Defibrillators to be added in public places", "台", Higher,
        &["AED", "自动体外除颤仪", "自动式体外除颤仪", "自动体外除颤器", "公共场所AED设备", "AED设备", "自动体外除颤仪(AED)"]),
    ("emr-level", "电子病历应用水平", "Level of electronic medical records", "级", Higher,
        &["三级医院电子病历水平", "三级医院电子病历", "电子病历应用水平等级", "电子病历系统应用水平", "电子病历评级", "电子病历系统功能应用水平分级评价"]),
    ("provincial-key-specialties-new", "新增省级临床重点专科", "Provincial key clinical specialties to be added", "个", Higher,
        &["省级临床重点专科建设项目", "省级临床重点专科", "省级重点临床专科"]),
    // primary care
    ("paediatric-service-coverage", "提供儿科服务的基层医疗卫生机构占比", "Primary care institutions that offer paediatrics", "%", Higher,
        &["基层医疗卫生机构提供儿科服务比例", "开展儿科服务的基层医疗卫生机构比例", "基层医疗卫生机构儿科服务覆盖率",
          "提供儿科服务的乡镇卫生院占比"]),
    ("family-doctor-coverage", "家庭医生签约率", "Residents signed up with a family doctor", "%", Higher,
        &["签约覆盖率", "全人群签约率", "家庭医生签约服务覆盖率", "常住居民家庭医生签约率", "家庭医生签约覆盖率", "签约率",
          "县域家庭医生签约率", "常住人口签约率", "居民签约率"]),
    ("family-doctor-coverage-key-groups", "重点人群家庭医生签约率", "Key groups signed up with a family doctor", "%", Higher,
        &["重点人群签约率", "重点人群签约服务覆盖率", "重点人群家庭医生签约服务覆盖率"]),
    ("county-visit-rate", "县域就诊率", "Patients treated within their county", "%", Higher,
        &["县域内就诊率", "县域内住院率"]),
    ("village-clinic-standard-rate", "村卫生室规范化率", "Village clinics that meet the standard", "%", Higher,
        &["村卫生室(社区卫生服务站)规范率", "村卫生室规范化建设率", "规范化村卫生室占比", "村卫生室标准化率",
          "标准化村卫生室占比", "标准化村卫生室比例"]),
    ("primary-care-recommended-standard", "达到优质服务基层行国家推荐标准的机构占比",
        "Primary care institutions at the national recommended standard", "%", Higher,
        &["符合国家推荐标准的乡镇卫生院(社区卫生服务中心)比例", "达到优质服务基层行活动国家推荐标准的机构占比",
          "达到推荐标准的基层医疗卫生机构占比", "优质服务基层行活动国家推荐标准占比", "优质服务基层行推荐标准达标率",
          "达到优质服务基层行推荐标准的乡镇卫生院和社区卫生服务中心占比", "达到推荐标准的乡镇卫生院占比",
          "推荐标准机构占比", "达到推荐标准的机构占比", "达到国家推荐标准的机构占比"]),
    ("primary-care-basic-standard", "达到优质服务基层行基本标准的机构占比",
        "Primary care institutions at the national basic standard", "%", Higher,
        &["达到优质服务基层行活动国家基本标准的机构占比", "达到优质服务基层行基本标准的乡镇卫生院和社区卫生服务中心占比",
          "达到基本标准的基层医疗卫生机构占比", "优质服务基层行基本标准达标率",
          "达到基本标准及以上的机构占比"]),
    ("hospice-primary-care-share", "能提供安宁疗护服务的基层医疗卫生机构占比",
        "Primary care institutions that offer hospice care", "%", Higher,
        &["开展安宁疗护服务的基层医疗卫生机构比例", "提供安宁疗护服务的乡镇卫生院(社区卫生服务中心)比例",
          "基层医疗卫生机构提供安宁疗护服务比例"]),
    ("county-medical-community-rate", "紧密型县域医共体达标率", "Counties with a compact medical community", "%", Higher,
        &["县域医共体达标率", "建成紧密型县域医共体的县(市)占比", "县域医共体达标比例", "达标的县域医共体比例"]),
    // staff
    ("gp-per-10k", "每万人口全科医生数", "General practitioners per 10,000 residents", "名", Higher,
        &["每万名人口全科医生数", "每万人注册全科医生数", "万人全科医生数", "每万人口拥有全科医生数"]),
    ("psychiatrists-per-100k", "每10万人精神科执业(助理)医师数", "Psychiatrists per 100,000 residents", "/10万", Higher,
        &["精神科医师", "精神科执业医师数", "精神科医师数", "每10万人口精神科执业(助理)医师数"]),
    ("tcm-doctors-per-1000", "每千人口中医类别执业(助理)医师数", "Doctors of Chinese medicine per 1,000 residents", "名", Higher,
        &["每千人口中医师数", "每千人口中医类别执业医师数", "每千常住人口中医类别执业(助理)医师数"]),
    // the old, the young, the sick
    ("childcare-places-per-1000", "每千人口托位数", "Childcare places per 1,000 residents", "个", Higher,
        &["千人口托位数", "每千人口拥有3岁以下婴幼儿托位数", "每千人口拥有托位数", "每千常住人口托位数"]),
    ("infant-development-screening-rate", "0~3岁婴幼儿健康管理或发育筛查率", "Under-threes under health management", "%", Higher,
        &["婴幼儿健康管理率", "3岁以下婴幼儿健康管理率", "3岁以下儿童健康管理率", "3岁以下儿童系统管理率"]),
    ("geriatric-department-standard-rate", "二级及以上公立综合性医院老年医学科规范化建设率",
        "General hospitals (level 2 and up) with a standard geriatric department", "%", Higher,
        &["规范设置老年医学科的比例", "二级及以上综合性医院规范设置老年医学科的比例", "老年医学科规范化建设率", "二级及以上综合医院老年医学科设置率", "设立老年医学科的二级及以上综合医院比例",
          "设立规范化老年医学科的二级及以上综合性医院占比"]),
    ("elderly-friendly-institutions", "老年友善医疗机构占比", "Medical institutions that are friendly to the old", "%", Higher,
        &["老年友善医疗机构建成率", "老年友善医疗机构比例", "建成老年友善医疗机构的医院和基层医疗卫生机构比例",
          "成为老年友善医疗机构的医院和基层医疗卫生机构比例"]),
    ("elderly-care-beds-per-1000", "每千老年人医疗机构康复护理床位", "Rehabilitation and nursing beds per 1,000 older people", "张", Higher,
        &["每千名老人拥有医疗机构老年康复护理床位数", "每千名老年人拥有康复护理床位", "每千老年人口医疗康复护理床位数"]),
    ("elderly-health-management-rate", "老年人健康管理率", "People of 65 and over under health management", "%", Higher,
        &["65岁以上老年人健康管理率", "65岁及以上老年人健康管理率", "65岁以上老年人规范健康管理率",
          "65岁以上老年人城乡社区规范健康管理服务率"]),
    // public health bodies and composite indices
    ("cdc-standard-rate", "疾控机构标准化率", "Centres for disease control that meet the standard", "%", Higher,
        &["疾病预防控制机构标准化率", "疾控机构标准化建设率", "疾控中心标准化率", "疾控机构达标建设率", "疾控机构建设达标率"]),
    ("digital-reform-index", "卫生健康数字化改革综合指数", "Composite index of digital reform in health", "", Higher, &[]),
    ("healthy-zhejiang-index", "健康浙江发展指数", "Index of healthy development of Zhejiang", "", Higher, &[]),
];

static CONCEPTS: LazyLock<Vec<ConceptRecord>> = LazyLock::new(|| {
    ROWS.iter()
        .map(|(slug, zh, en, unit, better, aliases)| ConceptRecord {
            slug: (*slug).to_owned(),
            name_zh: (*zh).to_owned(),
            name_en: (*en).to_owned(),
            unit: (!unit.is_empty()).then(|| (*unit).to_owned()),
            better: *better,
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        })
        .collect()
});

/// The built-in catalogue.
#[must_use]
pub fn concepts() -> &'static [ConceptRecord] {
    &CONCEPTS
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_told_apart() {
        let mut seen = HashSet::new();
        for concept in concepts() {
            assert!(seen.insert(concept.slug.as_str()), "{} stands twice", concept.slug);
            for name in [&concept.name_zh].into_iter().chain(&concept.aliases) {
                assert!(seen.insert(name), "{name} names two concepts, or one twice");
            }
        }
        assert_eq!(concepts().len(), 33);
    }
}
