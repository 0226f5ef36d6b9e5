//! Accounts: what a renewal ends and when, switching off and on, and when they were used last.

use std::net::{IpAddr, Ipv4Addr};

use kontor_app::access::account_admin::{self, AccountError, NewAccount};
use kontor_app::access::sessions::NewSession;
use kontor_app::{Asker, Denied, WriteError};
use kontor_model::Clock as _;
use kontor_model::account::{Protocol, SessionKind};
use kontor_model::customer::State;

use kontor_testkit::office::{Office, demo42};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const INTEGRA: (Protocol, &str) = (Protocol::Consinco, "integra");
const STATIC_TOKEN: &str = "T-CONSINCO-DEMO";
const HOUR: i64 = 3_600;

fn is_let_in(office: &Office, token: &str) -> bool {
    office.app.by_token(Protocol::Consinco, token, PEER).is_ok()
}

fn asker(office: &Office) -> Asker {
    office.app.by_token(Protocol::Consinco, STATIC_TOKEN, PEER).expect("an account")
}

/// The tokens of a session of a day: for questions, and for another session.
fn log_in(office: &Office, used: Option<&str>) -> Result<[String; 2], WriteError<Denied>> {
    let tokens = [(); 2].map(|()| office.app.mint_session_token(""));
    let session = |token: &String, kind| NewSession {
        token: token.clone(),
        beside: None,
        protocol: Protocol::Consinco,
        login: INTEGRA.1.to_owned(),
        kind,
        seconds: 24 * HOUR,
    };
    let sessions =
        vec![session(&tokens[0], SessionKind::Access), session(&tokens[1], SessionKind::Refresh)];
    let supplier = office.store().supplier_id("demo42").expect("a store").expect("demo42");
    office.runtime.block_on(async {
        match used {
            None => office.app.open_sessions(supplier, sessions).await,
            Some(used) => office.app.exchange_session(supplier, used, sessions).await,
        }
    })?;
    Ok(tokens)
}

fn rotate(office: &Office, hours: i64) -> String {
    let now = office.clock.now();
    let until = now.plus_seconds(hours * HOUR);
    // Another process does it, and the server follows.
    let store = office.another_store();
    let secret = account_admin::rotate(&*store, &demo42(), now, INTEGRA, until).expect("a secret");
    office.app.catch_up().expect("caught up");
    secret
}

fn password_counts(office: &Office, password: &str) -> bool {
    let checked = office.app.by_password(INTEGRA.0, INTEGRA.1, password, PEER);
    office.runtime.block_on(checked).is_ok()
}

#[test]
fn a_renewal_without_overlap_ends_everything_at_once() {
    let office = Office::open();
    let [access, refresh] = log_in(&office, None).expect("a session");
    assert!(is_let_in(&office, &access) && is_let_in(&office, STATIC_TOKEN));
    let password = rotate(&office, 0);
    assert!(!is_let_in(&office, &access) && !is_let_in(&office, STATIC_TOKEN));
    assert!(office.app.by_refresh_token(Protocol::Consinco, &refresh, PEER).is_err());
    assert!(password_counts(&office, &password));
    let second = rotate(&office, 0);
    assert!(!password_counts(&office, &password) && password_counts(&office, &second));
}

#[test]
fn what_was_given_out_before_counts_until_the_overlap_ends_and_so_does_what_it_opens() {
    let office = Office::open();
    let [access, refresh] = log_in(&office, None).expect("a session");
    rotate(&office, 2);
    let [fresh, _] = log_in(&office, None).expect("a session with the new password");
    office.clock.forward(HOUR);
    let [renewed, again] = log_in(&office, Some(&refresh)).expect("a session for a token");
    for token in [&access, &renewed, &fresh, STATIC_TOKEN] {
        assert!(is_let_in(&office, token), "{token}");
    }
    office.clock.forward(HOUR);
    for token in [&access, &renewed, STATIC_TOKEN] {
        assert!(!is_let_in(&office, token), "{token}");
    }
    assert!(office.app.by_refresh_token(Protocol::Consinco, &again, PEER).is_err());
    assert!(is_let_in(&office, &fresh));
}

#[test]
fn an_account_that_is_switched_on_again_is_as_before() {
    let office = Office::open();
    let [access, _] = log_in(&office, None).expect("a session");
    for (state, expected) in [(State::Disabled, false), (State::Active, true)] {
        let now = office.clock.now();
        account_admin::set_state(office.store(), &demo42(), now, INTEGRA, state).expect("done");
        office.app.catch_up().expect("caught up");
        assert_eq!([&access, STATIC_TOKEN].map(|token| is_let_in(&office, token)), [expected; 2]);
    }
}

#[test]
fn when_an_account_was_used_last_is_listed() {
    let office = Office::open();
    let last_used = || {
        let list = account_admin::list(office.store(), &demo42()).expect("a list");
        let is_integra = |listed: &&account_admin::Listed| {
            (listed.account.protocol, listed.account.login.as_str()) == INTEGRA
        };
        list.iter().find(is_integra).expect("integra").last_used
    };
    assert_eq!(last_used(), None);
    let first = office.clock.now();
    asker(&office);
    office.clock.forward(1);
    asker(&office);
    office.app.write_last_used().expect("written");
    assert_eq!(last_used(), Some(first));
    office.clock.forward(HOUR);
    assert!(!is_let_in(&office, "wrong"));
    office.app.write_last_used().expect("written");
    assert_eq!(last_used(), Some(first), "a wrong token is nobody's");
    asker(&office);
    office.app.write_last_used().expect("written");
    assert_eq!(last_used(), Some(office.clock.now()));
}

#[test]
fn what_cannot_be_done_is_told() {
    let office = Office::open();
    let (store, now) = (office.store(), office.clock.now());
    let nobody = (Protocol::Secomp, "nobody");
    let error = account_admin::rotate(store, &demo42(), now, nobody, now).expect_err("nobody");
    assert!(matches!(error, AccountError::Unknown { .. }), "{error}");
    let error = account_admin::set_state(store, &demo42(), now, nobody, State::Active);
    assert!(matches!(error, Err(AccountError::Unknown { .. })), "{error:?}");
    let new = |login: &str, customer: &str| NewAccount {
        protocol: Protocol::Secomp,
        login: login.to_owned(),
        customer: Some(customer.parse().expect("a number")),
        realm: None,
        number: None,
    };
    let error = account_admin::add(store, &demo42(), now, new("_RQ123456", "123456"));
    assert!(matches!(error, Err(AccountError::Exists { .. })), "{error:?}");
    let error = account_admin::add(store, &demo42(), now, new("x", "nobody"));
    assert!(matches!(error, Err(AccountError::UnknownCustomer(_))), "{error:?}");
    let unknown = "nowhere".parse().expect("a code");
    let error = account_admin::list(store, &unknown).expect_err("no such supplier");
    assert!(matches!(error, AccountError::UnknownSupplier(_)), "{error}");
}
