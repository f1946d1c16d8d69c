//! Says what is being done and how long it took, and keeps the list for the summary.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::counts::Counts;

/// The steps of one command, in the order in which they were taken.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Done>,
}

struct Done {
    name: String,
    took: Duration,
    counts: Option<Counts>,
    ok: bool,
}

impl Steps {
    /// Takes one step; prints its name first and its time after.
    ///
    /// # Errors
    /// Whatever the step fails with.
    pub(crate) fn take<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.timed(name, |_| None, work)
    }

    /// Takes a step that runs tests, and keeps how many.
    ///
    /// # Errors
    /// Whatever the step fails with.
    pub(crate) fn tests(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<Counts>,
    ) -> Result<Counts> {
        self.timed(name, |counts| Some(*counts), work)
    }

    fn timed<T>(
        &mut self,
        name: &str,
        count: impl FnOnce(&T) -> Option<Counts>,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        say(&format!("{name} …"));
        let start = Instant::now();
        let outcome = work();
        let took = start.elapsed();
        let word = if outcome.is_ok() {
            "done in"
        } else {
            "FAILED after"
        };
        say(&format!("{name}: {word} {}", seconds(took)));
        let counts = outcome.as_ref().ok().and_then(count);
        self.done.push(Done {
            name: name.to_owned(),
            took,
            counts,
            ok: outcome.is_ok(),
        });
        outcome
    }

    /// Prints every step with its time and tests, and the sum.
    pub(crate) fn summary(&self) {
        let width = self
            .done
            .iter()
            .map(|step| step.name.chars().count())
            .max()
            .unwrap_or(0)
            .max(5);
        println!();
        for step in &self.done {
            let tests = step
                .counts
                .map_or(String::new(), |counts| format!("  {counts}"));
            let mark = if step.ok { "ok  " } else { "FAIL" };
            println!(
                "{mark} {:width$}  {:>9}{tests}",
                step.name,
                seconds(step.took)
            );
        }
        let total: Duration = self.done.iter().map(|step| step.took).sum();
        println!("     {:width$}  {:>9}", "total", seconds(total));
    }

    /// The tests of all steps together.
    pub(crate) fn counts(&self) -> Counts {
        self.done.iter().filter_map(|step| step.counts).sum()
    }
}

/// Prints one line of the task's own, apart from what the tools print.
pub(crate) fn say(line: &str) {
    if std::io::stdout().is_terminal() {
        println!("\x1b[1m▸ {line}\x1b[0m");
    } else {
        println!("▸ {line}");
    }
}

/// A duration for people: tenths of a second up to ten minutes, then minutes too.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 600 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(seconds(Duration::from_millis(1250)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(605)), "10 min 05 s");
    }

    #[test]
    fn a_failed_step_passes_its_error_on() {
        let mut steps = Steps::default();
        let outcome: Result<()> = steps.take("sample", || anyhow::bail!("the remedy"));
        assert_eq!(
            outcome.map_err(|error| error.to_string()),
            Err("the remedy".to_owned())
        );
    }

    #[test]
    fn tests_of_several_steps_add_up() -> Result<()> {
        let mut steps = Steps::default();
        steps.tests("a", || {
            Ok(Counts {
                passed: 2,
                failed: 0,
                ignored: 0,
            })
        })?;
        steps.tests("b", || {
            Ok(Counts {
                passed: 3,
                failed: 0,
                ignored: 0,
            })
        })?;
        assert_eq!(steps.counts().passed, 5);
        Ok(())
    }
}
