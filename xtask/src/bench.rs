//! Benchmarks that hold peers and Spandrel in one process, and print ratios.

use crate::build::{build, npm_install};
use crate::machine;
use crate::sh::{self, Outcome};

/// Runs the named benchmark, or all that compare with peers. `studio` measures the web app in Chromium.
pub(crate) fn bench(what: Option<&str>) -> Outcome {
    if what.is_none_or(|wanted| wanted == "proxy") {
        println!("── bench proxy");
        sh::cargo().args(["bench", "-p", "proxy-server", "--bench", "proxy"]).go()?;
        if what.is_some() {
            return Ok(());
        }
    }
    if what == Some("studio") {
        return studio();
    }
    build(false)?;
    npm_install("tests/bench")?;
    let all = ["layout", "quality", "pipeline", "assist", "hostile"];
    let chosen: Vec<&str> =
        all.into_iter().filter(|name| what.is_none_or(|wanted| wanted == *name)).collect();
    if chosen.is_empty() {
        return Err(format!("no benchmark of that name; there are: {}, proxy, studio", all.join(", ")));
    }
    for name in chosen {
        println!("── bench {name}");
        sh::command("node").arg(format!("tests/bench/{name}.mjs")).go()?;
    }
    Ok(())
}

/// The studio in Chromium, against the real server; writes its figures to docs/performance.md.
fn studio() -> Outcome {
    let chromium = machine::chromium()?;
    build(true)?;
    sh::cargo().args(["build", "-p", "proxy-server"]).go()?;
    npm_install("tests/e2e")?;
    sh::npm("tests/e2e").args(["run", "bench"]).env("SPANDREL_CHROMIUM", chromium).go()
}
