//! What the words of a noun say by themselves: a component of the catalogue, a thing that flows, a name.

use spandrel_catalog::{Component, Kind, find, singular};

use super::super::labels::{AS_SAID, INITIALS, says_otherwise, title_case};
use super::super::lists::{MACHINES, is_trade};
use super::super::mentions::{generic_of, phrase_at};
use super::super::tokens::Token;
use super::lexicon::{is_capital, is_data, opens_sentence};
use super::phrases::Noun;
use crate::words::english::{ADJECTIVES, GENERIC_HEADS, SUBJECT_HEADS, WORKS};

/// What the words of a noun say by themselves.
pub(super) struct Known {
    pub(super) component: &'static Component,
    pub(super) label: String,
    pub(super) named: bool,
    pub(super) compound: bool,
}

/// Whether a noun is written as a name.
pub(super) fn is_proper(tokens: &[Token], noun: &Noun) -> bool {
    tokens[noun.start..noun.end].iter().enumerate().any(|(i, token)| {
        let at = noun.start + i;
        let common = INITIALS.contains(&token.lower.as_str());
        let inner = token.text.chars().skip(1).any(char::is_uppercase) && !common;
        token.quoted || inner || (is_capital(token) && !opens_sentence(tokens, at) && !common)
    })
}

/// Whether a noun names what flows or is kept: its last word is such a thing, and it is not written as a name.
pub(super) fn is_thing(tokens: &[Token], noun: &Noun) -> bool {
    let last = &tokens[noun.end - 1];
    let small = last.text.chars().next().is_some_and(char::is_lowercase);
    // "bookings", "chats": in the plural and small, what a service is about.
    let about = small
        && noun.end == noun.start + 1
        && singular(&last.lower) != last.lower
        && !last.is(WORKS)
        && phrase_at(tokens, noun.start).is_some_and(|(word, _)| {
            word.product().is_none()
                && word.component().is_some_and(|c| {
                    c.kind == Kind::Process
                        && c.layer().name == "app"
                        && !MACHINES.contains(&singular(&last.lower).as_str())
                        && !is_trade(&singular(&last.lower))
                })
        });
    if about {
        return true;
    }
    // "pulls the model"
    if last.is(&["model"]) && noun.end == noun.start + 1 && small {
        return true;
    }
    if !is_data(&last.lower) || last.quoted {
        return false;
    }
    // "a nightly job", "the sync task" do something.
    if last.is(&["job", "task"]) && noun.end - noun.start > 1 {
        return false;
    }
    if last.text.len() > 1 && INITIALS.contains(&last.lower.as_str()) && noun.end == noun.start + 1 {
        return true;
    }
    // "a data warehouse", "an event bus": longer phrases of the catalogue are what they are.
    let whole = (noun.start..noun.end).any(|at| {
        phrase_at(tokens, at).is_some_and(|(word, length)| {
            let keeps = word.component().is_some_and(|c| {
                matches!(c.kind, Kind::Database | Kind::Queue | Kind::Storage | Kind::Cache)
                    && c.layer().name != "ai"
            });
            at + length == noun.end
                && (length > 1 && keeps || word.product().is_some() && (length > 1 || !small))
        })
    });
    let product = phrase_at(tokens, noun.start).is_some_and(|(word, _)| word.product().is_some())
        && matches!(
            last.lower.as_str(),
            "topic"
                | "stream"
                | "queue"
                | "table"
                | "job"
                | "jobs"
                | "test"
                | "tests"
                | "scan"
                | "scans"
                | "check"
                | "checks"
                | "workflow"
                | "workflows"
                | "pipeline"
                | "link"
                | "webhooks"
        );
    let capital = is_capital(last) && !opens_sentence(tokens, noun.end - 1);
    !whole && !capital && !product
}

