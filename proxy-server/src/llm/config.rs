//! Which providers there are, which models they serve, and how patient the relay is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Dialect;
use crate::config::Secret;

/// The relay's part of the configuration. Without a provider the relay answers 503.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// By name; the name shows in metrics and in `x-relay-target`.
    pub providers: BTreeMap<String, Provider>,
    /// By the name that clients use.
    pub models: BTreeMap<String, Model>,
    /// Which model the server's own prompts use, by size.
    pub tiers: Vec<Tier>,
    /// The provider of models that no table names; empty: the only provider there is, or none.
    pub default_provider: String,
    /// Time to reach an upstream, handshake included.
    pub connect_timeout_ms: u64,
    /// Time from the call to the first event that says something.
    pub first_token_timeout_ms: u64,
    /// Longest silence inside a stream.
    pub idle_timeout_ms: u64,
    /// Time for the whole request, all attempts together.
    pub total_timeout_ms: u64,
    /// A comment is sent to a waiting client this often.
    pub keep_alive_ms: u64,
    /// Further calls to one target after a passing failure.
    pub retries: u32,
    /// First wait between two calls to one target; doubles, with full jitter.
    pub backoff_ms: u64,
    /// Longest wait between two calls, `Retry-After` included: beyond it the next target is asked.
    pub backoff_cap_ms: u64,
    /// Failures in a row that open a breaker.
    pub breaker_failures: u32,
    /// How long it stays open.
    pub breaker_open_ms: u64,
    /// Bytes of a client's request.
    pub request_bytes: usize,
    /// Bytes of an answer that is not a stream.
    pub answer_bytes: usize,
    /// Bytes of one event of a stream.
    pub event_bytes: usize,
    /// Bytes of a whole stream.
    pub stream_bytes: usize,
    /// Requests under way at once; more get 503.
    pub max_requests: usize,
    /// Bytes of answers that are kept for clients that ask for it with `x-relay-cache: on`; 0: none are.
    pub cache_bytes: u64,
    /// How long they are kept.
    pub cache_ms: u64,
}

/// One upstream service.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Provider {
    /// What it speaks.
    pub kind: Kind,
    /// Where its paths begin (`https://api.example/v1`); empty: the kind's own.
    pub base_url: String,
    /// Its keys; calls are spread over them. Empty: none is sent.
    pub keys: Vec<Secret>,
    /// Whether models that no table names may be asked for as `provider/model`.
    pub closed: bool,
    /// Headers for every call, such as an organisation's name. Not for keys.
    pub headers: BTreeMap<String, String>,
}

/// What an upstream speaks, and what is usual for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Anthropic's Messages.
    Anthropic,
    /// OpenAI's Chat Completions.
    OpenaiChat,
    /// OpenAI's Responses.
    OpenaiResponses,
    /// Google's Gemini.
    Gemini,
    /// Ollama, through its Chat Completions.
    Ollama,
    /// Any other server with Chat Completions.
    #[default]
    OpenaiCompatible,
}

/// One model under the name that clients use.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Model {
    /// Its provider's name in the table.
    pub provider: String,
    /// Its name there; empty: the same.
    pub upstream: String,
    /// Models to ask, in order, when this one fails before it said anything.
    pub fallback: Vec<String>,
    /// Chat Completions: the limit's field is the old `max_tokens`. Not set: as usual for the kind.
    pub old_limit_field: Option<bool>,
    /// Whether it takes `temperature` and `top_p`.
    pub temperature: bool,
    /// Tokens it can write; also sent where a dialect demands a limit and the client named none.
    pub max_output_tokens: u32,
    /// Whether it understands `stream_options.include_usage`.
    pub stream_usage: bool,
    /// What it costs.
    pub price: Price,
}

/// What a million tokens cost, in the operator's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Price {
    /// Tokens of the prompt that no cache held.
    pub input: f64,
    /// Tokens of the prompt from the provider's cache.
    pub cache_read: f64,
    /// Tokens of the prompt that went into the provider's cache.
    pub cache_write: f64,
    /// Tokens written, reasoning included.
    pub output: f64,
}

