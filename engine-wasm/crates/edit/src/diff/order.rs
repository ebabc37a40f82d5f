//! Few moves from one order to another.

use std::collections::{BTreeMap, BTreeSet};

use spandrel_base::LeanCollect;

/// What of `wanted` has to be moved, each with what it then stands in front of (`None`: behind all), from the last to
/// the first. `now` holds the same things in another order; as many as possible stay where they are.
pub(super) fn moves<'k>(now: &[&'k str], wanted: &[&'k str]) -> Vec<(&'k str, Option<&'k str>)> {
    let places: BTreeMap<&str, usize> = wanted.iter().enumerate().map(|(at, key)| (*key, at)).lean_map();
    let sequence: Vec<usize> = now.iter().filter_map(|key| places.get(key).copied()).collect();
    let stay = longest_rising(&sequence);
    let moved = (0..wanted.len()).rev().filter(|at| !stay.contains(at));
    moved.map(|at| (wanted[at], wanted.get(at + 1).copied())).collect()
}

/// The values of a longest rising part of a sequence of different numbers (Schensted's piles).
fn longest_rising(sequence: &[usize]) -> BTreeSet<usize> {
    // Of each length, the place at which such a part with the smallest end ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; sequence.len()];
    for (at, value) in sequence.iter().enumerate() {
        let length = ends.partition_point(|&end| sequence[end] < *value);
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    std::iter::successors(ends.last().copied(), |&at| before[at]).map(|at| sequence[at]).lean_set()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_wrong_is_moved() {
        assert_eq!(moves(&["a", "b", "c", "d"], &["a", "d", "b", "c"]), [("d", Some("b"))]);
        assert_eq!(moves(&["a", "b", "c"], &["b", "c", "a"]), [("a", None)]);
        assert_eq!(moves(&["a", "b", "c"], &["a", "b", "c"]), []);
        assert_eq!(moves(&["a", "b", "c"], &["c", "b", "a"]), [("a", None), ("b", Some("a"))]);
    }
}
