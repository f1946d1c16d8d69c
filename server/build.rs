//! Puts the built console into the server: in release builds into the binary itself, compressed; in
//! debug builds by the paths of the files, which are then read at each request.
//!
//! The files are copied into cargo's own folder first: the bundler keeps unfinished work in hidden
//! folders beside them, and may replace them while this server runs. Without a built console the server
//! carries one page that says so.

use std::{
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

const CONSOLE: &str = "../dist";
const NOT_BUILT: &str = "src/not_built";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={CONSOLE}");
    println!("cargo::rerun-if-changed={NOT_BUILT}");
    let built = fs::exists(format!("{CONSOLE}/index.html"))?;
    let files = PathBuf::from(env::var("OUT_DIR")?).join("console");
    match fs::remove_dir_all(&files) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    copy(Path::new(if built { CONSOLE } else { NOT_BUILT }), &files)?;
    memory_serve::load_directory(files);
    Ok(())
}

/// Copies a folder without what is hidden. The copies count as old: cargo watches them, and would
/// take what this very run wrote for a change, and so build the server anew each time.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.is_dir() {
            copy(&entry, &to.join(&name))?;
        } else {
            fs::copy(&entry, to.join(&name))?;
            fs::File::open(to.join(&name))?.set_modified(SystemTime::UNIX_EPOCH)?;
        }
    }
    fs::File::open(to)?.set_modified(SystemTime::UNIX_EPOCH)
}
