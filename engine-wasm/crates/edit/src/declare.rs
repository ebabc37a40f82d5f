//! What a board declares rather than draws: classes, variables (with the configuration and the legend among them) and
//! globs, each by its key. Worked on as text: what stands behind such a key may be anything that D2 has.

use std::collections::BTreeMap;

use spandrel_base::{Span, TextEdit, apply_edits};
use spandrel_syntax::ast::{Item, Key, Map, Str, Value};
use spandrel_syntax::{format, format_key, format_path, parse};

use crate::session::{Session, Step, read_key, refuse};

/// The groups of declarations that have names.
const GROUPS: [&str; 2] = ["classes", "vars"];

/// All declarations of a board by key, each with what stands behind it; `None` where no declaration can say that.
pub(crate) type Declared = BTreeMap<String, Option<String>>;

/// One place at which something is declared.
struct Writing<'t> {
    key: &'t Key,
    /// How many parts of its path say what is declared: what follows says more of it.
    parts: usize,
}

/// The declarations of all boards that the source writes and that have any, by the names that lead to the board.
pub(crate) fn declared(source: &str, root: &Map) -> BTreeMap<Vec<String>, Declared> {
    let mut all = BTreeMap::new();
    declared_on(source, root, Vec::new(), &mut all);
    all
}

fn declared_on(source: &str, board: &Map, names: Vec<String>, all: &mut BTreeMap<Vec<String>, Declared>) {
    for group in spandrel_syntax::keywords::BOARDS.iter().flat_map(|group| group_keys(board, group)) {
        for key in group.map().into_iter().flat_map(Map::keys) {
            let ([name], Some(map)) = (path_of(key), key.map()) else { continue };
            let names: Vec<String> = names.iter().cloned().chain([name.text().to_owned()]).collect();
            // The first of a name is what an edit finds.
            if !all.contains_key(&names) {
                declared_on(source, map, names, all);
            }
        }
    }
    let mut found: BTreeMap<String, Vec<Writing<'_>>> = BTreeMap::new();
    for (name, writing) in writings(board) {
        found.entry(name).or_default().push(writing);
    }
    let mut declared: Declared =
        found.into_iter().map(|(name, writings)| (name, text_of(source, &writings))).collect();
    // What is spread into a group has no name.
    for group in GROUPS {
        let spread = group_keys(board, group).filter_map(|key| {
            let map = match &key.value {
                Some(Value::Map(map)) => map,
                Some(_) => return Some(key.span.of(source).to_owned()),
                None => return None,
            };
            let spread = |item: &&Item| matches!(item, Item::Substitution(_) | Item::Import(_));
            map.items.iter().find(spread).map(|item| item.span().of(source).to_owned())
        });
        declared.extend(spread.map(|text| (format!("{group}: {text}"), None)));
    }
    if !declared.is_empty() {
        all.insert(names, declared);
    }
}

/// The map of a board, where the source writes it as one.
fn board_map<'t>(root: &'t Map, names: &[String]) -> Option<&'t Map> {
    let Some((first, rest)) = names.split_first() else { return Some(root) };
    let named = |map: &'t Map, name: &str| {
        let is = |key: &&Key| matches!(path_of(key), [part] if part.text() == name);
        map.keys().filter(is).filter_map(Key::map).collect::<Vec<_>>()
    };
    let groups = spandrel_syntax::keywords::BOARDS.iter().flat_map(|group| named(root, group));
    let board = groups.flat_map(|group| named(group, first)).next()?;
    board_map(board, rest)
}

/// The source with a map for a board that has none.
fn with_map(source: &str, root: &Map, names: &[String]) -> Option<String> {
    let (last, outer) = names.split_last()?;
    let around = board_map(root, outer)?;
    let groups = spandrel_syntax::keywords::BOARDS.iter().flat_map(|group| group_keys(around, group));
    let is = |key: &&Key| matches!(path_of(key), [part] if part.text() == last);
    let board = groups.filter_map(Key::map).flat_map(Map::keys).find(is)?;
    let map = match &board.value {
        None => ": {}",
        Some(value) if value.is_scalar() => " {}",
        Some(_) => return None,
    };
    let edit = TextEdit::insert(board.span.end as usize, map);
    Some(apply_edits(source, &[edit]))
}

