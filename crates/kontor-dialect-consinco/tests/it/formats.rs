//! Which format is answered, and which headers go with it.

use crate::support::{Call, PRICES, Shop, prices};

#[test]
fn the_format_is_chosen_by_accept_and_never_refused() {
    let shop = Shop::open();
    for (accept, expected) in [
        ("application/json", "application/json"),
        ("text/json", "text/json"),
        ("application/xml", "application/xml"),
        ("text/xml", "text/xml"),
        ("APPLICATION/XML", "application/xml"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/json"),
        ("application/pdf", "application/json"),
        ("", "application/json"),
        ("application/json;q=0, application/xml;q=0", "application/json"),
        ("application/json;q=0.4, text/xml;q=0.5", "text/xml"),
        ("*/*, application/xml", "application/xml"),
        ("text/xml, application/json", "application/json"),
        ("application/xml;q=0.5, text/xml;q=0.9, */*;q=0.1", "text/xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("application/xml;q=abc, text/json;q=0.1", "text/json"),
        ("application/xml;charset=utf-8;q=1", "application/xml"),
    ] {
        let call = prices("number_company=1&seq_product=905").header("Accept", accept);
        let answer = shop.send(&call);
        assert_eq!(answer.status, 200, "{accept}");
        assert_eq!(answer.header("Content-Type"), format!("{expected}; charset=utf-8"), "{accept}");
        assert_eq!(answer.text.starts_with('<'), expected.ends_with("xml"), "{accept}");
    }
    let without = shop.get("number_company=1&seq_product=905");
    assert_eq!(without.header("Content-Type"), "application/json; charset=utf-8");
}

#[test]
fn pages_have_a_tag_of_their_bytes() {
    let shop = Shop::open();
    let ask = |query: &str, accept: &str, tag: &str| {
        let call = prices(query).header("Accept", accept);
        shop.send(&if tag.is_empty() { call } else { call.header("If-None-Match", tag) })
    };
    let query = "number_company=1&_pageSize=2";
    let first = ask(query, "application/json", "");
    let tag = first.header("ETag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 10, "{tag}");

    let again = ask(query, "application/json", &tag);
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    for name in ["X-Total-Count", "X-Page-No", "X-Page-Size", "Link", "ETag"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(ask(query, "application/json", &format!("\"x\", W/{tag}")).status, 304);
    assert_eq!(ask(query, "application/json", "*").status, 304);
    assert_eq!(ask(query, "application/json", "\"x\"").status, 200);
    assert_eq!(ask(query, "application/xml", &tag).status, 200, "other bytes");
    assert_eq!(ask(query, "text/json", &tag).status, 200, "another type");
    let other = ask("number_company=1&_pageSize=2&_pageNo=2", "application/json", &tag);
    assert_eq!(other.status, 200, "another page");

    let price = crate::support::price("BR-1-1", "40000905", "KG", "1", "13");
    shop.put("demo42", vec![kontor_model::catalogue::Record::Price(price)]);
    let changed = ask(query, "application/json", &tag);
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("ETag"), tag);
}

#[test]
fn a_tag_does_not_turn_an_error_into_not_modified() {
    let shop = Shop::open();
    let call = Call::get(&format!("{PRICES}?number_company=1")).header("If-None-Match", "*");
    assert_eq!(shop.send(&call).status, 401);
    assert_eq!(shop.send(&prices("").header("If-None-Match", "*")).status, 400);
}

#[test]
fn json_has_no_white_space_and_the_members_in_order() {
    let shop = Shop::open();
    let text = shop.get("number_company=2").text;
    let expected = r#"[{"code_ean":"7611990131310","date_end_promotion":null,"date_start_promotion":null,"lower_sale_price":51.5,"normal_base_price":51.5,"number_company":2,"number_segment":1,"packing":"UN","packing_quantity":1.0,"promotional_price":0.0,"seq_product":5680.0,"sales_table":[]}]"#;
    assert_eq!(text, expected);
}
