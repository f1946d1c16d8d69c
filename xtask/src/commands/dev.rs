//! `cargo xtask dev`: change a file, see it.
//!
//! Trunk serves the console and reloads the page; it passes everything else on to a debug server
//! (the `[[proxy]]` lines of Trunk.toml), which is built and started anew when its sources change.

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::{bound_to_us, cargo, run as start, signal};
use crate::step::{Steps, say};
use crate::{fingerprint, flags, probe, project, tools};

/// Where Trunk.toml sends what is not the console's.
const SERVER: &str = "127.0.0.1:8081";

/// How often the server's sources are looked at.
const LOOK: Duration = Duration::from_millis(700);

/// Runs both until interrupted.
///
/// # Errors
/// When a tool is missing or one of the two cannot be started.
pub(crate) fn run(flags: &flags::Dev) -> Result<()> {
    let port = flags.port.unwrap_or(8080);
    let tools = Steps::default().take("set-up: tools of the console", tools::console)?;
    let mut console = serve_console(&tools, port)?;
    say(&format!(
        "console: http://127.0.0.1:{port} (reloads by itself); server: http://{SERVER}"
    ));
    let mut server = None;
    let mut built = None;
    loop {
        let sources = sources()?;
        if built != Some(sources) {
            built = Some(sources);
            stop(server.take());
            server = start_server();
        }
        if let Some(status) = console.try_wait()? {
            stop(server);
            anyhow::bail!("trunk ended with {status}; its output above says why");
        }
        probe::pause(LOOK);
    }
}

fn serve_console(tools: &tools::ConsoleTools, port: u16) -> Result<Child> {
    // Its own folder: `dist/` is for release builds, which the server embeds.
    let dist = project::scratch().join("dev-dist");
    let mut trunk = bound_to_us(&tools.trunk);
    trunk
        .current_dir(project::root())
        .env("PATH", &tools.path)
        .env_remove("NO_COLOR");
    trunk.args([
        "serve",
        "--cargo-profile",
        "dev",
        "--address",
        "127.0.0.1",
        "--port",
        &port.to_string(),
    ]);
    trunk
        .arg("--dist")
        .arg(dist)
        .spawn()
        .context("trunk could not be started")
}

/// Builds and starts the server; one that does not compile waits for the next change.
fn start_server() -> Option<Child> {
    say("server: building");
    if start(cargo().args(["build", "--package", "tenure-server"])).is_err() {
        say("server: does not build; waiting for a change");
        return None;
    }
    match spawn_server() {
        Ok(server) => Some(server),
        Err(error) => {
            say(&format!("server: {error:#}; waiting for a change"));
            None
        }
    }
}

fn spawn_server() -> Result<Child> {
    let data = project::root().join("data-demo");
    std::fs::create_dir_all(&data)?;
    let mut command: Command = bound_to_us(project::target().join("debug/tenure-server"));
    command
        .args(["serve", "--demo", "--database-url", "sqlite://tenure.db"])
        .current_dir(&data)
        .env("TENURE_LISTEN", SERVER);
    command.spawn().context("the server could not be started")
}

fn stop(server: Option<Child>) {
    if let Some(mut server) = server {
        signal("TERM", server.id());
        let _ = server.wait();
    }
}

/// The fingerprint of what the server is made from.
fn sources() -> Result<(u64, u64)> {
    let of = |folder: &str| {
        fingerprint::of(&project::root().join(folder), |path| {
            path.starts_with(Path::new("tests"))
        })
    };
    Ok((of("server")?, of("domain")?))
}
