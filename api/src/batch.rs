//! Values by their keys, those that a query asks for at the same time in one go.
//!
//! When is the time to load what was gathered? A fixed wait is too short when there is much to gather, and needlessly long
//! when there is little. A query knows better: as long as it is being worked on, or about to be, more may come; once it
//! rests, nothing will before an answer does. What is loaded is worked on in the task of the query, and ends with it.

use std::{
    any::{Any, TypeId},
    collections::{HashMap, HashSet},
    fmt::Debug,
    hash::Hash,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures::{
    StreamExt as _,
    channel::oneshot,
    future::{BoxFuture, try_join_all},
    stream::FuturesUnordered,
    task::AtomicWaker,
};

use crate::Error;

/// The most keys that are loaded at once: a statement takes only so many values.
const MOST: usize = 1_000;

/// What tells values of one kind from those of others.
pub(crate) trait Key: Clone + Eq + Hash + Send + Sync + 'static {}
impl<K: Clone + Eq + Hash + Send + Sync + 'static> Key for K {}

/// What has values for such keys.
pub(crate) trait Loader<K: Key>: Send + Sync + 'static {
    /// What is loaded.
    type Value: Clone + Send + 'static;

    /// The values of some keys, each of which comes once; those that have none are left out.
    fn load(&self, keys: &[K]) -> impl Future<Output = Result<HashMap<K, Self::Value>, Error>> + Send;
}

/// Loads for one query, and remembers what it loaded.
#[derive(Debug)]
pub(crate) struct Loads<L>(Arc<Shared<L>>);

#[derive(Debug)]
struct Shared<L> {
    loader: L,
    pulse: Arc<Pulse>,
    remembers: AtomicBool,
    /// The [`Batch`] of each type of keys.
    batches: Mutex<HashMap<TypeId, Box<dyn Any + Send>>>,
}

/// Keys of one type.
struct Batch<K, V> {
    known: HashMap<K, V>,
    /// What is to be loaded, each with who waits for it.
    waiting: Vec<(K, Waiter<V>)>,
}

/// Who waits for a value.
type Waiter<V> = oneshot::Sender<Result<Option<V>, Error>>;

impl<L: Send + Sync + 'static> Loads<L> {
    /// Loads whenever the query with this pulse rests. What was loaded once is loaded again where nothing is remembered.
    pub(crate) fn new(loader: L, pulse: Arc<Pulse>, remembers: bool) -> Self {
        Self(Arc::new(Shared { loader, pulse, remembers: remembers.into(), batches: Mutex::default() }))
    }

    /// What it loads from.
    pub(crate) fn loader(&self) -> &L {
        &self.0.loader
    }

    /// What is loaded from now on is loaded anew.
    pub(crate) fn forget(&self) {
        self.0.remembers.store(false, Ordering::SeqCst);
    }

    /// The value of a key.
    pub(crate) async fn load_one<K: Key>(&self, key: K) -> Result<Option<L::Value>, Error>
    where
        L: Loader<K>,
    {
        let receiver = {
            let mut batches = self.0.batches();
            let batch = Shared::<L>::batch::<K>(&mut batches)?;
            if self.0.remembers.load(Ordering::SeqCst)
                && let Some(value) = batch.known.get(&key)
            {
                return Ok(Some(value.clone()));
            }
            if batch.waiting.is_empty() {
                self.0.pulse.once_it_rests(Box::pin(Arc::clone(&self.0).work::<K>()));
            }
            let (sender, receiver) = oneshot::channel();
            batch.waiting.push((key, sender));
            receiver
        };
        receiver.await.unwrap_or_else(|_| Err(Error::Internal("what was to be loaded was given up".to_owned())))
    }

    /// The values of several keys.
    pub(crate) async fn load_many<K: Key>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<HashMap<K, L::Value>, Error>
    where
        L: Loader<K>,
    {
        let found = keys.into_iter().map(|key| async { self.load_one(key.clone()).await.map(|value| (key, value)) });
        Ok(try_join_all(found).await?.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
    }
}

impl<L: Send + Sync + 'static> Shared<L> {
    fn batches(&self) -> MutexGuard<'_, HashMap<TypeId, Box<dyn Any + Send>>> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn batch<K: Key>(batches: &mut HashMap<TypeId, Box<dyn Any + Send>>) -> Result<&mut Batch<K, L::Value>, Error>
    where
        L: Loader<K>,
    {
        let empty = || Box::new(Batch::<K, L::Value> { known: HashMap::new(), waiting: Vec::new() });
        let batch = batches.entry(TypeId::of::<K>()).or_insert_with(|| empty());
        batch.downcast_mut().ok_or_else(|| Error::Internal("keys of two types share a batch".to_owned()))
    }

    /// The values of any number of keys.
    async fn values<K: Key>(&self, keys: &[K]) -> Result<HashMap<K, L::Value>, Error>
    where
        L: Loader<K>,
    {
        let mut found = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(MOST) {
            found.extend(self.loader.load(keys).await?);
        }
        Ok(found)
    }

    /// Loads what is waited for.
    async fn work<K: Key>(self: Arc<Self>)
    where
        L: Loader<K>,
    {
        let waiting = Self::batch::<K>(&mut self.batches()).map(|batch| std::mem::take(&mut batch.waiting));
        let Ok(waiting) = waiting else { return };
        let mut seen = HashSet::with_capacity(waiting.len());
        let keys: Vec<K> = waiting.iter().map(|(key, _)| key).filter(|key| seen.insert(*key)).cloned().collect();
        let found = self.values(&keys).await;
        for (key, sender) in waiting {
            // Who does not wait any more has gone without.
            _ = sender.send(match &found {
                Ok(found) => Ok(found.get(&key).cloned()),
                Err(error) => Err(error.clone()),
            });
        }
        if let (Ok(found), true) = (found, self.remembers.load(Ordering::SeqCst))
            && let Ok(batch) = Self::batch::<K>(&mut self.batches())
        {
            batch.known.extend(found);
        }
    }
}

