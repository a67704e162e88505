//! The filters of the schema as parameters of a URL.
//!
//! A parameter is a field of the filter; a field of a field comes behind a dot: `year.ge=2025`. A list is the same parameter
//! several times: `regions=湖州市&regions=杭州市`. `filter={"or": […]}` gives the whole filter as a query's variables would
//! have it, beside which no other of them stands. `asOf` is no field of a filter: it says of which moment the rows are.

use std::collections::BTreeMap;

use async_graphql::{InputType, Value, parser::types::BaseType};
use serde_json::{Map, Value as Json};

use super::contract;
use crate::{Error, as_of::AsOf, scalar::DateTime};

/// The parameter that holds a whole filter.
const WHOLE: &str = "filter";

/// The parameter that names a moment.
const AS_OF: &str = "asOf";

/// A name and its value.
type Parameter = (String, String);

/// The moment that parameters name, and what is left of them.
pub(super) fn moment(parameters: &[Parameter]) -> Result<(AsOf, Vec<Parameter>), Error> {
    let (moments, rest): (Vec<_>, Vec<_>) = parameters.iter().cloned().partition(|(name, _)| name == AS_OF);
    let moment = match &moments[..] {
        [] => return Ok((AsOf::NOW, rest)),
        [(_, text)] => <DateTime as InputType>::parse(Some(Value::from(text.as_str()))),
        _ => return Err(bad(format!("`{AS_OF}` is given twice, and it is one moment"))),
    };
    let moment =
        moment.map_err(|error| bad(format!("`{AS_OF}`: {}", error.into_server_error(Default::default()).message)))?;
    Ok((AsOf(Some(moment.0)), rest))
}

/// The filter that parameters make.
pub(super) fn read<T: InputType>(parameters: &[Parameter]) -> Result<T, Error> {
    let of = T::type_name();
    let json = match parameters {
        [(name, text)] if name == WHOLE => serde_json::from_str(text).map_err(|error| {
            bad(format!("`{WHOLE}` is not JSON ({error}): it holds a {of} as a query's variables would"))
        })?,
        _ if parameters.iter().any(|(name, _)| name == WHOLE) => {
            return Err(bad(format!(
                "`{WHOLE}` holds the whole filter: give no other parameter with it, and give it once"
            )));
        }
        _ => Json::Object(object(&of, "", parameters)?),
    };
    let value = Value::from_json(json).map_err(|error| Error::Internal(error.to_string()))?;
    T::parse(Some(value)).map_err(|error| {
        bad(format!("{}: the parameters are read as a {of}", error.into_server_error(Default::default()).message))
    })
}

/// Parameters as an input object of the schema; what their names begin with in the URL, for those who read errors.
fn object(of: &str, before: &str, parameters: &[Parameter]) -> Result<Map<String, Json>, Error> {
    let mut object = Map::new();
    // Of each, its type and the parameters that it has.
    let mut inner: BTreeMap<&str, (&str, Vec<Parameter>)> = BTreeMap::new();
    for (name, text) in parameters {
        let (head, rest) = name.split_once('.').map_or((name.as_str(), None), |(head, rest)| (head, Some(rest)));
        let name = format!("{before}{head}");
        let Some((base, is_list, is_object)) = shape(of, head) else {
            let moment = if before.is_empty() { format!(", and `{AS_OF}`") } else { String::new() };
            return Err(bad(format!("there is no parameter `{name}`: there are {}{moment}", fields(of))));
        };
        match rest {
            Some(rest) if is_object && !is_list => {
                inner.entry(head).or_insert((base, Vec::new())).1.push((rest.to_owned(), text.clone()));
            }
            None if !is_object && is_list => {
                let value = scalar(&name, base, text)?;
                if let Json::Array(entries) = object.entry(head).or_insert_with(|| Json::Array(Vec::new())) {
                    entries.push(value);
                }
            }
            None if !is_object => {
                if object.insert(head.to_owned(), scalar(&name, base, text)?).is_some() {
                    return Err(bad(format!("`{name}` is given twice, and it is no list")));
                }
            }
            Some(_) if !is_object => return Err(bad(format!("`{name}` has nothing behind a dot: {name}=VALUE"))),
            None if !is_list => {
                return Err(bad(format!("`{name}` needs a field of {base} behind a dot: {}", fields(base))));
            }
            _ => {
                return Err(bad(format!(
                    "`{name}` does not fit into parameters: give the whole filter as JSON, {WHOLE}={{\"{name}\": …}}"
                )));
            }
        }
    }
    for (head, (base, parameters)) in inner {
        object.insert(head.to_owned(), Json::Object(self::object(base, &format!("{before}{head}."), &parameters)?));
    }
    Ok(object)
}

