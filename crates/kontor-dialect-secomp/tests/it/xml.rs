//! XML requests: encodings, structure, leniency (section 3).

use crate::support::{all, post, served, statuses, xml};

fn check(body: &[u8], expected: &[&str]) {
    let answer = post(&served(), body);
    assert_eq!(statuses(&answer), expected, "{}", String::from_utf8_lossy(body));
}

const ITEM: &str = "<ITEM><SKU>11.04.5680</SKU></ITEM>";

#[test]
fn encodings_that_are_known() {
    let request = xml(ITEM);
    let wide = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        let units = request.encode_utf16().flat_map(unit);
        mark.into_iter().chain(units).collect::<Vec<u8>>()
    };
    check(request.as_bytes(), &["0", "0"]);
    check(&[b"\xEF\xBB\xBF", request.as_bytes()].concat(), &["0", "0"]);
    check(&wide(u16::to_le_bytes, [0xFF, 0xFE]), &["0", "0"]);
    check(&wide(u16::to_be_bytes, [0xFE, 0xFF]), &["0", "0"]);
    for encoding in ["UTF-8", "US-ASCII", "ISO-8859-1", "ISO-8859-15", "windows-1252"] {
        let declared = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{request}");
        check(declared.as_bytes(), &["0", "0"]);
    }
    for encoding in ["UTF-7", "KOI8-R", "x"] {
        let declared = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{request}");
        check(declared.as_bytes(), &["4"]);
    }
    check(xml("<ITEM><SKU>\u{fffd}</SKU></ITEM>").replace('\u{fffd}', "é").as_bytes(), &["0", "2"]);
    check(&[b"<PRODUCTREQUEST>", &b"\xE9"[..], b"</PRODUCTREQUEST>"].concat(), &["4"]);
}

#[test]
fn structure_that_is_wrong() {
    for body in [
        "<PRODUCTREQUEST/>",
        "<PRODUCTREQUEST><CUSTOMER/></PRODUCTREQUEST>",
        "<PRODUCTREQUEST><ITEM_LIST/></PRODUCTREQUEST>",
        "<productrequest><CUSTOMER/><ITEM_LIST/></productrequest>",
        "<x:PRODUCTREQUEST xmlns:x=\"y\"><CUSTOMER/><ITEM_LIST/></x:PRODUCTREQUEST>",
        "<PRODUCTREQUEST xmlns=\"y\"><CUSTOMER/><ITEM_LIST/></PRODUCTREQUEST>",
        "<PRODUCTREQUEST><CUSTOMER/><ITEM_LIST/></PRODUCTREQUEST><x/>",
        "<!DOCTYPE x><PRODUCTREQUEST><CUSTOMER/><ITEM_LIST/></PRODUCTREQUEST>",
        "<",
        "",
        "product_id=1",
        "{}",
    ] {
        check(body.as_bytes(), &["4"]);
    }
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    check(xml(&deep).as_bytes(), &["4"]);
}

#[test]
fn what_does_not_matter() {
    let request = format!(
        "<!-- x --><PRODUCTREQUEST a=\"b\">text<ITEM_LIST><OTHER/>text<ITEM c=\"d\">{}</ITEM></ITEM_LIST>\
         <CUSTOMER><PASSWORD> 12abcd34 </PASSWORD><LOGIN>\n_RQ123456\n</LOGIN></CUSTOMER></PRODUCTREQUEST>",
        "<X>1</X><PRODUCT_ID> 11.04.5680 </PRODUCT_ID>"
    );
    let answer = post(&served(), request.as_bytes());
    assert_eq!(statuses(&answer), ["0", "0"]);
    assert_eq!(all(&answer, "LOGIN"), ["_RQ123456"]);
}

#[test]
fn of_several_numbers_of_an_item_one_counts_and_is_echoed() {
    let served = served();
    let items = "<ITEM><EAN>7611990991235</EAN><SKU>11.04.5682</SKU></ITEM>\
                 <ITEM><SKU/><EAN>7611990991235</EAN><PRODUCT_ID> </PRODUCT_ID></ITEM>";
    let answer = post(&served, xml(items).as_bytes());
    assert_eq!(all(&answer, "PRODUCT_ID"), ["11045682", "21991234"]);
    assert_eq!(all(&answer, "SKU"), ["11.04.5682"]);
    assert_eq!(all(&answer, "EAN"), ["7611990991235"]);
}

#[test]
fn markup_and_forbidden_characters_come_back_harmless() {
    let served = served();
    let answer = post(&served, xml("<ITEM><SKU>&lt;&amp;&#x9;\"</SKU></ITEM>").as_bytes());
    assert_eq!(all(&answer, "SKU"), ["&lt;&amp;\t\""]);
    let answer = crate::support::ask(&served, "sku=a%00b%EF%BF%BE");
    assert_eq!(all(&answer, "SKU"), ["a\u{fffd}b\u{fffd}"]);
}
