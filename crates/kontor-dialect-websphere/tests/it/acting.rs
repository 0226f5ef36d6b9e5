//! Who asks without a session, ends one, or asks in the name of others.

use http::Method;
use kontor_dialect_websphere::{Config, Overrides, SessionContract};
use kontor_model::catalogue::{Kind, Record};

use crate::support::{ACME, Answer, BETA, Call, PRICE, Results, Shop, Token, row};

const LOGIN: &str = "/wcs/resources/store/10101/loginidentity";
const GUEST: &str = "/wcs/resources/store/10101/guestidentity";
const OWN: &str = "&q=byCatalogEntryIds&catalogEntryId=2135&contractId=43221";
const NOT_KNOWN: &str = "401 _ERR_INVALID_COOKIE CMN1039E ";
const PRICED: &str = "43221 A2135 2135: 11.40 USD/1.0 C62";

/// A question for a price of the contract of ACME.
fn own(more: &str) -> Call {
    Call::get(&format!("{PRICE}?x=1{OWN}{more}"))
}

fn told(answer: &Answer) -> String {
    if answer.status == 200 { answer.prices().join(" ") } else { answer.error() }
}

#[test]
fn basic_credentials_are_a_login_for_one_request() {
    let shop = Shop::open();
    let ask = |value: &str| told(&shop.send(&own("").header("Authorization", value)));
    // acme.buyer:acme-pass-1
    assert_eq!(ask("Basic YWNtZS5idXllcjphY21lLXBhc3MtMQ=="), PRICED);
    assert_eq!(ask("bASIC  YWNtZS5idXllcjphY21lLXBhc3MtMQ"), PRICED);
    let guest = "400 _ERR_INVALID_TRADING = 43221";
    assert_eq!(ask("Bearer YWNtZS5idXllcjphY21lLXBhc3MtMQ=="), guest);
    // beta.buyer:beta-pass-1 has other contracts.
    assert_eq!(ask("Basic YmV0YS5idXllcjpiZXRhLXBhc3MtMQ=="), guest);
    // A wrong password, a login of another supplier (buyer123456:pw-123456), nothing that can be read.
    for wrong in [
        "Basic YWNtZS5idXllcjp3cm9uZw==",
        "Basic YnV5ZXIxMjM0NTY6cHctMTIzNDU2",
        "Basic YWNtZS5idXllcg==",
        "Basic ???",
        "Basic",
    ] {
        assert_eq!(ask(wrong), NOT_KNOWN, "{wrong}");
    }
    // A token comes first; over TLS credentials need nothing beside them.
    let wrong = own("").header("Authorization", "Basic ???");
    assert_eq!(told(&shop.send(&wrong.token(ACME))), PRICED);
    let tls = own("").header("Authorization", "Basic YWNtZS5idXllcjphY21lLXBhc3MtMQ==").tls();
    assert_eq!(told(&shop.send(&tls)), PRICED);
    let elsewhere = Call::get("/wcs/resources/store/10102/price?q=byPartNumbers&partNumber=A2135");
    let elsewhere = elsewhere.header("Authorization", "Basic YmV0YS5idXllcjpiZXRhLXBhc3MtMQ==");
    assert_eq!(told(&shop.send(&elsewhere)), "403 _ERR_USER_AUTHORITY = price");
}

#[test]
fn wrong_basic_credentials_count_as_failed_logins() {
    let shop = Shop::limited(3);
    let wrong = own("").header("Authorization", "Basic YWNtZS5idXllcjp3cm9uZw==");
    for _ in 0..3 {
        assert_eq!(told(&shop.send(&wrong)), NOT_KNOWN);
    }
    assert_eq!(told(&shop.send(&wrong)), "429 _ERR_TOO_MANY_REQUESTS = ");
}

/// What is right at another supplier is wrong here, and nobody can tell it from what is wrong everywhere.
#[test]
fn right_credentials_of_another_supplier_count_as_failed() {
    let of_another = [
        ("Authorization", "Basic YnV5ZXIxMjM0NTY6cHctMTIzNDU2"), // buyer123456:pw-123456
        ("WCToken", "8001%2Cdemo42-a"),
    ];
    for (name, value) in of_another {
        let shop = Shop::limited(3);
        let statuses: Vec<String> =
            (0..4).map(|_| told(&shop.send(&own("").header(name, value)))).collect();
        let limited = "429 _ERR_TOO_MANY_REQUESTS = ";
        assert_eq!(statuses, [NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, limited], "{name}");
    }
}

