//! Login, refresh, and the tokens they give out.

use http::Method;
use kontor_model::account::Account;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;

use crate::support::{Answer, Call, LOGIN, NOW, PRICES, REFRESH, Shop};

const WRONG_LOGIN: &str =
    r#"{"error":"invalid_grant","error_description":"The user name or password is incorrect."}"#;
const WRONG_REFRESH: &str =
    r#"{"error":"invalid_grant","error_description":"The refresh token is invalid."}"#;
const INVALID: &str = r#"{"Message":"The request is invalid."}"#;

fn login(shop: &Shop) -> Answer {
    let body = r#"{"company":"demo","username":"integra","password":"integra#1"}"#;
    shop.send(&Call::post(LOGIN, body))
}

fn refresh(shop: &Shop, token: &str) -> Answer {
    let body = format!(r#"{{"refresh_token":"{token}","grant_type":"refresh_token"}}"#);
    shop.send(&Call::post(REFRESH, &body))
}

/// Access token and refresh token of a good answer.
fn tokens(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let json = answer.json();
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

fn status(shop: &Shop, token: &str) -> u16 {
    shop.send(&Call::get(&format!("{PRICES}?number_company=1")).bearer(token)).status
}

#[test]
fn a_login_is_answered_with_these_members_in_this_order() {
    let shop = Shop::open();
    let answer = login(&shop);
    let (access, refresh) = tokens(&answer);
    let expected = format!(
        r#"{{"access_token":"{access}","token_type":"bearer","expires_in":"86399","refresh_token":"{refresh}","username":"integra","id":1,"name":"INTEGRA","userSequence":1,"userCode":"INTEGRA","permissionRole":"","company":"demo","companyType":"","isExt":false,"loginId":"INTEGRA",".issued":"2016-01-28T11:24:28Z",".expires":"2016-01-29T11:24:27Z"}}"#
    );
    assert_eq!(answer.text, expected);
    assert_eq!(answer.header("Content-Type"), "application/json; charset=utf-8");
    assert_ne!(access, refresh);
    assert_ne!(tokens(&login(&shop)).0, access, "every login has its own");
    assert_eq!(status(&shop, &access), 200);
    assert_eq!(status(&shop, &refresh), 401, "a refresh token opens nothing else");
}

#[test]
fn a_login_that_is_wrong_in_any_way_is_refused_in_one_way() {
    let shop = Shop::open();
    for body in [
        r#"{"company":"demo","username":"integra","password":"x"}"#,
        r#"{"company":"demo","username":"integra","password":"INTEGRA#1"}"#,
        r#"{"company":"demo","username":"integra","password":""}"#,
        r#"{"company":"demo","username":"INTEGRA","password":"integra#1"}"#,
        r#"{"company":"demo","username":"nobody","password":"integra#1"}"#,
        r#"{"company":"Demo","username":"integra","password":"integra#1"}"#,
        r#"{"company":"","username":"integra","password":"integra#1"}"#,
        r#"{"username":"integra","password":"integra#1"}"#,
        r#"{"company":"demo","password":"integra#1"}"#,
        r#"{"company":"demo","username":"integra"}"#,
        r#"{"company":"demo","username":"integra","password":null}"#,
        r#"{"company":"demo","username":"integra","password":["integra#1"]}"#,
        r#"{"company":"demo","username":1,"password":"integra#1"}"#,
        r#"{"company":"demo","username":"integra","password":"integra#1","password":"x"}"#,
        // An account of another protocol.
        r#"{"company":"demo","username":"_RQ123456","password":"12abcd34"}"#,
        "{}",
        "[]",
        "\"integra\"",
        "null",
        "7",
    ] {
        let answer = shop.send(&Call::post(LOGIN, body));
        assert_eq!((answer.status, answer.text.as_str()), (400, WRONG_LOGIN), "{body}");
        assert_eq!(answer.header("Content-Type"), "application/json; charset=utf-8");
    }
}

#[test]
fn a_body_that_is_not_json_is_invalid() {
    let shop = Shop::open();
    for path in [LOGIN, REFRESH] {
        for body in [
            "",
            " ",
            "company=demo&username=integra&password=integra%231",
            "{'company':'demo'}",
            r#"{"company":"demo",}"#,
            r#"{"company":"demo"} x"#,
            r#"{"a":NaN}"#,
            &"[".repeat(200),
        ] {
            let call = Call::post(path, body).header("Accept", "application/xml");
            let answer = shop.send(&call);
            assert_eq!((answer.status, answer.text.as_str()), (400, INVALID), "{body}");
            assert_eq!(answer.header("Content-Type"), "application/json; charset=utf-8");
        }
        let latin = Call::new(Method::POST, path, b"{\"company\":\"\xe9\"}");
        assert_eq!(shop.send(&latin).text, INVALID);
        assert_eq!(shop.send(&Call::post(path, "").undecodable()).text, INVALID);
    }
}

#[test]
fn json_is_read_whatever_the_content_type_and_a_byte_order_mark_is_skipped() {
    let shop = Shop::open();
    let body = "\u{FEFF}{\"x\":[[1e999]],\"username\":\"no\",\"username\":\"integra\",\
                \"company\":\"d\\u0065mo\",\"password\":\"integra#1\"}";
    for content_type in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
        let call = Call::post(LOGIN, body).header("Content-Type", content_type);
        assert_eq!(shop.send(&call).status, 200, "{content_type}");
    }
    assert_eq!(shop.send(&Call::new(Method::POST, LOGIN, body.as_bytes())).status, 200);
}

#[test]
fn an_access_token_counts_for_a_day_less_a_second() {
    let shop = Shop::open();
    let (access, refresh_token) = tokens(&login(&shop));
    assert_eq!(status(&shop.later("2016-01-29T11:24:27.873999Z"), &access), 200);
    let over = shop.later("2016-01-29T11:24:27.874Z");
    assert_eq!(status(&over, &access), 401);
    assert_eq!(status(&over, "T-CONSINCO-DEMO"), 200, "one that was issued without expiry counts");
    let (access, _) = tokens(&refresh(&over, &refresh_token));
    assert_eq!(status(&over, &access), 200);
}

#[test]
fn a_refresh_token_works_once() {
    let shop = Shop::open();
    let (first, token) = tokens(&login(&shop));
    let answer = refresh(&shop, &token);
    let (second, next) = tokens(&answer);
    assert_eq!(answer.json()[".issued"], "2016-01-28T11:24:28Z");
    assert_eq!(answer.json()["username"], "integra");
    assert_eq!((status(&shop, &first), status(&shop, &second)), (200, 200));
    let again = refresh(&shop, &token);
    assert_eq!((again.status, again.text.as_str()), (400, WRONG_REFRESH));
    tokens(&refresh(&shop, &next));
}

#[test]
fn of_two_that_use_a_refresh_token_at_the_same_time_one_gets_tokens() {
    let shop = Shop::open();
    let (_, token) = tokens(&login(&shop));
    let body = format!(r#"{{"refresh_token":"{token}","grant_type":"refresh_token"}}"#);
    let call = Call::post(REFRESH, &body);
    let dialect = &shop.dialect;
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(dialect.answer(&call.0)).status.as_u16()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 7, "{statuses:?}");
}

#[test]
fn what_is_no_refresh_token_is_refused_in_one_way() {
    let shop = Shop::open();
    let (access, token) = tokens(&login(&shop));
    for body in [
        r#"{"refresh_token":"x","grant_type":"refresh_token"}"#.to_owned(),
        format!(r#"{{"refresh_token":"{access}","grant_type":"refresh_token"}}"#),
        r#"{"refresh_token":"T-CONSINCO-DEMO","grant_type":"refresh_token"}"#.to_owned(),
        format!(r#"{{"refresh_token":"{token}","grant_type":"password"}}"#),
        format!(r#"{{"refresh_token":"{token}","grant_type":"Refresh_Token"}}"#),
        format!(r#"{{"refresh_token":"{token}"}}"#),
        r#"{"grant_type":"refresh_token"}"#.to_owned(),
        r#"{"refresh_token":null,"grant_type":"refresh_token"}"#.to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
    ] {
        let answer = shop.send(&Call::post(REFRESH, &body));
        assert_eq!((answer.status, answer.text.as_str()), (400, WRONG_REFRESH), "{body}");
    }
    tokens(&refresh(&shop, &token));
}

#[test]
fn a_refresh_token_ends_with_its_time_and_with_its_account() {
    let shop = Shop::open();
    let (_, token) = tokens(&login(&shop));
    let late = shop.later("2016-02-27T11:24:28.874Z");
    assert_eq!(refresh(&late, &token).text, WRONG_REFRESH, "after 30 days");
    shop.write("demo42", |tx| {
        let key = [Cell::text("consinco"), Cell::text("integra")];
        let Some(Record::Account(account)) = tx.get(Kind::Account, &key)? else {
            panic!("the demo has the account")
        };
        let state = kontor_model::customer::State::Disabled;
        tx.put(&Record::Account(Account { state, ..account }))?;
        Ok(())
    });
    assert_eq!(refresh(&shop.later(NOW), &token).text, WRONG_REFRESH);
}

#[test]
fn too_many_wrong_refresh_tokens_are_told_to_wait() {
    let shop = Shop::limited(2);
    let statuses: Vec<u16> = (0..3).map(|_| refresh(&shop, "never-given-out").status).collect();
    assert_eq!(statuses, [400, 400, 429]);
}

#[test]
fn too_many_wrong_logins_are_told_to_wait() {
    let shop = Shop::limited(2);
    let body = r#"{"company":"demo","username":"integra","password":"x"}"#;
    let call = Call::post(LOGIN, body).header("Accept", "application/xml");
    let statuses: Vec<u16> = (0..3).map(|_| shop.send(&call).status).collect();
    assert_eq!(statuses, [400, 400, 429]);
    let answer = shop.send(&call);
    assert_eq!(answer.text, r#"{"Message":"Too many requests."}"#);
    assert!(answer.header("Retry-After").parse::<u32>().unwrap() >= 1);
}
