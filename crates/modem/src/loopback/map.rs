//! A small ordered map. The maps of this network hold a few entries; a tree for each type of them would be a tenth of the
//! virtual modem's WebAssembly module.

use alloc::vec::Vec;

/// Entries in the order of their keys.
#[derive(Clone, Debug)]
pub(super) struct Map<K, V>(Vec<(K, V)>);

impl<K: Ord, V> Map<K, V> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(key))
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.0.get(self.place(key).ok()?).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// In place of what is there under that key.
    pub(super) fn insert(&mut self, key: K, value: V) {
        let place = match self.place(&key) {
            Ok(place) => {
                self.0.remove(place);
                place
            }
            Err(place) => place,
        };
        self.0.insert(place, (key, value));
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::Map;
    use alloc::vec::Vec;

    #[test]
    fn entries_are_found_replaced_and_removed_and_stay_in_order() {
        let mut map = Map::new();
        for key in [5, 1, 3, 1] {
            map.insert(key, key * 10);
        }
        map.insert(3, 33);
        assert_eq!(map.iter().collect::<Vec<_>>(), [(&1, &10), (&3, &33), (&5, &50)]);
        assert_eq!((map.get(&3), map.get(&4)), (Some(&33), None));
        *map.get_mut(&5).unwrap() += 1;
        assert_eq!((map.remove(&1), map.remove(&1)), (Some(10), None));
        assert_eq!(map.values().rev().copied().collect::<Vec<_>>(), [51, 33]);
    }
}
