//! Sorting, and collecting in order, in little code.
//!
//! The standard library's sorts are made anew for every type and comparison, some 7 kB of WebAssembly each
//! time; with the three dozen sorts of the layout that was a third of the slim package. Here all share one
//! merge sort of indices, and each use adds a few hundred bytes. Speed is of the same order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Up to this many items are sorted by insertion, without memory of their own.
const FEW: usize = 16;

/// Stable sorts of slices that cost little code. Same results as the standard library's stable sorts for
/// comparisons that are total orders; for others some permutation.
pub trait LeanSort<T> {
    /// Sorts by a comparison.
    fn lean_sort_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// Sorts by a key, which is made anew for each comparison.
    fn lean_sort_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.lean_sort_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Sorts by the items' own order.
    fn lean_sort(&mut self)
    where
        T: Ord,
    {
        self.lean_sort_by(T::cmp);
    }
}

impl<T> LeanSort<T> for [T] {
    fn lean_sort_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        if self.len() > FEW {
            let mut by_index = |a: u32, b: u32| compare(&self[a as usize], &self[b as usize]);
            let order = sorted_indices(self.len(), &mut by_index);
            return permute(self, order);
        }
        for end in 1..self.len() {
            let mut at = end;
            while at > 0 && compare(&self[at - 1], &self[at]) == Ordering::Greater {
                self.swap(at - 1, at);
                at -= 1;
            }
        }
    }
}

/// Ordered maps and sets of what an iterator gives, item by item: `collect` would sort first, by a sort of its own
/// for every type.
pub trait LeanCollect: Iterator + Sized {
    /// A map; of equal keys the last counts.
    fn lean_map<K: Ord, V>(self) -> BTreeMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut map = BTreeMap::new();
        for (key, value) in self {
            map.insert(key, value);
        }
        map
    }

    /// A set.
    fn lean_set(self) -> BTreeSet<Self::Item>
    where
        Self::Item: Ord,
    {
        let mut set = BTreeSet::new();
        for item in self {
            set.insert(item);
        }
        set
    }
}

impl<I: Iterator> LeanCollect for I {}

/// The indices below `len` in the order of what they stand for: merges runs bottom up.
fn sorted_indices(len: usize, compare: &mut dyn FnMut(u32, u32) -> Ordering) -> Vec<u32> {
    let mut from: Vec<u32> = (0..len as u32).collect();
    for run in from.chunks_mut(FEW) {
        for end in 1..run.len() {
            let mut at = end;
            while at > 0 && compare(run[at - 1], run[at]) == Ordering::Greater {
                run.swap(at - 1, at);
                at -= 1;
            }
        }
    }
    let mut to = Vec::with_capacity(len);
    let mut width = FEW;
    while width < len {
        to.clear();
        for pair in from.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge(left, right, &mut to, compare);
        }
        std::mem::swap(&mut from, &mut to);
        width *= 2;
    }
    from
}

fn merge(left: &[u32], right: &[u32], to: &mut Vec<u32>, compare: &mut dyn FnMut(u32, u32) -> Ordering) {
    let (mut l, mut r) = (0, 0);
    // Runs that follow on each other are common: inputs are often nearly sorted.
    let in_order = match (left.last(), right.first()) {
        (Some(&last), Some(&first)) => compare(last, first) != Ordering::Greater,
        _ => true,
    };
    while !in_order && l < left.len() && r < right.len() {
        if compare(left[l], right[r]) == Ordering::Greater {
            to.push(right[r]);
            r += 1;
        } else {
            to.push(left[l]);
            l += 1;
        }
    }
    to.extend_from_slice(&left[l..]);
    to.extend_from_slice(&right[r..]);
}

/// Brings the item at `order[i]` to `i`, cycle by cycle.
fn permute<T>(items: &mut [T], mut order: Vec<u32>) {
    for start in 0..items.len() {
        let mut at = start;
        loop {
            let next = order[at] as usize;
            order[at] = at as u32;
            if next == start {
                break;
            }
            items.swap(at, next);
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_the_stable_sort_of_the_standard_library() {
        for len in [0, 1, 2, 15, 16, 17, 31, 32, 33, 100, 257, 1000] {
            for modulus in [1, 3, 50, 100_003] {
                let items: Vec<(usize, usize)> = (0..len).map(|i| (i * 7919 % modulus, i)).collect();
                let mut expected = items.clone();
                expected.sort_by_key(|item| item.0);
                let mut sorted = items.clone();
                sorted.lean_sort_by_key(|item| item.0);
                assert_eq!(sorted, expected, "{len} items, keys below {modulus}");
                sorted.reverse();
                sorted.lean_sort();
                expected.sort_unstable();
                assert_eq!(sorted, expected);
            }
        }
    }

    #[test]
    fn a_comparison_that_is_no_order_still_gives_a_permutation() {
        let mut items: Vec<usize> = (0..100).collect();
        let mut turn = 0;
        items.lean_sort_by(|_, _| {
            turn += 1;
            if turn % 3 == 0 { Ordering::Greater } else { Ordering::Less }
        });
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
