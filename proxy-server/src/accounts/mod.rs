//! Who is asking.

mod caller;
mod local;

pub use caller::Caller;
