//! What happens: rows are put and removed one by one and in bulk, by this process and another.

#![expect(
    clippy::wildcard_enum_match_arm,
    clippy::too_many_lines,
    reason = "of many kinds few are written here, and each has a line of its own"
)]

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::price_list::PriceEntry;
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, StoreError, WriteTx};
use proptest::prelude::*;

pub(crate) const SUPPLIERS: [&str; 2] = ["one", "two"];
pub(crate) const SKUS: [&str; 6] = ["1.0", "10", "A", "a", "B.1", "b1"];
pub(crate) const NUMBERS: [&str; 3] = ["N/A", "n/a", "M.1"];
pub(crate) const GTINS: [&str; 2] = ["7611990131310", "7611990131327"];
pub(crate) const LISTS: [&str; 5] = ["L0", "L1", "L2", "L3", "L4"];
pub(crate) const CUSTOMERS: [&str; 3] = ["c0", "c1", "c2"];
pub(crate) const CONTRACTS: [&str; 2] = ["d0", "d1"];
/// Logins, stores and tokens move between rows and suppliers.
pub(crate) const LOGINS: [&str; 3] = ["zeta", "mid", "alpha"];
pub(crate) const STORES: [&str; 2] = ["s0", "s1"];

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Write {
        supplier: usize,
        ops: Vec<Op>,
        elsewhere: bool,
    },
    Import {
        supplier: usize,
        prices: Vec<[u8; 3]>,
        replace: bool,
        elsewhere: bool,
    },
    /// The next write makes a supplier of the same code, which is another one.
    RemoveSupplier {
        supplier: usize,
        elsewhere: bool,
    },
    CatchUp,
    /// So many days pass.
    Pass(u8),
    BeginCompaction,
    EndCompaction,
    Look,
}

#[derive(Debug, Clone)]
pub(crate) struct Op {
    pub(crate) what: What,
    pub(crate) kind: usize,
    pub(crate) values: [u8; 4],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Put,
    Remove,
    /// The row with everything that refers to it.
    RemoveAll,
}

const KINDS: [Kind; 21] = [
    Kind::Price,
    Kind::Price,
    Kind::Product,
    Kind::Packing,
    Kind::Conversion,
    Kind::Availability,
    Kind::Identifier,
    Kind::PriceList,
    Kind::Customer,
    Kind::Entitlement,
    Kind::Contract,
    Kind::ContractList,
    Kind::ContractCustomer,
    Kind::Store,
    Kind::StoreCurrency,
    Kind::StoreCustomer,
    Kind::SellingEntity,
    Kind::Segment,
    Kind::SalesTable,
    Kind::PaymentTerm,
    Kind::Account,
];

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let supplier = prop_oneof![3 => Just(0_usize), 1 => Just(1_usize)];
    let what = prop_oneof![
        6 => Just(What::Put),
        2 => Just(What::Remove),
        1 => Just(What::RemoveAll),
    ];
    let op = (what, 0..KINDS.len(), any::<[u8; 4]>());
    let op = op.prop_map(|(what, kind, values)| Op { what, kind, values });
    let write = (supplier.clone(), proptest::collection::vec(op, 1..24), any::<bool>());
    let prices = proptest::collection::vec(any::<[u8; 3]>(), 0..20);
    let removal = (supplier.clone(), any::<bool>());
    let import = (supplier, prices, any::<bool>(), any::<bool>());
    prop_oneof![
        10 => write.prop_map(|(supplier, ops, elsewhere)| Step::Write { supplier, ops, elsewhere }),
        3 => import.prop_map(|(supplier, prices, replace, elsewhere)| {
            Step::Import { supplier, prices, replace, elsewhere }
        }),
        1 => removal.prop_map(|(supplier, elsewhere)| Step::RemoveSupplier { supplier, elsewhere }),
        2 => Just(Step::CatchUp),
        1 => (0..20_u8).prop_map(Step::Pass),
        1 => Just(Step::BeginCompaction),
        1 => Just(Step::EndCompaction),
        2 => Just(Step::Look),
    ]
}

