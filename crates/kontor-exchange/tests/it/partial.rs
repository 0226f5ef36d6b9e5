//! Files that say a part: columns that are absent, rows that go, prices that take over their time.

use std::fmt::Write as _;

use kontor_exchange::{Ended, ImportOptions, MaxRemoved, Mode, Report};
use kontor_model::catalogue::{Kind, Record};
use kontor_store::OnOverlap;

use crate::kit::{Database, Folder, clean, options};

const SUPPLIER: &str = "supplier,time_zone,currency\nacme,UTC,EUR\n";

fn world() -> Database {
    let database = Database::new();
    let folder = Folder::default()
        .with("supplier.csv", SUPPLIER)
        .with(
            "products.csv",
            "sku,mpn,name,state,base_uom\nA,A-1,Pen,active,C62\nB,B-1,Ink,end_of_life,C62\n",
        )
        .with("price_lists.csv", "price_list\nL\nM\n")
        .with(
            "prices.csv",
            "price_list,sku,valid_from,valid_to,amount,decimals\nL,A,,2016-06-30,10,3\n\
             L,A,2016-07-01,,11,\nL,B,,,5,\nM,A,,,7,\n",
        )
        .with("customers.csv", "customer\nc1\n")
        .with("entitlements.csv", "customer,price_list\nc1,L\n");
    clean(database.import(&folder));
    database
}

fn import(database: &Database, files: &[(&str, &str)], options: ImportOptions) -> Report {
    let folder = Folder::default().with("supplier.csv", SUPPLIER);
    let folder = files.iter().fold(folder, |folder, (name, text)| folder.with(name, text));
    database.import_with(&folder, options)
}

fn merge(database: &Database, name: &str, text: &str) {
    clean(import(database, &[(name, text)], options()));
}

/// The rows of an exported file without its header; of prices the columns that vary.
fn rows(database: &Database, file: &str) -> Vec<String> {
    let exported = database.export("acme");
    exported.text(file).lines().skip(1).map(ToOwned::to_owned).collect()
}

fn prices(database: &Database) -> Vec<String> {
    let prices = database
        .rows("acme", Kind::Price)
        .into_iter()
        .filter_map(|record| if let Record::Price(price) = record { Some(price) } else { None });
    let day = |at: Option<kontor_model::Bound>| {
        at.map_or("*".to_owned(), |at| at.from_text().chars().take(10).collect())
    };
    let mut prices: Vec<String> = prices
        .map(|price| {
            let validity = price.shape.validity;
            format!(
                "{} {} {}..{} {} {}",
                price.list,
                price.sku,
                day(validity.from()),
                day(validity.to()),
                price.amount.unwrap(),
                price.shape.decimals
            )
        })
        .collect();
    prices.sort();
    prices
}

#[test]
fn an_absent_column_leaves_alone_and_an_empty_cell_clears() {
    let database = world();
    merge(&database, "products.csv", "sku,name\nA,Pencil\n");
    assert_eq!(rows(&database, "products.csv")[0], "A,A-1,,Pencil,active,C62,1");
    merge(&database, "products.csv", "sku,mpn\nA,\nB,B-2\n");
    assert_eq!(
        rows(&database, "products.csv"),
        ["A,,,Pencil,active,C62,1", "B,B-2,,Ink,end_of_life,C62,1"]
    );
    let new = import(&database, &[("products.csv", "sku,name\nA,x\nC,y\nD,z\n")], options());
    let faults: Vec<_> = new.faults.shown().iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "products.csv:3: the row is new, and the file lacks the column base_uom that new rows need"
        ]
    );
}

#[test]
fn a_column_that_is_taken_from_another_one_follows_it() {
    let database = Database::new();
    let full = crate::kit::demo("demo42");
    clean(database.import(&full));
    let phone_key = || {
        let Some(Record::Lead(lead)) = database.rows("demo42", Kind::Lead).into_iter().next()
        else {
            panic!("no lead")
        };
        lead.phone_key.unwrap()
    };
    assert_eq!(phone_key(), "144556677");
    clean(database.import(&full.edited("leads.csv", "01 44 55 66 77", "01 44 55 66 78")));
    assert_eq!(phone_key(), "144556678");
}

