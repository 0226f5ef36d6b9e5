//! Products without a number of their own: the supplier's stands for it.

use kontor_model::catalogue::{Kind, Record};

use crate::support::{Call, PRICE, Results, Shop, row};

/// A product with its manufacturer's number, if any, and a price in the default contract.
fn product(sku: &str, mpn: &str) -> [Record; 2] {
    let price = [
        ("price_list", "10001"),
        ("sku", sku),
        ("currency", "USD"),
        ("amount", "3"),
        ("changed_at", "2016-01-01T00:00:00Z"),
    ];
    [
        row(Kind::Product, &[("sku", sku), ("mpn", mpn), ("base_uom", "C62")]),
        row(Kind::Price, &price),
    ]
}

#[test]
fn without_another_number_it_is_the_suppliers() {
    let shop = Shop::open();
    let number = [("sku", "FULL"), ("scheme", "product_number"), ("value", "77")];
    let mut rows = [product("BARE", ""), product("HALF", "M-1"), product("FULL", "M-2")].concat();
    rows.push(row(Kind::Identifier, &number));
    shop.put("wcs-mini", rows);
    let price = "3.00 USD/1.0 C62";
    let (part, id) = (("byPartNumber", "partNumber"), ("byProductID", "productId"));
    for ((name, member), asked, found) in [
        (part, "BARE", Some("BARE BARE")),
        (id, "BARE", Some("BARE BARE")),
        (part, "M-1", Some("M-1 HALF")),
        (id, "HALF", Some("M-1 HALF")),
        (part, "HALF", None),
        (id, "77", Some("M-2 77")),
        (id, "FULL", None),
    ] {
        let body =
            format!(r#"{{"query":{{"name":"{name}","products":[{{"{member}":"{asked}"}}]}}}}"#);
        let expected: Vec<String> =
            found.map(|found| format!("10001 {found}: {price}")).into_iter().collect();
        assert_eq!(shop.send(&Call::post(PRICE, &body)).prices(), expected, "{name} {asked}");
    }
}

#[test]
fn a_number_of_one_kind_and_one_of_the_other_are_two_products() {
    let shop = Shop::open();
    let rows = [product("SAME", ""), product("OTHER", "SAME")].concat();
    shop.put("wcs-mini", rows);
    let ask = |q: &str| shop.get(&format!("{PRICE}?q={q}=SAME")).prices();
    assert_eq!(ask("byPartNumbers&partNumber"), [""; 0]);
    assert_eq!(ask("byCatalogEntryIds&catalogEntryId"), ["10001 SAME SAME: 3.00 USD/1.0 C62"]);
    // It is known, so it is not split at its comma.
    shop.put("wcs-mini", product("A,B", "").to_vec());
    let answer = shop.get(&format!("{PRICE}?q=byPartNumbers&partNumber=A,B"));
    assert_eq!(answer.prices(), ["10001 A,B A,B: 3.00 USD/1.0 C62"]);
}
