//! A calendar program's reader understands what the server writes, with names that need escaping and folding.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::Value;
use tenure_domain::time::Timestamp;
use tenure_server::ics::{Moment, document};

use crate::program::needed;

fn understood(calendar: &str) -> Value {
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/integrations/calendar.mjs"
    );
    let mut process = Command::new(needed("TENURE_NODE"))
        .arg(script)
        .env("TENURE_ICAL_JS", needed("TENURE_ICAL_JS"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut input = process.stdin.take().expect("it is piped");
    input.write_all(calendar.as_bytes()).expect("it reads");
    drop(input);
    let output = process.wait_with_output().expect("it ends");
    assert!(output.status.success(), "it cannot be read:\n{calendar}");
    serde_json::from_slice(&output.stdout).expect("it writes JSON")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[test]
fn a_calendar_programs_reader_understands_every_event() {
    let names = [
        "ci-runner".to_owned(),
        "a; b, c: \"d\" \\n \\".to_owned(),
        "ä".repeat(100),
        "🦀 ".repeat(40).trim().to_owned(),
        "BEGIN:VEVENT".to_owned(),
    ];
    let moments: Vec<Moment> = names
        .iter()
        .enumerate()
        .map(|(number, name)| Moment {
            uid: format!("token-{number}@tenure.example"),
            at: at("2026-03-29T01:30:00.999Z"),
            summary: format!("Token {name} stops working"),
            description: format!("One line of {name}.\nAnother, with a \\ at its end\\"),
            url: "https://tenure.example/settings/api-access".to_owned(),
            modified_at: at("2026-02-20T09:00:00.000Z"),
        })
        .collect();
    let read = understood(&document("Tokens of A, B; C", &moments));
    assert_eq!(read["version"], "2.0");
    assert_eq!(read["name"], "Tokens of A, B; C");
    assert_eq!(read["product"], "-//Tenure//Token expiries//EN");
    let events = read["events"].as_array().expect("events");
    assert_eq!(events.len(), moments.len());
    for (event, moment) in events.iter().zip(&moments) {
        assert_eq!(event["uid"], moment.uid.as_str());
        assert_eq!(event["summary"], moment.summary.as_str());
        assert_eq!(event["description"], moment.description.as_str());
        assert_eq!(event["url"], moment.url.as_str());
        assert_eq!(
            event["start"], "2026-03-29T01:30:00.000Z",
            "cut, never later"
        );
        assert_eq!(event["zone"], "UTC");
        assert_eq!(event["stamp"], "2026-02-20T09:00:00.000Z");
        assert_eq!(event["alarms"], serde_json::json!([-7 * 24 * 60 * 60]));
        assert_eq!(event["sequence"], 193_741_200);
    }
}

#[test]
fn a_calendar_without_events_is_one() {
    let read = understood(&document("My tokens", &[]));
    assert_eq!(read["events"], serde_json::json!([]));
}
