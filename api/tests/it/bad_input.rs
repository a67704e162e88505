//! What cannot be answered is refused with a code and a message that names it.

use async_graphql::{Request, Variables};
use serde_json::json;

use crate::support::{PlanSpec, World, worlds};

async fn refused(world: &World, query: &str, code: &str, named: &str) {
    let (found, message) = world.fails(query).await;
    assert_eq!(found, code, "{query}: {message}");
    assert!(message.contains(named), "{query}: {message}");
}

#[tokio::test]
async fn bad_pages() {
    for world in worlds("bad_pages").await {
        for (query, code, named) in [
            ("{ plans(first: -1) { nodes { id } } }", "BAD_PAGE_SIZE", "`first: -1`"),
            ("{ plans(last: 101) { nodes { id } } }", "BAD_PAGE_SIZE", "0 to 100"),
            ("{ plans(first: 1, last: 1) { nodes { id } } }", "BAD_PAGE_SIZE", "together"),
            ("{ plans(after: \"nonsense\") { totalCount } }", "BAD_CURSOR", "nonsense"),
            ("{ plans(before: \"\") { totalCount } }", "BAD_CURSOR", "no cursor"),
            ("{ plans(after: \"WyJwbGFucyIsImlkIixbIngiXV0\") { totalCount } }", "BAD_CURSOR", "WyJ"),
        ] {
            refused(&world, query, code, named).await;
        }
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list_and_order() {
    for world in worlds("bad_cursors").await {
        world.plan(PlanSpec::default()).await;
        let answer = world.ask("{ plans { pageInfo { endCursor } } }").await;
        let cursor = &answer["plans"]["pageInfo"]["endCursor"];
        for query in [
            format!("{{ plans(orderBy: [{{field: TITLE}}], after: {cursor}) {{ totalCount }} }}"),
            format!("{{ indicators(after: {cursor}) {{ totalCount }} }}"),
            format!("{{ source(slug: \"huzhou\") {{ plans(after: {cursor}) {{ totalCount }} }} }}"),
        ] {
            refused(&world, &query, "BAD_CURSOR", "no cursor of this list").await;
        }
        assert!(
            world.ask(&format!("{{ plans(after: {cursor}) {{ nodes {{ id }} }} }}")).await["plans"]["nodes"]
                == serde_json::json!([])
        );
    }
}

#[tokio::test]
async fn names_and_ids_that_mean_nothing() {
    for world in worlds("bad_names").await {
        world.region("320106", "鼓楼试区", "鼓楼试", entity::value::RegionLevel::County).await;
        world.region("350102", "鼓楼试区", "鼓楼试", entity::value::RegionLevel::County).await;
        let deep = "not: { ".repeat(6) + &"} ".repeat(6);
        let long = "x".repeat(2_000_001);
        for (query, code, named) in [
            ("{ plans(filter: { regions: [\"亚特兰蒂斯\"] }) { totalCount } }", "UNKNOWN_REGION", "亚特兰蒂斯"),
            ("{ plans(filter: { within: \"999999\" }) { totalCount } }", "UNKNOWN_REGION", "999999"),
            ("{ indicators(filter: { or: [{ regions: [\"湖州城\"] }] }) { totalCount } }", "UNKNOWN_REGION", "湖州市"),
            (
                "{ region(name: \"鼓楼试区\") { code } }",
                "AMBIGUOUS_REGION",
                "320106 南京市鼓楼试区, 350102 福州市鼓楼试区",
            ),
            ("{ indicators(filter: { concepts: [\"luck\"] }) { totalCount } }", "UNKNOWN_CONCEPT", "luck"),
            ("{ plans(filter: { source: \"nowhere\" }) { totalCount } }", "UNKNOWN_SOURCE", "nowhere"),
            ("{ crawlRuns(source: \"nowhere\") { totalCount } }", "UNKNOWN_SOURCE", "nowhere"),
            ("{ node(id: \"%%%\") { id } }", "BAD_ID", "%%%"),
            // `Region:3305000`
            ("{ plan(id: \"UmVnaW9uOjMzMDUwMDA\") { id } }", "BAD_ID", "the id of a Plan"),
            ("{ indicators(filter: { plans: [\"12\"] }) { totalCount } }", "BAD_ID", "12"),
            ("{ region { code } }", "BAD_INPUT", "exactly one"),
            ("{ extract(input: { text: \"a\", html: \"b\" }) { plans { title } } }", "BAD_INPUT", "exactly one"),
            ("{ extract(input: {}) { plans { title } } }", "BAD_INPUT", "exactly one"),
            (
                "{ extract(input: { text: \"a\", region: \"亚特兰蒂斯\" }) { plans { title } } }",
                "UNKNOWN_REGION",
                "亚特",
            ),
            ("{ nothing }", "BAD_QUERY", "nothing"),
            ("{ plans(", "BAD_QUERY", ""),
            ("{ plans(filter: { publishedOn: { ge: \"yesterday\" } }) { totalCount } }", "BAD_QUERY", "yesterday"),
        ] {
            refused(&world, query, code, named).await;
        }
        refused(&world, &format!("{{ indicators(filter: {{ {deep} }}) {{ totalCount }} }}"), "BAD_INPUT", "5 deep")
            .await;
        let query = format!("{{ extract(input: {{ text: \"{long}\" }}) {{ plans {{ title }} }} }}");
        refused(&world, &query, "BAD_INPUT", "2000000").await;
        assert!(world.ask("{ region(name: \"亚特兰蒂斯\") { code } }").await["region"].is_null());
        for (name, code) in [(" 湖州 ", "330500"), ("南京市鼓楼试区", "320106"), ("福建福州市鼓楼试区", "350102")]
        {
            let query = format!("{{ region(name: \"{name}\") {{ code }} }}");
            assert_eq!(world.ask(&query).await["region"]["code"], code, "{name}");
        }
        for name in ["苏州市鼓楼试区", "南京市南京市鼓楼试区", "南京市320106", &"南京市".repeat(10_000)]
        {
            let query = format!("{{ region(name: \"{name}\") {{ code }} }}");
            assert!(world.ask(&query).await["region"].is_null(), "{name:.20}");
        }
    }
}

#[tokio::test]
async fn a_query_too_deep_is_refused() {
    let world = &worlds("too_deep").await[0];
    let query = "{ region(code: \"330500\") ".to_owned() + &"{ parent ".repeat(20) + "{ code }" + &"}".repeat(21);
    let (code, message) = world.fails(&query).await;
    assert!(code == "QUERY_TOO_LARGE" && message.contains("16 deep"), "{code} {message}");
}

#[tokio::test]
async fn a_query_that_asks_too_much_is_refused_before_anything_is_read() {
    let world = &worlds("too_much").await[0];
    let bomb: String = (0..40).map(|n| format!("fragment F{n} on Query {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
    let aliases: String = (0..101).map(|n| format!("a{n}: plans {{ totalCount }} ")).collect();
    let sections = "sections(first: 100) { nodes { indicators { name value unit } } }";
    for (query, word) in [
        (format!("{{ plans(first: 100) {{ nodes {{ {sections} }} }} }}"), "100000 values"),
        (format!("query($n: Int) {{ plans(first: $n) {{ nodes {{ {sections} title }} }} }}"), "100000 values"),
        (format!("{{ {aliases} }}"), "100 fields another name"),
        (format!("{{ ...F0 }} {bomb} fragment F40 on Query {{ plans {{ totalCount }} }}"), "1000 fields"),
        (format!("{{ nodes(ids: [{}]) {{ id }} }}", "\"x\" ".repeat(10_001)), "10000"),
    ] {
        let request = Request::new(&query).variables(Variables::from_json(json!({"n": 100})));
        let (answer, statements) = world.counted(request).await;
        let error = &answer.errors[0];
        let code = serde_json::to_value(error.extensions.as_ref().unwrap()).unwrap()["code"].clone();
        assert_eq!(code, "QUERY_TOO_LARGE", "{}", error.message);
        assert!(error.message.contains(word), "{}", error.message);
        assert_eq!(statements, 0);
    }
    // What analysts ask is far below.
    world
        .ask("{ plans(first: 100) { nodes { title region { name } sections(first: 50) { nodes { heading text } } } } }")
        .await;
}

#[tokio::test]
async fn filters_too_deep_or_too_wide_are_refused() {
    let world = &worlds("too_wide").await[0];
    let deep = format!("{{ indicators(filter: {}{{}}{}) {{ totalCount }} }}", "{not: ".repeat(500), "}".repeat(500));
    let (code, message) = world.fails(&deep).await;
    assert!(code == "QUERY_TOO_LARGE" && message.contains("64"), "{code} {message}");

    for wide in [
        format!("{{regions: [{}]}}", "\"330500\" ".repeat(3000)),
        format!("{{units: [{}]}}", "\"%\" ".repeat(9_000)),
        format!("{{or: [{}]}}", "{nameContains: \"0\"} ".repeat(1500)),
    ] {
        let (code, message) = world.fails(&format!("{{ indicators(filter: {wide}) {{ totalCount }} }}")).await;
        assert!(code == "BAD_INPUT" && message.contains("500"), "{code} {message}");
    }
    let (code, _) =
        world.fails(&format!("{{ plans(filter: {{ids: [{}]}}) {{ totalCount }} }}", "1 ".repeat(3000))).await;
    assert_eq!(code, "BAD_INPUT");
}

#[tokio::test]
async fn what_the_database_says_stays_in_the_log() {
    for world in worlds("no_database").await {
        sea_orm::ConnectionTrait::execute_unprepared(&world.db, "DROP TABLE failure").await.unwrap();
        world.run_without_failures("huzhou").await;
        let (code, message) = world.fails("{ crawlRuns { nodes { failures { nodes { url } } } } }").await;
        assert_eq!(code, "INTERNAL");
        assert!(!message.contains("failure") && !message.to_lowercase().contains("select"), "{message}");
    }
}
