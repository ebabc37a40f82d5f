//! The relay: one door to the language models of many providers.
//!
//! Takes a typed configuration ([`Config`]) and two hooks of its host ([`Gate`]: who is asking; [`Meter`]: may
//! they, and what did it cost), and gives [`router`] for HTTP clients and [`Relay::stream`] for the server's own
//! prompts. It knows nothing of accounts, projects or storage.
//!
//! The way of a request: `routes` reads it, `chain` walks the targets (provider, model and key) with `retry` and
//! `breaker`, `attempt` carries one call to the first event that counts, `source` turns bytes into events, and
//! `stream` hands them on, or `own` to the server itself; `tab` keeps what it took for the books. What differs between providers lives in `dialect`, a file each.
//!
//! Where the client speaks the upstream's dialect, the bytes of each whole event are handed on as they came and
//! only watched; else each event is translated. What must never happen:
//!
//! - another provider is asked after the first forwarded event, or two providers' texts are joined;
//! - a cut stream ends like a finished answer;
//! - a key is seen anywhere but in the header of the call it belongs to.

mod answer;
mod attempt;
mod breaker;
mod cache;
mod chain;
pub mod config;
mod dialect;
mod failure;
mod hooks;
mod http;
pub mod message;
mod own;
mod raw;
mod retry;
mod routes;
mod scrub;
mod source;
mod sse;
mod stream;
mod tab;
mod target;

pub use chain::{Live, Relay, Started, Whole};
pub use config::Config;
pub use dialect::Dialect;
pub use failure::{Failure, Kind};
pub use hooks::{Ask, Bill, Caller, Future, Gate, Meter, Outcome, Refused, Reservation, Usage};
pub use own::Own;
pub use routes::router;

pub(crate) use routes::documented;
