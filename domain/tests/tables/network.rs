//! Which addresses are one network: IPv4 /24 and IPv6 /48, at their edges.

use std::net::IpAddr;

use tenure_domain::network::Network;

pub(super) fn address(text: &str) -> IpAddr {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(super) fn network(text: &str) -> Network {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn an_address_lies_in_one_network_and_its_neighbour_beyond_the_edge_in_another() {
    let table = [
        ("203.0.113.0", "203.0.113.0/24"),
        ("203.0.113.255", "203.0.113.0/24"),
        ("203.0.114.0", "203.0.114.0/24"),
        ("203.0.112.255", "203.0.112.0/24"),
        ("0.0.0.0", "0.0.0.0/24"),
        ("255.255.255.255", "255.255.255.0/24"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("2001:db8:7::", "2001:db8:7::/48"),
        ("2001:db8:7:ffff:ffff:ffff:ffff:ffff", "2001:db8:7::/48"),
        ("2001:db8:8::", "2001:db8:8::/48"),
        ("2001:db8:6:ffff:ffff:ffff:ffff:ffff", "2001:db8:6::/48"),
        ("::1", "::/48"),
        // One caller, however its address is written.
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
    ];
    for (text, expected) in table {
        let found = Network::from(address(text));
        assert_eq!(found.to_string(), expected, "{text}");
        assert_eq!(network(expected), found, "{text}");
        assert!(found.contains(address(text)));
    }
    assert!(!network("203.0.113.0/24").contains(address("203.0.114.0")));
    assert!(!network("::/48").contains(address("0.0.0.0")));
}

#[test]
fn a_text_that_names_no_network_of_these_sizes_is_none() {
    for text in [
        "",
        "/",
        "203.0.113.0",
        "203.0.113.0/",
        "203.0.113.0/16",
        "203.0.113.0/25",
        "203.0.113.9/24",
        "203.0.113.0/48",
        "203.0.113.0/24/24",
        " 203.0.113.0/24",
        "2001:db8:7::/24",
        "2001:db8:7::1/48",
        "::ffff:203.0.113.0/24",
        "somewhere/24",
    ] {
        assert!(text.parse::<Network>().is_err(), "{text}");
    }
}
