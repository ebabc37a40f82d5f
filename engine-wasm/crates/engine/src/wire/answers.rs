use serde::Serialize;
use serde_json::Value;
use spandrel_export::react_flow::{self, Flow};
use spandrel_graph::BoardKind;
use spandrel_ide::{CompletionKind, Drawn};

use super::{Diagnostic, Place, Range};

/// What a source means.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Compiled {
    /// The root board in the canonical form; of a broken source, what is whole.
    #[cfg_attr(feature = "typescript", ts(type = "CanonicalBoard"))]
    pub graph: Value,
    /// What D2 itself would refuse or warn of.
    pub diagnostics: Vec<Diagnostic>,
}

/// A laid-out board for React Flow.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Diagram {
    /// Nodes, edges, bounds.
    #[serde(flatten)]
    pub flow: Flow,
    /// The board that was drawn, by path.
    pub board: String,
    /// All boards of the source.
    pub boards: Vec<BoardInfo>,
    /// What there is to say about the source.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the source has errors and this is the last good drawing.
    pub stale: bool,
}

/// A board that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct BoardInfo {
    /// `""` for the root, else as `layers.x.steps.1`.
    pub path: String,
    /// Its key.
    pub name: String,
    /// What it is.
    #[cfg_attr(feature = "typescript", ts(type = "\"root\" | \"layer\" | \"scenario\" | \"step\""))]
    pub kind: String,
}

impl Diagram {
    /// A drawn board with what there is to say about its source.
    pub fn new(drawn: &Drawn, diagnostics: Vec<Diagnostic>, stale: bool) -> Self {
        let flow = crate::flow(drawn);
        Self { flow, board: drawn.path.clone(), boards: boards(drawn), diagnostics, stale }
    }
}

fn boards(drawn: &Drawn) -> Vec<BoardInfo> {
    let info = |(path, board): (String, &spandrel_graph::Board)| {
        let kind = if path.is_empty() { BoardKind::Root } else { board.kind };
        BoardInfo { path, name: board.name.clone(), kind: kind.as_str().to_owned() }
    };
    drawn.diagram.root.walk().into_iter().map(info).collect()
}

/// What changed on a canvas since it was last told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Patch {
    /// Added, changed and removed nodes and edges; what is not named is as it was.
    #[serde(flatten)]
    pub changes: react_flow::Patch,
    /// The board that was drawn, by path.
    pub board: String,
    /// All boards of the source.
    pub boards: Vec<BoardInfo>,
    /// What there is to say about the source.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the source has errors and the canvas shows the last good drawing.
    pub stale: bool,
}

impl Patch {
    /// The changes that lead to a drawn board.
    pub fn new(changes: react_flow::Patch, drawn: &Drawn, diagnostics: Vec<Diagnostic>, stale: bool) -> Self {
        Self { changes, board: drawn.path.clone(), boards: boards(drawn), diagnostics, stale }
    }
}

/// How to lay out again.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(default, rename_all = "camelCase")]
pub struct Relayout {
    /// Forget where things stood; pins stay.
    #[cfg_attr(feature = "typescript", ts(as = "Option<bool>"))]
    pub fresh: bool,
    /// Keep the boxes, route the edges anew.
    #[cfg_attr(feature = "typescript", ts(as = "Option<bool>"))]
    pub route_only: bool,
}

/// A half-open range of offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct OffsetRange {
    /// First place.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl OffsetRange {
    /// A span in the caller's offsets.
    pub fn new(span: spandrel_base::Span, place: &Place<'_>) -> Self {
        Self { start: place.offset(span.start as usize), end: place.offset(span.end as usize) }
    }
}

/// A piece of the source, for highlighting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Token {
    /// What it is: `key`, `keyword`, `text`, `quoted`, `block`, `comment`, `arrow`, `number`, `constant`,
    /// `substitution`, `import`, `index`, `punctuation`, `error`.
    #[cfg_attr(
        feature = "typescript",
        ts(
            type = "\"key\" | \"keyword\" | \"text\" | \"quoted\" | \"block\" | \"comment\" | \"arrow\" | \"number\" | \"constant\" | \"substitution\" | \"import\" | \"index\" | \"punctuation\" | \"error\""
        )
    )]
    pub kind: String,
    /// First place.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// One thing that may stand at the caret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Completion {
    /// What it inserts and what a list shows.
    pub label: String,
    /// `keyword`, `value`, `object` or `class`.
    #[cfg_attr(feature = "typescript", ts(type = "\"keyword\" | \"value\" | \"object\" | \"class\""))]
    pub kind: String,
    /// A word on it.
    pub detail: String,
    /// What it replaces.
    pub replace: OffsetRange,
}

impl Completion {
    /// A completion of the text at `place`.
    pub fn new(completion: spandrel_ide::Completion, place: &Place<'_>) -> Self {
        let kind = match completion.kind {
            CompletionKind::Keyword => "keyword",
            CompletionKind::Value => "value",
            CompletionKind::Object => "object",
            CompletionKind::Class => "class",
        };
        Self {
            replace: OffsetRange::new(completion.span, place),
            label: completion.insert,
            kind: kind.to_owned(),
            detail: completion.detail,
        }
    }
}

/// What a person sees when they point at something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Hover {
    /// Plain text that is Markdown too: one fact a line.
    pub markdown: String,
    /// What it is about.
    pub range: OffsetRange,
}

/// An object of an outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, rename = "OutlineItem"))]
pub struct Symbol {
    /// Absolute id.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// Its declaration.
    pub range: Range,
    /// How deep it lies.
    pub depth: u32,
}
