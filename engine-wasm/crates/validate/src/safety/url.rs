//! What an address asks for: its scheme, read the way browsers read it.

/// Kinds of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// No scheme: a path, a fragment, a board.
    Relative,
    /// `http` or `https`, also `//host`.
    Web,
    /// `mailto`.
    Mail,
    /// `data:` with a raster image.
    RasterData,
    /// A name of an icon set: `mdi:server`.
    IconName,
    /// Any other scheme, in lower case.
    Other(String),
}

/// Reads an address. Browsers drop tabs and line breaks anywhere and control characters and blanks in front
/// (WHATWG URL, section 4.4), so `java\nscript:` is `javascript:` here too.
pub fn address(text: &str) -> Address {
    let clean: String = text.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let clean = clean.trim_start_matches(|c: char| c <= ' ' || c.is_whitespace());
    if clean.starts_with("//") || clean.starts_with("\\\\") {
        return Address::Web;
    }
    let Some((scheme, rest)) = clean.split_once(':') else { return Address::Relative };
    let starts = scheme.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    if !starts || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')) {
        // Not a scheme: a path with a colon in it.
        return Address::Relative;
    }
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => Address::Web,
        "mailto" => Address::Mail,
        "data" if is_raster(rest) => Address::RasterData,
        scheme if is_icon_name(scheme, rest) => Address::IconName,
        scheme => Address::Other(scheme.to_owned()),
    }
}

fn is_raster(rest: &str) -> bool {
    let mime = rest.split([';', ',']).next().unwrap_or("").trim().to_ascii_lowercase();
    matches!(mime.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif")
}

/// Schemes that do something when followed are never icon sets.
fn is_icon_name(scheme: &str, rest: &str) -> bool {
    const ACTIVE: &[&str] = &[
        "javascript",
        "vbscript",
        "data",
        "file",
        "blob",
        "about",
        "view-source",
        "ftp",
        "ws",
        "wss",
        "jar",
        "filesystem",
    ];
    let glyph =
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    glyph && !ACTIVE.contains(&scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_read_as_browsers_read_them() {
        let other = |scheme: &str| Address::Other(scheme.to_owned());
        let cases = [
            ("https://example.com/?q=javascript:1", Address::Web),
            ("HTTP://x", Address::Web),
            ("//cdn.example.com/a.png", Address::Web),
            ("mailto:a@b.c", Address::Mail),
            ("layers.x", Address::Relative),
            ("/docs/a:b", Address::Relative),
            ("javascript:alert(1)", other("javascript")),
            (" \u{1}java\nscript:alert(1)", other("javascript")),
            ("JaVaScRiPt:x", other("javascript")),
            ("vbscript:x", other("vbscript")),
            ("file:///etc/passwd", other("file")),
            ("data:image/png;base64,AAAA", Address::RasterData),
            ("data:image/svg+xml,<svg/>", other("data")),
            ("data:text/html,x", other("data")),
            ("mdi:server", Address::IconName),
            ("", Address::Relative),
        ];
        for (text, expected) in cases {
            assert_eq!(address(text), expected, "{text}");
        }
    }
}
