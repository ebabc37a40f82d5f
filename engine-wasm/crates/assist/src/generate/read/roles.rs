//! The parts of a clause by what they are in it: who acts, on what, to where, over what.

use super::super::containers::place_label;
use super::super::traffic::{is_file, is_format, label_of};
use super::clauses::Clause;
use super::flow::Flow;
use super::known::is_proper;
use super::parts::Meaning;
use super::phrases::{Pronoun, Voice};
use crate::words::english::{Frame, MADE, Place, TELLS};

/// The parts of one clause by what they are in it.
#[derive(Default)]
pub(super) struct Roles {
    pub(super) subject: Vec<usize>,
    /// The subject is a thing, and whose.
    pub(super) thing: bool,
    /// Nobody of the system acts: "we", or nobody at all.
    pub(super) nobody: bool,
    pub(super) objects: Vec<usize>,
    /// "them", "it": what was passed on before.
    pub(super) carried: bool,
    pub(super) object_thing: bool,
    pub(super) goals: Vec<usize>,
    pub(super) within: Vec<usize>,
    pub(super) sources: Vec<usize>,
    pub(super) ways: Vec<usize>,
    pub(super) with: Vec<usize>,
    pub(super) by: Vec<usize>,
    /// Where something stands, and the part right before that is said to stand there.
    pub(super) others: Vec<(Place, Vec<usize>, Vec<usize>)>,
    pub(super) label: &'static str,
}

