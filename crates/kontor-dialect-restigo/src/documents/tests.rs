use std::collections::BTreeMap;

use jiff::civil::{Date, time};
use kontor_app::documents::{IssuedLine, ReceivedDocument, ReceivedLine};
use kontor_model::document::{Document, DocumentKind, DocumentLine};
use kontor_model::money::Money;
use kontor_wire::xml_read::XmlError;

use super::*;

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn document(kind: DocumentKind, number: &str) -> Document {
    Document {
        kind,
        number: number.parse().expect("a number"),
        customer: "556781".parse().expect("a number"),
        issued: day("2016-01-27"),
        value_date: day("2016-01-31"),
        supply_date: day("2016-01-28"),
        supply_time: Some(time(6, 30, 0, 0)),
    }
}

fn line(
    document: &Document,
    position: i64,
    price: Option<&str>,
    remarks: Option<&str>,
) -> DocumentLine {
    DocumentLine {
        kind: document.kind,
        number: document.number.clone(),
        position,
        sku: "11045680".parse().expect("a number"),
        packages: "2".parse().expect("a quantity"),
        units_per_package: "0.5".parse().expect("a quantity"),
        unit_price: price.map(|price| price.parse().expect("a price")),
        remarks: remarks.map(str::to_owned),
    }
}

