use std::collections::BTreeMap;

use serde::Deserialize;
use spandrel_catalog::{IdStyle, LabelCase};

use super::Drawing;

/// What a caller may say beside the source. Everything is optional; unknown members are ignored.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// Texts for imports, by path (with or without `.d2`).
    #[cfg_attr(feature = "typescript", ts(as = "Option<BTreeMap<String, String>>"))]
    pub files: BTreeMap<String, String>,
    /// The board to draw, by path: `layers.x.steps.1`; absent: the root.
    #[cfg_attr(feature = "typescript", ts(as = "Option<String>"))]
    pub board: String,
    /// A drawing to hold still towards.
    pub previous: Option<Drawing>,
    /// Style findings count as errors.
    #[cfg_attr(feature = "typescript", ts(as = "Option<bool>"))]
    pub strict: bool,
    /// Codes of rules to leave out.
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<String>>"))]
    pub off: Vec<String>,
    /// What the project's style pack says otherwise.
    pub style: Option<StylePack>,
    /// Draw for a dark background.
    #[cfg_attr(feature = "typescript", ts(as = "Option<bool>"))]
    pub dark: bool,
    /// `render`: `svg` (default), `json`.
    pub format: Option<String>,
    /// `render`: title for screen readers.
    pub title: Option<String>,
    /// `render`: fonts and icons to embed.
    #[cfg_attr(feature = "typescript", ts(as = "Option<Assets>"))]
    pub assets: Assets,
    /// What the source may cost.
    pub limits: Option<Limits>,
}

/// A project's style pack: what it leaves out is Spandrel's own.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(default, rename_all = "camelCase")]
pub struct StylePack {
    /// How keys are written.
    #[cfg_attr(
        feature = "typescript",
        ts(type = "\"snake_case\" | \"kebab-case\" | \"camelCase\" | \"any\"", optional)
    )]
    pub id_style: Option<String>,
    /// Most characters of a key.
    pub id_max: Option<u32>,
    /// How labels of objects are written.
    #[cfg_attr(feature = "typescript", ts(type = "\"title\" | \"any\"", optional))]
    pub label_case: Option<String>,
    /// Most characters of a label.
    pub label_max: Option<u32>,
    /// Kind to its colour, `#RRGGBB`.
    #[cfg_attr(feature = "typescript", ts(as = "Option<BTreeMap<String, String>>"))]
    pub colours: BTreeMap<String, String>,
    /// Kind or component to its icon, `set:glyph`.
    #[cfg_attr(feature = "typescript", ts(as = "Option<BTreeMap<String, String>>"))]
    pub icons: BTreeMap<String, String>,
    /// More rules, a sentence each, for language models.
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<String>>"))]
    pub rules: Vec<String>,
    /// More patterns, a sentence each, for language models.
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<String>>"))]
    pub patterns: Vec<String>,
}

impl From<&StylePack> for spandrel_catalog::StylePack {
    fn from(pack: &StylePack) -> Self {
        let own = Self::default();
        let pairs =
            |map: &BTreeMap<String, String>| map.iter().map(|(a, b)| (a.clone(), b.clone())).collect();
        Self {
            id_style: pack.id_style.as_deref().and_then(IdStyle::from_name).unwrap_or(own.id_style),
            id_max: pack.id_max.map_or(own.id_max, |most| most as usize),
            label_case: pack.label_case.as_deref().and_then(LabelCase::from_name).unwrap_or(own.label_case),
            label_max: pack.label_max.map_or(own.label_max, |most| most as usize),
            colours: pairs(&pack.colours),
            icons: pairs(&pack.icons),
            rules: pack.rules.clone(),
            patterns: pack.patterns.clone(),
        }
    }
}

/// What `render` puts into the file; none of it lives in the engine.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(default)]
pub struct Assets {
    /// Inner SVG of icons on a 24 by 24 grid, by name (`mdi:database`).
    #[cfg_attr(feature = "typescript", ts(as = "Option<BTreeMap<String, String>>"))]
    pub icons: BTreeMap<String, String>,
    /// Font files.
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<FontAsset>>"))]
    pub fonts: Vec<FontAsset>,
}

/// A font file to embed.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct FontAsset {
    /// `Inter` or `JetBrains Mono`.
    pub family: String,
    /// 400 or 600.
    pub weight: u16,
    /// Slanted.
    pub italic: bool,
    /// `font/woff2`, `font/ttf`.
    pub mime: String,
    /// The file in base 64.
    pub base64: String,
}

/// Limits below the engine's own; higher values are cut down to those.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(default)]
pub struct Limits {
    /// Bytes of all texts together.
    pub bytes: Option<u32>,
    /// Nesting.
    pub depth: Option<u32>,
    /// Objects and connections.
    pub objects: Option<u32>,
    /// Milliseconds, where the boundary has a clock.
    pub time_ms: Option<u32>,
}

impl Options {
    /// The limits of the engine, lowered by those of the caller.
    pub fn limits(&self) -> spandrel_base::Limits {
        let most = spandrel_base::Limits::default();
        let Some(limits) = self.limits else { return most };
        let lower = |own: usize, asked: Option<u32>| asked.map_or(own, |asked| own.min(asked as usize));
        spandrel_base::Limits {
            bytes: lower(most.bytes, limits.bytes),
            depth: lower(most.depth, limits.depth),
            objects: lower(most.objects, limits.objects),
            work: most.work,
            steps: most.steps,
        }
    }
}
