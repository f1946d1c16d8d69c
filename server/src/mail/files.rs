//! Mails as files, where no mail server is configured. A repeat of a mail takes its file's place.

use std::path::Path;

use tokio::{fs, io::AsyncWriteExt as _};

use super::{Outcome, message::Sealed};

/// Writes a mail into the folder, whole or not at all.
pub(super) async fn write(folder: &Path, mail: &Sealed) -> Outcome {
    match try_write(folder, mail).await {
        Ok(()) => Outcome::Taken,
        Err(error) => {
            let folder = folder.display();
            Outcome::Unreachable(format!("the mail cannot be written to {folder}: {error}"))
        }
    }
}

async fn try_write(folder: &Path, mail: &Sealed) -> std::io::Result<()> {
    fs::create_dir_all(folder).await?;
    let path = folder.join(format!("{}.eml", mail.name));
    let unfinished = folder.join(format!(".{}.unfinished", mail.name));
    let mut file = fs::File::create(&unfinished).await?;
    file.write_all(&mail.bytes).await?;
    file.sync_all().await?;
    drop(file);
    fs::rename(&unfinished, &path).await
}
