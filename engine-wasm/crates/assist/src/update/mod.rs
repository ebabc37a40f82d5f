//! A request that changes the open diagram, as edits of its text.
//!
//! The request is cut into clauses, each clause is one order (`order.rs`), parts that it speaks of are found in the
//! compiled board (`target.rs`), and every change goes through `spandrel-edit`: comments, order, layout and all bytes
//! that the change does not touch stay. What the diagram lacks is added by the generator's own rules for where a
//! part belongs (`add.rs`), with the board read as a plan.

mod add;
mod connections;
mod look;
mod order;
mod phrases;
mod places;
pub(crate) mod target;
mod wording;

use spandrel_base::Budget;
use spandrel_edit::{Op, Place, edit};
use spandrel_graph::Board;

use crate::Data;
use crate::generate::Generated;
use crate::generate::tokens::{Sign, Token, tokenize};
use connections::{connect, disconnect, relabel, restyle, said_of_a_connection};
use order::Order;
use places::{move_into, move_out, wrap};

/// A source being changed, and what was done to it.
struct Work {
    source: String,
    done: Vec<String>,
    refused: Vec<String>,
    assumptions: Vec<String>,
    /// Key of the part that was made or named last: what "it" means.
    last: Option<String>,
    /// Keys of several that were spoken of last: what "them" means.
    last_all: Vec<String>,
    /// Whether a new part is connected by the rules; not where the request goes on to say to what.
    attach: bool,
}

/// Changes `source` as `query` asks; unchanged, with the reason, where nothing could be done.
pub(crate) fn update(data: &Data, query: &str, source: &str) -> Generated {
    let mut work = Work {
        source: source.to_owned(),
        done: Vec::new(),
        refused: Vec::new(),
        assumptions: Vec::new(),
        last: None,
        last_all: Vec::new(),
        attach: true,
    };
    if spandrel_compile::compile(source, &(), &Budget::default()).has_errors() {
        let message =
            "The diagram has errors, so I have not touched it. Mend what the editor marks, then ask again.";
        return Generated { source: work.source, message: message.to_owned(), assumptions: Vec::new() };
    }
    let clauses: Vec<Vec<Token>> = clauses(&tokenize(&data.words.readable(query)))
        .into_iter()
        .map(verb_first)
        .flat_map(|clause| {
            let also = wording::purpose(&clause);
            wording::repeated(wording::plain(clause)).into_iter().chain(also)
        })
        .collect();
    let orders: Vec<Order> = clauses.iter().map(|clause| order::read(clause)).collect();
    for (index, (order, clause)) in orders.iter().zip(&clauses).enumerate() {
        let goes_on = matches!(orders.get(index + 1), Some(Order::Connect { from, .. }) if is_pronoun(from));
        work.attach = !goes_on;
        apply(&mut work, order, clause);
    }
    let mut message = String::new();
    if !work.done.is_empty() {
        message = format!("{}.", work.done.join("; "));
        message.push_str(" Everything else is as it was.");
    }
    if !work.refused.is_empty() {
        if !message.is_empty() {
            message.push_str("\n\n");
        }
        message.push_str(&work.refused.join(" "));
    }
    if message.is_empty() {
        message.push_str(
            "I could not tell what to change. Name the part and what should happen to it, for example: \
             \"put a cache between the API and the database\".",
        );
    }
    Generated { source: work.source, message, assumptions: work.assumptions }
}

/// Languages that put the verb last come word by word: "the cache remove".
fn verb_first(mut clause: Vec<Token>) -> Vec<Token> {
    let verb = |token: &Token| order::is_verb(&token.lower);
    if clause.iter().take(3).any(verb) || !clause.iter().any(verb) {
        return clause;
    }
    while clause.last().is_some_and(|token| token.is(&["please"])) {
        clause.pop();
    }
    if clause.last().is_some_and(verb) {
        clause.rotate_right(1);
    }
    clause
}

