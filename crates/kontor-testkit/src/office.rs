//! The running application over the demo catalogue, and a clock that is set by hand: what use cases
//! are tried on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kontor_app::{App, AppConfig, LoginLimits};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierCode;
use kontor_model::{Clock, Instant};
use kontor_store::{ReadTx, Store};

use crate::data::Data;
use crate::demo::NOW;

/// A clock that is set by hand.
pub struct HandClock(AtomicI64);

/// An application over data of its own.
pub struct Office {
    pub app: Arc<App>,
    pub clock: Arc<HandClock>,
    pub runtime: tokio::runtime::Runtime,
    data: Data,
}

impl HandClock {
    pub fn set(&self, now: Instant) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }

    pub fn forward(&self, seconds: i64) {
        self.set(self.now().plus_seconds(seconds));
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl Office {
    pub fn open() -> Self {
        let data = Data::new();
        let now: Instant = NOW.parse().expect("an instant");
        let clock = Arc::new(HandClock(AtomicI64::new(now.micros())));
        let app = app(Arc::clone(&data.store), &clock);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self { app, clock, runtime: runtime.expect("a runtime"), data }
    }

    /// Another process, so to speak, on the same data.
    pub fn another(&self) -> Arc<App> {
        app(self.another_store(), &self.clock)
    }

    pub fn store(&self) -> &dyn Store {
        self.app.store()
    }

    /// The same data, as another process has it.
    pub fn another_store(&self) -> Arc<dyn Store> {
        self.data.open_again()
    }

    /// Whether a text stands in some file of the data.
    pub fn is_on_disk(&self, text: &str) -> bool {
        let mut files = std::fs::read_dir(self.data.directory()).expect("a directory");
        files.any(|entry| {
            let bytes = std::fs::read(entry.expect("a file").path()).expect("bytes");
            bytes.windows(text.len()).any(|part| part == text.as_bytes())
        })
    }

    /// A row of demo42.
    pub fn row(&self, kind: Kind, key: &[Cell]) -> Option<Record> {
        self.read(|tx| tx.get(kind, key).expect("a row"))
    }

    /// All rows of a kind of demo42.
    pub fn rows(&self, kind: Kind) -> Vec<Record> {
        self.read(|tx| {
            let mut rows = Vec::new();
            tx.scan(kind, &[], &mut |record| {
                rows.push(record);
                Ok(())
            })
            .expect("rows");
            rows
        })
    }

    fn read<T>(&self, read: impl Fn(&dyn ReadTx) -> T) -> T {
        let supplier = self.store().supplier_id("demo42").expect("a store").expect("demo42");
        let mut found = None;
        let view = self.store().read(supplier, &mut |tx| {
            found = Some(read(tx));
            Ok(())
        });
        view.expect("a view");
        found.expect("a value")
    }
}

pub fn demo42() -> SupplierCode {
    "demo42".parse().expect("a code")
}

fn app(store: Arc<dyn Store>, clock: &Arc<HandClock>) -> Arc<App> {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let config = AppConfig { store, clock, login_limits: LoginLimits::default() };
    App::open(config).expect("a book")
}
