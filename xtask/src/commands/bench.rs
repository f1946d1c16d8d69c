//! `cargo xtask bench [name…]`: the measures that the project promises, in release.
//!
//! What is measured is in `server/benches` and `e2e/src/bin`; here is only how it is started.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::postgres::Cluster;
use crate::process::{cargo, run as start};
use crate::server::WITH_JOURNEYS;
use crate::step::Steps;
use crate::{console, flags, project, size, tools};

const NAMES: [&str; 8] = [
    "load",
    "counting",
    "impact",
    "inventory",
    "health",
    "startup",
    "scrolling",
    "size",
];

/// Takes the named measures, or all.
///
/// # Errors
/// When a name is unknown, a build fails or a measure cannot be taken.
pub(crate) fn run(flags: &flags::Bench) -> Result<()> {
    if let Some(name) = flags
        .name
        .iter()
        .find(|name| !NAMES.contains(&name.as_str()))
    {
        bail!(
            "there is no measure `{name}`; the measures are {}",
            NAMES.join(", ")
        );
    }
    let wanted = |name: &str| flags.name.is_empty() || flags.name.iter().any(|asked| asked == name);
    let mut steps = Steps::default();
    console::build(&mut steps)?;
    if NAMES.into_iter().filter(|name| *name != "size").any(wanted) {
        steps.take("bench: build", build)?;
    }
    if wanted("load") {
        steps.take(
            "bench load: verification, introspection, preview, policy change, pages, memory",
            || load(None),
        )?;
    } else {
        // They are among the measures of the load.
        if wanted("counting") {
            steps.take("bench counting: verification, counted and not", || {
                load(Some("counting"))
            })?;
        }
        if wanted("impact") {
            steps.take("bench impact: the preview of a policy", || {
                load(Some("impact"))
            })?;
        }
        if wanted("inventory") {
            steps.take("bench inventory: the tokens of a plan", || {
                load(Some("inventory"))
            })?;
        }
        if wanted("health") {
            steps.take("bench health: what was counted in 90 days", || {
                load(Some("health"))
            })?;
        }
    }
    if wanted("startup") {
        steps.take("bench startup: navigation to a usable page", || {
            in_browser("startup")
        })?;
    }
    if wanted("scrolling") {
        steps.take("bench scrolling: the list of 100 000 tokens", || {
            in_browser("scrolling")
        })?;
    }
    if wanted("size") {
        // The parts first: who is over the limit wants to know them most.
        steps.take("bench size: the parts of the program", console::parts)?;
        steps.take("bench size: the console under brotli", size::check)?;
    }
    steps.summary();
    Ok(())
}

fn build() -> Result<()> {
    let programs = ["--bench", "load", "--bin", "startup", "--bin", "scrolling"];
    start(
        cargo()
            .args(["build", "--release"])
            .args(WITH_JOURNEYS)
            .args(programs),
    )
}

/// All measures of the load, or one.
fn load(one: Option<&str>) -> Result<()> {
    let cluster = Cluster::start()?;
    let mut command = cargo();
    command
        .env("TENURE_TEST_POSTGRES_URL", cluster.url())
        .arg("bench")
        .args(WITH_JOURNEYS)
        .args(["--bench", "load", "--"])
        .args(one)
        .env("TENURE_OIDC_PROVIDER", tools::oidc_provider()?);
    start(&mut command)
}

/// A measure that a browser takes.
fn in_browser(name: &str) -> Result<()> {
    let browser = tools::browser()?;
    let mut command = Command::new(project::target().join("release").join(name));
    command
        .current_dir(project::root())
        .env("TENURE_CHROMIUM", &browser.chromium)
        .env("TENURE_CHROMEDRIVER", &browser.chromedriver);
    start(&mut command).with_context(|| format!("{name} could not be measured"))
}
