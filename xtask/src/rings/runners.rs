//! How each ring is started: what it builds, and what it is told by its environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Ring;
use crate::counts::Counts;
use crate::postgres::Cluster;
use crate::process::{cargo, count, unmarked};
use crate::{project, tools};

/// What is selected together, for the reason that `server::WITH_JOURNEYS` has: all that builds on the server.
const ON_THE_SERVER: [&str; 6] = [
    "--package",
    "tenure-server",
    "--package",
    "tenure-client",
    "--package",
    "tenure-e2e",
];

/// How often the long trials repeat here; `soak` runs them whole.
const SHORT_TRIALS: &str = "10";

/// Runs one ring to its end.
pub(super) fn run(ring: Ring, cluster: Option<&Cluster>) -> Result<Counts> {
    match ring {
        Ring::Domain => count(&mut test(&["--package", "tenure-domain"])),
        Ring::Store => count(full_stack(cluster)?.args(["--test", "store"])),
        Ring::Http => http(cluster),
        Ring::Integrations => integrations(),
        Ring::Tidy => count(&mut test(&["--package", "xtask"])),
        Ring::Browser => browser(),
        Ring::Journeys => journeys(cluster),
    }
}

fn test(selection: &[&str]) -> Command {
    let mut command = cargo();
    // All test programs, also after one that failed: one run shall tell all.
    command.args(["test", "--no-fail-fast"]).args(selection);
    command
}

/// The server and its journeys, with the database and the lengths of trials.
fn full_stack(cluster: Option<&Cluster>) -> Result<Command> {
    let mut command = test(&ON_THE_SERVER);
    if std::env::var_os("TENURE_TRIALS").is_none() {
        command.env("TENURE_TRIALS", SHORT_TRIALS);
    }
    let cluster = cluster.context("this ring needs PostgreSQL")?;
    command.env("TENURE_TEST_POSTGRES_URL", cluster.url());
    Ok(command)
}

/// All that the server has but the rings `store` and `integrations`, so that a new test file cannot be forgotten; and
/// the few tests that the parts of the journeys have themselves.
fn http(cluster: Option<&Cluster>) -> Result<Counts> {
    let mut command = full_stack(cluster)?;
    command.args(["--lib", "--bins"]);
    for name in test_targets("server/tests")? {
        if !["store", "integrations"].contains(&name.as_str()) {
            command.args(["--test", &name]);
        }
    }
    count(&mut command)
}

fn integrations() -> Result<Counts> {
    let gateways = tools::gateways()?;
    let mut command = test(&ON_THE_SERVER);
    command.args(["--test", "integrations"]);
    for name in test_targets("client/tests")? {
        command.args(["--test", &name]);
    }
    command.env("TENURE_NGINX", &gateways.nginx);
    command.env("TENURE_CADDY", &gateways.caddy);
    command.env("TENURE_NODE", tools::node()?);
    command.env("TENURE_OAUTH4WEBAPI", tools::oauth4webapi()?);
    command.env("TENURE_ICAL_JS", tools::ical_js()?);
    count(&mut command)
}

fn journeys(cluster: Option<&Cluster>) -> Result<Counts> {
    let browser = tools::browser()?;
    let mut command = full_stack(cluster)?;
    for name in test_targets("e2e/tests")? {
        command.args(["--test", &name]);
    }
    command.env("TENURE_CHROMIUM", &browser.chromium);
    command.env("TENURE_CHROMEDRIVER", &browser.chromedriver);
    command.env("TENURE_AXE", tools::axe()?);
    command.env("TENURE_NODE", tools::node()?);
    command.env("TENURE_OAUTH4WEBAPI", tools::oauth4webapi()?);
    count(&mut command)
}

/// The names of the test targets in this folder, sorted.
fn test_targets(folder: &str) -> Result<Vec<String>> {
    let folder = project::root().join(folder);
    let entries =
        fs::read_dir(&folder).with_context(|| format!("{} is missing", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut names: Vec<String> = paths.filter_map(|path| test_target(&path)).collect();
    names.sort();
    Ok(names)
}

/// `tests/api.rs` and `tests/api/main.rs` are both the target `api`.
fn test_target(path: &Path) -> Option<String> {
    let is_target =
        path.join("main.rs").is_file() || path.extension().is_some_and(|kind| kind == "rs");
    is_target
        .then(|| path.file_stem()?.to_str().map(str::to_owned))
        .flatten()
}

fn browser() -> Result<Counts> {
    let tools = tools::wasm_tests()?;
    let browser = tools::browser()?;
    let mut command = unmarked(&tools.wasm_pack);
    command
        .current_dir(project::root())
        .env("PATH", &tools.path);
    command.args(["test", "--headless", "--chrome", "--mode", "no-install"]);
    command.arg("--chromedriver").arg(&browser.chromedriver);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_of_a_folder_are_its_files_and_its_folders_with_a_main() -> Result<()> {
        assert_eq!(test_targets("xtask/tests")?, ["tidy"]);
        assert_eq!(
            test_target(Path::new("tests/api.rs")),
            Some("api".to_owned())
        );
        assert_eq!(test_target(Path::new("tests/snapshots")), None);
        Ok(())
    }
}
