//! For which parts a noun stands: its own meaning, the members of a list, or what a pronoun takes up.

use spandrel_catalog::Kind;

use super::super::containers::place_label;
use super::super::traffic::is_format;
use super::flow::Flow;
use super::known::{is_person, is_proper, is_thing, known};
use super::parts::Meaning;
use super::phrases::{Noun, Pronoun};
use crate::words::english::{ADJECTIVES, COMMON, FREQUENT, Frame};

impl Flow<'_> {
    pub(super) fn meaning(&mut self, noun: usize) -> Meaning {
        self.means(noun, true)
    }

    pub(super) fn means(&mut self, noun: usize, new: bool) -> Meaning {
        if let Some(known) = self.meanings[noun] {
            return known;
        }
        let read = self.read;
        let mut meaning = self.parts.meaning(self.tokens, &self.nouns[noun], new);
        if !new && !matches!(meaning, Meaning::Part(_)) {
            return meaning;
        }
        // "a service called Foo", "TTN (The Things Network)": one part by two names.
        let other = read.same.iter().find(|(a, _)| *a == noun).map(|(_, b)| *b);
        if let Some(other) = other {
            meaning = self.called(noun, other, meaning);
        }
        self.meanings[noun] = Some(meaning);
        meaning
    }

    pub(super) fn called(&mut self, noun: usize, other: usize, meaning: Meaning) -> Meaning {
        let (this, that) = (&self.nouns[noun], &self.nouns[other]);
        let proper = is_proper(self.tokens, that);
        let before = self.parts.mentions.len();
        let part = match meaning {
            Meaning::Part(part) => part,
            _ => match self.parts.meaning(self.tokens, that, true) {
                Meaning::Part(part) => part,
                _ if proper || is_proper(self.tokens, this) => {
                    let name = if is_proper(self.tokens, this) { this } else { that };
                    match self.parts.add_unknown(self.tokens, name, true) {
                        Some(part) => part,
                        None => return meaning,
                    }
                }
                _ => return meaning,
            },
        };
        // A name of its own comes before what the thing is: "an ECS service called InvoiceHub".
        let fresh = self.parts.mentions.len() > before || self.parts.mentions[part].start == this.start;
        let named = proper && !is_proper(self.tokens, this) && that.end - that.start <= 3;
        if fresh && named && !self.tokens[this.start..this.end].iter().any(|t| t.quoted) {
            let texts: Vec<&str> =
                self.tokens[that.start..that.end].iter().map(|t| t.text.as_str()).collect();
            let mention = &mut self.parts.mentions[part];
            if !mention.named || mention.compound {
                mention.label = super::super::labels::title_case(&texts, false);
                mention.named = true;
                mention.compound = true;
            }
        }
        self.parts.also_called(self.tokens, part, this);
        self.parts.also_called(self.tokens, part, that);
        self.meanings[other] = Some(Meaning::Part(part));
        Meaning::Part(part)
    }

    /// The parts that nouns name; words that nobody knows become parts where `acts` or `acted` says that they must be.
    pub(super) fn parts_of(&mut self, list: &[usize], unknown: bool, acts: bool) -> Vec<usize> {
        let mut out = Vec::new();
        self.shared_head(list);
        for &noun in list {
            if self.nouns[noun].pronoun.is_some() {
                out.extend(self.pronoun(noun, acts));
                continue;
            }
            let members = self.read.members.iter().find(|(owner, _)| *owner == noun).map(|(_, list)| list);
            if let Some(members) = members
                && let Some(parts) = self.members(noun, members, acts)
            {
                out.extend(parts);
                continue;
            }
            match self.meaning(noun) {
                Meaning::Part(part) => out.push(part),
                Meaning::Unknown if unknown && self.may_be_part(noun, acts) => {
                    if let Some(part) = self.parts.add_unknown(self.tokens, &self.nouns[noun], acts) {
                        self.meanings[noun] = Some(Meaning::Part(part));
                        out.push(part);
                    }
                }
                _ => {}
            }
        }
        out.dedup();
        out
    }

    /// The parts that a noun with members stands for: these, where it names several; `None` where it is one part itself.
    fn members(&mut self, noun: usize, members: &[usize], acts: bool) -> Option<Vec<usize>> {
        if self.listed[noun].is_some() {
            return self.listed[noun].clone();
        }
        let n = &self.nouns[noun];
        let head = self.tokens[n.end - 1].lower.as_str();
        let several = n.count > 1 || spandrel_catalog::singular(head) != head;
        let words = !members.iter().all(|member| self.nouns[*member].pronoun.is_some());
        if several && words {
            self.listed[noun] = Some(Vec::new());
            self.meanings[noun] = Some(Meaning::Nothing);
            let mut parts = Vec::new();
            for &member in members {
                if Self::is_head(head) && self.takes_head(member, head) {
                    let part = self.parts.add_headed(self.tokens, &self.nouns[member], head);
                    self.meanings[member] = Some(Meaning::Part(part));
                }
                parts.extend(self.parts_of(&[member], true, acts));
            }
            self.listed[noun] = Some(parts.clone());
            return Some(parts);
        }
        // "a control plane (A, B)": what has parts in it is their place.
        if self.meanings[noun].is_none() && place_label(self.tokens, n.start, n.end).is_some() {
            self.meanings[noun] = Some(Meaning::Nothing);
            self.listed[noun] = Some(Vec::new());
            self.parts_of(members, true, acts);
            return Some(Vec::new());
        }
        // "a monolith (PHP, MySQL)": where one thing keeps its things.
        if let Meaning::Part(part) = self.meaning(noun) {
            self.listed[noun] = Some(vec![part]);
            let inside = self.parts_of(members, false, false);
            let stores: Vec<usize> = inside.into_iter().filter(|part| self.keeps(*part)).collect();
            self.meet_all(&[part], &stores, "");
        }
        None
    }

    /// Whether a member of "services (orders, Search)" is named by its word and the head together.
    fn takes_head(&self, member: usize, head: &str) -> bool {
        let noun = &self.nouns[member];
        if noun.pronoun.is_some() || self.meanings[member].is_some() {
            return false;
        }
        let named = self.parts.names(self.tokens, noun);
        let person =
            || known(self.tokens, noun).is_some_and(|known| is_person(known.component) && head != "teams");
        named.is_none() && (is_thing(self.tokens, noun) || person() || known(self.tokens, noun).is_none())
    }

    /// "orders, billing and fleet services": each of the list is a service.
    pub(super) fn shared_head(&mut self, list: &[usize]) {
        let Some((&last, before)) = list.split_last().filter(|(_, before)| !before.is_empty()) else {
            return;
        };
        let noun = &self.nouns[last];
        let head = self.tokens[noun.end - 1].lower.clone();
        let whole =
            noun.pronoun.is_none() && noun.end - noun.start > 1 && spandrel_catalog::singular(&head) != head;
        let bare = |n: &usize| {
            let noun = &self.nouns[*n];
            noun.pronoun.is_none()
                && noun.end - noun.start <= 2
                && !noun.definite
                && self.meanings[*n].is_none()
        };
        if !whole || !Self::is_head(&head) || !before.iter().all(bare) || self.meanings[last].is_some() {
            return;
        }
        for &n in list {
            if !matches!(self.parts.meaning(self.tokens, &self.nouns[n], false), Meaning::Part(part) if self.parts.mentions[part].named && !self.parts.mentions[part].compound)
            {
                let part = self.parts.add_headed(self.tokens, &self.nouns[n], &head);
                self.meanings[n] = Some(Meaning::Part(part));
            }
        }
    }

    /// Whether a word in the plural is a head that a list shares.
    fn is_head(head: &str) -> bool {
        crate::words::english::WORKS.contains(&head)
            || matches!(
                head,
                "microservices"
                    | "workers"
                    | "databases"
                    | "subgraphs"
                    | "teams"
                    | "queues"
                    | "topics"
                    | "frontends"
                    | "clients"
                    | "agents"
                    | "jobs"
                    | "portals"
                    | "gateways"
            )
    }

    /// Whether the same words stand for who does something in another clause.
    pub(super) fn acts_elsewhere(&self, noun: usize) -> bool {
        let words = |n: usize| {
            self.tokens[self.nouns[n].start..self.nouns[n].end].iter().map(|token| token.lower.as_str())
        };
        let acts = |clause: &super::clauses::Clause| {
            clause.verb.is_some() && !clause.is_passive() && !clause.is(Frame::Stands)
        };
        self.read
            .all
            .iter()
            .filter(|clause| acts(clause))
            .flat_map(|clause| &clause.subject)
            .any(|&n| self.nouns[n].pronoun.is_none() && n != noun && words(n).eq(words(noun)))
    }

    /// Whether the catalogue knows of what kind a noun is, though not which.
    pub(super) fn is_of_a_kind(&self, noun: &Noun) -> bool {
        let word = super::super::mentions::phrase_at(self.tokens, noun.end - 1).map(|(word, _)| word);
        matches!(word, Some(spandrel_catalog::Word::Kind(kind)) if !matches!(kind, Kind::Person | Kind::Group | Kind::Default | Kind::Security))
    }

    /// Whether an unknown noun can be a part: written as a name, or something that acts.
    pub(super) fn may_be_part(&self, noun: usize, acts: bool) -> bool {
        let n = &self.nouns[noun];
        let last = self.tokens[n.end - 1].lower.as_str();
        let word = last.len() > 1 && last.chars().any(char::is_alphabetic);
        let abstract_one =
            ["ing", "ly", "ness", "ment", "tion", "sion", "ity"].iter().any(|end| last.ends_with(end))
                && !acts
                && !is_proper(self.tokens, n);
        word && !is_format(last)
            && n.end - n.start <= 4
            && !abstract_one
            && (acts
                || is_proper(self.tokens, n)
                || n.definite
                || n.indefinite
                || n.count > 1
                || self.is_bare_name(n))
    }

    pub(super) fn pronoun(&mut self, noun: usize, acts: bool) -> Vec<usize> {
        if let Some(known) = &self.pronouns[noun] {
            return known.clone();
        }
        let parts = self.stands_for(noun, acts);
        self.pronouns[noun] = Some(parts.clone());
        parts
    }

    pub(super) fn stands_for(&mut self, noun: usize, acts: bool) -> Vec<usize> {
        if self.nouns[noun].pronoun == Some(Pronoun::One)
            && let Some((owner, _)) = self.read.members.iter().find(|(_, list)| list.contains(&noun))
        {
            return match self.meaning(*owner) {
                Meaning::Part(part) => vec![part],
                _ => Vec::new(),
            };
        }
        let said = &self.said;
        let works = |part: &usize| {
            !matches!(
                self.parts.mentions[*part].component.kind,
                Kind::Database | Kind::Storage | Kind::Cache | Kind::Person
            )
        };
        match self.nouns[noun].pronoun {
            Some(Pronoun::It) if acts => {
                let own = |part: &&usize| {
                    works(part) && self.parts.mentions[**part].component.layer().name != "external"
                };
                let last = said
                    .named
                    .iter()
                    .rev()
                    .find(own)
                    .or_else(|| said.named.iter().rev().find(|part| works(part)));
                last.or(said.subject.last()).or(said.named.last()).copied().into_iter().collect()
            }
            Some(Pronoun::Latter) => said.pair.last().or(said.named.last()).copied().into_iter().collect(),
            Some(Pronoun::Former) => {
                let pair = if said.group.len() == 2 { said.group.clone() } else { said.named.clone() };
                let first = pair.first().copied();
                self.said.pair = pair;
                first.into_iter().collect()
            }
            Some(Pronoun::It) => said.named.last().copied().into_iter().collect(),
            Some(Pronoun::They | Pronoun::Each) if acts => {
                let several = |part: &usize| {
                    let mention = &self.parts.mentions[*part];
                    mention.count > 1 || spandrel_catalog::singular(&mention.label) != mention.label
                };
                if said.subject.len() > 1 || said.subject.iter().any(several) {
                    return said.subject.clone();
                }
                if said.group.len() > 1 {
                    return said.group.clone();
                }
                let last = said.named.iter().rev().find(|part| several(part));
                last.map_or_else(|| said.subject.clone(), |part| vec![*part])
            }
            Some(Pronoun::Last(count)) => {
                let count = count as usize;
                let counted =
                    said.named.iter().rev().find(|part| self.parts.mentions[**part].count as usize == count);
                if let Some(part) = counted {
                    return vec![*part];
                }
                if said.group.len() == count {
                    return said.group.clone();
                }
                let from = if said.named.len() < count { &said.targets } else { &said.named };
                from[from.len().saturating_sub(count)..].to_vec()
            }
            Some(Pronoun::There) if said.holder.is_empty() => said.last.into_iter().collect(),
            Some(Pronoun::There) => said.holder.clone(),
            Some(Pronoun::One) => {
                let one = said.group.get(said.ones).or(said.group.last()).copied();
                self.said.ones += 1;
                one.into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// "checks budgets in aerospike": one small word without a determiner where something is kept can only be a name.
    pub(super) fn is_bare_name(&self, noun: &Noun) -> bool {
        let word = self.tokens[noun.start].lower.as_str();
        let plain = noun.pronoun.is_none()
            && !noun.definite
            && !noun.indefinite
            && noun.count == 1
            && noun.end == noun.start + 1;
        let common = super::lexicon::is_data(word)
            || super::lexicon::verb(word).is_some()
            || COMMON.contains(&word)
            || FREQUENT.contains(&word)
            || ADJECTIVES.contains(&word);
        plain
            && word.len() > 3
            && !common
            && spandrel_catalog::singular(word) == word
            && word.chars().all(char::is_alphabetic)
    }

    pub(super) fn is_own(&self, noun: usize) -> bool {
        let start = self.nouns[noun].start;
        (start.saturating_sub(2)..start).any(|at| self.tokens[at].is(&["own"]))
    }

    /// Gives each of some parts one of a kind for itself.
    pub(super) fn own(&mut self, noun: usize, owners: &[usize]) {
        self.meanings[noun] = Some(Meaning::Nothing);
        for &owner in owners {
            if let Some(part) = self.parts.add_own(self.tokens, &self.nouns[noun], owner) {
                self.meet(owner, part, "");
            }
        }
    }

    pub(super) fn is_known(&self, noun: usize) -> bool {
        !matches!(self.meanings[noun], None | Some(Meaning::Unknown))
            || self.parts.knows(self.tokens, &self.nouns[noun])
    }
}
