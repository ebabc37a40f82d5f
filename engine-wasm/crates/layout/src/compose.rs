//! Boards with insides that the layered layout does not lay out: grids, sequence diagrams, and objects
//! near something.
//!
//! Reduce, lay out, expand. From the innermost outwards every special inside is laid out by its own rules
//! and from then on counts as one box of fixed size; what remains is laid out as ever; then the insides
//! are put back, and edges that lead into them are led on to their real ends. No recursion: insides are
//! kept by the node they fill.

use std::collections::{BTreeMap, BTreeSet};

use spandrel_base::{Budget, IdVec, LeanSort, Point, Rect, Size};
use spandrel_graph::{Board, Edge, EdgeId, NodeId, Shape};

use crate::around::{End, Taken, elbow, route};
use crate::diagram::{self, Options};
use crate::drawing::{Drawing, Mark, PlacedEdge, PlacedNode, Route, Side};
use crate::grid::{self, Spec};
use crate::layered::simplify;
use crate::measure::{Position, inside};
use crate::measured::{Measured, MeasuredEdge, MeasuredNode, TextBlock};
use crate::stored::StoredDrawing;
use crate::{near, sequence};

/// What fills a container, relative to a corner.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Inner {
    /// All of it together.
    pub(crate) size: Size,
    /// Where nodes stand.
    pub(crate) nodes: Vec<(NodeId, Rect)>,
    /// Where edges run.
    pub(crate) edges: Vec<(EdgeId, PlacedEdge)>,
    /// Lifelines.
    pub(crate) marks: Vec<Mark>,
}

impl Inner {
    /// Moves everything.
    pub(crate) fn offset(&mut self, dx: f64, dy: f64) {
        for (_, rect) in &mut self.nodes {
            *rect = rect.offset(dx, dy);
        }
        for (_, edge) in &mut self.edges {
            *edge = moved(edge, dx, dy);
        }
        for mark in &mut self.marks {
            (mark.from, mark.to) = (mark.from.offset(dx, dy), mark.to.offset(dx, dy));
        }
    }
}

fn moved(edge: &PlacedEdge, dx: f64, dy: f64) -> PlacedEdge {
    let rect = |rect: Option<Rect>| rect.map(|rect| rect.offset(dx, dy));
    PlacedEdge {
        route: Route {
            points: edge.route.points.iter().map(|point| point.offset(dx, dy)).collect(),
            ..edge.route.clone()
        },
        label: rect(edge.label),
        src_label: rect(edge.src_label),
        dst_label: rect(edge.dst_label),
    }
}

/// How the inside of a node, or of the board, is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Special {
    Grid(Spec),
    Sequence,
}

/// Lays out a board with special insides; `None` where it has none and the plain layout does it all.
pub(crate) fn lay_out(
    board: &Board,
    measured: &Measured,
    options: Options,
    previous: Option<&StoredDrawing>,
    budget: &Budget<'_>,
) -> Option<Drawing> {
    let specials = specials(board);
    let root = special(board.root.shape, &board.root.attrs);
    let is_near =
        |id: &NodeId| board.nodes[*id].parent.is_none() && board.nodes[*id].attrs.text("near").is_some();
    let nears: Vec<NodeId> = board.nodes.ids().filter(|id| root.is_none() && is_near(id)).collect();
    if specials.is_empty() && root.is_none() && nears.is_empty() {
        return None;
    }
    let mut work = Work {
        board,
        measured,
        options,
        budget,
        inners: BTreeMap::new(),
        sizes: BTreeMap::new(),
        pinned: BTreeSet::new(),
    };
    for (id, special) in specials.into_iter().rev() {
        work.fill(id, special);
    }
    // The board itself: special, or what is left of it laid out as ever.
    let mut whole = match root {
        Some(Special::Sequence) => sequence::lay_out(board, None, measured),
        Some(Special::Grid(spec)) => work.grid(None, &spec, Size::default()),
        None => {
            let kept: Vec<NodeId> = board.top_level().filter(|id| !nears.contains(id)).collect();
            work.plain(&kept, previous)
        }
    };
    work.near(&nears, &mut whole);
    Some(work.expand(whole, previous.filter(|_| !options.route_only)))
}