#[test]
fn whoever_logs_out_ends_this_session_alone() {
    let shop = Shop::open();
    let body = r#"{"logonId":"acme.buyer","logonPassword":"acme-pass-1"}"#;
    let [first, second] = [(); 2].map(|()| {
        let answer = shop.send(&Call::post(LOGIN, body)).json();
        let text = |name: &str| answer[name].as_str().expect("a text").to_owned();
        (text("WCToken"), text("WCTrustedToken"))
    });
    let path = format!("{LOGIN}/@self");
    let end = |path: &str| Call::new(Method::DELETE, path, b"ignored");
    let foreign = end("/wcs/resources/store/10201/loginidentity/@self").token(&first.0);
    assert_eq!(shop.send(&foreign).error(), NOT_KNOWN);
    let not_secure = end(&path).token(&first.0).tls();
    assert_eq!(shop.send(&not_secure).error(), "401 ERR_SECURE_TOKEN_NOT_IN_HTTPS CWXFR0213E ");
    let ended = shop.send(&end(&path).token(&first.0));
    assert_eq!((ended.status, ended.text.as_str()), (204, ""));
    assert_eq!(told(&shop.send(&own("").token(&first.0))), NOT_KNOWN);
    assert_eq!(told(&shop.send(&own("").token(&second.0))), PRICED);
    assert_eq!(shop.send(&end(&path).token(&first.0)).error(), NOT_KNOWN);
    let encoded = end(&format!("{LOGIN}/%40self")).tls().token(&second.0);
    assert_eq!(shop.send(&encoded.header("WCTrustedToken", &second.1)).status, 204);
    assert_eq!(told(&shop.send(&own("").token(&second.0))), NOT_KNOWN);
    assert_eq!(shop.send(&end(&path)).error(), NOT_KNOWN, "nobody's");
    let get = shop.send(&Call::get(&path));
    assert_eq!((get.status, get.header("Allow")), (405, "DELETE"));
}

/// Quirk 18.
#[test]
fn what_counts_afterwards_is_not_told_to_have_ended() {
    const REFUSED: &str = "400 _ERR_CMD_INVALID_PARAM CMN0207E WCToken";
    let shop = Shop::open();
    let end = |token: &str| {
        shop.send(&Call::new(Method::DELETE, &format!("{LOGIN}/@self"), b"").token(token))
    };
    let guest = shop.send(&Call::post(GUEST, "")).json()["WCToken"].as_str().map(str::to_owned);
    let guest = guest.expect("a token");
    for (token, reason) in [(guest.as_str(), "expires by itself"), (ACME, "has no expiry")] {
        let answer = end(token);
        assert_eq!(answer.error(), REFUSED);
        assert!(answer.text.contains(reason), "{}", answer.text);
    }
    assert_eq!(told(&shop.send(&own("").token(ACME))), PRICED);
    let public = Call::get(&format!("{PRICE}?q=byCatalogEntryIds&catalogEntryId=2135"));
    assert_eq!(shop.send(&public.token(&guest)).status, 200);
    // It is no oracle: of another supplier, or of nobody.
    for token in ["8001%2Cdemo42-a", "7001%2Cno-secret"] {
        assert_eq!(end(token).error(), NOT_KNOWN);
    }
}

/// common.md 2: a 503 promises that nothing was done.
#[test]
fn a_logout_whose_time_has_passed_ends_nothing() {
    let shop = Shop::open();
    let body = r#"{"logonId":"acme.buyer","logonPassword":"acme-pass-1"}"#;
    let login = shop.send(&Call::post(LOGIN, body)).json();
    let token = login["WCToken"].as_str().expect("a token");
    let end = || Call::new(Method::DELETE, &format!("{LOGIN}/@self"), b"").token(token);
    assert_eq!(told(&shop.send_late(&end())), "503 _ERR_SERVICE_UNAVAILABLE = ");
    assert_eq!(told(&shop.send(&own("").token(token))), PRICED);
    assert_eq!(shop.send(&end()).status, 204);
    assert_eq!(told(&shop.send(&own("").token(token))), NOT_KNOWN);
}

