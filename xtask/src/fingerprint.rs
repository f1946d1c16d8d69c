//! One number for the content of a folder: has anything changed since?
//!
//! Content, not times: a fresh checkout of the same commit counts as unchanged.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The fingerprint of all files under `root` whose path (relative to it) is not left out.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn of(root: &Path, left_out: impl Fn(&Path) -> bool) -> Result<u64> {
    let mut files = Vec::new();
    collect(root, Path::new(""), &left_out, &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let content = fs::read(root.join(&file))
            .with_context(|| format!("{} cannot be read", file.display()))?;
        file.hash(&mut hasher);
        content.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn collect(
    root: &Path,
    dir: &Path,
    left_out: &impl Fn(&Path) -> bool,
    files: &mut Vec<PathBuf>,
) -> Result<()> {
    let full = root.join(dir);
    let entries =
        fs::read_dir(&full).with_context(|| format!("{} cannot be read", full.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = dir.join(entry.file_name());
        if left_out(&path) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(root, &path, left_out, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp::TempDir;

    #[test]
    fn content_and_names_count_and_what_is_left_out_does_not() -> Result<()> {
        let dir = TempDir::new("tenure-fingerprint")?;
        let all = || of(dir.path(), |_| false);
        fs::write(dir.path().join("a"), "1")?;
        let first = all()?;
        fs::write(dir.path().join("a"), "2")?;
        let changed = all()?;
        fs::write(dir.path().join("a"), "1")?;
        let back = all()?;
        fs::rename(dir.path().join("a"), dir.path().join("b"))?;
        let renamed = all()?;
        assert_eq!(first, back);
        assert_ne!(first, changed);
        assert_ne!(first, renamed);

        fs::create_dir(dir.path().join("skip"))?;
        fs::write(dir.path().join("skip/x"), "3")?;
        assert_eq!(of(dir.path(), |path| path == Path::new("skip"))?, renamed);
        Ok(())
    }
}
