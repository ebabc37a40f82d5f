//! Network simplex on difference constraints.
//!
//! Finds values `y` that minimise `sum weight * (y[head] - y[tail])` subject to
//! `y[head] - y[tail] >= length` for every arc. Layering and node placement are both problems of this
//! form (Gansner, Koutsofios, North, Vo: A Technique for Drawing Directed Graphs, 1993, sections 2.3
//! and 4.2). Lengths are real and may be negative; the digraph may have cycles as long as the start
//! values are feasible.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::lists::Lists;
use spandrel_base::Budget;

/// One constraint: `y[head] - y[tail] >= length`, with the price of every unit beyond `length`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    /// The smaller end.
    pub(crate) tail: u32,
    /// The larger end.
    pub(crate) head: u32,
    /// Least distance.
    pub(crate) length: f64,
    /// Price of a unit, not negative, a whole number.
    pub(crate) weight: f64,
}

const EPS: f64 = 1e-7;
const NONE: u32 = u32::MAX;

/// A problem and its current values.
#[derive(Debug, Default)]
pub(crate) struct Simplex {
    arcs: Vec<Arc>,
    count: usize,
}

#[allow(clippy::struct_field_names, reason = "the tree of the network simplex is what most fields are about")]
struct Tree<'a> {
    arcs: &'a [Arc],
    y: Vec<f64>,
    in_tree: Vec<bool>,
    cut: Vec<f64>,
    /// Arc to the parent in the spanning tree, by variable.
    up: Vec<u32>,
    low: Vec<u32>,
    lim: Vec<u32>,
    /// Arcs at a variable, as one flat list; those of the tree come first.
    first: Vec<u32>,
    incident: Vec<u32>,
    /// By variable: how many arcs of the tree are at it.
    degree: Vec<u32>,
    /// Tree arcs in a stable order, and the place of each in it.
    tree_arcs: Vec<u32>,
    tree_place: Vec<u32>,
    /// Variables by `lim`: a subtree is a contiguous run.
    order: Vec<u32>,
    stack: Vec<(u32, u32)>,
    /// By variable: the last exchange on whose cycle it was. And what part of `order` was before one.
    on_cycle: Vec<u32>,
    exchanges: u32,
    before: Vec<u32>,
    /// Variables touched so far.
    work: u64,
}

impl Simplex {
    /// A problem with `count` variables and no constraint.
    pub(crate) fn new(count: usize) -> Self {
        Self { arcs: Vec::new(), count }
    }

    /// Adds a variable and gives its number.
    pub(crate) fn variable(&mut self) -> u32 {
        self.count += 1;
        (self.count - 1) as u32
    }

    /// Number of variables.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// All constraints.
    pub(crate) fn arcs(&self) -> &[Arc] {
        &self.arcs
    }

    /// Adds a constraint with a price.
    pub(crate) fn arc(&mut self, tail: u32, head: u32, length: f64, weight: f64) {
        self.arcs.push(Arc { tail, head, length, weight });
    }

    /// The least values that satisfy every constraint, from zero on, or `None` where the digraph has a
    /// cycle. Kahn's order, longest path.
    pub(crate) fn longest_path(&self) -> Option<Vec<f64>> {
        let mut open = vec![0u32; self.count];
        for arc in &self.arcs {
            open[arc.head as usize] += 1;
        }
        let out = self.out();
        let mut queue: VecDeque<u32> = (0..self.count as u32).filter(|&v| open[v as usize] == 0).collect();
        let mut y = vec![0.0f64; self.count];
        let mut done = 0;
        while let Some(v) = queue.pop_front() {
            done += 1;
            for arc in out.at(v) {
                let head = arc.head as usize;
                y[head] = y[head].max(y[v as usize] + arc.length);
                open[head] -= 1;
                if open[head] == 0 {
                    queue.push_back(arc.head);
                }
            }
        }
        (done == self.count).then_some(y)
    }

