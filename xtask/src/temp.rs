//! A folder that is gone when its owner is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A fresh folder, removed with all that is in it on drop.
pub(crate) struct TempDir(PathBuf);

impl TempDir {
    /// Makes a folder with this prefix and our process id in the system's temporary folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn new(prefix: &str) -> Result<Self> {
        Self::at(std::env::temp_dir().join(format!("{prefix}-{}", std::process::id())))
    }

    /// Makes this very folder, empty even if an earlier run left something there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn at(path: PathBuf) -> Result<Self> {
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // What cannot be removed is left to the system: there is nobody to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}
