//! Prices of packings: what one package costs in a list.
//!
//! The rules of the engine, for one package instead of a quantity of base units: entries of this
//! packing, valid, in the asked currency; the tier with the greatest minimum that one package
//! reaches; a promotion competes with the regular price of its own list and wins when lower; a
//! product withdrawn from sale has no price.
//!
//! A package of one base unit is one base unit: in a list where such a packing has no price of
//! its own, that of the base unit counts (regular price, promotion and each payment term by
//! itself). Nothing is converted: a larger packing has a price of its own or none.

use kontor_model::currency::Currency;
use kontor_model::instant::{Instant, Zone};
use kontor_model::money::Money;
use kontor_model::payment_term::PaymentTermCode;
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape};
use kontor_model::product::PackingCode;
use kontor_model::quantity::Quantity;
use kontor_model::validity::Validity;

use crate::book::Book;
use crate::card::ProductCard;
use crate::entry::Entry;
use crate::product_ref::ProductRef;

/// Where the price of a package is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackingList<'z> {
    pub list: PriceListId,
    /// A hard filter: prices in other currencies do not count.
    pub currency: Currency,
    pub at: Instant,
    /// Zone of civil days when the list states none.
    pub zone: &'z Zone,
}

/// A packing of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackingRef<'a> {
    /// Base units in it. Compared first, since it differs more often and costs less.
    pub quantity: Quantity,
    pub name: &'a PackingCode,
}

/// What a package costs without a payment term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackagePrice {
    pub regular: Money,
    /// The promotion in effect, also when it is dearer than the regular price.
    pub promotion: Option<PackingPromotion>,
}

/// A promotion of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackingPromotion {
    pub amount: Money,
    pub validity: Validity,
}

/// What a package costs with a payment term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermPrice<'b> {
    pub term: &'b PaymentTermCode,
    regular: Option<Tier>,
    promotion: Option<Tier>,
}

/// The best tier met so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tier {
    /// Of the packing itself, not of the base unit.
    is_own: bool,
    minimum: Quantity,
    amount: Money,
    validity: Validity,
}

