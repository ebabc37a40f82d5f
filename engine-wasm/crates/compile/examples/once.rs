//! Compiles standard input a number of times, for a profiler: `once 20 < source.d2`.

use std::io::Read as _;

use spandrel_base::Budget;

fn main() {
    let times = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut source = String::new();
    if std::io::stdin().read_to_string(&mut source).is_err() {
        return;
    }
    for _ in 0..times {
        std::hint::black_box(spandrel_compile::compile(&source, &(), &Budget::default()));
    }
}
