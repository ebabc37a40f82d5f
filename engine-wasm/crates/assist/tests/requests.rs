//! The hundred and fifty written requests and many made ones: every drawing compiles and hangs together.

use std::collections::BTreeSet;

use spandrel_assist::{Data, generate};
use spandrel_base::Budget;
use spandrel_graph::Board;

/// Lines of a file of `tests/assistant` that are no comments.
fn lines(name: &str) -> Vec<String> {
    let path = format!("{}/../../../tests/assistant/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

fn board(request: &str, source: &str) -> Board {
    let compiled = spandrel_compile::compile(source, &(), &Budget::default());
    assert!(!compiled.has_errors(), "{request}\n{source}\n{:?}", compiled.diagnostics);
    compiled.diagram.root
}

/// Parts (no containers) that no connection touches, neither themselves nor through a container around them.
fn orphans(board: &Board) -> Vec<&str> {
    let touched =
        |id| board.edges.iter().any(|edge| board.is_inside(id, edge.src) || board.is_inside(id, edge.dst));
    let parts = board.nodes.entries().filter(|(_, node)| !node.is_container());
    parts.filter(|(id, _)| !touched(*id)).map(|(_, node)| node.id.as_str()).collect()
}

#[test]
fn every_written_request_is_drawn_whole() {
    let data = Data::embedded();
    let requests: Vec<String> =
        ["requests-1.txt", "requests-2.txt", "requests-3.txt"].iter().flat_map(|name| lines(name)).collect();
    assert_eq!(requests.len(), 150);
    for request in &requests {
        let made = generate(&data, request, None);
        let board = board(request, &made.source);
        let parts = board.nodes.iter().filter(|node| !node.is_container()).count();
        assert!((2..=27).contains(&parts), "{request}: {parts} parts");
        assert!(orphans(&board).is_empty(), "{request}: {:?}", orphans(&board));
        let labels: BTreeSet<&str> = board.nodes.iter().map(|node| node.label.text.as_str()).collect();
        assert!(labels.iter().all(|label| !label.is_empty()), "{request}: a part without a label");
        assert!(!made.message.is_empty(), "{request}");
        assert_eq!(
            spandrel_syntax::format(&made.source).as_deref(),
            Some(made.source.as_str()),
            "{request}: not as D2 formats it"
        );
    }
}

#[test]
fn made_requests_compile_and_are_whole() {
    let data = Data::embedded();
    let components = spandrel_catalog::COMPONENTS;
    let frames = [
        "draw {a} with {b} and {c}",
        "{a} -> {b} -> {c}",
        "{a} behind {b}, connected to {c}",
        "three {a} behind a {b} without {c}",
        "put a {a} between the {b} and the {c}",
        "an online shop with {a}, {b}, widgets and {c}",
        "{a}, {b} and {c} services in kubernetes",
        "a DMZ with {a} and {b}, and a LAN with {c}",
        "users talk to {a} over gRPC, {a} publishes events to {b} and {c} consumes them",
        "{a} (\"{b}\"); {c}: label, shape & null",
    ];
    let mut random = 7_u64;
    let mut pick = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        components[(random >> 33) as usize % components.len()].name
    };
    for round in 0..60 {
        let frame = frames[round % frames.len()];
        let request = frame.replace("{a}", pick()).replace("{b}", pick()).replace("{c}", pick());
        let made = generate(&data, &request, None);
        let board = board(&request, &made.source);
        assert!(!board.nodes.is_empty(), "{request}");
        assert!(orphans(&board).is_empty(), "{request}: {:?}\n{}", orphans(&board), made.source);
    }
}

#[test]
fn what_is_named_is_drawn_as_it_was_said() {
    let data = Data::embedded();
    let cases: &[(&str, &[&str])] = &[
        (
            "the BFF calls users, products and orders services over gRPC",
            &["User Service", "Product Service", "Order Service"],
        ),
        (
            "school network with a DMZ containing a web server and mail server, and an internal LAN with a file server",
            &["DMZ", "Web Server", "Mail Server", "Internal LAN", "File Server"],
        ),
        ("scrapers put pages into a queue, workers parse them", &["Scrapers", "Message Queue"]),
        (
            "parking system with gate controllers, license plate camera and payment kiosk",
            &["License Plate Camera", "Payment Kiosk", "Gate Controllers"],
        ),
        (
            "on-prem Oracle and SAP connected by VPN to AWS with EC2 app servers and RDS",
            &["On-Prem", "Oracle", "SAP", "AWS", "RDS"],
        ),
        (
            "Zeichne einen Online-Shop mit Warenkorb, Zahlung über PayPal und einer PostgreSQL-Datenbank",
            &["Cart Service", "PayPal", "PostgreSQL"],
        ),
        (
            "hazme un sistema con un frontend, una cola, un balanceador y una base de datos",
            &["Frontend", "Queue", "Load Balancer", "Database"],
        ),
    ];
    for (request, wanted) in cases {
        let made = generate(&data, request, None);
        let board = board(request, &made.source);
        for label in *wanted {
            let there = board.nodes.iter().any(|node| node.label.text.contains(label));
            assert!(there, "{request}: no {label}\n{}", made.source);
        }
    }
}
