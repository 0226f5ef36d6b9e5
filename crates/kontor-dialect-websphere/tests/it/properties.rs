//! Random requests: the answer is that of the naive reference engine, asked once for every
//! combination with lists that were chosen by the rules of the protocol.

use std::cell::Cell;

use kontor_model::catalogue::Record;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceUnit, Shape, UomCode};
use kontor_model::{Currency, Instant, Money, Quantity, Uom, Validity};
use kontor_pricing::{Book, Lookup};
use kontor_testkit::reference::{self, Entry, Item};
use kontor_wire::decimal::parse_micros;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Map, Value, json};

use crate::support::{ACME, Call, NOW, PRICE, Shop, Token};

const PARTS: [&str; 7] = [
    "A2135",
    "A4135",
    "WCL004_041404",
    "DR-CHRS-0001-0001",
    "VIS M6,30/ÄÖ",
    "NOPRICE-1",
    "NO-SUCH",
];
const CONTRACTS: [&str; 3] = ["10001", "43221", "24331"];
const CURRENCIES: [&str; 4] = ["USD", "EUR", "JPY", "DKK"];
const DATES: [&str; 7] = [
    "2015-12-31T23:59:59.999999Z",
    "2016-01-01T00:00:00Z",
    "2016-06-30T23:59:59Z",
    "2016-07-01T00:00:00Z",
    "2016-07-01T01:00:00Z",
    "2016-12-31T23:59:59Z",
    "2017-01-01T00:00:00Z",
];
const QUANTITIES: [&str; 9] =
    ["0.5", "0.999999", "1", "8.333333", "8.333334", "9.5", "10", "100", "999999999999"];
const UNITS: [&str; 5] = ["C62", "DZN", "MTR", "KGM", "ZZ9"];

/// Lists that an owner states.
#[derive(Debug, Clone, Default)]
struct Stated {
    contracts: Vec<&'static str>,
    dates: Vec<&'static str>,
    currencies: Vec<&'static str>,
    quantities: Vec<(&'static str, Option<&'static str>)>,
}

#[derive(Debug, Clone)]
struct Asked {
    url_currency: Option<&'static str>,
    url_contracts: Vec<&'static str>,
    query: Stated,
    products: Vec<(&'static str, Stated)>,
}

#[test]
fn random_requests_are_answered_like_the_reference_engine_does() {
    let shop = Shop::open();
    shop.put("wcs-mini", further_prices());
    let items: Vec<(&str, Item)> = PARTS.iter().filter_map(|part| item(&shop, part)).collect();
    let config = Config {
        cases: 1000,
        rng_seed: RngSeed::Fixed(0x7763_7370),
        failure_persistence: None,
        ..Config::default()
    };
    let priced = Cell::new(0);
    let mut runner = TestRunner::new(config);
    let tested = runner.run(&asked(), |asked| {
        let answer = shop.send(&Call::post(&asked.url(), &asked.body()).token(ACME));
        prop_assert_eq!(answer.status, 200, "{}", answer.text);
        let expected = asked.expected(&shop, &items);
        let told = told(&answer.json());
        priced.set(priced.get() + told.iter().map(|(_, _, prices)| prices.len()).sum::<usize>());
        prop_assert_eq!(told, expected);
        Ok(())
    });
    tested.expect("the same prices");
    assert!(priced.get() > 1000, "the requests meet prices: {}", priced.get());
}

/// One result: contract, part number, and its prices: amount, currency, quantity, unit.
type Told = (String, String, Vec<(i64, String, i64, String)>);

/// What an answer tells.
fn told(answer: &Value) -> Vec<Told> {
    let micros = |value: &Value| parse_micros(&value.to_string()).expect("a decimal");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let price = |one: &Value| {
        let (price, quantity) = (&one["price"], &one["quantity"]);
        let (amount, currency) = (micros(&price["value"]), text(&price["currency"]));
        (amount, currency, micros(&quantity["value"]), text(&quantity["uom"]))
    };
    let result = |one: &Value| {
        let prices = one["UnitPrice"].as_array().expect("a list");
        let prices = prices.iter().map(price).collect();
        (text(&one["contractId"]), text(&one["partNumber"]), prices)
    };
    answer["EntitledPrice"].as_array().expect("a list").iter().map(result).collect()
}

impl Asked {
    fn url(&self) -> String {
        let mut url = format!("{PRICE}?langId=-1");
        if let Some(currency) = self.url_currency {
            url = format!("{url}&currency={currency}");
        }
        for contract in &self.url_contracts {
            url = format!("{url}&contractId={contract}");
        }
        url
    }

    fn body(&self) -> String {
        let mut query = self.query.members();
        query.insert("name".to_owned(), json!("byPartNumber"));
        let products = self.products.iter().map(|(part, stated)| {
            let mut product = stated.members();
            product.insert("partNumber".to_owned(), json!(part));
            Value::Object(product)
        });
        query.insert("products".to_owned(), products.collect());
        json!({ "query": query }).to_string()
    }

