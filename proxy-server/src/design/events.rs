//! What is told while a design request runs, and where it is told.

use serde::Serialize;
use tokio::sync::mpsc;

/// What is told while a request runs. The variant names the event, its fields are the data.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Event {
    /// What the person wants was decided.
    Intent { intent: String, confidence: f64, source: String },
    /// More of the D2 text.
    Source { delta: String },
    /// The D2 text begins anew.
    Reset { reset: bool },
    /// More of the words.
    Message { delta: String },
    /// The version is kept.
    Version { version_id: i64 },
}

/// Where events go: nowhere, or to a stream that may have been left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Events(Option<mpsc::Sender<Event>>);

impl Event {
    /// Its name in an event stream.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Intent { .. } => "intent",
            Self::Source { .. } | Self::Reset { .. } => "source",
            Self::Message { .. } => "message",
            Self::Version { .. } => "version",
        }
    }
}

impl Events {
    /// Events and the end from which they are read.
    pub(crate) fn channel() -> (Self, mpsc::Receiver<Event>) {
        // Enough that a reader who is a little behind does not slow the work down.
        let (sender, receiver) = mpsc::channel(64);
        (Self(Some(sender)), receiver)
    }

    pub(crate) async fn tell(&self, event: Event) {
        if let Some(sender) = &self.0 {
            // Nobody listens any more: the request goes on, a version may still come of it.
            drop(sender.send(event).await);
        }
    }
}
