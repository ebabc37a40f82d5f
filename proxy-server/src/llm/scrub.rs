//! Takes keys out of texts that come from outside.

use bytes::Bytes;

use crate::config::Secret;

/// `text` with every one of `keys` replaced by stars. Very short keys are test values and left alone.
pub(super) fn scrub(text: &Bytes, keys: &[Secret]) -> Bytes {
    let mut text = text.clone();
    for key in keys.iter().map(|key| key.expose().as_bytes()).filter(|key| key.len() >= 6) {
        if find(&text, key).is_none() {
            continue;
        }
        let mut clean = Vec::with_capacity(text.len());
        let mut rest = &text[..];
        while let Some(i) = find(rest, key) {
            clean.extend_from_slice(&rest[..i]);
            clean.extend_from_slice(b"***");
            rest = &rest[i + key.len()..];
        }
        clean.extend_from_slice(rest);
        text = Bytes::from(clean);
    }
    text
}

fn find(text: &[u8], key: &[u8]) -> Option<usize> {
    text.windows(key.len()).position(|window| window == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_goes_and_nothing_else() {
        let keys = [Secret::new("sk-canary-1"), Secret::new("sk-canary-2"), Secret::new("a")];
        let text = Bytes::from_static(b"a sk-canary-1, Bearer sk-canary-2 sk-canary-1!");
        assert_eq!(scrub(&text, &keys), "a ***, Bearer *** ***!");
    }
}
