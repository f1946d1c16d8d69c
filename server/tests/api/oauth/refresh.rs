//! R9: renewing, a lost reply, a replay, and what ends a grant.

use std::time::Duration;

use tenure_domain::problem::Kind;

use super::world::{World, error, pair};
use crate::callers::Bearer;

#[tokio::test]
async fn a_pair_is_replaced_as_a_whole_and_the_old_access_token_stops_at_once() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let second = pair(world.refresh(&world.basic, &first.refresh).await);
    assert_ne!(first.refresh, second.refresh);
    assert!(!world.is_active(&first.access).await);
    assert!(world.is_active(&second.access).await);
    let refused = world.app.get(&Bearer(first.access), "/verify").await;
    refused.problem(Kind::TokenRevoked);
}

#[tokio::test]
async fn a_refresh_whose_reply_was_lost_heals() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let lost = pair(world.refresh(&world.basic, &first.refresh).await);
    let healed = pair(world.refresh(&world.basic, &first.refresh).await);
    assert!(!world.is_active(&lost.access).await);
    assert!(world.is_active(&healed.access).await);
    // And the client goes on.
    let next = pair(world.refresh(&world.basic, &healed.refresh).await);
    assert!(world.is_active(&next.access).await);
}

#[tokio::test]
async fn a_reply_that_turns_up_after_the_grant_went_on_without_it_ends_the_grant() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let lost = pair(world.refresh(&world.basic, &first.refresh).await);
    let healed = pair(world.refresh(&world.basic, &first.refresh).await);
    let replay = world.refresh(&world.basic, &lost.refresh).await;
    assert_eq!(error(&replay, 400), "invalid_grant");
    assert!(!world.is_active(&healed.access).await);
}

#[tokio::test]
async fn a_token_two_generations_old_ends_the_grant_always() {
    let world = World::new().await;
    for _ in 0..10 {
        let first = world.pair(&world.basic).await;
        let second = pair(world.refresh(&world.basic, &first.refresh).await);
        let third = pair(world.refresh(&world.basic, &second.refresh).await);
        let replay = world.refresh(&world.basic, &first.refresh).await;
        assert_eq!(error(&replay, 400), "invalid_grant");
        assert!(!world.is_active(&third.access).await);
        let after = world.refresh(&world.basic, &third.refresh).await;
        assert_eq!(error(&after, 400), "invalid_grant");
    }
}

#[tokio::test]
async fn a_token_whose_successor_called_an_api_ends_the_grant() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let second = pair(world.refresh(&world.basic, &first.refresh).await);
    // The use is noted in memory; the database has not heard of it yet.
    assert!(world.is_active(&second.access).await);
    let replay = world.refresh(&world.basic, &first.refresh).await;
    assert_eq!(error(&replay, 400), "invalid_grant");
    assert!(!world.is_active(&second.access).await);
}

#[tokio::test]
async fn a_replay_marks_what_it_ended_as_suspicious() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let second = pair(world.refresh(&world.basic, &first.refresh).await);
    pair(world.refresh(&world.basic, &second.refresh).await);
    let replay = world.refresh(&world.basic, &first.refresh).await;
    assert_eq!(error(&replay, 400), "invalid_grant");
    let ended = world
        .app
        .audit()
        .await
        .into_iter()
        .find(|event| event.action == "grant_ended")
        .expect("an event");
    assert!(ended.details.contains("reuse"), "{}", ended.details);
}

#[tokio::test]
async fn a_refresh_token_that_nobody_uses_ends_after_ninety_days() {
    let world = World::new().await;
    let (kept, forgotten) = (
        world.pair(&world.basic).await,
        world.pair(&world.post).await,
    );
    let day = Duration::from_secs(24 * 3_600);
    world.app.pass(90 * day - Duration::from_millis(1));
    let kept = pair(world.refresh(&world.basic, &kept.refresh).await);
    world.app.pass(Duration::from_millis(1));
    let late = world.refresh(&world.post, &forgotten.refresh).await;
    assert_eq!(error(&late, 400), "invalid_grant");
    // Each refresh begins the ninety days anew.
    world.app.pass(89 * day);
    pair(world.refresh(&world.basic, &kept.refresh).await);
}

#[tokio::test]
async fn fewer_scopes_can_be_asked_for_and_the_rest_comes_back() {
    let world = World::new().await;
    let mut request = world.request(&world.basic);
    request.insert("scope", "orders:read tokens:read".to_owned());
    let answer = world.decide(&world.app.member, &request, true).await;
    let redirect: tenure_domain::wire::authorization::AuthorizationRedirect = answer.read();
    let code = super::world::parameter(&redirect.redirect_to, "code").expect("a code");
    let first = pair(world.exchange(&world.basic, &code).await);
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first.refresh.as_str()),
        ("scope", "orders:read"),
    ];
    let fewer = pair(world.form(&world.basic, "/oauth/token", &pairs).await);
    assert_eq!(fewer.body["scope"], "orders:read");
    let all = pair(world.refresh(&world.basic, &fewer.refresh).await);
    assert_eq!(all.body["scope"], "orders:read tokens:read");
}

#[tokio::test]
async fn a_refused_refresh_does_not_use_the_token_up() {
    let world = World::new().await;
    let first = world.pair(&world.basic).await;
    let mut stranger = world.basic.clone();
    stranger.client_secret = Some("wrong".to_owned());
    let refused = world.refresh(&stranger, &first.refresh).await;
    assert_eq!(error(&refused, 401), "invalid_client");
    assert!(world.is_active(&first.access).await);
}
