//! A spanning forest of any graph: what `tree` and `radial` lay out.

use super::FlatGraph;

/// In which order nodes are found from the roots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchOrder {
    /// Deep first: edges of the graph become long tree paths.
    #[default]
    DepthFirst,
    /// Broad first: every node as near to its root as can be.
    BreadthFirst,
}

/// A forest over all nodes of a graph.
#[derive(Clone, Debug, Default)]
pub(super) struct Forest {
    /// In the order they were found.
    pub(super) roots: Vec<usize>,
    /// By node; `None` for roots.
    pub(super) parent: Vec<Option<usize>>,
    /// By node, in the order of the edges.
    pub(super) children: Vec<Vec<usize>>,
    /// By edge: whether the forest contains it, from parent to child.
    pub(super) is_tree_edge: Vec<bool>,
    /// All nodes, every parent before its children.
    pub(super) order: Vec<usize>,
    /// By node: how many edges lie above it.
    pub(super) depth: Vec<usize>,
}

impl Forest {
    /// Searches along the direction of edges from every node without an edge into it, in model order, then
    /// from the first node not found yet until there is none: every cycle is entered at its first node.
    pub(super) fn of(graph: &FlatGraph, search: SearchOrder) -> Self {
        let n = graph.nodes.len();
        let mut outgoing: Vec<Vec<(usize, usize)>> = vec![Vec::new(); n];
        let mut has_incoming = vec![false; n];
        for (index, edge) in graph.edges.iter().enumerate() {
            if graph.is_whole(edge) && edge.source != edge.target {
                outgoing[edge.source].push((edge.target, index));
                has_incoming[edge.target] = true;
            }
        }
        let mut forest = Self {
            roots: Vec::new(),
            parent: vec![None; n],
            children: vec![Vec::new(); n],
            is_tree_edge: vec![false; graph.edges.len()],
            order: Vec::with_capacity(n),
            depth: vec![0; n],
        };
        let mut found = vec![false; n];
        let sources = (0..n).filter(|&node| !has_incoming[node]);
        for root in sources.chain(0..n) {
            if found[root] {
                continue;
            }
            found[root] = true;
            forest.roots.push(root);
            match search {
                SearchOrder::DepthFirst => forest.dig(root, &outgoing, &mut found),
                SearchOrder::BreadthFirst => forest.spread(root, &outgoing, &mut found),
            }
        }
        forest
    }

    fn dig(&mut self, root: usize, outgoing: &[Vec<(usize, usize)>], found: &mut [bool]) {
        self.order.push(root);
        // Nodes on the path from the root, each with the next of its edges to try.
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.last_mut() {
            let Some(&(child, edge)) = outgoing[*node].get(*next) else {
                path.pop();
                continue;
            };
            *next += 1;
            if !found[child] {
                let parent = *node;
                found[child] = true;
                self.adopt(parent, child, edge);
                path.push((child, 0));
            }
        }
    }

    fn spread(&mut self, root: usize, outgoing: &[Vec<(usize, usize)>], found: &mut [bool]) {
        let mut next = self.order.len();
        self.order.push(root);
        while let Some(&node) = self.order.get(next) {
            for &(child, edge) in &outgoing[node] {
                if !found[child] {
                    found[child] = true;
                    self.adopt(node, child, edge);
                }
            }
            next += 1;
        }
    }

    fn adopt(&mut self, parent: usize, child: usize, edge: usize) {
        self.parent[child] = Some(parent);
        self.children[parent].push(child);
        self.is_tree_edge[edge] = true;
        self.depth[child] = self.depth[parent] + 1;
        self.order.push(child);
    }

    /// By node: the sum of `weight` over it and everything below.
    pub(super) fn sums(&self, weight: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sums: Vec<f64> = (0..self.parent.len()).map(weight).collect();
        for &node in self.order.iter().rev() {
            if let Some(parent) = self.parent[node] {
                sums[parent] += sums[node];
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::{FlatEdge, FlatNode};

    fn forest(n: usize, edges: &[(usize, usize)], search: SearchOrder) -> Forest {
        let edges = edges.iter().map(|&(a, b)| FlatEdge::between(a, b)).collect();
        Forest::of(&FlatGraph { nodes: vec![FlatNode::default(); n], edges }, search)
    }

    #[test]
    fn the_search_order_decides_between_long_and_short_paths() {
        let edges = [(0, 1), (0, 2), (1, 2)];
        assert_eq!(forest(3, &edges, SearchOrder::DepthFirst).depth, [0, 1, 2]);
        assert_eq!(forest(3, &edges, SearchOrder::BreadthFirst).depth, [0, 1, 1]);
    }

    #[test]
    fn cycles_and_loops_are_entered_at_their_first_node() {
        let forest = forest(5, &[(4, 4), (1, 2), (2, 1), (0, 0), (3, 1)], SearchOrder::DepthFirst);
        assert_eq!(forest.roots, [0, 3, 4]);
        assert_eq!(forest.order, [0, 3, 1, 2, 4]);
        assert_eq!(forest.is_tree_edge, [false, true, false, false, true]);
    }
}
