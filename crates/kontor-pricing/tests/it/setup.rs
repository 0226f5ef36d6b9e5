//! Books for tests.

use kontor_model::product::ProductId;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, BookBuilder, Entry, ProductCard, Question};
use kontor_testkit::reference;

pub(crate) const SUPPLIER: SupplierId = SupplierId(1);
pub(crate) const PRODUCT: ProductId = ProductId(3);

/// The card of a product of the naive engine.
pub(crate) fn card(item: &reference::Item) -> ProductCard {
    let mut card = ProductCard::new(SUPPLIER, item.product.clone());
    card.conversions = item.conversions.clone().into();
    card
}

/// Its entries as the book takes them, with the shapes numbered by position from 1.
pub(crate) fn entries(item: &reference::Item) -> Vec<Entry> {
    let numbered = (1..).zip(&item.entries);
    let mut entries: Vec<Entry> = numbered
        .map(|(shape, entry)| Entry { list: entry.list, shape, amount: entry.amount })
        .collect();
    entries.sort_by_key(|entry| (entry.list, entry.shape));
    entries
}

/// A book with this product alone, in its base.
pub(crate) fn book_of(item: &reference::Item) -> Book {
    let mut builder = BookBuilder::new();
    for (number, entry) in (1..).zip(&item.entries) {
        builder.put_shape(number, entry.shape.clone());
    }
    builder.put_card(PRODUCT, card(item));
    for entry in entries(item) {
        builder.push_price(PRODUCT, entry);
    }
    builder.finish(7)
}

/// The same product put into an empty book afterwards.
pub(crate) fn overlaid_book_of(item: &reference::Item) -> Book {
    let mut edit = Book::empty().edit();
    for (number, entry) in (1..).zip(&item.entries) {
        edit.put_shape(number, entry.shape.clone());
    }
    edit.put_product(PRODUCT, card(item), &entries(item));
    edit.finish(7)
}

pub(crate) fn question(asked: &reference::Question) -> Question<'_> {
    Question {
        lists: &asked.lists,
        strategy: asked.strategy,
        product: PRODUCT,
        quantity: asked.quantity,
        uom: asked.uom,
        currency: asked.currency,
        decimals: asked.decimals,
        at: asked.at,
        zone: &asked.zone,
        term: asked.term.as_deref(),
    }
}
