//! Which targets (provider, model and key) a model's name stands for, in the order in which they are asked.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::breaker::Breaker;
use super::config::{Config, Kind, Model, Provider};
use super::dialect::{Addressee, Dialect};
use super::{Failure, failure};
use crate::config::Secret;

/// A configured provider.
pub(super) struct Upstream {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) base_url: String,
    pub(super) keys: Vec<Secret>,
    /// Sent with every call; without the key.
    headers: HeaderMap,
    closed: bool,
    /// Spreads calls over the keys.
    turn: AtomicUsize,
}

/// One place to send a call to.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) upstream: Arc<Upstream>,
    /// Position in the provider's keys.
    key: Option<usize>,
    /// The model's name in the configuration, or as the client has it.
    pub(super) label: String,
    /// The model's name upstream.
    name: String,
    model: Arc<Model>,
    pub(super) breaker: Arc<Breaker>,
}

/// Provider, model upstream, and position of the key.
type BreakerId = (String, String, Option<usize>);

/// All targets of a configuration.
pub(super) struct Targets {
    upstreams: HashMap<String, Arc<Upstream>>,
    models: HashMap<String, Arc<Model>>,
    /// What may be asked for by these names, and the provider of each; sorted.
    listed: BTreeMap<String, String>,
    default_provider: Option<String>,
    /// By provider, model and key. Grows with what clients ask for, so that it is bounded.
    breakers: Mutex<HashMap<BreakerId, Arc<Breaker>>>,
    failures_to_open: u32,
    open_for: Duration,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.upstream.name, self.name)
    }
}

impl Targets {
    pub(super) fn new(config: &Config) -> Result<Self, String> {
        config.check()?;
        let mut upstreams = HashMap::new();
        for (name, provider) in &config.providers {
            upstreams.insert(name.clone(), Arc::new(Upstream::new(name, provider, provider.address())?));
        }
        let default_provider = match (config.default_provider.as_str(), config.providers.len()) {
            ("", 1) => config.providers.keys().next().cloned(),
            ("", _) => None,
            (name, _) => Some(name.to_owned()),
        };
        Ok(Self {
            upstreams,
            models: config
                .models
                .iter()
                .map(|(name, model)| (name.clone(), Arc::new(model.clone())))
                .collect(),
            listed: listed(config, default_provider.as_deref()),
            default_provider,
            breakers: Mutex::default(),
            failures_to_open: config.breaker_failures,
            open_for: Duration::from_millis(config.breaker_open_ms),
        })
    }

    /// What a listing shows: the model's names and the provider of each.
    pub(super) fn listed(&self) -> &BTreeMap<String, String> {
        &self.listed
    }

    /// The listed name that `wish` means, which may have the provider before it: `provider/name`.
    pub(super) fn find(&self, wish: &str) -> Option<&str> {
        let of_provider = || {
            let (provider, name) = wish.split_once('/')?;
            self.listed.get_key_value(name).filter(|(_, own)| *own == provider)
        };
        self.listed.get_key_value(wish).or_else(of_provider).map(|(name, _)| name.as_str())
    }

    /// Who is asked first for `model`, which need not be listed.
    pub(super) fn provider(&self, model: &str) -> Result<String, Failure> {
        Ok(self.plan(model)?.swap_remove(0).upstream.name.clone())
    }

    /// Takes over what the targets of an earlier configuration had learnt.
    pub(super) fn inherit(&self, earlier: &Self) {
        let old = earlier.breakers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.breakers.lock().unwrap_or_else(PoisonError::into_inner).extend(old);
    }

    /// The targets of `model`, its own first, then those of its fallbacks.
    pub(super) fn plan(&self, model: &str) -> Result<Vec<Target>, Failure> {
        if self.upstreams.is_empty() {
            return Err(failure::Kind::NoProvider.into());
        }
        let mut plan = Vec::new();
        if let Some(entry) = self.models.get(model) {
            self.add(&mut plan, model, entry);
            for other in &entry.fallback {
                if let Some(entry) = self.models.get(other) {
                    self.add(&mut plan, other, entry);
                }
            }
        } else {
            let (provider, name) = self.open_model(model)?;
            let entry = Model { provider, upstream: name, ..Model::default() };
            self.add(&mut plan, model, &Arc::new(entry));
        }
        if plan.is_empty() { Err(failure::Kind::NoProvider.into()) } else { Ok(plan) }
    }

    /// A name in no table: `provider/model`, or any name of the default provider.
    fn open_model(&self, model: &str) -> Result<(String, String), Failure> {
        let unknown =
            || Failure::new(failure::Kind::NoModel, format!("the model `{}` does not exist", shown(model)));
        // Such a name may become a part of a path: it must not leave its place there.
        let is_harmless = !model.is_empty()
            && model.len() <= 200
            && model.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:/@+".contains(&b))
            && !model.split('/').any(|part| matches!(part, "" | "." | ".."));
        if !is_harmless {
            return Err(unknown());
        }
        let open = |name: &str| self.upstreams.get(name).is_some_and(|upstream| !upstream.closed);
        if let Some((provider, name)) = model.split_once('/').filter(|(provider, _)| open(provider)) {
            return Ok((provider.to_owned(), name.to_owned()));
        }
        match &self.default_provider {
            Some(provider) if open(provider) => Ok((provider.clone(), model.to_owned())),
            _ => Err(unknown()),
        }
    }

