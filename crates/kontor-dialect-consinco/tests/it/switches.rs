//! What an operator may set otherwise.

use kontor_dialect_consinco::{Config, Empty, NoPromotion, Overrides, dialect};
use std::sync::Arc;

use crate::support::{Call, LOGIN, PRICES, Rows, Shop};

const BREAD: &str = "number_company=1&seq_product=905";

#[test]
fn no_promotion_may_be_null() {
    let config = Config { no_promotion: NoPromotion::Null, ..Config::default() };
    let shop = Shop::with(config);
    assert!(shop.get(BREAD).text.contains(r#""promotional_price":null,"#));
    assert!(shop.xml(BREAD).text.contains(r#"<PROMOTIONAL_PRICE i:nil="true" />"#));
    let hub = "number_company=1&seq_product=1234";
    assert!(shop.get(hub).text.contains(r#""promotional_price":179.9,"#));
}

#[test]
fn nothing_found_may_be_404() {
    let shop = Shop::with(Config { empty: Empty::NotFound, ..Config::default() });
    let nothing = "number_company=1&seq_product=424242";
    assert_eq!(shop.get(nothing).text, r#"{"Message":"No records found."}"#);
    assert_eq!(shop.get(nothing).status, 404);
    assert_eq!(shop.xml(nothing).text, "<Error><Message>No records found.</Message></Error>");
    assert_eq!(shop.get("number_company=1&sales_table_number=x").status, 404);
    let past = shop.get("number_company=1&_pageNo=9");
    assert_eq!((past.status, past.text.as_str()), (200, "[]"), "a page past the end is a page");
}

#[test]
fn the_default_page_size() {
    let shop = Shop::with(Config { default_page_size: 2, ..Config::default() });
    let answer = shop.get("number_company=1");
    assert_eq!((answer.rows().len(), answer.header("X-Page-Size")), (2, "2"));
    assert_eq!(shop.get("number_company=1&_pageSize=3").rows().len(), 3);
}

#[test]
fn a_prefix_stands_before_all_paths() {
    let shop = Shop::with(Config { prefix: "/SMApi/".to_owned(), ..Config::default() });
    let call = Call::get(&format!("/smapi{PRICES}?{BREAD}")).bearer("T-CONSINCO-DEMO");
    assert_eq!(shop.send(&call).status, 200);
    assert!(shop.dialect.owns(&format!("/SMAPI{LOGIN}")));
    assert!(!shop.dialect.owns(PRICES));
    let next = Call::get(&format!("/smapi{PRICES}?number_company=1&_pageSize=4"));
    let link = format!("</smapi{PRICES}?number_company=1&_pageSize=4&_pageNo=2>; rel=\"next\"");
    assert_eq!(shop.send(&next.bearer("T-CONSINCO-DEMO")).header("Link"), link);
    let unknown = shop.send(&Call::get("/SMapi/api/v1/auth/x"));
    assert!(unknown.error().contains("'http://shop.test/SMapi/api/v1/auth/x'"));
}

#[test]
fn a_supplier_may_differ() {
    let overrides = Overrides {
        no_promotion: Some(NoPromotion::Null),
        empty: Some(Empty::NotFound),
        default_page_size: Some(1),
    };
    for (code, differs) in [("demo42", true), ("wcs-mini", false)] {
        let suppliers = [(code.to_owned(), overrides.clone())].into();
        let shop = Shop::with(Config { suppliers, ..Config::default() });
        assert_eq!(shop.get(BREAD).text.contains("price\":null"), differs);
        assert_eq!(shop.get("number_company=1&seq_product=0").status == 404, differs);
        assert_eq!(shop.get("number_company=1").rows().len() == 1, differs);
    }
}

#[test]
fn settings_that_cannot_be_are_named() {
    let shop = Shop::open();
    let config = Config { default_page_size: 10_001, ..Config::default() };
    let error = dialect(Arc::clone(&shop.app), config).err().unwrap();
    assert_eq!(error.to_string(), "default_page_size: 10001 is not 1 to 10000");
    let config = Config { prefix: "/a?b".to_owned(), ..Config::default() };
    let error = dialect(Arc::clone(&shop.app), config).err().unwrap();
    assert!(error.to_string().starts_with("prefix: \"/a?b\" is not"), "{error}");
    let read = serde_json::from_str::<Config>;
    let config = read(r#"{"empty": 404, "no_promotion": "null", "prefix": "/x"}"#).unwrap();
    assert_eq!((config.empty, config.no_promotion), (Empty::NotFound, NoPromotion::Null));
    assert_eq!(read("{}").unwrap(), Config::default());
    for bad in [r#"{"empty": 204}"#, r#"{"no_promotion": "none"}"#, r#"{"page_size": 5}"#] {
        assert!(read(bad).is_err(), "{bad}");
    }
}