fn special(shape: Option<Shape>, attrs: &spandrel_graph::Attrs) -> Option<Special> {
    if shape == Some(Shape::SequenceDiagram) {
        return Some(Special::Sequence);
    }
    Spec::of(attrs).map(Special::Grid)
}

/// Containers with special insides, outer before inner; nothing within a sequence diagram counts.
fn specials(board: &Board) -> Vec<(NodeId, Special)> {
    let mut in_sequence: IdVec<NodeId, bool> = IdVec::new();
    let mut found = Vec::new();
    let root = board.root.shape == Some(Shape::SequenceDiagram);
    for (id, node) in board.nodes.entries() {
        let inside = root
            || node.parent.is_some_and(|parent| {
                in_sequence[parent] || board.nodes[parent].shape == Shape::SequenceDiagram
            });
        in_sequence.push(inside);
        if !inside
            && node.is_container()
            && let Some(special) = special(Some(node.shape), &node.attrs)
        {
            found.push((id, special));
        }
    }
    found
}

struct Work<'a> {
    board: &'a Board,
    measured: &'a Measured,
    options: Options,
    budget: &'a Budget<'a>,
    /// What fills a node that counts as one box, relative to the node's own corner.
    inners: BTreeMap<NodeId, Inner>,
    /// The size of such a node.
    sizes: BTreeMap<NodeId, Size>,
    /// What stands where its source says.
    pinned: BTreeSet<NodeId>,
}

