//! Colours of a picture, for a light page, a dark one, or whichever the reader prefers.
//!
//! A colour is a pair. A fixed theme writes one of the two; [`Theme::Auto`] writes a CSS variable and gives
//! both values in the picture's own style sheet.

use std::collections::BTreeMap;

use spandrel_base::color;
use spandrel_graph::Style;

/// On what ground a picture is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on light ground.
    #[default]
    Light,
    /// Light ink on dark ground.
    Dark,
    /// As the reader's system says; for browsers only.
    Auto,
}

/// A colour on light and on dark ground, `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair(pub(crate) &'static str, pub(crate) &'static str);

pub(crate) const CANVAS: Pair = Pair("#fcfcfd", "#14161d");
pub(crate) const INK: Pair = Pair("#1d2233", "#e8eaf2");
pub(crate) const MUTED: Pair = Pair("#5b6277", "#a2a9bd");
pub(crate) const CARD: Pair = Pair("#ffffff", "#1e212b");
pub(crate) const CARD_LINE: Pair = Pair("#c3c8d6", "#474d5f");
pub(crate) const EDGE: Pair = Pair("#5a6178", "#9aa2b8");
pub(crate) const EDGE_INK: Pair = Pair("#3b4256", "#c5cad8");
pub(crate) const SHADE: Pair = Pair("#101828", "#000000");
pub(crate) const LINK: Pair = Pair("#4f46e5", "#a5a0ff");
pub(crate) const HEADER: Pair = Pair("#eef0f6", "#2a2e3b");
pub(crate) const ROW_LINE: Pair = Pair("#e4e7ef", "#343948");
pub(crate) const CODE: Pair = Pair("#f4f5f9", "#1a1d26");
pub(crate) const NOTE: Pair = Pair("#fffbeb", "#2b2614");

/// The ink that reads on the fill that a source names: dark on light, light on dark, on whatever ground the picture
/// stands. `None` where there is no such fill, or where the ground shows through it.
pub(crate) fn ink_on(style: &Style) -> Option<&'static str> {
    /// Where black and white contrast equally, by WCAG's ratio.
    const MIDDLE: f64 = 0.179;
    /// Fainter fills are mostly ground.
    const SOLID: f64 = 0.7;
    if style.opacity.is_some_and(|opacity| opacity < SOLID) {
        return None;
    }
    let light = color::luminance(style.fill.as_deref()?)?;
    Some(if light > MIDDLE { INK.0 } else { INK.1 })
}

/// Surfaces of containers and their borders, one step of tint each level.
pub(crate) const SURFACES: [(Pair, Pair); 4] = [
    (Pair("#f4f5fa", "#1a1d26"), Pair("#d4d8e5", "#3a4052")),
    (Pair("#ebedf5", "#21242f"), Pair("#c8cddd", "#444a5e")),
    (Pair("#e2e5f0", "#282c39"), Pair("#bcc3d6", "#4e556a")),
    (Pair("#d9deeb", "#303443"), Pair("#b1b9cf", "#586077")),
];

/// Writes colours for one theme and remembers which variables it used.
pub(crate) struct Palette {
    theme: Theme,
    used: BTreeMap<String, (String, String)>,
}

impl Palette {
    pub(crate) fn new(theme: Theme) -> Self {
        Self { theme, used: BTreeMap::new() }
    }

    /// The value to write for `pair`.
    pub(crate) fn get(&mut self, pair: Pair) -> String {
        self.pick(pair.0, pair.1)
    }

    /// The value to write for a colour that is `light` on light ground and `dark` on dark.
    pub(crate) fn pick(&mut self, light: &str, dark: &str) -> String {
        match self.theme {
            Theme::Light => light.to_owned(),
            Theme::Dark => dark.to_owned(),
            Theme::Auto => {
                let name = format!("--sp-{}{}", light.trim_start_matches('#'), dark.trim_start_matches('#'));
                let value = format!("var({name},{light})");
                self.used.insert(name, (light.to_owned(), dark.to_owned()));
                value
            }
        }
    }

    /// `accent` laid over `ground`, `share` (0 to 1) of it.
    pub(crate) fn mix(&mut self, accent: Pair, ground: Pair, share: f64) -> String {
        self.pick(&mixed(accent.0, ground.0, share), &mixed(accent.1, ground.1, share))
    }

    /// The variables of [`Theme::Auto`] as rules for elements of `class`; empty for the others.
    pub(crate) fn rules(&self, class: &str) -> String {
        if self.used.is_empty() {
            return String::new();
        }
        let list = |dark: bool| {
            self.used
                .iter()
                .map(|(name, (light, night))| format!("{name}:{}", if dark { night } else { light }))
                .collect::<Vec<_>>()
                .join(";")
        };
        format!(".{class}{{{}}}@media (prefers-color-scheme:dark){{.{class}{{{}}}}}", list(false), list(true))
    }
}

/// `accent` laid over `ground`; both `#rrggbb`, anything else counts as black.
fn mixed(accent: &str, ground: &str, share: f64) -> String {
    let channel = |color: &str, at: usize| {
        let digits = color.get(1 + 2 * at..3 + 2 * at).unwrap_or("00");
        f64::from(u8::from_str_radix(digits, 16).unwrap_or(0))
    };
    let mut out = String::from("#");
    for at in 0..3 {
        let value = channel(accent, at) * share + channel(ground, at) * (1.0 - share);
        out.push_str(&format!("{:02x}", value.round() as u8));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixing() {
        assert_eq!(mixed("#ff0000", "#ffffff", 0.5), "#ff8080");
        assert_eq!(mixed("nonsense", "#ffffff", 0.0), "#ffffff");
    }

    #[test]
    fn auto_names_both_colours() {
        let mut palette = Palette::new(Theme::Auto);
        assert_eq!(palette.get(INK), "var(--sp-1d2233e8eaf2,#1d2233)");
        assert!(palette.rules("sp").contains("prefers-color-scheme:dark){.sp{--sp-1d2233e8eaf2:#e8eaf2"));
        let mut palette = Palette::new(Theme::Dark);
        assert_eq!(palette.get(INK), "#e8eaf2");
        assert_eq!(palette.rules("sp"), "");
    }
}
