//! From rows to the cards of the book.

use kontor_model::catalogue::Record;
use kontor_model::price_list::PriceUnit;
use kontor_pricing::{Book, CardIdentifier, Entry, PackingChange, ProductCard};
use kontor_store::StoredPrice;

/// What a card is gathered in while its rows come.
#[derive(Default)]
pub(crate) struct Parts {
    identifiers: Vec<CardIdentifier>,
    conversions: Vec<(kontor_model::Uom, kontor_model::Quantity)>,
    packings: Vec<kontor_model::product::Packing>,
    availability: Option<kontor_model::availability::Availability>,
    packing_changes: Vec<PackingChange>,
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

    /// Takes a price: only prices of packings leave a trace on the card.
    pub(crate) fn take_price(&mut self, book: &Book, price: &StoredPrice) {
        let unit = book.shape(price.shape).map(|shape| &shape.unit);
        if matches!(unit, Some(PriceUnit::Packing { .. })) {
            self.packing_changes.push(PackingChange {
                list: price.list,
                shape: price.shape,
                changed_at: price.changed_at,
            });
        }
    }

    pub(crate) fn put_on(self, card: &mut ProductCard) {
        card.identifiers = self.identifiers.into();
        card.conversions = self.conversions.into();
        card.packings = self.packings.into();
        card.availability = self.availability;
        card.packing_changes = self.packing_changes.into();
    }
}

pub(crate) fn entry(price: &StoredPrice) -> Entry {
    Entry {
        list: price.list,
        shape: price.shape,
        amount: price.amount,
    }
}
