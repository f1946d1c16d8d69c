//! Account > Personal Settings > API Access: the person's own tokens, of every plan that they are in.
//!
//! Working ones first, soonest expiry first; dead ones below, each with its reason. The server
//! decides both order and status; a token whose time passes on screen moves because it is fetched
//! again, not because this page guessed.

pub mod ended;
pub mod generate;
pub mod policies;
pub mod questions;
pub mod revoke;
pub mod rotate;
pub mod scope_choice;
pub mod secret;
pub mod working;

use leptos::prelude::*;
use tenure_domain::{
    live::Topic,
    time::Timestamp,
    wire::tokens::{Section, Token},
};

use self::{
    ended::Ended,
    generate::GenerateDialog,
    policies::{Policies, PolicyLines},
    working::{Working, may_be_rotated},
};
use super::{
    calendar::Calendar,
    ending::{EndDialog, Ending},
    list::{List, Listed},
    passing_time,
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
    form::focus_soon,
    route::Route,
    router::Router,
    text,
};

/// The heading that takes the focus when a row with the focus is gone.
const WORKING_ID: &str = "working-tokens";

/// What the parts of this page share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    working: List<Token>,
    ended: List<Token>,
    policies: Policies,
    /// Whether the dialog that generates a token is open.
    generating: RwSignal<bool>,
    /// The token whose place the generated one shall take.
    rotating: RwSignal<Option<Token>>,
    /// The token that is about to be revoked.
    revoking: RwSignal<Option<Ending>>,
}

impl Desk {
    fn new() -> Self {
        Self {
            working: list(Section::Working),
            ended: list(Section::Ended),
            policies: Policies::fetch(),
            generating: RwSignal::new(false),
            rotating: RwSignal::new(None),
            revoking: RwSignal::new(None),
        }
    }

    /// Opens the dialog for a token that shall take this one's place.
    fn rotate(self, token: Token) {
        self.rotating.set(Some(token));
        self.generating.set(true);
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
        let (expires, retires) = (millis(self.expires_at), millis(self.retires_at));
        let used = millis(self.last_used_at);
        format!(
            "{} {} {expires} {retires} {used} {}",
            self.id, self.status as u8, self.why
        )
    }
}

fn list(section: Section) -> List<Token> {
    let client = expect_context::<Client>();
    List::new(move |cursor| tokens::list(client, section, cursor.as_deref()))
        .live(None, &[Topic::OwnTokens, Topic::Policy])
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
    passing_time::follow_listed(desk.working, move || desk.refresh());
    let next = desk.policies;
    passing_time::follow(memo(move || next.soonest()), move || {
        next.refresh();
        desk.refresh();
    });
    replace_named(desk);
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
        <EndDialog
            ending=desk.revoking
            action=text::tokens::REVOKE
            unreached=text::tokens::REVOKE_UNREACHED
            on_answer=Callback::new(move |()| desk.refresh())
            focus_after=WORKING_ID
        />
    }
}

/// A mail about a token that expires links here, and names it: the dialog that replaces it opens.
fn replace_named(desk: Desk) {
    let router = expect_context::<Router>();
    effect(move || {
        let (Some(tokens), Some(named)) = (desk.working.items().data(), router.query_now("token"))
        else {
            return;
        };
        // Once: it does not open again for who reloads or comes back.
        router.replace(&Route::ApiAccess.path());
        let Some(token) = tokens.iter().find(|token| token.id.0 == named) else {
            return;
        };
        if may_be_rotated(token) {
            desk.rotate(token.clone());
        } else {
            focus_soon(desk.working.row_id(token));
        }
    });
}

/// Everything below the button, once what stands on top of it is there: nothing jumps.
#[component]
fn Lists(desk: Desk) -> impl IntoView {
    let (working, ended) = (desk.working.items(), desk.ended.items());
    let ready = memo(move || working.has_answered() && desk.policies.have_answered());
    dynamic(move || {
        if !ready.get() {
            return view! { <Skeleton lines=6/> }.into_any();
        }
        view! {
            <PolicyLines policies=desk.policies/>
            <Working desk/>
            <h2 class="section-title">{text::tokens::ENDED}</h2>
            <Ended desk/>
            <div class="below-tile" hidden=move || !ended.has_answered()>
                <Calendar/>
            </div>
        }
        .into_any()
    })
}