    fn add(&self, plan: &mut Vec<Target>, label: &str, model: &Arc<Model>) {
        let Some(upstream) = self.upstreams.get(&model.provider) else { return };
        let name = if model.upstream.is_empty() { label } else { &model.upstream };
        let count = upstream.keys.len();
        let first = upstream.turn.fetch_add(1, Ordering::Relaxed);
        for i in 0..count.max(1) {
            let key = (count > 0).then(|| first.wrapping_add(i) % count);
            plan.push(Target {
                upstream: Arc::clone(upstream),
                key,
                label: label.to_owned(),
                name: name.to_owned(),
                model: Arc::clone(model),
                breaker: self.breaker(&upstream.name, name, key),
            });
        }
    }

    fn breaker(&self, provider: &str, model: &str, key: Option<usize>) -> Arc<Breaker> {
        let mut breakers = self.breakers.lock().unwrap_or_else(PoisonError::into_inner);
        if breakers.len() > 10_000 {
            breakers.clear();
        }
        let id = (provider.to_owned(), model.to_owned(), key);
        Arc::clone(breakers.entry(id).or_insert_with(|| Breaker::new(self.failures_to_open, self.open_for)))
    }
}

/// The models of the table, and those that the server's own prompts use by the name of their provider.
fn listed(config: &Config, default_provider: Option<&str>) -> BTreeMap<String, String> {
    let table = config.models.iter().map(|(name, model)| (name.clone(), model.provider.clone()));
    let own = config.tiers.iter().filter(|tier| !config.models.contains_key(&tier.model));
    let own = own.filter_map(|tier| {
        let named = tier.model.split_once('/').map(|(provider, _)| provider);
        let provider = named.filter(|name| config.providers.contains_key(*name)).or(default_provider)?;
        Some((tier.model.clone(), provider.to_owned()))
    });
    table.chain(own).collect()
}

/// A client's text in an answer: short, and without what could break a line.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

impl Upstream {
    fn new(name: &str, provider: &Provider, base_url: String) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        for (header, value) in &provider.headers {
            let wrong = || format!("`llm.providers.{name}.headers.{header}` is not a header");
            headers.insert(
                HeaderName::from_bytes(header.as_bytes()).map_err(|_| wrong())?,
                HeaderValue::from_str(value).map_err(|_| wrong())?,
            );
        }
        if provider.keys.iter().any(|key| HeaderValue::from_str(key.expose()).is_err()) {
            return Err(format!("a key in `llm.providers.{name}.keys` holds characters that no key has"));
        }
        Ok(Self {
            name: name.to_owned(),
            kind: provider.kind,
            base_url,
            keys: provider.keys.iter().filter(|key| !key.is_empty()).cloned().collect(),
            headers,
            closed: provider.closed,
            turn: AtomicUsize::new(0),
        })
    }
}

impl Target {
    pub(super) fn dialect(&self) -> Dialect {
        self.upstream.kind.dialect()
    }

    pub(super) fn addressee(&self) -> Addressee<'_> {
        Addressee { kind: self.upstream.kind, name: &self.name, model: &self.model }
    }

    /// What `usage` of it costs, in millionths.
    pub(super) fn cost(&self, usage: &super::Usage) -> u64 {
        self.model.price.of(usage)
    }

    /// The headers of a call; the key stands in one that no log prints.
    pub(super) fn headers(&self) -> HeaderMap {
        let mut headers = self.upstream.headers.clone();
        let Some(key) = self.key.and_then(|i| self.upstream.keys.get(i)) else { return headers };
        let (name, value) = match self.dialect() {
            Dialect::Anthropic => (HeaderName::from_static("x-api-key"), key.expose().to_owned()),
            Dialect::Gemini => (HeaderName::from_static("x-goog-api-key"), key.expose().to_owned()),
            Dialect::Chat | Dialect::Responses => (AUTHORIZATION, format!("Bearer {}", key.expose())),
        };
        if let Ok(mut value) = HeaderValue::from_str(&value) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        headers
    }

    /// Whether both stand for the same model at the same provider, with different keys.
    pub(super) fn differs_in_key(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.upstream, &other.upstream) && self.name == other.name && self.key != other.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets() -> Targets {
        let mut config = Config::default();
        let provider = |keys: &[&str]| Provider {
            base_url: "http://127.0.0.1:9/v1".into(),
            keys: keys.iter().map(|key| Secret::new(*key)).collect(),
            ..Provider::default()
        };
        config.providers.insert("a".into(), provider(&["k1", "k2"]));
        config.providers.insert("b".into(), provider(&[]));
        let model = |provider: &str, fallback: &[&str]| Model {
            provider: provider.into(),
            fallback: fallback.iter().map(|name| (*name).into()).collect(),
            ..Model::default()
        };
        config.models.insert("first".into(), model("a", &["second"]));
        config.models.insert("second".into(), model("b", &[]));
        Targets::new(&config).unwrap()
    }

    #[test]
    fn a_plan_takes_every_key_then_the_fallbacks() {
        let targets = targets();
        let keys = |plan: &[Target]| plan.iter().map(|target| target.key).collect::<Vec<_>>();
        assert_eq!(keys(&targets.plan("first").unwrap()), [Some(0), Some(1), None]);
        assert_eq!(keys(&targets.plan("first").unwrap()), [Some(1), Some(0), None], "keys take turns");
    }

    #[test]
    fn names_in_no_table_need_a_provider_and_stay_in_their_place() {
        let targets = targets();
        assert_eq!(targets.plan("b/llama3:8b").unwrap()[0].name, "llama3:8b");
        for name in ["llama3", "c/x", "a/../../v1", "a/x?key=1", "a/x y", "", "a/", "a/\u{e9}"] {
            assert_eq!(targets.plan(name).unwrap_err().kind, failure::Kind::NoModel, "{name}");
        }
    }

    #[test]
    fn keys_are_not_printed() {
        let plan = targets().plan("first").unwrap();
        assert!(!format!("{:?} {:?}", plan, plan[0].headers()).contains("k1"));
    }
}
