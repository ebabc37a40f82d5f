//! Answers without a model: entries of a written knowledge base, and facts computed from the open diagram.

mod around;
mod asked;
mod compare;
mod facts;
mod graph;
mod review;

use spandrel_base::Budget;
use spandrel_base::LeanSort;
use spandrel_catalog::{singular, tokens};

use crate::Data;
use crate::data::items;

/// An entry of the knowledge base.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    /// Phrases that call it, each as normalised words in the singular.
    pub(crate) words: Vec<Vec<String>>,
    pub(crate) text: String,
    pub(crate) source: String,
}

impl Entry {
    /// Reads a record of the packed file: id, words, text, source.
    pub(crate) fn read(fields: &[&str]) -> Option<Self> {
        let [id, words, text, source] = fields else { return None };
        Some(Self {
            id: (*id).to_owned(),
            words: items(words).iter().map(|phrase| normal(phrase)).collect(),
            text: (*text).to_owned(),
            source: (*source).to_owned(),
        })
    }
}

/// An answer in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// For the person: paragraphs apart by an empty line.
    pub message: String,
    /// Whether anything was found; otherwise the message says that it was not.
    pub known: bool,
    /// Where to read on.
    pub sources: Vec<String>,
}

/// Answers a question about architecture, or about the open diagram.
pub fn answer(data: &Data, query: &str, source: Option<&str>) -> Answer {
    let board = source
        .filter(|source| !source.trim().is_empty())
        .map(|source| spandrel_compile::compile(source, &(), &Budget::default()).diagram.root);
    // Facts and entries are found in English, whatever language asks.
    let english = data.words.readable(query);
    let words = normal(&english);
    let question = facts::Question { query, english: &english, words: words.clone() };
    let fact = board.as_ref().and_then(|board| facts::about(board, &question));
    let entries = find(data, &words);
    let mut parts: Vec<String> = Vec::new();
    // What is said of this diagram comes first; general advice only where it adds to it.
    let enough = fact.as_ref().is_some_and(|fact| fact.complete);
    parts.extend(fact.map(|fact| fact.text));
    let mut sources = Vec::new();
    if !enough {
        for entry in entries.iter().take(if parts.is_empty() { 2 } else { 1 }) {
            parts.push(entry.text.clone());
            sources.push(entry.source.clone());
        }
    }
    if parts.is_empty() {
        let message = "I do not know that without a language model. Ask me about a component, a pattern or a practice \
                       (queues, caching, OAuth, multi-region…), or about the open diagram (single points of failure, \
                       what a part does, what is missing).";
        return Answer { message: message.to_owned(), known: false, sources };
    }
    if !sources.is_empty() {
        parts.push(format!("Read on: {}.", sources.join("; ")));
    }
    Answer { message: parts.join("\n\n"), known: true, sources }
}

fn normal(text: &str) -> Vec<String> {
    tokens(text).iter().map(|word| singular(word)).collect()
}

/// Entries whose phrases cover most of the question, best first. A phrase fits where all its words stand in the
/// question; together they count more, and words that many entries share count less.
fn find<'d>(data: &'d Data, words: &[String]) -> Vec<&'d Entry> {
    let mut scored: Vec<(u32, &Entry)> = Vec::new();
    for entry in &data.entries {
        let mut score = 0;
        for phrase in &entry.words {
            let together = words.windows(phrase.len().max(1)).any(|window| window == phrase.as_slice());
            let all = phrase.iter().all(|word| words.contains(word));
            let length = phrase.len() as u32;
            let worth = if together { 10 * length * length } else { 6 * length * length };
            if all && length > 0 {
                score = score.max(worth) + 1;
            }
        }
        if score > 0 {
            scored.push((score, entry));
        }
    }
    scored.lean_sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    let best = scored.first().map_or(0, |(score, _)| *score);
    scored.into_iter().filter(|(score, _)| score * 2 > best).map(|(_, entry)| entry).collect()
}

