//! Documents out and in.

use kontor_app::WriteError;
use kontor_app::documents::{DocumentFault, Received};
use kontor_model::supplier::SupplierCode;

use crate::config::{Config, Overrides};
use crate::documents::{self, DocumentWords, Limits};
use crate::scene::{Call, DEMO, MINI, Scene};

#[test]
fn documents_of_a_day_and_a_client() {
    let scene = Scene::new();
    let numbers = |target: &str| {
        let response = scene.answer(&Call::new("GET", target));
        assert_eq!(response.status, 200);
        assert_eq!(response.headers["content-type"], "application/xml; charset=utf-8");
        let text = response.text;
        let parts = text.split("<doc_num>").skip(1);
        let numbers = parts.filter_map(|part| part.split('<').next());
        numbers.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(numbers("/documents"), ["193401"]);
    assert_eq!(numbers("/documents?date=2016-01-28"), ["193402", "193402", "193403"]);
    assert_eq!(numbers("/documents?date=2016-01-28&customer_number=23101"), ["193403"]);
    assert_eq!(numbers("/documents?date=2016-01-26"), ["88001"]);
    // The value date decides nothing.
    assert!(numbers("/documents?date=2016-01-31").is_empty());
    assert!(numbers("/documents?customer_number=23101").is_empty());
    assert!(numbers("/documents?customer_number=0").is_empty());
}

#[test]
fn a_supplier_may_have_its_own_words() {
    let mut config = Config::default();
    let own = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    config.suppliers.insert(
        "demo42".to_owned(),
        Overrides {
            document_names: own(&[("Documents", "Daily"), ("doc_type", "kind")]),
            document_types: own(&[("invoice", "305")]),
        },
    );
    let scene = Scene::with(&config);
    let text = |token: &str| {
        let call = Call::new("GET", "/documents?date=2016-01-26").token(token);
        scene.answer(&call).text
    };
    let ours = text(DEMO);
    assert!(ours.contains("\n<Daily>\n") && ours.contains("<kind>305</kind>"), "{ours}");
    assert!(text(MINI).contains("\n<Documents>\n</Documents>\n"));
}

fn take_in(scene: &Scene, file: &str) -> Result<Received, WriteError<Vec<DocumentFault>>> {
    let words = DocumentWords::default();
    let documents = documents::read(file.as_bytes(), &words, Limits::default());
    let supplier: SupplierCode = "wcs-mini".parse().expect("a code");
    scene.app.receive_documents(supplier, "import", documents.expect("readable"))
}

fn file_of(scene: &Scene, date: &str) -> String {
    let call = Call::new("GET", &format!("/documents?date={date}")).token(MINI);
    scene.answer(&call).text
}

/// A file with these lines of one despatch advice: number, catalogue number, packages.
fn advice(customer: &str, lines: &[(&str, &str, &str)]) -> String {
    let mut file = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Documents>\n");
    for (document, number, packages) in lines {
        file.push_str("  <Item>\n");
        for (name, value) in [
            ("Package", *packages),
            ("Quantity", "6"),
            ("Item_Sku", number),
            ("Value_date", "2016-02-29"),
            ("reference_date", "2016-03-01"),
            ("supply_date", "2016-03-02"),
            ("supply_time", "00:00"),
            ("account_code", customer),
            ("doc_type", "11"),
            ("doc_num", document),
            ("Price", "12.5"),
        ] {
            file.extend(["    <", name, ">", value, "</", name, ">\n"]);
        }
        file.push_str("    <Remarks/>\n  </Item>\n");
    }
    file.push_str("</Documents>\n");
    file
}

#[test]
fn a_file_that_was_taken_in_is_given_out_again() {
    let scene = Scene::new();
    let file = advice("123", &[("77", "0101", "1"), ("77", "A2135", "2"), ("1234", "0101", "3")]);
    let received = take_in(&scene, &file).expect("taken in");
    assert_eq!(received, Received { documents: 2, lines: 3, changed: 5 });
    assert_eq!(file_of(&scene, "2016-02-29"), file);
    // Once more: nothing changes.
    let change = scene.change();
    let received = take_in(&scene, &file).expect("taken in");
    assert_eq!(received, Received { documents: 2, lines: 3, changed: 0 });
    assert_eq!((scene.change(), file_of(&scene, "2016-02-29")), (change, file));
    // A document that comes again is superseded with all its lines.
    let shorter = advice("123", &[("77", "A2135", "5")]);
    let received = take_in(&scene, &shorter).expect("taken in");
    assert_eq!(received, Received { documents: 1, lines: 1, changed: 2 });
    let expected = advice("123", &[("77", "A2135", "5"), ("1234", "0101", "3")]);
    assert_eq!(file_of(&scene, "2016-02-29"), expected);
}

#[test]
fn an_article_number_will_do_where_the_catalogue_has_none() {
    let scene = Scene::new();
    // 9001 has no number in the catalogue.
    let file = advice("123", &[("78", "9001", "1")]);
    take_in(&scene, &file).expect("taken in");
    assert_eq!(file_of(&scene, "2016-02-29"), file);
}

#[test]
fn what_does_not_exist_is_named_and_nothing_is_taken_in() {
    let scene = Scene::new();
    let before = file_of(&scene, "2016-02-29");
    let fault = |file: &str| match take_in(&scene, file) {
        Err(WriteError::Refused(faults)) => {
            faults.iter().map(ToString::to_string).collect::<Vec<String>>()
        }
        other => panic!("not refused: {other:?}"),
    };
    assert_eq!(
        fault(&advice("123", &[("79", "0101", "1"), ("79", "100106", "1"), ("80", "nope", "1")])),
        [
            "document 79, line 2: no product, or more than one, has the number 100106",
            "document 80, line 1: no product, or more than one, has the number nope"
        ]
    );
    assert_eq!(
        fault(&advice("556781", &[("79", "0101", "1")])),
        ["document 79: no customer has the number 556781"]
    );
    assert_eq!(file_of(&scene, "2016-02-29"), before);
}

#[test]
fn documents_cannot_be_taken_in_for_nobody() {
    let scene = Scene::new();
    let supplier: SupplierCode = "nobody".parse().expect("a code");
    let error = scene.app.receive_documents(supplier, "import", Vec::new()).expect_err("refused");
    assert!(matches!(error, WriteError::Store(_)), "{error:?}");
}
