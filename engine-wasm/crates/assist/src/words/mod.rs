//! The words of requests, from `data/words`: small English words, what words are about, and other languages.
//!
//! - [`english`]: fillers, heads, relations, as constants, because the grammar works without a data file;
//! - [`Words`]: topics and languages, which only the assistant's data file holds;
//! - [`Words::in_english`]: a request in another language, word by word in English, so that one grammar serves all;
//! - [`Words::spelled`]: a mistyped word as it was meant.

pub(crate) mod english;
mod languages;
mod spelling;

use std::collections::{BTreeMap, BTreeSet};

use languages::Language;

/// What words are about and how other languages say them.
#[derive(Debug, Default)]
pub struct Words {
    /// Word → tag of `topics.txt`.
    topics: BTreeMap<String, String>,
    languages: Vec<Language>,
    /// Every single English word that something here or in the catalogue knows.
    known: BTreeSet<String>,
}

impl Words {
    /// Reads the two tables as they stand in `data/words`; lines that are neither comment nor entry are skipped.
    pub(crate) fn read(topics: &str, languages: &str) -> Self {
        let mut words = Self { languages: languages::read(languages), ..Self::default() };
        for line in lines(topics) {
            let Some((tag, list)) = line.split_once(": ") else { continue };
            for word in list.split_whitespace() {
                words.topics.entry(word.to_owned()).or_insert_with(|| tag.to_owned());
            }
        }
        words.known.extend(words.topics.keys().cloned());
        words.known.extend(english::FREQUENT.iter().map(|word| (*word).to_owned()));
        words.known.extend(english::STOP.iter().map(|word| (*word).to_owned()));
        words.known.extend(english::ADJECTIVES.iter().map(|word| (*word).to_owned()));
        let heads = words.languages.iter().flat_map(Language::heads);
        words.known.extend(heads.flat_map(|head| head.split(' ')).map(str::to_owned).collect::<Vec<_>>());
        words
            .known
            .extend(spandrel_catalog::phrases().flat_map(|phrase| phrase.split(' ')).map(str::to_owned));
        words
    }

    /// The tag of a word in lower case; a plural has its singular's.
    pub(crate) fn topic(&self, word: &str) -> Option<&str> {
        let found = self.topics.get(word).or_else(|| self.topics.get(&spandrel_catalog::singular(word)));
        found.map(String::as_str)
    }

    /// Whether an English word of this spelling (lower case) is known here or to the catalogue.
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.known.contains(word) || self.known.contains(&spandrel_catalog::singular(word))
    }
}

/// Lines that say something.
fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}
