//! Times parse and compile of generated sources, and of hostile ones: `cargo run --release --example time`.

#![allow(
    clippy::print_stdout,
    clippy::format_collect,
    reason = "a tool that prints, on sources that it makes"
)]

use std::time::Instant;

use spandrel_base::Budget;

fn main() {
    for count in [20, 200, 1000, 3000, 6000] {
        let source = connections(count);
        report(&format!("{count} connections"), &source);
    }
    report(
        "3000 with globs",
        &format!("*.style.fill: red\n(* -> *)[*].style.stroke: blue\n{}", connections(3000)),
    );
    report("1000 nested with **", &format!("**.style.fill: red\n{}", nested(1000)));
    report("nesting 100000", &"a: {".repeat(100_000));
    report("arrays 100000", &format!("a: {}", "[".repeat(100_000)));
    report("path 100000", &"a.".repeat(100_000));
    report("edges chain 20000", &"a -> ".repeat(20_000));
    report("substitution bomb", &bomb());
    report(
        "glob bomb",
        &format!("{}\n* -> *\n** -> **\n", (0..3000).map(|i| format!("n{i}\n")).collect::<String>()),
    );
    report("scenario bomb", &scenarios(14));
    report("10 MB line", &"x".repeat(10 << 20));
    report("3 MB line", &"x ".repeat(3 << 19));
    report("3 MB of keys", &(0..300_000).map(|i| format!("n{i};")).collect::<String>());
    report("many globs", &(0..500).map(|i| format!("*.a{i}.b: x\n")).collect::<String>());
    report("quotes", &"\"".repeat(100_000));
    report("dollars", &format!("x: {}", "${".repeat(50_000)));
    report("block", &format!("x: {}", "|".repeat(200_000)));
}

fn report(name: &str, source: &str) {
    let start = Instant::now();
    let tree = spandrel_syntax::parse(source);
    let parsed = start.elapsed();
    let output = spandrel_compile::compile(source, &(), &Budget::default());
    let all = start.elapsed();
    println!(
        "{name}: parse {:.2} ms, parse and compile {:.2} ms, {} nodes, {} edges, first problem: {:?}",
        parsed.as_secs_f64() * 1e3,
        all.saturating_sub(parsed).as_secs_f64() * 1e3,
        output.diagram.root.nodes.len(),
        output.diagram.root.edges.len(),
        output.diagnostics.first().or(tree.diagnostics().first()).map(|d| (d.code, d.message.clone())),
    );
}

fn connections(count: usize) -> String {
    let objects = (count * 2 / 3).max(4);
    (0..count)
        .map(|i| {
            let (a, b) = (i % objects, (i * 7 + 3) % objects);
            format!(
                "group{}.node{a}: Node {a}\ngroup{}.node{a} -> group{}.node{b}: label {i}\n",
                a % 20,
                a % 20,
                b % 20
            )
        })
        .collect()
}

fn nested(count: usize) -> String {
    (0..count).map(|i| format!("a{}.b{}.c{i}\n", i % 10, i % 100)).collect()
}

fn bomb() -> String {
    let mut source = String::from("vars: {\n  v0: lol\n");
    for i in 1..40 {
        source += &format!("  v{i}: ${{v{0}}}-${{v{0}}}-${{v{0}}}\n", i - 1);
    }
    source + "}\nx: ${v39}\n"
}

fn scenarios(depth: usize) -> String {
    let mut source = String::from("a -> b\n");
    for i in 0..depth {
        source += &format!("scenarios: {{\n s{i}: {{ n{i}\n }}\n t{i}: {{ m{i}\n");
    }
    source + &"}\n}\n".repeat(depth)
}
