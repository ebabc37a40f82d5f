//! `cargo xtask run`: the studio, from whatever is there to an address in the browser.

use crate::build::{build, step};
use crate::sh::{self, Outcome};

/// Builds what is missing, then serves until interrupted.
pub(crate) fn run(port: u16) -> Outcome {
    build(true)?;
    step("server: build", || {
        sh::cargo().args(["build", "--release", "-p", "proxy-server", "--features", "embed-web"]).go()
    })?;
    sh::command(&sh::target().join("release/proxy-server").display().to_string())
        .env("SPANDREL_LISTEN", format!("127.0.0.1:{port}"))
        .go()
}