#[test]
fn a_price_keeps_the_end_and_decimals_that_its_file_does_not_say() {
    let database = world();
    merge(&database, "prices.csv", "price_list,sku,amount\nL,A,12\n");
    assert_eq!(prices(&database)[0], "L A *..2016-07-01 12 3");
    merge(&database, "prices.csv", "price_list,sku,amount\nL,A,12.3456\n");
    assert_eq!(prices(&database)[0], "L A *..2016-07-01 12.3456 4");
    let again = [("prices.csv", "price_list,sku,amount\nL,A,12.3456\n")];
    assert_eq!(clean(import(&database, &again, options())).ended, Ended::Unchanged);
}

#[test]
fn a_row_that_is_marked_goes() {
    let database = world();
    let marked = [
        (
            "prices.csv",
            "price_list,sku,valid_from,remove\nL,A,2016-07-01,yes\nM,B,,yes\nX,A,,yes\n",
        ),
        ("entitlements.csv", "customer,price_list,remove\nc1,L,yes\nc1,M,yes\n"),
    ];
    let report = clean(import(&database, &marked, options()));
    let removed: Vec<_> = report.kinds.iter().map(|kind| (kind.kind, kind.removed)).collect();
    assert_eq!(removed[1..], [(Kind::Entitlement, 1), (Kind::Price, 1)]);
    assert_eq!(prices(&database).len(), 3);
    assert_eq!(clean(import(&database, &marked, options())).ended, Ended::Unchanged);
    // A product goes with its prices.
    let whole = [
        ("products.csv", "sku,remove\nB,yes\n"),
        ("prices.csv", "price_list,sku,amount,remove\nL,B,,yes\nM,A,8,no\n"),
    ];
    clean(import(&database, &whole, options()));
    assert_eq!(prices(&database), ["L A *..2016-07-01 10 3", "M A *..* 8 2"]);
    for (files, expected) in [
        (
            [("products.csv", "sku,remove\nA,yes\n")],
            "products.csv:2: A of products cannot be removed: prices still refer to it; remove those in the \
             same import",
        ),
        (
            [("products.csv", "sku,remove\nA,perhaps\n")],
            "products.csv:2:2 (remove): \"perhaps\": not yes or no",
        ),
        (
            [("products.csv", "sku,base_uom,remove\nA,C62,\nA,,yes\n")],
            "products.csv:3: A stands on line 2 already",
        ),
        (
            [("prices.csv", "price_list,sku,amount,remove\nM,A,9,\nM,A,,yes\n")],
            "prices.csv:3: repeats line 2",
        ),
        (
            [("supplier.csv", "supplier,time_zone,currency,remove\nacme,UTC,EUR,\n")],
            "supplier.csv:1: rows of supplier cannot be removed; leave the column remove out, `kontor \
             supplier remove` takes a supplier away",
        ),
    ] {
        let report = import(&database, &files, options());
        assert_eq!(report.faults.shown()[0].to_string(), expected);
    }
}

#[test]
fn prices_of_named_lists_are_replaced() {
    let database = world();
    let options = ImportOptions { mode: Mode::ReplaceLists, ..options() };
    let files = [("prices.csv", "price_list,sku,amount\nL,B,6\n"), ("customers.csv", "customer\n")];
    let report = clean(import(&database, &files, options));
    assert_eq!(prices(&database), ["L B *..* 6 2", "M A *..* 7 2"]);
    assert_eq!(report.kinds.last().unwrap().removed, 2);
    assert_eq!(database.rows("acme", Kind::Customer).len(), 1);
}

