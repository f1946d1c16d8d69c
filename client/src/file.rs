//! Keeps a pair in a file that only its owner may read, and that is always whole.
//!
//! A refresh token works once, so two programs with one file would end each other's authorization. Hence
//! the lock: it is the operating system's, so a crash releases it.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{pair::Pair, store::PairStore};

/// Keeps one pair in a file, for one program at a time.
#[derive(Debug)]
pub struct FileStore {
    path: PathBuf,
    /// Holds the lock until it is dropped.
    _lock: File,
}

impl FileStore {
    /// Keeps the pair at `path`, whose folder must be there; a file that ends in `.lock` is made beside it.
    ///
    /// # Errors
    /// `ResourceBusy` when another program, or another `FileStore` of this one, has it; or when the folder
    /// cannot be written.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let mut lock = path.clone().into_os_string();
        lock.push(".lock");
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(lock)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(io::Error::new(
                io::ErrorKind::ResourceBusy,
                format!("another program keeps its tokens in {}", path.display()),
            )),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// The folder, in which a new pair is written before it takes the place of the old one.
    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }
}

impl PairStore for FileStore {
    fn load(&self) -> io::Result<Option<Pair>> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn save(&self, pair: &Pair) -> io::Result<()> {
        // Made with mode 0600, so its text is never anybody else's to read.
        let mut file = NamedTempFile::new_in(self.folder())?;
        file.write_all(&serde_json::to_vec(pair)?)?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        // The new name is on disk only when its folder is.
        File::open(self.folder())?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn pair(access: &str) -> Pair {
        let json = format!(
            r#"{{"access_token":"{access}","refresh_token":"r","issued_at":0,"expires_at":null}}"#
        );
        serde_json::from_str(&json).expect("it is a pair")
    }

    fn access(store: &FileStore) -> Option<String> {
        let pair = store.load().expect("it can be read")?;
        Some(pair.access_token().secret().clone())
    }

    #[test]
    fn the_newest_pair_is_there_alone_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        let store = FileStore::open(&path).unwrap();
        assert_eq!(access(&store), None);
        for name in ["a", "b"] {
            store.save(&pair(name)).unwrap();
        }
        assert_eq!(access(&store).as_deref(), Some("b"));
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 2, "the pair and its lock, and nothing in between");
    }

    #[test]
    fn what_cannot_be_kept_leaves_the_old_pair() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        let store = FileStore::open(&path).unwrap();
        store.save(&pair("a")).unwrap();
        // A folder of that name cannot be replaced by a file.
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(store.save(&pair("b")).is_err());
        assert!(path.is_dir());
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 2, "nothing of the pair was left lying about");
    }

    #[test]
    fn a_file_has_one_keeper_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        let first = FileStore::open(&path).unwrap();
        let refused = FileStore::open(&path).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ResourceBusy);
        drop(first);
        assert!(FileStore::open(&path).is_ok());
    }
}
