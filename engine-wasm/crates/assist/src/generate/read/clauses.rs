//! Phrases as clauses: who acts, what is done, to what, and where; nothing of it knows of diagrams.
//!
//! One pass from left to right. A clause that waits for its verb ("Pipelines, kicked off by a scheduler, read …") is put aside
//! while what describes its subject is read, and taken up again with the verb.

use super::super::tokens::Sign;
use super::phrases::{Noun, Phrase, Verb, Voice};
use crate::words::english::{Frame, Place};

/// One clause; numbers are indices of nouns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Clause {
    pub(super) subject: Vec<usize>,
    pub(super) verb: Option<Verb>,
    pub(super) objects: Vec<usize>,
    pub(super) places: Vec<(Place, Vec<usize>)>,
    /// "if …", "when …": not said to happen.
    pub(super) condition: bool,
    /// Drawn as it stands: from the subject to the objects, or back, or both.
    pub(super) arrow: Option<Sign>,
    /// Says more of a noun of another clause: "which …", "backed by …".
    pub(super) describes: bool,
    /// Goes on behind brackets: says nothing unless more follows.
    pub(super) rest: bool,
    /// Number of its sentence.
    pub(super) sentence: usize,
}

impl Clause {
    pub(super) fn is(&self, frame: Frame) -> bool {
        self.verb.is_some_and(|verb| verb.frames.contains(&frame))
    }

    pub(super) fn is_passive(&self) -> bool {
        self.verb.is_some_and(|verb| matches!(verb.voice, Voice::Passive | Voice::Done))
    }

    fn is_empty(&self) -> bool {
        self.subject.is_empty() && self.verb.is_none() && self.objects.is_empty() && self.places.is_empty()
    }
}

/// A request as clauses.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub(super) all: Vec<Clause>,
    /// Two nouns for one thing: "Core Banking (a mainframe)", "a service called Foo".
    pub(super) same: Vec<(usize, usize)>,
    /// What is listed behind a colon or in brackets, and the noun that it belongs to.
    pub(super) members: Vec<(usize, Vec<usize>)>,
}

/// Where the next noun of a list goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Subject,
    Object,
    Place,
}

pub(super) fn clauses(phrases: &[Phrase], nouns: &[Noun]) -> Clauses {
    let mut parser = Parser {
        phrases,
        nouns,
        out: Clauses::default(),
        now: Clause::default(),
        waiting: Vec::new(),
        brackets: Vec::new(),
        owner: None,
        slot: Slot::Subject,
        place: None,
        joint: None,
        last: None,
        naming: false,
        called: None,
        before_condition: Vec::new(),
        list: None,
        sentence: 0,
        early: 0,
    };
    let mut at = 0;
    while at < phrases.len() {
        at = parser.step(at).max(at + 1);
    }
    parser.stop();
    parser.out
}

pub(super) struct Parser<'a> {
    pub(super) phrases: &'a [Phrase],
    pub(super) nouns: &'a [Noun],
    pub(super) out: Clauses,
    pub(super) now: Clause,
    /// Clauses that have a subject and wait for their verb.
    pub(super) waiting: Vec<Clause>,
    pub(super) brackets: Vec<(Clause, Vec<Clause>, Slot, Option<usize>)>,
    /// What the brackets that are open belong to.
    pub(super) owner: Option<usize>,
    pub(super) slot: Slot,
    /// A preposition that has no noun yet.
    pub(super) place: Option<Place>,
    /// "and", a comma or "then" right before.
    pub(super) joint: Option<Joint>,
    pub(super) last: Option<usize>,
    /// "called", before the name.
    pub(super) naming: bool,
    /// "two databases called A and B": whose names are listed, and so far which.
    pub(super) called: Option<(usize, Vec<usize>)>,
    /// Who acted before "if …".
    pub(super) before_condition: Vec<usize>,
    /// What stands before a colon, and what was listed behind it.
    pub(super) list: Option<(usize, Vec<usize>)>,
    pub(super) sentence: usize,
    /// So many places stood before the subject.
    pub(super) early: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    Comma,
    Then,
}

