//! Whole requests against the demo catalogue.

use kontor_model::catalogue::Record;
use kontor_model::customer::{Contact, Customer, Entitlement, State};
use kontor_model::identifier::{Identifier, Scheme};
use kontor_model::instant::Instant;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceList, PriceUnit, Shape};
use kontor_model::quantity::Quantity;
use kontor_model::validity::Validity;
use kontor_pricing::{Found, Lookup, Question};

use super::*;
use crate::scene::{Call, MINI, NOW, Scene};

mod documents;
mod model;

const LIST_4515: &str = "/pricings?pricing_name=%D7%A7%D7%A4%D7%94";

fn set(list: i64, customer: &str, items: &[(&str, &str)]) -> Call {
    let lines: Vec<String> = items
        .iter()
        .map(|(number, price)| {
            format!(r#"{{"catalog_number":"{number}","price_after_discount":{price}}}"#)
        })
        .collect();
    let lines = lines.join(",");
    Call::new("POST", "/pricings/items").json(&format!(
        r#"{{"pricing_id":{list},"customer_number":"{customer}","items":[{lines}]}}"#
    ))
}

fn delete(list: i64, customer: &str, numbers: &[&str]) -> Call {
    let numbers: Vec<String> = numbers.iter().map(|number| format!("\"{number}\"")).collect();
    let numbers = numbers.join(",");
    Call::new("DELETE", "/pricings/items").json(&format!(
        r#"{{"pricing_id":{list},"customer_number":"{customer}","items":[{numbers}]}}"#
    ))
}

fn remove(list: i64, customer: &str) -> Call {
    let target = format!("/pricings/removeClient?pricing_id={list}&customer_number={customer}");
    Call::new("DELETE", &target)
}

fn client(number: &str) -> Call {
    Call::new("GET", &format!("/clients?customer_number={number}"))
}

fn customer(number: &str, branch_number: Option<i64>, state: State) -> Record {
    Record::Customer(Customer {
        number: number.parse().expect("a number"),
        name: None,
        state,
        currency: None,
        branch_number,
    })
}

fn entitlement(customer: &str, list: &str, position: i64) -> Record {
    Record::Entitlement(Entitlement {
        customer: customer.parse().expect("a number"),
        list: list.parse().expect("a code"),
        position,
    })
}

fn identifier(sku: &str, scheme: Scheme, value: &str) -> Record {
    Record::Identifier(Identifier {
        sku: sku.parse().expect("a number"),
        scheme,
        value: value.to_owned(),
        customer: None,
    })
}

/// A price in ILS of `LIST-4515` that counts for a while.
fn dated(sku: &str, from: Option<&str>, to: Option<&str>, amount: &str) -> Record {
    let instant = |text: &str| text.parse::<Instant>().expect("an instant");
    let validity = Validity::new(from.map(instant), to.map(instant)).expect("not empty");
    price(sku, validity, Quantity::ZERO, EntryKind::Regular, amount)
}

fn price(
    sku: &str,
    validity: Validity,
    minimum: Quantity,
    kind: EntryKind,
    amount: &str,
) -> Record {
    Record::Price(PriceEntry {
        list: "LIST-4515".parse().expect("a code"),
        sku: sku.parse().expect("a number"),
        shape: Shape {
            unit: PriceUnit::Base,
            currency: "ILS".parse().expect("a currency"),
            minimum,
            validity,
            kind,
            term: None,
            decimals: 2,
        },
        amount: Some(amount.parse().expect("an amount")),
        changed_at: NOW.parse().expect("an instant"),
    })
}

/// What the engine answers for one unit, the same for every protocol.
fn priced(scene: &Scene, customer: &str, sku: &str) -> Option<String> {
    let book = scene.app.book();
    let tenant = book.supplier("demo42").expect("is there");
    let Found::One(product) = book.find(tenant.id(), Lookup::Sku(sku)) else {
        return None;
    };
    let product_ref = book.product(product).expect("is there");
    let found = book.price(&Question {
        lists: &tenant.customer(customer)?.lists,
        strategy: tenant.supplier()?.strategy,
        product,
        quantity: Quantity::ONE,
        uom: product_ref.card.product.base_uom,
        currency: "ILS".parse().expect("a currency"),
        at: scene.app.now(),
        term: None,
    });
    found.map(|price| price.amount.to_string())
}

#[test]
fn the_token_comes_before_everything_else() {
    let scene = Scene::new();
    for call in [
        Call::new("GET", "/items"),
        Call::new("GET", "/nothing"),
        Call::new("GET", ""),
        Call::new("PUT", "/items"),
        Call::new("POST", "/pricings").too_large(),
        Call::new("POST", "/pricings").json("{"),
        Call::new("POST", "/pricings?token=tok-restigo-demo"),
    ] {
        for call in [
            call.clone().without_token(),
            call.clone().token("tok-restigo-dem"),
            call.clone().token("TOK-RESTIGO-DEMO"),
            call.clone().token("T-CONSINCO-DEMO"),
            call.clone().without_token().header("authorization", "Bearer tok-restigo-demo"),
        ] {
            scene.check(&call, 401, r#"{"message":"token not found"}"#);
        }
    }
}

#[test]
fn then_path_method_length_body_parameters_list_client() {
    let scene = Scene::new();
    let before = scene.lists();
    let not_found = r#"{"message":"not found"}"#;
    scene.check(&Call::new("PUT", "/nothing").too_large(), 404, not_found);
    scene.check(&Call::new("GET", ""), 404, not_found);
    let method = r#"{"message":"method not allowed"}"#;
    scene.check(&Call::new("PUT", "/pricings").too_large(), 405, method);
    scene.check(&Call::new("OPTIONS", "/documents").json("{"), 405, method);
    let large = r#"{"message":"payload too large"}"#;
    scene.check(&Call::new("POST", "/pricings").too_large(), 413, large);
    scene.check(&Call::new("GET", "/items").too_large(), 413, large);
    let malformed = r#"{"message":"malformed json"}"#;
    for call in [
        Call::new("POST", "/pricings?name=x"),
        Call::new("GET", "/items"),
        Call::new("GET", "/clients"),
        Call::new("GET", "/documents?date=x"),
        Call::new("DELETE", "/pricings/removeClient"),
    ] {
        scene.check(&call.json("{"), 400, malformed);
    }
    let response = scene.answer(
        &Call::new("POST", "/pricings/items")
            .json(r#"{"pricing_id":1,"customer_number":"0","items":[5]}"#),
    );
    assert_eq!(response.status.as_u16(), 422);
    let no_list = r#"{"message":"pricing not found"}"#;
    scene.check(&set(1, "0", &[("0101", "5")]), 404, no_list);
    scene.check(&delete(1, "0", &["0101"]), 404, no_list);
    scene.check(&remove(1, "0"), 404, no_list);
    let no_client = r#"{"message":"client not found"}"#;
    scene.check(&set(4515, "0", &[("0101", "5")]), 404, no_client);
    scene.check(&delete(4515, "0", &["0101"]), 404, no_client);
    scene.check(&remove(4515, "0"), 404, no_client);
    scene.check(&client("0"), 404, no_client);
    assert_eq!(scene.lists(), before, "nothing of this changed anything");
}

#[test]
fn numbers_longer_than_any_of_ours_denote_no_list() {
    let scene = Scene::new();
    let no_list = r#"{"message":"pricing not found"}"#;
    for id in ["99999999999999999999", "\"-99999999999999999999\"", "\"+4\"", "-4515"] {
        let body = format!(r#"{{"pricing_id":{id},"customer_number":"123"}}"#);
        scene.check(&Call::new("DELETE", "/pricings/removeClient").json(&body), 404, no_list);
    }
}

#[test]
fn a_new_list_is_empty_and_gets_the_next_number() {
    let scene = Scene::new();
    let create =
        |name: &str| Call::new("POST", "/pricings").json(&format!("{{\"name\":\"{name}\"}}"));
    scene.check(
        &create(" a \\\"b\\\" \\\\ / \\n😀 "),
        201,
        "{\"pricing_id\":5545,\"pricing_name\":\"a \\\"b\\\" \\\\ / \\n😀\"}",
    );
    let taken = r#"{"message":"The name has already been taken.","errors":{"name":["The name has already been taken."]}}"#;
    scene.check(&create("a \\\"b\\\" \\\\ / \\n😀"), 422, taken);
    scene.check(&create("בתי קפה"), 422, taken);
    // Compared exactly; a refused call uses no number up.
    scene.check(
        &create("A \\\"b\\\" \\\\ / \\n😀"),
        201,
        "{\"pricing_id\":5546,\"pricing_name\":\"A \\\"b\\\" \\\\ / \\n😀\"}",
    );
    scene.check(
        &Call::new("GET", "/pricings?pricing_name=a+%22B"),
        200,
        "[{\"pricing_id\":5545,\"pricing_name\":\"a \\\"b\\\" \\\\ / \\n😀\",\"clients\":[],\"catalog_items\":[]},\
          {\"pricing_id\":5546,\"pricing_name\":\"A \\\"b\\\" \\\\ / \\n😀\",\"clients\":[],\"catalog_items\":[]}]",
    );
    // The other supplier has its own numbers and names.
    scene.check(
        &create("בתי קפה").token(MINI),
        201,
        "{\"pricing_id\":701,\"pricing_name\":\"בתי קפה\"}",
    );
}

#[test]
fn names_of_255_characters_pass_and_of_256_do_not() {
    let scene = Scene::new();
    let longest = "ש".repeat(255);
    let call = Call::new("POST", "/pricings").json(&format!("{{\"name\":\"  {longest}\"}}"));
    scene.check(&call, 201, &format!("{{\"pricing_id\":5545,\"pricing_name\":\"{longest}\"}}"));
    let call = Call::new("POST", "/pricings").json(&format!("{{\"name\":\"{longest}!\"}}"));
    let text = "The name field must not be greater than 255 characters.";
    let body = format!("{{\"message\":\"{text}\",\"errors\":{{\"name\":[\"{text}\"]}}}}");
    scene.check(&call, 422, &body);
}

#[test]
fn lists_without_a_number_are_not_theirs() {
    let scene = Scene::new();
    // Two lists of segments are called so; the catalogue lets names of lists repeat.
    scene.check(
        &Call::new("POST", "/pricings").json(r#"{"name":"ATACADO"}"#),
        201,
        r#"{"pricing_id":5545,"pricing_name":"ATACADO"}"#,
    );
    let response = scene.answer(&Call::new("POST", "/pricings").json(r#"{"name":"ATACADO"}"#));
    assert_eq!(response.status.as_u16(), 422);
    scene.check(
        &Call::new("GET", "/pricings?pricing_name=ATACADO"),
        200,
        r#"[{"pricing_id":5545,"pricing_name":"ATACADO","clients":[],"catalog_items":[]}]"#,
    );
}

#[test]
fn imported_numbers_and_codes_are_not_given_out_again() {
    let scene = Scene::new();
    let list = |code: &str, number: Option<i64>| {
        Record::PriceList(PriceList {
            code: code.parse().expect("a code"),
            number,
            name: None,
            currency: None,
            time_zone: None,
        })
    };
    scene.put("demo42", vec![list("X", Some(5545)), list("R-5546", None), list("R-5546-2", None)]);
    scene.check(
        &Call::new("POST", "/pricings").json(r#"{"name":"n"}"#),
        201,
        r#"{"pricing_id":5546,"pricing_name":"n"}"#,
    );
    let answer = scene.answer(&Call::new("GET", "/pricings"));
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(text.contains(r#"{"pricing_id":5545,"pricing_name":null,"clients":[]"#), "{text}");
}

#[test]
fn prices_are_added_updated_and_kept_exactly() {
    let scene = Scene::new();
    let items =
        [("100106", "32"), ("0101", "1000000000000"), ("100105", "0.000001"), ("לחמא00905", "0")];
    scene.check(
        &set(4515, "556781", &items),
        201,
        "{\"message\":\"success\",\"items_added\":[\"100106\",\"לחמא00905\"],\"items_updated\":[\"0101\",\"100105\"]}",
    );
    let lists = "[{\"pricing_id\":4515,\"pricing_name\":\"בתי קפה\",\
        \"clients\":[{\"client_id\":1,\"client_name\":\"קפה נמרוד\"}],\"catalog_items\":[\
        {\"item_name\":\"כבל HDMI 2 מ'\",\"item_id\":435,\"price_after_discount\":32},\
        {\"item_name\":\"כבל HDMI 5 מ'\",\"item_id\":436,\"price_after_discount\":1000000000000},\
        {\"item_name\":\"רכזת USB 4 יציאות\",\"item_id\":437,\"price_after_discount\":0.000001},\
        {\"item_name\":\"לחם אחיד\",\"item_id\":905,\"price_after_discount\":0}]}]";
    scene.check(&Call::new("GET", LIST_4515), 200, lists);
    // Again: told as updated, but nothing is written.
    let change = scene.change();
    scene.check(
        &set(4515, "556781", &items),
        201,
        "{\"message\":\"success\",\"items_added\":[],\"items_updated\":[\"100106\",\"0101\",\"100105\",\"לחמא00905\"]}",
    );
    scene.check(&Call::new("GET", LIST_4515), 200, lists);
    assert_eq!(scene.change(), change);
}

#[test]
fn what_is_written_prices_the_client_everywhere() {
    let scene = Scene::new();
    assert_eq!(priced(&scene, "556781", "11045682").as_deref(), Some("50"));
    scene.answer(&set(4515, "556781", &[("0101", "51.234")]));
    assert_eq!(priced(&scene, "556781", "11045682").as_deref(), Some("51.234"));
    scene.answer(&delete(4515, "556781", &["0101"]));
    assert_eq!(priced(&scene, "556781", "11045682"), None);
    // A list that is newly assigned comes first, also where the older one is cheaper.
    assert_eq!(priced(&scene, "123", "11045680").as_deref(), Some("30"));
    scene.answer(&set(123, "123", &[("0101", "1")]));
    assert_eq!(priced(&scene, "123", "11045680").as_deref(), Some("112"));
    assert_eq!(priced(&scene, "123", "21991234").as_deref(), Some("19.5"));
    // A list that was assigned before keeps its place.
    scene.answer(&set(5544, "123", &[("100106", "31")]));
    assert_eq!(priced(&scene, "123", "11045680").as_deref(), Some("112"));
    scene.answer(&remove(123, "123"));
    assert_eq!(priced(&scene, "123", "11045680").as_deref(), Some("31"));
}

#[test]
fn a_client_is_linked_only_when_a_line_was_applied() {
    let scene = Scene::new();
    scene.check(
        &set(123, "556781", &[("nope", "1"), ("999999", "1"), ("nope", "2")]),
        201,
        r#"{"message":"success","items_added":[],"items_updated":[],"items_not_found":["nope","999999"]}"#,
    );
    let only = "{\"client_id\":1,\"client_name\":\"קפה נמרוד\",\"customer_number\":\"556781\",\
        \"pricings\":[{\"pricing_id\":4515,\"pricing_name\":\"בתי קפה\"}],\
        \"users\":[{\"user_id\":71,\"user_name\":\"נמרוד כהן\"}]}";
    scene.check(&client("556781"), 200, only);
    // The same price as before is applied too.
    let response = scene.answer(&set(123, "556781", &[("100106", "112.0")]));
    assert_eq!(response.status.as_u16(), 201);
    let both = only.replace(
        "[{\"pricing_id\":4515",
        "[{\"pricing_id\":123,\"pricing_name\":\"שם מחירון\"},{\"pricing_id\":4515",
    );
    scene.check(&client("556781"), 200, &both);
    scene.check(
        &remove(123, "556781"),
        200,
        r#"{"message":"Client has been successfully removed from the pricing"}"#,
    );
    scene.check(&client("556781"), 200, only);
    scene.check(&remove(123, "556781"), 404, r#"{"message":"client not found"}"#);
}

#[test]
fn items_are_deleted_once_and_only_for_a_client_on_the_list() {
    let scene = Scene::new();
    scene.check(&delete(5544, "556781", &["0101"]), 404, r#"{"message":"client not found"}"#);
    scene.check(
        &delete(5544, "123", &["100105", "nope", "0101", "100105", "TW1"]),
        200,
        r#"{"message":"success","items_deleted":["100105","0101"]}"#,
    );
    scene.check(
        &delete(5544, "123", &["100105", "0101"]),
        200,
        r#"{"message":"success","items_deleted":[]}"#,
    );
    // The client stays on the list when its last item goes.
    scene.answer(&delete(5544, "123", &["100106"]));
    let answer = scene.answer(&client("123"));
    assert!(String::from_utf8_lossy(&answer.body).contains("\"pricing_id\":5544"));
}

#[test]
fn of_a_repeated_number_the_last_price_counts() {
    let scene = Scene::new();
    // Another number of the cable that 0101 denotes.
    scene.put("demo42", vec![identifier("11045682", Scheme::CatalogueNumber, "0101-B")]);
    scene.check(
        &set(
            4515,
            "556781",
            &[("0101", "1"), ("TW1", "2"), ("0101-B", "3"), ("0101", "4"), ("TW1", "5")],
        ),
        201,
        r#"{"message":"success","items_added":["TW1"],"items_updated":["0101","0101-B"]}"#,
    );
    assert_eq!(priced(&scene, "556781", "11045682").as_deref(), Some("4"));
    scene.answer(&set(4515, "556781", &[("0101", "1"), ("0101-B", "6")]));
    assert_eq!(priced(&scene, "556781", "11045682").as_deref(), Some("6"));
    scene.check(
        &delete(4515, "556781", &["0101-B", "0101"]),
        200,
        r#"{"message":"success","items_deleted":["0101-B"]}"#,
    );
}

#[test]
fn a_number_of_several_products_is_never_resolved_by_preferring_one() {
    let scene = Scene::new();
    scene.put(
        "demo42",
        vec![
            identifier("31000002", Scheme::CatalogueNumber, "TW1"),
            // Only one of these is for sale.
            identifier("11040001", Scheme::CatalogueNumber, "TW2"),
        ],
    );
    scene.check(
        &set(4515, "556781", &[("TW1", "1"), ("TW2", "2")]),
        201,
        r#"{"message":"success","items_added":["TW2"],"items_updated":[],"items_not_found":["TW1"]}"#,
    );
    assert_eq!(priced(&scene, "556781", "31000002").as_deref(), Some("2"));
    scene.check(
        &delete(4515, "556781", &["TW1", "TW2"]),
        200,
        r#"{"message":"success","items_deleted":["TW2"]}"#,
    );
}

#[test]
fn products_withdrawn_from_sale_are_not_shown_but_can_be_deleted() {
    let scene = Scene::new();
    scene.put("demo42", vec![dated("11040001", None, None, "4")]);
    let before = scene.answer(&Call::new("GET", LIST_4515));
    assert!(!String::from_utf8_lossy(&before.body).contains("440"));
    scene.check(
        &delete(4515, "556781", &["999999"]),
        200,
        r#"{"message":"success","items_deleted":["999999"]}"#,
    );
}

#[test]
fn customers_without_branch_or_disabled_are_unknown() {
    let scene = Scene::new();
    scene.put(
        "demo42",
        vec![
            customer("no-branch", None, State::Active),
            customer("off", Some(9), State::Disabled),
            entitlement("no-branch", "LIST-5544", 1),
            entitlement("off", "LIST-5544", 1),
        ],
    );
    let no_client = r#"{"message":"client not found"}"#;
    for number in ["no-branch", "off", "123456", "0123", "23101%00"] {
        scene.check(&client(number), 404, no_client);
        scene.check(&remove(5544, number), 404, no_client);
    }
    scene.check(&set(5544, "off", &[("0101", "1")]), 404, no_client);
    scene.check(&delete(5544, "no-branch", &["0101"]), 404, no_client);
    let answer = scene.answer(&Call::new("GET", "/pricings"));
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(!text.contains("\"client_id\":9"), "{text}");
}

#[test]
fn clients_lists_and_users_are_ordered_by_number() {
    let scene = Scene::new();
    let contact = |number: i64, name: &str| {
        Record::Contact(Contact {
            customer: "123".parse().expect("a number"),
            number,
            name: name.to_owned(),
        })
    };
    scene.put(
        "demo42",
        vec![
            customer("zz", Some(-1), State::Active),
            customer("aa", Some(10), State::Active),
            entitlement("zz", "LIST-5544", 1),
            entitlement("aa", "LIST-5544", 1),
            entitlement("123", "LIST-123", 7),
            entitlement("123", "EUR-A", 8),
            contact(100, "b"),
            contact(9, "a"),
        ],
    );
    let answer = scene.answer(&Call::new("GET", "/pricings?pricing_name=%D7%9E%D7%A1%D7%A2"));
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let clients = "\"clients\":[{\"client_id\":-1,\"client_name\":null},\
        {\"client_id\":2,\"client_name\":\"מסעדת הים\"},{\"client_id\":3,\"client_name\":\"מפעל אוריאל\"},\
        {\"client_id\":10,\"client_name\":null}]";
    assert!(text.contains(clients), "{text}");
    scene.check(
        &client("123"),
        200,
        "{\"client_id\":2,\"client_name\":\"מסעדת הים\",\"customer_number\":\"123\",\
         \"pricings\":[{\"pricing_id\":123,\"pricing_name\":\"שם מחירון\"},\
         {\"pricing_id\":5544,\"pricing_name\":\"מסעדות\"}],\
         \"users\":[{\"user_id\":9,\"user_name\":\"a\"},{\"user_id\":100,\"user_name\":\"b\"}]}",
    );
}

#[test]
fn dated_prices_tiers_and_promotions_of_an_import_stay() {
    let scene = Scene::new();
    let ten = "10".parse().expect("a quantity");
    scene.put(
        "demo42",
        vec![
            // The cable: past and future, nothing now.
            dated("11045680", None, Some("2016-01-01T00:00:00Z"), "1"),
            dated("11045680", Some("2016-03-01T00:00:00Z"), None, "3"),
            // The twin: now until spring.
            dated("31000001", None, Some("2016-03-01T00:00:00Z"), "5"),
            dated("31000001", Some("2016-03-01T00:00:00Z"), None, "6"),
            price("31000002", Validity::ALWAYS, ten, EntryKind::Regular, "7"),
            price("31000002", Validity::ALWAYS, Quantity::ZERO, EntryKind::Promotion, "8"),
        ],
    );
    let shown = |scene: &Scene| {
        let answer = scene.answer(&Call::new("GET", LIST_4515));
        String::from_utf8_lossy(&answer.body).into_owned()
    };
    let text = shown(&scene);
    assert!(!text.contains("\"item_id\":435"), "nothing counts now: {text}");
    assert!(text.contains("\"item_id\":441,\"price_after_discount\":5}"), "{text}");
    assert!(!text.contains("\"item_id\":442"), "{text}");
    scene.check(
        &set(4515, "556781", &[("100106", "2"), ("TW1", "5.5"), ("TW2", "9")]),
        201,
        r#"{"message":"success","items_added":["100106","TW2"],"items_updated":["TW1"]}"#,
    );
    assert_eq!(priced(&scene, "556781", "11045680").as_deref(), Some("2"));
    assert_eq!(priced(&scene, "556781", "31000001").as_deref(), Some("5.5"));
    assert_eq!(
        priced(&scene, "556781", "31000002").as_deref(),
        Some("8"),
        "the promotion is lower"
    );
    scene.check(
        &delete(4515, "556781", &["100106", "TW1", "TW2"]),
        200,
        r#"{"message":"success","items_deleted":["100106","TW1","TW2"]}"#,
    );
    assert_eq!(priced(&scene, "556781", "31000002").as_deref(), Some("8"));
    // What the import dated for later is still there: nothing may be put over it.
    let book = scene.app.book();
    let tenant = book.supplier("demo42").expect("is there");
    let Found::One(id) = book.find(tenant.id(), Lookup::Sku("11045680")) else {
        panic!("the cable is there");
    };
    let list = tenant.list_id("LIST-4515").expect("is there");
    let run = book.product(id).expect("is there").run;
    let amounts: Vec<i64> = run.of_list(list).map(|entry| entry.amount).collect();
    assert_eq!(amounts.len(), 2);
    assert!(amounts.contains(&1_000_000) && amounts.contains(&3_000_000), "{amounts:?}");
}

#[test]
fn foreign_objects_are_answered_like_unknown_ones() {
    let scene = Scene::new();
    let before = scene.lists();
    let same = |ours: &Call, unknown: &Call| {
        let (ours, unknown) = (scene.answer(ours), scene.answer(unknown));
        assert_eq!(
            (ours.status, &ours.headers, &ours.body),
            (unknown.status, &unknown.headers, &unknown.body)
        );
    };
    let mini = |call: Call| call.token(MINI);
    same(&mini(set(4515, "123", &[("0101", "5")])), &mini(set(1, "123", &[("0101", "5")])));
    same(&mini(set(700, "556781", &[("0101", "5")])), &mini(set(700, "0", &[("0101", "5")])));
    same(&mini(delete(5544, "123", &["0101"])), &mini(delete(1, "123", &["0101"])));
    same(&mini(remove(5544, "123")), &mini(remove(1, "123")));
    same(&mini(remove(700, "23101")), &mini(remove(700, "0")));
    same(&mini(client("23101")), &mini(client("0")));
    same(
        &mini(Call::new("GET", "/documents?customer_number=556781")),
        &mini(Call::new("GET", "/documents?customer_number=0")),
    );
    assert_eq!(scene.lists(), before);
    scene.check(
        &mini(set(700, "123", &[("100106", "5")])),
        201,
        r#"{"message":"success","items_added":[],"items_updated":[],"items_not_found":["100106"]}"#,
    );
}

#[test]
fn faults_change_nothing() {
    let scene = Scene::new();
    let (before, change) = (scene.lists(), scene.change());
    for body in [
        r#"{"pricing_id":4515,"customer_number":"556781","items":[{"catalog_number":"0101","price_after_discount":5},{"catalog_number":"100105"}]}"#,
        r#"{"pricing_id":4515,"customer_number":556781,"items":[{"catalog_number":"0101","price_after_discount":5}]}"#,
        r#"{"pricing_id":4515,"customer_number":"556781","items":[{"catalog_number":"0101","price_after_discount":0.0000001}]}"#,
        r#"{"pricing_id":4515,"customer_number":"556781","items":[{"catalog_number":"0101","price_after_discount":1000000000000.000001}]}"#,
        r#"{"pricing_id":4515,"customer_number":"556781","items":{"0":{"catalog_number":"0101","price_after_discount":5}}}"#,
    ] {
        let response = scene.answer(&Call::new("POST", "/pricings/items").json(body));
        assert_eq!(response.status.as_u16(), 422, "{body}");
    }
    assert_eq!((scene.lists(), scene.change()), (before, change));
}

#[test]
fn as_many_lines_as_a_body_holds() {
    let scene = Scene::new();
    let mut body = String::from(r#"{"pricing_id":4515,"customer_number":"556781","items":["#);
    for index in 0..18_000 {
        if index > 0 {
            body.push(',');
        }
        let number = if index % 2 == 0 { "0101" } else { "unknown" };
        body.extend([r#"{"catalog_number":""#, number, r#"","price_after_discount":7}"#]);
    }
    body.push_str("]}");
    assert!(body.len() < MAX_BODY);
    scene.check(
        &Call::new("POST", "/pricings/items").json(&body),
        201,
        r#"{"message":"success","items_added":[],"items_updated":["0101"],"items_not_found":["unknown"]}"#,
    );
    let zeros = format!(
        "{{\"pricing_id\":1,\"customer_number\":\"1\",\"items\":[0{}]}}",
        ",0".repeat(500_000)
    );
    let response = scene.answer(&Call::new("POST", "/pricings/items").json(&zeros));
    assert_eq!(response.status.as_u16(), 422);
    assert!(response.body.len() < 200_000, "{}", response.body.len());
    let text = String::from_utf8_lossy(&response.body).into_owned();
    assert!(text.contains("(and 500000 more errors)"));
}

#[test]
fn concurrent_writers_lose_nothing() {
    let scene = Scene::new();
    let numbers = ["100106", "0101", "100105", "TW1", "TW2", "לחמא00905", "הבלקן8386"];
    std::thread::scope(|threads| {
        for (index, number) in numbers.iter().enumerate() {
            let scene = &scene;
            threads.spawn(move || {
                for round in 0..10 {
                    let price = format!("{}", index * 100 + round);
                    let call = set(4515, "23101", &[(number, &price)]);
                    assert_eq!(scene.answer(&call).status.as_u16(), 201);
                }
                let call = Call::new("POST", "/pricings").json(r#"{"name":"one of many"}"#);
                scene.answer(&call);
            });
        }
    });
    for (index, sku) in
        ["11045680", "11045682", "21991234", "31000001", "31000002", "40000905", "40008386"]
            .iter()
            .enumerate()
    {
        let expected = format!("{}", index * 100 + 9);
        assert_eq!(priced(&scene, "23101", sku), Some(expected), "{sku}");
    }
    let answer = scene.answer(&Call::new("GET", "/pricings?pricing_name=one+of+many"));
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(text.matches("one of many").count(), 1, "{text}");
}

#[test]
fn filters_and_null_names() {
    let scene = Scene::new();
    scene.check(&Call::new("GET", "/items?item_name=nothing"), 200, "[]");
    scene.check(&Call::new("GET", "/pricings?pricing_name=nothing"), 200, "[]");
    scene.check(
        &Call::new("GET", "/items?item_name=hdmi+5"),
        200,
        "[{\"item_id\":436,\"item_name\":\"כבל HDMI 5 מ'\"}]",
    );
    let all = scene.answer(&Call::new("GET", "/items"));
    let blank = scene.answer(&Call::new("GET", "/items?item_name=%20"));
    assert_eq!(all.body, blank.body);
    let head = scene.answer(&Call::new("HEAD", "/items"));
    assert_eq!((head.status, head.body), (all.status, all.body), "the server drops the body");
}
