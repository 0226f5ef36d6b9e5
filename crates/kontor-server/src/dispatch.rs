//! From the head of a request to its finished answer: finds who owns the path, reads the body,
//! asks, and counts and logs what came of it.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::request::Parts;
use http::{StatusCode, Version};
use hyper::body::{Body as _, Incoming};
use kontor_http_gate::{HeadLimits, is_refused, judge_h2};
use kontor_rate_limit::{RateLimit, TooMany, network_of};
use kontor_wire::deadline::Deadline;
use kontor_wire::http::{Body, Credentials, Dialect, Refusal, Request, Response};
use kontor_wire::pieces::PIECE_BYTES;
use tokio::time::{Instant, timeout};

use crate::body::{self, Coding, Unread};
use crate::caps::{AddressBudget, Budget, LoggedIn, Share};
use crate::config::{OpsAccess, ServerConfig};
use crate::finish::{Finisher, Wishes, plain, unknown_coding};
use crate::intake::take_apart;
use crate::log;
use crate::metrics::{Metrics, Scope};
use crate::ops::{Endpoint, Ops};
use crate::panics::{Panicked, caught, caught_now};
use crate::request_id::RequestIds;
use crate::sent::{AnswerRoom, Hold, Sent};
use crate::watch::Watch;

/// Longest body that is read for a path nobody owns, so that its connection can stay open.
const STRAY_BODY: usize = 64 << 10;

/// Everything the answers of one server share.
pub(crate) struct Dispatcher {
    mounted: Vec<Mounted>,
    /// Series of requests that no dialect owns.
    stray: Scope,
    ops: Arc<dyn Ops>,
    ops_access: OpsAccess,
    pub(crate) config: ServerConfig,
    pub(crate) head_limits: HeadLimits,
    pub(crate) metrics: Metrics,
    /// Requests of an address, when there is a limit.
    rate: Option<RateLimit<IpAddr>>,
    in_flight: Budget,
    /// Those that wait for something, by address.
    pending: Arc<AddressBudget>,
    body_bytes: Arc<AddressBudget>,
    answers: AnswerRoom,
    /// Where somebody has logged in.
    pub(crate) logged_in: LoggedIn,
    finisher: Finisher,
    ids: RequestIds,
}

struct Mounted {
    dialect: Arc<dyn Dialect>,
    scope: Scope,
}

/// An answer and what became of its request's body.
struct Handled {
    response: Response,
    /// Whether the body was not read to its end.
    is_unread: bool,
}

impl Dispatcher {
    pub(crate) fn new(
        config: ServerConfig,
        dialects: Vec<Arc<dyn Dialect>>,
        ops: Arc<dyn Ops>,
    ) -> Self {
        let metrics = Metrics::new();
        let limits = &config.limits;
        let mounted = dialects
            .into_iter()
            .map(|dialect| Mounted { scope: metrics.scope(dialect.name()), dialect })
            .collect();
        // With an address of their own, the operators' paths do not exist on the main one.
        let ops_access =
            if config.ops_listen.is_some() { OpsAccess::Nobody } else { config.ops_access };
        Self {
            mounted,
            stray: metrics.scope("none"),
            ops,
            ops_access,
            head_limits: HeadLimits {
                uri_bytes: limits.uri_bytes,
                headers: limits.headers,
                header_bytes: limits.header_bytes,
            },
            metrics,
            rate: config
                .rate_limit
                .map(|limit| RateLimit::per_second(limit.per_second, limit.burst)),
            in_flight: Budget::new(limits.requests_in_flight as usize),
            pending: Arc::new(AddressBudget::new(limits.requests_in_flight as usize)),
            body_bytes: Arc::new(AddressBudget::new(limits.body_bytes_in_flight)),
            answers: AnswerRoom::new(limits),
            logged_in: LoggedIn::default(),
            finisher: Finisher::new(),
            ids: RequestIds::new(),
            config,
        }
    }

    /// Answers one request.
    pub(crate) async fn serve(
        self: Arc<Self>,
        watch: Arc<Watch>,
        incoming: http::Request<Incoming>,
    ) -> Result<http::Response<Sent>, Infallible> {
        let begun = Instant::now();
        let busy = watch.busy();
        let id = self.ids.next();
        let (parts, mut body) = incoming.into_parts();
        let mut wishes = Wishes::of(&parts.method, &parts.headers);
        let is_http_1 = parts.version < Version::HTTP_2;

        let judged = self.judge(&parts, &watch);
        let mut request = take_apart(parts, &watch, &self.config.trusted_proxies);
        let mounted = self.owner(&request, &watch);
        let scope = mounted.as_ref().ok().copied().flatten().map_or(&self.stray, |m| &m.scope);
        let handled = match (judged, &mounted) {
            (Err(status), _) => {
                self.metrics.refused("gate");
                Handled { response: plain(status), is_unread: true }
            }
            (Ok(()), Ok(Some(mounted))) => {
                self.ask(mounted.dialect.as_ref(), &mut request, &mut body, &watch).await
            }
            (Ok(()), Ok(None)) => self.answer_stray(&mut request, &mut body, &watch).await,
            (Ok(()), Err(Panicked)) => Handled { response: self.fault(), is_unread: true },
        };
        if handled.is_unread && is_http_1 {
            watch.will_linger();
            wishes.must_close = true;
        }
        let owner = mounted.ok().flatten().map(|mounted| mounted.dialect.as_ref());
        let (mut response, hold) = self.hold(handled.response, owner, &request, &watch);
        let note = std::mem::take(&mut response.note);
        let mut sent = self.finisher.finish(response, &wishes, id, hold).await;
        sent.body_mut().keep_busy(busy);
        let took = begun.elapsed();
        self.metrics.answered(scope, sent.status(), took);
        self.metrics.answered_to(scope, &note, sent.status());
        if note.credentials == Credentials::Right {
            self.logged_in.note(request.peer);
        }
        log::answered((id, scope.name()), &request, (&sent, &note), took);
        Ok(sent)
    }

