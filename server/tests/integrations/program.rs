//! Programs of this machine as throw-away processes, and the files of the guide with a test's addresses.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Read},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU16, Ordering},
        mpsc,
    },
    time::Duration,
};

/// How long a program may take until it is ready: far more than any needs.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// The program that this variable names.
pub(crate) fn needed(variable: &str) -> PathBuf {
    let path = env::var_os(variable).map(PathBuf::from);
    path.filter(|path| path.exists()).unwrap_or_else(|| {
        panic!("{variable} names nothing; run `cargo xtask test integrations`, which sets it")
    })
}

/// A file of the guide with other addresses. Each must be in it, or the file and its test have parted.
pub(crate) fn of_the_guide(name: &str, addresses: &[(&str, SocketAddr)]) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/integrating");
    let mut text = fs::read_to_string(guide.join(name)).expect("the guide has this file");
    for (written, real) in addresses {
        assert!(text.contains(written), "{name} does not name {written}");
        text = text.replace(written, &real.to_string());
    }
    text
}

/// The first of the ports that tests give to programs which cannot choose one themselves. Whoever asks
/// the system for any port gets a higher one, so nobody takes these in between.
const FIRST_PORT: u16 = 20_000;

/// An address that is free, and that no other test of this process is given.
pub(crate) fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(FIRST_PORT);
    let mut ports = std::iter::repeat_with(|| NEXT.fetch_add(1, Ordering::Relaxed)).take(5_000);
    let free = ports.find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    let listener = free.expect("a port is free");
    listener.local_addr().expect("it has an address")
}

/// A running program, which ends with its test.
pub(crate) struct Program(Child);

impl Program {
    /// Starts it and waits until it prints a line with this text, on the one or the other output; that line.
    pub(crate) fn start(command: &mut Command, ready: &str) -> (Self, String) {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut program = Self(child.expect("the program starts"));
        let (said, hears) = mpsc::channel();
        if let (Some(out), Some(err)) = (program.0.stdout.take(), program.0.stderr.take()) {
            read(out, said.clone());
            read(err, said);
        }
        let mut lines: Vec<String> = Vec::new();
        loop {
            let Ok(line) = hears.recv_timeout(READY_WITHIN) else {
                panic!("it ended or hangs, after it said:\n{}", lines.join("\n"));
            };
            if line.contains(ready) {
                return (program, line);
            }
            lines.push(line);
        }
    }
}

/// Whatever it prints is read to its end, or its pipe would fill.
fn read(output: impl Read + Send + 'static, said: mpsc::Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let _ = said.send(line);
        }
    });
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
