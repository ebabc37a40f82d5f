//! A request as phrases: nouns with what describes them, verbs with their helpers, prepositions, and what joins clauses.
//!
//! Whether a word like "queries" or "search" is a noun or a verb is decided by where it stands: behind a determiner it is a
//! noun, behind a subject that has no verb yet a verb, behind "and" whatever the verb before it was.

use super::super::mentions::phrase_at;
use super::super::tokens::{Sign, Token};
use super::lexicon::{self, Form};
use crate::words::english::{Frame, JOINING, Place};

/// One phrase.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phrase {
    /// Index into the nouns.
    Noun(usize),
    Verb(Verb),
    Place(Place),
    /// "which", "who": the noun before it acts or is acted on in what follows.
    Which,
    /// "in front": before what was named.
    Front,
    /// "where", "there": the noun before it is the place of what follows.
    Where,
    And,
    Comma,
    Then,
    /// Begins a clause of its own; whether it makes a condition of it.
    Joining {
        condition: bool,
    },
    Colon,
    Open,
    Close,
    Stop,
    Arrow(Sign),
}

/// What is said to be done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Verb {
    pub(super) frames: &'static [Frame],
    pub(super) voice: Voice,
    pub(super) negated: bool,
    /// Its token.
    pub(super) at: usize,
}

/// How a verb stands to what is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    Active,
    Passive,
    /// A participle right behind a noun: "reading from", "backed by".
    Doing,
    Done,
    /// "to send".
    Infinitive,
}

/// A noun with its determiner; a pronoun where `pronoun` is some.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Noun {
    /// Words without determiner, number and plain adjectives.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) definite: bool,
    pub(super) indefinite: bool,
    pub(super) negated: bool,
    /// "each", "every", "per".
    pub(super) each: bool,
    pub(super) count: u32,
    pub(super) pronoun: Option<Pronoun>,
    /// One word, and a protocol or a format: "over gRPC".
    pub(super) protocol: bool,
    /// In the plural, or counted.
    pub(super) plural: bool,
}

/// Words that stand for what was named before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pronoun {
    It,
    They,
    /// So many of what was named last.
    Last(u32),
    Former,
    Latter,
    /// "one drained by …", "the other by …".
    One,
    Each,
    /// "from there".
    There,
    /// "we", "you": nobody of the system.
    People,
}

/// What was said so far, as far as it tells verbs from nouns.
#[derive(Clone, Copy, Default)]
pub(super) struct State {
    /// A noun stands in this stretch between commas, conjunctions and the like.
    pub(super) noun: bool,
    pub(super) verb: bool,
    /// A verb stands in this sentence, and its form.
    pub(super) form: Option<Form>,
    /// A participle said more of a noun of this sentence, and its own verb is still to come.
    pub(super) described: bool,
    /// Behind "called": what comes is a name.
    pub(super) naming: bool,
    /// The noun of the stretch is several: "bidders", "A and B".
    pub(super) several: bool,
}

/// Reads the phrases.
pub(super) fn phrases(tokens: &[Token]) -> (Vec<Phrase>, Vec<Noun>) {
    let mut reader = Reader {
        tokens,
        out: Vec::new(),
        nouns: Vec::new(),
        state: State::default(),
        kept: Vec::new(),
        resume: None,
        name_before: false,
    };
    let mut at = 0;
    while at < tokens.len() {
        at = reader.step(at).max(at + 1);
    }
    (reader.out, reader.nouns)
}

pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) out: Vec<Phrase>,
    pub(super) nouns: Vec<Noun>,
    pub(super) state: State,
    /// States around open brackets.
    pub(super) kept: Vec<State>,
    /// Whether the words of a noun that is being read are a name so far.
    pub(super) name_before: bool,
    /// The form of the verb before "if …", for what goes on behind it.
    pub(super) resume: Option<Form>,
}