/// The path of a key that is no connection.
fn path_of(key: &Key) -> &[Str] {
    key.path.as_ref().filter(|_| key.edges.is_empty()).map_or(&[], |path| &path.parts)
}

fn is_group(part: &Str, group: &str) -> bool {
    part.is_unquoted() && part.text() == group
}

/// The keys that are a group and nothing more.
fn group_keys<'t>(board: &'t Map, group: &'t str) -> impl Iterator<Item = &'t Key> {
    board.keys().filter(move |key| matches!(path_of(key), [part] if is_group(part, group)))
}

/// All places at which something is declared, each with the key of what is.
fn writings(board: &Map) -> Vec<(String, Writing<'_>)> {
    let mut found = Vec::new();
    let name = |group: &str, part: &Str| format!("{group}.{}", part.printed_key());
    for key in board.keys().filter(|key| key.filter.is_none()) {
        let group =
            GROUPS.iter().find(|group| path_of(key).first().is_some_and(|part| is_group(part, group)));
        match (group, path_of(key)) {
            (Some(group), [_]) => {
                for inner in key.map().into_iter().flat_map(Map::keys) {
                    if let [first, ..] = path_of(inner) {
                        found.push((name(group, first), Writing { key: inner, parts: 1 }));
                    }
                }
            }
            (Some(group), [_, second, ..]) => found.push((name(group, second), Writing { key, parts: 2 })),
            _ if key.has_glob() => {
                found.push((format_key(key), Writing { key, parts: usize::MAX }));
            }
            _ => {}
        }
    }
    found
}

/// What stands behind a name in all the places that declare it, in canonical format.
fn text_of(source: &str, writings: &[Writing<'_>]) -> Option<String> {
    if let [Writing { key, parts }] = writings
        && path_of(key).len() <= *parts
    {
        return behind(&format(key.span.of(source))?, &format_key(key));
    }
    // Said bit by bit: one map says the same.
    let mut bits = String::new();
    for Writing { key, parts } in writings {
        match path_of(key) {
            [] => return None,
            path if path.len() > *parts => {
                let rest = Span { start: path[*parts].span.start, end: key.span.end };
                bits.push_str(rest.of(source));
            }
            _ if key.primary.is_some() => return None,
            _ => {
                let map = key.map()?;
                let inside = Span { start: map.span.start + 1, end: map.span.end - 1 };
                bits.push_str(inside.of(source));
            }
        }
        bits.push('\n');
    }
    // One line where it is one.
    let bits =
        if bits.trim_end().contains(['\n', '#']) { format!("\n{bits}") } else { bits.trim_end().to_owned() };
    behind(&format(&format!("x: {{{bits}}}\n"))?, "x")
}

/// What follows a key and its colon.
fn behind(text: &str, key: &str) -> Option<String> {
    let rest = text.trim_end().strip_prefix(key)?;
    Some(rest.strip_prefix(':').unwrap_or(rest).trim_start().to_owned())
}

impl Session<'_> {
    /// Declares a class, a variable or a glob anew, or takes it away.
    pub(crate) fn declare(&self, source: &str, key: &str, value: Option<&str>) -> Step<String> {
        let wanted = read_key(key)?;
        let group =
            GROUPS.iter().find(|group| matches!(path_of(&wanted), [first, _] if is_group(first, group)));
        if group.is_none() && !wanted.has_glob() {
            return Err(refuse("E012", format!("`{key}` is neither a class, a variable nor a glob")));
        }
        let tree = parse(source);
        if let Some(first) = tree.diagnostics().first() {
            return Err(first.clone());
        }
        let Some(board) = board_map(tree.root(), self.place.board) else {
            // A board that is only named gets a map.
            let text = with_map(source, tree.root(), self.place.board)
                .ok_or_else(|| refuse("E003", "this board is written in another file"))?;
            return self.declare(&text, key, value);
        };
        let name = match path_of(&wanted) {
            [_, second] if group.is_some() => format!("{}.{}", group.unwrap_or(&""), second.printed_key()),
            _ => format_key(&wanted),
        };
        let all = writings(board);
        let own: Vec<&Writing<'_>> = all.iter().filter(|(other, _)| *other == name).map(|(_, w)| w).collect();
        let mut edits = Vec::new();
        let mut gone: Vec<Span> = own.iter().map(|writing| writing.key.span).collect();
        if let Some(value) = value {
            if let Some(first) = own.first() {
                gone.remove(0);
                let front = match &first.key.path {
                    Some(path) if first.key.edges.is_empty() && path.parts.len() > first.parts => {
                        let mut path = path.clone();
                        path.parts.truncate(first.parts);
                        format_path(&path)
                    }
                    _ => format_key(first.key),
                };
                let text = written(&front, value, indent(source, first.key.span.start));
                edits.push(TextEdit::replace(first.key.span, text));
            } else {
                edits.push(insertion(source, board, group.copied(), &wanted, value));
            }
        }
        // A group of which nothing stays goes too.
        for group in GROUPS.iter().flat_map(|group| group_keys(board, group)) {
            let inside = |span: &Span| group.map().is_some_and(|map| map.span.contains(*span));
            let items = group.map().map_or(0, |map| map.items.len());
            if items > 0 && gone.iter().filter(|span| inside(span)).count() == items {
                gone.retain(|span| !inside(span));
                gone.push(group.span);
            }
        }
        edits.extend(gone.into_iter().map(|span| TextEdit::delete(whole_lines(source, span))));
        let tree = parse(&apply_edits(source, &edits));
        if !tree.diagnostics().is_empty() {
            return Err(refuse("E001", format!("`{}` is no value", value.unwrap_or_default())));
        }
        self.check_tree(tree)
    }
}

