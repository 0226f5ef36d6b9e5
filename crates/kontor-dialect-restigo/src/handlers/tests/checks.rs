//! The order of checks, and what a refusal leaves behind.

use super::*;

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
    assert_eq!(response.status, 422);
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
fn foreign_objects_are_answered_like_unknown_ones() {
    let scene = Scene::new();
    let before = scene.lists();
    let same = |ours: &Call, unknown: &Call| {
        let (ours, unknown) = (scene.answer(ours), scene.answer(unknown));
        assert_eq!(
            (ours.status, &ours.headers, &ours.text),
            (unknown.status, &unknown.headers, &unknown.text)
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
        assert_eq!(response.status, 422, "{body}");
    }
    assert_eq!((scene.lists(), scene.change()), (before, change));
}
