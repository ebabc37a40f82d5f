//! The 354 written requests and many made ones: every drawing compiles and hangs together.

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
    let requests: Vec<String> = (1..=8).flat_map(|set| lines(&format!("requests-{set}.txt"))).collect();
    assert_eq!(requests.len(), 354);
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

/// Labels of a connection's ends, in the order of the text.
fn ends(board: &Board) -> Vec<(&str, &str)> {
    let label = |id| board.nodes[id].label.text.as_str();
    board.edges.iter().map(|edge| (label(edge.src), label(edge.dst))).collect()
}

#[test]
fn parts_meet_as_the_request_says() {
    /// A request, connections by the labels of their ends, labels that are not there.
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let data = Data::embedded();
    let cases: &[Case] = &[
        // Who acts in a clause of its own is not listed with what stands before the comma.
        (
            "owners book a walk over a mobile app, the API stores the bookings in Postgres and tells walkers through push notifications",
            &[
                ("Owners", "Mobile App"),
                ("Mobile App", "API Server"),
                ("API Server", "PostgreSQL"),
                ("API Server", "Push Service"),
                ("Push Service", "Walkers"),
            ],
            &["Booking Service"],
        ),
        // What is consumed comes from what was named before, and who consumes goes on.
        (
            "order service publishes events to kafka, a worker consumes them and updates elasticsearch",
            &[
                ("Order Service", "Kafka"),
                ("Kafka", "Background Worker"),
                ("Background Worker", "Elasticsearch"),
            ],
            &[],
        ),
        (
            "the mailer reads from RabbitMQ, the API publishes events to RabbitMQ",
            &[("RabbitMQ", "Mailer")],
            &[],
        ),
        // Possessives and people make an app; both use what is named for both.
        (
            "school: Parents' app and Teachers' app both use the same backend; marks are in SQL Server",
            &[("Parents App", "Backend"), ("Teachers App", "Backend"), ("Backend", "SQL Server")],
            &["Marks", "Same Backend"],
        ),
        // A protocol before "gateway" says what it speaks; an X-ray is no product.
        (
            "modalities send images to a DICOM gateway, which stores them in a PACS archive, an AI model looks at each X-ray",
            &[("Modalities", "DICOM Gateway"), ("DICOM Gateway", "PACS Archive")],
            &["AWS X-Ray", "Ray", "API Gateway"],
        ),
        // A web framework runs on a server, a product "as" a broker is the broker, "served by" is said of the app.
        (
            "Django app with celery workers, rabbitmq as broker, redis for results, postgres, served by nginx",
            &[
                ("NGINX", "Django"),
                ("Django", "RabbitMQ"),
                ("RabbitMQ", "Celery Workers"),
                ("Django", "PostgreSQL"),
            ],
            &["Message Broker"],
        ),
        // Who says how three parts meet is not buried under a pattern.
        (
            "video on demand, uploads are transcoded by ffmpeg workers and stored in a bucket, served over cloudfront",
            &[("FFmpeg Workers", "Bucket"), ("CloudFront", "Bucket")],
            &["DRM License Server"],
        ),
        // "The gateway" is the one that was named; what speaks MQTT to a broker needs no second one.
        (
            "200 sensors send MQTT to an edge gateway. The gateway forwards to a broker, a stream processor detects anomalies and writes to InfluxDB, operators watch Grafana",
            &[
                ("Edge Gateway", "MQTT Broker"),
                ("MQTT Broker", "Stream Processor"),
                ("Stream Processor", "InfluxDB"),
                ("InfluxDB", "Grafana"),
            ],
            &["API Gateway", "Message Broker"],
        ),
        (
            "CQRS with separate write db (postgres) and read db (mongodb), synced by debezium",
            &[("Write Model (PostgreSQL)", "Debezium"), ("Debezium", "Read Model (MongoDB)")],
            &[],
        ),
        (
            "an IDE plugin calls a gateway which checks quota, picks between a local Llama model and GPT-4 and logs the prompts to ClickHouse",
            &[("API Gateway", "Llama Model"), ("API Gateway", "GPT-4"), ("API Gateway", "ClickHouse")],
            &["Picks"],
        ),
        (
            "jenkins builds docker images from github, pushes to ECR and deploys to EKS with argocd",
            &[("GitHub", "Jenkins"), ("Jenkins", "ECR"), ("Jenkins", "Argo CD"), ("Argo CD", "EKS")],
            &["Push Service", "Build"],
        ),
        (
            "a mobile app for customers, an app for couriers, a Node.js backend and MongoDB",
            &[("Customer App", "Node.js Backend"), ("Courier App", "Node.js Backend")],
            &[],
        ),
        (
            "an API Gateway in front of three lambdas (orders, customers, invoices), one DynamoDB table per lambda",
            &[("API Gateway", "Orders Lambda"), ("Invoices Lambda", "Invoices DynamoDB Table")],
            &["AWS Lambda 4"],
        ),
    ];
    // What stands before the colon is no part; what is named again by a word is the same; people come in over a door.
    let more: &[Case] = &[
        (
            "Parcel lockers: an API gateway in front of parcel intake and label printing services, intake writes to Oracle, admins only via a bastion",
            &[("Parcel Intake Service", "Oracle"), ("Admins", "Bastion Host")],
            &["Intake", "Lockers"],
        ),
        (
            "the BFF calls a stock service, an order service and a billing service over gRPC, they all publish to Kafka, Redis for the sessions",
            &[
                ("Backend For Frontend", "Order Service"),
                ("Stock Service", "Kafka"),
                ("Billing Service", "Kafka"),
            ],
            &[],
        ),
    ];
    for (request, wanted, unwanted) in cases.iter().chain(more) {
        let made = generate(&data, request, None);
        let board = board(request, &made.source);
        let ends = ends(&board);
        for pair in *wanted {
            let met = ends.contains(pair);
            assert!(met, "{request}: no {} -> {}\n{}", pair.0, pair.1, made.source);
        }
        for label in *unwanted {
            let there = board.nodes.iter().any(|node| node.label.text == *label);
            assert!(!there, "{request}: {label} is there\n{}", made.source);
        }
    }
}

