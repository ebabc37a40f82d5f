//! What a picture defines once and refers to: shadows, patterns, gradients.

use std::fmt::Write as _;

use super::theme::{INK, Palette};
use super::xml::{escape, number};
use crate::safe;

/// Definitions that a picture turned out to need.
#[derive(Default)]
pub(crate) struct Defs {
    shadow: bool,
    patterns: Vec<&'static str>,
    gradients: Vec<Gradient>,
    /// Whether a line moves.
    pub(crate) animated: bool,
}

#[derive(PartialEq)]
struct Gradient {
    radial: bool,
    /// Degrees, clockwise from upwards, as in CSS.
    angle: f64,
    stops: Vec<(String, Option<f64>)>,
}

/// The patterns that D2 knows.
const PATTERNS: [(&str, &str); 4] = [
    ("dots", "<circle cx=\"2\" cy=\"2\" r=\"0.9\"/><circle cx=\"7\" cy=\"7\" r=\"0.9\"/>"),
    ("lines", "<path d=\"M-1 6L6 -1M4 11L11 4\" stroke-width=\"1\"/>"),
    ("grain", "<path d=\"M1 2h1M5 1h.8M8 4h.6M3 6h.9M7 8h1M1 9h.7M9 9h.5\" stroke-width=\"1\"/>"),
    ("paper", "<path d=\"M0 3q2.500-1 5 0t5 0M0 8q2.500 1 5 0t5 0\" fill=\"none\" stroke-width=\"0.5\"/>"),
];

impl Defs {
    /// The attribute that gives an element a soft shadow.
    pub(crate) fn shadow(&mut self, prefix: &str) -> String {
        self.shadow = true;
        format!(" filter=\"url(#{prefix}-shadow)\"")
    }

    /// The paint of a fill pattern; `None` where D2 knows no such pattern.
    pub(crate) fn pattern(&mut self, prefix: &str, name: &str) -> Option<String> {
        let (known, _) = PATTERNS.iter().find(|(known, _)| *known == name)?;
        if !self.patterns.contains(known) {
            self.patterns.push(known);
        }
        Some(format!("url(#{prefix}-{known})"))
    }

    /// The paint of a fill that a source names: a colour, or a CSS gradient of colours.
    pub(crate) fn paint(&mut self, prefix: &str, text: &str) -> Option<String> {
        if let Some(color) = safe::color(text) {
            return Some(escape(color));
        }
        let gradient = gradient(text)?;
        let known = self.gradients.iter().position(|known| *known == gradient);
        let index = known.unwrap_or_else(|| {
            self.gradients.push(gradient);
            self.gradients.len() - 1
        });
        Some(format!("url(#{prefix}-g{index})"))
    }

    /// The `defs` element, empty where nothing was needed.
    pub(crate) fn write(&self, prefix: &str, palette: &mut Palette) -> String {
        let mut out = String::new();
        if self.shadow {
            let _ = write!(
                out,
                "<filter id=\"{prefix}-shadow\" x=\"-20%\" y=\"-20%\" width=\"140%\" height=\"150%\"><feDropShadow dx=\"0\" dy=\"3\" stdDeviation=\"4\" flood-color=\"#101828\" flood-opacity=\"0.22\"/></filter>"
            );
        }
        for name in &self.patterns {
            let ink = palette.get(INK);
            let body = PATTERNS.iter().find(|(known, _)| known == name).map_or("", |(_, body)| *body);
            let _ = write!(
                out,
                "<pattern id=\"{prefix}-{name}\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\"><g fill=\"{ink}\" stroke=\"{ink}\" stroke-width=\"0\" opacity=\"0.16\">{body}</g></pattern>"
            );
        }
        for (index, gradient) in self.gradients.iter().enumerate() {
            let tag = if gradient.radial { "radialGradient" } else { "linearGradient" };
            let _ = write!(out, "<{tag} id=\"{prefix}-g{index}\"");
            if !gradient.radial {
                let (sin, cos) = direction(gradient.angle);
                let _ = write!(
                    out,
                    " x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"",
                    number(0.5 - sin / 2.0),
                    number(0.5 + cos / 2.0),
                    number(0.5 + sin / 2.0),
                    number(0.5 - cos / 2.0)
                );
            }
            out.push('>');
            let last = gradient.stops.len().saturating_sub(1).max(1) as f64;
            for (at, (color, offset)) in gradient.stops.iter().enumerate() {
                let offset = offset.unwrap_or(at as f64 / last);
                let _ = write!(out, "<stop offset=\"{}\" stop-color=\"{}\"/>", number(offset), escape(color));
            }
            let _ = write!(out, "</{tag}>");
        }
        if out.is_empty() { out } else { format!("<defs>{out}</defs>") }
    }
}

