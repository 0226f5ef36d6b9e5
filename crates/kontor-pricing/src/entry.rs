//! Price entries as the book holds them: twelve bytes each.
//!
//! An entry is its list (32 bits) and a word: the number of its shape (20 bits) and its amount in
//! millionths (43 bits, up to 8.7 million units of currency). The few that do not fit stand in a
//! side table and carry their place in it instead.
//!
//! Of one product, first all lists stand, then all words: a search reads lists only, and so touches
//! a third of the memory, and what it then needs is near by.

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

/// Entries, packed, product by product.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    /// Three for each entry: for each product its lists, then the halves of its words.
    packed: Vec<u32>,
    wide: Vec<Wide>,
}

/// The halves of a word, the lower one first.
type Halves = [u32; 2];

/// Shape and amount of an entry that does not fit into twelve bytes.
type Wide = (u32, i64);

/// All entries of one product, sorted by list, then by shape.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run<'a> {
    /// As many as there are words.
    lists: &'a [u32],
    words: &'a [Halves],
    wide: &'a [Wide],
}

impl Entries {
    /// Those of one product alone.
    pub(crate) fn of_product(entries: &[Entry]) -> Self {
        let mut packed = Self::default();
        packed.push_product(entries);
        packed
    }

    pub(crate) fn reserve_exact(&mut self, more: usize) {
        self.packed.reserve_exact(more * 3);
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.packed.shrink_to_fit();
    }

    /// Adds all entries of a product, sorted by list, then by shape.
    pub(crate) fn push_product(&mut self, entries: &[Entry]) {
        self.packed.extend(entries.iter().map(|entry| entry.list.0));
        for entry in entries {
            let halves = halves(self.word(*entry));
            self.packed.extend(halves);
        }
    }

    /// Adds all entries of a product as another book has them.
    pub(crate) fn push_run(&mut self, run: Run<'_>) {
        self.packed.extend_from_slice(run.lists);
        if run.wide.is_empty() {
            self.packed.extend_from_slice(run.words.as_flattened());
            return;
        }
        for entry in run.iter() {
            let halves = halves(self.word(entry));
            self.packed.extend(halves);
        }
    }

    fn word(&mut self, entry: Entry) -> u64 {
        let amount = u64::try_from(entry.amount).ok().filter(|amount| *amount <= AMOUNT_MASK);
        match amount {
            Some(amount) if entry.shape < 1 << SHAPE_BITS => {
                u64::from(entry.shape) << AMOUNT_BITS | amount
            }
            _ => {
                self.wide.push((entry.shape, entry.amount));
                ESCAPE | (self.wide.len() as u64 - 1)
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.packed.len() / 3
    }

    /// Those of one product, from its first entry to its last.
    #[inline]
    pub(crate) fn run(&self, range: Range<usize>) -> Option<Run<'_>> {
        let packed = self.packed.get(range.start.checked_mul(3)?..range.end.checked_mul(3)?)?;
        let (lists, words) = packed.split_at_checked(range.len())?;
        let (words, _) = words.as_chunks();
        Some(Run { lists, words, wide: &self.wide })
    }

    /// All of them, when they are of one product.
    pub(crate) fn whole(&self) -> Run<'_> {
        self.run(0..self.len()).unwrap_or_default()
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

#[expect(clippy::cast_possible_truncation, reason = "the halves of a word are cut out of it")]
fn halves(word: u64) -> Halves {
    [word as u32, (word >> 32) as u32]
}

#[inline]
fn unpack(list: u32, [low, high]: Halves, wide: &[Wide]) -> Entry {
    let list = PriceListId(list);
    let word = u64::from(high) << 32 | u64::from(low);
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
        let mut packed = Entries::of_product(&entries);
        assert_eq!(packed.whole().iter().collect::<Vec<_>>(), entries);
        assert_eq!(packed.wide.len(), 4, "only what does not fit");
        assert_eq!(size_of_val(&*packed.packed), entries.len() * 12);
        packed.push_product(&entries[1..3]);
        let second = packed.run(entries.len()..entries.len() + 2).unwrap();
        assert_eq!(second.iter().collect::<Vec<_>>(), entries[1..3]);
    }

    #[test]
    fn a_run_of_another_book_is_taken_over_as_it_is() {
        let entry = |shape, amount| Entry { list: PriceListId(1), shape, amount };
        let narrow = [entry(1, 5), entry(2, 6)];
        let wide = [entry(1, 1 << 43), entry(2, 7), entry(1 << 20, 8)];
        let mut copy = Entries::of_product(&wide);
        copy.push_run(Entries::of_product(&narrow).whole());
        copy.push_run(Entries::of_product(&wide).whole());
        let of = |range| copy.run(range).unwrap().iter().collect::<Vec<_>>();
        assert_eq!((of(0..3), of(3..5), of(5..8)), (wide.into(), narrow.into(), wide.into()));
    }

    #[test]
    fn the_entries_of_a_list_are_found_among_many() {
        for count in [0, 1, 63, 64, 65, 127, 128, 129, 1000] {
            let lists = (0..count).flat_map(|list| [list * 2, list * 2]);
            let entries = (0..).zip(lists);
            let entries: Vec<_> = entries
                .map(|(shape, list)| Entry { list: PriceListId(list), shape, amount: 1 })
                .collect();
            let entries = Entries::of_product(&entries);
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
