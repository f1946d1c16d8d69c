//! Tokens as they are kept, found and listed.

use tenure_domain::{
    id::{TokenId, UserId},
    policy::Watermarks,
    time::{MINUTE, Timestamp},
    token::{Revocation, RevocationReason},
};
use tenure_server::{
    secret,
    store::{
        Tx,
        tokens::{self, Position, Token, Use},
    },
};

use crate::support::{Database, NOW, is_conflict};

pub(crate) async fn a_token_is_found_by_its_hash_and_by_its_owner_alone(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &ada.id, "Board sync").await;
    let hash = secret::hash(&text);
    let mut tx = database.write().await;
    assert_eq!(
        tokens::by_hash(&mut tx, &hash).await.expect("read"),
        Some(token.clone())
    );
    assert_eq!(
        tokens::by_hash(&mut tx, &[0; 32]).await.expect("read"),
        None
    );
    let own = tokens::get_of_owner(&mut tx, &ada.id, &token.id)
        .await
        .expect("read");
    assert_eq!(own, Some(token.clone()));
    let eve = UserId("eve".into());
    assert_eq!(
        tokens::get_of_owner(&mut tx, &eve, &token.id)
            .await
            .expect("read"),
        None
    );
    assert_eq!(
        tokens::hash(&mut tx, &token.id).await.expect("read"),
        Some(hash)
    );
    let none = TokenId("none".into());
    assert_eq!(tokens::hash(&mut tx, &none).await.expect("read"), None);
    assert_eq!(tokens::count(&mut tx, &plan.id).await.expect("counted"), 1);
    let again = tokens::insert(&mut tx, &token, &[9; 32]).await;
    assert!(is_conflict(&again), "{again:?}");
}

pub(crate) async fn a_revocation_is_never_changed(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &ada.id, "Board sync").await;
    let revocation = |at: i64| Revocation {
        at: NOW.saturating_add(at),
        reason: RevocationReason::Owner,
        by: Some(ada.id.clone()),
    };
    let mut tx = database.write().await;
    assert!(
        tokens::revoke(&mut tx, &token.id, &revocation(5))
            .await
            .expect("revoked")
    );
    assert!(
        !tokens::revoke(&mut tx, &token.id, &revocation(9))
            .await
            .expect("was before")
    );
    let found = tokens::by_hash(&mut tx, &secret::hash(&text))
        .await
        .expect("read");
    assert_eq!(
        found.and_then(|token| token.facts.revoked),
        Some(revocation(5))
    );
}

pub(crate) async fn the_latest_use_stays(database: Database) {
    let (plan, ada) = database.tenant().await;
    let (token, text) = database.token(&plan.id, &ada.id, "Board sync").await;
    let mut tx = database.write().await;
    for (at, from) in [
        (5, Some("203.0.113.7")),
        (9, None),
        (7, Some("203.0.113.9")),
    ] {
        let one = Use {
            token: token.id.clone(),
            at: NOW.saturating_add(at),
            from: from.map(str::to_owned),
        };
        tokens::record_uses(&mut tx, &[one])
            .await
            .expect("recorded");
    }
    let found = tokens::by_hash(&mut tx, &secret::hash(&text))
        .await
        .expect("read")
        .expect("it");
    assert_eq!(found.facts.last_used_at, Some(NOW.saturating_add(9)));
    assert_eq!(
        found.last_used_from, None,
        "an address does not outlive its use"
    );
}

/// Twelve tokens, of which several share an instant; every third is revoked.
async fn a_dozen(database: &Database) -> (tenure_server::store::plans::Plan, UserId, Vec<Token>) {
    let (plan, ada) = database.tenant().await;
    let eve = database.user("eve").await;
    let mut made = Vec::new();
    for number in 0..12 {
        if number % 4 == 0 {
            database.advance(MINUTE);
        }
        let (token, _) = database
            .token(&plan.id, &ada.id, &format!("t{number}"))
            .await;
        database.token(&plan.id, &eve.id, "somebody else's").await;
        made.push(if number % 3 == 0 {
            database.revoke(&token).await
        } else {
            token
        });
    }
    (plan, ada.id, made)
}

pub(crate) async fn lists_page_without_gap_or_repetition(database: Database) {
    let (plan, ada, mut made) = a_dozen(&database).await;
    made.retain(|token| token.facts.revoked.is_none());
    made.sort_by_key(Position::of);
    for limit in [1, 3, 100] {
        let mut listed = Vec::new();
        let mut after = Position::before(Timestamp::MIN);
        loop {
            let mut tx: Tx = database.read().await;
            let none = Watermarks::NONE;
            let page = tokens::working_page(&mut tx, &ada, &plan.id, none, &after, limit).await;
            let page = page.expect("a page");
            let Some(last) = page.last() else { break };
            after = Position::of(last);
            listed.extend(page);
        }
        assert_eq!(listed, made, "{limit} at a time");
    }
}

pub(crate) async fn ended_tokens_come_youngest_first(database: Database) {
    let (plan, ada, mut made) = a_dozen(&database).await;
    // The first eight are dead by time, whatever else; of the last four, one is revoked.
    let dead_before = made[8].facts.created_at;
    let marks = Watermarks {
        dead_before,
        ..Watermarks::NONE
    };
    made.retain(|token| token.facts.revoked.is_some() || token.facts.created_at < dead_before);
    made.sort_by_key(|token| std::cmp::Reverse(Position::of(token)));
    for limit in [1, 3, 100] {
        let mut listed = Vec::new();
        let mut below = Position::before(Timestamp::MAX);
        loop {
            let mut tx: Tx = database.read().await;
            let page = tokens::ended_page(&mut tx, &ada, &plan.id, marks, &below, limit).await;
            let page = page.expect("a page");
            assert!(page.len() <= usize::try_from(limit).expect("small"));
            let Some(last) = page.last() else { break };
            below = Position::of(last);
            listed.extend(page);
        }
        assert_eq!(listed, made, "{limit} at a time");
    }
}
