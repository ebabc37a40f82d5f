//! Grid diagrams: cells in rows and columns, as D2 documents them.
//!
//! Takes sizes and the container's keywords, gives rectangles. With both `grid-rows` and `grid-columns` all
//! rows are equally divided into the same columns; with one of them cells are dealt out so that all lines
//! (rows or columns) become about equally long, and are stretched to end together.

use spandrel_base::{Rect, Size};
use spandrel_graph::Attrs;

/// Gap between cells where the source names none, pixels: enough for an edge with room to turn.
const GAP: f64 = 36.0;
/// More rows, columns or gap than this serve nobody.
const MOST: f64 = 10_000.0;

/// What a source says about a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spec {
    rows: Option<usize>,
    columns: Option<usize>,
    /// Between rows.
    vertical_gap: f64,
    /// Between columns.
    horizontal_gap: f64,
}

impl Spec {
    /// Reads the keywords of a container or a board; `None` where it is no grid.
    pub(crate) fn of(attrs: &Attrs) -> Option<Self> {
        let count = |keyword: &str| {
            attrs.number(keyword).filter(|count| (1.0..=MOST).contains(count)).map(|count| count as usize)
        };
        let gap = |keyword: &str| {
            let own = attrs.number(keyword).or_else(|| attrs.number("grid-gap"));
            own.filter(|gap| (0.0..=MOST).contains(gap)).unwrap_or(GAP)
        };
        let (rows, columns) = (count("grid-rows"), count("grid-columns"));
        (rows.is_some() || columns.is_some()).then(|| Self {
            rows,
            columns,
            vertical_gap: gap("vertical-gap"),
            horizontal_gap: gap("horizontal-gap"),
        })
    }

    /// The smaller of the two gaps.
    pub(crate) fn least_gap(&self) -> f64 {
        self.vertical_gap.min(self.horizontal_gap)
    }
}

/// Places cells of at least `sizes` into a grid of at least `least`, from 0,0, and gives its size.
///
/// Ensures: cells do not overlap, keep the gaps, and are at least as large as asked.
pub(crate) fn arrange(sizes: &[Size], spec: &Spec, least: Size) -> (Vec<Rect>, Size) {
    if sizes.is_empty() {
        return (Vec::new(), least);
    }
    match (spec.rows, spec.columns) {
        (Some(rows), Some(columns)) => even(sizes, rows, columns, spec, least),
        (_, None) => {
            let lines = spec.rows.unwrap_or(1);
            balanced(sizes, lines, spec.horizontal_gap, spec.vertical_gap, least)
        }
        (None, Some(lines)) => {
            let turned: Vec<Size> = sizes.iter().map(|size| turn(*size)).collect();
            let (rects, size) = balanced(&turned, lines, spec.vertical_gap, spec.horizontal_gap, turn(least));
            (rects.into_iter().map(|r| Rect::new(r.y, r.x, r.height, r.width)).collect(), turn(size))
        }
    }
}

fn turn(size: Size) -> Size {
    Size::new(size.height, size.width)
}

/// Rows filled one after the other; more cells than places make more rows.
fn even(sizes: &[Size], rows: usize, columns: usize, spec: &Spec, least: Size) -> (Vec<Rect>, Size) {
    let columns = columns.min(sizes.len());
    let rows = rows.max(sizes.len().div_ceil(columns)).min(sizes.len());
    let mut widths = vec![0.0_f64; columns];
    let mut heights = vec![0.0_f64; rows];
    for (index, size) in sizes.iter().enumerate() {
        widths[index % columns] = widths[index % columns].max(size.width);
        heights[index / columns] = heights[index / columns].max(size.height);
    }
    let used = sizes.len().div_ceil(columns);
    heights.truncate(used);
    let width = stretch(&mut widths, spec.horizontal_gap, least.width);
    let height = stretch(&mut heights, spec.vertical_gap, least.height);
    let (xs, ys) = (starts(&widths, spec.horizontal_gap), starts(&heights, spec.vertical_gap));
    let rects = (0..sizes.len())
        .map(|index| {
            let (row, column) = (index / columns, index % columns);
            Rect::new(xs[column], ys[row], widths[column], heights[row])
        })
        .collect();
    (rects, Size::new(width, height))
}

/// Lines of about equal length, all stretched to the longest. `along` and `across` are the gaps.
fn balanced(sizes: &[Size], lines: usize, along: f64, across: f64, least: Size) -> (Vec<Rect>, Size) {
    let lines = lines.min(sizes.len());
    let mut rows = deal(sizes, lines, along);
    let mut width = least.width;
    for row in &rows {
        let needed: f64 = sizes[row.clone()].iter().map(|size| size.width + along).sum::<f64>() - along;
        width = width.max(needed);
    }
    let mut heights: Vec<f64> = rows
        .iter()
        .map(|row| sizes[row.clone()].iter().map(|size| size.height).fold(0.0, f64::max))
        .collect();
    let height = stretch(&mut heights, across, least.height);
    let ys = starts(&heights, across);
    let mut rects = Vec::with_capacity(sizes.len());
    for (index, row) in rows.drain(..).enumerate() {
        let mut widths: Vec<f64> = sizes[row].iter().map(|size| size.width).collect();
        stretch(&mut widths, along, width);
        for (x, width) in starts(&widths, along).into_iter().zip(&widths) {
            rects.push(Rect::new(x, ys[index], *width, heights[index]));
        }
    }
    (rects, Size::new(width, height))
}

