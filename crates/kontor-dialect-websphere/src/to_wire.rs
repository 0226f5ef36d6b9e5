//! From prices to the bytes of the answer (`websphere.md` 5), in one pass over what is asked.

use std::cmp::Ordering;

use kontor_model::identifier::Scheme;
use kontor_model::instant::Instant;
use kontor_model::quantity::Quantity;
use kontor_model::uom::Uom;
use kontor_pricing::{Price, ProductRef, Question, Tier};
use kontor_wire::decimal::{write_scaled, write_with_fraction};

use crate::asked::{Asked, AskedContract, AskedCurrency, AskedProduct, AskedQuantity, NumberKind};
use crate::config::{ContractCombination, Toggle, UnknownProduct};
use crate::error::Error;
use crate::shop::Shop;
use crate::wire::{Document, Format, Items};

/// Room for one result, so that large answers are not copied while they grow.
const RESULT_BYTES: usize = 256;

/// Answers what is asked. `resource` is the URL of the request.
pub(crate) fn prices(
    shop: &Shop<'_>,
    asked: &Asked<'_>,
    resource: &str,
    format: Format,
) -> Result<Vec<u8>, Error> {
    let capacity = resource.len() + RESULT_BYTES * (asked.products.len() + 1);
    let mut document = Document::new(format, capacity);
    let mut writer = Writer { shop, asked, tiers: Vec::new() };
    document.list("EntitledPrice", |results| writer.results(results))?;
    document.text("resourceId", resource);
    document.text("resourceName", "price");
    Ok(document.finish())
}

/// The identity that `loginidentity` and `guestidentity` answer with.
pub(crate) struct Identity<'a> {
    pub(crate) token: &'a str,
    pub(crate) trusted_token: &'a str,
    pub(crate) personalization_id: &'a str,
    pub(crate) resource: &'static str,
    pub(crate) user_id: &'a str,
}

/// Answers a login.
pub(crate) fn identity(identity: &Identity<'_>, format: Format) -> Vec<u8> {
    let mut document = Document::new(format, 512);
    document.text("WCToken", identity.token);
    document.text("WCTrustedToken", identity.trusted_token);
    document.text("personalizationID", identity.personalization_id);
    document.text("resourceName", identity.resource);
    document.text("userId", identity.user_id);
    document.finish()
}

struct Writer<'s, 'a> {
    shop: &'s Shop<'a>,
    asked: &'s Asked<'a>,
    /// Reused from ladder to ladder.
    tiers: Vec<Tier>,
}

/// One result: a product under a contract at a date.
#[derive(Clone, Copy)]
struct Entitled<'s, 'a> {
    asked: &'s AskedProduct<'a>,
    product: ProductRef<'a>,
    contract: AskedContract<'a>,
    at: Instant,
}

impl<'s, 'a> Writer<'s, 'a> {
    fn results(&mut self, results: &mut Items<'_>) -> Result<(), Error> {
        let (asked, switches) = (self.asked, self.shop.switches);
        for one in &asked.products {
            let Some(product) = self.shop.product(asked.by, one.number) else {
                match switches.unknown_product {
                    UnknownProduct::Omit => continue,
                    UnknownProduct::Error => return Err(Error::Product(one.number.to_owned())),
                }
            };
            match switches.contract_combination {
                ContractCombination::Each => self.each(results, one, product),
                ContractCombination::Best => self.best(results, one, product),
            }
        }
        Ok(())
    }

    /// One result per contract and date.
    fn each(
        &mut self,
        results: &mut Items<'_>,
        one: &'s AskedProduct<'a>,
        product: ProductRef<'a>,
    ) {
        for contract in self.asked.contracts(one) {
            for at in self.asked.dates(one) {
                let entitled = Entitled { asked: one, product, contract: *contract, at: *at };
                self.result(results, entitled);
            }
        }
    }

