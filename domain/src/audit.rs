//! What can be in the audit log, and the sentence that each of it is told in (R19).
//!
//! The sentences are made on the server, for its API, its exports and the console alike: the console
//! carries none of them. Deliberately not here: who reads the log, and how it is kept.

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident, $text:literal, $sentence:literal;)+) => {
        /// What was done. The names are in the log for good.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The action's name in the log.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The sentence, with parts in braces: who (`actor`), what (`target`), and members of the details.
            const fn template(self) -> &'static str {
                match self { $(Self::$name => $sentence,)+ }
            }
        }
    };
}

actions! {
    /// The first System Admin set the server up. The target is their user id.
    ServerSetUp, "server_set_up", "{target} set the server up.";
    /// A plan was made. The target is its id.
    PlanCreated, "plan_created", "{actor} made the plan {name}.";
    /// A user was added. The target is their id.
    UserCreated, "user_created", "{actor} added the user {target}.";
    /// A user was put into a plan. The target is their id.
    MembershipCreated, "membership_created", "{actor} put {target} into the plan, as {role}.";
    /// A user got another password. The target is their id.
    PasswordReset, "password_reset", "{actor} gave {target} another password.";
    /// Somebody signed in. The target is their id.
    SignedIn, "signed_in", "{target} signed in.";
    /// Somebody tried to sign in and was refused. The target is the user's id, if there is one.
    SignInRefused, "sign_in_refused", "Somebody tried to sign in as {target} and was refused.";
    /// Somebody signed out. The target is their id.
    SignedOut, "signed_out", "{target} signed out.";
    /// A token was generated. The target is its id.
    TokenGenerated, "token_generated", "{actor} generated the token {target}.";
    /// A token was revoked. The target is its id.
    TokenRevoked, "token_revoked", "{actor} revoked the token {target}.";
    /// A token was rotated. The target is its id; its successor is in the details.
    TokenRotated, "token_rotated", "{actor} rotated the token {target}.";
    /// A rule found that a token's use looks like somebody else's. The target is the token's id.
    TokenSuspected, "token_suspected", "The token {target} looks suspicious (rule: {rule}).";
    /// A System Admin reviewed what rules had found of a token. The target is the token's id.
    TokenReviewed, "token_reviewed", "{actor} reviewed what made the token {target} suspicious.";
    /// An OAuth client was registered. The target is its id.
    ClientRegistered, "client_registered", "{actor} registered the app {target}.";
    /// An OAuth client was changed. The target is its id.
    ClientChanged, "client_changed", "{actor} changed the app {target}.";
    /// An OAuth client got another secret. The target is its id.
    ClientSecretRotated, "client_secret_rotated", "{actor} gave the app {target} another secret.";
    /// An OAuth client was deleted, and everything that it held ended. The target is its id.
    ClientDeleted, "client_deleted", "{actor} deleted the app {target}; all that it held ended.";
    /// A scope was defined or worded anew. The target is its name.
    ScopeDefined, "scope_defined", "{actor} defined the scope {target}.";
    /// A scope was removed. The target is its name.
    ScopeRemoved, "scope_removed", "{actor} removed the scope {target}.";
    /// A person allowed a client something. The target is the grant's id.
    ConsentGiven, "consent_given", "{actor} allowed the app {target} to act for them.";
    /// A person refused a client. The target is the client's id.
    ConsentRefused, "consent_refused", "{actor} did not allow the app {target} to act for them.";
    /// A client got the first tokens of a grant. The target is the grant's id.
    GrantBegun, "grant_begun", "The app {target} got its first tokens.";
    /// A client got new tokens for old ones. The target is the grant's id.
    GrantRefreshed, "grant_refreshed", "The app {target} refreshed its tokens.";
    /// A grant ended, and its tokens with it. The target is its id.
    GrantEnded, "grant_ended", "The app {target} lost its access and its tokens (reason: {reason}).";
    /// A user was deactivated in a plan, and everything that acts for them there ended. The target is
    /// their id.
    UserDeactivated, "user_deactivated", "{actor} deactivated {target} in the plan.";
    /// A user was reactivated in a plan. The target is their id.
    UserReactivated, "user_reactivated", "{actor} reactivated {target} in the plan.";
    /// Somebody became something else in a plan. The target is their user id.
    RoleChanged, "role_changed", "{actor} made {target} {role} in the plan.";
    /// Somebody was invited into a plan by mail. The target is the invitation's id.
    InvitationSent, "invitation_sent", "{actor} invited {email} into the plan, as {role}.";
    /// An invitation was sent again; the links sent before are void. The target is its id.
    InvitationSentAgain, "invitation_sent_again", "{actor} sent the invitation of {email} again.";
    /// An invitation was taken back. The target is its id.
    InvitationWithdrawn, "invitation_withdrawn", "{actor} withdrew the invitation of {email}.";
    /// Somebody accepted an invitation and is in the plan. The target is their user id.
    InvitationAccepted, "invitation_accepted", "{target} accepted an invitation into the plan, as {role}.";
    /// A user chose another language or time zone. The target is their id.
    ProfileChanged, "profile_changed", "{target} chose another language or time zone.";
    /// Somebody had a notice sent again. The target is the notice's id.
    NoticeSentAgain, "notice_sent_again", "{actor} had a notice sent again.";
    /// A plan's expiration policy was changed. The target is the plan's id.
    PolicyChanged, "policy_changed", "{actor} changed the expiration policy: {change} (version {version}).";
    /// A version of the policy was scheduled. The target is the plan's id.
    PolicyScheduled, "policy_scheduled",
        "{actor} scheduled a change of the expiration policy for {effective_at}: {change} (version {version}).";
    /// A scheduled version was cancelled, or another one took its place. The target is the plan's id.
    PolicyScheduleCancelled, "policy_schedule_cancelled",
        "{actor} cancelled the scheduled version {version} of the expiration policy.";
    /// Somebody made a secret address for a calendar, in place of an earlier one. The target is the plan's
    /// id, or their own.
    CalendarShared, "calendar_shared", "{actor} made a secret address for the calendar of {target}.";
    /// The secret address of a calendar was taken away. The target is the plan's id, or the person's.
    CalendarUnshared, "calendar_unshared", "{actor} took the secret address of the calendar of {target} away.";
    /// Somebody set from how much on an alert is raised. The target is the rule's kind.
    AlertRuleSet, "alert_rule_set", "{actor} set the alert {target}: {rule}.";
    /// What was seen of a plan's tokens wants attention. The target is the rule's kind.
    AlertRaised, "alert_raised", "An alert was raised: {sentence}";
    /// What an alert was raised for is over. The target is the rule's kind.
    AlertCleared, "alert_cleared", "An alert is over: {sentence}";
    /// Somebody said where alerts are posted, with a new secret. The target is the plan's id.
    WebhookSet, "webhook_set", "{actor} had the alerts of {target} posted to {host}.";
    /// Alerts are posted nowhere any more. The target is the plan's id.
    WebhookRemoved, "webhook_removed", "{actor} had the alerts of {target} posted nowhere any more.";
    /// Somebody had a test posted to where alerts are. The target is the plan's id.
    WebhookTested, "webhook_tested", "{actor} had a test posted to where the alerts of {target} are.";
    /// The policy ended tokens. The target is the plan's id.
    ExpiriesRecorded, "expiries_recorded", "Tokens that had expired by the policy were counted: {expired}.";
}

impl Action {
    /// Whether it is told in the log of a plan. The others are of the server or of a person, who may be in
    /// several plans: they are in the whole log alone, which operators read.
    #[must_use]
    pub const fn is_of_plan(self) -> bool {
        !matches!(
            self,
            Self::UserCreated
                | Self::PasswordReset
                | Self::SignedIn
                | Self::SignInRefused
                | Self::SignedOut
                | Self::ProfileChanged
        )
    }

    /// The action of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|action| action.as_str() == name)
    }

    /// What happened, in one sentence. `part` gives the name of the `actor` and of the `target`, and what
    /// the details have by other names; what it does not know is told as unknown.
    #[must_use]
    pub fn sentence(self, part: &dyn Fn(&str) -> Option<String>) -> String {
        let mut sentence = String::new();
        let mut rest = self.template();
        while let Some((before, after)) = rest.split_once('{') {
            sentence.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let unknown = match name {
                "actor" => "An operator",
                _ => "(unknown)",
            };
            sentence.push_str(part(name).as_deref().unwrap_or(unknown));
            rest = after;
        }
        sentence + rest
    }
}
