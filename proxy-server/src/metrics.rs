//! What the server counts, for Prometheus. Labels are bounded: routes as routed, classes of status, names of
//! ours; never people, addresses or texts. What is measured here is traced too (`traces`).

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics::{Gauge, Label, SharedString, counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use serde_json::json;

use crate::llm::Bill;
use crate::middleware::request_id;
use crate::policy;
use crate::state::AppState;
use crate::traces::{Kind, Span};

/// Upper ends of the histograms' buckets, in seconds.
const BUCKETS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0];

/// Language models: names, labels and buckets of the OpenTelemetry semantic conventions for generative AI, written as
/// Prometheus writes them (`gen_ai.client.token.usage` and its like).
const MODEL_TOKENS: &str = "gen_ai_client_token_usage";
const MODEL_TIME: &str = "gen_ai_client_operation_duration_seconds";
const MODEL_FIRST: &str = "gen_ai_client_operation_time_to_first_chunk_seconds";
const TOKENS: &[f64] = &[
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1_024.0,
    4_096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];
const TIMES: &[f64] =
    &[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/// The server's own recorder: several servers in one process do not mix.
pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    in_flight: Gauge,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let named = |name: &str| Matcher::Full(name.to_owned());
        let buckets = [
            (named(MODEL_TOKENS), TOKENS),
            (named(MODEL_TIME), TIMES),
            (named(MODEL_FIRST), TIMES),
            (Matcher::Suffix("_seconds".to_owned()), BUCKETS),
        ];
        let builder = buckets.into_iter().fold(PrometheusBuilder::new(), |builder, (of, ends)| {
            // Fails for an empty list of buckets only.
            builder.set_buckets_for_metric(of, ends).unwrap_or_else(|_| PrometheusBuilder::new())
        });
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        let in_flight = with_local_recorder(&recorder, || gauge!("http_requests_in_flight"));
        Self { recorder, handle, in_flight }
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

    /// A language model was asked. `model` is a name of the configuration; `error` is how it failed.
    pub(crate) fn model(&self, bill: &Bill, model: &str, error: Option<&'static str>) {
        with_local_recorder(&self.recorder, || {
            let shared = |text: &str| SharedString::from_shared(text.into());
            let labels = [
                Label::from_static_parts("gen_ai_operation_name", "chat"),
                Label::new("gen_ai_provider_name", shared(&bill.provider)),
                Label::new("gen_ai_request_model", shared(model)),
            ];
            let with = |more: Option<Label>| labels.iter().cloned().chain(more).collect::<Vec<_>>();
            let error = error.map(|error| Label::from_static_parts("error_type", error));
            histogram!(MODEL_TIME, with(error)).record(bill.duration);
            if let Some(first) = bill.first_token {
                histogram!(MODEL_FIRST, with(None)).record(first);
            }
            if !bill.provider.is_empty() {
                for (side, tokens) in [("input", bill.usage.input), ("output", bill.usage.output)] {
                    let side = Label::from_static_parts("gen_ai_token_type", side);
                    histogram!(MODEL_TOKENS, with(Some(side))).record(tokens as f64);
                }
            }
        });
    }

    /// A request of a known route was answered.
    fn request(&self, method: &Method, route: &'static str, status: u16, took: Duration) {
        let class = match status {
            100..=199 => "1xx",
            200..=299 => "2xx",
            300..=399 => "3xx",
            400..=499 => "4xx",
            _ => "5xx",
        };
        // Texts of the program, so that counting copies none.
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "other",
        };
        with_local_recorder(&self.recorder, || {
            counter!("http_requests_total", "method" => method, "route" => route, "status" => class)
                .increment(1);
            histogram!("http_request_duration_seconds", "route" => route).record(took);
        });
    }
}

/// Counts a request that is being served, for as long as it lives.
struct InFlight(AppState);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.metrics.in_flight.decrement(1.0);
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
    state.metrics.in_flight.increment(1.0);
    let in_flight = InFlight(state.clone());
    let response = next.run(request).await;
    drop(in_flight);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    if let Some(route) = policy::known(path.as_str()) {
        state.metrics.request(&method, route, status, took);
    }
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
