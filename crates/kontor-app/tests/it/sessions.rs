//! Sessions of accounts and guests of the running application.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use kontor_app::access::sessions::NewSession;
use kontor_app::access::sessions::guests::Guest;
use kontor_app::{App, Denied, WriteError};
use kontor_model::account::{Protocol, SessionKind};
use kontor_model::supplier::SupplierId;

use kontor_testkit::office::Office;

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const BUSY: Denied = Denied::Busy { retry_after: Duration::from_secs(1) };

fn supplier(office: &Office) -> SupplierId {
    office.store().supplier_id("demo42").expect("a store").expect("demo42")
}

fn new(token: &str, kind: SessionKind) -> NewSession {
    NewSession {
        token: token.to_owned(),
        beside: Some("beside".to_owned()),
        protocol: Protocol::Consinco,
        login: "integra".to_owned(),
        kind,
        seconds: 1_000,
    }
}

/// Opens a session of the account `integra` and returns its token.
fn open(office: &Office, kind: SessionKind) -> String {
    let token = office.app.mint_session_token("");
    let opened = office.app.open_sessions(supplier(office), vec![new(&token, kind)]);
    office.runtime.block_on(opened).expect("a session");
    token
}

/// Whether the account `integra` has this token, or why nobody.
fn ask(app: &App, token: &str) -> Result<(), Denied> {
    let asker = app.by_token(Protocol::Consinco, token, PEER);
    asker.map(|asker| assert_eq!(asker.account.login, "integra"))
}

#[test]
fn a_token_that_is_known_or_was_never_given_out_asks_no_database() {
    let office = Office::open();
    let before = office.store().last_change().expect("a change");
    let token = open(&office, SessionKind::Access);
    assert_eq!(office.store().last_change().expect("a change"), before, "a login is no change");
    let unread = office.app.mint_session_token("");
    assert_eq!(ask(&office.app, &unread), Err(Denied::Unknown));
    office.store().close();
    assert_eq!(ask(&office.app, &token), Ok(()));
    for other in [format!("{token}0"), "0".repeat(64), String::new(), "T".to_owned()] {
        assert_eq!(ask(&office.app, &other), Err(Denied::Unknown), "{other}");
    }
    // One that may be good is not called unknown when nobody can say so.
    assert_eq!(ask(&office.app, &unread), Err(BUSY));
    office.clock.forward(60);
    assert_eq!(ask(&office.app, &token), Err(BUSY), "it is read anew after a minute");
}

#[test]
fn sessions_are_those_of_all_processes_on_the_data() {
    let office = Office::open();
    let other = office.another();
    let token = open(&office, SessionKind::Access);
    assert_eq!(ask(&other, &token), Ok(()), "opened by another process");
    assert!(office.runtime.block_on(office.app.end_session(&token)).expect("an end"));
    assert_eq!(ask(&office.app, &token), Err(Denied::Unknown), "at once");
    office.clock.forward(60);
    assert_eq!(ask(&other, &token), Err(Denied::Unknown), "within a minute");
    assert!(!office.runtime.block_on(office.app.end_session(&token)).expect("an end"));
}

#[test]
fn a_token_opens_only_what_it_was_given_out_for() {
    let office = Office::open();
    let (access, refresh) =
        (open(&office, SessionKind::Access), open(&office, SessionKind::Refresh));
    let refreshes =
        |protocol, token: &str| office.app.by_refresh_token(protocol, token, PEER).is_ok();
    assert_eq!(ask(&office.app, &access), Ok(()));
    assert_eq!(ask(&office.app, &refresh), Err(Denied::Unknown));
    assert!(refreshes(Protocol::Consinco, &refresh));
    assert!(!refreshes(Protocol::Consinco, &access));
    assert!(!refreshes(Protocol::Websphere, &refresh));
    assert!(office.app.session(Protocol::Websphere, &access).expect("an answer").is_none());
    let session = office.app.session(Protocol::Consinco, &access).expect("an answer");
    let (_, session) = session.expect("a session");
    assert!(App::is_beside(&session, "beside"));
    assert!(!App::is_beside(&session, "besides"));
    office.clock.forward(999);
    assert_eq!(ask(&office.app, &access), Ok(()));
    office.clock.forward(1);
    assert_eq!(ask(&office.app, &access), Err(Denied::Unknown));
    assert!(!refreshes(Protocol::Consinco, &refresh));
}

