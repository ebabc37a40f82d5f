//! Nouns as parts: what the catalogue knows, what was named before, and what its place in a sentence makes a part.

use spandrel_catalog::{Kind, find, lookup, singular};

use super::super::containers::is_place;
use super::super::labels::title_case;
use super::super::lists::{MACHINES, is_trade};
use super::super::mentions::{generic_of, phrase_at};
use super::super::parse::Mention;
use super::super::tokens::Token;
use super::known::{Known, is_person, is_proper, is_thing, known};
use super::lexicon::is_capital;
use super::phrases::Noun;
use crate::words::english::{ADJECTIVES, PEOPLE};

/// What a noun is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Index of a part.
    Part(usize),
    /// What flows or is kept; the part whose it is, where its words say so.
    Data(Option<usize>),
    /// A place, a protocol, a pronoun, or nothing of the system.
    Nothing,
    /// A word that nobody knows: a part if it acts or is acted on.
    Unknown,
}

/// Parts by the order in which they are named.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) mentions: Vec<Mention>,
    /// The words that each was called by, in the singular.
    words: Vec<Vec<String>>,
    /// Those and the words of its usual name.
    all_words: Vec<Vec<String>>,
}

impl Parts {
    /// What a noun means, as far as its own words and the parts before it say.
    pub(super) fn meaning(&mut self, tokens: &[Token], noun: &Noun, new: bool) -> Meaning {
        let words = words_of(tokens, noun);
        if words.is_empty() {
            return Meaning::Nothing;
        }
        let known = known(tokens, noun);
        let data = is_thing(tokens, noun);
        let somebody = |part: usize| {
            is_person(self.mentions[part].component) || self.mentions[part].component.id == "ai_agent"
        };
        let again = |part: usize| somebody(part) && self.words[part] == words;
        let person = known.as_ref().is_some_and(|known| is_person(known.component))
            || (0..self.words.len()).any(again);
        if !noun.indefinite || noun.each || noun.negated || person {
            let whole = noun.definite || noun.count == 1 || known.is_none() || person;
            if let Some(part) = self.named_before(tokens, noun, &words).filter(|_| whole) {
                // "orders go to …" are no order service, "Orders calls …" is.
                return if data && !is_capital(&tokens[noun.start]) {
                    Meaning::Data(Some(part))
                } else {
                    Meaning::Part(part)
                };
            }
        }
        if data {
            return Meaning::Data(self.owner(tokens, noun));
        }
        let made = phrase_at(tokens, noun.start)
            .is_some_and(|(word, length)| word.product().is_some() && length < noun.end - noun.start);
        // "the booking site" is a site of the web, "the standby site" a place.
        let where_to =
            ["primary", "standby", "secondary", "backup", "main", "remote", "edge", "recovery", "dr"];
        let web = tokens[noun.end - 1].is(&["site", "sites"])
            && !tokens[noun.start..noun.end].iter().any(|t| t.is(&where_to));
        let place = (noun.start..noun.end).any(|at| is_place(tokens, at)) && !made && !web;
        let name = noun.end - noun.start > 1 && tokens[noun.start..noun.end].iter().all(is_capital);
        if place && !name && known.as_ref().is_none_or(|known| known.compound) {
            return Meaning::Nothing;
        }
        if let Some(known) = known {
            let person = is_person(known.component);
            return if new || person {
                Meaning::Part(self.add(tokens, noun, known))
            } else {
                Meaning::Unknown
            };
        }
        Meaning::Unknown
    }

    /// The part that a noun names again: all its words are the part's, or it is the part's short form.
    fn named_before(&self, tokens: &[Token], noun: &Noun, words: &[String]) -> Option<usize> {
        let first = &tokens[noun.start];
        let short = noun.end == noun.start + 1
            && first.text.len() >= 3
            && first.text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
        let initials = |part: usize| {
            let letters: String = self.words[part].iter().filter_map(|word| word.chars().next()).collect();
            letters == first.lower || format!("t{letters}") == first.lower
        };
        let kind = || {
            let (word, length) = phrase_at(tokens, noun.start)?;
            let kind = word.kind();
            let plain = noun.definite && length == noun.end - noun.start && word.product().is_none();
            let same = |part: &usize| {
                let component = self.mentions[*part].component;
                Some(component.id) == word.component().map(|c| c.id)
            };
            let other = tokens[noun.end - 1].is(&["replica", "replicas", "standby", "copy", "shard"]);
            let stands = matches!(kind, Kind::Queue | Kind::Database | Kind::Storage | Kind::Cache) && !other;
            let all = || (0..self.mentions.len()).rev();
            (plain && stands)
                .then(|| {
                    all()
                        .find(same)
                        .or_else(|| all().find(|part| self.mentions[*part].component.kind == kind))
                })
                .flatten()
        };
        let said = |part: usize| words.iter().all(|word| self.words[part].contains(word));
        let whole =
            (0..self.words.len()).rev().find(|&part| said(part) && self.words[part].len() <= words.len());
        let usual = |part: usize| words.iter().all(|word| self.all_words[part].contains(word));
        whole
            .or_else(|| {
                let named = |part: usize| {
                    // "the service" is the last of them; "a service" and "services" are others.
                    let head = self.words[part].last();
                    let vague =
                        words.len() == 1 && head == words.first() && VAGUE.contains(&words[0].as_str());
                    let bare = !noun.indefinite && noun.count == 1 && singular(&first.lower) == first.lower;
                    said(part) && (!vague || noun.definite || bare)
                };
                (0..self.words.len()).rev().find(|&part| named(part))
            })
            .or_else(|| (0..self.words.len()).rev().find(|&part| short && initials(part)))
            .or_else(kind)
            .or_else(|| (0..self.words.len()).rev().find(|&part| usual(part) && noun.definite))
    }

