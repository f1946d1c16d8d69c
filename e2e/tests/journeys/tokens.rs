//! A token's life in its owner's hands: generated, copied, used, revoked.

use anyhow::Result;
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{ApiAccess, SignIn};
use tenure_e2e::stack::{Engine, Stack};

#[tokio::test]
async fn a_user_generates_copies_uses_and_revokes_a_token() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let browser = stack.browser().await?;
    browser.allow_clipboard().await?;
    SignIn(&browser)
        .enter_at(ApiAccess::PATH, &stack.people.mia)
        .await?;
    let page = ApiAccess(&browser);
    page.ready().await?;

    // The secret is shown once, and Copy puts that very text on the clipboard.
    page.generate("nightly-export").await?;
    let secret = page.secret().await?;
    browser.press(Role::Button, "Copy").await?;
    browser.reads("Copied to the clipboard.").await?;
    assert_eq!(browser.clipboard().await?, secret);
    browser.press(Role::Button, "Done").await?;
    browser.reads_no_more(&secret).await?;
    let source: String = browser
        .script("return document.documentElement.outerHTML", vec![])
        .await?;
    assert!(!source.contains(&secret), "the page still holds the secret");
    let kept: String = browser
        .script(
            "return JSON.stringify([localStorage, sessionStorage])",
            vec![],
        )
        .await?;
    assert!(
        !kept.contains("tnr_pat_"),
        "the browser has stored the secret: {kept}"
    );

    // It works, and its owner sees that it was used.
    let program = stack.caller().with_token(&secret);
    let answer = program.verify().await?;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["x-token-expires-at"], "never");
    browser
        .until("the use is shown".to_owned(), || async {
            browser.reload().await?;
            page.ready().await?;
            Ok(browser.text().await?.contains("127.0.0.1").then_some(()))
        })
        .await?;
    page.row_reads("nightly-export", &["Acme", "In use"])
        .await?;

    // Revoked, it fails at its next call, and the list says who did it.
    page.revoke("nightly-export").await?;
    browser.reads("nightly-export is revoked.").await?;
    assert_eq!(
        program.verify().await?.refusal(),
        (401, Some("token_revoked"))
    );
    assert_eq!(
        program.session().await?.refusal(),
        (401, Some("token_revoked"))
    );
    page.row_reads("nightly-export", &["Revoked", "its owner, revoked it on"])
        .await?;
    browser.quiet(&[]).await
}

#[tokio::test]
async fn leaving_without_a_copy_asks_first() -> Result<()> {
    let stack = Stack::start(Engine::Sqlite).await?;
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(ApiAccess::PATH, &stack.people.mia)
        .await?;
    let page = ApiAccess(&browser);
    page.generate("ci-runner").await?;
    let secret = page.secret().await?;
    browser.press(Role::Button, "Done").await?;
    browser.reads("You have not copied the token.").await?;
    browser.press(Role::Button, "Back to the token").await?;
    assert_eq!(page.secret().await?, secret);
    browser.press(Role::Button, "Done").await?;
    browser.press(Role::Button, "Leave without copying").await?;
    browser
        .gone(Role::Dialog, "Copy your new token now")
        .await?;
    browser.reads_no_more(&secret).await?;
    browser.quiet(&[]).await
}
