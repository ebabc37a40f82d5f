//! A file for each command.

pub(crate) mod check;
pub(crate) mod classify;
pub(crate) mod fmt;
pub(crate) mod generate;
pub(crate) mod layout;
#[cfg(feature = "serve")]
pub(crate) mod operate;
mod png;
pub(crate) mod render;
pub(crate) mod repair;
#[cfg(feature = "serve")]
pub(crate) mod serve;

use std::path::Path;

use crate::{Failure, files};

/// Writes a JSON value as one line to standard output.
fn print_json(value: &serde_json::Value) -> Result<(), Failure> {
    files::write(Path::new("-"), format!("{value}\n").as_bytes())
}