impl Work<'_> {
    /// Lays out the inside of a special container, which from now on is a box.
    fn fill(&mut self, id: NodeId, special: Special) {
        let sizes = &self.measured.nodes[id];
        let padding = sizes.padding;
        let least = Size::new(
            (sizes.size.width - padding.horizontal()).max(0.0),
            (sizes.size.height - padding.vertical()).max(0.0),
        );
        let mut inner = match special {
            Special::Sequence => sequence::lay_out(self.board, Some(id), self.measured),
            Special::Grid(spec) => self.grid(Some(id), &spec, least),
        };
        let content = inner.size.max(least);
        // What is smaller than its box stands in the middle of it.
        let spare = (content.width - inner.size.width, content.height - inner.size.height);
        inner.offset(padding.left + spare.0 / 2.0, padding.top + spare.1 / 2.0);
        let size = Size::new(content.width + padding.horizontal(), content.height + padding.vertical());
        self.sizes.insert(id, size);
        self.inners.insert(id, inner);
    }

    /// The size of a node as a box: containers that are not yet one are laid out now.
    fn box_of(&mut self, id: NodeId) -> Size {
        if let Some(size) = self.sizes.get(&id) {
            return *size;
        }
        if !self.board.nodes[id].is_container() {
            return self.measured.nodes[id].size;
        }
        let mut inner = self.plain(&[id], None);
        let own = inner.nodes.iter().position(|(node, _)| *node == id).map(|at| inner.nodes.remove(at).1);
        let own = own.unwrap_or_default();
        inner.offset(-own.x, -own.y);
        self.inners.insert(id, inner);
        self.sizes.insert(id, own.size());
        own.size()
    }

    /// Lays out a grid; places are relative to its content.
    fn grid(&mut self, container: Option<NodeId>, spec: &Spec, least: Size) -> Inner {
        let cells: Vec<NodeId> = match container {
            Some(id) => self.board.nodes[id].children.clone(),
            None => self.board.top_level().collect(),
        };
        let mut sizes = Vec::with_capacity(cells.len());
        for &cell in &cells {
            let size = self.box_of(cell);
            let margin = self.measured.nodes[cell].margin;
            sizes.push(Size::new(size.width + margin.horizontal(), size.height + margin.vertical()));
        }
        let (slots, size) = grid::arrange(&sizes, spec, least);
        let mut inner = Inner { size, ..Inner::default() };
        for (&cell, slot) in cells.iter().zip(slots) {
            let margin = self.measured.nodes[cell].margin;
            let slot = Rect::new(
                slot.x + margin.left,
                slot.y + margin.top,
                slot.width - margin.horizontal(),
                slot.height - margin.vertical(),
            );
            let own = self.box_of(cell);
            let node = &self.board.nodes[cell];
            let rect = if node.is_container() || stretches(node.shape) {
                slot
            } else {
                let middle = slot.center();
                Rect::at(Point::new(middle.x - own.width / 2.0, middle.y - own.height / 2.0), own)
            };
            // What fills a stretched container moves to its middle.
            if let Some(filling) = self.inners.get_mut(&cell) {
                filling.offset((rect.width - own.width) / 2.0, (rect.height - own.height) / 2.0);
                self.sizes.insert(cell, rect.size());
            }
            inner.nodes.push((cell, rect));
        }
        inner
    }

    /// Lays out the nodes of `roots` with all below them by the plain layout, boxes being leaves.
    fn plain(&mut self, roots: &[NodeId], previous: Option<&StoredDrawing>) -> Inner {
        let reduced = Reduced::of(self.board, self.measured, roots, &self.sizes);
        let drawing = diagram::plain(&reduced.board, &reduced.measured, self.options, previous, self.budget);
        let mut inner = Inner { size: drawing.bounds.size(), ..Inner::default() };
        for (&id, placed) in reduced.nodes.iter().zip(&drawing.nodes) {
            inner.nodes.push((id, placed.rect));
            if placed.pinned {
                self.pinned.insert(id);
            }
        }
        for (&id, placed) in reduced.edges.iter().zip(&drawing.edges) {
            inner.edges.push((id, placed.clone()));
        }
        inner
    }

    /// Puts objects near what they are near to.
    fn near(&mut self, nears: &[NodeId], whole: &mut Inner) {
        if nears.is_empty() {
            return;
        }
        // Nodes alone: routes may change where nothing has moved, and a title must not follow them.
        let mut boxes: Vec<Rect> = whole.nodes.iter().map(|(_, rect)| *rect).collect();
        let mut drawing = union(&boxes);
        let mut taken = Vec::new();
        // Beside objects first: what stands around the drawing must see them.
        let keyword = |id: NodeId| self.board.nodes[id].attrs.text("near").unwrap_or("").to_owned();
        let (around, beside): (Vec<NodeId>, Vec<NodeId>) =
            nears.iter().partition(|id| Position::from_keyword(&keyword(**id)).is_some());
        for id in beside {
            let size = self.box_of(id);
            let object = self.board.node_by_id(&keyword(id));
            let object = object.and_then(|object| absolute(self.board, &self.inners, whole, object));
            let rect = near::beside(size, object.unwrap_or(drawing), &boxes);
            boxes.push(rect);
            drawing = drawing.union(rect);
            whole.nodes.push((id, rect));
        }
        for id in around {
            let size = self.box_of(id);
            let Some(position) = Position::from_keyword(&keyword(id)) else { continue };
            whole.nodes.push((id, near::around(position, size, drawing, &mut taken)));
        }
    }

    /// Puts every inside back, leads edges to their real ends and routes those that have no route.
    fn expand(self, whole: Inner, previous: Option<&StoredDrawing>) -> Drawing {
        let board = self.board;
        let mut rects: IdVec<NodeId, Option<Rect>> = IdVec::from_fn(board.nodes.len(), |_| None);
        let mut edges: IdVec<EdgeId, Option<PlacedEdge>> = IdVec::from_fn(board.edges.len(), |_| None);
        let mut marks = Vec::new();
        let mut put = |inner: &Inner, at: Point, rects: &mut IdVec<NodeId, Option<Rect>>| {
            for (id, rect) in &inner.nodes {
                rects[*id] = Some(rect.offset(at.x, at.y));
            }
            for (id, edge) in &inner.edges {
                edges[*id] = Some(moved(edge, at.x, at.y));
            }
            for mark in &inner.marks {
                marks.push(Mark {
                    node: mark.node,
                    from: mark.from.offset(at.x, at.y),
                    to: mark.to.offset(at.x, at.y),
                });
            }
        };
        put(&whole, Point::default(), &mut rects);
        // Parents come before children, so that an inside finds its box placed.
        for id in board.nodes.ids() {
            if let (Some(inner), Some(rect)) = (self.inners.get(&id), rects[id]) {
                put(inner, rect.origin(), &mut rects);
            }
        }
        let mut drawing = Drawing { marks, ..Drawing::default() };
        for (id, node) in board.nodes.entries() {
            let rect = rects[id].unwrap_or_default();
            let parts = inside(node, &self.measured.nodes[id], rect);
            let pinned = self.pinned.contains(&id);
            drawing.nodes.push(PlacedNode { rect, label: parts.label, icon: parts.icon, pinned });
        }
        Router {
            board,
            measured: self.measured,
            sizes: &self.sizes,
            budget: self.budget,
            taken: Taken::default(),
        }
        .finish(&mut drawing, edges, previous);
        drawing.bounds = diagram::bounds(&drawing);
        for point in drawing.marks.iter().flat_map(|mark| [mark.from, mark.to]) {
            drawing.bounds = drawing.bounds.union(Rect::new(point.x, point.y, 0.0, 0.0));
        }
        drawing
    }
}

