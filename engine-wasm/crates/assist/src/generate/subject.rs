//! What the whole is for, and what is unwanted.

use spandrel_catalog::singular;

use super::labels::{is_plural, names_before, title_case};
use super::parse::Mention;
use super::tokens::{Sign, Token};
use crate::words::english::{ADJECTIVES, NEGATIONS, SUBJECT_HEADS};

/// "A cold chain monitor: sensors, …": what stands before the colon is the whole.
pub(super) fn headline(tokens: &[Token], mentions: &mut Vec<Mention>) -> Option<String> {
    let colons = tokens.iter().filter(|token| token.sign == Sign::Colon).count();
    let first = mentions.first().filter(|first| {
        let title = colons == 1 && !first.named && first.count == 1;
        (first.compound || title) && mentions.len() > 2
    })?;
    // "Payment flow: …", "monitoring stack: …"
    let whole =
        ["flow", "pipeline", "system", "stack", "process", "architecture", "setup", "platform", "app"];
    let after = first.end + usize::from(tokens.get(first.end).is_some_and(|token| token.is(&whole)));
    let ends = tokens.get(after).is_some_and(|token| token.sign == Sign::Colon);
    let shared = first.component.id == "microservice" && is_plural(&tokens[first.start..first.end]);
    if !ends || shared || tokens[..first.start].iter().any(|t| t.sign != Sign::Word) {
        return None;
    }
    // "Backup: …" names no purpose, only what the rest is about.
    let subject = if first.compound { first.label.clone() } else { String::new() };
    mentions.remove(0);
    Some(subject)
}

/// "Payment switch of a bank: ATMs connect to …", "Grain silo monitoring: sensors, …": what stands before the only early
/// colon says what the whole is. Products and lists ("services: a, b") stay parts.
pub(super) fn take_title(tokens: &[Token], mentions: &mut Vec<Mention>) {
    const LONGEST: usize = 9;
    const FEWEST: usize = 3;
    let Some(colon) = tokens.iter().position(|token| !token.is_word()) else { return };
    let behind = mentions.iter().filter(|m| m.start > colon).count();
    let titled = tokens[colon].sign == Sign::Colon && behind >= FEWEST;
    let just =
        tokens[colon].sign == Sign::Comma && behind >= 2 && tokens.iter().any(|t| t.is(&["just", "only"]));
    if !(titled || just) || colon > LONGEST {
        return;
    }
    // "the frontend calls these services: …" is a sentence, and "with" lists parts.
    let sentence = tokens[..colon].iter().enumerate().any(|(at, token)| {
        token.is(&["with", "has", "have", "using", "and", "behind", "into", "to", "connected"])
            || (at > 0 && super::clauses::acts(tokens, at))
    });
    let lists = mentions.iter().any(|m| {
        m.end == colon
            && (m.count > 1 || (m.component.id == "microservice" && is_plural(&tokens[m.start..m.end])))
    });
    if sentence || lists {
        return;
    }
    mentions.retain(|m| {
        let product = m.named && !m.compound;
        m.start > colon || product || m.negated
    });
}

/// "CQRS for a warehouse", "the booking system of an airline": a business that the whole is for is no part of it.
pub(super) fn take_business(tokens: &[Token], mentions: &mut Vec<Mention>) -> Option<String> {
    let index = mentions.iter().position(|m| {
        let article = m.start > 1
            && tokens[m.start - 1].is(&["a", "an", "our", "my", "the"])
            && tokens[m.start - 2].is(&["for", "of"]);
        let ends = tokens
            .get(m.end)
            .is_none_or(|t| !t.is_word() || t.is(&["with", "where", "that", "which", "using"]));
        let early = tokens[..m.start].iter().all(Token::is_word);
        let business =
            m.end == m.start + 1 && SUBJECT_HEADS.contains(&singular(&tokens[m.start].lower).as_str());
        let outside = matches!(m.component.layer().name, "person" | "external" | "analytics");
        let front = m.start > 2 && tokens[m.start - 3].is(&["front"]);
        article && ends && early && business && outside && !front && !m.named
    })?;
    let name = title_case(&[tokens[mentions[index].start].text.as_str()], true);
    mentions.remove(index);
    Some(name)
}

