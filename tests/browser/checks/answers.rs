//! What is said of tokens: how they stand, why, and what to do next.

use super::*;

fn says_all(console: &Console, parts: &[&str]) {
    let text = console.text();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(text.contains(part), "{part:?} in {text}");
    }
}

#[wasm_bindgen_test]
async fn a_working_token_is_told_with_all_that_is_known_of_it() {
    let used = fixtures::NOW.saturating_add(-2 * HOUR);
    let ci = Token {
        status: Status::InUse,
        last_used_at: Some(used),
        ..token("ci-runner")
    };
    let console = checked_one(ci, NextStep::Nothing).await;
    console.get(Role::Heading, "One token found");
    let expires = exact(fixtures::NOW.saturating_add(50 * DAY));
    says_all(
        &console,
        &[
            "ci-runner tnr_pat_…9fQ2 User access token In use",
            &format!("Why {}", format::sentence(&works_why("90 days"))),
            "Working since 40 days ago",
            &format!("Expires in 50 days {expires}"),
            &format!("Last used 2 hours ago {}", exact(used)),
            "Owner Ada",
            "Plan Acme",
            "Id ci-runner",
            "Next step: Nothing: it works.",
            "by the server's clock",
        ],
    );
    assert!(console.find(Role::Link, "Go to API Access").is_none());
    let icons = console.root.query_selector_all(".pill svg");
    assert_eq!(icons.expect("a selector").length(), 1, "a word and an icon");
    let focus = focused().map(|it| it.id());
    assert_eq!(
        focus.as_deref(),
        Some("answer"),
        "what has come has the focus"
    );
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn a_dead_token_says_why_since_when_and_where_to_generate_another() {
    let since = fixtures::NOW.saturating_add(-10 * DAY);
    let ended = fixtures::NOW.saturating_add(-3 * DAY);
    let console = checked_one(expired("ci-runner", ended, since), NextStep::Generate).await;
    says_all(
        &console,
        &[
            "Expired",
            &format!(
                "It expired on {}, 90 days after it was created (version 3 of the policy, set by Bo on {}).",
                exact(ended),
                exact(since)
            ),
            &format!("Not working since 3 days ago {}", exact(ended)),
            "Last used never",
            "Next step: Generate a new one: this one stays dead.",
        ],
    );
    assert!(!console.says("Expires"), "it has expired");
    axe::check(&console.root).await;
    console.press(Role::Link, "Go to API Access").await;
    until("the page", || address() == "/settings/api-access").await;
}

#[wasm_bindgen_test]
async fn what_only_the_owner_can_do_is_asked_of_the_owner() {
    let mut eves = revoked("ci-runner", "Eve");
    eves.owner = user("Eve");
    let console = checked_one(eves, NextStep::Generate).await;
    says_all(
        &console,
        &[
            "Eve, its owner, revoked it on",
            "Next step: Ask Eve to generate a new one",
        ],
    );
    assert!(console.find(Role::Link, "Go to API Access").is_none());
}

#[wasm_bindgen_test]
async fn a_token_of_somebody_deactivated_leads_an_admin_to_users() {
    let mut eves = revoked("ci-runner", "Ada");
    eves.owner = user("Eve");
    if let Some(end) = &mut eves.end {
        end.reason = EndReason::OwnerDeactivated;
    }
    let console = checked_one(eves, NextStep::AskAdmin).await;
    says_all(&console, &["A System Admin has to reactivate Eve in Acme"]);
    axe::check(&console.root).await;
    console.press(Role::Link, "Go to Users").await;
    until("the page", || address() == "/plans/acme/users").await;
}

#[wasm_bindgen_test]
async fn apps_refresh_their_tokens_or_ask_for_consent_again() {
    let refreshed = of_app(Status::Expired, Some(EndReason::ExpiredByLifetime));
    let console = checked_one(refreshed, NextStep::Refresh).await;
    says_all(
        &console,
        &[
            "tnr_oat_…9fQ2 OAuth access token Expired",
            "Why It is Zapper's.",
            "App Zapper",
            "Zapper refreshes it: its refresh token still works.",
        ],
    );
    axe::check(&console.root).await;
    drop(console);
    let reused = of_app(Status::Revoked, Some(EndReason::Reused));
    let console = checked_one(reused, NextStep::AuthorizeAgain).await;
    says_all(&console, &["Authorize Zapper again"]);
}

#[wasm_bindgen_test]
async fn expiring_and_suspicious_tokens_are_rotated() {
    let soon = Token {
        status: Status::Expiring,
        ..token("ci-runner")
    };
    let console = checked_one(soon, NextStep::Rotate).await;
    says_all(&console, &["Expiring", "Next step: Rotate it"]);
    console.get(Role::Link, "Go to API Access");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn several_tokens_that_end_alike_are_all_told() {
    let mut tokens = found(token("ci-runner"), NextStep::Nothing);
    tokens.extend(found(revoked("spare", "Ada"), NextStep::Generate));
    let console = checked(server(Found::Token, tokens), "9fQ2").await;
    console.get(Role::Heading, "2 tokens found");
    says_all(
        &console,
        &["ci-runner", "spare", "Ada, its owner, revoked it on"],
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_typo_and_an_unknown_text_are_told_apart() {
    let console = checked(server(Found::Malformed, Vec::new()), "tnr_pat_x").await;
    console.get(Role::Heading, "A typo, or cut off");
    says_all(
        &console,
        &["This is a token's text with a typo or cut off."],
    );
    assert!(select(&console.root, "textarea").is_empty(), "no report");
    axe::check(&console.root).await;
    answer(&console.server, Found::Unknown, Vec::new());
    console.press(Role::Button, "Check").await;
    console.get(Role::Heading, "No such token");
    assert!(console.find(Role::Heading, "A typo, or cut off").is_none());
    says_all(
        &console,
        &[
            "It was never issued here, or it is not yours to see in Acme.",
            "those are found that were refused within the last day",
        ],
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn the_id_of_a_refused_call_tells_what_refused_it() {
    let dead = revoked("ci-runner", "Ada");
    let since = dead.end.as_ref().map(|end| end.at);
    let call = RefusedCall {
        at: fixtures::NOW,
        outcome: Outcome::Revoked,
        scope: None,
        resource: Some("api.example/orders".to_owned()),
        since,
        token: Some(dead.id.clone()),
    };
    let server = server(Found::Unknown, Vec::new());
    let told = Checked {
        found: Found::Refusal,
        tokens: found(dead, NextStep::Generate),
        refusals: vec![call.clone()],
    };
    server.json(Method::Post, CHECKS, &told);
    let console = checked(server, "0195a000-0000-7000-8000-000000000000").await;
    console.get(Role::Heading, "A refused call");
    let words = [
        "at api.example/orders. ci-runner had been revoked. It had not worked since",
        "Next step:",
    ];
    says_all(&console, &words);
    axe::check(&console.root).await;
    let told = Checked {
        found: Found::Refusal,
        tokens: Vec::new(),
        refusals: vec![RefusedCall {
            outcome: Outcome::Malformed,
            resource: None,
            since: None,
            token: None,
            ..call
        }],
    };
    console.server.json(Method::Post, CHECKS, &told);
    console.press(Role::Button, "Check").await;
    says_all(&console, &["What it brought is not the text of a token."]);
    assert!(select(&console.root, "textarea").is_empty(), "no report");
    axe::check(&console.root).await;
}
