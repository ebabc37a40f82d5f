//! Clauses as connections: what each verb and each preposition says of the parts around it, and for whom pronouns stand.

use spandrel_catalog::Kind;

use super::super::parse::Relation;
use super::super::relations::plain;
use super::super::tokens::Token;
use super::clauses::{Clause, Clauses};
use super::known::is_person;
use super::parts::{Meaning, Parts};
use super::phrases::{Noun, Pronoun};
use super::roles::Roles;
use crate::words::english::Frame;

/// What was named so far, for pronouns and for what says nothing of who acts.
#[derive(Default)]
pub(super) struct Said {
    /// Parts of the last clause in the order of their naming: who acted, then what was acted on.
    pub(super) subject: Vec<usize>,
    pub(super) named: Vec<usize>,
    /// Parts that were named together last.
    pub(super) group: Vec<usize>,
    /// Who acted last in a main clause, and is no person.
    pub(super) topic: Option<usize>,
    /// Where things went last.
    pub(super) holder: Vec<usize>,
    /// The nouns that the last clause was about.
    pub(super) nouns: Vec<usize>,
    /// Its sentence.
    pub(super) sentence: usize,
    /// That part got them by its own doing: they go on from there.
    pub(super) passes: bool,
    /// Parts of the clause before, for "from there".
    pub(super) last: Option<usize>,
    /// Where things went, in order.
    pub(super) targets: Vec<usize>,
    /// "one …, the other …".
    pub(super) ones: usize,
    /// "the former …, the latter …".
    pub(super) pair: Vec<usize>,
}

