//! Which sources stand behind an answer, told to those who ask: a request with `"extensions": {"coverage": true}` is
//! answered with `extensions.coverage`.
//!
//! What is read for the answer says where it is from: rows by themselves, and what is counted by the plans that the
//! counted rows are in.

use std::{
    any::Any,
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use async_graphql::{Name, Request, Value, indexmap::IndexMap};
use entity::{
    change, crawl_run, glossary_term, indicator, mention, plan, relation, section, source,
    value::{Health, RunStatus},
};
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    prelude::DateTimeUtc, sea_query::SelectStatement,
};

use crate::{scalar::DateTime, vocabulary};

/// The member of `extensions`, of a request and of its answer.
pub(crate) const MEMBER: &str = "coverage";

/// Whether a request asks for its coverage.
pub(crate) fn is_wanted(request: &Request) -> bool {
    request.extensions.get(MEMBER) == Some(&Value::Boolean(true))
}

/// What was read for an answer.
#[derive(Debug, Default)]
pub(crate) struct Read(Mutex<Rows>);

#[derive(Debug, Default)]
struct Rows {
    sources: BTreeSet<i32>,
    plans: BTreeSet<i64>,
}

impl Read {
    /// Notes where a row is from.
    pub(crate) fn note(&self, row: &dyn Any) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = row.downcast_ref::<plan::Model>() {
            rows.sources.insert(plan.source_id);
        } else if let Some(source) = row.downcast_ref::<source::Model>() {
            rows.sources.insert(source.id);
        } else if let Some(run) = row.downcast_ref::<crawl_run::Model>() {
            rows.sources.extend(run.source_id);
        } else if let Some(relation) = row.downcast_ref::<relation::Model>() {
            rows.plans.extend(relation.from_plan_id.into_iter().chain(relation.to_plan_id));
        } else {
            let figure = row.downcast_ref::<indicator::Model>().map(|row| row.plan_id);
            let section = || row.downcast_ref::<section::Model>().map(|row| row.plan_id);
            let mention = || row.downcast_ref::<mention::Model>().map(|row| row.plan_id);
            let term = || row.downcast_ref::<glossary_term::Model>().map(|row| row.plan_id);
            let change = || row.downcast_ref::<change::Model>().map(|row| row.plan_id);
            rows.plans.extend(figure.or_else(section).or_else(mention).or_else(term).or_else(change));
        }
    }

    /// Notes where what is counted is from, by a statement that gives the ids of its plans.
    pub(crate) async fn note_plans(&self, db: &DatabaseConnection, plans: SelectStatement) -> Result<(), DbErr> {
        let sources: Vec<i32> = plan::Entity::find()
            .select_only()
            .column(plan::Column::SourceId)
            .distinct()
            .filter(plan::Column::Id.in_subquery(plans))
            .into_tuple()
            .all(db)
            .await?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).sources.extend(sources);
        Ok(())
    }

    /// The sources behind the answer, and all that something may be missing from because they do not do well.
    pub(crate) async fn told(&self, db: &DatabaseConnection) -> Result<Value, DbErr> {
        let Rows { sources: mut behind, plans } =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        // As many at a time as a statement takes.
        for plans in plans.into_iter().collect::<Vec<_>>().chunks(10_000) {
            let found = plan::Entity::find().select_only().column(plan::Column::SourceId).distinct();
            let found = found.filter(plan::Column::Id.is_in(plans.iter().copied()));
            behind.extend(found.into_tuple::<i32>().all(db).await?);
        }
        let (mut sources, mut impaired) = (Vec::new(), Vec::new());
        for source in source::Entity::find().order_by_asc(source::Column::Id).all(db).await? {
            let is_behind = behind.contains(&source.id);
            let does_well = source.health == Health::Ok || source.retired_at.is_some();
            if is_behind || !does_well {
                let told = tell(&source, last_read(db, source.id).await?);
                if !does_well {
                    impaired.push(told.clone());
                }
                if is_behind {
                    sources.push(told);
                }
            }
        }
        Ok(object([("sources", Value::List(sources)), ("impaired", Value::List(impaired))]))
    }
}

/// When a run last went through a source.
async fn last_read(db: &DatabaseConnection, source: i32) -> Result<Option<DateTimeUtc>, DbErr> {
    use crawl_run::Column;
    let run = crawl_run::Entity::find()
        .filter(Column::SourceId.eq(source))
        .filter(Column::Status.is_in([RunStatus::Succeeded, RunStatus::PartlyFailed]))
        .order_by_desc(Column::Id)
        .one(db)
        .await?;
    Ok(run.and_then(|run| run.finished_at))
}

fn tell(source: &source::Model, last_read: Option<DateTimeUtc>) -> Value {
    let text = |text: &str| Value::from(text);
    object([
        ("slug", text(&source.slug)),
        ("name", text(&source.name)),
        ("health", async_graphql::resolver_utils::enum_value(vocabulary::Health::from(source.health))),
        ("problem", source.problem.as_deref().map_or(Value::Null, text)),
        ("lastReadAt", last_read.map_or(Value::Null, |moment| async_graphql::ScalarType::to_value(&DateTime(moment)))),
    ])
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (Name::new(name), value)).collect::<IndexMap<_, _>>())
}
