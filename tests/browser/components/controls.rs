//! Fields, switches, pills, times, buttons.

use super::*;

#[wasm_bindgen_test]
async fn a_field_wires_its_label_hint_and_reason_to_its_input() {
    let error = RwSignal::new(None::<String>);
    let typed = RwSignal::new(String::new());
    let (root, take_away) = mount(move || {
        view! {
            <Field id="f-name".to_owned() label="Name" hint="One line." error=error>
                <TextInput
                    value=typed.into()
                    on_input=Callback::new(move |text| typed.set(text))
                />
            </Field>
        }
    });
    let input = one(&root, "input");
    assert_eq!(accessible_name(&input), "Name");
    assert_eq!(description(&input), "One line.");
    assert_eq!(input.get_attribute("aria-invalid"), None);
    error.set(Some("Type a name.".to_owned()));
    settle().await;
    assert_eq!(description(&input), "Type a name. One line.");
    assert_eq!(input.get_attribute("aria-invalid").as_deref(), Some("true"));
    let field: web_sys::HtmlInputElement = input.clone().unchecked_into();
    field.set_value("ci");
    fire(&input, "input");
    assert_eq!(typed.get_untracked(), "ci");
    axe::check(&root).await;
    take_away();
}

#[wasm_bindgen_test]
async fn a_number_field_hands_on_what_is_typed_and_follows_what_is_set() {
    let value = RwSignal::new("90".to_owned());
    let (root, take_away) = mount(move || {
        view! {
            <Field id="f-number".to_owned() label="Duration" error=Signal::stored(None::<String>)>
                <NumberInput
                    value=value.into()
                    max=Signal::stored(Some(120))
                    on_input=Callback::new(move |text| value.set(text))
                />
            </Field>
        }
    });
    settle().await;
    let input: web_sys::HtmlInputElement = one(&root, "input[type=number]").unchecked_into();
    assert_eq!(input.value(), "90");
    assert_eq!(input.max(), "120");
    for text in ["1.5", "-3", "99999", ""] {
        input.set_value(text);
        fire(&input, "input");
        settle().await;
        assert_eq!(value.get_untracked(), text);
        assert_eq!(input.value(), text, "what is typed stays");
    }
    value.set("7".to_owned());
    settle().await;
    assert_eq!(input.value(), "7");
    take_away();
}

#[wasm_bindgen_test]
async fn a_select_shows_and_hands_on_the_choice() {
    let value = RwSignal::new("days".to_owned());
    let options = vec![
        ("days".to_owned(), "Days".to_owned()),
        ("years".to_owned(), "Years".to_owned()),
    ];
    let (root, take_away) = mount(move || {
        view! {
            <Field id="f-unit".to_owned() label="Unit" error=Signal::stored(None::<String>)>
                <Select
                    value=value.into()
                    on_change=Callback::new(move |key| value.set(key))
                    options
                />
            </Field>
        }
    });
    settle().await;
    let select: web_sys::HtmlSelectElement = one(&root, "select").unchecked_into();
    assert_eq!(select.value(), "days");
    select.set_value("years");
    fire(&select, "change");
    assert_eq!(value.get_untracked(), "years");
    value.set("days".to_owned());
    settle().await;
    assert_eq!(select.value(), "days");
    take_away();
}

#[wasm_bindgen_test]
async fn a_switch_asks_and_moves_only_when_its_owner_says_so() {
    let on = RwSignal::new(false);
    let asked = RwSignal::new(Vec::new());
    let (root, take_away) = mount(move || {
        let on_change = Callback::new(move |wanted| asked.update(|all| all.push(wanted)));
        view! { <Switch label="Expiration period" on=on on_change/> }
    });
    let switch = one(&root, "[role=switch]");
    assert_eq!(accessible_name(&switch), "Expiration period");
    switch.click();
    settle().await;
    assert_eq!(asked.get_untracked(), [true]);
    assert_eq!(
        switch.get_attribute("aria-checked").as_deref(),
        Some("false")
    );
    on.set(true);
    settle().await;
    assert_eq!(
        switch.get_attribute("aria-checked").as_deref(),
        Some("true")
    );
    switch.click();
    assert_eq!(asked.get_untracked(), [true, false]);
    axe::check(&root).await;
    take_away();
}

