//! Notices from the transaction that decides them to what became of each (R16). Mails go to a folder.

use tenure_domain::{
    id::{NoticeId, UserId},
    locale::{Language, Locale},
    notice::{NoticeKind, NoticeState},
    period::Unit,
    plan::{Role, Tier},
    time::{DAY, HOUR, SECOND},
};
use tenure_server::{
    ops::{notices as ops, sweep},
    store::{
        notices::{self, Addressee, NewNotice, ledger::Filter, outbox},
        users::{self, User},
    },
};

use crate::{
    mails::{all, deliver, hand_on, ledger, mails, plan_ahead, postman},
    support::{Database, period},
};

pub(crate) async fn a_notice_is_one_holders_until_its_lease_runs_out(database: Database) {
    let (plan, ada) = database.tenant().await;
    let now = database.clock.now();
    let id = NoticeId("n1".to_owned());
    let new = NewNotice {
        id: id.clone(),
        to: &Addressee::Owner(ada.id.clone()),
        kind: NoticeKind::Digest,
        key: "digest:ada:today",
        details: "{}",
        created_at: now,
        due_at: now,
    };
    let mut tx = database.write().await;
    assert!(notices::insert(&mut tx, &new).await.expect("queued"));
    let again = NewNotice {
        id: NoticeId("n2".to_owned()),
        ..new
    };
    assert!(!notices::insert(&mut tx, &again).await.expect("known"));
    notices::add_tokens(&mut tx, &id, &plan.id, 1)
        .await
        .expect("counted");
    let open = notices::open(&mut tx, "digest:ada:today")
        .await
        .expect("read");
    assert_eq!(open.as_ref(), Some(&id));

    let until = now.saturating_add(30 * SECOND);
    let lease = outbox::lease(&mut tx, "one", now, until)
        .await
        .expect("taken");
    assert_eq!(lease.expect("it is due").attempts, 1);
    assert_eq!(
        notices::open(&mut tx, "digest:ada:today")
            .await
            .expect("read"),
        None
    );
    let early = outbox::lease(&mut tx, "two", until.saturating_add(-1), until).await;
    assert_eq!(early.expect("read"), None, "it is the first one's");
    let renewed = until.saturating_add(30 * SECOND);
    assert!(
        outbox::renew(&mut tx, (&id, "one"), renewed)
            .await
            .expect("renewed")
    );
    let later = renewed.saturating_add(30 * SECOND);
    let lease = outbox::lease(&mut tx, "two", renewed, later)
        .await
        .expect("taken");
    assert_eq!(lease.expect("it was left").attempts, 2);

    let (language, time_zone) = (Language::De, "Europe/Berlin".to_owned());
    let locale = Locale {
        language,
        time_zone,
    };
    let late = outbox::sent(&mut tx, (&id, "one"), renewed, &locale).await;
    assert!(!late.expect("read"), "it is no longer the first one's");
    let late = outbox::again(&mut tx, (&id, "one"), "busy", renewed).await;
    assert!(!late.expect("read"));
    let sent = outbox::sent(&mut tx, (&id, "two"), renewed, &locale).await;
    assert!(sent.expect("written"));
    assert_eq!(outbox::next(&mut tx).await.expect("read"), None);
    tx.commit().await.expect("committed");
    let [notice] = &all(&database, &plan).await[..] else {
        panic!("one notice");
    };
    assert_eq!(
        (notice.state, notice.sent_at),
        (NoticeState::Sent, Some(renewed))
    );
}

