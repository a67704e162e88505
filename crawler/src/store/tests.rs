//! Storing a page, on SQLite in memory, with plans put together by hand.

use std::sync::LazyLock;

use entity::{
    glossary_term, indicator, mention, past, plan_version, search, search_entry, section, section_responsible,
    value::{
        Comparator, Health, Measure, Obligation, PageKind, Period, PlanKind, RegionLevel, Role, SearchKind, SectionKind,
    },
};
use extract::{Indicator, Mention, MentionKind, Section, Term, plan::Region};
use sea_orm::{
    ActiveModelTrait, ConnectOptions, Database, DbBackend, FromQueryResult, QueryOrder,
    sea_query::{Expr, OnConflict},
};
use url::Url;

use super::*;
use crate::{fetch::Validators, frontier::NewPage};

/// A database with two regions, a source of the first and a page of that source.
async fn database() -> (DatabaseConnection, source::Model) {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1);
    let db = Database::connect(options).await.unwrap();
    migration::up(&db).await.unwrap();
    filled(db).await
}

async fn filled(db: DatabaseConnection) -> (DatabaseConnection, source::Model) {
    for (code, name) in [("330500", "湖州市"), ("320404", "钟楼区")] {
        let row = region::ActiveModel {
            id: Set(region::id(code.parse().unwrap(), 0)),
            code: Set(code.to_owned()),
            name: Set(name.to_owned()),
            short_name: Set(name.chars().take(2).collect()),
            level: Set(RegionLevel::Other),
            parent_id: Set(None),
            since: Set(None),
            until: Set(None),
        };
        let ignore = OnConflict::column(region::Column::Id).do_nothing().to_owned();
        region::Entity::insert(row).on_conflict(ignore).exec_without_returning(&db).await.unwrap();
    }
    let source = source::ActiveModel {
        id: NotSet,
        slug: Set("huzhou".to_owned()),
        name: Set("湖州".to_owned()),
        region_id: Set(Some(3_305_000)),
        url: Set("http://a.example/".to_owned()),
        schedule: Set("0 0 2 * * * Asia/Shanghai".to_owned()),
        next_run_at: Set(None),
        min_plans: Set(0),
        min_indicators: Set(0),
        health: Set(Health::NeverRun),
        problem: Set(None),
        retired_at: Set(None),
    };
    let source = source.insert(&db).await.unwrap();
    let url = Url::parse("http://a.example/plan.html").unwrap();
    let listed_on = chrono::NaiveDate::from_ymd_opt(2025, 3, 24);
    let page = NewPage { url: &url, kind: PageKind::Article, title: None, listed_on };
    let txn = db::begin(&db).await.unwrap();
    frontier::add(&txn, source.id, &[page], db::now()).await.unwrap();
    txn.commit().await.unwrap();
    (db, source)
}

