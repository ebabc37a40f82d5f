//! Changes diagrams as wishes ask: `update DIAGRAMS_DIR < edits.txt`, a line `diagram | wish`; prints what changed in each.

use std::io::{BufRead, Write};

use spandrel_assist::{Data, generate};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let data = Data::embedded();
    let mut out = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let Some((name, wish)) = line.split_once(" | ").filter(|_| !line.starts_with('#')) else { continue };
        let before = std::fs::read_to_string(format!("{folder}/{name}.d2"))?;
        let made = generate(&data, wish, Some(&before));
        writeln!(out, "\n== {name}: {wish}\n   {}", made.message.replace('\n', " "))?;
        // A line that is in one text and not in the other, in the order of the texts.
        let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), made.source.lines().collect());
        for gone in old.iter().filter(|line| !new.contains(line)) {
            writeln!(out, "   - {gone}")?;
        }
        for added in new.iter().filter(|line| !old.contains(line)) {
            writeln!(out, "   + {added}")?;
        }
    }
    Ok(())
}
