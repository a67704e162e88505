//! Pages and counts from the database, those of equal fields in one statement.

use std::{
    collections::HashMap,
    fmt::Write as _,
    hash::{Hash, Hasher},
    sync::Arc,
};

use sea_orm::{ConnectionTrait as _, FromQueryResult as _, QueryResult};

use super::{
    listing::{Listing, Table, Under},
    sql,
    window::Window,
};
use crate::{Error, batch::Loader, load::Database};

/// A stretch of rows, in the listing's order.
pub(crate) struct Page<E: Table> {
    pub(super) rows: Vec<Arc<E::Model>>,
    /// Whether entries come behind the last.
    pub(super) has_next: bool,
    /// Whether entries come before the first.
    pub(super) has_previous: bool,
}

/// The page that one field shows. Keys of equal lists and windows are loaded together.
pub(crate) struct PageKey<E: Table> {
    pub(super) listing: Arc<Listing<E>>,
    pub(super) window: Arc<Window>,
    pub(super) under: Under,
    /// Equal where listing, window and the kind of parent are.
    group: Arc<str>,
}

/// The number of entries behind one field, over all its pages.
pub(crate) struct CountKey<E: Table> {
    listing: Arc<Listing<E>>,
    under: Under,
    group: Arc<str>,
}

impl<E: Table> PageKey<E> {
    pub(super) fn new(listing: Listing<E>, window: Window, under: Under) -> Self {
        let mut group = group(&listing, &under);
        // Writing to a string cannot fail.
        let _ = write!(group, "{window:?}");
        Self { listing: Arc::new(listing), window: Arc::new(window), under, group: group.into() }
    }

    pub(super) fn count(&self) -> CountKey<E> {
        let group = group(&self.listing, &self.under).into();
        CountKey { listing: Arc::clone(&self.listing), under: self.under.clone(), group }
    }
}

fn group<E: Table>(listing: &Listing<E>, under: &Under) -> String {
    let kind = std::mem::discriminant(under);
    format!("{} {} {kind:?} {:?} {:?}", listing.name, listing.signature(), listing.as_of, listing.condition)
}

/// Implements what a key of a loader needs; derives would ask it of the entity too.
macro_rules! key {
    ($name:ident { $($field:ident),+ }) => {
        impl<E: Table> Clone for $name<E> {
            fn clone(&self) -> Self {
                Self { $($field: self.$field.clone()),+ }
            }
        }

        impl<E: Table> PartialEq for $name<E> {
            fn eq(&self, other: &Self) -> bool {
                self.under == other.under && self.group == other.group
            }
        }

        impl<E: Table> Eq for $name<E> {}

        impl<E: Table> Hash for $name<E> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.under.hash(state);
                self.group.hash(state);
            }
        }
    };
}
key!(PageKey { listing, window, under, group });
key!(CountKey { listing, under, group });

impl<E: Table> Loader<PageKey<E>> for Database {
    type Value = Arc<Page<E>>;

    async fn load(&self, keys: &[PageKey<E>]) -> Result<HashMap<PageKey<E>, Arc<Page<E>>>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for keys in grouped(keys, |key| &key.group) {
            let (listing, window) = (&keys[0].listing, &keys[0].window);
            let parents: Vec<_> = keys.iter().map(|key| key.under.clone()).collect();
            let mut rows: HashMap<i64, Vec<Arc<E::Model>>> = HashMap::new();
            if let [under] = &parents[..] {
                for row in self.db.query_all(&sql::page(listing, window, under)).await? {
                    rows.entry(under.key()).or_default().push(self.read(model::<E>(&row)?));
                }
            } else {
                for row in self.db.query_all(&sql::pages(listing, window, &parents)).await? {
                    rows.entry(row.try_get("", sql::PARENT)?).or_default().push(self.read(model::<E>(&row)?));
                }
            }
            for key in keys {
                let rows = rows.remove(&key.under.key()).unwrap_or_default();
                found.insert(key.clone(), Arc::new(cut(window, rows)));
            }
        }
        Ok(found)
    }
}

impl<E: Table> Loader<CountKey<E>> for Database {
    type Value = i64;

    async fn load(&self, keys: &[CountKey<E>]) -> Result<HashMap<CountKey<E>, i64>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for keys in grouped(keys, |key| &key.group) {
            let listing = &keys[0].listing;
            let parents: Vec<_> = keys.iter().map(|key| key.under.clone()).collect();
            let mut counts: HashMap<i64, i64> = HashMap::new();
            if let [under] = &parents[..] {
                for row in self.db.query_all(&sql::count(listing, under)).await? {
                    counts.insert(under.key(), row.try_get("", sql::COUNT)?);
                }
            } else {
                for row in self.db.query_all(&sql::counts(listing, &parents)).await? {
                    counts.insert(row.try_get("", sql::PARENT)?, row.try_get("", sql::COUNT)?);
                }
            }
            if let Some(plan) = sql::plan::<E>() {
                for under in &parents {
                    self.counted(|| sql::plans(listing, under, plan)).await?;
                }
            }
            for key in keys {
                found.insert(key.clone(), counts.get(&key.under.key()).copied().unwrap_or(0));
            }
        }
        Ok(found)
    }
}

fn model<E: Table>(row: &QueryResult) -> Result<E::Model, Error> {
    Ok(E::Model::from_query_result(row, "")?)
}

/// The keys, those of one group together. No group is empty.
fn grouped<K>(keys: &[K], group: impl Fn(&K) -> &Arc<str>) -> impl Iterator<Item = Vec<&K>> {
    let mut groups: HashMap<&str, Vec<&K>> = HashMap::new();
    for key in keys {
        groups.entry(group(key)).or_default().push(key);
    }
    groups.into_values()
}

/// Takes off the entry too many, and turns round what was read from the end.
fn cut<E: Table>(window: &Window, mut rows: Vec<Arc<E::Model>>) -> Page<E> {
    let limit = window.limit.map_or(usize::MAX, |limit| limit as usize);
    let more = rows.len() > limit;
    rows.truncate(limit);
    if window.backwards {
        rows.reverse();
    }
    // On the side that a cursor bounds there is at least the entry that the cursor came from.
    let (has_next, has_previous) = if window.backwards {
        (window.before.is_some(), more || window.after.is_some())
    } else {
        (more || window.before.is_some(), window.after.is_some())
    };
    Page { rows, has_next, has_previous }
}
