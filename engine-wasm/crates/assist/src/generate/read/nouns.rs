//! Nouns with their determiners, and pronouns.

use super::super::containers::place_words;
use super::super::mentions::phrase_at;
use super::super::tokens::Token;
use super::super::traffic::is_format;
use super::lexicon::{self, Form};
use super::phrases::{Noun, Phrase, Pronoun, Reader, Voice};
use crate::words::english::{ADJECTIVES, Frame, JOINING, PERIODS, SEVERAL, number};

/// Words for several of what follows "of".
const COLLECTIONS: &[&str] = &[
    "fleet",
    "set",
    "pool",
    "group",
    "pair",
    "bunch",
    "series",
    "array",
    "number",
    "couple",
    "handful",
    "dozen",
    "farm",
    "replicas",
    "instances",
    "copies",
    "cluster",
];

impl Reader<'_> {
    pub(super) fn pronoun(&mut self, at: usize) -> Option<usize> {
        let token = &self.tokens[at];
        let next = |words: &[&str]| self.is(at + 1, words);
        let small =
            |at: usize| self.token(at).and_then(|t| number(&t.lower)).filter(|&n| (2..=9).contains(&n));
        let verb_next = |at: usize| {
            self.token(at).is_none_or(|t| {
                !t.is_word()
                    || lexicon::is_be(t)
                    || lexicon::is_have(t)
                    || lexicon::is_modal(t)
                    || lexicon::is_adverb(t)
                    || t.is(&["and", "or"])
                    || lexicon::preposition(self.tokens, at).is_some()
                    || lexicon::verb(&t.lower).is_some()
            })
        };
        let (pronoun, length) = if token.is(&["it", "it's", "itself", "he", "she", "him"]) {
            (Pronoun::It, 1)
        } else if token.is(&["they", "them", "themselves"]) {
            if next(&["all"]) || next(&["both"]) { (Pronoun::They, 2) } else { (Pronoun::They, 1) }
        } else if token.is(&["we", "i", "you", "me", "us", "u", "i'd", "i'm", "we're", "everyone", "anyone"])
        {
            (Pronoun::People, 1)
        } else if token.is(&["the"]) && next(&["latter", "former"]) && verb_next(at + 2) {
            (if next(&["latter"]) { Pronoun::Latter } else { Pronoun::Former }, 2)
        } else if token.is(&["latter"]) {
            (Pronoun::Latter, 1)
        } else if token.is(&["that", "this"]) && next(&["one"]) {
            (Pronoun::It, 2)
        } else if token.is(&["the"]) && next(&["other", "others", "rest"]) && verb_next(at + 2) {
            (Pronoun::One, 2)
        } else if token.is(&["one"]) && verb_next(at + 1) && !self.joined_to_number(at) {
            (Pronoun::One, 1)
        } else if token.is(&["both"]) && verb_next(at + 1) && !self.after_noun() {
            let of = usize::from(next(&["of"])) * 2;
            (Pronoun::Last(2), 1 + of)
        } else if token.is(&["all", "those", "these", "the"]) && small(at + 1).is_some() && verb_next(at + 2)
        {
            let of = self.is(at + 2, &["of"]) && self.is(at + 3, &["them", "these", "those"]);
            (Pronoun::Last(small(at + 1).unwrap_or(2)), 2 + 2 * usize::from(of))
        } else if token.is(&["all"]) && next(&["of"]) && self.is(at + 2, &["them", "these", "those"]) {
            (Pronoun::They, 3)
        } else if token.is(&["all", "these", "those"])
            && verb_next(at + 1)
            && !self.after_noun()
            && !self.token(at + 1).is_some_and(|t| lexicon::is_data(&t.lower))
        {
            (Pronoun::They, 1)
        } else if token.is(&["this", "that"]) && verb_next(at + 1) && !self.after_noun() {
            (Pronoun::It, 1)
        } else if token.is(&["each"]) && verb_next(at + 1) {
            (Pronoun::Each, 1)
        } else if token.is(&["there"]) && matches!(self.last(), Some(Phrase::Place(_))) {
            (Pronoun::There, 1)
        } else {
            return None;
        };
        let index = self.nouns.len();
        self.nouns.push(Noun {
            start: at,
            end: at + length,
            definite: true,
            indefinite: false,
            negated: false,
            each: pronoun == Pronoun::Each,
            count: 1,
            pronoun: Some(pronoun),
            protocol: false,
            plural: false,
        });
        self.push(Phrase::Noun(index));
        self.state.several = !matches!(
            pronoun,
            Pronoun::It | Pronoun::One | Pronoun::Each | Pronoun::Latter | Pronoun::Former | Pronoun::There
        );
        self.state.noun = true;
        // "it's"
        if self.tokens[at].is(&["it's", "that's", "he's", "she's"]) {
            self.push_verb(&[Frame::Stands], Voice::Active, false, at, Form::Third);
        }
        Some(at + length)
    }

    /// "one", where no number is listed: "one drained by …".
    pub(super) fn joined_to_number(&self, at: usize) -> bool {
        at > 0 && self.is(at - 1, &["only", "just"])
    }

    /// A noun: determiners, numbers and adjectives, then words until something else begins.
    pub(super) fn noun(&mut self, at: usize) -> usize {
        let mut noun = Noun {
            start: at,
            end: at,
            definite: false,
            indefinite: false,
            negated: false,
            each: false,
            count: 1,
            pronoun: None,
            protocol: false,
            plural: false,
        };
        let mut i = at;
        while let Some(token) = self.token(i).filter(|t| t.is_word() && !t.quoted) {
            if lexicon::is_definite(token) {
                noun.definite = true;
            } else if token.is(&["no"]) {
                noun.negated = true;
            } else if lexicon::is_indefinite(token) {
                noun.indefinite |= !token.is(&["both", "all", "my", "your"]);
                noun.each |= token.is(&["each", "every"]);
                if token.is(&["several", "many", "multiple", "few"]) {
                    noun.count = number(&token.lower).unwrap_or(1);
                }
            } else if let Some(count) =
                number(&token.lower).filter(|_| self.token(i + 1).is_some_and(Token::is_word))
            {
                noun.count = count.max(1);
            } else if lexicon::is_adverb(token)
                && !(token.is(PERIODS) && self.token(i + 1).is_some_and(Token::is_word))
            {
            } else {
                break;
            }
            i += 1;
        }
        // "a fleet of transcoders"
        while self.is(i, COLLECTIONS) && self.is(i + 1, &["of"]) {
            noun.count = SEVERAL;
            i += 2;
        }
        let collection = noun.count == SEVERAL;
        // "an Orders view": whatever ends in "s" is one thing.
        let single = at < i && self.is(at, &["a", "an", "another", "each", "every"]);
        let determined = i > at;
        noun.start = i;
        let tokens = self.tokens;
        while let Some(token) = tokens.get(i).filter(|t| t.is_word()) {
            let first = i == noun.start;
            let stops = |token: &Token| {
                token.is(&[
                    "and", "or", "plus", "then", "which", "who", "whose", "where", "it", "they", "we", "you",
                    "that", "both", "each", "per",
                ]) || lexicon::is_definite(token)
                    || (lexicon::is_indefinite(token) && !token.is(&["other", "one", "more"]))
                    || lexicon::is_be(token)
                    || lexicon::is_have(token)
                    || lexicon::is_modal(token)
                    || token.is(&["not", "never"])
                    || token.is(JOINING)
            };
            if !first && stops(token) || (first && !determined && stops(token)) {
                break;
            }
            let place = place_words(self.tokens, i);
            if place > 0 {
                i += place;
                // "on-prem Oracle": the place says where.
                if first && tokens.get(i).is_some_and(|t| t.is_word() && phrase_at(tokens, i).is_some()) {
                    noun.start = i;
                }
                continue;
            }
            // "site-to-site VPN"
            if !first
                && token.is(&["to"])
                && tokens.get(i + 1).is_some_and(|next| next.lower == tokens[i - 1].lower)
            {
                i += 2;
                continue;
            }
            // "on-call engineer", "self-hosted server"
            if token.hyphen || tokens.get(i + 1).is_some_and(|next| next.hyphen) {
                i += 1;
                continue;
            }
            if lexicon::preposition(self.tokens, i).is_some() && !token.quoted {
                break;
            }
            // A verb behind the words of a noun ends it; right behind a determiner everything is a noun.
            if !(first && determined) {
                let before = (self.state, self.out.len());
                if !first {
                    self.out.push(Phrase::Noun(usize::MAX));
                    self.state.noun = true;
                    self.name_before = lexicon::is_capital(&tokens[i - 1]) || collection;
                    let own = !single && (self.is_several(i - 1) || noun.count > 1);
                    self.state.several = if before.0.noun {
                        before.0.several || own
                    } else {
                        own || (before.0.several && !single)
                    };
                }
                let verb = self.verb(i).is_some() && !token.quoted;
                self.state = before.0;
                self.out.truncate(before.1);
                if verb {
                    break;
                }
            }
            if !first
                && lexicon::is_adverb(token)
                && phrase_at(self.tokens, i).is_none()
                && !self.is(i, &["live"])
            {
                break;
            }
            i += 1;
        }
        if i == noun.start {
            // Determiners alone: "both", "some of".
            return if determined { i } else { at + 1 };
        }
        noun.end = i;
        let plain = |at: usize| {
            let token = &tokens[at];
            let name = lexicon::is_capital(token)
                && (lexicon::is_capital(&tokens[at + 1]) || !lexicon::opens_sentence(tokens, at));
            // "a sync agent", "the event service": no mere description there.
            let own = token.is(&["sync", "event", "time", "end", "tenant", "personal", "level"]);
            let known = own
                || phrase_at(tokens, at).is_some_and(|(word, length)| {
                    length > 1 && at + length <= noun.end && word.component().is_some()
                });
            (ADJECTIVES.contains(&token.lower.as_str()) || token.is(&["local"]))
                && !token.quoted
                && !name
                && !known
        };
        // "a sync job": what is left must say something.
        let says = |at: usize| {
            !(at + 2 == noun.end
                && lexicon::is_data(&tokens[at + 1].lower)
                && tokens[at + 1].is(&["job", "task", "copy"]))
        };
        while noun.end - noun.start > 1 && plain(noun.start) && says(noun.start) {
            noun.start += 1;
        }
        let length = noun.end - noun.start;
        noun.protocol = is_format(&tokens[noun.start].lower)
            && (length == 1 || length == 2 && tokens[noun.end - 1].is(&["ua", "tcp", "rtu"]));
        let several = (self.is_several(noun.end - 1) || noun.count > 1) && !single;
        noun.plural = several;
        let index = self.nouns.len();
        self.nouns.push(noun);
        self.push(Phrase::Noun(index));
        self.state.noun = true;
        self.state.naming = false;
        self.state.several |= several;
        i
    }

    /// Whether a word is in the plural.
    pub(super) fn is_several(&self, at: usize) -> bool {
        let word = self.tokens[at].lower.as_str();
        // "Jenkins", "Postgres" are one thing.
        if phrase_at(self.tokens, at).is_some_and(|(word, _)| word.product().is_some())
            && !lexicon::is_data(word)
        {
            return false;
        }
        spandrel_catalog::singular(word) != word
            || matches!(word, "people" | "staff" | "devs" | "ops" | "children")
    }
}
