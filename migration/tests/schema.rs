//! The schema and the reference data on real databases.

use std::{collections::BTreeMap, fs::File};

use entity::{concept, glossary_term, past, plan, reference, region, value::RegionLevel};
use migration::{Migrator, regions};
use sea_orm_migration::{
    MigratorTrait,
    sea_orm::{
        ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
        QueryResult, Statement,
    },
};
use support::databases;

#[tokio::test]
async fn goes_up_twice_and_down_again() {
    for db in databases("schema").await {
        let db = db.connection;
        let regions = region::Entity::find().count(&db).await.unwrap();
        assert_eq!(regions as usize, reference::regions().len());
        migration::up(&db).await.unwrap();
        assert_eq!(region::Entity::find().count(&db).await.unwrap(), regions);
        assert_eq!(concept::Entity::find().count(&db).await.unwrap() as usize, reference::concepts().len());
        Migrator::down(&db, None).await.unwrap();
        assert!(region::Entity::find().count(&db).await.is_err());
    }
}

#[tokio::test]
async fn what_is_merged_in_the_index_for_search_is_found_by_its_rows() {
    let database = support::sqlite().await;
    let db = &database.connection;
    for _ in 0..3 {
        let merged = "EXPLAIN QUERY PLAN DELETE FROM search_words_data WHERE id >= 5 AND id <= 9";
        // Over several connections.
        let plans = (0..4).map(|_| db.query_one_raw(Statement::from_string(DbBackend::Sqlite, merged)));
        for plan in futures::future::join_all(plans).await {
            let plan: String = plan.unwrap().unwrap().try_get("", "detail").unwrap();
            assert!(plan.starts_with("SEARCH"), "{plan}");
        }
        migration::up(db).await.unwrap();
    }
}

/// Table and column, and whether a row cannot be written without it.
async fn columns(db: &DatabaseConnection) -> Result<BTreeMap<(String, String), bool>, DbErr> {
    let of_postgres = "SELECT table_name AS of, column_name AS name,
        CASE WHEN is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' THEN 1 ELSE 0 END AS needed
        FROM information_schema.columns WHERE table_schema = current_schema()";
    let of_sqlite = "SELECT t.name AS of, c.name AS name,
        CASE WHEN c.\"notnull\" AND c.dflt_value IS NULL AND NOT c.pk THEN 1 ELSE 0 END AS needed
        FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'";
    let backend = db.get_database_backend();
    let asked = if backend == DbBackend::Postgres { of_postgres } else { of_sqlite };
    let rows = db.query_all_raw(Statement::from_string(backend, asked)).await?;
    let column = |row: QueryResult| {
        let is_needed = row.try_get::<i32>("", "needed")? == 1;
        Ok(((row.try_get("", "of")?, row.try_get("", "name")?), is_needed))
    };
    rows.into_iter().map(column).collect()
}

#[tokio::test]
async fn a_process_of_an_older_version_can_go_on_meanwhile() {
    for db in databases("schema_older").await {
        let db = db.connection;
        Migrator::down(&db, None).await.unwrap();
        Migrator::up(&db, Some(1)).await.unwrap();
        let mut before = columns(&db).await.unwrap();
        for migration in &Migrator::migrations()[1..] {
            Migrator::up(&db, Some(1)).await.unwrap();
            let after = columns(&db).await.unwrap();
            let name = migration.name();
            for column in before.keys() {
                assert!(after.contains_key(column), "{name} takes away {column:?}, which an older version reads");
            }
            for (column, is_needed) in after.iter().filter(|(column, _)| !before.contains_key(*column)) {
                let is_old_table = before.keys().any(|(table, _)| *table == column.0);
                assert!(
                    !(is_old_table && *is_needed),
                    "{name} asks for {column:?}, which an older version does not write"
                );
            }
            before = after;
        }
    }
}

