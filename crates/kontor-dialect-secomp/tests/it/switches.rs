//! Switches, prices at their edges, and limits of logins.

use std::collections::BTreeMap;

use kontor_dialect_secomp::{Config, ProductNumber, ScaleLayout, SupplierConfig};
use kontor_model::catalogue::{Kind, Record};
use kontor_testkit::demo::{NOW, Served, limited};

use crate::support::{LOGIN, all, ask, make, row, statuses};

#[test]
fn pairs_put_all_scale_prices_into_one_block() {
    let own =
        SupplierConfig { scale_layout: Some(ScaleLayout::Pairs), ..SupplierConfig::default() };
    let suppliers = BTreeMap::from([("demo42".to_owned(), own)]);
    let config = Config { suppliers, ..Config::default() };
    let served = Served::new(make(config));
    let answer = ask(&served, "product_id=11045682");
    let pairs = "<SCALE_PRICES><SCALE_QUANTITY>5</SCALE_QUANTITY><SCALE_PRICE>11.9</SCALE_PRICE>\
                 <SCALE_QUANTITY>20</SCALE_QUANTITY><SCALE_PRICE>10.75</SCALE_PRICE>\
                 <SCALE_QUANTITY>100</SCALE_QUANTITY><SCALE_PRICE>9.999</SCALE_PRICE></SCALE_PRICES>";
    assert!(answer.text.contains(pairs), "{}", answer.text);
    let other = "userid=_RQ200001&password=20pass01&sku=A2135";
    let answer = served.get(&format!("/ProductQueryFR?{other}"));
    assert_eq!(answer.text.matches("<SCALE_PRICES>").count(), 2, "another supplier's own layout");
    let answer = ask(&served, "product_id=21991234");
    assert!(!answer.text.contains("SCALE_PRICES"), "no block without tiers");
}

#[test]
fn article_numbers_keep_their_dots_as_stored() {
    let all_suppliers = Config { product_number: ProductNumber::AsStored, ..Config::default() };
    let own = SupplierConfig {
        product_number: Some(ProductNumber::AsStored),
        ..SupplierConfig::default()
    };
    let suppliers = BTreeMap::from([("demo42".to_owned(), own)]);
    let shown = |config: Config| {
        let served = Served::new(make(config));
        let gone = [("sku", "A.1"), ("state", "end_of_life"), ("base_uom", "C62")];
        let sold = [("sku", "B.1"), ("state", "active"), ("base_uom", "C62")];
        let products = [gone, sold].map(|cells| row(Kind::Product, &cells));
        served.put("demo42", [&products[..], &[price("B.1", "", "2")]].concat());
        let answer = ask(&served, "product_id=A1&product_id=B.1&product_id=x.y");
        all(&answer, "PRODUCT_ID").join(" ")
    };
    assert_eq!(shown(all_suppliers), "A.1 B.1 x.y");
    assert_eq!(shown(Config { suppliers, ..Config::default() }), "A.1 B.1 x.y");
    assert_eq!(shown(Config::default()), "A1 B1 x.y");
}

#[test]
fn sites_are_configured_and_checked() {
    let with = |site: &str, zone: &str| Config {
        sites: BTreeMap::from([(site.to_owned(), zone.to_owned())]),
        ..Config::default()
    };
    let served = Served::new(make(with("BR", "America/Sao_Paulo")));
    let answer = served.get(&format!("/ProductQueryBR?{LOGIN}"));
    assert_eq!(all(&answer, "TIMESTAMP"), ["2016-01-28T09:24:28.874"]);
    assert_eq!(served.get("/ProductQueryFR").status, 404);
    for (site, zone) in [("fr", "Europe/Berlin"), ("FRA", "Europe/Berlin"), ("FR", "Mars/Base")] {
        let config = with(site, zone);
        let error = kontor_dialect_secomp::dialect(served.app.clone(), config).err();
        assert!(error.expect("refused").to_string().contains(site), "{site} {zone}");
    }
}

