//! Who may name what: one door to the database, one to the network, two to the clock.

use crate::none;
use crate::sources::{Source, rust_files, uses_crate};

/// A crate that only some places may name.
struct Door {
    name: &'static str,
    /// Paths, or their beginnings, that may name it.
    at: &'static [&'static str],
    remedy: &'static str,
}

const DOORS: &[Door] = &[
    Door {
        name: "sqlx",
        // The store's own tests look under it. The journeys make a fresh PostgreSQL database each;
        // they read and write none themselves.
        at: &[
            "server/src/store/",
            "server/src/store.rs",
            "server/tests/store/",
            "server/benches/load/engines.rs",
            "e2e/src/stack/database.rs",
        ],
        remedy: "add a function to server/src/store and call that",
    },
    Door {
        name: "gloo_net",
        at: &["src/api/transport.rs", "src/api/transport/"],
        remedy: "add a function to src/api and let it go through the transport",
    },
];

/// The places that may lift clippy's ban on reading the time or drawing randomness, with what for.
const CLOCKS: &[(&str, &str)] = &[
    ("server/src/clock.rs", "the server's clock"),
    ("server/src/random.rs", "the server's randomness"),
    ("src/clock.rs", "the console's clock"),
    ("client/src/clock.rs", "the client's clock and randomness"),
    ("xtask/src/probe.rs", "awaits other processes"),
];

fn wrong_names(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for door in DOORS {
        for source in sources.iter().filter(|source| {
            !source.path.starts_with("xtask/") && !starts_with_any(&source.path, door.at)
        }) {
            for (at, _) in source
                .code()
                .filter(|(_, line)| uses_crate(line, door.name))
            {
                found.push(format!(
                    "{}:{at} names {}: {}",
                    source.path, door.name, door.remedy
                ));
            }
        }
    }
    found
}

fn starts_with_any(path: &str, beginnings: &[&str]) -> bool {
    beginnings
        .iter()
        .any(|beginning| path.starts_with(beginning))
}

fn lifted_bans(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources
        .iter()
        .filter(|source| !source.path.starts_with("xtask/tests/tidy/"))
    {
        if CLOCKS.iter().any(|(path, _)| *path == source.path) {
            continue;
        }
        for (at, _) in source
            .code()
            .filter(|(_, line)| line.contains("disallowed_methods"))
        {
            found.push(format!(
                "{}:{at} lifts the ban on clocks and randomness: take `now` or the random source as an argument, \
                 or name the place with its reason in xtask/tests/tidy/names.rs",
                source.path
            ));
        }
    }
    found
}

#[test]
fn only_its_door_names_a_crate() {
    none(&wrong_names(&rust_files()));
}

#[test]
fn only_the_clocks_read_the_time() {
    none(&lifted_bans(&rust_files()));
}

#[test]
fn the_checker_sees_a_second_door() {
    let wrong = [
        Source::sample("server/src/routes/tokens.rs", "use sqlx::Row;"),
        Source::sample("src/pages/tokens.rs", "gloo_net::http::Request::get(url)"),
    ];
    assert_eq!(wrong_names(&wrong).len(), 2);
    let right = [
        Source::sample("server/src/store/tokens.rs", "use sqlx::Row;"),
        Source::sample("server/src/routes/tokens.rs", "// sqlx is not named here"),
    ];
    assert!(wrong_names(&right).is_empty());
}

#[test]
fn the_checker_sees_a_third_clock() {
    let expect = "#[expect(clippy::disallowed_methods, reason = \"\")]";
    assert_eq!(
        lifted_bans(&[Source::sample("server/src/routes/verify.rs", expect)]).len(),
        1
    );
    assert!(lifted_bans(&[Source::sample("server/src/clock.rs", expect)]).is_empty());
}