#[tokio::test]
async fn what_is_there_already_gets_its_moments() {
    for db in databases("history_fill").await {
        let db = db.connection;
        let later = Migrator::migrations().iter().rev().position(|m| m.name() == "m20261122_000004_history").unwrap();
        Migrator::down(&db, Some(u32::try_from(later).unwrap() + 1)).await.unwrap();
        let (first, second) = ("2025-06-01T18:00:03+00:00", "2025-07-01T18:00:03+00:00");
        for statement in [
            "INSERT INTO source (id, slug, name, url, schedule, min_plans, min_indicators, health) VALUES (1, 'x', 'x', '', '', 0, 0, 'ok')".to_owned(),
            format!("INSERT INTO page (id, source_id, url, kind, state, due_at, attempts) VALUES (1, 1, '', 'article', 'fresh', '{first}', 0)"),
            format!("INSERT INTO snapshot (id, page_id, url, fetched_at, sha256, headers, size) VALUES (1, 1, '', '{first}', '', '', 0)"),
            format!(
                "INSERT INTO plan (id, source_id, page_id, part, region_id, title, kind, start_year, end_year, is_reprint, url, version, first_seen_at)
                 VALUES (1, 1, 1, 0, 3305000, '', 'other', 2025, 2025, false, '', 2, '{first}')"
            ),
            format!("INSERT INTO plan_version (plan_id, version, seen_at, technical, snapshot_id, extractor_version, digest, text) VALUES (1, 1, '{first}', false, 1, '', '', '')"),
            format!("INSERT INTO plan_version (plan_id, version, seen_at, technical, snapshot_id, extractor_version, digest, text) VALUES (1, 2, '{second}', false, 1, '', '', '')"),
            "INSERT INTO section (id, plan_id, version, position, kind, path, depth, text, span_start, span_end) VALUES (1, 1, 2, 0, 'task', '[]', 1, '', 0, 0)".to_owned(),
            "INSERT INTO glossary_term (plan_id, section_id, position, term, definition, span_start, span_end) VALUES (1, 1, 0, '', '', 0, 0)".to_owned(),
        ] {
            db.execute_unprepared(&statement).await.unwrap();
        }
        migration::up(&db).await.unwrap();
        let row = plan::Entity::find().one(&db).await.unwrap().unwrap();
        assert_eq!((row.since, row.withdrawn_at), (second.parse().unwrap(), None));
        assert_eq!(glossary_term::Entity::find().one(&db).await.unwrap().unwrap().version, 2);
        let states = past::at::<plan::Entity>(row.since);
        assert_eq!(db.query_all(&states).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn merges_a_table_and_says_what_it_did() {
    let head = "代码,名称,级别,启用时间,变更/弃用时间,新代码\n";
    let first =
        format!("{head}370282,即墨市,县级,1990,2017,370215\n330500,湖州市,地级,1983,,\n370200,青岛市,地级,1981,,\n");
    let second = format!(
        "{head}370215,即墨区,县级,2017,,\n370282,即墨市,县级,1990,2017,370215\n370282,即墨县,县级,1978,1990,\n429004,仙桃市,县级,1994,,\n"
    );
    for db in databases("regions_merge").await {
        let db = db.connection;
        let merged = regions::import(&db, &regions::read(first.as_bytes()).unwrap()).await.unwrap();
        assert_eq!((merged.added, merged.changed, merged.unchanged), (1, 2, 0), "the years of two are new");
        let merged = regions::import(&db, &regions::read(second.as_bytes()).unwrap()).await.unwrap();
        assert_eq!((merged.added, merged.changed, merged.unchanged), (3, 0, 1));

        let jimo = region::Entity::find().filter(region::Column::Code.eq("370282")).all(&db).await.unwrap();
        assert_eq!(jimo.len(), 2, "one code, two names over the years");
        assert!(jimo.iter().all(|row| row.parent_id == Some(3_702_000)));
        let xiantao = region::Entity::find_by_id(4_290_040).one(&db).await.unwrap().unwrap();
        assert_eq!(xiantao.parent_id, Some(4_200_000), "a province governs it directly");

        migration::up(&db).await.unwrap();
        let huzhou = region::Entity::find_by_id(3_305_000).one(&db).await.unwrap().unwrap();
        assert_eq!(huzhou.since, Some(1983), "the built-in table does not take back what a fuller one said");
    }
}

#[tokio::test]
async fn takes_the_whole_official_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/areacodes.csv");
    let Ok(file) = File::open(path) else {
        eprintln!("skipped: no official table at {path}");
        return;
    };
    let table = regions::read(file).unwrap();
    assert!(table.refused.is_empty(), "{:?}", table.refused);
    for db in databases("regions_whole").await {
        let db = db.connection;
        let merged = regions::import(&db, &table).await.unwrap();
        assert_eq!(merged.added + merged.changed + merged.unchanged, table.records.len());
        let in_use = region::Entity::find()
            .filter(region::Column::Until.is_null())
            .filter(region::Column::Level.eq(RegionLevel::County))
            .count(&db)
            .await
            .unwrap();
        assert_eq!(in_use, 2_846);
        let orphans = region::Entity::find().filter(region::Column::ParentId.is_null()).count(&db).await.unwrap();
        assert_eq!(orphans, 1, "only the country has no parent");
        let again = regions::import(&db, &table).await.unwrap();
        assert_eq!((again.added, again.changed), (0, 0));
    }
}
