//! One function of the engine on standard input, timed, for a profiler: `call diagram 20 < source.d2`.
//! `tests/bench/hostile.mjs --write FOLDER` gives sources made to hurt.
#![allow(clippy::print_stdout, reason = "a program speaks on standard output")]

use std::hint::black_box;
use std::io::Read as _;
use std::time::Instant;

use spandrel_engine::wire::{Op, Options};
use spandrel_engine::{Document, Engine};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let door = arguments.next().unwrap_or_default();
    let times: u32 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut source = String::new();
    if std::io::stdin().read_to_string(&mut source).is_err() {
        println!("standard input is no text");
        return;
    }
    let mut options = Options::default();
    if door.starts_with("edited") {
        // `edited` draws the source with one object more, `edited-held` close to the drawing without it.
        // A third argument is the object that leads to it.
        let near = arguments.next().or_else(|| source.split_whitespace().next().map(str::to_owned));
        if door == "edited-held" {
            options.previous = Some(Engine::native().drawing(&source, &options));
        }
        source.push_str(&format!("\n{} -> newcomer\n", near.unwrap_or_default()));
    }
    let start = Instant::now();
    for _ in 0..times {
        call(&door, &source, &options);
    }
    println!("{:.1} ms", start.elapsed().as_secs_f64() * 1000.0 / f64::from(times));
}

fn call(door: &str, source: &str, options: &Options) {
    let engine = Engine::native();
    let board = None;
    match door {
        "compile" => drop(black_box(engine.compile_json(source, options))),
        "validate" => drop(black_box(engine.validate(source, options))),
        "format" => drop(black_box(engine.format(source))),
        "set" => {
            let op = Op::Set { board, key: "n1".into(), value: Some("y".into()), tag: None };
            drop(black_box(engine.edit(source, &op, options)));
        }
        "delete" => {
            let op = Op::Delete { board, key: "n1".into(), with_children: false };
            drop(black_box(engine.edit(source, &op, options)));
        }
        "rename" => {
            let op = Op::Rename { board, key: "a".into(), new_name: "renamed".into() };
            drop(black_box(engine.edit(source, &op, options)));
        }
        "diff" => drop(black_box(engine.diff("x", source, options))),
        "diff-line" => drop(black_box(engine.diff(source, &format!("{source}\nlast\n"), options))),
        "diagram" | "edited" | "edited-held" => drop(black_box(engine.diagram(source, options))),
        "repair" => drop(black_box(engine.repair(source))),
        "document" => {
            let mut document = Document::open(source, options);
            let _ = black_box(document.diagnostics(&engine));
            let _ = black_box(document.outline(&engine));
            let _ = black_box(document.tokens(&engine, 0, 2000));
            document.replace(&engine, source.len(), source.len(), "\nlast\n");
            let _ = black_box(document.diagnostics(&engine));
        }
        other => println!("there is no `{other}`"),
    }
}
