//! What queries say, whatever their variables. Programs ask the same queries again and again, so that the last ones are not
//! read anew.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{
    Request, ServerError,
    parser::{
        parse_query,
        types::{ExecutableDocument, OperationType},
    },
};
use lru::LruCache;

use crate::{cost, nesting, operation, shape::Shape};

/// How many queries are remembered; the one that was not asked for the longest is forgotten first.
const MAX_QUERIES: NonZeroUsize = NonZeroUsize::new(500).unwrap();
/// The most bytes of a query that is remembered.
const MAX_BYTES: usize = 4_096;

/// What a query says.
pub(crate) struct Said {
    pub(crate) document: ExecutableDocument,
    /// What the operation calls itself.
    pub(crate) name: Option<String>,
    /// Of its answer.
    pub(crate) shape: Shape,
    pub(crate) kind: OperationType,
    pub(crate) asks_for_schema: bool,
    /// The table to take away that has its rows.
    pub(crate) export: &'static str,
}

impl Said {
    /// Of the operation with this name, or of the only one. None where the query cannot be read; an error where it is too
    /// much.
    fn read(query: &str, operation: Option<&str>) -> Result<Option<Self>, ServerError> {
        nesting::check(query)?;
        let Ok(document) = parse_query(query) else { return Ok(None) };
        cost::check(&document)?;
        let chosen = operation::chosen(&document, operation);
        Ok(Some(Self {
            name: operation::name(&document, operation).map(ToOwned::to_owned),
            shape: Shape::of(&document, operation),
            kind: chosen.map_or(OperationType::Query, |chosen| chosen.node.ty),
            asks_for_schema: operation::asks_for_schema(&document),
            export: operation::export(&document),
            document,
        }))
    }
}

/// The queries that were read last.
pub(crate) struct Queries(Mutex<LruCache<Asked, Arc<Said>>>);

/// A query, and the name of the operation that is asked for.
type Asked = (String, Option<String>);

impl Default for Queries {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MAX_QUERIES)))
    }
}

impl Queries {
    /// What a request's query says; the request is spared to read it again. None where it cannot be read: it is refused by
    /// the executor, with the place where it goes wrong.
    pub(crate) fn read(&self, request: &mut Request) -> Result<Option<Arc<Said>>, ServerError> {
        let said = self.said(&request.query, request.operation_name.as_deref())?;
        if let Some(said) = &said {
            request.set_parsed_query(said.document.clone());
        }
        Ok(said)
    }

    fn said(&self, query: &str, operation: Option<&str>) -> Result<Option<Arc<Said>>, ServerError> {
        if query.len() > MAX_BYTES {
            return Ok(Said::read(query, operation)?.map(Arc::new));
        }
        let key = (query.to_owned(), operation.map(ToOwned::to_owned));
        // Whoever panicked with it in hand left nothing half done.
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(said) = known().get(&key) {
            return Ok(Some(Arc::clone(said)));
        }
        let said = Said::read(query, operation)?.map(Arc::new);
        if let Some(said) = &said {
            known().put(key, Arc::clone(said));
        }
        Ok(said)
    }
}

impl fmt::Debug for Queries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queries").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_once_for_each_operation() {
        let queries = Queries::default();
        let query = "query A { sources { totalCount } } subscription B { crawlProgress { stage } }";
        let said = |operation| queries.said(query, operation).unwrap().unwrap();
        assert!(Arc::ptr_eq(&said(Some("A")), &said(Some("A"))));
        assert_eq!([said(Some("A")).kind, said(Some("B")).kind], [OperationType::Query, OperationType::Subscription]);
        assert!(queries.said("{", None).unwrap().is_none());
        assert!(queries.said(&"{a".repeat(500), None).is_err());
    }

    #[test]
    fn few_and_short_queries_are_remembered() {
        let queries = Queries::default();
        for at in 0..MAX_QUERIES.get() + 5 {
            queries.said(&format!("{{ a{at} }}"), None).unwrap();
        }
        assert_eq!(queries.0.lock().unwrap().len(), MAX_QUERIES.get());
        let long = format!("{{ a }} #{}", " ".repeat(MAX_BYTES));
        assert!(queries.said(&long, None).unwrap().is_some());
        assert!(!queries.0.lock().unwrap().contains(&(long, None)));
    }
}
