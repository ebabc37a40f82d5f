use spandrel_base::Few;

use crate::{Attrs, Label, NodeId, Origin, Style};

/// A connection of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The end written first.
    pub src: NodeId,
    /// The end written last.
    pub dst: NodeId,
    /// Whether the first end has an arrow.
    pub src_arrow: bool,
    /// Whether the last end has an arrow.
    pub dst_arrow: bool,
    /// From 0 among the edges of the board with the same ends and arrows.
    pub index: u32,
    /// Its label; empty text where there is none.
    pub label: Label,
    /// What the source sets, as spelled.
    pub attrs: Attrs,
    /// The `style.…` part of `attrs`, typed.
    pub style: Style,
    /// What the source says about the arrowhead at `src`.
    pub src_arrowhead: Option<Box<Arrowhead>>,
    /// What the source says about the arrowhead at `dst`.
    pub dst_arrowhead: Option<Box<Arrowhead>>,
    /// The row at `src`, from 0, where that end is a row of a table.
    pub src_column: Option<u32>,
    /// The row at `dst`, from 0, where that end is a row of a table.
    pub dst_column: Option<u32>,
    /// Every place of the source that mentions it; the first is where it came into being.
    pub origins: Few<Origin>,
}

/// What a source says about one end of an edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrowhead {
    /// Text at that end (a cardinality), `""` where none.
    pub label: String,
    /// The shape as spelled, where set.
    pub shape: Option<ArrowheadShape>,
    /// Other attributes as spelled.
    pub attrs: Attrs,
    /// The `style.…` part of `attrs`, typed.
    pub style: Style,
}

macro_rules! arrowheads {
    ($($variant:ident $keyword:literal $doc:literal),* $(,)?) => {
        /// Shapes of arrowheads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ArrowheadShape {
            $(#[doc = $doc] $variant,)*
        }

        impl ArrowheadShape {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// D2's keyword.
            pub fn keyword(self) -> &'static str {
                match self { $(Self::$variant => $keyword,)* }
            }

            /// The shape of a keyword in lower case.
            pub fn from_keyword(keyword: &str) -> Option<Self> {
                match keyword { $($keyword => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

arrowheads! {
    None "none" "No head.",
    Arrow "arrow" "Filled, with a notch.",
    Triangle "triangle" "Filled triangle: the default.",
    UnfilledTriangle "unfilled-triangle" "Triangle outline.",
    Diamond "diamond" "Diamond.",
    FilledDiamond "filled-diamond" "Filled diamond.",
    Circle "circle" "Circle.",
    FilledCircle "filled-circle" "Filled circle.",
    Box "box" "Square.",
    FilledBox "filled-box" "Filled square.",
    Line "line" "Two open strokes.",
    Cross "cross" "A cross.",
    CfOne "cf-one" "Crow's foot: one.",
    CfMany "cf-many" "Crow's foot: many.",
    CfOneRequired "cf-one-required" "Crow's foot: exactly one.",
    CfManyRequired "cf-many-required" "Crow's foot: one or more.",
}

impl Edge {
    /// The arrow as D2 writes it.
    pub fn arrow(&self) -> &'static str {
        match (self.src_arrow, self.dst_arrow) {
            (false, false) => "--",
            (false, true) => "->",
            (true, false) => "<-",
            (true, true) => "<->",
        }
    }

    /// Whether it ends where it begins.
    pub fn is_self_loop(&self) -> bool {
        self.src == self.dst
    }
}
