//! The state digest: proof that what stands is what was written.
//!
//! Every row has a digest over its kind, supplier, key and values, and every kind a sum of the
//! digests of all its rows, modulo 2^256. A change adds the rows it puts and subtracts those it
//! removes, so the sum costs what the change costs and does not depend on the order of changes.
//! Nothing in the encoding belongs to one database: no number of a row, none of a change, and no
//! empty column, so that a column that is added later changes no digest of a row without it. Two
//! databases with the same rows have the same [`Sums::root`].
//!
//! The digest of a price is linear in the time of its change ([`TimedDigest`]). So the sum of many
//! prices that one change writes can be made before its time is known ([`TimedSum`]).
//!
//! It notices damage, not an attacker: who can write the rows can write the sums.

use std::collections::BTreeMap;

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use sha2::{Digest, Sha256};

/// A SHA-256 over all sums.
pub type StateRoot = [u8; 32];

/// Name under which prices that were superseded or removed are summed: what is told of them comes
/// from there.
pub const PAST_PRICES: &str = "price_history";

/// Name under which the times of changes other than those of prices are summed.
pub const CHANGE_TIMES: &str = "change_times";
/// How the names of sums end that are those of a history: they hold in one database, whose numbers are
/// in them, and are no part of [`Sums::root`].
pub const OF_HISTORY: &str = "_history";

/// Bytes of a stored [`Sum`].
pub const SUM_BYTES: usize = 48;

/// The digest of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowDigest {
    /// From the least significant on.
    limbs: [u64; 4],
    /// Stands for the key, to find a row whose values differ.
    key: u128,
}

/// The sum of the digests of some rows. The default is that of none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// How many rows; below zero when more were subtracted.
    pub rows: i64,
    limbs: [u64; 4],
    /// The sum of the products of key and digest: with the plain sum it tells the key of a row.
    located: u128,
}

/// The digest of a row with the time of a change in it, which may not be known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedDigest {
    row: RowDigest,
    /// What each microsecond since 1970 adds.
    per_micro: [u64; 4],
}

/// The sum of the digests of some rows, of which some have the same time in them that is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimedSum {
    at_zero: Sum,
    /// Counts no rows.
    per_micro: Sum,
}

/// The sums of kinds by their name; a kind that is missing has no rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums(BTreeMap<String, Sum>);

/// Digests of what a price belongs to. Many prices share them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceParts {
    pub product: [u8; 15],
    pub list: [u8; 12],
    pub shape: [u8; 12],
}

/// A price that was superseded or removed, by numbers of one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastPrice {
    pub product: u32,
    pub list: u32,
    pub shape: [u8; 12],
    pub amount: i64,
    pub changed_at: i64,
}

/// Whether rows of a kind belong to the state. What the running server remembers for itself does
/// not: two servers with the same data differ in it.
pub fn is_of_state(kind: Kind) -> bool {
    !kind.is_bookkeeping()
}

/// The digest of a row of any kind but prices. The cells stand in the order of the kind's columns.
pub fn row_digest(kind: Kind, supplier: &str, row: &[Cell]) -> RowDigest {
    let cells = || kind.columns().iter().zip(row);
    let of = |cells: &mut dyn Iterator<Item = (&str, &Cell)>| {
        let mut hash = begin(kind.name(), supplier);
        for (name, cell) in cells {
            add_cell(&mut hash, name, cell);
        }
        <[u8; 32]>::from(hash.finalize())
    };
    let all = of(&mut cells().map(|(column, cell)| (column.name, cell)));
    let keys = cells().filter(|(column, _)| column.key);
    let key = of(&mut keys.map(|(column, cell)| (column.name, cell)));
    RowDigest { limbs: limbs(&all), key: number(&key) }
}

