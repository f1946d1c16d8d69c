//! The guide's table of what to do when a call fails is whole.

use std::{fs, path::Path};

use tenure_domain::problem::Kind;

#[test]
fn every_problem_has_its_next_step_in_the_guide() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/INTEGRATING.md");
    let guide = fs::read_to_string(file).expect("there is a guide");
    let rows: Vec<&str> = guide
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    let lacking: Vec<&str> = Kind::ALL
        .iter()
        .filter(|kind| {
            let (status, code) = (kind.status().to_string(), format!("`{}`", kind.code()));
            !rows
                .iter()
                .any(|row| row[..12].contains(&status) && row.contains(&code))
        })
        .map(|kind| kind.code())
        .collect();
    assert!(
        lacking.is_empty(),
        "docs/INTEGRATING.md does not say what to do about {lacking:?}"
    );
}
