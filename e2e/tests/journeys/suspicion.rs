//! A token that leaked: its copy is used from another network, it turns yellow, and a System Admin ends it.

use std::net::Ipv4Addr;

use anyhow::Result;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{SignIn, TokenPage};
use tenure_e2e::stack::{Engine, Stack};

/// Another network of this machine than the one that everybody else calls from.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 5, 9);

#[tokio::test]
async fn a_leaked_token_turns_yellow_and_is_revoked_on_sqlite() -> Result<()> {
    a_leaked_token_turns_yellow_and_is_revoked(Engine::Sqlite).await
}

#[tokio::test]
async fn a_leaked_token_turns_yellow_and_is_revoked_on_postgres() -> Result<()> {
    a_leaked_token_turns_yellow_and_is_revoked(Engine::Postgres).await
}

async fn a_leaked_token_turns_yellow_and_is_revoked(engine: Engine) -> Result<()> {
    let stack = Stack::start(engine).await?;
    let (acme, ada, mia) = (&stack.people.acme, &stack.people.ada, &stack.people.mia);
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let leaked = member.generate(acme, "ci-runner").await?;
    let own = stack.caller().with_token(&leaked.secret);
    let copy = own.from(ELSEWHERE)?;
    assert_eq!(own.verify().await?.status, 200);
    assert_eq!(copy.verify().await?.status, 200, "it is a good token");

    // Nobody does anything: within seconds the server says what it saw.
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&TokenPage::path(acme, &leaked.token.id), ada)
        .await?;
    let page = TokenPage(&browser);
    page.turns_suspicious().await?;
    browser.reads("Two networks within an hour").await?;
    for address in ["127.0.0.1", "127.0.5.9"] {
        browser.reads(address).await?;
    }
    browser.accessible("a suspicious token").await?;

    // Ada knows of neither, so she ends it. The copy fails at its next call, and so does the original.
    page.revoke("ci-runner").await?;
    browser.reads("ci-runner is revoked.").await?;
    for program in [&copy, &own] {
        let refused = program.verify().await?;
        assert_eq!(refused.refusal(), (401, Some("token_revoked")));
    }
    browser.find(Role::Heading, "Time line").await?;
    browser.reads("a System Admin, revoked it on").await?;
    browser.quiet(&[]).await
}
