//! The history of versions.

use super::*;

#[wasm_bindgen_test]
async fn the_versions_come_in_pages_and_the_focus_stays_in_the_list() {
    let server = fixtures::server();
    let pages = [(3, 3, Some("c2")), (2, 2, Some("c3")), (1, 0, None)];
    server.on(Method::Get, HISTORY, move |request| {
        let page = match request.path.split("cursor=").nth(1) {
            None => 0,
            Some("c2") => 1,
            Some(_) => 2,
        };
        let (from, to, next): (u32, u32, Option<&str>) = pages[page];
        let items = (to..=from)
            .rev()
            .map(|number| recorded(&version(number, Some(DAYS_90), "Bo")));
        Response::json(
            200,
            &Page {
                items: items.collect(),
                next_cursor: next.map(str::to_owned),
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    let rows = || crate::harness::select(&console.root, "tbody tr");
    assert_eq!(rows().len(), 1);
    console
        .get(Role::Button, "Show more")
        .focus()
        .expect("it takes the focus");
    console.press(Role::Button, "Show more").await;
    assert_eq!(rows().len(), 2);
    assert!(focus_is_on("Show more"), "there is more");
    axe::check(&console.root).await;
    console.press(Role::Button, "Show more").await;
    assert_eq!(rows().len(), 4);
    assert!(console.find(Role::Button, "Show more").is_none());
    let row = rows().into_iter().nth(2).expect("the first new one");
    assert!(focused().is_some_and(|it| it.is_same_node(Some(&row))));
}

#[wasm_bindgen_test]
async fn a_page_of_versions_that_does_not_come_can_be_asked_for_again() {
    let server = fixtures::server();
    server.on(Method::Get, HISTORY, |request| {
        if request.path.contains("cursor=") {
            return Response::problem(Kind::Internal);
        }
        let items = vec![recorded(&version(2, Some(DAYS_90), "Bo"))];
        Response::json(
            200,
            &Page {
                items,
                next_cursor: Some("c2".to_owned()),
            },
        )
    });
    let console = Console::open_at(PAGE, server).await;
    console.press(Role::Button, "Show more").await;
    assert!(console.says("The next rows could not be loaded."));
    assert!(console.says("Something went wrong on the server."));
    assert!(console.find(Role::Button, "Try again").is_some());
    assert_eq!(crate::harness::select(&console.root, "tbody tr").len(), 1);
}

#[wasm_bindgen_test]
async fn each_version_says_whether_it_came_what_it_ended_and_by_whom() {
    let now = fixtures::NOW;
    let at = |days: i64| now.saturating_add(days * DAY);
    let of = |number: u32, since: i64, ended: Option<u64>| RecordedPolicy {
        in_force_since: at(since),
        decided_at: at(since.min(0) - 1),
        ended,
        ..recorded(&version(number, Some(DAYS_90), "Bo"))
    };
    let cancelled = RecordedPolicy {
        cancelled: Some(PolicyCancellation {
            at: at(-1),
            by: Some(UserRef {
                id: UserId("ada".to_owned()),
                name: "Ada".to_owned(),
            }),
        }),
        ..of(3, 9, None)
    };
    let in_force = RecordedPolicy {
        inactivity: Some(period((30, Unit::Days))),
        ..of(2, -2, Some(1_204))
    };
    let items = vec![of(4, 7, None), cancelled, in_force, of(1, -9, Some(1))];
    let server = fixtures::server();
    let page = Page {
        items,
        next_cursor: None,
    };
    server.json(Method::Get, HISTORY, &page);
    let console = Console::open_at("/plans/acme/security-control/history", server).await;
    let rows = crate::harness::select(&console.root, "tbody tr");
    let words: Vec<_> = rows
        .iter()
        .map(|row| {
            row.inner_text()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    for (row, expected) in [
        (
            0,
            &["4 Scheduled", "in 7 days", "Not in force yet", "Decided"][..],
        ),
        (
            1,
            &[
                "3 Cancelled",
                "Would have come into force on 1 Dec 2026",
                "Never came into force",
                "Cancelled by Ada, 21 Nov 2026",
            ],
        ),
        (
            2,
            &[
                "2 In force",
                "90 days, or unused for 30 days",
                "Ended 1,204 tokens at once",
            ],
        ),
        (
            3,
            &[
                "1 90 days",
                "Bo",
                "Decided 12 Nov 2026",
                "Ended 1 token at once",
            ],
        ),
    ] {
        for part in expected {
            assert!(words[row].contains(part), "{part}: {}", words[row]);
        }
    }
    axe::check(&console.root).await;
    axe::reflows(&console.root);
    console.press(Role::Link, "Security & Control").await;
    assert_eq!(address(), PAGE);
    console.press(Role::Link, "Policy history").await;
    assert_eq!(address(), "/plans/acme/security-control/history");
}

#[wasm_bindgen_test]
async fn a_member_cannot_reach_the_history() {
    let server = fixtures::server_of(&fixtures::bo());
    let console = Console::open_at("/plans/acme/security-control/history", server).await;
    assert_eq!(console.server.count(Method::Get, HISTORY), 0);
    assert!(console.find(Role::Heading, "Policy history").is_none());
}
