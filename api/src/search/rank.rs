//! How well something fits a query.

use entity::search::{Document, Query, units};

/// How much a match in a heading counts beside one in the text.
const HEADING: f64 = 4.0;
/// How soon further matches count less, and how much the length of a text counts: the usual values of BM25 (Robertson and
/// Zaragoza, The Probabilistic Relevance Framework, 2009).
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;
/// A usual length, in characters and words.
const USUAL: f64 = 150.0;

/// From 0 to 1: for each phrase how often it stands there, less and less with each time, and less in a long text; and of
/// all phrases the mean. Every phrase must be there, so that it does not matter which are rare. None where one is not
/// there.
pub(super) fn score(query: &Query, document: &Document<'_>) -> Option<f64> {
    let (heading, body) = (units(document.heading), units(&document.body));
    let length = 1.0 - LENGTH + LENGTH * (heading.len() + body.len()) as f64 / USUAL;
    let mut sum = 0.0;
    for phrase in query.phrases() {
        let times = HEADING * phrase.find(&heading).count() as f64 + phrase.find(&body).count() as f64;
        if times == 0.0 {
            return None;
        }
        sum += times / (times + SATURATION * length);
    }
    Some(sum / query.phrases().len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str, heading: &str, body: &str) -> f64 {
        score(&Query::parse(query).unwrap(), &Document { heading, body: body.into() }).unwrap_or_default()
    }

    #[test]
    fn headings_and_frequent_matches_count_more_and_long_texts_less() {
        let (filler, long) = ("其他工作。".repeat(20), "其他工作。".repeat(200));
        let once = of("急救", "任务", &format!("急救。{filler}"));
        assert!(of("急救", "急救任务", &filler) > of("急救", "任务", &format!("急救。急救。{filler}")));
        assert!(of("急救", "任务", &format!("急救。急救。{filler}")) > once);
        assert!(once > of("急救", "任务", &format!("急救。{long}")));
        assert!(once > 0.0 && of("急救", "急救", "急救") < 1.0);
        assert_eq!(of("急救 任务", "急救", "无"), 0.0);
        assert!(of("急救 任务", "急救", "任务") > 0.0, "one in the heading, one in the text");
    }
}