/// Cuts a request where one order ends and the next begins.
fn clauses(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut out: Vec<Vec<Token>> = vec![Vec::new()];
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let verb_at = |index: usize| tokens.get(index).is_some_and(|next| order::is_verb(&next.lower));
        let mut skip = 0;
        if token.sign == Sign::Stop || token.lower == "then" {
            skip = 1;
        } else if token.sign == Sign::Comma || token.lower == "and" {
            let joined = tokens.get(at + 1).is_some_and(|next| matches!(next.lower.as_str(), "and" | "then"));
            let next = at + 1 + usize::from(joined);
            // "connect A and link B": only a verb that begins an order cuts; "web and mobile" does not.
            let began = !out.last().is_none_or(Vec::is_empty);
            // "drop Fivetran, the CRM should write to Kafka": a statement begins behind a comma.
            let states = token.sign == Sign::Comma
                && tokens[next..]
                    .iter()
                    .take(6)
                    .take_while(|t| t.is_word() && !order::is_verb(&t.lower))
                    .skip(1)
                    .any(|t| t.is(&["should", "must"]));
            if began && (verb_at(next) || states) {
                skip = next - at;
            }
        }
        if skip > 0 {
            out.push(Vec::new());
            at += skip;
        } else {
            out.last_mut().expect("never empty").push(token.clone());
            at += 1;
        }
    }
    out.retain(|clause| clause.iter().any(Token::is_word));
    out
}

fn apply(work: &mut Work, order: &Order, clause: &[Token]) {
    match order {
        Order::Rename { what, name } => with_node(work, what, |work, id, label| {
            let op = Op::Set { key: id, value: Some(name.clone()), tag: None };
            work.run(&op, &format!("Renamed {label} to {name}"));
        }),
        Order::Remove { what } if phrases::ends_of_connection(what).is_some() => remove(work, what),
        Order::Remove { what } => {
            for phrase in phrases::listed(what) {
                remove(work, phrase);
            }
        }
        Order::Connect { from, to, label } => connect(work, from, to, label.as_deref()),
        Order::Disconnect { from, to } => disconnect(work, from, to),
        Order::Label { from, to, label } => relabel(work, from, to, label),
        // "change the 10 Gbit to 40 Gbit": what is said of a connection.
        Order::Replace { what, by } if work.find(&work.board(), what).is_none() => {
            let new = phrases::as_written(by);
            if !said_of_a_connection(work, &phrases::as_written(what), &new) {
                work.unknown(what);
            }
        }
        Order::Saying { old, new } => {
            if !said_of_a_connection(work, old, new) {
                work.refused.push(format!("No connection is labelled {old}."));
            }
        }
        Order::Replace { what, by } => {
            with_node(work, what, |work, id, label| replace(work, &id, &label, by));
        }
        Order::Move { what, into } => move_into(work, what, into),
        Order::Wrap { what, name } => wrap(work, what, name),
        Order::Colour { what, colour } => with_nodes(work, what, |work, id, label| {
            let key = format!("{id}.style.fill");
            work.run(
                &Op::Set { key, value: Some(colour.clone()), tag: None },
                &format!("Made {label} {colour}"),
            );
        }),
        Order::Line { from, to, path, value } => restyle(work, from, to, path, value),
        Order::MoveOut { what } => move_out(work, what),
        Order::Beyond(instead) => work.refused.push((*instead).to_owned()),
        Order::Shape { what, shape } => with_nodes(work, what, |work, id, label| {
            let key = format!("{id}.shape");
            work.run(
                &Op::Set { key, value: Some(shape.clone()), tag: None },
                &format!("Gave {label} the shape {shape}"),
            );
        }),
        Order::Insert { clause } => add::add_named(work, clause),
        Order::Add => add::add_named(work, clause),
        Order::Nothing => {}
    }
}

/// "it", alone.
fn is_pronoun(phrase: &[Token]) -> bool {
    let mut words = phrase.iter().filter(|token| token.is_word()).peekable();
    words.peek().is_some() && words.all(|token| token.is(&["it", "that", "this", "them"]))
}

impl Work {
    /// The part that a phrase means; "it" is what was spoken of last.
    fn find(&self, board: &Board, phrase: &[Token]) -> Option<spandrel_graph::NodeId> {
        let last = self.last.as_deref().filter(|_| is_pronoun(phrase));
        last.and_then(|key| board.node_by_id(key)).or_else(|| target::find(board, phrase))
    }

    /// The board as it is now.
    fn board(&self) -> Board {
        spandrel_compile::compile(&self.source, &(), &Budget::default()).diagram.root
    }

