//! Installing tools with cargo into the cache.
//!
//! Compiling the tools is most of a first set-up, so they are compiled in the cheapest way that
//! serves, and share one build folder. An install happens beside its final place and is renamed
//! into it when it is whole: what is there is good.

use std::fs;
use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Tool;
use crate::process::{cargo, run};
use crate::project;
use crate::step::{say, seconds};
use crate::temp::TempDir;

/// Compiles the tool and puts it into `home`.
pub(super) fn install(tool: &Tool, home: &Path) -> Result<()> {
    let start = std::time::Instant::now();
    say(&format!(
        "set-up: compiling {} {} (some minutes, once for this user)",
        tool.name, tool.version
    ));
    let parent = home.parent().context("the cache has no folder for tools")?;
    let partial =
        TempDir::at(parent.join(format!(".partial-{}-{}", tool.name, std::process::id())))?;
    // A registry may lag behind the tool's own lock file; then newer versions must do.
    if compile(tool, partial.path(), true).is_err() {
        say(&format!(
            "set-up: {} does not install as it was locked; trying without the lock",
            tool.name
        ));
        compile(tool, partial.path(), false).with_context(|| remedy(tool))?;
    }
    // An earlier folder can only be an unfinished one, or we would not be here.
    let _ = fs::remove_dir_all(home);
    if fs::rename(partial.path(), home).is_err() && !home.is_dir() {
        bail!(
            "{} cannot be written; set XDG_CACHE_HOME to a folder that can",
            home.display()
        );
    }
    say(&format!(
        "set-up: {} is there after {}",
        tool.name,
        seconds(start.elapsed())
    ));
    Ok(())
}

fn compile(tool: &Tool, root: &Path, locked: bool) -> Result<()> {
    let mut command = cargo();
    // Not from the checkout: its settings are not meant for the tools.
    command.current_dir(root);
    command.args(["install", "--force", "--root"]).arg(root);
    if !std::io::stderr().is_terminal() {
        // A person sees the progress bar; a log needs no line for each of 300 crates.
        command.arg("--quiet");
    }
    command.arg("--target-dir").arg(build_folder()?);
    command
        .arg(format!("{}@{}", tool.name, tool.version))
        .args(tool.features);
    if locked {
        command.arg("--locked");
    }
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.opt_level);
    command.env("CARGO_PROFILE_RELEASE_LTO", "off");
    command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256");
    command.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    run(&mut command)
}

/// Deletes what compiling left behind; nothing when nothing was compiled.
pub(super) fn sweep() -> Result<()> {
    let folder = build_folder()?;
    if folder.is_dir() {
        fs::remove_dir_all(&folder).with_context(|| format!("delete {}", folder.display()))?;
    }
    Ok(())
}

/// The build folder that all installs share; it survives an interrupted one.
fn build_folder() -> Result<std::path::PathBuf> {
    Ok(project::cache()?.join("build"))
}

fn remedy(tool: &Tool) -> String {
    let Tool {
        name,
        version,
        features,
        ..
    } = tool;
    format!(
        "install it by hand: `cargo install {name}@{version} {}`",
        features.join(" ")
    )
}
