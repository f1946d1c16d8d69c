//! What changes elsewhere shows on a page that is open, without anybody loading it again.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tenure_e2e::screens::{ApiAccess, SecurityControl, SignIn};
use tenure_e2e::stack::{Engine, Stack};

/// Generous: the machine that tests has other work as well.
const SOON: Duration = Duration::from_secs(2);

#[tokio::test]
async fn an_open_page_follows_what_changes_elsewhere_on_sqlite() -> Result<()> {
    an_open_page_follows_what_changes_elsewhere(Engine::Sqlite).await
}

#[tokio::test]
async fn an_open_page_follows_what_changes_elsewhere_on_postgres() -> Result<()> {
    an_open_page_follows_what_changes_elsewhere(Engine::Postgres).await
}

async fn an_open_page_follows_what_changes_elsewhere(engine: Engine) -> Result<()> {
    let stack = Stack::start(engine).await?;
    let (acme, ada, mia) = (&stack.people.acme, &stack.people.ada, &stack.people.mia);
    let elsewhere = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let token = elsewhere.generate(acme, "nightly-export").await?.token;
    let (adas, mias) = (stack.browser().await?, stack.browser().await?);
    SignIn(&mias).enter_at(ApiAccess::PATH, mia).await?;
    let tokens = ApiAccess(&mias);
    tokens.ready().await?;
    SignIn(&adas)
        .enter_at(&SecurityControl::path(acme), ada)
        .await?;
    let policy = SecurityControl(&adas);
    policy.ready().await?;

    // Ada puts a period in force. Mia reads of it, and of what it means for her token.
    policy.slide().await?;
    policy.type_period("90", "Days").await?;
    policy.activate().await?;
    policy.is_in_force("90 days").await?;
    let begun = Instant::now();
    tokens.row_reads("nightly-export", &["in 89 days"]).await?;
    told_soon(engine, "a policy", begun)?;

    // Mia generates and revokes at another place.
    let begun = Instant::now();
    elsewhere.generate(acme, "ci-runner").await?;
    tokens.row_reads("ci-runner", &["Idle"]).await?;
    told_soon(engine, "a new token", begun)?;
    let begun = Instant::now();
    elsewhere.revoke(&token.id).await?;
    tokens.row_reads("nightly-export", &["Revoked"]).await?;
    told_soon(engine, "a revocation", begun)?;

    adas.quiet(&[]).await?;
    mias.quiet(&[]).await
}

/// Holds that what was begun shows elsewhere by now, and says after how long.
pub(crate) fn told_soon(engine: Engine, what: &str, begun: Instant) -> Result<()> {
    let took = begun.elapsed();
    println!("{engine:?}: {what} shows elsewhere after {took:?}");
    ensure!(took < SOON, "{what} took {took:?}");
    Ok(())
}
