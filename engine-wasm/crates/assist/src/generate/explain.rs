//! What was drawn and why, in plain sentences.

use std::fmt::Write as _;

use super::parse::Request;
use super::plan::Plan;
use crate::pattern::Pattern;

/// The message that goes with a new drawing.
pub(crate) fn explain(plan: &Plan, pattern: Option<&Pattern>, request: &Request) -> String {
    let parts = plan.live().count();
    let subject = plan.title.split_once(": ").map(|(subject, _)| subject);
    let mut message = match (pattern, subject) {
        (Some(pattern), Some(subject)) => {
            format!("{subject}, drawn as: {}, in {parts} parts.", pattern.title)
        }
        (Some(pattern), None) => format!("This is a drawing of: {}, in {parts} parts.", pattern.title),
        (None, _) => format!("Here are the parts that you named, and how they meet: {parts} in all."),
    };
    if let Some(pattern) = pattern {
        // Of a part that was left out no story is told.
        let left_out: Vec<String> =
            plan.nodes.iter().filter(|node| node.gone).map(|node| node.label.to_lowercase()).collect();
        for sentence in &pattern.story {
            let lower = sentence.to_lowercase();
            if !left_out.iter().any(|label| lower.contains(label.as_str())) {
                let _ = write!(message, " {sentence}");
            }
        }
        let reasons: Vec<String> = pattern
            .why
            .iter()
            .filter_map(|(key, reason)| {
                let part = pattern.nodes.iter().find(|node| node.key == *key)?;
                let drawn = plan.first(|node| {
                    super::compose::family(node.component) == super::compose::family(part.component)
                })?;
                Some(format!("- {}: {reason}", plan.nodes[drawn].label))
            })
            .collect();
        if !reasons.is_empty() {
            let _ = write!(message, "\n\nWhy these parts:\n{}", reasons.join("\n"));
        }
    }
    let left_out: Vec<&str> =
        request.mentions.iter().filter(|m| m.negated).map(|m| m.label.as_str()).collect();
    if !left_out.is_empty() {
        let _ = write!(message, "\n\nLeft out, as you asked: {}.", left_out.join(", "));
    }
    if !plan.assumptions.is_empty() {
        let _ = write!(message, "\n\n{}", plan.assumptions.join(" "));
    }
    message
}
