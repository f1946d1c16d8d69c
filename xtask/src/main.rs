//! The project's only scripts, as `cargo xtask <command>`.
//!
//! Each command does its own set-up, says what it does and how long it took, and fails with one
//! sentence that names the remedy. Here lives only the dispatch; a command is a file in
//! `commands`, what they share are the modules beside it. Nothing here depends on the rest of the
//! workspace, so that a broken server or console never breaks the tools that mend it.

mod commands;
mod console;
mod counts;
mod failures;
mod fingerprint;
mod flags;
mod parts;
mod postgres;
mod probe;
mod process;
mod project;
mod rings;
mod server;
mod shrink;
mod size;
mod step;
mod temp;
mod tools;
mod wasm;

use std::process::ExitCode;

use flags::{Xtask, XtaskCmd};

fn main() -> ExitCode {
    let outcome = match Xtask::from_env_or_exit().subcommand {
        XtaskCmd::Run(flags) => commands::run::run(&flags),
        XtaskCmd::Test(flags) => commands::test::run(&flags),
        XtaskCmd::Ci(_) => commands::ci::run(),
        XtaskCmd::Dev(flags) => commands::dev::run(&flags),
        XtaskCmd::Dist(_) => commands::dist::run(),
        XtaskCmd::Bench(flags) => commands::bench::run(&flags),
        XtaskCmd::Soak(_) => commands::soak::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
