//! Every page and state that the other journeys do not hold against the rules, and that none jumps.

use std::time::Duration;

use anyhow::Result;
use tenure_domain::period::Unit;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{ApiAccess, AuditLog, Notices, SecurityControl, Shell, SignIn};
use tenure_e2e::stack::{Engine, Stack};

#[tokio::test]
async fn security_and_control_is_accessible_in_every_state() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, ada) = (&stack.people.acme, &stack.people.ada);
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(acme), ada)
        .await?;
    let page = SecurityControl(&browser);
    page.open(acme).await?;
    browser.stayed_put().await?;
    browser
        .accessible("Security & Control without a period")
        .await?;
    page.slide().await?;
    browser.find(Role::NumberField, "Duration").await?;
    browser
        .accessible("Security & Control with the fields open")
        .await?;
    page.type_period("0", "Years").await?;
    page.activate().await?;
    browser
        .accessible("Security & Control with an invalid amount")
        .await?;
    page.type_period("1", "Years").await?;
    browser
        .accessible("Security & Control with a long period")
        .await?;
    page.activate().await?;
    page.is_in_force("1 year").await?;
    browser
        .accessible("Security & Control just after Activate")
        .await?;
    page.open(acme).await?;
    browser.stayed_put().await?;
    browser
        .accessible("Security & Control with a period in force")
        .await?;
    browser.press(Role::Button, "Turn off").await?;
    browser
        .find(Role::Dialog, "Turn off the expiration period?")
        .await?;
    browser
        .accessible("the dialog that turns the period off")
        .await?;
    browser.press(Role::Button, "Keep it on").await?;
    browser.press(Role::Button, "Change").await?;
    page.type_period("6", "Months").await?;
    let other = stack
        .caller()
        .signed_in(&stack.people.ben.email, &stack.people.ben.password)
        .await?;
    other.activate(acme, 90, Unit::Days).await?;
    browser
        .reads("Somebody changed this while you were editing")
        .await?;
    browser
        .accessible("Security & Control with another admin's change")
        .await?;
    browser.quiet(&[]).await
}

#[tokio::test]
async fn api_access_is_accessible_in_every_state() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let people = &stack.people;
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(ApiAccess::PATH, &people.mia)
        .await?;
    let page = ApiAccess(&browser);
    page.open().await?;
    browser.stayed_put().await?;
    browser.accessible("API Access without a token").await?;

    // Tokens of every status: expired, revoked, expiring, in use, idle.
    let mia = stack
        .caller()
        .signed_in(&people.mia.email, &people.mia.password)
        .await?;
    mia.generate(&people.acme, "sheet-backup").await?;
    stack.clock.advance(Duration::from_secs(3 * 3_600));
    let ada = stack
        .caller()
        .signed_in(&people.ada.email, &people.ada.password)
        .await?;
    ada.activate(&people.acme, 2, Unit::Hours).await?;
    ada.activate(&people.acme, 90, Unit::Days).await?;
    let laptop = mia.generate(&people.acme, "laptop").await?;
    mia.revoke(&laptop.token.id).await?;
    let used = mia.generate(&people.acme, "ci-runner").await?;
    stack.caller().with_token(&used.secret).verify().await?;
    page.open().await?;
    page.row_reads("sheet-backup", &["Expired"]).await?;
    browser.stayed_put().await?;
    browser
        .accessible("API Access with tokens of every status")
        .await?;

    browser
        .press(Role::Button, "Generate new access token")
        .await?;
    browser
        .find(Role::Dialog, "Generate a new access token")
        .await?;
    browser
        .accessible("the dialog that asks for a name")
        .await?;
    browser.press(Role::Button, "Generate").await?;
    browser.accessible("the dialog without a name").await?;
    browser
        .fill(Role::TextField, "Name", "nightly-export")
        .await?;
    browser.press(Role::Button, "Generate").await?;
    browser
        .find(Role::Dialog, "Copy your new token now")
        .await?;
    browser.accessible("the dialog with the secret").await?;
    browser.press(Role::Button, "Done").await?;
    browser.reads("You have not copied the token.").await?;
    browser
        .accessible("the question before the secret is gone")
        .await?;
    browser.press(Role::Button, "Leave without copying").await?;
    browser
        .gone(Role::Dialog, "Copy your new token now")
        .await?;

    Shell(&browser).go("Profile").await?;
    browser.arrives_at("/settings/profile").await?;
    page.row_reads("Acme", &["Enterprise", "Member"]).await?;
    browser.accessible("the profile").await?;
    browser.stayed_put().await?;
    browser.quiet(&[]).await
}

