//! The rules that raise alerts: setting them, and what others set meanwhile.

use super::*;
use crate::live::tell;

#[wasm_bindgen_test]
async fn a_rule_is_set_and_what_is_wrong_stands_beside_its_field() {
    let console = Console::open_at(PAGE, server(&health())).await;
    let path = format!("{RULES}/suspicious_tokens");
    let form = select(&console.root, "form.alert-rule")
        .into_iter()
        .next()
        .expect("a form");
    let fields = select(&form, "input");
    let save = select(&form, "button[type=submit]")
        .into_iter()
        .next()
        .expect("a button");
    type_into(&fields[0], "many").await;
    save.click();
    settle().await;
    assert!(
        form.inner_text()
            .contains("Type a whole number, without a fraction.")
    );
    let puts = |console: &Console| {
        console
            .server
            .calls()
            .iter()
            .filter(|it| it.method == Method::Put)
            .count()
    };
    assert_eq!(puts(&console), 0);
    type_into(&fields[0], "3").await;
    type_into(&fields[1], "2000").await;
    save.click();
    settle().await;
    assert!(
        form.inner_text()
            .contains("It is a whole number from 1 to 1440, a day.")
    );
    assert_eq!(puts(&console), 0);
    axe::check(&console.root).await;
    let kind = AlertKind::SuspiciousTokens;
    console.server.json(
        Method::Put,
        &path,
        &AlertRule::of(kind, kind.default_rule()),
    );
    type_into(&fields[1], "30").await;
    save.click();
    settle().await;
    assert!(console.says("The rule is set."));
    let calls = console.server.calls();
    let body = calls
        .iter()
        .rev()
        .find(|it| it.method == Method::Put)
        .and_then(|it| it.body.clone());
    assert_eq!(
        body.as_deref(),
        Some(r#"{"threshold":3,"minutes":30,"on":true}"#)
    );
}

/// From now on, the first rule is this one.
fn first_rule(server: &Fake, threshold: u32) -> AlertRule {
    let items = AlertKind::ALL.map(|kind| AlertRule::of(kind, kind.default_rule()));
    let mut rules = AlertRules {
        items: items.to_vec(),
    };
    rules.items[0].threshold = threshold;
    server.json(Method::Get, RULES, &rules);
    rules.items[0]
}

fn thresholds(console: &Console) -> HtmlInputElement {
    let field = select(&console.root, "form.alert-rule input").remove(0);
    field.unchecked_into()
}

async fn save_first(console: &Console) {
    select(&console.root, "form.alert-rule button[type=submit]")[0].click();
    settle().await;
}

#[wasm_bindgen_test]
async fn a_rule_that_somebody_else_sets_shows_and_takes_nothing_that_is_typed() {
    let console = Console::open_at(PAGE, server(&health())).await;
    first_rule(&console.server, 8);
    tell(&console, 1, &[Topic::Alerts]).await;
    assert_eq!(thresholds(&console).value(), "8", "nobody typed");
    assert!(!console.says("Somebody else"));

    type_into(&thresholds(&console), "3").await;
    let theirs = first_rule(&console.server, 9);
    tell(&console, 2, &[Topic::Alerts]).await;
    assert_eq!(thresholds(&console).value(), "3");
    assert!(
        console.says("Somebody else set this rule: at least 9 within"),
        "{}",
        console.text()
    );
    axe::check(&console.root).await;

    // Saving is on top of what the page has told.
    let path = format!("{RULES}/{}", theirs.kind.as_str());
    let mine = AlertRule {
        threshold: 3,
        ..theirs
    };
    console.server.json(Method::Put, &path, &mine);
    save_first(&console).await;
    assert!(!console.says("Somebody else"));
    let calls = console.server.calls();
    let sent = calls.iter().rev().find(|it| it.method == Method::Put);
    assert_eq!(sent.and_then(|it| it.if_match.clone()), Some(theirs.etag()));
}

#[wasm_bindgen_test]
async fn a_rule_that_somebody_else_has_just_set_is_not_overwritten_unseen() {
    let console = Console::open_at(PAGE, server(&health())).await;
    type_into(&thresholds(&console), "3").await;
    let theirs = first_rule(&console.server, 9);
    let path = format!("{RULES}/{}", theirs.kind.as_str());
    console
        .server
        .problem(Method::Put, &path, Kind::StaleVersion);
    save_first(&console).await;
    assert!(console.says("Somebody else changed this in the meantime."));
    assert!(console.says("Somebody else set this rule: at least 9 within"));
    assert_eq!(thresholds(&console).value(), "3");
    console.press(Role::Button, "Use theirs").await;
    assert_eq!(thresholds(&console).value(), "9");
    assert_eq!(focused(), Some(thresholds(&console).into()));
    assert!(!console.says("Somebody else"));
}