    /// By variable, the arcs out of it.
    fn out(&self) -> Lists<Arc> {
        Lists::of(self.count, self.arcs.iter().map(|arc| (arc.tail, *arc)))
    }

    /// The same problem with every arc turned round.
    pub(crate) fn mirrored(&self) -> Self {
        let arcs = self.arcs.iter().map(|a| Arc { tail: a.head, head: a.tail, ..*a }).collect();
        Self { arcs, count: self.count }
    }

    /// Raises values until every constraint holds (Bellman and Ford, with a queue). Gives `None` where the
    /// constraints contradict each other.
    pub(crate) fn repair(&self, mut y: Vec<f64>) -> Option<Vec<f64>> {
        let out = self.out();
        let mut queued = vec![true; self.count];
        let mut queue: VecDeque<u32> = (0..self.count as u32).collect();
        let mut left = 50 * (self.count + self.arcs.len()) + 1000;
        while let Some(v) = queue.pop_front() {
            queued[v as usize] = false;
            for arc in out.at(v) {
                left = left.checked_sub(1)?;
                let need = y[arc.tail as usize] + arc.length;
                if y[arc.head as usize] < need - 1e-9 {
                    y[arc.head as usize] = need;
                    if !queued[arc.head as usize] {
                        queued[arc.head as usize] = true;
                        queue.push_back(arc.head);
                    }
                }
            }
        }
        Some(y)
    }

    /// Improves `start`, which must be feasible, to the optimum or until `work` variables were touched or the
    /// budget is spent.
    /// The graph of the constraints need not be connected; every part of it is solved on its own.
    pub(crate) fn solve(&self, start: Vec<f64>, work: u64, budget: &Budget<'_>) -> Vec<f64> {
        if self.count == 0 {
            return start;
        }
        let mut tree = Tree::new(&self.arcs, start);
        tree.tighten();
        tree.number();
        tree.initial_cuts();
        let mut from = 0;
        let mut paid = 0;
        while tree.work < work {
            if budget.spend(tree.work - paid).is_err() {
                break;
            }
            paid = tree.work;
            let Some(leave) = tree.leaving(&mut from) else { break };
            let Some(enter) = tree.entering(leave) else { break };
            tree.exchange(leave, enter);
        }
        tree.y
    }
}

impl<'a> Tree<'a> {
    fn new(arcs: &'a [Arc], y: Vec<f64>) -> Self {
        let n = y.len();
        let mut first = vec![0u32; n + 1];
        for arc in arcs {
            first[arc.tail as usize + 1] += 1;
            first[arc.head as usize + 1] += 1;
        }
        for v in 0..n {
            first[v + 1] += first[v];
        }
        let mut next = first.clone();
        let mut incident = vec![0u32; 2 * arcs.len()];
        for (index, arc) in arcs.iter().enumerate() {
            for end in [arc.tail, arc.head] {
                incident[next[end as usize] as usize] = index as u32;
                next[end as usize] += 1;
            }
        }
        Self {
            arcs,
            y,
            in_tree: vec![false; arcs.len()],
            cut: vec![0.0; arcs.len()],
            up: vec![NONE; n],
            low: vec![0; n],
            lim: vec![NONE; n],
            first,
            incident,
            degree: vec![0; n],
            tree_arcs: Vec::new(),
            tree_place: vec![NONE; arcs.len()],
            order: Vec::new(),
            stack: Vec::new(),
            on_cycle: vec![0; n],
            exchanges: 0,
            before: Vec::new(),
            work: 0,
        }
    }

    fn at(&self, v: usize) -> std::ops::Range<usize> {
        self.first[v] as usize..self.first[v + 1] as usize
    }

    fn slack(&self, arc: u32) -> f64 {
        let a = &self.arcs[arc as usize];
        self.y[a.head as usize] - self.y[a.tail as usize] - a.length
    }