/// The digest of a price; [`TimedDigest::at`] adds when it changed. The amount of a listing is 0.
pub fn price_digest(parts: &PriceParts, amount: i64) -> TimedDigest {
    // One block of the hash.
    let mut bytes = [0; 47];
    let names = parts.product.into_iter().chain(parts.list).chain(parts.shape);
    let all = names.chain(amount.to_le_bytes());
    bytes.iter_mut().zip(all).for_each(|(place, byte)| *place = byte);
    TimedDigest::new(limbs(&Sha256::digest(bytes).into()), parts.key())
}

/// The digest of a price that was superseded or removed; [`TimedDigest::at`] adds when the change was
/// made that ended it. Its product and list may be gone, so it is named by their numbers; its sum holds
/// in one database only and is no part of [`Sums::root`].
pub fn past_price_digest(past: &PastPrice) -> TimedDigest {
    let mut bytes = [0; 36];
    let numbers = past.product.to_le_bytes().into_iter().chain(past.list.to_le_bytes());
    let values = past.amount.to_le_bytes().into_iter().chain(past.changed_at.to_le_bytes());
    let all = numbers.chain(past.shape).chain(values);
    bytes.iter_mut().zip(all).for_each(|(place, byte)| *place = byte);
    let [key, ..] = limbs(&Sha256::digest(bytes.first_chunk::<20>().unwrap_or(&[0; 20])).into());
    TimedDigest::new(limbs(&Sha256::digest(bytes).into()), u128::from(key))
}

/// The digest of a [`crate::ChangeTime`] by its cells, named; the last is the time. It holds in one
/// database, like that of a price that was removed.
pub fn change_time_digest(cells: &[(&str, Cell)]) -> RowDigest {
    let of = |cells: &[(&str, Cell)]| {
        let mut hash = begin(CHANGE_TIMES, "");
        for (name, cell) in cells {
            add_cell(&mut hash, name, cell);
        }
        <[u8; 32]>::from(hash.finalize())
    };
    let key = cells.split_last().map(|(_, key)| key).unwrap_or_default();
    RowDigest { limbs: limbs(&of(cells)), key: number(&of(key)) }
}

/// A row of another kind that was superseded or removed, by numbers of one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastRow<'a> {
    pub kind: Kind,
    pub supplier: u32,
    /// The number of the row, 0 when its kind has none.
    pub id: u32,
    /// The cells in the order of the kind's columns, without secrets.
    pub row: &'a [Cell],
    /// The change that wrote it, and the one that ended it.
    pub from_change: i64,
    pub to_change: i64,
}

/// The digest of a row that was superseded or removed.
pub fn past_row_digest(past: &PastRow<'_>) -> RowDigest {
    let mut hash = Sha256::new();
    add_text(&mut hash, past.kind.name());
    hash.update(past.supplier.to_le_bytes());
    hash.update(past.id.to_le_bytes());
    hash.update(past.from_change.to_le_bytes());
    let mut key = hash.clone();
    hash.update(past.to_change.to_le_bytes());
    for (column, cell) in past.kind.columns().iter().zip(past.row) {
        add_cell(&mut hash, column.name, cell);
        if column.key {
            add_cell(&mut key, column.name, cell);
        }
    }
    let key = <[u8; 32]>::from(key.finalize());
    RowDigest { limbs: limbs(&hash.finalize().into()), key: number(&key) }
}

impl PriceParts {
    pub fn of_product(supplier: &str, sku: &str) -> [u8; 15] {
        first(begin_with(Kind::Product.name(), supplier, "sku", &Cell::text(sku)))
    }

    pub fn of_list(supplier: &str, list: &str) -> [u8; 12] {
        first(begin_with(Kind::PriceList.name(), supplier, "price_list", &Cell::text(list)))
    }

    /// The names of a shape's columns with their cells, in the order of the columns of prices.
    pub fn of_shape<'n, 'c>(cells: impl IntoIterator<Item = (&'n str, &'c Cell)>) -> [u8; 12] {
        let mut hash = begin(Kind::Price.name(), "");
        for (name, cell) in cells {
            add_cell(&mut hash, name, cell);
        }
        first(hash)
    }

