//! Defaults, then the file, then the environment; a wrong value is one clear sentence.

use std::path::Path;

use toml::{Table, Value};

use super::{Config, Secret};

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not there or cannot be read.
    #[error("cannot read the configuration file `{path}`: {cause}")]
    Read {
        /// Its path.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the configuration file `{path}` is not valid TOML: {message} (line {line})")]
    Syntax {
        /// Its path.
        path: String,
        /// What is wrong.
        message: String,
        /// Line, from 1.
        line: usize,
    },
    /// A value of the wrong type or range, or an unknown name.
    #[error("wrong configuration value from {origin}: {message}")]
    Value {
        /// The file's path or the variable's name.
        origin: String,
        /// What is wrong.
        message: String,
    },
}

/// Names that other tools have made common, and what they mean here.
const ALIASES: &[(&str, &str, &str)] = &[
    ("DATABASE_URL", "storage", "database_url"),
    ("REDIS_URL", "storage", "redis_url"),
    ("SPANDREL_LISTEN", "server", "listen"),
];

/// Reads the configuration from `file` (where given) and `environment` (name and value pairs).
///
/// A variable `SPANDREL_<SECTION>_<KEY>` sets one value: `SPANDREL_SERVER_LISTEN=0.0.0.0:80`. Variables with
/// other names are left alone, since other tools of the project share the prefix.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Error> {
    let mut values = defaults();
    let known = values.clone();
    if let Some(path) = file {
        let table = read(path)?;
        // Checked alone first, so that the sentence names the file and not some later variable.
        check(&merged(known.clone(), &table), &format!("`{}`", path.display()))?;
        values = merged(values, &table);
    }
    let environment: Vec<(String, String)> = environment.into_iter().collect();
    for (section, entries) in &known {
        for (key, default) in entries.as_table().into_iter().flatten() {
            // Tables and lists of the file have no variable of their own.
            if default.is_table() || default.is_array() {
                continue;
            }
            let name = format!("SPANDREL_{}_{}", section.to_uppercase(), key.to_uppercase());
            let alias = ALIASES.iter().find(|(_, s, k)| s == section && k == key).map(|(name, ..)| *name);
            for candidate in alias.into_iter().chain([name.as_str()]) {
                let Some((_, text)) = environment.iter().find(|(name, _)| name == candidate) else {
                    continue;
                };
                let value = parse(text, default)
                    .map_err(|message| Error::Value { origin: format!("`{candidate}`"), message })?;
                let mut one = Table::new();
                one.insert(section.clone(), Value::Table(Table::from_iter([(key.clone(), value)])));
                check(&merged(known.clone(), &one), &format!("`{candidate}`"))?;
                values = merged(values, &one);
            }
        }
    }
    let mut config = check(&values, "the configuration")?;
    // Keys and addresses under the names that every tool knows make their provider available.
    for (name, value) in &environment {
        config.llm.add_known_variable(name, value);
    }
    for (name, provider) in &mut config.oidc {
        let variable = format!("SPANDREL_OIDC_{}_CLIENT_SECRET", name.to_uppercase());
        if let Some((_, secret)) = environment.iter().find(|(name, _)| *name == variable) {
            provider.client_secret = Secret::new(secret.clone());
        }
    }
    config.llm.add_usual_models();
    ranges(&config)?;
    Ok(config)
}

fn defaults() -> Table {
    // Every setting has a default, so this table names them all.
    Table::try_from(Config::default()).unwrap_or_default()
}

fn read(path: &Path) -> Result<Table, Error> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|cause| Error::Read { path: shown.clone(), cause })?;
    text.parse::<Table>().map_err(|error| Error::Syntax {
        path: shown,
        message: error.message().to_owned(),
        line: error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1),
    })
}

fn merged(mut into: Table, from: &Table) -> Table {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(more)) => *inner = merged(std::mem::take(inner), more),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
    into
}

fn check(values: &Table, origin: &str) -> Result<Config, Error> {
    values.clone().try_into().map_err(|error: toml::de::Error| Error::Value {
        origin: origin.to_owned(),
        message: error.to_string().trim().replace('\n', " "),
    })
}

