//! One connection from its first byte to its end.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use kontor_http_gate::{self as gate, Gate};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::config::Limits;
use crate::dispatch::Dispatcher;
use crate::sent::Sent;
use crate::tls::TlsReload;
use crate::watch::{Expiry, Watch};

/// What all connections of a server share.
pub(crate) struct Connections {
    pub(crate) dispatcher: Arc<Dispatcher>,
    builder: auto::Builder<TokioExecutor>,
    stop: Stop,
}

/// The signal that a shutdown began.
#[derive(Default)]
struct Stop {
    is_set: AtomicBool,
    notify: Notify,
}

/// Connections of which no new request is taken any more end at this time at the latest.
type DrainUntil = Option<Instant>;

impl Connections {
    pub(crate) fn new(dispatcher: Arc<Dispatcher>) -> Self {
        let builder = builder(&dispatcher.config.limits, dispatcher.head_limits.head_bytes());
        Self { dispatcher, builder, stop: Stop::default() }
    }

    /// Lets every connection end after the answers in flight.
    pub(crate) fn stop(&self) {
        self.stop.is_set.store(true, SeqCst);
        self.stop.notify.notify_waiters();
    }

    /// Serves a connection to its end, over TLS when there is a certificate.
    pub(crate) async fn serve(
        &self,
        stream: TcpStream,
        tls: Option<&TlsReload>,
        watch: Arc<Watch>,
    ) {
        let Some(tls) = tls else {
            return self.serve_http(stream, watch).await;
        };
        let limit = Duration::from_millis(self.dispatcher.config.limits.tls_handshake_ms);
        match timeout(limit, tls.acceptor().accept(stream)).await {
            Ok(Ok(stream)) => Box::pin(self.serve_http(stream, watch)).await,
            Ok(Err(_)) => self.dispatcher.metrics.connection_closed("tls_error"),
            Err(_) => self.dispatcher.metrics.connection_closed("tls_handshake"),
        }
    }

    async fn serve_http<I>(&self, io: I, watch: Arc<Watch>)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let gate =
            Gate::new(io, Arc::clone(&watch) as Arc<dyn gate::Watch>, self.dispatcher.head_limits);
        let dispatcher = Arc::clone(&self.dispatcher);
        let service = {
            let watch = Arc::clone(&watch);
            hyper::service::service_fn(move |request: http::Request<Incoming>| {
                Arc::clone(&dispatcher).serve(Arc::clone(&watch), request)
            })
        };
        let connection = pin!(self.builder.serve_connection(TokioIo::new(gate), service));
        if let Some(expiry) = self.drive(connection, &watch).await {
            self.dispatcher.metrics.connection_closed(expiry.name());
        }
    }

    /// Runs a connection until it ends by itself or a deadline passes, which is returned.
    async fn drive<C: Drainable>(
        &self,
        mut connection: Pin<&mut C>,
        watch: &Watch,
    ) -> Option<Expiry> {
        let limits = &self.dispatcher.config.limits;
        let drain = Duration::from_millis(limits.drain_ms);
        let mut timer = pin!(sleep_until(watch.deadline(limits).0));
        let mut stopped = pin!(self.stop.notify.notified());
        stopped.as_mut().enable();
        let mut has_waker = false;
        let mut drain_until: DrainUntil = None;
        poll_fn(|cx| {
            if connection.as_mut().poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            // Polling the signal takes a lock, so that is done once to leave the waker, which
            // stays the same as long as the connection stays in its task.
            if drain_until.is_none() && (!has_waker || self.stop.is_set.load(SeqCst)) {
                has_waker = true;
                let is_stopped = stopped.as_mut().poll(cx).is_ready();
                if is_stopped || self.stop.is_set.load(SeqCst) {
                    drain_until = Some(Instant::now() + drain);
                    connection.as_mut().drain();
                    cx.waker().wake_by_ref();
                }
            }
            match ready_expiry(watch, limits, timer.as_mut(), drain_until, cx) {
                Poll::Ready(expiry) if expiry.is_gentle() && drain_until.is_none() => {
                    drain_until = Some(Instant::now() + drain);
                    connection.as_mut().drain();
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                expired @ (Poll::Ready(_) | Poll::Pending) => expired.map(Some),
            }
        })
        .await
    }
}

/// Whether a deadline has passed. Moves the timer only when the deadline came nearer or it fired.
fn ready_expiry(
    watch: &Watch,
    limits: &Limits,
    mut timer: Pin<&mut Sleep>,
    drain_until: DrainUntil,
    cx: &mut Context<'_>,
) -> Poll<Expiry> {
    loop {
        let (deadline, expiry) = watch.deadline(limits);
        let deadline = match drain_until {
            None => deadline,
            Some(until) if expiry.is_gentle() => until,
            Some(until) => until.min(deadline),
        };
        if deadline < timer.deadline() {
            timer.as_mut().reset(deadline);
        }
        if timer.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        if deadline <= Instant::now() {
            return Poll::Ready(expiry);
        }
        timer.as_mut().reset(deadline);
    }
}

/// A connection that can be told to take no further request.
trait Drainable: Future {
    fn drain(self: Pin<&mut Self>);
}

impl<I, S, E> Drainable for auto::Connection<'_, I, S, E>
where
    Self: Future,
    I: hyper::rt::Read + hyper::rt::Write + Unpin + 'static,
    S: hyper::service::HttpService<Incoming, ResBody = Sent>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    E: hyper::rt::bounds::Http2ServerConnExec<S::Future, Sent>,
{
    fn drain(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

fn builder(limits: &Limits, head_bytes: usize) -> auto::Builder<TokioExecutor> {
    let ping = Duration::from_millis(limits.h2_ping_ms);
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        // A client may end its side after the request and still wait for the answer.
        .half_close(true)
        // Head and body of an answer go out in one piece; the gate gathers answers.
        .writev(false)
        // The gate has deadlines for heads, and lets no head pass that does not fit.
        .header_read_timeout(None)
        .max_buf_size(head_bytes.max(8 << 10))
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.h2_streams)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_send_buf_size(64 << 10)
        .keep_alive_interval(ping)
        .keep_alive_timeout(ping);
    builder
}
