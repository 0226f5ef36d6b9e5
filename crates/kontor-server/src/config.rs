//! What an operator can set about listening, limits and deadlines, with the defaults in code.
//!
//! Every time is in milliseconds and every size in bytes, as the names say. The defaults suit a
//! server that faces the internet directly.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use kontor_http_gate::{MAX_HEADERS, MAX_URI_BYTES};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::proxies::Network;

/// What a number of connections or requests may be.
const COUNTS: RangeInclusive<u64> = 1..=1 << 24;
/// What a time may be: a week at most.
const TIMES_MS: RangeInclusive<u64> = 1..=7 * 86_400_000;
/// What a least rate of bytes may be.
const RATES: RangeInclusive<u64> = 1..=1 << 40;

/// Everything [`Server::bind`](crate::Server::bind) needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Address the protocols are served on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Own address for `/healthz`, `/readyz` and `/metrics`; everybody who reaches it may ask.
    pub ops_listen: Option<SocketAddr>,
    /// Who may ask for `/healthz`, `/readyz` and `/metrics` on [`listen`](Self::listen).
    pub ops_access: OpsAccess,
    /// Certificate and key; without them the server speaks plain HTTP.
    pub tls: Option<TlsConfig>,
    /// Proxies in front of the server, by address or network such as `10.0.0.0/8`. What they say in
    /// `X-Forwarded-For` counts: the last address in it that is none of theirs is the client's, for
    /// limits, failed logins and logs. Nobody else is believed.
    pub trusted_proxies: Vec<Network>,
    /// Requests per second of one address; none by default.
    pub rate_limit: Option<RateLimit>,
    /// Deadlines and caps.
    pub limits: Limits,
}

/// Who may ask for `/healthz`, `/readyz` and `/metrics` on the main address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OpsAccess {
    /// Clients on this machine whose request was not forwarded by a proxy.
    Loopback,
    /// Every client.
    Everyone,
    /// Nobody; for everyone else these paths do not exist either.
    Nobody,
}

/// Where certificate and key are. Both files are read again on `SIGHUP` and when they change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// PEM file with the certificate chain, the server's own certificate first.
    pub certificate: PathBuf,
    /// PEM file with the private key.
    pub key: PathBuf,
    /// How often the files are looked at for a change.
    #[serde(default = "default_check_ms")]
    pub check_ms: u64,
}

/// Requests per second of one address (of one /64 network for IPv6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Requests per second in the long run.
    pub per_second: NonZeroU32,
    /// Requests that may come at once after a pause.
    pub burst: NonZeroU32,
}

/// How slowly bytes may come or go: `grace_ms` for nothing at all, then at least
/// `min_bytes_per_second` on average, and never more than `total_ms` for the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    pub grace_ms: u64,
    pub min_bytes_per_second: u64,
    pub total_ms: u64,
}

/// Deadlines and caps. See the field for what happens beyond it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Open connections in total; one more is closed at once.
    pub connections: u32,
    /// Open connections of one address (of one /64 network for IPv6); one more is closed at once.
    pub connections_per_address: u32,
    /// Requests being answered at the same time; one more is refused with 503. One address has a
    /// quarter of it at most (at least 16) for answers that are not ready at once.
    pub requests_in_flight: u32,
    /// Bytes of request bodies held at the same time; a body beyond is refused with 503. One address
    /// has a quarter of it at most (at least 4 MiB), and a sixteenth (at least 2.25 MiB) while nobody
    /// there has logged in.
    pub body_bytes_in_flight: usize,
    /// Bytes of answers that wait to be taken by clients at the same time; a request beyond is refused
    /// with 503. One address has a quarter of it at most (at least 4 MiB), one HTTP/2 connection an
    /// eighth (at least 2 MiB).
    pub answer_bytes_in_flight: usize,
    /// Time for the TLS handshake; then the connection is closed.
    pub tls_handshake_ms: u64,
    /// Time from the connection to its first byte; then it is closed.
    pub first_byte_ms: u64,
    /// Time from the first to the last byte of the head of a request; then it is closed.
    pub head_ms: u64,
    /// Time a connection may stay open between requests; then it is closed.
    pub idle_ms: u64,
    /// Age of a connection from which on it takes no further request.
    pub connection_age_ms: u64,
    /// How slowly a body may come; slower is answered with 408 and closed.
    pub body: Pace,
    /// How slowly a client may read, over HTTP/2 each of its answers; slower is closed.
    pub write: Pace,
    /// Time for an answer; then the request is refused with 503.
    pub answer_ms: u64,
    /// Time for answers in flight after a shutdown began; then their connections are closed.
    pub drain_ms: u64,
    /// Seconds a client is told to wait in `Retry-After` of a 503.
    pub retry_after_s: u64,
    /// Longest request target; longer is answered with 414.
    pub uri_bytes: usize,
    /// Header lines of one request, at most 100; more are answered with 431.
    pub headers: usize,
    /// Size of all header lines of one request; more is answered with 431.
    pub header_bytes: usize,
    /// Requests a client may have open at once on an HTTP/2 connection.
    pub h2_streams: u32,
    /// Time between pings on an HTTP/2 connection, and for the answer to one.
    pub h2_ping_ms: u64,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting `{field}` is {value}, but must be between {least} and {most}")]
pub struct ConfigError {
    /// The setting, as it is written in the configuration file.
    pub field: &'static str,
    pub value: u64,
    pub least: u64,
    pub most: u64,
}

