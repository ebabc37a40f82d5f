//! A slip of the finger undone: the word that one letter more, less, other or swapped makes (Damerau 1964).

use std::borrow::Cow;

use super::Words;

/// Shorter words have too many neighbours; of these only swapped letters are put right ("teh").
const LEAST: usize = 4;
/// Longer words are names or no words.
const MOST: usize = 18;

impl Words {
    /// The word that was meant, where `word` (lower case) is unknown and one slip away from a known one.
    ///
    /// Slips are tried from likely to unlikely: swapped, doubled or extra, missing, wrong letter.
    pub(crate) fn spelled<'a>(&self, word: &'a str) -> Cow<'a, str> {
        self.spelled_with(word, true)
    }

    /// [`Self::spelled`], without taking one letter for another: for words that are drawn, where "remote" must not
    /// become "remove".
    pub(crate) fn spelled_carefully<'a>(&self, word: &'a str) -> Cow<'a, str> {
        self.spelled_with(word, false)
    }

    fn spelled_with<'a>(&self, word: &'a str, boldly: bool) -> Cow<'a, str> {
        let letters = word.as_bytes();
        let plain = letters.iter().all(u8::is_ascii_lowercase);
        if !plain || !(3..=MOST).contains(&letters.len()) || self.knows(word) {
            return Cow::Borrowed(word);
        }
        if !boldly
            && (super::english::COMMON.contains(&word)
                || crate::generate::is_verb(word)
                || self.knows(&format!("{word}s")))
        {
            return Cow::Borrowed(word);
        }
        self.neighbour(letters, boldly).map_or(Cow::Borrowed(word), Cow::Owned)
    }

    fn neighbour(&self, letters: &[u8], boldly: bool) -> Option<String> {
        let known = |candidate: &[u8]| {
            let candidate = std::str::from_utf8(candidate).ok()?;
            // Carefully: only what the catalogue can draw.
            let drawn = || spandrel_catalog::lookup(&[candidate]).is_some();
            (self.known.contains(candidate) && (boldly || drawn())).then(|| candidate.to_owned())
        };
        for at in 0..letters.len() - 1 {
            let mut swapped = letters.to_vec();
            swapped.swap(at, at + 1);
            if let Some(word) = known(&swapped) {
                return Some(word);
            }
        }
        if letters.len() < LEAST {
            return None;
        }
        // A first letter is rarely wrong, and a wrong one makes another word.
        for at in 1..letters.len() {
            let mut shorter = letters.to_vec();
            shorter.remove(at);
            if shorter.len() >= LEAST
                && let Some(word) = known(&shorter)
            {
                return Some(word);
            }
        }
        for at in 1..=letters.len() {
            let mut longer = letters.to_vec();
            longer.insert(at, b'a');
            for letter in b'a'..=b'z' {
                longer[at] = letter;
                if let Some(word) = known(&longer) {
                    return Some(word);
                }
            }
        }
        if !boldly || letters.len() < LEAST + 2 {
            return None;
        }
        for at in 1..letters.len() {
            let mut other = letters.to_vec();
            for letter in b'a'..=b'z' {
                other[at] = letter;
                if let Some(word) = known(&other) {
                    return Some(word);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::Data;

    #[test]
    fn slips_are_undone_and_names_are_left_alone() {
        let data = Data::embedded();
        let cases = [
            ("teh", "the"),
            ("delet", "delete"),
            ("cahce", "cache"),
            ("databse", "database"),
            ("architecure", "architecture"),
            ("serverr", "server"),
            ("cache", "cache"),
            ("zorblatt", "zorblatt"),
            ("loki", "loki"),
        ];
        for (typed, meant) in cases {
            assert_eq!(data.words.spelled(typed), meant, "{typed}");
        }
    }
}
