//! What the project promises of its speed and size, each measured as a ratio within one run, because
//! machines differ and days do:
//!
//! - verification of a bearer token by `/verify`, over 64 kept connections, at 1 000 000 tokens in
//!   SQLite, against a handler that does nothing, in the same process;
//! - the same while what it sees is counted, against while nothing is;
//! - introspection of a token in the same way, and against npm `oidc-provider` with its store in memory;
//! - a policy change at 1 000 000 tokens against one at 1 000, and the rows that each writes;
//! - the preview of a policy at 1 000 000 tokens against 1 000;
//! - the list of a plan's 1 000 000 tokens, each filter in each order, on SQLite and PostgreSQL;
//! - auth health over 90 days of counts, on both;
//! - the first page of API Access at 1 000 000 tokens against 1 000;
//! - the memory of the real program, idle and under that load.
//!
//! The load generator shares the process and its cores with what it measures, on both sides alike.
//! `TENURE_BENCH_SECONDS` says how long each verification and introspection is measured (20).

mod changes;
mod counting;
mod data;
mod engines;
mod health;
#[path = "../../tests/trials/http.rs"]
#[allow(dead_code, reason = "the trials use more of it")]
mod http;
mod introspection;
mod inventory;
mod load;
mod memory;
mod numbers;
mod oidc;
mod pages;
mod previews;
mod serving;
mod verification;

use std::env;

use data::Data;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Many tokens, and few.
const MANY: usize = 1_000_000;
const FEW: usize = 1_000;

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    // `cargo bench` adds `--bench`; other arguments choose among the measures.
    let wanted: Vec<String> = env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    if wants("inventory") {
        inventory::measure().await;
    }
    if wants("health") {
        health::measure().await;
    }
    if !wanted.is_empty() && wanted.iter().all(|it| it == "inventory" || it == "health") {
        return;
    }
    let (many, few) = (Data::of(MANY).await, Data::of(FEW).await);
    if wants("verify") {
        verification::measure(&many).await;
    }
    if wants("counting") {
        counting::measure(&many).await;
    }
    if wants("introspect") {
        introspection::measure(&many).await;
    }
    if wants("memory") {
        memory::measure(&many).await;
    }
    if wants("page") {
        pages::measure(&many, &few).await;
    }
    if wants("impact") {
        previews::measure(&many, &few).await;
    }
    // Last, because it ends most tokens.
    if wants("policy") {
        changes::measure(&many, &few).await;
    }
}
