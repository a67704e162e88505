//! When a page is due again.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    page,
    value::{PageKind, PageState},
};

use super::{Claim, Done};

/// Hours until an article that has changed is looked at again, and the fewest of any article. A little less than a day,
/// for a nightly crawl does not begin at the same second each night.
pub(super) const LEAST: i32 = 20;
/// The most hours between two looks at an article that does not change: almost two weeks.
pub(super) const MOST: i32 = LEAST * 16;
/// How long an article that is blocked or not there is left alone at first; each time that it is so again, twice as
/// long as the last time.
pub(super) const REST: TimeDelta = TimeDelta::hours(LEAST as i64);
/// How often that is doubled: up to 27 days.
const MAX_DOUBLINGS: u32 = 5;

/// Hours between two looks at an article from now on: twice as many as before where it has not changed, the fewest where
/// it has.
pub(super) fn hours(page: &page::Model, done: &Done<'_>) -> i32 {
    let changed = matches!(done, Done::Read { changed: true, .. } | Done::Held { .. });
    // What is held back may be well again any day.
    if changed || page.state == PageState::Held {
        LEAST
    } else {
        (page.revisit_hours.clamp(0, MOST) * 2).clamp(LEAST, MOST)
    }
}

/// When a page is due again: for the next run, never for this one, even where the clock was set back. A list is read in
/// every run, for without it nothing is found. An article waits as long as its changes tell, and longer where it is
/// blocked or not there.
pub(super) fn next(claim: &Claim, done: &Done<'_>, now: DateTime<Utc>) -> DateTime<Utc> {
    let next_run = std::cmp::max(now, claim.due + TimeDelta::microseconds(1));
    if claim.page.kind == PageKind::List {
        return next_run;
    }
    match done {
        Done::Read { .. } | Done::Unchanged | Done::Held { .. } => {
            next_run + TimeDelta::hours(hours(&claim.page, done).into())
        }
        Done::Failed { state: PageState::Blocked | PageState::NotFound, .. } => {
            let doublings = std::cmp::min(claim.page.attempts.unsigned_abs(), MAX_DOUBLINGS);
            next_run + REST * 2_i32.pow(doublings)
        }
        // It was not asked for.
        Done::Released { .. } => claim.page.due_at,
        Done::ReadAgain { .. } | Done::Postponed | Done::Failed { .. } => next_run,
    }
}

/// Whether a page that the site now says is not there has vanished: it said so on an earlier day, and nothing else
/// since. Days are those of China.
pub(crate) fn has_vanished(page: &page::Model, now: DateTime<Utc>) -> bool {
    let day = |moment: DateTime<Utc>| moment.with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    page.kind == PageKind::Article && page.missing_since.is_some_and(|since| day(since) < day(now))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::fetch::Validators;

    fn article() -> page::Model {
        page::Model {
            id: 1,
            source_id: 1,
            url: "http://a.example/1.html".to_owned(),
            kind: PageKind::Article,
            title: None,
            listed_on: None,
            state: PageState::Fresh,
            lease_owner: None,
            lease_until: None,
            due_at: DateTime::default(),
            etag: None,
            last_modified: None,
            snapshot_id: None,
            fetched_at: None,
            attempts: 0,
            last_error: None,
            read_with: None,
            missing_since: None,
            same_as: None,
            revisit_hours: 0,
        }
    }

    #[test]
    fn what_does_not_change_is_looked_at_less_and_less_often_within_bounds() {
        let mut page = article();
        let validators = Validators::default();
        let read =
            |changed| Done::Read { state: PageState::Fresh, snapshot_id: None, validators: &validators, changed };
        let mut waits = Vec::new();
        for _ in 0..7 {
            page.revisit_hours = hours(&page, &Done::Unchanged);
            waits.push(page.revisit_hours);
        }
        assert_eq!(waits, [20, 40, 80, 160, 320, 320, 320]);
        assert_eq!(hours(&page, &read(false)), 320, "another body that says the same is no change");
        assert_eq!(hours(&page, &read(true)), 20);

        let now = Utc.with_ymd_and_hms(2026, 3, 1, 18, 0, 0).unwrap();
        let claim = |page: &page::Model| Claim::new(page.clone(), "me", now, std::time::Duration::from_secs(60));
        assert_eq!(
            next(&claim(&page), &Done::Unchanged, now) - now,
            TimeDelta::hours(320) + TimeDelta::microseconds(1)
        );
        let list = page::Model { kind: PageKind::List, ..page };
        assert_eq!(next(&claim(&list), &Done::Unchanged, now) - now, TimeDelta::microseconds(1), "a list every time");
    }

    #[test]
    fn a_page_has_vanished_when_it_is_not_there_on_another_day_in_china() {
        let at = |hour| Utc.with_ymd_and_hms(2026, 3, 1, hour, 0, 0).unwrap();
        assert!(!has_vanished(&article(), at(1)));
        let missing = page::Model { missing_since: Some(at(1)), ..article() };
        assert!(!has_vanished(&missing, at(15)), "23:00 of the same day");
        assert!(has_vanished(&missing, at(17)), "01:00 of the next");
        let list = page::Model { kind: PageKind::List, ..missing };
        assert!(!has_vanished(&list, at(17)));
    }
}