impl Op {
    /// Does it. What a rule forbids has no effect. A price is dated now.
    pub(crate) fn run(&self, tx: &mut dyn WriteTx, now: Instant) -> Result<(), Abort> {
        let mut record = record(KINDS[self.kind], self.values);
        if let Record::Price(price) = &mut record {
            price.changed_at = now;
        }
        let done = match self.what {
            What::Put => tx.put(&record).map(drop),
            What::Remove => tx.remove(record.kind(), &record.key()).map(drop).map_err(Abort::from),
            What::RemoveAll => remove_all(tx, &record),
        };
        match done {
            Err(Abort::Store(StoreError::Conflict(_))) => Ok(()),
            done => done,
        }
    }
}

/// Removes a row and, where they can be told by their columns, the rows that refer to it.
fn remove_all(tx: &mut dyn WriteTx, record: &Record) -> Result<(), Abort> {
    let key = record.key();
    let column = match record.kind() {
        Kind::Product => "sku",
        Kind::PriceList => "price_list",
        Kind::Contract => "contract",
        Kind::Store => "store",
        Kind::Customer => "customer",
        _ => return tx.remove(record.kind(), &key).map(drop).map_err(Abort::from),
    };
    for kind in Kind::CATALOGUE.into_iter().rev().filter(|kind| *kind != record.kind()) {
        let Some(place) = kind.columns().iter().position(|own| own.name == column) else {
            continue;
        };
        let mut rows: Vec<Row> = Vec::new();
        tx.scan(kind, &[], &mut |row| {
            rows.extend((row.to_row().get(place) == key.first()).then(|| row.key()));
            Ok(())
        })?;
        for row in rows {
            tx.remove(kind, &row)?;
        }
    }
    tx.remove(record.kind(), &key)?;
    Ok(())
}

/// A price by three small numbers.
pub(crate) fn price([product, list, shape]: [u8; 3], amount: u32) -> PriceEntry {
    let sku = pick(&SKUS, product);
    let unit = match shape % 4 {
        0 => vec![("packing", "CX"), ("packing_quantity", "12")],
        1 => vec![("packing", "UN"), ("packing_quantity", "1")],
        2 => vec![("minimum_quantity", "10")],
        _ => vec![],
    };
    let amount = amount.to_string();
    let from = pick(&["2016-01-01T00:00:00Z", "", "2016-02-03", ""], shape / 4);
    let to = pick(&["", "2016-02-20", ""], shape / 8);
    let is_of_term = list % 5 > 2 && shape % 3 == 0;
    let is_promotion = !is_of_term && shape / 32 % 3 == 0;
    let mut cells = vec![
        ("price_list", pick(&LISTS, list)),
        ("sku", sku),
        ("currency", if shape / 16 % 5 == 0 { "USD" } else { "EUR" }),
        ("amount", amount.as_str()),
        ("valid_from", from),
        ("valid_to", to),
        ("kind", if is_promotion { "promotion" } else { "" }),
        ("payment_term", if is_of_term { "1" } else { "" }),
        ("changed_at", "2016-01-20T02:00:00Z"),
    ];
    cells.extend(unit);
    match row(Kind::Price, &cells) {
        Record::Price(entry) => entry,
        other => panic!("{other:?} is no price"),
    }
}

