//! One clause as an order: its verb, and the phrases around its prepositions.

use spandrel_catalog::lookup;

use super::look::{colour, line_style, shape};
use super::phrases::{
    as_written, before_label, called, connection_word, ends_of_connection, label_of, split, split_last,
    split_phrase, spoken, text,
};
use crate::generate::tokens::Token;

/// What a clause asks for. Phrases are tokens of the clause.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Order {
    Rename {
        what: Vec<Token>,
        name: String,
    },
    Remove {
        what: Vec<Token>,
    },
    Connect {
        from: Vec<Token>,
        to: Vec<Token>,
        label: Option<String>,
    },
    /// Another look for the connection of two parts.
    Line {
        from: Vec<Token>,
        to: Vec<Token>,
        /// Path under the connection: `style.stroke`.
        path: &'static str,
        value: String,
    },
    /// Out of the container it stands in.
    MoveOut {
        what: Vec<Token>,
    },
    /// More than an edit: what to do instead, for the person.
    Beyond(&'static str),
    /// Another label for the connection of two parts.
    Label {
        from: Vec<Token>,
        to: Vec<Token>,
        label: String,
    },
    /// Another text where a connection says `old`.
    Saying {
        old: String,
        new: String,
    },
    Disconnect {
        from: Vec<Token>,
        to: Vec<Token>,
    },
    Replace {
        what: Vec<Token>,
        by: Vec<Token>,
    },
    Move {
        what: Vec<Token>,
        into: Vec<Token>,
    },
    Wrap {
        what: Vec<Token>,
        name: String,
    },
    Colour {
        what: Vec<Token>,
        colour: String,
    },
    Shape {
        what: Vec<Token>,
        shape: String,
    },
    /// Parts to be put in, as another clause says.
    Insert {
        clause: Vec<Token>,
    },
    /// Parts to be put in, wherever the clause says.
    Add,
    Nothing,
}

const REMOVE: &[&str] = &[
    "remove",
    "delete",
    "drop",
    "eliminate",
    "kill",
    "erase",
    "cut",
    "ditch",
    "entferne",
    "lösche",
    "elimina",
    "quita",
    "borra",
    "supprime",
    "enlève",
    "retire",
    "remova",
];
const CONNECT: &[&str] =
    &["connect", "link", "wire", "hook", "join", "attach", "verbinde", "conecta", "relie"];
const REPLACE: &[&str] =
    &["replace", "swap", "substitute", "exchange", "switch", "ersetze", "reemplaza", "remplace", "substitua"];
const WRAP: &[&str] = &["group", "wrap", "bundle", "enclose", "collect", "box"];
const MOVE: &[&str] = &["move", "shift", "pull", "verschiebe", "mueve", "déplace"];
const OTHER: &[&str] = &[
    "add",
    "insert",
    "include",
    "put",
    "place",
    "introduce",
    "bring",
    "rename",
    "relabel",
    "call",
    "label",
    "disconnect",
    "unlink",
    "detach",
    "make",
    "colour",
    "color",
    "paint",
    "change",
    "set",
    "use",
    "give",
    "stick",
    "draw",
    "explain",
    "tell",
    "turn",
    "take",
    "get",
    "split",
    "merge",
    "combine",
    "let",
    "benenne",
    "füge",
    "ergänze",
    "añade",
    "agrega",
    "inserta",
    "pon",
    "ajoute",
    "insère",
    "mets",
    "renombra",
    "renomme",
];
const INTO: &[&str] = &["into", "inside", "in", "under", "to", "within", "en", "dans", "nach"];
const TO: &[&str] = &["to", "with", "and", "mit", "con", "à", "a", "avec"];

/// Whether a word begins an order.
pub(super) fn is_verb(word: &str) -> bool {
    [REMOVE, CONNECT, REPLACE, WRAP, MOVE, OTHER].iter().any(|list| list.contains(&word))
}

