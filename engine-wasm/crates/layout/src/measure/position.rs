//! D2's words for places in and around a box: `top-left`, `outside-bottom-center`, `border-top-center`…

use spandrel_base::{Insets, Point, Rect, Size};

/// Along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Top or left.
    Start,
    /// Middle.
    Middle,
    /// Bottom or right.
    End,
}

/// A place in, on or around a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Left to right.
    pub x: Anchor,
    /// Top to bottom.
    pub y: Anchor,
    /// Beyond the border.
    pub outside: bool,
    /// Astride the border.
    pub border: bool,
}

/// What a text keeps from the border it stands beside.
const GAP: f64 = 6.0;

impl Position {
    /// Inside the box.
    pub const fn inside(x: Anchor, y: Anchor) -> Self {
        Self { x, y, outside: false, border: false }
    }

    /// Reads `top-left`, `center-center`, `outside-left-top`, `border-top-center`…; words in any order.
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        let (outside, rest) = keyword.strip_prefix("outside-").map_or((false, keyword), |rest| (true, rest));
        let (border, rest) = rest.strip_prefix("border-").map_or((false, rest), |rest| (true, rest));
        let (first, second) = rest.split_once('-')?;
        let vertical = |word| match word {
            "top" => Some(Anchor::Start),
            "bottom" => Some(Anchor::End),
            _ => None,
        };
        let horizontal = |word| match word {
            "left" => Some(Anchor::Start),
            "right" => Some(Anchor::End),
            _ => None,
        };
        let is_middle = |word| matches!(word, "center" | "middle");
        let y = vertical(first).or_else(|| vertical(second));
        let x = horizontal(first).or_else(|| horizontal(second));
        let known = |word| vertical(word).is_some() || horizontal(word).is_some() || is_middle(word);
        (known(first) && known(second)).then_some(Self {
            x: x.unwrap_or(Anchor::Middle),
            y: y.unwrap_or(Anchor::Middle),
            outside,
            border,
        })
    }

    /// Where a thing of `size` goes in `rect`, with `padding` kept inside.
    pub fn place(self, rect: Rect, size: Size, padding: f64) -> Rect {
        let along = |anchor, start: f64, extent: f64, own: f64, outside: bool, border: bool| match anchor {
            Anchor::Middle => start + (extent - own) / 2.0,
            Anchor::Start if border => start - own / 2.0,
            Anchor::End if border => start + extent - own / 2.0,
            Anchor::Start if outside => start - own - GAP,
            Anchor::End if outside => start + extent + GAP,
            Anchor::Start => start + padding,
            Anchor::End => start + extent - own - padding,
        };
        // Outside, the vertical word leads: `outside-top-left` stands above, flush with the left border.
        let above_or_below = self.y != Anchor::Middle;
        let x_flush = (self.outside || self.border) && above_or_below;
        let padding_x = if x_flush { 0.0 } else { padding };
        let x = match self.x {
            Anchor::Start if x_flush => rect.x + padding_x,
            Anchor::End if x_flush => rect.right() - size.width - padding_x,
            x => along(x, rect.x, rect.width, size.width, self.outside, self.border),
        };
        let y = along(self.y, rect.y, rect.height, size.height, self.outside, self.border);
        Rect::at(Point::new(x, y), size)
    }

    /// The room that a thing of `size` takes outside the box.
    pub fn margin(self, size: Size) -> Insets {
        let share = match (self.outside, self.border) {
            (true, _) => (size.width + GAP, size.height + GAP),
            (_, true) => (size.width / 2.0, size.height / 2.0),
            _ => return Insets::default(),
        };
        match (self.y, self.x) {
            (Anchor::Start, _) => Insets { top: share.1, ..Insets::default() },
            (Anchor::End, _) => Insets { bottom: share.1, ..Insets::default() },
            (_, Anchor::Start) => Insets { left: share.0, ..Insets::default() },
            (_, Anchor::End) => Insets { right: share.0, ..Insets::default() },
            _ => Insets::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect::new(100.0, 100.0, 80.0, 40.0);
    const TEXT: Size = Size::new(20.0, 10.0);

    #[test]
    fn keywords() {
        assert_eq!(Position::from_keyword("top-left"), Some(Position::inside(Anchor::Start, Anchor::Start)));
        assert_eq!(
            Position::from_keyword("center-right"),
            Some(Position::inside(Anchor::End, Anchor::Middle))
        );
        assert_eq!(Position::from_keyword("nowhere"), None);
        assert_eq!(Position::from_keyword("some-object"), None);
    }

    #[test]
    fn places() {
        let place = |keyword| Position::from_keyword(keyword).unwrap().place(BOX, TEXT, 8.0).origin();
        assert_eq!(place("top-left"), Point::new(108.0, 108.0));
        assert_eq!(place("bottom-center"), Point::new(130.0, 122.0));
        assert_eq!(place("outside-top-left"), Point::new(100.0, 84.0));
        assert_eq!(place("outside-left-center"), Point::new(74.0, 115.0));
        assert_eq!(place("border-top-center"), Point::new(130.0, 95.0));
        assert_eq!(Position::from_keyword("outside-bottom-center").unwrap().margin(TEXT).bottom, 16.0);
    }
}
