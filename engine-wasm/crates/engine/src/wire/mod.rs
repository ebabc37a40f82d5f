//! What goes over a wire: to JavaScript, to the proxy's clients, to the command line's `--json`.
//!
//! The core's types do not know of JSON. These structs are converted to and from them by hand, here, and
//! TypeScript types are generated from them (`cargo xtask types`).

mod answers;
mod assist;
mod diagnostic;
mod drawing;
mod op;
mod options;

pub use answers::{
    BoardInfo, Compiled, Completion, Diagram, Hover, OffsetRange, Patch, Relayout, Symbol, Token,
};
pub use assist::{
    Answered, AssistContext, Checked, Classified, Generated, Question, Repaired, Request, View,
};
pub use diagnostic::{Diagnostic, Encoding, Fix, Place, Position, Range, TextEdit};
pub use drawing::{BoardDrawing, Drawing, RouteDrawing};
pub use op::{Change, Diff, Edited, Moved, Op};
pub use options::{Assets, FontAsset, Limits, Options, StylePack};
