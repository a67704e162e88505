//! A place in a listing, as text.
//!
//! A cursor holds the list's name, its order, and the values that the row is ordered by. It is opaque to clients:
//! base64url of a JSON array.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{ColumnTrait as _, ColumnType, ModelTrait as _, Value};
use serde_json::Value as Json;

use super::listing::{Listing, Table};
use crate::Error;

/// The cursor of a row.
pub(super) fn encode<E: Table>(listing: &Listing<E>, row: &E::Model) -> String {
    let keys = listing.order.iter().map(|key| to_json(row.get(key.column))).collect();
    let parts = Json::Array(vec![listing.name.into(), listing.signature().into(), Json::Array(keys)]);
    URL_SAFE_NO_PAD.encode(parts.to_string())
}

/// The values that a cursor holds, one for each key of the listing's order. A cursor of another listing, or of the same
/// in another order, is refused.
pub(super) fn decode<E: Table>(listing: &Listing<E>, cursor: &str) -> Result<Vec<Value>, Error> {
    read(listing, cursor).ok_or_else(|| Error::BadCursor { cursor: cursor.chars().take(200).collect() })
}

fn read<E: Table>(listing: &Listing<E>, cursor: &str) -> Option<Vec<Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (name, order, keys): (String, String, Vec<Json>) = serde_json::from_slice(&bytes).ok()?;
    if name != listing.name || order != listing.signature() || keys.len() != listing.order.len() {
        return None;
    }
    listing
        .order
        .iter()
        .zip(keys)
        .map(|(key, value)| {
            let definition = key.column.def();
            (definition.is_null() || !value.is_null()).then(|| to_value(definition.get_column_type(), value)).flatten()
        })
        .collect()
}

/// A number goes by its bits, for decimal digits might not bring the same one back.
fn to_json(value: Value) -> Json {
    match value {
        Value::Int(value) => value.into(),
        Value::BigInt(value) => value.into(),
        Value::Double(value) => value.map(f64::to_bits).into(),
        Value::String(value) => value.into(),
        Value::ChronoDate(value) => value.map(|date| date.to_string()).into(),
        Value::ChronoDateTimeUtc(value) => value.map(|moment| moment.to_rfc3339()).into(),
        other => unreachable!("no list is ordered by a column that holds {other:?}"),
    }
}

fn to_value(column: &ColumnType, json: Json) -> Option<Value> {
    fn read<T: serde::de::DeserializeOwned>(json: Json) -> Option<Option<T>> {
        serde_json::from_value(json).ok()
    }
    Some(match column {
        ColumnType::Integer => Value::Int(read(json)?),
        ColumnType::BigInteger => Value::BigInt(read(json)?),
        ColumnType::Double => Value::Double(read(json)?.map(f64::from_bits)),
        ColumnType::String(_) | ColumnType::Text => Value::String(read(json)?),
        ColumnType::Date => Value::ChronoDate(read(json)?),
        ColumnType::TimestampWithTimeZone => Value::ChronoDateTimeUtc(read(json)?),
        _ => return None,
    })
}
