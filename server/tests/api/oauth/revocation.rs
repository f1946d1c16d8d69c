//! RFC 7009.

use axum::http::StatusCode;

use super::world::{World, error, pair};

#[tokio::test]
async fn either_token_ends_both() {
    let world = World::new().await;
    for client in [&world.public, &world.basic, &world.post] {
        for revoked in ["access_token", "refresh_token"] {
            let issued = world.pair(client).await;
            let token = issued.body[revoked].as_str().expect("text");
            let pairs = [("token", token), ("token_type_hint", "nonsense")];
            let answer = world.form(client, "/oauth/revoke", &pairs).await;
            answer.expect(StatusCode::OK);
            assert!(!world.is_active(&issued.access).await);
            let refresh = world.refresh(client, &issued.refresh).await;
            assert_eq!(error(&refresh, 400), "invalid_grant");
        }
    }
}

#[tokio::test]
async fn a_token_that_was_replaced_ends_its_successor_too() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let second = pair(world.refresh(&world.basic, &first.refresh).await);
    let pairs = [("token", first.refresh.as_str())];
    world
        .form(&world.basic, "/oauth/revoke", &pairs)
        .await
        .expect(StatusCode::OK);
    assert!(!world.is_active(&second.access).await);
}

#[tokio::test]
async fn an_unknown_token_is_answered_alike() {
    let world = World::new().await;
    let issued = world.pair(&world.public).await;
    for token in ["x", "tnr_oat_typo", issued.access.as_str()] {
        // The last one is another client's.
        let answer = world
            .form(&world.basic, "/oauth/revoke", &[("token", token)])
            .await;
        answer.expect(StatusCode::OK);
    }
    assert!(world.is_active(&issued.access).await);
}

#[tokio::test]
async fn a_client_that_is_not_who_it_says_revokes_nothing() {
    let world = World::new().await;
    let issued = world.pair(&world.basic).await;
    let mut stranger = world.basic.clone();
    stranger.client_secret = Some("wrong".to_owned());
    let pairs = [("token", issued.refresh.as_str())];
    let answer = world.form(&stranger, "/oauth/revoke", &pairs).await;
    assert_eq!(error(&answer, 401), "invalid_client");
    let nothing = world.form(&world.basic, "/oauth/revoke", &[]).await;
    assert_eq!(error(&nothing, 400), "invalid_request");
    assert!(world.is_active(&issued.access).await);
}

#[tokio::test]
async fn what_a_user_generated_is_not_a_clients_to_revoke() {
    let world = World::new().await;
    let (_, own) = world
        .app
        .generate(&world.app.member, &world.app.acme, "mine")
        .await;
    let answer = world
        .form(&world.basic, "/oauth/revoke", &[("token", &own.0)])
        .await;
    answer.expect(StatusCode::OK);
    assert!(world.is_active(&own.0).await);
}
