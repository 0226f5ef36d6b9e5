//! From prices to the bytes of the answer (`websphere.md` 5), in one pass over what is asked.

use kontor_model::instant::Instant;
use kontor_model::quantity::Quantity;
use kontor_model::uom::Uom;
use kontor_pricing::{Price, PriceRange, ProductRef, Question};
use kontor_wire::decimal::{write_scaled, write_with_fraction};

use crate::asked::{Asked, AskedContract, AskedCurrency, AskedProduct, AskedQuantity, NumberKind};
use crate::config::{ContractCombination, Toggle, UnknownProduct};
use crate::error::Error;
use crate::shop::Shop;
use crate::wire::{Document, Format, Items};

/// Room for one result, so that large answers are not copied while they grow.
const RESULT_BYTES: usize = 256;

/// How an answer is written.
#[derive(Clone, Copy)]
pub(crate) struct Layout<'a> {
    /// URL of the request.
    pub(crate) resource: &'a str,
    pub(crate) format: Format,
    /// A piece ends with the first result that makes it as long as this.
    pub(crate) piece_bytes: usize,
}

/// How far an answer is written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Progress {
    /// Results that were gone over. A product that nobody knows has as many as one that somebody does.
    passed: usize,
    has_results: bool,
}

/// Answers what is asked, from a place on. Returns a piece and what is left then.
pub(crate) fn prices(
    shop: &Shop<'_>,
    asked: &Asked<'_>,
    layout: Layout<'_>,
    from: Option<Progress>,
) -> Result<(Vec<u8>, Option<Progress>), Error> {
    let capacity = layout.resource.len() + RESULT_BYTES * (asked.products.len() + 1);
    let capacity = capacity.min(layout.piece_bytes + RESULT_BYTES);
    let mut document = match from {
        None => {
            all_are_known(shop, asked)?;
            let mut document = Document::new(layout.format, capacity);
            document.begin_list("EntitledPrice");
            document
        }
        Some(from) => Document::resumed(layout.format, capacity, from.has_results),
    };
    let mut writer = Writer { shop, asked, questions: Vec::new(), ranges: Vec::new() };
    let from = from.unwrap_or_default();
    let results = &mut document.items("EntitledPrice");
    if let Some(left) = writer.results(results, from, layout.piece_bytes) {
        return Ok((document.into_piece(), Some(left)));
    }
    document.end_list();
    document.text("resourceId", layout.resource);
    document.text("resourceName", "price");
    Ok((document.finish(), None))
}

/// Where an unknown product is an error, it is one before anything is answered.
fn all_are_known(shop: &Shop<'_>, asked: &Asked<'_>) -> Result<(), Error> {
    if shop.switches.unknown_product == UnknownProduct::Omit {
        return Ok(());
    }
    let is_unknown = |one: &&AskedProduct<'_>| shop.product(asked.by, one.number).is_none();
    match asked.products.iter().find(is_unknown) {
        None => Ok(()),
        Some(one) => Err(Error::Product(one.number.to_owned())),
    }
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
    /// Reused from product to product.
    questions: Vec<Question<'a>>,
    ranges: Vec<PriceRange>,
}

/// One result: a product under a contract at a date, or under the best of several.
#[derive(Clone, Copy)]
struct Entitled<'s, 'a> {
    asked: &'s AskedProduct<'a>,
    product: ProductRef<'a>,
    contracts: &'s [AskedContract<'a>],
    at: Instant,
}

