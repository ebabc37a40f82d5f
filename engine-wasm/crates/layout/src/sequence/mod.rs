//! Sequence diagrams: actors side by side, time downwards.
//!
//! ```text
//!  ┌────┐      ┌────┐
//!  │ A  │      │ B  │     actors, feet on one line
//!  └─┬──┘      └─┬──┘
//!    │   label   │        one row for each message, in the order of the source
//!    ├──────────▶█        a span covers its messages
//!    │           █──┐     a message to oneself
//!    │           █◀─┘
//!    ╎           ╎        lifelines: marks of their actors
//! ```
//!
//! Takes a board, the container (`None`: the board itself) and the measures; gives places relative to the
//! top-left corner of the content.

mod roles;

use std::collections::BTreeMap;

use spandrel_base::{LeanSort, Point, Rect, Size};
use spandrel_graph::{Board, EdgeId, NodeId};

use crate::compose::Inner;
use crate::drawing::{Mark, PlacedEdge, Route, Side};
use crate::measured::Measured;

use roles::is_written_in;
pub use roles::{Role, roles};

/// Between two actors, pixels.
const ACTOR_GAP: f64 = 40.0;
/// From the actors to the first message, and from the last to the end of the lifelines.
const LEAD: f64 = 28.0;
/// Between the rows of two messages, beyond their labels.
const ROW: f64 = 30.0;
/// Beside a label, between it and the lifelines.
const LABEL_SIDE: f64 = 18.0;
/// Width of a span, and how far a span on a span stands to its side.
const SPAN: f64 = 12.0;
const NESTED: f64 = 6.0;
/// How far a span reaches above its first and below its last message.
const SPAN_REACH: f64 = 10.0;
/// How far a message to oneself goes to the side, and down.
const LOOP: (f64, f64) = (36.0, 26.0);
/// Around what a group holds.
const GROUP_PADDING: f64 = 14.0;
/// How much less each nested group has at its sides, levels beyond the third alike.
const GROUP_NESTING: f64 = 8.0;

/// One thing that happens.
#[derive(Clone, Copy)]
enum Event {
    Message(EdgeId),
    Note(NodeId),
}

/// Lays out the inside of a sequence diagram.
pub(crate) fn lay_out(board: &Board, container: Option<NodeId>, measured: &Measured) -> Inner {
    let roles = roles(board);
    let inside = |id: NodeId| match container {
        None => true,
        Some(container) => id != container && board.is_inside(id, container),
    };
    let members: Vec<NodeId> = board.nodes.ids().filter(|id| inside(*id)).collect();
    let of = |role: Role| -> Vec<NodeId> {
        members.iter().copied().filter(|id| roles[*id] == Some(role)).collect()
    };
    let actors = of(Role::Actor);
    let groups = of(Role::Group);
    // To which actor, by place, each node belongs.
    let mut lane: BTreeMap<NodeId, usize> = actors.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    for &id in &members {
        if let Some(&at) = board.nodes[id].parent.and_then(|parent| lane.get(&parent)) {
            lane.entry(id).or_insert(at);
        }
    }
    let messages: Vec<EdgeId> = board
        .edges
        .entries()
        .filter(|(_, edge)| lane.contains_key(&edge.src) && lane.contains_key(&edge.dst))
        .map(|(id, _)| id)
        .collect();
    let events = in_order(board, &messages, &of(Role::Note));
    let held = held_by_groups(board, &groups, &events);

    let centers = columns(board, measured, &actors, &lane, &events);
    let heads = actors.iter().map(|id| measured.nodes[*id].size.height).fold(0.0, f64::max);

    let mut sketch = Sketch { board, measured, lane: &lane, inner: Inner::default(), reach: BTreeMap::new() };
    for (at, &id) in actors.iter().enumerate() {
        let size = measured.nodes[id].size;
        let rect = Rect::new(centers[at] - size.width / 2.0, heads - size.height, size.width, size.height);
        sketch.inner.nodes.push((id, rect));
    }
    let spans = of(Role::Span);
    let mut y = heads + LEAD;
    let mut frames: BTreeMap<NodeId, Frame> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        for (group, range) in groups.iter().zip(&held) {
            if range.first() == Some(&index) {
                let title = measured.nodes[*group].label.as_ref().map_or(0.0, |label| label.size.height);
                frames.insert(*group, Frame { top: y, bottom: y, ..Frame::default() });
                y += title + GROUP_PADDING;
            }
        }
        let (bottom, extent) = match *event {
            Event::Message(id) => sketch.message(id, y, &centers),
            Event::Note(id) => sketch.note(id, y, &centers),
        };
        for (group, range) in groups.iter().zip(&held) {
            if range.contains(&index)
                && let Some(frame) = frames.get_mut(group)
            {
                frame.cover(extent);
            }
        }
        y = bottom;
        for (group, range) in groups.iter().zip(&held).rev() {
            if range.last() == Some(&index)
                && let Some(frame) = frames.get_mut(group)
            {
                frame.bottom = y;
                y += GROUP_PADDING;
            }
        }
        y += ROW - GROUP_PADDING.min(ROW);
    }
    sketch.spans(&spans, &centers, y);
    sketch.ends();
    let end = y + LEAD - ROW / 2.0;
    for (at, &id) in actors.iter().enumerate() {
        let (from, to) = (Point::new(centers[at], heads), Point::new(centers[at], end));
        sketch.inner.marks.push(Mark { node: id, from, to });
    }
    let mut inner = sketch.inner;
    frames_of(board, measured, &groups, &frames, &held, &mut inner);
    finish(inner, end)
}

