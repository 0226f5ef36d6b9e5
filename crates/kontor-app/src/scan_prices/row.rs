//! Rows of a scan: which there are now, in which order, and when they last changed.

use kontor_model::currency::Currency;
use kontor_model::identifier::Scheme;
use kontor_model::instant::{Instant, Zone};
use kontor_model::price_list::PriceListId;
use kontor_model::product::{PackingCode, ProductId};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{
    Book, PackingChange, PackingList, PackingRef, ProductCard, ProductRef, priced_packings,
};

use crate::market::Market;

/// A product in a packing that has a base price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub key: RowKey,
    /// When the row last changed: the latest of the recorded changes of its prices and of the
    /// beginnings and ends of their validity that have passed.
    pub changed: Instant,
}

/// What makes a row the same row, and the order of rows: by sequence number, then by quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    pub sequence: i32,
    /// Base units in the packing.
    pub quantity: Quantity,
    pub product: ProductId,
    /// Tells packings of the same quantity apart.
    packing: PackingKey,
}

/// The name of a packing in eight bytes: names of up to eight bytes in their order, longer ones as
/// their beginning and a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct PackingKey(u64);

/// Where rows come from: the lists of a market, without its name. Two requests with equal scopes
/// see the same rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    supplier: SupplierId,
    currency: Currency,
    /// Has the base prices.
    list: DatedList,
    /// Their prices belong to the rows.
    tables: Box<[DatedList]>,
    /// The one of them that a row must be in.
    only: Option<PriceListId>,
}

/// A list and the zone of civil days in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct DatedList {
    list: PriceListId,
    zone: Zone,
}

impl Scope {
    pub(super) fn new(market: &Market, only: Option<PriceListId>) -> Self {
        Self {
            supplier: market.supplier,
            currency: market.currency,
            list: DatedList { list: market.list, zone: market.list_zone.clone() },
            tables: market
                .tables
                .iter()
                .map(|table| DatedList { list: table.list, zone: table.zone.clone() })
                .collect(),
            only,
        }
    }

    pub(super) fn supplier(&self) -> SupplierId {
        self.supplier
    }

    /// Appends the rows of a product, in no particular order. Returns when the next price begins
    /// or ends, which may change them.
    pub(super) fn rows_of(
        &self,
        book: &Book,
        product: ProductRef<'_>,
        now: Instant,
        rows: &mut Vec<Row>,
    ) -> Option<Instant> {
        if product.card.supplier != self.supplier || !product.card.is_active() {
            return None;
        }
        let sequence = sequence(product.card)?;
        let start = rows.len();
        for (packing, _, _) in book.packing_entries(product, self.list.list, self.currency) {
            let key = RowKey::new(sequence, product.id, packing);
            let is_new = rows.get(start..).is_none_or(|own| own.iter().all(|row| row.key != key));
            if is_new && self.is_row(book, product, packing, now) {
                rows.push(Row { key, changed: Instant::MIN });
            }
        }
        self.date(book, product, now, rows.get_mut(start..).unwrap_or_default())
    }

    fn is_row(
        &self,
        book: &Book,
        product: ProductRef<'_>,
        packing: PackingRef<'_>,
        now: Instant,
    ) -> bool {
        let is_listed = |list: &DatedList| {
            book.term_prices(product, packing, self.of(list, now), &mut Vec::new())
        };
        book.package_price(product, packing, self.of(&self.list, now)).is_some()
            && self.only.is_none_or(|only| {
                self.tables.iter().filter(|table| table.list == only).any(is_listed)
            })
    }