    /// The room that an answer takes until the client has it. Where there is none, and nothing was
    /// done, the request is refused instead.
    fn hold(
        &self,
        response: Response,
        owner: Option<&dyn Dialect>,
        request: &Request,
        watch: &Arc<Watch>,
    ) -> (Response, Hold) {
        let is_h2 = request.version >= Version::HTTP_2;
        // An answer that is made while it is sent holds a piece at a time.
        let piece = response.rest.as_ref().map_or(0, |_| PIECE_BYTES);
        let (client, bytes) = (request.peer, response.body.len().max(piece));
        if let Some(hold) = self.answers.hold(watch, client, bytes, is_h2) {
            return (response, hold);
        }
        if !request.deadline.pass() {
            return (response, self.answers.hold_anyway(watch, client, bytes, is_h2));
        }
        let mut refused = match owner {
            Some(dialect) => self.refuse(dialect, self.overloaded(), request),
            None => plain(StatusCode::SERVICE_UNAVAILABLE),
        };
        refused.note = response.note;
        let bytes = refused.body.len();
        let hold = self.answers.hold_anyway(watch, client, bytes, is_h2);
        (refused, hold)
    }

    fn judge(&self, parts: &Parts, watch: &Watch) -> Result<(), StatusCode> {
        if is_refused(parts) {
            return Err(watch.refusal());
        }
        judge_h2(parts, &self.head_limits)
    }

    /// The dialect that owns the path of a request, if one does.
    fn owner(&self, request: &Request, watch: &Watch) -> Result<Option<&Mounted>, Panicked> {
        if watch.ops_only {
            return Ok(None);
        }
        caught_now(|| self.mounted.iter().find(|mounted| mounted.dialect.owns(&request.path)))
    }

    /// Has a dialect answer, or refuse.
    async fn ask(
        &self,
        dialect: &dyn Dialect,
        request: &mut Request,
        body: &mut Incoming,
        watch: &Watch,
    ) -> Handled {
        let has_body = !body.is_end_stream();
        let counted = self.rate.as_ref().map_or(Ok(()), |rate| rate.take(network_of(request.peer)));
        if let Err(TooMany { retry_after }) = counted {
            let response = self.refuse(dialect, Refusal::TooMany { retry_after }, request);
            return Handled { response, is_unread: has_body };
        }
        if !self.may_answer(request, watch).await {
            let response = self.refuse(dialect, self.overloaded(), request);
            return Handled { response, is_unread: has_body };
        }
        let mut share = self.body_share(request);
        match self.read(dialect.max_body(), request, body, &mut share).await {
            Err(Unread::Coding) => Handled { response: unknown_coding(), is_unread: true },
            Ok(bytes) => {
                request.body = Body::Read(bytes);
                Handled { response: self.answer(dialect, request).await, is_unread: false }
            }
            Err(Unread::TooLarge) => {
                request.body = Body::TooLarge;
                Handled { response: self.answer(dialect, request).await, is_unread: true }
            }
            Err(Unread::Undecodable) => {
                request.body = Body::Undecodable;
                Handled { response: self.answer(dialect, request).await, is_unread: false }
            }
            Err(Unread::NoRoom) => {
                let response = self.refuse(dialect, self.overloaded(), request);
                Handled { response, is_unread: true }
            }
            Err(unread @ (Unread::TooSlow | Unread::Broken)) => self.give_up(unread),
        }
    }

    /// Whether there is room for one more answer. An HTTP/2 client that asks for more than it takes
    /// waits for itself.
    async fn may_answer(&self, request: &Request, watch: &Watch) -> bool {
        let longest = Duration::from_millis(self.config.limits.answer_ms);
        self.answers.turn(watch, request.peer, longest).await
    }

    /// What the address of a request may hold of bodies: little before somebody there has logged in.
    fn body_share(&self, request: &Request) -> Share {
        let limits = &self.config.limits;
        let of_address = if self.logged_in.has(request.peer) {
            limits.body_bytes_of_address()
        } else {
            limits.body_bytes_of_stranger()
        };
        self.body_bytes.share(request.peer, of_address)
    }

