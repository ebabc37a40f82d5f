//! What tests of several crates share: inputs, invariants, the bodies of the fuzz targets, and the runner of
//! conformance cases.

pub mod conformance;
pub mod fuzz;
pub mod inputs;
pub mod invariants;