#[test]
fn a_replacement_that_removes_too_much_is_refused() {
    let lines = |from: u32, to: u32, rest: &str| {
        let mut lines = String::new();
        for number in from..to {
            writeln!(lines, "P{number},{rest}").unwrap();
        }
        lines
    };
    let text = |count| format!("sku,base_uom\n{}", lines(0, count, "C62"));
    let database = Database::new();
    merge(&database, "products.csv", &text(110));
    let replace = |count, max_removed| {
        let options = ImportOptions { mode: Mode::Replace, max_removed, ..options() };
        let report = import(&database, &[("products.csv", &text(count))], options);
        report.faults.shown().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let expected = "products.csv: --replace would remove 101 of the 110 products; when that is meant, \
                    --max-removed 101 allows it";
    assert_eq!(replace(9, None), [expected]);
    assert_eq!(replace(9, Some(MaxRemoved::Rows(100))), [expected]);
    assert_eq!(database.rows("acme", Kind::Product).len(), 110);
    assert_eq!(replace(10, None), [""; 0]);
    merge(&database, "products.csv", &text(110));
    let priced = |puts: u32, marked: u32| {
        let header = "price_list,sku,amount,remove\n".to_owned();
        let mut text = header + &lines(0, puts, "5,").replace('P', "L,P");
        text.push_str(&lines(puts, puts + marked, ",yes").replace('P', "L,P"));
        text
    };
    merge(&database, "price_lists.csv", "price_list\nL\n");
    merge(&database, "prices.csv", &priced(110, 0));
    let cut_off = |text: &str| {
        let options = ImportOptions { mode: Mode::Replace, ..options() };
        import(&database, &[("prices.csv", text)], options).is_clean()
    };
    assert!(!cut_off(&priced(5, 0)) && cut_off(&priced(5, 105)));
    merge(&database, "prices.csv", &priced(0, 5));
    // Marked rows do not count.
    let marked = text(9).replace("C62", "C62,").replace("base_uom", "base_uom,remove")
        + &lines(9, 20, ",yes");
    let options = ImportOptions { mode: Mode::Replace, ..options() };
    clean(import(&database, &[("products.csv", &marked)], options));
    assert_eq!(database.rows("acme", Kind::Product).len(), 9);
}

#[test]
fn a_price_takes_over_its_time() {
    let trim = || ImportOptions { on_overlap: OnOverlap::Trim, ..options() };
    for (rows, expected) in [
        // The border moves back, and on.
        ("L,A,,2016-08-31,20\nL,A,2016-09-01,,21\n", &["*..2016-09-01 20", "2016-09-01..* 21"][..]),
        ("L,A,,2016-05-31,20\nL,A,2016-06-01,,21\n", &["*..2016-06-01 20", "2016-06-01..* 21"]),
        // A successor ends what was open.
        (
            "L,A,2017-01-01,,30\n",
            &["*..2016-07-01 10", "2016-07-01..2017-01-01 11", "2017-01-01..* 30"],
        ),
        // A price in between divides one, and cuts two.
        (
            "L,A,2016-08-01,2016-08-31,30\n",
            &[
                "*..2016-07-01 10",
                "2016-07-01..2016-08-01 11",
                "2016-08-01..2016-09-01 30",
                "2016-09-01..* 11",
            ],
        ),
        (
            "L,A,2016-06-01,2016-07-31,30\n",
            &["*..2016-06-01 10", "2016-06-01..2016-08-01 30", "2016-08-01..* 11"],
        ),
        // A row with the same beginning supersedes, as ever.
        ("L,A,2016-07-01,2016-07-31,30\n", &["*..2016-07-01 10", "2016-07-01..2016-08-01 30"]),
    ] {
        let database = world();
        let text = format!("price_list,sku,valid_from,valid_to,amount\n{rows}");
        let files = [("prices.csv", text.as_str())];
        clean(import(&database, &files, trim()));
        let found: Vec<String> = prices(&database)
            .into_iter()
            .filter_map(|price| Some(price.strip_prefix("L A ")?.rsplit_once(' ')?.0.to_owned()))
            .collect();
        assert_eq!(found, expected, "{rows}");
        let again = clean(import(&database, &files, trim()));
        assert_eq!(again.ended, Ended::Unchanged, "{rows}");
    }
    let database = world();
    let overlap =
        "price_list,sku,valid_from,valid_to,amount\nL,A,2016-08-01,,1\nL,A,2016-09-01,,2\n";
    let alone = [("prices.csv", "price_list,sku,valid_from,amount\nL,A,2017-01-01,30\n")];
    assert_eq!(
        import(&database, &alone, options()).faults.shown()[0].to_string(),
        "prices.csv:2: conflicts with the EUR price of A in list L from quantity 0, valid from \
         2016-07-01 to ever in the data: both would apply at once; --on-overlap trim lets the row of \
         the file take over its time"
    );
    let report = import(&database, &[("prices.csv", overlap)], trim());
    let fault = report.faults.shown()[0].to_string();
    assert!(fault.starts_with("prices.csv:3: conflicts with"), "lines do not trim lines: {fault}");
}

#[test]
fn a_base_unit_changes_with_new_prices_only() {
    let database = world();
    let products = ("products.csv", "sku,base_uom\nB,KGM\n");
    let report = import(&database, &[products], options());
    assert_eq!(
        report.faults.shown()[0].to_string(),
        "products.csv:2: the base_uom of B cannot become KGM: its prices in list L would mean something \
         else; give new ones in the same import, or remove them"
    );
    // The same amount is a new price, too, when the file says it.
    clean(import(
        &database,
        &[products, ("prices.csv", "price_list,sku,amount\nL,B,5\n")],
        options(),
    ));
    let back = [
        ("products.csv", "sku,base_uom\nB,C62\n"),
        ("prices.csv", "price_list,sku,remove\nL,B,yes\n"),
    ];
    clean(import(&database, &back, options()));
    assert_eq!(prices(&database).len(), 3);
    // A price in the unit that becomes the base unit is superseded by one without a unit.
    merge(&database, "prices.csv", "price_list,sku,uom,amount\nL,B,KGM,3\n");
    assert!(!import(&database, &[products], options()).is_clean());
    clean(import(
        &database,
        &[products, ("prices.csv", "price_list,sku,amount\nL,B,4\n")],
        options(),
    ));
    assert_eq!(prices(&database).len(), 4);
}

/// An amount for twelve pieces is the price of a piece, so it takes the place of one for a piece; a file
/// that does not have the column leaves alone for how many the amount is.
#[test]
fn an_amount_for_several_takes_the_place_of_one_for_one() {
    let database = world();
    let amounts = || -> Vec<String> {
        let prices = database.export("acme").text("prices.csv").to_owned();
        let lines = prices.lines().filter(|line| line.starts_with("L,B"));
        let cells = |line: &str| line.split(',').skip(11).take(2).collect::<Vec<_>>().join("/");
        lines.map(cells).collect()
    };
    for (text, expected) in [
        ("price_list,sku,amount,per\nL,B,13.99,12\n", "13.99/12"),
        ("price_list,sku,amount\nL,B,14.99\n", "14.99/12"),
        ("price_list,sku,amount,per\nL,B,15.99,\n", "15.99/"),
        ("price_list,sku,amount,per\nL,B,16.99,100\n", "16.99/100"),
        ("price_list,sku,amount,per\nL,B,1.2,1\n", "1.2/"),
    ] {
        merge(&database, "prices.csv", text);
        assert_eq!(amounts(), [expected], "{text}");
    }
    let remove = "price_list,sku,remove\nL,B,yes\n";
    merge(&database, "prices.csv", "price_list,sku,amount,per\nL,B,13.99,12\n");
    merge(&database, "prices.csv", remove);
    assert_eq!(amounts(), [""; 0], "a row names the price without saying for how many it is");
}

#[test]
fn a_row_that_has_to_stay_is_told_with_the_row_that_refers_to_it() {
    let database = world();
    let removed = ("customers.csv", "customer,remove\nc0,yes\nc1,yes\n");
    let told = |files: &[(&str, &str)]| -> Vec<String> {
        let report = import(&database, files, options());
        report.faults.shown().iter().map(ToString::to_string).collect()
    };
    let expected = |place: &str| {
        format!(
            "customers.csv:3: c1 cannot be removed: c1 L{place} still refers to it; remove that row in \
             the same import, or let it name another one"
        )
    };
    assert_eq!(told(&[removed]), [expected(" of entitlements in the data")]);
    let kept = ("entitlements.csv", "customer,price_list,position\nc1,L,2\n");
    assert_eq!(told(&[removed, kept]), [expected(" (entitlements.csv:2)")]);
    let gone = ("entitlements.csv", "customer,price_list,remove\nc1,L,yes\n");
    assert_eq!(told(&[removed, gone]), [""; 0]);
}
