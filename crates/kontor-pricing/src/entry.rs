//! Price entries as the book holds them: twelve bytes each.
//!
//! An entry is its list (32 bits) and a word: the number of its shape (20 bits) and its amount in
//! millionths (43 bits, up to 8.7 million units of currency). The few that do not fit stand in a
//! side table and carry their place in it instead.
//!
//! Lists and words stand apart: a search reads lists only, and so touches a third of the memory.

use std::ops::Range;

use kontor_model::price_list::PriceListId;

const SHAPE_BITS: u32 = 20;
const AMOUNT_BITS: u32 = 43;
const ESCAPE: u64 = 1 << (SHAPE_BITS + AMOUNT_BITS);
const AMOUNT_MASK: u64 = (1 << AMOUNT_BITS) - 1;

/// Of so many lists each is looked at. None of these reads waits for another, whereas each step of
/// a binary search waits for the one before: in memory that is not cached, looking at all is
/// faster.
const WINDOW: usize = 128;

/// An entry, unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub list: PriceListId,
    /// Number of its shape.
    pub shape: u32,
    /// Millionths of the currency unit.
    pub amount: i64,
}

/// Entries, packed.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    lists: Vec<u32>,
    words: Vec<u64>,
    wide: Vec<Wide>,
}

/// Shape and amount of an entry that does not fit into twelve bytes.
type Wide = (u32, i64);

/// All entries of one product, sorted by list, then by shape.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run<'a> {
    /// As many as there are words.
    lists: &'a [u32],
    words: &'a [u64],
    wide: &'a [Wide],
}

impl Entries {
    pub(crate) fn reserve_exact(&mut self, more: usize) {
        self.lists.reserve_exact(more);
        self.words.reserve_exact(more);
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.lists.shrink_to_fit();
        self.words.shrink_to_fit();
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        let amount = u64::try_from(entry.amount).ok().filter(|amount| *amount <= AMOUNT_MASK);
        let word = match amount {
            Some(amount) if entry.shape < 1 << SHAPE_BITS => {
                u64::from(entry.shape) << AMOUNT_BITS | amount
            }
            _ => {
                self.wide.push((entry.shape, entry.amount));
                ESCAPE | (self.wide.len() as u64 - 1)
            }
        };
        self.lists.push(entry.list.0);
        self.words.push(word);
    }

    pub(crate) fn len(&self) -> usize {
        self.lists.len()
    }

    /// Those of one product.
    #[inline]
    pub(crate) fn run(&self, range: Range<usize>) -> Option<Run<'_>> {
        let (lists, words) = (self.lists.get(range.clone())?, self.words.get(range)?);
        Some(Run { lists, words, wide: &self.wide })
    }

    /// All of them, when they are of one product.
    pub(crate) fn whole(&self) -> Run<'_> {
        Run { lists: &self.lists, words: &self.words, wide: &self.wide }
    }
}

impl FromIterator<Entry> for Entries {
    fn from_iter<T: IntoIterator<Item = Entry>>(entries: T) -> Self {
        let mut packed = Self::default();
        entries.into_iter().for_each(|entry| packed.push(entry));
        packed
    }
}

impl<'a> Run<'a> {
    pub fn len(self) -> usize {
        self.lists.len()
    }

    pub fn is_empty(self) -> bool {
        self.lists.is_empty()
    }

    /// All entries in order.
    pub fn iter(self) -> impl Iterator<Item = Entry> + 'a {
        let pairs = self.lists.iter().zip(self.words);
        pairs.map(move |(list, word)| unpack(*list, *word, self.wide))
    }

    /// The entries of one list; the cost hardly grows with the lists that price the product.
    #[inline]
    pub fn of_list(self, list: PriceListId) -> impl Iterator<Item = Entry> + 'a {
        let start = position(self.lists, list.0);
        let lists = self.lists.get(start..).unwrap_or_default();
        let words = self.words.get(start..).unwrap_or_default();
        let own = lists.iter().zip(words).take_while(move |(own, _)| **own == list.0);
        own.map(move |(own, word)| unpack(*own, *word, self.wide))
    }
}

/// How many of these lists, in ascending order, come before one.
#[inline]
fn position(lists: &[u32], list: u32) -> usize {
    let (mut before, mut window) = (0, lists);
    while window.len() > WINDOW {
        let (left, right) = window.split_at(window.len() / 2);
        if left.last().is_some_and(|last| *last < list) {
            before += left.len();
            window = right;
        } else {
            window = left;
        }
    }
    // Wraps only so that no check of each addition keeps the processor from counting many at once.
    let count = |smaller: u32, own: &u32| smaller.wrapping_add(u32::from(*own < list));
    before + window.iter().fold(0, count) as usize
}

#[inline]
fn unpack(list: u32, word: u64, wide: &[Wide]) -> Entry {
    let list = PriceListId(list);
    if word & ESCAPE == 0 {
        let shape = (word >> AMOUNT_BITS) as u32;
        return Entry { list, shape, amount: (word & AMOUNT_MASK).cast_signed() };
    }
    let place = usize::try_from(word & !ESCAPE).unwrap_or(usize::MAX);
    let (shape, amount) = wide.get(place).copied().unwrap_or_default();
    Entry { list, shape, amount }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_little_takes_more_room() {
        let entries = [
            (0, 0),
            ((1 << 20) - 1, (1 << 43) - 1),
            (1 << 20, 5),
            (7, 1 << 43),
            (u32::MAX, i64::MAX),
            (3, -1),
        ]
        .map(|(shape, amount)| Entry { list: PriceListId(u32::MAX), shape, amount });
        let packed: Entries = entries.into_iter().collect();
        assert_eq!(packed.whole().iter().collect::<Vec<_>>(), entries);
        assert_eq!(packed.wide.len(), 4, "only what does not fit");
        assert_eq!(size_of_val(&packed.lists[0]) + size_of_val(&packed.words[0]), 12);
    }

    #[test]
    fn the_entries_of_a_list_are_found_among_many() {
        for count in [0, 1, 63, 64, 65, 127, 128, 129, 1000] {
            let lists = (0..count).flat_map(|list| [list * 2, list * 2]);
            let entries = (0..).zip(lists);
            let entries: Entries = entries
                .map(|(shape, list)| Entry { list: PriceListId(list), shape, amount: 1 })
                .collect();
            let shapes = |list| {
                let own = entries.whole().of_list(PriceListId(list));
                own.map(|entry| entry.shape).collect::<Vec<_>>()
            };
            for list in 0..count {
                assert_eq!(shapes(list * 2), [list * 2, list * 2 + 1], "{list} of {count}");
                assert_eq!(shapes(list * 2 + 1), [], "between the lists");
            }
            assert_eq!(shapes(u32::MAX), []);
        }
    }
}