/// Messages and notes as the source has them; those from imports stand behind in order of appearance.
fn in_order(board: &Board, messages: &[EdgeId], notes: &[NodeId]) -> Vec<Event> {
    let place = |origins: &[spandrel_graph::Origin]| {
        origins.iter().find(|origin| origin.path.is_none()).map_or(u32::MAX, |origin| origin.whole.start)
    };
    let mut events: Vec<(u32, Event)> = Vec::with_capacity(messages.len() + notes.len());
    events.extend(messages.iter().map(|&id| (place(&board.edges[id].origins), Event::Message(id))));
    events.extend(notes.iter().map(|&id| (place(&board.nodes[id].origins), Event::Note(id))));
    events.lean_sort_by_key(|(place, _)| *place);
    events.into_iter().map(|(_, event)| event).collect()
}

/// The indices of the events that each group holds, ascending.
fn held_by_groups(board: &Board, groups: &[NodeId], events: &[Event]) -> Vec<Vec<usize>> {
    let is_held = |group: NodeId, event: &Event| {
        let origins = match event {
            Event::Message(id) => &board.edges[*id].origins,
            Event::Note(id) => &board.nodes[*id].origins,
        };
        origins.first().is_some_and(|origin| is_written_in(board, origin, group))
    };
    groups
        .iter()
        .map(|&group| (0..events.len()).filter(|index| is_held(group, &events[*index])).collect())
        .collect()
}

/// The x of every lifeline: far enough apart for the actors and for what is written between them.
fn columns(
    board: &Board,
    measured: &Measured,
    actors: &[NodeId],
    lane: &BTreeMap<NodeId, usize>,
    events: &[Event],
) -> Vec<f64> {
    let width = |at: usize| measured.nodes[actors[at]].size.width;
    let mut gaps: Vec<f64> =
        (1..actors.len()).map(|at| f64::midpoint(width(at - 1), width(at)) + ACTOR_GAP).collect();
    let mut wide: Vec<(usize, usize, f64)> = Vec::new();
    for event in events {
        match *event {
            Event::Message(id) => {
                let edge = &board.edges[id];
                let label = measured.edges[id].label.as_ref().map_or(0.0, |label| label.size.width);
                let (a, b) = (lane[&edge.src].min(lane[&edge.dst]), lane[&edge.src].max(lane[&edge.dst]));
                if a == b {
                    let room = LOOP.0 + label + 2.0 * LABEL_SIDE;
                    if let Some(gap) = gaps.get_mut(a) {
                        *gap = gap.max(room);
                    }
                } else {
                    wide.push((a, b, label + 2.0 * LABEL_SIDE + SPAN));
                }
            }
            Event::Note(id) => {
                let (at, half) = (lane[&id], measured.nodes[id].size.width / 2.0 + LABEL_SIDE);
                if at > 0 {
                    gaps[at - 1] = gaps[at - 1].max(half);
                }
                if let Some(gap) = gaps.get_mut(at) {
                    *gap = gap.max(half);
                }
            }
        }
    }
    // Neighbours first: what they need is certain. Longer messages share out what is still missing.
    wide.lean_sort_by_key(|(a, b, _)| b - a);
    for (a, b, needed) in wide {
        let has: f64 = gaps[a..b].iter().sum();
        if needed > has {
            let share = (needed - has) / (b - a) as f64;
            gaps[a..b].iter_mut().for_each(|gap| *gap += share);
        }
    }
    let mut x = if actors.is_empty() { 0.0 } else { width(0) / 2.0 };
    let mut centers = vec![x.round(); actors.len()];
    for (at, gap) in gaps.iter().enumerate() {
        x += gap;
        centers[at + 1] = x.round();
    }
    centers
}

