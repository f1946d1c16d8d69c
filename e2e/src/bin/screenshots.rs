//! Pictures of the console with sample data: every main page and state, at two widths, in both themes.
//!
//! `cargo run --package tenure-e2e --bin screenshots -- FOLDER`. The one that the README shows is
//! `impact-1280-light.png`, down to its buttons.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;
use tenure_domain::{period::Unit, time::DAY};
use tenure_e2e::browser::{Browser, Name, Role, View};
use tenure_e2e::screens::{ApiAccess, AuditLog, Notices, SecurityControl, Shell, SignIn};
use tenure_e2e::stack::{Mail, Person, Stack};

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.context("say into which folder: screenshots FOLDER")?;
    std::fs::create_dir_all(&folder)?;
    let stack = Stack::demo().await?;
    let browser = stack.browser().await?;
    let shots = Shots {
        browser: &browser,
        folder: &folder,
    };
    shots.security_and_control(&stack).await?;
    shots.api_access(&stack).await?;
    shots.apps(&stack).await?;
    shots.people_and_checks(&stack).await?;
    shots.what_follows(&stack).await?;
    shots.mails(&stack).await?;
    shots.invitation(&stack).await?;
    shots.who_may_not(&stack).await?;
    println!("pictures are in {}", folder.display());
    Ok(())
}

struct Shots<'a> {
    browser: &'a Browser,
    folder: &'a Path,
}

