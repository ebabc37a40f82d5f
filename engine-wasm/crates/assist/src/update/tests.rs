use super::*;

const SHOP: &str = "# Our shop, do not touch the comments
users: Users {shape: person}

edge: Edge {
  gateway: API Gateway # public
}

app: Application {
  api: Orders API
  worker: Background Worker
}

data: Data {
  db: PostgreSQL {
    shape: cylinder
  }
}

users -> edge.gateway: HTTPS
edge.gateway -> app.api
app.api -> data.db: SQL {
  style.stroke: red
}
";

fn changed(query: &str) -> Generated {
    update(&Data::embedded(), query, SHOP)
}

/// The lines that the change took out (`-`) and put in (`+`).
fn difference(query: &str) -> Vec<String> {
    let made = changed(query);
    let (old, new): (Vec<&str>, Vec<&str>) = (SHOP.lines().collect(), made.source.lines().collect());
    let out = old.iter().filter(|line| !new.contains(line)).map(|line| format!("-{}", line.trim()));
    let lines: Vec<String> = out
        .chain(new.iter().filter(|line| !old.contains(line)).map(|line| format!("+{}", line.trim())))
        .collect();
    let compiled = spandrel_compile::compile(&made.source, &(), &Budget::default());
    assert!(!compiled.has_errors(), "{query}\n{}", made.source);
    lines
}

#[test]
fn orders_change_what_they_name_and_nothing_else() {
    let has = |query: &str, wanted: &[&str]| {
        let lines = difference(query);
        for line in wanted {
            assert!(lines.iter().any(|found| found == line), "{query}: no {line} in {lines:?}");
        }
        lines
    };
    has("rename the gateway to Front Door", &["+gateway: Front Door # public"]);
    has("remove the worker", &["-worker: Background Worker"]);
    has("connect the worker to the database", &["+app.worker -> data.db"]);
    has("disconnect the gateway from the api", &["-edge.gateway -> app.api"]);
    has("replace postgres with MySQL", &["+db: MySQL {"]);
    has("make the gateway a hexagon", &["+gateway: API Gateway {shape: hexagon} # public"]);
    has("colour the orders api red", &["+api: Orders API {style.fill: red}"]);
    has("add a redis cache", &["+redis_cache: Redis Cache {shape: cylinder}"]);
    let moved = changed("move the worker into the data container").source;
    assert!(moved.find("Background Worker") > moved.find("data: Data"), "{moved}");
    let wrapped = changed("put the api and the worker into a container called Backend").source;
    assert!(wrapped.contains("Backend"), "{wrapped}");
}

#[test]
fn a_part_between_two_others_takes_over_their_connection() {
    let made = changed("put a cache between the api and the database");
    assert!(made.source.contains("style.stroke: red"), "the style of the connection stays");
    assert!(made.source.contains("app.api -> data.cache: SQL"));
    assert!(made.source.contains("  cache -> db"));
}

#[test]
fn in_front_of_something_who_came_there_comes_here() {
    let made = changed("add a WAF in front of the gateway");
    assert!(made.source.contains("users -> edge.waf: HTTPS"));
    assert!(made.source.contains("  waf -> gateway"));
}

#[test]
fn several_orders_in_one_sentence() {
    let lines = difference(
        "rename the gateway to Front Door and remove the worker, then add a message queue between the api and the database",
    );
    assert!(lines.iter().any(|line| line == "-worker: Background Worker"));
    assert!(lines.iter().any(|line| line.contains("Front Door")));
    assert!(lines.iter().any(|line| line.contains("Message Queue")));
}

#[test]
fn what_is_not_there_is_said_and_nothing_changes() {
    let made = changed("remove the blockchain");
    assert_eq!(made.source, SHOP);
    assert!(made.message.contains("blockchain"), "{}", made.message);
    let made = changed("make it nicer");
    assert_eq!(made.source, SHOP);
    let broken = update(&Data::embedded(), "add a cache", "a -> {");
    assert_eq!(broken.source, "a -> {");
}
