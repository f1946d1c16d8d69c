//! What the journeys need from outside. A missing thing is a failure with its remedy, never a skip.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

/// The browser.
///
/// # Errors
/// When nobody said where it is.
pub fn chromium() -> Result<PathBuf> {
    file("TENURE_CHROMIUM")
}

/// The program that drives the browser.
///
/// # Errors
/// When nobody said where it is.
pub fn chromedriver() -> Result<PathBuf> {
    file("TENURE_CHROMEDRIVER")
}

/// The accessibility checker: axe-core's `axe.min.js`.
///
/// # Errors
/// When nobody said where it is.
pub fn axe() -> Result<PathBuf> {
    file("TENURE_AXE")
}

/// Node, for the client that shares no code with the server.
///
/// # Errors
/// When nobody said where it is.
pub fn node() -> Result<PathBuf> {
    file("TENURE_NODE")
}

/// The folder of that client's package.
///
/// # Errors
/// When nobody said where it is.
pub fn oauth4webapi() -> Result<PathBuf> {
    variable("TENURE_OAUTH4WEBAPI").map(PathBuf::from)
}

/// The address of a PostgreSQL user who may create databases.
///
/// # Errors
/// When nobody said where it is.
pub fn postgres() -> Result<String> {
    variable("TENURE_TEST_POSTGRES_URL")
}

fn file(name: &str) -> Result<PathBuf> {
    let path = PathBuf::from(variable(name)?);
    ensure!(
        path.is_file(),
        "{name} is {}, which is no file; {REMEDY}",
        path.display()
    );
    Ok(path)
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set; {REMEDY}"))
}

const REMEDY: &str =
    "run the journeys with `cargo xtask test`, which finds or installs all that they need";
