//! How a source does.

use entity::{
    indicator, page, plan,
    value::{Health, PageState},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};

use super::source::Tally;
use crate::Source;

/// What is held of a source.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    /// Plans that are not withdrawn.
    pub(super) plans: u64,
    /// Figures that stand in them.
    pub(super) indicators: u64,
    /// Pages that something keeps from being read.
    pub(super) blocked: u64,
    /// Pages that it shares with another source, which has not fetched them yet.
    pub(super) pending: u64,
}

/// Counts what is held of a source.
pub(super) async fn count(db: &impl ConnectionTrait, source_id: i32) -> Result<Held, DbErr> {
    // Pages that another source had before count for both.
    let shared = || {
        page::Entity::find()
            .select_only()
            .column(page::Column::SameAs)
            .filter(page::Column::SourceId.eq(source_id))
            .filter(page::Column::SameAs.is_not_null())
            .into_query()
    };
    let its = plan::Column::SourceId.eq(source_id).or(plan::Column::PageId.in_subquery(shared()));
    let pending = page::Column::State.eq(PageState::Due).and(page::Column::Id.in_subquery(shared()));
    let plans = plan::Entity::find().filter(its.and(plan::Column::WithdrawnAt.is_null()));
    let ids = plans.clone().select_only().column(plan::Column::Id).into_query();
    let indicators = indicator::Entity::find()
        .filter(indicator::Column::PlanId.in_subquery(ids))
        .filter(indicator::Column::GoneAt.is_null());
    let blocked = page::Column::SourceId.eq(source_id).and(page::Column::State.eq(PageState::Blocked));
    // First of all: what another worker stores meanwhile is pending or counted, never neither.
    let pending = page::Entity::find().filter(pending).count(db).await?;
    Ok(Held {
        plans: plans.count(db).await?,
        indicators: indicators.count(db).await?,
        blocked: page::Entity::find().filter(blocked).count(db).await?,
        pending,
    })
}

/// How a source does after a run, and why where that is not well.
pub(super) fn assess(source: &Source, tally: &Tally, held: Held) -> (Health, Option<String>) {
    let (read, pending) = (tally.fetched + tally.unchanged, held.pending);
    let failed = tally.failures.len();
    let first = || tally.failures.first().map_or("", String::as_str);
    if read == 0 {
        return (Health::Broken, Some(format!("no page could be read: {}", first())));
    }
    let mut problems = Vec::new();
    if failed > 0 {
        problems.push(format!("pages that went wrong: {failed}, the first: {}", first()));
    }
    if held.blocked > 0 {
        problems.push(format!("pages that are blocked: {}; they are asked for less and less often", held.blocked));
    }
    for (held, least, what) in
        [(held.plans, source.min_plans, "plans"), (held.indicators, source.min_indicators, "figures")]
    {
        // What may still come cannot be missed.
        if pending == 0 && held < least.into() {
            problems
                .push(format!("it has {held} {what}, at least {least} are expected: see whether the site has changed"));
        }
    }
    match &problems[..] {
        [] => (Health::Ok, None),
        _ if held.plans == 0 && pending == 0 && source.min_plans > 0 => (Health::Broken, Some(problems.join("; "))),
        _ => (Health::Degraded, Some(problems.join("; "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_why_it_is_not_well() {
        let text = "name = 'x'\nlist = ['http://a.example/']\nmin_plans = 2\nmin_indicators = 5\n";
        let source = Source::parse("x", "x.toml", text).unwrap();
        let tally = |fetched, failures: &[&str]| Tally {
            fetched,
            failures: failures.iter().map(ToString::to_string).collect(),
            ..Tally::default()
        };
        let held = |plans, indicators| Held { plans, indicators, blocked: 0, pending: 0 };
        assert_eq!(assess(&source, &tally(1, &[]), held(2, 5)), (Health::Ok, None));
        let assess = |tally, held| {
            let (health, problem) = assess(&source, &tally, held);
            (health, problem.unwrap())
        };
        let (health, problem) = assess(tally(0, &["no route"]), held(2, 5));
        assert!(health == Health::Broken && problem.contains("no route"), "{problem}");
        let (health, problem) = assess(tally(3, &["gone"]), held(2, 5));
        assert!(health == Health::Degraded && problem.contains("wrong: 1, the first: gone"), "{problem}");
        let (health, problem) = assess(tally(3, &[]), Held { blocked: 7, ..held(2, 5) });
        assert!(health == Health::Degraded && problem.contains("blocked: 7"), "{problem}");
        let (health, _) = super::assess(&source, &tally(3, &[]), Held { pending: 1, ..held(0, 0) });
        assert_eq!(health, Health::Ok, "another source is about to fetch what they share");
        let (health, problem) = assess(tally(3, &[]), held(2, 4));
        assert!(health == Health::Degraded && problem.contains("4 figures"), "{problem}");
        let (health, problem) = assess(tally(3, &[]), held(0, 0));
        assert!(health == Health::Broken && problem.contains("0 plans"), "{problem}");
    }
}
