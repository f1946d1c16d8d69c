//! Building the server with the console inside, and where the program is then.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::{cargo, run};
use crate::step::Steps;
use crate::{console, project};

/// Builds console and server in release; the server's program has the console inside.
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
