//! Connections that no verb names: what stands in the way, goes on from the last part, or is meant for somebody.

use spandrel_catalog::Kind;

use super::clauses::{goes_on_to, is_small, is_way, stands_in_the_way};
use super::parse::{Mention, Relation};
use super::relations::{Here, group_ending_at, group_from, plain};
use super::tokens::{Sign, Token};
use super::traffic::flows;

/// Adds what the words between two parts say without a verb; whether they said something, or that nothing is meant.
pub(super) fn without_verb(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    kept_equal(here, found)
        || in_front(here, found)
        || in_brackets(here, found)
        || works_with(here, found)
        || through(here, found)
        || flows(here.between)
        || meant_for(here, found)
        || onward(here, found)
}

fn layer(mention: &Mention) -> &'static str {
    mention.component.layer().name
}

/// "a write db and a read db, synced by Debezium"
fn kept_equal(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    const EQUAL: &[&str] = &["synced", "synchronized", "synchronised", "replicated", "joined", "linked"];
    if !here.between.windows(2).any(|pair| pair[0].is(EQUAL) && pair[1].is(&["by"])) {
        return false;
    }
    let group = group_ending_at(here.tokens, here.mentions, here.index - 1);
    let [from, to] = group[..] else { return false };
    found.push(plain(from, here.index, ""));
    found.push(plain(here.index, to, ""));
    true
}

/// "the monolith with a facade in front": the second stands before the first.
fn in_front(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    let after = here.tokens.get(here.b().end..).unwrap_or_default();
    let front = after.len() > 1 && after[0].is(&["in"]) && after[1].is(&["front"]);
    let of = after.get(2).is_some_and(|t| t.is(&["of"]));
    let joined =
        here.between.iter().all(|t| t.sign == Sign::Comma || t.is(&["with", "and", "has"]) || is_small(t));
    let fits = front && !of && joined && !here.between.is_empty();
    if fits {
        // "…, b and c, a gateway in front": before the first that nothing leads to.
        let row = group_ending_at(here.tokens, here.mentions, here.index - 1);
        let kind = here.a().component.layer;
        for part in row.into_iter().filter(|&part| here.mentions[part].component.layer == kind) {
            found.push(plain(here.index, part, here.protocol()));
        }
    }
    fits
}

/// "a monolith (PHP, MySQL)": what stands in brackets behind a part belongs to it.
fn in_brackets(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    let open = here.tokens[..here.b().start].iter().rposition(|t| matches!(t.sign, Sign::Open | Sign::Close));
    let Some(open) = open.filter(|&at| here.tokens[at].sign == Sign::Open) else { return false };
    let owner =
        here.mentions[..here.index].iter().rposition(|m| m.end == open || (m.start < open && open < m.end));
    let Some(owner) =
        owner.filter(|&owner| matches!(layer(&here.mentions[owner]), "app" | "ai" | "analytics"))
    else {
        return false;
    };
    let fits = matches!(layer(here.b()), "data" | "messaging" | "external" | "identity")
        && here
            .between
            .iter()
            .all(|t| matches!(t.sign, Sign::Comma | Sign::Open) || t.is(&["and", "with"]) || is_small(t));
    if fits {
        found.push(plain(owner, here.index, ""));
    }
    fits
}

/// "Celery workers with Redis", "a search service with OpenSearch": what works keeps its things there.
fn works_with(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    let only_with = here.between.first().is_some_and(|t| t.is(&["with", "using", "on"]))
        && here.between[1..].iter().all(is_small);
    let works = here.a().component.kind == Kind::Process && matches!(layer(here.a()), "app" | "ai");
    let fits = only_with
        && works
        && (here.index > 1 || here.a().named)
        && matches!(layer(here.b()), "data" | "messaging");
    if fits {
        for to in here
            .targets()
            .into_iter()
            .take_while(|&to| matches!(layer(&here.mentions[to]), "data" | "messaging"))
        {
            found.push(plain(here.index - 1, to, ""));
        }
    }
    fits
}

/// "tells walkers through push notifications": what it goes through stands in between.
fn through(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    let means = is_means(here.between, here.b());
    if !means && !is_way(here.between) {
        return false;
    }
    let same_clause = |r: &Relation| {
        let apart = |r: &Relation| {
            let said = here.tokens.get(here.mentions[r.from].end..here.a().start);
            said.is_some_and(|said| said.iter().any(|t| t.sign == Sign::Comma))
        };
        r.to + 1 == here.index && r.from < r.to && !r.arrow && r.cuts.is_none() && (means || !apart(r))
    };
    let mut moved = false;
    for relation in found.iter_mut().filter(|r| same_clause(r)) {
        relation.to = here.index;
        moved = true;
    }
    if moved {
        found.push(plain(here.index, here.index - 1, here.protocol()));
    }
    moved
}

/// "with Fivetran", "using CDC": by what something is moved.
fn is_means(between: &[Token], b: &Mention) -> bool {
    let moves = ["etl", "cdc", "integration_service", "reverse_etl", "deployer"];
    moves.contains(&b.component.id)
        && between.iter().all(|t| t.is(&["with", "using"]) || is_small(t))
        && between.iter().any(|t| t.is(&["with", "using"]))
}

/// "a VPN for remote workers to reach …", "dashboards for the managers"
fn meant_for(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    let only_for =
        here.between.first().is_some_and(|t| t.is(&["for"])) && here.between[1..].iter().all(is_small);
    let meets = layer(here.a()) == "edge" || here.a().component.kind == Kind::Client;
    let fits = only_for && meets && layer(here.b()) == "person";
    if fits {
        found.push(plain(here.index, here.index - 1, ""));
    }
    fits
}

/// "to the apps": on from what stood in the way ("through a proxy"), else by who acted ("copies from A to B").
fn onward(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    let first = here.index - 1;
    if !goes_on_to(here.between) {
        return false;
    }
    let through = stands_in_the_way(here.tokens, here.a());
    let before = found.iter().rfind(|r| r.to == first).map(|r| r.from);
    let from = match before {
        Some(doer) if !through && doer < here.index => doer,
        None if !through => return false,
        // "logs go by Fluent Bit to Loki": nothing is said of who began.
        None => {
            found.push(plain(first, here.index, here.protocol()));
            return true;
        }
        Some(_) => first,
    };
    for to in group_from(here.tokens, here.mentions, here.index) {
        found.push(Relation { weak: true, ..plain(from, to, here.protocol()) });
    }
    true
}
