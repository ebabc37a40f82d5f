//! Parts that are known by what they do in a sentence: who acts, where something goes, who is told; and words that name
//! none there.

use spandrel_base::LeanSort;
use spandrel_catalog::{Kind, find, lookup, singular};

use super::clauses::is_small;
use super::labels::title_case;
use super::lists::{MACHINES, is_trade, mention};
use super::parse::Mention;
use super::tokens::{Sign, Token};
use crate::words::english::{ADJECTIVES, STOP, TELLS, VERBS, number};

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

/// "winners get an e-mail", "a text message when someone books": what tells people is a part.
pub(super) fn told(tokens: &[Token], mentions: &mut Vec<Mention>) {
    const TOLD: &[(&[&str], &str)] = &[
        (&["text", "message"], "sms_service"),
        (&["text", "messages"], "sms_service"),
        (&["sms"], "sms_service"),
        (&["push", "notification"], "push_service"),
        (&["push", "notifications"], "push_service"),
        (&["email"], "email_service"),
        (&["emails"], "email_service"),
        (&["mail"], "email_service"),
        (&["reminder"], "notification_service"),
        (&["reminders"], "notification_service"),
        (&["notification"], "notification_service"),
        (&["notifications"], "notification_service"),
        (&["notified"], "notification_service"),
        (&["alert"], "notification_service"),
        (&["alerts"], "notification_service"),
        (&["alerted"], "notification_service"),
    ];
    let mut added = Vec::new();
    for at in 1..tokens.len() {
        let before = tokens[..at].iter().rev().find(|token| !is_small(token));
        let gets = before
            .is_some_and(|t| t.is(&["get", "gets", "receive", "receives", "getting", "are", "by", "is"]));
        let fits = |words: &[&str]| {
            words.iter().enumerate().all(|(i, w)| tokens.get(at + i).is_some_and(|t| t.is(&[w])))
        };
        let Some(&(words, id)) = TOLD.iter().find(|(words, _)| gets && fits(words)) else { continue };
        let past = words[0].ends_with("ed");
        let to_be = before.is_some_and(|t| t.is(&["are", "is"]));
        let end = at + words.len();
        let known = mentions.iter().chain(&added).any(|m: &Mention| m.start < end && m.end > at);
        // "get work by email" is how, "are notified" what is done.
        let Some(component) = find(id).filter(|_| !known && (past || !to_be)) else { continue };
        let mut made = mention(component, component.name.to_owned(), at, end);
        (made.named, made.compound) = (false, false);
        added.push(made);
    }
    mentions.extend(added);
    mentions.lean_sort_by_key(|mention| mention.start);
}

