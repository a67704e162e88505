//! When a source is crawled.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use croner::{Cron, parser::CronParser, parser::Seconds};
use serde::Deserialize;

/// A cron expression of six fields (second, minute, hour, day, month, weekday) and its time zone, which is
/// Asia/Shanghai unless said: `0 0 2 * * *` or `0 30 1 * * MON-FRI Asia/Urumqi`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Timetable {
    fields: String,
    cron: Cron,
    zone: Tz,
}

/// A text that is no timetable.
#[derive(Debug, thiserror::Error)]
#[error("“{text}” is no schedule: {why}; six fields are needed, as in “0 0 2 * * *” or “0 0 2 * * * Asia/Shanghai”")]
pub struct BadTimetable {
    text: String,
    why: String,
}

impl Timetable {
    /// The first time after `now`; none where there is no such time any more.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let next = self.cron.find_next_occurrence(&now.with_timezone(&self.zone), false).ok()?;
        Some(next.with_timezone(&Utc))
    }

    /// The six fields.
    #[must_use]
    pub fn fields(&self) -> &str {
        &self.fields
    }

    /// The time zone.
    #[must_use]
    pub const fn zone(&self) -> Tz {
        self.zone
    }
}

impl Default for Timetable {
    #[expect(clippy::expect_used, reason = "a constant that a test reads")]
    fn default() -> Self {
        "0 0 2 * * *".parse().expect("six fields")
    }
}

impl FromStr for Timetable {
    type Err = BadTimetable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = |why: String| BadTimetable { text: text.to_owned(), why };
        let words: Vec<&str> = text.split_whitespace().collect();
        let (fields, zone) = match words.len() {
            6 => (words.join(" "), chrono_tz::Asia::Shanghai),
            7 => {
                let zone = words[6].parse().map_err(|_| bad(format!("there is no time zone {}", words[6])))?;
                (words[..6].join(" "), zone)
            }
            n => return Err(bad(format!("it has {n} fields"))),
        };
        // The scheduler keeps the offset that a zone has when the program starts.
        if changes_its_clock(zone) {
            return Err(bad(format!("{zone} has summer time")));
        }
        // As the scheduler reads it, so that both agree on the next time.
        let parser = CronParser::builder().seconds(Seconds::Required).dom_and_dow(true).build();
        let cron = parser.parse(&fields).map_err(|e| bad(e.to_string()))?;
        Ok(Self { fields, cron, zone })
    }
}

/// Whether a zone's offset is not the same in all months of this year.
fn changes_its_clock(zone: Tz) -> bool {
    let offset = |month| {
        let day = Utc.with_ymd_and_hms(Utc::now().year(), month, 1, 0, 0, 0).earliest();
        day.map(|day| zone.offset_from_utc_datetime(&day.naive_utc()).fix())
    };
    (2..=12).any(|month| offset(month) != offset(1))
}

impl TryFrom<String> for Timetable {
    type Error = BadTimetable;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Timetable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.fields, self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_at_night_in_shanghai_is_six_in_the_evening_before() {
        let noon = Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap();
        let next = Timetable::default().next(noon).unwrap();
        assert_eq!(next, Utc.with_ymd_and_hms(2026, 3, 1, 18, 0, 0).unwrap());
        assert_eq!(Timetable::default().next(next).unwrap(), Utc.with_ymd_and_hms(2026, 3, 2, 18, 0, 0).unwrap());
    }

    #[test]
    fn reads_back_what_it_prints() {
        for text in ["0 30 1 * * MON-FRI Asia/Urumqi", "*/5 * * * * * Asia/Shanghai"] {
            let timetable: Timetable = text.parse().unwrap();
            assert_eq!(timetable.to_string(), text);
            assert_eq!(timetable.to_string().parse::<Timetable>().unwrap(), timetable);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, needle) in [
            ("0 2 * * *", "5 fields"),
            ("0 0 2 * * * Asia/Atlantis", "Asia/Atlantis"),
            ("0 0 2 * * * Europe/Berlin", "summer time"),
            ("0 0 25 * * *", "no schedule"),
        ] {
            let message = text.parse::<Timetable>().unwrap_err().to_string();
            assert!(message.contains(needle), "{needle} in {message}");
        }
    }
}
