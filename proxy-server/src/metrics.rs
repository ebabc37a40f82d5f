//! What the server counts, for Prometheus. Labels are bounded: routes as routed, classes of status, names of
//! ours; never people, addresses or texts. What is measured here is traced too (`traces`).

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use serde_json::json;

use crate::middleware::request_id;
use crate::state::AppState;
use crate::traces::{Kind, Span};

/// Upper ends of the histograms' buckets, in seconds.
const BUCKETS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0];

/// The server's own recorder: several servers in one process do not mix.
pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let suffix = Matcher::Suffix("_seconds".to_owned());
        // Fails for an empty list of buckets only.
        let builder = PrometheusBuilder::new();
        let builder =
            builder.set_buckets_for_metric(suffix, BUCKETS).unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        Self { recorder, handle }
    }
}

impl Metrics {
    /// Everything, in Prometheus' text form; `sessions` are the cache's hits and misses so far.
    pub(crate) fn render(&self, sessions: (u64, u64)) -> String {
        with_local_recorder(&self.recorder, || {
            counter!("spandrel_session_cache_total", "outcome" => "hit").absolute(sessions.0);
            counter!("spandrel_session_cache_total", "outcome" => "miss").absolute(sessions.1);
        });
        self.handle.run_upkeep();
        self.handle.render()
    }

    /// Puts measured times into their buckets; between two calls each takes memory.
    pub(crate) fn keep_up(&self) {
        self.handle.run_upkeep();
    }

    /// A design request came to an intent, and to its end.
    pub(crate) fn design(&self, intent: &str, stage: &str, provider: &str, took: Duration) {
        with_local_recorder(&self.recorder, || {
            let (intent, stage, provider) = (intent.to_owned(), stage.to_owned(), provider.to_owned());
            counter!("spandrel_design_requests_total", "intent" => intent.clone(), "stage" => stage, "provider" => provider)
                .increment(1);
            histogram!("spandrel_design_duration_seconds", "intent" => intent).record(took);
        });
    }

    fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        with_local_recorder(&self.recorder, || {
            let class = match status {
                100..=199 => "1xx",
                200..=299 => "2xx",
                300..=399 => "3xx",
                400..=499 => "4xx",
                _ => "5xx",
            };
            let (method, route) = (method.to_owned(), route.to_owned());
            counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => class)
                .increment(1);
            histogram!("http_request_duration_seconds", "route" => route).record(took);
        });
    }

    fn in_flight(&self, by: f64) {
        with_local_recorder(&self.recorder, || gauge!("http_requests_in_flight").increment(by));
    }
}

/// Counts a request that is being served, for as long as it lives.
struct InFlight(AppState);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.metrics.in_flight(-1.0);
    }
}

/// Counts requests of known routes and measures them.
pub(crate) async fn layer(
    State(state): State<AppState>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let started = Instant::now();
    state.metrics.in_flight(1.0);
    let in_flight = InFlight(state.clone());
    let response = next.run(request).await;
    drop(in_flight);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    state.metrics.request(method.as_str(), path.as_str(), status, took);
    if let Some(place) = request_id::place() {
        let attributes = vec![
            ("http.request.method", json!(method.as_str())),
            ("http.route", json!(path.as_str())),
            ("http.response.status_code", json!(status)),
        ];
        let name = format!("{method} {}", path.as_str());
        let has_failed = status >= 500;
        state.traces.end(Span { place, name, kind: Kind::Server, took, attributes, has_failed });
    }
    response
}
