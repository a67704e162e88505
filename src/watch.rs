//! What those see who watch a process: whether it lives, whether it can work, and what it has done.
//!
//! | path | what |
//! | --- | --- |
//! | `/healthz` | `ok` as long as the process answers at all |
//! | `/readyz` | `ready` where questions can be answered: the database is up to date and answers, and the process is not about to end; else 503 and why |
//! | `/metrics` | counts and measures, as Prometheus reads them |

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler as _,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use crawler::Stop;
use prometheus_client::registry::Registry;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tokio::{join, time::timeout};
use tower::ServiceExt as _;

use crate::{metrics::Gauges, replica::Replica, request};

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);
/// How far behind a read replica may be and still count as ready.
const BEHIND: Duration = Duration::from_secs(60);
/// What Prometheus calls its text format.
const METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Where a process stands. Clones tell the same.
#[derive(Clone, Debug)]
pub(crate) struct Watch(Arc<Standing>);

#[derive(Debug)]
struct Standing {
    stop: Stop,
    /// There once the database is up to date.
    db: OnceLock<DatabaseConnection>,
    /// There before the database is, where questions are answered from a replica of it.
    replica: OnceLock<Replica>,
    /// There once the API can answer.
    api: OnceLock<Router>,
    registry: Registry,
    gauges: Gauges,
}

impl Watch {
    /// A process that has begun and is to end with the stop.
    pub(crate) fn new(stop: Stop) -> Self {
        let mut registry = Registry::with_prefix("plangraph");
        api::metrics::register(&mut registry);
        crawler::metrics::register(&mut registry);
        let gauges = Gauges::register(&mut registry);
        Self(Arc::new(Standing {
            stop,
            db: OnceLock::new(),
            replica: OnceLock::new(),
            api: OnceLock::new(),
            registry,
            gauges,
        }))
    }

    /// From now on the database is up to date.
    pub(crate) fn has_database(&self, db: DatabaseConnection) {
        // It is told once; were it told twice, the first would do.
        let _ = self.0.db.set(db);
    }

    /// Questions are answered from this replica of the database.
    pub(crate) fn has_replica(&self, replica: DatabaseConnection) {
        let _ = self.0.replica.set(Replica::new(replica));
    }

    /// From now on the API answers.
    pub(crate) fn has_api(&self, api: Router) {
        let _ = self.0.api.set(api);
    }

    /// Whether the process can work, and if not, why.
    async fn ready(&self) -> Result<&'static str, String> {
        if self.0.stop.requested() {
            return Err("the process is about to end".to_owned());
        }
        let Some(db) = self.0.db.get() else { return Err("the database is being brought up to date".to_owned()) };
        let Some(replica) = self.0.replica.get() else {
            return answers("the database", db).await.map(|()| "ready");
        };
        let (database, replicated) = join!(answers("the database", db), answers("the read replica", &replica.db));
        replicated?;
        if database.is_err() {
            // Nobody is better off where what can be answered is not.
            return Ok("ready for queries; the database that changes go to does not answer");
        }
        match behind(replica, db).await {
            Some(behind) if behind > BEHIND => {
                Err(format!("the read replica has been behind the database for {} s", behind.as_secs()))
            }
            _ => Ok("ready"),
        }
    }

    /// The API, and whether the process can work.
    pub(crate) fn with_api(&self) -> Router {
        self.routes().fallback(pass.layer(middleware::from_fn(request::named))).with_state(self.clone())
    }

    /// All that watchers see.
    pub(crate) fn with_metrics(&self) -> Router {
        self.routes().route("/metrics", get(metrics)).with_state(self.clone())
    }

    fn routes(&self) -> Router<Self> {
        Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(readyz))
    }
}

/// Makes sure that a database is there and has the tables.
async fn answers(which: &str, db: &DatabaseConnection) -> Result<(), String> {
    match timeout(PATIENCE, db.execute_unprepared("SELECT 1 FROM region LIMIT 1")).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: {which} does not answer");
            Err(format!("{which} does not answer; the log says why"))
        }
        Err(_) => Err(format!("{which} has not answered in time")),
    }
}

/// For how long a replica has been behind its database, where both can tell.
async fn behind(replica: &Replica, db: &DatabaseConnection) -> Option<Duration> {
    match timeout(PATIENCE, replica.behind(db)).await {
        Ok(Ok(behind)) => Some(behind),
        Ok(Err(error)) => {
            tracing::warn!(%error, "how far the read replica is behind cannot be told");
            None
        }
        Err(_) => None,
    }
}