    fn add_to_tree(&mut self, arc: u32) {
        self.in_tree[arc as usize] = true;
        self.tree_place[arc as usize] = self.tree_arcs.len() as u32;
        self.tree_arcs.push(arc);
        self.attach(arc);
    }

    /// Puts an arc among those of the tree at both its ends.
    fn attach(&mut self, arc: u32) {
        let a = self.arcs[arc as usize];
        for end in [a.tail, a.head] {
            let (from, next) =
                (self.first[end as usize], self.first[end as usize] + self.degree[end as usize]);
            let others = &mut self.incident[next as usize..self.first[end as usize + 1] as usize];
            if let Some(place) = others.iter().position(|&other| other == arc) {
                others.swap(0, place);
                self.degree[end as usize] = next + 1 - from;
            }
        }
    }

    /// Takes an arc from those of the tree at both its ends.
    fn detach(&mut self, arc: u32) {
        let a = self.arcs[arc as usize];
        for end in [a.tail, a.head] {
            let from = self.first[end as usize] as usize;
            let tree = &mut self.incident[from..from + self.degree[end as usize] as usize];
            if let Some(place) = tree.iter().position(|&other| other == arc) {
                let last = tree.len() - 1;
                tree.swap(place, last);
                self.degree[end as usize] = last as u32;
            }
        }
    }

    /// Makes a spanning forest of tight arcs: tight islands first, then islands are joined over their
    /// arc of least slack, the smaller island moving.
    fn tighten(&mut self) {
        let n = self.y.len();
        let mut island = vec![NONE; n];
        let mut members: Vec<Vec<u32>> = Vec::new();
        let mut stack = Vec::new();
        for root in 0..n {
            if island[root] != NONE {
                continue;
            }
            let id = members.len() as u32;
            let mut list = vec![root as u32];
            island[root] = id;
            stack.push(root);
            while let Some(v) = stack.pop() {
                for at in self.at(v) {
                    let arc = self.incident[at];
                    let a = self.arcs[arc as usize];
                    let other = if a.tail as usize == v { a.head } else { a.tail } as usize;
                    if island[other] == NONE && self.slack(arc).abs() < EPS {
                        island[other] = id;
                        list.push(other as u32);
                        stack.push(other);
                        self.add_to_tree(arc);
                    }
                }
            }
            members.push(list);
        }
        // The smallest island moves by its least slack, which keeps every arc at it feasible (the other
        // sense only grows), and joins the neighbour there.
        let mut heap: BinaryHeap<Reverse<(u64, u32)>> =
            members.iter().enumerate().map(|(id, list)| Reverse((list.len() as u64, id as u32))).collect();
        while let Some(Reverse((size, id))) = heap.pop() {
            if members[id as usize].len() as u64 != size || size == 0 {
                continue;
            }
            let list = std::mem::take(&mut members[id as usize]);
            let mut best: Option<(f64, u32, bool)> = None;
            for &v in &list {
                for at in self.at(v as usize) {
                    let arc = self.incident[at];
                    let a = self.arcs[arc as usize];
                    let outward = a.tail == v;
                    let other = if outward { a.head } else { a.tail };
                    if island[other as usize] == id {
                        continue;
                    }
                    let slack = self.slack(arc);
                    if best.is_none_or(|(least, ..)| slack < least) {
                        best = Some((slack, arc, outward));
                    }
                }
            }
            // An island without neighbours is a part of its own.
            let Some((slack, arc, outward)) = best else { continue };
            let shift = if outward { slack } else { -slack };
            let a = self.arcs[arc as usize];
            let other = island[if outward { a.head } else { a.tail } as usize];
            for &v in &list {
                self.y[v as usize] += shift;
                island[v as usize] = other;
            }
            self.add_to_tree(arc);
            members[other as usize].extend(list);
            heap.push(Reverse((members[other as usize].len() as u64, other)));
        }
    }

