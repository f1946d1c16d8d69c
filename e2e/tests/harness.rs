//! The checks of the journeys can fail: each is held against a page that is wrong on purpose.

use anyhow::Result;
use tenure_e2e::browser::{Browser, Name, Role};

/// A browser whose pages are the text of their addresses.
async fn browser() -> Result<Browser> {
    Browser::open("data:text/html,<!doctype html><html lang=en><title>Page</title><main>").await
}

fn failure<T>(outcome: Result<T>) -> String {
    outcome
        .err()
        .map(|error| format!("{error:#}"))
        .unwrap_or_default()
}

#[tokio::test]
async fn things_are_found_by_role_and_accessible_name_alone() -> Result<()> {
    let browser = browser().await?;
    browser
        .visit("<button hidden>Save</button><p>Save</p><button aria-label=Save>x</button><label>Age<input type=number></label>")
        .await?;
    let button = browser.find(Role::Button, "Save").await?;
    assert_eq!(button.text().await?, "x", "not the hidden one");
    assert!(
        !browser.shows(Role::Button, "x").await?,
        "what is drawn is not what it is called"
    );
    assert!(!browser.shows(Role::Link, "Save").await?, "the role counts");
    assert!(
        browser
            .shows(Role::Button, Name::Has("av".to_owned()))
            .await?
    );
    browser.fill(Role::NumberField, "Age", "7").await?;
    browser.fill(Role::NumberField, "Age", "42").await?;
    assert_eq!(
        browser.value(Role::NumberField, "Age").await?,
        "42",
        "typing replaces"
    );
    Ok(())
}

#[tokio::test]
async fn a_page_that_breaks_a_rule_of_accessibility_is_reported() -> Result<()> {
    let browser = browser().await?;
    browser.visit("<h1>Fine</h1><p>Nothing wrong here.").await?;
    browser.accessible("a fine page").await?;
    browser.visit("<h1>Not fine</h1><img src='data:,'>").await?;
    assert!(failure(browser.accessible("a picture without words").await).contains("image-alt"));
    browser
        .visit("<h1>Too wide</h1><div style='width:40rem'>wide</div>")
        .await?;
    assert!(failure(browser.accessible("a wide page").await).contains("648 px: <div style"));
    Ok(())
}

#[tokio::test]
async fn an_error_in_the_console_and_a_jumping_page_are_reported() -> Result<()> {
    let browser = browser().await?;
    browser.visit("<h1>Still</h1>").await?;
    browser.stayed_put().await?;
    browser.quiet(&[]).await?;
    browser.visit("<h1 style=height:9rem>Loud</h1><p>text<script>setTimeout(()=>{document.querySelector('h1').style.marginTop='20rem'},100);console.error('broken')</script>").await?;
    browser
        .until("it has moved".to_owned(), || async {
            let moved: bool = browser
                .script(
                    "return document.querySelector('h1').style.marginTop !== ''",
                    vec![],
                )
                .await?;
            Ok(moved.then_some(()))
        })
        .await?;
    assert!(failure(browser.stayed_put().await).contains("jumped"));
    assert!(failure(browser.quiet(&[]).await).contains("broken"));
    Ok(())
}

#[tokio::test]
async fn what_the_content_security_policy_refuses_is_reported() -> Result<()> {
    let browser = browser().await?;
    let policy = "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">";
    browser
        .visit(&format!(
            "{policy}<h1>Page</h1><img alt=x src='data:image/png,x'>"
        ))
        .await?;
    let report = failure(browser.quiet(&["img-src"]).await);
    assert!(report.contains("Content Security Policy"), "{report}");
    Ok(())
}
