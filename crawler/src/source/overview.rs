//! How sources do, as the database knows it.

use chrono::{DateTime, Utc};
use entity::{
    crawl_run, source,
    value::{Health, RunStatus},
};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};

use super::Sources;
use crate::{Error, gazetteer::gazetteer};

/// How a source does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The source.
    pub slug: String,
    /// Who publishes there.
    pub name: String,
    /// Whose authority it is, by its name; none for a site that reprints.
    pub region: Option<String>,
    /// How the last run went.
    pub health: Health,
    /// Why the health is not OK.
    pub problem: Option<String>,
    /// When the last run began, and how it ended.
    pub last_run: Option<(DateTime<Utc>, RunStatus)>,
}

/// How each source does, in their order. A source that was never crawled is `NEVER_RUN`.
///
/// # Errors
/// Where the database cannot be read.
pub async fn overview(db: &DatabaseConnection, sources: &Sources) -> Result<Vec<Overview>, Error> {
    let gazetteer = gazetteer(db).await?;
    let mut overviews = Vec::new();
    for source in sources {
        let row = source::Entity::find().filter(source::Column::Slug.eq(&source.slug)).one(db).await?;
        let run = match &row {
            None => None,
            Some(row) => {
                let runs = crawl_run::Entity::find().filter(crawl_run::Column::SourceId.eq(row.id));
                runs.order_by_desc(crawl_run::Column::Id).one(db).await?
            }
        };
        let named = |region: &String| gazetteer.find(region, None).map_or_else(|| region.clone(), |region| region.name);
        overviews.push(Overview {
            slug: source.slug.clone(),
            name: source.name.clone(),
            region: source.region.as_ref().map(named),
            health: row.as_ref().map_or(Health::NeverRun, |row| row.health),
            problem: row.and_then(|row| row.problem),
            last_run: run.map(|run| (run.started_at.unwrap_or(run.queued_at), run.status)),
        });
    }
    Ok(overviews)
}
