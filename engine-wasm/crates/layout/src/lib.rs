//! From a compiled board to a drawing: measure, then lay out.
//!
//! [`measure`] gives every label and node a size; after it nothing asks for text metrics. [`lay_out`]
//! gives every node a rectangle and every edge a route. Both are pure functions of their arguments.

mod around;
mod compose;
mod diagram;
mod drawing;
mod end_labels;
mod flat;
mod grid;
mod hold;
mod layered;
mod lists;
pub mod measure;
mod measured;
pub mod model;
mod near;
pub mod other;
mod pack;
mod places;
mod random;
mod router;
pub mod sequence;
mod simplex;
mod stored;
mod units;
mod wrap;

pub use diagram::{Options, lay_out};
pub use drawing::{Drawing, Mark, PlacedEdge, PlacedNode, Route, Side};
pub use hold::{Previous, PreviousLine, lay_out_held, route_only};
pub use measure::{measure, measure_with};
pub use measured::{Align, Face, Font, Line, Measured, MeasuredEdge, MeasuredNode, Run, TextBlock};
pub use stored::{StoredDrawing, StoredRoute};
pub use units::lay_out_graph;