#[cfg(all(test, feature = "embedded-data"))]
mod tests {
    use super::*;

    const SHOP: &str = "user: User {shape: person}\ngateway: API Gateway\nweb: Web Server\napi: Orders API\ndb: PostgreSQL {shape: cylinder}\n\
                        user -> gateway -> web -> api -> db\n";

    #[test]
    fn questions_find_their_entry() {
        let data = Data::embedded();
        for (query, part) in [
            ("what's the difference between Kafka and RabbitMQ", "log"),
            ("how should I store passwords?", "Argon2id"),
            ("what is a bulkhead", "compartment"),
            ("Do I need a queue here?", "queue pays"),
            ("how does OAuth with PKCE work", "challenge"),
            ("are microservices worth it for three people", "well-cut monolith"),
        ] {
            let found = answer(&data, query, None);
            assert!(found.known && found.message.contains(part), "{query}: {}", found.message);
        }
        assert!(!answer(&data, "who was Napoleon", None).known);
    }

    #[test]
    fn facts_come_from_the_diagram() {
        let data = Data::embedded();
        let ask = |query: &str| answer(&data, query, Some(SHOP)).message;
        let points = ask("where is the single point of failure?");
        assert!(points.contains("API Gateway") && points.contains("PostgreSQL"), "{points}");
        let what = ask("what happens if the gateway fails?");
        assert!(what.contains("Orders API"), "{what}");
        let missing = ask("what is missing from a security point of view?");
        assert!(missing.contains("sign"), "{missing}");
        assert!(ask("summarise the architecture").contains("5 parts"));
    }

    /// A shop with a store that three use and an administrator reaches past everything.
    const TRADE: &str = "customer: Customer {shape: person}\nadmin: Administrator {shape: person}\nui: Web App\nlb: Load Balancer\n\
        shop: Shop API\norders: Order Service\nmailer: Mail Worker\nkafka: Kafka {shape: queue}\ndb: PostgreSQL {shape: cylinder}\n\
        stripe: Stripe\ncustomer -> ui -> lb: HTTPS\nlb -> shop -> orders -> db\nshop -> db\norders -> stripe: HTTPS\n\
        orders -> kafka -> mailer\nadmin -> db\n";

    #[test]
    fn what_is_asked_is_looked_up_in_the_diagram() {
        let data = Data::embedded();
        let cases: &[(&str, &[&str])] = &[
            ("do I need a queue here?", &["Kafka is drawn already", "between Order Service and Mail Worker"]),
            ("do I need a cache?", &["No cache is drawn", "PostgreSQL"]),
            ("is there anything exposed to the internet?", &["Load Balancer", "reach PostgreSQL without"]),
            ("is my data encrypted?", &["does not show", "PostgreSQL"]),
            ("are there any cycles in this design?", &["No:"]),
            (
                "what is the path of a request from the user to the db?",
                &["Web App \u{2192} Load Balancer \u{2192} Shop API \u{2192} PostgreSQL"],
            ),
            ("how many services do we have?", &["3 services", "Mail Worker"]),
            ("is the load balancer redundant?", &["drawn once", "Shop API"]),
            ("is kafka used at all?", &["used by Order Service"]),
            ("how do I back up this?", &["without a copy: PostgreSQL"]),
            ("is it good that two services share one database?", &["PostgreSQL by Shop API, Order Service"]),
            (
                "what is the latency of the order service?",
                &["no measured times", "waits for Kafka, PostgreSQL, Stripe"],
            ),
            ("do we have monitoring?", &["No monitoring is drawn"]),
            ("should the web app talk to the database directly?", &["a client must not reach data"]),
            ("who talks to the database directly?", &["Administrator", "Order Service"]),
            ("is this PCI compliant?", &["cannot show that you comply", "Stripe"]),
            ("where should the rate limiting go?", &["at or before Load Balancer"]),
            ("what breaks if the cache is down?", &["No cache is drawn"]),
            ("where is the single point of failure?", &["PostgreSQL: the data is there", "Shop API"]),
            ("can it handle 10x traffic?", &["no measured capacity", "PostgreSQL"]),
            ("Wo ist der Flaschenhals?", &["PostgreSQL"]),
            ("¿dónde está el punto único de fallo?", &["single points of failure"]),
        ];
        for (query, wanted) in cases {
            let found = answer(&data, query, Some(TRADE));
            for part in *wanted {
                assert!(
                    found.known && found.message.contains(part),
                    "{query}: no {part:?} in: {}",
                    found.message
                );
            }
        }
        let circle = answer(&data, "any circular dependency?", Some("a: A\nb: B\nc: C\na -> b -> c -> a\n"));
        assert!(circle.message.contains("A \u{2192} B \u{2192} C \u{2192} A"), "{}", circle.message);
        assert!(!answer(&data, "who won the world cup?", Some(TRADE)).known);
        // One part named twice is no pair.
        answer(
            &data,
            "should the shop api, well, call the web app or the shop api call the shop api directly?",
            Some(TRADE),
        );
        let again = answer(&data, "should kafka and postgres and then kafka talk directly?", Some(TRADE));
        assert!(!again.message.is_empty());
    }

