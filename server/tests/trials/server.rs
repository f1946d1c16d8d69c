//! The real program as a process of its own.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crate::http::Connection;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tenure-server");

/// How long a server may take from its start until it is ready.
pub(crate) const READY_WITHIN: Duration = Duration::from_secs(2);

/// A running server.
pub(crate) struct Server {
    process: Child,
    /// Reads what it prints, until it ends.
    printed: Option<JoinHandle<()>>,
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
        Self::launch(program(folder), io::sink()).await
    }

    /// The same, with these variables.
    pub(crate) async fn start_with(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = program(folder);
        command.envs(variables.iter().copied());
        Self::launch(command, io::sink()).await
    }

    /// The same, as talkative as it gets: all that it logs and prints is in files in `logs`.
    pub(crate) async fn start_talkative(folder: &Path, logs: &Path) -> Self {
        let mut command = program(folder);
        let errors = File::create(logs.join("stderr")).expect("a file");
        command
            .env("TENURE_LOG", "json")
            .env("RUST_LOG", "debug,tenure_server=trace,tenure_domain=trace")
            .stderr(errors);
        let printed = File::create(logs.join("stdout")).expect("a file");
        Self::launch(command, printed).await
    }

    async fn launch(mut command: Command, printed: impl Write + Send + 'static) -> Self {
        let started = Instant::now();
        let mut process = command.arg("serve").spawn().expect("the program starts");
        let (address, printed) =
            listening(&mut process, printed).expect("it says where it listens");
        while !is_ready(address).await {
            assert!(
                started.elapsed() < 5 * READY_WITHIN,
                "the server does not become ready"
            );
            tokio::task::yield_now().await;
        }
        Self {
            process,
            printed: Some(printed),
            address,
            ready_after: started.elapsed(),
        }
    }

    /// `kill -9`: the process ends where it stands.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it is gone");
    }

    /// `kill -TERM`: the process ends in order, and nothing that it printed is still on its way.
    pub(crate) fn stop(mut self) {
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.expect("kill runs").success());
        let ended = self.process.wait().expect("it is gone");
        assert!(ended.success(), "it ended with {ended}");
        if let Some(printed) = self.printed.take() {
            printed.join().expect("it was read");
        }
    }
}

/// A trial that fails leaves nothing running.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address in the line by which the server says that it listens, and who writes down what it prints.
fn listening(
    process: &mut Child,
    mut printed: impl Write + Send + 'static,
) -> io::Result<(SocketAddr, JoinHandle<()>)> {
    let stdout = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut stdout = BufReader::new(stdout);
    let mut line = String::new();
    let address = loop {
        line.clear();
        if stdout.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        printed.write_all(line.as_bytes())?;
        if let Some(address) = line.trim_end().strip_prefix("Tenure listens on http://") {
            break address.parse().map_err(io::Error::other)?;
        }
    };
    // Whatever else it prints is read, or its pipe would fill.
    let reader = std::thread::spawn(move || {
        io::copy(&mut stdout, &mut printed).expect("what it prints is kept");
    });
    Ok((address, reader))
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut connection) = Connection::open(address).await else {
        return false;
    };
    let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    matches!(connection.status(request).await, Ok(200))
}
