//! Puts the built console into the server: in release builds into the binary itself, compressed; in
//! debug builds by the paths of the files, which are then read at each request.
//!
//! Without a built console the server carries one page that says so. Nothing is written outside of
//! cargo's own folder.

use std::{env, error::Error, fs, path::PathBuf};

const CONSOLE: &str = "../dist";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={CONSOLE}");
    println!("cargo::rerun-if-changed=src/not_built");
    if fs::exists(format!("{CONSOLE}/index.html"))? {
        memory_serve::load_directory(CONSOLE);
    } else {
        let page = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("src/not_built");
        memory_serve::load_directory(page);
    }
    Ok(())
}