pub(super) struct Flow<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) nouns: &'a [Noun],
    pub(super) read: &'a Clauses,
    pub(super) parts: Parts,
    pub(super) meanings: Vec<Option<Meaning>>,
    pub(super) relations: Vec<Relation>,
    /// Parts that only a negation names.
    pub(super) unwanted: Vec<usize>,
    pub(super) wanted: Vec<usize>,
    /// Parts that do something, or to which something goes.
    pub(super) seen: Vec<usize>,
    pub(super) said: Said,
    /// The parts that each noun's members were read as; empty while they are read, as a list may hold itself.
    pub(super) listed: Vec<Option<Vec<usize>>>,
    /// For whom each pronoun stands.
    pub(super) pronouns: Vec<Option<Vec<usize>>>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(tokens: &'a [Token], nouns: &'a [Noun], read: &'a Clauses) -> Self {
        Self {
            tokens,
            nouns,
            read,
            parts: Parts::default(),
            meanings: vec![None; nouns.len()],
            relations: Vec::new(),
            unwanted: Vec::new(),
            wanted: Vec::new(),
            seen: Vec::new(),
            said: Said::default(),
            listed: vec![None; nouns.len()],
            pronouns: vec![None; nouns.len()],
        }
    }

    /// Reads all clauses in their order.
    pub(super) fn run(&mut self) {
        for clause in &self.read.all {
            self.clause(clause);
        }
        let wanted = std::mem::take(&mut self.wanted);
        self.unwanted.retain(|part| !wanted.contains(part));
        // "reserves a courier": who is only the object of something, and meets nobody, is no part.
        for part in 0..self.parts.mentions.len() {
            let meets = self.relations.iter().any(|r| r.from == part || r.to == part);
            if !meets && !self.seen.contains(&part) {
                self.unwanted.push(part);
            }
        }
    }

    pub(super) fn clause(&mut self, clause: &Clause) {
        let roles = self.roles(clause);
        let refused_all = clause.verb.is_none()
            && clause
                .subject
                .iter()
                .any(|n| self.nouns[*n].negated && !matches!(self.meanings[*n], Some(Meaning::Part(_))));
        let negated = refused_all
            || clause.verb.is_some_and(|verb| verb.negated)
            || (clause.is(Frame::Refuses) && roles.nobody);
        let refused: Vec<usize> = clause
            .subject
            .iter()
            .chain(&clause.objects)
            .filter(|n| self.nouns[**n].negated)
            .copied()
            .collect();
        let lost: Vec<usize> = refused
            .iter()
            .filter_map(|n| match self.meanings[*n] {
                Some(Meaning::Part(part)) => Some(part),
                _ => None,
            })
            .collect();
        self.unwanted.extend(&lost);
        let all: Vec<usize> = Self::named_in(&roles);
        if negated {
            self.unwanted
                .extend(roles.objects.iter().chain(&roles.goals).chain(&roles.within).chain(&roles.sources));
            return;
        }
        if !lost.is_empty() {
            return;
        }
        self.wanted.extend(&all);
        let told = clause.is(Frame::Has)
            || clause.is(Frame::Stands)
            || clause.is(Frame::Wishes)
            || clause.verb.is_none()
            || clause.arrow.is_some();
        let wanted = clause.subject.iter().any(|n| self.nouns[*n].pronoun == Some(Pronoun::People))
            && clause.is(Frame::Wishes);
        let told = told && !wanted;
        // "to Frigate on a box": where a goal is, is no part by itself.
        let located =
            |part: &&usize| !roles.goals.is_empty() && roles.within.contains(part) && clause.verb.is_some();
        self.seen.extend(
            all.iter().filter(|part| !located(part)).filter(|part| told || !roles.objects.contains(part)),
        );
        if !clause.describes && !clause.condition && clause.verb.is_some() && !clause.is_passive() {
            self.hand_over(clause, &roles);
        }
        // "payments come in at A, get checked by B": from where they are.
        let same = !clause.subject.is_empty() && clause.subject == self.said.nouns;
        if same
            && roles.thing
            && clause.is_passive()
            && !roles.by.is_empty()
            && roles.sources.is_empty()
            && !self.said.holder.is_empty()
        {
            let (holder, by) = (self.said.holder.clone(), roles.by.clone());
            self.meet_all(&holder, &by, "");
        }
        self.said.nouns.clone_from(&clause.subject);
        self.said.sentence = clause.sentence;
        let copula = clause.is(Frame::Stands) && clause.verb.is_some_and(|verb| verb.frames.len() == 1);
        if !(clause.condition && (copula || roles.nobody)) {
            self.connect(clause, &roles);
        }
        self.remember(clause, &roles, all);
    }

    fn named_in(roles: &Roles) -> Vec<usize> {
        let mut all: Vec<usize> = roles.subject.clone();
        for list in
            [&roles.objects, &roles.sources, &roles.by, &roles.ways, &roles.with, &roles.goals, &roles.within]
        {
            all.extend(list);
        }
        all.extend(roles.others.iter().flat_map(|(_, list, _)| list));
        all
    }

    pub(super) fn remember(&mut self, clause: &Clause, roles: &Roles, all: Vec<usize>) {
        let acting = if clause.is_passive() && !roles.by.is_empty() { &roles.by } else { &roles.subject };
        if !acting.is_empty() {
            let inner = acting.iter().all(|part| {
                let component = self.parts.mentions[*part].component;
                component.kind == Kind::Process && component.layer().name == "app"
            });
            if !clause.describes || inner {
                let works = acting.iter().find(|part| {
                    let component = self.parts.mentions[**part].component;
                    !is_person(component)
                        && !matches!(
                            component.kind,
                            Kind::Database | Kind::Storage | Kind::Cache | Kind::Queue
                        )
                });
                self.said.topic = works.copied().or(self.said.topic);
            }
            self.said.subject.clone_from(acting);
        }
        let stood = roles.others.iter().map(|(_, list, _)| list);
        for list in
            [&roles.subject, &roles.by, &roles.objects, &roles.goals, &roles.within].into_iter().chain(stood)
        {
            if list.len() > 1 {
                self.said.group.clone_from(list);
                self.said.ones = 0;
            }
        }
        let stores: Vec<usize> = roles.within.iter().chain(&roles.goals).copied().collect();
        let last = if stores.is_empty() { roles.ways.clone() } else { stores };
        self.said.targets.extend(roles.goals.iter().chain(&roles.within));
        let takes = clause.is(Frame::Gets) && !clause.is_passive();
        let holder = if takes { acting.last().copied().into_iter().collect() } else { last };
        if !holder.is_empty() {
            self.said.passes = takes;
            self.said.holder = holder;
        }
        if !all.is_empty() {
            self.said.last = all.last().copied();
            self.said.named = all;
            // "the API is read by the shop; it …": the sentence is about the API.
            if clause.is_passive() && !clause.describes && !roles.by.is_empty() {
                self.said.named.retain(|part| !roles.subject.contains(part));
                self.said.named.extend(&roles.subject);
            }
        }
    }

    pub(super) fn meet(&mut self, from: usize, to: usize, label: &'static str) {
        let there = self
            .relations
            .iter()
            .any(|r| (r.from, r.to) == (from, to) || (r.from, r.to) == (to, from) && !r.arrow);
        if from != to && !there {
            self.relations.push(plain(from, to, label));
        }
    }

    pub(super) fn meet_all(&mut self, from: &[usize], to: &[usize], label: &'static str) {
        for &a in from {
            for &b in to {
                self.meet(a, b, label);
            }
        }
    }

    /// From some parts to others, over what stands in the way.
    pub(super) fn over(&mut self, from: &[usize], ways: &[usize], to: &[usize], label: &'static str) {
        let mut at: Vec<usize> = from.to_vec();
        for &way in ways {
            self.meet_all(&at, &[way], label);
            at = vec![way];
        }
        self.meet_all(&at, to, label);
    }

    /// Who has the things of which nothing is said: where they went last, if something works there, or who acted last.
    pub(super) fn keeper(&self) -> Vec<usize> {
        let works = |part: &usize| {
            let component = self.parts.mentions[*part].component;
            component.kind == Kind::Process
                && !matches!(component.layer().name, "external" | "identity" | "edge")
        };
        let last = self.said.named.last().copied().filter(works);
        last.or(self.said.topic).into_iter().collect()
    }

    pub(super) fn is_queue(&self, part: usize) -> bool {
        self.parts.mentions[part].component.kind == Kind::Queue
    }
}
