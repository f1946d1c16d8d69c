//! The programs that the tasks need, each pinned to one version.
//!
//! A program on PATH in the right version is used as it is. Otherwise it comes from the per-user
//! cache, and is installed there first when it is missing. What the whole system provides (a
//! browser, PostgreSQL) is in `system`; here are the tools that only developers have.

mod crates;
mod npm;
mod system;
mod version;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::process::{on_path, path_with, read, run};
use crate::step::say;
use crate::{process, project};

pub(crate) use npm::Package;
pub(crate) use system::{Browser, browser, gateways, postgres};

/// Trunk without what a build does not use (update checks, TLS of the system).
const TRUNK: Tool = Tool {
    name: "trunk",
    version: "0.21.14",
    programs: &["trunk"],
    features: &["--no-default-features", "--features", "rustls"],
    // It only starts others: compiling it well would cost more than it could ever give back.
    opt_level: "0",
};

/// The same version as the wasm-bindgen crate in the manifest; the two speak a private format.
const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    version: "0.2.130",
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    features: &[],
    // It rewrites whole modules, with debug information in the tests.
    opt_level: "1",
};

/// Runs the tests in a browser.
const WASM_PACK: Tool = Tool {
    name: "wasm-pack",
    version: "0.15.1",
    programs: &["wasm-pack"],
    features: &[],
    opt_level: "0",
};

/// Has wasm-opt, compiled to JavaScript, so the same on every machine.
const BINARYEN: Package = Package {
    name: "binaryen",
    version: "132.0.0",
};

/// The accessibility rules that browser tests and journeys apply.
const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
};

/// What the client in another language speaks OAuth with; it needs no other package.
const OAUTH4WEBAPI: Package = Package {
    name: "oauth4webapi",
    version: "3.8.8",
};

/// What reads the server's calendars in the tests; it shares no code with what writes them.
const ICAL_JS: Package = Package {
    name: "ical.js",
    version: "2.2.1",
};

/// What introspection is measured beside. Node 20 runs it, with a warning.
const OIDC_PROVIDER: Package = Package {
    name: "oidc-provider",
    version: "9.13.3",
};

/// A program that `cargo install` provides.
struct Tool {
    name: &'static str,
    version: &'static str,
    /// The programs it installs; the first one tells the version.
    programs: &'static [&'static str],
    features: &'static [&'static str],
    opt_level: &'static str,
}

/// What a build of the console needs: the wasm target, Trunk and its helpers.
pub(crate) struct ConsoleTools {
    /// The trunk program.
    pub(crate) trunk: PathBuf,
    /// PATH for it, with wasm-bindgen and wasm-opt in front.
    pub(crate) path: std::ffi::OsString,
    /// Whether the source of Rust's standard library is there.
    pub(crate) has_library_source: bool,
}

/// Finds or installs what a build of the console needs.
///
/// # Errors
/// When one is missing and cannot be installed; says what to install by hand.
pub(crate) fn console() -> Result<ConsoleTools> {
    wasm_target()?;
    let has_library_source = library_source()?;
    let wasm_bindgen = cargo_tool(&WASM_BINDGEN)?;
    let trunk = cargo_tool(&TRUNK)?;
    let wasm_opt = wasm_opt()?;
    crates::sweep()?;
    let path = path_with([wasm_bindgen.as_path(), wasm_opt.as_path(), trunk.as_path()])?;
    Ok(ConsoleTools {
        trunk: trunk.join("trunk"),
        path,
        has_library_source,
    })
}

/// What the browser ring needs besides a browser.
pub(crate) struct WasmTestTools {
    /// The wasm-pack program.
    pub(crate) wasm_pack: PathBuf,
    /// PATH for it, with wasm-bindgen and its test runner in front.
    pub(crate) path: std::ffi::OsString,
}

