//! Inviting people by mail: the mail, its link, and each answer to it.

mod accepting;
mod inviting;

use std::path::Path;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tenure_domain::{
    problem::{FieldError, Kind},
    wire::{invitations::Invitation, page::Page},
};
use tenure_server::jobs::post::{Looked, Postman};

use super::app::{PASSWORD, TestApp};
use super::callers::{Anonymous, Answer, Caller, Person};
use super::notices::with_mail;

/// A server, its postman, and the folder that mails go into.
struct World {
    folder: tempfile::TempDir,
    app: TestApp,
    postman: Postman,
}

impl World {
    async fn new() -> Self {
        let (folder, app, postman) = with_mail().await;
        Self {
            folder,
            app,
            postman,
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/plans/{}/invitations{rest}", self.app.acme)
    }

    async fn ask(&self, by: &impl Caller, body: Value) -> Answer {
        self.app.post(by, &self.path(""), body).await
    }

    async fn invite(&self, email: &str, role: &str) -> Invitation {
        let body = json!({ "email": email, "role": role });
        let answer = self.ask(&self.admin().await, body).await;
        answer.expect(StatusCode::CREATED).read()
    }

    /// The admin, who has signed in again where days have passed.
    async fn admin(&self) -> Person {
        self.app.again(&self.app.admin).await
    }

    async fn list(&self) -> Vec<Invitation> {
        let admin = self.admin().await;
        let page: Page<Invitation> = self.app.get(&admin, &self.path("")).await.read();
        page.items
    }

    async fn send_again(&self, invitation: &Invitation) -> Answer {
        let path = self.path(&format!("/{}/send-again", invitation.id));
        self.app.post(&self.admin().await, &path, json!({})).await
    }

    async fn withdraw(&self, invitation: &Invitation) -> Answer {
        let path = self.path(&format!("/{}", invitation.id));
        self.app.delete(&self.admin().await, &path).await
    }

    /// Sends what is due; gives the secrets of the links in the mails that are new.
    async fn codes(&mut self) -> Vec<String> {
        let before = codes(self.folder.path());
        while self.postman.look().await.unwrap() == Looked::Worked {}
        let mut after = codes(self.folder.path());
        after.retain(|code| !before.contains(code));
        after
    }

    async fn code(&mut self) -> String {
        let mut codes = self.codes().await;
        assert_eq!(codes.len(), 1, "one mail");
        codes.remove(0)
    }

    async fn look_up(&self, code: &str) -> Answer {
        let path = "/api/v1/invitations/look-up";
        self.app
            .post(&Anonymous, path, json!({ "code": code }))
            .await
    }

    async fn accept(&self, body: Value) -> Answer {
        self.app
            .post(&Anonymous, "/api/v1/invitations/accept", body)
            .await
    }

    /// Why the link opens nothing.
    async fn why_not(&self, code: &str) -> String {
        let looked_up = self.look_up(code).await;
        let errors = looked_up.problem(Kind::InvitationInvalid).errors;
        let body = json!({ "code": code, "name": "Eve", "password": PASSWORD });
        let accepted = self.accept(body).await;
        assert_eq!(accepted.problem(Kind::InvitationInvalid).errors, errors);
        assert_eq!(errors[0].pointer, "/code");
        errors[0].code.clone()
    }
}

fn codes(folder: &Path) -> Vec<String> {
    let mails = std::fs::read_dir(folder).unwrap();
    let text = |entry: std::io::Result<std::fs::DirEntry>| {
        let mail = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mail = mail.replace("=\r\n", "");
        let (_, rest) = mail.split_once("http://tenure.test/invitation#").unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    };
    mails.map(text).collect()
}

fn pointed(errors: &[FieldError]) -> Vec<(&str, &str)> {
    errors
        .iter()
        .map(|it| (it.pointer.as_str(), it.code.as_str()))
        .collect()
}
