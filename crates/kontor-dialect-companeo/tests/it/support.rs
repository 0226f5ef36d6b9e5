//! The dialect over the demo catalogue.

use std::ops::Deref;
use std::sync::Arc;

use kontor_app::{App, LoginLimits};
use kontor_dialect_companeo::{Config, dialect};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_store::ReadTx;
use kontor_testkit::demo::{Served, limited};
use kontor_wire::http::Dialect;
use serde_json::{Value, json};

pub(crate) use kontor_testkit::demo::{Answer, Call, NOW};

pub(crate) const KEY: &str = "kontor-demo-secret-not-for-production";
pub(crate) const CREATE: &str = "/api/v1/partners/create_rfq";

/// A running dialect.
pub(crate) struct Office(Served);

/// How calls name themselves, to be known when they are repeated.
pub(crate) trait Key {
    fn key(self, key: &str) -> Self;
}

/// What tests look for in answers.
pub(crate) trait Brief {
    /// Status and codes by input, such as `400 0:9,12 2:16`; of the request as `400 18`.
    fn brief(&self) -> String;

    /// The number of the lead and of the contact of an input.
    fn ids(&self, place: usize) -> (String, i64);
}

impl Office {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        Self(Served::new(make(config)))
    }

    /// The same data at another time.
    pub(crate) fn at(&self, now: &str) -> Self {
        self.again(now, Config::default())
    }

    /// The same data at another time and with other settings.
    pub(crate) fn again(&self, now: &str, config: Config) -> Self {
        Self(self.0.again(now, LoginLimits::default(), make(config)))
    }

    /// The same data, where so many logins a minute may fail.
    pub(crate) fn limited(&self, failed_per_minute: u32) -> Self {
        Self(self.0.again(NOW, limited(failed_per_minute), make(Config::default())))
    }

    /// Sends calls at the same time.
    pub(crate) fn send_all(&self, calls: &[Call]) -> Vec<Answer> {
        std::thread::scope(|scope| {
            let sent: Vec<_> = calls.iter().map(|call| scope.spawn(|| self.send(call))).collect();
            sent.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        })
    }

    /// A row of demo42.
    pub(crate) fn row(&self, kind: Kind, key: &[Cell]) -> Option<Record> {
        self.read(|tx| tx.get(kind, key).expect("a row"))
    }

    /// All rows of a kind of demo42.
    pub(crate) fn rows(&self, kind: Kind) -> Vec<Record> {
        self.read(|tx| {
            let mut rows = Vec::new();
            tx.scan(kind, &[], &mut |record| {
                rows.push(record);
                Ok(())
            })
            .expect("rows");
            rows
        })
    }

    fn read<T>(&self, read: impl Fn(&dyn ReadTx) -> T) -> T {
        let supplier = self.store().supplier_id("demo42").expect("a store").expect("demo42");
        let mut found = None;
        let view = self.store().read(supplier, &mut |tx| {
            found = Some(read(tx));
            Ok(())
        });
        view.expect("a view");
        found.expect("a value")
    }
}

impl Deref for Office {
    type Target = Served;

    fn deref(&self) -> &Served {
        &self.0
    }
}

fn make(config: Config) -> impl FnOnce(Arc<App>) -> Arc<dyn Dialect> {
    |app| dialect(app, config).expect("settings that can be used")
}

/// Inputs sent as partner 22.
pub(crate) fn call_of(inputs: &Value) -> Call {
    Call::post(CREATE, &inputs.to_string()).bearer(&token(22))
}

impl Key for Call {
    fn key(self, key: &str) -> Self {
        self.also("Idempotency-Key", key)
    }
}

impl Brief for Answer {
    fn brief(&self) -> String {
        let json = self.json();
        let codes = |list: &Value| {
            let codes = list.as_array().expect("a list").iter();
            codes.map(|entry| entry["code"].to_string()).collect::<Vec<_>>().join(",")
        };
        let errors = match json["errors"].as_object() {
            Some(inputs) => {
                let name = |name: &String| name.trim_start_matches("input_").to_owned();
                let one = |(key, list): (&String, &Value)| format!("{}:{}", name(key), codes(list));
                inputs.iter().map(one).collect::<Vec<_>>().join(" ")
            }
            None => codes(&json["errors"]),
        };
        format!("{} {errors}", self.status).trim_end().to_owned()
    }

    fn ids(&self, place: usize) -> (String, i64) {
        let input = self.json()["data"][format!("input_{place}")].clone();
        let rfq = input["rfq_id"].as_str().expect("a number of a lead").to_owned();
        (rfq, input["cli_id"].as_i64().expect("a number of a contact"))
    }
}

/// A good token of a partner.
pub(crate) fn token(partner: u32) -> String {
    let issuer = (partner == 22).then_some("IjIyX0xQNzVfMTki");
    let issuer = if partner == 23 { Some("IjIzX09GRl8xIg") } else { issuer };
    kontor_app::access::json_web_token::issue(KEY, &partner.to_string(), 2_524_608_000, issuer)
        .expect("a token")
}

/// A good lead of category 1463.
pub(crate) fn lead(email: &str, phone: &str) -> Value {
    json!({"categoryId": 1463, "data": {
        "30148": 25638, "25533": "75001", "email": email, "companyName": "HOTTE INC.",
        "segment": 1, "firstname": "Wayne", "lastname": "Hotte", "phone": phone
    }})
}

/// A good lead of a category that has the contact questions alone.
pub(crate) fn contact(category: &str, email: &str, phone: &str) -> Value {
    json!({"categoryId": category, "data": {
        "email": email, "companyName": "HOTTE INC.",
        "segment": 1, "firstname": "Wayne", "lastname": "Hotte", "phone": phone
    }})
}
