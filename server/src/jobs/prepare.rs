//! A notice as the mail that is to leave, written from how things stand at that moment.

use lettre::message::Mailbox;
use serde::Deserialize;
use tenure_domain::{
    id::{InvitationId, TokenId, UserId},
    invitation::usable,
    locale::Locale,
    time::Timestamp,
};

use crate::{
    mail::{
        compose::{self, Composed, invitation},
        letter::Letter,
        message::{NoAddress, Sealed, Stamp, seal},
    },
    ops::{invitations::link, notices::locale_of},
    state::AppState,
    store::{
        StoreError, Tx, invitations,
        notices::{self, Addressee, outbox::Leased},
        users,
    },
};

/// What became of a notice that was to be written.
pub(super) enum Prepared {
    /// A mail, and the language and the zone that it is in.
    Mail(Sealed, Locale),
    /// There is nothing left to tell.
    Nothing,
    /// No mail can be addressed to them.
    NoAddress(NoAddress),
}

/// What an invitation's notice keeps.
#[derive(Deserialize)]
struct Round {
    round: i64,
}

/// Writes the mail of a notice.
pub(super) async fn prepare(
    app: AppState,
    notice: Leased,
    from: Mailbox,
) -> Result<Prepared, StoreError> {
    let now = app.clock.now();
    match &notice.to {
        Addressee::Owner(owner) => to_owner(&app, &notice, owner, &from, now).await,
        Addressee::Invited(invited) => to_invited(&app, &notice, invited, &from, now).await,
    }
}

async fn to_owner(
    app: &AppState,
    notice: &Leased,
    owner: &UserId,
    from: &Mailbox,
    now: Timestamp,
) -> Result<Prepared, StoreError> {
    let mut tx = app.store.read().await?;
    let owner = users::get(&mut tx, owner).await?;
    let owner = owner.ok_or(StoreError::Corrupt {
        place: "notices.owner_id",
    })?;
    let url = &app.settings.public_url;
    let Composed { letter, dropped } = compose::letter(&mut tx, notice, &owner, url, now).await?;
    drop(tx);
    if !dropped.is_empty() {
        let mut tx = app.store.write_aside().await?;
        untell(&mut tx, notice, &dropped).await?;
        tx.commit().await?;
    }
    let Some(letter) = letter else {
        return Ok(Prepared::Nothing);
    };
    let to = (owner.name.as_str(), owner.email.as_str());
    Ok(sealed(&letter, (notice, now), from, to, locale_of(&owner)))
}

/// The secret of the link is made here, so that it is nowhere but in this mail; its hash is kept before the mail
/// leaves. A mail that is tried again has another one, and either opens the invitation: the first may have arrived.
async fn to_invited(
    app: &AppState,
    notice: &Leased,
    id: &InvitationId,
    from: &Mailbox,
    now: Timestamp,
) -> Result<Prepared, StoreError> {
    let details: Result<Round, _> = serde_json::from_str(&notice.details);
    let Round { round } = details.map_err(|_| StoreError::Corrupt {
        place: "notices.details",
    })?;
    let mut tx = app.store.write_aside().await?;
    let invitation = invitations::get(&mut tx, id).await?;
    let invitation = invitation.ok_or(StoreError::Corrupt {
        place: "notices.invitation_id",
    })?;
    if usable(invitation.facts(round), now).is_err() {
        return Ok(Prepared::Nothing);
    }
    let locale = locale_for(&mut tx, &invitation).await?;
    let code = link(&mut tx, &app.random, now, &invitation).await?;
    tx.commit().await?;
    let url = &app.settings.public_url;
    let letter = invitation::letter(&invitation, &locale, url, &code.reveal());
    let to = (
        invitation.name.as_deref().unwrap_or(""),
        invitation.email.as_str(),
    );
    Ok(sealed(&letter, (notice, now), from, to, locale))
}

/// The language and the zone of whoever has an account under that address, else those of whoever invites them.
async fn locale_for(
    tx: &mut Tx,
    invitation: &invitations::Invitation,
) -> Result<Locale, StoreError> {
    let reader = match users::by_email(tx, &invitation.email).await? {
        Some(account) => Some(account),
        None => users::get(tx, &invitation.invited_by.id).await?,
    };
    let reader = reader.ok_or(StoreError::Corrupt {
        place: "invitations.invited_by",
    })?;
    Ok(locale_of(&reader))
}

fn sealed(
    letter: &Letter,
    (notice, at): (&Leased, Timestamp),
    from: &Mailbox,
    to: (&str, &str),
    locale: Locale,
) -> Prepared {
    let stamp = Stamp {
        notice: &notice.id,
        resent: notice.resent,
        at,
    };
    match seal(letter, from, to, &stamp) {
        Ok(mail) => Prepared::Mail(mail, locale),
        Err(no_address) => Prepared::NoAddress(no_address),
    }
}

async fn untell(tx: &mut Tx, notice: &Leased, dropped: &[TokenId]) -> Result<(), StoreError> {
    for token in dropped {
        notices::untell(tx, &notice.id, token).await?;
    }
    Ok(())
}
