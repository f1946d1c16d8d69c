//! A tile to make, replace and revoke the secret address of a calendar: one's own, or a plan's.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    wire::calendars::{CalendarAddress, NewCalendarAddress},
};

use crate::{
    api::{ApiError, Client, calendars as api},
    components::{
        button::{Button, Weight},
        copy_button::CopyLine,
        problem_view::ProblemView,
    },
    form::unique_id,
    format::{self, Detail, Zone},
    pages::act::Act,
    reactive::dynamic,
    state::remote::Remote,
    text::{calendar as words, problems},
};

/// The tile.
#[component]
pub fn Calendar(
    /// The plan whose calendar it is; without one, it is the person's own.
    #[prop(optional_no_strip)]
    plan: Option<PlanId>,
) -> impl IntoView {
    let client = expect_context::<Client>();
    let about = if plan.is_some() {
        words::ABOUT_PLAN
    } else {
        words::ABOUT_OWN
    };
    let plan = StoredValue::new(plan);
    let known = Remote::new(move || api::get(client, plan.get_value().as_ref()));
    let made = RwSignal::new(None::<NewCalendarAddress>);
    let act = Act::new();
    let busy = act.busy;
    let press = move |share: bool| {
        let plan = plan.get_value();
        let call = if share {
            api::share(client, plan.as_ref()).map(Some)
        } else {
            api::unshare(client, plan.as_ref()).map(|()| None)
        };
        act.done(call, move |address| {
            let created_at = address.as_ref().map(|it| it.created_at);
            known.set(CalendarAddress { created_at });
            made.set(address);
        });
    };
    let has_one = move || known.data().and_then(|known| known.created_at);
    let since = move || {
        let day = format::instant(has_one()?, Detail::Day, Zone::Viewer);
        Some(view! { <p>{words::since(&day)}</p> })
    };
    let line = move || {
        let text = made.get()?.address;
        Some(view! {
            <p>{words::ONCE}</p>
            <CopyLine text label=words::ADDRESS action=words::COPY rows=2/>
        })
    };
    let failed = move || {
        // What is asked again by itself once the connection is back says nothing here.
        let found = known.get().and_then(Result::err);
        let found = found.filter(|error| *error != ApiError::Offline);
        let error = act.trouble.get().or(found)?;
        let words = problems::words_of_call(&error, words::UNREACHED);
        Some(view! { <ProblemView words/> })
    };
    let title = unique_id("calendar");
    let labelled_by = title.clone();
    let revoke = move || {
        has_one().map(|_| {
            let on_press = Callback::new(move |()| press(false));
            view! { <Button weight=Weight::Quiet busy on_press>{words::REVOKE}</Button> }
        })
    };
    // Nobody replaces an address without knowing that there is one.
    let share = move || {
        let there = known.data()?.created_at.is_some();
        let label = if there { words::REPLACE } else { words::CREATE };
        let on_press = Callback::new(move |()| press(true));
        Some(view! { <Button busy on_press>{label}</Button> })
    };
    view! {
        <section class="tile" aria-labelledby=labelled_by>
            <div class="form">
                <h2 id=title>{words::TITLE}</h2>
                <p class="muted">{about}</p>
                {dynamic(since)}
                {dynamic(line)}
                {dynamic(failed)}
                <div class="form-foot">
                    {dynamic(share)}
                    {dynamic(revoke)}
                </div>
            </div>
        </section>
    }
}
