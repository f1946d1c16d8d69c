//! The four states of a view that waits for the server. The page words the empty one.

use leptos::prelude::*;

use crate::reactive::{dynamic, memo};
use crate::{
    components::{problem_view::ProblemView, skeleton::Skeleton},
    state::remote::{AnyRemote, Remote, Shared},
    text::problems,
};

/// Shows what came, or the problem, or that it is on its way.
#[component]
pub fn RemoteView<T, F, V>(
    /// What is fetched.
    remote: Remote<T>,
    /// How many lines the skeleton has.
    #[prop(default = 4)]
    lines: usize,
    /// Shows the data.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(&T) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let show = move |data: &Shared| data.downcast_ref().map(&children).into_any();
    staged(remote.any(), lines, Box::new(show))
}

/// Shows what looks after itself once the data are there: newer data do not make it anew, so that whoever types
/// in it keeps the focus.
pub fn once_there(
    remote: AnyRemote,
    lines: usize,
    show: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let there = memo(move || remote.data().is_some());
    dynamic(move || match there.get() {
        true => show(),
        false => staged(remote, lines, Box::new(|_| ().into_any())),
    })
}

fn staged(
    remote: AnyRemote,
    lines: usize,
    show: Box<dyn Fn(&Shared) -> AnyView + Send>,
) -> AnyView {
    let retry = Callback::new(move |()| remote.reload());
    dynamic(move || match remote.get() {
        Some(Ok(data)) => show(&data),
        Some(Err(error)) => {
            let (words, busy) = (problems::words(&error), remote.loading());
            view! { <ProblemView words retry busy /> }.into_any()
        }
        None => view! { <Skeleton lines /> }.into_any(),
    })
}
