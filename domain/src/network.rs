//! The network that a caller's address lies in: what counts as one place when a token's use is judged.
//!
//! An IPv4 network is a /24 and an IPv6 one a /48: what a household or an office is usually given, so that
//! an address that changes within it is no news. Deliberately not here: which proxy's word an address is
//! taken from, and where in the world it is.

use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Bits of an IPv4 address that name its network.
pub const IPV4_PREFIX: u32 = 24;
/// Bits of an IPv6 address that name its network.
pub const IPV6_PREFIX: u32 = 48;

const IPV4_MASK: u32 = u32::MAX << (u32::BITS - IPV4_PREFIX);
const IPV6_MASK: u128 = u128::MAX << (u128::BITS - IPV6_PREFIX);

/// A network: the addresses that share its leading bits. Kept as its first address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network(IpAddr);

/// The text is no network of these sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANetwork;

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a network is an IPv4 /24 or an IPv6 /48, by its first address")
    }
}

impl core::error::Error for NotANetwork {}

impl Network {
    /// Whether the address lies in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        Self::from(address) == self
    }

    const fn prefix(self) -> u32 {
        match self.0 {
            IpAddr::V4(_) => IPV4_PREFIX,
            IpAddr::V6(_) => IPV6_PREFIX,
        }
    }
}

/// The network of an address. An IPv4 address that is written as an IPv6 one is the same caller.
impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits() & IPV4_MASK).into(),
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & IPV6_MASK).into(),
        })
    }
}

/// Writes `203.0.113.0/24` or `2001:db8:7::/48`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0, self.prefix())
    }
}

/// Reads what `Display` writes, and nothing else: another size would be another rule.
impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = text.split_once('/').ok_or(NotANetwork)?;
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let network = Self::from(address);
        let whole = network.0 == address && prefix.parse() == Ok(network.prefix());
        whole.then_some(network).ok_or(NotANetwork)
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Network;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an IPv4 /24 or an IPv6 /48")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Network, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

    impl utoipa::PartialSchema for super::Network {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .description(Some("An IPv4 /24 or an IPv6 /48"))
                .examples(["203.0.113.0/24"])
                .into()
        }
    }

    impl utoipa::ToSchema for super::Network {}
}