impl Reader<'_> {
    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    pub(super) fn is(&self, at: usize, words: &[&str]) -> bool {
        self.token(at).is_some_and(|token| token.is(words))
    }

    pub(super) fn last(&self) -> Option<&Phrase> {
        self.out.last()
    }

    pub(super) fn after_noun(&self) -> bool {
        matches!(self.last(), Some(Phrase::Noun(_)))
    }

    pub(super) fn joined(&self) -> bool {
        matches!(self.last(), Some(Phrase::And | Phrase::Comma | Phrase::Then))
    }

    /// A stretch ends: what follows may have a subject and a verb of its own.
    pub(super) fn cut(&mut self) {
        self.state.several = self.state.several && self.state.noun && !self.state.verb;
        self.state.noun = false;
        self.state.verb = false;
    }

    pub(super) fn push(&mut self, phrase: Phrase) {
        self.out.push(phrase);
    }

    /// Reads the phrase at a token and gives where the next one begins.
    pub(super) fn step(&mut self, at: usize) -> usize {
        let token = &self.tokens[at];
        match token.sign {
            Sign::Word => self.word(at),
            Sign::Comma => {
                self.cut();
                self.state.several = false;
                if let Some(form) = self.resume.take() {
                    self.state.form = Some(form);
                }
                self.push(Phrase::Comma);
                at + 1
            }
            Sign::Stop | Sign::Colon => {
                self.resume = None;
                self.state = State::default();
                self.push(if token.sign == Sign::Stop { Phrase::Stop } else { Phrase::Colon });
                at + 1
            }
            Sign::Open => {
                self.kept.push(self.state);
                self.state = State::default();
                self.push(Phrase::Open);
                at + 1
            }
            Sign::Close => {
                self.state = self.kept.pop().unwrap_or_default();
                self.push(Phrase::Close);
                at + 1
            }
            Sign::Right | Sign::Left | Sign::Both => {
                self.state = State::default();
                self.push(Phrase::Arrow(token.sign));
                at + 1
            }
        }
    }

    pub(super) fn word(&mut self, at: usize) -> usize {
        let token = &self.tokens[at];
        // "on-call", "self-hosted": halves of a word are no prepositions, verbs or adverbs.
        let half = self.token(at + 1).is_some_and(|next| next.hyphen)
            && super::super::containers::place_words(self.tokens, at) == 0;
        if token.quoted
            || (half
                && !self.is_pair(at)
                && lexicon::verb(&token.lower).is_none_or(|verb| verb.form != Form::Third))
        {
            return self.noun(at);
        }
        // "as well as", "as well"
        if token.is(&["as"]) && self.is(at + 1, &["well"]) {
            let more = self.is(at + 2, &["as"]);
            if more {
                self.cut();
                self.push(Phrase::And);
            }
            return at + 2 + usize::from(more);
        }
        if token.is(&["and", "or", "plus"]) {
            let one_more = self.state.noun && !self.state.verb;
            self.cut();
            self.state.several |= one_more;
            self.push(Phrase::And);
            return at + 1;
        }
        if token.is(&["then"]) {
            let adverb =
                self.after_noun() && self.token(at + 1).is_some_and(|t| lexicon::verb(&t.lower).is_some());
            if adverb {
                return at + 1;
            }
            self.cut();
            self.push(Phrase::Then);
            return at + 1;
        }
        if self.joining(at) {
            let condition = token.is(&["when", "whenever", "if", "unless", "once"]);
            self.resume = self.state.form.filter(|_| condition);
            self.state = State::default();
            self.push(Phrase::Joining { condition });
            return at + 1;
        }
        if token.is(&["which", "who", "whose", "whom"]) || (token.is(&["that"]) && self.relates(at)) {
            self.state = State { noun: true, ..State::default() };
            self.push(Phrase::Which);
            return at + 1;
        }
        if token.is(&["where"]) {
            self.state = State::default();
            self.push(Phrase::Where);
            return at + 1;
        }
        // "not to Slack", "never through the gateway"
        let place = lexicon::preposition(self.tokens, at + 1).map(|(_, length)| length);
        let refuses = token.is(&["not"]) && self.joined()
            || token.is(&["not", "never"]) && place.is_some() && !self.is(at + 1, &["to"]);
        if refuses {
            self.push(Phrase::Place(Place::Not));
            return at + 1 + place.unwrap_or(0);
        }
        // "there are two clusters"
        if token.is(&["there"])
            && self.token(at + 1).is_some_and(lexicon::is_be)
            && !matches!(self.last(), Some(Phrase::Place(_)))
        {
            return at + 1;
        }
        if token.is(&["both", "all", "each"]) && self.after_noun() {
            return at + 1;
        }
        if let Some(next) = self.pronoun(at) {
            return next;
        }
        if let Some(next) = self.helped(at) {
            return next;
        }
        // "kicks off a job"
        let starts = |at: usize| {
            ["kick", "fire", "spin", "set", "hand"].iter().any(|verb| self.tokens[at].lower.starts_with(verb))
        };
        if token.is(&["off", "up"]) && matches!(self.last(), Some(Phrase::Verb(verb)) if starts(verb.at)) {
            return at + 1;
        }
        if let Some((place, length)) = lexicon::preposition(self.tokens, at)
            && super::super::containers::place_words(self.tokens, at) == 0
        {
            // "a facade in front", with nothing that it is in front of.
            if place == Place::Within && (self.is(at + 1, &["front"]) || self.is(at + 1, &["top"])) {
                self.push(Phrase::Front);
                return at + 2;
            }
            if self.is_particle(at, length) {
                return at + length;
            }
            self.push(Phrase::Place(place));
            return at + length;
        }
        if let Some((verb, voice)) = self.verb(at) {
            return self.push_verb(verb.frames, voice, false, at, verb.form);
        }
        if lexicon::is_adverb(token) && !token.is(&["both"]) && phrase_at(self.tokens, at).is_none() {
            return at + 1;
        }
        self.noun(at)
    }

    /// Whether a clause of its own begins: "when …"; "before it is stored", not "before the queue".
    pub(super) fn joining(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if !token.is(JOINING) {
            return false;
        }
        let clause = || self.is(at + 1, &["it", "they", "he", "she", "we", "that"]);
        !token.is(&["before", "after", "since", "until", "once"]) || clause()
    }

    /// "an app that reads", "a queue that the worker drains", not "that queue".
    pub(super) fn relates(&self, at: usize) -> bool {
        self.after_noun() && !self.is(at + 1, &["one"])
    }

    /// "up-to-date", "end to end": words that a hyphen joins, of which the first is an article or a pronoun.
    pub(super) fn is_pair(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        lexicon::is_definite(token)
            || lexicon::is_indefinite(token)
            || token.is(&["and", "or", "which", "that", "it", "they"])
    }

    /// "log in via", "picks them up": a small word that belongs to the verb and leads to no noun.
    pub(super) fn is_particle(&self, at: usize, length: usize) -> bool {
        const PARTICLES: &[&str] = &["in", "on", "off", "over", "out", "through", "along", "at", "by"];
        if length > 1 || !self.is(at, PARTICLES) {
            return false;
        }
        let next = self.token(at + 1);
        let ends = next.is_none_or(|t| !t.is_word() || t.is(&["and", "or", "then"]));
        let leads = lexicon::preposition(self.tokens, at + 1).is_some()
            && super::super::containers::place_words(self.tokens, at + 1) == 0;
        ends || leads
    }
}
