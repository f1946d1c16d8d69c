//! A token that leaked: its copy is used from another network, it turns yellow, a System Admin follows it from
//! *Auth health* to its page and ends it, and its owner sees that as it happens.

use std::net::Ipv4Addr;
use std::time::Instant;

use anyhow::Result;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{ApiAccess, AuthHealth, SignIn, TokenPage};
use tenure_e2e::stack::{Engine, Stack};

use crate::live::told_soon;

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
    let (adas, mias) = (stack.browser().await?, stack.browser().await?);
    SignIn(&mias).enter_at(ApiAccess::PATH, mia).await?;
    let tokens = ApiAccess(&mias);
    tokens.ready().await?;
    SignIn(&adas).enter_at(&AuthHealth::path(acme), ada).await?;
    let health = AuthHealth(&adas);
    health.is_calm().await?;

    let own = stack.caller().with_token(&leaked.secret);
    let copy = own.from(ELSEWHERE)?;
    assert_eq!(own.verify().await?.status, 200);
    assert_eq!(copy.verify().await?.status, 200, "it is a good token");

    // Nobody does anything: within seconds the server says what it saw, to both of them.
    let says = "1 token became suspicious within an hour.";
    health.alert_is(says, "Raised").await?;
    tokens.row_reads("ci-runner", &["Suspicious"]).await?;

    // Ada goes from the calls that were let through to the token behind them.
    health.follow("Let through", "ci-runner").await?;
    adas.arrives_at(&TokenPage::path(acme, &leaked.token.id))
        .await?;
    adas.reads("Why it looks suspicious").await?;
    adas.reads("Two networks within an hour").await?;
    for address in ["127.0.0.1", "127.0.5.9"] {
        adas.reads(address).await?;
    }
    adas.accessible("a suspicious token").await?;

    // Ada knows of neither, so she ends it, and Mia sees it on the page that she has open. The copy fails at its
    // next call, and so does the original.
    let begun = Instant::now();
    TokenPage(&adas).revoke("ci-runner").await?;
    tokens.row_reads("ci-runner", &["Revoked"]).await?;
    told_soon(engine, "what an admin revoked", begun)?;
    adas.reads("ci-runner is revoked.").await?;
    for program in [&copy, &own] {
        let refused = program.verify().await?;
        assert_eq!(refused.refusal(), (401, Some("token_revoked")));
    }
    adas.find(Role::Heading, "Time line").await?;
    adas.reads("a System Admin, revoked it on").await?;
    adas.quiet(&[]).await?;
    mias.quiet(&[]).await
}
