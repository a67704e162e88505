//! How many queries are answered, how, and how quickly.

use std::{
    collections::HashSet,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use async_graphql::{Response, Value};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};

/// How many names of operations are told apart. Names come from clients, who may send another with each query.
const NAMES: usize = 100;
/// The longest name that is kept.
const LONGEST: usize = 64;
/// What stands for a query without a name, and for names beyond those that are told apart. No name looks like them.
const NAMELESS: &str = "-";
const OTHER: &str = "…";

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    operation: String,
}

/// What was asked, and `OK` or the code of the first error.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    operation: String,
    code: String,
}

struct Metrics {
    answers: Family<Answered, Counter>,
    time: Family<Asked, Histogram>,
    names: Mutex<HashSet<String>>,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics {
    answers: Family::default(),
    // From a millisecond to half a minute.
    time: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.0, 16))),
    names: Mutex::default(),
});

/// Names what is measured here.
pub fn register(registry: &mut Registry) {
    // Counted from nothing: what appears is not seen to grow.
    for code in ["OK", "INTERNAL"] {
        let answered = Answered { operation: NAMELESS.to_owned(), code: code.to_owned() };
        drop(METRICS.answers.get_or_create(&answered));
    }
    drop(METRICS.time.get_or_create(&Asked { operation: NAMELESS.to_owned() }));
    registry.register("queries", "Queries answered, by operation and code", METRICS.answers.clone());
    registry.register_with_unit("query", "How long answers take, by operation", Unit::Seconds, METRICS.time.clone());
}

/// A query was answered in this time.
pub(crate) fn answered(name: Option<&str>, response: &Response, took: Duration) {
    let operation = told_apart(name);
    let code = response.errors.first().map_or_else(
        || "OK".to_owned(),
        |error| match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
            Some(Value::String(code)) => code.clone(),
            _ => "-".to_owned(),
        },
    );
    METRICS.time.get_or_create(&Asked { operation: operation.clone() }).observe(took.as_secs_f64());
    METRICS.answers.get_or_create(&Answered { operation, code }).inc();
}

/// The name, as long as there are few.
fn told_apart(name: Option<&str>) -> String {
    let Some(name) = name.filter(|name| !name.is_empty()) else { return NAMELESS.to_owned() };
    let mut names = METRICS.names.lock().unwrap_or_else(PoisonError::into_inner);
    if names.contains(name) || (names.len() < NAMES && name.len() <= LONGEST && names.insert(name.to_owned())) {
        name.to_owned()
    } else {
        OTHER.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_make_more_series_than_there_are_names() {
        assert_eq!(told_apart(None), NAMELESS);
        assert_eq!(told_apart(Some(&"x".repeat(LONGEST + 1))), OTHER);
        let told: HashSet<_> = (0..10 * NAMES).map(|n| told_apart(Some(&format!("Q{n}")))).collect();
        assert!(told.len() <= NAMES + 1 && told.contains(OTHER), "{}", told.len());
    }
}
