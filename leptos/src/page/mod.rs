//! Views on the page: made, kept up to date, made anew, and taken away.
//!
//! What is kept of a view is its [`State`]. A view that follows another one in the same place takes over
//! what it can: an element of the same tag stays, and with it the focus and what a live region says.

mod dom;
mod element;
mod mount;
mod rows;

use std::borrow::Cow;

use crate::upstream::{prelude::Owner, reactive::effect::RenderEffect};
use web_sys::Node;

use self::{element::ElementState, rows::RowsState};
use crate::{
    signals::OnOwnAccount,
    view::{AnyView, Make, What},
};

pub use mount::{UnmountHandle, mount_to, mount_to_body};

/// A view that stands on the page.
pub(crate) enum State {
    Nothing(Node),
    Text(Node, Cow<'static, str>),
    Inert(Node, &'static str),
    Element(Box<ElementState>),
    /// Never empty.
    Fragment(Vec<State>),
    /// With the comment that stands behind its last view.
    List(Vec<State>, Node),
    Live(Live),
    Rows(RowsState),
    Owned(Box<State>, Owner),
}

/// Makes what the view describes. It stands nowhere yet.
pub(crate) fn build(view: AnyView) -> State {
    let plan = *view.0;
    match plan.what {
        What::Nothing => State::Nothing(dom::comment()),
        What::Text(text) => State::Text(dom::text(&text), text),
        What::Inert(html, namespace) => State::Inert(dom::inert(html, namespace), html),
        What::Element(tag, namespace) => {
            let element = dom::element(tag, namespace);
            State::Element(Box::new(ElementState::new(
                tag,
                element,
                plan.parts,
                plan.children,
            )))
        }
        What::Fragment if plan.children.is_empty() => State::Nothing(dom::comment()),
        What::Fragment => State::Fragment(build_all(plan.children)),
        What::List => State::List(build_all(plan.children), dom::comment()),
        What::Live(make) => State::Live(Live::new(make)),
        What::Rows(all) => State::Rows(RowsState::new(all)),
        What::Owned(owner, view) => {
            let state = owner.with(|| build(view));
            State::Owned(Box::new(state), owner)
        }
    }
}

fn build_all(views: Vec<AnyView>) -> Vec<State> {
    views.into_iter().map(build).collect()
}

/// A view that is made anew, for as long as it is kept.
pub(crate) struct Live(RenderEffect<State>);

impl Live {
    fn new(mut make: Box<dyn Make>) -> Self {
        Self(RenderEffect::new(move |last: Option<State>| {
            let _account = OnOwnAccount::begin();
            let view = make.make();
            match last {
                Some(mut state) => {
                    rebuild(view, &mut state);
                    state
                }
                None => build(view),
            }
        }))
    }
}

impl Drop for Live {
    /// What stands in it goes at once. The effect would keep it until its task has heard that it is over,
    /// and what follows signals in there would run once more without them.
    fn drop(&mut self) {
        drop(self.0.take_value());
    }
}

/// Has the view stand in place of what is there, of which it keeps what it can.
pub(crate) fn rebuild(view: AnyView, state: &mut State) {
    let mut plan = *view.0;
    match (plan.what, &mut *state) {
        (What::Nothing, State::Nothing(_)) => {}
        (What::Text(new), State::Text(node, old)) => {
            if new != *old {
                node.set_node_value(Some(&new));
                *old = new;
            }
        }
        (What::Inert(new, _), State::Inert(_, old)) if new == *old => {}
        (What::Element(tag, _), State::Element(old)) if old.takes(tag, plan.children.len()) => {
            old.rebuild(plan.parts, plan.children);
        }
        (What::Fragment, State::Fragment(old)) if old.len() == plan.children.len() => {
            rebuild_all(plan.children, old);
        }
        (What::List, State::List(old, end)) => rebuild_list(plan.children, old, end),
        (What::Rows(all), State::Rows(old)) => old.rebuild(all),
        (What::Owned(owner, view), State::Owned(old, last)) => {
            owner.with(|| rebuild(view, old));
            // Effects that are to run still may read the contexts of the last one.
            let last = core::mem::replace(last, owner);
            crate::task::spawn_local(async move { drop(last) });
        }
        (what, _) => {
            plan.what = what;
            replace(AnyView(Box::new(plan)), state);
        }
    }
}

fn replace(view: AnyView, state: &mut State) {
    let new = build(view);
    let place = state.first();
    if let Some(parent) = place.parent_node() {
        new.mount(&parent, Some(&place));
    }
    core::mem::replace(state, new).unmount();
}

fn rebuild_all(views: Vec<AnyView>, states: &mut [State]) {
    for (view, state) in views.into_iter().zip(states) {
        rebuild(view, state);
    }
}

fn rebuild_list(views: Vec<AnyView>, states: &mut Vec<State>, end: &Node) {
    for gone in states.drain(views.len().min(states.len())..) {
        gone.unmount();
    }
    let mut views = views.into_iter();
    for state in states.iter_mut() {
        if let Some(view) = views.next() {
            rebuild(view, state);
        }
    }
    let parent = end.parent_node();
    for view in views {
        let state = build(view);
        if let Some(parent) = &parent {
            state.mount(parent, Some(end));
        }
        states.push(state);
    }
}

impl State {
    /// Puts it into `parent`, before `next` or else behind everything.
    pub(crate) fn mount(&self, parent: &Node, next: Option<&Node>) {
        self.each_node(&mut |node| dom::insert(parent, node, next));
    }

    /// Takes it from the page.
    pub(crate) fn unmount(&self) {
        self.each_node(&mut dom::remove);
    }

    /// Hands out every node of its own, in order; not those that stand in them.
    fn each_node(&self, each: &mut dyn FnMut(&Node)) {
        match self {
            Self::Nothing(node) | Self::Text(node, _) | Self::Inert(node, _) => each(node),
            Self::Element(state) => each(state.node()),
            Self::Fragment(all) => all.iter().for_each(|state| state.each_node(each)),
            Self::List(all, end) => {
                all.iter().for_each(|state| state.each_node(each));
                each(end);
            }
            Self::Live(effect) => {
                effect.0.with_value_mut(|state| state.each_node(each));
            }
            Self::Rows(rows) => rows.each_node(each),
            Self::Owned(state, _) => state.each_node(each),
        }
    }

    /// The first of its nodes.
    fn first(&self) -> Node {
        let mut first = None;
        self.each_node(&mut |node| {
            first.get_or_insert_with(|| node.clone());
        });
        first.unwrap_or_else(dom::comment)
    }
}
