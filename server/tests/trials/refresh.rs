//! Many refreshes of one token at once (R9): whatever the order in which they arrive, and at whichever of
//! two servers, one pair is live afterwards; beside a revocation, none is.

use axum::http::StatusCode;
use tenure_domain::id::GrantId;
use tenure_server::{
    AppState,
    store::{oauth_grants, oauth_refresh_tokens},
    verifier::Outcome,
};
use tokio::task::JoinSet;

use crate::{
    postgres,
    replica::{Server, World, post},
};

/// Refreshes of one token at the same time.
const AT_ONCE: usize = 32;
/// How often more than the other trials: a round takes little.
const MORE: u64 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_of_many_refreshes_one_pair_is_live_on_sqlite() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}/tenure.db", folder.path().display());
    try_on(&[Server::start(&url).await]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trial_of_many_refreshes_one_pair_is_live_on_postgres_with_two_servers() {
    let url = postgres::create().await;
    try_on(&[Server::start(&url).await, Server::start(&url).await]).await;
    postgres::remove(&url).await;
}

async fn try_on(servers: &[Server]) {
    let rounds = MORE * crate::kill::number("TENURE_TRIALS").unwrap_or(10);
    let world = World::settle(&servers[0].app, "Acme").await;
    let (mut healed, mut answered) = (0, 0);
    for round in 0..rounds {
        let (grant, _, refresh) = world.grant(&servers[0].app).await;
        let revoking = round % 4 == 3;
        let replies = race(servers, &world, &refresh, revoking).await;
        answered += replies.len();
        healed += replies.len().saturating_sub(1);
        for server in servers {
            server
                .app
                .verifier
                .follow_changes()
                .await
                .expect("followed");
        }
        let alive = alive(servers, &replies).await;
        let live = live_refresh_token(&servers[0].app, &grant).await;
        if revoking {
            assert_eq!(alive, [""; 0], "round {round}: alive after a revocation");
            assert_eq!(live, None, "round {round}");
        } else {
            assert_eq!(
                replies.len(),
                AT_ONCE,
                "round {round}: everybody is answered"
            );
            assert_eq!(alive.len(), 1, "round {round}: one access token is alive");
            assert_eq!(
                live.as_deref(),
                alive.first().map(String::as_str),
                "round {round}"
            );
            replay(servers, &world, &refresh, &replies, round).await;
        }
    }
    println!(
        "refresh: {rounds} rounds of {AT_ONCE} at once on {} server(s); {answered} answers, {healed} of them \
         healed; one pair or none was live after each",
        servers.len()
    );
}

/// All at once; the pairs that came back. Nothing but a pair or `invalid_grant` may.
async fn race(
    servers: &[Server],
    world: &World,
    refresh: &str,
    revoking: bool,
) -> Vec<(String, String)> {
    let mut calls = JoinSet::new();
    for number in 0..AT_ONCE {
        let router = servers[number % servers.len()].router.clone();
        let body = world.refresh_form(refresh);
        calls.spawn(async move { post(&router, "/oauth/token", body).await });
        if revoking && number == AT_ONCE / 2 {
            let router = servers[number % servers.len()].router.clone();
            let body = world.revoke_form(refresh);
            calls.spawn(async move { post(&router, "/oauth/revoke", body).await });
        }
    }
    let mut pairs = Vec::new();
    for (status, body) in calls.join_all().await {
        match (status, body["access_token"].as_str()) {
            (StatusCode::OK, Some(access)) => {
                let refresh = body["refresh_token"].as_str().expect("a refresh token");
                pairs.push((access.to_owned(), refresh.to_owned()));
            }
            (StatusCode::OK, None) => {}
            (StatusCode::BAD_REQUEST, _) if revoking && body["error"] == "invalid_grant" => {}
            _ => panic!("{status}: {body}"),
        }
    }
    pairs
}

/// A token two generations old ends the grant, always and everywhere.
async fn replay(
    servers: &[Server],
    world: &World,
    oldest: &str,
    replies: &[(String, String)],
    round: u64,
) {
    let router = &servers[0].router;
    let mut newest = None;
    for (access, refresh) in replies {
        if servers[0].works(access).await {
            newest = Some(refresh.clone());
        }
    }
    let live = newest.expect("one is live");
    let (status, next) = post(router, "/oauth/token", world.refresh_form(&live)).await;
    assert_eq!(status, StatusCode::OK, "round {round}: {next}");
    let last = servers.last().expect("a server");
    let (status, body) = post(&last.router, "/oauth/token", world.refresh_form(oldest)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "round {round}: {body}");
    assert_eq!(body["error"], "invalid_grant", "round {round}");
    let access = next["access_token"].as_str().expect("an access token");
    for server in servers {
        server
            .app
            .verifier
            .follow_changes()
            .await
            .expect("followed");
        assert!(
            !server.works(access).await,
            "round {round}: it survived a replay"
        );
    }
}

/// The ids of the access tokens that work, which all servers must agree on.
async fn alive(servers: &[Server], replies: &[(String, String)]) -> Vec<String> {
    let mut by_server = Vec::new();
    for server in servers {
        let mut alive = Vec::new();
        for (access, _) in replies {
            if let Outcome::Works(verified) =
                server.app.verifier.verify(access).await.expect("an answer")
            {
                alive.push(verified.token.to_string());
            }
        }
        by_server.push(alive);
    }
    assert!(
        by_server.windows(2).all(|two| two[0] == two[1]),
        "{by_server:?}"
    );
    by_server.swap_remove(0)
}

/// The access token beside the refresh token that is neither replaced nor voided.
async fn live_refresh_token(app: &AppState, grant: &GrantId) -> Option<String> {
    let mut tx = app.store.peek().await.expect("reads");
    let grant = oauth_grants::get(&mut tx, grant).await.expect("read");
    let grant = grant.expect("a grant");
    if grant.ended_at.is_some() {
        return None;
    }
    let live = oauth_refresh_tokens::live_of_grant(&mut tx, &grant.id).await;
    live.expect("read").map(|token| token.access_token.0)
}
