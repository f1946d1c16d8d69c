//! The console's size as it travels: each file under brotli at its best, as the server sends it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::read;
use crate::{project, tools};

/// What the console may weigh, in bytes; more fails.
const LIMIT: u64 = 250_000;

/// What it should weigh, in bytes.
const AIM: u64 = 200_000;

/// Node has brotli built in, so no crate needs to be compiled for it.
const BROTLI: &str = "const z=require('zlib'),c=z.constants,b=require('fs').readFileSync(process.argv[1]);\
    console.log(z.brotliCompressSync(b,{params:{[c.BROTLI_PARAM_QUALITY]:11,\
    [c.BROTLI_PARAM_LGWIN]:22,[c.BROTLI_PARAM_SIZE_HINT]:b.length}}).length)";

/// Measures the built console and holds it against the budget.
///
/// # Errors
/// When there is no built console, or it is over the limit.
pub(crate) fn check() -> Result<()> {
    let mut total = 0;
    for file in shipped(&project::dist())? {
        let size = compressed(&file)?;
        total += size;
        let name = file
            .strip_prefix(project::dist())
            .unwrap_or(&file)
            .display();
        println!("  {:>7.1} KB  {name}", kilobytes(size));
    }
    println!(
        "  {:>7.1} KB  in all (brotli 11; aim {} KB, limit {} KB)",
        kilobytes(total),
        AIM / 1000,
        LIMIT / 1000
    );
    match total {
        0 => bail!("dist/ holds no console; build it first"),
        over if over > LIMIT => bail!(
            "the console is {:.1} KB over its limit; find what grew it with `twiggy` or by taking dependencies out",
            kilobytes(over - LIMIT)
        ),
        _ => Ok(()),
    }
}

/// The files that a browser loads to start: module, scripts, styles.
fn shipped(dist: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![dist.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).context("dist/ is missing; build the console first")?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|kind| ["wasm", "js", "css"].iter().any(|one| kind == *one))
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn compressed(file: &Path) -> Result<u64> {
    let size = read(Command::new(tools::node()?).args(["-e", BROTLI]).arg(file))?;
    size.trim()
        .parse()
        .with_context(|| format!("the size of {} is no number", file.display()))
}

/// Thousands of bytes; for print only, so the lost digits do not matter.
#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp::TempDir;

    #[test]
    fn what_a_browser_loads_counts_and_compresses() -> Result<()> {
        let dir = TempDir::new("tenure-size")?;
        std::fs::create_dir(dir.path().join("snippets"))?;
        for (name, content) in [
            ("a.wasm", "x".repeat(10_000)),
            ("snippets/b.js", "y".repeat(10)),
        ] {
            std::fs::write(dir.path().join(name), content)?;
        }
        std::fs::write(dir.path().join("index.html"), "no")?;
        let files = shipped(dir.path())?;
        assert_eq!(files.len(), 2, "{files:?}");
        assert!(compressed(&files[0])? < 100);
        Ok(())
    }
}
