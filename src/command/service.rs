//! What commands share that run until they are told to stop.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use crawler::Stop;

use super::{Outcome, serve::listen};
use crate::watch::Watch;

/// How long writing down what is left undone may take, once nothing is under way any more.
const FAREWELL: Duration = Duration::from_secs(5);

/// How a service ends, and where it can be watched.
#[derive(clap::Args)]
pub(crate) struct ServiceArgs {
    /// For how many seconds requests and pages under way may go on once the process is told to stop.
    #[arg(long, env = "PLANGRAPH_DRAIN", value_name = "SECONDS", default_value_t = 20)]
    drain: u16,
    /// For how many seconds the API still takes requests once the process is told to stop, while `/readyz` says that it will:
    /// as long as a load balancer needs to see it.
    #[arg(long, env = "PLANGRAPH_NOTICE", value_name = "SECONDS", default_value_t = 0)]
    notice: u16,
    /// Address and port for those who watch the process: `/metrics`, `/healthz` and `/readyz`.
    #[arg(long, env = "PLANGRAPH_METRICS", value_name = "HOST:PORT")]
    metrics: Option<SocketAddr>,
}

impl ServiceArgs {
    /// How long what is under way may go on.
    pub(crate) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain.into())
    }

    /// How long the API still takes requests.
    pub(crate) fn notice(&self) -> Duration {
        Duration::from_secs(self.notice.into())
    }

    /// Serves those who watch the process, where they are wanted; ends with it.
    pub(crate) async fn watched(&self, watch: &Watch) -> anyhow::Result<()> {
        if let Some(address) = self.metrics {
            let listener = listen(address).await?;
            let router = watch.with_metrics();
            tokio::spawn(async move {
                let served = axum::serve(listener, router).await.context("nobody can watch the process any more");
                if let Err(error) = served {
                    tracing::error!("{error:#}");
                }
            });
        }
        Ok(())
    }

    /// Does the work of a service, which hears of the stop itself, and gives it up where it takes too long to end.
    pub(crate) async fn bounded(
        &self,
        stop: &Stop,
        work: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<Outcome> {
        tokio::select! {
            biased;
            done = work => done.map(|()| Outcome::Done),
            () = stop.wait_and(self.notice() + self.drain() + FAREWELL) => {
                tracing::warn!("what is still under way is given up; leases run out, and others go on with it");
                Ok(Outcome::Partly)
            }
        }
    }
}