#[wasm_bindgen_test]
async fn every_status_has_an_icon_and_a_word_of_its_own() {
    let (root, take_away) = mount(|| {
        let pill = |status| view! { <StatusPill status/> };
        view! { <p>{Status::ALL.map(pill).into_iter().collect_view()}</p> }
    });
    axe::put_styles();
    let pills = select(&root, ".pill");
    let words: Vec<_> = pills.iter().map(HtmlElement::inner_text).collect();
    let expected = [
        "Revoked",
        "Expired",
        "Suspicious",
        "Expiring",
        "In use",
        "Idle",
    ];
    assert_eq!(words, expected);
    for (pill, status) in pills.iter().zip(Status::ALL) {
        let icon = pill
            .query_selector("svg[aria-hidden=true] use")
            .expect("a selector");
        let drawing = icon.and_then(|it| it.get_attribute("href"));
        assert!(
            drawing.is_some_and(|it| it.starts_with("#icon-")),
            "{status:?}"
        );
    }
    let colour = |status: usize| pills[status].class_name();
    assert_eq!(colour(2), "pill amber", "suspicious is yellow");
    assert_eq!(colour(3), "pill red", "expiring is red");
    assert_eq!(colour(4), "pill green", "in use is green");
    assert_eq!(colour(5), "pill gray", "idle is gray");
    axe::check(&root).await;
    take_away();
}

#[wasm_bindgen_test]
async fn a_relative_time_follows_the_clock_and_says_exactly_when_on_focus() {
    let now = RwSignal::new(fixtures::NOW);
    let at = fixtures::NOW.saturating_add(2 * DAY + HOUR);
    let (root, take_away) = mount(move || {
        view! { <p><RelativeTime at now beneath=Beneath::Exact/></p> }
    });
    axe::put_styles();
    let tip = one(&root, ".tip");
    let words = || one(&root, "time").inner_text();
    assert_eq!(words(), "in 2 days");
    now.set(at.saturating_add(-HOUR));
    settle().await;
    assert_eq!(words(), "in 1 hour");
    let exact = format::instant(at, Detail::Minute, Zone::Viewer);
    assert!(root.inner_text().contains(&exact), "the exact time beneath");
    let time = one(&root, "time");
    assert_eq!(time.get_attribute("datetime"), Some(at.to_string()));
    assert_eq!(description(&tip), format::utc(at), "UTC at hand");

    let visible = || {
        let text = root
            .query_selector("[role=tooltip]")
            .expect("a selector")
            .expect("a tip");
        let style = window()
            .get_computed_style(&text)
            .expect("a style")
            .expect("a style");
        style.get_property_value("display").expect("a property") != "none"
    };
    assert!(!visible());
    tip.focus().expect("it takes the focus");
    assert!(visible(), "on focus");
    key(&tip, "Escape");
    settle().await;
    assert!(!visible(), "put away by Escape");
    axe::check(&root).await;
    take_away();
}

#[wasm_bindgen_test]
async fn a_busy_button_keeps_its_name_and_the_focus_and_ignores_presses() {
    let busy = RwSignal::new(false);
    let presses = RwSignal::new(0);
    let (root, take_away) = mount(move || {
        let on_press = Callback::new(move |()| presses.update(|count| *count += 1));
        view! { <Button busy on_press>"Activate"</Button> }
    });
    let it = button(&root, "Activate");
    it.focus().expect("it takes the focus");
    it.click();
    busy.set(true);
    settle().await;
    it.click();
    assert_eq!(presses.get_untracked(), 1);
    assert_eq!(it.get_attribute("aria-disabled").as_deref(), Some("true"));
    assert_eq!(it.get_attribute("aria-busy").as_deref(), Some("true"));
    assert!(has_focus(&it));
    axe::check(&root).await;
    take_away();
}

#[wasm_bindgen_test]
fn an_instant_that_never_comes_is_no_trouble() {
    let (root, take_away) = mount(|| {
        view! { <RelativeTime at=Timestamp::MAX now=Signal::stored(fixtures::NOW)/> }
    });
    assert!(
        root.inner_text().starts_with("in "),
        "{}",
        root.inner_text()
    );
    take_away();
}
