//! When to send what loaders have gathered: once a query can go no further without it.
//!
//! A loader that waits for a fixed time sends too early when there is much to gather, and needlessly late when there is
//! little. A query knows better: as long as it is being worked on, or about to be, more may come; once it rests, nothing
//! will before an answer does.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures::task::AtomicWaker;
use tokio::sync::Notify;

/// Waiting for something.
const RESTS: u8 = 0;
/// Being worked on.
const WORKS: u8 = 1;
/// Told that it can go on.
const WOKEN: u8 = 2;
/// Answered or given up.
const OVER: u8 = 3;

/// Whether a query rests.
#[derive(Debug)]
pub(crate) struct Pulse {
    state: AtomicU8,
    /// Has the query worked on.
    runtime: AtomicWaker,
    /// Wakes those who wait for it to rest or to end.
    changed: Notify,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { state: AtomicU8::new(WOKEN), runtime: AtomicWaker::new(), changed: Notify::new() }
    }
}

impl Pulse {
    /// Works for the query once it rests, and no longer than it is there.
    pub(crate) async fn serve(&self, work: impl Future<Output = ()>) {
        let work = async {
            self.reach(RESTS).await;
            work.await;
        };
        tokio::select! {
            () = self.reach(OVER) => {}
            () = work => {}
        }
    }

    /// Comes back once the query rests, or is over.
    async fn reach(&self, state: u8) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.state.load(Ordering::SeqCst) == state {
                return;
            }
            changed.await;
        }
    }

    /// Runs a query and keeps track of whether it rests.
    pub(crate) async fn follow<F: Future>(self: Arc<Self>, query: F) -> F::Output {
        let _end = End(&self);
        let mut query = std::pin::pin!(query);
        let waker = Waker::from(Arc::clone(&self));
        std::future::poll_fn(|runtime| self.step(query.as_mut(), &waker, runtime)).await
    }

    fn step<F: Future>(&self, query: Pin<&mut F>, waker: &Waker, runtime: &Context<'_>) -> Poll<F::Output> {
        self.runtime.register(runtime.waker());
        self.state.store(WORKS, Ordering::SeqCst);
        let answer = query.poll(&mut Context::from_waker(waker));
        // What woke it meanwhile, which it may have done itself, has it worked on again.
        if self.state.compare_exchange(WORKS, RESTS, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            self.changed.notify_waiters();
        }
        answer
    }
}

/// The end of a query, be it answered or given up: nobody works for it any more.
struct End<'a>(&'a Pulse);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.state.store(OVER, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

impl Wake for Pulse {
    fn wake(self: Arc<Self>) {
        let woken = |state| (state != OVER).then_some(WOKEN);
        _ = self.state.fetch_update(Ordering::SeqCst, Ordering::SeqCst, woken);
        self.runtime.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Lets others go first and wakes itself, as the executor does after a long list.
    async fn step_aside() {
        let mut aside = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut aside, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    #[tokio::test]
    async fn a_query_rests_only_once_it_can_go_no_further() {
        let pulse = Arc::new(Pulse::default());
        let steps = Arc::new(AtomicU8::new(0));
        let seen = tokio::spawn({
            let (pulse, steps) = (Arc::clone(&pulse), Arc::clone(&steps));
            async move {
                pulse.reach(RESTS).await;
                steps.load(Ordering::SeqCst)
            }
        });
        let query = async {
            for _ in 0..100 {
                step_aside().await;
                steps.fetch_add(1, Ordering::SeqCst);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        Arc::clone(&pulse).follow(query).await;
        assert_eq!(seen.await.unwrap(), 100);
    }

    #[tokio::test]
    async fn nobody_works_for_a_query_that_was_given_up() {
        let pulse = Arc::new(Pulse::default());
        let worker = tokio::spawn({
            let pulse = Arc::clone(&pulse);
            async move { pulse.serve(std::future::pending()).await }
        });
        let busy = async {
            loop {
                step_aside().await;
                tokio::task::yield_now().await;
            }
        };
        let given_up = tokio::time::timeout(Duration::from_millis(5), Arc::clone(&pulse).follow(busy)).await;
        assert!(given_up.is_err());
        // Something that the query waited for comes too late.
        pulse.wake();
        tokio::time::timeout(Duration::from_secs(30), worker).await.unwrap().unwrap();
    }
}
