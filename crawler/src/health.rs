//! How sources do: what their runs met and what there is of them, judged in sentences a person can act on.

mod held;
mod stock;

use entity::{source, value::Health};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, IntoActiveModel,
    QuerySelect,
};

use held::Held;
pub use held::{Accepted, accept};
pub(crate) use held::{Judge, judge};
pub(crate) use stock::{Stock, count};

use crate::db;

/// What a run met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Met {
    /// Pages that answered with what could be read.
    pub(crate) read: u32,
    /// Pages that went wrong.
    pub(crate) failed: usize,
    /// Why the first of them did.
    pub(crate) first: String,
}

/// How a source does.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) health: Health,
    /// Why it is not OK.
    pub(crate) problem: Option<String>,
    pub(crate) stock: Stock,
    /// Pages that are held back.
    pub(crate) held: usize,
}

impl Verdict {
    /// How a source does where a run said nothing of it.
    pub(crate) async fn unchanged(db: &impl ConnectionTrait, source: &source::Model) -> Result<Self, DbErr> {
        let (stock, held) = (count(db, source.id).await?, held::all(db, source.id).await?);
        Ok(Self { health: source.health, problem: source.problem.clone(), stock, held: held.len() })
    }
}

/// Finds how a source does after a run that met this, and writes it down.
pub(crate) async fn settle(db: &DatabaseConnection, source_id: i32, met: &Met) -> Result<Verdict, DbErr> {
    let txn = db::begin(db).await?;
    // Of workers that end at once, the last to write is the last to look.
    let row = source::Entity::find_by_id(source_id).lock_exclusive().one(&txn).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("source {source_id}")))?;
    let verdict = assess(&txn, &row, met).await?;
    let mut row = row.into_active_model();
    row.health = Set(verdict.health);
    row.problem = Set(verdict.problem.clone());
    row.update(&txn).await?;
    txn.commit().await?;
    Ok(verdict)
}

async fn assess(db: &impl ConnectionTrait, source: &source::Model, met: &Met) -> Result<Verdict, DbErr> {
    let stock = count(db, source.id).await?;
    let held = held::all(db, source.id).await?;
    let (health, problem) = judgement(source, met, stock, &held);
    Ok(Verdict { health, problem, stock, held: held.len() })
}

/// How a source does, and why where that is not well.
fn judgement(source: &source::Model, met: &Met, stock: Stock, held: &[Held]) -> (Health, Option<String>) {
    let Met { read, failed, first } = met;
    if *read == 0 {
        return (Health::Broken, Some(format!("no page could be read: {first}")));
    }
    let mut problems = Vec::new();
    let mut is_broken = false;
    if *failed > 0 {
        problems.push(format!("pages that went wrong: {failed}, the first: {first}"));
    }
    if stock.blocked > 0 {
        problems.push(format!("pages that are blocked: {}; they are asked for less and less often", stock.blocked));
    }
    // What may still come cannot be missed.
    if stock.pending == 0 {
        for (has, least, what) in
            [(stock.plans, source.min_plans, "plans"), (stock.indicators, source.min_indicators, "figures")]
        {
            if has < u64::from(least.unsigned_abs()) {
                problems.push(format!(
                    "it has {has} {what}, at least {least} are expected: see whether the site has changed"
                ));
            }
        }
        is_broken = stock.plans == 0 && source.min_plans > 0;
    }
    if let Some(problem) = held::problem(source, stock, held) {
        is_broken |= held::shortfall(source, stock, held).is_some();
        problems.push(problem);
    }
    match &problems[..] {
        [] => (Health::Ok, None),
        _ if is_broken => (Health::Broken, Some(problems.join("; "))),
        _ => (Health::Degraded, Some(problems.join("; "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Contents;

    fn source() -> source::Model {
        source::Model {
            id: 1,
            slug: "x".to_owned(),
            name: "x".to_owned(),
            region_id: None,
            url: "http://a.example/".to_owned(),
            schedule: String::new(),
            next_run_at: None,
            min_plans: 2,
            min_indicators: 5,
            health: Health::Ok,
            problem: None,
            retired_at: None,
        }
    }

    #[test]
    fn says_why_it_is_not_well() {
        let met = |read, failures: &[&str]| Met {
            read,
            failed: failures.len(),
            first: failures.first().map(ToString::to_string).unwrap_or_default(),
        };
        let stock = |plans, indicators| Stock { plans, indicators, blocked: 0, pending: 0 };
        assert_eq!(judgement(&source(), &met(1, &[]), stock(2, 5), &[]), (Health::Ok, None));
        let (health, _) = judgement(&source(), &met(3, &[]), Stock { pending: 1, ..stock(0, 0) }, &[]);
        assert_eq!(health, Health::Ok, "another source is about to fetch what they share");
        let page = |before, now| {
            let of = |figures| Contents { plans: 1, titles: 1, figures, characters: 900 };
            Held::new("http://a.example/1.html", of(before), of(now))
        };
        for (met, stock, held, health, needle) in [
            (met(0, &["no route"]), stock(2, 5), vec![], Health::Broken, "no route"),
            (met(3, &["gone"]), stock(2, 5), vec![], Health::Degraded, "wrong: 1, the first: gone"),
            (met(3, &[]), Stock { blocked: 7, ..stock(2, 5) }, vec![], Health::Degraded, "blocked: 7"),
            (met(3, &[]), stock(2, 4), vec![], Health::Degraded, "4 figures"),
            (met(3, &[]), stock(0, 0), vec![], Health::Broken, "0 plans"),
            (met(3, &[]), stock(2, 50), vec![page(40, 3)], Health::Degraded, "1.html had 40 figures and now 3 can"),
            (met(3, &[]), stock(2, 50), vec![page(40, 3); 2], Health::Broken, "2 pages held back, the first: http"),
            (met(3, &[]), stock(2, 50), vec![page(49, 3)], Health::Broken, "4 figures would be left, at least 5"),
        ] {
            let (found, problem) = judgement(&source(), &met, stock, &held);
            assert!(found == health && problem.as_ref().is_some_and(|p| p.contains(needle)), "{found:?} {problem:?}");
        }
    }
}