    fn expected(&self, shop: &Shop, items: &[(&str, Item)]) -> Vec<Told> {
        let book = shop.app.book();
        let mut results = Vec::new();
        for (part, own) in &self.products {
            let Some((_, item)) = items.iter().find(|(known, _)| known == part) else {
                continue;
            };
            let url_currency: Vec<_> = self.url_currency.into_iter().collect();
            let contracts =
                first([&own.contracts, &self.query.contracts, &self.url_contracts], "10001");
            let dates = first([&own.dates, &self.query.dates], NOW);
            let currencies = first([&own.currencies, &url_currency, &self.query.currencies], "USD");
            let quantities = first([&own.quantities, &self.query.quantities], ("1", None));
            for contract in &contracts {
                for date in &dates {
                    let mut prices = Vec::new();
                    for currency in &currencies {
                        for (quantity, uom) in &quantities {
                            let uom = uom.unwrap_or("C62");
                            let asked = (*contract, *date, *currency, *quantity, uom);
                            if let Some(amount) = reference_price(&book, item, asked) {
                                let quantity = parse_micros(quantity).expect("a decimal");
                                prices.push((
                                    amount,
                                    (*currency).to_owned(),
                                    quantity,
                                    uom.to_owned(),
                                ));
                            }
                        }
                    }
                    results.push(((*contract).to_owned(), (*part).to_owned(), prices));
                }
            }
        }
        results
    }
}

impl Stated {
    fn members(&self) -> Map<String, Value> {
        let quantities = self
            .quantities
            .iter()
            .map(|(quantity, uom)| json!({ "quantity": quantity, "uom": uom }));
        let all = json!({
            "contractIds": self.contracts,
            "dates": self.dates,
            "currencies": self.currencies,
            "quantities": quantities.collect::<Vec<_>>(),
        });
        all.as_object().expect("an object").clone()
    }
}

/// The first list that states something.
fn first<T: Copy, const N: usize>(lists: [&Vec<T>; N], default: T) -> Vec<T> {
    let stated = lists.into_iter().find(|list| !list.is_empty());
    stated.cloned().unwrap_or_else(|| vec![default])
}

fn reference_price(
    book: &Book,
    item: &Item,
    (contract, date, currency, quantity, uom): (&str, &str, &str, &str, &str),
) -> Option<i64> {
    let uom: Uom = uom.parse().ok()?;
    let tenant = book.supplier("wcs-mini").expect("a supplier");
    let facts = tenant.contract(contract).expect("a contract");
    let at: Instant = date.parse().expect("an instant");
    let store = tenant.store("10101").expect("a store");
    let zone = &store.store.time_zone;
    if !facts.contract.validity.contains(at, zone) {
        return None;
    }
    let question = reference::Question {
        lists: facts.lists.to_vec(),
        strategy: tenant.supplier().expect("a supplier").strategy,
        quantity: quantity.parse().expect("a quantity"),
        uom,
        currency: currency.parse().expect("a currency"),
        decimals: 2,
        at,
        zone: zone.clone(),
        term: None,
    };
    reference::price(item, &question).map(|(amount, _)| amount)
}

/// A product as the reference engine knows it.
fn item<'p>(shop: &Shop, part: &'p str) -> Option<(&'p str, Item)> {
    let book = shop.app.book();
    let supplier = book.supplier("wcs-mini").expect("a supplier").id();
    let mut found = None;
    book.each(supplier, Lookup::Mpn(part), |product| {
        let entries = product.run.iter().map(|entry| Entry {
            list: entry.list,
            shape: book.shape(entry.shape).expect("a shape").clone(),
            amount: entry.amount,
        });
        found = Some(Item {
            product: product.card.product.clone(),
            conversions: product.card.conversions.to_vec(),
            entries: entries.collect(),
        });
    });
    Some((part, found?))
}

/// A promotion, a price of a dozen, and a second list of the default contract.
fn further_prices() -> Vec<Record> {
    let price = |list: &str, sku: &str, unit: PriceUnit, kind: EntryKind, amount: &str| {
        let currency: Currency = "USD".parse().expect("a currency");
        let from: Instant = "2016-07-01T00:00:00Z".parse().expect("an instant");
        Record::Price(PriceEntry {
            list: list.parse().expect("a code"),
            sku: sku.parse().expect("a code"),
            shape: Shape {
                unit,
                currency,
                minimum: Quantity::ONE,
                validity: Validity::between(Some(from), None).expect("a validity"),
                kind,
                term: None,
                decimals: 3,
            },
            amount: Some(amount.parse::<Money>().expect("an amount")),
            changed_at: NOW.parse().expect("an instant"),
        })
    };
    let dozen = PriceUnit::Uom(UomCode("DZN".parse().expect("a unit")));
    let second = kontor_model::contract::ContractList {
        contract: "10001".parse().expect("a code"),
        list: "24331".parse().expect("a code"),
        position: 2,
    };
    vec![
        price("24331", "2135", PriceUnit::Base, EntryKind::Promotion, "10.999"),
        price("43221", "2135", dozen, EntryKind::Regular, "101.5"),
        price("24331", "9003", PriceUnit::Base, EntryKind::Regular, "0.001"),
        Record::ContractList(second),
    ]
}

fn asked() -> impl Strategy<Value = Asked> {
    let product = (select(PARTS.to_vec()), stated());
    let url = (option::of(select(CURRENCIES.to_vec())), vec(select(CONTRACTS.to_vec()), 0..3));
    (url, stated(), vec(product, 1..6)).prop_map(
        |((url_currency, url_contracts), query, products)| Asked {
            url_currency,
            url_contracts,
            query,
            products,
        },
    )
}

fn stated() -> impl Strategy<Value = Stated> {
    let quantity = (select(QUANTITIES.to_vec()), option::of(select(UNITS.to_vec())));
    let lists = (
        vec(select(CONTRACTS.to_vec()), 0..3),
        vec(select(DATES.to_vec()), 0..3),
        vec(select(CURRENCIES.to_vec()), 0..3),
        vec(quantity, 0..4),
    );
    lists.prop_map(|(contracts, dates, currencies, quantities)| Stated {
        contracts,
        dates,
        currencies,
        quantities,
    })
}
