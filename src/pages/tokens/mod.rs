//! Admin Center > Tokens: every token of a plan, filtered and in an order that stand in the address, and
//! revoking many at once.
//!
//! Deliberately not here: which tokens pass, which the server decides, and a token's own page.

pub mod book;
pub mod choice;
pub mod focus;
mod part;
pub mod reel;
pub mod revoke;
pub mod row;

use leptos::prelude::*;
use tenure_domain::{
    id::{PlanId, TokenId, UserId},
    live::Topic,
    token::{Status, TokenKind},
    wire::session::Membership,
};

use self::{book::Book, reel::Reel, revoke::RevokeDialog};
use super::{
    act::Act,
    filter::{Filter, Part},
    filter_form::{FilterForm, Input, Words, choices, filter_form},
    passing_time,
};
use crate::{
    components::heading::page_head,
    reactive::{effect, memo},
    route::Route,
    router::Router,
    state::live::Live,
    text::{common, inventory as words, shell, tokens},
};

/// The parts of the filter, by their places.
const PARTS: &[Part] = &[
    Part::Text("status"),
    Part::Text("kind"),
    Part::Text("text"),
    Part::Text("sort"),
    Part::Text("owner"),
    Part::Text("client"),
    Part::From("created_after"),
    Part::Until("created_before"),
    Part::From("expires_after"),
    Part::Until("expires_before"),
    Part::From("last_used_after"),
    Part::Until("last_used_before"),
];
const STATUS: usize = 0;
const KIND: usize = 1;
const TEXT: usize = 2;
const SORT: usize = 3;
const OWNER: usize = 4;
const CLIENT: usize = 5;
const FIRST_DAY: usize = 6;

/// The address of the tokens of one person.
#[must_use]
pub fn of_owner(plan: PlanId, owner: &UserId) -> String {
    narrowed(&Route::Tokens(plan).path(), OWNER, owner.as_str())
}

/// The address of the tokens that are suspicious.
#[must_use]
pub fn suspicious(plan: PlanId) -> String {
    let path = Route::Tokens(plan).path();
    narrowed(&path, STATUS, Status::Suspicious.as_str())
}

/// The address of the tokens that pass one part of the filter.
fn narrowed(path: &str, part: usize, value: &str) -> String {
    Filter::only(PARTS, part, value).address(path)
}

/// What the parts of this page share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    plan: StoredValue<PlanId>,
    /// The page's path.
    path: StoredValue<String>,
    asked: Memo<Filter>,
    book: Book,
    /// Which tokens are selected.
    selected: RwSignal<Vec<TokenId>>,
    /// Whether those that work are being looked for.
    choosing: Act,
    /// Whether the dialog is open that revokes them.
    revoking: RwSignal<bool>,
}

impl Desk {
    /// Selects none, and looks for none to select.
    fn select_none(self) {
        self.selected.set(Vec::new());
        self.choosing.busy.set(false);
        self.choosing.trouble.set(None);
    }

    /// Selects a token, or no more.
    fn select(self, id: &TokenId, select: bool) {
        self.selected.update(|selected| {
            selected.retain(|it| it != id);
            if select {
                selected.push(id.clone());
            }
        });
    }
}

/// The page of one plan, for its System Admins.
#[component]
pub fn Tokens(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let router = expect_context::<Router>();
    let asked = memo(move || known(Filter::read(PARTS, &router.address().query)));
    let id = StoredValue::new(plan.id.clone());
    let desk = Desk {
        plan: id,
        path: StoredValue::new(Route::Tokens(plan.id).path()),
        asked,
        book: Book::new(id, asked),
        selected: RwSignal::new(Vec::new()),
        choosing: Act::new(),
        revoking: RwSignal::new(false),
    };
    let before = StoredValue::new(None);
    effect(move || {
        let passing = Some(without_order(asked.get()));
        let same = before.with_value(|before| *before == passing);
        if !same {
            // Nobody revokes what another filter has taken out of sight.
            desk.select_none();
            before.set_value(passing);
        }
        desk.choosing.busy.set(false);
        desk.book.begin(same);
    });
    let book = desk.book;
    let refresh = move || book.refresh();
    if let Some(live) = use_context::<Live>() {
        let topics = &[Topic::Tokens, Topic::Policy];
        live.on(Some(id.get_value()), topics, Box::new(refresh));
    }
    passing_time::follow(memo(move || book.soonest()), refresh);
    view! {
        {page_head(shell::TOKENS, words::about(&plan.name), Some(focus::ABOVE_ID))}
        {filter(desk)}
        <Reel desk/>
        <RevokeDialog desk/>
    }
}

/// What is asked for, without the words of an address that mean nothing here.
fn known(mut asked: Filter) -> Filter {
    let status = Status::ALL
        .iter()
        .any(|it| it.as_str() == asked.get(STATUS));
    let kind = TokenKind::ALL
        .iter()
        .any(|it| it.as_str() == asked.get(KIND));
    let sort = words::SORTS.iter().any(|it| it.0 == asked.get(SORT));
    for (part, is_known) in [(STATUS, status), (KIND, kind), (SORT, sort)] {
        if !is_known {
            asked.set(part, String::new());
        }
    }
    asked
}

/// Which tokens are asked for, in whatever order.
fn without_order(mut asked: Filter) -> Filter {
    asked.set(SORT, String::new());
    asked
}

/// What can be asked for.
fn filter(desk: Desk) -> AnyView {
    let statuses = Status::ALL.map(|it| (it.as_str(), tokens::status(it)));
    let kinds = TokenKind::ALL.map(|it| (it.as_str(), tokens::kind(it)));
    let [newest, others @ ..] = &words::SORTS;
    let statuses = choices(words::EVERY_STATUS, &statuses);
    let kinds = choices(words::EVERY_KIND, &kinds);
    let sorts = choices(newest.1, others);
    let days = (FIRST_DAY..).zip(words::DAY_FIELDS);
    filter_form(FilterForm {
        asked: desk.asked,
        path: desk.path,
        words: Words {
            form: words::FILTERS,
            send: common::FILTER,
            all: common::SHOW_ALL,
            narrowed: words::NARROWED,
            seldom: words::DAYS,
        },
        fields: vec![
            (STATUS, words::STATUS, Input::Choice(statuses)),
            (KIND, words::KIND, Input::Choice(kinds)),
            (TEXT, words::TEXT, Input::Text),
            (SORT, words::SORT, Input::Choice(sorts)),
        ],
        seldom: days
            .map(|(part, label)| (part, label, Input::Day))
            .collect(),
    })
}