    /// Postorder numbers (`lim`, `low`) and parent arcs of the whole forest.
    fn number(&mut self) {
        self.order = vec![0; self.y.len()];
        let mut next = 0;
        for root in 0..self.y.len() {
            if self.lim[root] == NONE {
                next = self.number_below(root, next);
            }
        }
    }

    /// Numbers the subtree at `root` in postorder from `next` on; gives the first unused number.
    fn number_below(&mut self, root: usize, mut next: u32) -> u32 {
        let mut stack = std::mem::take(&mut self.stack);
        stack.push((root as u32, 0));
        self.low[root] = next;
        while let Some(last) = stack.last_mut() {
            let v = last.0 as usize;
            if last.1 < self.degree[v] {
                let arc = self.incident[(self.first[v] + last.1) as usize];
                last.1 += 1;
                if arc == self.up[v] {
                    continue;
                }
                let child = self.other_end(arc, v);
                self.up[child] = arc;
                self.low[child] = next;
                stack.push((child as u32, 0));
            } else {
                self.lim[v] = next;
                self.order[next as usize] = v as u32;
                next += 1;
                stack.pop();
            }
        }
        self.stack = stack;
        next
    }

    /// Numbers the subtree at `top` again after an exchange, as `number_below` would.
    ///
    /// Only variables on the cycle have another parent or other children; what hangs from them is numbered as it
    /// was, but for where it begins.
    fn renumber(&mut self, top: usize) -> u32 {
        let from = self.low[top];
        let mut before = std::mem::take(&mut self.before);
        before.clear();
        before.extend_from_slice(&self.order[from as usize..=self.lim[top] as usize]);
        let mut stack = std::mem::take(&mut self.stack);
        stack.push((top as u32, 0));
        let mut next = from;
        while let Some(last) = stack.last_mut() {
            let v = last.0 as usize;
            if last.1 < self.degree[v] {
                let arc = self.incident[(self.first[v] + last.1) as usize];
                last.1 += 1;
                if arc == self.up[v] {
                    continue;
                }
                let child = self.other_end(arc, v);
                if self.on_cycle[child] == self.exchanges {
                    self.up[child] = arc;
                    self.low[child] = next;
                    stack.push((child as u32, 0));
                    continue;
                }
                let (low, lim) = (self.low[child], self.lim[child]);
                if low != next {
                    for &u in &before[(low - from) as usize..=(lim - from) as usize] {
                        let number = self.lim[u as usize] - low + next;
                        self.low[u as usize] = self.low[u as usize] - low + next;
                        self.lim[u as usize] = number;
                        self.order[number as usize] = u;
                    }
                }
                next += lim - low + 1;
            } else {
                self.lim[v] = next;
                self.order[next as usize] = v as u32;
                next += 1;
                stack.pop();
            }
        }
        (self.stack, self.before) = (stack, before);
        next
    }

    fn other_end(&self, arc: u32, v: usize) -> usize {
        let a = &self.arcs[arc as usize];
        (if a.tail as usize == v { a.head } else { a.tail }) as usize
    }

    fn below(&self, v: usize, top: usize) -> bool {
        self.low[top] <= self.lim[v] && self.lim[v] <= self.lim[top]
    }

    /// The lower end of a tree arc: the vertex whose `up` it is.
    fn lower(&self, arc: u32) -> usize {
        let a = &self.arcs[arc as usize];
        if self.up[a.tail as usize] == arc { a.tail as usize } else { a.head as usize }
    }

    /// Cut values of all tree arcs. With `b(v)` the weights out of `v` less those into it, the cut value
    /// of an arc is the sum of `b` over its tail's part: arcs inside a part cancel out.
    fn initial_cuts(&mut self) {
        let mut balance = vec![0.0; self.y.len()];
        for a in self.arcs {
            balance[a.tail as usize] += a.weight;
            balance[a.head as usize] -= a.weight;
        }
        for at in 0..self.order.len() {
            let v = self.order[at] as usize;
            let up = self.up[v];
            if up == NONE {
                continue;
            }
            let a = self.arcs[up as usize];
            self.cut[up as usize] = if a.tail as usize == v { balance[v] } else { -balance[v] };
            let parent = self.other_end(up, v);
            balance[parent] += balance[v];
        }
    }

