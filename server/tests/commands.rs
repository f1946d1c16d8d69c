//! The program as an operator meets it: its commands, its exit codes, what it prints and what not.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
};

fn server(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenure-server"));
    command.current_dir(folder).env_clear();
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn run(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = server(folder);
    command.args(args).envs(variables.iter().copied());
    command.output().unwrap()
}

#[test]
fn check_config_says_what_it_read_and_where() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tenure.toml"), "log = 'json'\n").unwrap();
    let database = [("TENURE_DATABASE_URL", "postgres://tenure:hunter2@db/tenure")];
    let output = run(
        folder.path(),
        &["check-config", "--listen", "127.0.0.1:1"],
        &database,
    );
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}");
    for (key, value, origin) in [
        ("listen", "127.0.0.1:1", "a flag"),
        (
            "database_url",
            "postgres://tenure:***@db/tenure",
            "TENURE_DATABASE_URL",
        ),
        ("log", "json", "tenure.toml"),
        ("sweeper", "on", "the default"),
    ] {
        let line = said.lines().find(|line| line.starts_with(key)).expect(key);
        assert!(line.contains(value) && line.ends_with(origin), "{line}");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_wrong_configuration_names_the_key_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [("TENURE_LISTEN", "everywhere"), ("TENURE_SWEEPER", "maybe")];
    for command in ["check-config", "serve", "migrate"] {
        let output = run(folder.path(), &[command], &wrong);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        assert!(
            said.contains("listen") && said.contains("sweeper"),
            "{command}: {said}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn openapi_prints_the_document() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["openapi"], &[]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/verify"]["get"].is_object());
}

#[test]
fn the_first_start_prints_the_address_and_the_link_and_stops_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = server(folder.path())
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--public-url",
            "https://tenure.example",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    let first = line();
    let address = first
        .strip_prefix("Tenure listens on http://")
        .expect(&first)
        .to_owned();
    let second = line();
    let (_, secret) = second
        .split_once("https://tenure.example/setup#")
        .expect(&second);
    assert_eq!(secret.len(), 43, "{second}");

    let mut stream = TcpStream::connect(&address).unwrap();
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");

    let mode = |path: &str| {
        let path = folder.path().join(path);
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(mode("data"), 0o700);
    for file in ["data/tenure.db", "data/tenure.db-wal"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }

    let id = running.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = running.wait_with_output().unwrap();
    let log = text(&output.stderr);
    assert!(output.status.success(), "{log}");
    assert!(log.contains("stopping"), "{log}");
    assert!(log.contains("trusted_proxies is empty"), "{log}");
    assert!(!log.contains(secret), "the link's secret is in the log");
    assert!(folder.path().join("data/tenure.db").exists());
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(folder.path(), &["serve", "--listen", &address], &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains(&address), "{said}");
}
