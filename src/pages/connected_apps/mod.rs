//! Account > Personal Settings > Connected apps: who may act in one's name, and ending that.
//!
//! Deliberately not here: allowing an app (`authorize`).

pub mod row;

use std::{collections::BTreeSet, sync::Arc};

use futures::future::join_all;
use leptos::prelude::*;
use tenure_domain::{
    live::Topic,
    time::Timestamp,
    wire::{connected_apps::ConnectedApp, page::Page, scopes::Scope},
};

use self::row::Row;
use super::{
    ending::{EndDialog, Ending},
    expiries,
    list::{List, Listed},
    list_view::ListView,
    scope_list::worded,
    settings_frame::SettingsFrame,
};
use crate::reactive::memo;
use crate::{
    api::{ApiError, Client, connected_apps as api, scopes},
    components::icon::{Icon, Symbol},
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
async fn fetch(client: Client) -> Result<Page<Connected>, ApiError> {
    let apps = api::list(client).await?.items;
    let plans: BTreeSet<_> = apps.iter().map(|app| &app.plan.id).collect();
    let sentences = plans.into_iter().map(|plan| scopes::list(client, plan));
    let known: Vec<Vec<Scope>> = join_all(sentences)
        .await
        .into_iter()
        .filter_map(Result::ok)
        .collect();
    let known = known.concat();
    let connected = |app: ConnectedApp| {
        let names = app.scope.names();
        let may = names.map(|name| worded(name, &known)).collect();
        Connected { app, may }
    };
    Ok(Page {
        items: apps.into_iter().map(connected).collect(),
        next_cursor: None,
    })
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
    expiries::follow(soonest, move || list.refresh());
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
        <ListView list columns blank=|| view! { <Empty /> } tile=text::HEADING row />
        <EndDialog
            ending
            action=text::DISCONNECT
            unreached=text::UNREACHED
            on_answer=Callback::new(move |()| list.refresh())
            focus_after=HEADING_ID
        />
    }
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <section class="tile empty">
            <Icon symbol=Symbol::Shield />
            <p>{text::EMPTY}</p>
        </section>
    }
}

/// The app, about to be disconnected.
fn disconnecting(client: Client, app: &ConnectedApp) -> Ending {
    let id = app.client.id.clone();
    Ending {
        title: text::title(&app.client.name),
        about: text::what_ends(&app.client.name, &app.plan.name),
        done: text::disconnected(&app.client.name),
        call: Arc::new(move || {
            let id = id.clone();
            Box::pin(async move { api::disconnect(client, &id).await })
        }),
    }
}
