//! Time passing on screen, problems, loading, offline.

use super::*;

#[wasm_bindgen_test]
async fn a_token_whose_time_passes_on_screen_is_fetched_again_and_moves() {
    let end = fixtures::NOW.saturating_add(MINUTE);
    let mut soon = token("ci-runner");
    soon.expires_at = Some(end);
    soon.status = Status::Expiring;
    let console = with(&[soon], &[]).await;
    console.advance(59 * SECOND).await;
    let text = row(&console, "ci-runner").expect("a row");
    assert!(
        text.contains("in 1 second") && text.contains("Expiring"),
        "{text}"
    );
    let fetched = console.server.count(Method::Get, TOKENS);
    // It is the server that says that the token is dead; until then nothing moves.
    console.server.set_connected(false);
    console.advance(SECOND).await;
    assert!(row(&console, "ci-runner").is_some_and(|text| text.contains("Expiring")));
    console.server.set_connected(true);
    console
        .server
        .set_server_time(end.saturating_add(6 * SECOND));
    have(
        &console.server,
        &[],
        &[expired("ci-runner", end, fixtures::NOW)],
    );
    console.advance(6 * SECOND).await;
    until("it has moved", || {
        row(&console, "ci-runner").is_some_and(|text| text.ends_with("Expired"))
    })
    .await;
    assert!(console.server.count(Method::Get, TOKENS) > fetched);
    assert!(console.says("You have no working token."));
}

#[wasm_bindgen_test]
async fn a_fetch_that_changes_nothing_is_not_repeated_each_second() {
    let mut late = token("ci-runner");
    late.expires_at = Some(fixtures::NOW.saturating_add(SECOND));
    let console = with(&[late], &[]).await;
    let before = console.server.count(Method::Get, TOKENS);
    for _ in 0..10 {
        console.advance(SECOND).await;
    }
    let rounds = (console.server.count(Method::Get, TOKENS) - before) / 2;
    assert!((1..=3).contains(&rounds), "{rounds} rounds in ten seconds");
}

#[wasm_bindgen_test]
async fn a_list_that_does_not_come_is_a_problem_of_its_own() {
    let server = fixtures::server();
    server.problem(Method::Get, TOKENS, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
    assert!(
        console.find(Role::Button, GENERATE).is_some(),
        "the rest works"
    );
    axe::check(&console.root).await;
    have(&console.server, &[token("ci-runner")], &[]);
    console.press(Role::Button, "Try again").await;
    assert!(row(&console, "ci-runner").is_some());
}

#[wasm_bindgen_test]
async fn while_the_tokens_are_on_their_way_their_place_is_kept() {
    let server = fixtures::server();
    have(&server, &[token("ci-runner")], &[]);
    let held = server.hold(Method::Get, TOKENS);
    let console = Console::open_at(PAGE, server).await;
    console.advance(200).await;
    assert!(console.says("Loading"));
    axe::check(&console.root).await;
    held.release();
    until("the row is there", || row(&console, "ci-runner").is_some()).await;
}

/// Its place depends on how many have ended.
#[wasm_bindgen_test]
async fn the_calendar_shows_once_what_stands_above_it_is_there() {
    let server = fixtures::server();
    have(&server, &[token("ci-runner")], &[]);
    let (working, ended) = (
        server.hold(Method::Get, TOKENS),
        server.hold(Method::Get, TOKENS),
    );
    let console = Console::open_at(PAGE, server).await;
    working.release();
    until("the row is there", || row(&console, "ci-runner").is_some()).await;
    let shows = || !select(&console.root, ".below-tile").is_empty();
    assert!(!shows(), "it would jump");
    ended.release();
    until("it is there", shows).await;
}

#[wasm_bindgen_test]
async fn lists_that_were_fetched_offline_fill_when_the_server_is_back() {
    let server = fixtures::server();
    have(&server, &[token("ci-runner")], &[]);
    let held = [
        server.hold(Method::Get, TOKENS),
        server.hold(Method::Get, TOKENS),
    ];
    let console = Console::open_at(PAGE, server).await;
    console.server.set_connected(false);
    held.into_iter().for_each(Held::release);
    settle().await;
    assert!(console.says("cannot be reached"), "{}", console.text());
    assert_eq!(console.all(Role::Alert).len(), 2, "one for each list");
    axe::check(&console.root).await;
    console.server.set_connected(true);
    console.advance(MINUTE).await;
    until("the row is there", || row(&console, "ci-runner").is_some()).await;
}
