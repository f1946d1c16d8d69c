//! What no file may have: too many lines, ignored tests, tests that sleep.

use crate::none;
use crate::sources::{Source, rust_files};

/// More lines than this are two things in one file.
const MOST_LINES: usize = 400;

/// Files that may be longer, each with its reason. Empty is best.
const LONGER: &[(&str, &str)] = &[];

/// Tests that may let time pass, each with its reason.
const SLEEPERS: &[(&str, &str)] = &[(
    "server/tests/trials/kill.rs",
    "kills the server at random instants: time is what it tries",
)];

fn too_long(sources: &[Source]) -> Vec<String> {
    let long = |source: &&Source| source.text.lines().count() > MOST_LINES;
    let excused = |source: &&Source| LONGER.iter().any(|(path, _)| *path == source.path);
    let complaint = |source: &Source| {
        let lines = source.text.lines().count();
        format!(
            "{} has {lines} lines, over {MOST_LINES}: split it where it is two things",
            source.path
        )
    };
    sources
        .iter()
        .filter(long)
        .filter(|source| !excused(source))
        .map(complaint)
        .collect()
}

fn ignored_tests(sources: &[Source]) -> Vec<String> {
    complain(
        sources,
        Source::code,
        &["#[ignore", "wasm_bindgen_test(ignore"],
        "mend the test or delete it",
    )
}

fn sleeping_tests(sources: &[Source]) -> Vec<String> {
    let sleeps = ["thread::sleep(", "time::sleep(", "sleep(Duration"];
    let awake = |source: &&Source| SLEEPERS.iter().all(|(path, _)| *path != source.path);
    complain(
        sources.iter().filter(awake),
        Source::test_code,
        &sleeps,
        "await the event, or move the mock clock",
    )
}

fn complain<'a, I: Iterator<Item = (usize, &'a str)>>(
    sources: impl IntoIterator<Item = &'a Source>,
    lines: impl Fn(&'a Source) -> I,
    unwanted: &[&str],
    remedy: &str,
) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources
        .into_iter()
        .filter(|source| source.path != "xtask/tests/tidy/files.rs")
    {
        for (at, line) in
            lines(source).filter(|(_, line)| unwanted.iter().any(|word| line.contains(word)))
        {
            found.push(format!(
                "{}:{at} has `{}`: {remedy}",
                source.path,
                line.trim()
            ));
        }
    }
    found
}

#[test]
fn no_file_is_too_long() {
    none(&too_long(&rust_files()));
}

#[test]
fn no_test_is_ignored() {
    none(&ignored_tests(&rust_files()));
}

#[test]
fn no_test_sleeps() {
    none(&sleeping_tests(&rust_files()));
}

#[test]
fn excuses_for_long_files_are_still_needed() {
    let sources = rust_files();
    for (path, _) in LONGER {
        let lines = sources
            .iter()
            .find(|source| source.path == *path)
            .map_or(0, |source| source.text.lines().count());
        assert!(
            lines > MOST_LINES,
            "{path} is short now: take it out of LONGER"
        );
    }
}

#[test]
fn the_checkers_see_their_sins() {
    let long = Source::sample("server/src/a.rs", &"\n".repeat(MOST_LINES + 1));
    assert_eq!(too_long(&[long]).len(), 1);
    let just_right = Source::sample("server/src/a.rs", &"\n".repeat(MOST_LINES));
    assert!(too_long(&[just_right]).is_empty());

    let ignored = Source::sample(
        "domain/src/a.rs",
        "#[test]\n#[ignore = \"slow\"]\nfn a() {}",
    );
    assert_eq!(ignored_tests(&[ignored]).len(), 1);

    let asleep = Source::sample(
        "server/tests/api/a.rs",
        "tokio::time::sleep(Duration::from_secs(1)).await;",
    );
    assert_eq!(sleeping_tests(&[asleep]).len(), 1);
    let program = Source::sample("server/src/jobs/mod.rs", "tokio::time::sleep(wait).await;");
    assert!(sleeping_tests(&[program]).is_empty());
}
