//! The apps that may act in one's name, and ending that.

use std::time::Duration;

use axum::http::StatusCode;
use tenure_domain::{
    problem::Kind,
    wire::{clients::Client, connected_apps::ConnectedApps},
};

use super::app::TestApp;
use super::callers::{Answer, Bearer, Person};
use super::oauth::world::{World, error, pair};

const PATH: &str = "/api/v1/me/connected-apps";

async fn list(app: &TestApp, by: &Person) -> ConnectedApps {
    app.get(by, PATH).await.expect(StatusCode::OK).read()
}

async fn disconnect(app: &TestApp, by: &Person, client: &Client) -> Answer {
    app.delete(by, &format!("{PATH}/{}", client.client_id))
        .await
}

#[tokio::test]
async fn an_app_is_listed_once_it_has_fetched_its_tokens() {
    let world = World::new().await;
    let app = &world.app;
    let since = app.clock.now();
    let code = world.code(&world.post).await;
    assert!(
        list(app, &app.member).await.items.is_empty(),
        "allowed, and no more"
    );
    app.pass(Duration::from_secs(5));
    let issued = pair(world.exchange(&world.post, &code).await);
    let apps = list(app, &app.member).await.items;
    assert_eq!(apps.len(), 1);
    let found = &apps[0];
    assert_eq!(found.client.id, world.post.client_id);
    assert_eq!(found.client.name, "App by client_secret_post");
    assert_eq!(
        (&found.plan.id, found.plan.name.as_str()),
        (&app.acme, "Acme")
    );
    assert_eq!(found.scope.to_string(), "orders:read");
    assert_eq!((found.since, found.last_used_at), (since, None));
    let week = app.clock.now().saturating_add(7 * 24 * 3_600_000);
    assert_eq!(found.expires_at, Some(week));
    app.get(&Bearer(issued.access), "/verify")
        .await
        .expect(StatusCode::OK);
    app.state.verifier.flush_uses().await.unwrap();
    let used = list(app, &app.member).await.items[0].last_used_at;
    assert_eq!(used, Some(app.clock.now()));
    assert!(
        list(app, &app.admin).await.items.is_empty(),
        "it is nobody else's"
    );
}

#[tokio::test]
async fn apps_come_by_name_and_each_once() {
    let world = World::new().await;
    let app = &world.app;
    for client in [&world.public, &world.basic, &world.post] {
        world.pair(client).await;
    }
    app.pass(Duration::from_secs(60));
    // The same app on another machine, with another scope.
    let mut request = world.request(&world.post);
    request.insert("scope", "tokens:read".to_owned());
    let answer = world.decide(&app.member, &request, true).await;
    let redirect: tenure_domain::wire::authorization::AuthorizationRedirect = answer.read();
    let code = super::oauth::world::parameter(&redirect.redirect_to, "code").unwrap();
    pair(world.exchange(&world.post, &code).await);
    let apps = list(app, &app.member).await.items;
    let names: Vec<&str> = apps.iter().map(|it| it.client.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "App by client_secret_basic",
            "App by client_secret_post",
            "App by none"
        ]
    );
    assert_eq!(apps[1].scope.to_string(), "orders:read tokens:read");
    let week = 7 * 24 * 3_600_000;
    assert_eq!(apps[1].since, app.clock.now().saturating_add(-60_000));
    assert_eq!(
        apps[1].expires_at,
        Some(app.clock.now().saturating_add(week))
    );
}

#[tokio::test]
async fn a_disconnected_app_loses_everything_at_once() {
    let world = World::new().await;
    let app = &world.app;
    let first = world.pair(&world.basic).await;
    let second = world.pair(&world.basic).await;
    let others = world.pair(&world.post).await;
    disconnect(app, &app.admin, &world.basic)
        .await
        .problem(Kind::NotFound);
    assert!(world.is_active(&first.access).await, "others end nothing");
    disconnect(app, &app.member, &world.basic)
        .await
        .expect(StatusCode::NO_CONTENT);
    for pair in [&first, &second] {
        let dead = app.get(&Bearer(pair.access.clone()), "/verify").await;
        dead.problem(Kind::TokenRevoked);
        let refused = world.refresh(&world.basic, &pair.refresh).await;
        assert_eq!(error(&refused, 400), "invalid_grant");
    }
    assert!(world.is_active(&others.access).await);
    let left: Vec<_> = list(app, &app.member).await.items;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].client.id, world.post.client_id);
    disconnect(app, &app.member, &world.basic)
        .await
        .problem(Kind::NotFound);
    let ended = app.audit().await;
    let ended = ended.iter().filter(|event| event.action == "grant_ended");
    let by: Vec<_> = ended.map(|event| event.actor_id.as_deref()).collect();
    assert_eq!(by, [Some(app.member.id.as_str()); 2]);
}

/// An app that one allowed and that has not fetched its tokens can be stopped as well.
#[tokio::test]
async fn what_was_only_allowed_ends_too() {
    let world = World::new().await;
    let app = &world.app;
    let code = world.code(&world.basic).await;
    disconnect(app, &app.member, &world.basic)
        .await
        .expect(StatusCode::NO_CONTENT);
    let refused = world.exchange(&world.basic, &code).await;
    assert_eq!(error(&refused, 400), "invalid_grant");
}

#[tokio::test]
async fn an_app_whose_access_token_has_expired_is_still_connected() {
    let world = World::new().await;
    let app = &world.app;
    let issued = world.pair(&world.basic).await;
    app.pass(Duration::from_secs(7 * 24 * 3_600));
    let member = app.again(&app.member).await;
    let apps = list(app, &member).await.items;
    assert_eq!(apps.len(), 1);
    assert_eq!(apps[0].expires_at, None);
    world
        .refresh(&world.basic, &issued.refresh)
        .await
        .expect(StatusCode::OK);
    let week = app.clock.now().saturating_add(7 * 24 * 3_600_000);
    assert_eq!(list(app, &member).await.items[0].expires_at, Some(week));
}