/// What the catalogue says of a noun.
pub(super) fn known(tokens: &[Token], noun: &Noun) -> Option<Known> {
    let (start, end) = (noun.start, noun.end);
    let texts: Vec<&str> = tokens[start..end].iter().map(|token| token.text.as_str()).collect();
    // "kafka topic", "ffmpeg workers": products in their own spelling.
    let spelled: Vec<String> = (start..end)
        .map(|at| match phrase_at(tokens, at) {
            Some((word, 1)) if !is_data(&tokens[at].lower) => word
                .product()
                .map_or_else(|| tokens[at].text.clone(), |product| as_said(product, &[&tokens[at].text])),
            _ => tokens[at].text.clone(),
        })
        .collect();
    let titled = || title_case(&spelled.iter().map(String::as_str).collect::<Vec<_>>(), false);
    let exact = |at: usize| phrase_at(tokens, at).filter(|(_, length)| at + length == end);
    // The longest known phrase that ends the noun, and one that begins it.
    let head = (start..end).find_map(|at| exact(at).map(|(word, _)| (at, word)));
    let front = phrase_at(tokens, start).filter(|(_, length)| start + length < end);
    // "RDS instance" is one of what the product is.
    let one_of_it = tokens[end - 1].is(&["instance", "instances"])
        && front.is_some_and(|(word, _)| word.product().is_some() && word.component().is_some());
    if let Some((at, word)) = head.filter(|_| !one_of_it) {
        let names = at > start;
        let described =
            tokens[start..at].iter().all(|t| ADJECTIVES.contains(&t.lower.as_str()) && !is_capital(t));
        if let Some(component) = word.component() {
            let own = !names || described;
            let label = match word.product() {
                Some(product) if own => as_said(product, &texts[at - start..]),
                Some(_) => titled(),
                None if own => {
                    let said = title_case(&texts[at - start..], false);
                    let own_words = (end - at > 1 || AS_SAID.contains(&component.id))
                        && said.len() > 3
                        && singular(&said) != singular(component.name);
                    let letters = texts[at - start].chars().filter(|c| c.is_uppercase()).count();
                    let initials: String =
                        component.name.split([' ', '-']).filter_map(|word| word.chars().next()).collect();
                    let short = end - at == 1
                        && letters == texts[at - start].chars().count()
                        && letters > 1
                        && letters < 5
                        && !says_word(component.name, texts[at - start])
                        && !initials.eq_ignore_ascii_case(texts[at - start]);
                    if own_words
                        || short
                        || component.id == "ai_agent"
                        || says_otherwise(&said, component.name)
                    {
                        said
                    } else {
                        component.name.to_owned()
                    }
                }
                None => titled(),
            };
            let sold = word.product().is_some();
            // "Redis broker", "Oracle database": a product before what it is used as.
            let component = front
                .and_then(|(word, _)| word.component().filter(|_| word.product().is_some()))
                .filter(|front| front.kind == component.kind && GENERIC_HEADS.contains(&component.id))
                .unwrap_or(component);
            return Some(Known { component, label, named: sold || !own, compound: !own });
        }
        // "Django app", "WordPress site": what is made with it.
        let made = tokens[end - 1].is(&["app", "application", "site", "website", "apps"]);
        if let Some((word, length)) = front.filter(|(word, _)| made && word.product().is_some())
            && let Some(component) = word
                .component()
                .filter(|component| start + length + 1 == end && component.layer().name == "app")
        {
            let label = word.product().unwrap_or(component.name).to_owned();
            return Some(Known { component, label, named: true, compound: false });
        }
        if names && !described {
            let component =
                generic_of(word.kind(), &tokens[end - 1].lower).or_else(|| match word.kind() {
                    Kind::Client => find("mobile_app"),
                    Kind::Security => find("policy_engine"),
                    _ => None,
                })?;
            return Some(Known { component, label: titled(), named: true, compound: true });
        }
        return None;
    }
    // "Aurora writer", "NATS subject", "Airflow DAG": a product before a word that nobody knows.
    let (word, length) = front?;
    let component = word.component().filter(|_| word.product().is_some())?;
    let rest = &tokens[start + length..end];
    if rest.iter().any(|token| SUBJECT_HEADS.contains(&token.lower.as_str()) && is_data(&token.lower)) {
        return None;
    }
    Some(Known { component, label: titled(), named: true, compound: true })
}

/// Whether a word in the singular names somebody of flesh and blood.
pub(super) fn is_person(component: &Component) -> bool {
    component.layer().name == "person"
}

fn says_word(name: &str, word: &str) -> bool {
    name.split(' ').any(|own| own.eq_ignore_ascii_case(word))
}

/// The words of a product's name that were said: "firehose" is Firehose and not Kinesis Firehose.
fn as_said(product: &str, said: &[&str]) -> String {
    let said: Vec<String> = said.iter().map(|word| word.to_lowercase()).collect();
    let own: Vec<&str> = product.split(' ').filter(|word| said.contains(&word.to_lowercase())).collect();
    if own.len() == said.len() { own.join(" ") } else { product.to_owned() }
}