fn written(words: &DocumentWords, lines: &[(&Document, DocumentLine)]) -> String {
    let mut file = DocumentsWriter::new(words);
    for (document, line) in lines {
        let (document, catalogue_number) = (*document, "100106");
        file.line(&IssuedLine { document, line, catalogue_number });
    }
    String::from_utf8(file.finish()).expect("UTF-8")
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn received(file: &str) -> Result<Vec<ReceivedDocument>, DocumentXmlError> {
    read(file.as_bytes(), &DocumentWords::default(), Limits::default())
}

#[test]
fn a_line_without_price_time_and_remarks() {
    let mut advice = document(DocumentKind::DespatchAdvice, "193401");
    advice.supply_time = None;
    let file = written(&DocumentWords::default(), &[(&advice, line(&advice, 1, None, None))]);
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<Documents>
  <Item>
    <Package>2</Package>
    <Quantity>0.5</Quantity>
    <Item_Sku>100106</Item_Sku>
    <Value_date>2016-01-27</Value_date>
    <reference_date>2016-01-31</reference_date>
    <supply_date>2016-01-28</supply_date>
    <supply_time>00:00</supply_time>
    <account_code>556781</account_code>
    <doc_type>11</doc_type>
    <doc_num>193401</doc_num>
    <Remarks/>
  </Item>
</Documents>
"#;
    assert_eq!(file, expected);
}

#[test]
fn an_empty_day_is_an_empty_root() {
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Documents>\n</Documents>\n";
    assert_eq!(written(&DocumentWords::default(), &[]), expected);
    assert_eq!(received(expected), Ok(Vec::new()));
}

#[test]
fn names_and_codes_can_be_others() {
    let names =
        map(&[("Documents", "Export"), ("Item", "Zeile"), ("Item_Sku", "מק"), ("Remarks", "Note")]);
    let codes = map(&[("invoice", "305"), ("despatch_advice", "תע")]);
    let words = DocumentWords::default().with(&names, &codes).expect("usable");
    let invoice = document(DocumentKind::Invoice, "88001");
    let file = written(&words, &[(&invoice, line(&invoice, 1, Some("55.10"), Some("a & b")))]);
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<Export>
  <Zeile>
    <Package>2</Package>
    <Quantity>0.5</Quantity>
    <מק>100106</מק>
    <Value_date>2016-01-27</Value_date>
    <reference_date>2016-01-31</reference_date>
    <supply_date>2016-01-28</supply_date>
    <supply_time>06:30</supply_time>
    <account_code>556781</account_code>
    <doc_type>305</doc_type>
    <doc_num>88001</doc_num>
    <Price>55.1</Price>
    <Note>a &amp; b</Note>
  </Zeile>
</Export>
"#;
    assert_eq!(file, expected);
    let documents = read(file.as_bytes(), &words, Limits::default()).expect("readable");
    assert_eq!(documents[0].document, invoice);
    let advice = document(DocumentKind::DespatchAdvice, "1");
    let file = written(&words, &[(&advice, line(&advice, 1, None, None))]);
    assert!(file.contains("<doc_type>תע</doc_type>"), "{file}");
}

#[test]
fn words_that_could_not_be_read_back_are_refused() {
    let with = |names: &[(&str, &str)], codes: &[(&str, &str)]| {
        let words = DocumentWords::default().with(&map(names), &map(codes));
        words.expect_err("not usable").to_string()
    };
    for bad in ["", "1st", "a b", "a/><b", "x:y", "a>b</a", "a=\"1\"", "<", "-a", "a\u{0}"] {
        let error = with(&[("Price", bad)], &[]);
        assert_eq!(error, format!("document_names.Price: {bad:?} is no name of an XML element"));
    }
    assert_eq!(
        with(&[("Price", "Quantity")], &[]),
        "document_names.Price: another element has the name \"Quantity\""
    );
    assert_eq!(with(&[("price", "Cost")], &[]), "document_names.price: no element has this name");
    assert_eq!(
        with(&[], &[("order", "1")]),
        "document_types.order: neither invoice nor despatch_advice"
    );
    assert_eq!(with(&[], &[("invoice", "11")]), "document_types: both kinds have the code \"11\"");
    for bad in ["", " 1", "1\n", "\u{1}"] {
        assert!(with(&[], &[("invoice", bad)]).starts_with("document_types.invoice: "), "{bad:?}");
    }
    // Two may be exchanged, and a field may be called like the root.
    let exchanged = map(&[("Price", "Package"), ("Package", "Price"), ("Item", "Documents")]);
    assert!(DocumentWords::default().with(&exchanged, &map(&[])).is_ok());
}

#[test]
fn what_was_written_is_read_back() {
    let words = DocumentWords::default();
    let first = document(DocumentKind::DespatchAdvice, "193401");
    // The same number of another kind is another document.
    let second = document(DocumentKind::Invoice, "193401");
    let lines = [
        (&first, line(&first, 1, Some("21.6"), Some("A & B <מבצע>"))),
        (&second, line(&second, 1, None, None)),
        (&first, line(&first, 2, Some("0.000001"), Some("b"))),
    ];
    let documents = received(&written(&words, &lines)).expect("readable");
    let expected = |line: &DocumentLine| ReceivedLine {
        catalogue_number: "100106".to_owned(),
        packages: line.packages,
        units_per_package: line.units_per_package,
        unit_price: line.unit_price,
        remarks: line.remarks.clone(),
    };
    assert_eq!(
        documents,
        [
            ReceivedDocument {
                document: first.clone(),
                lines: vec![expected(&lines[0].1), expected(&lines[2].1)],
            },
            ReceivedDocument { document: second.clone(), lines: vec![expected(&lines[1].1)] },
        ]
    );
}

/// A file with one item whose fields are as given; an empty value leaves the field out.
fn one_item(changed: &[(&str, &str)]) -> String {
    let usual = [
        ("Package", "2"),
        ("Quantity", "12"),
        ("Item_Sku", "100106"),
        ("Value_date", "2016-01-27"),
        ("reference_date", "2016-01-27"),
        ("supply_date", "2016-01-28"),
        ("supply_time", "06:30"),
        ("account_code", "556781"),
        ("doc_type", "11"),
        ("doc_num", "193401"),
        ("Price", "21.6"),
        ("Remarks", "x"),
    ];
    let mut item = String::new();
    for (name, value) in usual {
        let other = changed.iter().find(|(changed, _)| *changed == name);
        let value = other.map_or(value, |(_, value)| value);
        if !value.is_empty() {
            item.extend(["<", name, ">", value, "</", name, ">"]);
        }
    }
    format!("<Item>{item}</Item>")
}

fn check_fault(changed: &[(&str, &str)], expected: &str) {
    let file = format!("<Documents>{}</Documents>", one_item(changed));
    let error = received(&file).expect_err("faulty");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn faults_name_item_field_and_value() {
    for field in [
        "Package",
        "Quantity",
        "Item_Sku",
        "Value_date",
        "reference_date",
        "supply_date",
        "account_code",
        "doc_type",
        "doc_num",
    ] {
        check_fault(&[(field, "")], &format!("item 1: {field} is missing"));
    }
    check_fault(&[("Package", "x")], "item 1: Package \"x\": not a decimal number");
    check_fault(
        &[("Quantity", "0.1234567")],
        "item 1: Quantity \"0.1234567\": more than 6 decimals",
    );
    check_fault(&[("Price", "1e3")], "item 1: Price \"1e3\": not a decimal number");
    check_fault(
        &[("Value_date", "2016-02-30")],
        "item 1: Value_date \"2016-02-30\": not a date such as 2016-01-27",
    );
    check_fault(
        &[("supply_time", "24:00")],
        "item 1: supply_time \"24:00\": not a time such as 06:30",
    );
    check_fault(
        &[("doc_type", "12")],
        "item 1: doc_type \"12\": neither the code of an invoice nor of a despatch advice",
    );
    let long = "1".repeat(300);
    check_fault(
        &[("doc_num", &long)],
        &format!("item 1: doc_num \"{}\": longer than 255 bytes", &long[..100]),
    );
    let file =
        format!("<Documents>{}{}</Documents>", one_item(&[]), one_item(&[("account_code", "123")]));
    let error = received(&file).expect_err("faulty");
    assert_eq!(
        error.to_string(),
        "item 2: account_code \"123\" differs from an item before of document 193401"
    );
    let error = received("<Documents><Line/></Documents>").expect_err("faulty");
    assert_eq!(error.to_string(), "item 1: the element is Line, not Item");
    let error = received("<Invoices/>").expect_err("faulty");
    assert_eq!(error.to_string(), "the root element is Invoices, not Documents");
}

#[test]
fn optional_fields_may_be_missing_empty_or_constant() {
    for (time, expected) in
        [("", None), ("00:00", None), (" 00:00 ", None), ("06:30", Some(time(6, 30, 0, 0)))]
    {
        let changed = [("supply_time", time), ("Price", ""), ("Remarks", "")];
        let file = format!("<Documents>\n {} </Documents>", one_item(&changed));
        let documents = received(&file).expect("readable");
        assert_eq!(documents[0].document.supply_time, expected, "{time}");
        assert_eq!(documents[0].lines[0].unit_price, None);
        assert_eq!(documents[0].lines[0].remarks, None);
    }
    let file = format!("<Documents>{}</Documents>", one_item(&[("Price", "0")]));
    let documents = received(&file).expect("readable");
    assert_eq!(documents[0].lines[0].unit_price, Some(Money::ZERO), "zero is not unknown");
}

#[test]
fn files_have_limits_and_no_tricks() {
    let file = format!("<Documents>{}</Documents>", one_item(&[]));
    let words = DocumentWords::default();
    let at = Limits { bytes: file.len(), ..Limits::default() };
    assert!(read(file.as_bytes(), &words, at).is_ok());
    let below = Limits { bytes: file.len() - 1, ..Limits::default() };
    let error = read(file.as_bytes(), &words, below).expect_err("too long");
    assert_eq!(error, DocumentXmlError::Xml(XmlError::Limit("bytes")));
    let few = Limits { nodes: 10, ..Limits::default() };
    let error = read(file.as_bytes(), &words, few).expect_err("too many");
    assert_eq!(error, DocumentXmlError::Xml(XmlError::Limit("nodes")));
    let error = received("<!DOCTYPE Documents><Documents/>").expect_err("a doctype");
    assert_eq!(error, DocumentXmlError::Xml(XmlError::Doctype));
    let error = received("<Documents>").expect_err("cut off");
    assert!(matches!(error, DocumentXmlError::Xml(XmlError::Malformed { .. })), "{error}");
}
