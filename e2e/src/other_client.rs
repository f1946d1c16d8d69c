//! An OAuth client that shares no code with the server (`tests/clients/oauth.mjs`), and the address where
//! its answers arrive.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tenure_domain::wire::clients::Client;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::needs;

/// The script at work. It ends with this value.
pub struct OtherClient {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl OtherClient {
    /// Starts it as this app, which asks about its tokens as that API.
    ///
    /// # Errors
    /// When Node or its package is not there.
    pub fn start(issuer: &str, callback: &Callback, app: &Client, api: &Client) -> Result<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/oauth.mjs");
        let secret = |client: &Client| client.client_secret.clone().unwrap_or_default();
        let mut process = Command::new(needs::node()?)
            .arg(script)
            .env("TENURE_OAUTH4WEBAPI", needs::oauth4webapi()?)
            .env("TENURE_ISSUER", issuer)
            .env("TENURE_CLIENT_ID", app.client_id.as_str())
            .env("TENURE_CLIENT_SECRET", secret(app))
            .env("TENURE_REDIRECT_URI", callback.address())
            .env("TENURE_API_ID", api.client_id.as_str())
            .env("TENURE_API_SECRET", secret(api))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("node does not start")?;
        let input = process.stdin.take().context("its input is piped")?;
        let output = process.stdout.take().context("its output is piped")?;
        Ok(Self {
            _process: process,
            input,
            output: BufReader::new(output).lines(),
        })
    }

    /// Tells it what to do next.
    ///
    /// # Errors
    /// When it has ended.
    pub async fn tell(&mut self, line: &str) -> Result<()> {
        let line = format!("{line}\n");
        Ok(self.input.write_all(line.as_bytes()).await?)
    }

    /// What it did next, which must be this.
    ///
    /// # Errors
    /// When it did something else, or has ended.
    pub async fn step(&mut self, name: &str) -> Result<Value> {
        let line = self.output.next_line().await?.context("it has ended")?;
        let step: Value = serde_json::from_str(&line)?;
        ensure!(step["step"] == name, "instead of {name}: {line}");
        Ok(step)
    }
}

/// Where the browser is sent with an app's answer.
pub struct Callback {
    listener: TcpListener,
    address: String,
}

impl Callback {
    /// Listens on a free port.
    ///
    /// # Errors
    /// When there is none.
    pub async fn listen() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/callback", listener.local_addr()?);
        Ok(Self { listener, address })
    }

    /// The redirect URI.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits for the browser, thanks it, and returns the whole address that it was sent to.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn answer(&self) -> Result<String> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            let mut stream = BufReader::new(stream);
            let mut request = String::new();
            stream.read_line(&mut request).await?;
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 33\r\n\
                          connection: close\r\n\r\n<link rel=icon href=data:,>Thanks";
            stream.get_mut().write_all(answer.as_bytes()).await?;
            if let Some(query) = path.strip_prefix("/callback") {
                return Ok(format!("{}{query}", self.address));
            }
        }
    }
}
