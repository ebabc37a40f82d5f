//! The geometry of every shape: how large it must be, where its text goes, its outline.
//!
//! Each shape has a file of its own beside this one; this file only chooses.

use spandrel_base::{Point, Rect, Size};

use super::path::{Path, PathCommand, first_hit};
use super::{
    Shape, c4_person, callout, cloud, cylinder, diamond, document, hexagon, oval, package, page,
    parallelogram, person, queue, rectangle, step, stored_data,
};

impl Shape {
    /// The smallest size whose content rectangle holds `content` (text with its padding).
    ///
    /// Ensures: `self.content_rect(rect of that size)` is at least `content` in both extents; for a circle,
    /// whose content rectangle is the square within, that `content` fits when it is centred.
    pub fn size_for(self, content: Size) -> Size {
        match self {
            Self::Page | Self::Note => page::size_for(content),
            Self::Parallelogram => parallelogram::size_for(content),
            Self::Document => document::size_for(content),
            Self::Cylinder => cylinder::size_for(content),
            Self::Queue => queue::size_for(content),
            Self::Package => package::size_for(content),
            Self::Step => step::size_for(content),
            Self::Callout => callout::size_for(content),
            Self::StoredData => stored_data::size_for(content),
            Self::Person => person::size_for(content),
            Self::C4Person => c4_person::size_for(content),
            Self::Diamond => diamond::size_for(content),
            Self::Oval => oval::size_for(content),
            Self::Circle => oval::circle_for(content),
            Self::Hexagon => hexagon::size_for(content),
            Self::Cloud => cloud::size_for(content),
            Self::Square => {
                let side = content.width.max(content.height);
                Size::new(side, side)
            }
            Self::Rectangle
            | Self::Text
            | Self::Code
            | Self::Class
            | Self::SqlTable
            | Self::Image
            | Self::SequenceDiagram
            | Self::Hierarchy
            | Self::Span => rectangle::size_for(content),
        }
    }

    /// Where text may stand inside a shape that fills `rect`.
    pub fn content_rect(self, rect: Rect) -> Rect {
        match self {
            Self::Page | Self::Note => page::content(rect),
            Self::Parallelogram => parallelogram::content(rect),
            Self::Document => document::content(rect),
            Self::Cylinder => cylinder::content(rect),
            Self::Queue => queue::content(rect),
            Self::Package => package::content(rect),
            Self::Step => step::content(rect),
            Self::Callout => callout::content(rect),
            Self::StoredData => stored_data::content(rect),
            Self::Person => person::content(rect),
            Self::C4Person => c4_person::content(rect),
            Self::Diamond => diamond::content(rect),
            Self::Oval | Self::Circle => oval::content(rect),
            Self::Hexagon => hexagon::content(rect),
            Self::Cloud => cloud::content(rect),
            _ => rectangle::content(rect),
        }
    }

    /// The closed outline of a shape that fills `rect`, clockwise.
    pub fn outline(self, rect: Rect) -> Vec<PathCommand> {
        let mut path = Path::new(rect);
        match self {
            Self::Page | Self::Note => page::outline(rect, &mut path),
            Self::Parallelogram => parallelogram::outline(rect, &mut path),
            Self::Document => document::outline(rect, &mut path),
            Self::Cylinder => cylinder::outline(rect, &mut path),
            Self::Queue => queue::outline(rect, &mut path),
            Self::Package => package::outline(rect, &mut path),
            Self::Step => step::outline(rect, &mut path),
            Self::Callout => callout::outline(rect, &mut path),
            Self::StoredData => stored_data::outline(rect, &mut path),
            Self::Person => person::outline(rect, &mut path),
            Self::C4Person => c4_person::outline(rect, &mut path),
            Self::Diamond => diamond::outline(rect, &mut path),
            Self::Oval | Self::Circle => oval::outline(rect, &mut path),
            Self::Hexagon => hexagon::outline(rect, &mut path),
            Self::Cloud => cloud::outline(rect, &mut path),
            _ => rectangle::outline(rect, &mut path),
        }
        path.into_commands()
    }

    /// Strokes inside the outline that belong to the shape: the front of a cylinder's lid, a page's fold.
    pub fn details(self, rect: Rect) -> Vec<PathCommand> {
        let mut path = Path::new(rect);
        match self {
            Self::Page | Self::Note => page::details(rect, &mut path),
            Self::Cylinder => cylinder::details(rect, &mut path),
            Self::Queue => queue::details(rect, &mut path),
            Self::Package => package::details(rect, &mut path),
            _ => {}
        }
        path.into_commands()
    }

    /// Whether the outline is the rectangle itself, so that ends on its border need no clipping.
    pub fn is_rectangular(self) -> bool {
        matches!(
            self,
            Self::Rectangle
                | Self::Square
                | Self::Text
                | Self::Code
                | Self::Class
                | Self::SqlTable
                | Self::Image
                | Self::SequenceDiagram
                | Self::Hierarchy
                | Self::Span
        )
    }

