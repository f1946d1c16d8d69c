//! What the lists say of tokens, alive and dead.

use super::*;

#[wasm_bindgen_test]
async fn without_tokens_the_page_teaches() {
    let console = Console::open(PAGE).await;
    assert!(console.says("You have no working token."));
    assert!(console.find(Role::Button, GENERATE).is_some());
    assert!(console.says("kept here, with the reason"));
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_working_token_shows_all_that_is_known_of_it() {
    let used = fixtures::NOW.saturating_add(-2 * HOUR);
    let mut in_use = token("ci-runner");
    in_use.last_used_at = Some(used);
    in_use.last_used_from = Some("203.0.113.7".to_owned());
    in_use.status = Status::InUse;
    let console = with(&[in_use, token("spare")], &[]).await;
    let created = fixtures::NOW.saturating_add(-40 * DAY);
    let created = format::instant(created, Detail::Day, Zone::Viewer);
    let expires = exact(fixtures::NOW.saturating_add(50 * DAY));
    let text = row(&console, "ci-runner").expect("a row");
    for words in [
        "tnr_pat_…9fQ2",
        "User access token",
        "Acme",
        &created,
        "2 hours ago",
        "from 203.0.113.7",
        "in 50 days",
        &expires,
        "In use",
        "Revoke",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
    let spare = row(&console, "spare").expect("a row");
    assert!(spare.contains("never in 50 days"), "never used: {spare}");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn the_expiry_says_on_focus_when_in_utc_and_why_then() {
    let console = with(&[token("ci-runner")], &[]).await;
    let tips = select(&console.root, ".tip");
    let tip = tips
        .iter()
        .find(|it| it.inner_text().starts_with("in 50 days"));
    let tip = tip.expect("the expiry");
    let id = tip
        .get_attribute("aria-describedby")
        .expect("a description");
    let element = leptos::prelude::document().get_element_by_id(&id);
    let text = element.and_then(|it| it.text_content()).unwrap_or_default();
    assert!(
        text.contains(&format::utc(fixtures::NOW.saturating_add(50 * DAY))),
        "{text}"
    );
    assert!(
        text.contains(&format::sentence(&works_why("90 days"))),
        "{text}"
    );
    assert_eq!(tip.tab_index(), 0, "Tab reaches it");
}

#[wasm_bindgen_test]
async fn a_token_of_a_plan_without_a_period_never_expires() {
    let mut forever = token("old-script");
    forever.plan = PlanRef {
        id: PlanId("basil".to_owned()),
        name: "Basil".to_owned(),
    };
    forever.expires_at = None;
    forever.why = "It works until somebody revokes it: the expiration policy is off.".to_owned();
    let console = with(&[forever], &[]).await;
    let text = row(&console, "old-script").expect("a row");
    assert!(
        text.contains("never It works until somebody revokes it"),
        "{text}"
    );
}

#[wasm_bindgen_test]
async fn the_policy_of_every_plan_is_said_in_words() {
    let console = with(&[], &[]).await;
    assert!(console.says("In Acme, tokens stop working 90 days after they are created."));
    assert!(console.says("Basil has no expiration period."));
    let basil = "/plans/basil/expiration-policy";
    assert_eq!(
        console.server.count(Method::Get, basil),
        0,
        "Pro has none to ask for"
    );
}

#[wasm_bindgen_test]
async fn a_dead_token_says_why_in_one_sentence_with_the_viewers_clock() {
    let since = fixtures::NOW.saturating_add(-10 * DAY);
    let ended = fixtures::NOW.saturating_add(-3 * DAY);
    let dead = [expired("passed", ended, since), revoked("mine", "Ada")];
    let console = with(&[], &dead).await;
    let passed = row(&console, "passed").expect("a row");
    let words = format!(
        "It expired on {}, 90 days after it was created (version 3 of the policy, set by Bo on {}).",
        exact(ended),
        exact(since)
    );
    assert!(passed.contains(&words), "{words}\n{passed}");
    assert!(
        passed.contains("3 days ago") && passed.contains(&exact(ended)),
        "{passed}"
    );
    assert!(passed.ends_with("Expired"), "{passed}");
    let mine = row(&console, "mine").expect("a row");
    assert!(
        mine.contains("Ada, its owner, revoked it on") && mine.ends_with("Revoked"),
        "{mine}"
    );
    assert!(
        console.find(Role::Button, "Revoke").is_none(),
        "the dead cannot be revoked"
    );
    axe::check(&console.root).await;
}
