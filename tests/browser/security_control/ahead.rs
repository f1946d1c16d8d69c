//! What is said before a button is pressed: whose schedule it cancels, which instant is right, and that it is for later.

use tenure_console::components::date_time::{instant, local};
use tenure_domain::wire::impact::PolicyImpact;

use super::{
    schedule::{at, comes, ending, later, on_top, proposed, refused_instant, scheduled, this},
    *,
};

#[wasm_bindgen_test]
async fn what_somebody_has_scheduled_is_not_cancelled_without_a_word() {
    let server = server_with(&on_top());
    server.json(Method::Post, PREVIEW, &ending(0));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Change").await;
    console.fill("Duration", "200").await;
    assert!(console.says(&this("cancels")), "{}", console.text());
    later(&console).await;
    assert!(console.says(&this("replaces")) && !console.says("This cancels"));
    axe::check(&console.root).await;
    axe::reflows(&console.root);
    // Where tokens end as well, the dialog says both.
    console.field("Now").click();
    settle().await;
    console.server.json(Method::Post, PREVIEW, &ending(2));
    console.press(Role::Button, "Activate").await;
    let dialog = console.get(Role::Dialog, "Activate and stop 2 tokens?");
    assert!(dialog.inner_text().contains(&this("cancels")));
    axe::check(&console.root).await;
    press_in(&dialog, "Cancel").await;
    console.press(Role::Button, "Cancel").await;
    console.press(Role::Button, "Turn off").await;
    let dialog = console.get(Role::Dialog, "Turn off the expiration period?");
    assert!(dialog.inner_text().contains(&this("cancels")));
    assert_eq!(puts(&console), 0);
}

async fn press_in(dialog: &HtmlElement, name: &str) {
    let buttons = crate::harness::select(dialog, "button");
    let button = buttons.into_iter().find(|it| accessible_name(it) == name);
    button.expect("a button of that name").click();
    settle().await;
}

#[wasm_bindgen_test]
async fn a_proposal_stays_right_and_what_a_person_picked_stays() {
    let server = fixtures::server();
    let console = editing(server).await;
    later(&console).await;
    // Nobody would lose anything: it may be soon, but not so soon that it has passed once it is read.
    assert_eq!(at(&console), local(proposed(fixtures::NOW)));
    let soon = fixtures::NOW.saturating_add(7 * DAY);
    let warned = PolicyImpact {
        earliest_with_notice: soon,
        ..ending(2)
    };
    console.server.json(Method::Post, PREVIEW, &warned);
    console.fill("Duration", "10").await;
    console.advance(300).await;
    let follows = || at(&console) == local(proposed(soon));
    until("it follows what is counted", follows).await;
    let server_time = |after| {
        console
            .server
            .set_server_time(fixtures::NOW.saturating_add(after));
    };
    server_time(20 * MINUTE);
    console.advance(20 * MINUTE).await;
    let on = proposed(soon.saturating_add(20 * MINUTE + 300));
    let moves_on =
        || instant(&at(&console)).is_some_and(|at| at >= soon.saturating_add(20 * MINUTE));
    until("it moves on with the clock", moves_on).await;
    assert!(instant(&at(&console)) <= Some(on), "and no further");

    let picked = local(fixtures::NOW.saturating_add(2 * DAY));
    console.fill("Date and time", &picked).await;
    let early = PolicyImpact {
        takes_effect_at: fixtures::NOW.saturating_add(2 * DAY),
        ..warned
    };
    console.server.json(Method::Post, PREVIEW, &early);
    server_time(30 * MINUTE);
    console.advance(10 * MINUTE).await;
    assert_eq!(at(&console), picked, "it is theirs");
    let buttons = console.all(Role::Button).into_iter();
    let mut names = buttons.map(|button| accessible_name(&button));
    let name = names.find(|name| name.starts_with("Use "));
    axe::check(&console.root).await;
    console
        .press(Role::Button, &name.expect("a button that takes it over"))
        .await;
    let earliest = soon.saturating_add(30 * MINUTE);
    assert!(instant(&at(&console)) >= Some(earliest), "{}", at(&console));
    assert!(focus_is_on("Date and time"));
}

#[wasm_bindgen_test]
async fn what_is_for_later_is_worded_so() {
    let server = fixtures::server();
    server.json(Method::Post, PREVIEW, &ending(7));
    server.json(Method::Put, POLICY, &scheduled(1));
    let console = editing(server).await;
    later(&console).await;
    console.fill("Date and time", &local(comes())).await;
    console.advance(300).await;
    let on = format::instant(comes(), Detail::LongMinute, Zone::Viewer);
    let heading = format!("What this does on {on} to 7 tokens");
    assert!(
        console.find(Role::Heading, &heading).is_some(),
        "{}",
        console.text()
    );
    let panel = crate::harness::select(&console.root, ".impact")[0].inner_text();
    assert!(
        !panel.contains("at once") && panel.contains("stop working then"),
        "{panel}"
    );
    console.press(Role::Button, "Schedule").await;
    let title = format!("Schedule for {on}, and stop 7 tokens then?");
    let dialog = console.get(Role::Dialog, &title);
    let words = dialog.inner_text();
    assert!(words.contains("You can cancel it until then."), "{words}");
    assert!(!words.contains("cannot be undone"));
    axe::check(&console.root).await;
    console
        .fill("Number of tokens that stop working", "7")
        .await;
    press_in(&dialog, "Schedule").await;
    assert!(last_put(&console).0.contains(r#""ends_at_most":7"#));
}

#[wasm_bindgen_test]
async fn nothing_that_is_read_aloud_speaks_of_activate_once_it_is_for_later() {
    let server = server_with(&version(1, Some(DAYS_90), "Ada"));
    server.json(Method::Post, PREVIEW, &ending(3));
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Change").await;
    console.fill("Duration", "9").await;
    console.advance(300).await;
    assert!(console.says("the moment you press Activate"));
    later(&console).await;
    console.advance(300).await;
    assert!(!console.says("the moment you press Activate"));
    let live = crate::harness::select(&console.root, "[aria-live]");
    let live: Vec<_> = live.iter().filter_map(|it| it.text_content()).collect();
    let aloud = live.join(" ");
    assert!(
        !aloud.contains("Activate") && !aloud.contains("at once"),
        "{aloud}"
    );
    assert!(
        aloud.contains("3 tokens would stop working then"),
        "{aloud}"
    );
}

#[wasm_bindgen_test]
async fn an_instant_that_cannot_be_is_said_beside_its_field_while_it_is_picked() {
    let console = editing(fixtures::server()).await;
    later(&console).await;
    let answer = refused_instant();
    console
        .server
        .on(Method::Post, PREVIEW, move |_| answer.clone());
    console.fill("Date and time", "2020-01-01T00:00").await;
    console.advance(300).await;
    assert!(console.says("Pick an instant that is still to come."));
    let field = console.field("Date and time");
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert!(
        !focus_is_on("Date and time"),
        "whoever is elsewhere stays there"
    );
    assert!(!console.says("Try again"), "{}", console.text());
    axe::check(&console.root).await;
    console.fill("Date and time", "").await;
    assert!(console.says("Pick an instant to see which tokens it would end then."));
    assert!(!console.says("Type a period"));
}
