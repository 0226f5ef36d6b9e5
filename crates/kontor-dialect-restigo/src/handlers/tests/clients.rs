//! Clients: who is one, on which lists, and what that costs them.

use super::*;

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
    assert_eq!(response.status, 201);
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
    let text = answer.text;
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
    let text = answer.text;
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
