use std::io::{self, Read};
use std::sync::Arc;

use proptest::prelude::*;

use kontor_model::Bound;
use kontor_model::price_list::{PriceList, PriceListId};

use super::super::context::Context;
use super::super::lookup::{Defaults, Lists, Skus};
use super::super::options::ImportOptions;
use super::*;
use crate::source::{FolderSource, SourceFile};

const HEADER: &str = "price_list,sku,uom,packing,packing_quantity,currency,minimum_quantity,\
                      valid_from,valid_to,kind,payment_term,amount,per,decimals,changed_at\n";

/// A folder with this one file.
struct OneFile(String);

impl FolderSource for OneFile {
    fn files(&self) -> io::Result<Vec<SourceFile>> {
        Ok(Vec::new())
    }

    fn open(&self, _name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.0.clone())))
    }
}

/// Lists `EUR` (of the supplier's zone and currency) and `BR`; products 1 (pieces) and 2
/// (kilograms); payment term `T`. Product `faulty` stands in another file.
fn names() -> Names {
    let defaults = Defaults { currency: "EUR".parse().unwrap() };
    let mut lists = Lists::new(defaults);
    for (code, id, zone) in [("EUR", 10, None), ("BR", 11, Some("America/Sao_Paulo"))] {
        let list = PriceList {
            code: code.parse().unwrap(),
            number: None,
            name: None,
            currency: zone.map(|_| "BRL".parse().unwrap()),
            time_zone: zone.map(|zone| zone.parse().unwrap()),
        };
        lists.insert(&list, PriceListId(id));
    }
    let mut skus = Skus::default();
    skus.insert("P1", ProductId(1), "C62".parse().unwrap());
    skus.insert("P2", ProductId(2), "KGM".parse().unwrap());
    Names { skus, lists, terms: HashSet::from([b"T".as_slice().into()]) }
}

/// Reads all rows twice: the second time every template is known.
fn read(rows: &str) -> (Vec<Option<RawPrice>>, Vec<Shape>, Vec<String>) {
    let mut keys = Keys::default();
    keys.insert(Kind::Product, &[Cell::text("faulty")], 2);
    let mut parser = PriceParser::new(names(), &keys);
    let mut passes = Vec::new();
    for _ in 0..2 {
        let source = OneFile(format!("{HEADER}{rows}"));
        let context = Context::new(Arc::new(source), ImportOptions::new(Instant::MIN), 0);
        let file = SourceFile { name: "prices.csv".to_owned(), bytes: 0 };
        let mut table = TableFile::open(&context, Kind::Price, &file).unwrap();
        let mut found = Vec::new();
        while table.advance() {
            found.push(parser.read(&table));
        }
        let faults = context.take_faults();
        let faults: Vec<String> = faults.shown().iter().map(ToString::to_string).collect();
        passes.push((found, parser.new_shapes.clone(), faults));
    }
    let second = passes.pop().unwrap();
    assert_eq!(passes.pop().unwrap(), second);
    second
}

fn check(row: &str, expected: &str) {
    let (found, shapes, faults) = read(&format!("{row}\n"));
    let shown = match found.first().copied().flatten() {
        Some(price) => {
            let shape = &shapes[price.shape as usize];
            format!(
                "{} {} {} {:?} {} {}..{} {} {:?} {} {:?}",
                price.product.0,
                price.list.0,
                Money::from_micros(price.amount.unwrap()),
                shape.unit,
                shape.currency,
                shape.validity.from().map_or_else(|| "*".to_owned(), Bound::from_text),
                shape.validity.to().map_or_else(|| "*".to_owned(), Bound::to_text),
                shape.kind,
                shape.term,
                shape.decimals,
                price.changed_at
            )
        }
        None => faults.join("; "),
    };
    assert_eq!(shown, expected, "{row}");
}

#[test]
fn defaults_come_from_the_list_and_the_currency() {
    check("EUR,P1,,,,,,,,,,8.8,,,", "1 10 8.8 Base EUR *..* regular None 2 None");
    check("BR,P1,,,,,,,,,,8,,,", "1 11 8 Base BRL *..* regular None 2 None");
    check("EUR,P1,,,,JPY,,,,,,8.125,,,", "1 10 8.125 Base JPY *..* regular None 3 None");
    check("EUR,P1,,,,JPY,,,,,,8,,4,", "1 10 8 Base JPY *..* regular None 4 None");
    check(
        "BR,P2,,CX,12,,,2015-10-18,2016-02-20,promotion,T,1,,,2016-01-20T00:00:00-02:00",
        "2 11 1 Packing { name: \"CX\", quantity: 12 } BRL \
         2015-10-18..2016-02-20 promotion Some(\"T\") 2 \
         Some(1453255200000000)",
    );
    check(
        "EUR,P1,,,,,,2016-01-01,,listing,,,,,",
        "1 10 0 Base EUR 2016-01-01..* listing None 2 None",
    );
}