/// "for a bike rental service", "of an airline": the whole, not a part. Takes its mention out and returns its name.
pub(super) fn take_subject(tokens: &[Token], mentions: &mut Vec<Mention>) -> String {
    for at in 0..tokens.len() {
        if !tokens[at].is_word() || !SUBJECT_HEADS.contains(&singular(&tokens[at].lower).as_str()) {
            continue;
        }
        let covering = mentions.iter().position(|m| m.start <= at && at < m.end);
        // "The drivers' app sends …": who does something is a part.
        if covering.is_some() && mentions.len() > 1 && super::clauses::acts(tokens, at + 1) {
            continue;
        }
        let names = match covering {
            Some(index) if !mentions[index].compound || mentions[index].end != at + 1 => continue,
            Some(index) => tokens[mentions[index].start..at].iter().map(|t| t.text.as_str()).collect(),
            None => names_before(
                tokens,
                at,
                mentions.iter().filter(|m| m.end <= at).map(|m| m.end).max().unwrap_or(0),
            ),
        };
        if names.is_empty() {
            continue;
        }
        let mut article_at = at.saturating_sub(names.len() + 1);
        while article_at > 0 && ADJECTIVES.contains(&tokens[article_at].lower.as_str()) {
            article_at -= 1;
        }
        let before_article = article_at.checked_sub(1).map(|before| &tokens[before]);
        let purpose = tokens[article_at].is(&["a", "an", "our", "my", "the", "for", "of"])
            && (before_article.is_none_or(|before| {
                let whole = tokens.get(at + 1).is_some_and(|t| {
                    t.sign == Sign::Colon || t.is(&["with", "where", "that", "for", "in", "which"])
                });
                (whole && matches!(before.sign, Sign::Colon | Sign::Stop))
                    || before.is(&["for", "of", "create", "design", "build", "draw", "make", "me", "want"])
            }) || tokens[article_at].is(&["for", "of"]));
        let leads = article_at == 0 && mentions.iter().all(|m| m.start >= at.saturating_sub(names.len()));
        if purpose || leads {
            let subject = title_case(&names, false);
            if let Some(index) = covering {
                mentions.remove(index);
            }
            return subject;
        }
    }
    String::new()
}

pub(super) fn mark_negations(tokens: &[Token], mentions: &mut [Mention]) {
    for at in 0..tokens.len() {
        let negation = NEGATIONS.iter().find(|words| {
            let window = tokens.get(at..at + words.len());
            window
                .is_some_and(|window| window.iter().zip(words.iter()).all(|(token, word)| token.is(&[word])))
        });
        let Some(negation) = negation else { continue };
        let mut reach = at + negation.len();
        // The parts that follow, joined by "or", "and" or commas with nothing else between.
        for mention in mentions.iter_mut().filter(|m| m.start >= at) {
            let between = &tokens[reach.min(mention.start)..mention.start];
            if !between.iter().all(|t| {
                t.sign == Sign::Comma
                    || t.is(&[
                        "a",
                        "an",
                        "any",
                        "the",
                        "or",
                        "nor",
                        "and",
                        "need",
                        "for",
                        "have",
                        "has",
                        "use",
                        "direct",
                        "extra",
                        "additional",
                        "separate",
                    ])
                    || ADJECTIVES.contains(&t.lower.as_str())
            }) {
                break;
            }
            // "no cache and a queue": "and" with an article starts something new.
            let fresh =
                between.iter().any(|t| t.is(&["and"])) && between.iter().any(|t| t.is(&["a", "an", "the"]));
            if fresh {
                break;
            }
            mention.negated = true;
            reach = mention.end;
        }
    }
}
