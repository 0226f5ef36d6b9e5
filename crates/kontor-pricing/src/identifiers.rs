//! From numbers to products. One number may denote several products.
//!
//! The index holds only hashes and product ids; whether a product really has the number is read
//! from its card. So a stale hit of a changed product does no harm, and a number takes about
//! twelve bytes beside its text.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hasher, RandomState};

use kontor_model::identifier::Scheme;
use kontor_model::product::ProductId;

use crate::card::ProductCard;

/// A number as it is asked for, and how it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// The supplier's article number, exactly.
    Sku(&'a str),
    /// The same without dots on both sides.
    SkuWithoutDots(&'a str),
    /// The manufacturer's part number, exactly.
    Mpn(&'a str),
    /// The same without case.
    MpnWithoutCase(&'a str),
    /// The same without case and dots.
    MpnWithoutCaseAndDots(&'a str),
    /// GTIN of the product, exactly.
    Gtin(&'a str),
    /// GTIN of one of its packings, exactly.
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

/// Hash tables from numbers to product ids.
#[derive(Debug, Default)]
pub(crate) struct Index {
    slots: Vec<Slot>,
    mask: usize,
}

/// Upper half of the hash, and the product; `FREE` marks an empty slot.
#[derive(Debug, Clone, Copy)]
struct Slot {
    tag: u32,
    product: u32,
}

const FREE: u32 = u32::MAX;

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
    pub(crate) fn hash(&self, hasher: &RandomState) -> u64 {
        match *self {
            Self::Sku(text) => hash(hasher, Table::Sku, EXACT, None, text),
            Self::SkuWithoutDots(text) => hash(hasher, Table::SkuWithoutDots, NO_DOTS, None, text),
            Self::Mpn(text) | Self::MpnWithoutCase(text) => {
                hash(hasher, Table::Mpn, NO_CASE, None, text)
            }
            Self::MpnWithoutCaseAndDots(text) => {
                hash(hasher, Table::MpnWithoutDots, NO_CASE_NO_DOTS, None, text)
            }
            Self::Gtin(text) => hash(hasher, Table::Scheme(Scheme::Gtin), EXACT, None, text),
            Self::PackingGtin(text) => hash(hasher, Table::PackingGtin, EXACT, None, text),
            Self::CustomerSku { customer, value } => {
                hash(hasher, Table::CustomerSku, EXACT, Some(customer), value)
            }
            Self::Other { scheme, value } => {
                hash(hasher, Table::Scheme(scheme), EXACT, None, value)
            }
        }
    }

    /// Whether a product has the number.
    pub(crate) fn is_of(&self, card: &ProductCard) -> bool {
        let mpns = || {
            let further = card.identifiers_of(Scheme::Mpn);
            card.product.mpn.as_deref().into_iter().chain(further)
        };
        match *self {
            Self::Sku(text) => card.product.sku.as_str() == text,
            Self::SkuWithoutDots(text) => NO_DOTS.equal(card.product.sku.as_str(), text),
            Self::Mpn(text) => mpns().any(|mpn| mpn == text),
            Self::MpnWithoutCase(text) => mpns().any(|mpn| NO_CASE.equal(mpn, text)),
            Self::MpnWithoutCaseAndDots(text) => mpns().any(|mpn| NO_CASE_NO_DOTS.equal(mpn, text)),
            Self::Gtin(text) => {
                card.identifier(Scheme::Gtin) == Some(text)
                    || card.identifiers_of(Scheme::Gtin).any(|gtin| gtin == text)
            }
            Self::PackingGtin(text) => {
                let mut gtins = card.packings.iter().filter_map(|packing| packing.gtin.as_ref());
                gtins.any(|gtin| gtin.as_str() == text)
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

/// Hashes of all numbers under which a product is found.
pub(crate) fn hashes(hasher: &RandomState, card: &ProductCard, mut add: impl FnMut(u64)) {
    let sku = card.product.sku.as_str();
    add(Lookup::Sku(sku).hash(hasher));
    add(Lookup::SkuWithoutDots(sku).hash(hasher));
    let mut add_mpn = |mpn: &str| {
        add(Lookup::Mpn(mpn).hash(hasher));
        add(Lookup::MpnWithoutCaseAndDots(mpn).hash(hasher));
    };
    card.product.mpn.as_deref().into_iter().for_each(&mut add_mpn);
    card.identifiers_of(Scheme::Mpn).for_each(&mut add_mpn);
    if let Some(gtin) = &card.product.gtin {
        add(Lookup::Gtin(gtin.as_str()).hash(hasher));
    }
    for gtin in card.packings.iter().filter_map(|packing| packing.gtin.as_ref()) {
        add(Lookup::PackingGtin(gtin.as_str()).hash(hasher));
    }
    for number in card.identifiers.iter().filter(|number| number.scheme != Scheme::Mpn) {
        add(match &number.customer {
            Some(customer) => {
                let customer = customer.as_str();
                Lookup::CustomerSku { customer, value: &number.value }.hash(hasher)
            }
            None => Lookup::Other { scheme: number.scheme, value: &number.value }.hash(hasher),
        });
    }
}

fn hash(
    hasher: &RandomState,
    table: Table,
    folding: Folding,
    customer: Option<&str>,
    text: &str,
) -> u64 {
    use std::hash::Hash as _;
    let mut state = hasher.build_hasher();
    (table, customer).hash(&mut state);
    state.write(folding.of(text).as_bytes());
    state.finish()
}

impl Index {
    /// An index of these pairs of hash and product.
    pub(crate) fn new(pairs: &[(u64, ProductId)]) -> Self {
        let size = (pairs.len() * 3 / 2 + 1).next_power_of_two();
        let mut index = Self { slots: vec![Slot { tag: 0, product: FREE }; size], mask: size - 1 };
        for (hash, product) in pairs {
            index.insert(*hash, *product);
        }
        index
    }

    fn insert(&mut self, hash: u64, product: ProductId) {
        let (mut place, tag) = self.start(hash);
        while let Some(slot) = self.slots.get_mut(place) {
            if slot.product == FREE {
                *slot = Slot { tag, product: product.0 };
                return;
            }
            if slot.tag == tag && slot.product == product.0 {
                return;
            }
            place = (place + 1) & self.mask;
        }
    }

    /// Products that may have a number with this hash.
    pub(crate) fn candidates(&self, hash: u64) -> impl Iterator<Item = ProductId> {
        let (start, tag) = self.start(hash);
        let places = (0..self.slots.len()).map(move |step| (start + step) & self.mask);
        places
            .map_while(|place| self.slots.get(place).filter(|slot| slot.product != FREE))
            .filter(move |slot| slot.tag == tag)
            .map(|slot| ProductId(slot.product))
    }

    #[expect(clippy::cast_possible_truncation, reason = "the halves of a hash are cut out of it")]
    fn start(&self, hash: u64) -> (usize, u32) {
        // The low half picks the place, the high half is the tag; both halves are used up.
        (hash as u32 as usize & self.mask, (hash >> 32) as u32)
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