#[test]
fn the_base_unit_is_the_same_as_no_unit() {
    check("EUR,P1,C62,,,,,,,,,1,,,", "1 10 1 Base EUR *..* regular None 2 None");
    let (found, shapes, faults) = read("EUR,P1,C62,,,,,,,,,1,,,\nEUR,P2,C62,,,,,,,,,1,,,\n");
    assert_eq!(faults, Vec::<String>::new());
    let units: Vec<&PriceUnit> =
        found.iter().flatten().map(|price| &shapes[price.shape as usize].unit).collect();
    assert_eq!(units[0], &PriceUnit::Base);
    assert!(matches!(units[1], PriceUnit::Uom(_)), "{units:?}");
}

#[test]
fn an_amount_may_be_for_several_base_units() {
    let table = |cells: &str| {
        let keys = Keys::default();
        let mut parser = PriceParser::new(names(), &keys);
        let header = "price_list,sku,uom,packing,packing_quantity,kind,amount,per\n";
        let source = OneFile(format!("{header}EUR,P1,{cells}\n"));
        let context = Context::new(Arc::new(source), ImportOptions::new(Instant::MIN), 0);
        let file = SourceFile { name: "prices.csv".to_owned(), bytes: 0 };
        let mut table = TableFile::open(&context, Kind::Price, &file).unwrap();
        assert!(table.advance());
        let found = parser.read(&table).is_some();
        let shapes = parser.take_new_shapes();
        let unit = shapes.first().map(|shape| format!("{:?}", shape.unit));
        let faults = context.take_faults();
        let faults = faults.shown().iter().map(ToString::to_string);
        unit.filter(|_| found).unwrap_or_else(|| faults.collect::<Vec<_>>().join("; "))
    };
    for (cells, expected) in [
        (",,,,13.99,12", "BaseUnits(12)"),
        (",,,,13.99,0.000001", "BaseUnits(0.000001)"),
        (",,,,13.99,1.0", "Base"),
        (",,,,13.99,", "Base"),
        (",,,,13.99,0", "prices.csv:2:8 (per): \"0\": must be above 0"),
        (",,,,13.99,-1", "prices.csv:2:8 (per): \"-1\": must be above 0"),
        (",,,,13.99,x", "prices.csv:2:8 (per): \"x\": not a decimal number"),
        (
            "C62,,,,13.99,12",
            "prices.csv:2:8 (per): \"12\": says for how many base units the amount is, so it cannot \
             stand beside a uom or packing: leave one of them empty",
        ),
        (
            ",CX,12,,13.99,12",
            "prices.csv:2:8 (per): \"12\": says for how many base units the amount is, so it cannot \
             stand beside a uom or packing: leave one of them empty",
        ),
        (",,,listing,,12", "prices.csv:2:8 (per): \"12\": a listing has no amount, hence no per"),
    ] {
        assert_eq!(table(cells), expected, "{cells}");
    }
}

#[test]
fn tells_every_fault_of_a_row() {
    check(
        "none,none,,,,,,,,,no,1,,,",
        "prices.csv:2:11 (payment_term): \"no\": there is no such row in payment_terms; \
         prices.csv:2:1 (price_list): \"none\": there is no such row in price_lists; \
         prices.csv:2:2 (sku): \"none\": there is no such row in products",
    );
    check("EUR,faulty,,,,,,,,,,1,,,", "");
    check(
        "EUR,P1,,,,EUX,x,,,,,1,,,",
        "prices.csv:2:7 (minimum_quantity): \"x\": not a decimal number",
    );
    check(
        "EUR,P1,,,,EUX,,,,,,1,,,",
        "prices.csv:2:6 (currency): \"EUX\": not an ISO 4217 currency code such as EUR",
    );
    check("EUR,P1,,,,,,,,,,-1,,,", "prices.csv:2:12 (amount): \"-1\": must not be negative");
    check("EUR,P1,,,,,,,,,,,,,", "prices.csv:2:12 (amount): must not be empty");
    check(
        "EUR,P1,,,,,,,,listing,,1,,,",
        "prices.csv:2:12 (amount): \"1\": a listing has no amount",
    );
    check(
        "EUR,P1,,,,,,,,,,1.234,,2,",
        "prices.csv:2:14 (decimals): \"2\": the amount has 3 decimals",
    );
    check(
        "EUR,P1,,,,,,2016-02-02,2016-02-01,,,1,,,",
        "prices.csv:2:9 (valid_to): \"2016-02-01\": ends before it begins",
    );
}

