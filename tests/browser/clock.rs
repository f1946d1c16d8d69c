//! Time: the server's clock rules, the browser's may be wrong, and tests move both.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use tenure_console::{api::transport::Method, clock::Clock, state::clock::ServerClock};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe,
    fixtures::{self, NOW},
    harness::{Console, settle},
};

fn shown(console: &Console) -> String {
    let clock = console
        .root
        .query_selector(".top time")
        .expect("a selector");
    clock.and_then(|it| it.text_content()).unwrap_or_default()
}

/// The console on a browser whose clock is off by this many milliseconds.
async fn skewed(millis: i64) -> Console {
    let clock = Clock::mock(NOW.saturating_add(millis));
    Console::open_when("/settings/profile", fixtures::server(), clock).await
}

#[wasm_bindgen_test]
async fn the_bar_shows_the_servers_time_and_ticks_each_second() {
    let console = skewed(-45_000).await;
    assert!(shown(&console).contains(":33:07"), "{}", shown(&console));
    console.advance(999).await;
    assert!(shown(&console).contains(":33:07"));
    console.advance(1).await;
    assert!(shown(&console).contains(":33:08"));
    console.advance(60_000).await;
    assert!(shown(&console).contains(":34:08"));
}

#[wasm_bindgen_test]
async fn a_browser_clock_that_is_wrong_is_said_from_more_than_a_minute_on() {
    for right_enough in [-60_000, 0, 60_000] {
        assert!(!skewed(right_enough).await.says("This computer's clock"));
    }
    assert!(skewed(61_000).await.says("1 minute ahead of the server's"));
    let behind = skewed(-7_200_000).await;
    assert!(behind.says("2 hours behind the server's"));
    axe::check(&behind.root).await;
}

#[wasm_bindgen_test]
async fn the_warning_goes_when_the_clock_is_put_right_and_the_servers_time_stays() {
    let console = skewed(-7_200_000).await;
    console.server.set_server_time(NOW.saturating_add(1_000));
    console.clock.set_wall(NOW);
    console.advance(1_000).await;
    assert!(!console.says("This computer's clock"));
    assert!(shown(&console).contains(":33:08"));
}

#[wasm_bindgen_test]
async fn after_a_sleep_that_stopped_the_browsers_monotonic_clock_the_server_is_asked() {
    let console = skewed(0).await;
    let asleep = 3 * 3_600_000;
    let woken = NOW.saturating_add(asleep);
    console.clock.set_wall(woken);
    console.server.set_server_time(woken.saturating_add(1_000));
    let answer = console.server.hold(Method::Get, "/session");
    console.advance(1_000).await;
    // Until the answer is there nobody knows which clock is wrong.
    assert!(!console.says("This computer's clock"));
    answer.release();
    settle().await;
    assert!(shown(&console).contains(":33:08"), "{}", shown(&console));
    assert!(!console.says("This computer's clock"));
    console.advance(60_000).await;
    assert!(shown(&console).contains(":34:08"));
}

#[wasm_bindgen_test]
fn late_answers_do_not_make_the_seconds_jump_but_a_step_back_is_believed() {
    let clock = Clock::mock(NOW);
    let owner = Owner::new();
    let server = owner.with(|| ServerClock::start(clock));
    server.observe(NOW);
    clock.advance(1_000);
    server.observe(NOW.saturating_add(400)); // 600 ms on its way
    assert_eq!(server.now_untracked(), NOW.saturating_add(1_000));
    server.observe(NOW.saturating_add(1_020)); // quicker than the first
    assert_eq!(server.now_untracked(), NOW.saturating_add(1_020));
    server.observe(NOW.saturating_add(-5_000));
    assert_eq!(server.now_untracked(), NOW.saturating_add(-5_000));
}

#[wasm_bindgen_test]
async fn waits_end_in_their_order_and_cancelled_ones_not_at_all() {
    let clock = Clock::mock(NOW);
    let woken = Rc::new(RefCell::new(Vec::new()));
    let note = |name: &'static str| {
        let woken = Rc::clone(&woken);
        move || woken.borrow_mut().push(name)
    };
    clock.after(20, note("second"));
    clock.after(10, note("first"));
    clock.after(15, note("never")).cancel();
    let slept = note("slept");
    spawn_local(async move {
        clock.sleep(30).await;
        slept();
    });
    settle().await;
    clock.advance(20);
    assert_eq!(*woken.borrow(), ["first", "second"]);
    clock.advance(10);
    settle().await;
    assert_eq!(*woken.borrow(), ["first", "second", "slept"]);
    assert_eq!(clock.wall(), NOW.saturating_add(30));
}
