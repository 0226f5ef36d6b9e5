//! The running application: what every use case needs.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, Guard};
use jiff::civil::Date;
use kontor_model::clock::Clock;
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;
use kontor_pricing::Book;
use kontor_store::{Store, StoreError};
use tokio::sync::watch;

use crate::access::last_used::LastUsed;
use crate::access::login_limits::{LoginGuard, LoginLimits};
use crate::access::secrets::PasswordCheck;
use crate::access::sessions::SessionDesk;
use crate::follow::FollowPolicy;
use crate::read_aside::LongReads;
use crate::write::WritePlaces;

/// What an application is made of.
pub struct AppConfig {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub login_limits: LoginLimits,
}

/// The running application.
pub struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) book: ArcSwap<Book>,
    /// Held by whoever brings the book up to date; readers never take it.
    pub(crate) following: Mutex<()>,
    pub(crate) follow_policy: FollowPolicy,
    /// How often everything was read anew after the start.
    pub(crate) reloads: AtomicU64,
    pub(crate) passwords: PasswordCheck,
    pub(crate) login_guard: LoginGuard,
    pub(crate) sessions: SessionDesk,
    pub(crate) last_used: LastUsed,
    pub(crate) long_reads: LongReads,
    pub(crate) write_places: WritePlaces,
    /// Told when leads were accepted, so that they are delivered at once.
    lead_news: watch::Sender<()>,
}

impl App {
    /// Loads the book from the store. Takes as long as reading all rows.
    pub fn open(config: AppConfig) -> Result<Arc<Self>, StoreError> {
        Self::open_following(config, FollowPolicy::default())
    }

    /// The same with other thresholds of following.
    pub fn open_following(
        config: AppConfig,
        follow_policy: FollowPolicy,
    ) -> Result<Arc<Self>, StoreError> {
        let sessions = SessionDesk::open(&*config.store)?;
        let app = Self {
            store: config.store,
            clock: config.clock,
            book: ArcSwap::from_pointee(Book::empty()),
            following: Mutex::new(()),
            follow_policy,
            reloads: AtomicU64::new(0),
            passwords: PasswordCheck::new(),
            login_guard: LoginGuard::new(config.login_limits),
            sessions,
            last_used: LastUsed::default(),
            long_reads: LongReads::new(),
            write_places: WritePlaces::default(),
            lead_news: watch::Sender::new(()),
        };
        app.reload()?;
        Ok(Arc::new(app))
    }

    /// The newest version of the book. Hold it for one answer, so that the answer is of one piece.
    pub fn book(&self) -> Guard<Arc<Book>> {
        self.book.load()
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The day before today where the supplier is. `None` on the first day of the calendar.
    pub fn yesterday(&self, supplier: SupplierId) -> Option<Date> {
        let book = self.book();
        let supplier = book.tenant(supplier)?.supplier()?;
        supplier.time_zone.date(self.now()).yesterday().ok()
    }

    /// Told when leads were accepted.
    pub fn lead_news(&self) -> &watch::Sender<()> {
        &self.lead_news
    }

    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// Writes which accounts were used since the last time. What cannot be written now is written the
    /// next time.
    pub fn write_last_used(&self) -> Result<(), StoreError> {
        self.last_used.write(&*self.store)
    }

    /// Runs a read that takes long on a thread of its own, so that short answers need not wait. Only
    /// so many run at a time.
    pub async fn read_aside<T, J>(self: &Arc<Self>, read: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Self) -> T + Send + 'static,
    {
        let app = Arc::clone(self);
        self.long_reads.run(move || read(&app)).await
    }
}
