//! Clauses as they are said, made plainer before they are read: assurances go, one verb for several changes is repeated,
//! names that are given with "called" are taken out.

use super::order;
use crate::generate::tokens::{Sign, Token};

/// A clause without what it assures ("but keep its connection", "don't touch anything else") or explains ("so that …").
pub(super) fn plain(mut clause: Vec<Token>) -> Vec<Token> {
    let starts = |at: usize, words: &[&str]| {
        words.iter().enumerate().all(|(i, word)| clause.get(at + i).is_some_and(|token| token.is(&[word])))
    };
    const ASSURES: &[&[&str]] = &[
        &["but", "keep"],
        &["but", "leave"],
        &["and", "keep", "the"],
        &["and", "keep", "its"],
        &["and", "leave", "the", "rest"],
        &["and", "don't", "touch"],
        &["don't", "touch"],
        &["without", "touching"],
        &["so", "that"],
        &["like", "the", "other"],
        &["like", "the", "others"],
    ];
    let end = (1..clause.len()).find(|&at| ASSURES.iter().any(|words| starts(at, words)));
    if let Some(end) = end {
        clause.truncate(end);
    }
    while clause
        .last()
        .is_some_and(|token| token.sign == Sign::Comma || token.is(&["instead", "too", "together"]))
    {
        clause.pop();
    }
    clause
}

/// "so that customers connect straight to the web app": what is to hold then, as an order.
pub(super) fn purpose(clause: &[Token]) -> Option<Vec<Token>> {
    const MEETS: &[&str] = &["connect", "connects", "talk", "talks", "go", "goes", "speak", "speaks"];
    let at = clause.windows(2).position(|pair| pair[0].is(&["so"]) && pair[1].is(&["that"]))?;
    let said = &clause[at + 2..];
    let verb = said.iter().position(|token| token.is(MEETS)).filter(|&verb| verb > 0)?;
    let to = verb + said[verb..].iter().position(|token| token.is(&["to", "with"]))?;
    let words = |tokens: &[Token]| tokens.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ");
    let (from, to) = (words(&said[..verb]), words(&said[to + 1..]));
    (!to.is_empty()).then(|| crate::generate::tokens::tokenize(&format!("connect {from} to {to}")))
}

/// "rename A to B, C to D": the verb holds for each.
pub(super) fn repeated(clause: Vec<Token>) -> Vec<Vec<Token>> {
    let renames = clause.first().is_some_and(|token| token.is(&["rename", "relabel"]));
    if !renames {
        return vec![clause];
    }
    let verb = clause[0].clone();
    let mut out: Vec<Vec<Token>> = Vec::new();
    for piece in clause[1..].split(|token| token.sign == Sign::Comma || token.is(&["and"])) {
        let whole = (1..piece.len().saturating_sub(1)).any(|at| piece[at].is(&["to", "as", "into"]));
        match out.last_mut() {
            // Half a change belongs to the name before it: "to Search and Rescue".
            Some(last) if !whole => last.extend(piece.iter().cloned()),
            _ => out.push([std::slice::from_ref(&verb), piece].concat()),
        }
    }
    out
}

/// Names that a clause gives: to the part that it adds, and to the container into which that goes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) part: Option<String>,
    pub(super) container: Option<String>,
}

/// Takes "called X" and "in a container called Y" out of a clause.
pub(super) fn names(clause: &[Token]) -> (Vec<Token>, Names) {
    let mut rest = clause.to_vec();
    let mut names = Names::default();
    let holds = |token: &Token| token.is(&["container", "group", "box"]);
    if let Some(at) = rest.iter().position(holds)
        && let Some(start) = (at.saturating_sub(4)..at).find(|&i| rest[i].is(&["in", "into", "inside"]))
        && let Some((name, end)) = name_at(&rest, at + 1)
    {
        names.container = Some(name);
        rest.drain(start..end);
    }
    if let Some(at) = rest.iter().position(|token| token.is(&["called", "named"]))
        && let Some((name, end)) = name_at(&rest, at)
    {
        names.part = Some(name);
        rest.drain(at..end);
    }
    (rest, names)
}

/// A name in quotes or capitals at a token, "called" before it or not, and where it ends.
fn name_at(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let start = at + usize::from(tokens.get(at).is_some_and(|token| token.is(&["called", "named"])));
    let first = tokens.get(start)?;
    if first.quoted {
        return Some((first.text.clone(), start + 1));
    }
    let capital = |token: &Token| token.is_word() && token.text.starts_with(char::is_uppercase);
    let end = (start..tokens.len()).find(|&i| !capital(&tokens[i])).unwrap_or(tokens.len());
    let words: Vec<&str> = tokens[start..end].iter().map(|token| token.text.as_str()).collect();
    (!words.is_empty()).then(|| (words.join(" "), end))
}

/// Whether a word begins an order, or says what somebody does.
pub(super) fn says(token: &Token) -> bool {
    order::is_verb(&token.lower) || crate::words::english::VERBS.contains(&token.lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tokens::tokenize;

    fn said(clause: &[Token]) -> String {
        clause.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn assurances_go() {
        for (clause, plainer) in [
            (
                "move the cluster to the server room but keep its connection",
                "move the cluster to the server room",
            ),
            ("turn the job into a hexagon and don't touch anything else", "turn the job into a hexagon"),
            ("remove the CDN so that customers come straight in", "remove the CDN"),
        ] {
            assert_eq!(said(&plain(tokenize(clause))), plainer);
        }
    }

    #[test]
    fn one_verb_for_several_names() {
        let clauses = repeated(tokenize(
            "rename the cloud to AWS Cloud, IoT Hub to IoT Core and Search to Search and Rescue",
        ));
        let clauses: Vec<String> = clauses.iter().map(|clause| said(clause)).collect();
        assert_eq!(
            clauses,
            ["rename the cloud to AWS Cloud", "rename IoT Hub to IoT Core", "rename Search to Search Rescue"]
        );
    }

    #[test]
    fn names_are_taken_out() {
        let (rest, given) =
            names(&tokenize("add an MES in a new container called Plant IT that reads from the historian"));
        assert_eq!(said(&rest), "add an MES that reads from the historian");
        assert_eq!(given.container.as_deref(), Some("Plant IT"));
        let (rest, given) = names(&tokenize("add a check called Great Expectations between A and B"));
        assert_eq!(
            (said(&rest).as_str(), given.part.as_deref()),
            ("add a check between A and B", Some("Great Expectations"))
        );
    }
}
