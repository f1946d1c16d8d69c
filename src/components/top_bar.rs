//! The bar at the top: product, plan, the server's clock, theme, account.

use leptos::prelude::*;
use tenure_domain::{id::PlanId, wire::session::Membership};

use crate::{
    components::{
        icon::{Icon, Symbol},
        menu::{Menu, MenuHandle},
    },
    reactive::dynamic,
    state::theme::Theme,
    text::shell,
};

/// The id of the button that opens the drawer, which gets the focus back.
pub const DRAWER_BUTTON_ID: &str = "drawer-button";

/// Opens and closes the navigation on narrow screens.
#[component]
pub fn DrawerButton(
    /// The id of the navigation.
    controls: &'static str,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let label = move || match open.get() {
        true => shell::CLOSE_NAVIGATION,
        false => shell::OPEN_NAVIGATION,
    };
    view! {
        <button
            type="button"
            id=DRAWER_BUTTON_ID
            class="btn icon-only drawer-button"
            aria-label=label
            aria-controls=controls
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <Icon symbol=Symbol::Menu />
        </button>
    }
}

/// Which plan the Admin Center shows. With a single plan it is only its name, with none nothing.
#[component]
pub fn PlanSwitcher(
    /// The person's plans.
    plans: Vec<Membership>,
    /// The plan on show.
    #[prop(into)]
    current: Signal<Option<PlanId>>,
    /// Takes the plan that the person chose.
    on_choose: Callback<PlanId>,
) -> impl IntoView {
    match plans.as_slice() {
        [] => return ().into_any(),
        [only] => {
            return view! { <span class="plan-name">{only.name.clone()}</span> }.into_any();
        }
        _ => {}
    }
    let is_current = move |id: &PlanId| current.with(|current| current.as_ref() == Some(id));
    let options = plans.into_iter().map(|plan| {
        let (id, value) = (plan.id.clone(), plan.id.0);
        view! {
            <option value=value prop:selected=Signal::derive(move || is_current(&id))>
                {plan.name}
            </option>
        }
    });
    view! {
        <select
            class="plan-switcher"
            aria-label=shell::PLAN
            on:change=move |event| {
                on_choose.run(PlanId(event_target_value(&event)));
                // It shows the plan on show, also when the choice is still to be confirmed.
                let select: web_sys::HtmlSelectElement = event_target(&event);
                select.set_value(&current.get_untracked().map(|plan| plan.0).unwrap_or_default());
            }
        >
            {options.collect_view()}
        </select>
    }
    .into_any()
}

/// Light, dark, or as the system says.
#[component]
pub fn ThemeMenu(
    /// The theme in use.
    #[prop(into)]
    theme: Signal<Theme>,
    /// Takes the theme that the person chose.
    on_choose: Callback<Theme>,
) -> impl IntoView {
    let face = move || view! { <Icon symbol=symbol(theme.get()) /> }.into_any();
    view! {
        <Menu label=shell::THEME.to_owned() face=ViewFn::from(move || dynamic(face))>
            {Theme::ALL
                .into_iter()
                .map(|choice| view! { <ThemeChoice choice theme on_choose /> })
                .collect_view()}
        </Menu>
    }
}

#[component]
fn ThemeChoice(choice: Theme, theme: Signal<Theme>, on_choose: Callback<Theme>) -> impl IntoView {
    let menu = use_context::<MenuHandle>();
    let choose = move |_| {
        on_choose.run(choice);
        if let Some(menu) = menu {
            menu.close();
        }
    };
    view! {
        <button
            type="button"
            class="menu-item"
            aria-pressed=move || (theme.get() == choice).to_string()
            on:click=choose
        >
            <Icon symbol=symbol(choice) />
            {words(choice)}
        </button>
    }
}

/// The person's own menu.
#[component]
pub fn AccountMenu(
    /// The person's name.
    name: String,
    /// Their address.
    email: String,
    /// Where their settings are.
    settings_href: String,
    /// Ends the session.
    on_sign_out: Callback<()>,
) -> impl IntoView {
    let face = {
        let name = name.clone();
        ViewFn::from(move || {
            view! {
                <Icon symbol=Symbol::User />
                <span class="hide-narrow account-name">{name.clone()}</span>
            }
        })
    };
    view! {
        <Menu label=name.clone() face>
            <p class="menu-who">
                {name.clone()} <span class="small muted">{email.clone()}</span>
            </p>
            <SettingsItem href=settings_href.clone() />
            <button type="button" class="menu-item" on:click=move |_| on_sign_out.run(())>
                <Icon symbol=Symbol::SignOut />
                {shell::SIGN_OUT}
            </button>
        </Menu>
    }
}

#[component]
fn SettingsItem(href: String) -> impl IntoView {
    let menu = use_context::<MenuHandle>();
    let close = move |_| {
        if let Some(menu) = menu {
            menu.close();
        }
    };
    view! {
        <a class="menu-item" href=href on:click=close>
            <Icon symbol=Symbol::User />
            {shell::PERSONAL_SETTINGS_MENU}
        </a>
    }
}

const fn symbol(theme: Theme) -> Symbol {
    match theme {
        Theme::System => Symbol::System,
        Theme::Light => Symbol::Sun,
        Theme::Dark => Symbol::Moon,
    }
}

const fn words(theme: Theme) -> &'static str {
    match theme {
        Theme::System => shell::THEME_SYSTEM,
        Theme::Light => shell::THEME_LIGHT,
        Theme::Dark => shell::THEME_DARK,
    }
}
