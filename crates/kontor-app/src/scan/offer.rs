//! What a row costs now.

use kontor_model::gtin::Gtin;
use kontor_model::instant::{Instant, Zone};
use kontor_model::price_list::PriceListId;
use kontor_pricing::{Book, PackagePrice, PackingList, PackingRef, ProductRef, TermPrice};

use crate::scan::market::{Market, MarketTable};

use super::row::{RowKey, Scope};

/// Reads rows of a market from the book.
pub struct Offers<'b> {
    book: &'b Book,
    market: &'b Market,
    scope: Scope,
    at: Instant,
}

/// A row with its prices.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'b> {
    pub sequence: i32,
    pub packing: PackingRef<'b>,
    /// GTIN of the packing.
    pub gtin: Option<&'b Gtin>,
    pub price: PackagePrice,
    product: ProductRef<'b>,
}

impl<'b> Offers<'b> {
    /// Offers of a market as a version of the book has them at an instant.
    pub fn new(book: &'b Book, market: &'b Market, at: Instant) -> Self {
        Self { book, market, scope: Scope::new(market, None), at }
    }

    /// A row; `None` when it is not there any more.
    pub fn offer(&self, key: RowKey) -> Option<Offer<'b>> {
        let product = self.book.product(key.product)?;
        let list = self.list(self.market.list, &self.market.list_zone);
        let is_it = |packing: PackingRef<'_>| key.is_of(packing);
        let (packing, price) = self.book.package_price_where(product, list, is_it)?;
        let gtin = gtin(product, packing);
        Some(Offer { sequence: key.sequence, packing, gtin, price, product })
    }

    /// When a price of a row was last written; passing dates do not count.
    pub fn last_recorded(&self, offer: &Offer<'b>) -> Option<Instant> {
        self.scope.last_recorded(self.book, offer.product, offer.packing, self.at)
    }

    /// Whether a row is in a sales table; its prices there go to `terms`, in no particular order.
    pub fn in_table(
        &self,
        offer: &Offer<'b>,
        table: &'b MarketTable,
        terms: &mut Vec<TermPrice<'b>>,
    ) -> bool {
        self.book.term_prices(
            offer.product,
            offer.packing,
            self.list(table.list, &table.zone),
            terms,
        )
    }

    fn list(&self, list: PriceListId, zone: &'b Zone) -> PackingList<'b> {
        PackingList { list, currency: self.market.currency, at: self.at, zone }
    }
}

impl Scope {
    /// GTIN of the packing of a row.
    pub(super) fn gtin<'b>(&self, book: &'b Book, key: RowKey) -> Option<&'b Gtin> {
        let product = book.product(key.product)?;
        gtin(product, self.packing(book, product, key)?)
    }
}

fn gtin<'b>(product: ProductRef<'b>, packing: PackingRef<'_>) -> Option<&'b Gtin> {
    let own = product.card.packings.iter();
    let own = { own }.find(|own| own.packing == *packing.name && own.quantity == packing.quantity);
    own.and_then(|own| own.gtin.as_ref())
}