fn cell(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(values)
}

prop_compose! {
    fn any_row()(
        names in (
            cell(&["EUR", "BR", "BR", "none"]),
            cell(&["P1", "P2", "P2", "faulty", "none", ""]),
        ),
        unit in (cell(&["", "", "C62", "KGM", "QQ"]), cell(&["", "", "", "CX"]), cell(&["", "", "12", "0"])),
        money in (cell(&["", "EUR", "JPY", "EUX"]), cell(&["", "1", "0.5", "-1"])),
        valid in (
            cell(&["", "2016-01-01", "2016-01-01T00:00:00Z"]),
            cell(&["", "2016-12-31", "2015-12-31"]),
        ),
        kind in (cell(&["", "regular", "promotion", "listing"]), cell(&["", "T", "no"])),
        amount in (
            cell(&["1", "8.8", "8.125", "", "-1", "x", "0.0000001"]),
            cell(&["", "", "1", "12", "0"]),
            cell(&["", "0", "2", "6", "7"]),
            cell(&["", "2016-01-20T00:00:00-02:00", "2016"]),
        ),
    ) -> Vec<&'static str> {
        vec![
            names.0, names.1, unit.0, unit.1, unit.2, money.0, money.1, valid.0, valid.1,
            kind.0, kind.1, amount.0, amount.1, amount.2, amount.3,
        ]
    }
}

/// What a row means, read as the noun says and with no memory of other rows.
/// Product, list, shape, amount and time of the change.
type Naive = (u32, u32, Shape, Option<i64>, Option<i64>);

fn read_naively(cells: &[&str]) -> Option<Naive> {
    let names = names();
    let list = names.lists.get(cells[0].as_bytes());
    let defaults = names.lists.defaults(list);
    let mut row: Row = Vec::new();
    for (column, text) in PriceEntry::COLUMNS.iter().zip(cells) {
        row.push(column.parse(text).ok()?);
    }
    let changed_at = match row[CHANGED_AT] {
        Cell::Int(micros) => Some(micros),
        Cell::Null | Cell::Text(_) => None,
    };
    fill(&mut row, CURRENCY, || Cell::text(defaults.currency));
    fill(&mut row, CHANGED_AT, || Cell::Int(0));
    let mut entry = PriceEntry::from_row(&row).ok()?;
    let (product, base) = names.skus.get(cells[1].as_bytes())?;
    if matches!(&entry.shape.unit, PriceUnit::Uom(uom) if uom.0 == base) {
        entry.shape.unit = PriceUnit::Base;
    }
    let has_term = cells[TERM].is_empty() || cells[TERM] == "T";
    let amount = Some(entry.amount.map_or(0, Money::micros));
    let found = (product.0, list?.id.0, entry.shape, amount, changed_at);
    has_term.then_some(found)
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x6b6f_6e74_6f72),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn rows_mean_the_same_whatever_came_before(
        rows in prop::collection::vec(any_row(), 1..40),
    ) {
        let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
        let (found, shapes, _) = read(&text);
        let found: Vec<_> = found
            .into_iter()
            .map(|price| {
                let price = price?;
                let shape = shapes[price.shape as usize].clone();
                Some((price.product.0, price.list.0, shape, price.amount, price.changed_at))
            })
            .collect();
        let expected: Vec<_> = rows.iter().map(|row| read_naively(row)).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn places_are_those_of_the_columns() {
    let name = |place: usize| PriceEntry::COLUMNS[place].name;
    let names: Vec<&str> = PriceEntry::COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(HEADER.trim_end(), names.join(","));
    for (place, expected) in [
        (LIST, "price_list"),
        (SKU, "sku"),
        (UOM, "uom"),
        (CURRENCY, "currency"),
        (TERM, "payment_term"),
        (AMOUNT, "amount"),
        (PER, "per"),
        (DECIMALS, "decimals"),
        (CHANGED_AT, "changed_at"),
    ] {
        assert_eq!(name(place), expected);
    }
    let others = [LIST, SKU, AMOUNT, CHANGED_AT];
    let shape: Vec<usize> =
        (0..PriceEntry::COLUMNS.len()).filter(|p| !others.contains(p)).collect();
    assert_eq!(shape, SHAPE);
}
