//! What requests state is drawn: the figures of the sets in `tests/assistant` do not fall.
//!
//! `cargo run -p spandrel-assist --example stated -- tests/assistant/stated-1.jsonl` says what is missing, wrong or too much.

use spandrel_assist::Data;

#[path = "stated/score.rs"]
mod score;

/// The least that a set must reach: requests without a fault, connections found; and the most that may be too much.
fn holds(name: &str, right: usize, found: usize, extra: usize) {
    let path = format!("{}/../../../tests/assistant/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let set = score::read(&text);
    let data = Data::embedded();
    let scores: Vec<score::Score> = set.iter().map(|stated| score::score(&data, stated)).collect();
    let sum = |of: &dyn Fn(&score::Score) -> usize| scores.iter().map(of).sum::<usize>();
    let now_right = scores.iter().filter(|score| score.is_right()).count();
    let now_found = sum(&|s| s.connections - s.missing_connections.len());
    let now_extra = sum(&|s| s.extra_connections.len());
    let enough = now_right >= right && now_found >= found && now_extra <= extra;
    assert!(enough, "{name}\n{}", score::report(&set, &scores, false));
}

#[test]
fn what_strangers_state_is_drawn() {
    holds("stated-1.jsonl", 52, 356, 3);
}

#[test]
fn what_older_requests_state_is_drawn() {
    holds("stated-2.jsonl", 11, 208, 52);
}

#[test]
fn what_other_strangers_state_is_drawn() {
    holds("stated-3.jsonl", 18, 230, 24);
}
