//! The finders of the later version: `GET`.

use crate::support::{ACME, Call, PRICE, Results, Shop, Token};

fn check(shop: &Shop, parameters: &str, expected: &[&str]) {
    let answer = shop.send(&Call::get(&format!("{PRICE}?{parameters}")).token(ACME));
    assert_eq!(answer.prices(), expected, "{parameters}");
}

fn check_error(shop: &Shop, parameters: &str, expected: &str) {
    let answer = shop.send(&Call::get(&format!("{PRICE}?{parameters}")).token(ACME));
    assert_eq!(answer.error(), expected, "{parameters}");
}

const ONE: &str = "10001 A2135 2135: 12.00 USD/1.0 C62";
const CHAIR: &str = "10001 WCL004_041404 11724: 60.00 USD/1.0 C62";

#[test]
fn finds_by_part_number_or_id() {
    let shop = Shop::open();
    check(&shop, "q=byPartNumbers&partNumber=A2135", &[ONE]);
    check(&shop, "q=byCatalogEntryIds&catalogEntryId=2135", &[ONE]);
    check(&shop, "q=byCatalogEntryIds&catalogEntryId=2135,11724&partNumber=x", &[ONE, CHAIR]);
    check(&shop, "q=byPartNumbers&partNumber=A2135&partNumber=+WCL004_041404+", &[ONE, CHAIR]);
    check(&shop, "q=byPartNumbers&partNumber=,,+,A2135,&catalogEntryId=11724", &[ONE]);
    check(&shop, "q=byPartNumbers&partNumber=a2135", &[]);
}

#[test]
fn a_known_number_is_never_split() {
    let shop = Shop::open();
    let vis = "10001 VIS M6,30/ÄÖ 9002: 0.0450 USD/1.0 C62";
    check(&shop, "q=byPartNumbers&partNumber=+VIS+M6,30/%C3%84%C3%96+", &[vis]);
    check(&shop, "q=byPartNumbers&partNumber=A2135,VIS+M6,30/%C3%84%C3%96", &[ONE]);
}

#[test]
fn everything_else_is_asked_once_for_all_products() {
    let shop = Shop::open();
    let dozen = "10001 A2135 2135: 129.60 USD/1.0 DZN";
    check(&shop, "q=byPartNumbers&partNumber=A2135&uom=DZN", &[dozen]);
    let ten = "10001 A2135 2135: 9.90 EUR/10.5 C62";
    check(&shop, "q=byPartNumbers&partNumber=A2135&quantity=&quantity=10.5&currency=EUR", &[ten]);
    let own = "43221 A2135 2135: 11.60 USD/1.0 C62";
    let dated = "q=byPartNumbers&partNumber=A2135&contractId=43221&date=2016-07-01T02:00:00";
    for zone in ["", "Z", "%2B01:00", "+01:00", "-01:00"] {
        check(&shop, &format!("{dated}{zone}"), &[own]);
    }
    let before = "43221 A2135 2135: 11.40 USD/1.0 C62";
    check(&shop, &format!("{dated}+14:00"), &[before]);
    check(&shop, "q=byPartNumbers&partNumber=A2135&date=2016-07-01&date=x", &[ONE]);
}

#[test]
fn profiles_under_both_names() {
    let shop = Shop::open();
    let ranges = |parameters: &str| {
        let path = format!("{PRICE}?q=byPartNumbers&partNumber=A2135&{parameters}");
        let get = shop.send(&Call::get(&path));
        let path = format!("{PRICE}?{parameters}");
        let body = r#"{"query":{"name":"byPartNumber","products":[{"partNumber":"A2135"}]}}"#;
        let post = shop.send(&Call::post(&path, body));
        assert_eq!(get.status, 200, "{}", get.text);
        let has = |text: &str| text.contains("RangePrice\"");
        assert_eq!(has(&get.text), has(&post.text), "{parameters}");
        has(&get.text)
    };
    assert!(!ranges(""));
    assert!(!ranges("profile=default"));
    assert!(ranges("profile=range"));
    assert!(ranges("profileName=IBM_Store_EntitledPrice_RangePrice_All"));
    assert!(!ranges("profileName=IBM_Store_EntitledPrice_All"));
    assert!(!ranges("profile=default&profileName=IBM_Store_EntitledPrice_RangePrice_All"));
    assert!(ranges("profileName=IBM_Store_EntitledPrice_All&profile=range"));
    check_error(
        &shop,
        "q=byPartNumbers&partNumber=A2135&profile=range&profileName=range",
        "400 _ERR_CMD_INVALID_PARAM CMN0207E profileName",
    );
}

#[test]
fn parameters_that_change_nothing() {
    let shop = Shop::open();
    let all =
        "checkEntitlement=false&dynamicKitAsItem=true&catalogId=1&langId=-1&forUser=&currency=";
    check(&shop, &format!("q=byPartNumbers&partNumber=A2135&{all}"), &[ONE]);
    check_error(
        &shop,
        "q=byPartNumbers&partNumber=A2135&checkEntitlement=false&contractId=55555",
        "400 _ERR_INVALID_TRADING = 55555",
    );
}

#[test]
fn errors_in_their_order() {
    let shop = Shop::open();
    let mut parameters = vec![
        ("uom=x", "400 _ERR_CMD_INVALID_PARAM CMN0207E uom"),
        ("quantity=0", "400 _ERR_CMD_INVALID_PARAM CMN0207E quantity"),
        ("currency=CHF", "400 _ERR_CURRENCY_NOT_SUPPORTED = CHF,10101"),
        ("date=x", "400 _ERR_CMD_INVALID_PARAM CMN0207E date"),
        ("contractId=9", "400 _ERR_INVALID_TRADING = 9"),
        ("profileName=x", "400 _ERR_CMD_INVALID_PARAM CMN0207E profileName"),
        ("profile=x", "400 _ERR_CMD_INVALID_PARAM CMN0207E profile"),
    ];
    let mut all = "q=byPartNumbers&partNumber=A2135".to_owned();
    for (parameter, expected) in parameters.drain(..) {
        all = format!("{all}&{parameter}");
        check_error(&shop, &all, expected);
    }
    let all = all.replace("&partNumber=A2135", "&partNumber=,");
    check_error(&shop, &all, "400 _ERR_CMD_MISSING_PARAM CMN0206E partNumber");
    let all = all.replace("byPartNumbers", "byCatalogEntryIds");
    check_error(&shop, &all, "400 _ERR_CMD_MISSING_PARAM CMN0206E catalogEntryId");
    let all = all.replace("q=byCatalogEntryIds", "q=byPartNumber");
    check_error(&shop, &all, "400 _ERR_CMD_INVALID_PARAM CMN0207E q");
    let all = all.replace("q=byPartNumber", "q=");
    check_error(&shop, &all, "400 _ERR_CMD_MISSING_PARAM CMN0206E q");
    let all = format!("{all}&forUserId=1");
    check_error(&shop, &all, "400 _ERR_USER_AUTHORITY = forUserId");
    let all = format!("{all}&forUser=1");
    check_error(&shop, &all, "400 _ERR_USER_AUTHORITY = forUser");
}

#[test]
fn the_limit_of_prices_holds_for_finders_too() {
    let shop = Shop::open();
    let numbers = |count: usize| vec!["1"; count].join(",");
    let path = |count| format!("q=byCatalogEntryIds&catalogEntryId={}", numbers(count));
    check(&shop, &path(10_000), &[]);
    check_error(&shop, &path(10_001), "400 _ERR_INVALID_INPUT = query");
}
