//! The small passes between the phases.

pub(super) mod attach;
pub(super) mod borders;
pub(super) mod labels;
pub(super) mod long_edges;
pub(super) mod ports;
pub(super) mod rows;
