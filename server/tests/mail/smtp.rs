//! A mail server that does what a test tells it to (RFC 5321): takes mails, delays them, refuses them, or
//! goes away at the worst moment. It speaks STARTTLS, TLS from the start, and AUTH PLAIN.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

/// How connections are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    Never,
    Starttls,
    FromTheStart,
}

/// What becomes of one mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// 250.
    Taken,
    /// This answer to the recipient.
    AtRecipient(&'static str),
    /// This answer to the mail's content.
    AtEnd(&'static str),
    /// It is kept, and the connection is gone before the answer.
    KeptAndGone,
}

/// A mail that was taken, or kept without an answer.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) encrypted: bool,
    pub(crate) signed_in: bool,
}

impl Received {
    /// The mail's Message-ID.
    pub(crate) fn message_id(&self) -> &str {
        let line = self
            .text
            .lines()
            .find(|line| line.starts_with("Message-ID:"));
        line.expect("a Message-ID")
            .trim_start_matches("Message-ID:")
            .trim()
    }
}

type Judge = dyn Fn(&str) -> Option<Fate> + Send + Sync;

/// What connections share.
#[derive(Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    /// What becomes of the next mails; of further ones `judge` decides, or they are taken.
    fates: Mutex<VecDeque<Fate>>,
    judge: Mutex<Option<Box<Judge>>>,
    is_down: Mutex<bool>,
    password: Option<(String, String)>,
}

/// A mail server in the test's process.
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    /// The certificate, in PEM.
    pub(crate) certificate: String,
    shared: Arc<Shared>,
}