/// Sine and cosine of the nearest multiple of 45 degrees: all that CSS keywords can say, and free of
/// platform differences.
fn direction(angle: f64) -> (f64, f64) {
    const D: f64 = std::f64::consts::FRAC_1_SQRT_2;
    match (angle / 45.0).round().rem_euclid(8.0) as u32 {
        0 => (0.0, 1.0),
        1 => (D, D),
        2 => (1.0, 0.0),
        3 => (D, -D),
        4 => (0.0, -1.0),
        5 => (-D, -D),
        6 => (-1.0, 0.0),
        _ => (-D, D),
    }
}

/// Whether `text` is a gradient that [`Defs::paint`] would draw.
pub(crate) fn is_gradient(text: &str) -> bool {
    gradient(text).is_some()
}

/// Reads `linear-gradient(…)` and `radial-gradient(…)` with colours that are safe by themselves.
fn gradient(text: &str) -> Option<Gradient> {
    let text = text.trim();
    let (radial, rest) = match text.strip_prefix("linear-gradient(") {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix("radial-gradient(")?),
    };
    let inside = rest.strip_suffix(')')?;
    let mut angle = 180.0;
    let mut stops = Vec::new();
    for (index, part) in split(inside).into_iter().enumerate() {
        let part = part.trim();
        if index == 0 {
            if let Some(degrees) =
                part.strip_suffix("deg").and_then(|number| number.trim().parse::<f64>().ok())
            {
                angle = if degrees.is_finite() { degrees } else { 180.0 };
                continue;
            }
            if let Some(side) = part.strip_prefix("to ") {
                let has = |word| side.split(' ').any(|found| found == word);
                angle = match (has("top"), has("right"), has("bottom"), has("left")) {
                    (true, true, _, _) => 45.0,
                    (true, _, _, true) => 315.0,
                    (true, ..) => 0.0,
                    (_, true, true, _) => 135.0,
                    (_, true, ..) => 90.0,
                    (_, _, true, true) => 225.0,
                    (_, _, _, true) => 270.0,
                    _ => 180.0,
                };
                continue;
            }
            if part.starts_with("circle") || part.starts_with("ellipse") {
                continue;
            }
        }
        let (color, offset) = match part.rsplit_once(' ') {
            Some((color, percent)) if percent.ends_with('%') => {
                let offset = percent.trim_end_matches('%').parse::<f64>().ok().filter(|o| o.is_finite());
                (color, offset.map(|offset| (offset / 100.0).clamp(0.0, 1.0)))
            }
            _ => (part, None),
        };
        stops.push((safe::color(color)?.to_owned(), offset));
    }
    (stops.len() >= 2 && stops.len() <= 32).then_some(Gradient { radial, angle, stops })
}

/// Splits at commas outside brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_of_safe_colours_only() {
        let mut defs = Defs::default();
        assert_eq!(defs.paint("p", "#fff").as_deref(), Some("#fff"));
        assert_eq!(
            defs.paint("p", "linear-gradient(to right, red 10%, rgb(1,2,3))").as_deref(),
            Some("url(#p-g0)")
        );
        assert_eq!(defs.paint("p", "radial-gradient(#fff, #000)").as_deref(), Some("url(#p-g1)"));
        assert_eq!(defs.paint("p", "linear-gradient(url(#x), red)"), None);
        assert_eq!(defs.paint("p", "url(https://x)"), None);
    }
}
