//! Lays out ELK JSON files natively, for comparing drawings and for profiling.
//!
//! `cargo run --release -p spandrel-elk-json --example lay_out -- IN… OUT`: every file `IN` becomes
//! `OUT/<its name>`. With `--seconds N`, a layout is stopped after N seconds and what there is is written.
#![allow(clippy::print_stderr, reason = "a tool for people")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use spandrel_base::{Budget, Limits};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut limit = Duration::from_mins(10);
    if paths.first().is_some_and(|p| p == Path::new("--seconds")) {
        paths.remove(0);
        limit = Duration::from_secs_f64(paths.remove(0).to_string_lossy().parse()?);
    }
    let out = paths.pop().ok_or("give files and a folder")?;
    std::fs::create_dir_all(&out)?;
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let start = Instant::now();
        let over = || start.elapsed() > limit;
        let budget = Budget::interruptible(Limits::default(), &over);
        let drawn = spandrel_elk_json::layout(&text, "", &budget);
        let took = start.elapsed();
        let name = path.file_name().ok_or("a folder is no graph")?;
        eprintln!("{:9.2} ms  {}", took.as_secs_f64() * 1000.0, name.to_string_lossy());
        match drawn {
            Ok(drawn) => std::fs::write(out.join(name), drawn)?,
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    Ok(())
}
