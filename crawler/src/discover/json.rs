//! Lists in JSON, whatever their fields are called.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use regex::Regex;
use serde_json::{Map, Value};
use url::Url;

use super::{Found, date, link};

/// Names of the field with an address, in lower case.
const URLS: [&str; 5] = ["url", "link", "href", "linkurl", "docpuburl"];
/// Names of the field with a title.
const TITLES: [&str; 3] = ["title", "doctitle", "name"];
/// Names of the field with a date, the printed ones first.
const DATES: [&str; 14] = [
    "daytime",
    "publishedtimestr",
    "published_time_format",
    "display_publish_time",
    "first_publish_time",
    "publishtime",
    "publishedtime",
    "pubdate",
    "docreltime",
    "date",
    "created_at",
    "createdate",
    "writedate",
    "c_fwrq_format",
];
/// How deep the list may stand in the answer.
const DEPTH: usize = 6;

/// The articles in a value: all objects that have an address and a title, in order.
pub(super) fn entries(value: &Value, list: &Url) -> Vec<Found> {
    let mut found = Vec::new();
    collect(value, list, DEPTH, &mut found);
    found
}

fn collect(value: &Value, list: &Url, depth: usize, found: &mut Vec<Found>) {
    if let Value::Object(object) = value
        && let Some(entry) = entry(object, list)
    {
        found.push(entry);
        return;
    }
    let inner: Box<dyn Iterator<Item = &Value>> = match value {
        _ if depth == 0 => return,
        Value::Array(values) => Box::new(values.iter()),
        Value::Object(object) => Box::new(object.values()),
        _ => return,
    };
    for value in inner {
        collect(value, list, depth - 1, found);
    }
}

fn entry(object: &Map<String, Value>, list: &Url) -> Option<Found> {
    let url = link::resolve(list, field(object, &URLS)?.as_str()?)?;
    let title = plain(field(object, &TITLES)?.as_str()?);
    let dates = DATES.iter().filter_map(|name| field(object, &[name]));
    let listed_on = dates.filter_map(day).next().or_else(|| date::in_address(&url));
    (!title.is_empty()).then_some(Found { url, title, listed_on })
}

/// The first field of these names that is not empty, whatever its case.
fn field<'a>(object: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let filled = |value: &&Value| !value.is_null() && value.as_str() != Some("");
    names.iter().find_map(|name| {
        object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).filter(filled)
    })
}

/// A date in words, or in seconds or milliseconds since 1970.
fn day(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::String(text) => date::find(text),
        Value::Number(number) => {
            let number = number.as_i64()?;
            // The milliseconds of 1971 are the seconds of the year 2968.
            let seconds = if number > 31_536_000_000 { number / 1_000 } else { number };
            let shanghai = chrono_tz::Asia::Shanghai;
            Some(DateTime::from_timestamp(seconds, 0)?.with_timezone(&shanghai).date_naive())
        }
        _ => None,
    }
}

/// A title without the markup of a search result.
fn plain(title: &str) -> String {
    static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"</?[a-zA-Z][^<>]*>").ok());
    let title = TAG.as_ref().map_or(title.into(), |tag| tag.replace_all(title, ""));
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_articles_wherever_they_stand() {
        let list = Url::parse("http://a.example/list").unwrap();
        let read = |value: Value| {
            let found = entries(&value, &list).pop()?;
            Some((found.url.path().to_owned(), found.title, found.listed_on.map(|day| day.to_string())))
        };
        let expected = Some(("/1.html".to_owned(), "全县健康安排".to_owned(), Some("2025-01-02".to_owned())));
        for value in [
            json!({"data": {"results": [{"title": "全县<em class='x'>健康</em>安排", "url": "/1.html", "publishedTimeStr": "2025-01-02 08:00:00"}]}}),
            json!({"data": {"list": [{"TITLE": "全县健康安排", "URL": "1.html", "PUBLISHED_TIME_FORMAT": "2025-01-02", "C_FWRQ_FORMAT": "2024-12-30"}]}}),
            json!({"articles": [{"title": "全县健康安排", "url": "http://a.example/1.html", "date": 1_735_776_000}]}),
            json!([{"infolist": [{"title": "全县健康安排", "url": "/1.html", "daytime": "", "pubDate": 1_735_776_000_000_i64}]}]),
        ] {
            assert_eq!(read(value.clone()), expected, "{value}");
        }
        for value in
            [json!(null), json!({"title": "无"}), json!([{"title": "", "url": "/1"}]), json!([{"title": 1, "url": 2}])]
        {
            assert_eq!(read(value.clone()), None, "{value}");
        }
    }
}
