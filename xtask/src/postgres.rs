//! A throw-away PostgreSQL for the tests: made in a second, gone with its owner.
//!
//! It trusts every local caller and does not flush to disk: fast, and worthless for data. Each
//! test makes its own database in it. It is stopped also when the tests fail, when this task is
//! interrupted (it shares our terminal) and when this task is killed (it is bound to us).

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{bound_to_us, is_root, on_path, read, signal};
use crate::temp::TempDir;
use crate::{probe, tools};

/// The user who may run the server when we are root, which PostgreSQL refuses to run as.
const SYSTEM_USER: &str = "postgres";

/// How long a fresh cluster may take to answer.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running cluster.
pub(crate) struct Cluster {
    server: Child,
    port: u16,
    // Dropped after the server has stopped.
    _folder: TempDir,
}

impl Cluster {
    /// Makes and starts a cluster on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When PostgreSQL is missing and cannot be installed, or does not start.
    pub(crate) fn start() -> Result<Self> {
        let programs = tools::postgres()?;
        let folder = TempDir::new("tenure-postgres")?;
        let data = folder.path().join("data");
        own(folder.path())?;
        read(
            as_system_user(&programs.join("initdb"))?
                .args([
                    "--auth=trust",
                    "--username=postgres",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                ])
                .arg("-D")
                .arg(&data)
                .current_dir(folder.path()),
        )?;
        let port = free_port()?;
        let server = spawn(&programs, &data, folder.path(), port)?;
        let mut cluster = Self {
            server,
            port,
            _folder: folder,
        };
        cluster.await_ready(&programs)?;
        Ok(cluster)
    }

    /// The address of a superuser, who may create databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn await_ready(&mut self, programs: &Path) -> Result<()> {
        let port = self.port.to_string();
        let outcome = probe::until(START_LIMIT, || {
            if let Ok(Some(status)) = self.server.try_wait() {
                return Some(Err(status));
            }
            let mut ask = Command::new(programs.join("pg_isready"));
            ask.args([
                "-q",
                "-h",
                "127.0.0.1",
                "-U",
                "postgres",
                "-d",
                "postgres",
                "-p",
                &port,
            ]);
            ask.status()
                .is_ok_and(|status| status.success())
                .then_some(Ok(()))
        });
        match outcome {
            Some(Ok(())) => Ok(()),
            Some(Err(status)) => {
                bail!("the throw-away PostgreSQL ended with {status}; its log above says why")
            }
            None => bail!(
                "the throw-away PostgreSQL does not answer on port {port}; is a firewall in the way?"
            ),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is its fast shutdown: it ends the sessions and leaves no process behind.
        signal("INT", self.server.id());
        let stopped = probe::until(Duration::from_secs(10), || {
            self.server.try_wait().ok().flatten()
        });
        if stopped.is_none() {
            let _ = self.server.kill();
            let _ = self.server.wait();
        }
    }
}

fn spawn(programs: &Path, data: &Path, sockets: &Path, port: u16) -> Result<Child> {
    let mut command = as_system_user(&programs.join("postgres"))?;
    command
        .arg("-D")
        .arg(data)
        .arg("-k")
        .arg(sockets)
        .args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=300",
        "shared_buffers=64MB",
        // A test that breaks a rule on purpose is no news.
        "log_min_messages=fatal",
        "log_min_error_statement=panic",
    ] {
        command.args(["-c", setting]);
    }
    command
        .current_dir(sockets)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command.spawn().context("PostgreSQL could not be started")
}

/// The program, run as somebody whom PostgreSQL accepts and bound to our life.
fn as_system_user(program: &Path) -> Result<Command> {
    if !is_root() {
        return Ok(bound_to_us(program));
    }
    let setpriv: PathBuf = on_path("setpriv").context(
        "install util-linux: as root, PostgreSQL needs its setpriv to run as another user",
    )?;
    let mut command = Command::new(setpriv);
    let user = format!("--reuid={SYSTEM_USER}");
    let group = format!("--regid={SYSTEM_USER}");
    command
        .args([&user, &group, "--init-groups", "--pdeathsig=INT", "--"])
        .arg(program);
    Ok(command)
}

/// Gives the folder to the user who will run the server.
fn own(folder: &Path) -> Result<()> {
    if is_root() {
        read(
            Command::new("chown")
                .arg(format!("{SYSTEM_USER}:"))
                .arg(folder),
        )
        .context("make a system user named postgres, or run the tests as another user than root")?;
    } else {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")
        .context("no free port on 127.0.0.1")?
        .local_addr()?
        .port())
}
