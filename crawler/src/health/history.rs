//! What a source gave before, against what it gives now. What its lists and runs gave is noted; a list that has not
//! changed gives what it gave last.

use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;
use entity::{harvest, listing, page, value::PageKind};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::OnConflict,
};

use super::Stock;
use crate::{db, discover::Found};

/// How many readings and runs back tell what is usual.
const BACK: usize = 10;
/// How long readings of lists are kept.
const KEPT: TimeDelta = TimeDelta::days(400);
/// Below so many, numbers tell nothing: of entries of a list, of plans, of figures.
const MIN_ENTRIES: i32 = 6;
const MIN_PLANS: i32 = 4;
const MIN_FIGURES: i32 = 10;

/// Notes what the first page of a list gives.
pub(crate) async fn note_list(db: &impl ConnectionTrait, page_id: i64, first: &[Found]) -> Result<(), DbErr> {
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let titles: HashSet<&str> = first.iter().map(|found| found.title.as_str()).collect();
    let now = db::now();
    let row = listing::ActiveModel {
        id: NotSet,
        page_id: Set(page_id),
        at: Set(now),
        entries: Set(count(first.len())),
        titles: Set(count(titles.len())),
        dates: Set(count(first.iter().filter(|found| found.listed_on.is_some()).count())),
    };
    listing::Entity::insert(row).exec_without_returning(db).await?;
    let old = listing::Column::PageId.eq(page_id).and(listing::Column::At.lt(now - KEPT));
    listing::Entity::delete_many().filter(old).exec(db).await.map(|_| ())
}

/// Notes what there is of a source after a run.
pub(super) async fn note_run(
    db: &impl ConnectionTrait,
    source_id: i32,
    run_id: i64,
    stock: &Stock,
) -> Result<(), DbErr> {
    let count = |n: u64| Set(i32::try_from(n).unwrap_or(i32::MAX));
    let row = harvest::ActiveModel {
        run_id: Set(run_id),
        source_id: Set(source_id),
        at: Set(db::now()),
        plans: count(stock.plans),
        figures: count(stock.indicators),
        issuers: count(stock.issuers),
        dates: count(stock.dates),
    };
    // A worker that was taken for dead may come to its end after all.
    let again = OnConflict::column(harvest::Column::RunId).do_nothing().to_owned();
    harvest::Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(|_| ())
}

/// Forgets what was usual: what a source gives now is.
pub(super) async fn forget(db: &impl ConnectionTrait, source_id: i32) -> Result<(), DbErr> {
    harvest::Entity::delete_many().filter(harvest::Column::SourceId.eq(source_id)).exec(db).await?;
    let lists = page::Entity::find()
        .select_only()
        .column(page::Column::Id)
        .filter(page::Column::SourceId.eq(source_id))
        .into_query();
    let last = listing::Entity::find()
        .select_only()
        .column_as(listing::Column::Id.max(), "id")
        .group_by(listing::Column::PageId)
        .into_query();
    listing::Entity::delete_many()
        .filter(listing::Column::PageId.in_subquery(lists))
        .filter(listing::Column::Id.not_in_subquery(last))
        .exec(db)
        .await
        .map(|_| ())
}

/// What is not as it used to be, in words.
pub(super) async fn problems(db: &impl ConnectionTrait, source_id: i32, stock: &Stock) -> Result<Vec<String>, DbErr> {
    let runs = harvest::Entity::find()
        .filter(harvest::Column::SourceId.eq(source_id))
        .order_by_desc(harvest::Column::RunId)
        .limit(u64::try_from(BACK).unwrap_or(u64::MAX))
        .all(db)
        .await?;
    let mut problems = of_stock(stock, &runs);
    let declared = page::Column::DueAt.lt(db::now() + TimeDelta::days(365));
    let lists = listing::Entity::find()
        .find_also_related(page::Entity)
        .filter(page::Column::SourceId.eq(source_id))
        .filter(page::Column::Kind.eq(PageKind::List).and(declared))
        .order_by_desc(listing::Column::Id)
        .all(db)
        .await?;
    let mut readings: BTreeMap<String, Vec<listing::Model>> = BTreeMap::new();
    for (reading, page) in lists {
        readings.entry(page.map(|page| page.url).unwrap_or_default()).or_default().push(reading);
    }
    problems.extend(readings.iter().filter_map(|(url, readings)| of_list(url, readings)));
    Ok(problems)
}

