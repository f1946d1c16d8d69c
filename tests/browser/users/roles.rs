//! What somebody is in the plan, chosen in their row and asked before it is done.

use super::*;
use crate::harness::fire;

const ROLE_OF_BO: &str = "/plans/acme/users/bo/role";

async fn choose(console: &Console, name: &str, role: &str) {
    let select = role_of(console, name);
    select.focus().expect("it takes the focus");
    select.set_value(role);
    fire(&select, "change");
    settle().await;
}

fn admin(name: &str, others_administer: bool) -> PlanUser {
    PlanUser {
        role: PlanRole::SystemAdmin,
        others_administer,
        ..person(name, 0)
    }
}

#[wasm_bindgen_test]
async fn choosing_a_role_says_what_it_means_and_changes_nothing_yet() {
    let console = with_bo(1, &[]).await;
    choose(&console, "Bo", "system_admin").await;
    let dialog = console.get(Role::Dialog, "Make Bo a System Admin?");
    let words = dialog.inner_text();
    for part in ["answer for Acme", "every token in it", "deactivate you"] {
        assert!(words.contains(part), "{part:?} in {words}");
    }
    assert_eq!(console.server.count(Method::Put, ROLE_OF_BO), 0);
    axe::check(&console.root).await;
    console.press(Role::Button, "Cancel").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert_eq!(chosen_role(&console, "Bo"), "member", "it shows what is");
    assert_eq!(console.server.count(Method::Put, ROLE_OF_BO), 0);
    assert_eq!(focused(), Some(role_of(&console, "Bo").into()));
}

#[wasm_bindgen_test]
async fn a_role_that_was_changed_stands_in_the_row() {
    let console = with_bo(1, &[]).await;
    choose(&console, "Bo", "system_admin").await;
    let made = admin("Bo", true);
    console.server.json(Method::Put, ROLE_OF_BO, &made);
    console
        .server
        .json(Method::Get, USERS, &page(vec![ada(), made]));
    console.press(Role::Button, "Make System Admin").await;
    assert!(console.all(Role::Dialog).is_empty());
    assert!(console.says("Bo is a System Admin now."));
    assert_eq!(chosen_role(&console, "Bo"), "system_admin");
    let calls = console.server.calls();
    let sent = calls.iter().find(|call| call.method == Method::Put);
    let body = sent.and_then(|call| call.body.clone());
    assert_eq!(body.as_deref(), Some(r#"{"role":"system_admin"}"#));
    let focus = focused().and_then(|it| it.text_content());
    assert!(focus.is_some_and(|row| row.starts_with("Bo")));
    axe::check(&console.root).await;
}

/// The rule is the server's: where it would refuse, there is nothing to choose.
#[wasm_bindgen_test]
async fn the_only_admin_has_nothing_to_choose() {
    let ada = admin("Ada", false);
    let console = Console::open_at(PAGE, server(vec![ada, person("Bo", 0)])).await;
    let ada = row(&console, "Ada").expect("a row");
    assert!(ada.contains("System Admin since"), "{ada}");
    assert!(ada.ends_with("The only System Admin"), "{ada}");
    assert_eq!(select(&console.root, "tbody select").len(), 1, "Bo's");
    assert_eq!(select(&console.root, "tbody button").len(), 1, "Bo's");
    axe::check(&console.root).await;
    axe::reflows(&console.root);
}

#[wasm_bindgen_test]
async fn a_refusal_leaves_the_dialog_open_and_the_role_as_it_is() {
    let server = server(vec![ada(), admin("Bo", true)]);
    let console = Console::open_at(PAGE, server).await;
    let problem = Problem {
        detail: Some("this is the plan's last System Admin".to_owned()),
        ..Problem::new(Kind::Conflict)
    };
    let answer = Response::json(409, &problem);
    console
        .server
        .on(Method::Put, ROLE_OF_BO, move |_| answer.clone());
    choose(&console, "Bo", "member").await;
    let dialog = console.get(Role::Dialog, "Make Bo a member?");
    assert!(dialog.inner_text().contains("loses its Admin Center"));
    console.press(Role::Button, "Make member").await;
    assert!(console.says("This is the plan's last System Admin."));
    console.press(Role::Button, "Cancel").await;
    assert_eq!(chosen_role(&console, "Bo"), "system_admin");
}

/// Whoever steps down sees at once what is theirs to see from then on.
#[wasm_bindgen_test]
async fn an_admin_who_steps_down_leaves_the_admin_center() {
    let console = Console::open_at(PAGE, server(vec![ada(), admin("Bo", true)])).await;
    let mut session = fixtures::ada();
    for plan in &mut session.plans {
        plan.role = PlanRole::Member;
    }
    console.server.json(Method::Get, "/session", &session);
    let stepped_down = person("Ada", 0);
    console
        .server
        .json(Method::Put, "/plans/acme/users/ada/role", &stepped_down);
    console
        .server
        .problem(Method::Get, USERS, Kind::RoleRequired);
    choose(&console, "Ada", "member").await;
    console.press(Role::Button, "Make member").await;
    until("the page is for others", || {
        console
            .find(Role::Heading, "This page is for System Admins")
            .is_some()
    })
    .await;
}