    /// Makes one change; the sentence says what was done. `done` empty: a step of something that is said elsewhere.
    fn run(&mut self, op: &Op, done: &str) -> Option<String> {
        match edit(&self.source, Place::default(), op) {
            Ok(edited) => {
                self.source = edited.source;
                if !done.is_empty() {
                    self.done.push(done.to_owned());
                }
                Some(edited.key.unwrap_or_default())
            }
            Err(diagnostic) => {
                self.refused.push(format!("I could not do one thing: {}.", diagnostic.message));
                None
            }
        }
    }

    fn unknown(&mut self, phrase: &[Token]) {
        let words: Vec<&str> = phrase.iter().map(|token| token.text.as_str()).collect();
        self.refused.push(format!("The diagram has nothing that I know as \"{}\".", words.join(" ")));
    }
}

/// Finds the one part that a phrase means and works on it: with its key and its label.
fn with_node(work: &mut Work, phrase: &[Token], then: impl FnOnce(&mut Work, String, String)) {
    let board = work.board();
    match work.find(&board, phrase) {
        Some(id) => {
            let key = board.nodes[id].id.clone();
            then(work, key.clone(), target::label(&board, id));
            work.last = Some(key);
        }
        None => work.unknown(phrase),
    }
}

/// The same for every part that a plural means ("all databases"), or that stands in a container ("everything in the data
/// tier").
fn with_nodes(work: &mut Work, phrase: &[Token], mut then: impl FnMut(&mut Work, String, String)) {
    let board = work.board();
    let all = phrase
        .iter()
        .find(|token| token.is_word())
        .is_some_and(|token| token.is(&["everything", "all", "every"]));
    let inside = phrase.iter().position(|token| token.is(&["in", "inside", "within"])).filter(|_| all);
    let found = match inside.map(|at| target::find(&board, &phrase[at + 1..])) {
        Some(Some(container)) => board.nodes[container].children.clone(),
        Some(None) => Vec::new(),
        None if is_pronoun(phrase) => work.find(&board, phrase).into_iter().collect(),
        None => target::find_all(&board, phrase),
    };
    if found.is_empty() {
        return work.unknown(phrase);
    }
    work.last_all = found.iter().map(|&id| board.nodes[id].id.clone()).collect();
    for id in found {
        let key = board.nodes[id].id.clone();
        then(work, key.clone(), target::label(&board, id));
        work.last = Some(key);
    }
}

fn remove(work: &mut Work, phrase: &[Token]) {
    if let Some((from, to)) = phrases::ends_of_connection(phrase) {
        return disconnect(work, from, to);
    }
    let board = work.board();
    let found = target::find_all(&board, phrase);
    if found.is_empty() {
        return work.unknown(phrase);
    }
    for id in found {
        let label = target::label(&board, id);
        let key = board.nodes[id].id.clone();
        if work.board().node_by_id(&key).is_some() {
            work.run(&Op::Delete { key, with_children: true }, &format!("Removed {label}"));
        }
    }
}

/// Another thing in the same place: label, shape and icon change, connections stay.
fn replace(work: &mut Work, id: &str, label: &str, by: &[Token]) {
    let text: Vec<&str> = by.iter().map(|token| token.text.as_str()).collect();
    let request = crate::generate::parse::parse(&text.join(" "));
    let Some(mention) = request.mentions.first() else {
        let name = crate::generate::title_case(&text, false);
        work.run(
            &Op::Set { key: id.to_owned(), value: Some(name.clone()), tag: None },
            &format!("Replaced {label} by {name}"),
        );
        return;
    };
    let done = format!("Replaced {label} by {}", mention.label);
    work.run(&Op::Set { key: id.to_owned(), value: Some(mention.label.clone()), tag: None }, &done);
    let component = mention.component;
    let board = work.board();
    let Some(node) = board.node_by_id(id).map(|node| &board.nodes[node]) else { return };
    let shape = node.shape.keyword();
    let drawn = node.attrs.text("shape").is_some();
    if drawn && component.shape != shape {
        let value = Some(component.shape.to_owned());
        work.run(&Op::Set { key: format!("{id}.shape"), value, tag: None }, "");
    }
    if node.attrs.text("icon").is_some() {
        work.run(
            &Op::Set { key: format!("{id}.icon"), value: Some(component.icon.to_owned()), tag: None },
            "",
        );
    }
}

#[cfg(all(test, feature = "embedded-data"))]
mod tests;
