//! Full scans while prices are written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use kontor_model::Quantity;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::identifier::{Identifier, Scheme};
use kontor_model::price_list::PriceEntry;
use kontor_model::product::{Product, ProductState};
use kontor_store::WriteTx;
use serde_json::Value;

use crate::support::{Call, PRICES, Rows, Shop, TOKEN, price};

const PRODUCTS: u32 = 400;
const LIST: &str = "BR-2-1";

fn sku(number: u32) -> String {
    format!("W-{number}")
}

fn entry(number: u32, quantity: &str, amount: &str) -> PriceEntry {
    price(LIST, &sku(number), "UN", quantity, amount)
}

/// Products 10000, 10001, ... of company 2, one price each.
fn fill(shop: &Shop) {
    shop.write("demo42", |tx| {
        for number in 0..PRODUCTS {
            let sku: kontor_model::product::Sku = sku(number).parse().unwrap();
            tx.put(&Record::Product(Product {
                sku: sku.clone(),
                mpn: None,
                gtin: None,
                name: None,
                state: ProductState::Active,
                base_uom: "C62".parse().unwrap(),
                quantity_step: Quantity::ONE,
            }))?;
            let value = (10_000 + number).to_string();
            let scheme = Scheme::SequenceNumber;
            tx.put(&Record::Identifier(Identifier { sku, scheme, value, customer: None }))?;
            tx.put(&Record::Price(entry(number, "1", "5")))?;
        }
        Ok(())
    });
}

fn remove(tx: &mut dyn WriteTx, entry: &PriceEntry) {
    let key = Record::Price(entry.clone()).key();
    assert!(tx.remove(Kind::Price, &key).unwrap(), "{key:?}");
}

/// What a client does: page after page, until one is short.
fn scan(
    mut page: impl FnMut(u32) -> Vec<Value>,
    size: usize,
    mut after: impl FnMut(u32),
) -> Vec<Value> {
    let mut rows = Vec::new();
    for number in 1.. {
        let got = page(number);
        let is_short = got.len() < size;
        rows.extend(got);
        if is_short {
            break;
        }
        after(number);
    }
    rows
}

fn key(row: &Value) -> (i64, i64) {
    let number = |name: &str| {
        let text = row[name].to_string();
        text.strip_suffix(".0").unwrap_or(&text).parse().unwrap()
    };
    (number("seq_product"), number("packing_quantity"))
}

#[test]
fn a_client_that_stops_at_a_short_page_sees_every_row_that_was_there_all_the_time() {
    let shop = Shop::open();
    fill(&shop);
    let size = 37;
    let page = |number: u32| {
        shop.get(&format!("number_company=2&_pageSize={size}&_pageNo={number}")).rows()
    };
    let mut gone = BTreeSet::new();
    let write = |number: u32| {
        // Before and after the place where the scan is, rows go and others come.
        let place = number * 37;
        let leaving = [place / 2, place + 3, place + 40, 399 - number];
        let leaving: Vec<u32> =
            leaving.into_iter().filter(|n| *n < PRODUCTS && gone.insert(*n)).collect();
        shop.write("demo42", move |tx| {
            for leaving in leaving.iter().copied() {
                remove(tx, &entry(leaving, "1", "5"));
            }
            for coming in [place / 3, place + 10].into_iter().filter(|n| *n < PRODUCTS) {
                let quantity = (number + 1).to_string();
                tx.put(&Record::Price(entry(coming, &quantity, "6")))?;
            }
            tx.put(&Record::Price(entry((place + 7) % PRODUCTS, "900", "7")))?;
            Ok(())
        });
    };
    let rows = scan(page, 37, write);
    let keys: Vec<(i64, i64)> = rows.iter().map(key).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "in order and none twice");
    let seen: BTreeSet<(i64, i64)> = keys.into_iter().collect();
    for number in (0..PRODUCTS).filter(|number| !gone.contains(number)) {
        assert!(seen.contains(&(10_000 + i64::from(number), 1)), "{number} was left out");
    }
    assert!(gone.len() > 20, "rows did go: {}", gone.len());
}

#[test]
fn later_pages_show_the_prices_of_now() {
    let shop = Shop::open();
    fill(&shop);
    let query = |page: u32| format!("number_company=2&_pageSize=100&_pageNo={page}");
    shop.get(&query(1));
    shop.put("demo42", vec![Record::Price(entry(150, "1", "77.7"))]);
    let rows = shop.get(&query(2)).rows();
    let prices: BTreeMap<_, _> =
        rows.iter().map(|row| (key(row).0, row["normal_base_price"].to_string())).collect();
    assert_eq!(prices[&10_150], "77.7");
}

#[test]
fn a_scan_while_another_thread_writes_without_a_pause() {
    let shop = Shop::open();
    fill(&shop);
    let is_done = AtomicBool::new(false);
    let (app, dialect) = (&shop.app, &shop.dialect);
    let keys: Vec<(i64, i64)> = std::thread::scope(|scope| {
        // Every tenth product comes and goes; the others stay.
        let writer = scope.spawn(|| {
            let mut number = 0;
            while !is_done.load(Ordering::Relaxed) || number < 40 {
                let one = entry(number * 10 % PRODUCTS, "1", "5");
                let job = move |tx: &mut dyn WriteTx| {
                    let key = Record::Price(one.clone()).key();
                    if !tx.remove(Kind::Price, &key)? {
                        tx.put(&Record::Price(one.clone()))?;
                    }
                    Ok::<_, kontor_app::WriteError<()>>(())
                };
                app.write_blocking("demo42".parse().unwrap(), "test".to_owned(), job).unwrap();
                number += 1;
            }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let page = |number: u32| {
            let query = format!("{PRICES}?number_company=2&_pageSize=9&_pageNo={number}");
            let call = Call::get(&query).bearer(TOKEN);
            let response = runtime.block_on(dialect.answer(&call.0));
            let rows = kontor_wire::json::parse(&response.body).unwrap();
            rows.as_array().unwrap().clone()
        };
        let rows = scan(page, 9, |_| ());
        is_done.store(true, Ordering::Relaxed);
        writer.join().unwrap();
        rows.iter().map(key).collect()
    });
    assert!(keys.is_sorted_by(|a, b| a < b), "in order and none twice");
    let stayed = (0..i64::from(PRODUCTS)).filter(|number| number % 10 != 0);
    let seen: BTreeSet<(i64, i64)> = keys.into_iter().collect();
    for number in stayed {
        assert!(seen.contains(&(10_000 + number, 1)), "{number} was left out");
    }
}
