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
    numbers::median,
};

const LOAD: Duration = Duration::from_secs(10);

pub(crate) async fn measure(data: &Data) {
    let all = load::requests(data.size);
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
        (
            "memory, under load of 10 000 tokens",
            Requests::new(all[..10_000].to_vec()),
        ),
        ("memory, under load of all 1 000 000 tokens", all),
    ] {
        let mut load = Load::on(address, &requests).await;
        let (mut most, mut rates) = (0, Vec::new());
        for _ in 0..LOAD.as_secs() {
            rates.push(load.run(Duration::from_secs(1)).await.per_second);
            most = most.max(resident(&server));
        }
        report(what, most, 150);
        println!("  at {:.0}/s", median(&mut rates));
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

/// The resident set in MB (Linux).
fn resident(process: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).expect("a status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.expect("a resident set").div_ceil(1_024)
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
