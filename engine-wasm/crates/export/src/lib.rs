//! What others read: SVG, React Flow, canonical JSON. One module per target; none measures or moves
//! anything.

pub mod canonical;
pub mod kind;
pub mod react_flow;
mod safe;
pub mod svg;

#[cfg(test)]
mod scenes;
