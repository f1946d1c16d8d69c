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

use super::{
    desk::{Counted, Desk},
    draft,
};
use crate::reactive::{dynamic, effect, memo};
use crate::{
    api::{self, ApiError, Call, Client},
    clock::{Clock, Timer},
    components::{
        button::Button,
        chart::chart,
        icon::{Icon, Symbol},
        problem_view::ProblemView,
        relative_time::{Day, RelativeTime},
    },
    form::focus_soon,
    format::{self, Detail, Zone},
    state::{clock::ServerClock, remote::Remote},
    text::{self, problems},
};

/// Whoever types on within this many milliseconds is not asked about what they typed.
const QUIET: u32 = 300;

/// The part of the tile that says what is typed would do.
#[component]
pub fn ImpactPanel(
    /// The tile's state.
    desk: Desk,
    /// What Activate would ask for; none while what is typed is no policy.
    wanted: Memo<Option<PutExpirationPolicy>>,
) -> impl IntoView {
    let asked = quietly(wanted);
    let preview = previewed(desk.plan(), asked);
    let is_stale = memo(move || preview.loading().get() || asked.get() != wanted.get());
    let said = memo(move || {
        let impact = preview.data()??;
        let is_later = asked.get_untracked()?.effective_at.is_some();
        let (now, soon) = (impact.now, impact.within_7_days);
        Some(text::impact::spoken(now, soon, is_later))
    });
    effect(move || tell(desk, preview.get(), asked.get_untracked()));
    let muted = |words: &'static str| view! { <p class="muted">{words}</p> }.into_any();
    let content = move || {
        if wanted.with(Option::is_none) {
            let lacks_instant = desk.draft.terms().is_some();
            return muted(match lacks_instant {
                true => text::impact::NO_INSTANT,
                false => text::impact::NOTHING,
            });
        }
        match preview.get() {
            Some(Ok(Some(impact))) => {
                let policy = asked.get_untracked();
                policy
                    .map(|policy| shown(desk, &impact, &policy))
                    .into_any()
            }
            Some(Err(ApiError::Problem(problem))) if draft::of_instant(&problem).is_some() => {
                muted(text::impact::WRONG_INSTANT)
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

/// Tells the rest of the tile what the server says of what it was asked about.
fn tell(
    desk: Desk,
    answer: Option<Result<Option<PolicyImpact>, ApiError>>,
    of: Option<PutExpirationPolicy>,
) {
    match (answer, of) {
        (Some(Ok(Some(impact))), Some(of)) => desk.counted.set(Some(Counted {
            of,
            now: impact.now,
            notice: impact.earliest_with_notice.millis_since(impact.at),
        })),
        (Some(Err(ApiError::Problem(problem))), _) => desk.draft.judge_instant(&problem),
        _ => {}
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

fn shown(desk: Desk, impact: &PolicyImpact, policy: &PutExpirationPolicy) -> AnyView {
    let numbers = [impact.now, impact.within_7_days, impact.later, impact.never];
    let classes = ["figure now", "figure soon", "figure", "figure"];
    let is_later = policy.effective_at.is_some();
    let figures = numbers.into_iter().zip(classes);
    let figures = figures.zip(text::impact::figures(is_later));
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
    let on = is_later.then(|| format::instant(begin, Detail::LongMinute, Zone::Viewer));
    let counts_uses = policy.inactivity.is_some();
    let list = api::impact::list_address(&desk.plan(), policy);
    view! {
        <div class="impact-sides">
            <div class="figures">
                <h3>{text::impact::title(numbers.iter().sum(), on.as_deref())}</h3>
                {figures.collect_view()}
                <p class="small muted">{text::impact::already_dead(impact.already_dead)}</p>
            </div>
            {chart(text::impact::CHART, &impact.days, begin, soon)}
        </div>
        {counts_uses.then(|| view! { <p class="small muted">{text::impact::IF_UNUSED}</p> })}
        {dynamic(warning(desk, begin))}
        {first(impact, list, is_later)}
    }
    .into_any()
}

/// When everybody could be warned, where `begin` is too early, and a button that takes that instant over.
fn warning(desk: Desk, begin: Timestamp) -> impl Fn() -> Option<AnyView> {
    // Memos: the clock ticks each second, and the button keeps the focus.
    let is_early = memo(move || {
        let notice = desk
            .counted
            .with(|it| it.as_ref().map_or(0, |it| it.notice));
        notice > 0 && desk.earliest() > begin
    });
    let proposal = move || {
        let at = desk.proposal.get();
        let zone = format::zone_label(at, Zone::Viewer);
        let at = format::instant(at, Detail::LongMinute, Zone::Viewer);
        format!("{at} ({zone})")
    };
    let take = Callback::new(move |()| {
        desk.take_proposal();
        focus_soon(desk.draft.at_id());
    });
    move || {
        is_early.get().then(|| {
            view! {
                <div class="note">
                    <Icon symbol=Symbol::Alert/>
                    <div>
                        <p>{dynamic(move || text::impact::warn_first(&proposal()))}</p>
                        <Button on_press=take>
                            {dynamic(move || text::impact::take_instant(&proposal()))}
                        </Button>
                    </div>
                </div>
            }
            .into_any()
        })
    }
}

/// The tokens that stop at once, as far as they are named, and the way to all of them.
fn first(impact: &PolicyImpact, list: String, is_later: bool) -> Option<AnyView> {
    let columns = text::impact::first_columns(is_later);
    let headings = columns.map(|column| view! { <th scope="col">{column}</th> });
    let now = expect_context::<ServerClock>();
    let rows = impact
        .first
        .iter()
        .cloned()
        .map(|token| row(token, now, columns));
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

fn row(token: EndingToken, clock: ServerClock, columns: [&'static str; 4]) -> AnyView {
    let [name, owner, last_used, created] = columns;
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
                {token.owner.name} " " <span class="small muted address">{token.owner.email}</span>
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