/// A plan of one chapter and its figures, each a sentence of its own: `(name, number)`.
fn plan(region: &str, figures: &[(&str, &str)]) -> Plan {
    let heading = "一、今年的目标";
    let mut text = heading.to_owned();
    let mut indicators = Vec::new();
    for (name, number) in figures {
        text.push('\n');
        let start = text.len();
        text.push_str(name);
        text.push_str("达到");
        let at = text.len();
        text.push_str(number);
        let range = at..text.len();
        text.push('。');
        indicators.push(Indicator {
            name: (*name).to_owned(),
            value: number.trim_end_matches('%').parse().unwrap(),
            value_max: None,
            value_text: (*number).to_owned(),
            unit: Some("%".to_owned()),
            comparator: Comparator::Eq,
            measure: Measure::Level,
            role: Role::Target,
            obligation: Some(Obligation::Binding),
            year: Some(2025),
            scope: None,
            concept: None,
            sentence: start..text.len(),
            range,
            section: 1,
            confidence: 0.9,
        });
    }
    let section = |kind, heading: Option<&str>, depth, parent, responsible: &[&str]| Section {
        kind,
        number: heading.map(|_| "一、".to_owned()),
        heading: heading.map(ToOwned::to_owned),
        depth,
        parent,
        range: 0..text.len(),
        body: heading.map_or(heading_end(&text)..text.len(), |_| 0..0),
        responsible: responsible.iter().map(ToString::to_string).collect(),
    };
    Plan {
        title: "今年工作要点".to_owned(),
        kind: PlanKind::AnnualPlan,
        region: Some(Region {
            code: (region == "湖州市").then(|| "330500".parse().unwrap()), name: region.to_owned()
        }),
        issuer: None,
        document_number: None,
        index_number: None,
        issued_on: None,
        published_on: None,
        period: Some(Period::year(2025)),
        origin: Some("某报".to_owned()),
        annexes: Vec::new(),
        sections: vec![
            section(SectionKind::Heading, Some("今年的目标"), 1, None, &[]),
            section(SectionKind::Paragraph, None, 2, Some(0), &["规划科", "医政科"]),
        ],
        indicators,
        dropped: 0,
        glossary: vec![Term {
            term: "千人床位数".to_owned(),
            definition: "每千人口的床位".to_owned(),
            formula: None,
            concept: None,
            range: 0..heading.len(),
            section: 0,
        }],
        mentions: vec![
            Mention {
                kind: MentionKind::Programme { quoted: true },
                key: "义诊进村".to_owned(),
                name: "义诊进村行动".to_owned(),
                range: 0..heading.len(),
                sentence: 0..text.len(),
                section: 0,
            },
            Mention {
                kind: MentionKind::Citation,
                key: "村医办法".to_owned(),
                name: "村医办法".to_owned(),
                range: 0..heading.len(),
                sentence: 0..text.len(),
                section: 1,
            },
        ],
        text,
    }
}

fn heading_end(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |end| end + 1)
}

async fn claim(db: &DatabaseConnection, source: &source::Model, batch: frontier::Batch, owner: &str) -> Option<Claim> {
    frontier::claim(db, source.id, batch, db::now(), owner, frontier::LEASE, 1).await.unwrap().pop()
}

async fn store(db: &DatabaseConnection, source: &source::Model, sha256: &str, plans: &[Plan]) -> Option<Stored> {
    frontier::recall(db, source.id, db::now()).await.unwrap();
    let claim = match claim(db, source, frontier::Batch::New, "me").await {
        Some(claim) => claim,
        None => claim(db, source, frontier::Batch::Known, "me").await.unwrap(),
    };
    store_claimed(db, source, &claim, sha256, plans).await
}

async fn store_claimed(
    db: &DatabaseConnection,
    source: &source::Model,
    claim: &Claim,
    sha256: &str,
    plans: &[Plan],
) -> Option<Stored> {
    page(db, &reading(source, claim, &body(sha256), sha256, plans, &Files::default())).await.unwrap()
}

fn body(sha256: &str) -> Body {
    Body {
        url: "http://a.example/plan.html".parse().unwrap(),
        moved: false,
        media_type: Some("text/html".to_owned()),
        validators: Validators { etag: Some(sha256.to_owned()), last_modified: None },
        headers: vec![("etag".to_owned(), sha256.to_owned())],
        bytes: sha256.as_bytes().to_vec(),
    }
}

fn reading<'a>(
    source: &'a source::Model,
    claim: &'a Claim,
    body: &'a Body,
    sha256: &'a str,
    plans: &'a [Plan],
    files: &'a Files,
) -> Reading<'a> {
    static NONE: LazyLock<HashMap<String, i32>> = LazyLock::new(HashMap::new);
    Reading { source, claim, body, sha256, plans, files, concepts: &NONE, occasion: Occasion::Fetched }
}