impl Price {
    /// Millionths of the currency for `usage`, rounded up.
    pub fn of(&self, usage: &super::Usage) -> u64 {
        let plain = usage.input.saturating_sub(usage.cache_read).saturating_sub(usage.cache_write);
        let parts = [
            (plain, self.input),
            (usage.cache_read, self.cache_read),
            (usage.cache_write, self.cache_write),
            (usage.output, self.output),
        ];
        // A price for a million tokens is millionths for each. Numbers of this size are exact in an `f64`.
        let sum: f64 = parts.iter().map(|&(tokens, price)| tokens as f64 * price).sum();
        (sum - 1e-6).ceil().max(0.0) as u64
    }
}

/// A size of the server's own prompts and the model for it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tier {
    /// Prompts of at most so many tokens; 0: any.
    pub prompt_tokens: u32,
    /// A model's name as clients use it.
    pub model: String,
}

/// The address of Ollama's Chat Completions, from what its own tools understand: `host`, `host:port` or an address.
fn ollama(host: &str) -> String {
    let host = host.trim_end_matches('/').replace("0.0.0.0", "127.0.0.1");
    if host.contains("://") {
        format!("{host}/v1")
    } else if host.contains(':') {
        format!("http://{host}/v1")
    } else {
        format!("http://{host}:11434/v1")
    }
}

/// Sizes of prompts up to which the small and the middle model are asked; 0: any.
const TIERS: [u32; 3] = [800, 2_000, 0];

/// Provider, its small, middle and large model, and whether they take a temperature. Names change over the years: a
/// table of the configuration replaces these.
const USUAL: [(&str, [&str; 3], bool); 3] = [
    ("anthropic", ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-5"], true),
    ("openai", ["gpt-5-nano", "gpt-5-mini", "gpt-5"], false),
    ("gemini", ["gemini-2.5-flash-lite", "gemini-2.5-flash", "gemini-2.5-pro"], true),
];

impl Kind {
    /// The dialect on the wire.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Anthropic => Dialect::Anthropic,
            Self::OpenaiChat | Self::Ollama | Self::OpenaiCompatible => Dialect::Chat,
            Self::OpenaiResponses => Dialect::Responses,
            Self::Gemini => Dialect::Gemini,
        }
    }

    /// Where the service usually is; nothing for those that can be anywhere.
    pub fn usual_base_url(self) -> &'static str {
        match self {
            Self::Anthropic => "https://api.anthropic.com/v1",
            Self::OpenaiChat | Self::OpenaiResponses => "https://api.openai.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
            Self::Ollama => "http://127.0.0.1:11434/v1",
            Self::OpenaiCompatible => "",
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            providers: BTreeMap::new(),
            models: BTreeMap::new(),
            tiers: Vec::new(),
            default_provider: String::new(),
            connect_timeout_ms: 10_000,
            first_token_timeout_ms: 120_000,
            idle_timeout_ms: 120_000,
            total_timeout_ms: 300_000,
            keep_alive_ms: 15_000,
            retries: 2,
            backoff_ms: 500,
            backoff_cap_ms: 20_000,
            breaker_failures: 5,
            breaker_open_ms: 60_000,
            request_bytes: 32 << 20,
            answer_bytes: 32 << 20,
            event_bytes: 8 << 20,
            stream_bytes: 256 << 20,
            max_requests: 6_000,
            cache_bytes: 16 << 20,
            cache_ms: 3_600_000,
        }
    }
}

impl Default for Model {
    fn default() -> Self {
        Self {
            provider: String::new(),
            upstream: String::new(),
            fallback: Vec::new(),
            old_limit_field: None,
            temperature: true,
            max_output_tokens: 4096,
            stream_usage: true,
            price: Price::default(),
        }
    }
}