impl MailServer {
    /// One that wants this user and password, if any.
    pub(crate) async fn start(encryption: Encryption, password: Option<(&str, &str)>) -> Self {
        let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a key");
        let certificate = key.cert.pem();
        let chain = vec![key.cert.der().clone()];
        let private = PrivatePkcs8KeyDer::from(key.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::Pkcs8(private))
            .expect("a certificate");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let shared = Arc::new(Shared {
            password: password.map(|(user, word)| (user.to_owned(), word.to_owned())),
            ..Shared::default()
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("an address");
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if *lock(&serving.is_down) {
                    continue;
                }
                let session = Session {
                    shared: Arc::clone(&serving),
                    acceptor: acceptor.clone(),
                    offers_starttls: encryption == Encryption::Starttls,
                    encrypted: false,
                    signed_in: false,
                };
                tokio::spawn(session.serve(stream, encryption));
            }
        });
        Self {
            address,
            certificate,
            shared,
        }
    }

    /// What becomes of the next mails, one each.
    pub(crate) fn next(&self, fates: impl IntoIterator<Item = Fate>) {
        lock(&self.shared.fates).extend(fates);
    }

    /// What becomes of a mail to this recipient, whenever nothing else was said.
    pub(crate) fn judge(&self, judge: impl Fn(&str) -> Option<Fate> + Send + Sync + 'static) {
        *lock(&self.shared.judge) = Some(Box::new(judge));
    }

    /// Goes away, or comes back. Connections that are there end at their next command.
    pub(crate) fn is_down(&self, down: bool) {
        *lock(&self.shared.is_down) = down;
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

struct Session {
    shared: Arc<Shared>,
    acceptor: TlsAcceptor,
    offers_starttls: bool,
    encrypted: bool,
    signed_in: bool,
}

impl Session {
    async fn serve(mut self, stream: TcpStream, encryption: Encryption) {
        let mut stream: Box<dyn Stream> = Box::new(stream);
        if encryption == Encryption::FromTheStart {
            let Ok(tls) = self.acceptor.accept(stream).await else {
                return;
            };
            self.encrypted = true;
            stream = Box::new(tls);
        }
        let mut stream = BufReader::new(stream);
        // A peer that goes away is no fault of the test's.
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
        while let Some(again) = self.converse(&mut stream).await {
            if !again {
                return;
            }
            let Ok(tls) = self.acceptor.accept(stream.into_inner()).await else {
                return;
            };
            self.encrypted = true;
            stream = BufReader::new(Box::new(tls));
        }
    }

    /// Answers commands. `Some(true)` where TLS is to begin; `None` or `Some(false)` at the end.
    async fn converse(&mut self, stream: &mut BufReader<Box<dyn Stream>>) -> Option<bool> {
        let mut to = String::new();
        let mut fate = Fate::Taken;
        loop {
            let line = line(stream).await?;
            if *lock(&self.shared.is_down) {
                return None;
            }
            let word = line
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_uppercase();
            let answer: String = match word.as_str() {
                "EHLO" => self.offers(),
                "STARTTLS" => {
                    stream.write_all(b"220 go ahead\r\n").await.ok()?;
                    return Some(true);
                }
                "AUTH" => self.sign_in(&line),
                "MAIL" if self.shared.password.is_some() && !self.signed_in => {
                    "530 5.7.0 sign in first".into()
                }
                "RCPT" => {
                    to = between(&line, '<', '>');
                    fate = self.fate(&to);
                    match fate {
                        Fate::AtRecipient(answer) => answer.into(),
                        _ => "250 ok".into(),
                    }
                }
                "DATA" => {
                    stream.write_all(b"354 go ahead\r\n").await.ok()?;
                    let text = content(stream).await?;
                    match fate {
                        Fate::AtEnd(answer) => answer.into(),
                        Fate::KeptAndGone => {
                            self.keep(&to, text);
                            return None;
                        }
                        _ => {
                            self.keep(&to, text);
                            "250 2.0.0 taken".into()
                        }
                    }
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await.ok()?;
                    return Some(false);
                }
                _ => "250 ok".into(),
            };
            stream
                .write_all(format!("{answer}\r\n").as_bytes())
                .await
                .ok()?;
        }
    }

    fn offers(&self) -> String {
        let mut offers = vec!["mail.example", "8BITMIME"];
        if self.offers_starttls && !self.encrypted {
            offers.push("STARTTLS");
        } else if self.shared.password.is_some() {
            offers.push("AUTH PLAIN");
        }
        let last = offers.len() - 1;
        let lines = offers.iter().enumerate().map(|(at, offer)| {
            let dash = if at == last { ' ' } else { '-' };
            format!("250{dash}{offer}")
        });
        lines.collect::<Vec<_>>().join("\r\n")
    }

    fn sign_in(&mut self, line: &str) -> String {
        let given = line.split(' ').nth(2).unwrap_or_default();
        let given = STANDARD.decode(given).unwrap_or_default();
        let wanted = self.shared.password.as_ref();
        let wanted = wanted.map(|(user, word)| format!("\0{user}\0{word}").into_bytes());
        self.signed_in = wanted.is_some_and(|wanted| wanted == given);
        let answer = if self.signed_in {
            "235 welcome"
        } else {
            "535 5.7.8 wrong"
        };
        answer.into()
    }

    fn fate(&self, to: &str) -> Fate {
        let said = lock(&self.shared.fates).pop_front();
        let judged = || {
            lock(&self.shared.judge)
                .as_ref()
                .and_then(|judge| judge(to))
        };
        said.or_else(judged).unwrap_or(Fate::Taken)
    }

    fn keep(&self, to: &str, text: String) {
        lock(&self.shared.received).push(Received {
            to: to.to_owned(),
            text,
            encrypted: self.encrypted,
            signed_in: self.signed_in,
        });
    }
}

async fn line(stream: &mut BufReader<Box<dyn Stream>>) -> Option<String> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line).await.ok()?;
    let line = String::from_utf8_lossy(&line).trim_end().to_owned();
    Some(line).filter(|line| !line.is_empty())
}

/// What follows DATA, with the dots that were doubled as they were (RFC 5321, section 4.5.2).
async fn content(stream: &mut BufReader<Box<dyn Stream>>) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await.ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        match line.trim_end_matches(['\r', '\n']) {
            "." => return Some(text),
            _ => text.push_str(line.strip_prefix('.').unwrap_or(&line)),
        }
    }
}

fn between(text: &str, from: char, to: char) -> String {
    let rest = text.split_once(from).map_or("", |(_, rest)| rest);
    rest.split(to).next().unwrap_or_default().to_owned()
}
