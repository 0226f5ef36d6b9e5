//! Which rows there are, in which order, with which values.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::product::{Packing, Product, ProductState};
use kontor_model::record::Cell;
use serde_json::json;

use crate::support::{Rows, Shop, price, with_term};

#[test]
fn rows_are_ordered_by_product_and_quantity_as_numbers() {
    let shop = Shop::open();
    let company_1 =
        ["905.0 x 1.0", "1234.0 x 1.0", "5680.0 x 1.0", "5682.0 x 1.0", "5682.0 x 12.0"];
    assert_eq!(shop.get("number_company=1").keys(), company_1, "without what is withdrawn");
    shop.put(
        "demo42",
        vec![
            Record::Price(price("BR-1-1", "11045682", "UN", "2.5", "1")),
            Record::Price(price("BR-1-1", "11045682", "UN", "100", "1")),
        ],
    );
    let mut expected = company_1.map(str::to_owned).to_vec();
    expected.insert(4, "5682.0 x 2.5".to_owned());
    expected.push("5682.0 x 100.0".to_owned());
    assert_eq!(shop.get("number_company=1").keys(), expected);
}

#[test]
fn each_company_and_segment_has_its_own_rows() {
    let shop = Shop::open();
    let keys = |query: &str| shop.get(query).keys().join(", ");
    assert_eq!(keys("number_company=1&number_segment=2"), "5680.0 x 1.0");
    assert_eq!(keys("number_company=2"), "5680.0 x 1.0");
    assert_eq!(
        keys("number_company=3"),
        "905.0 x 0.5, 1234.0 x 1.0, 3101.0 x 1.0, 3102.0 x 1.0, 5680.0 x 1.0"
    );
    assert_eq!(keys("number_company=4"), "1234.0 x 1.0, 5682.0 x 1.0");
    assert_eq!(keys("reg_number=12.abc.345/01de-35&seq_product=905"), "905.0 x 0.5");
    assert_eq!(keys("reg_number=12ABC34501DE35&number_segment=3&seq_product=905"), "905.0 x 0.5");
    let row = &shop.get("number_company=1&number_segment=02").rows()[0];
    assert_eq!((&row["number_segment"], &row["normal_base_price"]), (&json!(2), &json!(52.0)));
}

#[test]
fn filters_apply_together_and_are_exact() {
    let shop = Shop::open();
    let keys = |query: &str| shop.get(query).keys().join(", ");
    let twins = "3101.0 x 1.0, 3102.0 x 1.0";
    assert_eq!(keys("number_company=3&code_ean=4000000000006"), twins, "one EAN, two rows");
    assert_eq!(keys("number_company=3&code_ean=4000000000006&seq_product=3102"), "3102.0 x 1.0");
    assert_eq!(keys("number_company=3&code_ean=4000000000006&seq_product=905"), "");
    assert_eq!(keys("number_company=1&code_ean=17611990131324"), "5682.0 x 12.0");
    assert_eq!(keys("number_company=1&code_ean=7611990131327"), "5682.0 x 1.0");
    assert_eq!(keys("number_company=1&code_ean=07611990131327"), "5682.0 x 1.0", "a number");
    assert_eq!(keys("number_company=1&code_ean=7611990000012"), "", "withdrawn");
    assert_eq!(keys("number_company=1&seq_product=1"), "");
    assert_eq!(keys("number_company=1&seq_product=0005682"), "5682.0 x 1.0, 5682.0 x 12.0");
    assert_eq!(keys("number_company=1&seq_product=5682&code_ean=x"), "");
    assert_eq!(keys("number_company=4&sales_table_number=A1"), "1234.0 x 1.0");
    assert_eq!(keys("number_company=4&sales_table_number=a1"), "1234.0 x 1.0");
    assert_eq!(keys("number_company=4&sales_table_number=A"), "");
    assert_eq!(keys("number_company=1&sales_table_number=1"), "", "001 is not 1");
    assert_eq!(
        keys("number_company=1&sales_table_number=001"),
        "1234.0 x 1.0, 5680.0 x 1.0, 5682.0 x 1.0, 5682.0 x 12.0"
    );
    assert_eq!(keys("number_company=1&sales_table_number=002"), "5680.0 x 1.0");
    assert_eq!(keys("number_company=1&sales_table_number=002&seq_product=1234"), "");
    assert_eq!(
        keys("number_company=1&sales_table_number=002&code_ean=7611990131310"),
        "5680.0 x 1.0"
    );
}

