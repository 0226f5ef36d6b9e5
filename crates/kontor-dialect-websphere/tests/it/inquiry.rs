//! The questions that requests ask, for an operator.

use kontor_dialect_websphere::{Inquiry, InquiryError};

use crate::support::{NOW, Shop};

#[test]
fn tells_how_the_question_came_about() {
    let shop = Shop::open();
    let book = shop.app.book();
    let inquiry = Inquiry {
        store: "10201",
        part_number: "11.04.5682",
        contract: Some("20001"),
        quantity: Some("2"),
        uom: Some("CT"),
        currency: None,
        date: Some("2016-03-27T02:30:00"),
    };
    let now = NOW.parse().expect("an instant");
    let inquired = inquiry.question(&book, now).expect("a question");
    let explanation = book.explain(inquired.product, &inquired.question);
    let price = explanation.price.expect("a price");
    assert_eq!((price.amount.to_string().as_str(), inquired.question.decimals), ("129", 2));
    assert_eq!(inquired.question.at.to_string(), "2016-03-27T01:30:00Z");
    let expected = [
        "contract 20001 was asked for",
        "contract 20001 is for everybody",
        "contract 20001 is valid from … to …",
        "date 2016-03-27T02:30:00 is 2016-03-27T01:30:00Z (without offset in the zone of the store, Europe/Berlin)",
        "currency EUR is the default of the store",
        "unit CT was asked for",
        "one CT is 12 C62: tiers count in C62",
    ];
    assert_eq!(inquired.story, expected);
}

#[test]
fn tells_what_a_request_would_be_refused_for() {
    let shop = Shop::open();
    let book = shop.app.book();
    let now = NOW.parse().expect("an instant");
    let one = Inquiry { store: "10101", part_number: "A2135", ..Inquiry::default() };
    let expired =
        Inquiry { contract: Some("66666"), ..one }.question(&book, now).expect("a question");
    let told = expired.story.join("\n");
    assert!(told.contains("66666 is not active now") && told.contains("customers ACME"), "{told}");
    assert!(told.contains("no price lists at this date"), "{told}");
    let kilograms = Inquiry { uom: Some("KGM"), ..one }.question(&book, now).expect("a question");
    assert!(kilograms.story.contains(&"KGM cannot be converted to C62".to_owned()));
    let fault = |inquiry: Inquiry<'_>| inquiry.question(&book, now).expect_err("no question");
    assert_eq!(fault(Inquiry { store: "9", ..one }).to_string(), "store 9 does not exist");
    assert_eq!(
        fault(Inquiry { contract: Some("20001"), ..one }).to_string(),
        "contract 20001 cannot be used"
    );
    assert_eq!(
        fault(Inquiry { quantity: Some("0"), ..one }).to_string(),
        "quantity is not valid: a quantity is above zero"
    );
    assert_eq!(
        fault(Inquiry { uom: Some("ZZ9"), ..one }),
        InquiryError::UnknownUnit("ZZ9".to_owned())
    );
    assert!(matches!(
        fault(Inquiry { part_number: "NO", ..one }),
        InquiryError::UnknownProduct { .. }
    ));
    let twins = fault(Inquiry { store: "10201", part_number: "TWIN", ..one }).to_string();
    assert!(twins.ends_with("31000001, 31000002"), "{twins}");
}
