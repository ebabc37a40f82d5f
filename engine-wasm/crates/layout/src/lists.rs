//! Lists by number in two vectors, instead of a vector of vectors.

/// For each number below a bound a list of items, all in one vector.
#[derive(Debug, Default)]
pub(crate) struct Lists<T> {
    first: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Lists<T> {
    /// The lists of `0..count` from pairs (number, item), each in the order of the pairs.
    pub(crate) fn of(count: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut first = vec![0u32; count + 1];
        for (number, _) in pairs.clone() {
            first[number as usize + 1] += 1;
        }
        for number in 0..count {
            first[number + 1] += first[number];
        }
        let Some((_, any)) = pairs.clone().next() else { return Self { first, items: Vec::new() } };
        let mut items = vec![any; first[count] as usize];
        // While filling, `first` is where each list's next item goes; after it, where the list ends.
        for (number, item) in pairs {
            let place = &mut first[number as usize];
            items[*place as usize] = item;
            *place += 1;
        }
        first.rotate_right(1);
        first[0] = 0;
        Self { first, items }
    }

    /// The list of a number.
    pub(crate) fn at(&self, number: u32) -> &[T] {
        &self.items[self.first[number as usize] as usize..self.first[number as usize + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Lists;

    #[test]
    fn items_keep_their_order_and_numbers_without_any_have_none() {
        let pairs = [(2, 'a'), (0, 'b'), (2, 'c'), (3, 'd')];
        let lists = Lists::of(5, pairs.into_iter());
        let all: Vec<String> = (0..5).map(|n| lists.at(n).iter().collect()).collect();
        assert_eq!(all, ["b", "", "ac", "d", ""]);
        let none = Lists::<u8>::of(2, std::iter::empty());
        assert!(none.at(0).is_empty() && none.at(1).is_empty());
    }
}
