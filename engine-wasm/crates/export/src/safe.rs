//! What of a source may reach a page: colours, addresses, markup of icons.

/// A CSS colour that names nothing outside itself: a name, `#hex`, or a colour function of plain numbers.
pub(crate) fn color(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_hex =
        |digits: &str| matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let is_name =
        |name: &str| !name.is_empty() && name.len() <= 24 && name.bytes().all(|b| b.is_ascii_alphabetic());
    if let Some(digits) = text.strip_prefix('#') {
        return is_hex(digits).then_some(text);
    }
    if is_name(text) {
        return Some(text);
    }
    let (function, rest) = text.split_once('(')?;
    let inside = rest.strip_suffix(')')?;
    let known = matches!(function, "rgb" | "rgba" | "hsl" | "hsla");
    let plain = inside.bytes().all(|b| b.is_ascii_digit() || b" .,%/-deg".contains(&b));
    (known && plain && inside.len() <= 64).then_some(text)
}

/// A CSS gradient of plain colours, as it was written.
pub(crate) fn gradient(text: &str) -> Option<&str> {
    crate::svg::is_gradient(text).then_some(text)
}

/// An address that may be followed: `http`, `https`, `mailto`, or one within the same place.
pub(crate) fn link(text: &str) -> Option<&str> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return None;
    }
    match text.split_once(':') {
        // A colon after a slash, a question mark or a hash is no scheme.
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            let known = ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
            known.then_some(text)
        }
        _ => Some(text),
    }
}

/// Pictures that are data themselves and can do nothing but be seen: no SVG, which a page could be made to
/// run outside an image element.
pub(crate) fn raster(text: &str) -> Option<&str> {
    let kinds = ["png", "jpeg", "gif", "webp"];
    let data = text.strip_prefix("data:image/")?;
    let (kind, rest) = data.split_once(";base64,")?;
    let plain = rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
    (kinds.contains(&kind) && plain).then_some(text)
}

/// Whether the body of an icon is drawing and nothing else: no scripts, handlers, styles or references.
pub(crate) fn is_drawing(body: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    let forbidden = [
        "<script",
        "<style",
        "<foreignobject",
        "<!",
        "<?",
        "javascript:",
        "<iframe",
        "<a ",
        "<use",
        "<image",
        "@import",
    ];
    if forbidden.iter().any(|word| lower.contains(word)) || lower.contains("href") {
        return false;
    }
    // `onload=` and its like: an attribute that begins with `on`.
    !lower.match_indices("on").any(|(at, _)| {
        let before = lower[..at]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_whitespace() || c == '/' || c == '"' || c == '\'');
        let name = lower[at..].bytes().take_while(u8::is_ascii_alphabetic).count();
        before && lower[at + name..].trim_start().starts_with('=')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        for good in ["red", "#fff", "#12345678", "rgb(1, 2, 3)", "hsl(120deg 50% 50% / 0.5)"] {
            assert_eq!(color(good), Some(good));
        }
        for bad in ["url(#x)", "red;x:y", "#ggg", "rgb(var(--x))", "\"/><script>", "expression(alert(1))", ""]
        {
            assert_eq!(color(bad), None, "{bad}");
        }
    }

    #[test]
    fn links() {
        for good in ["https://a.b/c?d=e:f", "mailto:a@b.c", "layers.x", "/path", "#top", "HTTP://x"] {
            assert_eq!(link(good), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "java\nscript:x",
            "",
            "vbscript:x",
        ] {
            assert_eq!(link(bad), None, "{bad}");
        }
    }

    #[test]
    fn rasters() {
        assert!(raster("data:image/png;base64,iVBOR+/=").is_some());
        for bad in
            ["data:image/svg+xml;base64,AA", "data:text/html;base64,AA", "data:image/png;base64,\"onload"]
        {
            assert_eq!(raster(bad), None, "{bad}");
        }
    }

    #[test]
    fn icons() {
        assert!(is_drawing(r#"<path fill="currentColor" d="M1 1h2"/>"#));
        assert!(is_drawing(r#"<g><title>button</title><circle r="2"/></g>"#));
        for bad in [
            "<script>x</script>",
            r#"<path onload="x"/>"#,
            r#"<path/onclick ="x"/>"#,
            r##"<use href="#x"/>"##,
            r#"<image href="http://x"/>"#,
        ] {
            assert!(!is_drawing(bad), "{bad}");
        }
    }
}
