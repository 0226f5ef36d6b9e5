//! What is asked, in our words, after all lists and defaults were settled.
//!
//! The lists of all products stand in four pools, and a product has a span of each: a thousand
//! products that share the global lists cost no list of their own.

use kontor_model::currency::Currency;
use kontor_model::instant::{Instant, Zone};
use kontor_model::price_list::PriceListId;
use kontor_model::quantity::Quantity;
use kontor_model::uom::Uom;
use kontor_pricing::ContractFacts;

use crate::error::Error;

/// Most combinations of product, contract, date, currency and quantity in one request.
pub(crate) const MAX_PRICES: u64 = 10_000;

/// All products and lists of a request.
pub(crate) struct Asked<'a> {
    /// What the numbers of the products are.
    pub(crate) by: NumberKind,
    pub(crate) products: Vec<AskedProduct<'a>>,
    pub(crate) pools: Pools<'a>,
    /// Whether the tiers are asked for beside the prices.
    pub(crate) ranges: bool,
}

/// The kind of number by which products are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberKind {
    ProductId,
    PartNumber,
}

pub(crate) struct AskedProduct<'a> {
    /// As it was asked; nobody may have such a product.
    pub(crate) number: &'a str,
    pub(crate) lists: Lists,
}

/// Where in the pools the lists of a product stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lists {
    pub(crate) contracts: Span,
    pub(crate) dates: Span,
    pub(crate) currencies: Span,
    pub(crate) quantities: Span,
}

/// A range of a pool.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    start: usize,
    end: usize,
}

/// The lists of all products, one after another.
#[derive(Default)]
pub(crate) struct Pools<'a> {
    pub(crate) contracts: Vec<AskedContract<'a>>,
    pub(crate) dates: Vec<Instant>,
    pub(crate) currencies: Vec<AskedCurrency>,
    pub(crate) quantities: Vec<AskedQuantity>,
}

/// A contract that the caller may use.
#[derive(Clone, Copy)]
pub(crate) struct AskedContract<'a> {
    pub(crate) code: &'a str,
    /// `None`: the default contract of the store is not there.
    pub(crate) facts: Option<&'a ContractFacts>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct AskedCurrency {
    pub(crate) currency: Currency,
    /// Fewest decimals of prices in it.
    pub(crate) decimals: u8,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct AskedQuantity {
    pub(crate) quantity: Quantity,
    /// `None`: a unit that nobody knows.
    pub(crate) uom: Option<Uom>,
}

impl<'a> Asked<'a> {
    /// Refuses a request for too many prices.
    pub(crate) fn bounded(self) -> Result<Self, Error> {
        let of_product = |product: &AskedProduct<'_>| {
            let lists = product.lists;
            let counts = [lists.contracts, lists.dates, lists.currencies, lists.quantities];
            counts.iter().fold(1_u64, |all, span| all.saturating_mul(span.len()))
        };
        let all = self.products.iter().map(of_product).fold(0, u64::saturating_add);
        if all > MAX_PRICES {
            return Err(Error::TooManyPrices);
        }
        Ok(self)
    }

    pub(crate) fn contracts(&self, product: &AskedProduct<'_>) -> &[AskedContract<'a>] {
        product.lists.contracts.of(&self.pools.contracts)
    }

    pub(crate) fn dates(&self, product: &AskedProduct<'_>) -> &[Instant] {
        product.lists.dates.of(&self.pools.dates)
    }

    pub(crate) fn currencies(&self, product: &AskedProduct<'_>) -> &[AskedCurrency] {
        product.lists.currencies.of(&self.pools.currencies)
    }

    pub(crate) fn quantities(&self, product: &AskedProduct<'_>) -> &[AskedQuantity] {
        product.lists.quantities.of(&self.pools.quantities)
    }
}

impl Span {
    /// What was added to a pool since it had `start` elements; `None` when nothing was.
    pub(crate) fn since<T>(start: usize, pool: &[T]) -> Option<Self> {
        let end = pool.len();
        (end > start).then_some(Self { start, end })
    }

    /// Adds one element to a pool.
    pub(crate) fn single<T>(pool: &mut Vec<T>, element: T) -> Self {
        let start = pool.len();
        pool.push(element);
        Self { start, end: pool.len() }
    }

    fn of<T>(self, pool: &[T]) -> &[T] {
        pool.get(self.start..self.end).unwrap_or_default()
    }

    fn len(self) -> u64 {
        (self.end - self.start) as u64
    }
}

impl<'a> AskedContract<'a> {
    /// The price lists that count at an instant: none when the contract does not count then.
    pub(crate) fn lists_at(self, at: Instant, zone: &Zone) -> &'a [PriceListId] {
        match self.facts {
            Some(facts) if facts.contract.validity.contains(at, zone) => &facts.lists,
            _ => &[],
        }
    }
}
