//! A folder that is gone when its owner is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;

/// A fresh folder, removed with all that is in it on drop.
pub(crate) struct TempDir(PathBuf);

impl TempDir {
    /// Makes a folder with this prefix and our process id in the system's temporary folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn new(prefix: &str) -> Result<Self> {
        let parent = std::env::temp_dir();
        sweep(&parent, prefix);
        Self::at(parent.join(format!("{prefix}-{}", std::process::id())))
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

/// Removes what interrupted runs of this task left behind: folders whose process is gone.
fn sweep(parent: &Path, prefix: &str) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(prefix)?.strip_prefix('-')?.parse().ok());
        if owner.is_some_and(|pid: u32| !process::is_alive(pid)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_gone_when_dropped() -> Result<()> {
        let dir = TempDir::new("tenure-temp")?;
        let path = dir.path().to_path_buf();
        fs::write(path.join("file"), "")?;
        drop(dir);
        assert!(!path.exists());
        Ok(())
    }

    #[test]
    fn leftovers_of_dead_processes_are_swept_and_nothing_else() -> Result<()> {
        let parent = TempDir::new("tenure-sweep")?;
        let mut dead = std::process::Command::new("true").spawn()?;
        dead.wait()?;
        let leftover = parent.path().join(format!("x-{}", dead.id()));
        let ours = parent.path().join(format!("x-{}", std::process::id()));
        let other = parent.path().join("x-notes");
        for path in [&leftover, &ours, &other] {
            fs::create_dir(path)?;
        }
        sweep(parent.path(), "x");
        assert_eq!(
            [leftover.exists(), ours.exists(), other.exists()],
            [false, true, true]
        );
        Ok(())
    }
}
