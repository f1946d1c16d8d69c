//! Copying an SQLite database that is in use. PostgreSQL has its own tools for that.

use std::{fs, path::Path};

use super::{Store, StoreError, db::Db, file};

impl Store {
    /// Writes a copy of the SQLite database, as it is at one instant, to a file that must not exist.
    /// Writers go on meanwhile.
    ///
    /// # Errors
    /// When the file exists or cannot be written. What was written of it is removed.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let Db::Sqlite { write, .. } = &self.db else {
            return Err(StoreError::Address);
        };
        let copy = file::make(to).map_err(sqlx::Error::Io)?;
        let result = sqlx::query("vacuum into $1")
            .bind(to.to_string_lossy())
            .execute(write)
            .await
            .and_then(|_| copy.sync_all().map_err(sqlx::Error::Io));
        if result.is_err() {
            // The first error is the one that matters.
            let _ = fs::remove_file(to);
        }
        Ok(result?)
    }
}
