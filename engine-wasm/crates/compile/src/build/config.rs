//! `vars.d2-config`.

use std::collections::BTreeMap;

use spandrel_base::Span;
use spandrel_graph::ConfigValue;

use super::values::{boolean, integer, is_named, nearest};
use crate::ir::{Composite, Element, FieldId, MapId};
use crate::scope::Scoper;
use crate::sources::FileId;

/// Numbers of D2's themes.
const THEMES: &[i64] = &[0, 1, 3, 4, 5, 6, 7, 8, 100, 101, 102, 103, 104, 105, 200, 201, 300, 301, 302, 303];

const KEYS: &[&str] = &[
    "sketch",
    "center",
    "theme-id",
    "dark-theme-id",
    "pad",
    "layout-engine",
    "theme-overrides",
    "dark-theme-overrides",
    "data",
];

const CODES: &[&str] = &[
    "n1", "n2", "n3", "n4", "n5", "n6", "n7", "b1", "b2", "b3", "b4", "b5", "b6", "aa2", "aa4", "aa5", "ab4",
    "ab5",
];

fn config_field(scoper: &mut Scoper<'_, '_>, vars: MapId) -> Option<FieldId> {
    let name = scoper.ir.names.make("d2-config", true, Span::default());
    scoper.ir.field(vars, &name)
}

fn place(scoper: &Scoper<'_, '_>, field: FieldId) -> (FileId, Span) {
    let reference = scoper.ir.last_ref(field);
    reference.map_or((FileId::MAIN, Span::default()), |r| {
        let span = r.part.map_or(Span::default(), |part| part.span);
        (scoper.ir.contexts[r.context].file, span)
    })
}

fn entries(scoper: &Scoper<'_, '_>, map: MapId) -> Vec<(String, FieldId)> {
    let fields = &scoper.ir.maps[map].fields;
    fields
        .iter()
        .filter_map(|&f| scoper.ir.fields[f].name.as_ref().map(|n| (n.text.to_string(), f)))
        .collect()
}

/// Checks the configuration in `vars`.
pub(crate) fn check(scoper: &mut Scoper<'_, '_>, vars: MapId) {
    let Some(config) = config_field(scoper, vars) else { return };
    let Some(map) = scoper.ir.map_of(config) else { return };
    let holder = scoper.ir.parent_map(vars);
    if holder.is_none_or(|map| scoper.ir.board_of_map(map).is_none()) {
        let (file, span) = place(scoper, config);
        scoper.error(file, "C180", span, "`d2-config` can only stand in `vars` at the top of a board");
        return;
    }
    for (key, field) in entries(scoper, map) {
        let (file, span) = place(scoper, field);
        let value = scoper.ir.fields[field].primary.as_ref().map(|p| p.text().to_owned());
        let wants_map = matches!(key.as_str(), "theme-overrides" | "dark-theme-overrides" | "data");
        let Some(value) = value.or(wants_map.then(String::new)) else {
            scoper.error(file, "C181", span, format!("`{key}` needs a value"));
            continue;
        };
        let mistake = match key.as_str() {
            "sketch" | "center" => {
                boolean(&value).is_none().then(|| format!("`{key}` is `true` or `false`, not `{value}`"))
            }
            "theme-id" | "dark-theme-id" => match integer(&value) {
                None => Some(format!("`{key}` is a whole number, not `{value}`")),
                // The first theme is also what stands for none, which D2 refuses to tell apart.
                Some(id) => (!THEMES.contains(&id)).then(|| format!("there is no theme {id}")),
            },
            "pad" => integer(&value).is_none().then(|| format!("`{key}` is a whole number, not `{value}`")),
            "layout-engine" => None,
            _ if wants_map => scoper.ir.map_of(field).is_none().then(|| format!("`{key}` needs a map")),
            _ => Some(format!("there is no setting `{key}`")),
        };
        if let Some(text) = mistake {
            let help = nearest(&key, KEYS.iter().copied()).filter(|&known| known != key);
            let mut diagnostic = scoper.diagnostic(file, "C182", span, text);
            diagnostic.help = help.map(|word| format!("did you mean `{word}`?"));
            scoper.errors.push(diagnostic);
        }
    }
}

/// The configuration of the main board.
pub(super) fn read(scoper: &mut Scoper<'_, '_>, root: MapId) -> Option<BTreeMap<String, ConfigValue>> {
    let vars = scoper.ir.keyword_map(root, "vars")?;
    let config = config_field(scoper, vars)?;
    let map = scoper.ir.map_of(config)?;
    let mut result = BTreeMap::new();
    for (key, field) in entries(scoper, map) {
        let value = scoper.ir.fields[field].primary.as_ref().map(|p| p.text().to_owned());
        let below = scoper.ir.map_of(field);
        match (key.as_str(), value, below) {
            ("sketch", Some(value), _) if boolean(&value) == Some(true) => {
                result.insert(key, ConfigValue::Text("true".into()));
                let (file, span) = place(scoper, field);
                let mut hint = scoper.diagnostic(file, "C191", span, "the sketch look is not drawn");
                hint.severity = spandrel_base::Severity::Hint;
                scoper.errors.push(hint);
            }
            ("center", Some(value), _) => {
                let value = boolean(&value).unwrap_or(false).to_string();
                result.insert(key, ConfigValue::Text(value));
            }
            ("theme-id" | "dark-theme-id" | "pad", Some(value), _) => {
                let number = integer(&value).unwrap_or(0);
                if !(key == "theme-id" && number == 0) {
                    result.insert(key, ConfigValue::Text(number.to_string()));
                }
            }
            ("layout-engine", Some(value), _) => {
                result.insert(key, ConfigValue::Text(value));
            }
            ("theme-overrides" | "dark-theme-overrides", _, Some(map)) => {
                overrides(scoper, &key, map, &mut result);
            }
            ("data", _, Some(map)) => data(scoper, map, &mut result),
            _ => {}
        }
    }
    Some(result)
}

fn overrides(scoper: &mut Scoper<'_, '_>, key: &str, map: MapId, result: &mut BTreeMap<String, ConfigValue>) {
    for (code, field) in entries(scoper, map) {
        let lower = code.to_lowercase();
        let (file, span) = place(scoper, field);
        if !CODES.contains(&lower.as_str()) {
            scoper.error(file, "C183", span, format!("there is no colour `{code}` in a theme"));
            continue;
        }
        let Some(value) = scoper.ir.fields[field].primary.as_ref().map(|p| p.text().to_owned()) else {
            continue;
        };
        let hex = value.starts_with('#') && super::values::is_color(&value);
        if !is_named(&value) && !hex {
            scoper.error(file, "C184", span, format!("`{code}` takes a colour, not `{value}`"));
            continue;
        }
        result.insert(format!("{key}.{lower}"), ConfigValue::Text(value));
    }
}

fn data(scoper: &mut Scoper<'_, '_>, map: MapId, result: &mut BTreeMap<String, ConfigValue>) {
    for (key, field) in entries(scoper, map) {
        let node = &scoper.ir.fields[field];
        let value = match (&node.primary, &node.composite) {
            (Some(primary), _) => ConfigValue::Text(primary.text().to_owned()),
            (None, Composite::Array(items)) => ConfigValue::List(
                items
                    .iter()
                    .filter_map(|item| match item {
                        Element::Scalar(scalar) => Some(scalar.text().to_owned()),
                        _ => None,
                    })
                    .collect(),
            ),
            (None, Composite::Map(_)) => ConfigValue::List(Vec::new()),
            (None, Composite::None) => continue,
        };
        result.insert(format!("data.{key}"), value);
    }
}
