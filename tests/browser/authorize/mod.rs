//! The page on which a person answers an app that asks to act in their name.

use tenure_console::api::{
    fake::Fake,
    transport::{Method, Response},
};
use tenure_domain::{
    id::{ClientId, PlanId},
    problem::{Kind, Problem},
    scope::OwnScope,
    time::MINUTE,
    wire::{
        authorization::{AuthorizationPrompt, AuthorizationRedirect},
        scopes::Scope,
        session::PlanRef,
        tokens::ClientRef,
    },
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    axe, fixtures,
    harness::{Console, Role, address, focused, left_for, settle, until},
};

mod answering;
mod person;
mod question;

const PROMPT: &str = "/oauth/authorization";
const QUERY: &str = "?response_type=code&client_id=deploy-bot&redirect_uri=https%3A%2F%2Fdeploy.example%2Fback&scope=tokens%3Aread+orders%3Aread&state=a%20b%2Bc%26d&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
const HEADING: &str = "Deploy Bot asks to act in your name";
const BACK: &str = "https://deploy.example/back?code=once&state=a+b%2Bc%26d";

fn page() -> String {
    format!("/authorize{QUERY}")
}

fn prompt() -> AuthorizationPrompt {
    AuthorizationPrompt {
        client: ClientRef {
            id: ClientId("deploy-bot".to_owned()),
            name: "Deploy Bot".to_owned(),
        },
        plan: PlanRef {
            id: PlanId("acme".to_owned()),
            name: "Acme".to_owned(),
        },
        scopes: vec![
            Scope::from(OwnScope::TokensRead),
            fixtures::scope("orders:read", "See the orders of Acme's shop"),
        ],
        redirect_uri: "https://deploy.example/back".to_owned(),
        allowed_before: false,
    }
}

/// A server that takes any answer to this question.
fn server(prompt: &AuthorizationPrompt) -> Fake {
    let server = fixtures::server();
    server.json(Method::Get, PROMPT, prompt);
    takes_answers(&server);
    server
}

fn takes_answers(server: &Fake) {
    let back = AuthorizationRedirect {
        redirect_to: BACK.to_owned(),
    };
    server.json(Method::Post, PROMPT, &back);
}

async fn asked() -> Console {
    Console::open_at(&page(), server(&prompt())).await
}

/// The page where the server says that nobody is to be asked.
async fn refused(kind: Kind, detail: &str) -> Console {
    let problem = Problem {
        detail: Some(detail.to_owned()),
        reference: "ref-1".to_owned(),
        ..Problem::new(kind)
    };
    let server = fixtures::server();
    let answer = Response::json(kind.status(), &problem);
    server.on(Method::Get, PROMPT, move |_| answer.clone());
    takes_answers(&server);
    Console::open_at(&page(), server).await
}

fn has_buttons(console: &Console) -> (bool, bool) {
    let has = |name| console.find(Role::Button, name).is_some();
    (has("Allow"), has("Deny"))
}

/// The answers that were sent.
fn sent(console: &Console) -> Vec<String> {
    let calls = console.server.calls().into_iter();
    calls
        .filter(|call| call.method == Method::Post && call.path == PROMPT)
        .filter_map(|call| call.body)
        .collect()
}
