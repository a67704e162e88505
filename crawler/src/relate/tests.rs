//! Relating many plans at once, with texts of no meaning.

use entity::{
    page, plan, plan_version, relation, snapshot, source,
    value::{Health, PageKind, PageState, PlanKind, RelationKind},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryTrait, Statement,
};

use super::{shingles::stir, *};

/// Plans of a region and a year, each of another field.
const FIELDS: u64 = 5;
/// One of so many plans stands on another site too.
const COPIED: u64 = 10;
const REGIONS: [i32; 4] = [3_305_000, 3_301_000, 3_306_000, 3_204_000];

/// Chinese characters, others for each number.
fn words(number: u64, length: u64) -> String {
    let character = |at| char::from_u32(0x4e00 + (stir(number * 1_000_003 + at) % 20_000) as u32);
    (0..length).filter_map(character).collect()
}

fn source(id: i32) -> source::ActiveModel {
    source::ActiveModel {
        id: Set(id),
        slug: Set(id.to_string()),
        name: Set(String::new()),
        region_id: Set(None),
        url: Set(String::new()),
        schedule: Set(String::new()),
        next_run_at: Set(None),
        min_plans: Set(0),
        min_indicators: Set(0),
        health: Set(Health::Ok),
        problem: Set(None),
        retired_at: Set(None),
    }
}

/// A page with a plan, and all that they hang on.
async fn store(db: &impl ConnectionTrait, id: i64, source_id: i32, region_id: i32, year: i32, text: String) {
    let now = db::now();
    let page = page::ActiveModel {
        id: Set(id),
        source_id: Set(source_id),
        url: Set(format!("http://a.example/{id}")),
        kind: Set(PageKind::Article),
        state: Set(PageState::Fresh),
        due_at: Set(now),
        attempts: Set(0),
        revisit_hours: Set(0),
        ..Default::default()
    };
    page::Entity::insert(page).exec_without_returning(db).await.unwrap();
    let body = snapshot::ActiveModel {
        id: Set(id),
        page_id: Set(id),
        url: Set(String::new()),
        fetched_at: Set(now),
        sha256: Set(String::new()),
        media_type: Set(None),
        headers: Set(String::new()),
        size: Set(0),
    };
    snapshot::Entity::insert(body).exec_without_returning(db).await.unwrap();
    let row = plan::ActiveModel {
        id: Set(id),
        source_id: Set(source_id),
        page_id: Set(id),
        part: Set(0),
        region_id: Set(region_id),
        title: Set(String::new()),
        kind: Set(PlanKind::AnnualPlan),
        start_year: Set(year),
        end_year: Set(year),
        is_reprint: Set(true),
        url: Set(String::new()),
        version: Set(1),
        first_seen_at: Set(now),
        since: Set(now),
        ..Default::default()
    };
    plan::Entity::insert(row).exec_without_returning(db).await.unwrap();
    let version = plan_version::ActiveModel {
        id: NotSet,
        plan_id: Set(id),
        version: Set(1),
        seen_at: Set(now),
        technical: Set(false),
        snapshot_id: Set(id),
        extractor_version: Set(String::new()),
        digest: Set(String::new()),
        text: Set(text),
        diff: Set(None),
    };
    plan_version::Entity::insert(version).exec_without_returning(db).await.unwrap();
}

#[tokio::test]
async fn a_plan_is_compared_with_those_that_are_like_it_only() {
    let plans = 120;
    for test in support::databases("relate_many").await {
        let db = test.connection;
        source::Entity::insert_many([source(1), source(2)]).exec_without_returning(&db).await.unwrap();
        let txn = db::begin(&db).await.unwrap();
        let (mut id, mut copies) = (0, 0);
        for number in 0..plans {
            let group = number / FIELDS;
            let region = REGIONS[group as usize % REGIONS.len()];
            let year = 2000 + (group as usize / REGIONS.len()) as i32;
            // A quarter of every plan is what all plans say.
            let text = format!("{}{}", words(0, 500), words(number + 1, 1_500));
            id += 1;
            store(&txn, id, 1, region, year, text.clone()).await;
            if number % COPIED == 0 {
                id += 1;
                copies += 1;
                store(&txn, id, 2, region, year, format!("{}{text}", words(number + 1_000_000, 100))).await;
            }
        }
        txn.commit().await.unwrap();

        relate(&db).await.unwrap();
        let reprints = relation::Entity::find().filter(relation::Column::Kind.eq(RelationKind::ReprintOf));
        assert_eq!(reprints.count(&db).await.unwrap(), copies);
        let txn = db::begin(&db).await.unwrap();
        let mut known = Plans::new(&txn);
        let ids: Vec<i64> = (1..=id).collect();
        known.look_up(&ids).await.unwrap();
        let compared: usize = ids.iter().map(|id| known.likely(*id).len()).sum();
        assert!(compared < 2 * ids.len(), "{compared} comparisons of {} plans", ids.len());
        assert!(pending::behind(&txn, 0, 1).await.unwrap().is_empty(), "all of them are related");
    }
}

#[tokio::test]
async fn the_relations_of_some_plans_are_looked_up_by_the_plans() {
    let database = support::sqlite().await;
    for side in [relation::Column::FromPlanId, relation::Column::ToPlanId] {
        let rows = relation::Entity::find().filter(upkeep::is_of([RelationKind::SimilarSection]));
        let statement = rows.filter(side.is_in(1..=200_i64)).build(DbBackend::Sqlite);
        let plan = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {statement}"));
        let plan = database.connection.query_all_raw(plan).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        assert!(plan[0].contains("_plan_id=?"), "{plan:?}");
    }
}
