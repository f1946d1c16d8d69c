//! The resident memory of the real program: when nobody calls, and under load.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    data::Data,
    load::{self, Load, Requests},
    verification::print,
};

const SECONDS: u64 = 10;

pub(crate) async fn measure(data: &Data) {
    let all = load::requests(data.size);
    let hot = Requests::new(all[..10_000].to_vec());
    let mut server = Command::new(env!("CARGO_BIN_EXE_tenure-server"))
        .arg("serve")
        .env("TENURE_DATABASE_URL", data.url())
        .env("TENURE_LISTEN", "127.0.0.1:0")
        .stderr(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let address = listening(&mut server);
    // Its jobs have all run once.
    tokio::time::sleep(Duration::from_secs(3)).await;
    report("memory, idle at 1 000 000 tokens", resident(&server), 60);
    for (what, requests) in [
        ("memory, under load of 10 000 tokens", hot),
        ("memory, under load of all 1 000 000 tokens", all),
    ] {
        let mut load = Load::on(address, &requests).await;
        // Every token has been verified before anything counts.
        load.run_each_once().await;
        let (mut most, mut slices) = (resident(&server), Vec::new());
        for _ in 0..SECONDS {
            slices.push(load.run(Duration::from_secs(1)).await);
            most = most.max(resident(&server));
        }
        report(what, most, 150);
        println!("  at its peak since the start: {} MB", peak(&server));
        print("  meanwhile", &slices);
    }
    server.kill().expect("it is stopped");
    server.wait().expect("it is gone");
}

fn report(what: &str, megabytes: u64, aim: u64) {
    let verdict = if megabytes <= aim {
        "reached"
    } else {
        "MISSED"
    };
    println!("{what}: {megabytes} MB, aim at most {aim} MB: {verdict}");
}

/// The resident set in MB.
fn resident(process: &Child) -> u64 {
    status(process, "VmRSS:")
}

/// The largest resident set that there ever was, in MB.
fn peak(process: &Child) -> u64 {
    status(process, "VmHWM:")
}

/// A line of a process' status, in MB (Linux).
fn status(process: &Child, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).expect("a status");
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.expect("a size").div_ceil(1_024)
}

fn listening(server: &mut Child) -> std::net::SocketAddr {
    let stdout = server.stdout.take().expect("piped");
    let mut lines = BufReader::new(stdout).lines();
    let address = lines.find_map(|line| {
        line.ok()?
            .strip_prefix("Tenure listens on http://")?
            .parse()
            .ok()
    });
    std::thread::spawn(move || lines.for_each(drop));
    address.expect("it says where it listens")
}
