//! The clock, and how moments are stored and shown.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, as the database keeps them.
pub type Millis = i64;

/// Now.
pub fn now() -> Millis {
    // A clock set before 1970 is taken for 1970.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as Millis)
}

/// RFC 3339 in UTC, as the API shows it: `2026-11-21T03:04:05.678Z`.
pub fn show(millis: Millis) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn moments_are_shown_in_utc() {
        assert_eq!(super::show(1_000_000_000_000), "2001-09-09T01:46:40.000Z");
    }
}
