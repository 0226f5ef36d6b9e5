//! Items of a list: which prices calls set and remove.

use super::*;

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
    assert!(answer.text.contains("\"pricing_id\":5544"));
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
    assert!(!before.text.contains("440"));
    scene.check(
        &delete(4515, "556781", &["999999"]),
        200,
        r#"{"message":"success","items_deleted":["999999"]}"#,
    );
}

#[test]
fn a_price_from_one_on_is_the_price_of_the_item() {
    let scene = Scene::new();
    let tier = |minimum: &str, amount: &str| {
        let minimum = minimum.parse().expect("a quantity");
        price("31000001", Validity::ALWAYS, minimum, EntryKind::Regular, amount)
    };
    scene.put("demo42", vec![tier("0", "9"), tier("1", "8"), tier("10", "7")]);
    let shown = || scene.answer(&Call::new("GET", LIST_4515)).text;
    let item = |price: &str| format!("\"item_id\":441,\"price_after_discount\":{price}}}");
    let text = shown();
    assert!(text.contains(&item("8")) && text.matches("\"item_id\":441").count() == 1, "{text}");
    scene.check(
        &set(4515, "556781", &[("TW1", "6.5")]),
        201,
        r#"{"message":"success","items_added":[],"items_updated":["TW1"]}"#,
    );
    assert!(shown().contains(&item("6.5")));
    assert_eq!(priced(&scene, "556781", "31000001").as_deref(), Some("6.5"));
    scene.check(
        &delete(4515, "556781", &["TW1"]),
        200,
        r#"{"message":"success","items_deleted":["TW1"]}"#,
    );
    assert!(!shown().contains("\"item_id\":441"), "nothing of it is left below ten");
}

#[test]
fn items_come_in_parts_like_in_a_form() {
    let scene = Scene::new();
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let of = [part("pricing_id", "5544"), part("customer_number", "123")].concat();
    let names =
        part("items[0][catalog_number]", "0101") + &part("items[0][price_after_discount]", "5");
    let json = part("items", r#"[{"catalog_number":"0101","price_after_discount":6}]"#);
    for items in [names, json] {
        let call = Call::new("POST", "/pricings/items").body(format!("{of}{items}--b--\r\n"));
        scene.check(
            &call.header("content-type", "multipart/form-data; boundary=b"),
            201,
            r#"{"message":"success","items_added":[],"items_updated":["0101"]}"#,
        );
    }
    let broken = Call::new("POST", "/pricings").body(part("name", "x"));
    scene.check(
        &broken.header("content-type", "multipart/form-data; boundary=b"),
        400,
        r#"{"message":"malformed json"}"#,
    );
}

/// A form would be read from any bytes.
#[test]
fn a_body_that_cannot_be_decoded_is_malformed_whatever_it_calls_itself() {
    let scene = Scene::new();
    for content_type in ["application/json", "application/x-www-form-urlencoded", ""] {
        let call = Call::new("POST", "/pricings?name=new").header("content-type", content_type);
        scene.check(&call.undecodable(), 400, r#"{"message":"malformed json"}"#);
    }
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
        answer.text
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
    assert_eq!(response.status, 422);
    assert!(response.text.len() < 2_000_000, "{}", response.text.len());
    let text = response.text;
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
                    assert_eq!(scene.answer(&call).status, 201);
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
    let text = answer.text;
    assert_eq!(text.matches("one of many").count(), 1, "{text}");
}
