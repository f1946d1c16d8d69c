//! Deactivating and reactivating, when it goes well.

use super::*;

#[wasm_bindgen_test]
async fn before_somebody_is_deactivated_it_is_said_what_that_ends() {
    let console = with_bo(4, &["Zapper", "Loom"]).await;
    let dialog = asked(&console).await;
    let words = dialog.inner_text();
    for part in [
        "Bo can no longer act in Acme",
        "4 tokens stop working",
        "nightly-export",
        "ci-runner",
        "and 2 more",
        "2 apps lose access",
        "Zapper",
        "Loom",
        "This cannot be undone: reactivating Bo later brings none of it back.",
        "It concerns Acme alone",
    ] {
        assert!(words.contains(part), "{part:?} in {words}");
    }
    console.get(Role::Button, "Deactivate and end 4 tokens and 2 apps");
    axe::check(&console.root).await;
    console.press(Role::Button, "Cancel").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(console.server.count(Method::Post, DEACTIVATE_BO), 0);
    assert!(focus_is_on("Deactivate"), "the opener has the focus again");
}

#[wasm_bindgen_test]
async fn one_is_one_and_none_is_not_mentioned() {
    let console = with_bo(1, &[]).await;
    let dialog = asked(&console).await;
    assert!(dialog.inner_text().contains("1 token stops working"));
    assert!(
        !dialog.inner_text().contains("app"),
        "no app, no word of it"
    );
    console.get(Role::Button, "Deactivate and end 1 token");
    drop(console);

    let console = with_bo(0, &["Zapper"]).await;
    let dialog = asked(&console).await;
    assert!(dialog.inner_text().contains("1 app loses access"));
    console.get(Role::Button, "Deactivate and end 1 app");
    drop(console);

    let console = with_bo(0, &[]).await;
    let dialog = asked(&console).await;
    assert!(dialog.inner_text().contains("so nothing else ends"));
    let button = select(&dialog, ".danger").into_iter().next();
    assert_eq!(button.expect("a button").inner_text().trim(), "Deactivate");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn invitations_that_are_withdrawn_with_it_are_counted() {
    let console = with_bo(0, &[]).await;
    let also = Deactivation {
        invitations: 2,
        ..ends(person("Bo", 0), &[])
    };
    console.server.json(Method::Get, DEACTIVATE_BO, &also);
    let said = asked(&console).await.inner_text();
    assert!(said.contains("2 invitations are withdrawn"), "{said}");
    assert!(!said.contains("nothing else ends"), "{said}");
}

#[wasm_bindgen_test]
async fn somebody_who_was_deactivated_stands_so_in_the_list() {
    let console = with_bo(4, &["Zapper"]).await;
    asked(&console).await;
    let ended = Deactivation {
        user: deactivated("Bo"),
        ..ends(person("Bo", 4), &["Zapper"])
    };
    console.server.json(Method::Post, DEACTIVATE_BO, &ended);
    console
        .press(Role::Button, "Deactivate and end 4 tokens and 1 app")
        .await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("Bo is deactivated. Ended for good: 4 tokens and 1 app."));
    let bo = row(&console, "Bo").expect("a row");
    assert!(
        bo.ends_with("0 Deactivated 2 hours ago by Ada Reactivate"),
        "{bo}"
    );
    let focus = focused().and_then(|it| it.text_content());
    assert!(
        focus.is_some_and(|row| row.starts_with("Bo")),
        "the focus is on the row that has changed"
    );
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn while_it_is_done_the_button_is_busy_and_the_dialog_stays() {
    let console = with_bo(1, &[]).await;
    let dialog = asked(&console).await;
    let ended = Deactivation {
        user: deactivated("Bo"),
        ..ends(person("Bo", 1), &[])
    };
    console.server.json(Method::Post, DEACTIVATE_BO, &ended);
    let held = console.server.hold(Method::Post, DEACTIVATE_BO);
    let name = "Deactivate and end 1 token";
    console.press(Role::Button, name).await;
    console.press(Role::Button, name).await;
    let button = console.get(Role::Button, name);
    assert_eq!(button.get_attribute("aria-busy").as_deref(), Some("true"));
    axe::check(&console.root).await;
    key(&dialog, "Escape");
    settle().await;
    assert_eq!(
        console.all(Role::Dialog).len(),
        1,
        "it stays until it is done"
    );
    assert_eq!(console.server.count(Method::Post, DEACTIVATE_BO), 1);
    held.release();
    until("it is closed", || console.all(Role::Dialog).is_empty()).await;
}

#[wasm_bindgen_test]
async fn what_it_ends_is_fetched_anew_each_time() {
    let console = with_bo(1, &[]).await;
    asked(&console).await;
    console.press(Role::Button, "Cancel").await;
    let by_now = ends(person("Bo", 2), &[]);
    console.server.json(Method::Get, DEACTIVATE_BO, &by_now);
    asked(&console).await;
    console.get(Role::Button, "Deactivate and end 2 tokens");
}

#[wasm_bindgen_test]
async fn reactivating_says_that_nothing_comes_back() {
    let server = server(vec![ada(), deactivated("Bo")]);
    server.json(Method::Post, REACTIVATE_BO, &person("Bo", 0));
    let console = Console::open_at(PAGE, server).await;
    focus_and_press(&button_of(&console, "Bo")).await;
    let dialog = console.get(Role::Dialog, "Reactivate Bo?");
    let words = dialog.inner_text();
    assert!(words.contains("What has ended stays ended"), "{words}");
    assert!(words.contains("It concerns Acme alone."), "{words}");
    assert!(select(&dialog, ".danger").is_empty(), "it ends nothing");
    axe::check(&console.root).await;
    select(&dialog, ".primary")[0].click();
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(console.server.count(Method::Post, REACTIVATE_BO), 1);
    assert!(console.says("Bo is active again."));
    assert!(row(&console, "Bo").is_some_and(|bo| bo.contains("Active Deactivate")));
}
