//! `/events`: what changed elsewhere.

use std::rc::Rc;

use tenure_domain::{
    json::FromJson,
    wire::live::{CHANGE, Change, RESET},
};

use super::{
    Client, json,
    transport::{Heard, Listening},
};

/// What is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Something changed.
    Change(Change),
    /// Anything may have.
    Reset,
    /// No more comes: the server did not let us listen, or is gone.
    Ended,
}

/// Listens from behind a place, until the answer is dropped. `hear` is also given the place that an event
/// leads to.
#[must_use]
pub fn listen(
    client: Client,
    after: &str,
    hear: Rc<dyn Fn(Option<String>, News)>,
) -> Option<Listening> {
    let understand = move |heard: Heard| {
        let news = match heard.name.as_str() {
            CHANGE => Change::from_json(json::parse(&heard.data)).map_or(News::Reset, News::Change),
            RESET => News::Reset,
            _ => News::Ended,
        };
        hear(heard.id, news);
    };
    client.listen(&format!("/events?after={after}"), Rc::new(understand))
}
