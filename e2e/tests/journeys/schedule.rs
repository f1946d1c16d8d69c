//! A change that everybody hears of first: scheduled, told by mail, and in force by the clock alone.

use std::time::Duration;

use anyhow::{Context, Result};
use tenure_domain::time::{DAY, MINUTE, Timestamp};
use tenure_e2e::browser::Role;
use tenure_e2e::screens::{ApiAccess, Notices, SecurityControl, SignIn};
use tenure_e2e::stack::{Engine, People, Stack};

const RULE: &str = "tokens stop working 30 days after they are created.";

#[tokio::test]
async fn members_hear_of_a_scheduled_period_before_it_ends_their_tokens_on_sqlite() -> Result<()> {
    members_hear_of_a_scheduled_period_before_it_ends_their_tokens(Engine::Sqlite).await
}

#[tokio::test]
async fn members_hear_of_a_scheduled_period_before_it_ends_their_tokens_on_postgres() -> Result<()>
{
    members_hear_of_a_scheduled_period_before_it_ends_their_tokens(Engine::Postgres).await
}

async fn members_hear_of_a_scheduled_period_before_it_ends_their_tokens(
    engine: Engine,
) -> Result<()> {
    let stack = Stack::start(engine).await?;
    let People {
        acme,
        ada,
        ben,
        mia,
        bea,
        ..
    } = stack.people.clone();

    // Mia has a token that is forty days old, and one of today.
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let old = member.generate(&acme, "nightly-export").await?;
    let old = stack.caller().with_token(&old.secret);
    stack
        .clock
        .advance(Duration::from_millis((40 * DAY).unsigned_abs()));
    let member = stack.caller().signed_in(&mia.email, &mia.password).await?;
    let young = member.generate(&acme, "ci-runner").await?;
    let young_until = young.token.created_at.saturating_add(30 * DAY);
    let young = stack.caller().with_token(&young.secret);

    // Ada types 30 days, reads that a token would stop, and has it come in a week instead.
    let browser = stack.browser().await?;
    SignIn(&browser)
        .enter_at(&SecurityControl::path(&acme), &ada)
        .await?;
    let page = SecurityControl(&browser);
    page.ready().await?;
    page.slide().await?;
    page.type_period("30", "Days").await?;
    browser.reads("1 stop working at once").await?;
    browser
        .reads("To warn everybody 7 days ahead, schedule it for")
        .await?;
    page.pick_later().await?;
    browser
        .reads_no_more("To warn everybody 7 days ahead, schedule it for")
        .await?;
    page.schedule_ending(1).await?;
    browser.reads(RULE).await?;
    let admin = stack.caller().signed_in(&ada.email, &ada.password).await?;
    let scheduled = admin.policy(&acme).await?.scheduled;
    let effective_at = scheduled.context("something is scheduled")?.effective_at;
    let ahead = effective_at.millis_since(stack.clock.now());
    // A round instant with a margin for who reads on, and never too early.
    assert!(
        (7 * DAY..=7 * DAY + 11 * MINUTE).contains(&ahead),
        "{ahead} ms"
    );
    assert_eq!(old.verify().await?.status, 200);

    // Mia reads of it in her mail, in both of its parts, and nobody else got one.
    let mail = stack
        .mail(&mia, "The expiration policy of Acme changes on")
        .await?;
    for part in [&mail.text, &mail.html] {
        for words in [
            "Ada Admin has scheduled another expiration policy for Acme.",
            "Access tokens stop working 30 days after they are created.",
            "nightly-export",
            "ci-runner",
        ] {
            assert!(part.contains(words), "{words}: {part}");
        }
    }
    for other in [&ada, &ben, &bea] {
        assert!(stack.mails(other)?.is_empty(), "{} got a mail", other.name);
    }

    // And on her page: what will be, and when each token ends by it.
    let hers = stack.browser().await?;
    hers.live_in("UTC").await?;
    SignIn(&hers).enter_at(ApiAccess::PATH, &mia).await?;
    let tokens = ApiAccess(&hers);
    tokens.ready().await?;
    hers.reads(&format!("on, {RULE}")).await?;
    let ends = [shown(effective_at), shown(young_until)];
    tokens.row_reads("nightly-export", &[&ends[0]]).await?;
    tokens.row_reads("ci-runner", &[&ends[1]]).await?;
    hers.quiet(&[]).await?;
    browser.quiet(&[]).await?;

    // A moment before, all works. At the instant, what is older than 30 days does not: nothing sweeps here.
    stack
        .clock
        .advance(Duration::from_millis(u64::try_from(ahead)?) - Duration::from_millis(1));
    assert_eq!(old.verify().await?.status, 200);
    stack.clock.advance(Duration::from_millis(1));
    assert_eq!(old.verify().await?.refusal(), (401, Some("token_expired")));
    assert_eq!(young.verify().await?.status, 200);

    // Once it is recorded, Mia is told that it is over.
    stack.sweep(&acme).await?;
    let over = stack
        .mail(&mia, "Your access token “nightly-export” has expired")
        .await?;
    assert!(over.text.contains("nightly-export"), "{}", over.text);

    // Ada sees that each notice was sent, and what her change did. Her session has ended since.
    let later = stack.browser().await?;
    SignIn(&later).enter_at(&Notices::path(&acme), &ada).await?;
    let notices = Notices(&later);
    notices.open(&acme).await?;
    notices.all_are_sent(2).await?;
    later
        .row_reads("Policy changed", &["Mia Member", "Sent"])
        .await?;
    later.row_reads("Expired", &["Mia Member", "Sent"]).await?;
    SecurityControl(&later).open_history(&acme).await?;
    later
        .row_reads("Ada Admin", &["30 days", "Ended 1 token at once"])
        .await?;
    later.find(Role::Heading, "Policy history").await?;
    later.quiet(&[]).await
}

/// An instant in UTC as lists show it: `10 Jan 2027, 20:35`.
fn shown(at: Timestamp) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec",
    ];
    let text = at.to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().unwrap_or(1) - 1;
    let (day, month) = (part(8, 10).trim_start_matches('0'), MONTHS[month]);
    format!("{day} {month} {}, {}", part(0, 4), part(11, 16))
}
