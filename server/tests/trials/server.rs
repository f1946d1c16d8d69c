//! The real program as a process of its own.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::http::Connection;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tenure-server");

/// How long a server may take from its start until it is ready.
pub(crate) const READY_WITHIN: Duration = Duration::from_secs(2);

/// A running server.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
    /// From its start until `/readyz` said so.
    pub(crate) ready_after: Duration,
}

/// The program with the database in this folder, and nothing else of this machine's.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .env_clear()
        .current_dir(folder)
        .env(
            "TENURE_DATABASE_URL",
            format!("sqlite://{}/tenure.db", folder.display()),
        )
        .env("TENURE_LISTEN", "127.0.0.1:0")
        .env("RUST_LOG", "warn")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    command
}

/// Runs a command to its end: whether it succeeded, and what it printed.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: &str) -> (bool, String) {
    let mut process = program(folder)
        .args(arguments)
        .spawn()
        .expect("the program starts");
    let mut stdin = process.stdin.take().expect("its input is piped");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    let output = process.wait_with_output().expect("it ends");
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

impl Server {
    /// Starts the server and waits until it is ready.
    pub(crate) async fn start(folder: &Path) -> Self {
        let started = Instant::now();
        let mut process = program(folder)
            .arg("serve")
            .spawn()
            .expect("the program starts");
        let address = listening(&mut process).expect("it says where it listens");
        while !is_ready(address).await {
            assert!(
                started.elapsed() < 5 * READY_WITHIN,
                "the server does not become ready"
            );
            tokio::task::yield_now().await;
        }
        Self {
            process,
            address,
            ready_after: started.elapsed(),
        }
    }

    /// `kill -9`: the process ends where it stands.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it is gone");
    }
}

/// A trial that fails leaves nothing running.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address in the line by which the server says that it listens.
fn listening(process: &mut Child) -> io::Result<SocketAddr> {
    let stdout = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut lines = BufReader::new(stdout).lines();
    let address = loop {
        let line = lines.next().ok_or(io::ErrorKind::UnexpectedEof)??;
        if let Some(address) = line.strip_prefix("Tenure listens on http://") {
            break address.parse().map_err(io::Error::other)?;
        }
    };
    // Whatever else it prints is read, or its pipe would fill.
    std::thread::spawn(move || lines.for_each(drop));
    Ok(address)
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut connection) = Connection::open(address).await else {
        return false;
    };
    let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    matches!(connection.status(request).await, Ok(200))
}
