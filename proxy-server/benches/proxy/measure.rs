//! Numbers from measurements.

use std::time::{Duration, Instant};

/// The value below which `share` of the others lie.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Microseconds of each of `count` calls, one after the other.
pub(crate) async fn one_by_one<F: Future<Output = ()>>(
    count: usize,
    mut call: impl FnMut() -> F,
) -> Vec<f64> {
    let mut took = Vec::with_capacity(count);
    for _ in 0..count {
        let start = Instant::now();
        call().await;
        took.push(start.elapsed().as_secs_f64() * 1e6);
    }
    took
}

/// Calls a second of `clients` that each call again as soon as they have their answer.
pub(crate) async fn rate<F>(clients: usize, time: Duration, call: impl Fn() -> F) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let start = Instant::now();
    let loops: Vec<_> = (0..clients)
        .map(|_| {
            let first = call();
            (first, start + time)
        })
        .collect();
    let mut count = 0_u64;
    let mut running = futures_util::stream::FuturesUnordered::new();
    for (first, _) in loops {
        running.push(tokio::spawn(first));
    }
    while let Some(done) = futures_util::StreamExt::next(&mut running).await {
        done.unwrap();
        count += 1;
        if start.elapsed() < time {
            running.push(tokio::spawn(call()));
        }
    }
    count as f64 / start.elapsed().as_secs_f64()
}

/// A line of the table: what, the figure, the bar, and whether it is reached.
pub(crate) fn line(bar: &str, what: &str, figure: f64, relation: &str, limit: f64) {
    let reached = match relation {
        "≥" => figure >= limit,
        _ => figure <= limit,
    };
    let verdict = if reached { "reached" } else { "NOT reached" };
    println!("| {bar} | {what} | {figure:.3} | {relation} {limit} | {verdict} |");
}

/// A figure without a bar.
pub(crate) fn note(what: &str, figure: impl std::fmt::Display) {
    println!("| | {what} | {figure} | | |");
}

pub(crate) fn heading(title: &str) {
    println!("\n### {title}\n\n| bar | what | figure | limit | |\n|---|---|---|---|---|");
}
