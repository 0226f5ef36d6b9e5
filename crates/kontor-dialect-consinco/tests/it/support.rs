//! The dialect over the demo catalogue.

use std::ops::Deref;
use std::sync::Arc;

use kontor_app::{App, LoginLimits};
use kontor_dialect_consinco::{Config, dialect};
use kontor_model::price_list::{EntryKind, PriceEntry, PriceUnit, Shape};
use kontor_model::{Bound, Quantity, Validity};
use kontor_testkit::demo::{Served, limited};
use kontor_wire::http::Dialect;
use serde_json::Value;

pub(crate) use kontor_testkit::demo::{Answer, Call, NOW};

pub(crate) const TOKEN: &str = "T-CONSINCO-DEMO";
pub(crate) const PRICES: &str = "/api/v2/sm_products/product-price";
pub(crate) const LOGIN: &str = "/api/v1/auth/login";
pub(crate) const REFRESH: &str = "/api/v1/auth/refresh-token";

/// A running dialect.
pub(crate) struct Shop(Served);

/// What tests look for in answers.
pub(crate) trait Rows {
    /// The rows of a good JSON answer.
    fn rows(&self) -> Vec<Value>;

    /// Rows as `sequence x quantity`.
    fn keys(&self) -> Vec<String>;

    /// Status and message of an error in JSON.
    fn error(&self) -> String;
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        Self(Served::new(make(config)))
    }

    pub(crate) fn limited(failed_per_minute: u32) -> Self {
        Self(Served::at(NOW, limited(failed_per_minute), make(Config::default())))
    }

    /// The same data at another time.
    pub(crate) fn later(&self, now: &str) -> Self {
        Self(self.0.again(now, LoginLimits::default(), make(Config::default())))
    }

    /// Prices with the token of the demo.
    pub(crate) fn get(&self, query: &str) -> Answer {
        self.send(&prices(query))
    }

    /// The same as XML.
    pub(crate) fn xml(&self, query: &str) -> Answer {
        self.send(&prices(query).header("Accept", "application/xml"))
    }
}

impl Deref for Shop {
    type Target = Served;

    fn deref(&self) -> &Served {
        &self.0
    }
}

fn make(config: Config) -> impl FnOnce(Arc<App>) -> Arc<dyn Dialect> {
    |app| dialect(app, config).expect("settings that can be used")
}

/// A call for prices with the token of the demo.
pub(crate) fn prices(query: &str) -> Call {
    Call::get(&format!("{PRICES}?{query}")).bearer(TOKEN)
}

impl Rows for Answer {
    fn rows(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json().as_array().expect("a list").clone()
    }

    fn keys(&self) -> Vec<String> {
        let key = |row: &Value| format!("{} x {}", row["seq_product"], row["packing_quantity"]);
        self.rows().iter().map(key).collect()
    }

    fn error(&self) -> String {
        let answer = self.json();
        let message = answer["Message"].as_str().expect("a message");
        format!("{} {message}", self.status)
    }
}

/// A price of a packing in a list of the demo.
pub(crate) fn price(
    list: &str,
    sku: &str,
    packing: &str,
    quantity: &str,
    amount: &str,
) -> PriceEntry {
    PriceEntry {
        list: list.parse().unwrap(),
        sku: sku.parse().unwrap(),
        shape: Shape {
            unit: PriceUnit::Packing {
                name: packing.parse().unwrap(),
                quantity: quantity.parse().unwrap(),
            },
            currency: "BRL".parse().unwrap(),
            minimum: Quantity::ZERO,
            validity: Validity::ALWAYS,
            kind: EntryKind::Regular,
            term: None,
            decimals: 6,
        },
        amount: Some(amount.parse().unwrap()),
        changed_at: NOW.parse().unwrap(),
    }
}

/// The same as a price of the base unit.
pub(crate) fn of_base_unit(entry: PriceEntry) -> PriceEntry {
    PriceEntry { shape: Shape { unit: PriceUnit::Base, ..entry.shape }, ..entry }
}

/// The same as a promotion with bounds as people write them: days, or instants.
pub(crate) fn promotion(entry: PriceEntry, from: &str, to: &str) -> PriceEntry {
    let validity = Validity::new(Bound::parse_from(from), Bound::parse_to(to)).unwrap();
    PriceEntry { shape: Shape { kind: EntryKind::Promotion, validity, ..entry.shape }, ..entry }
}

/// The same with a payment term.
pub(crate) fn with_term(entry: PriceEntry, term: &str) -> PriceEntry {
    PriceEntry { shape: Shape { term: Some(term.parse().unwrap()), ..entry.shape }, ..entry }
}
