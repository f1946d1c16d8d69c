//! The rings of tests, from the pure core outwards.
//!
//! A ring fails, rather than skips, when it could not run or ran no test. A plain `cargo test`
//! runs them everywhere: it needs no install, and runs the examples in the docs too.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::counts::Counts;
use crate::postgres::Cluster;
use crate::process::{cargo, count};
use crate::step::Steps;
use crate::{console, project, tools};

/// One ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ring {
    /// Laws and tables of the pure core.
    Domain,
    /// Every statement on both database engines.
    Store,
    /// The server in process, over HTTP.
    Http,
    /// The shape of the project: layering, parity, the map.
    Tidy,
    /// The console's pages in a real browser with a fake transport.
    Browser,
    /// Few journeys with everything real.
    Journeys,
}

/// All rings in the order in which they run.
pub(crate) const ALL: [Ring; 6] = [
    Ring::Domain,
    Ring::Store,
    Ring::Http,
    Ring::Tidy,
    Ring::Browser,
    Ring::Journeys,
];

/// How often the long trials repeat here; `soak` runs them whole.
const SHORT_TRIALS: &str = "10";

impl Ring {
    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Store => "store",
            Self::Http => "http",
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
    for ring in rings {
        let name = format!("ring {}", ring.name());
        let outcome = steps.tests(&name, || some(run_one(*ring, cluster.as_ref())?));
        if let Err(error) = outcome {
            eprintln!("\nerror: {name}: {error:#}");
            failed.push(ring.name());
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!(
        "failed: {0}; see its output alone with `cargo xtask test {0}`",
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

fn run_one(ring: Ring, cluster: Option<&Cluster>) -> Result<Counts> {
    match ring {
        Ring::Domain => count(&mut test("tenure-domain", &[])),
        Ring::Store => count(with_postgres(
            &mut test("tenure-server", &["--test", "store"]),
            cluster,
        )),
        Ring::Http => http(cluster),
        Ring::Tidy => count(&mut test("xtask", &[])),
        Ring::Browser => browser(),
        Ring::Journeys => journeys(cluster),
    }
}

fn test(package: &str, args: &[&str]) -> Command {
    let mut command = cargo();
    command.args(["test", "--package", package]).args(args);
    command
}

fn with_postgres<'a>(command: &'a mut Command, cluster: Option<&Cluster>) -> &'a mut Command {
    if std::env::var_os("TENURE_TRIALS").is_none() {
        command.env("TENURE_TRIALS", SHORT_TRIALS);
    }
    if let Some(cluster) = cluster {
        command.env("TENURE_TEST_POSTGRES_URL", cluster.url());
    }
    command
}

/// All that the server has but the ring `store`, so that a new test file cannot be forgotten.
fn http(cluster: Option<&Cluster>) -> Result<Counts> {
    let mut all = test("tenure-server", &["--lib", "--bins"]);
    for name in server_tests()?.into_iter().filter(|name| name != "store") {
        all.args(["--test", &name]);
    }
    let tests = count(with_postgres(&mut all, cluster))?;
    let examples = count(&mut test("tenure-server", &["--doc"]))?;
    Ok([tests, examples].into_iter().sum())
}

/// The names of the server's test targets: files and folders in `server/tests`.
fn server_tests() -> Result<Vec<String>> {
    let folder = project::root().join("server/tests");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("{} is missing", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| test_target(&entry.path()))
        .collect();
    names.sort();
    Ok(names)
}

/// `tests/api.rs` and `tests/api/main.rs` are both the target `api`.
fn test_target(path: &std::path::Path) -> Option<String> {
    let is_target =
        path.join("main.rs").is_file() || path.extension().is_some_and(|kind| kind == "rs");
    is_target
        .then(|| path.file_stem()?.to_str().map(str::to_owned))
        .flatten()
}

fn browser() -> Result<Counts> {
    let tools = tools::wasm_tests()?;
    let browser = tools::browser()?;
    let mut command = Command::new(&tools.wasm_pack);
    command
        .current_dir(project::root())
        .env("PATH", &tools.path);
    command.args([
        "test",
        "--headless",
        "--chrome",
        "--mode",
        "no-install",
        "--chromedriver",
    ]);
    command.arg(&browser.chromedriver);
    command.env("TENURE_AXE", tools::axe()?);
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities(&browser)?);
    // Seconds for all tests together; the runner's own 20 are meant for unit tests.
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "600");
    count(&mut command)
}

/// `webdriver.json` with the browser that was found on this machine.
fn capabilities(browser: &tools::Browser) -> Result<PathBuf> {
    let text = fs::read_to_string(project::root().join("webdriver.json"))
        .context("webdriver.json is missing")?;
    let own = project::scratch().join("webdriver.json");
    fs::create_dir_all(project::scratch())?;
    fs::write(
        &own,
        text.replace("/usr/bin/chromium", &browser.chromium.to_string_lossy()),
    )?;
    Ok(own)
}

fn journeys(cluster: Option<&Cluster>) -> Result<Counts> {
    let browser = tools::browser()?;
    let mut command = test("tenure-e2e", &[]);
    command
        .env("TENURE_CHROMIUM", &browser.chromium)
        .env("TENURE_CHROMEDRIVER", &browser.chromedriver);
    command.env("TENURE_AXE", tools::axe()?);
    count(with_postgres(&mut command, cluster))
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
