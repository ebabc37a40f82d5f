//! A request to D2, without a model and without a network.
//!
//! What a request states is read clause by clause in `read`, and `stated` draws that and nothing beside. Where it states too
//! little, `parse` reads what it names: its parts in `mentions` and `lists`, those that are known by what they do in `roles`,
//! what is none in `traffic`, their names in `labels` and `refer`, how neighbours meet in `relations`, `ways` and `clauses`,
//! where they stand in `containers`, the whole in `subject`.
//! `compose` makes a [`plan::Plan`] of it: a known pattern, the parts that are named, what is wanted of them in `wishes`, loose
//! ends in `finish`, what few parts usually have beside them in `company`; where parts stand in `attach`, `inner` and
//! `contain`. `write` prints the plan as D2 in the style pack, `explain` says what was done and what was assumed.

pub(crate) mod attach;
mod clauses;
mod company;
mod compose;
mod contain;
mod containers;
mod explain;
mod finish;
mod inner;
mod labels;
mod lists;
mod mentions;
pub(crate) mod parse;
pub(crate) mod plan;
mod read;
mod refer;
mod relations;
mod roles;
mod simple;
mod stated;
mod subject;
pub(crate) mod tokens;
mod traffic;
mod ways;
mod wishes;
mod write;

pub(crate) use compose::family;
pub(crate) use labels::title_case;
pub(crate) use read::is_verb;

use spandrel_catalog::StylePack;

use crate::Data;

/// What the generator made of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// D2 in the style pack, formatted as D2 formats; the existing source unchanged where nothing could be done.
    pub source: String,
    /// What was done and why, for a person: plain sentences, paragraphs apart by an empty line.
    pub message: String,
    /// What the request left open, and how it was decided.
    pub assumptions: Vec<String>,
}

/// Draws what `query` asks for, in Spandrel's own style. `existing`: the open diagram, where there is one.
pub fn generate(data: &Data, query: &str, existing: Option<&str>) -> Generated {
    generate_in(data, query, existing, &StylePack::default())
}

/// [`generate`] in the style of a project: keys, lengths, colours and icons of a new drawing. A change keeps to the text that
/// is there.
pub fn generate_in(data: &Data, query: &str, existing: Option<&str>, style: &StylePack) -> Generated {
    if let Some(existing) = existing.filter(|source| !source.trim().is_empty())
        && !starts_over(data, query)
    {
        return crate::update::update(data, query, existing);
    }
    // What another language says comes word by word, in an order that no English clause has.
    let text = data.words.readable(query);
    let foreign = data.words.in_english(query).is_some();
    let request = if foreign { parse::parse(&text) } else { parse::read(&text) };
    if let Some(message) = nothing_to_draw(data, query, &request) {
        return Generated { message, ..Generated::default() };
    }
    let (plan, pattern) = compose::compose(data, &request);
    let message = explain::explain(&plan, pattern, &request);
    Generated { source: write::write(&plan, style), message, assumptions: plan.assumptions }
}

/// Why nothing is drawn, where a request names no part and is not about a system at all, or asks for "something".
fn nothing_to_draw(data: &Data, query: &str, request: &parse::Request) -> Option<String> {
    /// A drawing that nobody asked for is worse than a question; a question where a drawing was asked for, too.
    const SURE: f64 = 0.6;
    if !request.mentions.is_empty() {
        return None;
    }
    let found = crate::classify(data, query, crate::Context::default());
    let message = match found.intent {
        crate::Intent::OutOfScope => {
            "I draw and discuss software and system architectures; this is something else."
        }
        crate::Intent::Clarify => {
            "I am not sure what to draw. Name a system (\"a bike rental app\"), or its parts and how they meet \
             (\"a web app behind a load balancer with PostgreSQL\")."
        }
        _ => return None,
    };
    (found.confidence >= SURE).then(|| message.to_owned())
}

/// Whether a request with a diagram open asks for another one.
fn starts_over(data: &Data, query: &str) -> bool {
    let context = crate::Context { has_diagram: true, last_intent: None };
    crate::classify(data, query, context).intent == crate::Intent::DslCreate
}

#[cfg(all(test, feature = "embedded-data"))]
mod tests {
    use super::*;

