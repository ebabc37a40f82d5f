//! Benchmarks that hold peers and Spandrel in one process, and print ratios.

use crate::build::{build, npm_install};
use crate::sh::{self, Outcome};

/// Runs the named benchmark, or all of them.
pub(crate) fn bench(what: Option<&str>) -> Outcome {
    if what.is_none_or(|wanted| wanted == "proxy") {
        println!("── bench proxy");
        sh::cargo().args(["bench", "-p", "proxy-server", "--bench", "proxy"]).go()?;
        if what.is_some() {
            return Ok(());
        }
    }
    build(false)?;
    npm_install("tests/bench")?;
    let all = ["layout", "quality", "pipeline", "assist"];
    let chosen: Vec<&str> =
        all.into_iter().filter(|name| what.is_none_or(|wanted| wanted == *name)).collect();
    if chosen.is_empty() {
        return Err(format!("no benchmark of that name; there are: {}, proxy", all.join(", ")));
    }
    for name in chosen {
        println!("── bench {name}");
        sh::command("node").arg(format!("tests/bench/{name}.mjs")).go()?;
    }
    Ok(())
}
