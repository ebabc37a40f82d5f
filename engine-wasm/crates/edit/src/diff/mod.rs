//! What differs between two sources, as objects and connections rather than lines, and the edits that lead
//! from one to the other.

mod facts;
mod members;
mod order;
mod steps;

use std::collections::BTreeMap;

use spandrel_base::{TextEdit, apply_edits};
use spandrel_graph::{Board, BoardKind};

use crate::index::{compile, compiled_board};
use crate::session::Session;
use crate::text::edits_between;
use crate::{Op, Place};
use facts::{Facts, Things, boards, differing};
use steps::Steps;

/// How much work trying out operations may be: operations times bytes of text, with [`ROUND`] operations' worth for
/// each board that is compiled again. Beyond it the text is replaced where its lines differ.
const MOST_WORK: usize = 2_000_000;
/// What compiling and comparing afterwards costs, in operations.
const ROUND: usize = 3;
/// What an object or a connection costs, in bytes of text: a few globs make thousands.
const THING: usize = 20;
/// How often a board is compared and edited until it is as wanted.
const ROUNDS: usize = 3;
/// And so many operations at most: the text may grow with each.
const MOST_STEPS: usize = 500;

/// One thing that changed, by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The board, `""` for the main one.
    pub board: String,
    /// The object or connection; `""` for the board itself.
    pub key: String,
    /// Which attributes changed, `label` among them; empty for what was added or removed.
    pub attributes: Vec<String>,
}

/// One edit of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The board to edit, by path; `""` for the main one.
    pub board: String,
    /// What to change.
    pub op: Op,
    /// Positions of the earlier steps without which this one makes no sense.
    pub needs: Vec<usize>,
}

/// What leads from one source to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Objects and connections that only the second has.
    pub added: Vec<Change>,
    /// Objects and connections that only the first has.
    pub removed: Vec<Change>,
    /// What both have, with other labels or attributes.
    pub changed: Vec<Change>,
    /// Objects that are in another container: old key and new key.
    pub moved: Vec<(String, String)>,
    /// Edits that lead from the first to the second, in order, board by board.
    pub steps: Vec<Step>,
    /// Why `steps` alone do not give all that the second source means; `None` where they do.
    pub shortfall: Option<String>,
    /// The change of text that gives what the second source means: that of `steps` where they suffice, so
    /// that comments, order and pins of the first stay; else the lines that differ.
    pub edits: Vec<TextEdit>,
}

/// Compares what two sources mean.
pub fn diff(a: &str, b: &str, place: Place<'_>) -> Diff {
    let old = compile(place.path, a, place.files);
    let faulty = old.has_errors();
    let old = old.diagram;
    let new = compile(place.path, b, place.files);
    let broken = new.has_errors();
    let new = new.diagram;
    let mut result = Diff::default();
    let (old_boards, new_boards) = (boards(&old.root), boards(&new.root));
    let empty = Things::new();
    let get = |boards: &BTreeMap<String, Things>, path: &str| boards.get(path).unwrap_or(&empty).clone();
    for path in old_boards.keys().chain(new_boards.keys().filter(|path| !old_boards.contains_key(*path))) {
        compare(path, &get(&old_boards, path), &get(&new_boards, path), &mut result);
    }
    // What a broken source means is told as far as it is whole, but leads nowhere: its steps are not tried.
    let reason = (broken && a != b).then(|| "the second source has errors".to_owned());
    match by_steps(a, (&old.root, &new.root), &new_boards, place, (faulty, reason), &mut result) {
        Ok(text) => result.edits = edits_between(a, &text),
        Err(reason) => {
            result.shortfall = Some(reason);
            result.edits = edits_between(a, b);
        }
    }
    result
}

/// The first source with a difference applied.
pub fn apply(source: &str, difference: &Diff) -> String {
    apply_edits(source, &difference.edits)
}

