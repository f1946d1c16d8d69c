//! The shape of the project, held by tests: layering, who may name what, parity, the map.
//!
//! Each check is a pure function from texts to complaints, so that it is itself tested on small
//! wrong samples; the test on the real tree stands beside it. A complaint says what to do.
//! What a compiler or clippy can hold is not here.

mod files;
mod layering;
mod links;
mod map;
mod migrations;
mod names;
mod sources;

/// Fails with every complaint at once, so that one run is enough to mend them all.
#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