    fn key(&self) -> u128 {
        // Odd factors that look random keep the parts apart.
        const LIST: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
        const SHAPE: u128 = 0xc2b2_ae3d_27d4_eb4f_1656_67b1_9e37_79f9;
        number(&self.product)
            .wrapping_add(number(&self.list).wrapping_mul(LIST))
            .wrapping_add(number(&self.shape).wrapping_mul(SHAPE))
    }
}

impl Sum {
    pub fn add(&mut self, row: &RowDigest) {
        self.rows += 1;
        self.limbs = plus(self.limbs, row.limbs);
        self.located = self.located.wrapping_add(row.located());
    }

    pub fn subtract(&mut self, row: &RowDigest) {
        self.rows -= 1;
        self.limbs = plus(self.limbs, minus(row.limbs));
        self.located = self.located.wrapping_sub(row.located());
    }

    /// Adds all rows of the other.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.limbs = plus(self.limbs, other.limbs);
        self.located = self.located.wrapping_add(other.located);
    }

    /// What is left when all rows of the other are subtracted.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self {
            rows: self.rows - other.rows,
            limbs: plus(self.limbs, minus(other.limbs)),
            located: self.located.wrapping_sub(other.located),
        }
    }

    /// Of a difference between two sums: whether it comes from this row alone, the one row that both
    /// have with other values.
    pub fn is_from(&self, row: &RowDigest) -> bool {
        let difference = low(self.limbs);
        self.rows == 0 && difference != 0 && row.key.wrapping_mul(difference) == self.located
    }

    /// All but the number of rows.
    pub fn to_bytes(&self) -> [u8; SUM_BYTES] {
        let mut bytes = [0; SUM_BYTES];
        let words = self.limbs.iter().flat_map(|limb| limb.to_le_bytes());
        let all = words.chain(self.located.to_le_bytes());
        bytes.iter_mut().zip(all).for_each(|(place, byte)| *place = byte);
        bytes
    }

    pub fn from_bytes(rows: i64, bytes: &[u8; SUM_BYTES]) -> Self {
        let mut limbs = [0; 4];
        let (words, located) = bytes.split_at(32);
        for (limb, word) in limbs.iter_mut().zip(words.as_chunks::<8>().0) {
            *limb = u64::from_le_bytes(*word);
        }
        Self { rows, limbs, located: number(located) }
    }
}

impl TimedDigest {
    fn new(limbs: [u64; 4], key: u128) -> Self {
        // Whatever differs in rows, a microsecond adds another value to each, and never nothing.
        let [first, second, third, fourth] = limbs;
        let per_micro = [fourth | 1, first, second, third];
        Self { row: RowDigest { limbs, key }, per_micro }
    }

    /// The digest with this time, in microseconds since 1970.
    pub fn at(&self, micros: i64) -> RowDigest {
        let limbs = plus(self.row.limbs, times(self.per_micro, micros.cast_unsigned()));
        RowDigest { limbs, key: self.row.key }
    }
}

impl TimedSum {
    /// Adds a row whose time is not known yet.
    pub fn add(&mut self, row: &TimedDigest) {
        self.at_zero.add(&row.row);
        let per_micro = RowDigest { limbs: row.per_micro, key: row.row.key };
        self.per_micro.limbs = plus(self.per_micro.limbs, per_micro.limbs);
        self.per_micro.located = self.per_micro.located.wrapping_add(per_micro.located());
    }

    /// The rows whose time is known.
    pub fn known(&mut self) -> &mut Sum {
        &mut self.at_zero
    }

    /// What is left when all rows of the other are subtracted.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self {
            at_zero: self.at_zero.without(&other.at_zero),
            per_micro: self.per_micro.without(&other.per_micro),
        }
    }

    /// The sum when the time that was not known is this.
    pub fn at(&self, micros: i64) -> Sum {
        let time = micros.cast_unsigned();
        Sum {
            rows: self.at_zero.rows,
            limbs: plus(self.at_zero.limbs, times(self.per_micro.limbs, time)),
            located: self
                .at_zero
                .located
                .wrapping_add(self.per_micro.located.wrapping_mul(u128::from(time))),
        }
    }
}

