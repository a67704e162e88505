//! Global ids: one space of opaque ids over all types, as the Relay object identification asks for.

use async_graphql::ID;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::Error;

/// What an id stands for: a type of the graph and the row of its table. Written as base64url of `Plan:123`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GlobalId {
    /// The type's name in the schema.
    pub(crate) kind: String,
    /// The row's id.
    pub(crate) row: i64,
}

impl GlobalId {
    /// The id of a row.
    pub(crate) fn of(kind: &str, row: impl Into<i64>) -> ID {
        ID(URL_SAFE_NO_PAD.encode(format!("{kind}:{}", row.into())))
    }

    /// Reads an id of any type.
    pub(crate) fn parse(id: &ID) -> Result<Self, Error> {
        Self::decode(id).ok_or_else(|| Error::BadId { id: id.to_string(), wanted: "an id of this API".to_owned() })
    }

    /// The row that an id of one type means; an id of another type is refused.
    pub(crate) fn row_of(kind: &str, id: &ID) -> Result<i64, Error> {
        Self::decode(id)
            .filter(|decoded| decoded.kind == kind)
            .map(|decoded| decoded.row)
            .ok_or_else(|| Error::BadId { id: id.to_string(), wanted: format!("the id of a {kind}") })
    }

    fn decode(id: &ID) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?).ok()?;
        let (kind, row) = text.split_once(':')?;
        let named = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphabetic());
        named.then_some(Self { kind: kind.to_owned(), row: row.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote() {
        let id = GlobalId::of("Plan", 123);
        assert_eq!(GlobalId::row_of("Plan", &id).unwrap(), 123);
        assert_eq!(GlobalId::parse(&id).unwrap(), GlobalId { kind: "Plan".into(), row: 123 });
    }

    #[test]
    fn refuses_what_it_did_not_write() {
        for text in ["", "123", "UGxhbg", "UGxhbjo", "湖州", "UGxhbjp4"] {
            assert_eq!(GlobalId::parse(&ID::from(text)).unwrap_err().code(), "BAD_ID", "{text}");
        }
        let error = GlobalId::row_of("Section", &GlobalId::of("Plan", 1)).unwrap_err();
        assert!(error.to_string().contains("the id of a Section"), "{error}");
    }
}