#[test]
fn few_parts_get_company_unless_the_request_says_only() {
    let data = Data::embedded();
    let parts = |request: &str| {
        let made = generate(&data, request, None);
        (
            board(request, &made.source).nodes.iter().filter(|node| !node.is_container()).count(),
            made.assumptions,
        )
    };
    let (whole, told) = parts("a Go API with Postgres");
    assert!(whole >= 6 && told.iter().any(|sentence| sentence.contains("Auth Service")), "{whole} {told:?}");
    assert!(parts("only a Go API with Postgres").0 <= 3);
    assert_eq!(parts("Go API -> Postgres").0, 2);
}

#[test]
fn places_hold_what_the_request_puts_into_them() {
    /// A request, and places with parts in them.
    type Case = (&'static str, &'static [(&'static str, &'static [&'static str])]);
    let data = Data::embedded();
    let inside = |board: &Board, place: &str| -> Vec<String> {
        let Some((place, _)) = board.nodes.entries().find(|(_, node)| node.label.text == place) else {
            return Vec::new();
        };
        let held =
            board.nodes.entries().filter(|(id, node)| board.is_inside(*id, place) && !node.is_container());
        held.map(|(_, node)| node.label.text.clone()).collect()
    };
    let cases: &[Case] = &[
        (
            "two regions, eu-west-1 and us-east-1, each with a load balancer, an app tier and an aurora replica",
            &[
                ("eu-west-1", &["Load Balancer", "App Tier", "Aurora Replica"]),
                ("us-east-1", &["Load Balancer", "App Tier", "Aurora Replica"]),
            ],
        ),
        (
            "three regions each with its own kubernetes cluster and cockroachdb node, a global load balancer in front",
            &[("Region 1", &["CockroachDB"]), ("Region 3", &["CockroachDB"])],
        ),
        (
            "web server in a public subnet, app server in a private subnet, and database in an isolated subnet, all inside one VPC",
            &[("VPC", &["Web Server", "App Server", "Database"]), ("Private Subnet", &["App Server"])],
        ),
        (
            "Kubernetes cluster with an nginx ingress, 3 replicas of a Go api, redis, and a managed postgres outside of the cluster",
            &[("Kubernetes Cluster", &["NGINX Ingress", "Go API 3", "Redis"])],
        ),
        (
            "front end on Azure Static Web Apps, api on Google Cloud Run, and files in AWS S3",
            &[("Google Cloud", &["Cloud Run"]), ("AWS", &["S3"])],
        ),
        (
            "disaster recovery: primary site in Frankfurt, standby site in Dublin, DNS failover",
            &[("Primary Site Frankfurt", &["Primary DB"]), ("Standby Site Dublin", &["Replica DB"])],
        ),
    ];
    for (request, places) in cases {
        let made = generate(&data, request, None);
        let board = board(request, &made.source);
        for (place, parts) in *places {
            let held = inside(&board, place);
            for part in *parts {
                assert!(
                    held.iter().any(|label| label == part),
                    "{request}: no {part} in {place}\n{}",
                    made.source
                );
            }
        }
    }
    let made = generate(&data, cases[3].0, None);
    assert!(
        !inside(&board("outside", &made.source), "Kubernetes Cluster").contains(&"PostgreSQL".to_owned())
    );
}