impl Shots<'_> {
    async fn take(&self, name: &str) -> Result<()> {
        for view in View::ALL {
            self.browser.look(view).await?;
            let file = self.folder.join(format!("{name}-{}.png", view.name()));
            self.browser.picture(&file).await?;
        }
        self.browser.look(View::WIDE).await
    }

    async fn security_and_control(&self, stack: &Stack) -> Result<()> {
        let (browser, people) = (self.browser, &stack.people);
        let page = SecurityControl(browser);
        browser.visit("/sign-in").await?;
        browser.find(Role::Button, "Sign in").await?;
        self.take("sign-in").await?;
        SignIn(browser)
            .enter_at(&SecurityControl::path(&people.acme), &people.ada)
            .await?;
        page.ready().await?;
        self.take("security-and-control").await?;
        browser.press(Role::Button, "Turn off").await?;
        browser
            .find(Role::Dialog, "Turn off the expiration period?")
            .await?;
        self.take("turn-off").await?;
        browser.press(Role::Button, "Keep it on").await?;
        browser.press(Role::Button, "Change").await?;
        page.type_period("6", "Months").await?;
        self.take("change").await?;
        page.type_period("99", "Years").await?;
        page.activate().await?;
        self.take("change-invalid").await?;
        browser.press(Role::Button, "Cancel").await?;
        page.turn_off().await?;
        self.take("just-turned-off").await?;
        page.open(&people.acme).await?;
        self.take("security-and-control-off").await?;
        page.slide().await?;
        page.type_period("90", "Days").await?;
        self.take("security-and-control-editing").await?;
        page.activate().await?;
        page.is_in_force("90 days").await?;
        self.take("just-activated").await?;
        self.impact_and_schedule(stack).await?;
        Shell(browser).sign_out(&people.ada.name).await
    }

    async fn api_access(&self, stack: &Stack) -> Result<()> {
        let (browser, mia) = (self.browser, &stack.people.mia);
        let page = ApiAccess(browser);
        SignIn(browser).enter_at(ApiAccess::PATH, mia).await?;
        page.ready().await?;
        self.take("api-access").await?;
        browser.press(Role::Button, "Create address").await?;
        page.calendar_address().await?;
        self.take("api-access-calendar").await?;
        browser
            .press(Role::Button, "Generate new access token")
            .await?;
        browser
            .find(Role::Dialog, "Generate a new access token")
            .await?;
        self.take("generate").await?;
        browser
            .fill(Role::TextField, "Name", "nightly-export")
            .await?;
        browser.press(Role::Button, "Generate").await?;
        browser
            .find(Role::Dialog, "Copy your new token now")
            .await?;
        self.take("secret").await?;
        browser.press(Role::Button, "Done").await?;
        self.take("secret-not-copied").await?;
        browser.press(Role::Button, "Leave without copying").await?;
        browser.visit("/settings/profile").await?;
        browser.reads("Member").await?;
        self.take("profile").await?;
        browser
            .visit(&SecurityControl::path(&stack.people.acme))
            .await?;
        browser
            .find(Role::Heading, "This page is for System Admins")
            .await?;
        self.take("forbidden").await?;
        Shell(browser).sign_out(&mia.name).await
    }

    /// What a person sees of apps: those that they allowed, and one that asks.
    async fn apps(&self, stack: &Stack) -> Result<()> {
        let (browser, people) = (self.browser, &stack.people);
        SignIn(browser)
            .enter_at("/settings/connected-apps", &people.mia)
            .await?;
        browser.reads("Order portal").await?;
        self.take("connected-apps").await?;
        let admin = stack
            .caller()
            .signed_in(&people.ada.email, &people.ada.password)
            .await?;
        let app = json!({
            "client_name": "Night robot",
            "redirect_uris": ["https://robot.acme.example/callback"],
            "scope": "tokens:read orders:read orders:write",
        });
        let app = admin.register_client(&people.acme, &app).await?;
        // The challenge is the example of RFC 7636, appendix B.
        let ask = format!(
            "/oauth/authorize?response_type=code&client_id={}&state=x&code_challenge_method=S256\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            app.client_id
        );
        browser.visit(&ask).await?;
        browser.find(Role::Button, "Allow").await?;
        self.take("consent").await?;
        browser
            .visit("/oauth/authorize?response_type=code&client_id=nobody")
            .await?;
        browser
            .find(Role::Heading, Name::Has(String::new()))
            .await?;
        self.take("consent-set-up-wrongly").await?;
        browser.visit("/settings/profile").await?;
        Shell(browser).sign_out(&people.mia.name).await
    }

    /// The Admin Center's pages of people and apps.
    async fn people_and_checks(&self, stack: &Stack) -> Result<()> {
        let (browser, people) = (self.browser, &stack.people);
        let at = |page: &str| format!("/plans/{}/{page}", people.acme);
        SignIn(browser)
            .enter_at(&at("oauth-clients"), &people.ada)
            .await?;
        browser.reads("Field app").await?;
        self.take("oauth-clients").await?;
        browser.press(Role::Button, "Register a client").await?;
        browser.find(Role::Dialog, "Register a client").await?;
        self.take("register").await?;
        browser.visit(&at("users")).await?;
        browser.reads("Lena Vogt").await?;
        let eve = Person::new("Eve Example", "eve@acme.example");
        browser.press(Role::Button, "Invite").await?;
        browser.fill(Role::TextField, "Email", &eve.email).await?;
        browser.fill(Role::TextField, "Name", &eve.name).await?;
        self.take("invite").await?;
        browser.press(Role::Button, "Send invitation").await?;
        browser.row_reads(&eve.name, &["Send again"]).await?;
        self.take("users").await?;
        browser.visit(&at("check")).await?;
        browser.find(Role::Heading, "Check a token").await?;
        self.take("check").await?;
        browser.visit("/settings/profile").await?;
        Shell(browser).sign_out(&people.ada.name).await
    }

    /// What a shorter period would end, the question before, and the same for later.
    async fn impact_and_schedule(&self, stack: &Stack) -> Result<()> {
        let (browser, acme) = (self.browser, &stack.people.acme);
        let page = SecurityControl(browser);
        page.open(acme).await?;
        browser.press(Role::Button, "Change").await?;
        page.type_period("30", "Days").await?;
        browser.press(Role::Switch, "Expire unused tokens").await?;
        browser.find(Role::NumberField, "Unused duration").await?;
        browser
            .until("the impact is counted".to_owned(), || async {
                Ok((!page.would_stop().await?.is_empty()).then_some(()))
            })
            .await?;
        self.take("impact").await?;
        page.activate().await?;
        browser
            .find(Role::Dialog, Name::Has("Activate and stop".to_owned()))
            .await?;
        self.take("impact-question").await?;
        browser.press(Role::Button, "Cancel").await?;
        page.pick_later().await?;
        self.take("schedule-editing").await?;
        let admin = &stack.people.ada;
        let admin = stack
            .caller()
            .signed_in(&admin.email, &admin.password)
            .await?;
        let at = stack.clock.now().saturating_add(8 * DAY);
        admin.schedule(acme, 30, Unit::Days, at).await?;
        browser.visit("/settings/profile").await?;
        page.open(acme).await?;
        browser.find(Role::Heading, "Scheduled change").await?;
        self.take("scheduled").await?;
        browser.press(Role::Button, "Change").await?;
        page.is_counted().await?;
        self.take("scheduled-replaced").await?;
        browser.press(Role::Button, "Cancel").await?;
        browser.press(Role::Button, "Turn off").await?;
        browser.reads("would never expire then").await?;
        self.take("scheduled-turn-off").await?;
        browser.press(Role::Button, "Keep it on").await?;
        page.open_history(acme).await?;
        self.take("policy-history").await
    }

    /// The pages of what followed: notices, and the audit log.
    async fn what_follows(&self, stack: &Stack) -> Result<()> {
        let (browser, people) = (self.browser, &stack.people);
        SignIn(browser)
            .enter_at(&Notices::path(&people.acme), &people.ada)
            .await?;
        browser.row_reads("Policy changed", &["Sent"]).await?;
        self.take("notices").await?;
        let log = AuditLog(browser);
        log.open(&people.acme).await?;
        log.verify().await?;
        self.take("audit-log").await?;
        browser.visit("/settings/profile").await?;
        Shell(browser).sign_out(&people.ada.name).await
    }

    /// A mail in both of its parts.
    async fn mails(&self, stack: &Stack) -> Result<()> {
        let subject = "The expiration policy of Acme changes on";
        let mail = stack.mail(&stack.people.mia, subject).await?;
        self.mail("mail", &mail).await
    }

    /// Both parts of a mail.
    async fn mail(&self, name: &str, mail: &Mail) -> Result<()> {
        // Programs that show mails tell the browser which characters these are.
        let bom = '\u{feff}';
        let parts = [
            (name.to_owned(), "html", &mail.html),
            (format!("{name}-text"), "txt", &mail.lines),
        ];
        for (name, ending, part) in parts {
            let file = self.folder.canonicalize()?.join(format!("{name}.{ending}"));
            std::fs::write(&file, format!("{bom}{part}"))?;
            self.browser.show(&file).await?;
            self.take(&name).await?;
        }
        Ok(())
    }

    /// The mail that invites somebody, and the page that it leads to.
    async fn invitation(&self, stack: &Stack) -> Result<()> {
        let eve = Person::new("Eve Example", "eve@acme.example");
        let mail = stack.mail(&eve, "invites you to Acme").await?;
        let link = mail
            .text
            .split_whitespace()
            .find(|it| it.contains("/invitation#"));
        let link = link.context("a link")?.to_owned();
        self.mail("invitation-mail", &mail).await?;
        self.browser.visit(stack.path_of(&link)).await?;
        self.browser.find(Role::Heading, "Join Acme").await?;
        self.take("invitation").await
    }

    async fn who_may_not(&self, stack: &Stack) -> Result<()> {
        let (browser, people) = (self.browser, &stack.people);
        SignIn(browser)
            .enter_at(&SecurityControl::path(&people.basil), &people.bea)
            .await?;
        browser
            .reads("Expiration periods come with the Business and Enterprise plans.")
            .await?;
        self.take("locked").await?;
        browser.visit("/no/such/page").await?;
        browser.find(Role::Heading, "There is no page here").await?;
        self.take("not-found").await
    }
}
