//! From numbers to products. One number may denote several products.
//!
//! An index ([`NumberIndex`](crate::number_index::NumberIndex)) holds only hashes and product ids; whether a product really has the
//! number is read from its card. So a stale hit of a changed product does no harm, and a number takes
//! about twelve bytes beside its text. The supplier is part of the hash: suppliers with the same
//! numbers do not slow each other.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash as _, Hasher, RandomState};

use kontor_model::Gtin;
use kontor_model::identifier::Scheme;
use kontor_model::product::ProductId;
use kontor_model::supplier::SupplierId;

use crate::card::ProductCard;

/// A number as it is asked for, and how it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// The supplier's article number, exactly.
    Sku(&'a str),
    /// The same without dots, and then without blanks around it, on both sides.
    SkuWithoutDots(&'a str),
    /// The manufacturer's part number, exactly.
    Mpn(&'a str),
    /// The same without case.
    MpnWithoutCase(&'a str),
    /// The same without case and dots.
    MpnWithoutCaseAndDots(&'a str),
    /// GTIN of the product, as a number.
    Gtin(&'a str),
    /// GTIN of one of its packings, as a number.
    PackingGtin(&'a str),
    /// The own number of this customer, exactly.
    CustomerSku { customer: &'a str, value: &'a str },
    /// Any other scheme, exactly.
    Other { scheme: Scheme, value: &'a str },
}

/// The products a number denotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Nothing,
    One(ProductId),
    /// More than one, never resolved by preferring any.
    Several,
}

/// Which numbers a lookup is compared with, folded or not; part of the hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Table {
    Sku,
    SkuWithoutDots,
    Mpn,
    MpnWithoutDots,
    PackingGtin,
    CustomerSku,
    Scheme(Scheme),
}

/// How texts are compared.
#[derive(Clone, Copy)]
struct Folding {
    case: bool,
    dots: bool,
}

const EXACT: Folding = Folding { case: false, dots: false };
const NO_DOTS: Folding = Folding { case: false, dots: true };
const NO_CASE: Folding = Folding { case: true, dots: false };
const NO_CASE_NO_DOTS: Folding = Folding { case: true, dots: true };

impl Folding {
    /// What of a text is compared.
    fn of(self, text: &str) -> Cow<'_, str> {
        if text.bytes().all(|byte| self.keeps(byte)) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(self.chars(text).collect())
    }

    fn chars(self, text: &str) -> impl Iterator<Item = char> {
        let kept = text.chars().filter(move |c| !(self.dots && *c == '.'));
        kept.flat_map(move |c| {
            let lower = self.case.then(|| c.to_lowercase());
            let same = (!self.case).then_some(c);
            lower.into_iter().flatten().chain(same)
        })
    }

    fn equal(self, a: &str, b: &str) -> bool {
        if a == b {
            return true;
        }
        if self.case && !(a.is_ascii() && b.is_ascii()) {
            return self.chars(a).eq(self.chars(b));
        }
        self.bytes(a).eq(self.bytes(b))
    }

    /// The same as [`Self::chars`] for what is ASCII or keeps its case.
    fn bytes(self, text: &str) -> impl Iterator<Item = u8> {
        let kept = text.bytes().filter(move |byte| !(self.dots && *byte == b'.'));
        kept.map(move |byte| if self.case { byte.to_ascii_lowercase() } else { byte })
    }

    /// Whether a byte of a text is compared as it is.
    fn keeps(self, byte: u8) -> bool {
        let is_cased = !byte.is_ascii() || byte.is_ascii_uppercase();
        !(self.dots && byte == b'.' || self.case && is_cased)
    }
}

impl Lookup<'_> {
    pub(crate) fn hash(&self, hasher: &RandomState, supplier: SupplierId) -> u64 {
        let (table, folding, customer, text) = match *self {
            Self::Sku(text) => (Table::Sku, EXACT, None, text),
            Self::SkuWithoutDots(text) => {
                let text = NO_DOTS.of(text);
                return hash(hasher, (supplier, Table::SkuWithoutDots, None), text.trim());
            }
            Self::Mpn(text) | Self::MpnWithoutCase(text) => (Table::Mpn, NO_CASE, None, text),
            Self::MpnWithoutCaseAndDots(text) => {
                (Table::MpnWithoutDots, NO_CASE_NO_DOTS, None, text)
            }
            Self::Gtin(text) | Self::Other { scheme: Scheme::Gtin, value: text } => {
                (Table::Scheme(Scheme::Gtin), EXACT, None, Gtin::compared(text))
            }
            Self::PackingGtin(text) => (Table::PackingGtin, EXACT, None, Gtin::compared(text)),
            Self::CustomerSku { customer, value } => {
                (Table::CustomerSku, EXACT, Some(customer), value)
            }
            Self::Other { scheme, value } => (Table::Scheme(scheme), EXACT, None, value),
        };
        hash(hasher, (supplier, table, customer), &folding.of(text))
    }

    /// Whether a product has the number.
    pub(crate) fn is_of(&self, card: &ProductCard) -> bool {
        let mpns = || {
            let further = card.identifiers_of(Scheme::Mpn);
            card.product.mpn.as_deref().into_iter().chain(further)
        };
        match *self {
            Self::Sku(text) => card.product.sku.as_str() == text,
            Self::SkuWithoutDots(text) => {
                let sku = card.product.sku.as_str();
                NO_DOTS.equal(sku, text) || NO_DOTS.of(sku).trim() == NO_DOTS.of(text).trim()
            }
            Self::Mpn(text) => mpns().any(|mpn| mpn == text),
            Self::MpnWithoutCase(text) => mpns().any(|mpn| NO_CASE.equal(mpn, text)),
            Self::MpnWithoutCaseAndDots(text) => mpns().any(|mpn| NO_CASE_NO_DOTS.equal(mpn, text)),
            Self::Gtin(text) | Self::Other { scheme: Scheme::Gtin, value: text } => {
                let own = card.product.gtin.as_ref().map(Gtin::as_str);
                let mut gtins = own.into_iter().chain(card.identifiers_of(Scheme::Gtin));
                gtins.any(|gtin| Gtin::compared(gtin) == Gtin::compared(text))
            }
            Self::PackingGtin(text) => {
                let mut gtins = card.packings.iter().filter_map(|packing| packing.gtin.as_ref());
                gtins.any(|gtin| Gtin::compared(gtin.as_str()) == Gtin::compared(text))
            }
            Self::CustomerSku { customer, value } => card.identifiers.iter().any(|number| {
                number.scheme == Scheme::CustomerSku
                    && &*number.value == value
                    && number.customer.as_ref().is_some_and(|own| own.as_str() == customer)
            }),
            Self::Other { scheme, value } => card.identifiers_of(scheme).any(|own| own == value),
        }
    }
}

/// The hash of what of a number is compared, in one table.
fn hash(hasher: &RandomState, place: (SupplierId, Table, Option<&str>), compared: &str) -> u64 {
    let mut state = hasher.build_hasher();
    place.hash(&mut state);
    state.write(compared.as_bytes());
    state.finish()
}

/// Hashes of all numbers under which a product is found.
pub(crate) fn hashes(hasher: &RandomState, card: &ProductCard, mut add: impl FnMut(u64)) {
    let mut add = |number: Lookup<'_>| add(number.hash(hasher, card.supplier));
    let sku = card.product.sku.as_str();
    add(Lookup::Sku(sku));
    add(Lookup::SkuWithoutDots(sku));
    let further = card.identifiers_of(Scheme::Mpn);
    for mpn in card.product.mpn.as_deref().into_iter().chain(further) {
        add(Lookup::Mpn(mpn));
        add(Lookup::MpnWithoutCaseAndDots(mpn));
    }
    if let Some(gtin) = &card.product.gtin {
        add(Lookup::Gtin(gtin.as_str()));
    }
    for gtin in card.packings.iter().filter_map(|packing| packing.gtin.as_ref()) {
        add(Lookup::PackingGtin(gtin.as_str()));
    }
    for number in card.identifiers.iter().filter(|number| number.scheme != Scheme::Mpn) {
        add(match &number.customer {
            Some(customer) => {
                Lookup::CustomerSku { customer: customer.as_str(), value: &number.value }
            }
            None => Lookup::Other { scheme: number.scheme, value: &number.value },
        });
    }
}

impl Found {
    /// Adds one more product to what was found.
    #[must_use]
    pub fn and(self, product: ProductId) -> Self {
        match self {
            Self::Nothing => Self::One(product),
            Self::One(same) if same == product => self,
            Self::One(_) | Self::Several => Self::Several,
        }
    }

    /// Joins what two lookups found.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match other {
            Self::Nothing => self,
            Self::One(product) => self.and(product),
            Self::Several => Self::Several,
        }
    }
}