/// What is drawn so far.
struct Sketch<'a> {
    board: &'a Board,
    measured: &'a Measured,
    lane: &'a BTreeMap<NodeId, usize>,
    inner: Inner,
    /// From where to where each span reaches, by its messages.
    reach: BTreeMap<NodeId, (f64, f64)>,
}

/// The horizontal extent of a group's content, and its height.
#[derive(Clone, Copy, Default)]
struct Frame {
    top: f64,
    bottom: f64,
    sides: Option<(f64, f64)>,
}

impl Frame {
    fn cover(&mut self, (left, right): (f64, f64)) {
        self.sides = Some(match self.sides {
            Some((l, r)) => (l.min(left), r.max(right)),
            None => (left, right),
        });
    }
}

impl Sketch<'_> {
    /// Draws a message from row `y` on; gives the y below it and its horizontal extent.
    fn message(&mut self, id: EdgeId, y: f64, centers: &[f64]) -> (f64, (f64, f64)) {
        let edge = &self.board.edges[id];
        let label = self.measured.edges[id].label.as_ref().map(|label| label.size);
        let room = label.unwrap_or_default();
        let (from, to) = (centers[self.lane[&edge.src]], centers[self.lane[&edge.dst]]);
        let own = self.lane[&edge.src] == self.lane[&edge.dst];
        let (points, at, bottom, extent) = if own {
            let top = y + 4.0;
            let below = top + LOOP.1.max(room.height + 6.0);
            let right = from + LOOP.0;
            let points = vec![
                Point::new(from, top),
                Point::new(right, top),
                Point::new(right, below),
                Point::new(to, below),
            ];
            let at = Point::new(right + 6.0, f64::midpoint(top, below) - room.height / 2.0);
            (points, at, below, (from - SPAN, right + 6.0 + room.width))
        } else {
            // The label stands on the line: half of it above, half below.
            let line = y + room.height / 2.0;
            let at = Point::new(f64::midpoint(from, to) - room.width / 2.0, y);
            let extent = (from.min(to) - SPAN, from.max(to) + SPAN);
            (vec![Point::new(from, line), Point::new(to, line)], at, y + room.height.max(4.0), extent)
        };
        for (node, y) in [(edge.src, points[0].y), (edge.dst, points[points.len() - 1].y)] {
            self.touch(node, y);
        }
        let (src_side, dst_side) = match (own, to > from) {
            (true, _) => (Side::East, Side::East),
            (_, true) => (Side::East, Side::West),
            _ => (Side::West, Side::East),
        };
        let placed = PlacedEdge {
            route: Route { points, spline: false, src_side, dst_side },
            label: label.map(|size| Rect::at(at, size)),
            ..PlacedEdge::default()
        };
        self.inner.edges.push((id, placed));
        (bottom, extent)
    }

    /// Remembers that something happens on a span, and on those that hold it.
    fn touch(&mut self, node: NodeId, y: f64) {
        let mut at = Some(node);
        while let Some(id) = at.filter(|id| self.lane.contains_key(id)) {
            let reach = self.reach.entry(id).or_insert((y, y));
            *reach = (reach.0.min(y), reach.1.max(y));
            at = self.board.nodes[id].parent;
        }
    }

    /// Puts a note on its lifeline.
    fn note(&mut self, id: NodeId, y: f64, centers: &[f64]) -> (f64, (f64, f64)) {
        let size = self.measured.nodes[id].size;
        let rect = Rect::at(Point::new(centers[self.lane[&id]] - size.width / 2.0, y), size);
        self.inner.nodes.push((id, rect));
        if let Some(parent) = self.board.nodes[id].parent {
            self.touch(parent, rect.y);
            self.touch(parent, rect.bottom());
        }
        (rect.bottom(), (rect.x, rect.right()))
    }

    /// Draws the spans as bars over what happens on them; one where nothing happens stands at the end.
    fn spans(&mut self, spans: &[NodeId], centers: &[f64], end: f64) {
        for &id in spans {
            let (top, bottom) = self.reach.get(&id).copied().unwrap_or((end, end));
            let level = self.level(id);
            let reach = (SPAN_REACH - 2.0 * level).max(3.0);
            let x = centers[self.lane[&id]] - SPAN / 2.0 + level * NESTED;
            self.inner.nodes.push((id, Rect::new(x, top - reach, SPAN, bottom - top + 2.0 * reach)));
        }
    }

    /// How many spans a node lies in.
    fn level(&self, id: NodeId) -> f64 {
        let parents = self.board.ancestors(id).take_while(|id| self.lane.contains_key(id));
        parents.count().saturating_sub(1).min(8) as f64
    }

    /// Moves the ends of messages from the lifelines to the borders of the spans they belong to.
    fn ends(&mut self) {
        let bars: BTreeMap<NodeId, Rect> = self.inner.nodes.iter().copied().collect();
        for (id, placed) in &mut self.inner.edges {
            let edge = &self.board.edges[*id];
            let last = placed.route.points.len() - 1;
            for (node, index, side) in
                [(edge.src, 0, placed.route.src_side), (edge.dst, last, placed.route.dst_side)]
            {
                // Actors take part by their lifelines, not by their boxes.
                let is_span =
                    self.board.nodes[node].parent.is_some_and(|parent| self.lane.contains_key(&parent));
                if let (true, Some(bar)) = (is_span, bars.get(&node)) {
                    placed.route.points[index].x = if side == Side::West { bar.x } else { bar.right() };
                }
            }
            // The label goes to the middle of what is left of the line.
            if let (2, Some(label)) = (placed.route.points.len(), &mut placed.label) {
                let (a, b) = (placed.route.points[0].x, placed.route.points[1].x);
                label.x = f64::midpoint(a, b) - label.width / 2.0;
            }
        }
    }
}

