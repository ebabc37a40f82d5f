//! From a compiled board to a drawing: measure, then lay out.
//!
//! [`measure`] gives every label and node a size; after it nothing asks for text metrics. [`lay_out`]
//! gives every node a rectangle and every edge a route. Both are pure functions of their arguments.

mod drawing;
mod measured;
mod end_labels;
mod layered;
pub mod model;
mod pack;
mod random;
mod simplex;
mod stored;
mod units;

pub use drawing::{Drawing, Mark, PlacedEdge, PlacedNode, Route, Side};
pub use measured::{Face, Font, Line, Measured, MeasuredEdge, MeasuredNode, Run, TextBlock};
pub use units::lay_out_graph;
pub use stored::{StoredDrawing, StoredRoute};
