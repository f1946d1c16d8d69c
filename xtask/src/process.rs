//! Running other programs: plain, read, or watched for the tests they count.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::{env, io};

use anyhow::{Context, Result, bail};

use crate::counts::Counts;
use crate::failures::Failures;
use crate::project;

/// The cargo that started this task, so that a chosen toolchain stays chosen.
pub(crate) fn cargo() -> Command {
    let mut command = unmarked(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(project::root());
    command
}

/// A program that does not see what `cargo run` told this task of itself.
///
/// Some build scripts watch such variables: if they leaked, every change between `cargo xtask`
/// and plain `cargo` would compile half of the server anew.
pub(crate) fn unmarked(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_mark) {
            command.env_remove(name);
        }
    }
    command
}

/// Is this one of the variables that cargo sets for a program that it runs?
fn is_mark(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// Runs a program with its output on ours.
///
/// # Errors
/// When it cannot be started or exits with another status than 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    if !status.success() {
        bail!(
            "`{}` ended with {status}; its output above says why",
            line(command)
        );
    }
    Ok(())
}

/// Runs a program and returns what it wrote to its standard output.
///
/// # Errors
/// When it cannot be started or exits with another status than 0; its standard error is quoted.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` ended with {}: {}",
            line(command),
            output.status,
            reason.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a test runner with its output on ours, and counts the tests that it reports.
///
/// # Errors
/// When it cannot be started or exits with another status than 0; says again what failed.
pub(crate) fn count(command: &mut Command) -> Result<Counts> {
    let shown = line(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{shown}` could not be started"))?;
    let mut counts = Vec::new();
    let mut failures = Failures::default();
    if let Some(stdout) = child.stdout.take() {
        for text in BufReader::new(stdout).split(b'\n') {
            let text = String::from_utf8_lossy(&text.context("its output could not be read")?)
                .into_owned();
            println!("{text}");
            counts.extend(Counts::read(&text));
            failures.read(&text);
        }
    }
    let status = child
        .wait()
        .with_context(|| format!("`{shown}` was lost"))?;
    let counts: Counts = counts.into_iter().sum();
    if !status.success() {
        bail!(
            "`{shown}` ended with {status} ({counts}){}",
            failures.text()
        );
    }
    Ok(counts)
}

/// The program's path, when it is an executable file on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| is_executable(file))
}

/// Is this a file that this user may run?
pub(crate) fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// PATH with these folders in front, so that a pinned tool wins over another version of it.
///
/// # Errors
/// When a folder's name holds the character that separates folders.
pub(crate) fn path_with<'a>(
    front: impl IntoIterator<Item = &'a Path>,
) -> Result<std::ffi::OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = front
        .into_iter()
        .map(Path::to_path_buf)
        .chain(env::split_paths(&old));
    env::join_paths(all)
        .context("the tools' folder has a `:` in its name; set XDG_CACHE_HOME to another one")
}

/// A program that is told to stop when this task is killed, so that nothing outlives it.
///
/// Uses util-linux where it is; elsewhere the program is started as it is.
pub(crate) fn bound_to_us(program: impl AsRef<OsStr>) -> Command {
    match on_path("setpriv") {
        Some(setpriv) => {
            let mut command = unmarked(setpriv);
            command.args(["--pdeathsig", "TERM", "--"]).arg(program);
            command
        }
        None => unmarked(program),
    }
}

/// Is this user root? (Asked of the system, since the name may differ.)
pub(crate) fn is_root() -> bool {
    read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Sends a signal by its name (`TERM`, `INT`) to one process; no more than a try, since it may be
/// gone already.
pub(crate) fn signal(name: &str, pid: u32) {
    let _ = kill(&format!("-{name}"), pid);
}

/// Does this process exist?
pub(crate) fn is_alive(pid: u32) -> bool {
    kill("-0", pid).is_ok_and(|status| status.success())
}

fn kill(signal: &str, pid: u32) -> io::Result<ExitStatus> {
    Command::new("kill")
        .args([signal, &pid.to_string()])
        .stderr(Stdio::null())
        .status()
}

/// The command line as a person would type it.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let words = std::iter::once(name).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let message = run(&mut Command::new("false")).map_err(|error| error.to_string());
        assert!(message.is_err_and(|text| text.starts_with("`false` ended with")));
    }

    #[test]
    fn tests_are_counted_over_all_binaries_of_a_run() -> Result<()> {
        let script = "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'; echo noise; \
                      echo 'test result: ok. 3 passed; 0 failed; 0 ignored'";
        let counts = count(Command::new("sh").args(["-c", script]))?;
        assert_eq!(
            counts,
            Counts {
                passed: 5,
                failed: 0,
                ignored: 0
            }
        );
        Ok(())
    }

    #[test]
    fn a_failing_runner_is_an_error_that_says_what_failed() {
        let script = "echo 'failures:'; echo 'the reason'; \
                      echo 'test result: FAILED. 0 passed; 1 failed; 0 ignored'; exit 1";
        let message =
            count(Command::new("sh").args(["-c", script])).map_err(|error| error.to_string());
        assert!(message.is_err_and(|text| text.ends_with("(0 passed, 1 failed)\n    the reason")));
    }

    #[test]
    fn what_cargo_says_of_this_task_is_kept_from_others() -> Result<()> {
        // The tests are run by cargo too, so the variable is there to be kept back.
        assert!(env::var_os("CARGO_MANIFEST_DIR").is_some());
        let seen = read(unmarked("sh").args(["-c", "echo \"${CARGO_MANIFEST_DIR-none}\""]))?;
        assert_eq!(seen.trim(), "none");
        assert!(is_mark("CARGO_PKG_NAME") && !is_mark("CARGO_HOME"));
        Ok(())
    }

    #[test]
    fn what_is_not_on_the_path_is_not_found() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }
}
