//! A person comes into a plan by mail, becomes its System Admin, and as the last one stays it.

use anyhow::{Context, Result};
use serde_json::json;
use tenure_e2e::browser::{Browser, Name, Role};
use tenure_e2e::screens::{Shell, SignIn};
use tenure_e2e::stack::{Engine, Person, Stack};

#[tokio::test]
async fn somebody_invited_becomes_the_last_admin_and_stays_it() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let (ada, ben) = (&stack.people.ada, &stack.people.ben);
    let eve = Person::new("Eve Example", "eve@acme.example");
    let admins = stack.browser().await?;
    SignIn(&admins).enter(ada).await?;
    Shell(&admins).go("Users").await?;
    admins.find(Role::Heading, "Users").await?;
    admins.press(Role::Button, "Invite").await?;
    admins.find(Role::Dialog, "Invite somebody").await?;
    admins.fill(Role::TextField, "Email", &eve.email).await?;
    admins.accessible("the dialog that invites").await?;
    admins.press(Role::Button, "Send invitation").await?;
    admins
        .reads("The invitation to eve@acme.example is on its way.")
        .await?;
    admins
        .row_reads(
            &eve.email,
            &["Member", "by Ada Admin", "Send again", "Withdraw"],
        )
        .await?;

    // The mail has one link, and its secret leaves the address bar.
    let mail = stack.mail(&eve, "Ada Admin invites you to Acme").await?;
    let link = mail
        .text
        .split_whitespace()
        .find(|it| it.contains("/invitation#"));
    let link = stack.path_of(link.context("a link")?).to_owned();
    let eves = stack.browser().await?;
    eves.visit(&link).await?;
    eves.find(Role::Heading, "Join Acme").await?;
    eves.reads("as a member").await?;
    let address: String = eves.script("return location.href", vec![]).await?;
    assert!(!address.contains('#'), "{address}");
    eves.accessible("the page of an invitation").await?;
    eves.fill(Role::TextField, "Your name", &eve.name).await?;
    eves.fill(Role::TextField, "Password", &eve.password)
        .await?;
    eves.press(Role::Button, "Accept invitation").await?;
    eves.reads("Eve Example").await?;
    eves.reads("Acme").await?;
    assert!(!eves.shows(Role::Link, "Users").await?, "she is a member");

    // The link works once.
    let stranger = stack.browser().await?;
    stranger.visit(&link).await?;
    stranger
        .reads("This invitation was accepted already.")
        .await?;
    stranger.accessible("a used invitation").await?;
    stranger.quiet(&["410"]).await?;

    // Ada makes Eve System Admin, Ben a member, and steps down.
    admins.reload().await?;
    make(&admins, &eve.name, "System Admin").await?;
    make(&admins, &ben.name, "Member").await?;
    make(&admins, &ada.name, "Member").await?;
    admins
        .find(Role::Heading, "This page is for System Admins")
        .await?;

    eves.reload().await?;
    Shell(&eves).go("Users").await?;
    let own = eves.find(Role::Row, Name::Has(eve.name.clone())).await?;
    eves.row_reads(&eve.name, &["System Admin", "The only System Admin"])
        .await?;
    assert!(eves.find_in(&own, Role::Select, "Role").await.is_err());
    // Past the console, the server says the same.
    let script = "const call = (path, more) => fetch('/api/v1' + path, more).then(answer => answer.json()); \
         return call('/session').then(me => call(`/plans/${arguments[0]}/users/${me.user.id}/role`, { \
           method: 'PUT', headers: { 'content-type': 'application/json' }, \
           body: JSON.stringify({ role: 'member' }) })).then(it => it.errors[0].code)";
    let code: String = eves.script(script, vec![json!(stack.people.acme)]).await?;
    assert_eq!(code, "last_system_admin");
    eves.accessible("the users of a plan with one admin")
        .await?;
    eves.quiet(&["409"]).await?;
    admins.quiet(&["403"]).await
}

/// Picks a role in somebody's row, and says yes.
async fn make(browser: &Browser, name: &str, role: &str) -> Result<()> {
    let row = browser.find(Role::Row, Name::Has(name.to_owned())).await?;
    let select = browser.find_in(&row, Role::Select, "Role").await?;
    browser.pick_in(&select, role).await?;
    let button = match role {
        "Member" => "Make member",
        _ => "Make System Admin",
    };
    browser.press(Role::Button, button).await?;
    browser.gone(Role::Button, button).await
}
