//! Objects that the source puts near something: titles and legends at the edge of the board, notes beside
//! another object.

use spandrel_base::{Point, Rect, Size};

use crate::measure::{Anchor, Position};

/// Between the drawing and what stands around it, pixels.
const GAP: f64 = 28.0;
/// Between an object and what stands beside it.
const BESIDE: f64 = 20.0;

/// Where a thing of `size` goes near a constant (`top-center`): around `drawing`, outside it. Things at
/// the same constant stack away from the drawing: `taken` holds what stands around it already.
pub(crate) fn around(position: Position, size: Size, drawing: Rect, taken: &mut Vec<Rect>) -> Rect {
    let along = |anchor, start: f64, extent: f64, own: f64| match anchor {
        Anchor::Start => start,
        Anchor::Middle => start + (extent - own) / 2.0,
        Anchor::End => start + extent - own,
    };
    let mut at = match (position.y, position.x) {
        (Anchor::Start, x) => {
            Point::new(along(x, drawing.x, drawing.width, size.width), drawing.y - GAP - size.height)
        }
        (Anchor::End, x) => {
            Point::new(along(x, drawing.x, drawing.width, size.width), drawing.bottom() + GAP)
        }
        (Anchor::Middle, Anchor::Start) => Point::new(
            drawing.x - GAP - size.width,
            along(Anchor::Middle, drawing.y, drawing.height, size.height),
        ),
        (Anchor::Middle, _) => {
            Point::new(drawing.right() + GAP, along(Anchor::Middle, drawing.y, drawing.height, size.height))
        }
    };
    // Away from the drawing until nothing else is there.
    let step = |at: Point, other: Rect| match (position.y, position.x) {
        (Anchor::Start, _) => Point::new(at.x, other.y - BESIDE - size.height),
        (Anchor::End, _) => Point::new(at.x, other.bottom() + BESIDE),
        (_, Anchor::Start) => Point::new(other.x - BESIDE - size.width, at.y),
        _ => Point::new(other.right() + BESIDE, at.y),
    };
    // Each step leaves one of them behind for good.
    for _ in 0..=taken.len() {
        match taken.iter().find(|other| other.overlaps(Rect::at(at, size))) {
            Some(&other) => at = step(at, other),
            None => break,
        }
    }
    let rect = Rect::at(at, size);
    taken.push(rect);
    rect
}

/// Where a thing of `size` goes beside `object`: at the first of its four sides where nothing of `others`
/// is in the way, to the right of everything where all are taken.
pub(crate) fn beside(size: Size, object: Rect, others: &[Rect]) -> Rect {
    let middle = object.center();
    let (cx, cy) = (middle.x - size.width / 2.0, middle.y - size.height / 2.0);
    let sides = [
        Point::new(object.right() + BESIDE, cy),
        Point::new(object.x - BESIDE - size.width, cy),
        Point::new(cx, object.bottom() + BESIDE),
        Point::new(cx, object.y - BESIDE - size.height),
    ];
    let free = |at: &&Point| {
        let rect = Rect::at(**at, size).inflate(BESIDE / 2.0);
        others.iter().all(|other| {
            !other.overlaps(rect)
                || other.contains_rect(object) && *other != object && other.contains_rect(rect)
        })
    };
    let corner = sides.iter().find(free).copied().unwrap_or_else(|| {
        let right = others.iter().map(|other| other.right()).fold(object.right(), f64::max);
        Point::new(right + BESIDE, cy)
    });
    Rect::at(corner, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWING: Rect = Rect::new(0.0, 0.0, 400.0, 300.0);
    const SIZE: Size = Size::new(100.0, 40.0);

    #[test]
    fn constants_stand_around_the_drawing() {
        let mut taken = Vec::new();
        let mut place = |keyword| around(Position::from_keyword(keyword).unwrap(), SIZE, DRAWING, &mut taken);
        assert_eq!(place("top-center"), Rect::new(150.0, -68.0, 100.0, 40.0));
        assert_eq!(place("bottom-right"), Rect::new(300.0, 328.0, 100.0, 40.0));
        assert_eq!(place("center-left"), Rect::new(-128.0, 130.0, 100.0, 40.0));
        // A second title stands above the first.
        assert_eq!(place("top-center"), Rect::new(150.0, -128.0, 100.0, 40.0));
    }

    #[test]
    fn beside_takes_the_first_free_side() {
        let object = Rect::new(100.0, 100.0, 80.0, 40.0);
        assert_eq!(beside(SIZE, object, &[object]).x, 200.0);
        let right = Rect::new(190.0, 90.0, 50.0, 50.0);
        assert_eq!(beside(SIZE, object, &[object, right]).x, -20.0);
    }
}