/// "Expedia connects via a channel manager": a word in capitals in the middle of an English sentence is somebody's system.
pub(super) fn proper_names(tokens: &[Token], mentions: &mut Vec<Mention>) {
    const LED: &[&str] =
        &["to", "from", "via", "through", "with", "into", "by", "using", "calls", "call", "and", "or"];
    let Some(outside) = find("third_party_api") else { return };
    let capital = |token: &Token| {
        let site = [".com", ".io", ".org", ".net", ".eu"].iter().any(|end| token.lower.ends_with(end));
        token.is_word()
            && !token.quoted
            && (token.text.chars().next().is_some_and(char::is_uppercase) || site)
            && token.text.chars().count() > 2
            && !STOP.contains(&token.lower.as_str())
            && !ADJECTIVES.contains(&token.lower.as_str())
    };
    // Where most words are capitals (German, headings) capitals say nothing.
    let words = tokens.iter().filter(|t| t.is_word()).count();
    if tokens.iter().filter(|t| capital(t)).count() * 3 > words {
        return;
    }
    let free = |at: usize, mentions: &[Mention]| !mentions.iter().any(|m| m.start <= at && at < m.end);
    let mut added = Vec::new();
    let mut at = 1;
    while at < tokens.len() {
        let site = tokens[at].text.contains('.') && tokens[at].text.chars().all(|c| !c.is_uppercase());
        let led = tokens[at - 1].is(LED) || tokens[at - 1].sign == Sign::Comma || site;
        if !capital(&tokens[at]) || !free(at, mentions) || !led {
            at += 1;
            continue;
        }
        let start = at;
        while at < tokens.len() && at - start < 3 && capital(&tokens[at]) && free(at, mentions) {
            at += 1;
        }
        // "via LTE", "by VIN": how, not whom.
        let how = tokens[start - 1].is(&["via", "by", "over"])
            && tokens[start].text.len() <= 5
            && tokens[start].text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
        let how = how || super::traffic::is_format(&tokens[start].lower);
        let place = how
            || tokens.get(at).is_some_and(|t| t.is(&["region", "zone", "cluster", "network", "datacenter"]));
        if !place && lookup(&[tokens[at - 1].lower.as_str()]).is_none() {
            let words: Vec<&str> = tokens[start..at].iter().map(|token| token.text.as_str()).collect();
            added.push(mention(outside, words.join(" "), start, at));
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

/// "sends usage to the OCS", "through the central controller": what is done to a thing of the system, though nobody knows it.
pub(super) fn goals(tokens: &[Token], mentions: &mut Vec<Mention>) {
    const LEADS: &[&str] = &["to", "into", "from", "through", "via", "behind"];
    const ABSTRACT: &[&str] = &[
        "end",
        "start",
        "day",
        "night",
        "time",
        "list",
        "text",
        "country",
        "room",
        "way",
        "phone",
        "computer",
        "rest",
        "others",
        "cloud",
        "customer",
        "internet",
        "next",
        "outside",
        "world",
        "office",
        "front",
        "back",
        "top",
        "point",
        "request",
        "response",
        "result",
        "address",
        "page",
        "screen",
        "limit",
        "level",
        "year",
        "month",
        "week",
        "hour",
        "schedule",
        "file",
        "link",
        "button",
        "form",
        "table",
        "user",
        "public",
        "head",
        "moment",
        "beginning",
        "right",
        "left",
        "vendor",
        "market",
        "home",
        "school",
        "street",
        "city",
        "team",
        "company",
        "person",
    ];
    const LEAST: usize = 3;
    let Some(service) = find("microservice").filter(|_| mentions.len() >= LEAST) else { return };
    let mut added = Vec::new();
    for at in 1..tokens.len() {
        if !tokens[at].is(&["a", "an", "the", "our"]) || !tokens[at - 1].is(LEADS) {
            continue;
        }
        let known = |i: usize| mentions.iter().any(|m| m.start <= i && i < m.end);
        let filler = |t: &Token| STOP.contains(&t.lower.as_str()) || VERBS.contains(&t.lower.as_str());
        let mut end = at + 1;
        while end < tokens.len()
            && end - at <= 3
            && tokens[end].is_word()
            && !filler(&tokens[end])
            && number(&tokens[end].lower).is_none()
            && !known(end)
        {
            end += 1;
        }
        let mut start = at + 1;
        while start < end && ADJECTIVES.contains(&tokens[start].lower.as_str()) {
            start += 1;
        }
        let closed = tokens.get(end).is_none_or(|t| !t.is_word() || filler(t));
        if start == end || !closed {
            continue;
        }
        // A part of the system does it, in the same sentence.
        let from = tokens[..at].iter().rposition(|t| t.sign == Sign::Stop).unwrap_or(0);
        let doer = mentions.iter().rev().find(|m| m.end <= at && m.start >= from);
        let verb = doer.is_some_and(|m| {
            tokens[m.end..at].iter().any(|t| VERBS.contains(&t.lower.as_str()))
                && m.component.layer().name != "person"
        });
        let last = tokens[end - 1].lower.as_str();
        let thing = last.len() > 2 && !["ing", "ly", "ed"].iter().any(|ending| last.ends_with(ending));
        let abstract_one = ABSTRACT.contains(&singular(last).as_str());
        if !verb || !thing || abstract_one || super::containers::is_place(tokens, end - 1) {
            continue;
        }
        let words: Vec<&str> = tokens[start..end].iter().map(|token| token.text.as_str()).collect();
        added.push(mention(service, title_case(&words, false), start, end));
    }
    mentions.extend(added);
    mentions.lean_sort_by_key(|mention| mention.start);
}

/// "Intake writes to …" behind "a claim intake service": a part named again by one of its words.
pub(super) fn by_one_word(tokens: &[Token], mentions: &mut Vec<Mention>) {
    // "fraud scoring listens": a known word and one more of the name.
    for index in 1..mentions.len() {
        let this = &mentions[index];
        let word = |at: usize| tokens.get(at).map(|t| t.lower.clone()).unwrap_or_default();
        let free = mentions.get(index + 1).is_none_or(|next| next.start > this.end);
        if this.named || this.end != this.start + 1 || !free {
            continue;
        }
        let first = mentions[..index].iter().find(|m| {
            let own = spandrel_catalog::tokens(&m.label);
            m.compound && own.contains(&word(this.start)) && own.contains(&word(this.end))
        });
        if let Some(first) = first {
            mentions[index] = Mention { start: this.start, end: this.end + 1, ..first.clone() };
        }
    }
    let mut added: Vec<Mention> = Vec::new();
    for at in 1..tokens.len() {
        let begins = matches!(tokens[at - 1].sign, Sign::Stop | Sign::Comma | Sign::Colon)
            || tokens[at - 1].is(&["the", "and", "then", "from", "to"]);
        let free = !mentions.iter().chain(&added).any(|m| m.start <= at && at < m.end);
        let said = tokens[at].lower.as_str();
        let word = singular(said);
        // "fraud scoring listens": two of its words.
        let two = tokens.get(at + 1).is_some_and(|t| t.is_word() && !STOP.contains(&t.lower.as_str()))
            && super::clauses::acts(tokens, at + 2)
            && !super::clauses::acts(tokens, at + 1);
        let acts =
            two || super::clauses::acts(tokens, at + 1) || tokens.get(at + 1).is_none_or(|t| !t.is_word());
        let filler = STOP.contains(&said) || VERBS.contains(&said);
        if !begins || !free || !acts || word.len() < 4 || filler {
            continue;
        }
        let named = mentions.iter().find(|m| {
            let own = spandrel_catalog::tokens(&m.label);
            let works = matches!(m.component.layer().name, "app" | "client" | "ai" | "edge" | "identity");
            works
                && m.end <= at
                && m.compound
                && m.count == 1
                && own.len() > 1
                && own.iter().any(|own| singular(own) == word)
                && (!two || own.contains(&tokens[at + 1].lower))
        });
        let end = at + 1 + usize::from(two);
        if let Some(first) = named {
            added.push(Mention { start: at, end, ..first.clone() });
        }
    }
    mentions.extend(added);
    mentions.lean_sort_by_key(|mention| mention.start);
}
