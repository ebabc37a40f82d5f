//! The HTTP face, asked over real sockets: every test runs on SQLite and, where one is reachable, on
//! PostgreSQL.

mod accounts;
mod design;
mod harness;
mod idempotency;
mod local;
mod matrix;
mod notifications;
mod operations;
mod projects;
mod relay;
mod sessions;
mod usage;
mod versions;
mod web;
