//! How long to wait before trying again, and how often at most.

use std::sync::Mutex;
use std::time::Duration;

use axum::http::HeaderMap;
use rand::RngExt;

/// Waits that double, with full jitter: between nothing and the step's bound, never less than `floor`.
///
/// Full jitter spreads callers that failed together (Brooker, "Exponential Backoff and Jitter", 2015).
pub(super) fn wait(step: u32, base: Duration, cap: Duration, floor: Option<Duration>) -> Duration {
    let bound = base.saturating_mul(1 << step.min(16)).min(cap);
    let jittered = bound.mul_f64(rand::rng().random_range(0.0..=1.0));
    jittered.max(floor.unwrap_or_default())
}

/// What the upstream asks for: `retry-after-ms`, or `retry-after` as seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|ms| ms.parse::<f64>().ok()) {
        return seconds(ms / 1000.0);
    }
    let value = text("retry-after")?;
    if let Ok(s) = value.parse::<f64>() {
        return seconds(s);
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    seconds(date.as_second().saturating_sub(jiff::Timestamp::now().as_second()) as f64)
}

/// Nonsense (negative, infinite) is no answer; a time that has passed is "now".
fn seconds(s: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(s.max(0.0)).ok().filter(|_| s.is_finite())
}

/// Keeps retries to about a tenth of the calls, so that a dead upstream is not buried under them.
#[derive(Debug)]
pub(super) struct Budget(Mutex<f64>);

impl Budget {
    /// Retries that a quiet relay may make at once.
    const MOST: f64 = 10.0;
    /// What each call earns.
    const EARNED: f64 = 0.1;

    pub(super) fn new() -> Self {
        Self(Mutex::new(Self::MOST))
    }

    /// A first call was made.
    pub(super) fn earn(&self) {
        if let Ok(mut left) = self.0.lock() {
            *left = (*left + Self::EARNED).min(Self::MOST);
        }
    }

    /// Whether one more retry is in it; if so it is spent.
    pub(super) fn spend(&self) -> bool {
        let Ok(mut left) = self.0.lock() else { return false };
        let enough = *left >= 1.0;
        if enough {
            *left -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(name: &'static str, value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        retry_after(&headers)
    }

    #[test]
    fn every_form_of_retry_after_is_read() {
        assert_eq!(parsed("retry-after", "7"), Some(Duration::from_secs(7)));
        assert_eq!(parsed("retry-after", "0.5"), Some(Duration::from_millis(500)));
        assert_eq!(parsed("retry-after-ms", "250"), Some(Duration::from_millis(250)));
        assert_eq!(parsed("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(30);
        let date = soon.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let wait = parsed("retry-after", &date).unwrap();
        assert!((28..=30).contains(&wait.as_secs()), "{wait:?}");
        for nonsense in ["soon", "nan", "inf", "1e400", ""] {
            assert_eq!(parsed("retry-after", nonsense), None, "{nonsense}");
        }
        assert_eq!(parsed("retry-after", "-5"), Some(Duration::ZERO));
    }

    #[test]
    fn waits_stay_between_floor_and_cap() {
        let base = Duration::from_millis(100);
        let cap = Duration::from_millis(400);
        for step in 0..40 {
            assert!(wait(step, base, cap, None) <= cap);
            assert!(wait(step, base, cap, Some(Duration::from_millis(300))) >= Duration::from_millis(300));
        }
    }

    #[test]
    fn an_outage_is_not_answered_with_a_storm() {
        let budget = Budget::new();
        let retries = (0..1000)
            .map(|_| {
                budget.earn();
                usize::from(budget.spend()) + usize::from(budget.spend())
            })
            .sum::<usize>();
        assert!((100..=110).contains(&retries), "{retries}");
    }
}