fn record(kind: Kind, [a, b, c, d]: [u8; 4]) -> Record {
    let (sku, list, customer) = (pick(&SKUS, a), pick(&LISTS, b), pick(&CUSTOMERS, b));
    let (contract, store) = (pick(&CONTRACTS, a), pick(&STORES, a));
    let (small, some) = ((c % 4).to_string(), (d % 3).to_string());
    let token = format!("sha256:{}", c % 3);
    let before = format!("sha256:{}", d % 3);
    let cells: Vec<(&str, &str)> = match kind {
        Kind::Price => return Record::Price(price([a, b, c], u32::from(d) + 1)),
        Kind::Product => vec![
            ("sku", sku),
            ("mpn", pick(&NUMBERS, b)),
            ("gtin", if c % 2 == 0 { pick(&GTINS, c / 2) } else { "" }),
            ("base_uom", if d % 7 == 0 { "KGM" } else { "C62" }),
            ("state", if d % 5 == 0 { "end_of_life" } else { "active" }),
        ],
        Kind::Packing => vec![
            ("sku", sku),
            ("packing", if b % 2 == 0 { "UN" } else { "CX" }),
            ("quantity", if b % 2 == 0 { "1" } else { "12" }),
            ("gtin", if c % 3 == 0 { pick(&GTINS, d) } else { "" }),
        ],
        Kind::Conversion => vec![("sku", sku), ("uom", "CT"), ("factor", pick(&["2", "12"], c))],
        Kind::Availability => vec![("sku", sku), ("quantity", &small)],
        Kind::Identifier => vec![
            ("sku", sku),
            ("scheme", pick(&["customer_sku", "catalogue_number", "mpn", "sequence_number"], c)),
            ("value", if c % 4 == 2 { "M.1" } else { pick(&["7", "8"], d) }),
            ("customer", if c % 4 == 0 { customer } else { "" }),
        ],
        Kind::PriceList => vec![
            ("price_list", list),
            ("name", &small),
            ("time_zone", if d % 4 == 0 { "America/Sao_Paulo" } else { "" }),
        ],
        Kind::Customer => vec![
            ("customer", customer),
            ("name", &small),
            ("state", if d % 4 == 0 { "disabled" } else { "active" }),
        ],
        Kind::Entitlement => {
            vec![("customer", pick(&CUSTOMERS, a)), ("price_list", list), ("position", &small)]
        }
        Kind::Contract => vec![("contract", contract)],
        Kind::ContractList => {
            vec![("contract", contract), ("price_list", list), ("position", &small)]
        }
        Kind::ContractCustomer => vec![("contract", contract), ("customer", customer)],
        Kind::Store => vec![
            ("store", store),
            ("currency", "EUR"),
            ("contract", pick(&CONTRACTS, b)),
            ("uom", "C62"),
            ("time_zone", "UTC"),
            ("guests", if c % 2 == 0 { "yes" } else { "no" }),
        ],
        Kind::StoreCurrency => {
            vec![("store", store), ("currency", pick(&["EUR", "CHF"], b)), ("decimals", &some)]
        }
        Kind::StoreCustomer => vec![("store", store), ("customer", customer)],
        Kind::SellingEntity => vec![
            ("entity", "1"),
            ("currency", if a % 5 == 0 { "USD" } else { "EUR" }),
            ("time_zone", pick(&["UTC", "America/Sao_Paulo", "UTC"], b)),
            ("main_segment", &some),
            ("name", &small),
        ],
        Kind::Segment => vec![("entity", "1"), ("segment", &some), ("price_list", list)],
        Kind::SalesTable => vec![
            ("entity", "1"),
            ("segment", &some),
            ("number", &small),
            ("name", pick(&["T", "U"], a)),
            ("price_list", list),
        ],
        Kind::PaymentTerm => vec![("payment_term", &small), ("name", pick(&["T", "U"], a))],
        _ => vec![
            ("protocol", "restigo"),
            ("login", pick(&LOGINS, a)),
            ("token", if b % 4 == 0 { "" } else { &token }),
            ("previous_token", if b % 3 == 0 { &before } else { "" }),
        ],
    };
    row(kind, &cells)
}

fn pick<'a>(values: &[&'a str], index: u8) -> &'a str {
    values[usize::from(index) % values.len()]
}

/// A row from texts, one per column that is named; the others are empty.
pub(crate) fn row(kind: Kind, filled: &[(&str, &str)]) -> Record {
    for (name, _) in filled {
        let known = kind.columns().iter().any(|column| column.name == *name);
        assert!(known, "{} has no column {name}", kind.name());
    }
    let columns = kind.columns().iter();
    let row: Row = columns
        .map(|column| {
            let text = filled.iter().find(|(name, _)| *name == column.name);
            let text = text.map(|(_, text)| *text).filter(|text| !text.is_empty());
            text.map_or(Cell::Null, |text| column.parse(text).expect("a value"))
        })
        .collect();
    Record::from_row(kind, &row).expect("a row")
}
