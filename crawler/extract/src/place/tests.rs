use crate::region::tests::record;

use super::*;

fn gazetteer() -> Gazetteer {
    let names = [
        ("110000", "北京市"),
        ("130600", "保定市"),
        ("120000", "天津市"),
        ("130000", "河北省"),
        ("310000", "上海市"),
        ("320000", "江苏省"),
        ("320100", "南京市"),
        ("320400", "常州市"),
        ("330000", "浙江省"),
        ("330500", "湖州市"),
        ("330521", "德清县"),
        ("330523", "安吉县"),
        ("341882", "广德市"),
        ("340000", "安徽省"),
        ("350400", "三明市"),
        ("410000", "河南省"),
        ("511600", "广安市"),
        ("610900", "安康市"),
        ("650000", "新疆维吾尔自治区"),
    ];
    Gazetteer::new(names.map(|(code, name)| record(code, name)))
}

/// The names that a sentence of a plan of 湖州 holds, with their codes and roles.
fn found(sentence: &str) -> Vec<(String, String, RegionRole)> {
    let gazetteer = gazetteer();
    let own = gazetteer.find("湖州", None).unwrap();
    named(sentence, &own, Some(2031), &gazetteer)
        .into_iter()
        .map(|named| match named.kind {
            MentionKind::Region { role } => (named.name, named.key, role),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn tells_as_what_a_region_is_named() {
    for (sentence, name, role) in [
        ("学着用南京的办法，借鉴南京送药经验。", "南京", RegionRole::Model),
        ("对口支援常州市的两个村卫生室。", "常州市", RegionRole::Helper),
        ("与上海共建牙科门诊。", "上海", RegionRole::Partner),
        ("在安徽省开两个药铺。", "安徽省", RegionRole::Place),
        ("与德清县一道推进一体化。", "德清县", RegionRole::Place),
        ("办好长三角药铺。", "长三角", RegionRole::Partner),
        ("去京津冀看看。", "京津冀", RegionRole::Place),
        ("请北京协和医院的大夫来。", "北京协和医院", RegionRole::Partner),
        ("请南京鼓楼医院的大夫坐诊。", "南京鼓楼医院", RegionRole::Partner),
    ] {
        let all = found(sentence);
        assert_eq!(all.last().map(|(name, _, role)| (name.as_str(), *role)), Some((name, role)), "{sentence}: {all:?}");
    }
    let found_in = |sentence| found(sentence).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    assert_eq!(found_in("推广德清县的做法。"), ["德清县"]);
    assert_eq!(found_in("推广安吉县的做法，请广安的大夫来。"), ["安吉县", "广安"]);
    assert_eq!(found("推广三明医改经验，与南京互认。").len(), 2);
}

#[test]
fn leaves_what_only_has_the_name() {
    for sentence in [
        "把药铺开到南京路上。",
        "南京东路的门诊搬走。",
        "请中国人民大学、南京大学和上海交大的学生来。",
        "看懂北京冬奥会的药箱。",
        "黄河南岸种枸杞。",
        "祝乡亲幸福安康。",
        "药铺做医保定点，第三明确价钱。",
        "全国、浙江省和湖州都在做。",
        "学习《上海市义诊办法》。",
    ] {
        let titles = crate::citation::cited(sentence);
        let all: Vec<_> = found(sentence)
            .into_iter()
            .filter(|(name, ..)| !titles.iter().any(|title| title.name.contains(name.as_str())))
            .collect();
        assert!(all.is_empty(), "{sentence}: {all:?}");
    }
    assert_eq!(found("在安康市看雪。").len(), 1);
    assert_eq!(found("浙江省湖州市与江苏省常州市比赛。").len(), 1);
}

#[test]
fn takes_names_of_several_apart() {
    let codes = |sentence: &str| -> Vec<String> { found(sentence).into_iter().map(|(_, code, _)| code).collect() };
    assert_eq!(codes("推进长三角养老互认。"), ["310000", "320000", "340000"]);
    assert_eq!(codes("去京津冀看看。"), ["110000", "120000", "130000"]);
    assert_eq!(codes("在浙苏皖三省交界处建急救站。"), ["320000", "340000"]);
    assert_eq!(codes("派两位大夫援疆。"), ["650000"]);
    assert!(codes("创新合作办法。").is_empty());
}
