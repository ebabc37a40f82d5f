//! Counting crossings between two layers.
//!
//! Barth, Jünger, Mutzel: Simple and efficient bilayer cross counting, 2002: edges sorted by their first
//! end, inversions of the second ends counted with an accumulator tree in O(E log V).

/// Counts pairs of edges that cross. `ends` are (place in the first layer, place in the second), sorted; edges
/// that share a place do not cross there. `tree` is scratch.
pub(super) fn crossings(ends: &[(u32, u32)], tree: &mut Vec<u32>) -> u64 {
    debug_assert!(ends.is_sorted(), "edges come in the order of their first ends");
    if ends.len() < 2 {
        return 0;
    }
    if ends.len() <= 24 {
        let mut sum = 0;
        for (i, a) in ends.iter().enumerate() {
            sum += ends[i + 1..].iter().filter(|b| a.0 < b.0 && a.1 > b.1).count() as u64;
        }
        return sum;
    }
    let width = ends.iter().map(|e| e.1).max().unwrap_or(0) as usize + 2;
    tree.clear();
    tree.resize(width + 1, 0);
    let mut total = 0u64;
    let mut inserted = 0u64;
    let mut at = 0;
    while at < ends.len() {
        // Edges from one place are counted first and entered together, so that they do not cross.
        let mut end = at;
        while end < ends.len() && ends[end].0 == ends[at].0 {
            let mut index = ends[end].1 as usize + 1;
            let mut not_above = 0u64;
            while index > 0 {
                not_above += u64::from(tree[index]);
                index &= index - 1;
            }
            total += inserted - not_above;
            end += 1;
        }
        for edge in &ends[at..end] {
            let mut index = edge.1 as usize + 1;
            while index <= width {
                tree[index] += 1;
                index += index & index.wrapping_neg();
            }
            inserted += 1;
        }
        at = end;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::crossings;

    #[test]
    fn both_ways_of_counting_agree() {
        let mut seed = 3u64;
        for size in [2usize, 10, 25, 60, 200] {
            let mut ends: Vec<(u32, u32)> = (0..size)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    ((seed >> 40) as u32 % 20, (seed >> 20) as u32 % 20)
                })
                .collect();
            let mut slow = 0;
            for a in &ends {
                slow += ends.iter().filter(|b| a.0 < b.0 && a.1 > b.1).count() as u64;
            }
            ends.sort_unstable();
            assert_eq!(crossings(&ends, &mut Vec::new()), slow);
        }
    }
}
