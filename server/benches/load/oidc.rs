//! npm `oidc-provider` as a process beside this one, see `oidc.mjs`.

use std::{
    env,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use serde::Deserialize;

/// Where the package lies.
const PACKAGE: &str = "TENURE_OIDC_PROVIDER";

/// The server; it goes away with this.
pub(crate) struct Oidc {
    pub(crate) address: SocketAddr,
    /// Of introspection.
    pub(crate) path: String,
    /// Access tokens that work.
    pub(crate) tokens: Vec<String>,
    process: Child,
}

#[derive(Deserialize)]
struct Started {
    port: u16,
    path: String,
    tokens: Vec<String>,
}

impl Oidc {
    /// Starts it, with this client.
    pub(crate) async fn start((id, secret): &(String, String)) -> Self {
        let package = env::var(PACKAGE).unwrap_or_else(|_| {
            panic!(
                "{PACKAGE} names the folder of npm's oidc-provider; `cargo xtask bench load` fetches it \
                 and sets that"
            )
        });
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/load/oidc.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .env("NODE_ENV", "production")
            .env(PACKAGE, package)
            .env("TENURE_CLIENT_ID", id)
            .env("TENURE_CLIENT_SECRET", secret)
            // It ends when this does.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts (on Debian: apt-get install nodejs)");
        let stdout = process.stdout.take().expect("piped");
        let started = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line).expect("a line");
            line
        });
        let line = started.await.expect("read");
        let started: Started = serde_json::from_str(&line).expect("it says where it listens");
        Self {
            address: ([127, 0, 0, 1], started.port).into(),
            path: started.path,
            tokens: started.tokens,
            process,
        }
    }
}

impl Drop for Oidc {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
