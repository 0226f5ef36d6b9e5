//! Proxies in front of the server that are trusted to say whose request they pass on.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::HeaderMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// An address, or the addresses that begin with the same bits: `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text that names no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no address such as 10.0.0.7 and no network such as 10.0.0.0/8")]
pub struct NetworkError(String);

impl Network {
    fn has(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differ = u32::from(network) ^ u32::from(address);
                u32::from(self.bits) <= differ.leading_zeros()
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differ = u128::from(network) ^ u128::from(address);
                u32::from(self.bits) <= differ.leading_zeros()
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// Whether an address is that of a trusted proxy.
pub(crate) fn is_trusted(trusted: &[Network], address: IpAddr) -> bool {
    trusted.iter().any(|network| network.has(address))
}

/// The client's address: the last one that was forwarded and is no trusted proxy. What somebody
/// else says is not believed, and neither is what stands before something unreadable.
pub(crate) fn client(trusted: &[Network], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if trusted.is_empty() || !is_trusted(trusted, peer) {
        return peer;
    }
    let mut client = peer;
    for value in headers.get_all(X_FORWARDED_FOR).iter().rev() {
        for entry in value.as_bytes().rsplit(|byte| *byte == b',') {
            let Some(address) = address_of(entry.trim_ascii()) else { return client };
            client = address;
            if !is_trusted(trusted, client) {
                return client;
            }
        }
    }
    client
}

/// An address, also one with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn address_of(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?;
    let bare = text.strip_prefix('[').and_then(|text| text.split(']').next());
    let address = match (bare, text.split_once(':')) {
        (Some(bare), _) => bare,
        (None, Some((address, port))) if !port.contains(':') => address,
        (None, _) => text,
    };
    address.parse().ok().map(|address: IpAddr| address.to_canonical())
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let error = || NetworkError(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| error())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| error())?;
        if bits > most { Err(error()) } else { Ok(Self { address, bits }) }
    }
}

impl TryFrom<String> for Network {
    type Error = NetworkError;

    fn try_from(text: String) -> Result<Self, NetworkError> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.to_string()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn networks_have_the_addresses_that_begin_like_them() {
        for (network, address, expected) in [
            ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false),
            ("10.0.0.7", "::ffff:10.0.0.7", true),
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe00::1", false),
        ] {
            let network: Network = network.parse().unwrap();
            assert_eq!(network.has(address.parse().unwrap()), expected, "{network} {address}");
        }
        for text in ["", "x", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0/8", "10.0.0.0/-1"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    fn client_of(peer: &str, forwarded: &[&'static str]) -> String {
        let trusted = ["127.0.0.1", "10.0.0.0/8"].map(|text| text.parse().unwrap());
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_static(value));
        }
        client(&trusted, peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn the_client_is_the_last_one_that_is_no_trusted_proxy() {
        for (forwarded, expected) in [
            (&[][..], "127.0.0.1"),
            (&["203.0.113.7"], "203.0.113.7"),
            (&["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            (&["198.51.100.1, 203.0.113.7,10.1.1.1 , 127.0.0.1"], "203.0.113.7"),
            (&["198.51.100.1, 203.0.113.7", "10.1.1.1"], "203.0.113.7"),
            (&["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            (&["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            (&["203.0.113.7:4711"], "203.0.113.7"),
            (&["[2001:db8::7]:4711"], "2001:db8::7"),
            (&["2001:db8::7"], "2001:db8::7"),
            (&["203.0.113.7, unknown"], "127.0.0.1"),
            (&["203.0.113.7, unknown, 10.1.1.1"], "10.1.1.1"),
            (&[""], "127.0.0.1"),
        ] {
            assert_eq!(client_of("127.0.0.1", forwarded), expected, "{forwarded:?}");
        }
    }

    #[test]
    fn nobody_else_is_believed() {
        assert_eq!(client_of("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        let headers = HeaderMap::new();
        assert_eq!(client(&[], "127.0.0.1".parse().unwrap(), &headers).to_string(), "127.0.0.1");
    }
}