/// Reads a clause.
pub(super) fn read(clause: &[Token]) -> Order {
    let polite = [
        "please", "pls", "can", "could", "would", "you", "now", "also", "just", "then", "let's", "i", "want",
        "to", "bitte", "and", "kindly",
    ];
    let start = clause.iter().position(|token| token.is_word() && !polite.contains(&token.lower.as_str()));
    let Some(rest) = start.map(|start| &clause[start..]) else { return Order::Nothing };
    if let Some(order) = statement(rest) {
        return order;
    }
    let verb = rest[0].lower.as_str();
    let after = &rest[1..];
    let second = after.first().map_or("", |token| token.lower.as_str());
    match verb {
        "explain" | "tell" => return Order::Nothing,
        // "let the plant manager use it"
        "let" => {
            let verb = after.iter().position(super::wording::says).filter(|&at| at > 0);
            if let Some(verb) = verb {
                let small = ["to", "from", "with", "too", "also", "as", "well"];
                let to: Vec<Token> = after[verb + 1..].iter().filter(|t| !t.is(&small)).cloned().collect();
                if !to.is_empty() {
                    return Order::Connect { from: after[..verb].to_vec(), to, label: None };
                }
            }
        }
        "split" | "merge" | "combine" => {
            return Order::Beyond(
                "To split or merge parts, add the new ones, connect them, and remove what they replace: I cannot tell which \
                 connection belongs to which part.",
            );
        }
        "rename" | "relabel" | "benenne" | "renombra" | "renomme" => {
            let to = split(after, &["to", "as", "into"]).or_else(|| split(after, &["in", "a", "en"]));
            if let Some((what, name)) = to {
                return Order::Rename { what: what.to_vec(), name: text(name) };
            }
        }
        "label" | "annotate" | "mark" | "name" if connection_word(after) => {
            if let Some((from, to)) = ends_of_connection(after) {
                let at = to
                    .iter()
                    .position(|t| t.quoted || t.is(&["as", "with", "saying", "to"]))
                    .unwrap_or(to.len());
                // "… to web server 1 HTTPS": a last word in capitals is the label.
                let shouted =
                    to.last().is_some_and(|last| at == to.len() && to.len() > 1 && is_shouted(last));
                let at = if shouted { to.len() - 1 } else { at };
                let rest: Vec<Token> = to[at..]
                    .iter()
                    .filter(|t| t.quoted || !t.is(&["as", "with", "saying", "to"]))
                    .cloned()
                    .collect();
                if at > 0 && !rest.is_empty() {
                    return Order::Label { from: from.to_vec(), to: to[..at].to_vec(), label: text(&rest) };
                }
            }
        }
        "call" | "name" => {
            if let Some(at) = after
                .iter()
                .position(|token| token.text.starts_with(char::is_uppercase) || token.text == "\"")
                && at > 0
            {
                return Order::Rename { what: after[..at].to_vec(), name: text(&after[at..]) };
            }
        }
        "change" | "set" | "update" | "edit" => {
            let about = |words: &[&str]| after.iter().take(3).any(|token| token.is(words));
            if let Some((head, value)) = split_last(after, &["to", "into"]) {
                let what = split(head, &["of", "on", "for"]).map_or(head, |(_, what)| what).to_vec();
                if let Some((from, to)) = ends_of_connection(&what) {
                    return Order::Label { from: from.to_vec(), to: to.to_vec(), label: text(value) };
                }
                if let Some(old) =
                    head.iter().find(|t| t.quoted).filter(|_| about(&["label", "text", "caption"]))
                {
                    return Order::Saying { old: old.text.clone(), new: as_written(value) };
                }
                if about(&["label", "name", "title", "caption", "text"]) {
                    return Order::Rename { what, name: text(value) };
                }
                if about(&["colour", "color", "fill", "background"]) {
                    return Order::Colour { what, colour: colour(value).unwrap_or_else(|| text(value)) };
                }
                if let Some(shape) = shape(value) {
                    return Order::Shape { what, shape };
                }
                return Order::Replace { what: head.to_vec(), by: value.to_vec() };
            }
        }
        "make" | "colour" | "color" | "paint" | "turn" => {
            if let Some((last, what)) = after.split_last() {
                if let (Some((from, to)), Some((path, value))) = (ends_of_connection(what), line_style(last))
                {
                    return Order::Line { from: from.to_vec(), to: to.to_vec(), path, value };
                }
                let article = what.iter().rposition(|t| t.is(&["a", "an", "into"])).filter(|&at| at > 0);
                // "light blue"
                let two = after.len().checked_sub(2).filter(|&at| at > 0).map(|at| after.split_at(at));
                if let Some((what, colour)) = two.and_then(|(what, words)| Some((what, colour(words)?))) {
                    return Order::Colour { what: what.to_vec(), colour };
                }
                if let Some(colour) = colour(std::slice::from_ref(last)) {
                    return Order::Colour { what: what.to_vec(), colour };
                }
                // "make both apps people-shaped"
                if let ([what @ .., form], true) = (what, last.is(&["shaped"]))
                    && let Some(shape) = shape(std::slice::from_ref(form))
                {
                    return Order::Shape { what: what.to_vec(), shape };
                }
                let head = if last.lower == "shape" { what.last() } else { Some(last) };
                if let (Some(shape), Some(article)) =
                    (head.and_then(|head| shape(std::slice::from_ref(head))), article)
                {
                    return Order::Shape {
                        what: what[..article].iter().filter(|t| t.lower != "into").cloned().collect(),
                        shape,
                    };
                }
            }
        }
        "use" | "give" => {
            if let Some((instead, what)) = split_phrase(after, &["instead", "of"]) {
                return Order::Replace { what: what.to_vec(), by: instead.to_vec() };
            }
            let named = after.iter().find_map(|token| shape(std::slice::from_ref(token)));
            if let (Some(shape), Some((_, what))) = (named, split(after, &["for", "on", "to"])) {
                return Order::Shape { what: what.to_vec(), shape };
            }
        }
        "disconnect" | "unlink" | "detach" | "decouple" | "separate" => {
            if let Some((from, to)) = split(after, &["from", "and"]) {
                return Order::Disconnect { from: from.to_vec(), to: to.to_vec() };
            }
        }
        "take" if after.iter().any(|t| t.lower == "out" || t.lower == "away") => {
            let what = after.iter().filter(|t| !t.is(&["out", "away"])).cloned().collect();
            return Order::Remove { what };
        }
        "get" if second == "rid" => return Order::Remove { what: after.iter().skip(2).cloned().collect() },
        "draw" | "add" | "put" if connection_word(after) => {
            if let Some((from, to)) = ends_of_connection(after) {
                let label = label_of(to);
                return Order::Connect { from: from.to_vec(), to: before_label(to).to_vec(), label };
            }
        }
        "put" | "place" if split(after, &["in", "into"]).is_some_and(|(_, into)| called(into).is_some()) => {
            if let Some((what, into)) = split(after, &["in", "into"]) {
                let what = what.iter().filter(|token| token.lower != "together").cloned().collect();
                return Order::Wrap { what, name: called(into).unwrap_or_default() };
            }
        }
        "put" | "place" if !split(after, &["into", "inside"]).is_none_or(|(what, _)| what.is_empty()) => {
            if let Some((what, into)) = split(after, &["into", "inside"]) {
                if let Some(name) = called(into) {
                    return Order::Wrap { what: what.to_vec(), name };
                }
                // "put a cache into the data tier" adds; "put the cache into …" moves.
                if !what[0].is(&["a", "an", "another"]) {
                    return Order::Move { what: what.to_vec(), into: into.to_vec() };
                }
            }
        }
        _ => {}
    }
    if REMOVE.contains(&verb) {
        return Order::Remove { what: after.to_vec() };
    }
    if CONNECT.contains(&verb)
        && let Some((from, to)) =
            split(after, &["to", "with", "mit", "con", "à", "avec"]).or_else(|| split(after, TO))
    {
        let label = label_of(to);
        return Order::Connect { from: from.to_vec(), to: before_label(to).to_vec(), label };
    }
    if REPLACE.contains(&verb)
        && let Some((what, by)) = split(after, &["with", "by", "for", "to", "durch", "por", "par"])
    {
        return Order::Replace { what: what.to_vec(), by: by.to_vec() };
    }
    if MOVE.contains(&verb)
        && let Some(at) = after.iter().position(|t| t.is(&["out", "outside"])).filter(|&at| at > 0)
    {
        // "out of the data tier and into Services"
        let into = after[at..].iter().position(|t| t.is(&["into", "to"])).map(|into| &after[at + into + 1..]);
        if let Some(into) = into.filter(|into| !into.is_empty()) {
            return Order::Move { what: after[..at].to_vec(), into: into.to_vec() };
        }
        return Order::MoveOut { what: after[..at].to_vec() };
    }
    if MOVE.contains(&verb)
        && let Some((what, into)) = split_last(after, INTO)
        && let Some(name) = called(into)
    {
        return Order::Wrap { what: what.to_vec(), name };
    }
    if MOVE.contains(&verb)
        && let Some((what, into)) = split_last(after, INTO)
    {
        return Order::Move { what: what.to_vec(), into: into.to_vec() };
    }
    if WRAP.contains(&verb) {
        let (what, container) =
            split(after, &["in", "into", "inside", "under", "as"]).unwrap_or((after, &[]));
        let name = called(container).or_else(|| called(after)).unwrap_or_else(|| {
            let words: Vec<&str> = container
                .iter()
                .filter(|t| t.is_word() && !t.is(&["a", "an", "the", "one", "container", "group", "box"]))
                .map(|t| t.text.as_str())
                .collect();
            if words.is_empty() { "Group".to_owned() } else { crate::generate::title_case(&words, false) }
        });
        let what = what.iter().filter(|token| token.lower != "together").cloned().collect();
        return Order::Wrap { what, name };
    }
    Order::Add
}

