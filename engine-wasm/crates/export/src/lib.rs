//! What others read: SVG, React Flow, canonical JSON. One module per target; none measures or moves
//! anything.

pub mod kind;
mod safe;
pub mod svg;