    fn show(query: &str) -> String {
        generate(&Data::embedded(), query, None).source
    }

    #[test]
    fn the_first_request_of_every_user() {
        let made = generate(&Data::embedded(), "secure web app with database and authentication", None);
        let nodes = made.source.lines().filter(|line| line.contains(": ") && !line.contains("->")).count();
        assert!(nodes >= 8);
        for part in ["Web Application Firewall", "Auth Service", "Database"] {
            assert!(made.source.contains(part), "{part}");
        }
    }

    #[test]
    fn the_same_request_gives_the_same_bytes() {
        for query in ["microservices for orders and billing", "rag over our wiki", "x", ""] {
            assert_eq!(show(query), show(query));
        }
    }

    #[test]
    fn unwanted_parts_stay_out_and_the_flow_is_whole() {
        let source = show("web app without a cdn and no cache");
        assert!(!source.contains("CDN") && !source.contains("Cache"), "{source}");
        assert!(source.contains("users -> edge."), "{source}");
    }

    #[test]
    fn a_simple_system_is_small() {
        let parts = |source: &str| source.matches("icon:").count();
        let (simple, whole) = (show("simple blog with postgres"), show("blog with postgres"));
        assert!(parts(&simple) < parts(&whole) && simple.contains("PostgreSQL"), "{simple}");
        assert!(!simple.contains("Web Application Firewall") && simple.contains("users -> "), "{simple}");
        // What is named stays; the word in a name asks for nothing.
        assert!(show("a simple web app with a cdn").contains("CDN"));
        assert!(show("web app with Amazon Simple Queue Service").contains("Firewall"));
    }

    #[test]
    fn what_is_no_system_is_not_drawn() {
        let data = Data::embedded();
        for query in ["write me a poem about the sea", "hello", "", "make me a diagram", "how do I cook rice"]
        {
            let made = generate(&data, query, None);
            assert!(made.source.is_empty() && !made.message.is_empty(), "{query}: {}", made.source);
        }
        assert!(!show("a todo app").is_empty());
    }

    #[test]
    fn one_word_calls_no_pattern_that_has_nothing_of_what_is_named() {
        let source = show(
            "Bank statement import: SFTP server receives files, a parser service reads them, a rules engine \
             categorises, results land in a warehouse",
        );
        assert!(!source.contains("Banking") && source.contains("sftp_server -> parser_service"), "{source}");
        // Called by its name, a pattern stands beside whatever is listed.
        let saga =
            show("saga pattern for travel booking: flight, hotel and car services with an orchestrator");
        assert!(saga.contains("# Saga"), "{saga}");
    }

    #[test]
    fn a_projects_style_pack_is_kept_to() {
        let style = StylePack {
            id_style: spandrel_catalog::IdStyle::Kebab,
            id_max: 12,
            colours: vec![("database".to_owned(), "#0F766E".to_owned())],
            icons: vec![("queue".to_owned(), "mdi:tray-full".to_owned())],
            ..StylePack::default()
        };
        let query = "a web app behind a load balancer with two databases called orders store and orders storage and a queue";
        let source = generate_in(&Data::embedded(), query, None, &style).source;
        assert!(
            source.contains("style.fill: \"#0F766E\"") && source.contains("icon: mdi:tray-full"),
            "{source}"
        );
        let output = spandrel_compile::compile(&source, &(), &spandrel_base::Budget::default());
        assert!(output.diagnostics.is_empty(), "{source}\n{:?}", output.diagnostics);
        for node in &output.diagram.root.nodes {
            assert!(style.id_style.accepts(&node.name) && node.name.len() <= 12, "{}", node.name);
        }
        assert!(output.diagram.root.nodes.len() >= 6, "keys of two parts fell together:\n{source}");
    }

    #[test]
    fn arrows_are_drawn_as_they_stand() {
        let source = show("React app -> Kong -> Node.js API -> PostgreSQL");
        assert_eq!(source.matches("->").count(), 3, "{source}");
        for (query, first) in [
            ("users -> cdn -> web server -> oracle db", "users -> cdn"),
            ("oracle db <- web server <- cdn <- users", "users -> cdn"),
        ] {
            let source = show(query);
            assert!(source.contains(first) && source.matches("->").count() == 3, "{source}");
        }
    }
}