/// A key with what stands behind it, further lines as far in as the first.
fn written(key: &str, value: &str, indent: &str) -> String {
    let colon = if value.is_empty() { "" } else { ": " };
    format!("{key}{colon}{}", value.replace('\n', &format!("\n{indent}")))
}

/// The white space in front of the line of an offset.
fn indent(source: &str, offset: u32) -> &str {
    let line = &source[..offset as usize];
    let line = &source[line.rfind('\n').map_or(0, |newline| newline + 1)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Whether only white space stands in front of an offset on its line.
fn begins_line(source: &str, offset: u32) -> bool {
    let before = &source[..offset as usize];
    before[before.rfind('\n').map_or(0, |newline| newline + 1)..]
        .trim_start_matches('\u{feff}')
        .trim()
        .is_empty()
}

/// Where a new declaration goes: among its like, or in front of what it is to hold for.
fn insertion(source: &str, board: &Map, group: Option<&str>, wanted: &Key, value: &str) -> TextEdit {
    let is_first = |item: &&Item| match item {
        Item::Comment(_) | Item::BlockComment(_) => false,
        // A glob looks for variables and classes, and at what is imported.
        Item::Key(key) if group.is_none() => {
            !GROUPS.iter().any(|group| path_of(key).first().is_some_and(|part| is_group(part, group)))
                && !key.has_glob()
        }
        Item::Import(_) | Item::Substitution(_) => group.is_some(),
        _ => true,
    };
    if let Some(group) = group
        && let Some(map) = group_keys(board, group).find_map(Key::map)
        && let [_, name] = path_of(wanted)
    {
        let end = map.span.end as usize - 1;
        let name = name.printed_key();
        return if begins_line(source, end as u32) {
            let outer = indent(source, end as u32);
            let text = written(&name, value, &format!("{outer}  "));
            TextEdit::insert(end - outer.len(), format!("{outer}  {text}\n"))
        } else {
            let sign = if map.items.is_empty() { "" } else { "; " };
            TextEdit::insert(source[..end].trim_end().len(), format!("{sign}{}", written(&name, value, "")))
        };
    }
    let whole = |indent: &str| match (group, path_of(wanted)) {
        (Some(group), [_, name]) => {
            let inside = written(&name.printed_key(), value, &format!("{indent}  "));
            format!("{group}: {{\n{indent}  {inside}\n{indent}}}")
        }
        _ => written(&format_key(wanted), value, indent),
    };
    match board.items.iter().find(is_first) {
        Some(item) => {
            let at = item.span().start;
            let own = indent(source, at);
            let text =
                if begins_line(source, at) { format!("{}\n{own}", whole(own)) } else { whole("") + "; " };
            TextEdit::insert(at as usize, text)
        }
        None if board.span.start == 0 && board.span.end as usize == source.len() => {
            let newline = if source.is_empty() || source.ends_with('\n') { "" } else { "\n" };
            TextEdit::insert(source.len(), format!("{newline}{}\n", whole("")))
        }
        None => {
            let end = board.span.end as usize - 1;
            let outer = format!("{}  ", indent(source, board.span.start));
            TextEdit::insert(end, format!("\n{outer}{}\n{}", whole(&outer), indent(source, board.span.start)))
        }
    }
}

/// A span with the line around it, where nothing else stands there; else with the `;` behind it.
fn whole_lines(source: &str, span: Span) -> Span {
    let rest = &source[span.end as usize..];
    let line = rest.find('\n').map_or(rest, |newline| &rest[..newline]);
    if begins_line(source, span.start) && line.trim().is_empty() {
        let start = span.start as usize - indent(source, span.start).len();
        return Span::new(start, (span.end as usize + line.len() + 1).min(source.len()));
    }
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if rest[blank..].starts_with(';') {
        let behind = &rest[blank + 1..];
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        return Span::new(span.start as usize, span.end as usize + blank + 1 + blanks);
    }
    span
}

#[cfg(test)]
mod tests {
    use crate::{Op, Place, edit};

    fn check(source: &str, key: &str, value: Option<&str>, expected: &str) {
        let op = Op::Declare { key: key.into(), value: value.map(str::to_owned) };
        let edited = edit(source, Place::default(), &op).expect("refused");
        assert_eq!(edited.source, expected);
        assert_eq!(spandrel_base::apply_edits(&edited.source, &edited.inverse), source);
    }

    #[test]
    fn a_declaration_goes_where_its_like_is() {
        check("a", "classes.hot", Some("{style.fill: red}"), "classes: {\n  hot: {style.fill: red}\n}\na");
        check("# x\n\na\n", "vars.c", Some("red"), "# x\n\nvars: {\n  c: red\n}\na\n");
        check("vars: {a: b}\nx\n", "vars.c", Some("[1; 2]"), "vars: {a: b; c: [1; 2]}\nx\n");
        check("vars: {}\nx\n", "vars.c", Some("red"), "vars: {c: red}\nx\n");
        check("vars: {\n  c: red # so\n}\n", "vars.c", Some("blue"), "vars: {\n  c: blue # so\n}\n");
        check("", "*.shape", Some("circle"), "*.shape: circle\n");
        check(
            "vars: {c: red}\n*.shape: oval\na\n",
            "**.shape",
            Some("circle"),
            "vars: {c: red}\n*.shape: oval\n**.shape: circle\na\n",
        );
        check("a; b\n", "*.shape", Some("circle"), "*.shape: circle\na; b\n");
    }

    #[test]
    fn what_was_said_in_many_places_is_said_in_one() {
        check(
            "classes.hot.style.fill: red\na\nclasses: {hot: {shape: oval}}\n",
            "classes.hot",
            Some("{shape: circle}"),
            "classes.hot: {shape: circle}\na\n",
        );
    }

    #[test]
    fn what_is_taken_away_leaves_no_empty_line_and_no_empty_group() {
        check("a\nclasses: {\n  hot: {shape: oval}\n}\nb\n", "classes.hot", None, "a\nb\n");
        check("vars: {a: 1; b: 2}\n", "vars.a", None, "vars: {b: 2}\n");
        check("*.shape: oval\na\n", "*.shape", None, "a\n");
    }

    #[test]
    fn only_declarations_are_declared_and_only_values_are_values() {
        let refused = |key: &str, value: &str| {
            let op = Op::Declare { key: key.into(), value: Some(value.into()) };
            edit("a\n", Place::default(), &op).is_err()
        };
        assert!(refused("a", "x") && refused("classes", "{x}") && refused("vars.x", "}"));
        assert!(refused("vars.x", "{"));
    }
}
