//! What the relay and the API cost, as ratios: `cargo xtask bench proxy`.
//!
//! Fake upstream, bare relay (axum and reqwest, nothing else) and the whole server run in this process; measurements
//! of the three take turns, and medians of five rounds are printed. Where its memory is read, the server runs in a
//! process of its own.
//!
//! `SPANDREL_BENCH_HOLD_S` sets how long streams are held (60 s), `SPANDREL_BENCH_FLAT_S` how long memory is watched
//! (180 s), `SPANDREL_BENCH_ONLY` runs one part: `relay`, `api`, `live`, `hold` or `flat`.
#![allow(clippy::print_stdout, reason = "a benchmark speaks on standard output")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot go on stops")]

mod api;
mod child;
mod flat;
mod hold;
mod live;
mod measure;
mod relay;
mod servers;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let arguments: Vec<String> = std::env::args().collect();
    // The child of `hold` and `flat`.
    if let Some(at) = arguments.iter().position(|argument| argument == "--serve") {
        runtime.block_on(servers::serve_child(&arguments[at + 1]));
        return;
    }
    let only = std::env::var("SPANDREL_BENCH_ONLY").ok();
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    // Log lines are made and formatted as in service, and go nowhere.
    tracing_subscriber::fmt().json().with_writer(std::io::sink).with_max_level(tracing::Level::INFO).init();
    runtime.block_on(async {
        if wanted("relay") {
            relay::run().await;
        }
        if wanted("api") {
            api::run().await;
        }
        if wanted("live") {
            live::run().await;
        }
        if wanted("hold") {
            hold::run().await;
        }
        if wanted("flat") {
            flat::run().await;
        }
    });
}
