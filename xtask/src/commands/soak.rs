//! `cargo xtask soak`: the long trials whole, which `ci` runs in short form.

use anyhow::Result;

use crate::console;
use crate::postgres::Cluster;
use crate::process::{cargo, count};
use crate::server::WITH_JOURNEYS;
use crate::step::Steps;

/// How often each trial kills, races or fuzzes.
const TRIALS: &str = "200";

/// Runs the server's test program `trials` in release.
///
/// # Errors
/// When a trial fails, or none was found.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    console::build(&mut steps)?;
    let cluster = steps.take("set-up: a throw-away PostgreSQL", Cluster::start)?;
    let counts = steps.tests("trials", || {
        let mut command = cargo();
        command.args(["test", "--release"]).args(WITH_JOURNEYS);
        command.args(["--test", "trials", "--", "--nocapture"]);
        command
            .env("TENURE_TRIALS", TRIALS)
            .env("TENURE_TEST_POSTGRES_URL", cluster.url());
        count(&mut command)
    });
    steps.summary();
    if counts?.passed == 0 {
        anyhow::bail!("no trial ran; server/tests/trials has none");
    }
    println!("{}", steps.counts());
    Ok(())
}