    /// The end of an edge, moved along its last segment from the border of `rect` to the real outline.
    ///
    /// The segment comes from `outside` (the bend before the end, or any point of the segment outside
    /// `rect`) and ends at `border`. Axis-parallel segments stay exactly on their axis. Where the line
    /// misses the outline, or `outside` and `border` are one point, the answer is `border`.
    pub fn clip(self, rect: Rect, outside: Point, border: Point) -> Point {
        if self.is_rectangular() {
            return border;
        }
        // Past the far side lies nothing of this end: the edge leaves there, it does not arrive.
        first_hit(&self.outline(rect), outside, border)
            .filter(|hit| rect.inflate(0.5).contains(*hit))
            .unwrap_or(border)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENTS: [Size; 6] = [
        Size::new(0.0, 0.0),
        Size::new(40.0, 20.0),
        Size::new(180.0, 24.0),
        Size::new(150.0, 50.0),
        Size::new(60.0, 160.0),
        Size::new(900.0, 500.0),
    ];

    #[test]
    fn every_shape_holds_the_content_it_was_sized_for() {
        for &shape in Shape::ALL {
            for content in CONTENTS {
                let size = shape.size_for(content);
                let rect = Rect::at(Point::new(10.0, 20.0), size);
                let room = shape.content_rect(rect);
                if shape == Shape::Circle {
                    assert!(content.width.hypot(content.height) <= size.width + 1e-6);
                    continue;
                }
                assert!(
                    room.width >= content.width - 1e-6 && room.height >= content.height - 1e-6,
                    "{shape:?}: {content:?} in {room:?} of {size:?}"
                );
                assert!(rect.inflate(1e-6).contains_rect(room), "{shape:?}: {room:?} leaves {rect:?}");
            }
        }
    }

    #[test]
    fn outlines_stay_in_their_rectangle_even_when_it_is_tiny() {
        for &shape in Shape::ALL {
            for (width, height) in [(120.0, 60.0), (3.0, 2.0), (0.0, 0.0), (8.0, 400.0)] {
                let rect = Rect::new(5.0, -7.0, width, height);
                for command in shape.outline(rect).into_iter().chain(shape.details(rect)) {
                    if let PathCommand::MoveTo(p) | PathCommand::LineTo(p) | PathCommand::CubicTo(_, _, p) =
                        command
                    {
                        assert!(rect.inflate(1e-6).contains(p), "{shape:?} {rect:?}: {p:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn clip_moves_ends_to_the_outline() {
        let rect = Rect::new(0.0, 0.0, 100.0, 60.0);
        // A circle's rectangle: an arrow from the left at a quarter of the height.
        let square = Rect::new(0.0, 0.0, 100.0, 100.0);
        let end = Shape::Circle.clip(square, Point::new(-50.0, 25.0), Point::new(0.0, 25.0));
        assert_eq!(end.y, 25.0);
        assert!((end.x - (50.0 - (2500.0_f64 - 625.0).sqrt())).abs() < 0.1, "{end:?}");
        // A rhombus from above, left of its tip.
        let end = Shape::Diamond.clip(rect, Point::new(25.0, -40.0), Point::new(25.0, 0.0));
        assert_eq!(end, Point::new(25.0, 15.0));
        // A tip is met exactly.
        let end = Shape::Diamond.clip(rect, Point::new(50.0, -40.0), Point::new(50.0, 0.0));
        assert_eq!(end, Point::new(50.0, 0.0));
        // Rectangles leave the end alone.
        let end = Shape::Rectangle.clip(rect, Point::new(25.0, -40.0), Point::new(25.0, 0.0));
        assert_eq!(end, Point::new(25.0, 0.0));
        // A line that misses the shape stays where it was.
        let end = Shape::Diamond.clip(rect, Point::new(-10.0, -40.0), Point::new(-10.0, 0.0));
        assert_eq!(end, Point::new(-10.0, 0.0));
    }

    #[test]
    fn every_side_of_every_shape_can_be_reached() {
        for &shape in Shape::ALL {
            let rect = Rect::at(Point::default(), shape.size_for(Size::new(90.0, 40.0)));
            let middle = rect.center();
            for (outside, border) in [
                (Point::new(middle.x, -30.0), Point::new(middle.x, 0.0)),
                (Point::new(middle.x, rect.bottom() + 30.0), Point::new(middle.x, rect.bottom())),
                (Point::new(-30.0, middle.y), Point::new(0.0, middle.y)),
                (Point::new(rect.right() + 30.0, middle.y), Point::new(rect.right(), middle.y)),
            ] {
                let end = shape.clip(rect, outside, border);
                let moved = (end.x - border.x).abs() + (end.y - border.y).abs();
                assert!(moved < rect.width.max(rect.height) / 2.0, "{shape:?}: {border:?} -> {end:?}");
            }
        }
    }
}
