//! Clients, grants, codes, refresh tokens and what clients hold, as they are kept.

use tenure_domain::{
    id::{ClientId, GrantId, TokenId},
    plan::Tier,
    time::{MINUTE, Timestamp},
    token::RevocationReason,
    wire::clients::{AuthMethod, ClientFacts},
};
use tenure_server::{
    secret,
    store::{
        oauth_clients::{self, Client},
        oauth_codes::{self, Code},
        oauth_grants::{self, Ending, Grant},
        oauth_refresh_tokens::{self as refresh_tokens, RefreshToken},
        tokens::{self, Position, Use},
    },
};

use crate::{
    apps::scopes,
    support::{Database, NOW, is_conflict},
};

pub(crate) async fn a_client_is_found_until_it_is_deleted(database: Database) {
    let (plan, ada) = database.tenant().await;
    let confidential = database.client(&plan, &ada, "Board").await;
    let public = Client {
        id: ClientId("a public one".into()),
        auth_method: AuthMethod::None,
        secret_hash: None,
        created_by: None,
        resource_server: true,
        ..confidential.clone()
    };
    let mut tx = database.write().await;
    oauth_clients::insert(&mut tx, &public).await.expect("kept");
    for client in [&confidential, &public] {
        let found = oauth_clients::get(&mut tx, &client.id).await.expect("read");
        assert!(found.as_ref() == Some(client), "{}", client.id);
    }
    let deleted = oauth_clients::delete(&mut tx, &public.id, NOW).await;
    assert!(deleted.expect("deleted"));
    let again = oauth_clients::delete(&mut tx, &public.id, NOW).await;
    assert!(!again.expect("deleted before"));
    let found = oauth_clients::get(&mut tx, &public.id).await.expect("read");
    assert!(found.is_none());
    let name = oauth_clients::name(&mut tx, &public.id).await;
    assert_eq!(name.expect("read").as_deref(), Some("Board"), "it stays");
    let nobody = oauth_clients::name(&mut tx, &ClientId("none".into())).await;
    assert_eq!(nobody.expect("read"), None);
    let again = oauth_clients::insert(&mut tx, &confidential).await;
    assert!(is_conflict(&again), "{again:?}");
}

pub(crate) async fn a_client_is_changed_where_it_may_be(database: Database) {
    let (plan, ada) = database.tenant().await;
    let mut client = database.client(&plan, &ada, "Board").await;
    let mut tx = database.write().await;
    client.facts = ClientFacts {
        name: "Board 2".to_owned(),
        redirect_uris: vec!["https://a.example/1".into(), "https://a.example/2".into()],
        scope: scopes("policy:read"),
    };
    oauth_clients::update(&mut tx, &client.id, &client.facts)
        .await
        .expect("changed");
    client.old_secret = client.secret_hash.map(|old| (old, NOW.saturating_add(5)));
    client.secret_hash = Some([7; 32]);
    oauth_clients::set_secret(&mut tx, &client.id, &[7; 32], client.old_secret)
        .await
        .expect("changed");
    let found = oauth_clients::get(&mut tx, &client.id).await.expect("read");
    assert!(found.as_ref() == Some(&client), "facts and both secrets");
    client.old_secret = None;
    client.secret_hash = Some([8; 32]);
    oauth_clients::set_secret(&mut tx, &client.id, &[8; 32], None)
        .await
        .expect("changed");
    let found = oauth_clients::get(&mut tx, &client.id).await.expect("read");
    assert!(found.as_ref() == Some(&client), "the new secret alone");
}

pub(crate) async fn clients_come_by_name(database: Database) {
    let (plan, ada) = database.tenant().await;
    let other = database.plan("Basil", Tier::Business).await;
    database.client(&other, &ada, "not ours").await;
    let mut made = Vec::new();
    for name in ["banana", "Zebra", "Apple", "banana"] {
        made.push(database.client(&plan, &ada, name).await);
    }
    let gone = database.client(&plan, &ada, "Gone").await;
    let mut tx = database.write().await;
    oauth_clients::delete(&mut tx, &gone.id, NOW)
        .await
        .expect("deleted");
    made.sort_by_key(|client| (client.facts.name.clone(), client.id.0.clone()));
    for limit in [1, 2, 100] {
        let mut listed: Vec<Client> = Vec::new();
        loop {
            let last = listed
                .last()
                .map(|it| (it.facts.name.clone(), it.id.0.clone()));
            let (name, id) = last.unwrap_or_default();
            let page = oauth_clients::page(&mut tx, &plan.id, (&name, &id), limit).await;
            let page = page.expect("a page");
            if page.is_empty() {
                break;
            }
            listed.extend(page);
        }
        assert!(
            listed == made,
            "{limit} at a time, byte by byte on both engines"
        );
    }
}

