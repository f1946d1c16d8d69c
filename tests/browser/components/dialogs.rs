//! Dialogs and confirmations.

use super::*;

/// A dialog with an opener, a field, and a way out.
fn dialog(open: RwSignal<bool>, busy: RwSignal<bool>, at_stake: RwSignal<bool>) -> impl IntoView {
    let guard = LeaveGuard {
        active: at_stake.into(),
        question: "Leave it?",
        stay: "Stay",
        leave: "Leave",
    };
    view! {
        <button id="opener" class="btn" on:click=move |_| open.set(true)>"Open"</button>
        <Dialog open title="A question".to_owned() guard busy>
            <p>"the secret"</p>
            <input aria-label="Answer"/>
            <Close/>
        </Dialog>
    }
}

#[component]
fn Close() -> impl IntoView {
    let dialog = DialogHandle::of_context().expect("it stands in a dialog");
    view! { <button class="btn" on:click=move |_| dialog.close()>"Close"</button> }
}

/// Mounts [`dialog`], opens it, and waits until it is there.
async fn opened(
    busy: RwSignal<bool>,
    at_stake: RwSignal<bool>,
) -> (HtmlElement, RwSignal<bool>, fn()) {
    let open = RwSignal::new(false);
    let (root, take_away) = mount(move || dialog(open, busy, at_stake));
    let opener = button(&root, "Open");
    opener.focus().expect("it takes the focus");
    opener.click();
    settle().await;
    (root, open, take_away)
}

#[wasm_bindgen_test]
async fn a_dialog_is_modal_takes_the_focus_and_gives_it_back() {
    let no = RwSignal::new(false);
    let (root, open, take_away) = opened(no, no).await;
    let dialog = one(&root, "dialog[open]");
    assert_eq!(accessible_name(&dialog), "A question");
    assert!(dialog.matches(":modal").expect("a selector"));
    assert!(dialog.contains(focused().as_deref()), "the focus is inside");
    axe::check(&root).await;
    key(&dialog, "Escape");
    settle().await;
    assert!(!open.get_untracked());
    assert!(has_focus(&button(&root, "Open")), "the opener has it again");
    let html = root.inner_html();
    assert!(
        !html.contains("the secret"),
        "nothing of it is left: {html}"
    );
    take_away();
}

#[wasm_bindgen_test]
async fn a_guarded_dialog_asks_before_it_closes() {
    let (no, at_stake) = (RwSignal::new(false), RwSignal::new(true));
    let (root, open, take_away) = opened(no, at_stake).await;
    axe::put_styles();
    let answer = one(&root, "input");
    answer.focus().expect("it takes the focus");
    key(&one(&root, "dialog"), "Escape");
    settle().await;
    assert!(open.get_untracked(), "it asks");
    assert!(has_focus(&button(&root, "Stay")));
    axe::check(&root).await;
    button(&root, "Stay").click();
    settle().await;
    assert!(open.get_untracked());
    assert!(has_focus(&answer), "back to where it was");
    button(&root, "Close").click();
    settle().await;
    button(&root, "Leave").click();
    settle().await;
    assert!(!open.get_untracked());
    take_away();
}

#[wasm_bindgen_test]
async fn a_guard_with_nothing_at_stake_asks_nothing() {
    let no = RwSignal::new(false);
    let (root, open, take_away) = opened(no, no).await;
    button(&root, "Close").click();
    settle().await;
    assert!(!open.get_untracked());
    take_away();
}

#[wasm_bindgen_test]
async fn news_of_an_earlier_closing_leave_a_dialog_that_was_opened_again() {
    let no = RwSignal::new(false);
    let (root, open, take_away) = opened(no, no).await;
    let dialog = one(&root, "dialog[open]");
    for _ in 0..2 {
        open.set(false);
        leptos::task::tick().await;
        open.set(true);
        leptos::task::tick().await;
    }
    fire(&dialog, "close");
    settle().await;
    assert!(open.get_untracked());
    one(&root, "dialog[open]");
    take_away();
}

#[wasm_bindgen_test]
async fn nothing_closes_a_dialog_that_is_at_work() {
    let (busy, no) = (RwSignal::new(true), RwSignal::new(false));
    let (root, open, take_away) = opened(busy, no).await;
    key(&one(&root, "dialog"), "Escape");
    fire(&one(&root, "dialog"), "cancel");
    button(&root, "Close").click();
    settle().await;
    assert!(open.get_untracked());
    busy.set(false);
    button(&root, "Close").click();
    settle().await;
    assert!(!open.get_untracked());
    take_away();
}

#[wasm_bindgen_test]
async fn a_confirmation_says_what_it_will_do_and_does_it_when_told() {
    let (open, busy) = (RwSignal::new(true), RwSignal::new(false));
    let done = RwSignal::new(0);
    let (root, take_away) = mount(move || {
        let on_confirm = Callback::new(move |()| done.update(|count| *count += 1));
        view! {
            <Confirm
                open
                title="Revoke it?".to_owned()
                action="Revoke"
                cancel="Cancel"
                busy
                on_confirm
            >
                <p>"It stops working."</p>
            </Confirm>
        }
    });
    settle().await;
    assert!(root.inner_text().contains("It stops working."));
    assert!(
        has_focus(&button(&root, "Cancel")),
        "Enter does nothing yet"
    );
    axe::check(&root).await;
    button(&root, "Revoke").click();
    assert_eq!(done.get_untracked(), 1);
    assert!(open.get_untracked(), "it stays until the work is done");
    busy.set(true);
    settle().await;
    button(&root, "Revoke").click();
    assert_eq!(done.get_untracked(), 1, "not twice");
    busy.set(false);
    settle().await;
    button(&root, "Cancel").click();
    settle().await;
    assert!(!open.get_untracked());
    take_away();
}
