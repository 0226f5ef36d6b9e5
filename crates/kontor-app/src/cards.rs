//! From rows to the cards of the book: what is gathered of a product, when everything is read and when
//! a change is followed.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "rows of all other kinds stand elsewhere; a new kind does so until it is named"
)]

use kontor_model::catalogue::{Kind, Record};
use kontor_model::noun::BookPlace;
use kontor_model::price_list::PriceUnit;
use kontor_model::{Quantity, Uom};
use kontor_pricing::{Book, CardChange, CardIdentifier, Entry, PackingChange, ProductCard};
use kontor_store::{RemovedPrice, StoredPrice};

/// Kinds whose rows stand on the cards of products.
pub(crate) fn kinds_on_cards() -> impl Iterator<Item = Kind> {
    Kind::CATALOGUE.into_iter().filter(|kind| kind.place_in_book() == BookPlace::Card)
}

/// What a card is gathered in while its rows come.
#[derive(Default)]
pub(crate) struct Parts {
    identifiers: Vec<CardIdentifier>,
    conversions: Vec<(Uom, Quantity)>,
    packings: Vec<kontor_model::product::Packing>,
    availability: Option<kontor_model::availability::Availability>,
    packing_changes: Vec<PackingChange>,
    /// Of prices that are gone, sorted by list.
    packing_removals: Vec<PackingChange>,
    changes: Vec<CardChange>,
}

impl Parts {
    /// Takes a row that belongs to a product; other rows do not count.
    pub(crate) fn take(&mut self, record: Record) {
        match record {
            Record::Identifier(row) => self.identifiers.push(CardIdentifier {
                scheme: row.scheme,
                value: row.value.into(),
                customer: row.customer,
            }),
            Record::Conversion(row) => self.conversions.push((row.uom, row.factor)),
            Record::Packing(row) => self.packings.push(row),
            Record::Availability(row) => self.availability = Some(row),
            _ => {}
        }
    }

    /// Takes the time of a change that is none of a price; they come by packing.
    pub(crate) fn take_change(&mut self, change: CardChange) {
        self.changes.push(change);
    }

    /// Takes a price, after the packings of the product: only prices of packings leave a trace on
    /// the card, in lists of markets also those of the base unit for a packing of one.
    pub(crate) fn take_price(&mut self, book: &Book, price: &StoredPrice, is_of_market: bool) {
        let has_unit = || self.packings.iter().any(|packing| packing.quantity == Quantity::ONE);
        let is_of_packing = match book.shape(price.shape).map(|shape| &shape.unit) {
            Some(PriceUnit::Packing { .. }) => true,
            Some(PriceUnit::Base | PriceUnit::BaseUnits(_)) => is_of_market && has_unit(),
            Some(PriceUnit::Uom(_)) | None => false,
        };
        if is_of_packing {
            self.packing_changes.push(PackingChange {
                list: price.list,
                shape: price.shape,
                changed_at: price.changed_at,
            });
        }
    }

    /// Takes a price that is gone; they come in the order of their lists. Of each list
    /// and packing the latest one is enough.
    pub(crate) fn take_removed(&mut self, book: &Book, removed: &RemovedPrice) {
        let place = |shape| book.shape(shape).map(|shape| (&shape.unit, shape.currency));
        let of_list = self.packing_removals.iter_mut().rev();
        let mut of_list = of_list.take_while(|known| known.list == removed.list);
        let known = of_list.find(|known| place(known.shape) == place(removed.shape));
        match known {
            Some(known) => known.changed_at = known.changed_at.max(removed.removed_at),
            None => self.packing_removals.push(PackingChange {
                list: removed.list,
                shape: removed.shape,
                changed_at: removed.removed_at,
            }),
        }
    }

    /// Begins with the packings of a card, to take prices of its product anew.
    pub(crate) fn of_packings(card: &ProductCard) -> Self {
        Self { packings: card.packings.to_vec(), ..Self::default() }
    }

    /// Puts everything on the card.
    pub(crate) fn put_on(self, card: &mut ProductCard) {
        let changes = Self::joined(self.packing_changes, self.packing_removals);
        card.packing_changes = changes.into();
        card.changes = self.changes.into();
        card.identifiers = self.identifiers.into();
        card.conversions = self.conversions.into();
        card.packings = self.packings.into();
        card.availability = self.availability;
    }

    /// Puts on the card what was gathered of rows of a kind; the rest of the card stays.
    pub(crate) fn put_kind(&mut self, kind: Kind, card: &mut ProductCard) {
        match kind {
            Kind::Identifier => card.identifiers = std::mem::take(&mut self.identifiers).into(),
            Kind::Conversion => card.conversions = std::mem::take(&mut self.conversions).into(),
            Kind::Packing => card.packings = std::mem::take(&mut self.packings).into(),
            _ => card.availability = self.availability.take(),
        }
    }

    /// What was gathered of prices, sorted by list.
    pub(crate) fn into_packing_changes(self) -> Vec<PackingChange> {
        Self::joined(self.packing_changes, self.packing_removals)
    }

    /// In each list first the prices that are there, then those that are gone.
    fn joined(mut there: Vec<PackingChange>, gone: Vec<PackingChange>) -> Vec<PackingChange> {
        there.extend(gone);
        there.sort_by_key(|change| change.list);
        there
    }
}

/// Whether a product comes in a packing of one base unit, which the prices of the base unit are of.
pub(crate) fn has_unit(card: &ProductCard) -> bool {
    card.packings.iter().any(|packing| packing.quantity == Quantity::ONE)
}

pub(crate) fn entry(price: &StoredPrice) -> Entry {
    Entry { list: price.list, shape: price.shape, amount: price.amount }
}
