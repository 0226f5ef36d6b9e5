//! Takes connections from a listening socket, as long as there is room for them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use metrics::Gauge;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::caps::{AddressCap, AddressPlace};
use crate::connection::Connections;
use crate::proxies::{Network, is_trusted};
use crate::tls::TlsReload;
use crate::watch::Watch;

/// Connections the operating system queues for us.
const BACKLOG: u32 = 1_024;
/// How long to wait when the process has no file descriptors left.
const BACK_OFF: Duration = Duration::from_millis(100);

/// A listening socket and what its connections get.
pub(crate) struct Door {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<TlsReload>,
    /// Whether only the operators' paths are served here.
    pub(crate) ops_only: bool,
}

/// The room for connections.
pub(crate) struct Room {
    places: Arc<Semaphore>,
    most: u32,
    addresses: Arc<AddressCap>,
    /// Behind these are many clients.
    trusted: Vec<Network>,
}

/// A connection's place in the room; free again when dropped.
struct Place {
    _permit: OwnedSemaphorePermit,
    _address: Option<AddressPlace>,
    open: Gauge,
}

pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections for ever.
pub(crate) async fn accept(door: &Door, room: &Room, connections: &Arc<Connections>) {
    let mut is_failing = false;
    loop {
        match door.listener.accept().await {
            Ok((stream, peer)) => {
                is_failing = false;
                admit(stream, peer, door, room, connections);
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                // Said once, not ten times a second for as long as it lasts.
                if !std::mem::replace(&mut is_failing, true) {
                    tracing::warn!(target: "kontor::server", %error, "cannot accept connections");
                }
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
}

impl Room {
    pub(crate) fn new(most: u32, most_per_address: u32, trusted: Vec<Network>) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most as usize)),
            most,
            addresses: Arc::new(AddressCap::new(most_per_address)),
            trusted,
        }
    }

    /// Resolves when every connection has ended.
    pub(crate) async fn emptied(&self) {
        // The semaphore is never closed, so waiting for all places cannot fail.
        let _all = self.places.acquire_many(self.most).await;
    }

    fn take(&self, peer: SocketAddr, open: &Gauge) -> Result<Place, &'static str> {
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(|_| "total_cap")?;
        let address = if is_trusted(&self.trusted, peer.ip()) {
            None
        } else {
            Some(self.addresses.take(peer.ip()).ok_or("address_cap")?)
        };
        open.increment(1);
        Ok(Place { _permit: permit, _address: address, open: open.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.decrement(1);
    }
}

fn admit(
    stream: TcpStream,
    peer: SocketAddr,
    door: &Door,
    room: &Room,
    connections: &Arc<Connections>,
) {
    let metrics = &connections.dispatcher.metrics;
    let place = match room.take(peer, &metrics.connections_open) {
        Ok(place) => place,
        Err(reason) => return metrics.connection_closed(reason),
    };
    metrics.connections.increment(1);
    // Answers are written whole; waiting to fill a packet would only delay them. Failing to say so
    // costs time, not the connection.
    let _ = stream.set_nodelay(true);
    let tls = door.tls.clone();
    let watch = Watch::new(peer.ip().to_canonical(), tls.is_some(), door.ops_only);
    let connections = Arc::clone(connections);
    tokio::spawn(async move {
        let _place = place;
        connections.serve(stream, tls.as_ref(), Arc::new(watch)).await;
    });
}

/// Whether an error concerns one connection that went away again, not the socket.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
