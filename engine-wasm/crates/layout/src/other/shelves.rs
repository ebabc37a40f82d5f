//! Rectangles in rows, and the choice of how wide the rows are.

use spandrel_base::{Point, Size};

/// How many row widths are tried.
const TRIES: usize = 24;

/// A packing: where each rectangle's top-left corner goes, and what all of them cover. Origin 0,0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Packed {
    pub(super) corners: Vec<Point>,
    pub(super) size: Size,
}

impl Packed {
    /// How badly it fills a screen of the aspect ratio: the height of the smallest such screen that holds
    /// it. Less is better.
    fn screen_height(&self, aspect: f64) -> f64 {
        (self.size.width / aspect).max(self.size.height)
    }
}

/// Runs `pack` with a series of row widths and keeps the packing that fits the smallest screen of the given
/// aspect ratio, the smaller area where two fit equally. The first of equals wins, so the result is stable.
///
/// Widths go from the widest rectangle to all in one row, denser around the width of a perfect packing.
pub(super) fn best_width(sizes: &[Size], gap: f64, aspect: f64, pack: impl Fn(f64) -> Packed) -> Packed {
    let widest = sizes.iter().fold(0.0_f64, |most, size| most.max(size.width));
    let area: f64 = sizes.iter().map(|size| (size.width + gap) * (size.height + gap)).sum();
    let perfect = (area * aspect).sqrt().max(widest);
    let row = sizes.iter().map(|size| size.width + gap).sum::<f64>().max(widest);
    // Large sets differ little from one width to the next: fewer tries keep them quick.
    let tries = if sizes.len() > 2_000 { 8 } else { TRIES };
    let mut best: Option<Packed> = None;
    for step in 0..=tries {
        let share = step as f64 / tries as f64;
        let width = if step == tries { row } else { (perfect * (0.75 + 0.9 * share)).max(widest).min(row) };
        let packed = pack(width);
        let (screen, covered) = (packed.screen_height(aspect), packed.size.width * packed.size.height);
        let better = best.as_ref().is_none_or(|best| {
            let (least, smallest) = (best.screen_height(aspect), best.size.width * best.size.height);
            screen < least - 1e-6 || (screen < least + 1e-6 && covered < smallest - 1e-6)
        });
        if better {
            best = Some(packed);
        }
    }
    best.unwrap_or_default()
}

/// Rectangles from left to right in the order given, a new row where the next would pass `width`.
pub(super) fn rows(sizes: &[Size], gap: f64, width: f64) -> Packed {
    let mut packed = Packed { corners: Vec::with_capacity(sizes.len()), size: Size::default() };
    let (mut x, mut y, mut height) = (0.0, 0.0, 0.0_f64);
    for size in sizes {
        if x > 0.0 && x + size.width > width + 1e-6 {
            (x, y, height) = (0.0, y + height + gap, 0.0);
        }
        packed.corners.push(Point::new(x, y));
        packed.size = packed.size.max(Size::new(x + size.width, y + size.height));
        height = height.max(size.height);
        x += size.width + gap;
    }
    packed
}

/// Rectangles placed one by one as high as they fit, then as far left, between the sides 0 and `width`:
/// the skyline heuristic (Burke, Kendall, Whitwell 2004). O(n · s) with s steps of the skyline.
pub(super) fn skyline(sizes: &[Size], gap: f64, width: f64) -> Packed {
    /// A stretch of the lower border of what is placed: from `x`, `width` wide, at height `y`.
    struct Step {
        x: f64,
        width: f64,
        y: f64,
    }
    let mut packed = Packed { corners: Vec::with_capacity(sizes.len()), size: Size::default() };
    // Every rectangle is taken with its gap to the right and below; the frame is one gap wider.
    let frame = width + gap;
    let mut sky = vec![Step { x: 0.0, width: frame, y: 0.0 }];
    for size in sizes {
        let (w, h) = (size.width + gap, size.height + gap);
        // The lowest place: try the left end of every step.
        let mut best: Option<(f64, usize)> = None;
        for first in 0..sky.len() {
            if first > 0 && sky[first].x + w > frame + 1e-6 {
                break;
            }
            let (mut y, mut covered) = (0.0_f64, 0.0);
            for step in &sky[first..] {
                y = y.max(step.y);
                covered += step.width;
                if covered >= w - 1e-9 || best.is_some_and(|(least, _)| y >= least) {
                    break;
                }
            }
            if best.is_none_or(|(least, _)| y < least - 1e-9) {
                best = Some((y, first));
            }
        }
        let Some((y, first)) = best else { continue };
        let x = sky[first].x;
        packed.corners.push(Point::new(x, y));
        packed.size = packed.size.max(Size::new(x + size.width, y + size.height));
        // Cut what lies under the rectangle out of the skyline.
        let end = x + w;
        let mut last = first;
        while last < sky.len() && sky[last].x + sky[last].width <= end + 1e-9 {
            last += 1;
        }
        if let Some(step) = sky.get_mut(last) {
            let cut = end - step.x;
            if cut > 0.0 {
                (step.x, step.width) = (end, step.width - cut);
            }
        }
        sky.splice(first..last, [Step { x, width: w, y: y + h }]);
        let before = first.checked_sub(1).filter(|&before| (sky[before].y - sky[first].y).abs() < 1e-9);
        if let Some(before) = before {
            sky[before].width += sky[first].width;
            sky.remove(first);
        }
    }
    packed
}