/// Deals cells out to exactly `lines` lines in order, so that the longest line is as short as it can be.
///
/// The least possible length is found by halving an interval: whether a length suffices is seen by filling
/// lines greedily. Cost: O(n) for each of a fixed number of halvings.
fn deal(sizes: &[Size], lines: usize, gap: f64) -> Vec<std::ops::Range<usize>> {
    let widest = sizes.iter().map(|size| size.width).fold(0.0, f64::max);
    let all: f64 = sizes.iter().map(|size| size.width + gap).sum();
    let (mut low, mut high) = (widest, all.max(widest));
    for _ in 0..48 {
        let middle = f64::midpoint(low, high);
        if fill(sizes, lines, gap, middle).len() <= lines {
            high = middle;
        } else {
            low = middle;
        }
    }
    fill(sizes, lines, gap, high + 1e-6)
}

/// Fills lines up to `limit`; late lines get at least one cell each where there are enough.
fn fill(sizes: &[Size], lines: usize, gap: f64, limit: f64) -> Vec<std::ops::Range<usize>> {
    let mut filled = Vec::new();
    let (mut start, mut used) = (0, 0.0);
    for (index, size) in sizes.iter().enumerate() {
        let wider = if index == start { size.width } else { used + gap + size.width };
        let lines_left = lines.saturating_sub(filled.len() + 1);
        let cells_left = sizes.len() - index;
        if index > start && (wider > limit || cells_left <= lines_left) {
            filled.push(start..index);
            start = index;
            used = size.width;
        } else {
            used = wider;
        }
    }
    filled.push(start..sizes.len());
    filled
}

/// Grows `lengths` evenly until they and the gaps between them reach `least`; gives what they reach.
fn stretch(lengths: &mut [f64], gap: f64, least: f64) -> f64 {
    let total: f64 = lengths.iter().sum::<f64>() + gap * lengths.len().saturating_sub(1) as f64;
    if least > total && !lengths.is_empty() {
        let share = (least - total) / lengths.len() as f64;
        for length in lengths.iter_mut() {
            *length += share;
        }
        return least;
    }
    total
}

fn starts(lengths: &[f64], gap: f64) -> Vec<f64> {
    let mut at = 0.0;
    lengths
        .iter()
        .map(|length| {
            let start = at;
            at += length + gap;
            start
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(rows: Option<usize>, columns: Option<usize>) -> Spec {
        Spec { rows, columns, vertical_gap: 10.0, horizontal_gap: 10.0 }
    }

    fn cells(widths: &[f64]) -> Vec<Size> {
        widths.iter().map(|width| Size::new(*width, 20.0)).collect()
    }

    #[test]
    fn both_given_makes_columns_line_up() {
        let (rects, size) =
            arrange(&cells(&[50.0, 20.0, 30.0, 40.0]), &spec(Some(2), Some(2)), Size::default());
        assert_eq!(size, Size::new(100.0, 50.0));
        assert_eq!(rects[1], Rect::new(60.0, 0.0, 40.0, 20.0));
        assert_eq!(rects[3], Rect::new(60.0, 30.0, 40.0, 20.0));
    }

    #[test]
    fn more_cells_than_places_make_more_rows() {
        let (rects, size) = arrange(&cells(&[20.0; 5]), &spec(Some(2), Some(2)), Size::default());
        assert_eq!(size, Size::new(50.0, 80.0));
        assert_eq!(rects[4].y, 60.0);
    }

    #[test]
    fn one_given_balances_lines_and_stretches_them() {
        let (rects, size) =
            arrange(&cells(&[100.0, 30.0, 30.0, 20.0]), &spec(Some(2), None), Size::default());
        // 100 above, 30 + 30 + 20 and two gaps below.
        assert_eq!(rects.iter().filter(|rect| rect.y == 0.0).count(), 1);
        assert_eq!(size, Size::new(100.0, 50.0));
        assert_eq!(rects[3].right(), 100.0);
        let (rects, _) = arrange(&cells(&[10.0; 6]), &spec(None, Some(3)), Size::default());
        assert_eq!(rects.iter().filter(|rect| rect.x == 0.0).count(), 2);
    }

    #[test]
    fn there_are_as_many_lines_as_asked_while_cells_last() {
        for count in 1..12 {
            for lines in 1..12 {
                let widths: Vec<f64> = (0..count).map(|n| 10.0 + f64::from(n * 37 % 50)).collect();
                let (rects, size) = arrange(&cells(&widths), &spec(Some(lines), None), Size::new(7.0, 7.0));
                let mut rows: Vec<i64> = rects.iter().map(|rect| rect.y as i64).collect();
                rows.dedup();
                assert_eq!(rows.len(), lines.min(widths.len()));
                for (index, a) in rects.iter().enumerate() {
                    assert!(a.width >= widths[index] && a.right() <= size.width + 1e-6);
                    assert!(rects[index + 1..].iter().all(|b| !a.overlaps(*b)));
                }
            }
        }
    }

    #[test]
    fn the_room_that_is_asked_for_is_filled() {
        let (rects, size) = arrange(&cells(&[20.0, 20.0]), &spec(Some(1), None), Size::new(90.0, 60.0));
        assert_eq!(size, Size::new(90.0, 60.0));
        assert_eq!(rects[1], Rect::new(50.0, 0.0, 40.0, 60.0));
    }
}
