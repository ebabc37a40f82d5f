//! The HTTP face, asked over real sockets: every test runs on SQLite and, where they are reachable, on
//! PostgreSQL and on PostgreSQL with Redis.

mod accounts;
mod design;
mod design_model;
mod disk;
#[path = "../fake_upstream/mod.rs"]
mod fake_upstream;
mod flags;
mod harness;
mod hostile;
mod idempotency;
mod jobs;
mod local;
mod matrix;
mod metering;
mod model;
mod notifications;
mod oidc;
mod operations;
mod outside;
mod process;
mod projects;
mod relay;
mod reload;
mod reset;
mod security;
mod sessions;
mod shared;
mod usage;
mod versions;
mod web;
