//! What a client takes, by its header `Accept`, and what it sends.

use axum::http::{
    HeaderMap,
    header::{ACCEPT, CONTENT_TYPE},
};

/// The media types of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// The type made for it: the status tells whether the query could be begun.
    GraphqlResponse,
    /// The type of old: the status is 200 for every query.
    Json,
}

impl Media {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// What a client wants most; JSON where it says nothing or takes anything. `None` where it takes neither.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let ranges = ranges(headers);
        if ranges.is_empty() {
            return Some(Self::Json);
        }
        let weight = |names: &[&str]| {
            names.iter().find_map(|name| ranges.iter().find(|range| range.0 == *name)).map_or(0.0, |range| range.1)
        };
        let graphql = weight(&["application/graphql-response+json"]);
        let json = weight(&["application/json", "application/*", "*/*"]);
        match (graphql > 0.0, json > 0.0) {
            (true, _) if graphql >= json => Some(Self::GraphqlResponse),
            (_, true) => Some(Self::Json),
            _ => None,
        }
    }
}

/// Whether a person looks: browsers ask for HTML by name, and for no other type that there is here.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let ranges = ranges(headers);
    let named = |kind: &str| ranges.iter().any(|(name, weight)| name == kind && *weight > 0.0);
    named("text/html") && !named("application/json") && !named("application/graphql-response+json")
}

/// Whether a request says that its body is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Media ranges in lower case, each with its weight from 0 to 1.
fn ranges(headers: &HeaderMap) -> Vec<(String, f32)> {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            Some((name, weight))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(accept: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        Media::wanted(&headers)
    }

    #[test]
    fn gives_what_is_wanted_most() {
        assert_eq!(Media::wanted(&HeaderMap::new()), Some(Media::Json));
        assert_eq!(wanted("*/*"), Some(Media::Json));
        assert_eq!(wanted("application/graphql-response+json"), Some(Media::GraphqlResponse));
        assert_eq!(
            wanted("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"),
            Some(Media::GraphqlResponse)
        );
        assert_eq!(wanted("application/graphql-response+json;q=0.5, application/json"), Some(Media::Json));
        assert_eq!(wanted("text/csv"), None);
        assert_eq!(wanted("application/json;q=0"), None);
    }
}
