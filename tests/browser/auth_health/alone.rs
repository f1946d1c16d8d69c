//! What is shown alone: the tokens behind it, its words, where the focus goes, and the ways to it.

use super::*;

#[wasm_bindgen_test]
async fn an_outcome_leads_to_the_tokens_behind_it_and_back() {
    let server = server(&health());
    let none = SeenTokens {
        from: health().from,
        to: health().to,
        by_day: false,
        tokens: Vec::new(),
    };
    server.json(Method::Get, TOKENS, &none);
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Link, "401: expired").await;
    assert_eq!(address(), format!("{PAGE}?outcome=token_expired"));
    assert!(console.says("Only: 401: expired.") && console.says("No known token is behind it."));
    let asked = console.server.calls();
    let mut of_health = asked
        .iter()
        .filter(|call| call.path.starts_with(&format!("{PAGE}?")));
    let last = of_health.next_back().expect("a call");
    assert_eq!(last.path, format!("{PAGE}?outcome=token_expired"));
    assert!(
        !console.says("By how much of its life"),
        "that is not known of some alone"
    );
    console.pick("Show", "The last hour").await;
    assert_eq!(
        address(),
        format!("{PAGE}?window=hour&outcome=token_expired")
    );
    console.press(Role::Button, "Show all").await;
    assert_eq!(address(), format!("{PAGE}?window=hour"));
    assert!(!console.says("Tokens behind it"));
}

#[wasm_bindgen_test]
async fn a_press_on_a_bar_leads_to_its_tokens_and_the_focus_follows() {
    let server = server(&health());
    let tokens = SeenTokens {
        from: health().from,
        to: health().to,
        by_day: false,
        tokens: vec![seen()],
    };
    server.json(Method::Get, TOKENS, &tokens);
    let console = Console::open_at(PAGE, server).await;
    axe::put_styles();
    let bars = console.root.query_selector_all(".series-links > *");
    let bars = bars.expect("a selector").length();
    assert_eq!(bars, 121, "one for each step of the picture");
    let links = select(&console.root, ".series-links > a");
    assert_eq!(links.len(), 2, "what was seen, and nothing else");
    let tip = links[1].get_attribute("title").expect("a tip");
    assert!(tip.ends_with(": 60 checks, 40 refused or failed"), "{tip}");
    let all = links[1].parent_element().expect("what they stand in");
    assert!(links[1].offset_height() > 100, "as high as the picture");
    let place = f64::from(links[1].offset_left()) / f64::from(all.client_width()) * 121.0;
    assert!((place - 50.0).abs() < 0.5, "it lies over its bar: {place}");

    let answer = console.server.hold(Method::Get, TOKENS);
    links[1].click();
    settle().await;
    let from = health().from.saturating_add(600 * MINUTE).to_string();
    let from = from.split(':').next().expect("an hour");
    assert!(
        address().starts_with(&format!("{PAGE}?from={from}")),
        "{}",
        address()
    );
    assert!(!focus_is_on("behind"), "not before they came");
    answer.release();
    until("they came", || focus_is_on("behind")).await;
    assert!(console.says("deploy-bot"));
    axe::check(&console.root).await;

    // Looking through the windows keeps the focus where it is.
    let show = console.field("Show");
    show.focus().expect("focus");
    console.pick("Show", "The last hour").await;
    assert_eq!(focused(), Some(show.into()));
    console
        .get(Role::Button, "Show all")
        .focus()
        .expect("focus");
    console.press(Role::Button, "Show all").await;
    assert!(focus_is_on("about-health"), "its button is gone");
}

#[wasm_bindgen_test]
async fn a_page_that_opens_with_tokens_leaves_the_focus_where_it_is() {
    let server = server(&health());
    let at = format!("{PAGE}?outcome=token_expired");
    let console = Console::open_at(&at, server).await;
    assert!(console.says("Tokens behind it"));
    assert!(!focus_is_on("behind"));
}

#[wasm_bindgen_test]
async fn what_is_shown_alone_is_said_by_its_name_and_by_the_viewers_clock() {
    let mut named = health();
    named.resources[0].resource = "client:0199".to_owned();
    named.resources[0].name = Some("Orders API".to_owned());
    let from = fixtures::NOW.saturating_add(-3 * HOUR);
    let to = from.saturating_add(MINUTE);
    let span = format!("from={from}&to={to}");
    let at = format!("{PAGE}?resource=client:0199&{span}");
    let console = Console::open_at(&at, server(&named)).await;
    let [from, to] = [from, to].map(|at| format::instant(at, Detail::Minute, Zone::Viewer));
    assert!(
        console.says(&format!("Only: Orders API, {from} – {to}.")),
        "{}",
        console.text()
    );
    drop(console);
    let console = Console::open_at(&format!("{PAGE}?from=noon"), server(&named)).await;
    assert!(!console.says("Only:"), "that is no span");
}

#[wasm_bindgen_test]
async fn an_alert_leads_to_a_time_in_which_it_was_raised() {
    let server = server(&health());
    for (ago, window) in [(HOUR, "day"), (25 * HOUR, "week"), (8 * DAY, "90d")] {
        let page = Page {
            items: vec![Alert {
                fired_at: fixtures::NOW.saturating_add(-ago),
                ..alert(true)
            }],
            next_cursor: None,
        };
        server.json(Method::Get, ALERTS, &page);
        let console = Console::open_at(PAGE, server.clone()).await;
        select(&console.root, "section[aria-label=Alerts] tbody a")[0].click();
        settle().await;
        assert_eq!(address(), format!("{PAGE}?window={window}&client=board"));
        // So are the tokens behind it, a step less for clocks that differ.
        let calls = console.server.calls();
        let asked = calls.iter().rev().find(|it| it.path.starts_with(TOKENS));
        let from = match window {
            "day" => Window::Day.span(fixtures::NOW)[0].saturating_add(MINUTE),
            "week" => Window::Week.span(fixtures::NOW)[0].saturating_add(HOUR),
            _ => Window::NinetyDays.span(fixtures::NOW)[0].saturating_add(HOUR),
        };
        let from = tenure_console::route::escape(&from.to_string());
        let asked = asked.map(|it| it.path.clone());
        assert_eq!(asked, Some(format!("{TOKENS}?client=board&from={from}")));
    }
}

#[wasm_bindgen_test]
async fn where_nothing_passes_the_page_says_how_to_see_more() {
    let nothing = AuthHealth {
        points: Vec::new(),
        dead: Vec::new(),
        ..health()
    };
    let at = format!("{PAGE}?outcome=token_expired");
    let console = Console::open_at(&at, server(&nothing)).await;
    assert!(console.says("No such check was seen in this time."));
    assert!(!console.says("Put Tenure in front"), "it stands there");
    axe::check(&console.root).await;
}

#[wasm_bindgen_test]
async fn figures_of_before_show_that_others_are_on_their_way() {
    let console = Console::open_at(PAGE, server(&health())).await;
    let busy = || {
        let tile = select(&console.root, "section[aria-label='Auth health']").remove(0);
        tile.get_attribute("aria-busy")
    };
    assert_eq!(busy(), None);
    let answer = console.server.hold(Method::Get, PAGE);
    console.pick("Show", "The last hour").await;
    assert_eq!(busy().as_deref(), Some("true"));
    axe::check(&console.root).await;
    answer.release();
    until("they are there", || busy().is_none()).await;
}