/// Whether a cell's shape may be stretched to fill its slot without looking odd.
fn stretches(shape: Shape) -> bool {
    !matches!(
        shape,
        Shape::Circle
            | Shape::Square
            | Shape::Image
            | Shape::Text
            | Shape::Code
            | Shape::Person
            | Shape::C4Person
            | Shape::SqlTable
            | Shape::Class
    )
}

fn union(rects: &[Rect]) -> Rect {
    rects.iter().copied().reduce(Rect::union).unwrap_or_default()
}

/// Where a node stands once all insides are back, in the coordinates of `whole`.
fn absolute(board: &Board, inners: &BTreeMap<NodeId, Inner>, whole: &Inner, id: NodeId) -> Option<Rect> {
    let find =
        |inner: &Inner, id: NodeId| inner.nodes.iter().find(|(node, _)| *node == id).map(|(_, rect)| *rect);
    let (mut at, mut shift) = (id, Point::default());
    let mut own: Option<Rect> = None;
    loop {
        if let Some(rect) = find(whole, at) {
            let rect = rect.offset(shift.x, shift.y);
            return Some(own.map_or(rect, |own| own.offset(rect.x, rect.y)));
        }
        // In the inside of the nearest container that is a box.
        let holder = board.ancestors(at).find(|ancestor| inners.contains_key(ancestor))?;
        let rect = find(&inners[&holder], at)?;
        own = Some(own.map_or(rect, |own| own.offset(rect.x, rect.y)));
        shift = Point::default();
        at = holder;
    }
}

/// A part of a board as a board of its own, with insides that are laid out already as leaves.
struct Reduced {
    board: Board,
    measured: Measured,
    /// The node of the whole board for each node here.
    nodes: Vec<NodeId>,
    /// The edge of the whole board for each edge here.
    edges: Vec<EdgeId>,
}

