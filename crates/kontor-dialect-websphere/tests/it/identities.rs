//! Tokens, logins, guests.

use kontor_dialect_websphere::Config;
use kontor_model::catalogue::Record;
use kontor_model::store::Store;

use crate::support::{ACME, Answer, BETA, Call, PRICE, Results, Shop, Token, post_xml};

const LOGIN: &str = "/wcs/resources/store/10101/loginidentity";
const GUEST: &str = "/wcs/resources/store/10101/guestidentity";
const OWN: &str =
    r#"{"query":{"name":"byProductID","products":[{"productId":"2135","contractIds":["43221"]}]}}"#;
const ANY: &str = r#"{"query":{"name":"byProductID","products":[{"productId":"2135"}]}}"#;
const NOT_KNOWN: &str = "401 _ERR_INVALID_COOKIE CMN1039E ";
const REFUSED: &str = "401 _ERR_AUTHENTICATION_ERROR = ";

fn credentials(login: &str, password: &str) -> String {
    format!(r#"{{"logonId":"{login}","logonPassword":"{password}"}}"#)
}

fn text(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()[name].as_str().expect("a text").to_owned()
}

fn log_in(shop: &Shop) -> (String, String) {
    let answer = shop.send(&Call::post(LOGIN, &credentials("acme.buyer", "acme-pass-1")));
    (text(&answer, "WCToken"), text(&answer, "WCTrustedToken"))
}

#[test]
fn a_login_opens_a_session_with_the_contracts_of_the_account() {
    let shop = Shop::open();
    let answer = shop.send(&Call::post(LOGIN, &credentials("acme.buyer", "acme-pass-1")));
    assert_eq!(text(&answer, "userId"), "7001");
    assert_eq!(text(&answer, "resourceName"), "loginidentity");
    let token = text(&answer, "WCToken");
    assert!(token.starts_with("7001%2C") && token.len() > 60, "{token}");
    assert_ne!(token, text(&answer, "WCTrustedToken"));
    assert!(!text(&answer, "personalizationID").is_empty());
    let priced = shop.send(&Call::post(PRICE, OWN).token(&token));
    assert_eq!(priced.prices(), ["43221 A2135 2135: 11.40 USD/1.0 C62"]);
    let decoded = token.replace("%2C", ",");
    assert_eq!(shop.send(&Call::post(PRICE, OWN).token(&decoded)).status, 200);
    assert_eq!(
        shop.send(&Call::post(PRICE, OWN).token(&decoded.replace("7001", "7002"))).error(),
        NOT_KNOWN
    );
    // The account may use this store, the session is not of one store.
    let other = shop.send(&Call::post("/wcs/resources/store/10102/price", ANY).token(&token));
    assert_eq!(other.prices(), ["10001 A2135 2135: 11.00 EUR/1.0 C62"]);
    let foreign = shop.send(&Call::post("/wcs/resources/store/10201/price", ANY).token(&token));
    assert_eq!(foreign.error(), NOT_KNOWN);
}

#[test]
fn refused_logins_are_all_alike() {
    let shop = Shop::open();
    let wrong = shop.send(&Call::post(LOGIN, &credentials("acme.buyer", "x")));
    assert_eq!(wrong.error(), REFUSED);
    for (path, login, password) in [
        (LOGIN, "nobody", "x"),
        (LOGIN, "ACME.BUYER", "acme-pass-1"),
        (LOGIN, "acme.buyer", "acme-pass-1 "),
        (LOGIN, "buyer123456", "pw-123456"),
        ("/wcs/resources/store/10102/loginidentity", "beta.buyer", "beta-pass-1"),
        ("/wcs/resources/store/10201/loginidentity", "buyer777777", "pw-777777"),
        ("/wcs/resources/store/10201/loginidentity", "_RQ123456", "12abcd34"),
    ] {
        let answer = shop.send(&Call::post(path, &credentials(login, password)));
        assert_eq!((answer.status, &answer.text), (wrong.status, &wrong.text), "{login}");
    }
    let fine = shop.send(&Call::post(LOGIN, &credentials("beta.buyer", "beta-pass-1")));
    assert_eq!(text(&fine, "userId"), "7002");
}

#[test]
fn fields_of_a_login() {
    let shop = Shop::open();
    for (body, expected) in [
        ("{}", "400 _ERR_CMD_MISSING_PARAM CMN0206E logonId"),
        (r#"{"logonId":"","logonPassword":7}"#, "400 _ERR_CMD_MISSING_PARAM CMN0206E logonId"),
        (r#"{"logonId":7}"#, "400 _ERR_CMD_INVALID_PARAM CMN0207E logonId"),
        (r#"{"logonId":"x"}"#, "400 _ERR_CMD_MISSING_PARAM CMN0206E logonPassword"),
        (
            r#"{"logonId":"x","logonPassword":null}"#,
            "400 _ERR_CMD_MISSING_PARAM CMN0206E logonPassword",
        ),
        (
            r#"{"logonId":"x","logonPassword":[]}"#,
            "400 _ERR_CMD_INVALID_PARAM CMN0207E logonPassword",
        ),
        ("", "400 _ERR_INVALID_INPUT = "),
        ("[]", "400 _ERR_INVALID_INPUT = "),
    ] {
        assert_eq!(shop.send(&Call::post(LOGIN, body)).error(), expected, "{body}");
    }
    let unknown = shop.send(&Call::post("/wcs/resources/store/9/loginidentity", ""));
    assert_eq!(unknown.error(), "404 _ERR_STORE_NOT_FOUND = 9");
    let form =
        Call::post(LOGIN, "logonId=x").header("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(shop.send(&form).error(), "415 _ERR_INVALID_INPUT = Content-Type");
    let xml = "<r><logonId>acme.buyer</logonId><logonPassword>acme-pass-1</logonPassword></r>";
    let answer = shop.send(&post_xml(&format!("{LOGIN}?responseFormat=xml"), xml).token("expired"));
    assert_eq!(answer.status, 201);
    assert!(
        answer.text.contains("<resourceName>loginidentity</resourceName><userId>7001</userId>"),
        "{}",
        answer.text
    );
}

#[test]
fn guests_get_new_ids_and_the_default_contract() {
    let shop = Shop::open();
    let first = shop.send(&Call::post(GUEST, "not json").header("Content-Type", "image/png"));
    let second = shop.send(&Call::post(GUEST, "").too_large());
    assert_eq!(text(&first, "resourceName"), "guestidentity");
    assert_ne!(text(&first, "userId"), text(&second, "userId"));
    assert_ne!(text(&first, "WCToken"), text(&second, "WCToken"));
    let token = text(&first, "WCToken");
    let priced = shop.send(&Call::post(PRICE, ANY).token(&token));
    assert_eq!(priced.prices(), ["10001 A2135 2135: 12.00 USD/1.0 C62"]);
    let refused = shop.send(&Call::post(PRICE, OWN).token(&token));
    assert_eq!(refused.error(), "400 _ERR_INVALID_TRADING = 43221");
    let foreign = shop.send(&Call::post("/wcs/resources/store/10201/price", ANY).token(&token));
    assert_eq!(foreign.error(), NOT_KNOWN);
}

#[test]
fn guests_are_no_changes_and_their_tokens_expire() {
    let config = Config { session_seconds: 60, ..Config::default() };
    let shop = Shop::at("2016-01-28T11:00:00Z", config);
    let before = shop.app.store().last_change().expect("a change");
    let guest = shop.send(&Call::post(GUEST, ""));
    let (token, trusted) = (text(&guest, "WCToken"), text(&guest, "WCTrustedToken"));
    assert_eq!(shop.app.store().last_change().expect("a change"), before);
    for (now, status) in [("2016-01-28T11:00:59.999Z", 200), ("2016-01-28T11:01:00Z", 401)] {
        let later = shop.later(now);
        assert_eq!(later.send(&Call::post(PRICE, ANY).token(&token)).status, status, "{now}");
    }
    // The trusted token alone opens nothing, nor does a token under another name.
    let named = token.replacen('-', "-1", 1);
    for other in [&trusted, &named, &format!("{token}0"), &token.replace("%2C", "%2C%2C")] {
        assert_eq!(shop.send(&Call::post(PRICE, ANY).token(other)).error(), NOT_KNOWN, "{other}");
    }
}

#[test]
fn tokens_that_are_not_known() {
    let shop = Shop::open();
    for token in [
        "x",
        "7001,wrong",
        "7001%2Cacme-secret%20",
        "8003%2Cdemo42-c",
        "8001%2Cdemo42-a",
        "%FF",
        "T-CONSINCO-DEMO",
    ] {
        assert_eq!(shop.send(&Call::post(PRICE, ANY).token(token)).error(), NOT_KNOWN, "{token}");
    }
    let raw = Call::post(PRICE, ANY).header("WCToken", b"7001,acme-secret\xFF");
    assert_eq!(shop.send(&raw).error(), NOT_KNOWN);
    let disabled = Call::post("/wcs/resources/store/10201/price", ANY).token("8003%2Cdemo42-c");
    assert_eq!(shop.send(&disabled).error(), NOT_KNOWN);
    for token in ["7001,acme-secret", "7001%2cacme-secret", "%37001%2Cacme%2Dsecret", ""] {
        assert_eq!(shop.send(&Call::post(PRICE, ANY).token(token)).status, 200, "{token}");
    }
}

#[test]
fn sessions_expire() {
    let config = Config { session_seconds: 60, ..Config::default() };
    let shop = Shop::at("2016-01-28T11:00:00Z", config);
    let (token, _) = log_in(&shop);
    assert_eq!(shop.send(&Call::post(PRICE, OWN).token(&token)).status, 200);
    for (now, status) in [("2016-01-28T11:00:59.999Z", 200), ("2016-01-28T11:01:00Z", 401)] {
        let later = shop.later(now);
        assert_eq!(later.send(&Call::post(PRICE, OWN).token(&token)).status, status, "{now}");
    }
}

#[test]
fn over_tls_a_token_needs_the_one_that_came_with_it() {
    let shop = Shop::open();
    let (token, trusted) = log_in(&shop);
    let (other_token, other_trusted) = log_in(&shop);
    let guest = shop.send(&Call::post(GUEST, ""));
    let guest = (text(&guest, "WCToken"), text(&guest, "WCTrustedToken"));
    let send = |token: &str, trusted: Option<&str>| {
        let mut call = Call::post(PRICE, ANY).tls().token(token);
        if let Some(trusted) = trusted {
            call = call.header("WCTrustedToken", trusted);
        }
        let answer = shop.send(&call);
        if answer.status == 200 { "200".to_owned() } else { answer.error() }
    };
    let not_secure = "401 ERR_SECURE_TOKEN_NOT_IN_HTTPS CWXFR0213E ";
    assert_eq!(send(&token, None), not_secure);
    assert_eq!(send(&token, Some("")), not_secure);
    assert_eq!(send("x", None), not_secure);
    assert_eq!(send(&token, Some(&trusted)), "200");
    assert_eq!(send(&other_token, Some(&other_trusted)), "200");
    assert_eq!(send(&guest.0, Some(&guest.1)), "200");
    for (token, trusted) in [
        (&token, &other_trusted),
        (&token, &token),
        (&trusted, &token),
        (&guest.0, &trusted),
        (&token, &guest.1),
        (&"x".to_owned(), &trusted),
    ] {
        assert_eq!(send(token, Some(trusted)), NOT_KNOWN);
    }
    assert_eq!(send(ACME, Some(ACME)), "200");
    assert_eq!(send(ACME, Some(BETA)), NOT_KNOWN);
    // Without a token it is a guest; over plain HTTP nothing else is looked at.
    assert_eq!(send("", None), "200");
    let plain = Call::post(PRICE, ANY).token(&token).header("WCTrustedToken", "x");
    assert_eq!(shop.send(&plain).status, 200);
    // The pair is stored as one text: it is no token itself.
    let pair = format!("{token}%0A{trusted}");
    assert_eq!(shop.send(&Call::post(PRICE, ANY).token(&pair)).error(), NOT_KNOWN);
}

#[test]
fn a_store_without_guests() {
    let shop = Shop::open();
    let store = Store {
        code: "10103".parse().expect("a code"),
        currency: "USD".parse().expect("a currency"),
        contract: "10001".parse().expect("a code"),
        uom: "C62".parse().expect("a unit"),
        time_zone: kontor_model::Zone::utc(),
        guests: false,
    };
    shop.put("wcs-mini", vec![Record::Store(store)]);
    let path = "/wcs/resources/store/10103/price";
    assert_eq!(shop.send(&Call::post(path, ANY)).error(), "403 _ERR_USER_AUTHORITY = price");
    assert_eq!(
        shop.send(&Call::post(path, ANY).token(ACME)).error(),
        "403 _ERR_USER_AUTHORITY = price"
    );
    let guest = shop.send(&Call::post("/wcs/resources/store/10103/guestidentity", ""));
    assert_eq!(guest.error(), "403 _ERR_USER_AUTHORITY = guestidentity");
}

#[test]
fn failed_logins_are_limited() {
    let shop = Shop::limited(3);
    let wrong = credentials("acme.buyer", "wrong");
    for _ in 0..3 {
        assert_eq!(shop.send(&Call::post(LOGIN, &wrong)).error(), REFUSED);
    }
    let limited = shop.send(&Call::post(LOGIN, &wrong));
    assert_eq!(limited.error(), "429 _ERR_TOO_MANY_REQUESTS = ");
    let seconds: u64 =
        limited.headers["Retry-After"].to_str().expect("text").parse().expect("a number");
    assert!((1..=60).contains(&seconds), "{seconds}");
    let token = shop.send(&Call::post(PRICE, ANY).token("x"));
    assert_eq!(token.error(), "429 _ERR_TOO_MANY_REQUESTS = ");
    assert_eq!(shop.send(&Call::post(PRICE, ANY)).status, 200);
}