#[tokio::test]
async fn impact_and_schedule_are_accessible() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (acme, ada) = (&stack.people.acme, &stack.people.ada);
    let mia = &stack.people.mia;
    let mia = stack.caller().signed_in(&mia.email, &mia.password).await?;
    mia.generate(acme, "nightly-export").await?;
    stack.clock.advance(Duration::from_secs(2 * 86_400));
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(acme), ada)
        .await?;
    let page = SecurityControl(&browser);
    page.open(acme).await?;
    page.slide().await?;
    page.type_period("1", "Days").await?;
    browser.reads("1 stop working at once").await?;
    browser.accessible("the impact of a period").await?;
    page.activate().await?;
    page.answer(1, "2").await?;
    browser
        .accessible("the dialog that wants a number typed, and got another one")
        .await?;
    browser.press(Role::Button, "Cancel").await?;
    page.pick_later().await?;
    browser.press(Role::Switch, "Expire unused tokens").await?;
    browser
        .accessible("both rules being typed, for later")
        .await?;
    page.schedule_ending(1).await?;
    page.open(acme).await?;
    browser.find(Role::Heading, "Scheduled change").await?;
    browser.stayed_put().await?;
    browser
        .accessible("Security & Control with a scheduled change")
        .await?;
    page.open_history(acme).await?;
    browser.row_reads("Ada Admin", &["Scheduled"]).await?;
    browser.stayed_put().await?;
    browser.accessible("the policy history").await?;
    browser.quiet(&[]).await
}

#[tokio::test]
async fn what_an_admin_follows_up_is_accessible() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let people = &stack.people;
    let (acme, ada) = (&people.acme, &people.ada);
    let browser = stack.browser().await?;
    SignIn(&browser).enter_at(&Notices::path(acme), ada).await?;
    let notices = Notices(&browser);
    notices.open(acme).await?;
    browser.reads("No mail has been due yet.").await?;
    browser.accessible("Notices without any").await?;
    let mia = stack
        .caller()
        .signed_in(&people.mia.email, &people.mia.password)
        .await?;
    mia.generate(acme, "nightly-export").await?;
    let admin = stack.caller().signed_in(&ada.email, &ada.password).await?;
    admin.activate(acme, 90, Unit::Days).await?;
    stack
        .mail(&people.mia, "The expiration policy of Acme has changed")
        .await?;
    notices.open(acme).await?;
    notices.all_are_sent(1).await?;
    browser.stayed_put().await?;
    browser.accessible("Notices").await?;

    let log = AuditLog(&browser);
    log.open(acme).await?;
    browser.stayed_put().await?;
    browser.accessible("Audit log").await?;
    log.verify().await?;
    browser.accessible("Audit log, verified").await?;
    log.filter("Policy changed").await?;
    let _opened: bool = browser
        .script(
            "return document.querySelector('td details').open = true",
            vec![],
        )
        .await?;
    browser
        .accessible("Audit log, filtered, with the details of an event")
        .await?;

    let page = ApiAccess(&browser);
    page.open().await?;
    browser.press(Role::Button, "Create address").await?;
    page.calendar_address().await?;
    browser
        .accessible("API Access with the address of a calendar")
        .await?;
    browser.quiet(&[]).await
}
