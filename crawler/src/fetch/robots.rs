//! What robots.txt allows (RFC 9309). What it said is in the database for a day, for all workers and crawls.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use entity::robots;
use sea_orm::{ActiveValue::Set, DatabaseConnection, DbErr, EntityTrait, sea_query::OnConflict};
use tokio::sync::{Mutex, OnceCell};
use url::Url;

use super::{FetchError, pace};
use crate::{Error, db};

/// The name that groups of robots.txt are searched for.
const AGENT: &str = "plangraph";
/// How much of it is read; the standard asks for at least that.
pub(super) const MAX_LENGTH: usize = 500 * 1_024;
/// How long it is believed; the standard allows no more.
const FRESH: TimeDelta = TimeDelta::hours(24);
/// How long it is believed that it cannot be read.
const FRESH_PROBLEM: TimeDelta = TimeDelta::minutes(10);

/// What one robots.txt says.
#[derive(Debug)]
pub(super) enum Rules {
    /// It could be read, or there is none.
    Known(robotxt::Robots),
    /// It should be there, but could not be read: nothing is fetched now.
    Unreachable(String),
}

impl Rules {
    pub(super) fn allows(&self, url: &Url) -> bool {
        matches!(self, Self::Known(robots) if robots.is_url_allowed(url))
    }

    /// Least time between two requests that the site asks for.
    pub(super) fn delay(&self) -> Duration {
        match self {
            Self::Known(robots) => robots.crawl_delay().unwrap_or_default().min(pace::SLOWEST),
            Self::Unreachable(_) => Duration::ZERO,
        }
    }
}

/// The robots.txt of all sites met so far.
#[derive(Debug, Default)]
pub(super) struct Robots(Mutex<HashMap<String, Arc<OnceCell<Arc<Rules>>>>>);

impl Robots {
    /// The rules of a page's site; `ask` fetches robots.txt where they are not known.
    pub(super) async fn rules(
        &self,
        db: &DatabaseConnection,
        url: &Url,
        ask: impl AsyncFnOnce(Url) -> Result<Vec<u8>, Error>,
    ) -> Result<Arc<Rules>, Error> {
        let site = format!("{}://{}", url.scheme(), pace::name(url));
        // Several pages of one site wait for one request here, those of other sites don't.
        let cell = Arc::clone(self.0.lock().await.entry(site.clone()).or_default());
        let find = async || {
            let known = robots::Entity::find_by_id(&site).one(db).await?;
            let row = match known.filter(is_fresh) {
                Some(row) => row,
                None => {
                    let mut address = url.clone();
                    address.set_path("/robots.txt");
                    address.set_query(None);
                    address.set_fragment(None);
                    let (text, problem) = read(ask(address).await)?;
                    keep(db, robots::Model { site, fetched_at: db::now(), text, problem }).await?
                }
            };
            Ok::<_, Error>(Arc::new(match row.problem {
                Some(problem) => Rules::Unreachable(problem),
                None => Rules::Known(robotxt::Robots::parse(row.text.as_bytes(), AGENT)),
            }))
        };
        let rules = cell.get_or_try_init(find).await?;
        match &**rules {
            Rules::Known(_) => Ok(Arc::clone(rules)),
            Rules::Unreachable(reason) => Err(FetchError::NoRobots { url: url.clone(), reason: reason.clone() }.into()),
        }
    }
}

fn is_fresh(row: &robots::Model) -> bool {
    let fresh = if row.problem.is_some() { FRESH_PROBLEM } else { FRESH };
    // A time to come is that of a clock that went wrong.
    (TimeDelta::zero()..fresh).contains(&(db::now() - row.fetched_at))
}

async fn keep(db: &DatabaseConnection, row: robots::Model) -> Result<robots::Model, DbErr> {
    let update = OnConflict::column(robots::Column::Site)
        .update_columns([robots::Column::FetchedAt, robots::Column::Text, robots::Column::Problem])
        .to_owned();
    let new = robots::ActiveModel {
        site: Set(row.site.clone()),
        fetched_at: Set(row.fetched_at),
        text: Set(row.text.clone()),
        problem: Set(row.problem.clone()),
    };
    robots::Entity::insert(new).on_conflict(update).exec_without_returning(db).await?;
    Ok(row)
}

/// What an answer to the request for robots.txt means (RFC 9309, section 2.3.1): its text, and why it could not be read.
fn read(answer: Result<Vec<u8>, Error>) -> Result<(String, Option<String>), Error> {
    let none = (String::new(), None);
    match answer {
        Ok(body) => {
            let text = String::from_utf8_lossy(&body);
            let text = text.trim_start_matches('\u{feff}').trim_start();
            // Some sites answer every unknown address with a page. PostgreSQL keeps no NUL.
            Ok(if text.starts_with('<') { none } else { (text.replace('\0', ""), None) })
        }
        // The standard lets both count as none.
        Err(Error::Fetch(FetchError::Redirects { .. } | FetchError::RedirectLoop { .. })) => Ok(none),
        Err(Error::Fetch(error)) => match error.status() {
            Some(status) if status.is_success() || status.is_client_error() && status.as_u16() != 429 => Ok(none),
            _ => Ok((String::new(), Some(error.to_string()))),
        },
        Err(error) => Err(error),
    }
}
