//! The server: binds its addresses, runs, and ends without losing answers in flight.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use kontor_wire::http::Dialect;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::accept::{Door, Room, accept, listen};
use crate::config::{ConfigError, ServerConfig};
use crate::connection::Connections;
use crate::dispatch::Dispatcher;
use crate::metrics::UPKEEP_EVERY;
use crate::ops::Ops;
use crate::tls::{TlsError, TlsReload};

/// How often addresses are forgotten from which nobody logged in any more.
const FORGET_LOGINS_EVERY: Duration = Duration::from_hours(1);

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot use TLS")]
    Tls(#[from] TlsError),
}

/// A server that listens. It serves from [`run`](Self::run) on; before, connections queue.
pub struct Server {
    main: Door,
    main_address: SocketAddr,
    ops: Option<Door>,
    ops_address: Option<SocketAddr>,
    connections: Arc<Connections>,
    room: Room,
    drain: Duration,
}

impl Server {
    /// Checks the configuration, loads certificate and key, and listens. Dialects are asked in
    /// this order who owns a path. Must be called inside of a tokio runtime.
    pub fn bind(
        config: ServerConfig,
        dialects: Vec<Arc<dyn Dialect>>,
        ops: Arc<dyn Ops>,
    ) -> Result<Self, ServerError> {
        config.check()?;
        let tls = config.tls.clone().map(TlsReload::load).transpose()?;
        let (main, main_address) = door(config.listen, tls, false)?;
        let (ops_door, ops_address) =
            config.ops_listen.map(|address| door(address, None, true)).transpose()?.unzip();
        let room = Room::new(
            config.limits.connections,
            config.limits.connections_per_address,
            config.trusted_proxies.clone(),
        );
        // A connection drains by itself; a moment more lets it close.
        let drain = Duration::from_millis(config.limits.drain_ms) + Duration::from_secs(1);
        let connections = Connections::new(Arc::new(Dispatcher::new(config, dialects, ops)));
        Ok(Self {
            main,
            main_address,
            ops: ops_door,
            ops_address,
            connections: Arc::new(connections),
            room,
            drain,
        })
    }

    /// The address the protocols are served on, with the port that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.main_address
    }

    /// The operators' own address, if there is one.
    pub fn ops_addr(&self) -> Option<SocketAddr> {
        self.ops_address
    }

    /// The TLS side, to exchange its certificate. `None` without TLS.
    pub fn tls(&self) -> Option<TlsReload> {
        self.main.tls.clone()
    }

    /// Serves until `shutdown` resolves, then finishes the answers in flight: no connection and no
    /// request is taken any more, and what is not done after the drain deadline is cut off.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let serve = async {
            tokio::join!(
                accept(&self.main, &self.room, &self.connections),
                async {
                    if let Some(ops) = &self.ops {
                        accept(ops, &self.room, &self.connections).await;
                    }
                },
                keep_up(&self.connections.dispatcher),
                keep_tls(self.main.tls.as_ref()),
            )
        };
        tokio::select! {
            _ = serve => {}
            () = shutdown => {}
        }
        let Self { main, ops, connections, room, drain, .. } = self;
        drop((main, ops));
        connections.stop();
        if timeout(drain, room.emptied()).await.is_err() {
            tracing::warn!(target: "kontor::server", "connections were cut off at the shutdown");
        }
    }
}

fn door(
    address: SocketAddr,
    tls: Option<TlsReload>,
    ops_only: bool,
) -> Result<(Door, SocketAddr), ServerError> {
    let describe = |source| ServerError::Listen { address, source };
    let listener = listen(address).map_err(describe)?;
    let bound = listener.local_addr().map_err(describe)?;
    Ok((Door { listener, tls, ops_only }, bound))
}

/// Folds histograms and forgets where somebody logged in, for ever.
async fn keep_up(dispatcher: &Dispatcher) {
    let mut upkeep = every(UPKEEP_EVERY);
    let mut forget_logins = every(FORGET_LOGINS_EVERY);
    loop {
        tokio::select! {
            _ = upkeep.tick() => dispatcher.metrics.upkeep(),
            _ = forget_logins.tick() => dispatcher.logged_in.forget(),
        }
    }
}

/// Reads certificate and key again on `SIGHUP` and when a file has changed, for ever.
async fn keep_tls(tls: Option<&TlsReload>) {
    let Some(tls) = tls else { return };
    let mut check = every(Duration::from_millis(tls.check_ms()));
    let mut hangup = signal(SignalKind::hangup())
        .inspect_err(|error| {
            tracing::warn!(target: "kontor::server", %error, "cannot listen for SIGHUP");
        })
        .ok();
    loop {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await.is_some(),
                None => std::future::pending().await,
            }
        };
        let is_due = tokio::select! {
            _ = check.tick() => tls.has_changed(),
            hung_up = hung_up => hung_up,
        };
        if !is_due {
            continue;
        }
        match tls.reload() {
            Ok(()) => tracing::info!(target: "kontor::server", "certificate was read again"),
            Err(error) => tracing::error!(
                target: "kontor::server",
                error = &error as &dyn std::error::Error,
                "certificate stays as it was"
            ),
        }
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