pub(crate) async fn a_grant_lives_until_it_is_ended(database: Database) {
    let (plan, ada) = database.tenant().await;
    let eve = database.user("eve").await;
    let client = database.client(&plan, &ada, "Board").await;
    let basil = database.plan("Basil", Tier::Business).await;
    let elsewhere = database.client(&basil, &ada, "Board").await;
    let mut live = Vec::new();
    for (client, user) in [(&client, &ada), (&client, &eve), (&elsewhere, &ada)] {
        live.push(database.grant(client, user).await);
        database.advance(1);
    }
    let [mine, hers, other] = [&live[0], &live[1], &live[2]].map(Grant::clone);
    let mut tx = database.write().await;
    assert_eq!(
        oauth_grants::get(&mut tx, &mine.id).await.expect("read"),
        Some(mine.clone())
    );
    let none = GrantId("none".into());
    assert_eq!(oauth_grants::get(&mut tx, &none).await.expect("read"), None);
    let of_user = oauth_grants::live_of_user(&mut tx, &ada.id).await;
    assert_eq!(of_user.expect("read"), [mine.clone(), other.clone()]);
    let of_member = oauth_grants::live_of_member(&mut tx, &ada.id, &plan.id).await;
    assert_eq!(of_member.expect("read"), std::slice::from_ref(&mine));
    let of_client = oauth_grants::live_of_client(&mut tx, &client.id).await;
    assert_eq!(of_client.expect("read"), [mine.clone(), hers.clone()]);

    let (reuse, owner) = (RevocationReason::Reuse, RevocationReason::Owner);
    for (grant, ending, by) in [
        (&mine, Ending::Revoked(owner), Some(&ada.id)),
        (&hers, Ending::Revoked(reuse), None),
        (&other, Ending::Idle, None),
    ] {
        let ended = oauth_grants::end(&mut tx, &grant.id, ending, NOW, by).await;
        assert!(ended.expect("ended"), "{ending:?}");
        let again = oauth_grants::end(&mut tx, &grant.id, Ending::Idle, Timestamp::MAX, None);
        assert!(!again.await.expect("ended before"), "{ending:?}");
        let kept = oauth_grants::get(&mut tx, &grant.id).await.expect("read");
        assert_eq!(kept.and_then(|grant| grant.ended_at), Some(NOW));
    }
    let of_user = oauth_grants::live_of_user(&mut tx, &ada.id).await;
    assert_eq!(of_user.expect("read"), []);
    let of_client = oauth_grants::live_of_client(&mut tx, &client.id).await;
    assert_eq!(of_client.expect("read"), []);
    let again = oauth_grants::insert(&mut tx, &mine).await;
    assert!(is_conflict(&again), "{again:?}");
    drop(tx);
}

pub(crate) async fn a_code_is_used_once_and_then_forgotten(database: Database) {
    let (plan, ada) = database.tenant().await;
    let client = database.client(&plan, &ada, "Board").await;
    let grant = database.grant(&client, &ada).await;
    let mut code = Code {
        grant: grant.id,
        redirect_uri: "https://app.example/callback".to_owned(),
        code_challenge: "challenge".to_owned(),
        created_at: NOW,
        used_at: None,
    };
    let mut tx = database.write().await;
    let hash = [1; 32];
    oauth_codes::insert(&mut tx, &hash, &code)
        .await
        .expect("kept");
    assert_eq!(
        oauth_codes::get(&mut tx, &hash).await.expect("read"),
        Some(code.clone())
    );
    let unknown = oauth_codes::get(&mut tx, &[2; 32]).await;
    assert_eq!(unknown.expect("read"), None);
    let used = NOW.saturating_add(MINUTE);
    for (at, first) in [(used, true), (Timestamp::MAX, false)] {
        let marked = oauth_codes::mark_used(&mut tx, &hash, at).await;
        assert_eq!(marked.expect("marked"), first);
    }
    code.used_at = Some(used);
    let found = oauth_codes::get(&mut tx, &hash).await.expect("read");
    assert_eq!(found, Some(code), "its first use stays");
    for (before, forgotten) in [(0, 0), (1, 1), (2, 0)] {
        let before = NOW.saturating_add(before);
        let count = oauth_codes::forget_before(&mut tx, before).await;
        assert_eq!(count.expect("forgotten"), forgotten, "made before {before}");
    }
}

pub(crate) async fn a_refresh_token_is_replaced_and_voided(database: Database) {
    let (plan, ada) = database.tenant().await;
    let client = database.client(&plan, &ada, "Board").await;
    let grant = database.grant(&client, &ada).await;
    let token = |id: &str| RefreshToken {
        id: id.to_owned(),
        grant: grant.id.clone(),
        access_token: TokenId(format!("access {id}")),
        issued_at: NOW,
        successor: None,
        voided_at: None,
    };
    let (mut first, mut second, third) = (token("1"), token("2"), token("3"));
    let mut tx = database.write().await;
    let live = refresh_tokens::live_of_grant(&mut tx, &grant.id).await;
    assert_eq!(live.expect("read"), None);
    for (number, token) in [(1, &first), (2, &second), (3, &third)] {
        refresh_tokens::insert(&mut tx, token, &[number; 32])
            .await
            .expect("kept");
    }
    refresh_tokens::replace(&mut tx, "1", "2")
        .await
        .expect("noted");
    refresh_tokens::void(&mut tx, "2", NOW)
        .await
        .expect("noted");
    refresh_tokens::void(&mut tx, "2", Timestamp::MAX)
        .await
        .expect("noted before");
    first.successor = Some("2".to_owned());
    second.voided_at = Some(NOW);
    for (number, token) in [(1, &first), (2, &second), (3, &third)] {
        let by_hash = refresh_tokens::by_hash(&mut tx, &[number; 32]).await;
        assert_eq!(by_hash.expect("read").as_ref(), Some(token));
        let by_id = refresh_tokens::get(&mut tx, &token.id).await;
        assert_eq!(by_id.expect("read").as_ref(), Some(token));
    }
    let unknown = refresh_tokens::by_hash(&mut tx, &[9; 32]).await;
    assert_eq!(unknown.expect("read"), None);
    let live = refresh_tokens::live_of_grant(&mut tx, &grant.id).await;
    assert_eq!(
        live.expect("read"),
        Some(third.clone()),
        "neither replaced nor voided"
    );
    let again = refresh_tokens::insert(&mut tx, &third, &[8; 32]).await;
    assert!(is_conflict(&again), "{again:?}");
}

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
    let newest = tokens::newest_of_grant(&mut tx, &grant.id).await;
    assert_eq!(newest.expect("read").as_ref(), Some(&held[1]));

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
