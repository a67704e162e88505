//! The same plan on two sites: one is the original, the other a copy of it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{past, plan, plan_signature, relation, value::RelationKind};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{
    Likeness,
    plans::Plans,
    upkeep::{self, Holding, Side},
};
use crate::db;

/// Tells anew what some plans are copies of, and what is a copy of them. A plan is a copy of the best of those that are
/// like it on other sites, where that is better than itself; so it can be told from each plan's own surroundings, in
/// whatever order plans are found. Answers with the plans that were copies of none or of another, or are now.
pub(super) async fn settle(plans: &mut Plans<'_>, ids: BTreeSet<i64>) -> Result<Vec<i64>, DbErr> {
    let ids: Vec<i64> = ids.into_iter().collect();
    plans.look_up(&ids).await?;
    let mut touched: BTreeSet<i64> = ids.iter().flat_map(|id| plans.likely(*id)).copied().collect();
    touched.extend(copies_of(plans.db(), &ids).await?);
    touched.extend(ids);
    let touched: Vec<i64> = touched.into_iter().filter(|id| plans.row(*id).is_some()).collect();
    plans.look_up(&touched).await?;
    let known = relation::Entity::find()
        .filter(upkeep::is_of([RelationKind::ReprintOf]))
        .filter(relation::Column::FromPlanId.is_in(touched.iter().copied()))
        .all(plans.db())
        .await?;
    let (mut holdings, mut turned) = (Vec::new(), Vec::new());
    for id in touched {
        let original = original_of(plans, id).await?;
        let before = known.iter().find(|row| row.from_plan_id == Some(id)).and_then(|row| row.to_plan_id);
        if before != original.map(|(original, _)| original) {
            turned.push(id);
        }
        holdings.extend(original.and_then(|original| holding(plans, id, original)));
        mark(plans, id, original.map(|(original, _)| original)).await?;
    }
    upkeep::keep(plans.db(), known, holdings).await?;
    Ok(turned)
}

/// The plans that are known as copies of these.
pub(super) async fn copies_of(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<i64>, DbErr> {
    let copies: Vec<Option<i64>> = relation::Entity::find()
        .select_only()
        .column(relation::Column::FromPlanId)
        .filter(upkeep::is_of([RelationKind::ReprintOf]))
        .filter(relation::Column::ToPlanId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(copies.into_iter().flatten().collect())
}

/// What makes a plan the original of another, the least first: that its issuer published it, that it was published
/// earlier, that it was found earlier.
type Rank = (bool, bool, Option<NaiveDate>, DateTime<Utc>, i64);

fn rank(plans: &Plans<'_>, row: &plan::Model) -> Rank {
    (!is_official(plans, row), row.published_on.is_none(), row.published_on, row.first_seen_at, row.id)
}

/// Whether its source is its region's own.
fn is_official(plans: &Plans<'_>, row: &plan::Model) -> bool {
    plans.source(row).is_some_and(|source| source.region_id == Some(row.region_id))
}

/// The plan that another is a copy of; none where it is the original itself or like no other.
async fn original_of(plans: &mut Plans<'_>, id: i64) -> Result<Option<(i64, Likeness)>, DbErr> {
    let Some(row) = plans.published(id) else { return Ok(None) };
    let own = rank(plans, row);
    // Equal hashes are no proof of equal regions and years.
    let place = |row: &plan::Model| (row.region_id, row.start_year, row.end_year);
    let mut better: Vec<Rank> = plans
        .likely(id)
        .iter()
        .filter_map(|other| plans.published(*other))
        .filter(|other| other.source_id != row.source_id && place(other) == place(row))
        .map(|other| rank(plans, other))
        .filter(|other| *other < own)
        .collect();
    better.sort_unstable();
    for (.., original) in better {
        let likeness = plans.likeness(id, original).await?;
        if likeness.is_copy() {
            return Ok(Some((original, likeness)));
        }
    }
    Ok(None)
}

/// The relation of a plan to its original.
fn holding(plans: &Plans<'_>, id: i64, (original, likeness): (i64, Likeness)) -> Option<Holding> {
    let side = |id| plans.row(id).map(|row| Side { region: row.region_id, plan: Some(id), section: None });
    Some(Holding {
        kind: RelationKind::ReprintOf,
        from: side(id)?,
        to: side(original)?,
        programme: None,
        citation: None,
        role: None,
        score: likeness.share(),
        evidence: evidence(likeness),
    })
}

/// What a copy, the first of two texts, shares with its original, in words.
fn evidence(likeness: Likeness) -> String {
    // Rounded down: what is not the same is not to read as if it were.
    let [share, copy, original] =
        [likeness.share(), likeness.of_left(), likeness.of_right()].map(|part| (part * 100.0).floor());
    format!(
        "{share}% of what the two say is the same: {copy}% of the reprint stands in the original, and {original}% of \
         the original in the reprint"
    )
}

/// Says in a plan's row whether it is a reprint, and whose, keeping what the row was. The page's own word counts first.
async fn mark(plans: &mut Plans<'_>, id: i64, original: Option<i64>) -> Result<(), DbErr> {
    let Some(row) = plans.row(id) else { return Ok(()) };
    let is_reprint = original.is_some() || !is_official(plans, row);
    let publisher = || plans.source(plans.row(original?)?).map(|source| source.name.clone());
    let reprinted_from = row.origin.clone().filter(|_| is_reprint).or_else(publisher);
    if (row.is_reprint, &row.reprinted_from) == (is_reprint, &reprinted_from) {
        return Ok(());
    }
    let now = db::now();
    let this = Condition::all().add(plan::Column::Id.eq(id));
    plans.db().execute(&past::archive::<plan::Entity>(this.clone(), Expr::value(now))).await?;
    plan::Entity::update_many()
        .col_expr(plan::Column::IsReprint, Expr::value(is_reprint))
        .col_expr(plan::Column::ReprintedFrom, Expr::value(reprinted_from.clone()))
        .col_expr(plan::Column::Since, Expr::value(now))
        .filter(this)
        .exec(plans.db())
        .await?;
    // Nothing that a relation could follow from has changed.
    plan_signature::Entity::update_many()
        .col_expr(plan_signature::Column::Related, Expr::value(now))
        .filter(plan_signature::Column::PlanId.eq(id))
        .filter(plan_signature::Column::Related.eq(row.since))
        .exec(plans.db())
        .await?;
    let row = plan::Model { is_reprint, reprinted_from, since: now, ..row.clone() };
    plans.put(row);
    Ok(())
}
