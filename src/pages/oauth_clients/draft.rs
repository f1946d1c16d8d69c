//! A client and a scope as they are typed, on their way to a request.
//!
//! The domain says what is valid; here its pointers find the fields: a redirect URI is a line of one
//! field, so what is wrong with it names the line.

use tenure_domain::{
    problem::{FieldError, Problem},
    scope::{is_own, parse_name},
    wire::{
        clients::{AuthMethod, Client, EditClient, NewClient},
        scopes::{PutScope, Scope},
    },
};

use crate::{
    form::Draft,
    text::{oauth_clients as words, reasons},
};

/// What is registered: how a client says who it is, and whether it only asks about tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It asks for tokens.
    App(AuthMethod),
    /// It asks whether tokens are good.
    ResourceServer,
}

impl Kind {
    /// Every kind, in the order of the select.
    pub const ALL: [Self; 4] = [
        Self::App(AuthMethod::ClientSecretBasic),
        Self::App(AuthMethod::ClientSecretPost),
        Self::App(AuthMethod::None),
        Self::ResourceServer,
    ];

    /// What a client was registered as.
    #[must_use]
    pub const fn of(client: &Client) -> Self {
        if client.resource_server {
            Self::ResourceServer
        } else {
            Self::App(client.token_endpoint_auth_method)
        }
    }

    /// The kind's value in the select.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::App(method) => method.as_str(),
            Self::ResourceServer => "resource_server",
        }
    }

    /// The kind of this value.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The kind as a choice.
    #[must_use]
    pub const fn choice(self) -> &'static str {
        words::kind_choice(self.method(), matches!(self, Self::ResourceServer))
    }

    /// What the choice means.
    #[must_use]
    pub const fn about(self) -> &'static str {
        words::kind_about(self.method(), matches!(self, Self::ResourceServer))
    }

    /// How it says who it is.
    const fn method(self) -> AuthMethod {
        match self {
            Self::App(method) => method,
            Self::ResourceServer => AuthMethod::ClientSecretBasic,
        }
    }
}

/// A client as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientDraft {
    /// The text of the field *Name*.
    pub name: String,
    /// What is registered.
    pub kind: Kind,
    /// The text of the field *Redirect URIs*, one a line.
    pub redirect_uris: String,
    /// The names of the scopes that are checked.
    pub scopes: Vec<String>,
}

impl ClientDraft {
    /// The pointer of the name.
    pub const NAME: &'static str = "/client_name";
    /// The pointer of the kind.
    pub const KIND: &'static str = "/token_endpoint_auth_method";
    /// The pointer of the redirect URIs.
    pub const REDIRECT_URIS: &'static str = "/redirect_uris";
    /// The pointer of the scopes.
    pub const SCOPE: &'static str = "/scope";

    /// Nothing typed yet.
    #[must_use]
    pub const fn blank() -> Self {
        Self {
            name: String::new(),
            kind: Kind::App(AuthMethod::ClientSecretBasic),
            redirect_uris: String::new(),
            scopes: Vec::new(),
        }
    }

    /// Checks a scope, or takes its check away.
    pub fn check(&mut self, name: String, wanted: bool) {
        self.scopes.retain(|scope| *scope != name);
        if wanted {
            self.scopes.push(name);
        }
    }

    /// The lines that are not blank, with their numbers as people count them.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.redirect_uris.lines().map(str::trim);
        let numbered = (1..).zip(lines);
        numbered.filter(|(_, line)| !line.is_empty())
    }

    /// The problem with its pointers moved to the fields of this page.
    #[must_use]
    pub fn on_fields(&self, problem: Problem) -> Problem {
        let errors = problem.errors.into_iter();
        Problem {
            errors: errors.map(|error| self.on_field(error)).collect(),
            ..problem
        }
    }

    /// `/redirect_uris/1` is a line of the field: the reason names it.
    fn on_field(&self, error: FieldError) -> FieldError {
        let place = error
            .pointer
            .strip_prefix(Self::REDIRECT_URIS)
            .and_then(|rest| rest.strip_prefix('/')?.parse().ok());
        let Some((line, _)) = place.and_then(|place| self.lines().nth(place)) else {
            return error;
        };
        FieldError {
            pointer: Self::REDIRECT_URIS.to_owned(),
            code: String::new(),
            detail: words::on_line(line, &reasons::of(&error)),
        }
    }
}