impl Flow<'_> {
    pub(super) fn roles(&mut self, clause: &Clause) -> Roles {
        let mut roles = Roles::default();
        let wish = clause.is(Frame::Wishes)
            && (clause.subject.is_empty()
                || clause.subject.iter().all(|n| self.nouns[*n].pronoun == Some(Pronoun::People)));
        let does = clause.verb.is_some() && !wish;
        let flows = does && !(clause.is(Frame::Stands) && clause.places.is_empty());
        let flows = flows && !clause.is(Frame::Has);
        // "escalations land in a queue": what goes somewhere is no doer.
        let goes = clause.is(Frame::Goes)
            && clause
                .subject
                .iter()
                .all(|n| self.nouns[*n].plural && self.meanings[*n].is_none() && !self.is_known(*n));
        // "submissions are validated by …": what is done to several things is done to no part.
        let suffers = clause.is_passive()
            && clause.subject.iter().all(|n| {
                let noun = &self.nouns[*n];
                let one = noun.definite
                    && !is_proper(self.tokens, noun)
                    && !self.acts_elsewhere(*n)
                    && !self.is_of_a_kind(noun);
                (noun.plural || one)
                    && noun.pronoun.is_none()
                    && matches!(self.meanings[*n], None | Some(Meaning::Unknown))
                    && !self.is_known(*n)
            })
            && !clause.subject.is_empty();
        let goes = goes || suffers;
        let flows = flows && !goes && !clause.condition;
        roles.thing |= goes;
        // What an arrow leads from or to is a part, whatever its words mean.
        if clause.arrow.is_some() {
            for &n in clause.subject.iter().chain(&clause.objects) {
                if self.nouns[n].pronoun.is_none()
                    && matches!(self.means(n, true), Meaning::Data(None))
                    && let Some(part) = self.parts.add_unknown(self.tokens, &self.nouns[n], true)
                {
                    self.meanings[n] = Some(Meaning::Part(part));
                }
            }
        }
        roles.subject = self.parts_of(
            &clause.subject,
            flows || (does && clause.is(Frame::Has)) || clause.arrow.is_some(),
            true,
        );
        roles.thing |= clause.subject.iter().any(|n| matches!(self.meanings[*n], Some(Meaning::Data(_))));
        // "Orders calls Inventory": one thing acts, so the word is a name.
        if let ([noun], Some(verb)) = (&clause.subject[..], clause.verb)
            && matches!(self.meanings[*noun], Some(Meaning::Data(None)))
            && self.nouns[*noun].end == self.nouns[*noun].start + 1
            && super::lexicon::is_capital(&self.tokens[self.nouns[*noun].start])
            && self.tokens[self.nouns[*noun].start].lower.ends_with('s')
            && (self.tokens[verb.at].lower.ends_with('s') && verb.voice == Voice::Active)
            && let Some(part) = self.parts.add_unknown(self.tokens, &self.nouns[*noun], true)
        {
            self.meanings[*noun] = Some(Meaning::Part(part));
            roles.subject.push(part);
        }
        roles.nobody = clause.subject.is_empty()
            || clause.subject.iter().all(|n| self.nouns[*n].pronoun == Some(Pronoun::People));
        // Things that are named after a part come from it; those of a part are its own.
        if let (true, Some(&noun)) = (roles.subject.is_empty() && roles.thing, clause.subject.first())
            && let Some(Meaning::Data(owner)) = self.meanings[noun]
        {
            let from = clause.places.iter().any(|(place, _)| matches!(place, Place::Source | Place::By));
            let after = || self.parts.named_after(self.tokens, &self.nouns[noun]);
            roles.subject.extend(owner.or_else(|| (does && !from).then(after).flatten()));
        }
        let acted = does || clause.arrow.is_some();
        if acted {
            self.shared_head(&clause.objects);
        }
        for &object in &clause.objects {
            let noun = &self.nouns[object];
            if clause.is(Frame::Has) && self.is_own(object) && !clause.verb.is_some_and(|verb| verb.negated) {
                self.own(object, &roles.subject.clone());
                continue;
            }
            match noun.pronoun {
                Some(Pronoun::It | Pronoun::They) => roles.carried = true,
                Some(_) => {
                    let parts = self.pronoun(object, false);
                    roles.objects.extend(parts);
                }
                None => {
                    let format = noun.protocol && label_of(&self.tokens[noun.start].lower).is_some();
                    // "exposes an API to the portal"
                    let offers = clause.is(Frame::Offers) && noun.indefinite && noun.end == noun.start + 1;
                    if offers && self.meanings[object].is_none() {
                        self.meanings[object] = Some(Meaning::Nothing);
                        continue;
                    }
                    if format && clause.verb.is_some() && clause.arrow.is_none() {
                        roles.label = label_of(&self.tokens[noun.start].lower).unwrap_or_default();
                        continue;
                    }
                    let system = roles.nobody
                        && noun.indefinite
                        && self.tokens[noun.end - 1].is(crate::words::english::SUBJECT_HEADS)
                        && !is_proper(self.tokens, noun);
                    if system && self.meanings[object].is_none() {
                        self.meanings[object] = Some(Meaning::Nothing);
                        continue;
                    }
                    // "tells walkers"
                    let told = clause.verb.is_some_and(|verb| self.tokens[verb.at].is(TELLS))
                        && self.tokens[noun.end - 1].lower.ends_with('s');
                    // "emits OrderPlaced to a topic": what is passed on has a name, too.
                    let passed = clause.is(Frame::Gives)
                        && clause.places.iter().any(|(place, _)| *place == Place::Goal); // "feeds a demodulator", "checks the website": what acts elsewhere, or is of a kind that the catalogue knows.
                    let article = noun.definite || noun.indefinite;
                    let told =
                        told || article && acted && (self.acts_elsewhere(object) || self.is_of_a_kind(noun));
                    let unknown =
                        acted && !passed && (is_proper(self.tokens, noun) || told) || clause.arrow.is_some();
                    let parts = self.parts_of(&[object], unknown, told || clause.arrow.is_some());
                    roles.object_thing |= parts.is_empty();
                    roles.objects.extend(parts);
                }
            }
        }
        let mut anchor: Vec<usize> = Vec::new();
        for (place, list) in &clause.places {
            // "written in Rust", "built with React": what it is made of.
            let made = clause.is_passive()
                && matches!(place, Place::Within | Place::With | Place::Way)
                && clause.verb.is_some_and(|verb| self.tokens[verb.at].is(MADE));
            if made {
                continue;
            }
            // "each with its own database"
            if *place == Place::With && list.iter().any(|n| self.is_own(*n)) {
                let own: Vec<usize> = list.iter().copied().filter(|n| self.is_own(*n)).collect();
                for n in own {
                    self.own(n, &roles.subject.clone());
                }
                continue;
            }
            let unknown = !matches!(place, Place::For | Place::Of | Place::As | Place::Not)
                && (does || clause.verb.is_none());
            let sure = matches!(place, Place::Goal | Place::Source | Place::Way | Place::By) && does
                || matches!(place, Place::Behind | Place::Before);
            if unknown {
                self.shared_head(list);
            }
            let client = |n: &usize| {
                self.tokens[self.nouns[*n].end - 1].is(&[
                    "client",
                    "clients",
                    "frontend",
                    "frontends",
                    "ui",
                    "interface",
                    "interfaces",
                ])
            };
            if *place == Place::As && clause.verb.is_none() && list.iter().any(client) {
                let topic: Vec<usize> = self.said.topic.into_iter().collect();
                self.meet_all(&roles.subject.clone(), &topic, "");
            }
            let known_only = matches!(place, Place::For | Place::Of | Place::As);
            let list: Vec<usize> = list
                .iter()
                .copied()
                .filter(|n| {
                    let noun = &self.nouns[*n];
                    let word = &self.tokens[noun.end - 1].lower;
                    // "over gRPC", "to FHIR": how, and into what.
                    if noun.pronoun.is_none() && noun.end == noun.start + 1 && is_format(word) {
                        let how = matches!(place, Place::Way | Place::With | Place::Within | Place::As);
                        if how {
                            roles.label = label_of(word).unwrap_or_default();
                        }
                        if how || is_file(word) {
                            return false;
                        }
                    }
                    // "on a queue for a worker"
                    let waits = *place == Place::For
                        && roles.goals.iter().chain(&roles.within).any(|part| self.is_queue(*part));
                    if waits && matches!(self.meaning(*n), Meaning::Part(_)) {
                        return true;
                    }
                    if known_only {
                        return noun.pronoun.is_some() || matches!(self.means(*n, false), Meaning::Part(_));
                    }
                    // "lives in the cluster": a place, not a part.
                    if *place == Place::Within
                        && self.meanings[*n].is_none()
                        && noun.pronoun.is_none()
                        && place_label(self.tokens, noun.start, noun.end).is_some()
                    {
                        self.meanings[*n] = Some(Meaning::Nothing);
                        return false;
                    }
                    // "two services in West Europe": a place by its name.
                    if *place == Place::Within && !flows && noun.pronoun.is_none() && !self.is_known(*n) {
                        return false;
                    }
                    let bare = does
                        && matches!(place, Place::Within | Place::Goal | Place::Source)
                        && !clause.is(Frame::Stands)
                        && self.is_bare_name(noun);
                    noun.pronoun.is_some()
                        || sure
                        || bare
                        || is_proper(self.tokens, noun)
                        || self.meanings[*n].is_some()
                        || !unknown
                        || self.is_known(*n)
                })
                .collect();
            // "is fed by ATPCO files", "is replicated to a read copy": things that act or are kept are parts here.
            for &n in &list {
                if *place == Place::Way
                    && does
                    && self.nouns[n].pronoun.is_none()
                    && matches!(self.means(n, false), Meaning::Data(None) | Meaning::Unknown)
                    && let Some(part) = self.parts.add_teller(self.tokens, &self.nouns[n])
                {
                    self.meanings[n] = Some(Meaning::Part(part));
                }
                let by = *place == Place::By && is_proper(self.tokens, &self.nouns[n]);
                let noun = &self.nouns[n];
                let flow = does
                    && matches!(place, Place::Goal)
                    && noun.end - noun.start > 1
                    && is_proper(self.tokens, noun)
                    && super::super::mentions::phrase_at(self.tokens, noun.start)
                        .is_none_or(|(word, _)| word.product().is_none());
                let by = by || flow;
                let copy = matches!(place, Place::Goal | Place::Within)
                    && clause.is(Frame::Moves)
                    && clause.is_passive()
                    && self.nouns[n].indefinite;
                if (by || copy)
                    && self.nouns[n].pronoun.is_none()
                    && self.meaning(n) == Meaning::Data(None)
                    && let Some(part) = self.parts.add_unknown(self.tokens, &self.nouns[n], true)
                {
                    self.meanings[n] = Some(Meaning::Part(part));
                }
            }
            let parts =
                if *place == Place::By && list.iter().any(|n| self.nouns[*n].pronoun == Some(Pronoun::It)) {
                    self.said.subject.clone()
                } else {
                    self.parts_of(&list, unknown, *place == Place::By)
                };
            // "reacts to Firestore changes": where they are.
            let mut parts = parts;
            if does && matches!(place, Place::Goal | Place::Source) && parts.is_empty() {
                for &n in &list {
                    if let Some(Meaning::Data(None)) = self.meanings[n] {
                        parts.extend(self.parts.product_before(self.tokens, &self.nouns[n]));
                    }
                }
            }
            let parts_named = parts.len();
            match place {
                Place::Goal => roles.goals.extend(parts),
                Place::Within => roles.within.extend(parts),
                Place::Source => roles.sources.extend(parts),
                Place::Way => roles.ways.extend(parts),
                Place::With => roles.with.extend(parts),
                Place::By => roles.by.extend(parts),
                Place::Of => {
                    if roles.subject.is_empty() && roles.thing {
                        roles.subject.extend(parts);
                    }
                }
                Place::Not => self.unwanted.extend(parts),
                _ => roles.others.push((*place, parts, anchor.clone())),
            }
            if matches!(place, Place::Goal | Place::Within | Place::Way | Place::With)
                && clause.verb.is_some()
                && !clause.is(Frame::Stands)
            {
                let list = [&roles.goals, &roles.within, &roles.ways, &roles.with]
                    .into_iter()
                    .find_map(|list| list.last());
                anchor = if parts_named > 0 { list.copied().into_iter().collect() } else { Vec::new() };
            }
        }
        roles
    }
}
