//! Small helpers in place of generic ones that cost kilobytes of WebAssembly for every type they meet.

use spandrel_base::LeanSort;

/// Where each of some numbers stands in a list: a map in a sorted vector.
pub(crate) struct Places(Vec<(usize, usize)>);

impl Places {
    /// The places of `list`, whose numbers are all different.
    pub(crate) fn of(list: &[usize]) -> Self {
        let mut sorted: Vec<(usize, usize)> =
            list.iter().enumerate().map(|(place, &number)| (number, place)).collect();
        if !sorted.is_sorted() {
            sorted.lean_sort();
        }
        Self(sorted)
    }

    /// The place of `number`, where the list has it.
    pub(crate) fn get(&self, number: usize) -> Option<usize> {
        let at = self.0.partition_point(|&(known, _)| known < number);
        self.0.get(at).filter(|&&(known, _)| known == number).map(|&(_, place)| place)
    }
}

/// `value` between `low` and `high`. `f64::clamp` would bring the printing of floats along for its panic.
pub(crate) fn limit(value: f64, low: f64, high: f64) -> f64 {
    value.max(low).min(high)
}
