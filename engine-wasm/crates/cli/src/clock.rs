//! The engine has no clock; this is the command line's.

use std::time::{Duration, Instant};

/// Longest time for one source. The engine's own limits usually end it long before.
const PATIENCE: Duration = Duration::from_secs(30);

/// A question that turns from "no" to "yes" when the time for one source is over.
pub(crate) fn deadline() -> impl Fn() -> bool {
    let end = Instant::now() + PATIENCE;
    move || Instant::now() >= end
}