impl From<&Client> for ClientDraft {
    fn from(client: &Client) -> Self {
        Self {
            name: client.client_name.clone(),
            kind: Kind::of(client),
            redirect_uris: client.redirect_uris.join("\n"),
            scopes: client.scope.names().map(ToOwned::to_owned).collect(),
        }
    }
}

impl Draft for ClientDraft {
    type Value = NewClient;
    const FIELDS: &'static [&'static str] =
        &[Self::NAME, Self::KIND, Self::REDIRECT_URIS, Self::SCOPE];

    /// A resource server has neither addresses nor scopes; what was typed of them waits for another kind.
    fn parse(&self) -> Result<NewClient, Vec<FieldError>> {
        let is_app = self.kind != Kind::ResourceServer;
        let uris = self.lines().filter(|_| is_app);
        let scopes = self.scopes.iter().filter(|_| is_app);
        let request = NewClient {
            client_name: self.name.clone(),
            redirect_uris: uris.map(|(_, line)| line.to_owned()).collect(),
            token_endpoint_auth_method: self.kind.method(),
            scope: scopes.map(String::as_str).collect::<Vec<_>>().join(" "),
            resource_server: !is_app,
        };
        match request.parse() {
            Ok(facts) => Ok(NewClient {
                client_name: facts.name,
                scope: facts.scope.to_string(),
                ..request
            }),
            Err(errors) => Err(errors.into_iter().map(|it| self.on_field(it)).collect()),
        }
    }
}

/// What of a draft a registered client can still take.
#[must_use]
pub fn edit(client: NewClient) -> EditClient {
    EditClient {
        client_name: client.client_name,
        redirect_uris: client.redirect_uris,
        scope: client.scope,
    }
}

/// A scope as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeDraft {
    /// The text of the field *Name*.
    pub name: String,
    /// The text of the field *Sentence*.
    pub sentence: String,
    /// The plan's scopes that a new one must not word anew by mistake.
    pub taken: Vec<String>,
}

impl ScopeDraft {
    /// The pointer of the name.
    pub const NAME: &'static str = "/name";
    /// The pointer of the sentence.
    pub const SENTENCE: &'static str = "/sentence";

    /// Nothing typed yet, where the plan has these scopes.
    #[must_use]
    pub const fn blank(taken: Vec<String>) -> Self {
        Self {
            name: String::new(),
            sentence: String::new(),
            taken,
        }
    }

    /// The problem with its pointers moved to the fields of this page: the name is in the request's
    /// path, which has the pointer `""`.
    #[must_use]
    pub fn on_fields(problem: Problem) -> Problem {
        let on_field = |error: FieldError| FieldError {
            pointer: Some(error.pointer)
                .filter(|pointer| !pointer.is_empty())
                .unwrap_or_else(|| Self::NAME.to_owned()),
            ..error
        };
        Problem {
            errors: problem.errors.into_iter().map(on_field).collect(),
            ..problem
        }
    }

    fn name_error(&self, name: &str) -> Option<FieldError> {
        let wrong = |detail: &str| FieldError {
            pointer: Self::NAME.to_owned(),
            code: String::new(),
            detail: detail.to_owned(),
        };
        if is_own(name) {
            return Some(wrong(words::SCOPE_IS_OWN));
        }
        if self.taken.iter().any(|taken| taken == name) {
            return Some(wrong(words::SCOPE_IS_TAKEN));
        }
        parse_name(name).err().map(|error| error.at(Self::NAME))
    }
}

impl From<&Scope> for ScopeDraft {
    fn from(scope: &Scope) -> Self {
        Self {
            name: scope.name.clone(),
            sentence: scope.sentence.clone(),
            taken: Vec::new(),
        }
    }
}

impl Draft for ScopeDraft {
    type Value = (String, PutScope);
    const FIELDS: &'static [&'static str] = &[Self::NAME, Self::SENTENCE];

    fn parse(&self) -> Result<Self::Value, Vec<FieldError>> {
        let name = self.name.trim();
        let asked = PutScope {
            sentence: self.sentence.clone(),
        };
        match (self.name_error(name), asked.parse()) {
            (None, Ok(sentence)) => Ok((name.to_owned(), PutScope { sentence })),
            (wrong, sentence) => {
                let sentence = sentence.err().unwrap_or_default();
                Err(wrong.into_iter().chain(sentence).collect())
            }
        }
    }
}
