//! Hash table from numbers to product ids, built once.
//!
//! A number of one product takes one slot. The products that share a number stand together in a
//! list of their own, so that thousands with the same number ("N/A") neither slow the building
//! down nor a lookup of any other number.

use kontor_model::product::ProductId;

/// Hash tables from numbers to product ids.
#[derive(Debug, Default)]
pub(crate) struct NumberIndex {
    slots: Vec<Slot>,
    mask: usize,
    /// For each number of several products how many they are, then the products, ascending.
    shared: Vec<u32>,
}

/// The upper half of a hash without its last bit, which says that the number is shared.
#[derive(Debug, Clone, Copy)]
struct Slot {
    tag: u32,
    /// The product, or the place in `shared`. `FREE` marks an empty slot.
    place: u32,
}

const FREE: u32 = u32::MAX;
const SHARED: u32 = 1;

impl NumberIndex {
    /// An index of these pairs of hash and product, in any order.
    pub(crate) fn new(mut pairs: Vec<(u64, ProductId)>) -> Self {
        pairs.sort_unstable_by_key(|(hash, product)| (*hash, product.0));
        pairs.dedup();
        let size = (pairs.len() * 3 / 2 + 1).next_power_of_two();
        let empty = Slot { tag: 0, place: FREE };
        let mut index = Self { slots: vec![empty; size], mask: size - 1, shared: Vec::new() };
        for same in pairs.chunk_by(|(a, _), (b, _)| a == b) {
            match same {
                [] => {}
                [(hash, product)] => index.insert(*hash, 0, product.0),
                [(hash, _), ..] => {
                    let place = u32::try_from(index.shared.len()).unwrap_or(FREE);
                    index.shared.push(u32::try_from(same.len()).unwrap_or(0));
                    index.shared.extend(same.iter().map(|(_, product)| product.0));
                    index.insert(*hash, SHARED, place);
                }
            }
        }
        index
    }

    fn insert(&mut self, hash: u64, shared: u32, place: u32) {
        let (mut at, tag) = self.start(hash);
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.place == FREE {
                *slot = Slot { tag: tag | shared, place };
                return;
            }
            at = (at + 1) & self.mask;
        }
    }

    /// Products that may have a number with this hash.
    pub(crate) fn candidates(&self, hash: u64) -> impl Iterator<Item = ProductId> {
        let (start, tag) = self.start(hash);
        let places = (0..self.slots.len()).map(move |step| (start + step) & self.mask);
        places
            .map_while(|place| self.slots.get(place).filter(|slot| slot.place != FREE))
            .filter(move |slot| slot.tag & !SHARED == tag)
            .flat_map(|slot| self.products(slot))
    }

    fn products(&self, slot: &Slot) -> impl Iterator<Item = ProductId> {
        let alone = (slot.tag & SHARED == 0).then_some(slot.place);
        let first = slot.place as usize;
        let group = alone.is_none().then(|| self.shared.get(first..).unwrap_or_default());
        let group = group.and_then(<[u32]>::split_first);
        let group = group.map(|(count, rest)| rest.get(..*count as usize).unwrap_or_default());
        alone.into_iter().chain(group.unwrap_or_default().iter().copied()).map(ProductId)
    }

    #[expect(clippy::cast_possible_truncation, reason = "the halves of a hash are cut out of it")]
    fn start(&self, hash: u64) -> (usize, u32) {
        // The low half picks the place, the high half is the tag; both halves are used up.
        (hash as u32 as usize & self.mask, (hash >> 32) as u32 & !SHARED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_one_and_of_many_products_are_found() {
        let spread = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut pairs: Vec<_> = (0..1000).map(|id| (spread(id.into()), ProductId(id))).collect();
        pairs.extend((0..5000).map(|id| (spread(7), ProductId(id))));
        let index = NumberIndex::new(pairs);
        let found = |hash| index.candidates(hash).map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(found(spread(7)), (0..5000).collect::<Vec<_>>());
        for id in (0..1000).filter(|id| *id != 7) {
            assert_eq!(found(spread(id.into())), [id]);
        }
        assert_eq!(found(spread(2000)), []);
        assert_eq!(NumberIndex::new(Vec::new()).candidates(1).count(), 0);
        assert_eq!(NumberIndex::default().candidates(1).count(), 0);
    }
}
