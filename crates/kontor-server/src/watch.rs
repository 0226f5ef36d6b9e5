//! What is known about the progress of one connection, and when its patience ends.
//!
//! The reader and writer of the connection note events in atomics, and the connection's task
//! compares the resulting deadline with its one timer, which it moves only when the deadline came
//! nearer or the timer fired. So a request on a kept-alive connection costs no timer of its own.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::atomic::{
    AtomicBool, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;
use kontor_http_gate as gate;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::config::Limits;

/// How long a client may go on sending after the answer that ends its connection.
const LINGER_MS: u64 = 2_000;

/// One connection, as far as its requests and its deadlines are concerned.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) peer: IpAddr,
    pub(crate) tls: bool,
    /// Whether this connection was accepted on the address for operations only.
    pub(crate) ops_only: bool,
    opened: Instant,
    /// When the first byte of an unfinished head came; 0 is none.
    head_since: AtomicU64,
    /// When writing got stuck; 0 is not stuck.
    stuck_since: AtomicU64,
    /// Bytes written since it got stuck.
    stuck_bytes: AtomicU64,
    /// When the last request ended, or the connection began.
    quiet_since: AtomicU64,
    /// Bytes written since then: an HTTP/2 client may still be fetching a long answer.
    quiet_bytes: AtomicU64,
    /// Requests begun so far.
    requests: AtomicU64,
    /// Requests being answered.
    busy: AtomicU32,
    /// Whether any byte came.
    begun: AtomicBool,
    /// Whether an answer did not wait for the end of its request, so that closing must linger.
    lingers: AtomicBool,
    /// When lingering began; 0 is not yet.
    linger_since: AtomicU64,
    /// The status the gate refuses the rest of this connection with; 0 is none.
    refusal: AtomicU16,
    /// Bytes of answers that the client asked for and has not taken yet (HTTP/2 only).
    waiting_bytes: AtomicUsize,
    /// Told when they become fewer.
    taken: Notify,
    /// The answers that wait (HTTP/2 only).
    answers: Mutex<Answers>,
}

/// Answers by number.
#[derive(Debug, Default)]
struct Answers {
    next: u64,
    waiting: BTreeMap<u64, Progress>,
}

/// How far a client is with taking an answer.
#[derive(Debug, Clone, Copy)]
struct Progress {
    since_ms: u64,
    bytes: u64,
}

/// An answer that waits to be taken; ends when dropped.
#[derive(Debug)]
pub(crate) struct Waiting {
    watch: Arc<Watch>,
    number: u64,
    /// Bytes of it that wait.
    bytes: AtomicUsize,
}

/// Why a connection is closed from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expiry {
    FirstByte,
    Head,
    Idle,
    Write,
    Age,
    Linger,
}

/// A request being answered; ends when dropped.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Watch>);

impl Watch {
    pub(crate) fn new(peer: IpAddr, tls: bool, ops_only: bool) -> Self {
        Self {
            peer,
            tls,
            ops_only,
            opened: Instant::now(),
            head_since: AtomicU64::new(0),
            stuck_since: AtomicU64::new(0),
            stuck_bytes: AtomicU64::new(0),
            quiet_since: AtomicU64::new(0),
            quiet_bytes: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            busy: AtomicU32::new(0),
            begun: AtomicBool::new(false),
            lingers: AtomicBool::new(false),
            linger_since: AtomicU64::new(0),
            refusal: AtomicU16::new(0),
            waiting_bytes: AtomicUsize::new(0),
            taken: Notify::new(),
            answers: Mutex::default(),
        }
    }

