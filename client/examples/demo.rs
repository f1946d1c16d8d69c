//! A program with a person's consent, from the first link to a renewed pair.
//!
//! Start `cargo xtask run --demo` in one terminal and, in another,
//!
//! ```text
//! cargo run --package tenure-client --example demo
//! ```
//!
//! It registers itself with the sample data's admin; for another server, set `TENURE_ISSUER` and
//! `TENURE_CLIENT_ID`, a public client with the redirect URI `http://127.0.0.1/callback` (Tenure lets a
//! native app choose the port anew each time, as RFC 8252 says in section 7.3). Its pair is kept in
//! `demo-tokens.json`, so the second run asks nobody; delete it to begin anew.

use std::{env, path::Path};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tenure_client::{
    Client, Clock as _, Error, FileStore, Pair, Registration, SystemClock, Transport,
    oauth2::{
        AuthUrl, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope,
        TokenUrl, basic::BasicClient,
    },
    reqwest::{self, Method, Request, Url, header},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// Where the pair is kept, with the client's id beside it.
const TOKENS: &str = "demo-tokens.json";
const CLIENT_ID: &str = "demo-client-id";

#[tokio::main]
async fn main() -> Result<()> {
    let issuer = env::var("TENURE_ISSUER").unwrap_or_else(|_| "http://127.0.0.1:8080".to_owned());
    let metadata = discover(&issuer).await?;
    let client_id = client_id(&issuer).await?;
    let registration = Registration::new(endpoint(&metadata, "token_endpoint")?, &client_id)?;
    let client = Client::builder(registration, FileStore::open(TOKENS)?)
        .open()
        .await?;

    let answer = match who_am_i(&client, &issuer).await {
        Err(error @ (Error::NoPair | Error::ConsentNeeded { .. })) => {
            println!("{error}");
            client.adopt(consent(&metadata, &client_id).await?).await?;
            who_am_i(&client, &issuer).await?
        }
        answer => answer?,
    };
    println!("GET /api/v1/session: {answer}");

    let used = client.access_token().await?;
    client.access_token_after(&used).await?;
    println!("The pair is renewed, and kept in {TOKENS}.");
    println!("GET /api/v1/session: {}", who_am_i(&client, &issuer).await?);
    Ok(())
}

/// The metadata of RFC 8414.
async fn discover(issuer: &str) -> Result<Value> {
    let address = format!("{issuer}/.well-known/oauth-authorization-server");
    let answer = reqwest::get(&address)
        .await
        .context("no server answers; start one with `cargo xtask run --demo`")?;
    let metadata: Value = answer.error_for_status()?.json().await?;
    ensure!(
        metadata["issuer"] == issuer,
        "{address} is another issuer's"
    );
    Ok(metadata)
}

fn endpoint<'a>(metadata: &'a Value, name: &str) -> Result<&'a str> {
    metadata[name]
        .as_str()
        .with_context(|| format!("the metadata lacks {name}"))
}

/// Who the API says that the token's owner is.
async fn who_am_i(client: &Client, issuer: &str) -> Result<String, Error> {
    let url = Url::parse(&format!("{issuer}/api/v1/session")).expect("the issuer is a URL");
    let answer = client.call(Request::new(Method::GET, url)).await?;
    Ok(format!("{} {}", answer.status(), answer.text().await?))
}

/// Leads a person through the consent; RFC 6749, section 4.1, with PKCE.
async fn consent(metadata: &Value, client_id: &str) -> Result<Pair> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let redirect_uri = format!("http://{}/callback", listener.local_addr()?);
    let oauth = BasicClient::new(ClientId::new(client_id.to_owned()))
        .set_auth_uri(AuthUrl::new(
            endpoint(metadata, "authorization_endpoint")?.to_owned(),
        )?)
        .set_token_uri(TokenUrl::new(
            endpoint(metadata, "token_endpoint")?.to_owned(),
        )?)
        .set_redirect_uri(RedirectUrl::new(redirect_uri)?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (authorize, state) = oauth
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("tokens:read".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    println!("Open {authorize}");

    let back = came_back(&listener).await?;
    ensure!(
        value(&back, "state").as_ref() == Some(state.secret()),
        "another state came back"
    );
    let issuer = value(&back, "iss");
    ensure!(
        issuer.as_deref() == metadata["issuer"].as_str(),
        "another issuer answered"
    );
    let Some(code) = value(&back, "code") else {
        bail!(
            "no consent: {}",
            value(&back, "error_description").unwrap_or_default()
        );
    };
    let asked_at = SystemClock.now();
    let answer = oauth
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(&Transport(reqwest::Client::new()))
        .await?;
    Pair::from_answer(&answer, asked_at).context("no refresh token came")
}

/// Waits until the browser comes back; whatever else it asks for here is answered 404.
async fn came_back(listener: &TcpListener) -> Result<Url> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let mut line = String::new();
        BufReader::new(&mut stream).read_line(&mut line).await?;
        let path = line.split(' ').nth(1).unwrap_or_default();
        if path.starts_with("/callback?") {
            answer(&mut stream, "200 OK", "Thank you. You can close this page.").await?;
            return Ok(Url::parse("http://127.0.0.1")?.join(path)?);
        }
        answer(&mut stream, "404 Not Found", "There is nothing here.").await?;
    }
}

async fn answer(stream: &mut TcpStream, status: &str, text: &str) -> Result<()> {
    let length = text.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    Ok(stream.write_all((head + text).as_bytes()).await?)
}

fn value(address: &Url, name: &str) -> Option<String> {
    let found = address.query_pairs().find(|(key, _)| key == name)?;
    Some(found.1.into_owned())
}

/// The client's id: given, remembered, or new.
async fn client_id(issuer: &str) -> Result<String> {
    if let Ok(id) = env::var("TENURE_CLIENT_ID") {
        return Ok(id);
    }
    if Path::new(CLIENT_ID).exists() && Path::new(TOKENS).exists() {
        return Ok(std::fs::read_to_string(CLIENT_ID)?);
    }
    let id = register(issuer).await?;
    std::fs::write(CLIENT_ID, &id)?;
    Ok(id)
}

/// Registers a public client as the sample data's admin does in the console.
async fn register(issuer: &str) -> Result<String> {
    let http = reqwest::Client::new();
    let session = http
        .post(format!("{issuer}/api/v1/session"))
        .json(&json!({ "email": "admin@acme.example", "password": "tenure-demo" }))
        .send()
        .await?
        .error_for_status()
        .context("this server has no sample data; set TENURE_CLIENT_ID")?;
    let cookie = session
        .headers()
        .get(header::SET_COOKIE)
        .context("no cookie came")?;
    let cookie = cookie
        .to_str()?
        .split(';')
        .next()
        .unwrap_or_default()
        .to_owned();
    let session: Value = session.json().await?;
    let plan = session["plans"][0]["id"]
        .as_str()
        .context("the admin has no plan")?;
    let client: Value = http
        .post(format!("{issuer}/api/v1/plans/{plan}/oauth-clients"))
        .header(header::COOKIE, cookie)
        .json(&json!({
            "client_name": "Demo",
            "redirect_uris": ["http://127.0.0.1/callback"],
            "token_endpoint_auth_method": "none",
            "scope": "tokens:read",
        }))
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let id = client["client_id"].as_str().context("no client_id came")?;
    Ok(id.to_owned())
}
