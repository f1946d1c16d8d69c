//! `cargo xtask ci`: all that a change must pass, the cheap first.

use anyhow::{Context, Result};

use crate::process::{cargo, on_path, run as start};
use crate::step::{Steps, say};
use crate::{console, rings, size, tools};

/// Runs every check and closes with the tests that passed.
///
/// # Errors
/// At the first failed lint; after all rings when one of them failed.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    let outcome = all(&mut steps);
    steps.summary();
    outcome?;
    println!("{}", steps.counts());
    Ok(())
}

fn all(steps: &mut Steps) -> Result<()> {
    steps.take("format", || {
        start(cargo().args(["fmt", "--all", "--check"])).context("run `cargo fmt --all`")
    })?;
    // Before the lints: what they and the tests compile embeds it, and would be compiled twice.
    console::build(steps)?;
    steps.take("size budget", size::check)?;
    lint(
        steps,
        "clippy on the host",
        &[
            "--workspace",
            "--exclude",
            "tenure-console",
            "--exclude",
            "tenure-leptos",
        ],
    )?;
    lint(
        steps,
        "clippy on wasm32",
        &[
            "--package",
            "tenure-console",
            "--package",
            "tenure-leptos",
            "--target",
            "wasm32-unknown-unknown",
        ],
    )?;
    licences(steps)?;
    rings::run(steps, &rings::ALL)
}

fn lint(steps: &mut Steps, name: &str, what: &[&str]) -> Result<()> {
    steps.take(name, || {
        let mut command = cargo();
        command
            .arg("clippy")
            .args(what)
            .args(["--all-targets", "--", "--deny", "warnings"]);
        start(command.env("TENURE_AXE", tools::axe()?))
    })
}

/// Licences and sources of the dependencies, where the tool for it is there.
fn licences(steps: &mut Steps) -> Result<()> {
    if on_path("cargo-deny").is_none() {
        say("licences: not checked, since cargo-deny is not on PATH");
        return Ok(());
    }
    steps.take("licences", || {
        start(cargo().args(["deny", "check", "licenses", "bans", "sources"]))
    })
}
