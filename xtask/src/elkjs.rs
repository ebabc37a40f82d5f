//! elkjs's own test suite, run from a checkout against our packages. Nothing of it enters this repository.

use std::fs;
use std::path::Path;

use crate::build::build_elk;
use crate::sh::{self, Outcome};

/// What the suite needs, at the versions it was written for.
const TOOLS: [&str; 4] = ["mocha@11", "chai@4", "chai-as-promised@7", "web-worker@1.4"];

/// Runs the suite of the elkjs checkout at `checkout` (a work tree, or a git folder without one).
///
/// The tests load `../../lib/…` relative to themselves: a scratch folder gets their `test` folder and, in
/// place of elkjs's build products, a link to our `lib`.
pub(crate) fn elkjs(checkout: &str) -> Outcome {
    build_elk()?;
    let checkout =
        fs::canonicalize(checkout).map_err(|error| format!("{checkout}: no checkout of elkjs: {error}"))?;
    let scratch = sh::root().join("target/elkjs-suite");
    let fail = |error: std::io::Error| format!("{}: {error}", scratch.display());
    let _ = fs::remove_dir_all(scratch.join("test"));
    fs::create_dir_all(&scratch).map_err(fail)?;
    unpack(&checkout, &scratch)?;
    let lib = scratch.join("lib");
    let _ = fs::remove_file(&lib);
    link(&sh::root().join("pkg/elk/lib"), &lib).map_err(fail)?;
    if !scratch.join("node_modules/mocha").is_dir() {
        fs::write(scratch.join("package.json"), "{ \"private\": true }\n").map_err(fail)?;
        sh::npm("target/elkjs-suite").args(["install", "--no-save"]).args(TOOLS).go()?;
    }
    sh::command("npx").dir(&scratch).args(["mocha", "test/mocha"]).go()
}

fn unpack(checkout: &Path, scratch: &Path) -> Outcome {
    let archive = scratch.join("test.tar");
    sh::command("git")
        .dir(checkout)
        .args(["archive", "--output"])
        .arg(&archive)
        .args(["HEAD", "test"])
        .go()?;
    sh::command("tar").dir(scratch).arg("-xf").arg(&archive).go()
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        let shim = format!("module.exports = require({:?});\n", file.path().display().to_string());
        fs::write(to.join(file.file_name()), shim)?;
    }
    Ok(())
}