    /// Whose a thing is: "courier positions" are the courier service's, "Tomcat's data" is Tomcat's.
    fn owner(&self, tokens: &[Token], noun: &Noun) -> Option<usize> {
        let words = words_of(tokens, noun);
        let whose = &words[..words.len().saturating_sub(1)];
        let shares = |part: &usize| {
            self.words[*part].iter().any(|own| whose.contains(own) && !VAGUE.contains(&own.as_str()))
        };
        let works = |part: &usize| {
            let component = self.mentions[*part].component;
            !matches!(
                component.kind,
                Kind::Database | Kind::Storage | Kind::Cache | Kind::Person | Kind::Queue
            )
        };
        (0..self.words.len()).rev().find(|part| shares(part) && works(part))
    }

    /// The part that a noun names again.
    pub(super) fn names(&self, tokens: &[Token], noun: &Noun) -> Option<usize> {
        self.named_before(tokens, noun, &words_of(tokens, noun))
    }

    /// Whether the catalogue, or what was named before, says what a noun is.
    pub(super) fn knows(&self, tokens: &[Token], noun: &Noun) -> bool {
        let words = words_of(tokens, noun);
        known(tokens, noun).is_some()
            || self.named_before(tokens, noun, &words).is_some()
            || is_thing(tokens, noun)
    }

    /// What tells people something is a part where something is told through it: "through push notifications".
    pub(super) fn add_teller(&mut self, tokens: &[Token], noun: &Noun) -> Option<usize> {
        let known = known(tokens, noun)?;
        let tells = ["push_service", "sms_service", "email_service", "notification_service"];
        tells
            .contains(&known.component.id)
            .then(|| self.add(tokens, noun, Known { label: known.component.name.to_owned(), ..known }))
    }

    /// The product whose things a noun names: "Firestore changes".
    pub(super) fn product_before(&mut self, tokens: &[Token], noun: &Noun) -> Option<usize> {
        let (word, length) = phrase_at(tokens, noun.start)?;
        word.product()?;
        let own = Noun { end: noun.start + length, ..noun.clone() };
        if own.end >= noun.end {
            return None;
        }
        match self.meaning(tokens, &own, true) {
            Meaning::Part(part) => Some(part),
            _ => None,
        }
    }

    /// The part that a thing is named after: "sensor data" comes from sensors.
    pub(super) fn named_after(&mut self, tokens: &[Token], noun: &Noun) -> Option<usize> {
        let whose = Noun { end: noun.end - 1, ..noun.clone() };
        if noun.end - noun.start < 2 || is_thing(tokens, &whose) {
            return None;
        }
        let known = known(tokens, &whose)?;
        let outside = matches!(known.component.layer().name, "client" | "person" | "external");
        outside.then(|| self.add(tokens, &whose, known))
    }

    /// A part under the person's own words.
    pub(super) fn add_unknown(&mut self, tokens: &[Token], noun: &Noun, acts: bool) -> Option<usize> {
        let last = tokens[noun.end - 1].lower.as_str();
        let one = singular(last);
        let several = one != last || matches!(last, "people" | "staff" | "ops" | "devs");
        let proper = is_proper(tokens, noun);
        let trade = (is_trade(&one) && !MACHINES.contains(&one.as_str())
            || matches!(last, "people" | "staff" | "ops" | "devs"))
            && !proper;
        let kind = phrase_at(tokens, noun.end - 1).map(|(word, _)| word.kind());
        let id = match kind {
            Some(Kind::Person) => "users",
            _ if trade && (several || noun.end - noun.start == 1)
                || (several && PEOPLE.contains(&one.as_str())) =>
            {
                "users"
            }
            Some(Kind::Client) => "web_app",
            Some(kind) if generic_of(kind, last).is_some() && !proper => {
                generic_of(kind, last).map_or("microservice", |c| c.id)
            }
            _ if proper && noun.end - noun.start == 1 && !acts => "third_party_api",
            _ => "microservice",
        };
        let component = find(id)?;
        let texts: Vec<&str> = tokens[noun.start..noun.end].iter().map(|token| token.text.as_str()).collect();
        let label = title_case(&texts, false);
        Some(self.add(tokens, noun, Known { component, label, named: true, compound: true }))
    }

