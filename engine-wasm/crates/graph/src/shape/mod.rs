//! The shape catalogue: D2's keywords, and (in the files beside) the geometry of each shape.
//!
//! A new shape: a keyword in the list below, a file with `size_for`, `content`, `outline` (and `details`
//! where it has inner strokes), and a line in each of the four functions of `geometry.rs`.

mod c4_person;
mod callout;
mod cloud;
mod cylinder;
mod diamond;
mod document;
mod geometry;
mod hexagon;
mod oval;
mod package;
mod page;
mod parallelogram;
mod path;
mod person;
mod queue;
mod rectangle;
mod step;
mod stored_data;

pub use path::PathCommand;

macro_rules! shapes {
    ($($variant:ident $keyword:literal),* $(,)?) => {
        /// What an object looks like.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each variant is the keyword of the same name")]
        pub enum Shape {
            #[default]
            $($variant,)*
        }

        impl Shape {
            /// All shapes, the two that only the engine gives (`note`, `span`) included.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// D2's keyword.
            pub fn keyword(self) -> &'static str {
                match self { $(Self::$variant => $keyword,)* }
            }

            fn exact(keyword: &str) -> Option<Self> {
                match keyword { $($keyword => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

shapes! {
    Rectangle "rectangle",
    Square "square",
    Page "page",
    Parallelogram "parallelogram",
    Document "document",
    Cylinder "cylinder",
    Queue "queue",
    Package "package",
    Step "step",
    Callout "callout",
    StoredData "stored_data",
    Person "person",
    C4Person "c4-person",
    Diamond "diamond",
    Oval "oval",
    Circle "circle",
    Hexagon "hexagon",
    Cloud "cloud",
    Text "text",
    Code "code",
    Class "class",
    SqlTable "sql_table",
    Image "image",
    SequenceDiagram "sequence_diagram",
    Hierarchy "hierarchy",
    Note "note",
    Span "span",
}

impl Shape {
    /// The shape that a source may name by `keyword` (lower case): not `note` nor `span`, which only
    /// a sequence diagram gives.
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        Self::exact(keyword).filter(|shape| !matches!(shape, Self::Note | Self::Span))
    }

    /// Whether boxes can fill it: its content rectangle keeps fixed distances from its sides, however large
    /// it is.
    pub fn holds_boxes(self) -> bool {
        !matches!(
            self,
            Self::Person
                | Self::C4Person
                | Self::Diamond
                | Self::Oval
                | Self::Circle
                | Self::Hexagon
                | Self::Cloud
                | Self::Note
                | Self::Span
        )
    }

    /// The shape that is drawn around children: this one, or a rectangle where this one would cut off their
    /// corners.
    #[must_use]
    pub fn around_children(self) -> Self {
        if self.holds_boxes() { self } else { Self::Rectangle }
    }

    /// Whether width and height are always equal.
    pub fn is_square(self) -> bool {
        matches!(self, Self::Square | Self::Circle)
    }
}
