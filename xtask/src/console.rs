//! Building the console: Trunk in release, and not at all when nothing has changed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{run, unmarked};
use crate::step::Steps;
use crate::{fingerprint, parts, project, shrink, tools};

/// Top-level names that are no part of the console. All others count: a forgotten source would
/// mean a stale console, a needless one only a build too many.
const NOT_CONSOLE: &[&str] = &[
    ".ci",
    ".git",
    ".github",
    ".vscode",
    "data",
    "data-demo",
    "dist",
    "docs",
    "e2e",
    "node_modules",
    "server",
    "target",
    "tests",
    "xtask",
    "README.md",
];

/// Has cargo compile the standard library with the console, for size, and without the words of a
/// panic. RUSTC_BOOTSTRAP lets a stable toolchain do so; it is set for this build alone, whose profile
/// nothing else uses, so no other build sees it. What it gives: docs/decisions/0007.
const SMALL_LIBRARY: &[(&str, &str)] = &[
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT", "true"),
    ("CARGO_PROFILE_RELEASE_WASM_PANIC", "immediate-abort"),
];

/// Builds the console into `dist/`, with all set-up that this needs.
///
/// # Errors
/// When a tool is missing and cannot be installed, or the console does not compile.
pub(crate) fn build(steps: &mut Steps) -> Result<()> {
    let state = state()?;
    if fs::read_to_string(stamp()).is_ok_and(|kept| kept == state) {
        return steps.take("console: unchanged", || Ok(()));
    }
    let tools = steps.take("set-up: tools of the console", tools::console)?;
    steps.take("console: trunk build --release", || {
        let mut trunk = unmarked(&tools.trunk);
        trunk
            .current_dir(project::root())
            .args(["build", "--release"])
            .env("PATH", &tools.path);
        if tools.has_library_source {
            trunk.envs(SMALL_LIBRARY.iter().copied());
        }
        // Trunk takes only `true` and `false` here, and the rest of the world sets 1.
        run(trunk.env_remove("NO_COLOR")).context("the console does not build")
    })?;
    if !project::dist().join("index.html").is_file() {
        bail!("trunk built no dist/index.html; its output above says why");
    }
    shrink::console(&project::dist())?;
    fs::create_dir_all(project::scratch())?;
    fs::write(stamp(), self::state()?).context("target/ cannot be written")?;
    Ok(())
}

/// Prints what the program is made of that was built last.
///
/// # Errors
/// When it is not there.
pub(crate) fn parts() -> Result<()> {
    parts::print(&project::target().join("wasm-bindgen/release/tenure-console_bg.wasm"))
}

/// Fingerprints of what goes in and of what came out, so that a hand-made `dist/` is noticed.
fn state() -> Result<String> {
    let sources = fingerprint::of(&project::root(), |path| {
        path.parent() == Some(Path::new(""))
            && NOT_CONSOLE.iter().any(|name| path == Path::new(name))
    })?;
    let dist = project::dist();
    let built = if dist.is_dir() {
        fingerprint::of(&dist, |_| false)?
    } else {
        0
    };
    Ok(format!("{sources:016x} {built:016x}\n"))
}

fn stamp() -> std::path::PathBuf {
    project::scratch().join("console.stamp")
}
