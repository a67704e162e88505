//! The scalars: days and moments.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime as Moment, NaiveDate, SecondsFormat, Utc};

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date(pub(crate) NaiveDate);

/// A day of the Gregorian calendar as `YYYY-MM-DD`. Example: `"2025-03-24"`.
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text
                .parse()
                .map(Self)
                .map_err(|_| InputValueError::custom(format!("“{text}” is not a day such as 2025-03-24"))),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) Moment<Utc>);

/// A moment as RFC 3339 has it, with its offset from UTC; answers are in UTC. Example: `"2025-03-24T18:30:00Z"`.
#[Scalar(name = "DateTime")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Moment::parse_from_rfc3339(text).map(|moment| Self(moment.to_utc())).map_err(|_| {
                InputValueError::custom(format!("“{text}” is not a moment such as 2025-03-24T18:30:00+08:00"))
            }),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}