#[test]
fn an_account_may_be_priced_from_its_own_contracts() {
    let query = r#"{"query":{"name":"byProductID","products":[{"productId":"2135"}]}}"#;
    let check = |config: Config, token: &str, expected: &[&str]| {
        let shop = Shop::with(config);
        assert_eq!(shop.send(&Call::post(PRICE, query).token(token)).prices(), expected);
        let get = Call::get(&format!("{PRICE}?q=byCatalogEntryIds&catalogEntryId=2135"));
        assert_eq!(shop.send(&get.token(token)).prices(), expected);
    };
    let default = ["10001 A2135 2135: 12.00 USD/1.0 C62"];
    let customer = || Config { session_contract: SessionContract::Customer, ..Config::default() };
    check(Config::default(), ACME, &default);
    // By code; 66666 is not active any more.
    check(customer(), ACME, &["24331 A2135 2135: 11.10 USD/1.0 C62", PRICED]);
    check(customer(), "", &default);
    let own = Overrides { session_contract: Some(SessionContract::Store), ..Overrides::default() };
    let suppliers = [("wcs-mini".to_owned(), own)].into();
    check(Config { suppliers, ..customer() }, ACME, &default);
    // Without a contract of its own an account has the default one, and a named one always counts.
    let shop = Shop::with(customer());
    shop.write("wcs-mini", |tx| {
        use kontor_model::record::Cell;
        tx.remove(Kind::ContractCustomer, &[Cell::text("55555"), Cell::text("BETA")])?;
        Ok(())
    });
    assert_eq!(shop.send(&Call::post(PRICE, query).token(BETA)).prices(), default);
    let named = Call::post(&format!("{PRICE}?contractId=10001"), query).token(ACME);
    assert_eq!(shop.send(&named).prices(), default);
}

/// Gives an account the right to ask for others.
fn agent(shop: &Shop, login: &str) {
    let login = login.to_owned();
    shop.write("wcs-mini", move |tx| {
        use kontor_model::record::Cell;
        let key = [Cell::text("websphere"), Cell::text(&login)];
        if let Some(Record::Account(mut account)) = tx.get(Kind::Account, &key)? {
            account.on_behalf = true;
            tx.put(&Record::Account(account))?;
        }
        Ok(())
    });
}

#[test]
fn with_the_right_to_it_an_account_asks_for_others() {
    let shop = Shop::open();
    let ask = |more: &str, token: &str| told(&shop.send(&own(more).token(token)));
    let refused = |parameter: &str| format!("400 _ERR_USER_AUTHORITY = {parameter}");
    assert_eq!(ask("&forUser=acme.buyer", BETA), refused("forUser"));
    assert_eq!(ask("&forUser=beta.buyer", BETA), refused("forUser"), "not even for itself");
    assert_eq!(ask("&forUser=acme.buyer", ""), refused("forUser"));
    agent(&shop, "beta.buyer");
    assert_eq!(ask("", BETA), "400 _ERR_INVALID_TRADING = 43221");
    for more in ["&forUser=acme.buyer", "&forUserId=7001", "&forUser=acme.buyer&forUserId=7001"] {
        assert_eq!(ask(more, BETA), PRICED, "{more}");
    }
    // Its own contracts do not count then.
    let beta = "&contractId=55555&forUser=acme.buyer";
    assert_eq!(ask(beta, BETA), "400 _ERR_INVALID_TRADING = 55555");
    for more in ["&forUser=nobody", "&forUser=ACME.buyer", "&forUser=buyer123456", "&forUser=7001"]
    {
        assert_eq!(ask(more, BETA), refused("forUser"), "{more}");
    }
    assert_eq!(ask("&forUserId=acme.buyer", BETA), refused("forUserId"));
    assert_eq!(ask("&forUser=beta.buyer&forUserId=7001", BETA), refused("forUserId"));
    assert_eq!(ask("&forUser=&forUserId=", ACME), PRICED, "empty ones are not given");
    // Whoever may not use the store is nobody there, and a disabled account nobody anywhere.
    agent(&shop, "acme.buyer");
    let other = "/wcs/resources/store/10102/price?q=byPartNumbers&partNumber=A2135&forUser=";
    let elsewhere =
        |login: &str| told(&shop.send(&Call::get(&format!("{other}{login}")).token(ACME)));
    assert_eq!(elsewhere("beta.buyer"), refused("forUser"));
    assert_eq!(elsewhere("acme.buyer"), "10001 A2135 2135: 11.00 EUR/1.0 C62");
    let disabled =
        [("protocol", "websphere"), ("login", "gone"), ("customer", "ACME"), ("state", "disabled")];
    shop.put("wcs-mini", vec![row(Kind::Account, &disabled)]);
    assert_eq!(ask("&forUser=gone", BETA), refused("forUser"));
}