/// What is said to be otherwise than drawn: "X should be called Y", "we no longer use X", "X is now Y".
fn statement(tokens: &[Token]) -> Option<Order> {
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| token.is(words));
    if is(0, &["we", "they"]) || (is(0, &["no"]) && is(1, &["longer"])) {
        let at = tokens.iter().position(|t| t.is(&["use", "need", "have", "run", "using", "needed"]))?;
        let gone = tokens[..at].iter().any(|t| t.is(&["longer", "don't", "stopped"]));
        let what: Vec<Token> =
            tokens[at + 1..].iter().filter(|t| !t.is(&["anymore", "more", "any"])).cloned().collect();
        return (gone && !what.is_empty()).then_some(Order::Remove { what });
    }
    if is_verb(&tokens[0].lower) {
        return None;
    }
    let at = (1..tokens.len()).find(|&at| is(at, &["should", "must", "is", "are", "becomes"]))?;
    let what = tokens[..at].to_vec();
    let filler = ["be", "now", "to", "should", "must", "is", "are", "becomes", "needs", "has"];
    let start = (at..tokens.len()).find(|&at| !is(at, &filler))?;
    let rest = &tokens[start..];
    match rest[0].lower.as_str() {
        "called" | "named" | "renamed" => {
            let name: Vec<Token> = rest[1..].iter().skip_while(|t| t.is(&["to", "as"])).cloned().collect();
            return (!name.is_empty()).then(|| Order::Rename { what, name: text(&name) });
        }
        "removed" | "deleted" | "gone" | "retired" | "obsolete" => return Some(Order::Remove { what }),
        "no" if rest.get(1).is_some_and(|t| t.lower == "longer") => return Some(Order::Remove { what }),
        _ => {}
    }
    if let Some(colour) = colour(rest) {
        return Some(Order::Colour { what, colour });
    }
    // "the teller should go through a portal instead of connecting to the core"
    let instead = rest.iter().position(|t| t.is(&["instead"])).filter(|_| is(at, &["should", "must"]));
    if let Some(instead) = instead
        && let Some(way) = rest[..instead].iter().position(|t| t.is(&["through", "via", "over"]))
    {
        let to = rest[instead..].iter().position(|t| t.is(&["to", "with"]));
        let (what, way) = (as_written(&what), spoken(&rest[way + 1..instead]));
        let to = to.map(|to| as_written(&rest[instead + to + 1..])).filter(|to| !to.is_empty())?;
        let clause = format!("put {way} between the {what} and the {to}");
        return Some(Order::Insert { clause: crate::generate::tokens::tokenize(&clause) });
    }
    let words: Vec<&str> = rest.iter().map(|token| token.lower.as_str()).collect();
    let product = lookup(&words).filter(|(word, length)| *length == words.len() && word.product().is_some());
    product.map(|_| Order::Replace { what, by: rest.to_vec() })
}

/// A word in capitals, of two letters at least.
fn is_shouted(token: &Token) -> bool {
    let letters = token.text.chars().filter(|c| c.is_alphabetic());
    letters.clone().count() > 1 && letters.clone().all(char::is_uppercase)
}
