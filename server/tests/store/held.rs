//! Access tokens that clients hold, and finding any token by what is known of it.

use tenure_domain::{
    id::TokenId,
    plan::Tier,
    time::{MINUTE, Timestamp},
};
use tenure_server::{
    secret,
    store::tokens::{self, Position, Use},
};

use crate::support::{Database, NOW};

pub(crate) async fn what_a_client_holds_is_found_by_grant_and_by_client(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (client, grant, first) = database.connected(&plan, &ada).await;
    database.advance(MINUTE);
    let (_, second) = database.present(&first.refresh).await;
    let second = second.expect("a pair");
    database.advance(MINUTE);
    let other = database.grant(&client, &ada).await;
    let third = database.begin(&other).await;
    let texts = [&first.access, &second.access, &third.access];
    let mut held = Vec::new();
    for text in texts {
        held.push(database.kept(text).await);
    }
    let mut tx = database.write().await;
    let mut hashes = tokens::hashes_of_grant(&mut tx, &grant.id)
        .await
        .expect("read");
    let mut expected = texts[..2]
        .iter()
        .map(|text| secret::hash(text))
        .collect::<Vec<_>>();
    hashes.sort_unstable();
    expected.sort_unstable();
    assert_eq!(hashes, expected);

    let last_use = tokens::last_use_of_grant(&mut tx, &grant.id).await;
    assert_eq!(last_use.expect("read"), None);
    let uses = [(0, 5), (1, 9), (2, 20)].map(|(place, at): (usize, i64)| Use {
        token: held[place].id.clone(),
        at: NOW.saturating_add(at),
        from: None,
    });
    tokens::record_uses(&mut tx, &uses).await.expect("recorded");
    let last_use = tokens::last_use_of_grant(&mut tx, &grant.id).await;
    assert_eq!(last_use.expect("read"), Some(NOW.saturating_add(9)));

    let mut youngest: Vec<_> = held.iter().map(|token| token.id.clone()).collect();
    youngest.reverse();
    let mut listed = Vec::new();
    let mut below = Position::before(Timestamp::MAX);
    loop {
        let page = tokens::of_client_page(&mut tx, &client.id, &below, 2).await;
        let page = page.expect("a page");
        let Some(last) = page.last() else { break };
        below = Position::of(last);
        listed.extend(page.into_iter().map(|token| token.id));
    }
    assert_eq!(listed, youngest, "dead ones too, youngest first");
}

pub(crate) async fn a_token_is_found_by_its_id_and_its_last_characters(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (own, text) = database.token(&plan.id, &ada.id, "own").await;
    let (_, _, pair) = database.connected(&plan, &ada).await;
    let held = database.kept(&pair.access).await;
    let basil = database.plan("Basil", Tier::Business).await;
    let mut tx = database.write().await;
    for token in [&own, &held] {
        let found = tokens::get(&mut tx, &token.id).await.expect("read");
        assert_eq!(found.as_ref(), Some(token));
        let last = &token.last_four;
        let found = tokens::by_last_four(&mut tx, &plan.id, last, 9).await;
        assert_eq!(found.expect("read"), std::slice::from_ref(token));
        let found = tokens::by_last_four(&mut tx, &basil.id, last, 9).await;
        assert_eq!(found.expect("read"), [], "plans are separate");
    }
    assert!(text.ends_with(&own.last_four));
    let none = tokens::get(&mut tx, &TokenId("none".into())).await;
    assert_eq!(none.expect("read"), None);
    // Of several that end alike the youngest come first, and not more than are asked for.
    let mut twin = own.clone();
    twin.id = TokenId("twin".into());
    twin.facts.created_at = own.facts.created_at.saturating_add(1);
    tokens::insert(&mut tx, &twin, &[9; 32])
        .await
        .expect("kept");
    for (limit, expected) in [(1, vec![&twin]), (2, vec![&twin, &own])] {
        let found = tokens::by_last_four(&mut tx, &plan.id, &own.last_four, limit).await;
        assert_eq!(found.expect("read").iter().collect::<Vec<_>>(), expected);
    }
}
