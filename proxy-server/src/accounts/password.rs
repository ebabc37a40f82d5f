//! Passwords: Argon2id, two at a time, the same time for people who are not there.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::error::Error;

/// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashing needs 19 MiB and a processor for each: two at once are enough for any honest use.
const AT_ONCE: usize = 2;

/// Length of a password in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 10..=128;

/// Passwords of sufficient length that everybody tries first.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "qwertyuiop",
    "qwerty12345",
    "qwerty123456",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "iloveyou123",
    "welcome123",
    "letmein1234",
    "administrator",
    "changeme123",
    "abcdefghij",
    "abc1234567",
    "football123",
    "baseball123",
    "sunshine123",
    "princess123",
    "9876543210",
    "superman123",
    "dragon12345",
    "monkey12345",
];

/// Hashes and checks passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Checked where there is no hash, so that the answer takes as long.
    dummy: Arc<str>,
}

fn argon2() -> Argon2<'static> {
    // The parameters are constants that fit.
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> Result<String, String> {
    argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|e| e.to_string())
}

impl Passwords {
    /// Ready to work.
    pub fn new() -> Self {
        let dummy = hash("nobody has this password").unwrap_or_default();
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)), dummy: dummy.into() }
    }

    /// The hash to keep, in the PHC form.
    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        let password = password.to_owned();
        self.run(move || hash(&password)).await?.map_err(Error::internal)
    }

    /// Whether `password` is the one of `hash`. Takes as long where there is no hash.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.dummy).to_owned();
        // Nobody's password is this long; hashing it would only cost.
        if password.chars().count() > *LENGTH.end() {
            return Ok(false);
        }
        let password = password.to_owned();
        let fits =
            self.run(move || argon2().verify_password(password.as_bytes(), hash.as_str()).is_ok()).await?;
        Ok(fits && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await
        .map_err(Error::internal)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// What is wrong with a new password for the account of this address, in words; `None`: nothing.
pub fn check_password(password: &str, email: &str) -> Option<&'static str> {
    if !LENGTH.contains(&password.chars().count()) {
        return Some("it has 10 to 128 characters");
    }
    let lower = password.to_lowercase();
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let name = email.split('@').next().unwrap_or_default();
    let guessable = COMMON.contains(&lower.as_str())
        || distinct.len() < 4
        || lower.contains("spandrel")
        || (name.len() >= 4 && lower.contains(name));
    guessable.then_some("it is too easy to guess")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn s14_hashes_have_the_chosen_parameters_and_fit() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse battery", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct horse batterx", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("nobody has this password", None).await.unwrap());
    }

    #[test]
    fn s14_easy_passwords_are_refused() {
        for bad in
            ["short", "Password123", "aaaaaaaaaaaa", "ada.lovelace1", "spandrel-2026", &"x1y2".repeat(33)]
        {
            assert!(check_password(bad, "ada.lovelace@example.com").is_some(), "{bad}");
        }
        assert_eq!(check_password("correct horse battery", "ada@example.com"), None);
        assert_eq!(check_password("数据库密码很长的一句话", "ada@example.com"), None);
    }
}
