//! What the book knows of a product beside its prices.

use kontor_model::availability::Availability;
use kontor_model::customer::CustomerNumber;
use kontor_model::identifier::Scheme;
use kontor_model::instant::Instant;
use kontor_model::price_list::PriceListId;
use kontor_model::product::{Packing, PackingCode, Product, ProductState};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::SupplierId;
use kontor_model::uom::Uom;

/// A further number of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardIdentifier {
    pub scheme: Scheme,
    pub value: Box<str>,
    pub customer: Option<CustomerNumber>,
}

/// When a price of packings in a list last changed: it was written, or it is gone since. Of
/// prices of the base unit it is known only where packings are priced by them: in lists of
/// segments and sales tables, of products that have a packing of one base unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackingChange {
    pub list: PriceListId,
    /// Number of a shape that prices a packing.
    pub shape: u32,
    pub changed_at: Instant,
}

/// When answers about a product last changed for another reason than a price: the product was put
/// on sale, a packing was given a GTIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardChange {
    /// `None`: whatever packing they are about.
    pub packing: Option<(PackingCode, Quantity)>,
    pub changed_at: Instant,
}

/// A product with all its numbers, units, packings and its stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductCard {
    pub supplier: SupplierId,
    pub product: Product,
    pub identifiers: Box<[CardIdentifier]>,
    /// Other units with their factors: base units in one of them.
    pub conversions: Box<[(Uom, Quantity)]>,
    pub packings: Box<[Packing]>,
    pub availability: Option<Availability>,
    /// Sorted by list: one for each price of a packing, and one for those that are gone.
    pub packing_changes: Box<[PackingChange]>,
    /// By packing.
    pub changes: Box<[CardChange]>,
}

impl ProductCard {
    /// A product of which nothing else is known yet.
    pub fn new(supplier: SupplierId, product: Product) -> Self {
        Self {
            supplier,
            product,
            identifiers: Box::default(),
            conversions: Box::default(),
            packings: Box::default(),
            availability: None,
            packing_changes: Box::default(),
            changes: Box::default(),
        }
    }

    /// Whether this card has all numbers of the other.
    pub(crate) fn has_numbers_of(&self, other: &Self) -> bool {
        let own = &self.product;
        (&own.sku, &own.mpn, &own.gtin)
            == (&other.product.sku, &other.product.mpn, &other.product.gtin)
            && self.identifiers == other.identifiers
            && self.packings == other.packings
    }

    pub fn is_active(&self) -> bool {
        self.product.state == ProductState::Active
    }

    /// The first number of a scheme.
    pub fn identifier(&self, scheme: Scheme) -> Option<&str> {
        let own = match scheme {
            Scheme::Mpn => self.product.mpn.as_deref(),
            Scheme::Gtin => self.product.gtin.as_ref().map(kontor_model::Gtin::as_str),
            Scheme::CustomerSku
            | Scheme::ProductNumber
            | Scheme::SequenceNumber
            | Scheme::ItemNumber
            | Scheme::CatalogueNumber => None,
        };
        own.or_else(|| self.identifiers_of(scheme).next())
    }

    /// All further numbers of a scheme.
    pub fn identifiers_of(&self, scheme: Scheme) -> impl Iterator<Item = &str> {
        let of_scheme = self.identifiers.iter().filter(move |number| number.scheme == scheme);
        of_scheme.map(|number| &*number.value)
    }

    /// How many base units one of this unit is.
    pub fn factor(&self, uom: Uom) -> Option<Quantity> {
        if uom == self.product.base_uom {
            return Some(Quantity::ONE);
        }
        let other = self.conversions.iter().find(|(unit, _)| *unit == uom);
        other.map(|(_, factor)| *factor)
    }
}