/// A variable's text as the type that the setting has.
fn parse(text: &str, default: &Value) -> Result<Value, String> {
    match default {
        Value::Integer(_) => {
            text.trim().parse().map(Value::Integer).map_err(|_| format!("`{text}` is not a whole number"))
        }
        Value::Boolean(_) => match text.trim() {
            "true" | "1" | "yes" | "on" => Ok(Value::Boolean(true)),
            "false" | "0" | "no" | "off" => Ok(Value::Boolean(false)),
            _ => Err(format!("`{text}` is neither `true` nor `false`")),
        },
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// What types cannot say.
fn ranges(config: &Config) -> Result<(), Error> {
    let wrong = |name: &str, message: &str| {
        Err(Error::Value { origin: format!("`{name}`"), message: message.to_owned() })
    };
    let url = config.storage.database_url.expose();
    if !url.is_empty() && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return wrong("storage.database_url", "it must begin with `postgres://`; leave it empty for SQLite");
    }
    let url = config.storage.redis_url.expose();
    if !url.is_empty() && !url.starts_with("redis://") && !url.starts_with("rediss://") {
        return wrong("storage.redis_url", "it must begin with `redis://` or `rediss://`");
    }
    if config.storage.max_connections == 0 || config.server.max_connections == 0 {
        return wrong("max_connections", "it must be at least 1");
    }
    if config.server.origins().any(|origin| origin == "*" || origin == "null" || !origin.contains("://")) {
        return wrong(
            "server.allowed_origins",
            "each must be a whole origin such as `https://studio.example`",
        );
    }
    if let Err(message) = config.llm.check() {
        return wrong("llm", &message);
    }
    let secret = config.accounts.signing_secret.expose();
    if !secret.is_empty() && secret.len() < 32 {
        return wrong("accounts.signing_secret", "it must be at least 32 bytes long");
    }
    let url = &config.server.public_url;
    if !url.is_empty() && (url.ends_with('/') || !is_web(url)) {
        return wrong("server.public_url", "it must be `http://…` or `https://…` without a slash at the end");
    }
    let url = &config.log.otlp_endpoint;
    if !url.is_empty() && !is_web(url) {
        return wrong("log.otlp_endpoint", "it must be a whole address, as `http://127.0.0.1:4318`");
    }
    for (name, provider) in &config.oidc {
        let key = |key: &str| format!("oidc.{name}.{key}");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            return wrong(&format!("oidc.{name}"), "the name has small letters, digits and `-` only");
        }
        if !is_web(&provider.issuer) {
            return wrong(&key("issuer"), "it must be a whole address");
        }
        if provider.client_id.is_empty() {
            return wrong(&key("client_id"), "it must be set");
        }
    }
    let jwt = &config.jwt;
    if !jwt.issuer.is_empty() {
        if jwt.audience.is_empty() {
            return wrong("jwt.audience", "it must be set: tokens for other services are not for this one");
        }
        if jwt.secret.is_empty() == jwt.jwks_url.is_empty() {
            return wrong("jwt", "either `secret` or `jwks_url` must be set, and not both");
        }
        if !jwt.secret.is_empty() && jwt.secret.expose().len() < 32 {
            return wrong("jwt.secret", "it must be at least 32 bytes long");
        }
        if !jwt.jwks_url.is_empty() && !is_web(&jwt.jwks_url) {
            return wrong("jwt.jwks_url", "it must be a whole address");
        }
    }
    mail(config).map_err(|message| Error::Value { origin: "`mail`".to_owned(), message })?;
    Ok(())
}

fn is_web(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn mail(config: &Config) -> Result<(), String> {
    let mail = &config.mail;
    if mail.smtp_url.is_empty() {
        return Ok(());
    }
    let scheme = mail.smtp_url.expose().split_once("://").map(|(scheme, _)| scheme);
    if !matches!(scheme, Some("smtp" | "smtps")) {
        return Err("`smtp_url` must begin with `smtp://` or `smtps://`".to_owned());
    }
    mail.from
        .parse::<lettre::message::Mailbox>()
        .map(|_| ())
        .map_err(|_| "`from` must be an address, as `Spandrel <no-reply@studio.example>`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn nothing_gives_the_defaults() {
        let config = load(None, []).unwrap();
        assert!(config.server.listen.ip().is_loopback());
        assert!(config.storage.database_url.is_empty());
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let file = std::env::temp_dir().join(format!("spandrel-config-{}.toml", std::process::id()));
        std::fs::write(&file, "[server]\nlisten = \"127.0.0.1:1\"\nmax_connections = 5\n").unwrap();
        let config = load(Some(&file), environment(&[("SPANDREL_SERVER_LISTEN", "127.0.0.1:2")])).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(config.server.listen.port(), 2);
        assert_eq!(config.server.max_connections, 5);
    }

    #[test]
    fn a_wrong_value_is_one_sentence_that_names_its_place() {
        for (pair, part) in [
            (("SPANDREL_SERVER_LISTEN", "here"), "`SPANDREL_SERVER_LISTEN`"),
            (("SPANDREL_LOG_LEVEL", "loud"), "`SPANDREL_LOG_LEVEL`"),
            (("SPANDREL_LOG_JSON", "perhaps"), "neither `true` nor `false`"),
            (("DATABASE_URL", "mysql://x:pass@y"), "postgres://"),
            (("SPANDREL_ACCOUNTS_SIGNING_SECRET", "short"), "32 bytes"),
            (("SPANDREL_SERVER_ALLOWED_ORIGINS", "*"), "whole origin"),
        ] {
            let message = load(None, environment(&[pair])).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
            assert!(!message.contains('\n') && !message.contains("pass@"), "{message}");
        }
    }

    #[test]
    fn an_unknown_name_in_the_file_is_refused() {
        let file = std::env::temp_dir().join(format!("spandrel-unknown-{}.toml", std::process::id()));
        std::fs::write(&file, "[server]\nlissen = \"127.0.0.1:1\"\n").unwrap();
        let message = load(Some(&file), []).unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        assert!(message.contains("lissen"), "{message}");
    }

    #[test]
    fn secrets_are_not_printed() {
        let config = load(None, environment(&[("DATABASE_URL", "postgres://u:canary@h/d")])).unwrap();
        assert!(!format!("{config:?}").contains("canary"));
        assert_eq!(config.storage.database_url.expose(), "postgres://u:canary@h/d");
    }
}
