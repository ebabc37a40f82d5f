//! From a sentence to a kept version.
//!
//! `pipeline` runs the phases in order and tells what happens as it happens (`events`); `conversation` is the session
//! that a request belongs to; `mind` asks language models, where there are any, and `draw` has them draw; `save` is the
//! only way in which a version comes to be; `style` is what a project wants of its diagrams; `jobs` lets a request go
//! on without its client.

mod conversation;
mod draw;
pub(crate) mod events;
pub(crate) mod jobs;
mod mind;
pub(crate) mod pipeline;
pub(crate) mod save;
pub(crate) mod style;
mod unfence;
