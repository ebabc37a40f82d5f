//! What differs between two sources, as objects and connections rather than lines, and the edits that lead
//! from one to the other.

mod facts;
mod members;
mod order;
mod steps;

use std::collections::BTreeMap;

use spandrel_base::{TextEdit, apply_edits};
use spandrel_graph::{Board, BoardKind, Diagram};
use spandrel_syntax::parse;

use crate::declare::{Declared, declared};
use crate::index::{compile, compile_tree, compiled_board};
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
    /// The object, connection or declaration; `""` for the board itself.
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
    /// Objects, connections and declarations (classes, variables, globs) that only the second has.
    pub added: Vec<Change>,
    /// Objects, connections and declarations that only the first has.
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
    let (old, old_tree) = compile_tree(place.path, parse(a), place.files);
    let faulty = old.has_errors();
    let old = old.diagram;
    let (new, new_tree) = compile_tree(place.path, parse(b), place.files);
    let broken = new.has_errors();
    let new = new.diagram;
    let declarations = (declared(a, old_tree.root()), declared(b, new_tree.root()));
    let mut result = Diff::default();
    let (old_boards, new_boards) = (boards(&old.root), boards(&new.root));
    let empty = Things::new();
    let get = |boards: &BTreeMap<String, Things>, path: &str| boards.get(path).unwrap_or(&empty).clone();
    for path in old_boards.keys().chain(new_boards.keys().filter(|path| !old_boards.contains_key(*path))) {
        compare(path, &get(&old_boards, path), &get(&new_boards, path), &mut result);
    }
    compare_declared(&declarations, &new.root, &mut result);
    // What a broken source means is told as far as it is whole, but leads nowhere: its steps are not tried.
    let reason = (broken && a != b).then(|| "the second source has errors".to_owned());
    let state = State { text: a.to_owned(), faulty, reached: old_boards, diagram: old };
    let mut led = by_steps(&state, &new, &declarations, &new_boards, place, reason.clone(), &mut result);
    if led.is_err() && reason.is_none() && declarations.0 != declarations.1 {
        // What is declared may depend on an order that steps do not keep: each thing can still be set as it is.
        let mut plain = Diff::default();
        let none = Declarations::default();
        let other = by_steps(&state, &new, &none, &new_boards, place, None, &mut plain);
        if other.is_ok() {
            (led, result.moved, result.steps) = (other, plain.moved, plain.steps);
        }
    }
    match led {
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

/// A text on the way, and what it means.
#[derive(Clone)]
struct State {
    text: String,
    faulty: bool,
    diagram: Diagram,
    reached: BTreeMap<String, Things>,
}

impl State {
    /// Looks at what the text means now.
    fn look(&mut self, place: Place<'_>) {
        let output = compile(place.path, &self.text, place.files);
        self.faulty = output.has_errors();
        self.diagram = output.diagram;
        self.reached = boards(&self.diagram.root);
    }

    fn is(&self, new: &Diagram, wanted: &BTreeMap<String, Things>) -> bool {
        !self.faulty && same(&self.reached, wanted) && self.diagram.config == new.config
    }
}

/// Finds the steps, and the text to which they lead; or says why they do not lead to what is wanted. `reason`: why they are
/// not to be tried.
fn by_steps(
    old: &State,
    new: &Diagram,
    declarations: &Declarations,
    wanted: &BTreeMap<String, Things>,
    place: Place<'_>,
    mut reason: Option<String>,
    result: &mut Diff,
) -> Result<String, String> {
    let mut now = old.clone();
    let mut steps = Steps::default();
    let mut work = 0;
    'boards: for (path, names) in paths(&new.root) {
        let there = Place { board: &names, ..place };
        // What is declared comes first: what it does to things need not be done to each. Globs that go are gone by then,
        // classes and variables not: the text still names them.
        let (was, is) = declared_there(declarations, &names);
        let first = steps.list.len();
        steps.declare(&path, was, is);
        if steps.list.len() > first && reason.is_none() {
            let mut paid = Work { each: 0, done: &mut work };
            reason = apply_all(&mut now.text, &steps.list[first..], &mut paid, there).err();
            now.look(place);
        }
        // What globs, classes and variables do to what a step has made shows afterwards: that is set right in another
        // round.
        for round in 0..ROUNDS {
            if now.reached.get(&path) == wanted.get(&path) {
                break;
            }
            let Some(is) = compiled_board(&new.root, &names) else { break };
            let Some(was) = board_to_edit(&now.diagram.root, &names) else {
                reason.get_or_insert(format!("the board `{path}` is new"));
                break;
            };
            let first = steps.list.len();
            let mut moved_again = Vec::new();
            let moved = if round == 0 { &mut result.moved } else { &mut moved_again };
            steps.board(&path, &was, &is, round > 0, moved);
            if steps.list.len() > MOST_STEPS {
                reason = Some(TOO_MUCH.to_owned());
                break 'boards;
            }
            let fresh = &steps.list[first..];
            if fresh.is_empty() || reason.is_some() {
                break;
            }
            let things: usize = now.reached.values().map(Vec::len).sum();
            let mut paid = Work { each: things * THING, done: &mut work };
            if let Err(refusal) = apply_all(&mut now.text, fresh, &mut paid, there) {
                reason = Some(refusal);
                break;
            }
            // Boards that start from this one have changed along with it.
            now.look(place);
        }
    }
    if reason.is_none() {
        undeclare(&mut steps, &mut now, new, declarations, wanted, place, &mut work);
    }
    result.steps = steps.list;
    if let Some(reason) = reason {
        return Err(reason);
    }
    if !now.is(new, wanted) {
        return Err("globs or what is spread differ, which no edit of one thing can say".to_owned());
    }
    Ok(now.text)
}

