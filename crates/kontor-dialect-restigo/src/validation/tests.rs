use serde_json::json;

use super::*;

fn text_of(check: impl FnOnce(&mut Faults)) -> Option<String> {
    let mut faults = Faults::default();
    check(&mut faults);
    faults.listed().first().map(|fault| fault.text.clone())
}

fn check_price(literal: &str, expected: Result<i64, &str>) {
    let value = json::parse(literal.as_bytes()).expect("json");
    let mut faults = Faults::default();
    let price = faults.price("items.0.price_after_discount", &value);
    match expected {
        Ok(micros) => assert_eq!(price.map(Money::micros), Some(micros), "{literal}"),
        Err(text) => {
            let text = format!("The items.0.price_after_discount field {text}");
            assert_eq!(faults.listed()[0].text, text, "{literal}");
        }
    }
}

#[test]
fn prices_are_exact_and_the_first_broken_rule_is_told() {
    let number = "must be a number.";
    let decimals = "must have 0-6 decimal places.";
    let least = "must be at least 0.";
    let most = "must not be greater than 1000000000000.";
    for (literal, expected) in [
        ("32", Ok(32_000_000)),
        ("0", Ok(0)),
        ("-0", Ok(0)),
        ("-0.0", Ok(0)),
        ("1e2", Ok(100_000_000)),
        ("1E-6", Ok(1)),
        ("0.1000000000", Ok(100_000)),
        ("1000000000000", Ok(MAX_PRICE)),
        ("1000000000000.000000", Ok(MAX_PRICE)),
        ("\"21.60\"", Ok(21_600_000)),
        ("\"+.5\"", Ok(500_000)),
        ("\"5.\"", Ok(5_000_000)),
        ("\"007\"", Ok(7_000_000)),
        ("0.0000001", Err(decimals)),
        ("\"1.2345678\"", Err(decimals)),
        ("1e-7", Err(decimals)),
        ("-0.0000001", Err(decimals)),
        ("2000000000000.0000001", Err(decimals)),
        ("-0.01", Err(least)),
        ("-1e99", Err(least)),
        ("\"-1\"", Err(least)),
        ("1000000000000.000001", Err(most)),
        ("1e999999999999999999999", Err(most)),
        ("\"99999999999999999999\"", Err(most)),
        ("\"1e2\"", Err(number)),
        ("\"abc\"", Err(number)),
        ("\"1,5\"", Err(number)),
        ("\"1 000\"", Err(number)),
        ("\".\"", Err(number)),
        ("\"+\"", Err(number)),
        ("\"\u{661}\"", Err(number)),
        ("true", Err(number)),
        ("[1]", Err(number)),
        ("{}", Err(number)),
    ] {
        check_price(literal, expected);
    }
}

fn check_integer(literal: &str, expected: Option<WholeNumber>) {
    let value = json::parse(literal.as_bytes()).expect("json");
    let found = Faults::default().integer("pricing_id", &value);
    assert_eq!(found, expected, "{literal}");
}

#[test]
fn integers_are_numbers_without_fraction_or_texts_of_digits() {
    for (literal, number) in [
        ("5544", 5544),
        ("-5", -5),
        ("-0", 0),
        ("\"5544\"", 5544),
        ("\"+5544\"", 5544),
        ("\"-1\"", -1),
        ("\"0005544\"", 5544),
    ] {
        check_integer(literal, Some(WholeNumber(Some(number))));
    }
    // An integer all the same, though no list can have it.
    check_integer("99999999999999999999", Some(WholeNumber(None)));
    check_integer("\"-99999999999999999999\"", Some(WholeNumber(None)));
    for bad in [
        "5544.0",
        "1e3",
        "\"5544x\"",
        "\"5544.0\"",
        "\"1e3\"",
        "\"-\"",
        "\"+-5\"",
        "\"5 5\"",
        "true",
        "[5544]",
        "{}",
        "\"\u{665}\"",
    ] {
        check_integer(bad, None);
    }
    let text = text_of(|faults| {
        let _ = faults.integer("pricing_id", &json!(true));
    });
    assert_eq!(text.as_deref(), Some("The pricing id field must be an integer."));
}

#[test]
fn names_have_at_most_255_characters() {
    for (name, text) in [
        ("a".repeat(255), None),
        ("ש".repeat(255), None),
        ("a".repeat(256), Some("The name field must not be greater than 255 characters.")),
        ("a\tb\nc".to_owned(), None),
        ("a\u{0}b".to_owned(), Some("The name field format is invalid.")),
        ("a\u{7f}".to_owned(), Some("The name field format is invalid.")),
    ] {
        let found = text_of(|faults| drop(faults.name("name", json!(name))));
        assert_eq!(found.as_deref(), text, "{name}");
    }
    let found = text_of(|faults| drop(faults.name("name", json!(5))));
    assert_eq!(found.as_deref(), Some("The name field must be a string."));
}

#[test]
fn the_first_text_counts_the_others() {
    let mut faults = Faults::default();
    faults.add("customer_number", Rule::Required);
    let first = "The customer number field is required.";
    assert_eq!(faults.summary(), first);
    faults.add("items.0", Rule::Text);
    assert_eq!(faults.summary(), format!("{first} (and 1 more error)"));
    faults.add("items.1.catalog_number", Rule::Text);
    assert_eq!(faults.summary(), format!("{first} (and 2 more errors)"));
    let texts: Vec<&str> = faults.listed().iter().map(|fault| fault.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            first,
            "The items.0 field must be a string.",
            "The items.1.catalog_number field must be a string."
        ]
    );
}

#[test]
fn all_faults_are_counted_but_not_all_are_listed() {
    let mut faults = Faults::default();
    for index in 0..LISTED {
        faults.add(format_args!("items.{index}"), Rule::List);
    }
    assert_eq!(faults.listed().len(), LISTED);
    faults.add(format_args!("items.{LISTED}"), Rule::List);
    assert_eq!(faults.listed().len(), LISTED);
    assert!(faults.summary().ends_with("(and 20000 more errors)"));
}
