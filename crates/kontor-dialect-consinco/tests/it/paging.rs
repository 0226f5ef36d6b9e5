//! Pages: totals, links, ends.

use crate::support::{Call, PRICES, Rows, Shop};

#[test]
fn totals_and_page_are_told_in_headers() {
    let shop = Shop::open();
    for (query, total, page, size, rows) in [
        ("number_company=1", "5", "1", "20", 5),
        ("number_company=1&_pageNo=003&_pageSize=+2", "5", "3", "2", 1),
        ("number_company=1&_pageNo=4&_pageSize=2", "5", "4", "2", 0),
        ("number_company=1&_pageNo=2147483647&_pageSize=10000", "5", "2147483647", "10000", 0),
        ("number_company=1&_pageSize=5", "5", "1", "5", 5),
        ("number_company=1&seq_product=5682&_pageSize=1", "2", "1", "1", 1),
        ("number_company=1&seq_product=5682&_pageSize=1&_pageNo=2", "2", "2", "1", 1),
        ("number_company=1&sales_table_number=002", "1", "1", "20", 1),
        ("number_company=1&seq_product=0", "0", "1", "20", 0),
    ] {
        let answer = shop.get(query);
        let headers = ["X-Total-Count", "X-Page-No", "X-Page-Size"].map(|name| answer.header(name));
        assert_eq!(headers, [total, page, size], "{query}");
        assert_eq!(answer.rows().len(), rows, "{query}");
    }
}

#[test]
fn a_next_page_is_linked_while_there_is_one() {
    let shop = Shop::open();
    let link = |target: &str| {
        let answer = shop.send(&Call::get(target).bearer("T-CONSINCO-DEMO"));
        assert_eq!(answer.status, 200);
        answer.header("Link").to_owned()
    };
    for (target, expected) in [
        ("?number_company=1&_pageSize=2", "?number_company=1&_pageSize=2&_pageNo=2"),
        ("?_pageNo=1&number_company=1&_pageSize=2", "?number_company=1&_pageSize=2&_pageNo=2"),
        (
            "?NUMBER_COMPANY=001&_PAGENO=2&_PageSize=2&_pageno=9",
            "?NUMBER_COMPANY=001&_PageSize=2&_pageNo=3",
        ),
        (
            "/?number_company=+1+&_pageSize=4&x=%2D1&&",
            "/?number_company=+1+&_pageSize=4&x=%2D1&_pageNo=2",
        ),
    ] {
        let expected = format!("<{PRICES}{expected}>; rel=\"next\"");
        assert_eq!(link(&format!("{PRICES}{target}")), expected);
    }
    assert_eq!(link(&format!("{PRICES}?number_company=1&_pageSize=2&_pageNo=3")), "");
    assert_eq!(link(&format!("{PRICES}?number_company=1&_pageSize=5")), "");
    assert_eq!(link(&format!("{PRICES}?number_company=1&_pageSize=2&_pageNo=9")), "");
    let odd = "/API/v2/sm_products/Product%2Dprice?number_company=1&_pageSize=4";
    assert_eq!(link(odd), format!("<{odd}&_pageNo=2>; rel=\"next\""), "the path as requested");
}

#[test]
fn links_lead_through_all_rows() {
    let shop = Shop::open();
    let all = shop.get("number_company=3").keys();
    for size in 1..=6 {
        let mut target = format!("{PRICES}?number_company=3&_pageSize={size}");
        let mut seen = Vec::new();
        loop {
            let answer = shop.send(&Call::get(&target).bearer("T-CONSINCO-DEMO"));
            seen.extend(answer.keys());
            let Some(next) = answer.header("Link").strip_prefix('<') else { break };
            target = next.split('>').next().unwrap().to_owned();
        }
        assert_eq!(seen, all, "{size}");
    }
}
