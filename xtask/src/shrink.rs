//! Short names for what the console's program imports from its script.
//!
//! wasm-bindgen gives each import a name with a number of sixteen digits in it, so that no two can meet. Both files
//! have them, and nothing can compress them: 3.5 KB of brotli. Once the two files are made, any name will do.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::wasm::{Reader, put_number, put_text};

/// The section of a module that lists what it imports (WebAssembly core specification, section 5.5.5).
const IMPORTS: u8 = 2;

/// An import of a function; wasm-bindgen makes no others.
const FUNCTION: u8 = 0;

/// Old names, and the new one of each.
type Names = Vec<(String, String)>;

/// Shortens the names in the console that Trunk has built into `dist`.
///
/// # Errors
/// When there is no module beside its script, and as [`imports`] has it.
pub(crate) fn console(dist: &Path) -> Result<()> {
    let files = fs::read_dir(dist).context("dist/ cannot be read")?;
    let mut paths = files.flatten().map(|file| file.path());
    let module = paths
        .find(|path| path.extension().is_some_and(|kind| kind == "wasm"))
        .context("dist/ holds no module")?;
    let name = module.file_name().and_then(|name| name.to_str());
    let script = name.and_then(|name| name.strip_suffix("_bg.wasm"));
    let script = script.with_context(|| format!("{} has no script", module.display()))?;
    imports(&dist.join(format!("{script}.js")), &module)
}

/// Gives what `module` imports short names, in it and in `script`.
///
/// # Errors
/// When a file cannot be read or written, or is not what wasm-bindgen makes.
fn imports(script: &Path, module: &Path) -> Result<()> {
    let (source, bytes) = (fs::read_to_string(script)?, fs::read(module)?);
    let (bytes, names) = renamed(&bytes)
        .with_context(|| format!("the imports of {} cannot be read", module.display()))?;
    fs::write(script, in_script(source, &names)?)?;
    fs::write(module, bytes).with_context(|| format!("{} cannot be written", module.display()))
}

/// Defines under its new name what the script defined under each old one.
fn in_script(mut source: String, names: &[(String, String)]) -> Result<String> {
    for (old, new) in names {
        let (old, new) = (format!(" {old}: "), format!(" {new}: "));
        if source.matches(&old).count() != 1 {
            bail!("the script does not define{old}once");
        }
        source = source.replace(&old, &new);
    }
    Ok(source)
}

/// The module with new names for its imports, and which name is which.
fn renamed(module: &[u8]) -> Option<(Vec<u8>, Names)> {
    let mut names = Vec::new();
    let mut rest = Reader(module);
    let mut result = rest.take(8)?.to_vec();
    while !rest.0.is_empty() {
        let id = rest.byte()?;
        let length = rest.number()?;
        let section = rest.take(length)?;
        result.push(id);
        if id == IMPORTS {
            let section = section_renamed(section, &mut names)?;
            put_number(&mut result, section.len());
            result.extend(section);
        } else {
            put_number(&mut result, length);
            result.extend(section);
        }
    }
    Some((result, names))
}

fn section_renamed(section: &[u8], names: &mut Names) -> Option<Vec<u8>> {
    let mut rest = Reader(section);
    let mut result = Vec::new();
    let count = rest.number()?;
    put_number(&mut result, count);
    for index in 0..count {
        let of = rest.text()?;
        let old = rest.text()?;
        if rest.byte()? != FUNCTION {
            return None;
        }
        let kind = rest.number()?;
        let new = format!("i{index}");
        put_text(&mut result, of);
        put_text(&mut result, &new);
        result.push(FUNCTION);
        put_number(&mut result, kind);
        names.push((old.to_owned(), new));
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module that imports two functions, of the types 1 and 0, and has a section of 200 bytes after that.
    fn module(names: [&str; 2]) -> Vec<u8> {
        let mut imports = vec![2];
        for (name, kind) in names.iter().zip([1, 0]) {
            put_text(&mut imports, "./c.js");
            put_text(&mut imports, name);
            imports.extend([FUNCTION, kind]);
        }
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        module.push(IMPORTS);
        put_number(&mut module, imports.len());
        module.extend(imports);
        module.push(11);
        put_number(&mut module, 200);
        module.extend([7; 200]);
        module
    }

    #[test]
    fn both_files_get_the_same_short_names() -> Result<()> {
        let long = ["__wbg_get_0123456789abcdef", "__wbg_set_fedcba9876543210"];
        let (short, names) = renamed(&module(long)).context("it is a module")?;
        assert_eq!(short, module(["i0", "i1"]));
        let script = "{ __wbg_set_fedcba9876543210: 1, __wbg_get_0123456789abcdef: 2 }".to_owned();
        assert_eq!(in_script(script, &names)?, "{ i1: 1, i0: 2 }");
        Ok(())
    }

    #[test]
    fn a_script_of_another_module_and_what_is_no_module_are_refused() {
        let names = [("__wbg_get".to_owned(), "i0".to_owned())];
        assert!(in_script("{ __wbg_other: 1 }".to_owned(), &names).is_err());
        assert!(renamed(b"<!doctype html>").is_none());
        let mut cut = module(["a", "b"]);
        cut.truncate(60);
        assert!(renamed(&cut).is_none());
    }
}
