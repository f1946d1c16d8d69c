//! What Activate would do, counted by the server as the person types (R17): how many tokens stop when, which stop at
//! once and whose they are. The last answer wins; while a newer one is on its way, the last one stays, paler.

use leptos::prelude::*;
use tenure_domain::{
    id::PlanId,
    time::Timestamp,
    token::EXPIRING_WITHIN,
    wire::{
        impact::{EndingToken, PolicyImpact},
        policies::PutExpirationPolicy,
    },
};

use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{self, Call, Client},
    clock::{Clock, Timer},
    components::{
        chart::expiries,
        icon::{Icon, Symbol},
        problem_view::ProblemView,
        relative_time::{Day, RelativeTime},
    },
    format::{self, Detail, Zone},
    state::{clock::ServerClock, remote::Remote},
    text::{self, problems},
};

/// Whoever types on within this many milliseconds is not asked about what they typed.
const QUIET: u32 = 300;

/// The part of the tile that says what is typed would do.
#[component]
pub fn ImpactPanel(
    /// The plan.
    plan: PlanId,
    /// What Activate would ask for; none while what is typed is no policy.
    wanted: Memo<Option<PutExpirationPolicy>>,
) -> impl IntoView {
    let asked = quietly(wanted);
    let preview = previewed(plan.clone(), asked);
    let is_stale = memo(move || preview.loading().get() || asked.get() != wanted.get());
    let said = memo(move || {
        let impact = preview.data()??;
        Some(text::impact::spoken(impact.now, impact.within_7_days))
    });
    let plan = StoredValue::new(plan);
    let content = move || {
        if wanted.with(Option::is_none) {
            return view! { <p class="muted">{text::impact::NOTHING}</p> }.into_any();
        }
        match preview.get() {
            Some(Ok(Some(impact))) => {
                let policy = asked.get_untracked();
                let list =
                    policy.map(|policy| api::impact::list_address(&plan.get_value(), &policy));
                shown(&impact, list)
            }
            Some(Err(error)) => {
                let (words, busy) = (problems::words(&error), preview.loading());
                let retry = Callback::new(move |()| preview.reload());
                view! { <ProblemView words retry busy/> }.into_any()
            }
            Some(Ok(None)) | None => ().into_any(),
        }
    };
    view! {
        <section
            class="impact"
            class:stale=is_stale
            aria-label=text::impact::IMPACT
            aria-busy=Signal::derive(move || is_stale.get().then_some("true"))
        >
            <p class="visually-hidden" aria-live="polite">
                {dynamic(move || said.get())}
            </p>
            {dynamic(content)}
        </section>
    }
}

/// What is wanted, once nothing has changed for a moment. The first is not waited for.
fn quietly(wanted: Memo<Option<PutExpirationPolicy>>) -> RwSignal<Option<PutExpirationPolicy>> {
    let clock = expect_context::<Clock>();
    let asked = RwSignal::new(None);
    let waiting = StoredValue::new_local(None::<Timer>);
    let stop = move || {
        if let Some(timer) = waiting.try_update_value(Option::take).flatten() {
            timer.cancel();
        }
    };
    effect(move || {
        let wanted = wanted.get();
        stop();
        if wanted.is_some() && asked.with_untracked(Option::is_none) {
            asked.set(wanted);
        } else if wanted.is_some() {
            let timer = clock.after(QUIET, move || {
                asked.try_set(wanted);
            });
            waiting.set_value(Some(timer));
        }
    });
    on_cleanup(stop);
    asked
}

/// The server's answer to what is asked.
fn previewed(
    plan: PlanId,
    asked: RwSignal<Option<PutExpirationPolicy>>,
) -> Remote<Option<PolicyImpact>> {
    let client = expect_context::<Client>();
    Remote::new(move || {
        let asked = asked.get();
        asked.map_or_else(
            || Call::known(None),
            |policy| api::impact::preview(client, &plan, &policy).map(Some),
        )
    })
}

fn shown(impact: &PolicyImpact, list: Option<String>) -> AnyView {
    let numbers = [impact.now, impact.within_7_days, impact.later, impact.never];
    let classes = ["figure now", "figure soon", "figure", "figure"];
    let figures = numbers.into_iter().zip(classes).zip(text::impact::FIGURES);
    let figures = figures.map(|((number, class), words)| {
        let class = if number == 0 { "figure" } else { class };
        view! {
            <p class=class>
                <b class="num">{text::impact::number(number)}</b>
                " "
                <span>{words}</span>
            </p>
        }
    });
    let begin = impact.takes_effect_at;
    let soon = begin.saturating_add(EXPIRING_WITHIN);
    view! {
        <div class="impact-sides">
            <div class="figures">
                <h3>{text::impact::title(numbers.iter().sum())}</h3>
                {figures.collect_view()}
                <p class="small muted">{text::impact::already_dead(impact.already_dead)}</p>
            </div>
            {expiries(&impact.days, begin, soon)}
        </div>
        {warning(impact)}
        {first(impact, list)}
    }
    .into_any()
}

/// When everybody could be warned, where this is too early.
fn warning(impact: &PolicyImpact) -> Option<AnyView> {
    let earliest = impact.earliest_with_notice;
    (earliest > impact.takes_effect_at).then(|| {
        // Cut upwards, so that nobody schedules it a moment too early.
        let at = Detail::LongMinute.cut_upwards(earliest);
        let zone = format::zone_label(at, Zone::Viewer);
        let at = format::instant(at, Detail::LongMinute, Zone::Viewer);
        view! {
            <p class="note">
                <Icon symbol=Symbol::Alert/>
                <span>{text::impact::warn_first(&format!("{at} ({zone})"))}</span>
            </p>
        }
        .into_any()
    })
}

/// The tokens that stop at once, as far as they are named, and the way to all of them.
fn first(impact: &PolicyImpact, list: Option<String>) -> Option<AnyView> {
    let columns = text::impact::FIRST_COLUMNS;
    let headings = columns.map(|column| view! { <th scope="col">{column}</th> });
    let now = expect_context::<ServerClock>();
    let rows = impact.first.iter().cloned().map(|token| row(token, now));
    (impact.now > 0).then(|| {
        view! {
            <div class="impact-first list" tabindex="0" role="region" aria-label=columns[0]>
                <table class="cards">
                    <thead>
                        <tr>{headings.collect_view()}</tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <p>
                <a class="btn quiet" href=list download="">
                    {text::impact::csv(impact.now)}
                </a>
            </p>
        }
        .into_any()
    })
}

fn row(token: EndingToken, clock: ServerClock) -> AnyView {
    let [name, owner, last_used, created] = text::impact::FIRST_COLUMNS;
    let used = |at: Timestamp| view! { <RelativeTime at now=Signal::derive(move || clock.now())/> };
    view! {
        <tr>
            <th scope="row">
                <span class="visually-hidden">{name}" "</span>
                {token.name}
                " "
                <code class="small muted">{format!("…{}", token.last_four)}</code>
            </th>
            <td data-label=owner>
                {token.owner.name} " " <span class="small muted">{token.owner.email}</span>
            </td>
            <td data-label=last_used>
                {match token.last_used_at {
                    Some(at) => used(at).into_any(),
                    None => text::impact::NEVER_USED.into_any(),
                }}
            </td>
            <td data-label=created>
                <Day at=token.created_at/>
            </td>
        </tr>
    }
    .into_any()
}
