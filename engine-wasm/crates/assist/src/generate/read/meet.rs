//! How the parts of a clause meet: what its verb and its prepositions say.

use spandrel_catalog::Kind;

use super::super::parse::Relation;
use super::super::relations::plain;
use super::super::tokens::Sign;
use super::clauses::Clause;
use super::flow::Flow;
use super::known::is_person;
use super::parts::Meaning;
use super::phrases::Pronoun;
use super::roles::Roles;
use crate::words::english::{CHOOSES, Frame, Place, TAKES, TOGETHER};

impl Flow<'_> {
    /// "puts jobs on a queue, a worker renders …": who comes next works off what waits.
    pub(super) fn hand_over(&mut self, clause: &Clause, roles: &Roles) {
        let ([holder], [next]) = (&self.said.holder[..], &roles.subject[..]) else { return };
        let (holder, next) = (*holder, *next);
        let (waits, works) = (self.parts.mentions[holder].component, self.parts.mentions[next].component);
        let queue = waits.kind == Kind::Queue || matches!(waits.id, "event_store" | "mqtt_broker");
        let row = waits.id == "source_control" && matches!(works.id, "ci_server" | "build");
        let left = self.relations.iter().any(|r| r.from == holder);
        let fed = self.relations.iter().any(|r| r.to == next || r.from == next);
        let takes = matches!(works.kind, Kind::Process | Kind::Ai | Kind::Database)
            && !matches!(works.layer().name, "external" | "edge");
        let asks = clause.sentence == self.said.sentence
            && waits.layer().name == "client"
            && works.kind == Kind::Process
            && works.layer().name != "external";
        if holder != next && (queue && takes || row || asks) && !left && !fed {
            self.meet(holder, next, "");
        }
    }

    pub(super) fn connect(&mut self, clause: &Clause, roles: &Roles) {
        if let Some(sign) = clause.arrow {
            for &from in &roles.subject {
                for &to in &roles.objects {
                    let (from, to) = if sign == Sign::Left { (to, from) } else { (from, to) };
                    self.relations.push(Relation {
                        arrow: true,
                        both: sign == Sign::Both,
                        ..plain(from, to, "")
                    });
                }
            }
            return;
        }
        let wish = clause.is(Frame::Wishes) && roles.nobody;
        let stander: Vec<usize> = if roles.subject.is_empty() && roles.nobody {
            roles.objects.clone()
        } else {
            roles.subject.clone()
        };
        for (place, list, anchor) in &roles.others {
            let who = if anchor.is_empty() { &stander } else { anchor };
            self.stand(clause, roles, who, *place, list);
        }
        // "one table per lambda"
        let per = clause.places.iter().find(|(place, list)| {
            *place == Place::For
                && list.iter().any(|n| self.tokens[self.nouns[*n].start.saturating_sub(1)].is(&["per"]))
        });
        if let (None, Some(_), [noun]) = (clause.verb, per, &clause.subject[..])
            && self.said.group.len() > 1
            && self.meanings[*noun].is_some_and(|meaning| matches!(meaning, Meaning::Part(_)))
        {
            let (noun, group) = (*noun, self.said.group.clone());
            if let Some(Meaning::Part(part)) = self.meanings[noun] {
                self.unwanted.push(part);
                self.wanted.retain(|wanted| *wanted != part);
            }
            return self.own(noun, &group);
        }
        if clause.verb.is_none() || wish {
            return self.without_verb(roles, &stander, wish);
        }
        if clause.is_passive() {
            return self.passive(clause, roles);
        }
        let mut acting = roles.subject.clone();
        // "from there it goes to …": what goes is no doer.
        if clause.is(Frame::Goes)
            && !roles.sources.is_empty()
            && clause.subject.iter().all(|n| self.nouns[*n].pronoun == Some(Pronoun::It))
        {
            acting.clear();
        }
        if acting.is_empty()
            && !roles.sources.is_empty()
            && (!roles.goals.is_empty() || !roles.within.is_empty())
        {
            let to: Vec<usize> = roles.goals.iter().chain(&roles.within).copied().collect();
            return self.over(&roles.sources, &roles.ways, &to, roles.label);
        }
        if acting.is_empty() && roles.thing && roles.ways.is_empty() {
            acting =
                if roles.sources.is_empty() { self.keeper() } else { self.said.topic.into_iter().collect() };
        }
        if !acting.is_empty() {
            self.active(clause, roles, &acting, &roles.objects);
        } else if clause.is(Frame::Links) {
            self.meet_all(&roles.objects, &roles.goals, roles.label);
        } else if roles.thing {
            let to: Vec<usize> = roles.goals.iter().chain(&roles.within).copied().collect();
            self.over(&[], &roles.ways, &to, roles.label);
        }
    }

    /// "behind the balancer", "in front of the API", "on top of Kafka", "between A and B".
    pub(super) fn stand(
        &mut self,
        clause: &Clause,
        roles: &Roles,
        stander: &[usize],
        place: Place,
        list: &[usize],
    ) {
        match place {
            Place::Behind => self.meet_all(list, stander, ""),
            Place::Before | Place::Above => self.meet_all(stander, list, ""),
            Place::Between if list.len() >= 2 => {
                let chooses = clause.verb.is_some_and(|verb| {
                    let word = &self.tokens[verb.at];
                    !clause.is(Frame::Wishes) && (clause.is(Frame::Gives) || word.is(CHOOSES))
                });
                if chooses || list.len() > 2 {
                    self.meet_all(stander, list, "");
                } else if let [part] = stander[..] {
                    let cuts = Some((list[0], list[1]));
                    self.relations.push(Relation { cuts, ..plain(part, list[1], "") });
                    self.relations.push(Relation { cuts, ..plain(list[0], part, "") });
                }
            }
            Place::For => {
                let queues: Vec<usize> = roles
                    .goals
                    .iter()
                    .chain(&roles.within)
                    .copied()
                    .filter(|part| self.is_queue(*part))
                    .collect();
                if !queues.is_empty() && clause.verb.is_some() {
                    return self.meet_all(&queues, list, "");
                }
                let people: Vec<usize> = list
                    .iter()
                    .copied()
                    .filter(|part| is_person(self.parts.mentions[*part].component))
                    .collect();
                let meets = |part: &usize| {
                    let component = self.parts.mentions[*part].component;
                    component.kind == Kind::Client || matches!(component.layer().name, "edge" | "analytics")
                };
                let asks = clause.verb.is_some() && !clause.is(Frame::Gives) && !clause.is(Frame::Wishes);
                let shown: Vec<usize> =
                    if roles.objects.is_empty() || asks { stander.to_vec() } else { roles.objects.clone() };
                let shown: Vec<usize> = shown.into_iter().filter(meets).collect();
                self.meet_all(&people, &shown, "");
            }
            _ => {}
        }
    }

    /// "Sidekiq through Redis", "an API with a cache", "orders in Postgres".
    pub(super) fn without_verb(&mut self, roles: &Roles, stander: &[usize], wish: bool) {
        let mut from: Vec<usize> = stander.to_vec();
        if from.is_empty() && roles.thing {
            from = self.keeper();
        }
        if from.is_empty() && !roles.sources.is_empty() {
            from.clone_from(&roles.sources);
        } else {
            self.meet_all(&roles.sources, &from, roles.label);
        }
        let keeps = |part: &usize| {
            matches!(
                self.parts.mentions[*part].component.kind,
                Kind::Database | Kind::Storage | Kind::Cache | Kind::Queue
            )
        };
        let stores: Vec<usize> = roles.within.iter().copied().filter(|part| keeps(part)).collect();
        let to: Vec<usize> = roles.goals.iter().chain(&stores).copied().collect();
        self.over(&from, &roles.ways, &to, roles.label);
        if !wish {
            let weak = self.relations.len();
            self.meet_all(&from, &roles.with, roles.label);
            for relation in &mut self.relations[weak..] {
                relation.weak = true;
            }
        }
    }

    pub(super) fn passive(&mut self, clause: &Clause, roles: &Roles) {
        if !roles.by.is_empty() {
            let (by, patient) = (roles.by.clone(), roles.subject.clone());
            // "Orchestrated by Dagster."
            let patient = if patient.is_empty() && clause.subject.is_empty() {
                self.said.topic.into_iter().collect()
            } else {
                patient
            };
            let from_owner = roles.thing;
            if from_owner
                && !patient.is_empty()
                && roles.sources.is_empty()
                && by.iter().all(|part| !patient.contains(part))
            {
                // "the orders of the shop are billed by …": from whose they are.
                return self.active(clause, roles, &by, &[]);
            }
            return self.active(clause, roles, &by, &patient);
        }
        let patient = if roles.subject.is_empty() && roles.thing {
            if roles.sources.is_empty() { self.keeper() } else { Vec::new() }
        } else {
            roles.subject.clone()
        };
        let to: Vec<usize> = roles.goals.iter().chain(&roles.within).chain(&roles.with).copied().collect();
        let word = clause.verb.map(|verb| self.tokens[verb.at].lower.clone()).unwrap_or_default();
        // "stored in a bucket, served over a CDN": the CDN asks where they are.
        if roles.thing
            && to.is_empty()
            && !roles.ways.is_empty()
            && matches!(word.as_str(), "served" | "delivered" | "streamed" | "shown")
        {
            let holder = self.said.holder.clone();
            return self.meet_all(&roles.ways, &holder, roles.label);
        }
        if matches!(word.as_str(), "exposed" | "reached" | "accessed" | "opened" | "published" | "reachable")
            && !roles.thing
        {
            let mut ways = roles.ways.clone();
            ways.reverse();
            return self.over(&to, &ways, &patient, roles.label);
        }
        let from: Vec<usize> = if roles.sources.is_empty() {
            patient
        } else {
            self.meet_all(&roles.sources, &patient, roles.label);
            if patient.is_empty() && to.is_empty() && roles.thing {
                // "images are served from Cloudinary"
                let topic: Vec<usize> = self.said.topic.into_iter().collect();
                return self.meet_all(&topic, &roles.sources.clone(), roles.label);
            }
            if patient.is_empty() { roles.sources.clone() } else { patient }
        };
        self.over(&from, &roles.ways, &to, roles.label);
    }

    pub(super) fn active(&mut self, clause: &Clause, roles: &Roles, acting: &[usize], objects: &[usize]) {
        let label = roles.label;
        let goals = &roles.goals;
        // "groups players", "keeps users in MySQL": what is done to people connects nobody with them.
        let told = (clause.is(Frame::Gives) || clause.is(Frame::Bids))
            && goals.is_empty()
            && roles.within.is_empty();
        let kept: Vec<usize> = objects
            .iter()
            .copied()
            .filter(|part| told || !is_person(self.parts.mentions[*part].component))
            .collect();
        let objects = &kept[..];
        let has = |frame: Frame| clause.is(frame);
        let word = clause.verb.map(|verb| self.tokens[verb.at].clone());
        let takes = word.as_ref().is_some_and(|token| token.is(TAKES));
        let passive = clause.is_passive();
        let instrument = has(Frame::Moves) || word.as_ref().is_some_and(|t| t.lower.starts_with("deploy"));
        if has(Frame::Has) && !passive {
            let works = |part: &usize| !is_person(self.parts.mentions[*part].component);
            let owners: Vec<usize> = acting.iter().copied().filter(works).collect();
            return self.meet_all(&owners, objects, label);
        }
        if has(Frame::Offers) && !passive && !goals.is_empty() {
            self.over(goals, &roles.ways, acting, label);
            return self.meet_all(acting, objects, label);
        }
        // "GitHub Actions triggers it": what was told of before.
        let plain = roles.carried && objects.is_empty() && clause.places.is_empty() && !passive;
        let fed = self.relations.iter().any(|r| acting.contains(&r.to));
        let other = !fed
            && !acting.iter().any(|part| self.said.subject.contains(part) || self.said.named.contains(part));
        let one = clause.objects.iter().all(|n| self.nouns[*n].pronoun == Some(Pronoun::It));
        if plain
            && other
            && one
            && (has(Frame::Gives) || has(Frame::Asks))
            && !(has(Frame::Moves) || has(Frame::Gets) || has(Frame::Inner) || has(Frame::Shows) || takes)
            && let Some(&target) = self.said.subject.last()
        {
            return self.meet_all(acting, &[target], label);
        }
        // "the site is a static build": the same by another name.
        let copula = clause.verb.is_some_and(|verb| verb.frames == [Frame::Stands]);
        if copula && !objects.is_empty() && clause.objects.iter().all(|n| self.nouns[*n].indefinite) {
            self.unwanted.extend(objects);
            self.wanted.retain(|part| !objects.contains(part));
            return;
        }
        if has(Frame::Backs) {
            return self.meet_all(objects, acting, label);
        }
        if passive && word.as_ref().is_some_and(|t| t.is(&["backed", "supported"])) && roles.goals.is_empty()
        {
            return self.meet_all(objects, acting, label);
        }
        if has(Frame::Gets) && !(has(Frame::Gives) || has(Frame::Asks) && !takes) {
            let from: Vec<usize> = objects.iter().chain(&roles.sources).copied().collect();
            let listens = from.is_empty() && !roles.object_thing && !roles.carried;
            let mut from = from;
            if listens {
                from = goals.iter().chain(&roles.within).copied().collect();
            } else if from.is_empty() {
                from.clone_from(&roles.within);
            }
            let again = roles.object_thing
                && clause.objects.iter().any(|n| self.nouns[*n].definite && self.nouns[*n].pronoun.is_none());
            if from.is_empty() {
                from = self.said.holder.iter().copied().filter(|part| !acting.contains(part)).collect();
                if !(roles.carried || listens || takes || again) || !roles.ways.is_empty() {
                    from.clear();
                }
            }
            if from.is_empty() {
                self.over(acting, &roles.ways, &[], label);
            } else {
                self.over(&from, &roles.ways, acting, label);
            }
            if !listens {
                self.meet_all(acting, goals, label);
            }
            return self.meet_all(acting, &roles.with, label);
        }
        let mut to: Vec<usize> = goals.clone();
        // "streams to Frigate on a box": where the goal is.
        let located = !goals.is_empty();
        let puts = roles.carried || roles.object_thing || !objects.is_empty();
        if !located && (!has(Frame::Stands) || puts || roles.thing || !clause.is(Frame::Gives)) {
            to.extend(&roles.within);
        } else if !located {
            to.extend(roles.within.iter().filter(|part| self.keeps(**part)));
        }
        if has(Frame::Moves)
            && (!objects.is_empty() || !roles.sources.is_empty())
            && (!to.is_empty() || passive)
        {
            let from: Vec<usize> = objects.iter().chain(&roles.sources).copied().collect();
            self.meet_all(&from, acting, label);
            return self.over(acting, &roles.ways, &to, label);
        }
        if has(Frame::Moves) && roles.carried && !to.is_empty() {
            let from = self.said.holder.clone();
            self.meet_all(&from, acting, label);
        }
        if has(Frame::Inner)
            && goals.is_empty()
            && roles.within.is_empty()
            && roles.sources.is_empty()
            && roles.ways.is_empty()
        {
            return self.meet_all(acting, &roles.with, label);
        }
        // "shows them on a dashboard": what is shown is asked from where it is.
        let charts = |part: &usize| {
            self.parts.mentions[*part].component.id == "dashboard" && !self.parts.mentions[*part].named
        };
        let shows =
            has(Frame::Shows) && !acting.iter().any(|part| is_person(self.parts.mentions[*part].component));
        if shows && (roles.carried || roles.object_thing || objects.iter().all(charts)) && goals.is_empty() {
            let charts: Vec<usize> = objects.iter().chain(&roles.within).copied().filter(charts).collect();
            self.unwanted.extend(&charts);
            self.wanted.retain(|part| !charts.contains(part));
            let from: Vec<usize> =
                if roles.sources.is_empty() { self.said.holder.clone() } else { roles.sources.clone() };
            return self.meet_all(acting, &from, label);
        }
        let queue_read = takes && !has(Frame::Gives);
        if roles.carried && objects.is_empty() && roles.sources.is_empty() && to.is_empty() && queue_read {
            for holder in self.said.holder.clone() {
                let (from, into) = if self.said.passes || !self.keeps(holder) || self.is_queue(holder) {
                    (vec![holder], acting.to_vec())
                } else {
                    (acting.to_vec(), vec![holder])
                };
                self.meet_all(&from, &into, label);
            }
        }
        for &source in &roles.sources {
            let asked = has(Frame::Asks) && !self.is_queue(source) && (takes || !has(Frame::Gives));
            if asked {
                self.over(acting, &roles.ways, &[source], label);
            } else {
                let ways: &[usize] = if to.is_empty() { &roles.ways } else { &[] };
                self.over(&[source], ways, acting, label);
            }
        }
        for &object in objects {
            if queue_read && self.is_queue(object) {
                self.meet_all(&[object], acting, label);
            } else if to.is_empty() || has(Frame::Asks) && !has(Frame::Gives) || passive {
                self.over(acting, &roles.ways, &[object], label);
            } else if !has(Frame::Gives) {
                self.meet_all(acting, &[object], label);
            }
        }
        let mut ways = roles.ways.clone();
        if to.is_empty() && !ways.is_empty() && word.as_ref().is_some_and(|t| t.is(TOGETHER)) {
            to.extend(&roles.with);
        } else if instrument {
            ways.extend(&roles.with);
        } else {
            self.meet_all(acting, &roles.with, label);
        }
        if !to.is_empty() {
            self.over(acting, &ways, &to, label);
        } else if objects.is_empty() && roles.sources.is_empty() {
            self.over(acting, &ways, &[], label);
        }
    }

    pub(super) fn keeps(&self, part: usize) -> bool {
        matches!(
            self.parts.mentions[part].component.kind,
            Kind::Database | Kind::Storage | Kind::Cache | Kind::Queue
        )
    }
}
