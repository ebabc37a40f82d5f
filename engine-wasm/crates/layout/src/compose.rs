//! Boards with insides that the layered layout does not lay out: grids, sequence diagrams, and objects
//! near something.
//!
//! Reduce, lay out, expand. From the innermost outwards every special inside is laid out by its own rules
//! and from then on counts as one box of fixed size; what remains is laid out as ever; then the insides
//! are put back, and edges that lead into them are led on to their real ends. No recursion: insides are
//! kept by the node they fill.

mod reduced;
mod routes;

use std::collections::{BTreeMap, BTreeSet};

use spandrel_base::{Budget, IdVec, Point, Rect, Size};
use spandrel_graph::{Board, EdgeId, NodeId, Shape};

use self::reduced::Reduced;
use self::routes::Router;
use crate::around::Taken;
use crate::diagram::{self, Options};
use crate::drawing::{Drawing, Mark, PlacedEdge, PlacedNode, Route};
use crate::grid::{self, Spec};
use crate::measure::{Position, inside};
use crate::measured::Measured;
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

#[cfg(test)]
mod tests;
