//! Medians, percentiles, and how a measure is printed beside its aim.

use std::{fs, time::Duration};

/// The value below which this share of them lies.
pub(crate) fn percentile<T: Copy + PartialOrd>(values: &mut [T], share: f64) -> T {
    values.sort_by(|left, right| left.partial_cmp(right).expect("no NaN"));
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index into a list of measures"
    )]
    let index = ((values.len() - 1) as f64 * share).round() as usize;
    values[index]
}

pub(crate) fn median<T: Copy + PartialOrd>(values: &mut [T]) -> T {
    percentile(values, 0.5)
}

/// A ratio, how far it spread, and whether it reaches its aim.
pub(crate) fn report(what: &str, ratios: &mut [f64], aim: &str, reached: impl Fn(f64) -> bool) {
    let middle = median(ratios);
    let (low, high) = (percentile(ratios, 0.0), percentile(ratios, 1.0));
    let verdict = if reached(middle) { "reached" } else { "MISSED" };
    println!("{what}: ratio {middle:.2} ({low:.2} to {high:.2}), aim {aim}: {verdict}");
}

/// A ratio that has no aim of its own, and how far it spread.
pub(crate) fn spread(what: &str, ratios: &mut [f64]) {
    let middle = median(ratios);
    let (low, high) = (percentile(ratios, 0.0), percentile(ratios, 1.0));
    println!("{what}: ratio {middle:.2} ({low:.2} to {high:.2})");
}

pub(crate) fn micros(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1_000.0)
}

/// The processor time that this process has taken so far (Linux counts it in hundredths of a second).
pub(crate) fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("a status");
    // The name in brackets may hold anything; the numbers follow it.
    let numbers = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = numbers
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().expect("a number"))
        .sum();
    Duration::from_millis(ticks * 10)
}
