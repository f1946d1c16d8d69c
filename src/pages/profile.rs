//! Account > Personal Settings > Profile: who one is, read only.

use leptos::prelude::*;
use tenure_domain::wire::session::{Membership, Session};

use crate::reactive::dynamic;
use crate::{
    pages::settings_frame::SettingsFrame, route::Route, state::session::SessionState, text::shell,
};

/// The page.
#[component]
pub fn Profile() -> impl IntoView {
    let session = expect_context::<SessionState>();
    view! {
        <SettingsFrame tab=Route::Profile>{dynamic(move || session.get().map(content))}</SettingsFrame>
    }
}

fn content(session: Session) -> impl IntoView {
    view! {
        <section class="tile">
            <dl class="facts">
                <div>
                    <dt>{shell::NAME}</dt>
                    <dd>{session.user.name}</dd>
                </div>
                <div>
                    <dt>{shell::EMAIL}</dt>
                    <dd>{session.user.email}</dd>
                </div>
            </dl>
        </section>
        <section class="tile" aria-labelledby="profile-plans">
            <div>
                <h2 id="profile-plans">{shell::PLANS}</h2>
                <p class="muted">{shell::PLANS_WHY}</p>
            </div>
            {plans(session.plans)}
        </section>
    }
}

fn plans(plans: Vec<Membership>) -> AnyView {
    if plans.is_empty() {
        return view! { <p>{shell::NO_PLANS}</p> }.into_any();
    }
    view! {
        <div class="scroll list">
            <table class="cards">
                <thead>
                    <tr>
                        <th scope="col">{shell::PLAN}</th>
                        <th scope="col">{shell::TIER}</th>
                        <th scope="col">{shell::ROLE}</th>
                    </tr>
                </thead>
                <tbody>{plans.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(plan: Membership) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{plan.name}</th>
            <td data-label=shell::TIER>{shell::tier(plan.tier)}</td>
            <td data-label=shell::ROLE>{shell::role(plan.role)}</td>
        </tr>
    }
}