    /// A plant with a line to the outside, an archive that is filled by nobody's copy, and two tools for one thing.
    const PLANT: &str = "site: Plant {\n  plc: PLC\n  broker: MQTT Broker {shape: queue}\n  keep: Local Historian {shape: cylinder}\n\
        plc -> broker\n  broker -> keep: hourly batch\n}\ncloud: Azure Cloud {\n  hub: IoT Hub\n  db: Order Database {shape: cylinder}\n  hub -> db\n}\n\
        partner: Repair Partner {shape: cloud}\nfivetran: Fivetran\ndebezium: Debezium\nscans: Image Archive {shape: cylinder}\n\
        site.broker -> cloud.hub: MQTT over TLS\nfivetran -> cloud.db\ndebezium -> cloud.db\nsite.plc -> partner: alarms\n";

    #[test]
    fn what_is_around_a_part_and_beside_it_is_told() {
        let data = Data::embedded();
        let cases: &[(&str, &[&str])] = &[
            (
                "who can reach the order database?",
                &["directly by IoT Hub, Fivetran, Debezium", "through others by PLC"],
            ),
            ("which systems can the repair partner get at?", &["nothing", "reached by PLC"]),
            (
                "can the plant keep running when the internet link is lost?",
                &["MQTT Broker to IoT Hub", "Local Historian"],
            ),
            ("how do i back up the image archive?", &["without a copy", "Image Archive"]),
            (
                "why is there a broker at the edge instead of sending straight to the cloud?",
                &["MQTT Broker", "store and forward"],
            ),
            (
                "would Kafka be better than MQTT here?",
                &["Not drawn by that name: Kafka", "do different work"],
            ),
            (
                "is it a good idea to have both Fivetran and Debezium?",
                &["Both lead to Order Database", "differ in what they read"],
            ),
            ("how fresh is the data?", &["hourly batch", "sum of the waits"]),
            (
                "how do I delete one person's data everywhere for GDPR?",
                &["Order Database", "asked for at Repair Partner"],
            ),
            ("how do I keep personal data from going to the repair partner?", &["PLC (alarms)"]),
            (
                "why not use DynamoDB instead of Postgres for the orders?",
                &["DynamoDB, PostgreSQL", "Order Database"],
            ),
            ("¿cómo evito que un pago se procese dos veces?", &["Networks repeat"]),
            ("Was passiert, wenn der IoT Hub zehn Minuten nicht erreichbar ist?", &["If IoT Hub fails"]),
        ];
        for (query, wanted) in cases {
            let found = answer(&data, query, Some(PLANT));
            for part in *wanted {
                assert!(
                    found.known && found.message.contains(part),
                    "{query}: no {part:?} in: {}",
                    found.message
                );
            }
        }
    }
}
