//! What commands share that run until they are told to stop.

use std::time::Duration;

use crawler::Stop;

use super::Outcome;

/// How long writing down what is left undone may take, once nothing is under way any more.
const FAREWELL: Duration = Duration::from_secs(5);

/// How a service ends.
#[derive(clap::Args)]
pub(crate) struct ServiceArgs {
    /// For how many seconds requests and pages under way may go on once the process is told to stop.
    #[arg(long, env = "PLANGRAPH_DRAIN", value_name = "SECONDS", default_value_t = 20)]
    drain: u16,
}

impl ServiceArgs {
    /// How long what is under way may go on.
    pub(crate) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain.into())
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
            () = stop.wait_and(self.drain() + FAREWELL) => {
                tracing::warn!("what is still under way is given up; leases run out, and others go on with it");
                Ok(Outcome::Partly)
            }
        }
    }
}
