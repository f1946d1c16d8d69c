//! `cargo xtask dist`: one program to deploy.

use anyhow::Result;

use crate::server;
use crate::step::Steps;

/// Builds the server with the console inside and prints its path as the last line.
///
/// # Errors
/// When console or server do not build.
pub(crate) fn run() -> Result<()> {
    let program = server::build(&mut Steps::default())?;
    println!("{}", program.display());
    Ok(())
}