    /// One result per date, of the contract with the lowest price.
    fn best(
        &mut self,
        results: &mut Items<'_>,
        one: &'s AskedProduct<'a>,
        product: ProductRef<'a>,
    ) {
        for at in self.asked.dates(one) {
            let under = |contract: &AskedContract<'a>| Entitled {
                asked: one,
                product,
                contract: *contract,
                at: *at,
            };
            let contracts = self.asked.contracts(one).iter().map(under);
            // Of equal ones `min_by` keeps the first.
            if let Some(best) = contracts.min_by(|a, b| self.compare(*a, *b)) {
                self.result(results, best);
            }
        }
    }

    /// By the first price in which they differ; any price is better than none.
    fn compare(&self, a: Entitled<'s, 'a>, b: Entitled<'s, 'a>) -> Ordering {
        let rank = |price: Option<Price>| (price.is_none(), price.map(|price| price.amount));
        let currencies = self.asked.currencies(a.asked).iter().copied();
        let mut pairs = currencies.flat_map(|currency| {
            let quantities = self.asked.quantities(a.asked).iter();
            quantities.map(move |quantity| (currency, quantity))
        });
        let orders = pairs.find_map(|(currency, quantity)| {
            let price = |one: Entitled<'s, 'a>| rank(self.price(one, currency, quantity));
            Some(price(a).cmp(&price(b))).filter(|order| order.is_ne())
        });
        orders.unwrap_or(Ordering::Equal)
    }

    fn result(&mut self, results: &mut Items<'_>, entitled: Entitled<'s, 'a>) {
        let (asked, one) = (self.asked, entitled.asked);
        results.item(|result| {
            if asked.ranges {
                result.list("RangePrice", |ranges| {
                    for currency in asked.currencies(one).iter().copied() {
                        self.ranges(ranges, entitled, currency);
                    }
                });
            }
            result.list("UnitPrice", |prices| {
                for currency in asked.currencies(one).iter().copied() {
                    for quantity in asked.quantities(one) {
                        self.unit_price(prices, entitled, currency, quantity);
                    }
                }
            });
            result.text("contractId", entitled.contract.code);
            let card = entitled.product.card;
            let number = |kind: NumberKind, scheme: Scheme| {
                let own = card.identifier(scheme).unwrap_or_default();
                // A product may have several; the one that was asked for is told.
                if kind == asked.by { one.number } else { own }
            };
            result.text("partNumber", number(NumberKind::PartNumber, Scheme::Mpn));
            if self.shop.switches.echo_pricing_date == Toggle::On {
                result.text("pricingDate", &entitled.at.to_string());
            }
            let id = number(NumberKind::ProductId, Scheme::ProductNumber);
            result.text("productId", id);
        });
    }

    fn unit_price(
        &self,
        prices: &mut Items<'_>,
        entitled: Entitled<'s, 'a>,
        currency: AskedCurrency,
        quantity: &AskedQuantity,
    ) {
        let price = self.price(entitled, currency, quantity);
        let (Some(price), Some(uom)) = (price, quantity.uom) else {
            return;
        };
        prices.item(|unit_price| {
            write_price(unit_price, "price", price, currency);
            write_quantity(unit_price, "quantity", quantity.quantity, uom);
        });
    }

    fn price(
        &self,
        entitled: Entitled<'s, 'a>,
        currency: AskedCurrency,
        quantity: &AskedQuantity,
    ) -> Option<Price> {
        let asked = (quantity.quantity, quantity.uom?);
        let question = self.question(entitled, currency, asked);
        self.shop.book.price_of(entitled.product, &question)
    }

    /// The tiers in one currency, in the base unit of the product.
    fn ranges(
        &mut self,
        ranges: &mut Items<'_>,
        entitled: Entitled<'s, 'a>,
        currency: AskedCurrency,
    ) {
        let product = &entitled.product.card.product;
        let (uom, step) = (product.base_uom, product.quantity_step);
        let question = self.question(entitled, currency, (Quantity::ONE, uom));
        let tiers = &mut self.tiers;
        self.shop.book.ladder(entitled.product, &question, tiers);

        let mut tiers = tiers.iter().peekable();
        while let Some(tier) = tiers.next() {
            // A tier from zero on begins with the smallest quantity that can be bought.
            let minimum = match tier.minimum {
                Quantity::ZERO => step,
                minimum => minimum,
            };
            let maximum = tiers.peek().map(|next| {
                let before_next = next.minimum.micros() - step.micros();
                Quantity::from_micros(before_next).max(minimum)
            });
            ranges.item(|range| {
                if let Some(maximum) = maximum {
                    write_quantity(range, "maximumQuantity", maximum, uom);
                }
                write_quantity(range, "minimumQuantity", minimum, uom);
                write_price(range, "priceInRange", tier.price, currency);
            });
        }
    }

    fn question(
        &self,
        entitled: Entitled<'s, 'a>,
        asked: AskedCurrency,
        (quantity, uom): (Quantity, Uom),
    ) -> Question<'a> {
        Question {
            lists: entitled.contract.lists_at(entitled.at, self.shop.zone()),
            strategy: self.shop.strategy(),
            product: entitled.product.id,
            quantity,
            uom,
            currency: asked.currency,
            decimals: asked.decimals,
            at: entitled.at,
            zone: self.shop.zone(),
            term: None,
        }
    }
}

fn write_price(document: &mut Document, name: &'static str, price: Price, asked: AskedCurrency) {
    document.object(name, |members| {
        members.code("currency", asked.currency.code());
        members.number("value", |out| {
            write_scaled(out, price.amount.micros(), price.decimals);
        });
    });
}

fn write_quantity(document: &mut Document, name: &'static str, quantity: Quantity, uom: Uom) {
    document.object(name, |members| {
        members.code("uom", uom.code());
        members.number("value", |out| write_with_fraction(out, quantity.micros()));
    });
}