/// Finds the steps, and the text to which they lead; or says why they do not lead to what is wanted. `faulty`: the first
/// source has errors.
fn by_steps(
    a: &str,
    (old, new): (&Board, &Board),
    wanted: &BTreeMap<String, Things>,
    place: Place<'_>,
    (mut faulty, mut reason): (bool, Option<String>),
    result: &mut Diff,
) -> Result<String, String> {
    let mut text = a.to_owned();
    let mut root = old.clone();
    let mut reached = boards(&root);
    let mut steps = Steps::default();
    let mut work = 0;
    'boards: for (path, names) in paths(new) {
        // What globs, classes and variables of the first source do to what a step has made shows afterwards: that is
        // set right in another round.
        for round in 0..ROUNDS {
            if reached.get(&path) == wanted.get(&path) {
                break;
            }
            let Some(is) = compiled_board(new, &names) else { break };
            let Some(was) = board_to_edit(&root, &names) else {
                reason.get_or_insert(format!("the board `{path}` is new"));
                break;
            };
            let first = steps.list.len();
            let mut moved_again = Vec::new();
            steps.board(&path, &was, &is, if round == 0 { &mut result.moved } else { &mut moved_again });
            if steps.list.len() > MOST_STEPS {
                reason = Some(TOO_MUCH.to_owned());
                break 'boards;
            }
            let fresh = &steps.list[first..];
            if fresh.is_empty() || reason.is_some() {
                break;
            }
            let things: usize = reached.values().map(Vec::len).sum();
            let mut paid = Work { each: things * THING, done: &mut work };
            if let Err(refusal) = apply_all(&mut text, fresh, &mut paid, Place { board: &names, ..place }) {
                reason = Some(refusal);
                break;
            }
            // Boards that start from this one have changed along with it.
            let output = compile(place.path, &text, place.files);
            faulty = output.has_errors();
            root = output.diagram.root;
            reached = boards(&root);
        }
    }
    result.steps = steps.list;
    if let Some(reason) = reason {
        return Err(reason);
    }
    if faulty || !same(&reached, wanted) {
        return Err(
            "classes, globs, variables or a legend differ, which no edit of one thing can say".to_owned()
        );
    }
    Ok(text)
}

/// A board as the first edit of it finds it. A scenario or a step that has just been made holds nothing: it is what it
/// starts from as soon as something stands in it.
fn board_to_edit(root: &Board, names: &[String]) -> Option<Board> {
    let board = compiled_board(root, names)?;
    if !board.nodes.is_empty() || !matches!(board.kind, BoardKind::Scenario | BoardKind::Step) {
        return Some(board);
    }
    let outer = compiled_board(root, &names[..names.len() - 1])?;
    let steps = &outer.steps;
    let previous =
        steps.iter().position(|step| step.name == board.name).filter(|_| board.kind == BoardKind::Step);
    let base = previous.and_then(|at| steps.get(at.checked_sub(1)?)).unwrap_or(&outer);
    Some(Board { nodes: base.nodes.clone(), edges: base.edges.clone(), ..board })
}

const TOO_MUCH: &str = "too much has changed";

/// The work of trying out operations.
struct Work<'w> {
    /// What an operation costs beside the text.
    each: usize,
    done: &'w mut usize,
}

impl Work<'_> {
    /// What is done already and so many operations more; an error where that is too much.
    fn with(&self, operations: usize, text: &str) -> Result<usize, String> {
        let all = *self.done + operations.saturating_mul(text.len() + self.each);
        if all > MOST_WORK { Err(TOO_MUCH.to_owned()) } else { Ok(all) }
    }
}

/// Applies steps to one board; begins none of them where all together are too much.
fn apply_all(text: &mut String, steps: &[Step], work: &mut Work<'_>, place: Place<'_>) -> Result<(), String> {
    work.with(steps.len() + ROUND, text)?;
    *work.done = work.with(ROUND, text)?;
    let session = Session::unchecked(place);
    for step in steps {
        *work.done = work.with(1, text)?;
        *text = session.apply(text, &step.op).map_err(|refusal| refusal.message)?.0;
    }
    Ok(())
}

/// Paths of all boards with the names that lead to each, parents first.
fn paths(root: &Board) -> Vec<(String, Vec<String>)> {
    let mut found = vec![(String::new(), Vec::new())];
    below(root, "", &[], &mut found);
    found
}

fn below(board: &Board, path: &str, names: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let groups = [("layers", &board.layers), ("scenarios", &board.scenarios), ("steps", &board.steps)];
    for (group, boards) in groups {
        for inner in boards {
            let dot = if path.is_empty() { "" } else { "." };
            let path = format!("{path}{dot}{group}.{}", inner.name);
            let names: Vec<String> = names.iter().cloned().chain([inner.name.clone()]).collect();
            found.push((path.clone(), names.clone()));
            below(inner, &path, &names, found);
        }
    }
}