impl Reduced {
    fn of(board: &Board, measured: &Measured, roots: &[NodeId], sizes: &BTreeMap<NodeId, Size>) -> Self {
        // For each node of the board: which node here stands for it.
        let mut here: IdVec<NodeId, Option<NodeId>> = IdVec::from_fn(board.nodes.len(), |_| None);
        let mut reduced = Self {
            board: Board::default(),
            measured: Measured::default(),
            nodes: Vec::new(),
            edges: Vec::new(),
        };
        reduced.board.root = board.root.clone();
        for (id, node) in board.nodes.entries() {
            let is_root = roots.contains(&id);
            let parent = node.parent.filter(|_| !is_root);
            if let Some(inside) = parent.and_then(|parent| here[parent].map(|found| (parent, found))) {
                // Below a box everything is the box.
                if sizes.contains_key(&reduced.nodes[usize::from(inside.1)]) {
                    here[id] = Some(inside.1);
                    continue;
                }
            } else if !is_root {
                continue;
            }
            let mut copy = node.clone();
            copy.parent = parent.and_then(|parent| here[parent]);
            copy.children.clear();
            let mut size: MeasuredNode = measured.nodes[id].clone();
            if let Some(fixed) = sizes.get(&id) {
                size.size = *fixed;
                // Neither rows nor padding matter for a box.
                copy.shape = match measured.nodes[id].drawn(node.shape) {
                    shape if shape.is_rectangular() => Shape::Rectangle,
                    shape => shape,
                };
            }
            let new = reduced.board.nodes.push(copy);
            reduced.measured.nodes.push(size);
            reduced.nodes.push(id);
            if let Some(parent) = reduced.board.nodes[new].parent {
                reduced.board.nodes[parent].children.push(new);
            }
            here[id] = Some(new);
        }
        if let [only] = roots
            && let Some(direction) =
                board.ancestors(*only).find_map(|ancestor| board.nodes[ancestor].attrs.text("direction"))
        {
            reduced.board.root.attrs.set_text("direction", direction);
        }
        for (id, edge) in board.edges.entries() {
            let (Some(src), Some(dst)) = (here[edge.src], here[edge.dst]) else { continue };
            let lifted = |end: NodeId, at: NodeId| reduced.nodes[usize::from(at)] != end;
            let (lifted_src, lifted_dst) = (lifted(edge.src, src), lifted(edge.dst, dst));
            // Within one box, or between a box and its own inside: not an edge of this board.
            if src == dst && (lifted_src || lifted_dst) {
                continue;
            }
            let copy = Edge {
                src,
                dst,
                src_column: edge.src_column.filter(|_| !lifted_src),
                dst_column: edge.dst_column.filter(|_| !lifted_dst),
                ..edge.clone()
            };
            reduced.board.edges.push(copy);
            let sizes: MeasuredEdge = measured.edges[id].clone();
            reduced.measured.edges.push(sizes);
            reduced.edges.push(id);
        }
        reduced
    }
}

/// More obstacles than this are thinned out to those near the route.
const NEARBY: usize = 300;

/// Gives every edge its final route.
struct Router<'a> {
    board: &'a Board,
    measured: &'a Measured,
    sizes: &'a BTreeMap<NodeId, Size>,
    budget: &'a Budget<'a>,
    taken: Taken,
}

