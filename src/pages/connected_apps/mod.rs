//! Account > Personal Settings > Connected apps: who may act in one's name, and ending that.
//!
//! Deliberately not here: allowing an app (`authorize`).

pub mod row;

use std::sync::Arc;

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    live::Topic,
    time::Timestamp,
    wire::{connected_apps::ConnectedApp, page::Page, scopes::Scope},
};

use self::row::Row;
use super::{
    ending::{EndDialog, Ending},
    list::{List, Listed},
    list_view::ListView,
    passing_time,
    scope_list::worded,
    settings_frame::SettingsFrame,
};
use crate::reactive::memo;
use crate::{
    api::{Call, Client, all, connected_apps as api, scopes},
    components::{empty::empty, icon::Symbol},
    route::Route,
    text::connected_apps as text,
};

/// The heading that takes the focus when a row with the focus is gone.
const HEADING_ID: &str = "connected-apps";

/// An app, with the sentences of what it may do.
#[derive(Clone)]
pub struct Connected {
    app: ConnectedApp,
    may: Vec<Scope>,
}

impl Listed for Connected {
    fn id(&self) -> String {
        self.app.client.id.0.clone()
    }

    fn shown(&self) -> String {
        let millis = |at: Option<Timestamp>| at.map_or(-1, Timestamp::as_millis);
        let ConnectedApp {
            client,
            scope,
            last_used_at,
            expires_at,
            ..
        } = &self.app;
        let (used, expires) = (millis(*last_used_at), millis(*expires_at));
        format!("{} {expires} {used} {scope}", client.id)
    }
}

/// All apps, and what their scopes mean. Where a plan's sentences do not come, the names stand alone.
fn fetch(client: Client) -> Call<Page<Connected>> {
    api::list(client).and_then(move |apps| {
        let apps = apps.items;
        let mut plans: Vec<&PlanId> = Vec::new();
        for app in &apps {
            if !plans.contains(&&app.plan.id) {
                plans.push(&app.plan.id);
            }
        }
        let sentences = plans.into_iter().map(|plan| scopes::list(client, plan));
        let sentences = all(sentences.map(Call::or_nothing));
        sentences.map(|known| connected(apps, &known))
    })
}

fn connected(apps: Vec<ConnectedApp>, known: &[Option<Vec<Scope>>]) -> Page<Connected> {
    let known: Vec<Scope> = known.iter().flatten().flatten().cloned().collect();
    let connected = |app: ConnectedApp| {
        let names = app.scope.names();
        let may = names.map(|name| worded(name, &known)).collect();
        Connected { app, may }
    };
    Page {
        items: apps.into_iter().map(connected).collect(),
        next_cursor: None,
    }
}

/// The page.
#[component]
pub fn ConnectedApps() -> impl IntoView {
    view! {
        <SettingsFrame tab=Route::ConnectedApps>
            <Apps />
        </SettingsFrame>
    }
}

/// What stands below the tabs.
#[component]
fn Apps() -> impl IntoView {
    let client = expect_context::<Client>();
    let list = List::new(move |_| fetch(client)).live(None, &[Topic::OwnApps, Topic::Policy]);
    let ending = RwSignal::new(None::<Ending>);
    let soonest = memo(move || {
        let apps = list.items().data()?;
        apps.iter().filter_map(|it| it.app.expires_at).min()
    });
    passing_time::follow(soonest, move || list.refresh());
    let columns = vec![
        text::COLUMN_APP,
        text::COLUMN_MAY,
        text::COLUMN_SINCE,
        text::COLUMN_LAST_USED,
        text::COLUMN_TOKEN,
        "",
    ];
    let row = move |connected: Connected| {
        let id = list.row_id(&connected);
        let app = connected.app.clone();
        let disconnect = Callback::new(move |()| ending.set(Some(disconnecting(client, &app))));
        view! { <Row connected id disconnect /> }
    };
    view! {
        <div class="head">
            <h2 id=HEADING_ID tabindex="-1">
                {text::HEADING}
            </h2>
        </div>
        <p class="policy-lines muted">{text::ABOUT}</p>
        <ListView list columns blank=|| empty(Some(Symbol::Shield), text::EMPTY) tile=text::HEADING row />
        <EndDialog
            ending
            action=text::DISCONNECT
            unreached=text::UNREACHED
            on_answer=Callback::new(move |()| list.refresh())
            focus_after=HEADING_ID
        />
    }
}

/// The app, about to be disconnected.
fn disconnecting(client: Client, app: &ConnectedApp) -> Ending {
    let (id, done) = (app.client.id.clone(), text::disconnected(&app.client.name));
    Ending {
        title: text::title(&app.client.name),
        about: text::what_ends(&app.client.name, &app.plan.name),
        call: Arc::new(move || {
            let done = done.clone();
            api::disconnect(client, &id).map(|()| done)
        }),
    }
}