impl Sums {
    pub fn of(&self, kind: &str) -> Sum {
        self.0.get(kind).copied().unwrap_or_default()
    }

    pub fn of_mut(&mut self, kind: &str) -> &mut Sum {
        if !self.0.contains_key(kind) {
            self.0.insert(kind.to_owned(), Sum::default());
        }
        self.0.entry(kind.to_owned()).or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Sum)> {
        self.0.iter().map(|(kind, sum)| (kind.as_str(), sum))
    }

    /// What is left when all rows of the other are subtracted.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let kinds = self.0.keys().chain(other.0.keys());
        Self(kinds.map(|kind| (kind.clone(), self.of(kind).without(&other.of(kind)))).collect())
    }

    /// One number for everything that stands. A kind without rows does not count.
    pub fn root(&self) -> StateRoot {
        let mut hash = Sha256::new();
        hash.update(b"kontor state 2");
        let counts = |(kind, sum): &(&str, &Sum)| {
            !kind.ends_with(OF_HISTORY) && *kind != CHANGE_TIMES && **sum != Sum::default()
        };
        for (kind, sum) in self.iter().filter(counts) {
            add_text(&mut hash, kind);
            hash.update(sum.rows.to_le_bytes());
            hash.update(sum.to_bytes());
        }
        hash.finalize().into()
    }
}

impl RowDigest {
    fn located(&self) -> u128 {
        self.key.wrapping_mul(low(self.limbs))
    }
}

fn begin(kind: &str, supplier: &str) -> Sha256 {
    let mut hash = Sha256::new();
    add_text(&mut hash, kind);
    add_text(&mut hash, supplier);
    hash
}

fn begin_with(kind: &str, supplier: &str, name: &str, cell: &Cell) -> Sha256 {
    let mut hash = begin(kind, supplier);
    add_cell(&mut hash, name, cell);
    hash
}

fn add_cell(hash: &mut Sha256, name: &str, cell: &Cell) {
    match cell {
        Cell::Null => {}
        Cell::Int(number) => {
            add_text(hash, name);
            hash.update([1]);
            hash.update(number.to_le_bytes());
        }
        Cell::Text(text) => {
            add_text(hash, name);
            hash.update([2]);
            add_text(hash, text);
        }
    }
}

fn add_text(hash: &mut Sha256, text: &str) {
    hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
    hash.update(text.as_bytes());
}

fn first<const LENGTH: usize>(hash: Sha256) -> [u8; LENGTH] {
    let all: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; LENGTH];
    bytes.iter_mut().zip(all).for_each(|(place, byte)| *place = byte);
    bytes
}

/// The first 16 bytes as a number.
fn number(bytes: &[u8]) -> u128 {
    let mut word = [0; 16];
    word.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    u128::from_le_bytes(word)
}

fn limbs(bytes: &[u8; 32]) -> [u64; 4] {
    let mut limbs = [0; 4];
    for (limb, word) in limbs.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *limb = u64::from_le_bytes(*word);
    }
    limbs
}

fn low([first, second, ..]: [u64; 4]) -> u128 {
    u128::from(second) << 64 | u128::from(first)
}

fn plus(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let mut carry = false;
    let mut sum = [0; 4];
    for (place, (a, b)) in sum.iter_mut().zip(a.into_iter().zip(b)) {
        let (part, first) = a.overflowing_add(b);
        let (part, second) = part.overflowing_add(u64::from(carry));
        *place = part;
        carry = first || second;
    }
    sum
}

fn times(limbs: [u64; 4], factor: u64) -> [u64; 4] {
    let mut carry = 0;
    limbs.map(|limb| {
        let (low, high) = limb.carrying_mul(factor, carry);
        carry = high;
        low
    })
}

/// The number that makes zero with this one.
fn minus(limbs: [u64; 4]) -> [u64; 4] {
    plus(limbs.map(|limb| !limb), [1, 0, 0, 0])
}

#[cfg(test)]
mod tests;
