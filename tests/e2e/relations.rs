//! How the plans of the source documents relate, held against what was read in the documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    corpus::{corpus, free_port, names, serve},
    program::{Program, texts},
};

const RELATIONS: &str = "{
    parents: relations(filter: { kinds: [PARENT_PLAN] }) { nodes { ...sides } }
    others: relations(filter: { kinds: [SUCCEEDS, REPRINT_OF] }) { totalCount }
    named: relations(filter: { kinds: [MENTIONS_REGION] }, first: 100) { totalCount nodes { role evidence ...sides } }
    cited: relations(filter: { kinds: [SHARES_CITATION] }) { nodes { evidence ...sides } }
    shared: relations(filter: { kinds: [SHARES_PROGRAMME], from: \"湖州\" }, first: 100) { nodes { programme { name } ...sides } }
    search(query: \"加强应急救援能力建设\", kinds: [SECTION], filter: { regions: [\"湖州\"] }, first: 1) { nodes { item {
        ... on Section { relations(kind: SIMILAR_SECTION, first: 1) { nodes { fromSection { number } toSection { number } ...sides } } }
    } } }
}
fragment sides on Relation { fromRegion { shortName } toRegion { shortName } }";

/// What each region of the documents names beside itself and those above it.
const NAMED: [(&str, &str); 25] = [
    ("北京", "天津 河北"),
    ("河北", "北京 天津 三明"),
    ("吉林", "三明"),
    ("黑龙江", "三明"),
    ("上海", "江苏 浙江 安徽"),
    ("浙江", "丽水 湖州 衢州 舟山"),
    ("江西", "三明"),
    ("山东", "三明"),
    ("湖北", "三明"),
    ("湖南", "三明"),
    ("广东", "三明 广州 深圳 珠海 佛山 江门 肇庆 惠州 东莞 中山 香港 澳门"),
    ("广西", "三明"),
    ("海南", "上海 海口"),
    ("四川", "三明 重庆"),
    ("贵州", "北京 遵义"),
    ("云南", "玉溪 楚雄"),
    ("西藏", "三明 定日"),
    ("陕西", "三明"),
    ("甘肃", "三明"),
    ("宁夏", "三明"),
    ("湖州", "德清 南浔 安吉 长兴 江苏 安徽"),
    ("杭州", "上海 江苏 安徽 钱塘"),
    ("绍兴", "上海 江苏 安徽 广东 柯桥"),
    ("钟楼", "上海 南京 浙江 安徽"),
    ("新疆", ""),
];

fn sides(node: &Value) -> (String, String) {
    let name = |side: &str| node[side]["shortName"].as_str().unwrap().to_owned();
    (name("fromRegion"), name("toRegion"))
}

fn nodes(list: &Value) -> &[Value] {
    list["nodes"].as_array().unwrap()
}

#[tokio::test]
async fn plans_relate_as_the_documents_say() {
    let Some(corpus) = corpus() else { return };
    for database in support::databases("corpus_relations").await {
        let program = Program::on(&database.url);
        let counties = corpus.join("data/areacodes.csv");
        let import = program.run(&["regions", "import", counties.to_str().unwrap()]);
        assert!(import.status.success(), "{}", texts(&import).1);
        let sources = program.folder.path().join("sources");
        let _sites = serve(&corpus, free_port(), &sources);
        let crawl = program.run(&["crawl", "--sources", sources.to_str().unwrap()]);
        assert!(crawl.status.success(), "{}", texts(&crawl).1);
        let found = program.serve().ask(RELATIONS, json!({})).await;

        let parents: BTreeSet<_> = nodes(&found["parents"]).iter().map(sides).collect();
        let expected = [("杭州", "浙江"), ("湖州", "浙江"), ("钟楼", "江苏")];
        assert_eq!(parents, expected.map(|(child, parent)| (child.to_owned(), parent.to_owned())).into());
        assert_eq!(found["others"]["totalCount"], 0);

        let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in nodes(&found["named"]).iter().map(sides) {
            named.entry(from).or_default().insert(to);
        }
        for (region, expected) in NAMED {
            let expected = if expected.is_empty() { BTreeSet::new() } else { names(expected) };
            assert_eq!(named.remove(region).unwrap_or_default(), expected, "{region}");
        }
        assert!(named.is_empty(), "{named:?}");
        let role = |from: &str, to: &str| {
            let is_it = |node: &&Value| sides(node) == (from.to_owned(), to.to_owned());
            let node = nodes(&found["named"]).iter().find(is_it).unwrap();
            (node["role"].as_str().unwrap().to_owned(), node["evidence"].as_str().unwrap().to_owned())
        };
        for (from, to, expected) in [
            ("宁夏", "三明", "MODEL"),
            ("湖州", "德清", "MODEL"),
            ("湖州", "安吉", "MODEL"),
            ("湖州", "长兴", "PLACE"),
            ("贵州", "遵义", "HELPER"),
            ("钟楼", "南京", "PARTNER"),
            ("四川", "重庆", "PARTNER"),
            ("海南", "上海", "PARTNER"),
            ("浙江", "舟山", "PLACE"),
            ("西藏", "定日", "PLACE"),
        ] {
            assert_eq!(role(from, to).0, expected, "{from} {to}");
        }
        assert!(role("北京", "天津").1.contains("京津冀"));
        assert!(role("钟楼", "安徽").1.contains("长三角"));

        let cited: Vec<_> = nodes(&found["cited"]).iter().map(sides).collect();
        assert_eq!(cited.len(), 6, "four regions cite one document: {cited:?}");
        let citing: BTreeSet<String> = cited.into_iter().flat_map(|(from, to)| [from, to]).collect();
        assert_eq!(citing, names("北京 山西 内蒙古 江西"));
        let is_year = |node: &&Value| node["programme"]["name"].as_str().unwrap().contains("精神卫生服务年");
        let years = nodes(&found["shared"]).iter().filter(is_year);
        let with: BTreeSet<String> = years.map(sides).flat_map(|(from, to)| [from, to]).collect();
        assert_eq!(with, names("河北 山西 吉林 上海 江苏 湖北 湖南 广东 四川 贵州 陕西 宁夏 湖州"));

        let task = &found["search"]["nodes"][0]["item"];
        let [best] = nodes(&task["relations"]) else { panic!("{task}") };
        assert_eq!(sides(best), ("湖州".to_owned(), "绍兴".to_owned()));
        assert_eq!((&best["fromSection"]["number"], &best["toSection"]["number"]), (&json!("7."), &json!("10.")));
    }
}
