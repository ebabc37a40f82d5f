//! Packing of boxes that no edge ties together.

use spandrel_base::{Point, Size};

/// Puts boxes into rows, in order, and gives their corners and the room they need.
///
/// Several row widths are tried; the one whose room is smallest, measured with the aspect ratio to aim at
/// (width over height), is kept. One box stays at the corner.
pub(crate) fn rows(boxes: &[Size], gap: f64, aspect: f64) -> (Vec<Point>, Size) {
    let Some(widest) = boxes.iter().map(|b| b.width).reduce(f64::max) else {
        return (Vec::new(), Size::default());
    };
    let aspect = if aspect.is_finite() && aspect > 0.0 { aspect } else { 1.6 };
    let mut candidates: Vec<f64> = Vec::new();
    let mut sum = -gap;
    for b in boxes {
        sum += b.width + gap;
        candidates.push(sum.max(widest));
    }
    let area: f64 = boxes.iter().map(|b| (b.width + gap) * (b.height + gap)).sum();
    candidates.push((area * aspect).sqrt().max(widest));
    candidates.push((area * aspect * 1.3).sqrt().max(widest));
    candidates.truncate(64);
    let mut best: Option<(f64, Vec<Point>, Size)> = None;
    for width in candidates {
        let (places, size) = shelf(boxes, gap, width);
        // The scale at which a window of the wanted aspect shows all of it, and the room itself.
        let scale = size.width.max(size.height * aspect);
        let price = scale * scale / aspect + size.width * size.height;
        if best.as_ref().is_none_or(|b| price < b.0 * 0.999) {
            best = Some((price, places, size));
        }
    }
    best.map_or_else(|| (Vec::new(), Size::default()), |(_, places, size)| (places, size))
}

fn shelf(boxes: &[Size], gap: f64, limit: f64) -> (Vec<Point>, Size) {
    let mut places = Vec::with_capacity(boxes.len());
    let (mut x, mut y, mut row) = (0.0f64, 0.0f64, 0.0f64);
    let mut size = Size::default();
    for b in boxes {
        if x > 0.0 && x + b.width > limit + 1e-6 {
            x = 0.0;
            y += row + gap;
            row = 0.0;
        }
        places.push(Point::new(x, y));
        size.width = size.width.max(x + b.width);
        row = row.max(b.height);
        size.height = size.height.max(y + row);
        x += b.width + gap;
    }
    (places, size)
}
