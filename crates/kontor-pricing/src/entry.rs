//! Price entries as the book holds them: twelve bytes each.
//!
//! An entry is its list (32 bits), the number of its shape (20 bits) and its amount in millionths
//! (43 bits, up to 8.7 million units of currency). The few that do not fit stand in a side table
//! and carry their place in it instead.

use kontor_model::price_list::PriceListId;

const SHAPE_BITS: u32 = 20;
const AMOUNT_BITS: u32 = 43;
const ESCAPE: u64 = 1 << (SHAPE_BITS + AMOUNT_BITS);
const AMOUNT_MASK: u64 = (1 << AMOUNT_BITS) - 1;

/// An entry, unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub list: PriceListId,
    /// Number of its shape.
    pub shape: u32,
    /// Millionths of the currency unit.
    pub amount: i64,
}

/// An entry, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Packed {
    list: u32,
    low: u32,
    high: u32,
}

/// Shape and amount of an entry that does not fit into twelve bytes.
pub(crate) type Wide = (u32, i64);

/// All entries of one product, sorted by list, then by shape.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run<'a> {
    pub(crate) entries: &'a [Packed],
    pub(crate) wide: &'a [Wide],
}

impl Packed {
    /// Packs an entry; one that does not fit goes to `wide`.
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a word are cut out of it")]
    pub(crate) fn new(entry: Entry, wide: &mut Vec<Wide>) -> Self {
        let amount = u64::try_from(entry.amount).ok().filter(|amount| *amount <= AMOUNT_MASK);
        let word = match amount {
            Some(amount) if entry.shape < 1 << SHAPE_BITS => {
                u64::from(entry.shape) << AMOUNT_BITS | amount
            }
            _ => {
                wide.push((entry.shape, entry.amount));
                ESCAPE | (wide.len() as u64 - 1)
            }
        };
        let (low, high) = (word as u32, (word >> 32) as u32);
        Self { list: entry.list.0, low, high }
    }

    #[inline]
    fn unpack(self, wide: &[Wide]) -> Entry {
        let word = u64::from(self.high) << 32 | u64::from(self.low);
        let list = PriceListId(self.list);
        if word & ESCAPE == 0 {
            let shape = (word >> AMOUNT_BITS) as u32;
            return Entry { list, shape, amount: (word & AMOUNT_MASK).cast_signed() };
        }
        let place = usize::try_from(word & !ESCAPE).unwrap_or(usize::MAX);
        let (shape, amount) = wide.get(place).copied().unwrap_or_default();
        Entry { list, shape, amount }
    }
}

impl<'a> Run<'a> {
    pub fn len(self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(self) -> bool {
        self.entries.is_empty()
    }

    /// All entries in order.
    pub fn iter(self) -> impl Iterator<Item = Entry> + 'a {
        self.entries.iter().map(move |packed| packed.unpack(self.wide))
    }

    /// The entries of one list. Found by binary search, however many lists price the product.
    #[inline]
    pub fn of_list(self, list: PriceListId) -> impl Iterator<Item = Entry> + 'a {
        let start = self.entries.partition_point(|packed| packed.list < list.0);
        let rest = self.entries.get(start..).unwrap_or_default();
        rest.iter()
            .take_while(move |packed| packed.list == list.0)
            .map(move |packed| packed.unpack(self.wide))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_bytes_and_nothing_is_lost() {
        assert_eq!(size_of::<Packed>(), 12);
        let mut wide = Vec::new();
        for (shape, amount) in [
            (0, 0),
            ((1 << 20) - 1, (1 << 43) - 1),
            (1 << 20, 5),
            (7, 1 << 43),
            (u32::MAX, i64::MAX),
            (3, -1),
        ] {
            let entry = Entry { list: PriceListId(u32::MAX), shape, amount };
            assert_eq!(Packed::new(entry, &mut wide).unpack(&wide), entry);
        }
        assert_eq!(wide.len(), 4, "only what does not fit takes more room");
    }

    #[test]
    fn the_entries_of_a_list_are_found_among_many() {
        let mut wide = Vec::new();
        let lists = (0..1000_u32).flat_map(|list| [list * 2, list * 2]);
        let entries: Vec<Packed> = (0..)
            .zip(lists)
            .map(|(shape, list)| Entry { list: PriceListId(list), shape, amount: 1 })
            .map(|entry| Packed::new(entry, &mut wide))
            .collect();
        let run = Run { entries: &entries, wide: &wide };
        let shapes = |list| run.of_list(PriceListId(list)).map(|e| e.shape).collect::<Vec<_>>();
        assert_eq!(shapes(0), [0, 1]);
        assert_eq!(shapes(1998), [1998, 1999]);
        assert_eq!(shapes(501), []);
        assert_eq!(shapes(5000), []);
    }
}
