//! Both engines take the same steps: same numbers, same names.

use std::collections::BTreeSet;
use std::fs;

use crate::none;
use crate::sources::root;

fn complaints(sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (has, lacks, files) in [
        ("sqlite", "postgres", sqlite.difference(postgres)),
        ("postgres", "sqlite", postgres.difference(sqlite)),
    ] {
        for file in files {
            found.push(format!(
                "server/migrations/{has}/{file} has no twin: add server/migrations/{lacks}/{file}, even if it only says why it is empty"
            ));
        }
    }
    let numbers: Vec<&str> = sqlite
        .iter()
        .filter_map(|file| file.split('_').next())
        .collect();
    for pair in numbers.windows(2).filter(|pair| pair[0] == pair[1]) {
        found.push(format!(
            "the number {} is taken twice: give the later migration the next free one",
            pair[0]
        ));
    }
    found
}

fn read(engine: &str) -> BTreeSet<String> {
    let folder = root().join("server/migrations").join(engine);
    let files = fs::read_dir(&folder).unwrap_or_else(|_| panic!("{} is missing", folder.display()));
    let names = files
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".sql")).collect()
}

#[test]
fn migrations_come_in_pairs() {
    let sqlite = read("sqlite");
    assert!(
        !sqlite.is_empty(),
        "server/migrations/sqlite is empty: the server has no tables"
    );
    none(&complaints(&sqlite, &read("postgres")));
}

#[test]
fn the_checker_sees_what_is_missing_and_what_is_double() {
    let set = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        complaints(&set(&["0001_a.sql", "0002_b.sql"]), &set(&["0001_a.sql"])).len(),
        1
    );
    assert_eq!(
        complaints(&set(&["0001_a.sql"]), &set(&["0001_other.sql"])).len(),
        2
    );
    let double = set(&["0001_a.sql", "0001_b.sql"]);
    assert_eq!(complaints(&double, &double).len(), 1);
    let right = set(&["0001_a.sql", "0002_b.sql"]);
    assert!(complaints(&right, &right).is_empty());
}
