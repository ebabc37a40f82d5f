//! Packs the readable tables of `data/` into one file, `assist.bin`: what `Data::load` reads (see `src/data.rs`
//! for the format). The library embeds it where the feature `embedded-data` asks for it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    pattern: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    id: String,
    title: String,
    words: Vec<String>,
    groups: Vec<String>,
    nodes: Vec<String>,
    edges: Vec<String>,
    #[serde(default)]
    services: String,
    /// Its services are samples: those that a request names take their place.
    #[serde(default)]
    samples: bool,
    /// The whole of it stands in one place, and a place that a request draws is that place.
    #[serde(default)]
    place: bool,
    /// Below 1 for patterns whose words are common: a special pattern wins over them.
    weight: Option<f64>,
    #[serde(default)]
    story: Vec<String>,
    #[serde(default)]
    why: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    entry: std::collections::BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    words: Vec<String>,
    text: String,
    source: String,
}

/// `words/clauses.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clauses {
    verbs: std::collections::BTreeMap<String, Vec<String>>,
    irregular: std::collections::BTreeMap<String, Vec<String>>,
    prepositions: std::collections::BTreeMap<String, Vec<String>>,
    joining: std::collections::BTreeMap<String, Vec<String>>,
    things: std::collections::BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct English {
    stop: Vec<String>,
    adjectives: Vec<String>,
    subject_heads: Vec<String>,
    generic_heads: Vec<String>,
    ambiguous: Vec<String>,
    frequent: Vec<String>,
    verbs: Vec<String>,
    carries: Vec<String>,
    handles: Vec<String>,
    things: Vec<String>,
    together: Vec<String>,
    chooses: Vec<String>,
    names_too: Vec<String>,
    bare_heads: Vec<String>,
    common: Vec<String>,
    periods: Vec<String>,
    tells: Vec<String>,
    asking: Vec<String>,
    works: Vec<String>,
    takes: Vec<String>,
    gets: Vec<String>,
    unfinished: Vec<String>,
    hanging: Vec<String>,
    material: Vec<String>,
    pointers: Vec<String>,
    changes: Vec<String>,
    qualities: Vec<String>,
    simple: Vec<String>,
    spared: Vec<String>,
    negations: Vec<String>,
    /// Phrase, who acts (`before` or `after`), label, line (`solid` or `dashed`).
    relations: Vec<[String; 4]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asking {
    say: Vec<std::collections::BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    ask: Vec<Ask>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    fact: String,
    phrases: Vec<String>,
}

const RECORD: &str = "\u{1e}";
const FIELD: &str = "\u{1f}";
const ITEM: &str = "\u{1d}";

fn main() {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build.rs");
    let data = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("data");
    let mut out: Vec<u8> = b"SPDA\x01".to_vec();
    section(&mut out, *b"PATT", patterns(&data.join("patterns")).as_bytes());
    section(&mut out, *b"KNOW", knowledge(&data.join("knowledge")).as_bytes());
    section(&mut out, *b"SAYS", asking(&read(&data.join("words/asking.toml"))).as_bytes());
    section(&mut out, *b"TOPC", table(&data.join("words/topics.txt")).as_bytes());
    section(&mut out, *b"LANG", table(&data.join("words/languages.txt")).as_bytes());
    // Written by `cargo run -p spandrel-assist --example intents -- train`; without it there is no vector stage.
    if let Ok(model) = fs::read(data.join("intents.bin")) {
        section(&mut out, *b"INTM", &model);
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(target.join("assist.bin"), out).expect("the build folder can be written");
    let mut words = english(&read(&data.join("words/english.toml")));
    words.push_str(&questions(&read(&data.join("words/questions.toml"))));
    words.push_str(&clauses(&read(&data.join("words/clauses.toml"))));
    fs::write(target.join("english.rs"), words).expect("the build folder can be written");
}

fn section(out: &mut Vec<u8>, tag: [u8; 4], payload: &[u8]) {
    out.extend_from_slice(&tag);
    out.extend_from_slice(&u32::try_from(payload.len()).expect("a section is small").to_le_bytes());
    out.extend_from_slice(payload);
}

fn patterns(folder: &Path) -> String {
    let mut records = Vec::new();
    for file in toml_files(folder) {
        for p in read::<Patterns>(&file).pattern {
            let lists =
                [&p.words, &p.groups, &p.nodes, &p.edges, &p.story, &p.why].map(|list| list.join(ITEM));
            let flags = [("samples", p.samples), ("place", p.place)];
            let flags: Vec<&str> = flags.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect();
            let weight = p.weight.unwrap_or(1.0).to_string();
            records.push(
                [&[p.id, p.title, p.services, weight, flags.join(ITEM)][..], &lists[..]].concat().join(FIELD),
            );
        }
    }
    records.join(RECORD)
}

fn knowledge(folder: &Path) -> String {
    let mut records = Vec::new();
    for file in toml_files(folder) {
        for (id, e) in read::<Entries>(&file).entry {
            records.push([id, e.words.join(ITEM), e.text, e.source].join(FIELD));
        }
    }
    records.join(RECORD)
}

/// A table of lines without its comments.
fn table(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    lines.join("\n")
}

/// The constants of `words::english`.
fn english(words: &English) -> String {
    let mut out = String::new();
    let lists: [(&str, &str, &[String]); 29] = [
        ("STOP", "Never part of a name.", &words.stop),
        ("ADJECTIVES", "Describe without naming: dropped from labels of parts.", &words.adjectives),
        ("SUBJECT_HEADS", "Heads that name the whole system rather than a part of it.", &words.subject_heads),
        ("GENERIC_HEADS", "Components whose head takes the words before it as a name.", &words.generic_heads),
        ("AMBIGUOUS", "Verbs or fillers unless a name stands around them.", &words.ambiguous),
        ("VERBS", "What parts do to each other.", &words.verbs),
        ("CARRIES", "Verbs that pass something on.", &words.carries),
        ("THINGS", "Verbs whose bare form is a thing more often.", &words.things),
        ("TOGETHER", "Verbs that are done with somebody.", &words.together),
        ("CHOOSES", "Verbs that take one of several.", &words.chooses),
        ("NAMES_TOO", "Fillers that name something right before its head.", &words.names_too),
        ("COMMON", "Common words that are no slip of the finger.", &words.common),
        ("BARE_HEADS", "Heads that name a part by themselves behind an article.", &words.bare_heads),
        ("PERIODS", "Words of time that name a job.", &words.periods),
        ("TELLS", "Verbs that are done to people.", &words.tells),
        ("ASKING", "Words of a question that name no part.", &words.asking),
        ("HANDLES", "Verbs whose object is worked on and no part.", &words.handles),
        ("WORKS", "Heads of what does something with things that are passed on.", &words.works),
        ("TAKES", "Verbs that take work from a queue.", &words.takes),
        ("GETS", "Verbs that get something from somebody.", &words.gets),
        (
            "FREQUENT",
            "Their own meaning matters more to the intent than their being a word.",
            &words.frequent,
        ),
        ("UNFINISHED", "Words that no sentence ends with.", &words.unfinished),
        (
            "HANGING",
            "Words that a request which could not be understood hardly ends with, beside `unfinished`.",
            &words.hanging,
        ),
        ("MATERIAL", "Words for material that is not there.", &words.material),
        ("POINTERS", "Words that point at something said or shown before.", &words.pointers),
        ("CHANGES", "Words that ask for a change.", &words.changes),
        ("QUALITIES", "Directions without content.", &words.qualities),
        ("SIMPLE", "Words that ask for a small drawing.", &words.simple),
        ("SPARED", "Components that a small drawing goes without.", &words.spared),
    ];
    for (name, what, list) in lists {
        out.push_str(&format!("/// {what}\npub(crate) const {name}: &[&str] = &{list:?};\n\n"));
    }
    let negations: Vec<Vec<&str>> =
        words.negations.iter().map(|phrase| phrase.split(' ').collect()).collect();
    out.push_str(
        "/// Words that take the part after them out.\npub(crate) const NEGATIONS: &[&[&str]] = &[\n",
    );
    for phrase in negations {
        out.push_str(&format!("    &{phrase:?},\n"));
    }
    out.push_str("];\n\n/// How two parts meet: phrase, who acts, label, dashed.\n");
    out.push_str("pub(crate) const RELATIONS: &[(&str, Direction, &str, bool)] = &[\n");
    for [phrase, acts, label, line] in &words.relations {
        let direction = if acts == "before" { "Forward" } else { "Backward" };
        out.push_str(&format!(
            "    ({phrase:?}, Direction::{direction}, {label:?}, {}),\n",
            line == "dashed"
        ));
    }
    out.push_str("];\n");
    out
}

/// What questions ask of a diagram: the fact, and its phrases as words.
fn questions(questions: &Questions) -> String {
    let mut out = String::from("\n/// What a question asks: the fact, and phrases that call it.\n");
    out.push_str("pub(crate) const ASKS: &[(&str, &[&[&str]])] = &[\n");
    for Ask { fact, phrases } in &questions.ask {
        let phrases: Vec<Vec<&str>> = phrases.iter().map(|phrase| phrase.split(' ').collect()).collect();
        let phrases: Vec<String> = phrases.iter().map(|phrase| format!("&{phrase:?}")).collect();
        out.push_str(&format!("    ({fact:?}, &[{}]),\n", phrases.join(", ")));
    }
    out.push_str("];\n");
    out
}

/// Verbs with the frames they may have, irregular forms, prepositions with what they say, and nouns of things; each sorted.
fn clauses(clauses: &Clauses) -> String {
    let title = |name: &str| name[..1].to_uppercase() + &name[1..];
    let mut verbs: std::collections::BTreeMap<&str, Vec<String>> = std::collections::BTreeMap::new();
    for (frame, list) in &clauses.verbs {
        for verb in list.iter().filter(|verb| !verb.contains(' ')) {
            let frames = verbs.entry(verb).or_default();
            let frame = format!("Frame::{}", title(frame));
            if !frames.contains(&frame) {
                frames.push(frame);
            }
        }
    }
    let mut out = String::from("\n/// Verbs in the base form, sorted, with their frames.\n");
    out.push_str("pub(crate) const VERB_FRAMES: &[(&str, &[Frame])] = &[\n");
    for (verb, frames) in verbs {
        out.push_str(&format!("    ({verb:?}, &[{}]),\n", frames.join(", ")));
    }
    out.push_str("];\n\n/// Irregular verbs: base, past, participle.\n");
    out.push_str("pub(crate) const IRREGULAR: &[[&str; 3]] = &[\n");
    for forms in clauses.irregular.values().flatten() {
        let forms: Vec<&str> = forms.split(' ').collect();
        out.push_str(&format!("    {forms:?},\n"));
    }
    out.push_str("];\n\n/// Prepositions, the longest first, with what they say.\n");
    out.push_str("pub(crate) const PREPOSITIONS: &[(&[&str], Place)] = &[\n");
    let mut all: Vec<(Vec<&str>, String)> = clauses
        .prepositions
        .iter()
        .flat_map(|(place, list)| list.iter().map(|phrase| (phrase.split(' ').collect(), title(place))))
        .collect();
    all.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    for (words, place) in all {
        out.push_str(&format!("    (&{words:?}, Place::{place}),\n"));
    }
    let list = |lists: &std::collections::BTreeMap<String, Vec<String>>| {
        lists.values().flatten().cloned().collect::<std::collections::BTreeSet<String>>()
    };
    out.push_str("];\n\n/// Words that begin a clause of their own.\n");
    out.push_str(
        &format!("pub(crate) const JOINING: &[&str] = &{:?};\n", list(&clauses.joining))
            .replace('{', "[")
            .replace('}', "]"),
    );
    for (name, what, key) in [
        ("DATA", "Nouns of what flows", "data"),
        ("PEOPLE", "Nouns of people", "people"),
        ("MADE", "Participles before what something is made of", "made"),
    ] {
        let words: std::collections::BTreeSet<&String> = clauses.things[key].iter().collect();
        out.push_str(&format!("\n/// {what}, sorted.\n"));
        out.push_str(
            &format!("pub(crate) const {name}: &[&str] = &{words:?};\n").replace('{', "[").replace('}', "]"),
        );
    }
    out
}

/// Sentences by id and language: id, language, sentence.
fn asking(asking: &Asking) -> String {
    let mut records = Vec::new();
    for sentences in &asking.say {
        let id = sentences.get("id").expect("a sentence has an id");
        assert!(sentences.contains_key("en"), "{id} has no English sentence");
        let by_language = sentences.iter().filter(|(language, _)| *language != "id");
        records.extend(by_language.map(|(language, sentence)| [id.as_str(), language, sentence].join(FIELD)));
    }
    records.join(RECORD)
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
