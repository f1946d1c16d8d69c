//! The proof that no statement is known to one engine alone, and no SQL is written elsewhere.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tenure_server::store::{self, Engine};

use crate::{scenarios, support};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_runs_on_both_engines() {
    for engine in Engine::ALL {
        for (_, scenario) in scenarios() {
            support::run(engine, scenario).await;
        }
    }
    let not_run: Vec<_> = store::statements()
        .flat_map(|statement| Engine::ALL.map(|engine| (statement, engine)))
        .filter(|(statement, engine)| !statement.has_run_on(*engine))
        .map(|(statement, engine)| format!("{} on {engine:?}", statement.name()))
        .collect();
    assert_eq!(not_run, [""; 0], "statements that no scenario runs");
    assert!(
        store::statements().count() > 30,
        "the list of statements is too short to be whole"
    );
}

/// A statement that does not go through `statements!` would escape the proof above.
#[test]
fn no_sql_is_run_past_the_list() {
    // Opening a database, and copying a whole SQLite database, which PostgreSQL cannot do.
    let exempt = ["db.rs", "migrations.rs", "backup.rs"];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut modules = 0;
    for path in sources(&folder) {
        let name = path.strip_prefix(&folder).expect("inside the folder");
        let name = name.to_str().expect("plain names");
        if exempt.contains(&name) {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file");
        for call in ["sqlx::query", "sqlx::raw_sql", "QueryBuilder", ".fetch_"] {
            assert!(!text.contains(call), "{name} calls {call}");
        }
        // A module with statements is in the list that `store::statements` goes through.
        if text.contains("statements! {") && name != "statement.rs" {
            let module = name.trim_end_matches(".rs").trim_end_matches("/mod");
            let module = module.replace('/', "::");
            let listed = store::statements().any(|s| s.name().contains(&format!("::{module}::")));
            assert!(listed, "store::statements leaves {module} out");
            modules += 1;
        }
    }
    assert!(modules >= 8, "only {modules} modules were looked at");
}

/// Every file in the folder and in those within it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        })
        .collect()
}
