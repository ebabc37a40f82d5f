//! Real architecture diagrams: they compile without an error, their drawings are valid, and a compact picture of
//! each is kept, so that a change of layout is seen in review.

use std::fmt::Write;

use spandrel_engine::Engine;
use spandrel_engine::wire::Options;
use spandrel_export::react_flow::Flow;
use spandrel_tests::inputs::real_diagrams;
use spandrel_tests::invariants;

#[test]
fn there_are_enough_of_them() {
    assert!(real_diagrams().len() >= 30);
}

#[test]
fn every_one_compiles_and_is_formatted() {
    let engine = Engine::native();
    for (name, source) in real_diagrams() {
        let errors: Vec<_> = engine
            .compile(&source, &Options::default())
            .diagnostics
            .into_iter()
            .filter(|d| d.severity == "error")
            .map(|d| format!("{}:{}: {}", d.range.start.line, d.range.start.column, d.message))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        let formatted = engine.format(&source);
        assert_eq!(engine.format(&formatted), formatted, "{name}");
    }
}

#[test]
fn every_drawing_is_valid() {
    let engine = Engine::native();
    let mut faults = String::new();
    for (name, source) in real_diagrams() {
        let root = engine.diagram(&source, &Options::default());
        for board in &root.boards {
            let options = Options { board: board.path.clone(), ..Options::default() };
            let diagram = engine.diagram(&source, &options);
            for fault in invariants::faults(&diagram.flow) {
                let _ = writeln!(faults, "{name} {}: {fault}", board.path);
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn a_stored_drawing_reproduces_the_picture() {
    let engine = Engine::native();
    for (name, source) in real_diagrams() {
        let first = engine.diagram(&source, &Options::default());
        let previous = Some(engine.drawing(&source, &Options::default()));
        let again = engine.diagram(&source, &Options { previous, ..Options::default() });
        let moved = moved(&first.flow, &again.flow);
        assert!(moved.is_empty(), "{name}: {moved:#?}");
    }
}

/// What differs between two drawings of the same source, by id.
fn moved(first: &Flow, again: &Flow) -> Vec<String> {
    let nodes =
        first.nodes.iter().zip(&again.nodes).filter(|(a, b)| a != b).map(|(a, b)| format!("{a:?} -> {b:?}"));
    let edges = first.edges.iter().zip(&again.edges).filter(|(a, b)| a != b);
    nodes.chain(edges.map(|(a, b)| format!("{}: {:?} -> {:?}", a.id, a.data, b.data))).collect()
}

#[test]
fn the_pictures_are_as_they_were() {
    let engine = Engine::native();
    let mut page = String::new();
    for (name, source) in real_diagrams() {
        let diagram = engine.diagram(&source, &Options::default());
        let quality = invariants::quality(&diagram.flow);
        let _ = writeln!(page, "{name}: {quality}");
    }
    insta::assert_snapshot!("real", page);
}
