//! Arrowheads as paths of their own: no markers, so that colours, sizes and every renderer agree.
//!
//! Each head is drawn along the x axis with its tip at the origin and its body at negative x, in units of
//! pixels for a line 1.5 pixels wide, then turned and moved to the end of the line.

use std::fmt::Write as _;

use spandrel_base::Point;
use spandrel_graph::{Arrowhead, ArrowheadShape};

use super::path::distance;
use super::xml::number;

/// What a head is made of.
pub(crate) struct Head {
    /// Path data, tip at the origin, body at negative x.
    path: &'static str,
    /// Inside in line colour, in ground colour, or not at all.
    fill: Fill,
    /// How far from the tip the line ends.
    pub(crate) length: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Fill {
    Line,
    Ground,
    None,
}

/// The head at one end: `None` where there is no arrow or the source says `none`.
pub(crate) fn head(has_arrow: bool, arrowhead: Option<&Arrowhead>) -> Option<Head> {
    if !has_arrow {
        return None;
    }
    let shape = shape_of(arrowhead);
    let (path, fill, length) = match shape {
        ArrowheadShape::None => return None,
        ArrowheadShape::Triangle => ("M0 0L-9 -4L-9 4Z", Fill::Line, 8.0),
        ArrowheadShape::UnfilledTriangle => ("M0 0L-10 -5L-10 5Z", Fill::Ground, 10.0),
        ArrowheadShape::Arrow => ("M0 0L-10 -4.5L-7.5 0L-10 4.5Z", Fill::Line, 7.0),
        ArrowheadShape::Diamond => ("M0 0L-7 -4.5L-14 0L-7 4.5Z", Fill::Ground, 14.0),
        ArrowheadShape::FilledDiamond => ("M0 0L-7 -4.5L-14 0L-7 4.5Z", Fill::Line, 13.0),
        ArrowheadShape::Circle => ("M0 0A4.5 4.5 0 1 1 -9 0A4.5 4.5 0 1 1 0 0Z", Fill::Ground, 9.0),
        ArrowheadShape::FilledCircle => ("M0 0A4.5 4.5 0 1 1 -9 0A4.5 4.5 0 1 1 0 0Z", Fill::Line, 8.0),
        ArrowheadShape::Box => ("M0 -4.5L-9 -4.5L-9 4.5L0 4.5Z", Fill::Ground, 9.0),
        ArrowheadShape::FilledBox => ("M0 -4.5L-9 -4.5L-9 4.5L0 4.5Z", Fill::Line, 8.0),
        ArrowheadShape::Line => ("M-8 -5L0 0L-8 5", Fill::None, 0.0),
        ArrowheadShape::Cross => ("M-3 -5L-13 5M-13 -5L-3 5", Fill::None, 0.0),
        ArrowheadShape::CfOne => ("M-6 -6L-6 6M-9 0A4 4 0 1 1 -17 0A4 4 0 1 1 -9 0Z", Fill::Ground, 0.0),
        ArrowheadShape::CfOneRequired => ("M-7 -6L-7 6M-12 -6L-12 6", Fill::None, 0.0),
        ArrowheadShape::CfMany => {
            ("M-11 0L0 -6M-11 0L0 6M-12 0A4 4 0 1 1 -20 0A4 4 0 1 1 -12 0Z", Fill::Ground, 0.0)
        }
        ArrowheadShape::CfManyRequired => ("M-11 0L0 -6M-11 0L0 6M-14 -6L-14 6", Fill::None, 0.0),
    };
    Some(Head { path, fill, length })
}

/// The keyword of the head that is drawn at an end with an arrow.
pub(crate) fn shape_of(arrowhead: Option<&Arrowhead>) -> ArrowheadShape {
    let shape = arrowhead.and_then(|head| head.shape).unwrap_or(ArrowheadShape::Triangle);
    match (shape, arrowhead.and_then(|head| head.style.filled)) {
        (ArrowheadShape::Triangle, Some(false)) => ArrowheadShape::UnfilledTriangle,
        (ArrowheadShape::Diamond, Some(true)) => ArrowheadShape::FilledDiamond,
        (ArrowheadShape::Circle, Some(true)) => ArrowheadShape::FilledCircle,
        (ArrowheadShape::Box, Some(true)) => ArrowheadShape::FilledBox,
        (shape, _) => shape,
    }
}

/// Heads grow with the line, but less than it does.
pub(crate) fn scale(stroke_width: f64) -> f64 {
    (0.55 + 0.3 * stroke_width).clamp(0.7, 3.5)
}

/// Writes `head` with its tip at `tip`, pointing away from `from`.
pub(crate) fn write(
    out: &mut String,
    head: &Head,
    tip: Point,
    from: Point,
    width: f64,
    color: &str,
    ground: &str,
) {
    let length = distance(from, tip);
    if length <= f64::EPSILON {
        return;
    }
    let (cos, sin) = ((tip.x - from.x) / length, (tip.y - from.y) / length);
    let s = scale(width);
    let fill = match head.fill {
        Fill::Line => color,
        Fill::Ground => ground,
        Fill::None => "none",
    };
    let stroke = if head.fill == Fill::Line { 1.0 } else { (width / s).min(2.0) };
    let n4 = |value: f64| {
        let value = (value * 10_000.0).round() / 10_000.0;
        if value == 0.0 { "0".to_owned() } else { value.to_string() }
    };
    let _ = write!(
        out,
        "<path d=\"{}\" transform=\"matrix({} {} {} {} {} {})\" fill=\"{fill}\" stroke=\"{color}\" stroke-width=\"{}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
        head.path,
        n4(cos * s),
        n4(sin * s),
        n4(-sin * s),
        n4(cos * s),
        number(tip.x),
        number(tip.y),
        number(stroke)
    );
}
