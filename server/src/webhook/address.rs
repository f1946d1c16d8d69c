//! Where a post may go: to the internet, and not to what only this machine or its network can reach.
//!
//! Whoever sets an address chooses what this server calls. Without this, they could have it call a neighbour that
//! trusts it. An operator who runs receivers in the own network allows that (`webhook_private`).

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

/// What is nobody's in the internet: IANA's special-purpose registries (RFC 6890), multicast, and what carries an
/// IPv4 address that a tunnel or translator may unwrap (6to4, Teredo, NAT64, the old IPv4-compatible ones).
const PRIVATE: [&str; 25] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

/// The longest address, in characters.
const LONGEST: usize = 500;

/// Whether this address is one in the internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let mut private = PRIVATE.iter().filter_map(|net| net.parse::<IpNet>().ok());
    !private.any(|net| net.contains(&address))
}

/// An address that posts may go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(Url);

impl Target {
    /// Reads an address. Where private ones are allowed, it need not be `https` either.
    ///
    /// # Errors
    /// What it must be.
    pub fn parse(text: &str, private: bool) -> Result<Self, &'static str> {
        if text.chars().count() > LONGEST {
            return Err("it has at most 500 characters");
        }
        let url = Url::parse(text.trim())
            .map_err(|_| "it must be a URL, as https://alerts.acme.example/tenure")?;
        match url.scheme() {
            "https" => {}
            "http" if private => {}
            _ => return Err("it must begin with https://"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must have no user and no password: posts are signed");
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err("it must name a host"),
        };
        if !private && address.is_some_and(|address| !is_public(address)) {
            return Err("it must be an address in the internet, not one of a private network");
        }
        Ok(Self(url))
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Its host, for the audit log: paths of such addresses are often secrets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_this_network_reaches_is_not_public() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "::10.0.0.1",
            "2001::1",
            "2001:0:a00:1::f5ff:fffe",
            "2002:a00:1::1",
            "fec0::1",
            "feff::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2003::1",
            "::ffff:1.1.1.1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        assert!(PRIVATE.iter().all(|net| net.parse::<IpNet>().is_ok()));
    }

    #[test]
    fn an_address_is_https_and_in_the_internet_unless_the_operator_allows_more() {
        for (text, public, private) in [
            ("https://alerts.acme.example/tenure?x=1", true, true),
            ("http://alerts.acme.example", false, true),
            ("https://127.0.0.1:9000/", false, true),
            ("https://[::1]/", false, true),
            ("http://localhost:9000/", false, true),
            ("ftp://acme.example/", false, false),
            ("https://user:password@acme.example/", false, false),
            ("acme.example", false, false),
            ("", false, false),
        ] {
            assert_eq!(Target::parse(text, false).is_ok(), public, "{text}");
            assert_eq!(Target::parse(text, true).is_ok(), private, "{text}");
        }
        let long = format!("https://acme.example/{}", "x".repeat(LONGEST));
        assert!(Target::parse(&long, true).is_err());
        let target = Target::parse("https://hooks.acme.example/secret", false).unwrap();
        assert_eq!(target.host(), "hooks.acme.example");
    }
}