/// What is not as it was after the runs before.
fn of_stock(stock: &Stock, runs: &[harvest::Model]) -> Vec<String> {
    let count = |n: u64| i32::try_from(n).unwrap_or(i32::MAX);
    let (plans, figures) = (count(stock.plans), count(stock.indicators));
    let usual = |count: fn(&harvest::Model) -> i32| median(runs.iter().map(count));
    let (used_plans, used_figures) = (usual(|run| run.plans), usual(|run| run.figures));
    let mut problems = Vec::new();
    for (now, used, least, what) in
        [(plans, used_plans, MIN_PLANS, "plans"), (figures, used_figures, MIN_FIGURES, "figures")]
    {
        if used >= least && now < used - now {
            problems
                .push(format!("it has {now} {what} and used to have {used}: see whether its pages are still there"));
        }
    }
    for (now, used, what) in [
        (count(stock.issuers), usual(|run| run.issuers), "an issuer"),
        (count(stock.dates), usual(|run| run.dates), "a day of publication"),
    ] {
        if has_halved((now, plans), (used, used_plans), MIN_PLANS) {
            problems.push(format!(
                "{now} of its {plans} plans have {what}, where {used} of {used_plans} used to: see whether its pages \
                 have changed their shape"
            ));
        }
    }
    problems
}

/// What is not as it was at the readings of a list before; the last reading is the first of these.
fn of_list(url: &str, readings: &[listing::Model]) -> Option<String> {
    let (now, before) = readings.split_first()?;
    let usual = |count: fn(&listing::Model) -> i32| median(before.iter().take(BACK).map(count));
    let (entries, used) = (now.entries, usual(|reading| reading.entries));
    let (titles, dates) = (usual(|reading| reading.titles), usual(|reading| reading.dates));
    let what = if used >= MIN_ENTRIES && entries < used / 3 {
        format!("the list {url} has {entries} entries and used to have {used}")
    } else if has_halved((now.titles, entries), (titles, used), MIN_ENTRIES) {
        format!("the {entries} entries of the list {url} have no more than {} titles between them", now.titles)
    } else if has_halved((now.dates, entries), (dates, used), MIN_ENTRIES) {
        format!("{} of the {entries} entries of the list {url} have a date, where {dates} of {used} used to", now.dates)
    } else {
        return None;
    };
    Some(format!("{what}: see with `plangraph sources try {url}` whether it has changed its shape"))
}

/// Whether of so many, less than half as many have something as used to, where that were not few.
fn has_halved((now, all): (i32, i32), (used, used_all): (i32, i32), least: i32) -> bool {
    let product = |a: i32, b: i32| i64::from(a) * i64::from(b);
    used >= least && all > 0 && 2 * product(now, used_all) < product(used, all)
}

/// The middle of some numbers; 0 of none.
fn median(numbers: impl Iterator<Item = i32>) -> i32 {
    let mut numbers: Vec<i32> = numbers.collect();
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(entries: i32, titles: i32, dates: i32) -> listing::Model {
        listing::Model { id: 0, page_id: 0, at: db::now(), entries, titles, dates }
    }

    fn run(plans: i32, figures: i32, issuers: i32, dates: i32) -> harvest::Model {
        harvest::Model { run_id: 0, source_id: 0, at: db::now(), plans, figures, issuers, dates }
    }

    #[test]
    fn a_list_is_compared_with_what_it_used_to_be() {
        let well = [reading(20, 20, 20)];
        let of =
            |now: listing::Model, before: &[listing::Model]| of_list("http://a.example/", &[&[now], before].concat());
        assert_eq!(of(reading(2, 2, 0), &[]), None, "a new list");
        assert_eq!(of(reading(20, 20, 20), &well), None);
        assert_eq!(of(reading(8, 8, 8), &well), None, "a list may be tidied up");
        for (now, needle) in [
            (reading(3, 3, 3), "has 3 entries and used to have 20"),
            (reading(20, 1, 20), "no more than 1 titles"),
            (reading(18, 18, 2), "2 of the 18 entries"),
        ] {
            let problem = of(now.clone(), &well).unwrap();
            assert!(problem.contains(needle) && problem.contains("sources try"), "{problem}");
            assert!(of(now.clone(), &vec![now; 10]).is_none(), "what has been so for long is usual");
        }
        assert_eq!(of(reading(2, 2, 0), &[reading(4, 4, 4)]), None, "few tell nothing");
    }

    #[test]
    fn a_source_is_compared_with_what_it_used_to_hold() {
        let stock = |plans, indicators, issuers, dates| Stock { plans, indicators, issuers, dates, ..Stock::default() };
        let runs = [run(10, 300, 10, 10), run(10, 300, 10, 10), run(9, 200, 9, 9)];
        assert!(of_stock(&stock(2, 3, 0, 0), &[]).is_empty(), "a new source");
        assert!(of_stock(&stock(10, 300, 10, 10), &runs).is_empty());
        assert!(of_stock(&stock(6, 150, 6, 6), &runs).is_empty());
        for (stock, needle) in [
            (stock(4, 300, 4, 4), "4 plans and used to have 10"),
            (stock(10, 149, 10, 10), "149 figures and used to have 300"),
            (stock(10, 300, 4, 10), "4 of its 10 plans have an issuer, where 10 of 10"),
            (stock(10, 300, 10, 0), "0 of its 10 plans have a day"),
        ] {
            let problems = of_stock(&stock, &runs);
            assert!(problems.len() == 1 && problems[0].contains(needle), "{problems:?}");
        }
    }
}
