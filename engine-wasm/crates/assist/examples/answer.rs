//! Asks questions from standard input, one a line, about a diagram: `answer DIAGRAM.d2 < questions.txt`.

use std::io::{BufRead, Write};

use spandrel_assist::{Data, answer};

fn main() -> std::io::Result<()> {
    let source = match std::env::args().nth(1) {
        Some(path) => Some(std::fs::read_to_string(path)?),
        None => None,
    };
    let data = Data::embedded();
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let query = line?;
        let found = answer(&data, &query, source.as_deref());
        let known = if found.known { "" } else { " (not known)" };
        writeln!(out, "## {query}{known}\n{}\n", found.message)?;
    }
    Ok(())
}
