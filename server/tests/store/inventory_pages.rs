//! Pages of a plan's tokens: how many they hold, and how a list goes on.

use tenure_domain::{id::TokenId, policy::Terms};
use tenure_server::ops::inventory::{self, Asked, Filter, Reach, Sort};

use crate::{
    filters::under,
    inventory::{REACHES, SORTS},
    support::Database,
};

/// However few a page holds, and whether or not the list is read as a whole.
pub(crate) async fn what_the_text_means_fills_pages_and_the_others_follow(database: Database) {
    let (plan, ada) = database.tenant().await;
    let mut all = Vec::new();
    for name in ["means", "means too", "has prod", "is no hit", "prod"] {
        let (token, _) = database.token(&plan.id, &ada.id, name).await;
        all.push(token.id);
    }
    let alike = "update tokens set last_four = 'prod' where name like 'means%'";
    database.raw(alike).await.expect("written");
    let (history, now) = (under(Terms::OFF), database.clock.now());
    let sorted = |ids: &[TokenId]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids
    };
    let meant = sorted(&all[..2]);
    let others = sorted(&[all[2].clone(), all[4].clone()]);
    for (sort, reach) in SORTS
        .into_iter()
        .flat_map(|sort| REACHES.map(|it| (sort, it)))
    {
        let filter = Filter {
            owner: Some(ada.id.clone()),
            text: Some("prod".to_owned()),
            ..Filter::default()
        };
        let asked = Asked {
            filter,
            sort,
            descending: false,
            reach,
        };
        for limit in 1..5 {
            let (mut ids, mut cursor) = (Vec::new(), None);
            loop {
                let mut tx = database.read().await;
                let judged = (&history, now);
                let page =
                    inventory::page(&mut tx, &plan.id, &asked, judged, cursor.as_ref(), limit);
                let page = page.await.expect("read").expect("its own cursor");
                assert!(page.tokens.len() <= limit, "{asked:?}");
                ids.extend(page.tokens.into_iter().map(|token| token.id));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(sorted(&ids[..2]), meant, "{asked:?}");
            assert_eq!(sorted(&ids[2..]), others, "{asked:?}, {limit} at a time");
        }
    }
}

/// It was few enough to be read as a whole when its first page was.
pub(crate) async fn a_list_that_grows_while_it_is_read_goes_on(database: Database) {
    let (plan, ada) = database.tenant().await;
    for name in ["a", "c"] {
        database.token(&plan.id, &ada.id, name).await;
    }
    let reach = Reach {
        most_read: 100,
        few: 2,
    };
    let asked = Asked {
        filter: Filter {
            owner: Some(ada.id.clone()),
            ..Filter::default()
        },
        sort: Sort::Name,
        descending: false,
        reach,
    };
    let history = under(Terms::OFF);
    let judged = (&history, database.clock.now());
    let mut tx = database.read().await;
    let first = inventory::page(&mut tx, &plan.id, &asked, judged, None, 1).await;
    let first = first.expect("read").expect("a page");
    drop(tx);
    database.token(&plan.id, &ada.id, "b").await;
    database.token(&plan.id, &ada.id, "d").await;
    let mut tx = database.read().await;
    let rest = inventory::page(&mut tx, &plan.id, &asked, judged, first.next.as_ref(), 9).await;
    let rest = rest.expect("read").expect("it goes on");
    let listed = first.tokens.into_iter().chain(rest.tokens);
    let names: Vec<_> = listed.map(|token| token.name).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
}