impl<'s, 'a> Writer<'s, 'a> {
    /// Writes results from a place on, until a piece is full. Returns what is left then.
    fn results(
        &mut self,
        results: &mut Items<'_>,
        mut progress: Progress,
        piece_bytes: usize,
    ) -> Option<Progress> {
        let (asked, switches) = (self.asked, self.shop.switches);
        // Results of all products up to the one that is looked at.
        let mut counted = 0;
        for one in &asked.products {
            let (all, dates) = (asked.contracts(one), asked.dates(one));
            let together = match switches.contract_combination {
                ContractCombination::Each => 1,
                ContractCombination::Best => all.len().max(1),
            };
            let of_product = all.len().div_ceil(together) * dates.len();
            let passed = progress.passed - counted;
            counted += of_product;
            if passed >= of_product {
                continue;
            }
            let Some(product) = self.shop.product(asked.by, one.number) else {
                progress.passed = counted;
                continue;
            };
            let each = all.chunks(together).flat_map(|c| dates.iter().map(move |at| (c, *at)));
            for (contracts, at) in each.skip(passed) {
                if results.length() >= piece_bytes {
                    return Some(progress);
                }
                self.result(results, Entitled { asked: one, product, contracts, at });
                progress.passed += 1;
                progress.has_results = true;
            }
        }
        None
    }

    fn result(&mut self, results: &mut Items<'_>, entitled: Entitled<'s, 'a>) {
        let (asked, one) = (self.asked, entitled.asked);
        // The contract of the first price is the one that is told.
        let mut told: Option<usize> = None;
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
                        let of = self.unit_price(prices, entitled, currency, quantity);
                        told = told.or(of);
                    }
                }
            });
            let contract = entitled.contracts.get(told.unwrap_or_default());
            result.text("contractId", contract.map_or("", |contract| contract.code));
            let card = entitled.product.card;
            // A product may have several numbers; the one that was asked for is told.
            let number =
                |kind: NumberKind| if kind == asked.by { one.number } else { kind.of(card) };
            result.text("partNumber", number(NumberKind::PartNumber));
            if self.shop.switches.echo_pricing_date == Toggle::On {
                result.text("pricingDate", &entitled.at.to_string());
            }
            result.text("productId", number(NumberKind::ProductId));
        });
    }

    /// Writes a price, when there is one. Returns the place of the contract whose price it is.
    fn unit_price(
        &self,
        prices: &mut Items<'_>,
        entitled: Entitled<'s, 'a>,
        currency: AskedCurrency,
        quantity: &AskedQuantity,
    ) -> Option<usize> {
        let uom = quantity.uom?;
        let questions = self.questions(entitled, currency, (quantity.quantity, uom));
        let (contract, price) = self.shop.book.lowest_of(entitled.product, questions)?;
        prices.item(|unit_price| {
            write_price(unit_price, "price", price, currency);
            write_quantity(unit_price, "quantity", quantity.quantity, uom);
        });
        Some(contract)
    }

    /// The ranges in one currency, in the base unit of the product.
    fn ranges(
        &mut self,
        ranges: &mut Items<'_>,
        entitled: Entitled<'s, 'a>,
        currency: AskedCurrency,
    ) {
        let uom = entitled.product.card.product.base_uom;
        let mut questions = std::mem::take(&mut self.questions);
        questions.clear();
        questions.extend(self.questions(entitled, currency, (Quantity::ONE, uom)));
        self.shop.book.ranges(entitled.product, &questions, &mut self.ranges);
        self.questions = questions;
        for found in &self.ranges {
            ranges.item(|range| {
                if let Some(maximum) = found.maximum {
                    write_quantity(range, "maximumQuantity", maximum, uom);
                }
                write_quantity(range, "minimumQuantity", found.minimum, uom);
                write_price(range, "priceInRange", found.price, currency);
            });
        }
    }

    /// The question under each of the contracts.
    fn questions(
        &self,
        entitled: Entitled<'s, 'a>,
        asked: AskedCurrency,
        (quantity, uom): (Quantity, Uom),
    ) -> impl Iterator<Item = Question<'a>> + use<'s, 'a> {
        let (strategy, zone) = (self.shop.strategy(), self.shop.zone());
        entitled.contracts.iter().map(move |contract| Question {
            lists: contract.lists_at(entitled.at, zone),
            strategy,
            product: entitled.product.id,
            quantity,
            uom,
            currency: asked.currency,
            decimals: asked.decimals,
            at: entitled.at,
            zone,
            term: None,
        })
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
