//! Whole requests against the demo catalogue.

use kontor_model::catalogue::Record;
use kontor_model::customer::{Contact, Customer, Entitlement, State};
use kontor_model::identifier::{Identifier, Scheme};
use kontor_model::instant::Instant;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceList, PriceUnit, Shape};
use kontor_model::quantity::Quantity;
use kontor_model::validity::Validity;
use kontor_pricing::{Found, Lookup, Question};

use super::*;
use crate::scene::{Call, MINI, NOW, Scene};

mod checks;
mod clients;
mod documents;
mod items;
mod lists;
mod long;
mod model;

const LIST_4515: &str = "/pricings?pricing_name=%D7%A7%D7%A4%D7%94";

fn set(list: i64, customer: &str, items: &[(&str, &str)]) -> Call {
    let lines: Vec<String> = items
        .iter()
        .map(|(number, price)| {
            format!(r#"{{"catalog_number":"{number}","price_after_discount":{price}}}"#)
        })
        .collect();
    let lines = lines.join(",");
    Call::new("POST", "/pricings/items").json(&format!(
        r#"{{"pricing_id":{list},"customer_number":"{customer}","items":[{lines}]}}"#
    ))
}

fn delete(list: i64, customer: &str, numbers: &[&str]) -> Call {
    let numbers: Vec<String> = numbers.iter().map(|number| format!("\"{number}\"")).collect();
    let numbers = numbers.join(",");
    Call::new("DELETE", "/pricings/items").json(&format!(
        r#"{{"pricing_id":{list},"customer_number":"{customer}","items":[{numbers}]}}"#
    ))
}

fn remove(list: i64, customer: &str) -> Call {
    let target = format!("/pricings/removeClient?pricing_id={list}&customer_number={customer}");
    Call::new("DELETE", &target)
}

fn client(number: &str) -> Call {
    Call::new("GET", &format!("/clients?customer_number={number}"))
}

fn customer(number: &str, branch_number: Option<i64>, state: State) -> Record {
    Record::Customer(Customer {
        number: number.parse().expect("a number"),
        name: None,
        state,
        currency: None,
        branch_number,
    })
}

fn entitlement(customer: &str, list: &str, position: i64) -> Record {
    Record::Entitlement(Entitlement {
        customer: customer.parse().expect("a number"),
        list: list.parse().expect("a code"),
        position,
    })
}

fn identifier(sku: &str, scheme: Scheme, value: &str) -> Record {
    Record::Identifier(Identifier {
        sku: sku.parse().expect("a number"),
        scheme,
        value: value.to_owned(),
        customer: None,
    })
}

/// A price in ILS of `LIST-4515` that counts for a while.
fn dated(sku: &str, from: Option<&str>, to: Option<&str>, amount: &str) -> Record {
    let instant = |text: &str| text.parse::<Instant>().expect("an instant");
    let validity = Validity::between(from.map(instant), to.map(instant)).expect("not empty");
    price(sku, validity, Quantity::ZERO, EntryKind::Regular, amount)
}

fn price(
    sku: &str,
    validity: Validity,
    minimum: Quantity,
    kind: EntryKind,
    amount: &str,
) -> Record {
    Record::Price(PriceEntry {
        list: "LIST-4515".parse().expect("a code"),
        sku: sku.parse().expect("a number"),
        shape: Shape {
            unit: PriceUnit::Base,
            currency: "ILS".parse().expect("a currency"),
            minimum,
            validity,
            kind,
            term: None,
            decimals: 2,
        },
        amount: Some(amount.parse().expect("an amount")),
        changed_at: NOW.parse().expect("an instant"),
    })
}

/// What the engine answers for one unit, the same for every protocol.
fn priced(scene: &Scene, customer: &str, sku: &str) -> Option<String> {
    let book = scene.app.book();
    let tenant = book.supplier("demo42").expect("is there");
    let Found::One(product) = book.find(tenant.id(), Lookup::Sku(sku)) else {
        return None;
    };
    let product_ref = book.product(product).expect("is there");
    let found = book.price(&Question {
        lists: &tenant.customer(customer)?.lists,
        strategy: tenant.supplier()?.strategy,
        product,
        quantity: Quantity::ONE,
        uom: product_ref.card.product.base_uom,
        currency: "ILS".parse().expect("a currency"),
        decimals: 2,
        at: scene.app.now(),
        zone: &tenant.supplier()?.time_zone,
        term: None,
    });
    found.map(|price| price.amount.to_string())
}
