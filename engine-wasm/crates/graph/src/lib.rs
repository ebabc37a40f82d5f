//! The compiled diagram as data: boards, nodes, edges, styles, and the shape catalogue.
//!
//! Queries live here, passes do not: nothing in this crate changes a diagram. A [`Diagram`] is what
//! `spandrel-compile` makes of a source; from here on names are resolved, globs and variables are
//! expanded and attributes are typed.

mod attrs;
mod board;
mod edge;
mod node;
pub mod shape;
mod style;

pub use attrs::{Attrs, Value};
pub use board::{Board, BoardKind, ConfigValue, Diagram, Legend, Root};
pub use edge::{Arrowhead, ArrowheadShape, Edge};
pub use node::{Block, Column, Field, Label, Method, Node, Origin, Visibility};
pub use shape::Shape;
pub use style::{FontFamily, Style, StyleSet, TextTransform};

spandrel_base::define_id! {
    /// A node of one board.
    NodeId
}

spandrel_base::define_id! {
    /// An edge of one board.
    EdgeId
}
