//! ChromeDriver as a child process, in a process group of its own together with its browsers.
//!
//! Killing the group ends every Chromium that the driver has started, also when a test panics.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::needs;

/// How long the driver may take to listen.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How often a driver is started: it looks for a port that is free by IPv6, and ends when somebody has the same one
/// by IPv4.
const STARTS: usize = 5;

/// A running ChromeDriver.
pub(super) struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    /// Starts a driver on a port that it chooses itself.
    ///
    /// # Errors
    /// When it is missing, says nothing for [`START_LIMIT`], or ends each time.
    pub(super) async fn start() -> Result<Self> {
        let mut said = String::new();
        for _ in 0..STARTS {
            match Self::start_once().await? {
                Ok(driver) => return Ok(driver),
                Err(last) => said = last,
            }
        }
        bail!("ChromeDriver ended each time: {said}")
    }

    /// A driver; or, when it ends, how it did.
    async fn start_once() -> Result<Result<Self, String>> {
        let program = needs::chromedriver()?;
        let mut child = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let output = child.stdout.take().context("the driver has no output")?;
        let mut driver = Self {
            child,
            url: String::new(),
        };
        let port = timeout(START_LIMIT, port_of(BufReader::new(output).lines()))
            .await
            .context("ChromeDriver does not say its port")?;
        match port? {
            Ok(port) => driver.url = format!("http://127.0.0.1:{port}"),
            Err(said) => return Ok(Err(format!("{}, {said}", driver.end().await?))),
        }
        Ok(Ok(driver))
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    async fn end(&mut self) -> Result<String> {
        let status = self.child.wait().await?;
        Ok(status
            .signal()
            .map_or_else(|| status.to_string(), |signal| format!("signal {signal}")))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = self
            .child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw);
        if let Some(group) = group {
            // It fails only when nothing of the group is left, which is what is wanted.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Reads until the driver says where it listens; when it ends first, what it said last.
async fn port_of(mut lines: Lines<BufReader<ChildStdout>>) -> Result<Result<u16, String>> {
    let mut said = String::new();
    while let Some(line) = lines.next_line().await? {
        let port = line.strip_prefix("ChromeDriver was started successfully on port ");
        if let Some(port) = port.and_then(|rest| rest.trim_end_matches('.').parse().ok()) {
            // Nobody reads on: the driver writes no more than this without --verbose.
            return Ok(Ok(port));
        }
        said = line;
    }
    Ok(Err(said))
}