pub(crate) async fn a_digest_tells_each_expiry_once(mut database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (plan, ada) = database.tenant().await;
    database
        .policy(&plan, &ada, Some(period(90, Unit::Days)))
        .await;
    hand_on(&database).await;
    deliver(&mut postman).await;
    let (token, _) = database.token(&plan.id, &ada.id, "Nightly").await;
    database.advance(81 * DAY);
    assert_eq!(
        plan_ahead(&database).await,
        0,
        "there is more than a week and a day"
    );
    database.advance(DAY);
    assert_eq!(plan_ahead(&database).await, 1);
    assert_eq!(plan_ahead(&database).await, 0, "it is told");
    assert_eq!(deliver(&mut postman).await, 1);
    for _ in 0..9 {
        database.advance(DAY);
        assert_eq!(plan_ahead(&database).await, 0, "once for each expiry");
    }
    let mail = &mails(folder.path())[0];
    for part in [
        "Nightly",
        &format!("…{}", token.last_four),
        "Acme",
        "Auto-Submitted: auto-generated",
    ] {
        let quoted = part.replace('…', "=E2=80=A6");
        assert!(
            mail.contains(part) || mail.contains(&quoted),
            "{part}: {mail}"
        );
    }
    assert_eq!(mails(folder.path()).len(), 1);
}

pub(crate) async fn of_two_plans_one_digest_tells(mut database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (acme, ada) = database.tenant().await;
    let cumin = database.plan("Cumin", Tier::Business).await;
    database.join(&ada, &cumin, Role::SystemAdmin).await;
    for plan in [&acme, &cumin] {
        database
            .policy(plan, &ada, Some(period(30, Unit::Days)))
            .await;
    }
    hand_on(&database).await;
    for plan in [&acme, &cumin, &cumin] {
        database.token(&plan.id, &ada.id, "CI").await;
    }
    database.advance(22 * DAY);
    assert_eq!(plan_ahead(&database).await, 1);
    assert_eq!(deliver(&mut postman).await, 1);
    assert_eq!(all(&database, &acme).await[0].tokens, 1);
    assert_eq!(all(&database, &cumin).await[0].tokens, 2);
    assert_eq!(mails(folder.path()).len(), 1);
}

pub(crate) async fn an_announcement_reaches_everybody_concerned(mut database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (plan, ada) = database.tenant().await;
    let mut owners = vec![ada.clone()];
    for number in 0..60 {
        let owner = database.user(&format!("user{number}")).await;
        database.join(&owner, &plan, Role::Member).await;
        owners.push(owner);
    }
    let without = owners.pop().expect("the last one");
    for owner in &owners {
        database.token(&plan.id, &owner.id, "old").await;
    }
    database.advance(31 * DAY);
    database.token(&plan.id, &ada.id, "young").await;
    database
        .policy(&plan, &ada, Some(period(30, Unit::Days)))
        .await;
    let announcements = "select count(*) from policy_announcements";
    assert_eq!(
        database.number(announcements).await,
        1,
        "one row at any number of owners"
    );
    hand_on(&database).await;
    let told = all(&database, &plan).await;
    assert_eq!(told.len(), owners.len());
    assert!(
        told.iter()
            .all(|notice| notice.kind == NoticeKind::Announcement)
    );
    assert!(
        told.iter()
            .all(|notice| notice.owner.id.as_ref() != Some(&without.id))
    );
    assert_eq!(deliver(&mut postman).await, owners.len());
    let mails = mails(folder.path());
    let adas: Vec<_> = mails
        .iter()
        .filter(|mail| mail.contains("ada@acme.example"))
        .collect();
    let [adas] = &adas[..] else {
        panic!("one mail to Ada");
    };
    assert!(
        adas.contains("Stopped working (1)") && adas.contains("Stop working later (1)"),
        "{adas}"
    );
}

pub(crate) async fn what_nobody_could_be_told_for_a_week_is_no_news(database: Database) {
    let (plan, ada) = database.tenant().await;
    database.token(&plan.id, &ada.id, "CI").await;
    for (waits, told) in [(7 * DAY, 1), (7 * DAY + 1, 1)] {
        database
            .policy(&plan, &ada, Some(period(90 + waits % 2, Unit::Days)))
            .await;
        database.advance(waits);
        hand_on(&database).await;
        assert_eq!(all(&database, &plan).await.len(), told);
    }
    let open = "select count(*) from policy_announcements where finished_at is null";
    assert_eq!(database.number(open).await, 0);
}

