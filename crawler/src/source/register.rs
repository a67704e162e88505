//! Declarations into rows of the table `source`.

use entity::{source, value::Health};
use extract::region::Gazetteer;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};

use super::{Source, Sources};
use crate::{Error, db, webhook};

/// Writes a declaration to its row, or makes that row; answers with the row. Health and problem stay, unless its region is
/// not known: that is told there, and is an error.
pub(crate) async fn register(
    db: &DatabaseConnection,
    source: &Source,
    gazetteer: &Gazetteer,
) -> Result<source::Model, Error> {
    let known = |name: &String| gazetteer.find(name, None)?.code;
    let region = source.region.as_ref().map(|name| {
        known(name).ok_or_else(|| Error::UnknownRegion { slug: source.slug.clone(), region: name.clone() })
    });
    let (region, unknown) = match region.transpose() {
        Ok(region) => (region, None),
        Err(unknown) => (None, Some(unknown)),
    };
    let txn = db::begin(db).await?;
    let schedule = source.schedule.to_string();
    let mut row = source::ActiveModel {
        id: NotSet,
        slug: Set(source.slug.clone()),
        name: Set(source.name.clone()),
        region_id: Set(region.map(|code| entity::region::id(code, 0))),
        url: Set(source.addresses().next().map(ToString::to_string).unwrap_or_default()),
        next_run_at: NotSet,
        min_plans: Set(source.min_plans.into()),
        min_indicators: Set(source.min_indicators.into()),
        health: Set(Health::NeverRun),
        problem: NotSet,
        retired_at: Set(None),
        schedule: Set(schedule.clone()),
    };
    // Processes that start together write the same sources.
    let held = OnConflict::column(source::Column::Slug).do_nothing().to_owned();
    source::Entity::insert(row.clone()).on_conflict(held).exec_without_returning(&txn).await?;
    let named = source::Entity::find().filter(source::Column::Slug.eq(&source.slug)).one(&txn).await?;
    let old = named.ok_or_else(|| DbErr::RecordNotFound(format!("source {}", source.slug)))?;
    row.id = Set(old.id);
    row.health = NotSet;
    if let Some(unknown) = &unknown {
        row.region_id = NotSet;
        row.health = Set(Health::Broken);
        row.problem = Set(Some(unknown.to_string()));
    }
    if old.next_run_at.is_some() && old.schedule != schedule {
        row.next_run_at = Set(source.schedule.next(db::now()));
    }
    let row = row.update(&txn).await?;
    webhook::tell(&txn, &row, old.health, None).await?;
    txn.commit().await?;
    unknown.map_or(Ok(row), Err)
}

/// Marks the sources that no declaration names any more. What they published is kept; their health says that nobody looks
/// at it. One that is declared again is as before from its next crawl on.
pub(crate) async fn retire(db: &DatabaseConnection, declared: &Sources) -> Result<(), DbErr> {
    let problem =
        "no declaration names it any more: what it published is kept, but nobody looks whether it has changed";
    let txn = db::begin(db).await?;
    let given_up = source::Entity::find()
        .filter(source::Column::Slug.is_not_in(declared.iter().map(|source| &source.slug)))
        .filter(source::Column::RetiredAt.is_null())
        .lock_exclusive()
        .all(&txn)
        .await?;
    let retired = given_up.len();
    for row in given_up {
        let before = row.health;
        let mut row = row.into_active_model();
        row.retired_at = Set(Some(db::now()));
        row.next_run_at = Set(None);
        row.health = Set(Health::Degraded);
        row.problem = Set(Some(problem.to_owned()));
        webhook::tell(&txn, &row.update(&txn).await?, before, None).await?;
    }
    txn.commit().await?;
    if retired > 0 {
        tracing::warn!(sources = retired, "sources are not declared any more");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::Expr;

    use super::*;
    use crate::gazetteer::gazetteer;

    fn declared(slug: &str) -> Source {
        Source::parse(slug, &format!("{slug}.toml"), "name = 'x'\nlist = ['http://a.example/']").unwrap()
    }

    #[tokio::test]
    async fn a_source_that_is_not_declared_any_more_says_so_until_it_is_again() {
        for test in support::databases("crawler_retire").await {
            let db = test.connection.clone();
            let gazetteer = gazetteer(&db).await.unwrap();
            let sources = ["kept", "given-up"].map(declared);
            for source in &sources {
                register(&db, source, &gazetteer).await.unwrap();
            }
            source::Entity::update_many()
                .col_expr(source::Column::Health, Expr::value(Health::Ok.as_str()))
                .exec(&db)
                .await
                .unwrap();
            retire(&db, &Sources::new(vec![sources[0].clone()])).await.unwrap();
            let of = async |slug: &str| {
                source::Entity::find().filter(source::Column::Slug.eq(slug)).one(&db).await.unwrap().unwrap()
            };
            assert_eq!((of("kept").await.health, of("kept").await.retired_at), (Health::Ok, None));
            let retired = of("given-up").await;
            assert_eq!((retired.health, retired.next_run_at), (Health::Degraded, None));
            assert!(retired.retired_at.is_some() && retired.problem.unwrap().contains("no declaration"));
            register(&db, &sources[1], &gazetteer).await.unwrap();
            assert_eq!(of("given-up").await.retired_at, None);
        }
    }

    #[tokio::test]
    async fn a_source_of_an_unknown_region_says_so() {
        for test in support::databases("crawler_unknown").await {
            let db = test.connection.clone();
            let gazetteer = gazetteer(&db).await.unwrap();
            let source = Source { region: Some("桃花源".to_owned()), ..declared("new") };
            let error = register(&db, &source, &gazetteer).await.unwrap_err();
            assert!(matches!(error, Error::UnknownRegion { .. }));
            let row = source::Entity::find().one(&db).await.unwrap().unwrap();
            assert_eq!((row.health, row.problem), (Health::Broken, Some(error.to_string())));
        }
    }

    #[tokio::test]
    async fn processes_that_start_together_write_a_source_once() {
        for test in support::databases("crawler_register").await {
            let db = test.connection.clone();
            let gazetteer = gazetteer(&db).await.unwrap();
            let source = declared("new");
            let rows = futures::future::try_join_all((0..8).map(|_| register(&db, &source, &gazetteer))).await.unwrap();
            assert!(rows.iter().all(|row| row.id == rows[0].id && row.health == Health::NeverRun));
        }
    }
}
