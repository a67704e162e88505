//! Automatic persisted queries: a client sends the hash of a query in its place, and the query itself only where the hash
//! is not known (<https://www.apollographql.com/docs/apollo-server/performance/apq>).

use std::{num::NonZeroUsize, sync::Mutex};

use async_graphql::{Request, Value, from_value};
use lru::LruCache;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::Error;

/// How many queries are remembered; the one that was not asked for the longest is forgotten first.
const MAX_QUERIES: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();
/// The most bytes of a query that is remembered. A longer one is answered, and sent again the next time.
const MAX_BYTES: usize = 16_384;
/// The member of a request's `extensions`.
const MEMBER: &str = "persistedQuery";

/// The queries that are known by their hash.
#[derive(Debug)]
pub(crate) struct Persisted(Mutex<LruCache<String, String>>);

impl Default for Persisted {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MAX_QUERIES)))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    version: i64,
    sha256_hash: String,
}

/// Whether a request names its query by a hash.
pub(crate) fn is_named(request: &Request) -> bool {
    request.extensions.contains_key(MEMBER)
}

impl Persisted {
    /// The request with its query in it; what comes with its hash is remembered.
    pub(crate) fn recall(&self, mut request: Request) -> Result<Request, Error> {
        let Some(named) = request.extensions.remove(MEMBER).filter(|named| *named != Value::Null) else {
            return Ok(request);
        };
        let unreadable = || {
            let example = "{\"persistedQuery\": {\"version\": 1, \"sha256Hash\": \"…\"}}";
            Error::BadInput(format!("`extensions.persistedQuery` cannot be read: a query is named as {example}"))
        };
        let Named { version, sha256_hash } = from_value(named).map_err(|_| unreadable())?;
        if version != 1 {
            return Err(unreadable());
        }
        // Whoever panicked with it in hand left nothing half done.
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if request.query.is_empty() {
            request.query = known.get(&sha256_hash).cloned().ok_or(Error::UnknownHash)?;
            return Ok(request);
        }
        if !format!("{:x}", Sha256::digest(request.query.as_bytes())).eq_ignore_ascii_case(&sha256_hash) {
            return Err(Error::BadInput(
                "`extensions.persistedQuery.sha256Hash` is not the hash of the query beside it: it is its SHA-256, in hexadecimal"
                    .to_owned(),
            ));
        }
        if request.query.len() <= MAX_BYTES {
            known.put(sha256_hash, request.query.clone());
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Variables, value};

    use super::*;

    fn named(query: &str, hash: &str) -> Request {
        let mut request = Request::new(query).variables(Variables::default());
        request.extensions.insert(MEMBER.to_owned(), value!({ "version": 1, "sha256Hash": hash }));
        request
    }

    fn hash(query: &str) -> String {
        format!("{:x}", Sha256::digest(query.as_bytes()))
    }

    #[test]
    fn a_query_is_known_by_its_hash_once_it_was_sent() {
        let (persisted, query) = (Persisted::default(), "{ sources { totalCount } }");
        let unknown = persisted.recall(named("", &hash(query)));
        assert!(matches!(unknown, Err(Error::UnknownHash)));
        assert_eq!(persisted.recall(named(query, &hash(query))).unwrap().query, query);
        let known = persisted.recall(named("", &hash(query))).unwrap();
        assert!(known.query == query && !is_named(&known));
        assert!(persisted.recall(named("{ other }", &hash(query))).is_err());
        assert_eq!(persisted.recall(named("", &hash(query))).unwrap().query, query, "another query took its place");
    }

    #[test]
    fn the_store_is_bounded() {
        let persisted = Persisted::default();
        for at in 0..MAX_QUERIES.get() + 5 {
            let query = format!("{{ a{at} }}");
            persisted.recall(named(&query, &hash(&query))).unwrap();
        }
        assert_eq!(persisted.0.lock().unwrap().len(), MAX_QUERIES.get());
        let long = format!("{{ a }} #{}", " ".repeat(MAX_BYTES));
        assert_eq!(persisted.recall(named(&long, &hash(&long))).unwrap().query, long);
        assert!(matches!(persisted.recall(named("", &hash(&long))), Err(Error::UnknownHash)));
    }
}