impl Book {
    /// All entries of one package of a product in a list and currency with their shapes, whatever
    /// they are and whenever they count. One of the base unit comes once for each packing of one
    /// base unit.
    pub fn packing_entries<'b>(
        &'b self,
        product: ProductRef<'b>,
        list: PriceListId,
        currency: Currency,
    ) -> impl Iterator<Item = (PackingRef<'b>, Entry, &'b Shape)> {
        let entries = product.run.of_list(list).filter_map(move |entry| {
            let shape = self.shapes.get(entry.shape)?;
            (shape.currency == currency).then_some((entry, shape))
        });
        entries.flat_map(move |(entry, shape)| {
            priced_packings(product.card, shape).map(move |packing| (packing, entry, shape))
        })
    }

    /// Whether a price of the base unit is of no account for a packing now: the packing has one
    /// of its own in its place.
    pub fn is_outranked(
        &self,
        product: ProductRef<'_>,
        packing: PackingRef<'_>,
        of: PackingList<'_>,
        shape: &Shape,
    ) -> bool {
        let mut entries = self.entries_of_package(product, of, |own| own == packing);
        shape.unit.is_base()
            && entries.any(|(_, _, own)| {
                !own.unit.is_base() && own.kind == shape.kind && own.term == shape.term
            })
    }

    /// The price of one package; `None` without a regular price.
    pub fn package_price(
        &self,
        product: ProductRef<'_>,
        packing: PackingRef<'_>,
        of: PackingList<'_>,
    ) -> Option<PackagePrice> {
        self.package_price_where(product, of, |own| own == packing).map(|(_, price)| price)
    }

    /// The same for the one packing of which `is_it` is true, and that packing.
    pub fn package_price_where<'b>(
        &'b self,
        product: ProductRef<'b>,
        of: PackingList<'b>,
        is_it: impl Fn(PackingRef<'_>) -> bool,
    ) -> Option<(PackingRef<'b>, PackagePrice)> {
        let (mut regular, mut promotion, mut packing) = (None, None, None);
        for (own, entry, shape) in self.entries_of_package(product, of, is_it) {
            packing = Some(own);
            if shape.term.is_none() {
                match shape.kind {
                    EntryKind::Regular => meet(&mut regular, entry, shape),
                    EntryKind::Promotion => meet(&mut promotion, entry, shape),
                    EntryKind::Listing => {}
                }
            }
        }
        let promotion = promotion
            .map(|tier: Tier| PackingPromotion { amount: tier.amount, validity: tier.validity });
        let price = regular.map(|tier: Tier| PackagePrice { regular: tier.amount, promotion });
        packing.zip(price)
    }

    /// The prices of one package by payment term, into `terms` (cleared first), in no particular
    /// order. Returns whether the packing is in the list at all: with any price or a listing.
    pub fn term_prices<'b>(
        &'b self,
        product: ProductRef<'b>,
        packing: PackingRef<'_>,
        of: PackingList<'b>,
        terms: &mut Vec<TermPrice<'b>>,
    ) -> bool {
        terms.clear();
        let mut is_listed = false;
        for (_, entry, shape) in self.entries_of_package(product, of, |own| own == packing) {
            is_listed = true;
            let Some(term) = &shape.term else { continue };
            let known = terms.iter().position(|known| known.term == term);
            let place = known.unwrap_or_else(|| {
                terms.push(TermPrice { term, regular: None, promotion: None });
                terms.len() - 1
            });
            let Some(price) = terms.get_mut(place) else { continue };
            match shape.kind {
                EntryKind::Regular => meet(&mut price.regular, entry, shape),
                EntryKind::Promotion => meet(&mut price.promotion, entry, shape),
                EntryKind::Listing => {}
            }
        }
        terms.retain(|price| price.amount().is_some());
        is_listed
    }

    /// Entries that count for one package now, whatever their kind and payment term.
    fn entries_of_package<'b>(
        &'b self,
        product: ProductRef<'b>,
        of: PackingList<'b>,
        is_it: impl Fn(PackingRef<'_>) -> bool,
    ) -> impl Iterator<Item = (PackingRef<'b>, Entry, &'b Shape)> {
        let is_active = product.card.is_active();
        let zone = self.zone_of(of.list, of.zone);
        let entries = self.packing_entries(product, of.list, of.currency);
        entries.filter(move |(own, _, shape)| {
            is_active && is_it(*own) && shape.validity.contains(of.at, zone)
        })
    }
}

/// The packings of a product of which an entry of this shape can be the price of one package.
pub fn priced_packings<'b>(
    card: &'b ProductCard,
    shape: &'b Shape,
) -> impl Iterator<Item = PackingRef<'b>> {
    let (own, units) = match &shape.unit {
        _ if shape.minimum > Quantity::ONE => (None, &[][..]),
        PriceUnit::Packing { name, quantity } => {
            (Some(PackingRef { name, quantity: *quantity }), &[][..])
        }
        PriceUnit::Base | PriceUnit::BaseUnits(_) => (None, &*card.packings),
        PriceUnit::Uom(_) => (None, &[][..]),
    };
    let units = units.iter().filter(|packing| packing.quantity == Quantity::ONE);
    let units =
        units.map(|packing| PackingRef { name: &packing.packing, quantity: packing.quantity });
    own.into_iter().chain(units)
}

fn meet(best: &mut Option<Tier>, entry: Entry, shape: &Shape) {
    let is_own = !shape.unit.is_base();
    if best.is_none_or(|best| (best.is_own, best.minimum) < (is_own, shape.minimum))
        && let Some(amount) = shape.amount_of_one(Money::from_micros(entry.amount))
    {
        *best = Some(Tier { is_own, minimum: shape.minimum, amount, validity: shape.validity });
    }
}

impl PackagePrice {
    /// The lower of regular price and promotion.
    pub fn lowest(&self) -> Money {
        self.promotion.map_or(self.regular, |promotion| promotion.amount.min(self.regular))
    }
}

impl TermPrice<'_> {
    /// The price: a promotion wins when it is lower. There for every price that was answered.
    pub fn amount(&self) -> Option<Money> {
        let regular = self.regular.map(|tier| tier.amount);
        let promotion = self.promotion.map(|tier| tier.amount);
        regular.into_iter().chain(promotion).min()
    }
}
