//! The rings of tests, from the pure core outwards.
//!
//! A ring fails, rather than skips, when it could not run or ran no test. A plain `cargo test`
//! runs them everywhere: it needs no install.

mod runners;

use anyhow::{Result, bail};

use crate::console;
use crate::counts::Counts;
use crate::postgres::Cluster;
use crate::step::Steps;

/// One ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ring {
    /// Laws and tables of the pure core.
    Domain,
    /// Every statement on both database engines.
    Store,
    /// The server in process, over HTTP.
    Http,
    /// What others build on it: the client crate, the guide's gateways, a client in another language.
    Integrations,
    /// The shape of the project: layering, parity, the map.
    Tidy,
    /// The console's pages in a real browser with a fake transport.
    Browser,
    /// Few journeys with everything real.
    Journeys,
}

/// All rings in the order in which they run.
pub(crate) const ALL: [Ring; 7] = [
    Ring::Domain,
    Ring::Store,
    Ring::Http,
    Ring::Integrations,
    Ring::Tidy,
    Ring::Browser,
    Ring::Journeys,
];

impl Ring {
    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Store => "store",
            Self::Http => "http",
            Self::Integrations => "integrations",
            Self::Tidy => "tidy",
            Self::Browser => "browser",
            Self::Journeys => "journeys",
        }
    }

    fn needs_postgres(self) -> bool {
        matches!(self, Self::Store | Self::Http | Self::Journeys)
    }
}

/// The rings of these names in their order; all of them for no name.
///
/// # Errors
/// When a name is none of a ring.
pub(crate) fn named(names: &[String]) -> Result<Vec<Ring>> {
    let known = || ALL.map(Ring::name).join(", ");
    for name in names {
        if !ALL.iter().any(|ring| ring.name() == name) {
            bail!("there is no ring `{name}`; the rings are {}", known());
        }
    }
    Ok(ALL
        .into_iter()
        .filter(|ring| names.is_empty() || names.iter().any(|name| name == ring.name()))
        .collect())
}

/// Runs these rings, all of them even when one fails.
///
/// # Errors
/// When a ring failed, could not run or ran no test; names them all.
pub(crate) fn run(steps: &mut Steps, rings: &[Ring]) -> Result<()> {
    if rings.contains(&Ring::Journeys) {
        // Before the server's tests: the server embeds what is built, and would be built twice.
        console::build(steps)?;
    }
    let cluster = match rings.iter().any(|ring| ring.needs_postgres()) {
        true => Some(steps.take("set-up: a throw-away PostgreSQL", Cluster::start)?),
        false => None,
    };
    let mut failed = Vec::new();
    let mut reports = String::new();
    for ring in rings {
        let name = format!("ring {}", ring.name());
        let outcome = steps.tests(&name, || some(runners::run(*ring, cluster.as_ref())?));
        if let Err(error) = outcome {
            eprintln!("\nerror: {name} failed");
            failed.push(ring.name());
            reports += &format!("\n\n{name}: {error:#}");
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!(
        "failed: {0}; see its output alone with `cargo xtask test {0}`{reports}",
        failed.join(" ")
    )
}

/// A ring that ran no test has not held anything.
fn some(counts: Counts) -> Result<Counts> {
    match counts {
        Counts { passed: 0, .. } => bail!("it ran no test; a ring without tests proves nothing"),
        Counts { ignored: 1.., .. } => bail!("it skipped tests; mend or delete them"),
        counts => Ok(counts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_run_in_their_order_whatever_order_is_asked() -> Result<()> {
        let asked = ["tidy".to_owned(), "domain".to_owned()];
        assert_eq!(named(&asked)?, [Ring::Domain, Ring::Tidy]);
        assert_eq!(named(&[])?, ALL);
        Ok(())
    }

    #[test]
    fn an_unknown_ring_is_refused_with_the_known_ones() {
        let message = named(&["unit".to_owned()]).map_err(|error| error.to_string());
        assert!(message.is_err_and(|text| text.contains("journeys")));
    }

    #[test]
    fn a_ring_without_a_test_fails_and_so_does_one_that_skips() {
        assert!(some(Counts::default()).is_err());
        assert!(
            some(Counts {
                passed: 3,
                failed: 0,
                ignored: 1
            })
            .is_err()
        );
        assert!(
            some(Counts {
                passed: 3,
                failed: 0,
                ignored: 0
            })
            .is_ok()
        );
    }
}
