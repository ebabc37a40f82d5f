//! As much of URLs as the language asks about.

/// The scheme in front of the colon, if there is one.
pub(crate) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let mut chars = scheme.chars();
    let starts = chars.next()?.is_ascii_alphabetic();
    (starts && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))).then_some(scheme)
}

/// Whether a link or icon is an address rather than a board or a path beside the file.
pub(crate) fn is_remote(text: &str) -> bool {
    scheme(text).is_some() || text.starts_with('/')
}

/// Whether a text is an address with a host.
pub(crate) fn has_host(text: &str) -> bool {
    let Some(scheme) = scheme(text) else { return false };
    let rest = &text[scheme.len() + 1..];
    let Some(rest) = rest.strip_prefix("//") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    !host.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// An icon's address in canonical form: scheme in lower case, percent escapes of path and fragment decoded
/// once, the query as written. `None` for what is no address.
pub(crate) fn icon(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_ascii_control()) {
        return None;
    }
    let (body, fragment) = match text.split_once('#') {
        Some((body, fragment)) => (body, Some(fragment)),
        None => (text, None),
    };
    let (scheme, rest) = match scheme(body) {
        Some(s) => (Some(s), &body[s.len() + 1..]),
        None if body.starts_with(':') => return None,
        None => (None, body),
    };
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    if scheme.is_none() {
        let first = path.split('/').next().unwrap_or("");
        if first.contains(':') {
            return None;
        }
    }
    // An address that is neither a path nor has a host (`data:…`) is kept as it is.
    let opaque = scheme.is_some() && !path.starts_with('/');
    let mut result = String::new();
    if let Some(scheme) = scheme {
        result.push_str(&scheme.to_ascii_lowercase());
        result.push(':');
    }
    if opaque {
        result.push_str(path);
    } else {
        result.push_str(&decode(path)?);
    }
    if let Some(query) = query {
        result.push('?');
        result.push_str(query);
    }
    if let Some(fragment) = fragment
        && !fragment.is_empty()
    {
        result.push('#');
        result.push_str(&decode(fragment)?);
    }
    Some(result)
}

/// Decodes percent escapes once; `None` where one is malformed.
fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut input = text.bytes();
    while let Some(byte) = input.next() {
        if byte == b'%' {
            let digit = |b: Option<u8>| (b? as char).to_digit(16);
            let (high, low) = (digit(input.next())?, digit(input.next())?);
            bytes.push((high * 16 + low) as u8);
        } else {
            bytes.push(byte);
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_decoded_once() {
        assert_eq!(icon("HTTPS://x.dev/a%20b.svg?q=%20").as_deref(), Some("https://x.dev/a b.svg?q=%20"));
        assert_eq!(icon("a%2").as_deref(), None);
        assert_eq!(icon("img/a.png").as_deref(), Some("img/a.png"));
    }

    #[test]
    fn a_host_makes_an_address() {
        assert!(has_host("https://x.dev"));
        assert!(!has_host("x.dev"));
    }
}
