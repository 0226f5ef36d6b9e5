//! Every limit at it and one above it, and the order of checks (sections 1 and 6).

use http::Method;
use kontor_testkit::demo::Call;
use kontor_wire::pieces::PIECE_BYTES;

use crate::support::{LOGIN, ask, post, served, statuses, xml};

#[test]
fn five_hundred_numbers_of_a_query() {
    let served = served();
    assert_eq!(statuses(&ask(&served, &"&ean=1".repeat(500))).len(), 501);
    assert_eq!(statuses(&ask(&served, &"&ean=1".repeat(501))), ["4"]);
}

#[test]
fn five_hundred_long_numbers_fit_into_a_query() {
    let served = served();
    let numbers = "&product_id=11.04.5680-1234".repeat(500);
    assert_eq!(statuses(&ask(&served, &numbers)).len(), 501);
}

/// A form would be read from any bytes, and the login looked for in them.
#[test]
fn a_body_that_cannot_be_decoded_is_unreadable_whatever_it_calls_itself() {
    let served = served();
    for content_type in ["application/x-www-form-urlencoded", "text/xml", "text/plain"] {
        let call = Call::new(Method::POST, "/ProductQueryFR", b"");
        let answer = served.send(&call.also("Content-Type", content_type).undecodable());
        assert_eq!((answer.status, statuses(&answer)), (200, vec!["4"]), "{content_type}");
    }
    let get = Call::get(&format!("/ProductQueryFR?{LOGIN}")).undecodable();
    assert_eq!(statuses(&served.send(&get)), ["0"], "the body of a query does not count");
}

/// What is longer than a piece is made while it is sent; nobody can see where a piece ends.
#[test]
fn a_long_answer_is_that_of_all_its_items() {
    let served = served();
    let single = ask(&served, "product_id=11045680").text;
    let (head, rest) = single.split_once("<ITEM>").unwrap();
    let (item, tail) = rest.split_once("</ITEM>").unwrap();
    let whole = |count: usize| {
        let items = format!("<ITEM>{item}</ITEM>").repeat(count);
        format!("{head}{items}{tail}")
    };
    let pieces = PIECE_BYTES.div_ceil(item.len() + "<ITEM></ITEM>".len());
    for count in [pieces - 2, pieces - 1, pieces, pieces + 1, 2 * pieces, 2_000] {
        let items = "<ITEM><PRODUCT_ID>11045680</PRODUCT_ID></ITEM>".repeat(count);
        let answer = post(&served, xml(&items).as_bytes());
        assert!(answer.text == whole(count), "{count}");
    }
    let numbers = "&product_id=11045680".repeat(500);
    assert!(ask(&served, &numbers).text == whole(500));
}

#[test]
fn two_thousand_items_of_a_request() {
    let served = served();
    let item = "<ITEM><EAN>1</EAN></ITEM>";
    assert_eq!(statuses(&post(&served, xml(&item.repeat(2000)).as_bytes())).len(), 2001);
    assert_eq!(statuses(&post(&served, xml(&item.repeat(2001)).as_bytes())), ["4"]);
}

#[test]
fn sixteen_kibibytes_of_query_but_only_of_a_get() {
    let served = served();
    let query = |length: usize| {
        let filler = "x".repeat(length - LOGIN.len() - "&y=".len());
        format!("/ProductQueryFR?{LOGIN}&y={filler}")
    };
    assert_eq!(served.get(&query(16_384)).status, 200);
    let above = served.get(&query(16_385));
    assert_eq!((above.status, above.text.as_str()), (414, ""));
    let body = xml("");
    let post = Call::new(Method::POST, &query(16_385), body.as_bytes());
    assert_eq!(statuses(&served.send(&post)), ["0"], "the query of a POST is ignored");
}

#[test]
fn a_body_too_large_is_413_after_path_and_method() {
    let served = served();
    assert_eq!(served.dialect.max_body(), 1 << 20);
    for (method, target, expected) in [
        (Method::POST, "/ProductQueryFR", 413),
        (Method::GET, "/ProductQueryFR", 413),
        (Method::PUT, "/ProductQueryFR", 405),
        (Method::POST, "/ProductQueryXX", 404),
    ] {
        let answer = served.send(&Call::new(method, target, b"").too_large());
        assert_eq!(answer.status, expected, "{target}");
    }
}

#[test]
fn paths_are_exact_and_methods_are_told() {
    let served = served();
    for path in ["/ProductQuery", "/ProductQueryfr", "/ProductQueryFRX", "/ProductQueryFR/x"] {
        let answer = served.get(path);
        assert_eq!((answer.status, answer.text.as_str()), (404, "not found"), "{path}");
        assert!(served.dialect.owns(path));
    }
    assert_eq!(served.get("/ProductQuery%46R/").status, 200);
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
        let answer = served.send(&Call::new(method, "/ProductQueryFR", b""));
        assert_eq!((answer.status, answer.text.as_str()), (405, ""));
        assert_eq!(answer.headers["allow"], "GET, HEAD, POST");
    }
}

#[test]
fn the_number_of_a_call_is_looked_at_before_its_login() {
    let served = served();
    let query = format!("/ProductQueryFR?userid=x&password=y{}", "&ean=1".repeat(501));
    assert_eq!(statuses(&served.get(&query)), ["4"]);
}
