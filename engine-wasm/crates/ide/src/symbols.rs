//! Hover, definition, and the mentions that a rename touches.

use spandrel_base::LeanSort;
use spandrel_base::{Budget, Span};
use spandrel_syntax::ast::{ArrayItem, Item, Map, Value};
use spandrel_syntax::{Token, TokenKind};

use crate::Document;

/// What a person sees when they point at something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// Plain text, one fact a line.
    pub text: String,
}

/// A named place, for an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Absolute id.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// Its whole declaration.
    pub span: Span,
    /// How deep it lies.
    pub depth: u32,
}

impl Document {
    /// The tokens that touch `span`, in order.
    pub fn tokens(&mut self, span: Span, budget: &Budget<'_>) -> Vec<Token> {
        let tree = &self.analyse(budget).tree;
        tree.tokens()
            .into_iter()
            .filter(|token| token.span.start < span.end && span.start < token.span.end)
            .collect()
    }

    /// What is at `offset`.
    pub fn hover(&mut self, offset: usize, budget: &Budget<'_>) -> Option<Hover> {
        let token = self.token_at(offset, budget)?;
        if token.kind == TokenKind::Keyword {
            let word = token.span.of(self.source()).to_ascii_lowercase();
            return crate::complete::keyword_help(&word)
                .map(|help| Hover { span: token.span, text: format!("{word}: {help}") });
        }
        let id = self.id_at(offset, budget)?;
        let path = self.config().board.clone();
        let diagram = self.diagram(budget);
        let board = diagram.root.board(&path)?;
        let node_id = board.node_by_id(&id)?;
        let node = &board.nodes[node_id];
        let (mut incoming, mut outgoing) = (0, 0);
        for edge in &board.edges {
            outgoing += u32::from(edge.src == node_id);
            incoming += u32::from(edge.dst == node_id);
        }
        let mut text = format!("{}\n{} · {}", node.label.text, node.id, node.shape.keyword());
        text.push_str(&format!("\n{incoming} in, {outgoing} out"));
        if let Some(tooltip) = node.attrs.text("tooltip") {
            text.push('\n');
            text.push_str(tooltip);
        }
        Some(Hover { span: token.span, text })
    }

    /// Where the object that is mentioned at `offset` came into being: its key.
    pub fn definition(&mut self, offset: usize, budget: &Budget<'_>) -> Option<Span> {
        let id = self.id_at(offset, budget)?;
        let path = self.config().board.clone();
        let diagram = self.diagram(budget);
        let board = diagram.root.board(&path)?;
        board.nodes[board.node_by_id(&id)?].origin().map(|origin| origin.key)
    }

    /// Every mention of the object at `offset`, in order: the keys.
    pub fn references(&mut self, offset: usize, budget: &Budget<'_>) -> Vec<Span> {
        let path = self.config().board.clone();
        let Some(id) = self.id_at(offset, budget) else { return Vec::new() };
        let diagram = self.diagram(budget);
        let Some(board) = diagram.root.board(&path) else { return Vec::new() };
        let Some(node) = board.node_by_id(&id) else { return Vec::new() };
        board.nodes[node]
            .origins
            .iter()
            .filter(|origin| origin.path.is_none())
            .map(|origin| origin.key)
            .collect()
    }

    /// The objects of the drawn board, for an outline.
    pub fn outline(&mut self, budget: &Budget<'_>) -> Vec<Symbol> {
        let path = self.config().board.clone();
        let diagram = self.diagram(budget);
        let Some(board) = diagram.root.board(&path) else { return Vec::new() };
        let symbol = |(id, node): (_, &spandrel_graph::Node)| {
            let origin = node.origin()?;
            let depth = board.ancestors(id).count() as u32;
            Some(Symbol { id: node.id.clone(), label: node.label.text.clone(), span: origin.whole, depth })
        };
        board.nodes.entries().filter_map(symbol).collect()
    }

    /// What an editor can fold: maps, arrays, blocks of text and comments of more than one line, in order.
    pub fn folding(&mut self, budget: &Budget<'_>) -> Vec<Span> {
        let tree = &self.analyse(budget).tree;
        let mut found = Vec::new();
        fold_map(tree.root(), &mut found);
        found.retain(|span| span.of(tree.text()).contains('\n'));
        found.lean_sort_by_key(|span| (span.start, span.end));
        found
    }

    fn token_at(&mut self, offset: usize, budget: &Budget<'_>) -> Option<Token> {
        let touching = self.analyse(budget).tree.tokens();
        let meant = |token: &&Token| !matches!(token.kind, TokenKind::Space | TokenKind::Punctuation);
        touching.iter().filter(|token| token.span.touches(offset)).find(meant).copied()
    }
}

fn fold_map(map: &Map, found: &mut Vec<Span>) {
    for item in &map.items {
        match item {
            Item::Comment(comment) | Item::BlockComment(comment) => found.push(comment.span),
            Item::Key(key) => key.primary.iter().chain(&key.value).for_each(|value| fold_value(value, found)),
            _ => {}
        }
    }
}

fn fold_value(value: &Value, found: &mut Vec<Span>) {
    match value {
        Value::Map(map) => {
            found.push(map.span);
            fold_map(map, found);
        }
        Value::Array(array) => {
            found.push(array.span);
            for item in &array.items {
                if let ArrayItem::Value(value) = item {
                    fold_value(value, found);
                }
            }
        }
        Value::Str(text) => found.push(text.span),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    fn open(source: &str) -> Document {
        Document::open(source.to_owned(), Config::default(), std::collections::BTreeMap::new())
    }

    #[test]
    fn what_is_longer_than_a_line_folds() {
        let source = "# one\n# two\n\na: {\n  b: [\n    1\n  ]\n  c: {d}\n  e: |md\n    text\n  |\n}\n";
        let found = open(source).folding(&Budget::default());
        let starts: Vec<&str> = found.iter().map(|span| &span.of(source)[..1]).collect();
        assert_eq!(starts, ["#", "{", "[", "|"]);
    }

    #[test]
    fn all_mentions_of_an_object_are_references_to_it() {
        let source = "a: A\na -> b\nb.c -> a\n";
        let found = open(source).references(0, &Budget::default());
        assert_eq!(found.iter().map(|span| span.start).collect::<Vec<_>>(), [0, 5, 19]);
    }
}