/// The rectangles of groups: around their messages, wider the more they hold.
fn frames_of(
    board: &Board,
    measured: &Measured,
    groups: &[NodeId],
    frames: &BTreeMap<NodeId, Frame>,
    held: &[Vec<usize>],
    inner: &mut Inner,
) {
    for (&id, events) in groups.iter().zip(held) {
        let title = measured.nodes[id].label.as_ref().map_or(Size::default(), |label| label.size);
        let Some((frame, (left, right))) = frames.get(&id).and_then(|frame| Some((*frame, frame.sides?)))
        else {
            // A group without messages: nothing but its title, below everything.
            let at = inner.nodes.iter().map(|(_, rect)| rect.bottom()).fold(0.0, f64::max);
            inner.nodes.push((id, Rect::new(0.0, at + LEAD, title.width + 32.0, title.height + 16.0)));
            continue;
        };
        debug_assert!(!events.is_empty());
        let depth = board.ancestors(id).filter(|ancestor| groups.contains(ancestor)).count().min(3) as f64;
        let padding = GROUP_PADDING + (3.0 - depth) * GROUP_NESTING;
        let left = left - padding;
        let width = (right + padding - left).max(title.width + 32.0);
        inner
            .nodes
            .push((id, Rect::new(left, frame.top - 2.0, width, frame.bottom - frame.top + GROUP_PADDING)));
    }
}

/// Moves everything so that it begins at 0,0, and says how large it is.
fn finish(mut inner: Inner, end: f64) -> Inner {
    let mut bounds: Option<Rect> = None;
    let mut cover = |rect: Rect| bounds = Some(bounds.map_or(rect, |bounds| bounds.union(rect)));
    inner.nodes.iter().for_each(|(_, rect)| cover(*rect));
    for (_, edge) in &inner.edges {
        edge.label.into_iter().for_each(&mut cover);
        edge.route.points.iter().for_each(|point| cover(Rect::new(point.x, point.y, 0.0, 0.0)));
    }
    for mark in &inner.marks {
        cover(Rect::new(mark.to.x, end, 0.0, 0.0));
    }
    let bounds = bounds.unwrap_or_default();
    inner.offset(-bounds.x, -bounds.y);
    inner.size = bounds.size();
    inner
}

#[cfg(test)]
mod tests;
