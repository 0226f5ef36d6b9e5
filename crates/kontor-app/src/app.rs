//! The running application: what every use case needs.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, Guard};
use kontor_model::account::Account;
use kontor_model::clock::Clock;
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, Tenant};
use kontor_store::{Store, StoreError};
use tokio::sync::watch;

use crate::follow::FollowPolicy;
use crate::last_used::LastUsed;
use crate::login_limits::{LoginGuard, LoginLimits};
use crate::read_aside::LongReads;
use crate::secrets::PasswordCheck;
use crate::sessions::SessionDesk;
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
    pub(crate) lead_news: watch::Sender<()>,
}

/// Who asks: an account that has shown its credentials.
#[derive(Debug, Clone)]
pub struct Asker {
    pub supplier: SupplierId,
    pub account: Arc<Account>,
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

    pub fn store(&self) -> &dyn Store {
        &*self.store
    }
}

impl Asker {
    /// The supplier of the account in this version of the book.
    pub fn tenant<'b>(&self, book: &'b Book) -> Option<&'b Tenant> {
        book.tenant(self.supplier)
    }
}