    /// Bytes that wait to be taken.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.waiting_bytes.load(Relaxed)
    }

    /// Resolves when fewer bytes than this wait.
    pub(crate) async fn waiting_below(&self, bytes: usize) {
        loop {
            let mut taken = pin!(self.taken.notified());
            taken.as_mut().enable();
            if self.waiting_bytes() < bytes {
                return;
            }
            taken.await;
        }
    }

    /// Notes that an answer of so many bytes waits to be taken. A client that takes it too slowly is closed, however
    /// well it takes others: it decides itself which of them goes on.
    pub(crate) fn answer_waits(self: &Arc<Self>, bytes: usize) -> Waiting {
        self.waiting_bytes.fetch_add(bytes, Relaxed);
        let since_ms = self.now_ms();
        let mut answers = self.answers();
        let number = answers.next;
        answers.next += 1;
        answers.waiting.insert(number, Progress { since_ms, bytes: 0 });
        Waiting { watch: Arc::clone(self), number, bytes: AtomicUsize::new(bytes) }
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the first of the answers that wait must have gone on.
    fn answers_deadline_ms(&self, limits: &Limits) -> Option<u64> {
        let due = |progress: &Progress| {
            progress.since_ms.saturating_add(limits.write.allowance_ms(progress.bytes))
        };
        self.answers().waiting.values().map(due).min()
    }

    /// The status the gate refused with.
    pub(crate) fn refusal(&self) -> StatusCode {
        StatusCode::from_u16(self.refusal.load(Relaxed)).unwrap_or(StatusCode::BAD_REQUEST)
    }

    /// Notes that an answer goes out before its request was read to the end.
    pub(crate) fn will_linger(&self) {
        self.lingers.store(true, Relaxed);
    }

    /// Begins a request.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        self.requests.fetch_add(1, Relaxed);
        self.busy.fetch_add(1, Relaxed);
        Busy(Arc::clone(self))
    }

    /// When the connection is to be closed if nothing happens until then, and why.
    pub(crate) fn deadline(&self, limits: &Limits) -> (Instant, Expiry) {
        let (at_ms, expiry) = self.progress_deadline_ms(limits);
        let (at_ms, expiry) = if limits.connection_age_ms < at_ms {
            (limits.connection_age_ms, Expiry::Age)
        } else {
            (at_ms, expiry)
        };
        (self.opened + Duration::from_millis(at_ms), expiry)
    }

    fn progress_deadline_ms(&self, limits: &Limits) -> (u64, Expiry) {
        let linger_since = self.linger_since.load(Relaxed);
        if linger_since != 0 {
            return (linger_since + LINGER_MS, Expiry::Linger);
        }
        let stuck_since = self.stuck_since.load(Relaxed);
        let stuck = (stuck_since != 0).then(|| {
            let allowance = limits.write.allowance_ms(self.stuck_bytes.load(Relaxed));
            stuck_since + allowance
        });
        if let Some(at_ms) = stuck.into_iter().chain(self.answers_deadline_ms(limits)).min() {
            return (at_ms, Expiry::Write);
        }
        if self.busy.load(Relaxed) != 0 {
            // The request has deadlines of its own.
            return (u64::MAX, Expiry::Idle);
        }
        let head_since = self.head_since.load(Relaxed);
        if head_since != 0 {
            // A head sent ahead is not read while the request before it is answered.
            let since = head_since.max(self.quiet_since.load(Relaxed));
            return (since + limits.head_ms, Expiry::Head);
        }
        if !self.begun.load(Relaxed) {
            return (limits.first_byte_ms, Expiry::FirstByte);
        }
        let fetching = self.quiet_bytes.load(Relaxed).saturating_mul(1_000)
            / limits.write.min_bytes_per_second.max(1);
        let allowance = limits.idle_ms + fetching.min(limits.write.total_ms);
        (self.quiet_since.load(Relaxed) + allowance, Expiry::Idle)
    }

    fn quiet(&self) {
        self.quiet_bytes.store(0, Relaxed);
        self.quiet_since.store(self.now_ms(), Relaxed);
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl gate::Watch for Watch {
    fn head_began(&self) {
        self.begun.store(true, Relaxed);
        if self.head_since.load(Relaxed) == 0 {
            self.head_since.store(self.now_ms().max(1), Relaxed);
        }
    }

    fn head_ended(&self) {
        self.begun.store(true, Relaxed);
        self.head_since.store(0, Relaxed);
    }

    fn refused(&self, status: StatusCode) {
        self.refusal.store(status.as_u16(), Relaxed);
        self.will_linger();
    }

    fn stuck(&self) {
        if self.stuck_since.load(Relaxed) == 0 {
            self.stuck_bytes.store(0, Relaxed);
            self.stuck_since.store(self.now_ms().max(1), Relaxed);
        }
    }

    fn unstuck(&self) {
        if self.stuck_since.swap(0, Relaxed) != 0 {
            self.quiet();
        }
    }

    fn wrote(&self, bytes: usize) {
        self.quiet_bytes.fetch_add(bytes as u64, Relaxed);
        if self.stuck_since.load(Relaxed) != 0 {
            self.stuck_bytes.fetch_add(bytes as u64, Relaxed);
        }
    }

    fn requests(&self) -> u64 {
        self.requests.load(Relaxed)
    }

    fn begin_linger(&self) -> bool {
        let lingers = self.lingers.load(Relaxed);
        if lingers {
            self.linger_since.store(self.now_ms().max(1), Relaxed);
        }
        lingers
    }
}

impl Expiry {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FirstByte => "first_byte",
            Self::Head => "head",
            Self::Idle => "idle",
            Self::Write => "write",
            Self::Age => "age",
            Self::Linger => "linger",
        }
    }

    /// Whether a connection that ends so may have requests in flight which are finished first.
    pub(crate) fn is_gentle(self) -> bool {
        match self {
            Self::Idle | Self::Age => true,
            Self::FirstByte | Self::Head | Self::Write | Self::Linger => false,
        }
    }
}

impl Waiting {
    /// Notes that so many bytes do not wait any more.
    pub(crate) fn fewer(&self, bytes: usize) {
        if bytes > 0 {
            self.bytes.fetch_sub(bytes, Relaxed);
            self.watch.waiting_bytes.fetch_sub(bytes, Relaxed);
            self.watch.taken.notify_waiters();
        }
    }

    /// Notes that the next part of the answer begins to be made, or is made: the client may take its
    /// time anew for it.
    pub(crate) fn goes_on(&self) {
        let since_ms = self.watch.now_ms();
        if let Some(progress) = self.watch.answers().waiting.get_mut(&self.number) {
            *progress = Progress { since_ms, bytes: 0 };
        }
    }

    /// Notes that the client took so many bytes.
    pub(crate) fn took(&self, bytes: usize) {
        if let Some(progress) = self.watch.answers().waiting.get_mut(&self.number) {
            progress.bytes = progress.bytes.saturating_add(bytes as u64);
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.fewer(self.bytes.load(Relaxed));
        self.watch.answers().waiting.remove(&self.number);
        // From now on the connection is idle as after any other answer.
        self.watch.quiet();
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.quiet();
        self.0.busy.fetch_sub(1, Relaxed);
    }
}
