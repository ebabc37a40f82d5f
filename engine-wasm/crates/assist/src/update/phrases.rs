//! What a phrase holds: a list, two ends, a name, a label.

use crate::generate::tokens::{Sign, Token};

/// The parts of a list: "the cache, the queue and the worker".
pub(super) fn listed(phrase: &[Token]) -> Vec<&[Token]> {
    phrase
        .split(|t| t.sign == Sign::Comma || t.is(&["and", "or", "both"]))
        .filter(|part| part.iter().any(Token::is_word))
        .collect()
}

/// The two ends in "the connection between A and B" or "an arrow from A to B".
pub(super) fn ends_of_connection(phrase: &[Token]) -> Option<(&[Token], &[Token])> {
    if !connection_word(phrase) {
        return None;
    }
    let at = phrase.iter().position(|token| token.is(&["between", "from"]))?;
    split(&phrase[at + 1..], &["and", "to"])
}

pub(super) fn connection_word(phrase: &[Token]) -> bool {
    phrase.iter().take(4).any(|t| t.is(&["connection", "arrow", "edge", "line", "link", "connections"]))
}

/// Splits at the first of `words` that has something on both sides.
pub(super) fn split<'a>(tokens: &'a [Token], words: &[&str]) -> Option<(&'a [Token], &'a [Token])> {
    let at = (1..tokens.len().saturating_sub(1)).find(|&at| tokens[at].is(words))?;
    Some((&tokens[..at], &tokens[at + 1..]))
}

pub(super) fn split_last<'a>(tokens: &'a [Token], words: &[&str]) -> Option<(&'a [Token], &'a [Token])> {
    let at = (1..tokens.len().saturating_sub(1)).rev().find(|&at| tokens[at].is(words))?;
    Some((&tokens[..at], &tokens[at + 1..]))
}

pub(super) fn split_phrase<'a>(tokens: &'a [Token], words: &[&str]) -> Option<(&'a [Token], &'a [Token])> {
    let at = tokens
        .windows(words.len())
        .position(|window| window.iter().zip(words).all(|(t, w)| t.lower == *w))?;
    let (head, tail) = (&tokens[..at], &tokens[at + words.len()..]);
    (!head.is_empty() && !tail.is_empty()).then_some((head, tail))
}

/// "… called X", "… named X", "a container X".
pub(super) fn called(tokens: &[Token]) -> Option<String> {
    let container = tokens.iter().position(|token| token.is(&["container", "group", "box"]));
    if let Some(at) = container
        && tokens.get(at + 1).is_some_and(|t| t.quoted || t.text.starts_with(char::is_uppercase))
    {
        return Some(text(&tokens[at + 1..]));
    }
    let at = tokens.iter().position(|token| token.is(&["called", "named", "labelled", "labeled"]))?;
    tokens.get(at + 1).map(|_| text(&tokens[at + 1..]))
}

/// "… with label X", "… labelled X", "… over HTTPS", "… via gRPC".
pub(super) fn label_of(tokens: &[Token]) -> Option<String> {
    let at = tokens.iter().position(|token| {
        token.is(&["label", "labelled", "labeled", "called", "named", "over", "via", "using"])
    })?;
    let rest = tokens.get(at + 1..).filter(|rest| !rest.is_empty())?;
    Some(text(rest))
}

pub(super) fn before_label(tokens: &[Token]) -> &[Token] {
    let end = tokens.iter().position(|t| {
        t.is(&["label", "labelled", "labeled", "called", "named", "over", "via", "using", "with"])
    });
    &tokens[..end.unwrap_or(tokens.len())]
}

/// The words as a name: as written, or in Title Case where all are small.
pub(super) fn text(tokens: &[Token]) -> String {
    if let [only] = tokens
        && only.quoted
    {
        return only.text.clone();
    }
    let words: Vec<&str> =
        tokens.iter().filter(|token| token.is_word()).map(|token| token.text.as_str()).collect();
    if words.iter().any(|word| word.chars().any(char::is_uppercase)) {
        words.join(" ")
    } else {
        crate::generate::title_case(&words, false)
    }
}

/// The words, articles and all.
pub(super) fn spoken(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The words as they stand, without articles.
pub(super) fn as_written(tokens: &[Token]) -> String {
    let words =
        tokens.iter().filter(|token| token.quoted || (token.is_word() && !token.is(&["the", "a", "an"])));
    words.map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}
