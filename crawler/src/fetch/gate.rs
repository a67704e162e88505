//! How many requests are under way at once, in all and to one host.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use super::{Limits, pace};

/// Lets requests through.
#[derive(Debug)]
pub(super) struct Gate {
    all: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
    per_host: usize,
}

impl Gate {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(limits.requests.max(1))),
            hosts: Mutex::default(),
            per_host: limits.host_requests.max(1),
        }
    }

    /// Waits until a host may have another request; it counts as long as the answer lives.
    pub(super) async fn host(&self, url: &Url) -> Option<OwnedSemaphorePermit> {
        let semaphore = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(self.per_host));
            Arc::clone(hosts.entry(pace::name(url)).or_insert_with(new))
        };
        // An error would say that it is closed, which nobody does.
        semaphore.acquire_owned().await.ok()
    }

    /// Waits until there may be another request at all; it counts as long as the answer lives.
    pub(super) async fn all(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.all).acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn counts_hosts_and_all() {
        let gate = Gate::new(&Limits { requests: 3, host_requests: 2, ..Limits::default() });
        let [a, b] = ["http://a.example/", "http://b.example/"].map(|url| Url::parse(url).unwrap());
        let first = (gate.host(&a).await, gate.all().await);
        let second = (gate.host(&a).await, gate.all().await);
        let is_shut = async |wait: &mut (dyn Future<Output = Option<OwnedSemaphorePermit>> + Unpin)| {
            futures::future::poll_immediate(wait).await.is_none()
        };
        assert!(is_shut(&mut Box::pin(gate.host(&a))).await);
        let third = (gate.host(&b).await, gate.all().await);
        assert!(is_shut(&mut Box::pin(gate.all())).await);
        drop((first, third));
        assert!(!is_shut(&mut Box::pin(gate.host(&a))).await);
        assert!(!is_shut(&mut Box::pin(gate.all())).await);
        drop(second);
    }
}
