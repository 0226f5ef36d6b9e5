use super::*;
use crate::scene::Call;

fn parameters(call: &Call) -> Parameters<'_> {
    Parameters::read(call.request()).expect("readable")
}

fn texts(faults: &Faults) -> Vec<&str> {
    let listed = faults.listed().iter();
    listed.map(|fault| fault.text.as_str()).collect()
}

#[test]
fn only_real_dates_in_one_notation() {
    for (text, expected) in [
        ("2016-01-27", true),
        ("2016-02-29", true),
        ("2015-02-29", false),
        ("2016-02-30", false),
        ("2016-2-3", false),
        ("2016-13-01", false),
        ("27.01.2016", false),
        ("2016-01-27T00:00:00", false),
        ("2016-01-27 ", false),
        ("+2016-01-27", false),
        ("-016-01-27", false),
        ("02016-01-27", false),
        ("2016-01-2\u{667}", false),
        ("2016-01-27-", false),
        ("", false),
    ] {
        assert_eq!(date(text).is_some(), expected, "{text}");
    }
}

#[test]
fn faults_come_in_the_order_of_the_table_then_of_the_lines() {
    let call = Call::new("POST", "/pricings/items").json(
        r#"{"items":[1,"x",null,[],{},{"catalog_number":" ","price_after_discount":[]},
            {"catalog_number":"a","price_after_discount":" 1 ","more":2},
            {"catalog_number":7,"price_after_discount":"x"}],
            "customer_number":5,"pricing_id":"1.0"}"#,
    );
    let faults = items_to_set(parameters(&call)).expect_err("faulty");
    assert_eq!(
        texts(&faults),
        [
            "The pricing id field must be an integer.",
            "The customer number field must be a string.",
            "The items.0 field must be an array.",
            "The items.1 field must be an array.",
            "The items.2 field must be an array.",
            "The items.3 field must be an array.",
            "The items.4.catalog_number field is required.",
            "The items.4.price_after_discount field is required.",
            "The items.5.catalog_number field is required.",
            "The items.5.price_after_discount field is required.",
            "The items.7.catalog_number field must be a string.",
            "The items.7.price_after_discount field must be a number.",
        ]
    );
}

#[test]
fn a_list_is_a_list_of_json() {
    for (items, text) in [
        (r#"{"0":{}}"#, "The items field must be an array."),
        (r#""0101""#, "The items field must be an array."),
        ("7", "The items field must be an array."),
        ("[]", "The items field is required."),
        ("null", "The items field is required."),
    ] {
        let body = format!(r#"{{"pricing_id":1,"customer_number":"1","items":{items}}}"#);
        let call = Call::new("POST", "/pricings/items").json(&body);
        let faults = items_to_set(parameters(&call)).expect_err("faulty");
        assert_eq!(texts(&faults), [text]);
        let faults = items_to_delete(parameters(&call)).expect_err("faulty");
        assert_eq!(texts(&faults), [text]);
    }
    let call = Call::new("DELETE", "/pricings/items?pricing_id=1&customer_number=1&items=0101");
    let faults = items_to_delete(parameters(&call)).expect_err("faulty");
    assert_eq!(texts(&faults), ["The items field must be an array."]);
}

#[test]
fn numbers_to_delete_are_texts() {
    let call = Call::new("DELETE", "/pricings/items")
        .json(r#"{"pricing_id":1,"customer_number":"1","items":[" 0101 ",101,null,"",["x"],{}]}"#);
    let faults = items_to_delete(parameters(&call)).expect_err("faulty");
    let expected: Vec<String> =
        (1..6).map(|index| format!("The items.{index} field must be a string.")).collect();
    assert_eq!(texts(&faults), expected);
    let call = Call::new("DELETE", "/pricings/items")
        .json(r#"{"pricing_id":1,"customer_number":"1","items":[" 0101 ","x"]}"#);
    let wanted = items_to_delete(parameters(&call)).expect("right");
    assert_eq!(wanted.items, ["0101", "x"]);
}

#[test]
fn lines_of_forms_are_read_like_those_of_json() {
    let call = Call::new("POST", "/pricings/items").form(
        "pricing_id=+4515&customer_number=556781\
         &items[9][catalog_number]=+100106+&items[9][price_after_discount]=32\
         &items[1][price_after_discount]=5&items[2]=x",
    );
    let faults = items_to_set(parameters(&call)).expect_err("faulty");
    assert_eq!(
        texts(&faults),
        ["The items.1.catalog_number field is required.", "The items.2 field must be an array."]
    );
    let call = Call::new(
        "POST",
        "/pricings/items?items[0][catalog_number]=0101&items[0][price_after_discount]=1.5",
    )
    .json(r#"{"pricing_id":4515,"customer_number":"556781"}"#);
    let wanted = items_to_set(parameters(&call)).expect("right");
    assert_eq!(wanted.items, [("0101".to_owned(), Money::from_micros(1_500_000))]);
}

#[test]
fn filters_are_texts_or_absent() {
    let call = Call::new("GET", "/pricings").json(r#"{"pricing_name":5}"#);
    let faults = name_part(parameters(&call), parameter::PRICING_NAME).expect_err("faulty");
    assert_eq!(texts(&faults), ["The pricing name field must be a string."]);
    let call = Call::new("GET", "/pricings?pricing_name=");
    let part = name_part(parameters(&call), parameter::PRICING_NAME).expect("right");
    assert_eq!(part, NamePart::default());
}

#[test]
fn a_part_is_looked_for_without_case() {
    let is_in = |part: &str, name: Option<&str>| NamePart(folded(part)).is_in(name);
    assert!(is_in("HDMI", Some("כבל hdmi 2")));
    assert!(is_in("hdmi", Some("כבל HDMI 2")));
    assert!(is_in("בתי", Some("בתי קפה")));
    assert!(is_in("ÀÉ", Some("xàéy")));
    assert!(is_in("ΟΔΟΣ", Some("οδοσ 5")));
    assert!(is_in("\u{212A}", Some("k")));
    assert!(is_in("", None));
    assert!(!is_in("x", None));
    assert!(!is_in("hdmi5", Some("HDMI 5")));
}

#[test]
fn dates_and_customers_of_documents() {
    let call = Call::new("GET", "/documents").json(r#"{"date":20160127,"customer_number":5}"#);
    let faults = documents(parameters(&call)).expect_err("faulty");
    assert_eq!(
        texts(&faults),
        [
            "The date field must match the format Y-m-d.",
            "The customer number field must be a string."
        ]
    );
    let call = Call::new("GET", "/documents?date=+2016-01-27+").header("customer-number", "7");
    let wanted = documents(parameters(&call)).expect("right");
    assert_eq!(wanted.date.map(|date| date.to_string()).as_deref(), Some("2016-01-27"));
    assert_eq!(wanted.customer_number.as_deref(), Some("7"));
    let call = Call::new("GET", "/documents").json(r#"{"date":[],"customer_number":null}"#);
    let wanted = documents(parameters(&call)).expect("right");
    assert_eq!((wanted.date, wanted.customer_number), (None, None));
}
