//! Alerts, to System Admins.

use super::{Composed, Composer};
use crate::{
    links,
    mail::{
        letter::Link,
        words::{self, alert as said},
    },
    ops::notices::alert::Told,
    store::{StoreError, notices::outbox::Leased},
};

impl Composer<'_> {
    pub(super) async fn alert(&mut self, notice: &Leased) -> Result<Composed, StoreError> {
        let Told { plan: id, alert } = Self::details(notice)?;
        let plan = self.plan(&id).await?.0.clone();
        let language = self.language;
        let mut letter = self.frame(said::subject(language, &alert, &plan));
        let at = self.local(alert.cleared_at.unwrap_or(alert.fired_at));
        letter.intro.push(said::intro(language, &alert, &plan, &at));
        letter.intro.push(said::seen(language, &alert));
        letter.action = Some(Link {
            label: words::see_auth_health(language),
            url: links::auth_health(self.public_url, &id),
        });
        Ok(Composed {
            letter: Some(letter),
            dropped: Vec::new(),
        })
    }
}
