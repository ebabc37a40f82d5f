//! Errors of a layout call. Clients match substrings, so each begins with the class name that elkjs uses.

use std::fmt;

/// Why a graph cannot be laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
}

impl Error {
    pub(crate) fn import(message: impl fmt::Display) -> Self {
        Self { message: format!("org.eclipse.elk.graph.json.JsonImportException: {message}") }
    }

    pub(crate) fn configuration(message: impl fmt::Display) -> Self {
        Self { message: format!("org.eclipse.elk.core.UnsupportedConfigurationException: {message}") }
    }

    pub(crate) fn graph(message: impl fmt::Display) -> Self {
        Self { message: format!("org.eclipse.elk.core.UnsupportedGraphException: {message}") }
    }

    pub(crate) fn argument(message: impl fmt::Display) -> Self {
        Self { message: format!("java.lang.IllegalArgumentException: {message}") }
    }

    pub(crate) fn plain(message: impl fmt::Display) -> Self {
        Self { message: message.to_string() }
    }

    /// What is wrong, and where.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
