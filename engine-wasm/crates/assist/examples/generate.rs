//! Draws requests from standard input, one a line, into files: `generate OUT_DIR < requests.txt`.

use std::io::{BufRead, Write};

use spandrel_assist::{Data, generate};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let data = Data::embedded();
    let mut out = std::io::stdout();
    for (index, line) in std::io::stdin().lock().lines().enumerate() {
        let query = line?;
        let made = generate(&data, &query, None);
        let index = index + 1;
        std::fs::write(format!("{folder}/{index:02}.d2"), &made.source)?;
        std::fs::write(format!("{folder}/{index:02}.txt"), format!("{query}\n\n{}\n", made.message))?;
        writeln!(out, "{index:02} {query}\n   {}", made.message.lines().next().unwrap_or(""))?;
    }
    Ok(())
}
