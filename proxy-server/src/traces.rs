//! Traces for a collector of the operator's: one span for each request to this server and one for each answer of a
//! language model, sent as OTLP over HTTP in its JSON form (OpenTelemetry Protocol, "JSON Protobuf Encoding").
//!
//! Written by hand instead of with the OpenTelemetry crates: two kinds of span need no framework. Names and attributes
//! follow the semantic conventions for HTTP servers and generative AI; texts, people and addresses are in none.
//! Nothing waits for a collector: one that is slow or away costs spans.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// Spans in one message.
const BATCH: usize = 512;
/// Spans that wait; more are dropped.
const WAITING: usize = 8_192;
/// How long spans wait for others.
const GATHER: Duration = Duration::from_secs(2);
/// For a whole message.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where spans go; nowhere without a collector.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces(Option<mpsc::Sender<Value>>);

/// A span's place in its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    trace: u128,
    span: u64,
    /// The span that this one is a part of; 0: none is known.
    parent: u64,
}

/// What was done.
#[derive(Debug)]
pub(crate) struct Span {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) took: Duration,
    pub(crate) attributes: Vec<(&'static str, Value)>,
    pub(crate) has_failed: bool,
}

/// The side on which a span stands; the numbers are the protocol's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Server = 2,
    Client = 3,
}

impl Place {
    /// The place of a new request: in its caller's trace where `traceparent` names one (W3C Trace Context), else in a
    /// new one. `None`: the caller does not want it traced.
    fn of_request(headers: &HeaderMap) -> Option<Self> {
        let header = headers.get("traceparent").and_then(|value| value.to_str().ok());
        match header.and_then(parse) {
            None => Some(Self { trace: rand::random::<u128>().max(1), span: id(), parent: 0 }),
            Some((trace, parent, true)) => Some(Self { trace, span: id(), parent }),
            Some((.., false)) => None,
        }
    }

    /// A place below this one.
    pub(crate) fn below(self) -> Self {
        Self { span: id(), parent: self.span, ..self }
    }
}

fn id() -> u64 {
    rand::random::<u64>().max(1)
}

/// Trace, calling span, and whether it is traced there.
fn parse(header: &str) -> Option<(u128, u64, bool)> {
    let mut parts = header.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    // Later versions may say more after this.
    let fits = is_hex(version, 2) && version != "ff" && (version != "00" || parts.next().is_none());
    if !fits || !is_hex(trace, 32) || !is_hex(span, 16) || !is_hex(flags, 2) {
        return None;
    }
    let trace = u128::from_str_radix(trace, 16).ok().filter(|trace| *trace != 0)?;
    let span = u64::from_str_radix(span, 16).ok().filter(|span| *span != 0)?;
    Some((trace, span, u8::from_str_radix(flags, 16).ok()? & 1 == 1))
}

impl Traces {
    /// To the collector at `endpoint` (`http://host:4318`); empty: nowhere.
    pub(crate) fn new(endpoint: &str) -> Self {
        if endpoint.is_empty() {
            return Self(None);
        }
        let (sender, spans) = mpsc::channel(WAITING);
        tokio::spawn(send(format!("{}/v1/traces", endpoint.trim_end_matches('/')), spans));
        Self(Some(sender))
    }

    /// The place of a new request; `None`: it is not traced.
    pub(crate) fn place(&self, headers: &HeaderMap) -> Option<Place> {
        self.0.as_ref().and_then(|_| Place::of_request(headers))
    }

    /// Takes a span that ends now.
    pub(crate) fn end(&self, span: Span) {
        if let Some(sender) = &self.0 {
            // A collector that is behind: the span is lost, the request is not.
            drop(sender.try_send(shown(span)));
        }
    }
}

/// Sends what comes, in batches, until the server has ended.
async fn send(url: String, mut spans: mpsc::Receiver<Value>) {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .unwrap_or_default();
    while let Some(first) = spans.recv().await {
        let mut batch = vec![first];
        let gather = tokio::time::sleep(GATHER);
        tokio::pin!(gather);
        while batch.len() < BATCH {
            tokio::select! {
                next = spans.recv() => match next {
                    Some(span) => batch.push(span),
                    None => break,
                },
                () = &mut gather => break,
            }
        }
        let count = batch.len();
        let resource = json!([
            attribute("service.name", &json!("spandrel")),
            attribute("service.version", &json!(env!("CARGO_PKG_VERSION")))
        ]);
        let message = json!({ "resourceSpans": [{ "resource": { "attributes": resource },
            "scopeSpans": [{ "scope": { "name": "spandrel" }, "spans": batch }] }] });
        let cause = match client.post(&url).json(&message).send().await {
            Ok(answer) if answer.status().is_success() => continue,
            Ok(answer) => answer.status().to_string(),
            Err(error) => error.without_url().to_string(),
        };
        tracing::warn!(cause, spans = count, "a collector of traces did not take them");
    }
}

/// A span that ends now, as the protocol has it.
fn shown(span: Span) -> Value {
    let end = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let begin = end.saturating_sub(span.took);
    let attributes: Vec<Value> =
        span.attributes.into_iter().map(|(key, value)| attribute(key, &value)).collect();
    let mut value = json!({
        "traceId": format!("{:032x}", span.place.trace),
        "spanId": format!("{:016x}", span.place.span),
        "name": span.name,
        "kind": span.kind as u8,
        // Numbers of 64 bits are texts in protobuf's JSON.
        "startTimeUnixNano": begin.as_nanos().to_string(),
        "endTimeUnixNano": end.as_nanos().to_string(),
        "attributes": attributes,
        "status": { "code": if span.has_failed { 2 } else { 0 } },
    });
    if span.place.parent != 0 {
        value["parentSpanId"] = json!(format!("{:016x}", span.place.parent));
    }
    value
}

fn attribute(key: &str, value: &Value) -> Value {
    let value = match value {
        Value::Number(number) => json!({ "intValue": number.to_string() }),
        Value::Bool(flag) => json!({ "boolValue": flag }),
        other => json!({ "stringValue": other.as_str().unwrap_or_default() }),
    };
    json!({ "key": key, "value": value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Option<Place> {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", header.parse().unwrap());
        Place::of_request(&headers)
    }

    #[test]
    fn a_callers_trace_goes_on() {
        let place = of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        let (trace, parent) = (0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c, 0xb7ad_6b71_6920_3331);
        assert_eq!((place.trace, place.parent), (trace, parent));
        assert_eq!((place.below().trace, place.below().parent), (trace, place.span));
        // A later version may say more.
        assert_eq!(
            of("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what").unwrap().parent,
            parent
        );
        assert_eq!(of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"), None, "not to be traced");
    }

    #[test]
    fn what_is_no_trace_begins_one() {
        for header in [
            "",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            let place = of(header).unwrap();
            assert!(place.trace != 0 && place.span != 0 && place.parent == 0, "{header}");
        }
    }
}
