//! Deactivating and reactivating, when it does not go well.

use super::*;

fn conflict(server: &Fake, path: &str, detail: &str) {
    let problem = Problem {
        detail: Some(detail.to_owned()),
        reference: "ref-1".to_owned(),
        ..Problem::new(Kind::Conflict)
    };
    let answer = Response::json(409, &problem);
    server.on(Method::Post, path, move |_| answer.clone());
}

#[wasm_bindgen_test]
async fn a_conflict_is_said_in_the_servers_sentence() {
    let console = with_bo(1, &[]).await;
    conflict(
        &console.server,
        DEACTIVATE_BO,
        "this is the plan's last System Admin",
    );
    asked(&console).await;
    let fetched = console.server.count(Method::Get, USERS);
    console
        .press(Role::Button, "Deactivate and end 1 token")
        .await;
    let alert = console.all(Role::Alert).remove(0).inner_text();
    assert!(
        alert.contains("This is the plan's last System Admin."),
        "{alert}"
    );
    assert!(alert.contains("Nothing was changed."), "{alert}");
    assert!(!alert.contains("ref-1"), "there is nothing to look up");
    axe::check(&console.root).await;
    assert!(
        console.server.count(Method::Get, USERS) > fetched,
        "somebody else may have changed the list"
    );
    console.press(Role::Button, "Cancel").await;
    assert!(row(&console, "Bo").is_some_and(|bo| bo.contains("Active")));
    asked(&console).await;
    assert!(console.all(Role::Alert).is_empty(), "it starts anew");
}

#[wasm_bindgen_test]
async fn without_knowing_what_it_ends_nothing_can_be_deactivated() {
    let console = with_bo(1, &[]).await;
    console
        .server
        .problem(Method::Get, DEACTIVATE_BO, Kind::Internal);
    let dialog = asked(&console).await;
    assert!(dialog.inner_text().contains("ref-1"));
    assert!(select(&dialog, ".danger").is_empty());
    axe::check(&console.root).await;
    let known = ends(person("Bo", 1), &[]);
    console.server.json(Method::Get, DEACTIVATE_BO, &known);
    console.press(Role::Button, "Try again").await;
    console.get(Role::Button, "Deactivate and end 1 token");
}

#[wasm_bindgen_test]
async fn while_it_is_found_out_what_ends_only_cancel_can_be_pressed() {
    let console = with_bo(1, &[]).await;
    let held = console.server.hold(Method::Get, DEACTIVATE_BO);
    let dialog = asked(&console).await;
    console.advance(200).await;
    assert!(dialog.inner_text().contains("Loading"));
    let names: Vec<_> = select(&dialog, "button")
        .iter()
        .map(HtmlElement::inner_text)
        .collect();
    assert_eq!(names, ["Cancel"]);
    axe::check(&console.root).await;
    held.release();
    until("it is known", || {
        console
            .find(Role::Button, "Deactivate and end 1 token")
            .is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_server_out_of_reach_leaves_the_dialog_open_and_says_what_to_do() {
    let server = server(vec![ada(), deactivated("Bo")]);
    server.json(Method::Post, REACTIVATE_BO, &person("Bo", 0));
    let console = Console::open_at(PAGE, server).await;
    focus_and_press(&button_of(&console, "Bo")).await;
    console.server.set_connected(false);
    let dialog = console.get(Role::Dialog, "Reactivate Bo?");
    select(&dialog, ".primary")[0].click();
    settle().await;
    assert!(
        dialog
            .inner_text()
            .contains("It may have been done or not.")
    );
    console.server.set_connected(true);
    select(&dialog, ".primary")[0].click();
    settle().await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(row(&console, "Bo").is_some_and(|bo| bo.contains("Active")));
}