impl Router<'_> {
    fn finish(
        mut self,
        drawing: &mut Drawing,
        mut edges: IdVec<EdgeId, Option<PlacedEdge>>,
        previous: Option<&StoredDrawing>,
    ) {
        for placed in edges.iter().flatten() {
            self.taken.add(&placed.route.points);
        }
        for id in self.board.edges.ids() {
            let edge = &self.board.edges[id];
            if let Some(kept) = previous.and_then(|previous| self.kept(drawing, id, previous)) {
                drawing.edges.push(kept);
                continue;
            }
            let placed = match edges[id].take() {
                Some(placed) => match self.led_on(drawing, edge, &placed) {
                    Some(led) => led,
                    None => self.between(drawing, id),
                },
                None => self.between(drawing, id),
            };
            drawing.edges.push(placed);
        }
    }

    /// The route that an edge had, where its ends have not moved and nothing stands in its way now.
    fn kept(&self, drawing: &Drawing, id: EdgeId, previous: &StoredDrawing) -> Option<PlacedEdge> {
        let edge = &self.board.edges[id];
        let stored = previous.edges.get(&self.board.edge_key(id))?;
        let finite = stored.points.iter().all(|point| point.x.is_finite() && point.y.is_finite());
        if stored.points.len() < 2 || !finite {
            return None;
        }
        let unmoved = |end: NodeId| {
            let (now, then) = (drawing.nodes[end].rect, previous.nodes.get(&self.board.nodes[end].id));
            then.is_some_and(|then| near_rect(now, *then))
        };
        if !unmoved(edge.src) || !unmoved(edge.dst) {
            return None;
        }
        let around = self.board.common_ancestor(edge.src, edge.dst);
        let obstacles = self.obstacles(drawing, around, &[edge.src, edge.dst]);
        let hits = |pair: &[Point]| {
            let [a, b] = [pair[0], pair[1]].map(|point| Rect::new(point.x, point.y, 0.0, 0.0));
            obstacles.iter().any(|other| other.inflate(-0.5).overlaps(a.union(b).inflate(0.01)))
        };
        if stored.points.windows(2).any(hits) {
            return None;
        }
        let sizes = &self.measured.edges[id];
        let at = |corner: Option<Point>, block: Option<&TextBlock>| Some(Rect::at(corner?, block?.size));
        let last = stored.points.len() - 1;
        let (src, dst) = (drawing.nodes[edge.src].rect, drawing.nodes[edge.dst].rect);
        Some(PlacedEdge {
            route: Route {
                src_side: Side::of_end(src, stored.points[1], stored.points[0]),
                dst_side: Side::of_end(dst, stored.points[last - 1], stored.points[last]),
                points: stored.points.clone(),
                spline: false,
            },
            label: at(stored.label, sizes.label.as_ref()),
            src_label: at(stored.src_label, sizes.src_label.as_ref()),
            dst_label: at(stored.dst_label, sizes.dst_label.as_ref()),
        })
    }

    /// Leads a route that ends at a box on to its real ends inside; `None` where titles are in the way.
    fn led_on(&mut self, drawing: &Drawing, edge: &Edge, placed: &PlacedEdge) -> Option<PlacedEdge> {
        let mut placed = placed.clone();
        let outer = |end: NodeId| self.outermost_box(end);
        let (src, dst) = (outer(edge.src), outer(edge.dst));
        if src == dst && src.is_some() {
            return Some(placed);
        }
        for (end, holder, at_start) in [(edge.src, src, true), (edge.dst, dst, false)] {
            let Some(holder) = holder.filter(|holder| *holder != end) else { continue };
            let points = &mut placed.route.points;
            if !at_start {
                points.reverse();
            }
            let (Some(&from), rect) = (points.first(), drawing.nodes[end].rect) else { continue };
            let mut obstacles = self.obstacles(drawing, Some(holder), &[end]);
            obstacles.extend(fence(drawing.nodes[holder].rect));
            obstacles.extend(self.titles(drawing, Some(holder), &[end]));
            obstacles.extend(drawing.nodes[holder].label);
            let clear = self.clearance(Some(holder));
            // First straight in, so that no route runs along the border.
            let outside = points.get(1).copied().unwrap_or(from);
            let step = match Side::of_end(drawing.nodes[holder].rect, outside, from) {
                Side::North => from.offset(0.0, clear),
                Side::South => from.offset(0.0, -clear),
                Side::West => from.offset(clear, 0.0),
                Side::East => from.offset(-clear, 0.0),
            };
            let mut inside = vec![from];
            inside.extend(route(End::At(step), End::Box(rect), &obstacles, clear, &self.taken, self.budget)?);
            self.taken.add(&inside);
            inside.reverse();
            inside.extend(points.iter().copied());
            *points = simplify(inside);
            if !at_start {
                points.reverse();
            }
        }
        self.clipped(drawing, edge, &mut placed.route);
        Some(placed)
    }

    /// The outermost node around `end`, itself included, that counts as a box in the plain layout around.
    fn outermost_box(&self, end: NodeId) -> Option<NodeId> {
        let chain = std::iter::once(end).chain(self.board.ancestors(end));
        chain.filter(|id| self.sizes.contains_key(id)).last()
    }

    /// A route between two nodes that stand where they stand.
    fn between(&mut self, drawing: &Drawing, id: EdgeId) -> PlacedEdge {
        let edge = &self.board.edges[id];
        let (src, dst) = (drawing.nodes[edge.src].rect, drawing.nodes[edge.dst].rect);
        let around = self.board.common_ancestor(edge.src, edge.dst);
        let mut obstacles = self.obstacles(drawing, around, &[edge.src, edge.dst]);
        obstacles.extend(self.titles(drawing, around, &[edge.src, edge.dst]));
        // On large boards only what is near, and nothing where that is still too much: an elbow then.
        if obstacles.len() > NEARBY {
            let near = src.union(dst).inflate(300.0);
            obstacles.retain(|other| other.overlaps(near));
        }
        let affordable =
            obstacles.len() <= 5 * NEARBY && self.budget.spend(obstacles.len() as u64 * 8).is_ok();
        let clear = self.clearance(around);
        let found = if edge.is_self_loop() {
            Some(self_loop(src))
        } else if src.contains_rect(dst) || dst.contains_rect(src) {
            Some(into(src, dst))
        } else if affordable {
            route(End::Box(src), End::Box(dst), &obstacles, clear, &self.taken, self.budget)
        } else {
            None
        };
        let points = found.unwrap_or_else(|| elbow(src, dst));
        self.taken.add(&points);
        let mut placed = PlacedEdge { route: Route { points, ..Route::default() }, ..PlacedEdge::default() };
        self.clipped(drawing, edge, &mut placed.route);
        self.label(id, &mut placed);
        placed
    }

    /// How far routes keep from boxes: no more than the gaps of a grid allow.
    fn clearance(&self, around: Option<NodeId>) -> f64 {
        let attrs = around.map_or(&self.board.root.attrs, |id| &self.board.nodes[id].attrs);
        Spec::of(attrs).map_or(12.0, |spec| (spec.least_gap() / 3.0).clamp(2.0, 12.0))
    }

    /// What a route between `ends` inside `around` must not cross: the smallest set of whole nodes that
    /// covers everything but the ends and what holds them.
    fn obstacles(&self, drawing: &Drawing, around: Option<NodeId>, ends: &[NodeId]) -> Vec<Rect> {
        let mut open: Vec<NodeId> = ends.iter().flat_map(|&end| self.board.ancestors(end)).collect();
        open.lean_sort();
        open.dedup();
        let inside =
            |id: NodeId| around.is_none_or(|around| around != id && self.board.is_inside(id, around));
        let mut found = Vec::new();
        for (id, node) in self.board.nodes.entries() {
            let level = node.parent == around || node.parent.is_some_and(|parent| open.contains(&parent));
            if level && inside(id) && !open.contains(&id) && !ends.contains(&id) {
                found.push(drawing.nodes[id].rect);
            }
        }
        found
    }

    /// Titles of the containers around `ends` inside `around`: a route should not run over them.
    fn titles(&self, drawing: &Drawing, around: Option<NodeId>, ends: &[NodeId]) -> Vec<Rect> {
        let mut open: Vec<NodeId> = ends.iter().flat_map(|&end| self.board.ancestors(end)).collect();
        open.lean_sort();
        open.dedup();
        let inside =
            |id: NodeId| around.is_none_or(|around| around != id && self.board.is_inside(id, around));
        open.into_iter().filter(|id| inside(*id)).filter_map(|id| drawing.nodes[id].label).collect()
    }

    /// Moves the ends to the outlines and names their sides.
    fn clipped(&self, drawing: &Drawing, edge: &Edge, route: &mut Route) {
        let last = route.points.len().saturating_sub(1);
        if last == 0 {
            return;
        }
        let (src, dst) = (drawing.nodes[edge.src].rect, drawing.nodes[edge.dst].rect);
        route.src_side = Side::of_end(src, route.points[1], route.points[0]);
        route.dst_side = Side::of_end(dst, route.points[last - 1], route.points[last]);
        let clip = |id: NodeId, rect, outside, end| {
            self.measured.nodes[id].drawn(self.board.nodes[id].shape).clip(rect, outside, end)
        };
        route.points[0] = clip(edge.src, src, route.points[1], route.points[0]);
        route.points[last] = clip(edge.dst, dst, route.points[last - 1], route.points[last]);
    }

    /// Puts labels on a route: the middle one on its longest piece, the others at the ends.
    fn label(&self, id: EdgeId, placed: &mut PlacedEdge) {
        let sizes = &self.measured.edges[id];
        let points = &placed.route.points;
        let longest = points.windows(2).max_by(|a, b| length(a).total_cmp(&length(b)));
        if let (Some(block), Some(pair)) = (&sizes.label, longest) {
            let middle = Point::new(f64::midpoint(pair[0].x, pair[1].x), f64::midpoint(pair[0].y, pair[1].y));
            let corner = middle.offset(-block.size.width / 2.0, -block.size.height / 2.0);
            placed.label = Some(Rect::at(corner, block.size));
        }
        let at = |end: Point, next: Point, size: Size| {
            let (dx, dy) = ((next.x - end.x).signum(), (next.y - end.y).signum());
            let horizontal = end.y == next.y;
            // Beside the line, a head's length away from the end.
            let corner = if horizontal {
                let x = if dx > 0.0 { end.x + 12.0 } else { end.x - 12.0 - size.width };
                Point::new(x, end.y - size.height - 2.0)
            } else {
                let y = if dy > 0.0 { end.y + 12.0 } else { end.y - 12.0 - size.height };
                Point::new(end.x + 4.0, y)
            };
            Rect::at(corner, size)
        };
        if let [first, second, ..] = points.as_slice() {
            placed.src_label = sizes.src_label.as_ref().map(|block| at(*first, *second, block.size));
        }
        if let [.., before, last] = points.as_slice() {
            placed.dst_label = sizes.dst_label.as_ref().map(|block| at(*last, *before, block.size));
        }
    }
}