async fn figures(db: &DatabaseConnection) -> Vec<(i64, String, bool)> {
    let rows = indicator::Entity::find().order_by_asc(indicator::Column::Id).all(db).await.unwrap();
    rows.into_iter().map(|row| (row.id, row.name, row.gone_at.is_some())).collect()
}

async fn page_state(db: &DatabaseConnection) -> page::Model {
    page::Entity::find().one(db).await.unwrap().unwrap()
}

#[tokio::test]
async fn writes_all_that_was_read() {
    let (db, source) = database().await;
    let read = plan("湖州市", &[("覆盖率", "90%"), ("达标率", "80%")]);
    let stored = store(&db, &source, "a", &[read]).await.unwrap();
    assert_eq!(stored, Stored { changed: 1, ..Stored::default() });

    let row = plan_table::Entity::find().one(&db).await.unwrap().unwrap();
    assert_eq!((row.region_id, row.version, row.start_year, row.is_reprint), (3_305_000, 1, 2025, false));
    assert_eq!(row.published_on.unwrap().to_string(), "2025-03-24", "the list's date stands in");
    assert_eq!(row.reprinted_from, None, "an authority's own plan is no reprint, whatever source the page names");
    let sections = section::Entity::find().order_by_asc(section::Column::Position).all(&db).await.unwrap();
    assert_eq!(sections[1].parent_id, Some(sections[0].id));
    assert_eq!(sections[1].path, serde_json::json!(["今年的目标"]));
    assert!(sections[1].text.starts_with("覆盖率"));
    let units = section_responsible::Entity::find().all(&db).await.unwrap();
    assert_eq!(units.iter().map(|u| &*u.unit).collect::<Vec<_>>(), ["规划科", "医政科"]);
    assert_eq!(glossary_term::Entity::find().one(&db).await.unwrap().unwrap().span_end, 7);

    let text: Vec<char> = plan_version::Entity::find().one(&db).await.unwrap().unwrap().text.chars().collect();
    for figure in indicator::Entity::find().all(&db).await.unwrap() {
        let span = figure.span_start as usize..figure.span_end as usize;
        assert_eq!(text[span].iter().collect::<String>(), figure.value_text);
        assert_eq!(figure.section_id, sections[1].id);
        assert!(figure.sentence.contains(&figure.name));
        assert_eq!(figure.obligation, Some(Obligation::Binding));
    }
    let page = page_state(&db).await;
    assert_eq!((page.state, page.etag.as_deref(), page.lease_owner), (PageState::Fresh, Some("a"), None));
}

#[tokio::test]
async fn a_second_version_keeps_the_ids_of_figures_that_stay() {
    let (db, source) = database().await;
    store(&db, &source, "a", &[plan("湖州市", &[("覆盖率", "90%"), ("达标率", "80%")])]).await;
    let before = figures(&db).await;

    let again = store(&db, &source, "b", &[plan("湖州市", &[("覆盖率", "90%"), ("达标率", "80%")])]).await.unwrap();
    assert_eq!(again.changed, 0, "another body that reads the same is no version");
    assert_eq!(figures(&db).await, before);

    store(&db, &source, "c", &[plan("湖州市", &[("增长率", "5%"), ("覆盖率", "90%")])]).await;
    let after = figures(&db).await;
    assert_eq!(after[0], before[0], "it moved and kept its row");
    assert_eq!((after[1].0, after[1].2), (before[1].0, true), "it is gone and still there");
    assert_eq!((after[2].1.as_str(), after[2].2), ("增长率", false));
    let versions = plan_version::Entity::find().order_by_asc(plan_version::Column::Version).all(&db).await.unwrap();
    assert_eq!(versions.len(), 2);
    let diff = versions[1].diff.as_deref().unwrap();
    assert!(diff.contains("-达标率达到80%。") && diff.contains("+增长率达到5%。"), "{diff}");
    assert!(!versions[1].technical);
    assert_eq!(section::Entity::find().all(&db).await.unwrap().len(), 4, "sections of both versions");
    let terms = glossary_term::Entity::find().order_by_asc(glossary_term::Column::Version).all(&db).await.unwrap();
    assert_eq!(terms.iter().map(|term| term.version).collect::<Vec<_>>(), [1, 2]);
    let mentions = mention::Entity::find().order_by_asc(mention::Column::Id).all(&db).await.unwrap();
    let rows: Vec<_> = mentions.iter().map(|m| (m.version, m.position, m.programme_id, m.citation_id)).collect();
    let (programme, citation) = (rows[0].2, rows[1].3);
    assert!(programme.is_some() && citation.is_some());
    assert_eq!(
        rows,
        [(1, 0, programme, None), (1, 1, None, citation), (2, 0, programme, None), (2, 1, None, citation)],
        "both versions name the same rows"
    );
    assert_eq!((mentions[0].quoted, mentions[0].span_end), (true, 7));

    store(&db, &source, "d", &[plan("湖州市", &[("覆盖率", "90%"), ("达标率", "80%")])]).await;
    let back = figures(&db).await;
    assert_eq!((back[1].0, back[1].2), (before[1].0, false), "it came back to its row");
    assert!(back[2].2);
}