impl Parser<'_> {
    pub(super) fn step(&mut self, at: usize) -> usize {
        match self.phrases[at] {
            Phrase::Noun(noun) => self.noun(noun, at),
            Phrase::Verb(verb) => self.verb(verb, at),
            Phrase::Place(place) => {
                // "to A and from there into B", "via A or at B": the way goes on in a clause of its own.
                let fronted = matches!(self.phrases.get(at + 1), Some(Phrase::Noun(_)))
                    && matches!(self.phrases.get(at + 2), Some(Phrase::Noun(_)));
                let pronoun = place == Place::Source
                    && matches!(self.phrases.get(at + 1), Some(Phrase::Noun(n)) if self.nouns[*n].pronoun.is_some());
                let again = place == Place::Source
                    && self.now.places.iter().any(|(known, _)| *known == Place::Source);
                let stands =
                    matches!(place, Place::Behind | Place::Before | Place::Above) && self.joint.is_some();
                if fronted && self.joint.is_some() && (self.now.verb.is_some() || stands) {
                    self.begin(Clause::default());
                } else if (self.joint == Some(Joint::And) || self.joint.is_some() && (pronoun || again))
                    && self.now.verb.is_some()
                    && (!self.now.places.is_empty() || self.now.rest)
                {
                    let (subject, verb, objects) =
                        (self.now.subject.clone(), self.now.verb, self.now.objects.clone());
                    let describes = self.now.describes;
                    self.begin(Clause { subject, verb, objects, describes, ..Clause::default() });
                    self.slot = Slot::Place;
                }
                if self.place != Some(Place::Not) {
                    self.place = Some(place);
                }
            }
            Phrase::And | Phrase::Comma | Phrase::Then => {
                let joint = match self.phrases[at] {
                    Phrase::And => Joint::And,
                    Phrase::Comma => Joint::Comma,
                    _ => Joint::Then,
                };
                // ", and then": the strongest of them.
                self.joint = match (self.joint, joint) {
                    (Some(Joint::Then), _) | (_, Joint::Then) => Some(Joint::Then),
                    (Some(Joint::And), _) | (_, Joint::And) => Some(Joint::And),
                    _ => Some(Joint::Comma),
                };
                return at + 1;
            }
            Phrase::Which => self.which(at),
            Phrase::Front => self.front(),
            Phrase::Where => {
                let place = self.last.map(|noun| (Place::Within, vec![noun])).into_iter().collect();
                self.aside(Clause { places: place, describes: true, ..Clause::default() });
            }
            Phrase::Joining { condition } => {
                if !self.now.condition {
                    self.before_condition = self.now.subject.clone();
                }
                self.begin(Clause { condition, ..Clause::default() });
            }
            Phrase::Colon => self.colon(),
            Phrase::Open => return self.open(at),
            Phrase::Close => self.close(),
            Phrase::Stop => self.stop(),
            Phrase::Arrow(sign) => self.arrow(sign),
        }
        if !matches!(self.phrases[at], Phrase::Place(_)) {
            self.joint = None;
        }
        at + 1
    }

    /// Ends the clause and begins another.
    pub(super) fn begin(&mut self, next: Clause) {
        self.early = 0;
        let mut done = std::mem::replace(&mut self.now, Clause { sentence: self.sentence, ..next });
        // "(offline in S3, online in Redis)"
        if done.subject.is_empty() && done.verb.is_none() && !done.places.is_empty() {
            done.subject.extend(self.owner);
        }
        // "behind it sit A and B", "there is a cache": what stands behind the verb is who stands there.
        if done.subject.is_empty() && done.is(Frame::Stands) && !done.is(Frame::Wishes) {
            std::mem::swap(&mut done.subject, &mut done.objects);
        }
        if let Some((_, listed)) = self.list.as_mut().filter(|_| !done.describes) {
            listed.extend(done.subject.iter().copied());
        }
        let said = !done.rest || !done.objects.is_empty() || !done.places.is_empty();
        if !done.is_empty() && said {
            self.out.all.push(done);
        }
        self.slot = Slot::Subject;
        self.place = None;
    }

    /// Begins a clause that says more of a noun; one that has no verb yet is taken up again later.
    pub(super) fn aside(&mut self, next: Clause) {
        if self.now.verb.is_none() && !self.now.subject.is_empty() {
            let outer = std::mem::take(&mut self.now);
            self.waiting.push(outer);
        }
        self.begin(next);
    }

    pub(super) fn put(&mut self, noun: usize) {
        self.last = Some(noun);
        match self.slot {
            Slot::Subject => {
                if self.now.subject.is_empty() {
                    self.early = self.now.places.len();
                }
                self.now.subject.push(noun);
            }
            Slot::Object => self.now.objects.push(noun),
            Slot::Place => match self.now.places.last_mut() {
                Some((_, list)) => list.push(noun),
                None => self.now.objects.push(noun),
            },
        }
    }

    pub(super) fn noun(&mut self, noun: usize, at: usize) {
        if std::mem::take(&mut self.naming) {
            match self.last {
                Some(last) if self.nouns[last].plural => self.called = Some((last, vec![noun])),
                Some(last) => self.out.same.push((last, noun)),
                None => {}
            }
            return;
        }
        if let Some((owner, names)) = &mut self.called {
            if self.joint.is_some() && names.len() < self.nouns[*owner].count.max(2) as usize {
                names.push(noun);
                return;
            }
            self.out.members.extend(self.called.take());
        }
        if let Some(place) = self.place.take() {
            self.now.places.push((place, vec![noun]));
            self.slot = Slot::Place;
            self.last = Some(noun);
            return;
        }
        if let Some(joint) = self.joint {
            return self.listed(noun, at, joint);
        }
        if self.now.arrow.is_some() {
            self.slot = Slot::Object;
        } else if self.now.verb.is_some() {
            if self.leads_clause(at) && self.last.is_some() && self.is_filled() {
                // "a link it gets from the API": what was named last is done something to.
                let object = self.last.into_iter().collect();
                self.begin(Clause {
                    subject: vec![noun],
                    objects: object,
                    describes: true,
                    ..Clause::default()
                });
                self.last = Some(noun);
                return;
            }
            self.slot = Slot::Object;
        } else {
            // Behind a place that stands first, or one more word for the subject.
            self.slot = Slot::Subject;
        }
        self.put(noun);
    }

    pub(super) fn is_filled(&self) -> bool {
        !self.now.objects.is_empty() || !self.now.places.is_empty()
    }

    pub(super) fn verb(&mut self, verb: Verb, at: usize) {
        let place = self.place.take();
        if matches!(verb.voice, Voice::Doing | Voice::Done) {
            if verb.frames.contains(&Frame::Names)
                && verb.voice == Voice::Done
                && matches!(self.phrases.get(at + 1), Some(Phrase::Noun(_)))
            {
                self.naming = true;
                return;
            }
            // "for storing files", "by calling the API": who acted does that too.
            if place.is_some() || (self.joint == Some(Joint::And) && self.now.is_passive()) {
                let subject = self.now.subject.clone();
                self.begin(Clause { subject, verb: Some(verb), describes: true, ..Clause::default() });
                return;
            }
            let subject = self.last.into_iter().collect();
            self.aside(Clause { subject, verb: Some(verb), describes: true, ..Clause::default() });
            return;
        }
        if verb.voice == Voice::Infinitive {
            let bids = self.now.is(Frame::Bids) && !self.now.objects.is_empty();
            let subject = if bids { self.now.objects.clone() } else { self.now.subject.clone() };
            let condition = self.now.condition;
            self.begin(Clause { subject, verb: Some(verb), condition, ..Clause::default() });
            return;
        }
        if self.now.verb.is_none() {
            // "gateways in the trucks talk to …": where they are is said of the gateways only.
            if !self.now.subject.is_empty() && !verb.frames.contains(&Frame::Stands) {
                let early = self.early.min(self.now.places.len());
                for (place, _) in
                    self.now.places[early..].iter_mut().filter(|(place, _)| *place == Place::Within)
                {
                    *place = Place::For;
                }
            }
            self.now.verb = Some(verb);
            self.slot = Slot::Object;
            return;
        }
        let comma = self.joint == Some(Joint::Comma) || self.joint.is_none();
        if self.now.describes && comma && !self.waiting.is_empty() {
            let outer = self.waiting.pop().unwrap_or_default();
            self.begin(Clause { verb: Some(verb), ..outer });
        } else if self.now.condition && comma {
            let subject = std::mem::take(&mut self.before_condition);
            self.begin(Clause { subject, verb: Some(verb), ..Clause::default() });
        } else if self.joint.is_some() {
            let (subject, condition, describes) =
                (self.now.subject.clone(), self.now.condition, self.now.describes);
            self.begin(Clause { subject, condition, describes, verb: Some(verb), ..Clause::default() });
        } else {
            // No joint: what was named last does it.
            let subject = self.last.into_iter().collect();
            self.begin(Clause { subject, verb: Some(verb), ..Clause::default() });
        }
        self.slot = Slot::Object;
    }

    /// "which stores …", "which the API calls", "from which it reads".
    pub(super) fn which(&mut self, at: usize) {
        let place = self.place.take();
        let noun: Vec<usize> = self.last.into_iter().collect();
        let acted_on = matches!(self.phrases.get(at + 1), Some(Phrase::Noun(_))) && self.leads_clause(at + 1);
        let clause = match place {
            Some(place) => Clause { places: vec![(place, noun)], ..Clause::default() },
            None if acted_on => Clause { objects: noun, ..Clause::default() },
            None => Clause { subject: noun, ..Clause::default() },
        };
        self.aside(Clause { describes: true, ..clause });
    }

    pub(super) fn colon(&mut self) {
        let several = |noun: &usize| self.nouns[*noun].plural;
        let owner = if self.now.verb.is_none() {
            let place = self.last.filter(|_| !self.now.places.is_empty());
            self.now.subject.last().copied().or(place)
        } else {
            let last = self.last.filter(several);
            last.or(self.now.subject.last().copied().filter(several)).or(self.last)
        };
        self.begin(Clause::default());
        self.list = owner.map(|owner| (owner, Vec::new()));
    }

    pub(super) fn close(&mut self) {
        if let Some((now, waiting, slot, last)) = self.brackets.pop() {
            self.begin(now);
            self.owner = self.brackets.last().and_then(|kept| kept.3);
            self.waiting = waiting;
            self.slot = slot;
            self.last = last;
        }
    }

    pub(super) fn stop(&mut self) {
        while let Some((now, ..)) = self.brackets.pop() {
            self.begin(now);
        }
        self.owner = None;
        for outer in std::mem::take(&mut self.waiting) {
            self.begin(outer);
        }
        self.sentence += 1;
        self.begin(Clause::default());
        if let Some(list) = self.list.take().filter(|(_, listed)| !listed.is_empty()) {
            self.out.members.push(list);
        }
        self.naming = false;
        self.out.members.extend(self.called.take());
        self.before_condition.clear();
    }

    pub(super) fn arrow(&mut self, sign: Sign) {
        let from = if self.now.arrow.is_some() || self.slot == Slot::Object {
            self.now.objects.clone()
        } else {
            match self.slot {
                Slot::Place => self.last.into_iter().collect(),
                _ => self.now.subject.clone(),
            }
        };
        self.begin(Clause { subject: from, arrow: Some(sign), ..Clause::default() });
        self.slot = Slot::Object;
    }
}
