//! A request to stop, which everything that takes long listens to.

use std::time::Duration;

use tokio::sync::watch;

/// Tells a crawl or a schedule to end. Clones hear the same request.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// A request that never comes.
    #[must_use]
    pub fn never() -> Self {
        Self(watch::channel(false).1)
    }

    /// A request that comes when a future ends, say that of Ctrl-C. Needs a Tokio runtime.
    #[must_use]
    pub fn when(signal: impl Future<Output = ()> + Send + 'static) -> Self {
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            signal.await;
            sender.send_replace(true);
        });
        Self(receiver)
    }

    /// Whether the request has come.
    #[must_use]
    pub fn requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends some time after the request comes: when those who were at work then have had that time to finish.
    pub async fn wait_and(&self, patience: Duration) {
        self.wait().await;
        tokio::time::sleep(patience).await;
    }

    /// Ends when the request comes.
    pub async fn wait(&self) {
        if self.0.clone().wait_for(|stop| *stop).await.is_err() {
            // Nobody is left who could ask.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_clones_hear_it() {
        let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
        let stop = Stop::when(async move {
            receiver.await.unwrap();
        });
        let clone = stop.clone();
        assert!(!clone.requested());
        sender.send(()).unwrap();
        clone.wait().await;
        assert!(stop.requested());
        assert!(!Stop::never().requested());
    }
}
