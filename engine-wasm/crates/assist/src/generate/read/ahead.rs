//! What follows a noun decides where it belongs: to the list before it, or to a clause of its own.

use super::super::tokens::Sign;
use super::clauses::{Clause, Joint, Parser, Slot};
use super::phrases::{Phrase, Voice};
use crate::words::english::{Frame, Place};

impl Parser<'_> {
    /// A noun behind "and", a comma or "then".
    pub(super) fn listed(&mut self, noun: usize, at: usize, joint: Joint) {
        let refused = matches!(self.now.places.last(), Some((Place::Not, _))) && self.slot == Slot::Place;
        // "from which the portal and the service read"
        if joint == Joint::And
            && self.now.verb.is_none()
            && self.slot == Slot::Subject
            && !self.now.subject.is_empty()
            && !self.nouns[noun].negated
            && self.now.arrow.is_none()
        {
            let arrow = matches!(self.phrases.get(at + 1), Some(Phrase::Arrow(_)));
            if !arrow && self.leads_clause(at) {
                return self.put(noun);
            }
        }
        let described = joint == Joint::And
            && self.now.verb.is_none()
            && self.slot == Slot::Place
            && !self.now.subject.is_empty();
        if self.leads_clause(at)
            && !described
            && !(refused && self.now.verb.is_none())
            && (self.now.verb.is_some()
                || self.now.condition
                || !self.now.places.is_empty()
                || joint == Joint::Then)
        {
            self.begin(Clause { subject: vec![noun], ..Clause::default() });
            self.last = Some(noun);
            return;
        }
        // "A -> B, C -> D": a picture of its own; "A -> B, C with D": what is told beside it.
        let arrow = matches!(self.phrases.get(at + 1), Some(Phrase::Arrow(_)));
        if arrow || self.now.arrow.is_some() && joint == Joint::Comma && !self.list_goes_on(at) {
            self.begin(Clause { subject: vec![noun], ..Clause::default() });
            self.last = Some(noun);
            return;
        }
        // "tokens kept in a cache", "a dashboard watching the API": behind a comma something new.
        let done = self.is_described(at);
        let refusing = self.now.verb.is_none() && self.now.subject.iter().any(|n| self.nouns[*n].negated);
        if joint == Joint::Comma && (done && self.now.verb.is_some() || refusing) {
            self.begin(Clause { subject: vec![noun], ..Clause::default() });
            self.last = Some(noun);
            return;
        }
        if joint == Joint::And
            && self.now.verb.is_none()
            && self.slot == Slot::Place
            && !self.now.subject.is_empty()
            && self.leads_clause(at)
        {
            return self.put(noun);
        }
        // "calls A, then B": the same does it.
        if joint == Joint::Then
            && self.slot == Slot::Object
            && self.now.arrow.is_none()
            && self.now.places.is_empty()
        {
            return self.put(noun);
        }
        if joint == Joint::Then {
            // "to the balancer, then the web servers, then the app": one after the other.
            let from = self.last.into_iter().collect();
            self.begin(Clause {
                subject: from,
                objects: vec![noun],
                arrow: Some(Sign::Right),
                ..Clause::default()
            });
            self.slot = Slot::Object;
            self.last = Some(noun);
            return;
        }
        if self.nouns[noun].negated {
            self.begin(Clause { subject: vec![noun], ..Clause::default() });
            self.last = Some(noun);
            return;
        }
        if let Some(clause) = self.gapped(noun, at) {
            let object = clause.objects == [noun];
            self.begin(clause);
            self.slot = if object { Slot::Object } else { Slot::Subject };
            self.last = Some(noun);
            return;
        }
        let leads_place =
            matches!(self.phrases.get(at + 1), Some(Phrase::Place(place)) if *place != Place::Of);
        let told = joint == Joint::Comma && (leads_place || !self.list_goes_on(at));
        let verbless = self.now.verb.is_none() && !self.now.places.is_empty() && (told || leads_place);
        let own =
            self.now.verb.is_some() && joint == Joint::Comma && leads_place && !self.now.places.is_empty();
        if verbless || own {
            self.begin(Clause { subject: vec![noun], ..Clause::default() });
            self.last = Some(noun);
            return;
        }
        self.put(noun);
    }

    /// "the monolith with a facade in front", "two servers, a balancer in front".
    pub(super) fn front(&mut self) {
        if self.slot == Slot::Place
            && let Some((place, _)) = self.now.places.last_mut()
        {
            *place = Place::Behind;
        } else if let Some(before) = self.out.all.last() {
            let list =
                if before.objects.is_empty() { before.subject.clone() } else { before.objects.clone() };
            self.now.places.push((Place::Before, list));
        }
    }

    /// "(a mainframe)", "(admin UI, billing)"; anything else in brackets is read as a clause about the noun before.
    pub(super) fn open(&mut self, at: usize) -> usize {
        let close =
            self.phrases[at..].iter().position(|phrase| *phrase == Phrase::Close).map(|length| at + length);
        let inside: Vec<usize> = self.phrases[at + 1..close.unwrap_or(at + 1)]
            .iter()
            .filter_map(|phrase| if let Phrase::Noun(noun) = phrase { Some(*noun) } else { None })
            .collect();
        let list = close.is_some_and(|close| {
            self.phrases[at + 1..close]
                .iter()
                .all(|p| matches!(p, Phrase::Noun(_) | Phrase::And | Phrase::Comma))
        });
        if let (Some(close), Some(last), true) = (close, self.last, list) {
            match inside[..] {
                [] => {}
                [one] => self.out.same.push((last, one)),
                _ => self.out.members.push((last, inside)),
            }
            return close + 1;
        }
        // What was said before the brackets comes first.
        if self.now.verb.is_some() && !self.now.places.is_empty() {
            let rest = Clause {
                rest: true,
                subject: self.now.subject.clone(),
                verb: self.now.verb,
                describes: self.now.describes,
                sentence: self.sentence,
                ..Clause::default()
            };
            self.begin(rest);
            self.slot = Slot::Place;
        }
        let kept = (std::mem::take(&mut self.now), std::mem::take(&mut self.waiting), self.slot, self.last);
        self.now.sentence = self.sentence;
        self.owner = kept.3;
        self.brackets.push(kept);
        self.slot = Slot::Subject;
        self.joint = None;
        at + 1
    }
    /// Whether a participle says what a noun, or a list that ends here, does or suffers.
    pub(super) fn is_described(&self, at: usize) -> bool {
        let mut i = at + 1;
        while self.phrases.get(i) == Some(&Phrase::And)
            && matches!(self.phrases.get(i + 1), Some(Phrase::Noun(_)))
        {
            i += 2;
        }
        matches!(self.phrases.get(i), Some(Phrase::Verb(verb)) if matches!(verb.voice, Voice::Doing | Voice::Done) && !verb.frames.contains(&Frame::Names))
    }

    /// Whether a list that a comma leads on comes to an "and" or to its end.
    pub(super) fn list_goes_on(&self, at: usize) -> bool {
        let mut i = at + 1;
        loop {
            match (self.phrases.get(i), self.phrases.get(i + 1)) {
                (Some(Phrase::Comma), Some(Phrase::Noun(_))) => i += 2,
                (Some(Phrase::And), _) | (Some(Phrase::Comma), Some(Phrase::And)) => return true,
                _ => return false,
            }
        }
    }

    /// "checks budgets in A, segments in B", "videos live in A, quizzes in B": the verb is not said twice.
    pub(super) fn gapped(&self, noun: usize, at: usize) -> Option<Clause> {
        let Some(Phrase::Place(place)) = self.phrases.get(at + 1) else { return None };
        let verb = self.now.verb?;
        // "uses A for data, B for jobs", "integrates with A, the other with B": only where it was said so before.
        let again = self.now.places.last().is_some_and(|(known, _)| known == place);
        if matches!(place, Place::Of | Place::Not)
            || matches!(place, Place::As | Place::For | Place::With) && !again
        {
            return None;
        }
        if *place == Place::With && again && self.now.objects.is_empty() && self.slot == Slot::Place {
            return Some(Clause { subject: vec![noun], verb: Some(verb), ..Clause::default() });
        }
        let protocol = matches!(self.phrases.get(at + 2), Some(Phrase::Noun(n)) if self.nouns[*n].protocol);
        if *place == Place::Way && protocol {
            return None;
        }
        let kin = |a: Place, b: Place| {
            let goal = |p: Place| matches!(p, Place::Goal | Place::Within | Place::Way);
            a == b || (goal(a) && goal(b))
        };
        let same = self.now.places.last().is_some_and(|(known, _)| kin(*known, *place));
        if !self.now.objects.is_empty() && (same || (*place == Place::Way && self.now.places.is_empty())) {
            return Some(Clause {
                subject: self.now.subject.clone(),
                verb: Some(verb),
                objects: vec![noun],
                describes: self.now.describes,
                ..Clause::default()
            });
        }
        let moved = self.now.is_passive() || self.now.is(Frame::Stands) || self.now.is(Frame::Gives);
        (same && moved && self.slot == Slot::Place && self.now.objects.is_empty()).then(|| Clause {
            subject: vec![noun],
            verb: Some(verb),
            ..Clause::default()
        })
    }

    /// Whether a verb of its own follows a noun, over what describes it and what is listed with it.
    pub(super) fn leads_clause(&self, at: usize) -> bool {
        let mut i = at + 1;
        let mut described = false;
        loop {
            match self.phrases.get(i) {
                Some(Phrase::Verb(verb)) => match verb.voice {
                    Voice::Active | Voice::Passive => return true,
                    Voice::Infinitive => return false,
                    Voice::Doing | Voice::Done => {
                        described = true;
                        i += 1;
                        if matches!(self.phrases.get(i), Some(Phrase::Noun(_))) {
                            i += 1;
                        }
                    }
                },
                Some(Phrase::Place(_)) if matches!(self.phrases.get(i + 1), Some(Phrase::Noun(_))) => {
                    described = true;
                    i += 2;
                }
                Some(Phrase::And)
                    if !described && matches!(self.phrases.get(i + 1), Some(Phrase::Noun(_))) =>
                {
                    i += 2;
                }
                Some(Phrase::Open) => {
                    let close = self.phrases[i..].iter().position(|phrase| *phrase == Phrase::Close);
                    match close {
                        Some(length) => i += length + 1,
                        None => return false,
                    }
                }
                _ => return false,
            }
        }
    }
}