fn price(sku: &str, minimum: &str, amount: &str) -> Record {
    let cells = [
        ("price_list", "EUR-A"),
        ("sku", sku),
        ("currency", "EUR"),
        ("minimum_quantity", minimum),
        ("amount", amount),
        ("changed_at", NOW),
    ];
    row(Kind::Price, &cells)
}

#[test]
fn the_lowest_tier_above_one_is_price_and_scale_price() {
    let served = Served::new(make(Config::default()));
    served.put("demo42", vec![price("40000905", "2.5", "1.25"), price("40000905", "10", "1")]);
    let answer = ask(&served, "product_id=40000905");
    assert_eq!(all(&answer, "PRICE"), ["1.25"]);
    assert_eq!(all(&answer, "SCALE_QUANTITY"), ["3", "10"], "a fraction is rounded up");
    assert_eq!(all(&answer, "SCALE_PRICE"), ["1.25", "1"]);
    assert_eq!(all(&answer, "DELIVERY_INFO"), Vec::<&str>::new());
}

#[test]
fn of_tiers_that_begin_at_the_same_whole_quantity_the_last_is_shown() {
    let served = Served::new(make(Config::default()));
    let tiers = [("1", "5"), ("1.2", "4.5"), ("1.5", "4"), ("2", "3.5"), ("2.5", "3")];
    let prices = tiers.map(|(minimum, amount)| price("40000905", minimum, amount));
    served.put("demo42", prices.to_vec());
    let answer = ask(&served, "product_id=40000905");
    assert_eq!(all(&answer, "PRICE"), ["5"]);
    assert_eq!(all(&answer, "SCALE_QUANTITY"), ["2", "3"]);
    assert_eq!(all(&answer, "SCALE_PRICE"), ["3.5", "3"]);
}

#[test]
fn stock_is_whole_and_never_negative_and_its_date_is_todays() {
    for (quantity, arrival, shown, delivery) in [
        ("0.999999", "2016-01-28", "0", "2016-01-28"),
        ("0.5", "2016-01-27", "0", ""),
        ("1", "2016-05-01", "1", "2016-01-28"),
        ("12.75", "", "12", "2016-01-28"),
        ("-0.5", "", "0", ""),
    ] {
        let served = Served::new(make(Config::default()));
        let cells = [("sku", "11045680"), ("quantity", quantity), ("next_arrival", arrival)];
        served.put("demo42", vec![row(Kind::Availability, &cells)]);
        let answer = ask(&served, "product_id=11045680");
        assert_eq!(all(&answer, "AVAILQUANTITY"), [shown], "{quantity}");
        let expected: &[&str] = if delivery.is_empty() { &[] } else { &[delivery] };
        assert_eq!(all(&answer, "DELIVERY_INFO"), expected, "{quantity} {arrival}");
    }
}

#[test]
fn too_many_failed_logins_are_429_without_a_body() {
    let served = Served::at(NOW, limited(3), make(Config::default()));
    let wrong = "/ProductQueryFR?userid=_RQ123456&password=wrong";
    for _ in 0..3 {
        assert_eq!(statuses(&served.get(wrong)), ["1"]);
    }
    let answer = served.get(wrong);
    assert_eq!((answer.status, answer.text.as_str()), (429, ""));
    // Three a minute: one is forgotten after twenty seconds.
    assert!(matches!(answer.headers["retry-after"].to_str(), Ok("19" | "20")));
}

#[test]
fn right_logins_are_no_failed_ones() {
    let served = Served::at(NOW, limited(1), make(Config::default()));
    for login in ["_RQ123456&password=12abcd34", "_RQ654321&password=98zyxw76"] {
        let answer = served.get(&format!("/ProductQueryFR?userid={login}"));
        assert_eq!(statuses(&answer), ["0"], "{login}");
    }
}

#[test]
fn a_price_of_zero_is_a_price() {
    let served = Served::new(make(Config::default()));
    served.put("demo42", vec![price("40000905", "", "0")]);
    assert_eq!(all(&ask(&served, "product_id=40000905"), "PRICE"), ["0"]);
}
