//! What the measuring stage gives: sizes, and text broken into lines.

use spandrel_base::{IdVec, Insets, Size};
use spandrel_graph::{EdgeId, NodeId, Shape};

/// A board with the size of everything that has one before layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// By node of the board.
    pub nodes: IdVec<NodeId, MeasuredNode>,
    /// By edge of the board.
    pub edges: IdVec<EdgeId, MeasuredEdge>,
}

/// Sizes of one node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasuredNode {
    /// A leaf's size; a container's least size (explicit `width` and `height`, its title).
    pub size: Size,
    /// The label; `None` where nothing is shown. For tables and classes: the title.
    pub label: Option<TextBlock>,
    /// Rows of a table or members of a class, top to bottom, as cells from left to right.
    pub rows: Vec<Vec<TextBlock>>,
    /// Height of the title strip of a table or class, 0 elsewhere.
    pub header_height: f64,
    /// Height of each of `rows`.
    pub row_height: f64,
    /// Edge length of the icon, 0 where there is none.
    pub icon_size: f64,
    /// Whether it is drawn as a surface with a title: a container, or a group of a sequence diagram. Actors
    /// and spans are not, although they may have children.
    pub surface: bool,
    /// What a container keeps free between its border and its children; the title strip is in `top`.
    pub padding: Insets,
    /// What lies outside the border but belongs to the node (an outside label): nothing else may stand
    /// there.
    pub margin: Insets,
}

impl MeasuredNode {
    /// The shape that is drawn for a node of `shape`.
    pub fn drawn(&self, shape: Shape) -> Shape {
        if self.surface { shape.around_children() } else { shape }
    }
}

/// Sizes of one edge's labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasuredEdge {
    /// The label in the middle.
    pub label: Option<TextBlock>,
    /// The label of the arrowhead at the source.
    pub src_label: Option<TextBlock>,
    /// The label of the arrowhead at the target.
    pub dst_label: Option<TextBlock>,
}

/// Text broken into lines, with the room it needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextBlock {
    /// Room for all lines.
    pub size: Size,
    /// Top to bottom.
    pub lines: Vec<Line>,
    /// How lines stand in the block.
    pub align: Align,
}

/// How lines stand in their block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Each line in the middle.
    #[default]
    Center,
    /// At the left edge, after the line's indent.
    Left,
}

/// One line of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Width of all runs together.
    pub width: f64,
    /// From the top of the block to the baseline.
    pub baseline: f64,
    /// From the left edge of the block to the first run, for indented lines (lists, code).
    pub indent: f64,
    /// Pieces of one font each, left to right.
    pub runs: Vec<Run>,
}

/// A piece of a line in one font.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What is shown.
    pub text: String,
    /// In which font.
    pub font: Font,
    /// Advance width without kerning.
    pub width: f64,
    /// Where it leads, as the source says; exporters judge whether it is safe.
    pub link: Option<String>,
}

/// A font at a size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    /// Which face.
    pub face: Face,
    /// Pixels an em.
    pub size: f64,
}

/// The bundled faces. Metrics of all of them are embedded; the files are the page's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Face {
    /// Inter 400.
    #[default]
    Regular,
    /// Inter 600.
    SemiBold,
    /// Inter 400 italic.
    Italic,
    /// Inter 600 italic.
    SemiBoldItalic,
    /// JetBrains Mono 400.
    Mono,
}
