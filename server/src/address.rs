//! Where a call came from: the peer, or the client that a trusted proxy vouches for.
//!
//! Nobody is refused by address here. It is recorded (audit, last use) and counted (`attempts`).

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;

use crate::state::AppState;

/// The caller's address; `None` where the transport has none (calls within the process).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

impl ClientAddress {
    /// The address as text, for records.
    #[must_use]
    pub fn to_text(self) -> Option<String> {
        self.0.map(|address| address.to_string())
    }

    /// What counts as one place: an address, or a network of the size that one IPv6 customer gets.
    #[must_use]
    pub fn place(self) -> Option<IpAddr> {
        match self.0 {
            Some(IpAddr::V6(address)) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                Some(Ipv6Addr::from(network).into())
            }
            other => other,
        }
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical());
        let trusted = &app.settings.trusted_proxies;
        Ok(Self(peer.map(|peer| client(peer, &parts.headers, trusted))))
    }
}

/// Walks `X-Forwarded-For` from its end, where the nearest proxy wrote, as far as proxies are trusted.
///
/// Whatever stands before the first address that is not trusted was written by the client, who may lie.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    // Bytes, not text: a client may put anything in front of what the proxy adds to the same line.
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let mut client = peer;
    for hop in hops {
        if !is_trusted(client) {
            break;
        }
        match address(hop) {
            Some(address) => client = address.to_canonical(),
            None => break,
        }
    }
    client
}

fn address(hop: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(hop).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: impl AsRef<[u8]>, trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        let forwarded = HeaderValue::from_bytes(forwarded.as_ref()).unwrap();
        headers.insert("x-forwarded-for", forwarded);
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("203.0.113.9", "198.51.100.1", &[]), "203.0.113.9");
        let proxies = ["10.0.0.0/8"];
        assert_eq!(seen("10.0.0.1", "198.51.100.1", &proxies), "198.51.100.1");
        assert_eq!(
            seen("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", &proxies),
            "198.51.100.1"
        );
        assert_eq!(seen("10.0.0.1", "nonsense", &proxies), "10.0.0.1");
        // What is not text hides nothing of what the proxy wrote behind it.
        let forwarded = b"\xff, 198.51.100.1, 10.0.0.2";
        assert_eq!(seen("10.0.0.1", forwarded, &proxies), "198.51.100.1");
    }

    #[test]
    fn an_ipv6_customer_is_one_place() {
        let place = |text: &str| ClientAddress(Some(text.parse().unwrap())).place();
        assert_eq!(place("2001:db8:1:2:3::4"), place("2001:db8:1:2:ffff::1"));
        assert_ne!(place("2001:db8:1:2::1"), place("2001:db8:1:3::1"));
        assert_ne!(place("192.0.2.1"), place("192.0.2.2"));
    }
}
