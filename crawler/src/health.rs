//! How sources do: what their runs met and what there is of them, judged in sentences a person can act on.

mod held;
mod history;
mod silence;
mod stock;

use chrono_tz::Asia::Shanghai;
use entity::{source, value::Health};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use held::Held;
pub use held::{Accepted, HeldPage, accept, held};
pub(crate) use held::{Judge, judge};
pub(crate) use history::note_list;
pub(crate) use stock::{Stock, count};

use crate::{db, webhook};

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

/// Finds how a source does after a run that met this, writes it down, and queues word of it where it does otherwise than
/// before.
pub(crate) async fn settle(db: &DatabaseConnection, source_id: i32, run_id: i64, met: &Met) -> Result<Verdict, DbErr> {
    let txn = db::begin(db).await?;
    let verdict = write(&txn, source_id, Some(run_id), met).await?;
    history::note_run(&txn, source_id, run_id, &verdict.stock).await?;
    txn.commit().await?;
    Ok(verdict)
}

async fn write(txn: &DatabaseTransaction, source_id: i32, run_id: Option<i64>, met: &Met) -> Result<Verdict, DbErr> {
    // Of workers that end at once, the last to write is the last to look.
    let row = source::Entity::find_by_id(source_id).lock_exclusive().one(txn).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("source {source_id}")))?;
    let state = State::of(txn, &row).await?;
    let (health, problem) = judgement(&row, met, &state);
    let before = row.health;
    let mut row = row.into_active_model();
    row.health = Set(health);
    row.problem = Set(problem.clone());
    webhook::tell(txn, &row.update(txn).await?, before, run_id).await?;
    Ok(Verdict { health, problem, stock: state.stock, held: state.held.len() })
}

/// What is wrong with a source whatever its last run met, in words; nothing where it was never crawled.
pub(crate) async fn standing(db: &DatabaseConnection, slug: &str) -> Result<Vec<String>, DbErr> {
    let row = source::Entity::find().filter(source::Column::Slug.eq(slug)).one(db).await?;
    match row.filter(|row| row.health != Health::NeverRun) {
        Some(row) => Ok(State::of(db, &row).await?.problems(&row)),
        None => Ok(Vec::new()),
    }
}

/// How a source stands, whatever its last run met.
#[derive(Debug, Default)]
struct State {
    stock: Stock,
    held: Vec<Held>,
    /// What is not as it used to be, in words.
    unusual: Vec<String>,
}

impl State {
    async fn of(db: &impl ConnectionTrait, source: &source::Model) -> Result<Self, DbErr> {
        let stock = count(db, source.id).await?;
        let held = held::all(db, source.id).await?;
        let mut unusual = history::problems(db, source.id, &stock).await?;
        let today = db::now().with_timezone(&Shanghai).date_naive();
        unusual.extend(silence::problem(db, source.id, today).await?);
        Ok(Self { stock, held, unusual })
    }

    /// What is wrong, in words.
    fn problems(&self, source: &source::Model) -> Vec<String> {
        let Self { stock, held, unusual } = self;
        let mut problems = Vec::new();
        if stock.blocked > 0 {
            problems.push(format!("pages that are blocked: {}; they are asked for less and less often", stock.blocked));
        }
        if stock.missing > 0 {
            problems.push(format!(
                "pages of plans that are not there any more: {}; where that is so on another day, their plans are withdrawn",
                stock.missing
            ));
        }
        for (has, least, what) in
            [(stock.plans, source.min_plans, "plans"), (stock.indicators, source.min_indicators, "figures")]
        {
            // What may still come cannot be missed.
            if stock.pending == 0 && has < u64::from(least.unsigned_abs()) {
                problems.push(format!(
                    "it has {has} {what}, at least {least} are expected: see whether the site has changed"
                ));
            }
        }
        problems.extend(held::problem(source, *stock, held));
        if !unusual.is_empty() {
            problems.extend(unusual.iter().cloned());
            problems.push(format!("`plangraph sources accept {}` takes what is so now for usual", source.slug));
        }
        problems
    }

    /// Whether a minimum that the source declares is broken, by what there is or by what is held back.
    fn is_broken(&self, source: &source::Model) -> bool {
        let Self { stock, held, .. } = self;
        let has_none = stock.plans == 0 && stock.pending == 0 && source.min_plans > 0;
        has_none || (!held.is_empty() && held::shortfall(source, *stock, held).is_some())
    }
}

/// How a source does, and why where that is not well.
fn judgement(source: &source::Model, met: &Met, state: &State) -> (Health, Option<String>) {
    let Met { read, failed, first } = met;
    if *read == 0 {
        return (Health::Broken, Some(format!("no page could be read: {first}")));
    }
    let wrong = (*failed > 0).then(|| format!("pages that went wrong: {failed}, the first: {first}"));
    let problems: Vec<_> = wrong.into_iter().chain(state.problems(source)).collect();
    match &problems[..] {
        [] => (Health::Ok, None),
        _ if state.is_broken(source) => (Health::Broken, Some(problems.join("; "))),
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
        let stock = |plans, indicators| Stock { plans, indicators, ..Stock::default() };
        let state = |stock| State { stock, ..State::default() };
        assert_eq!(judgement(&source(), &met(1, &[]), &state(stock(2, 5))), (Health::Ok, None));
        let (health, _) = judgement(&source(), &met(3, &[]), &state(Stock { pending: 1, ..stock(0, 0) }));
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
            let (found, problem) = judgement(&source(), &met, &State { held, ..state(stock) });
            assert!(found == health && problem.as_ref().is_some_and(|p| p.contains(needle)), "{found:?} {problem:?}");
        }
        let unusual = State { unusual: vec!["it is quiet".to_owned()], ..state(stock(2, 5)) };
        let (health, problem) = judgement(&source(), &met(3, &[]), &unusual);
        let problem = problem.unwrap();
        assert_eq!(
            (health, &*problem),
            (Health::Degraded, "it is quiet; `plangraph sources accept x` takes what is so now for usual")
        );
    }
}
