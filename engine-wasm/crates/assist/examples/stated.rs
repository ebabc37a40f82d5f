//! Draws the requests of sets in `tests/assistant` and says what of them is missing, wrong or too much:
//! `cargo run -p spandrel-assist --example stated -- tests/assistant/stated-1.jsonl` (`--all`: the faultless ones too).

use std::io::Write;

use spandrel_assist::Data;

#[path = "../tests/stated/score.rs"]
mod score;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let all = arguments.iter().any(|argument| argument == "--all");
    let data = Data::embedded();
    for path in arguments.iter().filter(|argument| !argument.starts_with("--")) {
        let set = score::read(&std::fs::read_to_string(path)?);
        let scores: Vec<score::Score> = set.iter().map(|stated| score::score(&data, stated)).collect();
        write!(std::io::stdout(), "{path}\n{}", score::report(&set, &scores, all))?;
    }
    Ok(())
}
