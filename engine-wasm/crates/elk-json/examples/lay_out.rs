//! Lays out ELK JSON files natively, for comparing drawings and for profiling.
//!
//! `cargo run --release -p spandrel-elk-json --example lay_out -- IN… OUT`: every file `IN` becomes
//! `OUT/<its name>`. With `--seconds N`, a layout is stopped after N seconds and what there is is written.
//! With `--spend N`, every layout is repeated for N milliseconds and the fastest run is told: other work on the
//! machine only adds, and a profile of the whole run gives every graph the same weight.
#![allow(clippy::print_stderr, reason = "a tool for people")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use spandrel_base::{Budget, Limits};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut option = |name: &str| -> Result<Option<f64>, std::num::ParseFloatError> {
        let Some(at) = paths.iter().position(|p| p == Path::new(name)).filter(|at| at + 1 < paths.len())
        else {
            return Ok(None);
        };
        let value = paths.drain(at..=at + 1).next_back();
        value.map(|value| value.to_string_lossy().parse()).transpose()
    };
    let limit = Duration::from_secs_f64(option("--seconds")?.unwrap_or(600.0));
    let spend = Duration::from_secs_f64(option("--spend")?.unwrap_or(0.0) / 1000.0);
    let out = paths.pop().ok_or("give files and a folder")?;
    std::fs::create_dir_all(&out)?;
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let begun = Instant::now();
        let mut fastest = Duration::MAX;
        let drawn = loop {
            let start = Instant::now();
            let over = || start.elapsed() > limit;
            let budget = Budget::interruptible(Limits::default(), &over);
            let drawn = spandrel_elk_json::layout(&text, "", &budget);
            fastest = fastest.min(start.elapsed());
            if begun.elapsed() >= spend {
                break drawn;
            }
        };
        let name = path.file_name().ok_or("a folder is no graph")?;
        eprintln!("{:9.4} ms  {}", fastest.as_secs_f64() * 1000.0, name.to_string_lossy());
        match drawn {
            Ok(drawn) => std::fs::write(out.join(name), drawn)?,
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    Ok(())
}
