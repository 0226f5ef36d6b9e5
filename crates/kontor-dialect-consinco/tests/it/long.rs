//! Pages that are longer than a piece: they are made while they are sent, and nobody can see where a
//! piece ends.

use kontor_model::catalogue::Record;
use kontor_model::product::Packing;
use kontor_wire::pieces::PIECE_BYTES;

use crate::support::{Answer, Call, PRICES, Shop, price};

const SKUS: [&str; 6] = ["11045680", "11045682", "21991234", "11040001", "40000905", "40008386"];
const LAST: &str = "40008386";
/// Packings of each of them.
const PACKINGS: usize = 240;

/// The demo with products that come in very many packings.
fn shop() -> Shop {
    let shop = Shop::open();
    let mut records = Vec::new();
    for sku in SKUS {
        for units in 1_000..1_000 + PACKINGS {
            records.push(Record::Packing(Packing {
                sku: sku.parse().unwrap(),
                packing: format!("P{units}").parse().unwrap(),
                quantity: units.to_string().parse().unwrap(),
                gtin: None,
            }));
        }
    }
    for sku in SKUS {
        let prices = (1_000..1_000 + PACKINGS).map(|units| of_packing(sku, units, "12.5"));
        records.extend(prices);
    }
    shop.put("demo42", records);
    shop
}

fn of_packing(sku: &str, units: usize, amount: &str) -> Record {
    Record::Price(price("BR-1-1", sku, &format!("P{units}"), "1", amount))
}

fn page(shop: &Shop, accept: &str, size: usize, number: usize, tag: &str) -> Answer {
    let target = format!("{PRICES}?number_company=1&_pageSize={size}&_pageNo={number}");
    let call = Call::get(&target).bearer("T-CONSINCO-DEMO").header("Accept", accept);
    shop.send(&if tag.is_empty() { call } else { call.header("If-None-Match", tag) })
}

#[test]
fn a_long_page_is_that_of_all_its_rows() {
    let shop = shop();
    let total: usize =
        page(&shop, "application/json", 1, 1, "").header("X-Total-Count").parse().unwrap();
    assert!(total > (SKUS.len() - 1) * PACKINGS, "{total}");
    for (accept, row) in
        [("application/json", "},{\"code_ean\""), ("application/xml", "<ProductPriceResponseDTO>")]
    {
        let long = page(&shop, accept, 10_000, 1, "");
        assert!(long.text.len() > PIECE_BYTES, "{}", long.text.len());
        let (begin, end, between) = match accept {
            "application/json" => (1, 1, ","),
            _ => (long.text.find('>').unwrap() + 1, "</ArrayOfProductPriceResponseDTO>".len(), ""),
        };
        let short: Vec<_> = (1..=total.div_ceil(400))
            .map(|number| page(&shop, accept, 400, number, "").text)
            .map(|text| text[begin..text.len() - end].to_owned())
            .collect();
        let rows = &long.text[begin..long.text.len() - end];
        assert!(rows == short.join(between), "{accept}");
        assert!(long.text.matches(row).count() >= total - 1);
        // The tag is that of the whole page.
        let tag = long.header("ETag").to_owned();
        assert_eq!(page(&shop, accept, 10_000, 1, "").header("ETag"), tag);
        let known = page(&shop, accept, 10_000, 1, &tag);
        assert_eq!((known.status, known.text.as_str()), (304, ""));
        shop.put("demo42", vec![of_packing(LAST, 999 + PACKINGS, "7.77")]);
        let changed = page(&shop, accept, 10_000, 1, &tag);
        assert_eq!(changed.status, 200, "the last row is behind the first piece");
        assert_ne!(changed.header("ETag"), tag);
        shop.put("demo42", vec![of_packing(LAST, 999 + PACKINGS, "12.5")]);
    }
}
