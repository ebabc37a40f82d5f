//! The offline mind: what a request means, and what to answer without a network.
//!
//! Pure: no clock, no network, no randomness. Some of it needs the [`Data`] of a file of its own (patterns,
//! knowledge, the intent model), which the browser loads on first use; the rest works without.
//!
//! - [`check_request`]: limits and filters of a request;
//! - [`classify`]: intent, confidence, and which stage decided;
//! - [`generate`]: a request to D2, or a change of the D2 that is there;
//! - [`clarify`]: what to ask back where a request cannot be acted on;
//! - [`answer`]: questions, from a written knowledge base and from facts of the diagram;
//! - [`view`]: what a request to see the diagram otherwise asks the canvas to do;
//! - [`repair`]: what a language model wrote, as D2;
//! - [`prompts`]: what a language model is asked, where there is one.

mod clarify;
mod data;
mod expert;
mod generate;
mod intent;
mod pattern;
mod profanity;
pub mod prompts;
mod repair;
mod request;
mod update;
mod view;
mod words;

pub use clarify::{Question, clarify};
pub use data::{Data, DataError};
pub use expert::{Answer, answer};
pub use generate::{Generated, generate, generate_in};
#[doc(hidden)]
pub use intent::features as intents;
pub use intent::{Classification, Context, Intent, Source, classify};
pub use repair::{Repaired, repair};
pub use request::{PROJECT_CODE, QUERY_MAX, check_request};
pub use view::{View, view};
#[doc(hidden)]
pub use words::Words;
