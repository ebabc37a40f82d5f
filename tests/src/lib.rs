//! Tests across the engine's crates, and the runner of conformance cases.

pub mod conformance;
