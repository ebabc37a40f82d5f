//! The fuzz targets on seeded inputs: a short run on every test run, many seeds with SPANDREL_TEST_LONG=1.

use spandrel_tests::{fuzz, inputs};

fn seeds() -> u64 {
    if std::env::var("SPANDREL_TEST_LONG").is_ok_and(|value| value == "1") { 20_000 } else { 300 }
}

/// Names the input that broke something: it belongs into the corpus.
fn each(target: fn(&[u8]), input: impl Fn(u64) -> String) {
    for seed in 0..seeds() {
        let text = input(seed);
        let outcome = std::panic::catch_unwind(|| target(text.as_bytes()));
        assert!(outcome.is_ok(), "seed {seed} broke it; the input:\n{text:?}");
    }
}

fn mixed(seed: u64) -> String {
    match seed % 3 {
        0 => inputs::pieces(seed, 24),
        1 => inputs::damaged(seed, &inputs::valid(seed, 8)),
        _ => inputs::valid(seed, 6),
    }
}

fn with_key(seed: u64) -> String {
    let keys = ["n0", "n1", "(n0 -> n1)[0]", "n0.style.fill", "a.b", "*", "x y", "", "(a -> b)[0].label"];
    format!("{}\0{}", mixed(seed), keys[(seed % keys.len() as u64) as usize])
}

#[test]
fn parse_ends_with_places_in_the_text() {
    each(fuzz::parse, mixed);
}

#[test]
fn compile_is_deterministic_and_deaf_to_comments() {
    each(fuzz::compile, mixed);
}

#[test]
fn format_is_idempotent_and_keeps_the_meaning() {
    each(fuzz::format, mixed);
}

#[test]
fn edits_have_their_inverse() {
    each(fuzz::edit, with_key);
}

#[test]
fn whatever_compiles_is_drawn() {
    each(fuzz::layout, mixed);
}

#[test]
fn diff_of_a_text_with_itself_is_empty() {
    each(fuzz::diff, |seed| format!("{}\0{}", mixed(seed), mixed(seed + 1)));
}

#[test]
fn repair_keeps_its_promise() {
    each(fuzz::repair, |seed| format!("Here you are:\n```d2\n{}\n```", mixed(seed)));
}
