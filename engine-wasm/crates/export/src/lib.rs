//! The compiled diagram in the forms that go over a wire.

pub mod canonical;
