//! From a sentence to a kept version.
//!
//! `pipeline` runs the phases in order and tells what happens as it happens; `save` is the only way in which a
//! version comes to be.

pub(crate) mod pipeline;
pub(crate) mod save;
