//! Mends damaged answers from standard input, apart by lines of `=== NAME`; prints what became of each.

use std::io::{Read, Write};

use spandrel_assist::repair;

fn main() -> std::io::Result<()> {
    let mut text = String::from("\n");
    std::io::stdin().read_to_string(&mut text)?;
    let mut out = std::io::stdout();
    for case in text.split("\n=== ").skip(1) {
        let (name, damaged) = case.split_once('\n').unwrap_or((case, ""));
        let found = repair(damaged);
        writeln!(out, "=== {name}\nok: {}; {}\n{}", found.ok, found.changes.join("; "), found.source)?;
        if let Some(prompt) = found.prompt {
            writeln!(out, "--- prompt\n{prompt}\n")?;
        }
    }
    Ok(())
}