    /// A tree arc with a negative cut value: the worst of the next few found from `from` on.
    fn leaving(&self, from: &mut usize) -> Option<u32> {
        let count = self.tree_arcs.len();
        let mut best: Option<(f64, u32)> = None;
        let mut found = 0;
        for _ in 0..count {
            if *from >= count {
                *from = 0;
            }
            let arc = self.tree_arcs[*from];
            *from += 1;
            let cut = self.cut[arc as usize];
            if cut < -0.5 {
                if best.is_none_or(|(least, _)| cut < least) {
                    best = Some((cut, arc));
                }
                found += 1;
                if found == 30 {
                    break;
                }
            }
        }
        best.map(|(_, arc)| arc)
    }

    /// The arc of least slack from the head's part of `leave` to its tail's part.
    fn entering(&self, leave: u32) -> Option<u32> {
        let v = self.lower(leave);
        let tail_below = self.arcs[leave as usize].tail as usize == v;
        let mut best: Option<(f64, u32)> = None;
        for number in self.low[v]..=self.lim[v] {
            let u = self.order[number as usize] as usize;
            for &arc in &self.incident[self.at(u)][self.degree[u] as usize..] {
                let a = &self.arcs[arc as usize];
                // Below lies the tail's part: arcs into it are wanted; otherwise arcs out of it.
                let (inner, outer) = if tail_below { (a.head, a.tail) } else { (a.tail, a.head) };
                if inner as usize != u || self.below(outer as usize, v) {
                    continue;
                }
                let slack = self.slack(arc);
                if best.is_none_or(|(least, _)| slack < least) {
                    best = Some((slack, arc));
                }
            }
        }
        best.map(|(_, arc)| arc)
    }

    /// Puts `enter` into the tree in place of `leave`.
    fn exchange(&mut self, leave: u32, enter: u32) {
        let v = self.lower(leave);
        let slack = self.slack(enter);
        let tail_below = self.arcs[leave as usize].tail as usize == v;
        let shift = if tail_below { -slack } else { slack };
        if shift != 0.0 {
            for number in self.low[v]..=self.lim[v] {
                self.y[self.order[number as usize] as usize] += shift;
            }
        }
        // The cut values are a flow with balance `b`; pushing `flow` round the cycle of `enter` empties `leave`.
        let flow = -self.cut[leave as usize];
        let Arc { tail, head, .. } = self.arcs[enter as usize];
        self.exchanges += 1;
        let mut top = head as usize;
        while !self.below(tail as usize, top) {
            self.on_cycle[top] = self.exchanges;
            let up = self.up[top];
            let along = self.arcs[up as usize].tail as usize == top;
            self.cut[up as usize] += if along { flow } else { -flow };
            top = self.other_end(up, top);
        }
        let mut walk = tail as usize;
        while walk != top {
            self.on_cycle[walk] = self.exchanges;
            let up = self.up[walk];
            // Walked downwards on the way from head to tail, that is from the parent to `walk`.
            let along = self.arcs[up as usize].head as usize == walk;
            self.cut[up as usize] += if along { flow } else { -flow };
            walk = self.other_end(up, walk);
        }
        self.cut[enter as usize] = flow;
        self.cut[leave as usize] = 0.0;
        self.in_tree[leave as usize] = false;
        self.detach(leave);
        let place = self.tree_place[leave as usize];
        self.tree_arcs[place as usize] = enter;
        self.tree_place[enter as usize] = place;
        self.in_tree[enter as usize] = true;
        self.attach(enter);
        let low = self.low[top];
        let end = self.renumber(top);
        self.work += u64::from(end - low) + u64::from(self.lim[v].abs_diff(self.low[v])) + 8;
    }
}

#[cfg(test)]
mod tests;
