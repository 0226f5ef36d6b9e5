//! How long one price takes in a book of one and of ten million entries, for random products and
//! lists, and how many bytes an entry takes. `cargo bench -p kontor-pricing`
//!
//! Each figure is the median of seven runs; every run asks other questions.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be set up is none"
)]

use std::hint::black_box;
use std::time::Instant as Stopwatch;

use kontor_model::instant::Instant;
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape};
use kontor_model::product::{Product, ProductId, ProductState};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::{Strategy, SupplierId};
use kontor_model::uom::Uom;
use kontor_model::validity::Validity;
use kontor_pricing::{Book, BookBuilder, Entry, ProductCard, Question};

/// Lists that price each product, each with two tiers.
const LISTS: u32 = 50;
const TIERS: [i64; 2] = [0, 10_000_000];
const QUESTIONS: u32 = 1_000_000;
const RUNS: usize = 7;

fn main() {
    println!("entries      ns/price   ns/price in a small set of products");
    for products in [10_000, 100_000] {
        let book = book(products);
        let entries = products * LISTS * 2;
        let random = median(&book, products);
        let hot = median(&book, 64);
        println!("{entries:>10}  {random:>9}  {hot:>9}");
    }
}

/// Nanoseconds for a price, over products of the first `among`.
fn median(book: &Book, among: u32) -> u128 {
    let mut random = Random(among.into());
    let mut runs: Vec<u128> = (0..RUNS).map(|_| run(book, among, &mut random)).collect();
    runs.sort_unstable();
    runs[RUNS / 2]
}

fn run(book: &Book, among: u32, random: &mut Random) -> u128 {
    let uom = Uom::one();
    let currency = "EUR".parse().unwrap();
    let at = Instant::from_micros(1_453_980_268_874_000);
    let started = Stopwatch::now();
    for _ in 0..QUESTIONS {
        let lists = [PriceListId(random.below(LISTS))];
        let question = Question {
            lists: &lists,
            strategy: Strategy::First,
            product: ProductId(random.below(among)),
            quantity: Quantity::ONE,
            uom,
            currency,
            decimals: 2,
            at,
            zone: &kontor_model::Zone::utc(),
            term: None,
        };
        assert!(black_box(book.price(&question)).is_some());
    }
    started.elapsed().as_nanos() / u128::from(QUESTIONS)
}

fn book(products: u32) -> Book {
    let mut builder = BookBuilder::new();
    for (number, minimum) in (1..).zip(TIERS) {
        builder.put_shape(number, shape(minimum));
    }
    builder.reserve(products as usize * LISTS as usize * TIERS.len());
    for number in 0..products {
        let id = ProductId(number);
        builder.put_card(id, ProductCard::new(SupplierId(1), product(number)));
        for list in 0..LISTS {
            for shape in 1..=2 {
                let amount = i64::from(number) * 10_000 + i64::from(list);
                builder.push_price(id, Entry { list: PriceListId(list), shape, amount });
            }
        }
    }
    builder.finish(1)
}

fn shape(minimum: i64) -> Shape {
    Shape {
        unit: PriceUnit::Base,
        currency: "EUR".parse().unwrap(),
        minimum: Quantity::from_micros(minimum),
        validity: Validity::ALWAYS,
        kind: EntryKind::Regular,
        term: None,
        decimals: 2,
    }
}

fn product(number: u32) -> Product {
    Product {
        sku: number.to_string().parse().unwrap(),
        mpn: None,
        gtin: None,
        name: None,
        state: ProductState::Active,
        base_uom: Uom::one(),
        quantity_step: Quantity::ONE,
    }
}

/// A small generator with a fixed seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(((self.0 >> 32) * u64::from(limit)) >> 32).unwrap()
    }
}
