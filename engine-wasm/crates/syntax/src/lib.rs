//! D2 text to a lossless tree and back: parser, typed nodes, tokens, formatter, printer.
//!
//! [`parse`] takes any text and never fails: what it cannot read becomes an error node with a
//! diagnostic, and everything around it stands. All spans are byte offsets of the text given. nom
//! recognises lexemes (`lexeme.rs`); above them there is one function per production (`parser/`).

pub mod ast;
mod format;
pub mod keywords;
mod lexeme;
mod parser;
pub mod print;
mod tokens;

use spandrel_base::Diagnostic;

pub use format::{
    SYNTHETIC, SYNTHETIC_LINE, format, format_edited, format_item, format_key, format_path, format_tree,
};
pub use parser::{MAX_DEPTH, parse, parse_key, parse_key_path, parse_value};
pub use tokens::{Token, TokenKind};

/// A parsed source: its text, its map of items and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Tree {
    source: String,
    root: ast::Map,
    diagnostics: Vec<Diagnostic>,
}

impl Tree {
    /// The text as given.
    pub fn text(&self) -> &str {
        &self.source
    }

    /// The map of the whole file.
    pub fn root(&self) -> &ast::Map {
        &self.root
    }

    /// The map of the whole file, for whoever changes it.
    pub fn into_root(self) -> ast::Map {
        self.root
    }

    /// Syntax errors, in the order in which a reader from the front notices them.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The leaves of the tree with the text between them: laid end to end they are the source.
    pub fn tokens(&self) -> Vec<Token> {
        tokens::tokens(self)
    }
}
