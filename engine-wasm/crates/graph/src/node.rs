use spandrel_base::{Few, Span};

use crate::{Attrs, NodeId, Shape, Style};

/// An object of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Absolute id as D2 prints it: parts joined by dots, quoted where needed. Unique in its board.
    pub id: String,
    /// The last part of the id, unquoted.
    pub name: String,
    /// The container, `None` at the top of the board. Parents come before children in the board's list.
    pub parent: Option<NodeId>,
    /// Children in order of appearance.
    pub children: Vec<NodeId>,
    /// What it is called.
    pub label: Label,
    /// Its shape.
    pub shape: Shape,
    /// What the source sets, as spelled.
    pub attrs: Attrs,
    /// The `style.…` part of `attrs`, typed.
    pub style: Style,
    /// Rows, where the shape is `sql_table`.
    pub columns: Vec<Column>,
    /// Fields, where the shape is `class`.
    pub fields: Vec<Field>,
    /// Methods, where the shape is `class`.
    pub methods: Vec<Method>,
    /// Every place of the source that mentions it, in order; the first is where it came into being.
    pub origins: Few<Origin>,
}

/// A label, and the language where it is block text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The text with escapes resolved and variables substituted, before any `text-transform`.
    pub text: String,
    /// What kind of block it is; `None` for ordinary text.
    pub block: Option<Block>,
}

/// What a block of text holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Markdown.
    Markdown,
    /// LaTeX, shown as its source.
    Latex,
    /// Code in the language named by the tag, long form (`javascript`, `golang`).
    Code(String),
}

impl Block {
    /// The language in the canonical form's spelling: `markdown`, `latex`, or the code's language.
    pub fn language(&self) -> &str {
        match self {
            Self::Markdown => "markdown",
            Self::Latex => "latex",
            Self::Code(language) => language,
        }
    }
}

impl Label {
    /// Ordinary text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), block: None }
    }
}

/// A mention in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The imported file, `None` for the main source.
    pub path: Option<String>,
    /// The key that names it.
    pub key: Span,
    /// The whole declaration: key, label and map, or the connection.
    pub whole: Span,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, `""` where none is given.
    pub data_type: String,
    /// Constraints as written: `primary_key`, `foreign_key`, `unique`, …
    pub constraints: Vec<String>,
}

/// Who may see a member of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// `+`, and the default.
    Public,
    /// `-`.
    Private,
    /// `#`.
    Protected,
}

/// A field of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name without the sign.
    pub name: String,
    /// Its type, `""` where none is given.
    pub data_type: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// Underlined (static).
    pub underline: bool,
}

/// A method of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Name and parameters, without the sign.
    pub name: String,
    /// What it returns, `void` where nothing is given.
    pub returns: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// Underlined (static).
    pub underline: bool,
}

impl Node {
    /// Whether anything is inside it.
    pub fn is_container(&self) -> bool {
        !self.children.is_empty()
    }

    /// The shape whose outline is drawn. A container whose shape would cut the corners off its children (an
    /// oval, a cloud…) is drawn as a rectangle.
    pub fn outline_shape(&self) -> Shape {
        if self.is_container() { self.shape.around_children() } else { self.shape }
    }

    /// Where it came into being, if in the main source.
    pub fn origin(&self) -> Option<&Origin> {
        self.origins.iter().find(|origin| origin.path.is_none())
    }
}
