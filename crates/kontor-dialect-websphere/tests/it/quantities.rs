//! Quantities, units, and the digits of prices.

use crate::support::{Results, Shop};

fn asked(quantity: &str) -> String {
    format!(
        r#"{{"name":"byPartNumber","products":[{{"partNumber":"A2135","quantities":[{quantity}]}}]}}"#
    )
}

#[test]
fn forms_of_quantities() {
    let shop = Shop::open();
    for (quantity, expected) in [
        (r#"{"quantity":1}"#, "12.00 USD/1.0 C62"),
        (r#"{"quantity":1.000000000}"#, "12.00 USD/1.0 C62"),
        (r#"{"quantity":1E+2}"#, "9.60 USD/100.0 C62"),
        (r#"{"quantity":1000e-2}"#, "10.80 USD/10.0 C62"),
        (r#"{"quantity":"+10"}"#, "10.80 USD/10.0 C62"),
        (r#"{"quantity":"9.999999"}"#, "12.00 USD/9.999999 C62"),
        (r#"{"quantity":99.999999}"#, "10.80 USD/99.999999 C62"),
        (r#"{"quantity":null,"uom":null}"#, "12.00 USD/1.0 C62"),
        (r#"{"quantity":"","uom":""}"#, "12.00 USD/1.0 C62"),
        (r#"{"uom":"C62","x":1}"#, "12.00 USD/1.0 C62"),
        (r#"{"quantity":999999999999.999999}"#, "9.60 USD/999999999999.999999 C62"),
        // Below the first tier, a unit that is not convertible, a unit that nobody knows.
        (r#"{"quantity":0.999999}"#, ""),
        (r#"{"quantity":0.000001}"#, ""),
        (r#"{"quantity":1,"uom":"KGM"}"#, ""),
        (r#"{"quantity":1,"uom":"ZZ9"}"#, ""),
        // The tier by the base quantity; the price of one echoed unit.
        (r#"{"quantity":0.5,"uom":"DZN"}"#, "144.00 USD/0.5 DZN"),
        (r#"{"quantity":"0.833333","uom":"DZN"}"#, "144.00 USD/0.833333 DZN"),
        (r#"{"quantity":0.833334,"uom":"DZN"}"#, "129.60 USD/0.833334 DZN"),
        (r#"{"quantity":999999999999,"uom":"DZN"}"#, "115.20 USD/999999999999.0 DZN"),
        (r#"{"quantity":0.083333,"uom":"DZN"}"#, ""),
    ] {
        let answer = shop.ask(&asked(quantity));
        assert_eq!(answer.prices(), [format!("10001 A2135 2135: {expected}")], "{quantity}");
    }
}

#[test]
fn refused_quantities() {
    let shop = Shop::open();
    for quantity in [
        "0",
        "-1",
        "-0",
        "0.0",
        "0e5",
        "1e400",
        "1e-400",
        "1e-7",
        "0.0000001",
        "1.0000001",
        "1000000000000",
        "1e12",
        "123456789012345678901234567890",
        r#""1e1""#,
        r#""NaN""#,
        r#"" 1""#,
        r#""1,5""#,
        r#""--1""#,
        r#"".""#,
        r#""0x1""#,
        r#""Infinity""#,
        r#""+""#,
        "true",
        "[1]",
        "{}",
        "[]",
    ] {
        let answer = shop.ask(&asked(&format!(r#"{{"quantity":{quantity},"uom":"?"}}"#)));
        let expected =
            "400 _ERR_CMD_INVALID_PARAM CMN0207E query.products[0].quantities[0].quantity";
        assert_eq!(answer.error(), expected, "{quantity}");
    }
    for uom in ["\"c62\"", "\"C-6\"", "\"C62X\"", "\" C62\"", "\"Ä\"", "62", "[]", "{}", "false"] {
        let answer = shop.ask(&asked(&format!(r#"{{"quantity":1}},{{"uom":{uom}}}"#)));
        let expected = "400 _ERR_CMD_INVALID_PARAM CMN0207E query.products[0].quantities[1].uom";
        assert_eq!(answer.error(), expected, "{uom}");
    }
    for quantity in ["1", "\"1\"", "null", "[]", "[{}]"] {
        let answer = shop.ask(&asked(&format!("{{}},{quantity}")));
        let expected = "400 _ERR_CMD_INVALID_PARAM CMN0207E query.products[0].quantities[1]";
        assert_eq!(answer.error(), expected, "{quantity}");
    }
}

#[test]
fn a_product_of_another_base_unit_has_no_price_without_quantities() {
    let shop = Shop::open();
    let without = r#"{"name":"byProductID","products":[{"productId":"4135"}]}"#;
    assert_eq!(shop.ask(without).prices(), ["10001 A4135 4135: "]);
    let with = r#"{"name":"byProductID","products":[{"productId":"4135","quantities":[
        {"quantity":0.5,"uom":"MTR"},{"quantity":99.999,"uom":"MTR"},{"quantity":100,"uom":"MTR"}]}]}"#;
    let expected = "10001 A4135 4135: 3.50 USD/0.5 MTR, 3.50 USD/99.999 MTR, 3.10 USD/100.0 MTR";
    assert_eq!(shop.ask(with).prices(), [expected]);
}