fn length(pair: &[Point]) -> f64 {
    (pair[0].x - pair[1].x).abs() + (pair[0].y - pair[1].y).abs()
}

/// Walls around a box, so that what is routed inside stays inside.
fn fence(rect: Rect) -> [Rect; 4] {
    const THICK: f64 = 20.0;
    let outer = rect.inflate(THICK);
    [
        Rect::new(outer.x, outer.y, outer.width, THICK),
        Rect::new(outer.x, rect.bottom(), outer.width, THICK),
        Rect::new(outer.x, outer.y, THICK, outer.height),
        Rect::new(rect.right(), outer.y, THICK, outer.height),
    ]
}

fn near_rect(a: Rect, b: Rect) -> bool {
    [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height].iter().all(|d| d.abs() < 1e-3)
}

/// A loop at the top right corner.
fn self_loop(rect: Rect) -> Vec<Point> {
    let (x, y) = (rect.right(), rect.y);
    let reach = 14.0;
    vec![
        Point::new(x - 16.0_f64.min(rect.width / 2.0), y),
        Point::new(x - 16.0_f64.min(rect.width / 2.0), y - reach),
        Point::new(x + reach, y - reach),
        Point::new(x + reach, y + 12.0_f64.min(rect.height / 2.0)),
        Point::new(x, y + 12.0_f64.min(rect.height / 2.0)),
    ]
}

/// A line from the border of an outer box to a box inside it, or back.
fn into(src: Rect, dst: Rect) -> Vec<Point> {
    let (outer, inner, reversed) = if src.contains_rect(dst) { (src, dst, false) } else { (dst, src, true) };
    let y = inner.center().y;
    let mut points = vec![Point::new(outer.x, y), Point::new(inner.x, y)];
    if reversed {
        points.reverse();
    }
    points
}

#[cfg(test)]
mod tests;
