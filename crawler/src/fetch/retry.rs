//! When to try again.

use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, SystemTime},
};

/// The wait before another try, after so many: twice the one before, and up to half of it more or less by chance, so
/// that workers that failed together don't come back together.
pub(super) fn backoff(base: Duration, tried: u32) -> Duration {
    // A hasher of the standard library is seeded anew each time, which is chance enough for this.
    let chance = RandomState::new().hash_one(tried) % 1_000;
    let whole = base.saturating_mul(2_u32.saturating_pow(tried));
    whole.saturating_mul(500 + u32::try_from(chance).unwrap_or_default()) / 1_000
}

/// How long a server wants to be left alone by its Retry-After (RFC 9110, section 10.2.3): seconds, or a date.
pub(super) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_differ() {
        let base = Duration::from_millis(100);
        for tried in 1..10 {
            let whole = base * 2_u32.pow(tried);
            let waits: Vec<_> = (0..50).map(|_| backoff(base, tried)).collect();
            assert!(waits.iter().all(|wait| *wait >= whole / 2 && *wait < whole * 3 / 2), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait != waits[0]), "no chance in {waits:?}");
        }
        assert_eq!(backoff(Duration::ZERO, 3), Duration::ZERO);
        assert!(backoff(Duration::from_secs(1), u32::MAX) > Duration::from_secs(1_000_000));
    }

    #[test]
    fn reads_seconds_and_dates() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let wait = |header| retry_after(header, now).map(|wait| wait.as_secs());
        assert_eq!(wait(" 120 "), Some(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(wait("Sunday, 06-Nov-94 08:50:37 GMT"), Some(60));
        assert_eq!(wait("Sun Nov  6 08:50:37 1994"), Some(60));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!((wait("soon"), wait("-5"), wait("")), (None, None, None));
    }
}
