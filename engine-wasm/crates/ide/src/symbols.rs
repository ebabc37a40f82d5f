//! Hover, definition, and the mentions that a rename touches.

use spandrel_base::{Budget, Span};
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

    fn token_at(&mut self, offset: usize, budget: &Budget<'_>) -> Option<Token> {
        let touching = self.analyse(budget).tree.tokens();
        let meant = |token: &&Token| !matches!(token.kind, TokenKind::Space | TokenKind::Punctuation);
        touching.iter().filter(|token| token.span.touches(offset)).find(meant).copied()
    }
}
