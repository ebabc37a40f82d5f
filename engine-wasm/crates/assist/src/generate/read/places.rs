//! What stands where: "put the API inside a VPC", "on-prem: A and B", "everything except C lives in the cluster".

use spandrel_base::LeanSort;

use super::super::containers::{Container, place_label};
use super::super::labels::title_case;
use super::super::parse::Mention;
use super::super::tokens::Token;
use super::clauses::{Clause, Clauses};
use super::parts::Meaning;
use super::phrases::Noun;
use crate::words::english::{Frame, Place};

/// A place that the request names.
struct Spot {
    label: String,
    words: Vec<String>,
    parts: Vec<usize>,
    inside: Option<usize>,
    start: usize,
    end: usize,
}

pub(super) struct Places<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) nouns: &'a [Noun],
    pub(super) meanings: &'a [Option<Meaning>],
    pub(super) pronouns: &'a [Option<Vec<usize>>],
    pub(super) mentions: &'a [Mention],
}

impl Places<'_> {
    /// The places with what stands in them; parts by their numbers.
    pub(super) fn find(&self, read: &Clauses) -> Vec<Container> {
        let mut spots: Vec<Spot> = Vec::new();
        for clause in &read.all {
            self.shared_head(&mut spots, &clause.subject);
            for (_, list) in &clause.places {
                self.shared_head(&mut spots, list);
            }
            self.clause(&mut spots, clause);
        }
        for (owner, list) in &read.members {
            if let Some(spot) = self.spot(&mut spots, *owner) {
                let parts = self.parts_of(list);
                spots[spot].parts.extend(parts);
            }
        }
        // A part stands in one place: the last that was said.
        for index in 0..spots.len() {
            let later: Vec<usize> = spots[index + 1..].iter().flat_map(|spot| spot.parts.clone()).collect();
            spots[index].parts.retain(|part| !later.contains(part));
            spots[index].parts.lean_sort();
            spots[index].parts.dedup();
        }
        let holds = |index: usize| {
            !spots[index].parts.is_empty()
                || spots.iter().any(|spot| spot.inside == Some(index) && !spot.parts.is_empty())
        };
        let kept: Vec<usize> = (0..spots.len()).filter(|&index| holds(index)).collect();
        kept.iter()
            .map(|&index| Container {
                label: spots[index].label.clone(),
                parts: spots[index].parts.clone(),
                runtime: false,
                copies: Vec::new(),
                all: false,
                inside: spots[index].inside.and_then(|outer| kept.iter().position(|&at| at == outer)),
                start: spots[index].start,
                end: spots[index].end,
            })
            .collect()
    }

    fn clause(&self, spots: &mut Vec<Spot>, clause: &Clause) {
        let stands = clause.verb.is_none()
            || clause.is(Frame::Stands)
            || clause.is(Frame::Wishes)
            || clause.is_passive();
        let nobody = self.parts_of(&clause.subject).is_empty();
        for (place, list) in &clause.places {
            let said = match place {
                Place::Within => stands,
                Place::For => !clause.subject.is_empty(),
                _ => false,
            };
            for &noun in list.iter().filter(|_| said) {
                let Some(spot) = self.spot(spots, noun) else { continue };
                let mut parts =
                    if nobody { self.parts_of(&clause.objects) } else { self.parts_of(&clause.subject) };
                if clause
                    .subject
                    .iter()
                    .any(|n| self.tokens[self.nouns[*n].end - 1].is(&["everything", "all"]))
                {
                    let but: Vec<usize> = clause
                        .places
                        .iter()
                        .filter(|(place, _)| *place == Place::Not)
                        .flat_map(|(_, list)| self.parts_of(list))
                        .collect();
                    let own = |part: &usize| {
                        let layer = self.mentions[*part].component.layer().name;
                        !but.contains(part)
                            && !matches!(layer, "person" | "client")
                            && (layer != "external" || !but.is_empty())
                    };
                    parts = (0..self.mentions.len()).filter(own).collect();
                }
                for &inner in clause.subject.iter().chain(&clause.objects) {
                    if let Some(inner) = self.spot(spots, inner).filter(|inner| *inner != spot) {
                        spots[inner].inside = Some(spot);
                    }
                }
                spots[spot].parts.extend(parts);
            }
        }
        // "a VPC with a public subnet and an API", "the cluster runs three services"
        let holder = clause.subject.last().and_then(|noun| self.spot(spots, *noun));
        let Some(holder) = holder else { return };
        let mut inside: Vec<usize> = clause
            .places
            .iter()
            .filter(|(place, _)| *place == Place::With)
            .flat_map(|(_, list)| list.clone())
            .collect();
        if clause.is(Frame::Has) || clause.is(Frame::Stands) {
            inside.extend(&clause.objects);
        }
        for noun in inside {
            match self.spot(spots, noun) {
                Some(inner) if inner != holder => spots[inner].inside = Some(holder),
                _ => {
                    let parts = self.parts_of(&[noun]);
                    spots[holder].parts.extend(parts);
                }
            }
        }
    }

    fn parts_of(&self, list: &[usize]) -> Vec<usize> {
        let mut out = Vec::new();
        for &noun in list {
            if let Some(parts) = &self.pronouns[noun] {
                out.extend(parts);
            } else if let Some(Meaning::Part(part)) = self.meanings[noun] {
                out.push(part);
            }
        }
        out
    }

    /// "a public, a private and a data subnet": each of the list is a place.
    fn shared_head(&self, spots: &mut Vec<Spot>, list: &[usize]) {
        let Some((last, before)) = list.split_last() else { return };
        let noun = &self.nouns[*last];
        let head = &self.tokens[noun.end.saturating_sub(1)];
        if before.is_empty()
            || noun.pronoun.is_some()
            || place_label(self.tokens, noun.start, noun.end).is_none()
        {
            return;
        }
        for &other in before {
            let first = &self.nouns[other];
            let word = first.end == first.start + 1 && first.pronoun.is_none();
            let place = place_label(self.tokens, first.start, first.end).is_some();
            if word && !place && !matches!(self.meanings[other], Some(Meaning::Part(_))) {
                let label = title_case(&[self.tokens[first.start].text.as_str(), head.text.as_str()], true);
                add(spots, label, first);
            }
        }
        self.spot(spots, *last);
    }

    /// The place that a noun names, now or again.
    fn spot(&self, spots: &mut Vec<Spot>, noun: usize) -> Option<usize> {
        let n = &self.nouns[noun];
        if n.pronoun.is_some() || matches!(self.meanings[noun], Some(Meaning::Part(_))) {
            return None;
        }
        let words: Vec<String> = self.tokens[n.start..n.end]
            .iter()
            .map(|token| spandrel_catalog::singular(&token.lower))
            .collect();
        let known = spots.iter().rposition(|spot| words.iter().all(|word| spot.words.contains(word)));
        if known.is_some() {
            return known;
        }
        let label = place_label(self.tokens, n.start, n.end)?;
        Some(add(spots, label, n))
    }
}

fn add(spots: &mut Vec<Spot>, label: String, noun: &Noun) -> usize {
    if let Some(known) = spots.iter().position(|spot| spot.label == label) {
        return known;
    }
    let words =
        spandrel_catalog::tokens(&label).iter().map(|word| spandrel_catalog::singular(word)).collect();
    spots.push(Spot { label, words, parts: Vec::new(), inside: None, start: noun.start, end: noun.end });
    spots.len() - 1
}
