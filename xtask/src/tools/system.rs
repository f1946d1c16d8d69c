//! What the system provides: a browser with its driver, PostgreSQL, and the gateways of the guide.
//!
//! Found on PATH or in Debian's places; else installed with apt-get where we may, else named.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{is_executable, is_root, on_path, run};
use crate::step::say;

/// A Chromium and the ChromeDriver that fits it.
pub(crate) struct Browser {
    /// The browser program.
    pub(crate) chromium: PathBuf,
    /// The program that drives it for tests.
    pub(crate) chromedriver: PathBuf,
}

/// Finds or installs Chromium and ChromeDriver.
///
/// # Errors
/// When they are missing and cannot be installed; names the packages.
pub(crate) fn browser() -> Result<Browser> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    apt_install(&["chromium", "chromium-driver"])?;
    find_browser().context(
        "put chromium and chromedriver on PATH; the packages were installed but do not have them",
    )
}

fn find_browser() -> Option<Browser> {
    let first = |names: &[&str]| names.iter().find_map(|name| on_path(name));
    Some(Browser {
        chromium: first(&[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ])?,
        chromedriver: first(&["chromedriver", "chromium.chromedriver"])?,
    })
}

/// The folder of PostgreSQL's programs (`initdb`, `postgres`).
///
/// # Errors
/// When there is none and none can be installed; names the package.
pub(crate) fn postgres() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    apt_install(&["postgresql"])?;
    find_postgres().context(
        "put PostgreSQL's initdb and postgres on PATH; the package was installed but has them not",
    )
}

fn find_postgres() -> Option<PathBuf> {
    let has_all = |dir: &Path| {
        ["initdb", "postgres", "pg_isready"]
            .iter()
            .all(|name| is_executable(&dir.join(name)))
    };
    // Follow links: /usr/bin may only wrap the programs that live elsewhere.
    let on_path = on_path("initdb").and_then(|file| file.canonicalize().ok());
    let beside = on_path
        .as_deref()
        .and_then(Path::parent)
        .filter(|dir| has_all(dir))
        .map(Path::to_path_buf);
    beside.or_else(|| newest(debian_postgres().into_iter().filter(|dir| has_all(dir))))
}

/// Debian keeps the server's programs off PATH, one folder a major version.
fn debian_postgres() -> Vec<PathBuf> {
    let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else {
        return Vec::new();
    };
    versions
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect()
}

/// The folder of the highest major version: `…/17/bin` before `…/9.6/bin`.
fn newest(dirs: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    let major = |dir: &Path| -> u32 {
        let version = dir
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str())
            .unwrap_or("");
        version
            .split('.')
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0)
    };
    dirs.max_by_key(|dir| major(dir))
}

/// The gateways that the guide for integrators has configurations for.
pub(crate) struct Gateways {
    /// The nginx program.
    pub(crate) nginx: PathBuf,
    /// The Caddy program.
    pub(crate) caddy: PathBuf,
}

/// Finds or installs nginx and Caddy.
///
/// # Errors
/// When they are missing and cannot be installed; names the packages.
pub(crate) fn gateways() -> Result<Gateways> {
    if let Some(found) = find_gateways() {
        return Ok(found);
    }
    apt_install(&["nginx", "caddy"])?;
    find_gateways()
        .context("put nginx and caddy on PATH; the packages were installed but do not have them")
}

fn find_gateways() -> Option<Gateways> {
    // Debian has nginx where only root's PATH leads.
    let in_sbin = || Some(PathBuf::from("/usr/sbin/nginx")).filter(|file| is_executable(file));
    Some(Gateways {
        nginx: on_path("nginx").or_else(in_sbin)?,
        caddy: on_path("caddy")?,
    })
}

/// Installs Debian packages, as root or with a sudo that asks nothing.
fn apt_install(packages: &[&str]) -> Result<()> {
    let named = packages.join(" ");
    let by_hand = format!("install {named} (on Debian: `apt-get install {named}`) and try again");
    if on_path("apt-get").is_none() {
        bail!("{by_hand}");
    }
    let prefix: &[&str] = match (is_root(), on_path("sudo")) {
        (true, _) => &[],
        (false, Some(_)) => &["sudo", "-n"],
        (false, None) => bail!("{by_hand}"),
    };
    say(&format!("set-up: installing {named} with apt-get"));
    let apt = |args: &[&str]| {
        let words = [
            prefix,
            &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"],
            args,
        ]
        .concat();
        let (program, rest) = words.split_first().context("no command")?;
        run(Command::new(program).args(rest))
    };
    // An old package list is no reason to stop: the install itself will tell.
    let _ = apt(&["update"]);
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
        .with_context(|| by_hand.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_postgresql_is_chosen_by_number() {
        let dirs = ["/p/9.6/bin", "/p/17/bin", "/p/15/bin"].map(PathBuf::from);
        assert_eq!(newest(dirs.into_iter()), Some(PathBuf::from("/p/17/bin")));
        assert_eq!(newest(std::iter::empty()), None);
    }
}