#[tokio::test]
async fn equal_figures_are_told_apart() {
    let (db, source) = database().await;
    store(&db, &source, "a", &[plan("湖州市", &[("覆盖率", "90%"), ("覆盖率", "90%")])]).await;
    assert_eq!(figures(&db).await.len(), 2);
    store(&db, &source, "b", &[plan("湖州市", &[("覆盖率", "90%"), ("达标率", "80%")])]).await;
    assert_eq!(figures(&db).await.iter().map(|f| f.2).collect::<Vec<_>>(), [false, true, false]);
}

#[tokio::test]
async fn an_unknown_region_is_named_and_the_other_plans_are_stored() {
    let (db, source) = database().await;
    let stored =
        store(&db, &source, "a", &[plan("无名县", &[]), plan("湖州市", &[]), plan("湖州市", &[])]).await.unwrap();
    assert_eq!(stored.changed, 2);
    assert!(stored.problems[0].contains("无名县") && stored.problems[0].contains("regions import"));
    let parts: Vec<i32> = plan_table::Entity::find().all(&db).await.unwrap().iter().map(|p| p.part).collect();
    assert_eq!(parts, [0, 1]);
    let page = page_state(&db).await;
    assert_eq!((page.state, page.attempts), (PageState::Failed, 1));
    assert!(page.last_error.unwrap().contains("无名县"));
}

#[tokio::test]
async fn plans_that_are_not_found_any_more_are_held_back() {
    let (db, source) = database().await;
    store(&db, &source, "a", &[plan("湖州市", &[("覆盖率", "90%")])]).await;
    let held = Stored { held: true, ..Stored::default() };
    let bodies: [&[Plan]; 3] = [&[], &[plan("湖州市", &[])], &[plan("钟楼区", &[("覆盖率", "90%")])]];
    for plans in bodies {
        assert_eq!(store(&db, &source, "b", plans).await.unwrap(), held, "{plans:?}");
        assert!(!figures(&db).await[0].2);
        assert_eq!(page_state(&db).await.state, PageState::Held);
    }
    store(&db, &source, "b", &[]).await.unwrap();
    assert_eq!(snapshot::Entity::find().all(&db).await.unwrap().len(), 2, "one body is kept once");
}

#[tokio::test]
async fn a_page_without_a_plan_is_remembered() {
    let (db, source) = database().await;
    assert_eq!(store(&db, &source, "a", &[]).await.unwrap(), Stored::default());
    assert_eq!(page_state(&db).await.state, PageState::NoPlan);
}