impl ServerConfig {
    /// The defaults on an address.
    pub fn on(listen: SocketAddr) -> Self {
        Self { listen, ..Self::default() }
    }

    /// Says which setting cannot be used, if there is one.
    pub fn check(&self) -> Result<(), ConfigError> {
        let tls_check_ms = self.tls.as_ref().map_or(1, |tls| tls.check_ms);
        self.limits.check()?;
        check("tls.check_ms", tls_check_ms, TIMES_MS)
    }
}

impl Limits {
    fn check(&self) -> Result<(), ConfigError> {
        check("limits.uri_bytes", self.uri_bytes as u64, 1..=MAX_URI_BYTES as u64)?;
        check("limits.headers", self.headers as u64, 1..=MAX_HEADERS as u64)?;
        check("limits.header_bytes", self.header_bytes as u64, 256..=1 << 20)?;
        check("limits.retry_after_s", self.retry_after_s, 1..=86_400)?;
        check("limits.h2_streams", u64::from(self.h2_streams), 1..=10_000)?;
        for (field, value) in [
            ("limits.connections", self.connections),
            ("limits.connections_per_address", self.connections_per_address),
            ("limits.requests_in_flight", self.requests_in_flight),
        ] {
            check(field, value.into(), COUNTS)?;
        }
        for (field, value) in [
            ("limits.tls_handshake_ms", self.tls_handshake_ms),
            ("limits.first_byte_ms", self.first_byte_ms),
            ("limits.head_ms", self.head_ms),
            ("limits.idle_ms", self.idle_ms),
            ("limits.connection_age_ms", self.connection_age_ms),
            ("limits.body.grace_ms", self.body.grace_ms),
            ("limits.body.total_ms", self.body.total_ms),
            ("limits.write.grace_ms", self.write.grace_ms),
            ("limits.write.total_ms", self.write.total_ms),
            ("limits.answer_ms", self.answer_ms),
            ("limits.drain_ms", self.drain_ms),
            ("limits.h2_ping_ms", self.h2_ping_ms),
        ] {
            check(field, value, TIMES_MS)?;
        }
        check("limits.body.min_bytes_per_second", self.body.min_bytes_per_second, RATES)?;
        check("limits.write.min_bytes_per_second", self.write.min_bytes_per_second, RATES)
    }
}

impl Pace {
    /// Milliseconds within which `bytes` must have passed.
    pub(crate) fn allowance_ms(&self, bytes: u64) -> u64 {
        let earned = bytes.saturating_mul(1_000) / self.min_bytes_per_second.max(1);
        self.grace_ms.saturating_add(earned).min(self.total_ms)
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            ops_listen: None,
            ops_access: OpsAccess::Loopback,
            tls: None,
            trusted_proxies: Vec::new(),
            rate_limit: None,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            connections_per_address: 1_024,
            requests_in_flight: 1_024,
            body_bytes_in_flight: 256 << 20,
            answer_bytes_in_flight: 256 << 20,
            tls_handshake_ms: 10_000,
            first_byte_ms: 10_000,
            head_ms: 10_000,
            idle_ms: 60_000,
            connection_age_ms: 3_600_000,
            body: Pace { grace_ms: 10_000, min_bytes_per_second: 1_024, total_ms: 120_000 },
            write: Pace { grace_ms: 20_000, min_bytes_per_second: 1_024, total_ms: 600_000 },
            answer_ms: 30_000,
            drain_ms: 10_000,
            retry_after_s: 1,
            uri_bytes: MAX_URI_BYTES,
            headers: MAX_HEADERS,
            header_bytes: 32 << 10,
            h2_streams: 128,
            h2_ping_ms: 20_000,
        }
    }
}

fn default_check_ms() -> u64 {
    30_000
}

fn check(field: &'static str, value: u64, allowed: RangeInclusive<u64>) -> Result<(), ConfigError> {
    if allowed.contains(&value) {
        return Ok(());
    }
    Err(ConfigError { field, value, least: *allowed.start(), most: *allowed.end() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_can_be_used() {
        assert_eq!(ServerConfig::default().check(), Ok(()));
    }

    #[test]
    fn a_pace_is_grace_then_rate_then_total() {
        let pace = Pace { grace_ms: 100, min_bytes_per_second: 1_000, total_ms: 500 };
        assert_eq!(pace.allowance_ms(0), 100);
        assert_eq!(pace.allowance_ms(250), 350);
        assert_eq!(pace.allowance_ms(400), 500);
        assert_eq!(pace.allowance_ms(u64::MAX), 500);
    }

    #[test]
    fn a_setting_at_its_limit_is_taken_and_one_above_is_named() {
        let mut config = ServerConfig::default();
        config.limits.headers = MAX_HEADERS;
        assert_eq!(config.check(), Ok(()));
        config.limits.headers = MAX_HEADERS + 1;
        let error = config.check().unwrap_err();
        assert_eq!(
            error.to_string(),
            "setting `limits.headers` is 101, but must be between 1 and 100"
        );
    }

    #[test]
    fn an_unknown_setting_is_an_error_that_names_it() {
        let error = toml::from_str::<ServerConfig>("[limits]\nheds_ms = 3\n").unwrap_err();
        assert!(error.to_string().contains("heds_ms"), "{error}");
        let config: ServerConfig = toml::from_str("[limits]\nhead_ms = 3\n").unwrap();
        assert_eq!(config.limits.head_ms, 3);
        assert_eq!(config.limits.idle_ms, Limits::default().idle_ms);
    }
}
