//! Building the server with the console inside, and where the program is then.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::{cargo, run};
use crate::step::Steps;
use crate::{console, project};

/// The server and its journeys, to be selected together in all that tests and measures.
///
/// Cargo settles the features of shared crates for all that is selected: taken apart, the server
/// and most of what is under it would be compiled twice, with features that differ by a hair.
pub(crate) const WITH_JOURNEYS: [&str; 4] =
    ["--package", "tenure-server", "--package", "tenure-e2e"];

/// Builds console and server in release; the server's program has the console inside. The server
/// alone is selected, so that no feature meant for tests gets into it.
///
/// # Errors
/// When one of them does not build.
pub(crate) fn build(steps: &mut Steps) -> Result<PathBuf> {
    console::build(steps)?;
    steps.take("server: cargo build --release", || {
        run(cargo().args(["build", "--release", "--package", "tenure-server"]))
            .context("the server does not build")
    })?;
    Ok(project::target().join("release/tenure-server"))
}