impl Config {
    /// Adds what a well-known variable of the environment says of a provider, unless the table says it.
    ///
    /// Returns whether `variable` is such a name.
    pub fn add_known_variable(&mut self, variable: &str, value: &str) -> bool {
        let value = value.trim();
        let (name, kind, is_key) = match variable {
            "ANTHROPIC_API_KEY" => ("anthropic", Kind::Anthropic, true),
            "OPENAI_API_KEY" => ("openai", Kind::OpenaiChat, true),
            "GEMINI_API_KEY" => ("gemini", Kind::Gemini, true),
            "OPENAI_BASE_URL" => ("openai", Kind::OpenaiCompatible, false),
            "OLLAMA_HOST" => ("ollama", Kind::Ollama, false),
            _ => return false,
        };
        if value.is_empty() {
            return true;
        }
        let provider =
            self.providers.entry(name.to_owned()).or_insert_with(|| Provider { kind, ..Provider::default() });
        if is_key && provider.keys.is_empty() {
            provider.keys.push(Secret::new(value));
        } else if !is_key && provider.base_url.is_empty() {
            provider.kind = kind;
            provider.base_url = if kind == Kind::Ollama { ollama(value) } else { value.to_owned() };
        }
        true
    }

    /// Gives the server's own prompts models to ask where the configuration names none: those that are usual for the
    /// first well-known provider with a key, by the sizes of prompts at which the next larger one is taken.
    pub fn add_usual_models(&mut self) {
        if !self.models.is_empty() || !self.tiers.is_empty() {
            return;
        }
        let usual = USUAL.iter().find(|(provider, ..)| {
            let known = self.providers.get(*provider);
            // Elsewhere than at its usual address other models live.
            known.is_some_and(|provider| !provider.keys.is_empty() && provider.base_url.is_empty())
        });
        let Some(&(provider, names, temperature)) = usual else { return };
        for (prompt_tokens, name) in TIERS.into_iter().zip(names) {
            let model = Model { provider: provider.to_owned(), temperature, ..Model::default() };
            self.models.insert(name.to_owned(), model);
            self.tiers.push(Tier { prompt_tokens, model: name.to_owned() });
        }
    }

    /// The model for a prompt of about `tokens` tokens: the first tier that holds it.
    pub fn model_for(&self, tokens: u32) -> Option<&str> {
        self.tiers
            .iter()
            .find(|tier| tier.prompt_tokens == 0 || tokens <= tier.prompt_tokens)
            .or(self.tiers.last())
            .map(|tier| tier.model.as_str())
            .or_else(|| self.models.keys().next().map(String::as_str))
    }

    /// What types cannot say; one clear sentence.
    pub fn check(&self) -> Result<(), String> {
        for (name, provider) in &self.providers {
            if name.is_empty() || name.contains('/') {
                return Err(format!("the provider's name `{name}` must not be empty or hold a `/`"));
            }
            let url = provider.address();
            let parsed = reqwest::Url::parse(&url)
                .map_err(|_| format!("`llm.providers.{name}.base_url` is not an address"))?;
            if !matches!(parsed.scheme(), "http" | "https") || parsed.query().is_some() {
                return Err(format!(
                    "`llm.providers.{name}.base_url` must begin with `http://` or `https://` and have no query"
                ));
            }
            if !parsed.username().is_empty() || parsed.password().is_some() {
                return Err(format!("`llm.providers.{name}.base_url` must not hold a password; use `keys`"));
            }
        }
        for (name, model) in &self.models {
            if !self.providers.contains_key(&model.provider) {
                return Err(format!("`llm.models.{name}.provider` names no provider: `{}`", model.provider));
            }
            let Price { input, cache_read, cache_write, output } = model.price;
            if [input, cache_read, cache_write, output].iter().any(|price| !(0.0..1e6).contains(price)) {
                return Err(format!("`llm.models.{name}.price` must hold prices from 0 to a million"));
            }
            if let Some(unknown) = model.fallback.iter().find(|other| !self.models.contains_key(*other)) {
                return Err(format!("`llm.models.{name}.fallback` names no model: `{unknown}`"));
            }
        }
        if !self.default_provider.is_empty() && !self.providers.contains_key(&self.default_provider) {
            return Err(format!("`llm.default_provider` names no provider: `{}`", self.default_provider));
        }
        if self.breaker_failures == 0 || self.keep_alive_ms == 0 || self.max_requests == 0 {
            return Err(
                "`llm.breaker_failures`, `llm.keep_alive_ms` and `llm.max_requests` must be at least 1"
                    .into(),
            );
        }
        Ok(())
    }
}

