//! People as System Admins of their plan see them, and what deactivating one ends.

use tenure_domain::{
    id::PlanId,
    policy::Watermarks,
    time::Timestamp,
    wire::{
        tokens::ClientRef,
        users::{Deactivation, PlanUser},
    },
};

use crate::{
    error::{ApiError, ApiResult},
    store::{
        Tx, invitations,
        memberships::{self, PlanMember},
        oauth_clients, oauth_grants, policies, tokens,
    },
};

/// Names of tokens that are listed before somebody is deactivated.
const NAMES: i64 = 20;

/// What is the same for everybody in a plan.
pub(super) struct Around<'a> {
    plan: &'a PlanId,
    marks: Watermarks,
    admins: i64,
    now: Timestamp,
}

impl<'a> Around<'a> {
    pub(super) async fn load(tx: &mut Tx, plan: &'a PlanId, now: Timestamp) -> ApiResult<Self> {
        let policies = policies::history(tx, plan).await?;
        let policies =
            policies.ok_or_else(|| ApiError::internal("a plan without a policy version"))?;
        Ok(Self {
            plan,
            marks: policies.history.watermarks_at(now),
            admins: memberships::count_admins(tx, plan).await?,
            now,
        })
    }

    pub(super) async fn view(&self, tx: &mut Tx, member: PlanMember) -> ApiResult<PlanUser> {
        let whose = (self.plan, &member.user.id);
        let working = tokens::count_of_owner(tx, whose, self.marks, self.now).await?;
        let token_active_at = tokens::last_active_of_owner(tx, whose).await?;
        let is_admin = member.role.administers() && member.deactivated.is_none();
        let (deactivated_at, deactivated_by) = member.deactivated.unzip();
        Ok(PlanUser {
            id: member.user.id,
            name: member.user.name,
            email: member.email,
            role: member.role,
            joined_at: member.joined_at,
            last_seen_at: member.last_seen_at.max(token_active_at),
            working_tokens: u32::try_from(working).unwrap_or(u32::MAX),
            others_administer: self.admins > i64::from(is_admin),
            deactivated_at,
            deactivated_by: deactivated_by.flatten(),
        })
    }

    pub(super) async fn deactivation(
        &self,
        tx: &mut Tx,
        member: PlanMember,
    ) -> ApiResult<Deactivation> {
        let whose = (self.plan, &member.user.id);
        let token_names = tokens::names_of_owner(tx, whose, self.marks, self.now, NAMES).await?;
        let mut clients: Vec<ClientRef> = Vec::new();
        for grant in oauth_grants::live_of_member(tx, &member.user.id, self.plan).await? {
            if clients.iter().all(|client| client.id != grant.client) {
                let name = oauth_clients::name(tx, &grant.client).await?;
                clients.push(ClientRef {
                    id: grant.client,
                    name: name.unwrap_or_default(),
                });
            }
        }
        let invited = invitations::pending_by(tx, self.plan, &member.user.id).await?;
        let user = self.view(tx, member).await?;
        Ok(Deactivation {
            tokens: user.working_tokens,
            token_names,
            clients,
            invitations: u32::try_from(invited.len()).unwrap_or(u32::MAX),
            user,
        })
    }
}
