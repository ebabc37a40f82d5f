//! The HTTP face, a file for each area. A handler reads, asks, answers; rules live below.

pub(crate) mod admin;
pub(crate) mod api_keys;
pub(crate) mod api_page;
pub(crate) mod auth;
pub(crate) mod design;
pub(crate) mod export;
pub(crate) mod extract;
pub(crate) mod health;
pub(crate) mod jobs;
pub(crate) mod members;
pub(crate) mod notifications;
pub(crate) mod oidc;
pub(crate) mod openapi;
mod page;
pub(crate) mod projects;
pub(crate) mod reset;
pub(crate) mod sessions;
pub(crate) mod style;
pub(crate) mod templates;
pub(crate) mod usage;
pub(crate) mod users;
pub(crate) mod versions;
pub(crate) mod web;
