//! Whether a source has been silent for longer than it is used to, told by the days on which its plans were published.

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::{crawl_run, plan, value::PlanKind};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// How much later than ever before an annual plan may come.
const GRACE: TimeDelta = TimeDelta::weeks(6);
/// How many days of publication tell how long the gaps between them are.
const MIN_DAYS: usize = 5;
/// The least silence that is unusual, where plans come in quick succession.
const MIN_SILENCE: TimeDelta = TimeDelta::days(90);

/// When a plan was published.
type Published = (PlanKind, i32, NaiveDate);

/// What to say of a source that is silent for longer than it is used to. One that was so before it was first crawled is
/// as it always was.
pub(super) async fn problem(
    db: &impl ConnectionTrait,
    source_id: i32,
    today: NaiveDate,
) -> Result<Option<String>, DbErr> {
    let published: Vec<Published> = plan::Entity::find()
        .select_only()
        .columns([plan::Column::Kind, plan::Column::StartYear, plan::Column::PublishedOn])
        .filter(plan::Column::SourceId.eq(source_id))
        .filter(plan::Column::WithdrawnAt.is_null())
        .filter(plan::Column::PublishedOn.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let Some((due, why)) = annual(&published).or_else(|| any(&published)).filter(|(due, _)| *due < today) else {
        return Ok(None);
    };
    let first = crawl_run::Entity::find()
        .filter(crawl_run::Column::SourceId.eq(source_id))
        .filter(crawl_run::Column::StartedAt.is_not_null())
        .order_by_asc(crawl_run::Column::Id)
        .one(db)
        .await?;
    let watched = first.and_then(|run| run.started_at).is_some_and(|since| since.date_naive() <= due);
    Ok(watched.then_some(why))
}

/// By when the next annual plan is due, and what to say where it does not come: as late in its year as the latest of
/// those before, and some weeks. A plan that was put up when its year was over tells nothing.
fn annual(published: &[Published]) -> Option<(NaiveDate, String)> {
    let first_day = |year| NaiveDate::from_ymd_opt(year, 1, 1);
    let plans: Vec<_> = published
        .iter()
        .filter(|(kind, year, day)| *kind == PlanKind::AnnualPlan && day.year() <= *year)
        .filter_map(|(_, year, day)| Some((*year, *day - first_day(*year)?)))
        .collect();
    let (first, last) = (plans.iter().map(|(year, _)| *year).min()?, plans.iter().map(|(year, _)| *year).max()?);
    if first == last {
        return None;
    }
    let latest = plans.iter().map(|(_, wait)| *wait).max()?;
    let usual = first_day(last + 1)? + latest;
    let why = format!(
        "it has no plan for {}, though those for {first} to {last} were there by {} of their years: see whether its list \
         has moved",
        last + 1,
        usual.format("%-d %B")
    );
    Some((usual + GRACE, why))
}

/// By when anything new is due, and what to say where nothing comes: after twice the longest gap there ever was.
fn any(published: &[Published]) -> Option<(NaiveDate, String)> {
    let mut days: Vec<NaiveDate> = published.iter().map(|(.., day)| *day).collect();
    days.sort_unstable();
    days.dedup();
    if days.len() < MIN_DAYS {
        return None;
    }
    let longest = days.windows(2).map(|pair| pair[1] - pair[0]).max()?;
    let last = *days.last()?;
    let why = format!(
        "nothing new has come since {last}, where there were never more than {} days between two plans: see whether its \
         list has moved",
        longest.num_days()
    );
    Some((last + std::cmp::max(longest * 2, MIN_SILENCE), why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn of(kind: PlanKind, days: &[&str]) -> Vec<Published> {
        days.iter().map(|text| (kind, day(text).year(), day(text))).collect()
    }

    #[test]
    fn an_annual_plan_is_due_some_weeks_after_the_latest_that_ever_was() {
        let plans = of(PlanKind::AnnualPlan, &["2023-03-01", "2024-02-20", "2025-04-01"]);
        let (due, why) = annual(&plans).unwrap();
        assert_eq!(due, day("2026-05-13"));
        assert!(why.contains("no plan for 2026") && why.contains("2023 to 2025") && why.contains("1 April"), "{why}");
        assert!(annual(&plans[..1]).is_none(), "one tells nothing");
        let late = [&plans[..], &[(PlanKind::AnnualPlan, 2022, day("2024-12-30"))]].concat();
        assert_eq!(annual(&late).unwrap().0, due, "it was put up long after");
        let early = [(PlanKind::AnnualPlan, 2024, day("2023-12-20")), (PlanKind::AnnualPlan, 2025, day("2024-12-28"))];
        assert_eq!(annual(&early).unwrap().0, day("2026-02-08"));
    }

    #[test]
    fn anything_is_due_after_twice_the_longest_gap() {
        let days = ["2025-01-01", "2025-01-01", "2025-03-02", "2025-03-05", "2025-04-01", "2025-06-01"];
        let plans = of(PlanKind::Other, &days);
        let (due, why) = any(&plans).unwrap();
        assert_eq!(due, day("2025-10-01"));
        assert!(why.contains("since 2025-06-01") && why.contains("61 days"), "{why}");
        assert!(any(&plans[..4]).is_none(), "a few tell nothing");
        let quick = of(PlanKind::Other, &["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04", "2025-01-05"]);
        assert_eq!(any(&quick).unwrap().0, day("2025-04-05"));
    }
}
