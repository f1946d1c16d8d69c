//! The second rule: tokens that nobody uses end, each use renews; and how an admin follows up what happened.

use std::time::Duration;

use anyhow::Result;
use tenure_domain::period::Unit;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{ApiAccess, AuditLog, Notices, SecurityControl, SignIn};
use tenure_e2e::stack::{Engine, Stack};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn unused_tokens_end_and_each_use_renews() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let people = &stack.people;
    let (acme, ada, mia) = (&people.acme, &people.ada, &people.mia);
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let forgotten = member.generate(acme, "forgotten-script").await?;
    let forgotten = stack.caller().with_token(&forgotten.secret);
    let used = member.generate(acme, "nightly-export").await?;
    let used = stack.caller().with_token(&used.secret);
    stack.clock.advance(40 * DAY);
    assert_eq!(used.verify().await?.status, 200);
    // The use is written by a job of its own; the preview counts what is written.
    stack.flush_uses().await?;

    // Ada turns on the second rule alone: 30 days stand there.
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(acme), ada)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    browser.press(Role::Switch, "Expire unused tokens").await?;
    let days = browser.value(Role::NumberField, "Unused duration").await?;
    assert_eq!(days, "30");
    browser.reads("1 stop working at once").await?;
    let named = page.would_stop().await?;
    assert_eq!(named.len(), 1, "{named:?}");
    assert!(named.concat().contains("forgotten-script"), "{named:?}");
    page.activate_ending(1).await?;
    browser
        .reads("tokens stop working when nobody uses them for 30 days.")
        .await?;
    assert_eq!(
        forgotten.verify().await?.refusal(),
        (401, Some("token_expired"))
    );

    browser.quiet(&[]).await?;

    // A use renews. Thirty days without one are the end.
    for _ in 0..2 {
        stack.clock.advance(29 * DAY);
        assert_eq!(used.verify().await?.status, 200);
    }
    stack.clock.advance(30 * DAY);
    assert_eq!(used.verify().await?.refusal(), (401, Some("token_expired")));

    // Mia reads why.
    let hers = stack.browser().await?;
    SignIn(&hers).enter_at(ApiAccess::PATH, mia).await?;
    let why = [
        "Expired",
        "30 days",
        "version 1 of the policy, set by Ada Admin",
    ];
    let tokens = ApiAccess(&hers);
    tokens.row_reads("forgotten-script", &why).await?;
    tokens.row_reads("nightly-export", &why).await?;
    hers.quiet(&[]).await
}

#[tokio::test]
async fn an_admin_reads_who_did_it_and_that_the_log_is_whole() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let people = &stack.people;
    let (acme, ada, mia) = (&people.acme, &people.ada, &people.mia);
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    member.generate(acme, "nightly-export").await?;
    let admin = stack.caller().signed_in(&ada.email, &ada.password).await?;
    admin.activate(acme, 90, Unit::Days).await?;

    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&AuditLog::path(acme), ada)
        .await?;
    let log = AuditLog(&browser);
    log.open(acme).await?;
    browser
        .row_reads("Ada Admin changed the expiration policy", &["version 1"])
        .await?;
    browser
        .row_reads("Mia Member generated the token", &["127.0.0.1"])
        .await?;
    log.verify().await?;
    log.filter("Policy changed").await?;
    browser
        .reads_no_more("Mia Member generated the token")
        .await?;
    let rows = browser.rows().await?;
    assert_eq!(rows.len(), 1, "{rows:?}");
    // The filter stands in the address.
    browser.reload().await?;
    browser
        .row_reads("Ada Admin changed the expiration policy", &["version 1"])
        .await?;
    assert_eq!(browser.rows().await?.len(), 1);

    // Mia says that she heard nothing; Ada has the notice sent again.
    let subject = "The expiration policy of Acme has changed";
    stack.mail(mia, subject).await?;
    let notices = Notices(&browser);
    notices.open(acme).await?;
    notices.all_are_sent(1).await?;
    notices.send_again("Mia Member").await?;
    stack.mails_come(mia, 2).await?;
    notices.open(acme).await?;
    notices.all_are_sent(1).await?;
    browser.quiet(&[]).await
}

#[tokio::test]
async fn a_calendar_has_the_days_on_which_ones_tokens_end() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let people = &stack.people;
    let (acme, ada, mia) = (&people.acme, &people.ada, &people.mia);
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    member.generate(acme, "nightly-export").await?;
    let admin = stack.caller().signed_in(&ada.email, &ada.password).await?;
    admin.activate(acme, 90, Unit::Days).await?;

    let browser = stack.browser().await?;
    SignIn(&browser).enter_at(ApiAccess::PATH, mia).await?;
    let page = ApiAccess(&browser);
    page.ready().await?;
    browser.press(Role::Button, "Create address").await?;
    let address = page.calendar_address().await?;
    let calendar = stack.caller().read(stack.path_of(&address)).await?;
    assert!(calendar.contains("BEGIN:VCALENDAR"), "{calendar}");
    assert!(calendar.contains("nightly-export"), "{calendar}");

    // Once the address is revoked it opens nothing.
    browser.press(Role::Button, "Revoke address").await?;
    browser.find(Role::Button, "Create address").await?;
    assert!(stack.caller().read(stack.path_of(&address)).await.is_err());
    browser.quiet(&[]).await
}