async fn readyz(State(watch): State<Watch>) -> Response {
    match watch.ready().await {
        Ok(how) => how.into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, why).into_response(),
    }
}

/// Hands a request to the API, where it is there yet.
async fn pass(State(watch): State<Watch>, request: Request) -> Response {
    match watch.0.api.get() {
        Some(api) => api.clone().oneshot(request).await.into_response(),
        None => {
            let why = "the database is being brought up to date; ask again in a moment";
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "2")], why).into_response()
        }
    }
}

async fn metrics(State(watch): State<Watch>) -> Response {
    if let Some(db) = watch.0.db.get() {
        match timeout(PATIENCE, watch.0.gauges.read(db)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what waits in the database could not be counted"),
            Err(_) => tracing::warn!("what waits in the database could not be counted in time"),
        }
        if let Some(replica) = watch.0.replica.get() {
            watch.0.gauges.replica_is_behind(behind(replica, db).await);
        }
    }
    let mut text = String::new();
    match prometheus_client::encoding::text::encode(&mut text, &watch.0.registry) {
        Ok(()) => ([(CONTENT_TYPE, METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the measures could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};

    use super::*;

    async fn get(router: &Router, path: &str) -> (StatusCode, String) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_process_says_where_it_stands() {
        let (end, ending) = tokio::sync::oneshot::channel::<()>();
        let stop = Stop::when(async move {
            let _ = ending.await;
        });
        let watch = Watch::new(stop.clone());
        let router = watch.with_api();
        assert_eq!(get(&router, "/healthz").await, (StatusCode::OK, "ok".to_owned()));
        assert_eq!(get(&router, "/readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(get(&router, "/graphql").await.0, StatusCode::SERVICE_UNAVAILABLE);

        let database = support::sqlite().await;
        watch.has_api(Router::new().route("/graphql", axum::routing::get(|| async { "answer" })));
        watch.has_database(database.connection.clone());
        assert_eq!(get(&router, "/readyz").await, (StatusCode::OK, "ready".to_owned()));
        assert_eq!(get(&router, "/graphql").await, (StatusCode::OK, "answer".to_owned()));

        database.connection.close_by_ref().await.unwrap();
        assert!(get(&router, "/readyz").await.1.contains("database"));
        end.send(()).unwrap();
        stop.wait().await;
        let (status, why) = get(&router, "/readyz").await;
        assert!(status == StatusCode::SERVICE_UNAVAILABLE && why.contains("about to end"), "{why}");
        assert_eq!(get(&router, "/graphql").await.0, StatusCode::OK, "what comes meanwhile is answered");
    }

    #[test]
    fn the_dashboard_and_the_alerts_ask_for_what_there_is() {
        let watch = Watch::new(Stop::never());
        crawler::metrics::expect("any");
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &watch.0.registry).unwrap();
        let there_are: Vec<_> =
            text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
        for file in ["alerts.yml", "grafana/plangraph.json"] {
            let path = format!("{}/.compose/{file}", env!("CARGO_MANIFEST_DIR"));
            let asked = std::fs::read_to_string(path).unwrap();
            let names = asked
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .filter(|word| word.starts_with("plangraph_"));
            for name in names {
                let base = ["_total", "_bucket"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
                assert!(there_are.contains(&base), "{file} asks for {name}; there are {there_are:?}");
            }
        }
    }

    #[tokio::test]
    async fn what_waits_is_counted_and_what_was_asked_is_told_by_its_name() {
        for database in support::databases("watch_metrics").await {
            let db = database.connection.clone();
            let watch = Watch::new(Stop::never());
            watch.has_database(db.clone());
            let api = api::router(api::Api::new(db, Arc::new(extract::Reader::builtin())));
            let asked = "/graphql?query=query%20Counted%7Bplans%7BtotalCount%7D%7D";
            assert_eq!(get(&api, asked).await.0, StatusCode::OK);
            let (status, text) = get(&watch.with_metrics(), "/metrics").await;
            assert_eq!(status, StatusCode::OK);
            for line in [
                "plangraph_queries_total{operation=\"Counted\",code=\"OK\"} ",
                "plangraph_query_seconds_count{operation=\"Counted\"} ",
                "plangraph_frontier_due_pages 0",
                "plangraph_queued_runs 0",
                "plangraph_schedule_lag_seconds 0",
                "plangraph_database_up 1",
            ] {
                assert!(text.contains(line), "{line}\n{text}");
            }
        }
    }
}
