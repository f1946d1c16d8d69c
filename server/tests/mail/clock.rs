//! Days as people have them: clocks that change, go back, or jump; and nobody is told twice, or not at all.

use std::time::Duration;

use tenure_domain::{
    locale::Language,
    notice::{NoticeKind, NoticeState},
    period::Unit,
    policy::{Terms, Wanted},
    time::{DAY, HOUR, Timestamp},
    wire::notices::Notice,
};
use tenure_server::{
    mail::Route,
    ops::{notices, sweep},
    store::tokens::{self, Use},
};

use crate::world::{World, of};

/// Zones whose clocks change on different days, and one whose clock never does.
const ZONES: [&str; 3] = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

async fn digests(world: &World) -> Vec<Notice> {
    let mut notices = world.notices().await;
    notices.retain(|notice| notice.kind == NoticeKind::Digest);
    notices
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

#[tokio::test]
async fn around_each_change_of_the_clock_everybody_is_told_once_and_in_time() {
    // Spring and autumn, on both halves of the earth.
    for start in [
        "2026-03-01T10:20:00Z",
        "2026-04-01T23:40:00Z",
        "2026-10-20T00:10:00Z",
    ] {
        for zone in ZONES {
            let folder = tempfile::tempdir().expect("a folder");
            let route = Route::Files(folder.path().join("mail"));
            let mut world = World::on(folder, route, start).await;
            world.speaks(&world.ada, Language::En, zone).await;
            world.policy(Some((30, Unit::Days))).await;
            world.deliver().await;
            let begin = world.clock.now();
            // Every three hours one, for ten days: at all hours of the day.
            let mut expiries = Vec::new();
            for number in 0..80 {
                world.token(&world.ada, &format!("token{number}")).await;
                expiries.push(world.clock.now().saturating_add(30 * DAY));
                world.pass(minutes(180));
            }
            // And then a look every quarter of an hour, as the job does.
            let mut told = 0;
            let until = begin.saturating_add(42 * DAY);
            while world.clock.now() < until {
                if world.plan_ahead().await > 0 {
                    world.deliver().await;
                    let sent: u32 = digests(&world)
                        .await
                        .iter()
                        .map(|digest| digest.tokens)
                        .sum();
                    told = usize::try_from(sent).expect("a few");
                }
                let now = world.clock.now();
                let late = expiries
                    .iter()
                    .skip(told)
                    .find(|expiry| expiry.millis_since(now) < 7 * DAY);
                assert_eq!(late, None, "{zone}, {now}: not told seven days ahead");
                world.pass(minutes(60));
            }
            let digests = digests(&world).await;
            assert_eq!(told, expiries.len(), "{zone}: each is told once");
            assert!(
                digests
                    .iter()
                    .all(|digest| digest.state == NoticeState::Sent)
            );
            assert!(digests.len() <= 12, "{zone}: one a day: {}", digests.len());
        }
    }
}

#[tokio::test]
async fn a_clock_that_goes_back_repeats_nothing() {
    for back in [HOUR, DAY, 3_650 * DAY] {
        let mut world = World::with_files().await;
        world.policy(Some((90, Unit::Days))).await;
        world.token(&world.ada, "CI").await;
        world.pass(minutes(60 * 24 * 83));
        assert_eq!(world.plan_ahead().await, 1);
        world.deliver().await;
        let ahead = world.clock.now();
        // Another process, whose clock is behind.
        let behind = ahead.saturating_add(-back);
        let planned = notices::plan::plan(&world.app.store, behind).await;
        assert_eq!(planned.expect("planned"), 0, "{back} back");
        world.deliver().await;
        world.pass(minutes(60 * 24));
        assert_eq!(world.plan_ahead().await, 0);
        assert_eq!((digests(&world).await.len(), world.mails().len()), (1, 1));
    }
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_tells_what_it_made_true() {
    for ahead in [HOUR, DAY, 3_650 * DAY] {
        let mut world = World::with_files().await;
        world.policy(Some((90, Unit::Days))).await;
        world.deliver().await;
        world.token(&world.ada, "CI").await;
        world.pass(minutes(60 * 24 * 82));
        world.pass(Duration::from_millis(ahead.unsigned_abs()));
        world.plan_ahead().await;
        let now = world.clock.now();
        sweep::sweep(&world.app.store, &world.plan.id, now)
            .await
            .expect("swept");
        while notices::expired::tell(&world.app.store, &world.plan.id, now)
            .await
            .expect("told")
        {}
        world.deliver().await;
        let expected = if ahead > 10 * DAY {
            NoticeKind::Expired
        } else {
            NoticeKind::Digest
        };
        let kinds: Vec<_> = world
            .notices()
            .await
            .iter()
            .map(|notice| notice.kind)
            .collect();
        assert_eq!(kinds, [expected], "{ahead} ahead");
    }
}

#[tokio::test]
async fn a_scheduled_policy_is_told_at_once_and_again_a_week_ahead() {
    let mut world = World::with_files().await;
    world.token(&world.ada, "CI").await;
    world.pass(minutes(60 * 24 * 60));
    let comes = world.clock.now().saturating_add(20 * DAY);
    let terms = Terms::of_period(Some(of((30, Unit::Days))));
    world.change(Wanted::From(comes, terms)).await;
    world.deliver().await;
    assert_eq!(world.plan_ahead().await, 0, "twenty days are far");
    let mail = world.mails().remove(0);
    assert!(
        mail.contains("has scheduled another expiration policy for Acme"),
        "{mail}"
    );
    assert!(mail.contains("Stop working later (1)"), "{mail}");
    world.pass(minutes(60 * 24 * 12));
    assert_eq!(world.plan_ahead().await, 1);
    world.deliver().await;
    let digest = &world.mails()[1];
    assert!(
        digest.contains("“CI” stops working on Monday, 11 May 2026"),
        "{digest}"
    );
    // It is cancelled: that is told, and nothing ends.
    world.change(Wanted::Unscheduled).await;
    world.deliver().await;
    let mails = world.mails();
    let cancelled = mails
        .iter()
        .filter(|mail| mail.contains("cancelled the change"));
    assert_eq!((mails.len(), cancelled.count()), (3, 1));
    world.pass(minutes(60 * 24 * 30));
    assert_eq!(world.plan_ahead().await, 0);
}

#[tokio::test]
async fn what_is_soon_is_measured_from_when_the_mail_is_written() {
    let mut world = World::with_files().await;
    world.token(&world.ada, "CI").await;
    let comes = world.clock.now().saturating_add(40 * DAY);
    let terms = Terms::of_period(Some(of((30, Unit::Days))));
    world.change(Wanted::From(comes, terms)).await;
    // No mail leaves for 35 days; by then five are left.
    world.pass(minutes(60 * 24 * 35));
    world.deliver().await;
    let mail = world.mails().remove(0);
    assert!(
        mail.contains("Stop working within seven days (1)"),
        "{mail}"
    );
}

#[tokio::test]
async fn a_token_that_is_used_is_not_told_of_until_it_rests() {
    let mut world = World::with_files().await;
    let terms = Terms {
        period: None,
        inactivity: Some(of((10, Unit::Days))),
    };
    world.change(Wanted::Now(terms)).await;
    let token = world.token(&world.ada, "CI").await;
    for _ in 0..40 {
        uses(&world, &token, world.clock.now()).await;
        world.pass(minutes(60 * 23));
        assert_eq!(world.plan_ahead().await, 0, "its end moves with every use");
    }
    world.pass(minutes(60 * 24 * 2));
    assert_eq!(world.plan_ahead().await, 1);
    world.deliver().await;
    world.pass(minutes(60 * 24));
    assert_eq!(world.plan_ahead().await, 0, "for the same end once");
    // It is used again, and rests again: that is another end.
    uses(&world, &token, world.clock.now()).await;
    world.pass(minutes(60 * 24 * 2));
    assert_eq!(world.plan_ahead().await, 1);
}

#[tokio::test]
async fn periods_under_seven_days_are_told_by_their_announcement_alone() {
    let mut world = World::with_files().await;
    world.token(&world.ada, "old").await;
    world.policy(Some((6, Unit::Days))).await;
    assert_eq!(world.deliver().await, 1);
    for _ in 0..50 {
        world.token(&world.ada, "young").await;
        assert_eq!(world.plan_ahead().await, 0);
        world.pass(minutes(60 * 7));
    }
}

async fn uses(world: &World, token: &tenure_domain::id::TokenId, at: Timestamp) {
    let mut tx = world.app.store.write_aside().await.expect("writes");
    let one = Use {
        token: token.clone(),
        at,
        from: None,
    };
    tokens::record_uses(&mut tx, &[one]).await.expect("written");
    tx.commit().await.expect("committed");
}
