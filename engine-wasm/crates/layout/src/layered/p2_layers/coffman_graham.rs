//! Layers of bounded size.
//!
//! Coffman, Graham: Optimal scheduling for two-processor systems, 1972. Nodes get numbers so that those
//! whose predecessors have small numbers come first; from the highest number down each takes the last layer
//! that has room and lies before all its successors. The transitive reduction that the paper starts from
//! is left out: it changes the result only where an edge repeats a longer path.

use spandrel_base::LeanSort;

/// Layer of every node, from 0, at most `bound` nodes each. `arcs` lead from a node to a later one and
/// close no cycle.
pub(super) fn layers(count: usize, arcs: &[(usize, usize)], bound: usize) -> Vec<usize> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    for &(a, b) in arcs {
        after[a].push(b);
        before[b].push(a);
    }
    let mut open: Vec<usize> = before.iter().map(Vec::len).collect();
    // The numbers of a node's predecessors, largest first; the node itself breaks ties.
    let mut numbers: Vec<Vec<usize>> = vec![Vec::new(); count];
    // Sorted, the next one last.
    let mut ready: Vec<(Vec<usize>, usize)> =
        (0..count).rev().filter(|&n| open[n] == 0).map(|n| (Vec::new(), n)).collect();
    let mut sequence = Vec::with_capacity(count);
    while let Some((_, node)) = ready.pop() {
        let number = sequence.len();
        sequence.push(node);
        for &next in &after[node] {
            numbers[next].push(number);
            open[next] -= 1;
            if open[next] == 0 {
                let mut key = std::mem::take(&mut numbers[next]);
                key.lean_sort();
                key.reverse();
                let entry = (key, next);
                let at = ready.partition_point(|other| *other > entry);
                ready.insert(at, entry);
            }
        }
    }
    // From the end: layer 0 is the last one here.
    let mut layer = vec![0usize; count];
    let mut size: Vec<usize> = Vec::new();
    // Layers below this one are full.
    let mut free = 0;
    for &node in sequence.iter().rev() {
        let mut at = after[node].iter().map(|&n| layer[n] + 1).max().unwrap_or(0).max(free);
        while size.get(at).is_some_and(|&s| s >= bound.max(1)) {
            at += 1;
        }
        if size.len() <= at {
            size.resize(at + 1, 0);
        }
        size[at] += 1;
        layer[node] = at;
        while size.get(free).is_some_and(|&s| s >= bound.max(1)) {
            free += 1;
        }
    }
    let last = size.len().saturating_sub(1);
    layer.into_iter().map(|l| last - l).collect()
}

#[cfg(test)]
mod tests {
    use super::layers;

    #[test]
    fn layers_are_bounded_and_edges_lead_on() {
        let arcs = [(0, 4), (1, 4), (2, 5), (3, 5), (4, 6), (5, 6), (0, 5)];
        for bound in 1..5 {
            let layer = layers(8, &arcs, bound);
            assert!(arcs.iter().all(|&(a, b)| layer[a] < layer[b]), "{layer:?}");
            let most = (0..8).map(|l| layer.iter().filter(|&&x| x == l).count()).max();
            assert!(most <= Some(bound), "{layer:?}");
        }
        // Optimal for two, as in the paper.
        assert_eq!(layers(8, &arcs, 2).into_iter().max(), Some(3));
    }
}
