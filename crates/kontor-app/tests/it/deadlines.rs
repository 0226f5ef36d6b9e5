//! Writes that wait for their turn while somebody else holds the data.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use kontor_app::access::sessions::NewSession;
use kontor_app::deadline::{MayBegin, within};
use kontor_app::{StoreError, WriteError};
use kontor_model::Clock;
use kontor_model::account::{Protocol, SessionKind};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::counter::Counter;
use kontor_model::record::Cell;
use kontor_store::{Order, WriteTx};

use kontor_testkit::office::{Office, demo42};

/// Runs `inside` while another process, as it were, writes; then lets it finish.
fn while_somebody_writes<T>(office: &Office, inside: impl FnOnce(&dyn Fn()) -> T) -> T {
    let other = office.another_store();
    let (holds, held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let order = Order {
        supplier: demo42(),
        actor: "other".to_owned(),
        clock: Arc::clone(&office.clock) as Arc<dyn Clock>,
        job: Box::new(move |_| {
            holds.send(()).expect("a test that waits");
            // An error means that the test is over.
            let _ = released.recv();
            Ok(())
        }),
    };
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| other.write(order));
        held.recv().expect("the lock");
        let answer = inside(&|| release.send(()).expect("a writer that waits"));
        writing.join().expect("a thread").expect("a write");
        answer
    })
}

fn counter(office: &Office) -> Option<Record> {
    office.row(Kind::Counter, &[Cell::text("test")])
}

fn put(tx: &mut dyn WriteTx) -> Result<(), WriteError<()>> {
    tx.put(&Record::Counter(Counter { name: "test".to_owned(), next: 7 }))?;
    Ok(())
}

#[test]
fn a_write_whose_time_passes_while_it_waits_does_not_begin() {
    let office = Office::open();
    let passed = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&passed);
    let may_begin: MayBegin = Arc::new(move || !asked.load(Ordering::SeqCst));
    let written = while_somebody_writes(&office, |release| {
        office.runtime.block_on(within(may_begin, async {
            let app = Arc::clone(&office.app);
            let mut write = std::pin::pin!(app.write(demo42(), "test", put));
            // It is handed over before the time passes.
            let early = tokio::time::timeout(std::time::Duration::ZERO, write.as_mut()).await;
            assert!(early.is_err(), "nobody can write yet");
            passed.store(true, Ordering::SeqCst);
            release();
            write.await
        }))
    });
    assert!(matches!(written, Err(WriteError::Store(StoreError::NotBegun))), "{written:?}");
    assert_eq!(counter(&office), None);
    // Others go on.
    office.runtime.block_on(office.app.write(demo42(), "test", put)).expect("a write");
    assert!(counter(&office).is_some());
}

#[test]
fn whether_it_may_begin_is_asked_once_its_turn_has_come() {
    let office = Office::open();
    let free = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&free);
    let may_begin: MayBegin = Arc::new(move || {
        assert!(asked.load(Ordering::SeqCst), "somebody else still writes");
        true
    });
    let written = while_somebody_writes(&office, |release| {
        office.runtime.block_on(within(may_begin, async {
            let mut write = std::pin::pin!(office.app.write(demo42(), "test", put));
            let early = tokio::time::timeout(std::time::Duration::ZERO, write.as_mut()).await;
            assert!(early.is_err(), "nobody can write yet");
            free.store(true, Ordering::SeqCst);
            release();
            write.await
        }))
    });
    written.expect("a write");
    assert!(counter(&office).is_some());
}

#[test]
fn a_login_whose_time_has_passed_uses_nothing_up() {
    let office = Office::open();
    let app = &office.app;
    let supplier = office.store().supplier_id("demo42").expect("a store").expect("demo42");
    let session = |token: &str| NewSession {
        token: token.to_owned(),
        beside: None,
        protocol: Protocol::Consinco,
        login: "someone".to_owned(),
        kind: SessionKind::Refresh,
        seconds: 60,
    };
    let [first, second] = [(); 2].map(|()| app.mint_session_token(""));
    let open = app.open_sessions(supplier, vec![session(&first)]);
    office.runtime.block_on(open).expect("a session");
    let exchange = || app.exchange_session(supplier, &first, vec![session(&second)]);
    let late = office.runtime.block_on(within(Arc::new(|| false), exchange()));
    assert!(matches!(late, Err(WriteError::Store(StoreError::NotBegun))), "{late:?}");
    let counts = |token: &str| app.session(Protocol::Consinco, token).expect("an answer").is_some();
    assert!(counts(&first) && !counts(&second));
    office.runtime.block_on(exchange()).expect("the token still counts");
    assert!(!counts(&first) && counts(&second));
}
