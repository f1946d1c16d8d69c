//! Where things are: the checkout, its build folders, the per-user cache.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the checkout.
///
/// Cargo names the folder at run time; the compiled-in path only serves a copied binary.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map_or(here.clone(), Path::to_path_buf)
}

/// The folder of the built console.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Cargo's build folder.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The folder for what the tasks themselves remember between runs; `cargo clean` empties it.
pub(crate) fn scratch() -> PathBuf {
    target().join("xtask")
}

/// The folder of the pinned tools: shared by all checkouts of this user, one folder a version.
///
/// # Errors
/// When neither `XDG_CACHE_HOME` nor `HOME` is set.
pub(crate) fn cache() -> Result<PathBuf> {
    cache_from(
        env::var_os("XDG_CACHE_HOME").map(PathBuf::from),
        env::var_os("HOME").map(PathBuf::from),
    )
    .context("set HOME or XDG_CACHE_HOME, so that the tools have a folder to be kept in")
}

/// The XDG rule: a relative `XDG_CACHE_HOME` is to be taken as absent.
fn cache_from(xdg: Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    let base = xdg
        .filter(|dir| dir.is_absolute())
        .or_else(|| home.map(|dir| dir.join(".cache")))?;
    Some(base.join("tenure"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_honours_xdg_and_falls_back_to_home() {
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(cache_from(path("/x"), path("/h")), path("/x/tenure"));
        assert_eq!(
            cache_from(path("relative"), path("/h")),
            path("/h/.cache/tenure")
        );
        assert_eq!(cache_from(None, path("/h")), path("/h/.cache/tenure"));
        assert_eq!(cache_from(None, None), None);
    }

    #[test]
    fn the_root_is_the_workspace() {
        assert!(root().join("xtask/Cargo.toml").is_file());
    }
}
