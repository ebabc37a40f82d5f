//! The offline mind: what a request means, and what to answer without a network.
//!
//! Pure: no clock, no network, no randomness. Some of it needs the [`Data`] of a file of its own (patterns,
//! knowledge, the intent model), which the browser loads on first use; the rest works without.
//!
//! - [`check_request`]: limits and filters of a request;
//! - [`classify`]: intent, confidence, and which stage decided;
//! - [`generate`]: a request to D2, or a change of the D2 that is there.

mod data;
mod generate;
mod intent;
mod pattern;
mod request;

pub use data::{Data, DataError};
pub use generate::{Generated, generate};
pub use intent::{Classification, Context, Intent, Source, classify};
pub use request::{PROJECT_CODE, QUERY_MAX, check_request};
