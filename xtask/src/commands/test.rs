//! `cargo xtask test [ring…]`.

use anyhow::Result;

use crate::step::Steps;
use crate::{flags, rings};

/// Runs the rings and closes with how many tests passed.
///
/// # Errors
/// When a ring failed, could not run or ran no test.
pub(crate) fn run(flags: &flags::Test) -> Result<()> {
    let rings = rings::named(&flags.ring)?;
    let mut steps = Steps::default();
    let outcome = rings::run(&mut steps, &rings);
    steps.summary();
    outcome?;
    println!("{}", steps.counts());
    Ok(())
}
