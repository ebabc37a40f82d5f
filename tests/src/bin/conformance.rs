//! Runs cases of D2's behaviour and writes what the engine makes of each: `conformance IN.jsonl OUT.jsonl`.
//!
//! A case that crashes or does not end in time is a result like any other.

use std::io::Write as _;
use std::process::ExitCode;

use spandrel_tests::conformance;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else {
        eprintln_line("usage: conformance IN.jsonl OUT.jsonl");
        return ExitCode::from(2);
    };
    match run(input, output) {
        Ok(count) => {
            eprintln_line(&format!("{count} cases"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln_line(&format!("conformance: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn eprintln_line(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn run(input: &str, output: &str) -> std::io::Result<usize> {
    let cases = std::fs::read_to_string(input)?;
    let mut out = std::io::BufWriter::new(std::fs::File::create(output)?);
    // Panics are results; their messages would only hide the summary.
    std::panic::set_hook(Box::new(|_| {}));
    let mut count = 0;
    for line in cases.lines().filter(|line| !line.trim().is_empty()) {
        writeln!(out, "{}", conformance::answer(line))?;
        count += 1;
    }
    out.flush()?;
    Ok(count)
}
