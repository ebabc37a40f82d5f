//! The HTTP face, asked over real sockets: every test runs on SQLite and, where one is reachable, on
//! PostgreSQL.

mod accounts;
mod design;
mod design_model;
#[path = "../fake_upstream/mod.rs"]
mod fake_upstream;
mod harness;
mod idempotency;
mod jobs;
mod local;
mod matrix;
mod metering;
mod model;
mod notifications;
mod operations;
mod projects;
mod relay;
mod sessions;
mod usage;
mod versions;
mod web;