/// The type of a field without what surrounds it, whether the field is a list, and whether of input objects; none where
/// there is no such field.
fn shape(of: &str, field: &str) -> Option<(&'static str, bool, bool)> {
    let ty = contract::members(of).into_iter().find(|member| member.name == field)?.ty?;
    let base = contract::base(ty);
    let is_object = !contract::is_enum(base) && !contract::members(base).is_empty();
    Some((base, matches!(ty.base, BaseType::List(_)), is_object))
}

/// A text as a value of a type.
fn scalar(name: &str, ty: &str, text: &str) -> Result<Json, Error> {
    let value = match ty {
        "Int" => text.parse::<i32>().ok().map(Json::from),
        "Float" => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Json::from),
        "Boolean" => text.parse::<bool>().ok().map(Json::from),
        _ => Some(Json::from(text)),
    };
    value.ok_or_else(|| {
        let wanted = match ty {
            "Int" => "a whole number such as 2025",
            "Float" => "a number such as 82.6",
            _ => "true or false",
        };
        bad(format!("“{text}” is no value of `{name}`: {wanted} is"))
    })
}

fn fields(of: &str) -> String {
    let names: Vec<_> = contract::members(of).iter().map(|member| format!("`{}`", member.name)).collect();
    names.join(", ")
}

fn bad(message: String) -> Error {
    Error::BadInput(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{IndicatorFilter, PlanFilter};

    fn filter<T: InputType + std::fmt::Debug>(query: &[(&str, &str)]) -> Result<String, String> {
        let parameters: Vec<_> = query.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        read::<T>(&parameters).map(|filter| format!("{filter:?}")).map_err(|error| error.to_string())
    }

    #[test]
    fn parameters_make_the_filter_that_variables_would() {
        let by_names = filter::<IndicatorFilter>(&[
            ("within", "浙江"),
            ("units", "%"),
            ("units", "岁"),
            ("comparators", "GE"),
            ("year.ge", "2025"),
            ("year.le", "2030"),
            ("value.ge", "82.5"),
            ("corrected", "false"),
            ("not.year.ge", "2027"),
            ("not.year.le", "2028"),
        ]);
        let whole = r#"{"within": "浙江", "units": ["%", "岁"], "comparators": ["GE"], "year": {"ge": 2025, "le": 2030},
            "value": {"ge": 82.5}, "corrected": false, "not": {"year": {"ge": 2027, "le": 2028}}}"#;
        assert_eq!(by_names, filter::<IndicatorFilter>(&[("filter", whole)]));
        assert!(by_names.unwrap().contains("2030"));
    }

    #[test]
    fn what_is_no_parameter_is_named() {
        for (query, named) in [
            (&[("regoin", "浙江")][..], "no parameter `regoin`: there are `ids`, `regions`"),
            (&[("year", "2025")], "`year` needs a field of IntRange behind a dot: `ge`, `le`"),
            (&[("year.ge", "soon")], "“soon” is no value of `year.ge`: a whole number"),
            (&[("year.gt", "2025")], "no parameter `year.gt`: there are `ge`, `le`"),
            (&[("within.x", "浙江")], "`within` has nothing behind a dot"),
            (&[("within", "浙江"), ("within", "江苏")], "`within` is given twice"),
            (&[("withdrawn", "yes")], "“yes” is no value of `withdrawn`: true or false is"),
            (&[("kinds", "FIVE")], "FIVE"),
            (&[("filter", "{")], "`filter` is not JSON"),
            (&[("filter", "{}"), ("within", "浙江")], "give no other parameter"),
            (&[("publishedOn.ge", "May")], "“May” is not a day"),
        ] {
            let error = filter::<PlanFilter>(query).unwrap_err();
            assert!(error.contains(named), "{query:?}: {error}");
        }
        let error = filter::<IndicatorFilter>(&[("or", "x")]).unwrap_err();
        assert!(error.contains("give the whole filter as JSON"), "{error}");
    }
}
