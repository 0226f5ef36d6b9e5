//! The dialect over the demo catalogue.

use std::ops::Deref;
use std::sync::Arc;

use http::Method;
use kontor_app::{App, LoginLimits};
use kontor_dialect_websphere::{Config, dialect};
use kontor_model::catalogue::{Kind, Record};
use kontor_testkit::demo::{Served, limited};
use kontor_wire::http::Dialect;
use serde_json::Value;

pub(crate) use kontor_testkit::demo::{Answer, Call, NOW};

pub(crate) const ACME: &str = "7001%2Cacme-secret";
pub(crate) const BETA: &str = "7002%2Cbeta-secret";
pub(crate) const PRICE: &str = "/wcs/resources/store/10101/price";

/// A running dialect.
pub(crate) struct Shop(Served);

/// How calls say who asks.
pub(crate) trait Token {
    fn token(self, token: &str) -> Self;
}

/// What tests look for in answers.
pub(crate) trait Results {
    /// The results, one line each: `contract part product: price currency/quantity unit, …`.
    fn prices(&self) -> Vec<String>;

    /// The ranges of all results: `minimum-maximum unit price currency`.
    fn ranges(&self) -> Vec<String>;

    /// Status, key, code and parameters of an error.
    fn error(&self) -> String;
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        Self::at(NOW, config)
    }

    pub(crate) fn at(now: &str, config: Config) -> Self {
        Self(Served::at(now, LoginLimits::default(), make(config)))
    }

    pub(crate) fn limited(failed_per_minute: u32) -> Self {
        Self(Served::at(NOW, limited(failed_per_minute), make(Config::default())))
    }

    /// The same data at another time.
    pub(crate) fn later(&self, now: &str) -> Self {
        Self(self.0.again(now, LoginLimits::default(), make(Config::default())))
    }

    /// Asks store 10101 as ACME with a JSON query.
    pub(crate) fn ask(&self, query: &str) -> Answer {
        self.send(&Call::post(PRICE, &format!(r#"{{"query":{query}}}"#)).token(ACME))
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

/// A row of the catalogue by the columns that are not empty.
pub(crate) fn row(kind: Kind, cells: &[(&str, &str)]) -> Record {
    let text = |name: &str| cells.iter().find(|(column, _)| *column == name).map_or("", |c| c.1);
    let cells = kind.columns().iter().map(|column| column.parse(text(column.name)));
    let cells: Vec<_> = cells.collect::<Result<_, _>>().expect("cells");
    Record::from_row(kind, &cells).expect("a row")
}

/// A request with XML.
pub(crate) fn post_xml(target: &str, body: &str) -> Call {
    let call = Call::new(Method::POST, target, body.as_bytes());
    call.header("Content-Type", "application/xml")
}

impl Token for Call {
    fn token(self, token: &str) -> Self {
        self.header("WCToken", token)
    }
}

impl Results for Answer {
    fn prices(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{}", self.text);
        let answer = self.json();
        let results = answer["EntitledPrice"].as_array().expect("a list");
        results.iter().map(line).collect()
    }

    fn ranges(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{}", self.text);
        let answer = self.json();
        let results = answer["EntitledPrice"].as_array().expect("a list");
        let ranges = results.iter().flat_map(|one| one["RangePrice"].as_array().expect("ranges"));
        ranges.map(range_line).collect()
    }

    fn error(&self) -> String {
        let answer = self.json();
        let error = &answer["errors"][0];
        let text = |name: &str| error[name].as_str().expect("a text").to_owned();
        assert!(!text("errorMessage").is_empty());
        let (key, code) = (text("errorKey"), text("errorCode"));
        let code = if code == key { "=".to_owned() } else { code };
        format!("{} {key} {code} {}", self.status, text("errorParameters"))
    }
}

fn line(result: &Value) -> String {
    let text = |name: &str| result[name].as_str().expect("a text").to_owned();
    let prices = result["UnitPrice"].as_array().expect("a list").iter().map(|one| {
        let (price, quantity) = (&one["price"], &one["quantity"]);
        let (currency, uom) = (price["currency"].as_str(), quantity["uom"].as_str());
        format!(
            "{} {}/{} {}",
            price["value"],
            currency.expect("a text"),
            quantity["value"],
            uom.expect("a text")
        )
    });
    let prices: Vec<String> = prices.collect();
    let (contract, part, id) = (text("contractId"), text("partNumber"), text("productId"));
    format!("{contract} {part} {id}: {}", prices.join(", "))
}

fn range_line(range: &Value) -> String {
    let (minimum, maximum) = (&range["minimumQuantity"], &range["maximumQuantity"]);
    let price = &range["priceInRange"];
    let uom = minimum["uom"].as_str().expect("a text");
    assert!(maximum.is_null() || maximum["uom"] == minimum["uom"]);
    let until = if maximum.is_null() { "…".to_owned() } else { maximum["value"].to_string() };
    let currency = price["currency"].as_str().expect("a text");
    format!("{}-{until} {uom} {} {currency}", minimum["value"], price["value"])
}
