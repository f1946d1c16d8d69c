//! Admin Center > Users: the people of a plan, what they are, who may act in it, and who is invited into it.
//!
//! Deliberately not here: who may be changed, which `tenure_domain::membership` decides, and people's other plans.

pub mod change;
pub mod desk;
pub mod invite;
pub mod invited;
pub mod row;

use leptos::prelude::*;
use tenure_domain::{
    live::Topic,
    plan::Role,
    time::Timestamp,
    wire::{session::Membership, users::PlanUser},
};

use self::{change::ChangeDialog, desk::Desk, invite::InviteDialog, invited::invited, row::row};
use super::{
    filter::{Filter, Part},
    filter_form::{FilterForm, Input, Words, choices, filter_form},
    list::{List, Listed},
    list_view::ListView,
};
use crate::{
    api::{Client, invitations as invitations_api, users as api},
    components::{
        button::{Button, Weight},
        empty::empty,
        heading::PageHeading,
    },
    reactive::{dynamic, memo},
    route::Route,
    router::Router,
    text::{invitations, shell, users},
};

/// The parts of the filter, by their places.
const PARTS: &[Part] = &[Part::Text("text"), Part::Text("role"), Part::Text("state")];
const TEXT: usize = 0;
const ROLE: usize = 1;
const STATE: usize = 2;
/// The state of no user, but of whoever is invited.
const INVITED: &str = "invited";

/// The line that takes the focus when a row with the focus is gone.
const ABOUT_ID: &str = "about-users";

impl Listed for PlanUser {
    fn id(&self) -> String {
        self.id.0.clone()
    }

    fn shown(&self) -> String {
        let millis = |at: Option<Timestamp>| at.map_or(-1, Timestamp::as_millis);
        let (since, seen) = (millis(self.deactivated_at), millis(self.last_seen_at));
        let (id, role, tokens) = (&self.id, self.role.as_str(), self.working_tokens);
        let others = self.others_administer;
        format!("{id} {role} {tokens} {since} {seen} {others}")
    }
}

/// The page of one plan, for its System Admins.
#[component]
pub fn Users(
    /// The plan, and the person's place in it.
    plan: Membership,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let router = expect_context::<Router>();
    let asked = memo(move || Filter::read(PARTS, &router.address().query));
    let path = StoredValue::new(Route::Users(plan.id.clone()).path());
    let here = Some(plan.id.clone());
    let about = users::about(&plan.name);
    let (id, id_of_invited) = (plan.id.clone(), plan.id.clone());
    let (of_people, of_invited) = (query(asked, false), query(asked, true));
    let desk = Desk {
        plan: StoredValue::new(plan),
        people: List::new(move |cursor| {
            let query = for_page(of_people, cursor.as_deref());
            api::list(client, &id, &query, cursor.as_deref())
        })
        .live(here.clone(), &[Topic::Users, Topic::Tokens]),
        invited: List::new(move |cursor| {
            let query = for_page(of_invited, cursor.as_deref());
            invitations_api::list(client, &id_of_invited, &query, cursor.as_deref())
        })
        .live(here, &[Topic::Users]),
        changing: RwSignal::new(None),
        inviting: RwSignal::new(false),
        session: expect_context(),
    };
    let invite = Callback::new(move |()| desk.inviting.set(true));
    view! {
        <div class="head">
            <div>
                <PageHeading title=shell::USERS.to_owned()/>
                <p class="muted" id=ABOUT_ID tabindex="-1">{about}</p>
            </div>
            <Button weight=Weight::Primary on_press=invite>{invitations::INVITE}</Button>
        </div>
        {filter(asked, path)}
        {dynamic(move || lists(desk, &asked.get()))}
        <ChangeDialog desk/>
        <InviteDialog desk/>
    }
}

/// What the server is asked of those who are invited, or of the others: everything where it is not they who are
/// looked for.
fn query(asked: Memo<Filter>, of_invited: bool) -> Memo<String> {
    memo(move || {
        let mut asked = asked.get();
        let shown = match of_invited {
            true => shows_invited(&asked),
            false => !is_of_invited(&asked),
        };
        if !shown {
            return String::new();
        }
        if of_invited {
            asked.set(STATE, String::new());
        }
        asked.asked()
    })
}

/// The first page follows the address; the others belong to it.
fn for_page(query: Memo<String>, cursor: Option<&str>) -> String {
    match cursor {
        None => query.get(),
        Some(_) => query.get_untracked(),
    }
}

/// Those who are invited stand above the others, unless only people of another state are looked for.
fn lists(desk: Desk, asked: &Filter) -> AnyView {
    let (alone, with_invited) = (is_of_invited(asked), shows_invited(asked));
    let narrow = !(asked.get(TEXT).is_empty() && asked.get(ROLE).is_empty());
    let nobody = match narrow {
        true => users::NONE_FOUND,
        false => invitations::NOBODY,
    };
    let pending = with_invited.then(|| invited(desk, alone.then_some(nobody)));
    let words = match asked.is_empty() {
        true => users::EMPTY,
        false => users::NONE_FOUND,
    };
    // Whoever was looked for may be invited: nobody knows before that list has come.
    let invited = desk.invited;
    let none_invited = move || {
        !with_invited
            || invited.items().data().is_some_and(|it| it.is_empty()) && !invited.any().has_more()
    };
    let blank = move || dynamic(move || none_invited().then(|| empty(None, words)).into_any());
    let people = (!alone).then(|| {
        view! {
            <div class="people">
                <ListView
                    list=desk.people
                    columns=users::COLUMNS.to_vec()
                    blank
                    tile=shell::USERS
                    row=move |user: PlanUser| row(desk, user)
                />
            </div>
        }
    });
    view! {
        {pending}
        {people}
    }
    .into_any()
}

/// Whether those who are invited are among whom is looked for.
fn shows_invited(asked: &Filter) -> bool {
    asked.get(STATE).is_empty() || is_of_invited(asked)
}

/// Whether those alone are asked for who are invited.
fn is_of_invited(asked: &Filter) -> bool {
    asked.get(STATE) == INVITED
}

/// Who can be looked for.
fn filter(asked: Memo<Filter>, path: StoredValue<String>) -> AnyView {
    let roles = Role::ALL.map(|role| (role.as_str(), shell::role(role)));
    let states = [
        ("active", users::ACTIVE),
        ("deactivated", users::DEACTIVATED),
        (INVITED, invitations::INVITED),
    ];
    let roles = choices(users::EVERY_ROLE, &roles);
    let states = choices(users::EVERY_STATE, &states);
    filter_form(FilterForm {
        asked,
        path,
        words: Words {
            form: users::SEARCH,
            send: users::FIND,
            all: users::SHOW_ALL,
            narrowed: "",
            seldom: "",
        },
        fields: vec![
            (TEXT, users::TEXT, Input::Text),
            (ROLE, invitations::ROLE, Input::Choice(roles)),
            (STATE, users::STATE, Input::Choice(states)),
        ],
        seldom: Vec::new(),
    })
}