#[tokio::test]
async fn a_worker_that_lost_its_page_writes_nothing() {
    let (db, source) = database().await;
    let slow = claim(&db, &source, frontier::Batch::New, "slow").await.unwrap();
    let taken = claim(&db, &source, frontier::Batch::New, "other").await;
    assert!(taken.is_none(), "a page is one worker's");
    frontier::release(&db, "slow").await.unwrap();
    let other = claim(&db, &source, frontier::Batch::New, "other").await.unwrap();
    assert_eq!(store_claimed(&db, &source, &slow, "a", &[plan("湖州市", &[])]).await, None);
    assert_eq!(plan_table::Entity::find().all(&db).await.unwrap().len(), 0);
    assert!(store_claimed(&db, &source, &other, "a", &[plan("湖州市", &[])]).await.is_some());
}

#[tokio::test]
async fn pages_that_are_stored_together_need_not_all_be_there() {
    let (db, source) = database().await;
    let url = Url::parse("http://a.example/other.html").unwrap();
    let other = NewPage { url: &url, kind: PageKind::Article, title: None, listed_on: None };
    let txn = db::begin(&db).await.unwrap();
    frontier::add(&txn, source.id, &[other], db::now()).await.unwrap();
    txn.commit().await.unwrap();
    let due = db::now();
    let claims = frontier::claim(&db, source.id, frontier::Batch::New, due, "me", frontier::LEASE, 8).await.unwrap();
    let (body, plans, files) = (body("a"), [plan("湖州市", &[("覆盖率", "90%")])], Files::default());
    let readings: Vec<_> = claims.iter().map(|claim| reading(&source, claim, &body, "a", &plans, &files)).collect();
    assert_eq!(readings.len(), 2);
    entity::page::Entity::update_many()
        .col_expr(entity::page::Column::LeaseOwner, Expr::value("somebody else"))
        .filter(entity::page::Column::Id.eq(claims[0].page.id))
        .exec(&db)
        .await
        .unwrap();
    let stored = Stored { changed: 1, ..Stored::default() };
    assert_eq!(pages(&db, &readings).await.unwrap(), [None, Some(stored)]);
    assert_eq!(plan_table::Entity::find().all(&db).await.unwrap().len(), 1);
    assert_eq!(figures(&db).await.len(), 1);
}

/// Values of the figures that stood at a moment, as they read.
async fn stood(db: &DatabaseConnection, moment: chrono::DateTime<chrono::Utc>) -> Vec<(i64, f64, i32)> {
    let mut states = sea_orm::sea_query::Query::select();
    states.columns(["id", "value", "position"]).from_subquery(past::at::<indicator::Entity>(moment), "indicator");
    states.order_by("position", sea_orm::Order::Asc);
    let rows = db.query_all(&states).await.unwrap();
    let cell = |row: &sea_orm::QueryResult| {
        (row.try_get("", "id").unwrap(), row.try_get("", "value").unwrap(), row.try_get("", "position").unwrap())
    };
    rows.iter().map(cell).collect()
}

#[tokio::test]
async fn every_state_can_be_had_again() {
    for test in support::databases("store_states").await {
        let (db, source) = filled(test.connection.clone()).await;
        let mut moments = vec![db::now()];
        for (sha256, figures) in [
            ("a", &[("覆盖率", "90%"), ("达标率", "80%")][..]),
            ("b", &[("增长率", "5%"), ("覆盖率", "90%")]),
            ("c", &[("达标率", "80%"), ("覆盖率", "92%")]),
        ] {
            store(&db, &source, sha256, &[plan("湖州市", figures)]).await.unwrap();
            moments.push(db::now());
        }
        let page = page_state(&db).await.id;
        withdraw(&db, page, db::now()).await.unwrap();
        moments.push(db::now());
        // It comes back as it was.
        store(&db, &source, "c", &[plan("湖州市", &[("达标率", "80%"), ("覆盖率", "92%")])]).await.unwrap();
        moments.push(db::now());
        let mut states = Vec::new();
        for moment in moments {
            states.push(stood(&db, moment).await);
        }
        let values: Vec<Vec<f64>> = states.iter().map(|state| state.iter().map(|figure| figure.1).collect()).collect();
        assert_eq!(values, [vec![], vec![90.0, 80.0], vec![5.0, 90.0], vec![80.0, 92.0], vec![], vec![80.0, 92.0]]);
        assert_eq!(states[1][1].0, states[3][0].0, "a figure that comes back is the same");
        let rows = indicator::Entity::find().all(&db).await.unwrap();
        let risen = rows.iter().find(|row| row.value_text == "92%").unwrap();
        assert_eq!(risen.replaces_id, Some(states[1][0].0));
    }
}