/// Whether a query rests, and what is to be done then.
#[derive(Default)]
pub(crate) struct Pulse {
    /// The query can go on.
    woken: AtomicBool,
    /// Has the query worked on.
    runtime: AtomicWaker,
    work: Mutex<Vec<BoxFuture<'static, ()>>>,
}

impl Pulse {
    /// Something to be done for the query once it rests.
    fn once_it_rests(&self, work: BoxFuture<'static, ()>) {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).push(work);
    }

    fn gathered(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut *self.work.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a query, and works for it whenever it rests.
    pub(crate) async fn follow<F: Future>(self: Arc<Self>, query: F) -> F::Output {
        let mut query = std::pin::pin!(query);
        let waker = Waker::from(Arc::clone(&self));
        let mut work = FuturesUnordered::new();
        self.woken.store(true, Ordering::SeqCst);
        std::future::poll_fn(|runtime| {
            self.runtime.register(runtime.waker());
            loop {
                if self.woken.swap(false, Ordering::SeqCst) {
                    if let Poll::Ready(answer) = query.as_mut().poll(&mut Context::from_waker(&waker)) {
                        return Poll::Ready(answer);
                    }
                    // It only steps aside, for others to go first.
                    if self.woken.load(Ordering::SeqCst) {
                        return Poll::Pending;
                    }
                }
                work.extend(self.gathered());
                while let Poll::Ready(Some(())) = work.poll_next_unpin(runtime) {}
                if !self.woken.load(Ordering::SeqCst) {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

impl Wake for Pulse {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.runtime.wake();
    }
}

impl Debug for Pulse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pulse").field("woken", &self.woken).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Knows even numbers, and says which it was asked for.
    #[derive(Debug, Default)]
    struct Even(Mutex<Vec<Vec<u32>>>);

    impl Loader<u32> for Even {
        type Value = String;

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, String>, Error> {
            self.0.lock().unwrap().push(keys.to_vec());
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(keys.iter().filter(|key| **key % 2 == 0).map(|key| (*key, key.to_string())).collect())
        }
    }

    fn loads(remembers: bool) -> (Arc<Pulse>, Loads<Even>) {
        let pulse = Arc::new(Pulse::default());
        (Arc::clone(&pulse), Loads::new(Even::default(), pulse, remembers))
    }

    fn asked(loads: &Loads<Even>) -> Vec<Vec<u32>> {
        loads.loader().0.lock().unwrap().clone()
    }

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
    async fn what_is_asked_for_until_the_query_rests_is_loaded_together_and_once() {
        let (pulse, loads) = loads(true);
        let late = async {
            for _ in 0..100 {
                step_aside().await;
            }
            loads.load_many([4, 2]).await
        };
        let query = async {
            let found = futures::try_join!(loads.load_one(2), loads.load_one(3), late).unwrap();
            assert_eq!((found.0.as_deref(), found.1, found.2.len()), (Some("2"), None, 2));
            assert_eq!(loads.load_one(4).await.unwrap().as_deref(), Some("4"));
        };
        pulse.follow(query).await;
        assert_eq!(asked(&loads), [vec![2, 3, 4]]);
    }

    #[tokio::test]
    async fn what_is_forgotten_is_loaded_again_and_too_much_in_parts() {
        let (pulse, loads) = loads(false);
        let query = async {
            for _ in 0..2 {
                loads.load_one(2).await.unwrap();
            }
            loads.load_many(0..1_500).await.unwrap().len()
        };
        assert_eq!(pulse.follow(query).await, 750);
        assert_eq!(asked(&loads).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1_000, 500]);
    }

    #[tokio::test]
    async fn nobody_works_for_a_query_that_was_given_up() {
        let (pulse, loads) = loads(true);
        let busy = async {
            let waits = loads.load_one(2);
            let works = async {
                loop {
                    step_aside().await;
                }
            };
            futures::join!(waits, works)
        };
        let given_up = tokio::time::timeout(Duration::from_millis(5), Arc::clone(&pulse).follow(busy)).await;
        assert!(given_up.is_err() && asked(&loads).is_empty());
        // Something that the query waited for comes too late.
        pulse.wake();
    }
}
