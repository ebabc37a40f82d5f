use std::ops::{Deref, DerefMut};

/// A list that is nearly always of one: it takes no memory of its own until there are two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Few<T> {
    /// Nothing.
    #[default]
    None,
    /// One.
    One(T),
    /// In order.
    Many(Vec<T>),
}

impl<T> Few<T> {
    /// An empty list with room for so many.
    pub fn with_capacity(count: usize) -> Self {
        if count < 2 { Self::None } else { Self::Many(Vec::with_capacity(count)) }
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        match self {
            Self::None => *self = Self::One(item),
            Self::Many(items) => items.push(item),
            Self::One(_) => {
                let Self::One(first) = std::mem::replace(self, Self::Many(Vec::with_capacity(4))) else {
                    return;
                };
                if let Self::Many(items) = self {
                    items.extend([first, item]);
                }
            }
        }
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::None => &[],
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }
}

impl<T> DerefMut for Few<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::None => &mut [],
            Self::One(item) => std::slice::from_mut(item),
            Self::Many(items) => items,
        }
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn it_is_a_list_like_any_other() {
        let mut list = Few::default();
        assert!(list.is_empty());
        list.extend([1, 2, 3]);
        assert_eq!(*list, [1, 2, 3]);
        list[1] = 5;
        assert_eq!(list.iter().sum::<i32>(), 9);
    }
}