/// What a query finds, by kind and row.
async fn found(db: &DatabaseConnection, query: &str) -> Vec<(SearchKind, i64)> {
    let query = search::Query::parse(query).unwrap();
    let (mut matching, newest) = search::matching(db.get_database_backend(), &query, false);
    let columns = [search_entry::Column::Id, search_entry::Column::PlanId, search_entry::Column::Kind];
    matching.columns(columns.map(|column| (search_entry::Entity, column)));
    matching.column((search_entry::Entity, search_entry::Column::ItemId));
    matching.order_by_expr(newest, sea_orm::Order::Asc);
    let rows = db.query_all(&matching).await.unwrap();
    let rows = rows.iter().map(|row| search_entry::Model::from_query_result(row, "").unwrap());
    rows.map(|row| (row.kind, row.item_id)).collect()
}

#[tokio::test]
async fn the_index_for_search_holds_what_stands_now() {
    for test in support::databases("store_search").await {
        let (db, source) = filled(test.connection.clone()).await;
        store(&db, &source, "a", &[plan("湖州市", &[("AED覆盖率", "90%"), ("达标率", "80.5%")])]).await;
        let row = plan_table::Entity::find().one(&db).await.unwrap().unwrap();
        let sections: Vec<i64> =
            section::Entity::find().all(&db).await.unwrap().into_iter().map(|section| section.id).collect();
        let [first, second] = figures(&db).await.try_into().unwrap();
        let text = (SearchKind::Section, sections[1]);
        for (query, expected) in [
            ("工作要点", &[(SearchKind::Plan, row.id)][..]),
            ("今年目标", &[]),
            ("年的目标", &[(SearchKind::Section, sections[0])]),
            ("AED", &[text, (SearchKind::Indicator, first.0)]),
            ("ａｅｄ覆", &[text, (SearchKind::Indicator, first.0)]),
            ("80.5% 达标", &[text, (SearchKind::Indicator, second.0)]),
            ("标", &[(SearchKind::Section, sections[0]), text, (SearchKind::Indicator, second.0)]),
            ("AED 达标", &[text]),
            ("90%达标率", &[]),
            ("A*", &[text, (SearchKind::Indicator, first.0)]),
        ] {
            assert_eq!(found(&db, query).await, expected, "{query}");
        }

        store(&db, &source, "b", &[plan("湖州市", &[("覆盖率", "95%"), ("达标率", "80.5%")])]).await;
        assert_eq!(found(&db, "AED").await, [], "neither the former section nor the figure that is gone");
        assert_eq!(found(&db, "95%").await.len(), 2);
        assert_eq!(found(&db, "工作要点").await, [(SearchKind::Plan, row.id)]);

        let before = found(&db, "率").await;
        search_entry::Entity::delete_many().exec(&db).await.unwrap();
        if db.get_database_backend() == DbBackend::Sqlite {
            db.execute_unprepared("DELETE FROM search_words").await.unwrap();
        }
        migration::up(&db).await.unwrap();
        assert_eq!(found(&db, "率").await, before, "what a version before search stored is found too");
        withdraw(&db, page_state(&db).await.id, db::now()).await.unwrap();
        assert_eq!(found(&db, "率").await, before, "a plan that is withdrawn is kept");
    }
}
