//! Locked, missing, on its way, interrupted; and the main job by keyboard.

use super::*;

#[wasm_bindgen_test]
async fn on_a_pro_plan_the_tile_is_there_locked_and_says_why() {
    let server = fixtures::server_of(&fixtures::admin_of_two());
    let console = Console::open_at("/plans/basil/security-control", server).await;
    let switch = console.get(Role::Switch, "Expiration period");
    assert!(switch.has_attribute("disabled"));
    let ids = switch
        .get_attribute("aria-describedby")
        .expect("it says why");
    let why = document()
        .get_element_by_id(&ids)
        .and_then(|it| it.text_content());
    assert!(why.is_some_and(|why| why.contains("Business and Enterprise plans")));
    assert!(console.says("Basil, Pro plan"));
    for name in ["Activate", "Change", "Turn off"] {
        assert!(console.find(Role::Button, name).is_none(), "{name}");
    }
    let asked = console
        .server
        .count(Method::Get, "/plans/basil/expiration-policy");
    assert_eq!(asked, 0, "there is nothing to ask for");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn a_policy_that_does_not_come_is_a_problem_with_a_way_on() {
    let server = fixtures::server();
    server.problem(Method::Get, POLICY, Kind::Internal);
    let console = Console::open_at(PAGE, server).await;
    assert!(console.says("ref-1"));
    assert!(console.find(Role::Switch, "Expiration period").is_none());
    axe::check(&console.root).await;
    console
        .server
        .json(Method::Get, POLICY, &version(1, Some(DAYS_90), "Bo"));
    console.press(Role::Button, "Try again").await;
    assert!(is_on(&console));
}

#[wasm_bindgen_test]
async fn while_the_policy_is_on_its_way_its_place_is_kept() {
    let server = fixtures::server();
    let held = server.hold(Method::Get, POLICY);
    let console = Console::open_at(PAGE, server).await;
    console.advance(200).await;
    assert!(console.says("Loading"));
    axe::check(&console.root).await;
    held.release();
    until("the tile is there", || {
        console.find(Role::Switch, "Expiration period").is_some()
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_session_that_ends_in_mid_edit_is_renewed_and_the_edit_goes_on() {
    let console = editing(fixtures::server()).await;
    console.fill("Duration", "45").await;
    console
        .server
        .problem(Method::Put, POLICY, Kind::SessionExpired);
    console.press(Role::Button, "Activate").await;
    let dialog = console.get(Role::Dialog, "Sign in to go on");
    assert!(dialog.inner_text().contains("Nothing is lost"));
    console
        .server
        .json(Method::Post, "/session", &fixtures::ada());
    console.server.json(
        Method::Put,
        POLICY,
        &version(1, Some((45, Unit::Days)), "Ada"),
    );
    console.fill("Password", "tenure-demo").await;
    let form = dialog
        .query_selector("form")
        .expect("a selector")
        .expect("a form");
    fire(form.unchecked_ref(), "submit");
    until("the edit is done", || console.says("In force since")).await;
    assert_eq!(puts(&console), 2, "asked again by itself");
    assert!(console.says("45 days"));
}

#[wasm_bindgen_test]
async fn the_main_job_is_native_controls_in_the_order_of_reading() {
    let console = editing(fixtures::server()).await;
    let main = crate::harness::select(&console.root, "main")
        .into_iter()
        .next();
    let main = main.expect("a main part");
    let focusable = crate::harness::select(&main, "button, input, select, a[href], [tabindex='0']");
    let names: Vec<_> = focusable.iter().map(accessible_name).collect();
    let expected = [
        "Expiration period",
        "Duration",
        "Unit",
        "Expire unused tokens",
        "Now",
        "At a set time",
        "Activate",
        "Cancel",
    ];
    assert_eq!(names[..8], expected);
    for element in &focusable[..8] {
        assert!(element.tab_index() == 0, "Tab reaches it");
    }
    let kinds: Vec<_> = focusable.iter().map(|it| it.tag_name()).collect();
    assert_eq!(
        kinds[..8],
        [
            "BUTTON", "INPUT", "SELECT", "BUTTON", "INPUT", "INPUT", "BUTTON", "BUTTON"
        ]
    );
    // Enter in a field submits: the first submitting button of the form is Activate.
    let submits = crate::harness::select(&main, "form button[type=submit]");
    assert_eq!(
        submits.iter().map(accessible_name).collect::<Vec<_>>(),
        ["Activate"]
    );
}
