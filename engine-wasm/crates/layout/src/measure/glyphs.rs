//! How wide a piece of text is: the bundled faces' advance widths, and classes for everything else.

use super::advances::{ITALIC, RANGES, REGULAR, SEMI_BOLD, SEMI_BOLD_ITALIC};
use crate::{Face, Font};

/// Units per em of the tables.
const PER_EM: f64 = 2048.0;
/// Every glyph of JetBrains Mono, in em.
const MONO: f64 = 0.6;
/// Chinese, Japanese and Korean signs are squares in every font.
const WIDE: f64 = 1.0;
/// Emoji fonts draw a little wider than an em; the widest of the common ones.
const EMOJI: f64 = 1.37;
/// Anything else without a glyph here: the page will find some other sans.
const UNKNOWN: f64 = 0.62;

const JOINER: char = '\u{200D}';

/// Advance width of `text` in pixels, without kerning and ligatures. Line breaks and controls have none.
pub fn width(text: &str, font: Font) -> f64 {
    let mut em = 0.0;
    let mut joined = false;
    for c in text.chars() {
        // What follows a joiner melts into the sign before it (a family, a profession).
        if !(joined && is_emoji(c)) {
            em += advance(c, font.face);
        }
        joined = c == JOINER;
    }
    em * font.size
}

/// Advance width of one character in em.
fn advance(c: char, face: Face) -> f64 {
    let code = c as u32;
    if takes_no_room(code) {
        return 0.0;
    }
    let column = match face {
        Face::Mono => return if is_wide(code) { 2.0 * MONO } else { other(c).clamp(MONO, EMOJI) },
        Face::Regular => &REGULAR,
        Face::SemiBold => &SEMI_BOLD,
        Face::Italic => &ITALIC,
        Face::SemiBoldItalic => &SEMI_BOLD_ITALIC,
    };
    for (first, last, index) in RANGES {
        if (first..=last).contains(&code) {
            let units = column[index + (code - first) as usize];
            return if units > 0 { f64::from(units) / PER_EM } else { UNKNOWN };
        }
    }
    if is_wide(code) { WIDE } else { other(c) }
}

fn other(c: char) -> f64 {
    match c as u32 {
        // One half of a flag.
        0x1F1E6..=0x1F1FF => EMOJI / 2.0,
        _ if is_emoji(c) => EMOJI,
        0x80.. => UNKNOWN,
        _ => MONO,
    }
}

/// Controls, marks that stand on the sign before them, and selectors.
fn takes_no_room(code: u32) -> bool {
    matches!(code,
        0..=0x1F | 0x7F..=0x9F | 0xAD
        | 0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD | 0x5BF | 0x5C1..=0x5C2 | 0x5C4..=0x5C5
        | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6DC | 0x6DF..=0x6E4 | 0x6E7..=0x6E8 | 0x6EA..=0x6ED
        | 0x900..=0x902 | 0x93A | 0x93C | 0x941..=0x948 | 0x94D | 0x951..=0x957
        | 0xE31 | 0xE34..=0xE3A | 0xE47..=0xE4E
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
        | 0x20D0..=0x20FF | 0x3099..=0x309A | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0xFEFF
        | 0x1F3FB..=0x1F3FF | 0xE0000..=0xE01EF)
}

/// East Asian wide and full-width signs (Unicode Standard Annex 11, the blocks that matter).
fn is_wide(code: u32) -> bool {
    matches!(code,
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xA000..=0xA4CF | 0xA960..=0xA97F | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F
        | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD)
}

fn is_emoji(c: char) -> bool {
    matches!(c as u32,
        0x231A..=0x231B | 0x23E9..=0x23FA | 0x2600..=0x2604 | 0x2607..=0x2712 | 0x2718..=0x27BF
        | 0x2B05..=0x2B55 | 0x1F000..=0x1F1E5 | 0x1F200..=0x1FAFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_16(text: &str, face: Face) -> f64 {
        width(text, Font { face, size: 16.0 })
    }

    #[test]
    fn widths_are_those_of_the_font_files() {
        // Inter Regular: H 1522, i 496 (in 1/2048 em).
        assert_eq!(at_16("Hi", Face::Regular), (1522.0 + 496.0) / 2048.0 * 16.0);
        assert!(at_16("Hi", Face::SemiBold) > at_16("Hi", Face::Regular));
        assert!((at_16("fn main()", Face::Mono) - 9.0 * 9.6).abs() < 1e-9);
    }

    #[test]
    fn letters_of_other_scripts_have_a_width() {
        assert_eq!(at_16("数据库", Face::Regular), 48.0);
        assert!(at_16("Привет", Face::Regular) > 40.0);
        assert!(at_16("مرحبا", Face::Regular) > 40.0);
        assert!(at_16("→", Face::Regular) > 10.0);
    }

    #[test]
    fn marks_and_joined_emoji_take_no_room() {
        assert_eq!(at_16("e\u{301}", Face::Regular), at_16("e", Face::Regular));
        assert_eq!(at_16("👨\u{200D}👩\u{200D}👧", Face::Regular), at_16("👨", Face::Regular));
        assert_eq!(at_16("👍🏽", Face::Regular), at_16("👍", Face::Regular));
        assert_eq!(at_16("🇩🇪", Face::Regular), at_16("👍", Face::Regular));
    }
}