/// Takes away the classes and variables that are no longer wanted, unless the text still needs them.
fn undeclare(
    steps: &mut Steps,
    now: &mut State,
    new: &Diagram,
    declarations: &Declarations,
    wanted: &BTreeMap<String, Things>,
    place: Place<'_>,
    work: &mut usize,
) {
    let (first, before) = (steps.list.len(), now.clone());
    let mut refused = false;
    for (path, names) in paths(&new.root) {
        let (was, is) = declared_there(declarations, &names);
        let own = steps.list.len();
        steps.undeclare(&path, was, is);
        let mut paid = Work { each: 0, done: &mut *work };
        let there = Place { board: &names, ..place };
        refused = refused
            || steps.list.len() > own
                && apply_all(&mut now.text, &steps.list[own..], &mut paid, there).is_err();
    }
    if steps.list.len() == first {
        return;
    }
    now.look(place);
    if refused || !now.is(new, wanted) {
        steps.list.truncate(first);
        *now = before;
    }
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

/// The declarations of both sources.
type Declarations = (BTreeMap<Vec<String>, Declared>, BTreeMap<Vec<String>, Declared>);

fn declared_there<'d>(declarations: &'d Declarations, names: &[String]) -> (&'d Declared, &'d Declared) {
    static NONE: Declared = Declared::new();
    (declarations.0.get(names).unwrap_or(&NONE), declarations.1.get(names).unwrap_or(&NONE))
}

/// Adds the declarations that differ.
fn compare_declared(declarations: &Declarations, new: &Board, result: &mut Diff) {
    if declarations.0 == declarations.1 {
        return;
    }
    for (path, names) in paths(new) {
        let (was, is) = declared_there(declarations, &names);
        let change = |key: &String| Change { board: path.clone(), key: key.clone(), attributes: Vec::new() };
        let only = |here: &Declared, there: &Declared| -> Vec<Change> {
            here.keys().filter(|key| !there.contains_key(*key)).map(change).collect()
        };
        result.removed.extend(only(was, is));
        result.added.extend(only(is, was));
        let differs =
            |(key, value): &(&String, &Option<String>)| was.get(*key).is_some_and(|old| old != *value);
        result.changed.extend(is.iter().filter(differs).map(|(key, _)| change(key)));
    }
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
        let (a, b) = (
            "a\n",
            "a\nx: {\n  *.style.fill: red\n  b\n}\n*: {&shape: circle; style.fill: red}\n(x.* -> a)[*].label: 1\n",
        );
        let difference = diff(a, b, Place::default());
        let result = apply(a, &difference);
        let board = |text: &str| crate::index::compile("index.d2", text, &()).diagram.root;
        assert!(same(&boards(&board(&result)), &boards(&board(b))), "{result}");
    }

    #[test]
    fn classes_are_declared() {
        let a = "# mine\nclasses: {\n  hot: {style.fill: red}\n  # old\n  cold: {style.fill: blue}\n}\na.class: hot\nb.class: cold\n";
        let b = "classes.hot.style.fill: orange\nclasses: {new: {style.stroke: red; shape: circle}}\na.class: hot\nb.class: new\n";
        let difference = ops(a, b);
        assert_eq!(difference.steps.len(), 4, "{difference:?}");
        let result = led(a, b);
        assert!(result.starts_with("# mine\nclasses: {\n  hot: {style.fill: orange}\n"), "{result}");
        assert!(!result.contains("cold: {"), "{result}");
        led(b, a);
        led(a, "a\n");
        let set = difference.steps.iter().find(|step| matches!(step.op, Op::Set { .. }));
        assert!(set.is_some_and(|step| step.needs.len() == 1), "{difference:?}");
    }

    #[test]
    fn variables_legends_and_settings_are_declared() {
        let a = "vars: {\n  color: red\n}\na.style.fill: ${color}\n";
        let b = "vars: {\n  color: blue\n  d2-config: {theme-id: 3}\n  d2-legend: {\n    x: What x means\n  }\n}\na.style.fill: ${color}\n";
        let difference = ops(a, b);
        assert_eq!(difference.steps.len(), 3, "{difference:?}");
        assert_eq!(led(a, b), b);
        assert_eq!(led(b, a), a);
        led(a, "a\n");
        assert!(led("a\n", a).contains("color: red"));
    }

    #[test]
    fn globs_are_declared_in_front_of_what_they_hold_for() {
        let a = "# mine\na\nb: {style.fill: blue}\na -> b\n";
        let b = "*.style.fill: red\n(* -> *)[*].style.stroke: red\na\nb: {style.fill: blue}\na -> b\n";
        let result = led(a, b);
        assert!(
            result.starts_with("# mine\n(* -> *)[*].style.stroke: red\n*.style.fill: red\na\n"),
            "{result}"
        );
        assert_eq!(led(&result, a), a);
        let difference = ops(a, b);
        assert_eq!(difference.steps.len(), 2, "{difference:?}");
        led("layers: {x: {a}}\n", "layers: {x: {*.shape: circle; a; b}}\n");
        led("layers: {x: {*.shape: circle; a; b}}\n", "layers: {x: {a}}\n");
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
