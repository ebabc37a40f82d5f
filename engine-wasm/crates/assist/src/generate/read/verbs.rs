//! Verbs: with their helpers, and by where they stand.

use super::super::mentions::phrase_at;
use super::super::tokens::{Sign, Token};
use super::lexicon::{self, Form, VerbWord};
use super::phrases::{Phrase, Pronoun, Reader, Verb, Voice};
use crate::words::english::{ADJECTIVES, Frame, Place, WORKS, number};

const NO_FRAME: &[Frame] = &[];
const COPULA: &[Frame] = &[Frame::Stands];
const HAS: &[Frame] = &[Frame::Has];

impl Reader<'_> {
    pub(super) fn push_verb(
        &mut self,
        frames: &'static [Frame],
        voice: Voice,
        negated: bool,
        at: usize,
        form: Form,
    ) -> usize {
        self.push(Phrase::Verb(Verb { frames, voice, negated, at }));
        // "a gem called shipkit talks to …": the name ends nothing.
        let names = voice == Voice::Done && frames.contains(&Frame::Names);
        self.state.verb = !names;
        self.state.several &= names;
        self.state.naming = names;
        if matches!(voice, Voice::Doing | Voice::Done) {
            self.state.described = true;
        } else {
            self.state.form = Some(form);
        }
        at + 1
    }

    /// A verb with helpers: "is stored", "can then write", "does not have", "is"; "to send".
    pub(super) fn helped(&mut self, at: usize) -> Option<usize> {
        let first = &self.tokens[at];
        let to = first.is(&["to"]);
        let done = |at: usize| {
            self.token(at).and_then(|t| lexicon::verb(&t.lower)).is_some_and(|v| v.form == Form::Past)
        };
        let gets = first.is(&["gets", "get"]) && done(at + 1);
        let helper = |t: &Token| {
            lexicon::is_be(t)
                || lexicon::is_have(t)
                || lexicon::is_modal(t)
                || (gets && t.is(&["gets", "get"]))
        };
        if !(to || helper(first) || first.is(&["not", "never"])) {
            return None;
        }
        let (mut i, mut negated, mut be, mut have) = (at, false, false, false);
        let mut plain = false;
        while let Some(t) = self.token(i) {
            if i > at + 6
                || !(helper(t) || lexicon::is_negation(t) || lexicon::is_adverb(t) || (to && i == at))
            {
                break;
            }
            // "is there", "has both": what follows the helpers is no adverb.
            negated |= lexicon::is_negation(t);
            be |= lexicon::is_be(t) || t.is(&["gets", "get"]);
            have |= lexicon::is_have(t);
            plain |= lexicon::is_modal(t);
            i += 1;
        }
        let found = self.token(i).filter(|t| t.is_word() && !t.quoted).and_then(|t| lexicon::verb(&t.lower));
        let past = found.filter(|v| v.form == Form::Past || v.either);
        let verb = match (found, past) {
            (_, Some(done)) if be => Some((done.frames, Voice::Passive, Form::Past)),
            (Some(doing), _) if be && doing.form == Form::Ing => {
                Some((doing.frames, Voice::Active, Form::Third))
            }
            (_, Some(done)) if have && !be => Some((done.frames, Voice::Active, Form::Past)), // "never calls"
            (Some(third), _)
                if negated
                    && !be
                    && !have
                    && !plain
                    && third.form != Form::Ing
                    && first.is(&["never", "not"]) =>
            {
                Some((third.frames, Voice::Active, third.form))
            }
            (Some(base), _) if base.form == Form::Base && !be && !have && (to || plain) => {
                let voice = if to { Voice::Infinitive } else { Voice::Active };
                Some((base.frames, voice, Form::Base))
            }
            _ => None,
        };
        if let Some((frames, voice, form)) = verb {
            // "to" before a noun that is a verb elsewhere: "goes to storage", "to search and billing".
            let noun = to
                && self
                    .token(i + 1)
                    .is_none_or(|t| !t.is_word() || t.is(&["and", "or", "via", "service", "over"]))
                && phrase_at(self.tokens, i).is_some();
            if !noun {
                return Some(self.push_verb(frames, voice, negated, i, form));
            }
        }
        if to || first.is(&["not", "never"]) {
            return None;
        }
        // "is", "has" by themselves; "is always reachable": what follows says how.
        if be || have {
            let form = if first.is(&["are", "have", "were"]) { Form::Base } else { Form::Third };
            let unknown = be
                && self.token(i).is_some_and(|t| {
                    t.lower.ends_with("ed") && lexicon::preposition(self.tokens, i + 1).is_some()
                });
            if unknown {
                return Some(self.push_verb(NO_FRAME, Voice::Passive, negated, i, Form::Past));
            }
            self.push_verb(if be { COPULA } else { HAS }, Voice::Active, negated, at, form);
            return Some(i.max(at + 1));
        }
        None
    }

    /// Whether the word at a token is a verb here, without a helper.
    pub(super) fn verb(&self, at: usize) -> Option<(VerbWord, Voice)> {
        let token = &self.tokens[at];
        let known = lexicon::verb(&token.lower);
        let verb = known.or_else(|| {
            // "a rules engine categorises, …": behind a whole name nothing else can follow.
            let ends = self.token(at + 1).is_none_or(|t| !t.is_word());
            let whole = (at.saturating_sub(3)..at).any(|from| {
                phrase_at(self.tokens, from).is_some_and(|(_, length)| from + length == at && length > 1)
            });
            let object = self.token(at + 1).is_some_and(|t| {
                ADJECTIVES.contains(&t.lower.as_str()) || self.joined() && lexicon::is_data(&t.lower)
            });
            let third = lexicon::may_be_third(&token.lower)
                && (self.leads_on(at) || object || ends && whole)
                && !lexicon::is_capital(token);
            (third && phrase_at(self.tokens, at).is_none()).then_some(VerbWord {
                frames: NO_FRAME,
                form: Form::Third,
                either: false,
            })
        })?;
        let opens = lexicon::opens_sentence(self.tokens, at);
        // "Search", "Transit Gateway": a capital in the middle of a sentence names something; "PUTs" does not.
        let capital = lexicon::is_capital(token);
        let shouted = capital && token.text.chars().nth(1).is_some_and(char::is_uppercase);
        if capital && !opens && !shouted {
            return None;
        }
        if matches!(self.last(), Some(Phrase::Place(_))) && verb.form != Form::Ing {
            return None;
        }
        let next = self.token(at + 1);
        let next_verb = next.is_some_and(|t| {
            lexicon::is_be(t)
                || (lexicon::is_modal(t) && !t.is(&["may", "can", "will", "must"]))
                || (!lexicon::is_capital(t)
                    && lexicon::verb(&t.lower).is_some_and(|v| match v.form {
                        Form::Third => verb.form == Form::Base,
                        Form::Base => self.leads_on(at + 1),
                        _ => false,
                    })
                    && !lexicon::is_adverb(t)
                    && (!lexicon::is_data(&t.lower)
                        || verb.form == Form::Base && self.leads_to_place(at + 2)))
        });
        // "Event Grid", "Route 53": a product at the beginning is no verb.
        let sold =
            phrase_at(self.tokens, at).is_some_and(|(word, length)| length > 1 && word.product().is_some());
        let named = verb.form == Form::Third && next.is_some_and(|t| t.sign == Sign::Colon);
        if sold || named {
            return None;
        }
        let ends = next.is_none_or(|t| !t.is_word() || t.is(&["and", "or"]));
        let compound = self.makes_compound(at);
        let said = match verb.form {
            Form::Ing => {
                let noun = compound
                    || (!self.leads_on(at)
                        && !ends
                        && next.is_some_and(|t| {
                            phrase_at(self.tokens, at + 1).is_some() && !lexicon::is_capital(t)
                        }));
                let before = matches!(self.last(), Some(Phrase::Place(_)))
                    && (self.leads_on(at) || next.is_some_and(|t| t.is_word() && lexicon::is_data(&t.lower)));
                let doing = self.after_noun() || self.joined() || before;
                (doing && !noun && !ends && !next_verb).then_some(Voice::Doing)
            }
            Form::Past => {
                let done = next.is_none_or(|t| !t.is_word() || lexicon::is_adverb(t) || t.is(&["and"]))
                    || self.leads_to_place(at + 1);
                let names = verb.frames.contains(&Frame::Names);
                let opened = matches!(self.last(), Some(Phrase::Open));
                if (self.after_noun() || opened) && (done || names) {
                    Some(Voice::Done)
                } else if self.joined() && done {
                    Some(if self.state.form == Some(Form::Past) { Voice::Passive } else { Voice::Done })
                } else if opens && done {
                    Some(Voice::Passive)
                } else {
                    None
                }
            }
            Form::Base if next_verb || compound || self.state.naming => None,
            Form::Third
                if next_verb
                    || self.token(at + 1).is_some_and(|t| {
                        t.is(WORKS) && !lexicon::is_capital(t) && !self.is_several(at + 1)
                    }) && !self.after_which() =>
            {
                None
            }
            Form::Base => {
                let wish = opens && verb.frames.contains(&Frame::Wishes);
                let order = opens && self.leads_on(at) && !next.is_some_and(lexicon::is_capital);
                let closed = matches!(self.last(), Some(Phrase::Close));
                let several = self.state.several && (self.after_noun() || closed) || self.after_which();
                let subject = self.state.noun && !self.state.verb && several;
                let again = self.joined()
                    && (self.state.form == Some(Form::Base)
                        || verb.either && self.state.form == Some(Form::Past))
                    && (self.leads_on(at) || next.is_some_and(|t| t.is_word() && !ends))
                    && (!lexicon::is_data(&token.lower)
                        || next.is_some_and(|t| lexicon::is_definite(t) || lexicon::is_indefinite(t)));
                let subject = subject || self.is_inverted(verb);
                // "is written by A and read by B"
                if verb.either
                    && self.joined()
                    && self.state.form == Some(Form::Past)
                    && self.leads_to_place(at + 1)
                {
                    return Some((verb, Voice::Passive));
                }
                // "lets Flux deploy it"
                let bidden = self.after_noun()
                    && matches!(self.out.len().checked_sub(2).and_then(|i| self.out.get(i)), Some(Phrase::Verb(verb)) if self.tokens[verb.at].is(&["let", "lets", "makes", "helps"]));
                if bidden {
                    return Some((verb, Voice::Infinitive));
                }
                let done = verb.either && self.after_noun() && self.leads_to_place(at + 1) && self.state.verb;
                if wish || order || subject || again {
                    Some(Voice::Active)
                } else if done {
                    Some(Voice::Done)
                } else {
                    None
                }
            }
            Form::Third => {
                let one = !self.state.several || self.last_is_name();
                let contact = self.state.verb && self.last_is(Pronoun::It);
                let subject = one
                    && (self.state.noun && !self.state.verb || contact)
                    && (self.after_noun() || matches!(self.last(), Some(Phrase::Which | Phrase::Close)));
                let listed = subject
                    && lexicon::is_data(&token.lower)
                    && self.state.form.is_some()
                    && !self.leads_on(at)
                    && !next.is_some_and(|t| t.is_word() && !t.is(&["and", "or"]));
                let again = self.joined()
                    && matches!(self.state.form, Some(Form::Third | Form::Past))
                    && (!ends || self.pairs(at))
                    && (self.leads_on(at) || next.is_some_and(|t| t.is_word() && !t.is(WORKS)));
                let outer = (self.joined() || self.after_noun())
                    && self.state.described
                    && self.state.form.is_none()
                    && self.leads_on(at);
                ((subject && !listed) || outer || again || self.is_inverted(verb)).then_some(Voice::Active)
            }
        };
        said.map(|voice| (verb, voice))
    }

    /// "reads and writes rows": one of two verbs.
    fn pairs(&self, at: usize) -> bool {
        let third = |at: usize| {
            self.token(at).and_then(|t| lexicon::verb(&t.lower)).is_some_and(|v| v.form == Form::Third)
        };
        self.is(at + 1, &["and", "or"]) && third(at) && third(at + 2)
    }

    /// Whether the word behind a token makes one noun with it: "search service", "query API".
    pub(super) fn makes_compound(&self, at: usize) -> bool {
        let short = |t: &Token| super::super::labels::INITIALS.contains(&t.lower.as_str());
        let Some(next) = self.token(at + 1).filter(|t| t.is_word() && (!lexicon::is_capital(t) || short(t)))
        else {
            return false;
        };
        let head = phrase_at(self.tokens, at + 1)
            .is_some_and(|(word, length)| length == 1 && word.product().is_none());
        let many = spandrel_catalog::singular(&next.lower) != next.lower;
        head && !many
            && (!lexicon::is_data(&next.lower) || next.is(&["job", "task"]))
            && lexicon::preposition(self.tokens, at + 1).is_none()
            && !self.after_which()
    }

    /// "behind which sit two nodes", "behind it stands the API": the place comes first.
    pub(super) fn is_inverted(&self, verb: VerbWord) -> bool {
        let stands = verb.frames.contains(&Frame::Stands);
        let place = self.out.len().checked_sub(2).and_then(|at| self.out.get(at));
        let behind = matches!(
            place,
            Some(Phrase::Place(
                Place::Behind | Place::Before | Place::Above | Place::Within | Place::Between
            ))
        );
        let first = self.out.len().checked_sub(3).and_then(|at| self.out.get(at));
        let opens = match self.last() {
            Some(Phrase::Which) => true,
            Some(Phrase::Noun(_)) => matches!(
                first,
                None | Some(
                    Phrase::Stop | Phrase::Comma | Phrase::And | Phrase::Colon | Phrase::Joining { .. }
                )
            ),
            _ => false,
        };
        stands && behind && opens
    }

    pub(super) fn last_is(&self, pronoun: Pronoun) -> bool {
        matches!(self.last(), Some(Phrase::Noun(noun)) if self.nouns.get(*noun).is_some_and(|n| n.pronoun == Some(pronoun)))
    }

    /// Whether the noun right before is written as a name: "Orders", "Actions" are one thing each.
    pub(super) fn last_is_name(&self) -> bool {
        match self.last() {
            Some(Phrase::Noun(usize::MAX)) => self.name_before,
            Some(Phrase::Noun(noun)) => {
                self.nouns.get(*noun).is_some_and(|n| lexicon::is_capital(&self.tokens[n.end - 1]))
            }
            _ => false,
        }
    }

    pub(super) fn after_which(&self) -> bool {
        matches!(self.last(), Some(Phrase::Which))
    }

    /// Whether what follows a token can only follow a verb: a determiner, a pronoun, a preposition, a name.
    pub(super) fn leads_on(&self, at: usize) -> bool {
        let small = |at: usize| {
            self.token(at).is_some_and(|t| {
                lexicon::is_adverb(t) && !lexicon::is_indefinite(t) && phrase_at(self.tokens, at).is_none()
            })
        };
        let at = if small(at + 1) { at + 1 } else { at };
        let next = self.token(at + 1);
        next.is_some_and(|t| {
            lexicon::is_definite(t)
                || (lexicon::is_indefinite(t) && !t.is(&["most", "more"]))
                || t.is(&["it", "them", "us", "me", "him", "its", "everything", "nothing"])
                || number(&t.lower).is_some()
                || (lexicon::is_capital(t) && !t.quoted)
                || phrase_at(self.tokens, at + 1)
                    .is_some_and(|(word, _)| word.product().is_some() && lexicon::verb(&t.lower).is_none())
        }) || self.leads_to_place(at + 1)
    }

    pub(super) fn leads_to_place(&self, at: usize) -> bool {
        lexicon::preposition(self.tokens, at).is_some_and(|(place, _)| place != Place::Of)
            || self.is(at, &["up", "out", "down", "back", "directly", "only", "straight"])
    }
}