pub(crate) async fn what_an_announcement_told_no_digest_repeats(database: Database) {
    let (plan, ada) = database.tenant().await;
    database.token(&plan.id, &ada.id, "soon").await;
    database.advance(25 * DAY);
    database
        .policy(&plan, &ada, Some(period(30, Unit::Days)))
        .await;
    assert_eq!(
        plan_ahead(&database).await,
        0,
        "the announcement comes first"
    );
    hand_on(&database).await;
    assert_eq!(plan_ahead(&database).await, 0, "it has told of it");
    assert_eq!(all(&database, &plan).await.len(), 1);
    // Another policy is another expiry.
    database
        .policy(&plan, &ada, Some(period(31, Unit::Days)))
        .await;
    hand_on(&database).await;
    database.policy(&plan, &ada, None).await;
    hand_on(&database).await;
    assert_eq!(plan_ahead(&database).await, 0);
    assert_eq!(all(&database, &plan).await.len(), 3);
}

pub(crate) async fn an_expiry_is_told_once_it_is_recorded(mut database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postman = postman(&mut database, folder.path()).await;
    let (plan, ada) = database.tenant().await;
    database
        .policy(&plan, &ada, Some(period(1, Unit::Hours)))
        .await;
    hand_on(&database).await;
    deliver(&mut postman).await;
    for name in ["one", "two"] {
        database.token(&plan.id, &ada.id, name).await;
    }
    database.advance(HOUR);
    assert_eq!(plan_ahead(&database).await, 0, "no notice ahead of an hour");
    let tell = async |database: &Database| {
        let now = database.clock.now();
        while ops::expired::tell(&database.store, &plan.id, now)
            .await
            .expect("told")
        {}
        ledger(
            database,
            &plan,
            Filter {
                kind: Some(NoticeKind::Expired),
                state: None,
            },
        )
        .await
    };
    assert_eq!(tell(&database).await.len(), 0, "nobody has recorded it");
    let swept = sweep::sweep(&database.store, &plan.id, database.clock.now()).await;
    assert_eq!(swept.expect("swept"), 2);
    let told = tell(&database).await;
    assert_eq!((told.len(), told[0].tokens), (1, 2), "both in one mail");
    assert_eq!(deliver(&mut postman).await, 1);
    // Another one of the same day is told the next day.
    database.token(&plan.id, &ada.id, "three").await;
    database.advance(HOUR);
    sweep::sweep(&database.store, &plan.id, database.clock.now())
        .await
        .expect("swept");
    assert_eq!(tell(&database).await.len(), 2);
    assert_eq!(deliver(&mut postman).await, 0);
    database.advance(DAY);
    assert_eq!(deliver(&mut postman).await, 1);
    assert_eq!(tell(&database).await.len(), 2);
    assert_eq!(mails(folder.path()).len(), 2);
}

pub(crate) async fn a_language_is_offered_once_and_chosen_any_time(database: Database) {
    let ada = database.user("ada").await;
    let locale = |language, zone: &str| Locale {
        language,
        time_zone: zone.to_owned(),
    };
    let (berlin, tokyo) = (
        locale(Language::De, "Europe/Berlin"),
        locale(Language::En, "Asia/Tokyo"),
    );
    let mut tx = database.write().await;
    assert!(
        users::offer_locale(&mut tx, &ada.id, &berlin)
            .await
            .expect("kept")
    );
    assert!(
        !users::offer_locale(&mut tx, &ada.id, &tokyo)
            .await
            .expect("known")
    );
    assert_eq!(kept(&mut tx, &ada.id).await.locale, Some(berlin));
    users::set_locale(&mut tx, &ada.id, &tokyo)
        .await
        .expect("set");
    assert_eq!(kept(&mut tx, &ada.id).await.locale, Some(tokyo));
}

async fn kept(tx: &mut tenure_server::store::Tx, id: &UserId) -> User {
    users::get(tx, id).await.expect("read").expect("a user")
}
