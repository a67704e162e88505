use proptest::prelude::*;

use super::*;

fn names(sentence: &str) -> Vec<String> {
    let mut found = named(sentence);
    found.sort_by_key(|named| named.range.start);
    found.into_iter().map(|named| named.name).collect()
}

#[test]
fn reads_names_with_quotation_marks() {
    assert_eq!(names("办好“牙科和眼科服务年”行动，送医上门。"), ["牙科和眼科服务年行动"]);
    assert_eq!(names("打响“放心看牙”活动。"), ["放心看牙活动"]);
    assert_eq!(names("以“暖心服务村里行”为抓手。"), ["暖心服务村里行"]);
    assert_eq!(names("做实“江河”提升工程。"), ["江河提升工程"]);
    assert_eq!(names("开展 “银发敲门” 行动。"), ["银发敲门行动"]);
    assert_eq!(names("启动“百名村医进修计划”“牙医下乡行动”。"), ["百名村医进修计划", "牙医下乡行动"]);
    assert!(names("当好“领头雁”，落实“七大行动”和“三年行动计划”。").is_empty());
    assert!(names("打造“智慧牙科”服务模式。").is_empty());
}

#[test]
fn reads_names_without_quotation_marks() {
    assert_eq!(names("深入实施乡镇牙科能力提升工程，改善条件。"), ["乡镇牙科能力提升工程"]);
    assert_eq!(names("启动城乡医教结合能力提升行动。"), ["城乡医教结合能力提升行动"]);
    assert_eq!(names("以五河医改经验为准，学习推广。"), ["五河医改"]);
    assert_eq!(names("做好牙科、眼科服务年工作。"), ["牙科、眼科服务年"]);
    assert_eq!(names("村医培训专项行动：请人来讲。"), ["村医培训专项行动"]);
    assert_eq!(names("推进“一张床”改革。"), ["一张床改革"]);
    assert!(names("推进以患者为中心的门诊流程改革。").is_empty(), "a field of work has no name of its own");
    assert_eq!(names("开展护牙行动、护眼行动。"), ["护牙行动", "护眼行动"]);
}

#[test]
fn leaves_what_names_nothing() {
    for sentence in [
        "实施重点工程，开展专项行动，制定工作计划。",
        "深化改革，推进综合试点。",
        "近三年来青少年近视率下降，今年再降。",
        "培养工程师，做好计划生育，建活动室。",
        "印发三年行动计划。",
        "抓好能力提升行动、质量提升行动。",
        "",
    ] {
        assert!(names(sentence).is_empty(), "{sentence} {:?}", names(sentence));
    }
}

#[test]
fn one_key_for_all_spellings() {
    for other in ["牙科、眼科服务年", "“牙科和眼科服务年”活动", "牙科与眼科服务年行动", "国家“牙科和眼科服务年”专项"]
    {
        assert_eq!(key(other), key("牙科和眼科服务年"), "{other}");
    }
    assert_eq!(key("ＡＥＤ进村行动"), "AED进村");
    assert_eq!(key("行动"), "行动");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "[“”《》〈〉、，。和与的实施开展推进行动计划工程改革试点年服务 a1村医]{0,80}") {
        for named in named(&text).into_iter().chain(crate::citation::cited(&text)) {
            prop_assert!(text.get(named.range.clone()).is_some_and(|printed| !printed.is_empty()));
            prop_assert!(!named.key.is_empty() && !named.name.is_empty());
        }
    }
}
