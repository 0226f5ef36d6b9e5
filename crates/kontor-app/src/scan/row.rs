//! Rows of a scan: which there are now, in which order, and when they last changed.

use std::collections::HashSet;

use kontor_model::currency::Currency;
use kontor_model::identifier::Scheme;
use kontor_model::instant::{Instant, Zone};
use kontor_model::payment_term::PaymentTermCode;
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::{PackingCode, ProductId};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{
    Book, CardChange, PackingChange, PackingList, PackingRef, ProductCard, ProductRef,
    priced_packings,
};

use crate::scan::market::Market;

/// A product in a packing that has a base price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub key: RowKey,
    /// When the row last changed: the latest of the recorded changes of its prices, of the
    /// beginnings and ends of their validity that have passed, and of what else is told of its
    /// product, packing and sales tables. What changed all rows of a market at once stands in
    /// [`Market::changed_at`].
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

/// The name of a packing, in the order of names. Only the first eight bytes are kept; names that are
/// longer and begin alike are told apart by their rank among those of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct PackingKey {
    beginning: u64,
    /// How many names of packings with the same quantity begin alike and come before.
    rank: u16,
    /// Of the whole name; 0 for one that is no longer than its beginning.
    hash: u32,
}

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
    /// Payment terms that were renamed, and when.
    renamed_terms: Box<[(PaymentTermCode, Instant)]>,
}

/// A list and the zone of civil days in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct DatedList {
    list: PriceListId,
    zone: Zone,
    /// When its packages changed at once, because of its sales table.
    changed_at: Instant,
}

impl Scope {
    pub(super) fn new(market: &Market, only: Option<PriceListId>) -> Self {
        Self {
            supplier: market.supplier,
            currency: market.currency,
            list: DatedList {
                list: market.list,
                zone: market.list_zone.clone(),
                // What changes all rows of a market is left to the one who asks for them.
                changed_at: Instant::MIN,
            },
            tables: market
                .tables
                .iter()
                .map(|table| DatedList {
                    list: table.list,
                    zone: table.zone.clone(),
                    changed_at: table.changed_at,
                })
                .collect(),
            only,
            renamed_terms: market.renamed_terms.clone().into(),
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
            let rank = self.rank(book, product, packing);
            let key = RowKey::new(sequence, product.id, packing, rank);
            let is_new = rows.get(start..).is_none_or(|own| own.iter().all(|row| row.key != key));
            if is_new && self.is_row(book, product, packing, now) {
                rows.push(Row { key, changed: Instant::MIN });
            }
        }
        self.date(book, product, now, rows.get_mut(start..).unwrap_or_default())
    }

    /// How many packings of the base list have the same quantity and a name that begins alike and
    /// comes before. Hardly ever any: most names are short.
    fn rank(&self, book: &Book, product: ProductRef<'_>, packing: PackingRef<'_>) -> u16 {
        let own = PackingKey::of(packing.name, 0);
        if own.hash == 0 {
            return 0;
        }
        let entries = book.packing_entries(product, self.list.list, self.currency);
        let others = { entries }.map(|(other, _, _)| other).filter(|other| {
            other.quantity == packing.quantity
                && other.name < packing.name
                && PackingKey::of(other.name, 0).beginning == own.beginning
        });
        let names: HashSet<&PackingCode> = others.map(|other| other.name).collect();
        u16::try_from(names.len()).unwrap_or(u16::MAX)
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
                let changed_at = dated.changed_at.max(self.renamed_at(shape));
                if changed_at > Instant::MIN {
                    date(packing, changed_at);
                }
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
                    date(packing, dated.changed_at.max(change.changed_at));
                }
            }
        }
        for change in &product.card.changes {
            for row in rows.iter_mut().filter(|row| row.key.is_concerned(change)) {
                row.changed = row.changed.max(change.changed_at);
            }
        }
        next
    }

    /// When the payment term of an entry was given another name.
    fn renamed_at(&self, shape: &Shape) -> Instant {
        let Some(term) = &shape.term else { return Instant::MIN };
        let renamed = self.renamed_terms.iter().find(|(own, _)| own == term);
        renamed.map_or(Instant::MIN, |(_, at)| *at)
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
    fn new(sequence: i32, product: ProductId, packing: PackingRef<'_>, rank: u16) -> Self {
        let name = PackingKey::of(packing.name, rank);
        Self { sequence, quantity: packing.quantity, product, packing: name }
    }

    /// Whether a change of the product is one of this row.
    fn is_concerned(self, change: &CardChange) -> bool {
        let is_of = |(name, quantity): &(PackingCode, Quantity)| {
            self.is_of(PackingRef { name, quantity: *quantity })
        };
        change.packing.as_ref().is_none_or(is_of)
    }

    pub(super) fn is_of(self, packing: PackingRef<'_>) -> bool {
        let own = || PackingKey::of(packing.name, self.packing.rank);
        self.quantity == packing.quantity && self.packing == own()
    }
}

impl PackingKey {
    fn of(name: &PackingCode, rank: u16) -> Self {
        let name = name.as_str().as_bytes();
        let mut bytes = [0; 8];
        for (byte, own) in bytes.iter_mut().zip(name) {
            *byte = *own;
        }
        // FNV-1a: the same in every process, so that the order never changes.
        let hash = |name: &[u8]| {
            name.iter().fold(0x811c_9dc5_u32, |hash, byte| {
                (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
            })
        };
        let hash = if name.len() > bytes.len() { hash(name).max(1) } else { 0 };
        Self { beginning: u64::from_be_bytes(bytes), rank, hash }
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
