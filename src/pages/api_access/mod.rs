//! Account > Personal Settings > API Access: the person's own tokens, of every plan that they are in.
//!
//! Working ones first, soonest expiry first; dead ones below, each with its reason. The server
//! decides both order and status; a token whose time passes on screen moves because it is fetched
//! again, not because this page guessed.

pub mod ended;
pub mod generate;
pub mod policies;
pub mod revoke;
pub mod secret;
pub mod working;

use leptos::prelude::*;
use tenure_domain::{
    time::{SECOND, Timestamp},
    wire::tokens::{Section, Token},
};

use self::{
    ended::Ended,
    generate::GenerateDialog,
    policies::{Policies, PolicyLines},
    revoke::RevokeDialog,
    working::Working,
};
use super::{
    list::{List, Listed},
    settings_frame::SettingsFrame,
};
use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{Client, tokens},
    components::{
        button::{Button, Weight},
        icon::{Icon, Symbol},
        skeleton::Skeleton,
    },
    route::Route,
    state::{clock::ServerClock, session::SessionState},
    text,
};

/// The heading that takes the focus when a row with the focus is gone.
const WORKING_ID: &str = "working-tokens";
/// How long a fetch for a passed expiry is given before it is tried again.
const TRY_AGAIN_AFTER: i64 = 5 * SECOND;

/// What the parts of this page share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    working: List<Token>,
    ended: List<Token>,
    policies: Policies,
    /// Whether the dialog that generates a token is open.
    generating: RwSignal<bool>,
    /// The token that is about to be revoked.
    revoking: RwSignal<Option<Token>>,
}

impl Desk {
    fn new() -> Self {
        Self {
            working: list(Section::Working),
            ended: list(Section::Ended),
            policies: Policies::fetch(),
            generating: RwSignal::new(false),
            revoking: RwSignal::new(None),
        }
    }

    /// Fetches both lists anew: something has changed.
    fn refresh(self) {
        self.working.refresh();
        self.ended.refresh();
    }
}

impl Listed for Token {
    fn id(&self) -> String {
        self.id.0.clone()
    }

    fn shown(&self) -> String {
        let millis = |at: Option<Timestamp>| at.map_or(-1, Timestamp::as_millis);
        let (expires, used) = (millis(self.expires_at), millis(self.last_used_at));
        format!("{} {} {expires} {used}", self.id, self.status as u8)
    }
}

fn list(section: Section) -> List<Token> {
    let client = expect_context::<Client>();
    List::new(move |cursor: Option<String>| async move {
        tokens::list(client, section, cursor.as_deref()).await
    })
}

/// The page.
#[component]
pub fn ApiAccess() -> impl IntoView {
    view! {
        <SettingsFrame tab=Route::ApiAccess>
            <Tokens/>
        </SettingsFrame>
    }
}

/// What stands below the tabs.
#[component]
fn Tokens() -> impl IntoView {
    let desk = Desk::new();
    follow_expiries(desk);
    let generate = Callback::new(move |()| desk.generating.set(true));
    view! {
        <div class="head">
            <h2 id=WORKING_ID tabindex="-1">{text::tokens::WORKING}</h2>
            <Button weight=Weight::Primary on_press=generate>
                <Icon symbol=Symbol::Plus/>
                {text::tokens::GENERATE}
            </Button>
        </div>
        <Lists desk/>
        <GenerateDialog desk/>
        <RevokeDialog desk/>
    }
}

/// Everything below the button, once what stands on top of it is there: nothing jumps.
#[component]
fn Lists(desk: Desk) -> impl IntoView {
    let working = desk.working.items();
    let ready = memo(move || working.has_answered() && desk.policies.have_answered());
    dynamic(move || {
        if !ready.get() {
            let shown = Signal::derive(move || working.is_slow());
            return view! { <Skeleton lines=6 shown/> }.into_any();
        }
        view! {
            <PolicyLines policies=desk.policies/>
            <Working desk/>
            <h2 class="section-title">{text::tokens::ENDED}</h2>
            <Ended desk/>
        }
        .into_any()
    })
}

/// Fetches the lists again once the time of a listed token has passed by the server's clock.
fn follow_expiries(desk: Desk) {
    let clock = expect_context::<ServerClock>();
    let session = expect_context::<SessionState>();
    let soonest = memo(move || {
        let working = desk.working.items().data()?;
        working.iter().filter_map(|token| token.expires_at).min()
    });
    let asked_at = StoredValue::new(Timestamp::MIN);
    effect(move || {
        let Some(soonest) = soonest.get() else { return };
        let now = clock.now();
        // Once the session is over, only a person may ask for signing in again.
        let due = now >= soonest && !session.is_over();
        if due && now.millis_since(asked_at.get_value()) >= TRY_AGAIN_AFTER {
            asked_at.set_value(now);
            desk.refresh();
        }
    });
}