#[test]
fn a_table_filter_leaves_that_table_alone() {
    let shop = Shop::open();
    let tables = |query: &str| {
        let row = shop.get(query).rows().remove(0);
        let tables = row["sales_table"].as_array().unwrap().clone();
        let numbers = tables.iter().map(|table| table["number_sales_table"].to_string());
        numbers.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(tables("number_company=4&seq_product=1234"), r#""A1" "a1""#);
    assert_eq!(tables("number_company=4&seq_product=1234&sales_table_number=a1"), r#""a1""#);
    assert_eq!(tables("number_company=1&seq_product=5680"), r#""001" "002""#);
    assert_eq!(tables("number_company=1&sales_table_number=002"), r#""002""#);
    assert_eq!(tables("number_company=1&seq_product=905"), "");
}

#[test]
fn decimals_always_have_a_fraction_in_json_and_none_is_forced_in_xml() {
    let shop = Shop::open();
    for (amount, json, xml) in [
        ("0", "0.0", "0"),
        ("1", "1.0", "1"),
        ("790", "790.0", "790"),
        ("12.345", "12.345", "12.345"),
        ("0.05", "0.05", "0.05"),
        ("8.80", "8.8", "8.8"),
        ("0.000001", "0.000001", "0.000001"),
        ("9200000000000.123456", "9200000000000.123456", "9200000000000.123456"),
        ("1000000", "1000000.0", "1000000"),
    ] {
        shop.put("demo42", vec![Record::Price(price("BR-1-1", "40000905", "KG", "1", amount))]);
        let answer = shop.get("number_company=1&seq_product=905").text;
        assert!(answer.contains(&format!(r#""normal_base_price":{json},"#)), "{amount}: {answer}");
        let answer = shop.xml("number_company=1&seq_product=905").text;
        let element = format!("<NORMAL_BASE_PRICE>{xml}</NORMAL_BASE_PRICE>");
        assert!(answer.contains(&element), "{amount}: {answer}");
    }
}

#[test]
fn texts_are_raw_in_json_and_escaped_in_xml() {
    let shop = Shop::open();
    let name = "<A> & \"ção\" \\ / \u{1F600}";
    shop.put_row(Kind::PaymentTerm, &[Cell::text("1"), Cell::text(name)]);
    let json = shop.get("number_company=1&seq_product=1234").text;
    assert!(json.contains("\"<A> & \\\"ção\\\" \\\\ / \u{1F600}\""), "{json}");
    let xml = shop.xml("number_company=1&seq_product=1234").text;
    let element = "<DESCRIPTION_PAYMENT_CONDITION>&lt;A&gt; &amp; \"ção\" \\ / \u{1F600}</DESC";
    assert_eq!(xml.matches(element).count(), 2, "{xml}");
}

#[test]
fn conditions_are_ordered_by_number_and_tables_by_character() {
    let shop = Shop::open();
    let term = |code: &str, amount: &str| {
        Record::Price(with_term(price("BR-1-1-001", "21991234", "UN", "1", amount), code))
    };
    for code in ["9", "100", "030", "NET"] {
        shop.put_row(Kind::PaymentTerm, &[Cell::text(code), Cell::text(code)]);
    }
    shop.put(
        "demo42",
        vec![term("9", "9"), term("100", "100"), term("030", "30"), term("NET", "5")],
    );
    for (number, list) in
        [("9", "BR-1-2-002"), ("10", "BR-1-1-002"), ("Z", "BR-3-3-001"), ("É", "BR-4-1-A1")]
    {
        let row =
            [Cell::Int(1), Cell::Int(1), Cell::text(number), Cell::text(number), Cell::text(list)];
        shop.put_row(Kind::SalesTable, &row);
        let entry = price(list, "21991234", "UN", "1", "7");
        shop.put("demo42", vec![Record::Price(with_term(entry, "2"))]);
    }
    let row = shop.get("number_company=1&seq_product=1234").rows().remove(0);
    let tables = row["sales_table"].as_array().unwrap();
    let numbers: Vec<&str> =
        tables.iter().map(|table| table["number_sales_table"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["001", "002", "10", "9", "Z", "É"]);
    let conditions = tables[0]["payment_condition"].as_array().unwrap();
    let numbers: Vec<String> = conditions
        .iter()
        .map(|condition| condition["number_payment_condition"].to_string())
        .collect();
    assert_eq!(numbers, ["1", "9", "30", "100"], "a term whose code is no number has no number");
}

#[test]
fn a_product_needs_a_sequence_number_and_must_be_for_sale() {
    let shop = Shop::open();
    let entry = || Record::Price(price("BR-2-1", "21991234", "UN", "1", "3"));
    shop.put("demo42", vec![entry()]);
    assert_eq!(shop.get("number_company=2").keys(), ["1234.0 x 1.0", "5680.0 x 1.0"]);
    shop.write("demo42", |tx| {
        let key = [Cell::text("21991234")];
        let Some(Record::Product(product)) = tx.get(Kind::Product, &key)? else {
            panic!("the demo has the product")
        };
        let state = ProductState::EndOfLife;
        tx.put(&Record::Product(Product { state, ..product }))?;
        Ok(())
    });
    assert_eq!(shop.get("number_company=2").keys(), ["5680.0 x 1.0"]);
    assert_eq!(shop.get("number_company=2&seq_product=1234").keys(), [""; 0]);
    shop.write("demo42", |tx| {
        let key =
            [Cell::text("11045680"), Cell::text("sequence_number"), Cell::text("5680"), Cell::Null];
        assert!(tx.remove(Kind::Identifier, &key)?);
        Ok(())
    });
    let answer = shop.get("number_company=2");
    assert_eq!((answer.text.as_str(), answer.header("X-Total-Count")), ("[]", "0"));
}

#[test]
fn an_ean_is_that_of_the_packing() {
    let shop = Shop::open();
    shop.put("demo42", vec![Record::Price(price("BR-2-1", "11045682", "FD", "6", "3"))]);
    let row = shop.get("number_company=2&seq_product=5682").rows().remove(0);
    assert_eq!(row["code_ean"], json!(null), "the product has one, this packing has none");
    let packing = Packing {
        sku: "11045682".parse().unwrap(),
        packing: "FD".parse().unwrap(),
        quantity: "6".parse().unwrap(),
        gtin: Some("7611990131310".parse().unwrap()),
    };
    shop.put("demo42", vec![Record::Packing(packing)]);
    let rows = shop.get("number_company=2&code_ean=7611990131310").keys();
    assert_eq!(rows, ["5680.0 x 1.0", "5682.0 x 6.0"]);
}

#[test]
fn a_price_in_another_currency_is_none() {
    let shop = Shop::open();
    let mut entry = price("BR-2-1", "21991234", "UN", "1", "3");
    entry.shape.currency = "EUR".parse().unwrap();
    shop.put("demo42", vec![Record::Price(entry)]);
    assert_eq!(shop.get("number_company=2").keys(), ["5680.0 x 1.0"]);
}
