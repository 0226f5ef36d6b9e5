//! Everything that a book answers, to be compared.

use std::collections::BTreeMap;

use kontor_model::Quantity;
use kontor_model::account::Protocol;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::identifier::Scheme;
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::supplier::{Strategy, SupplierId};
use kontor_pricing::{Book, Entry, Lookup, ProductCard, Question, Tenant};

use super::commands::{
    CONTRACTS, CUSTOMERS, GTINS, LISTS, LOGINS, NUMBERS, SKUS, STORES, SUPPLIERS,
};

/// A product: its card, and its entries with what their shapes are.
pub(crate) type Product = (ProductCard, Vec<(Entry, Option<Shape>)>);

/// Everything that a book answers.
#[derive(Debug, PartialEq)]
pub(crate) struct Picture {
    change: u64,
    products: BTreeMap<ProductId, Product>,
    suppliers: BTreeMap<SupplierId, Supplier>,
    directory: Vec<String>,
    lookups: Vec<(SupplierId, String, Vec<ProductId>)>,
    prices: Vec<String>,
}

#[derive(Debug, PartialEq)]
struct Supplier {
    rows: Vec<Record>,
    facts: Vec<String>,
    products: Vec<ProductId>,
}

impl Picture {
    pub(crate) fn of(book: &Book) -> Self {
        let mut picture = Self {
            change: book.change(),
            products: products(book),
            suppliers: BTreeMap::new(),
            directory: directory(book),
            lookups: Vec::new(),
            prices: Vec::new(),
        };
        for tenant in book.tenants() {
            picture.suppliers.insert(tenant.id(), supplier(book, tenant));
            picture.lookups.extend(lookups(book, tenant.id()));
            picture.prices.extend(prices(book, tenant));
        }
        picture
    }
}

/// All products of a book.
pub(crate) fn products(book: &Book) -> BTreeMap<ProductId, Product> {
    let all = book.tenants().flat_map(|tenant| book.products_of(tenant.id()));
    let all = all.map(|product| {
        let entries = product.run.iter();
        let entries = entries.map(|entry| (entry, book.shape(entry.shape).cloned())).collect();
        (product.id, (product.card.clone(), entries))
    });
    all.collect()
}

fn supplier(book: &Book, tenant: &Tenant) -> Supplier {
    let kinds = Kind::CATALOGUE.into_iter();
    let rows = kinds.flat_map(|kind| tenant.rows(kind, &[]).cloned()).collect();
    let mut markets: Vec<PriceListId> = tenant.market_lists().iter().copied().collect();
    markets.sort();
    let mut facts = vec![format!("{:?} {markets:?}", tenant.supplier())];
    for kind in Kind::CATALOGUE {
        facts.extend(tenant.change_times(kind).map(|time| format!("{kind:?} {time:?}")));
    }
    for code in LISTS {
        let id = tenant.list_id(code);
        facts.push(format!("{id:?} {:?}", id.and_then(|id| tenant.list(id))));
    }
    facts.extend(CUSTOMERS.map(|number| format!("{:?}", tenant.customer(number))));
    for code in CONTRACTS {
        facts.push(tenant.contract(code).map_or(String::new(), |facts| {
            let customers: Vec<_> = facts.customers.iter().collect();
            format!("{:?} {:?} {customers:?}", facts.contract, facts.lists)
        }));
    }
    for code in STORES {
        facts.push(tenant.store(code).map_or(String::new(), |facts| {
            let customers: Vec<_> = facts.customers.iter().collect();
            format!("{:?} {:?} {customers:?}", facts.store, facts.currencies)
        }));
    }
    let products = book.products_of(tenant.id()).map(|product| product.id).collect();
    Supplier { rows, facts, products }
}

fn directory(book: &Book) -> Vec<String> {
    let id = |tenant: Option<&Tenant>| format!("{:?}", tenant.map(Tenant::id));
    let mut all: Vec<String> = SUPPLIERS.map(|code| id(book.supplier(code))).into();
    all.extend(STORES.map(|code| id(book.supplier_of_store(code))));
    let account = |found: Option<(&Tenant, &std::sync::Arc<kontor_model::account::Account>)>| {
        format!("{:?}", found.map(|(tenant, account)| (tenant.id(), account.login.clone())))
    };
    all.extend(LOGINS.map(|login| account(book.login(Protocol::Restigo, login))));
    let tokens = ["sha256:0", "sha256:1", "sha256:2"];
    all.extend(tokens.map(|token| account(book.token(token))));
    all
}

fn lookups(book: &Book, supplier: SupplierId) -> Vec<(SupplierId, String, Vec<ProductId>)> {
    let mut numbers: Vec<Lookup<'_>> = Vec::new();
    numbers.extend(SKUS.iter().flat_map(|sku| [Lookup::Sku(sku), Lookup::SkuWithoutDots(sku)]));
    numbers.extend(NUMBERS.iter().flat_map(|mpn| {
        [Lookup::Mpn(mpn), Lookup::MpnWithoutCase(mpn), Lookup::MpnWithoutCaseAndDots(mpn)]
    }));
    numbers.extend(GTINS.iter().flat_map(|gtin| [Lookup::Gtin(gtin), Lookup::PackingGtin(gtin)]));
    for value in ["7", "8", "M.1"] {
        let schemes = [Scheme::CatalogueNumber, Scheme::SequenceNumber];
        numbers.extend(schemes.map(|scheme| Lookup::Other { scheme, value }));
        numbers.extend(CUSTOMERS.map(|customer| Lookup::CustomerSku { customer, value }));
    }
    let answer = |number: Lookup<'_>| {
        let mut found = Vec::new();
        book.each(supplier, number, |product| found.push(product.id));
        found.sort();
        (supplier, format!("{number:?} {:?}", book.find(supplier, number)), found)
    };
    numbers.into_iter().map(answer).collect()
}

fn prices(book: &Book, tenant: &Tenant) -> Vec<String> {
    let lists: Vec<PriceListId> = LISTS.iter().filter_map(|code| tenant.list_id(code)).collect();
    let mut prices = Vec::new();
    for product in book.products_of(tenant.id()) {
        for lists in [&lists[..], lists.get(1..).unwrap_or_default()] {
            let question = Question {
                lists,
                strategy: Strategy::Lowest,
                product: product.id,
                quantity: Quantity::from_micros(10_000_000),
                uom: product.card.product.base_uom,
                currency: "EUR".parse().expect("a currency"),
                decimals: 2,
                at: "2016-01-28T11:24:28Z".parse().expect("an instant"),
                zone: &kontor_model::Zone::utc(),
                term: None,
            };
            prices.push(format!(
                "{:?} {:?}",
                book.price(&question),
                book.explain(product, &question)
            ));
        }
    }
    prices
}
