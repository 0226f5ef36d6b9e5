//! Answers that are longer than a piece: they are made while they are sent, and nobody can see where
//! a piece ends.

use kontor_dialect_websphere::{Config, UnknownProduct};
use kontor_wire::pieces::PIECE_BYTES;

use crate::support::{ACME, Call, PRICE, Results, Shop, Token};

const CONTRACTS: [&str; 2] = ["10001", "43221"];
const PARTS: [&str; 4] = ["A2135", "NOBODY-HAS-IT", "A4135", "A2135"];

fn ask(shop: &Shop, format: &str, query: &str) -> String {
    let target = format!("{PRICE}?profile=range&responseFormat={format}");
    let answer = shop.send(&Call::post(&target, query).token(ACME));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

fn query(parts: &[&str], contracts: &[&str], dates: &[String]) -> String {
    let products: Vec<_> =
        parts.iter().map(|part| format!(r#"{{"partNumber":"{part}"}}"#)).collect();
    let products = products.join(",");
    format!(
        r#"{{"query":{{"name":"byPartNumber","contractIds":{contracts:?},"dates":{dates:?},"products":[{products}]}}}}"#
    )
}

/// The results of an answer, and what stands before and behind them.
fn parts<'t>(format: &str, text: &'t str) -> (&'t str, &'t str, &'t str) {
    let (begin, end) = match format {
        "json" => ("[", "],\"resourceId\""),
        _ => ("<root>", "<resourceId>"),
    };
    let begin = text.find(begin).unwrap() + begin.len();
    let end = text.rfind(end).unwrap();
    (&text[..begin], &text[begin..end], &text[end..])
}

/// Every result alone, in the order in which they are nested, is the answer to all of them.
#[test]
fn a_long_answer_is_that_of_all_its_results() {
    let shop = Shop::open();
    let dates: Vec<_> = (1..=28).map(|day| format!("2016-01-{day:02}")).collect();
    for (format, between) in [("json", ","), ("xml", "")] {
        let mut results = Vec::new();
        for part in PARTS {
            for contract in CONTRACTS {
                for date in &dates {
                    let alone = query(&[part], &[contract], std::slice::from_ref(date));
                    let alone = ask(&shop, format, &alone);
                    let result = parts(format, &alone).1;
                    results.extend((!result.is_empty()).then(|| result.to_owned()));
                }
            }
        }
        assert_eq!(results.len(), 3 * CONTRACTS.len() * dates.len());
        // As often as it takes to fill several pieces.
        for times in [1, 16] {
            let all = ask(&shop, format, &query(&PARTS.repeat(times), &CONTRACTS, &dates));
            let (head, _, tail) = parts(format, &all);
            let expected = vec![results.join(between); times].join(between);
            assert!(times == 1 || expected.len() > 3 * PIECE_BYTES, "{}", expected.len());
            assert!(all == format!("{head}{expected}{tail}"), "{format} {times}");
        }
    }
}

/// An error is the whole answer, however far behind it stands.
#[test]
fn an_unknown_product_behind_many_is_an_error_from_the_first_byte() {
    let config = Config { unknown_product: UnknownProduct::Error, ..Config::default() };
    let shop = Shop::with(config);
    let mut parts = ["A2135"].repeat(4_000);
    parts.push("NOBODY-HAS-IT");
    let dates = ["2016-01-28".to_owned()];
    let answer = shop.send(&Call::post(PRICE, &query(&parts, &CONTRACTS, &dates)).token(ACME));
    assert_eq!(answer.error(), "404 _ERR_PROD_NOT_EXISTING = NOBODY-HAS-IT");
}