    /// Says when the rows of a product last changed, and returns when the next boundary is.
    fn date(
        &self,
        book: &Book,
        product: ProductRef<'_>,
        now: Instant,
        rows: &mut [Row],
    ) -> Option<Instant> {
        let mut next: Option<Instant> = None;
        let mut date = |packing: PackingRef<'_>, at: Instant| {
            for row in rows.iter_mut().filter(|row| row.key.is_of(packing)) {
                row.changed = row.changed.max(at);
            }
        };
        for dated in self.lists() {
            let (of, list) = (self.of(dated, now), dated.list);
            for (packing, _, shape) in book.packing_entries(product, list, self.currency) {
                let bounds = shape.validity.from().into_iter().chain(shape.validity.to());
                for bound in bounds.map(|bound| bound.instant(&dated.zone)) {
                    if bound > now {
                        next = Some(next.map_or(bound, |earlier| earlier.min(bound)));
                    } else if !book.is_outranked(product, packing, of, shape) {
                        date(packing, bound);
                    }
                }
            }
            for change in recorded(product.card, list) {
                for packing in changed_packings(book, product, of, change) {
                    date(packing, change.changed_at);
                }
            }
        }
        next
    }

    /// When a price of a row was last written; passing dates do not count.
    pub(super) fn last_recorded(
        &self,
        book: &Book,
        product: ProductRef<'_>,
        packing: PackingRef<'_>,
        now: Instant,
    ) -> Option<Instant> {
        let changes_in = |dated| {
            let of = self.of(dated, now);
            let changes = recorded(product.card, of.list);
            changes.filter(move |change| {
                changed_packings(book, product, of, change).any(|own| own == packing)
            })
        };
        self.lists().flat_map(changes_in).map(|change| change.changed_at).max()
    }

    /// The packing of a row, as its base price names it.
    pub(super) fn packing<'b>(
        &self,
        book: &'b Book,
        product: ProductRef<'b>,
        key: RowKey,
    ) -> Option<PackingRef<'b>> {
        let entries = book.packing_entries(product, self.list.list, self.currency);
        { entries }.map(|(packing, _, _)| packing).find(|packing| key.is_of(*packing))
    }

    fn lists(&self) -> impl Iterator<Item = &DatedList> {
        std::iter::once(&self.list).chain(&self.tables)
    }

    fn of<'s>(&self, dated: &'s DatedList, at: Instant) -> PackingList<'s> {
        PackingList { list: dated.list, currency: self.currency, at, zone: &dated.zone }
    }
}

impl RowKey {
    fn new(sequence: i32, product: ProductId, packing: PackingRef<'_>) -> Self {
        let name = PackingKey::of(packing.name);
        Self { sequence, quantity: packing.quantity, product, packing: name }
    }

    pub(super) fn is_of(self, packing: PackingRef<'_>) -> bool {
        self.quantity == packing.quantity && self.packing == PackingKey::of(packing.name)
    }
}

impl PackingKey {
    fn of(name: &PackingCode) -> Self {
        let name = name.as_str().as_bytes();
        let mut bytes = [0; 8];
        if name.len() <= bytes.len() {
            for (byte, own) in bytes.iter_mut().zip(name) {
                *byte = *own;
            }
            return Self(u64::from_be_bytes(bytes));
        }
        // FNV-1a: the same in every process, so that the order never changes.
        let hash = name.iter().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        });
        for (byte, own) in bytes.iter_mut().zip(name.iter().take(4).chain(&hash.to_be_bytes())) {
            *byte = *own;
        }
        Self(u64::from_be_bytes(bytes))
    }
}

/// The running number of a product. A product without one is in no scan.
fn sequence(card: &ProductCard) -> Option<i32> {
    card.identifier(Scheme::SequenceNumber)?.parse().ok()
}

/// The packings whose price in a list a recorded change is about.
fn changed_packings<'b>(
    book: &'b Book,
    product: ProductRef<'b>,
    of: PackingList<'b>,
    change: &PackingChange,
) -> impl Iterator<Item = PackingRef<'b>> {
    let shape = book.shape(change.shape).filter(|shape| shape.currency == of.currency);
    shape.into_iter().flat_map(move |shape| {
        let packings = priced_packings(product.card, shape);
        packings.filter(move |packing| !book.is_outranked(product, *packing, of, shape))
    })
}

/// The recorded changes of the prices of a list; they are sorted by list.
fn recorded(card: &ProductCard, list: PriceListId) -> impl Iterator<Item = &PackingChange> {
    let changes = &card.packing_changes;
    let start = changes.partition_point(|change| change.list < list);
    let rest = changes.get(start..).unwrap_or_default();
    rest.iter().take_while(move |change| change.list == list)
}
