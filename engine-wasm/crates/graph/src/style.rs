//! Style keywords, typed.

use std::ops::Deref;

use crate::Attrs;

/// The style that a source sets. Most things set none, and hold none then.
#[derive(Clone, Debug, Default)]
pub struct Style(Option<Box<StyleSet>>);

impl Deref for Style {
    type Target = StyleSet;

    fn deref(&self) -> &StyleSet {
        self.0.as_deref().unwrap_or(&StyleSet::NOTHING)
    }
}

impl PartialEq for Style {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// The keywords of a style; `None` where the source says nothing, so that themes can fill it in.
#[derive(Clone, Debug, PartialEq)]
pub struct StyleSet {
    /// 0 (invisible) to 1.
    pub opacity: Option<f64>,
    /// CSS colour of the outline or line.
    pub stroke: Option<String>,
    /// CSS colour or gradient of the inside.
    pub fill: Option<String>,
    /// `dots`, `lines`, `grain`, `paper` or `none`.
    pub fill_pattern: Option<String>,
    /// Pixels, 0 to 15.
    pub stroke_width: Option<f64>,
    /// Length of dashes, 0 (solid) to 10.
    pub stroke_dash: Option<f64>,
    /// Pixels.
    pub border_radius: Option<f64>,
    /// Soft shadow below.
    pub shadow: Option<bool>,
    /// Drawn as a box with depth.
    pub three_d: Option<bool>,
    /// Drawn as a stack.
    pub multiple: Option<bool>,
    /// Font family of the label.
    pub font: Option<FontFamily>,
    /// Pixels, 8 to 100.
    pub font_size: Option<f64>,
    /// CSS colour of the label.
    pub font_color: Option<String>,
    /// Moving dashes on a line.
    pub animated: Option<bool>,
    /// Label weight.
    pub bold: Option<bool>,
    /// Label slant.
    pub italic: Option<bool>,
    /// Label underline.
    pub underline: Option<bool>,
    /// Arrowhead inside filled.
    pub filled: Option<bool>,
    /// Two outlines.
    pub double_border: Option<bool>,
    /// Letter case of the label.
    pub text_transform: Option<TextTransform>,
}

/// Font families that D2 knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FontFamily {
    /// The proportional face.
    Default,
    /// The fixed-width face.
    Mono,
}

/// How a label's letters are changed before it is measured and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextTransform {
    /// As written.
    None,
    /// ALL CAPITALS.
    Uppercase,
    /// all small.
    Lowercase,
    /// First Letter Of Each Word.
    Capitalize,
}

impl TextTransform {
    /// `text` with the change applied.
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::None => text.to_owned(),
            Self::Uppercase => text.to_uppercase(),
            Self::Lowercase => text.to_lowercase(),
            Self::Capitalize => {
                let mut at_start = true;
                text.chars()
                    .flat_map(|c| {
                        let first = std::mem::replace(&mut at_start, c.is_whitespace());
                        let upper = (first && !c.is_whitespace()).then(|| c.to_uppercase());
                        let same = upper.is_none().then_some(c);
                        upper.into_iter().flatten().chain(same)
                    })
                    .collect()
            }
        }
    }
}

impl StyleSet {
    /// A style that says nothing.
    const NOTHING: Self = Self {
        opacity: None,
        stroke: None,
        fill: None,
        fill_pattern: None,
        stroke_width: None,
        stroke_dash: None,
        border_radius: None,
        shadow: None,
        three_d: None,
        multiple: None,
        font: None,
        font_size: None,
        font_color: None,
        animated: None,
        bold: None,
        italic: None,
        underline: None,
        filled: None,
        double_border: None,
        text_transform: None,
    };
}

impl Style {
    /// Reads the `style.…` keywords of `attrs`. Values outside their domains were refused by the
    /// compiler and read as unset.
    pub fn from_attrs(attrs: &Attrs) -> Self {
        Self::with_prefix(attrs, "style.")
    }

    /// Reads the keywords that begin with `prefix` (`icon.style.` for an icon).
    pub fn with_prefix(attrs: &Attrs, prefix: &str) -> Self {
        if !attrs.iter().any(|(keyword, _)| keyword.starts_with(prefix)) {
            return Self::default();
        }
        let text = |keyword: &str| attrs.text(&format!("{prefix}{keyword}")).map(str::to_owned);
        let number = |keyword: &str| attrs.number(&format!("{prefix}{keyword}"));
        let boolean = |keyword: &str| attrs.boolean(&format!("{prefix}{keyword}"));
        Self(Some(Box::new(StyleSet {
            opacity: number("opacity"),
            stroke: text("stroke"),
            fill: text("fill"),
            fill_pattern: text("fill-pattern"),
            stroke_width: number("stroke-width"),
            stroke_dash: number("stroke-dash"),
            border_radius: number("border-radius"),
            shadow: boolean("shadow"),
            three_d: boolean("3d"),
            multiple: boolean("multiple"),
            font: text("font").map(|f| if f == "mono" { FontFamily::Mono } else { FontFamily::Default }),
            font_size: number("font-size"),
            font_color: text("font-color"),
            animated: boolean("animated"),
            bold: boolean("bold"),
            italic: boolean("italic"),
            underline: boolean("underline"),
            filled: boolean("filled"),
            double_border: boolean("double-border"),
            text_transform: text("text-transform").map(|t| match t.as_str() {
                "uppercase" => TextTransform::Uppercase,
                "lowercase" => TextTransform::Lowercase,
                "capitalize" | "title" => TextTransform::Capitalize,
                _ => TextTransform::None,
            }),
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitalize_touches_only_first_letters() {
        assert_eq!(TextTransform::Capitalize.apply("api gateway  v2"), "Api Gateway  V2");
    }
}
