//! The HTTP face, asked over real sockets. What touches the database runs on SQLite and, where they are reachable, on
//! PostgreSQL and on PostgreSQL with Redis (`on_each_database`); all the rest runs on SQLite, and on the others with
//! `SPANDREL_TEST_DATABASE=postgres` and `postgres+redis`, which `cargo xtask test` does.

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
mod retention;
mod security;
mod sessions;
mod shared;
mod usage;
mod versions;
mod web;