impl Provider {
    /// Its address without a last slash.
    pub(super) fn address(&self) -> String {
        let url = match self.base_url.trim() {
            "" => self.kind.usual_base_url(),
            url => url,
        };
        url.trim_end_matches('/').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(kind: Kind, url: &str) -> Provider {
        Provider { kind, base_url: url.into(), ..Provider::default() }
    }

    #[test]
    fn an_address_that_could_leak_or_mislead_is_refused() {
        for url in ["", "ftp://x/", "http://user:pass@host/v1", "https://host/v1?key=x", "not an address"] {
            let mut config = Config::default();
            config.providers.insert("p".into(), provider(Kind::OpenaiCompatible, url));
            assert!(config.check().is_err(), "{url}");
        }
    }

    #[test]
    fn a_key_from_the_environment_makes_its_provider() {
        let mut config = Config::default();
        assert!(config.add_known_variable("ANTHROPIC_API_KEY", " canary\n"));
        assert!(!config.add_known_variable("HOME", "x"));
        assert_eq!(config.providers["anthropic"].keys[0].expose(), "canary");
        assert!(config.check().is_ok());
        assert!(!format!("{config:?}").contains("canary"));
    }

    #[test]
    fn an_address_from_the_environment_is_enough_for_a_server_of_ones_own() {
        for (variable, value, provider, url) in [
            ("OLLAMA_HOST", "0.0.0.0", "ollama", "http://127.0.0.1:11434/v1"),
            ("OLLAMA_HOST", "gpu:9", "ollama", "http://gpu:9/v1"),
            ("OLLAMA_HOST", "https://gpu/", "ollama", "https://gpu/v1"),
            ("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1", "openai", "http://127.0.0.1:8000/v1"),
        ] {
            let mut config = Config::default();
            config.add_known_variable("OPENAI_API_KEY", "canary");
            assert!(config.add_known_variable(variable, value));
            config.check().unwrap();
            assert_eq!(config.providers[provider].address(), url);
            config.add_usual_models();
            assert_eq!(config.tiers.is_empty(), provider == "openai", "{variable}: {:?}", config.tiers);
        }
    }

    #[test]
    fn a_key_alone_is_enough_to_draw_with_its_provider() {
        let mut config = Config::default();
        config.add_usual_models();
        assert!(config.tiers.is_empty(), "nobody to ask");
        config.add_known_variable("OPENAI_API_KEY", "canary");
        config.add_usual_models();
        assert_eq!(config.model_for(800), Some("gpt-5-nano"));
        assert_eq!(config.model_for(2_001), Some("gpt-5"));
        assert!(config.check().is_ok() && !config.models["gpt-5"].temperature);
    }

    #[test]
    fn what_is_cached_has_its_own_price() {
        let price = Price { input: 3.0, cache_read: 0.3, cache_write: 3.75, output: 15.0 };
        let usage = crate::llm::Usage {
            input: 1_000,
            cache_read: 600,
            cache_write: 100,
            output: 10,
            ..crate::llm::Usage::default()
        };
        assert_eq!(price.of(&usage), 900 + 180 + 375 + 150);
        assert_eq!(Price { input: 0.1, ..Price::default() }.of(&usage), 30, "300 tokens at 0.1");
        assert_eq!(Price::default().of(&usage), 0);
    }

    #[test]
    fn the_tier_that_holds_the_prompt_is_taken() {
        let tier = |prompt_tokens, model: &str| Tier { prompt_tokens, model: model.into() };
        let config = Config {
            tiers: vec![tier(800, "small"), tier(2000, "middle"), tier(0, "large")],
            ..Config::default()
        };
        for (tokens, model) in [(1, "small"), (800, "small"), (801, "middle"), (2001, "large")] {
            assert_eq!(config.model_for(tokens), Some(model));
        }
    }
}
