//! What the engine knows, as elkjs tells it: options, algorithms and categories.

use serde_json::{Value, json};

use crate::keys::options;

/// Algorithms: the last part of their id, the category they are in, and ids of options that only they read.
const ALGORITHMS: [(&str, &str, &str); 12] = [
    ("layered", "layered", "layered."),
    ("stress", "force", "stress."),
    ("mrtree", "tree", "mrtree."),
    ("radial", "radial", "radial."),
    ("force", "force", "force."),
    ("rectpacking", "", "rectpacking."),
    ("box", "", "box."),
    ("fixed", "", "bendPoints"),
    ("random", "", "randomSeed"),
    ("disco", "", "disco."),
    ("sporeOverlap", "", "overlapRemoval."),
    ("sporeCompaction", "", "overlapRemoval."),
];

const CATEGORIES: [(&str, &str); 5] =
    [("layered", "Layered"), ("force", "Force"), ("tree", "Tree"), ("radial", "Radial"), ("", "Other")];

/// A list as JSON text: `options`, `algorithms` or `categories`; anything else is an empty list.
pub fn known(what: &str) -> String {
    let full = |id: &str| format!("org.eclipse.elk.{id}");
    let list: Vec<Value> = match what {
        "options" => options()
            .map(|option| {
                let (group, last) = option.id.rsplit_once('.').unwrap_or(("", option.id));
                let mut letters = option.letters.chars();
                let kind = letters.next().map_or("", kind);
                let note = if option.honoured { "" } else { "Accepted, without effect yet." };
                json!({
                    "id": full(option.id),
                    "name": title(last),
                    "description": note,
                    "group": group.strip_prefix("layered.").unwrap_or(group),
                    "type": kind,
                    "targets": letters.map(target).collect::<Vec<_>>(),
                })
            })
            .collect(),
        "algorithms" => ALGORITHMS
            .iter()
            .map(|(id, category, own)| {
                let own: Vec<String> =
                    options().filter(|o| o.honoured && o.id.starts_with(own)).map(|o| full(o.id)).collect();
                let category = if category.is_empty() { String::new() } else { full(category) };
                json!({ "id": full(id), "name": title(id), "category": category, "knownOptions": own })
            })
            .collect(),
        "categories" => CATEGORIES
            .iter()
            .map(|(id, name)| {
                let members: Vec<String> =
                    ALGORITHMS.iter().filter(|a| a.1 == *id).map(|a| full(a.0)).collect();
                let id = if id.is_empty() { String::new() } else { full(id) };
                json!({ "id": id, "name": name, "knownLayouters": members })
            })
            .collect(),
        _ => Vec::new(),
    };
    Value::Array(list).to_string()
}

/// `nodeNodeBetweenLayers` as words: `Node Node Between Layers`.
fn title(word: &str) -> String {
    let mut out = String::new();
    for (at, c) in word.chars().enumerate() {
        if at == 0 {
            out.extend(c.to_uppercase());
            continue;
        }
        if c.is_uppercase() {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

fn kind(letter: char) -> &'static str {
    match letter {
        's' => "STRING",
        'o' => "OBJECT",
        'e' => "ENUM",
        'd' => "DOUBLE",
        'm' => "ENUMSET",
        'b' => "BOOLEAN",
        _ => "INT",
    }
}

fn target(letter: char) -> &'static str {
    match letter {
        'P' => "PARENTS",
        'N' => "NODES",
        'E' => "EDGES",
        'O' => "PORTS",
        _ => "LABELS",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_have_the_shape_of_elkjs() {
        let list = |what| -> Vec<Value> { serde_json::from_str(&known(what)).unwrap() };
        let strategy = list("options")
            .into_iter()
            .find(|o| o["id"] == "org.eclipse.elk.layered.nodePlacement.strategy")
            .unwrap();
        assert_eq!(
            strategy,
            json!({
                "id": "org.eclipse.elk.layered.nodePlacement.strategy",
                "name": "Strategy",
                "description": "",
                "group": "nodePlacement",
                "type": "ENUM",
                "targets": ["PARENTS"],
            })
        );
        assert_eq!(list("options").len(), 243);
        assert_eq!(list("algorithms").len(), 12);
        let tree = list("categories").into_iter().find(|c| c["id"] == "org.eclipse.elk.tree").unwrap();
        assert_eq!(tree["knownLayouters"], json!(["org.eclipse.elk.mrtree"]));
        assert_eq!(known("nothing"), "[]");
    }
}
