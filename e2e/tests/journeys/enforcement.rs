//! The main job: a period is set, and every token obeys it from the next call on, for good.

use std::time::Duration;

use anyhow::Result;
use tenure_domain::period::Unit;
use tenure_e2e::api::Caller;
use tenure_e2e::screens::{ApiAccess, SecurityControl, Shell, SignIn};
use tenure_e2e::stack::{Engine, People, Stack};

const TWO_MINUTES: Duration = Duration::from_secs(120);

#[tokio::test]
async fn what_an_admin_activates_every_token_obeys_on_sqlite() -> Result<()> {
    what_an_admin_activates_every_token_obeys(Engine::Sqlite).await
}

#[tokio::test]
async fn what_an_admin_activates_every_token_obeys_on_postgres() -> Result<()> {
    what_an_admin_activates_every_token_obeys(Engine::Postgres).await
}

async fn what_an_admin_activates_every_token_obeys(engine: Engine) -> Result<()> {
    let stack = Stack::start(engine).await?;
    let (acme, ada, mia) = (&stack.people.acme, &stack.people.ada, &stack.people.mia);

    // Mia has an old token and a young one. Both work.
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let old = stack
        .caller()
        .with_token(&member.generate(acme, "nightly-export").await?.secret);
    stack.clock.advance(TWO_MINUTES);
    let young = stack
        .caller()
        .with_token(&member.generate(acme, "ci-runner").await?.secret);
    assert_eq!(old.verify().await?.status, 200);
    assert_eq!(young.verify().await?.status, 200);

    // Ada slides the switch on, which changes nothing yet, types 1, picks Minutes and activates.
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(acme), ada)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("1", "Minutes").await?;
    assert_eq!(
        old.verify().await?.status,
        200,
        "typing changes nothing on the server"
    );
    // The page says what that does: one token is older, and so the number 1 wants to be typed.
    browser.reads("1 stop working at once").await?;
    browser.reads("nightly-export").await?;
    page.activate_ending(1).await?;
    page.is_in_force("1 minute").await?;

    // The very next call of the old token fails, wherever it is made; the young one still works.
    is_expired(&old).await?;
    assert_eq!(young.verify().await?.status, 200);
    assert_eq!(young.session().await?.status, 200);

    // The young one dies by the clock alone: nobody sweeps here.
    stack.clock.advance(Duration::from_secs(60));
    is_expired(&young).await?;

    // Mia reads what happened to her tokens, and why.
    Shell(&browser).sign_out(&ada.name).await?;
    SignIn(&browser).enter_at(ApiAccess::PATH, mia).await?;
    let page = ApiAccess(&browser);
    page.ready().await?;
    let why = ["Expired", "version 1 of the policy, set by Ada Admin"];
    page.row_reads("nightly-export", &why).await?;
    page.row_reads(
        "nightly-export",
        &["when a period of 1 minute came into force"],
    )
    .await?;
    page.row_reads("ci-runner", &why).await?;
    page.row_reads("ci-runner", &["1 minute after it was created"])
        .await?;
    browser.quiet(&[]).await
}

#[tokio::test]
async fn what_has_died_stays_dead_when_the_period_is_lengthened_and_turned_off() -> Result<()> {
    let mut stack = Stack::start(Engine::Sqlite).await?;
    let People { acme, ada, mia, .. } = stack.people.clone();
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let dead = stack
        .caller()
        .with_token(&member.generate(&acme, "sheet-backup").await?.secret);
    stack.clock.advance(TWO_MINUTES);

    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(&acme), &ada)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("1", "Minutes").await?;
    page.activate_ending(1).await?;
    page.is_in_force("1 minute").await?;
    is_expired(&dead).await?;

    // Ten years would have let it live. It does not come back.
    page.change("10", "Years", "10 years").await?;
    is_expired(&dead).await?;

    // Nor does it without any period, while a new token never ends.
    page.turn_off().await?;
    is_expired(&dead).await?;
    let endless = stack
        .caller()
        .with_token(&member.generate(&acme, "endless").await?.secret);
    stack.clock.advance(Duration::from_secs(3_600));
    let answer = endless.verify().await?;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["x-token-expires-at"], "never");

    // Nor after a restart. And the page says so too, with the version that ended it.
    stack.stop().await?;
    stack.go_on().await?;
    is_expired(&dead).await?;
    Shell(&browser).sign_out(&ada.name).await?;
    SignIn(&browser).enter_at(ApiAccess::PATH, &mia).await?;
    let page = ApiAccess(&browser);
    page.row_reads(
        "sheet-backup",
        &[
            "Expired",
            "when a period of 1 minute came into force",
            "version 1",
        ],
    )
    .await?;
    page.row_reads("endless", &["never", "Acme"]).await?;
    // The page was open while the server was not there.
    browser
        .quiet(&[
            "ERR_CONNECTION_REFUSED",
            "ERR_CONNECTION_RESET",
            "ERR_EMPTY_RESPONSE",
            "ERR_INCOMPLETE_CHUNKED_ENCODING",
        ])
        .await
}

#[tokio::test]
async fn a_policy_of_one_plan_changes_nothing_in_another() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let people = &stack.people;
    let bea = stack
        .caller()
        .signed_in(&people.bea.email, &people.bea.password)
        .await?;
    let token = stack
        .caller()
        .with_token(&bea.generate(&people.basil, "old-script").await?.secret);
    stack.clock.advance(TWO_MINUTES);
    let ada = stack
        .caller()
        .signed_in(&people.ada.email, &people.ada.password)
        .await?;
    ada.activate(&people.acme, 1, Unit::Minutes).await?;
    assert_eq!(token.verify().await?.status, 200);
    Ok(())
}

async fn is_expired(token: &Caller) -> Result<()> {
    assert_eq!(
        token.verify().await?.refusal(),
        (401, Some("token_expired"))
    );
    assert_eq!(
        token.session().await?.refusal(),
        (401, Some("token_expired"))
    );
    Ok(())
}
