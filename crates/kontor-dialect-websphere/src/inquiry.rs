//! A question in the words of this protocol for the operator, who wants to know why a price is
//! what it is: how contract, currency, quantity and date were chosen.
//!
//! It is read with the same functions as a request, but anybody's contract may be asked about, and
//! what a caller would be refused for is told instead.

use kontor_model::instant::Instant;
use kontor_model::uom::Uom;
use kontor_model::validity::Bound;
use kontor_pricing::{Book, Found, Lookup, ProductRef, Question};

use crate::asked::{AskedContract, NumberKind};
use crate::config::Switches;
use crate::error::{Error, Place};
use crate::from_wire::quantity;
use crate::shop::Shop;

/// The parameters of a question, as a partner would send them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inquiry<'a> {
    pub store: &'a str,
    pub part_number: &'a str,
    /// Default: the default contract of the store.
    pub contract: Option<&'a str>,
    /// Default: 1.
    pub quantity: Option<&'a str>,
    /// Default: the default unit of the store.
    pub uom: Option<&'a str>,
    /// Default: the default currency of the store.
    pub currency: Option<&'a str>,
    /// Default: now.
    pub date: Option<&'a str>,
}

/// A question that the book can explain.
#[derive(Debug, Clone)]
pub struct Inquired<'a> {
    pub product: ProductRef<'a>,
    pub question: Question<'a>,
    /// How the question came about, a sentence each.
    pub story: Vec<String>,
}

/// Why there is no question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InquiryError {
    /// A parameter would be refused.
    #[error("{0}")]
    Refused(String),
    #[error("no product of supplier {supplier} has the part number {part_number}")]
    UnknownProduct { supplier: String, part_number: String },
    #[error(
        "several products of supplier {supplier} have the part number {part_number}, so it is answered like an unknown one: {skus}"
    )]
    AmbiguousProduct {
        supplier: String,
        part_number: String,
        /// Article numbers of the products.
        skus: String,
    },
    #[error("unit {0} is not known, so there is no price")]
    UnknownUnit(String),
}

impl Inquiry<'_> {
    /// The question that a request with these parameters asks.
    pub fn question<'b>(&self, book: &'b Book, now: Instant) -> Result<Inquired<'b>, InquiryError> {
        let unknown_store = || Error::Store(self.store.to_owned());
        let tenant = book.supplier_of_store(self.store).ok_or_else(unknown_store)?;
        let facts = tenant.store(self.store).ok_or_else(unknown_store)?;
        let shop =
            Shop { book, tenant, store: facts, customer: None, now, switches: Switches::default() };
        let mut story = Vec::new();
        let product = self.product(&shop)?;
        let contract = self.contract(&shop, &mut story)?;
        let at = self.date(&shop, &mut story)?;
        let currency = match self.currency {
            Some(code) => shop.currency(code, Place::parameter("currency"))?,
            None => shop.default_currency(),
        };
        story.push(chosen("currency", currency.currency.code(), self.currency));
        let quantity = quantity::of_parameters(&shop, self.quantity, self.uom)?;
        let named = self.uom.unwrap_or_default();
        let uom = quantity.uom.ok_or_else(|| InquiryError::UnknownUnit(named.to_owned()))?;
        story.push(chosen("unit", uom.code(), self.uom));
        story.extend(conversion(product, uom));

        let lists = contract.lists_at(at, shop.zone());
        if lists.is_empty() && contract.facts.is_some() {
            let code = contract.code;
            story.push(format!("contract {code} has no price lists at this date"));
        }
        let question = Question {
            lists,
            strategy: shop.strategy(),
            product: product.id,
            quantity: quantity.quantity,
            uom,
            currency: currency.currency,
            decimals: currency.decimals,
            at,
            zone: shop.zone(),
            term: None,
        };
        Ok(Inquired { product, question, story })
    }

    fn product<'b>(&self, shop: &Shop<'b>) -> Result<ProductRef<'b>, InquiryError> {
        if let Some(product) = shop.product(NumberKind::PartNumber, self.part_number) {
            return Ok(product);
        }
        let code = shop.tenant.supplier().map(|supplier| supplier.code.as_str());
        let supplier = code.unwrap_or_default().to_owned();
        let part_number = self.part_number.to_owned();
        let lookup = Lookup::Mpn(self.part_number);
        if shop.book.find(shop.tenant.id(), lookup) != Found::Several {
            return Err(InquiryError::UnknownProduct { supplier, part_number });
        }
        let mut skus = Vec::new();
        shop.book.each(shop.tenant.id(), lookup, |product| {
            skus.push(product.card.product.sku.as_str());
        });
        skus.sort_unstable();
        Err(InquiryError::AmbiguousProduct { supplier, part_number, skus: skus.join(", ") })
    }

    /// Any contract of the supplier; the story tells who may use it.
    fn contract<'b>(
        &self,
        shop: &Shop<'b>,
        story: &mut Vec<String>,
    ) -> Result<AskedContract<'b>, InquiryError> {
        let default = shop.default_contract();
        let code = self.contract.unwrap_or(default.code);
        let facts = shop.tenant.contract(code);
        let Some(facts) = facts else {
            return match self.contract {
                Some(code) => Err(Error::Contract(code.to_owned()).into()),
                None => Ok(default),
            };
        };
        story.push(chosen("contract", code, self.contract));
        let who = if code == default.code {
            "everybody".to_owned()
        } else {
            let customers: Vec<&str> = facts.customers.iter().map(|number| &**number).collect();
            format!("customers {}", customers.join(", "))
        };
        story.push(format!("contract {code} is for {who}"));
        let validity = facts.contract.validity;
        let open = || "…".to_owned();
        let from = validity.from().map_or_else(open, Bound::from_text);
        let to = validity.to().map_or_else(open, Bound::to_text);
        story.push(format!("contract {code} is valid from {from} to {to}"));
        if self.contract.is_some() && !validity.contains(shop.now, shop.zone()) {
            story.push(format!(
                "contract {code} is not active now: requests that name it are refused"
            ));
        }
        Ok(AskedContract { code: facts.contract.code.as_str(), facts: Some(facts) })
    }

    fn date(&self, shop: &Shop<'_>, story: &mut Vec<String>) -> Result<Instant, InquiryError> {
        let Some(text) = self.date else {
            story.push(format!("date {} is now", shop.now));
            return Ok(shop.now);
        };
        let at = shop.date(text, Place::parameter("date"))?;
        let zone = shop.store.store.time_zone.name();
        story
            .push(format!("date {text} is {at} (without offset in the zone of the store, {zone})"));
        Ok(at)
    }
}

/// What the asked unit is in base units, when it is another one.
fn conversion(product: ProductRef<'_>, uom: Uom) -> Option<String> {
    let base = product.card.product.base_uom;
    if uom == base {
        return None;
    }
    Some(match product.card.factor(uom) {
        Some(factor) => format!("one {uom} is {factor} {base}: tiers count in {base}"),
        None => format!("{uom} cannot be converted to {base}"),
    })
}

/// Whether a value was asked for, or is the store's.
fn chosen(what: &str, value: &str, asked: Option<&str>) -> String {
    let why = if asked.is_some() { "was asked for" } else { "is the default of the store" };
    format!("{what} {value} {why}")
}

impl From<Error> for InquiryError {
    fn from(error: Error) -> Self {
        Self::Refused(error.to_string())
    }
}