fn same(a: &BTreeMap<String, Things>, b: &BTreeMap<String, Things>) -> bool {
    let sorted = |things: &Things| things.iter().cloned().collect::<BTreeMap<String, Facts>>();
    a.len() == b.len()
        && a.iter().all(|(path, things)| b.get(path).is_some_and(|o| sorted(o) == sorted(things)))
}

fn compare(board: &str, old: &Things, new: &Things, result: &mut Diff) {
    let change = |key: &str, attributes| Change { board: board.to_owned(), key: key.to_owned(), attributes };
    let by_key = |things: &Things| things.iter().cloned().collect::<BTreeMap<String, Facts>>();
    let (old_map, new_map) = (by_key(old), by_key(new));
    for (key, was) in old {
        let Some(is) = new_map.get(key) else {
            result.removed.push(change(key, Vec::new()));
            continue;
        };
        let attributes = differing(was, is);
        if !attributes.is_empty() {
            result.changed.push(change(key, attributes));
        }
    }
    for (key, _) in new.iter().filter(|(key, _)| !old_map.contains_key(key)) {
        result.added.push(change(key, Vec::new()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ops(a: &str, b: &str) -> Diff {
        let difference = diff(a, b, Place::default());
        assert_eq!(difference.shortfall, None, "{difference:?}");
        difference
    }

    #[test]
    fn what_is_new_is_created_with_its_attributes() {
        let difference = ops("# mine\na   -> b\n", "a -> b -> c: go\nc: C {style.fill: red}\n");
        let result = apply("# mine\na   -> b\n", &difference);
        assert!(result.starts_with("# mine\n"), "{result}");
        let root = crate::index::compile("index.d2", &result, &()).diagram.root;
        assert_eq!(root.edges.len(), 2);
    }

    #[test]
    fn an_object_in_another_container_has_moved() {
        let difference = ops("box\na: Label A\n", "box: {\n  a: Label A\n}\n");
        assert_eq!(difference.moved, [("a".to_owned(), "box.a".to_owned())]);
        assert_eq!(difference.steps.len(), 1);
    }

    #[test]
    fn a_connection_needs_its_ends() {
        let difference = ops("a\n", "a\nb -> a\n");
        let needs: Vec<_> = difference.steps.iter().map(|step| step.needs.clone()).collect();
        assert_eq!(needs, [vec![], vec![0]]);
    }

    /// Applies the steps, each alone as a person accepts them, and gives the text, which has to mean what `b` means.
    fn led(a: &str, b: &str) -> String {
        let difference = ops(a, b);
        let mut text = a.to_owned();
        for step in &difference.steps {
            let names: Vec<String> = step.board.split('.').skip(1).step_by(2).map(str::to_owned).collect();
            let place = Place { board: &names, ..Place::default() };
            text = crate::edit(&text, place, &step.op).expect("a step is refused").source;
        }
        let board = |text: &str| crate::index::compile("index.d2", text, &()).diagram.root;
        for text in [&text, &apply(a, &difference)] {
            assert!(same(&boards(&board(text)), &boards(&board(b))), "{text}\n{difference:?}");
            assert_eq!(paths(&board(text)), paths(&board(b)), "{text}");
        }
        text
    }

    #[test]
    fn rows_are_made_changed_moved_and_taken_away() {
        let a = "# mine\nt: {\n  shape: sql_table\n  id: int {constraint: primary_key} # the key\n  old: text\n  name: text\n}\n";
        let b = "t: {\n  shape: sql_table\n  id: uuid {constraint: [primary_key; unique]}\n  mail: text\n  name: varchar\n}\n";
        let result = led(a, b);
        assert_eq!(
            result,
            "# mine\nt: {\n  shape: sql_table\n  id: uuid {constraint: [primary_key; unique]} # the key\n\n  mail: text\n  name: varchar\n}\n"
        );
        led(b, a);
        let turned = led(
            "t: {\n  shape: sql_table\n  a: int\n  b: text # why\n  c\n}\n",
            "t: {\n  shape: sql_table\n  b: text\n  a: int\n  c\n}\n",
        );
        assert_eq!(turned, "t: {\n  shape: sql_table\n  b: text # why\n  a: int\n  c\n}\n");
    }

    #[test]
    fn members_of_classes_are_told_by_their_signs() {
        let a = "c: {\n  shape: class\n  +id: int\n  -key: text\n  \"close()\": bool\n}\n";
        let b = "c: {\n  shape: class\n  id: uuid\n  #key: text\n  \"open(path: text)\": bool {style.underline: true}\n  \"close()\"\n}\n";
        let b = &b.replace("#key", "\"#key\"");
        assert!(led(a, b).contains("  +id: uuid\n"));
        led(b, a);
    }

    #[test]
    fn connections_between_rows_follow_their_rows() {
        let a = "a: {shape: sql_table; id: int; x: int}\nb: {shape: sql_table; id: int}\na.x -> b.id: owns\n";
        let b = "a: {shape: sql_table; new: int; id: int}\nb: {shape: sql_table; key: int; id: int}\na.id -> b.key: owns\nb.id -> a.new\n";
        assert!(led(a, b).contains("a.id -> b.key: owns"));
        led(b, a);
        led(a, "a: {shape: sql_table; id: int}\nb\n");
        led("a\n", a);
    }

    #[test]
    fn boards_come_go_and_change_places() {
        let a = "a\nlayers: {\n  x: {\n    # mine\n    c\n  }\n  y: {\n    d\n  }\n}\n";
        let b = "a\nlayers: {\n  z: Zed {\n    e -> f\n    steps: {\n      1: {\n        g\n      }\n    }\n  }\n  x: {\n    c\n  }\n}\nscenarios: {\n  s: {\n    a: New\n    h\n  }\n}\n";
        assert!(led(a, b).contains("# mine"));
        led(b, a);
        let difference = ops(a, b);
        let maker = difference.steps.iter().position(|s| s.op == Op::Create { key: "layers.z".into() });
        let inside = difference.steps.iter().filter(|step| step.board.starts_with("layers.z"));
        assert!(inside.clone().count() > 3);
        assert!(inside.clone().all(|step| maker.is_some_and(|maker| step.needs.contains(&maker))));
        let turned = led(
            "steps: {\n  a: {\n    x\n  }\n  b: {\n    y\n  }\n}\n",
            "steps: {\n  b: {\n    y\n  }\n  a: {\n    x\n  }\n}\n",
        );
        assert!(turned.find("b: {") < turned.find("a: {"), "{turned}");
    }

    #[test]
    fn what_a_glob_brings_is_set_right_where_it_applies() {
        led("*.style.fill: red\na\n", "a\nb: {style.fill: blue}\n");
        led("a\n", "*.style.fill: red\na\nb -> a\n");
        led(
            "a: {class: hot}\nclasses: {hot: {style.fill: red}}\n",
            "a: {class: [hot; cold]}\nclasses: {hot: {style.fill: blue}}\n",
        );
    }

    #[test]
    fn what_no_edit_can_say_is_still_in_the_text() {
        let (a, b) = ("a\n", "a\nvars: {\n  d2-legend: {\n    x: What x means\n  }\n}\n");
        let difference = diff(a, b, Place::default());
        assert!(difference.shortfall.is_some());
        assert_eq!(apply(a, &difference), b);
    }

    #[test]
    fn every_board_has_steps_of_its_own() {
        let a = "a -> b\nscenarios: {\n  x: {\n    # mine\n    c\n  }\n}\nlayers: {\n  y: {\n    d\n  }\n}\n";
        let b = "a -> b: go\nscenarios: {\n  x: {\n    c: C\n    c -> a\n  }\n}\nlayers: {\n  y: {\n    e\n  }\n}\n";
        let difference = ops(a, b);
        let boards: Vec<&str> = difference.steps.iter().map(|step| step.board.as_str()).collect();
        assert_eq!(boards, ["", "layers.y", "layers.y", "scenarios.x", "scenarios.x"]);
        let result = apply(a, &difference);
        assert!(result.contains("# mine"), "{result}");
        let is = crate::index::compile("index.d2", &result, &()).diagram;
        let wanted = crate::index::compile("index.d2", b, &()).diagram;
        assert!(same(&boards_of(&is), &boards_of(&wanted)));
    }

    fn boards_of(diagram: &spandrel_graph::Diagram) -> BTreeMap<String, Things> {
        boards(&diagram.root)
    }

    #[test]
    fn what_a_scenario_inherits_is_changed_where_it_is_written() {
        let difference =
            ops("a\nscenarios: {\n  x: {\n    b\n  }\n}\n", "a: New\nscenarios: {\n  x: {\n    b\n  }\n}\n");
        assert_eq!(difference.steps.len(), 1);
        assert_eq!(difference.changed.len(), 2);
    }
}