/// Finds or installs what the browser ring needs besides a browser.
///
/// # Errors
/// When one is missing and cannot be installed; says what to install by hand.
pub(crate) fn wasm_tests() -> Result<WasmTestTools> {
    wasm_target()?;
    let wasm_bindgen = cargo_tool(&WASM_BINDGEN)?;
    let wasm_pack = cargo_tool(&WASM_PACK)?;
    crates::sweep()?;
    let path = path_with([wasm_bindgen.as_path(), wasm_pack.as_path()])?;
    Ok(WasmTestTools {
        wasm_pack: wasm_pack.join("wasm-pack"),
        path,
    })
}

/// The file `axe.min.js`.
///
/// # Errors
/// When npm cannot install it.
pub(crate) fn axe() -> Result<PathBuf> {
    Ok(AXE.installed()?.join("axe.min.js"))
}

/// The folder of the package with which the client in another language speaks OAuth.
///
/// # Errors
/// When npm cannot install it.
pub(crate) fn oauth4webapi() -> Result<PathBuf> {
    OAUTH4WEBAPI.installed()
}

/// The folder of the package that reads calendars.
///
/// # Errors
/// When npm cannot install it.
pub(crate) fn ical_js() -> Result<PathBuf> {
    ICAL_JS.installed()
}

/// The folder of the server that introspection is measured beside.
///
/// # Errors
/// When npm cannot install it.
pub(crate) fn oidc_provider() -> Result<PathBuf> {
    OIDC_PROVIDER.installed()
}

/// Makes sure that Rust can compile for the browser.
///
/// # Errors
/// When the target is missing and rustup cannot add it.
pub(crate) fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let libraries = read(rustc().args(["--print", "target-libdir", "--target", TARGET]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    say(&format!("set-up: adding the Rust target {TARGET}"));
    run(Command::new("rustup").args(["target", "add", TARGET]))
        .with_context(|| format!("install the Rust target {TARGET} for this toolchain"))
}

/// Is the source of Rust's standard library there? Adds it where it is missing and rustup can; the
/// console builds without it too, only larger.
fn library_source() -> Result<bool> {
    let sysroot = read(rustc().args(["--print", "sysroot"]))?;
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    if source.is_file() {
        return Ok(true);
    }
    say("set-up: adding the source of Rust's standard library");
    let added = run(Command::new("rustup").args(["component", "add", "rust-src"]));
    if added.is_err() {
        say("set-up: it cannot be added; the console is some 20 KB larger without it");
    }
    Ok(source.is_file())
}

fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// The folder that holds the tool's programs.
fn cargo_tool(tool: &Tool) -> Result<PathBuf> {
    if let Some(dir) = version::on_path(tool.programs, tool.version) {
        return Ok(dir);
    }
    let home = project::cache()?
        .join("tools")
        .join(format!("{}-{}", tool.name, tool.version));
    let bin = home.join("bin");
    let whole = || {
        tool.programs
            .iter()
            .all(|program| process::is_executable(&bin.join(program)))
    };
    if !whole() {
        crates::install(tool, &home)?;
    }
    if !whole() {
        bail!(
            "{} lacks {}; delete the folder and try again",
            bin.display(),
            tool.programs.join(" or ")
        );
    }
    Ok(bin)
}

/// The folder that holds wasm-opt.
fn wasm_opt() -> Result<PathBuf> {
    let (wanted, _) = BINARYEN
        .version
        .split_once('.')
        .unwrap_or((BINARYEN.version, ""));
    if let Some(dir) = version::on_path(&["wasm-opt"], wanted) {
        return Ok(dir);
    }
    BINARYEN.installed()?;
    BINARYEN.bin()
}

/// The node program, which npm packages run on.
///
/// # Errors
/// When there is none.
pub(crate) fn node() -> Result<&'static Path> {
    static NODE: OnceLock<Option<PathBuf>> = OnceLock::new();
    NODE.get_or_init(|| on_path("node"))
        .as_deref()
        .context("install Node.js with npm (on Debian: apt-get install nodejs npm)")
}