#[test]
fn of_two_that_use_a_refresh_token_at_the_same_time_one_is_denied() {
    let office = Office::open();
    let other = office.another();
    let used = open(&office, SessionKind::Refresh);
    // Both have seen that it counts, as two requests at the same time do.
    for app in [&office.app, &other] {
        assert!(app.by_refresh_token(Protocol::Consinco, &used, PEER).is_ok());
    }
    let exchange = |app: &Arc<App>| {
        let next = app.mint_session_token("");
        let sessions = vec![new(&next, SessionKind::Access)];
        let done = app.exchange_session(supplier(&office), &used, sessions);
        (office.runtime.block_on(done), next)
    };
    let (first, next) = exchange(&other);
    assert!(first.is_ok(), "{first:?}");
    assert_eq!(ask(&other, &next), Ok(()));
    let (second, next) = exchange(&office.app);
    assert!(matches!(second, Err(WriteError::Refused(Denied::Unknown))), "{second:?}");
    assert_eq!(ask(&office.app, &next), Err(Denied::Unknown));
    let again = office.app.by_refresh_token(Protocol::Consinco, &used, PEER).map(drop);
    assert_eq!(again, Err(Denied::Unknown), "it is forgotten in memory as well");
}

#[test]
fn an_account_keeps_a_thousand_sessions() {
    let office = Office::open();
    let first = open(&office, SessionKind::Access);
    let mut last = String::new();
    let mut open_more = |count: usize| {
        let tokens: Vec<String> = (0..count).map(|_| office.app.mint_session_token("")).collect();
        let later =
            |token: &String| NewSession { seconds: 2_000, ..new(token, SessionKind::Access) };
        let sessions = tokens.iter().map(later).collect();
        let opened = office.app.open_sessions(supplier(&office), sessions);
        office.runtime.block_on(opened).expect("sessions");
        last.clone_from(tokens.last().expect("a token"));
    };
    open_more(999);
    assert_eq!(ask(&office.app, &first), Ok(()));
    open_more(1);
    assert_eq!(ask(&office.app, &first), Err(Denied::Unknown), "one above");
    assert_eq!(ask(&office.app, &last), Ok(()));
}

#[test]
fn guests_are_recognized_without_being_stored() {
    let office = Office::open();
    let before = office.store().last_change().expect("a change");
    let guest = Guest { protocol: Protocol::Websphere, supplier: supplier(&office), name: "-7" };
    let secrets = office.app.guest_secrets(guest, 60);
    // Another process on the same data has the same key, also when the database cannot be read.
    let other = office.another();
    assert_eq!(office.store().last_change().expect("a change"), before);
    office.store().close();
    for app in [&office.app, &other] {
        assert!(app.is_guest(guest, &secrets.secret));
        assert!(app.is_beside_guest(guest, &secrets.secret, &secrets.beside));
        assert!(!app.is_beside_guest(guest, &secrets.secret, &secrets.secret));
        assert!(!app.is_beside_guest(guest, &secrets.beside, &secrets.beside));
    }
    let strangers = [
        Guest { supplier: SupplierId(guest.supplier.0 + 1), ..guest },
        Guest { protocol: Protocol::Consinco, ..guest },
        Guest { name: "-8", ..guest },
    ];
    for stranger in strangers {
        assert!(!office.app.is_guest(stranger, &secrets.secret), "{stranger:?}");
        assert!(!office.app.is_beside_guest(stranger, &secrets.secret, &secrets.beside));
    }
    office.clock.forward(59);
    assert!(office.app.is_guest(guest, &secrets.secret));
    office.clock.forward(1);
    assert!(!office.app.is_guest(guest, &secrets.secret), "it has expired");
    let of_other_data = Office::open().app.guest_secrets(guest, 600);
    assert!(!office.app.is_guest(guest, &of_other_data.secret), "another key");
}

#[test]
fn a_secret_of_a_guest_that_was_changed_anywhere_is_none() {
    let office = Office::open();
    let guest = Guest { protocol: Protocol::Websphere, supplier: supplier(&office), name: "-7" };
    let secrets = office.app.guest_secrets(guest, 60);
    for place in 0..secrets.secret.len() {
        let mut changed = secrets.secret.clone().into_bytes();
        changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
        let changed = String::from_utf8(changed).expect("a text");
        assert!(!office.app.is_guest(guest, &changed), "{place}");
        assert!(!office.app.is_beside_guest(guest, &changed, &secrets.beside), "{place}");
        assert!(!office.app.is_guest(guest, &secrets.secret[..place]), "{place}");
    }
    for secret in [secrets.secret.to_uppercase(), format!("{}0", secrets.secret), "ä".repeat(40)] {
        assert!(!office.app.is_guest(guest, &secret), "{secret}");
    }
}
