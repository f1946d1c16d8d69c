//! `cargo xtask run`: from a fresh clone to a page that signs in.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::process::{bound_to_us, signal};
use crate::step::{Steps, say, seconds};
use crate::{flags, probe, project, server};

/// The port of interfaces that clients and docs name.
const DEFAULT_PORT: u16 = 8080;

/// How long a started server may take until it can serve; sample data is made in this time too.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// Builds what is missing, starts the server and stays until it ends.
///
/// # Errors
/// When the port is taken, a build fails, or the server does not get ready or ends with an error.
pub(crate) fn run(flags: &flags::Run) -> Result<()> {
    let start = Instant::now();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, flags.port.unwrap_or(DEFAULT_PORT)));
    // Asked before the build: nobody should wait for minutes to learn this.
    ensure_free(address)?;
    let data = data_folder(flags)?;
    let program = server::build(&mut Steps::default())?;

    let signals = Signals::new([SIGINT, SIGTERM]).context("signals cannot be received")?;
    let mut server = spawn(&program, address, &data, flags.demo)?;
    forward(signals, server.id());
    await_ready(&mut server, address)?;
    say(&format!("ready after {}", seconds(start.elapsed())));
    greet(address, &data, flags.demo);
    finished(server.wait().context("the server was lost")?)
}

fn ensure_free(address: SocketAddr) -> Result<()> {
    let port = address.port();
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) => bail!(
            "port {port} cannot be used ({error}); stop the program that has it, or choose another with `--port {}`",
            port.saturating_add(1)
        ),
    }
}

/// The data folder as an absolute path, made when it is missing.
fn data_folder(flags: &flags::Run) -> Result<PathBuf> {
    let folder = match &flags.data {
        Some(dir) => std::path::absolute(dir)?,
        None => project::root().join(if flags.demo { "data-demo" } else { "data" }),
    };
    fs::create_dir_all(&folder).with_context(|| {
        format!(
            "the data folder {} cannot be made; choose another with `--data DIR`",
            folder.display()
        )
    })?;
    Ok(folder)
}

fn spawn(program: &Path, address: SocketAddr, data: &Path, demo: bool) -> Result<Child> {
    let mut command = bound_to_us(program);
    command
        .arg("serve")
        .args(demo.then_some("--demo"))
        .args(["--database-url", &sqlite_url(&data.join("tenure.db"))])
        .current_dir(data);
    command.env("TENURE_LISTEN", address.to_string());
    command
        .spawn()
        .with_context(|| format!("{} could not be started", program.display()))
}

/// The address of a database file; what has a meaning in an address is escaped.
fn sqlite_url(file: &Path) -> String {
    let path = file
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    format!("sqlite://{path}")
}

/// Hands every SIGINT and SIGTERM on as SIGTERM, which drains the server; we end when it has.
fn forward(mut signals: Signals, server: u32) {
    std::thread::spawn(move || {
        for _ in signals.forever() {
            signal("TERM", server);
        }
    });
}

fn await_ready(server: &mut Child, address: SocketAddr) -> Result<()> {
    let outcome = probe::until(READY_LIMIT, || {
        if let Ok(Some(status)) = server.try_wait() {
            return Some(Err(status));
        }
        (probe::status(address, "/readyz") == Some(200)).then_some(Ok(()))
    });
    match outcome {
        Some(Ok(())) => Ok(()),
        Some(Err(status)) => {
            bail!("the server ended with {status} before it was ready; its output above says why")
        }
        None => {
            let last = probe::status(address, "/readyz");
            let _ = server.kill();
            let _ = server.wait();
            let said = last.map_or("nothing".to_owned(), |status| format!("status {status}"));
            bail!(
                "the server was not ready within {}: http://{address}/readyz answers {said}; its output above says why",
                seconds(READY_LIMIT)
            )
        }
    }
}

/// Says where it is; who may sign in stands in the server's own words above.
fn greet(address: SocketAddr, data: &Path, demo: bool) {
    let sign_in = if demo {
        "with a sample account named above"
    } else {
        "at the first start with the setup link above, later with the account made there"
    };
    println!("\n    Tenure    http://{address}");
    println!("    Sign in   {sign_in}");
    println!("    Data      {}", data.display());
    println!("    Stop      Ctrl-C\n");
}

/// A server that we stopped ended well; all else is an error.
fn finished(status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("the server ended with {status}; its output above says why");
    }
    say("the server has stopped");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_address_escapes_what_would_end_the_path() {
        assert_eq!(
            sqlite_url(Path::new("/a b/50%?#/t.db")),
            "sqlite:///a b/50%25%3F%23/t.db"
        );
    }

    #[test]
    fn a_taken_port_is_told_with_another_one() -> Result<()> {
        let holder = TcpListener::bind("127.0.0.1:0")?;
        let outcome = ensure_free(holder.local_addr()?).map_err(|error| error.to_string());
        assert!(outcome.is_err_and(|text| text.contains("--port")));
        Ok(())
    }

    #[test]
    fn a_server_that_ends_before_it_is_ready_is_an_error() -> Result<()> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut server = std::process::Command::new("false").spawn()?;
        let outcome = await_ready(&mut server, address).map_err(|error| error.to_string());
        assert!(outcome.is_err_and(|text| text.contains("before it was ready")));
        Ok(())
    }
}