    /// Reads a body and decodes it.
    async fn read(
        &self,
        max: usize,
        request: &mut Request,
        body: &mut Incoming,
        share: &mut Share,
    ) -> Result<Bytes, Unread> {
        if body.is_end_stream() {
            return Ok(Bytes::new());
        }
        let pace = &self.config.limits.body;
        match body::coding(&request.headers) {
            Coding::Other => Err(Unread::Coding),
            Coding::Plain => body::read(body, max, pace, share).await,
            Coding::Gzip => {
                let coded = body::read(body, body::most_coded(max), pace, share).await?;
                request.headers.remove(CONTENT_ENCODING);
                body::decode(coded, max, share)
            }
        }
    }

    /// Has a dialect answer a request whose body was read, as far as it may be.
    async fn answer(&self, dialect: &dyn Dialect, request: &Request) -> Response {
        let Some(_place) = self.in_flight.take(1) else {
            return self.refuse(dialect, self.overloaded(), request);
        };
        let mut answer = pin!(caught(async { dialect.answer(request).await }));
        // Most answers are ready at once and need no timer.
        let at_once = poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx))).await;
        let answered = match at_once {
            Poll::Ready(answered) => Some(answered),
            Poll::Pending => {
                let mut share =
                    self.pending.share(request.peer, self.config.limits.pending_of_address());
                if !share.grow(1) && request.deadline.pass() {
                    return self.refuse(dialect, self.overloaded(), request);
                }
                let longest = Duration::from_millis(self.config.limits.answer_ms);
                in_time(answer.as_mut(), longest, &request.deadline).await
            }
        };
        match answered {
            Some(Ok(response)) => response,
            Some(Err(Panicked)) => {
                self.metrics.panics.increment(1);
                self.refuse(dialect, Refusal::Internal, request)
            }
            None => self.refuse(dialect, self.overloaded(), request),
        }
    }

    /// Refuses in the dialect's own words.
    fn refuse(&self, dialect: &dyn Dialect, refusal: Refusal, request: &Request) -> Response {
        let (reason, wait) = match refusal {
            Refusal::TooMany { retry_after } => ("rate", Some(retry_after)),
            Refusal::Overloaded { retry_after } => ("overload", Some(retry_after)),
            Refusal::Internal => ("internal", None),
        };
        self.metrics.refused(reason);
        let Ok(mut response) = caught_now(|| dialect.refuse(refusal, request)) else {
            return self.fault();
        };
        if let Some(wait) = wait {
            response = response.retry_after(wait);
        }
        response
    }

    /// Answers a request for a path that belongs to no dialect.
    async fn answer_stray(
        &self,
        request: &mut Request,
        body: &mut Incoming,
        watch: &Watch,
    ) -> Handled {
        let mut share = self.body_share(request);
        let read = body::read(body, STRAY_BODY, &self.config.limits.body, &mut share).await;
        let is_unread = match read {
            Ok(_) | Err(Unread::Undecodable) => false,
            Err(Unread::TooLarge | Unread::NoRoom | Unread::Coding) => true,
            Err(unread @ (Unread::TooSlow | Unread::Broken)) => return self.give_up(unread),
        };
        let endpoint = Endpoint::at(&request.path)
            .filter(|_| watch.ops_only || self.ops_access.admits(request));
        let response = match endpoint {
            None => plain(StatusCode::NOT_FOUND),
            Some(endpoint) => {
                let ask = || endpoint.answer(request, self.ops.as_ref(), &self.metrics);
                caught_now(ask).unwrap_or_else(|Panicked| self.fault())
            }
        };
        Handled { response, is_unread }
    }

    /// The body did not come as it should; the connection cannot go on.
    fn give_up(&self, unread: Unread) -> Handled {
        let (reason, status) = match unread {
            Unread::TooSlow => ("slow_body", StatusCode::REQUEST_TIMEOUT),
            Unread::Broken
            | Unread::TooLarge
            | Unread::NoRoom
            | Unread::Coding
            | Unread::Undecodable => ("broken_body", StatusCode::BAD_REQUEST),
        };
        self.metrics.refused(reason);
        Handled { response: plain(status), is_unread: true }
    }

    /// The answer when nobody could give one in a protocol's own words.
    fn fault(&self) -> Response {
        self.metrics.panics.increment(1);
        plain(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn overloaded(&self) -> Refusal {
        let retry_after = Duration::from_secs(self.config.limits.retry_after_s);
        Refusal::Overloaded { retry_after }
    }
}

/// The answer when it comes in time. One that has begun to change something is waited for as long as
/// it takes: nobody may be told that nothing was done.
async fn in_time<F: Future>(
    mut answer: Pin<&mut F>,
    longest: Duration,
    deadline: &Deadline,
) -> Option<F::Output> {
    match timeout(longest, answer.as_mut()).await {
        Ok(answered) => Some(answered),
        Err(_) if deadline.pass() => None,
        Err(_) => Some(answer.await),
    }
}
