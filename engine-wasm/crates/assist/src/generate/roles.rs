//! Parts that are known by what they do in a sentence: who acts, who is told; and words that name none there.

use spandrel_base::LeanSort;
use spandrel_catalog::{Kind, find, singular};

use super::clauses::is_small;
use super::labels::title_case;
use super::lists::{MACHINES, is_trade, mention};
use super::parse::Mention;
use super::tokens::{Sign, Token};
use crate::words::english::{STOP, TELLS, VERBS};

/// Who does something: one or two unknown words at the start of a clause, right before a verb of the table.
pub(super) fn actors(tokens: &[Token], mentions: &mut Vec<Mention>) {
    let (Some(people), Some(service)) = (find("users"), find("microservice")) else { return };
    let mut added = Vec::new();
    for at in 0..tokens.len() {
        let begins = at == 0
            || matches!(tokens[at - 1].sign, Sign::Stop | Sign::Comma | Sign::Colon)
            || tokens[at - 1].is(&["and", "the", "where", "then"])
            || (tokens[at - 1].is(&["a", "an"])
                && (at == 1
                    || matches!(tokens[at - 2].sign, Sign::Stop | Sign::Comma | Sign::Colon)
                    || tokens[at - 2].is(&["and", "where", "then"])));
        let unknown = |at: usize| {
            tokens.get(at).is_some_and(|t| {
                let word = t.lower.as_str();
                let flows = ["logs", "metrics", "traces", "events", "alerts", "data", "requests", "results"];
                !flows.contains(&word)
                    && t.is_word()
                    && !STOP.contains(&word)
                    && !VERBS.contains(&word)
                    && word.len() > 3
            }) && !mentions.iter().any(|m: &Mention| m.start <= at && at < m.end)
        };
        let capitals = tokens[at].text.chars().filter(|c| c.is_uppercase()).count() >= 2;
        let third = super::clauses::acts(tokens, at + 1)
            && tokens
                .get(at + 1)
                .is_some_and(|t| t.lower.ends_with('s') && !t.is(&["is", "has", "was", "uses"]));
        let article = at > 0 && tokens[at - 1].is(&["a", "an", "the"]);
        let one = (article && (is_trade(&tokens[at].lower) || third))
            || (capitals && third)
            || tokens.get(at + 1).is_some_and(|t| t.is(&["uses", "opens", "watches", "browses"]));
        if !begins || !unknown(at) || !tokens[at].lower.ends_with('s') && !unknown(at + 1) && !one {
            continue;
        }
        // What goes, or is done to, is no doer; "the marks are in …".
        let does = |at: usize| {
            tokens.get(at).is_some_and(|t| {
                VERBS.contains(&t.lower.as_str())
                    && !t.is(&["are", "is", "go", "goes", "flow", "flows", "land", "lands", "come", "comes"])
            })
        };
        // "contractors only reach"
        let does = |at: usize| {
            does(at) || (tokens.get(at).is_some_and(|t| t.is(&["only", "also", "then"])) && does(at + 1))
        };
        let end = if does(at + 1) {
            at + 1
        } else if unknown(at + 1) && does(at + 2) {
            at + 2
        } else {
            continue;
        };
        let head = singular(&tokens[end - 1].lower);
        // "scrapers put", "a critic checks": one of the two words has the ending.
        if head == tokens[end - 1].lower && !tokens[end].lower.ends_with('s') {
            continue;
        }
        let program = [
            "scraper",
            "crawler",
            "fetcher",
            "parser",
            "bot",
            "probe",
            "collector",
            "exporter",
            "loader",
            "poller",
        ];
        let machine =
            (one && third && !is_trade(&tokens[at].lower)) || capitals || MACHINES.contains(&head.as_str());
        let component = if program.contains(&head.as_str()) || machine { service } else { people };
        let texts: Vec<&str> = tokens[at..end].iter().map(|token| token.text.as_str()).collect();
        added.push(mention(component, title_case(&texts, false), at, end));
    }
    // "tells walkers", "dashboards for the planners": who is told or shown something.
    for at in 1..tokens.len() {
        let unknown = !mentions.iter().chain(&added).any(|m| m.start <= at && at < m.end);
        let word = singular(&tokens[at].lower);
        let before = if tokens[at - 1].is(&["the", "our"]) && at > 1 { at - 2 } else { at - 1 };
        let shown = tokens[before].is(&["for"])
            && mentions.iter().any(|m| {
                m.end == before && (m.component.layer().name == "client" || m.component.kind == Kind::Client)
            });
        let several = word != tokens[at].lower && is_trade(&word);
        if unknown && tokens[at].is_word() && several && (tokens[at - 1].is(TELLS) || shown) {
            added.push(mention(people, title_case(&[tokens[at].text.as_str()], false), at, at + 1));
        }
    }
    mentions.extend(added);
    mentions.lean_sort_by_key(|mention| mention.start);
}

/// "on their phone", "the mainframe for the reservations", "Grafana shows dashboards": said of a part, and none.
pub(super) fn without_words_of_use(tokens: &[Token], mentions: &mut Vec<Mention>) {
    let mut index = 0;
    while index < mentions.len() {
        let m = &mentions[index];
        let one = m.end == m.start + 1 && !m.named;
        let before = |back: usize| m.start.checked_sub(back).and_then(|at| tokens.get(at));
        let phone = one
            && tokens[m.start].is(&["phone", "phones", "mobile"])
            && before(1).is_some_and(|t| t.is(&["their", "his", "her", "your", "my"]));
        let thing = one
            && m.component.layer().name == "app"
            && tokens[m.start].lower.ends_with('s')
            && before(1).is_some_and(|t| t.is(&["the", "our", "their"]))
            && before(2).is_some_and(|t| t.is(&["for"]))
            && index > 0
            && mentions[index - 1].end + 2 == m.start;
        // "Postgres for storage": what a product is there for.
        let purpose = one
            && before(1).is_some_and(|t| t.is(&["for"]))
            && matches!(m.component.layer().name, "data" | "ai" | "analytics" | "ops" | "messaging")
            && index > 0
            && mentions[index - 1].end + 1 == m.start
            && mentions[index - 1].named
            && !mentions[index - 1].compound;
        let shown = m.component.id == "dashboard"
            && !m.named
            && index > 0
            && matches!(mentions[index - 1].component.id, "metrics_dashboard" | "bi_tool")
            && tokens[mentions[index - 1].end..m.start]
                .iter()
                .all(|t| is_small(t) || t.is(&["shows", "show", "displays", "for", "with", "renders", "as"]));
        if phone || thing || shown || purpose {
            mentions.remove(index);
        } else {
            index += 1;
        }
    }
}
