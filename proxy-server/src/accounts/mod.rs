//! Who is asking: passwords, tokens, keys, the local account.
//!
//! `authenticate` turns a request's credentials into a [`Caller`]; the access table (`policy`) says for every
//! route whether one is needed and with which rights.

mod api_key;
mod authenticate;
mod caller;
mod jwt;
mod jwt_crypto;
mod local;
pub(crate) mod oidc;
mod outside;
mod password;
mod signing;
mod ticket;
mod tokens;

pub use caller::{Caller, Means, Scope, Scopes};
pub use password::{Passwords, check_password};

pub(crate) use api_key::NewKey;
pub(crate) use authenticate::{account_of, audit, authenticate, client_address, login_ended, still_in};
pub(crate) use jwt::AccessTokens;
pub(crate) use local::is_on_this_machine;
pub(crate) use outside::OutsideTokens;
pub(crate) use signing::signing_secret;
pub(crate) use ticket::{new_ticket, take_ticket};
pub(crate) use tokens::{Pair, Refreshed, ended, hash, login, new_secret, refresh};

/// An address as accounts are found by: without blanks, in lower case. `None`: it is none.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (name, host) = text.rsplit_once('@')?;
    let fits = (3..=254).contains(&text.len())
        && !name.is_empty()
        && !host.is_empty()
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"(),;:\\".contains(c));
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_are_judged_gently() {
        assert_eq!(super::email(" Ada@Example.COM ").as_deref(), Some("ada@example.com"));
        assert_eq!(super::email("ada+x@müller.example").as_deref(), Some("ada+x@müller.example"));
        for bad in ["", "ada", "@example.com", "ada@", "ada@.com", "a b@c.d", "a@b\r\nbcc: x@y.z", "<a@b.c>"]
        {
            assert_eq!(super::email(bad), None, "{bad}");
        }
    }
}
