//! What a call sends, and what becomes of each kind of answer.

use std::{cell::Cell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use tenure_console::{
    api::{
        self, ApiError, Client,
        fake::Fake,
        transport::{Method, Response, base_url},
    },
    app::Environment,
    clock::Clock,
    router::Exit,
    text::problems,
};
use tenure_domain::{
    period::{Period, Unit},
    problem::{Kind, Problem},
    wire::{policies::PutExpirationPolicy, tokens::Section},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    fixtures,
    harness::{mount, settle},
};

fn client(server: &Fake) -> (Owner, Client) {
    client_at(server, Clock::mock(fixtures::NOW))
}

fn client_at(server: &Fake, clock: Clock) -> (Owner, Client) {
    let owner = Owner::new();
    let env = Environment {
        transport: Rc::new(server.clone()),
        clock,
        exit: Exit::browser(),
    };
    let client = owner.with(|| env.provide());
    (owner, client)
}

#[wasm_bindgen_test]
async fn a_change_of_the_policy_names_the_version_that_it_saw() {
    let server = fixtures::server();
    let (_owner, client) = client(&server);
    let period = Period::new(90, Unit::Days).expect("a period");
    let asked = PutExpirationPolicy::new(Some(period));
    let answer = api::policies::put(client, &fixtures::acme(), &asked, 7.into()).await;
    assert_eq!(answer.map_err(|it| it.kind()), Err(Some(Kind::NotFound)));
    let call = server.calls().pop().expect("a call");
    assert_eq!(call.method, Method::Put);
    assert_eq!(call.path, "/plans/acme/expiration-policy");
    assert_eq!(call.if_match.as_deref(), Some("\"7\""));
    let body = r#"{"period":{"amount":90,"unit":"days"}}"#;
    assert_eq!(call.body.as_deref(), Some(body));
}

#[wasm_bindgen_test]
async fn ids_and_cursors_cannot_change_a_path() {
    let server = fixtures::server();
    let (_owner, client) = client(&server);
    let odd = tenure_domain::id::PlanId("a/../b?c".to_owned());
    let _ = api::policies::history(client, &odd, Some("x&y=z")).await;
    let _ = api::tokens::list(client, Section::Ended, Some("a b")).await;
    let paths: Vec<_> = server.calls().into_iter().map(|call| call.path).collect();
    assert_eq!(
        paths,
        [
            "/plans/a%2F..%2Fb%3Fc/expiration-policy/history?cursor=x%26y%3Dz",
            "/me/tokens?section=ended&cursor=a%20b",
        ]
    );
}

#[wasm_bindgen_test]
async fn no_connection_and_a_proxy_in_the_servers_stead_are_both_offline() {
    let server = fixtures::server();
    let (_owner, client) = client(&server);
    for status in [502, 503, 504] {
        server.on(Method::Get, "/session", move |_| Response::empty(status));
        assert_eq!(api::session::get(client).await, Err(ApiError::Offline));
    }
    server.set_connected(false);
    assert_eq!(api::session::get(client).await, Err(ApiError::Offline));
}

#[wasm_bindgen_test]
async fn the_servers_own_word_that_it_cannot_answer_is_no_lost_connection() {
    let server = fixtures::server();
    let (_owner, client) = client(&server);
    server.problem(Method::Get, "/session", Kind::Unavailable);
    let answer = api::session::get(client).await;
    assert_eq!(
        answer.map_err(|error| error.kind()),
        Err(Some(Kind::Unavailable))
    );
}

#[wasm_bindgen_test]
async fn a_call_without_an_answer_is_given_up_as_offline() {
    let server = fixtures::server();
    let clock = Clock::mock(fixtures::NOW);
    let (_owner, client) = client_at(&server, clock);
    let _held = server.hold(Method::Get, "/session");
    mount(|| ()); // starts what runs futures
    let answer = Rc::new(Cell::new(None));
    let told = Rc::clone(&answer);
    spawn_local(async move { told.set(Some(api::session::get(client).await)) });
    settle().await;
    clock.advance(29_999);
    settle().await;
    assert_eq!(answer.take(), None);
    clock.advance(1);
    settle().await;
    assert_eq!(answer.take(), Some(Err(ApiError::Offline)));
}

#[wasm_bindgen_test]
async fn an_answer_that_is_no_json_is_unreadable_and_keeps_its_reference() {
    let server = fixtures::server();
    let (_owner, client) = client(&server);
    for status in [200, 500] {
        server.on(Method::Get, "/session", move |_| Response {
            status,
            body: "<html>".to_owned(),
            request_id: Some("ref-9".to_owned()),
            server_time: None,
        });
        let error = api::session::get(client).await.expect_err("no session");
        assert_eq!(error.reference(), Some("ref-9"));
        assert_eq!(error, ApiError::Unreadable(Some("ref-9".to_owned())));
    }
}

#[wasm_bindgen_test]
async fn a_401_asks_nobody_to_sign_in_when_nobody_was_signed_in() {
    let server = fixtures::server();
    server.problem(Method::Get, "/me/tokens", Kind::SessionExpired);
    let (_owner, client) = client(&server);
    let answer = api::tokens::list(client, Section::Working, None).await;
    let kind = answer.expect_err("no tokens").kind();
    assert_eq!(kind, Some(Kind::SessionExpired));
    assert_eq!(server.calls().len(), 1);
}

#[wasm_bindgen_test]
fn every_kind_of_problem_says_what_happened_and_what_to_do() {
    for kind in Kind::ALL {
        let words = problems::words(&ApiError::Problem(Box::new(Problem::new(*kind))));
        assert!(words.what.ends_with('.'), "{kind:?}: {}", words.what);
        assert!(words.remedy.ends_with('.'), "{kind:?}: {}", words.remedy);
        assert!(!words.what.contains('!') && !words.remedy.contains('!'));
    }
}

#[wasm_bindgen_test]
fn a_problem_that_this_console_does_not_know_keeps_the_servers_title() {
    let problem = Problem {
        code: "from_the_future".to_owned(),
        title: "Something new.".to_owned(),
        reference: "ref-2".to_owned(),
        ..Problem::new(Kind::Internal)
    };
    let words = problems::words(&ApiError::Problem(Box::new(problem)));
    assert_eq!(words.what, "Something new.");
    assert_eq!(words.reference.as_deref(), Some("ref-2"));
}

#[wasm_bindgen_test]
fn the_page_says_where_the_api_lives() {
    let origin = window().location().origin().expect("an origin");
    assert_eq!(base_url(), format!("{origin}/api/v1"));
    let meta = document().create_element("meta").expect("an element");
    meta.set_attribute("name", "tenure-api").expect("a name");
    let head = document().head().expect("a head");
    head.append_child(&meta).expect("a place");
    for (named, whole) in [
        ("/tenure/api/v1/", format!("{origin}/tenure/api/v1")),
        (
            "https://api.acme.example/v1",
            "https://api.acme.example/v1".to_owned(),
        ),
    ] {
        meta.set_attribute("content", named).expect("a content");
        assert_eq!(base_url(), whole);
    }
    meta.remove();
}
