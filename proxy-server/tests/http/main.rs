//! The HTTP face, asked over real sockets: every test runs on SQLite and, where one is reachable, on
//! PostgreSQL.

mod design;
mod harness;
mod local;
mod operations;
mod projects;
mod sessions;
mod versions;
mod web;