    /// A part of a list that shares its head, or stands behind it: "orders, billing and fleet services", "services (auth, cart)".
    pub(super) fn add_headed(&mut self, tokens: &[Token], noun: &Noun, head: &str) -> usize {
        let one = singular(head);
        let own: Vec<&str> = tokens[noun.start..noun.end]
            .iter()
            .map(|token| token.text.as_str())
            .filter(|text| !text.eq_ignore_ascii_case(head) && !text.eq_ignore_ascii_case(&one))
            .collect();
        let last = match one.as_str() {
            "microservice" => "service",
            "apis" => "api",
            other => other,
        };
        let one_each = matches!(last, "service" | "subgraph");
        let label = format!("{} {}", title_case(&own, one_each), title_case(&[last], true));
        let known = lookup(&spandrel_catalog::tokens(&label)).filter(|(_, used)| *used == own.len() + 1);
        let component = known
            .and_then(|(word, _)| word.component())
            .or_else(|| {
                lookup(&[one.as_str()])
                    .and_then(|(word, _)| word.component().or_else(|| generic_of(word.kind(), &one)))
            })
            .or_else(|| find("microservice"));
        let Some(component) = component else { return 0 };
        self.add(tokens, noun, Known { component, label, named: true, compound: true })
    }

    /// What belongs to one part alone: its own database.
    pub(super) fn add_own(&mut self, tokens: &[Token], noun: &Noun, owner: usize) -> Option<usize> {
        let known = known(tokens, noun)?;
        let owner = self.mentions[owner].label.clone();
        let owner = ["Service", "Lambda", "Subgraph", "Function"]
            .iter()
            .find_map(|head| owner.strip_suffix(head))
            .unwrap_or(&owner)
            .trim_end()
            .to_owned();
        let thing = if known.named { known.label } else { "DB".to_owned() };
        let label = format!("{owner} {thing}");
        if let Some(there) = self.mentions.iter().position(|m| m.label == label) {
            return Some(there);
        }
        self.mentions.push(Mention {
            component: known.component,
            label,
            named: true,
            compound: true,
            count: 1,
            negated: false,
            start: noun.start,
            end: noun.end,
        });
        self.words.push(Vec::new());
        self.all_words.push(Vec::new());
        Some(self.mentions.len() - 1)
    }

    fn add(&mut self, tokens: &[Token], noun: &Noun, known: Known) -> usize {
        let mut words = words_of(tokens, noun);
        for word in spandrel_catalog::tokens(&known.label).iter().map(|word| singular(word)) {
            let short = known.named || known.compound;
            if short && !words.contains(&word) {
                words.push(word);
            }
        }
        let mut all_words = words.clone();
        all_words.extend(spandrel_catalog::tokens(&known.label).iter().map(|word| singular(word)));
        // The same name once more is the same part.
        if let Some(there) =
            self.mentions.iter().position(|m| m.label == known.label && m.component.id == known.component.id)
            && !noun.indefinite
        {
            return there;
        }
        let taken = self.mentions.iter().any(|m| m.label == known.label);
        let label = if taken {
            format!(
                "{} {}",
                known.label,
                2 + self.mentions.iter().filter(|m| m.label.starts_with(&known.label)).count() - 1
            )
        } else {
            known.label
        };
        self.mentions.push(Mention {
            component: known.component,
            label,
            named: known.named,
            compound: known.compound,
            count: noun.count,
            negated: false,
            start: noun.start,
            end: noun.end,
        });
        self.words.push(words);
        self.all_words.push(all_words);
        self.mentions.len() - 1
    }

    /// Two nouns are one part: the words of the second name it as well.
    pub(super) fn also_called(&mut self, tokens: &[Token], part: usize, noun: &Noun) {
        for word in words_of(tokens, noun) {
            if !self.words[part].contains(&word) {
                self.words[part].push(word);
            }
        }
    }
}

/// Words that name a kind of part and no part.
const VAGUE: &[&str] = &[
    "service", "server", "database", "app", "system", "queue", "worker", "job", "user", "api", "store", "db",
    "cluster", "bucket", "node", "instance", "data", "client", "engine", "team",
];

/// The words of a noun that tell it from others, in the singular.
fn words_of(tokens: &[Token], noun: &Noun) -> Vec<String> {
    let plain =
        |token: &&Token| !ADJECTIVES.contains(&token.lower.as_str()) || token.quoted || is_capital(token);
    let words = tokens[noun.start..noun.end].iter().filter(plain);
    let all: Vec<String> = words
        .flat_map(|token| {
            let own =
                token.lower.strip_suffix("'s").or(token.lower.strip_suffix("’s")).unwrap_or(&token.lower);
            spandrel_catalog::tokens(own)
        })
        .map(|word| singular(&word))
        .collect();
    if all.is_empty() { spandrel_catalog::tokens(&tokens[noun.end - 1].lower) } else { all }
}
