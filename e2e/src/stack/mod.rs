//! The server's library in this process, on a port and a database of its own, under a clock that the
//! test moves. The sweeper is off: what a journey sees is enforced at verification, or not at all. Mails go
//! into a folder.

mod database;
mod mail;
mod people;
mod server;
mod tokens;

use anyhow::Result;
use tempfile::TempDir;
use tenure_domain::id::PlanId;
use tenure_server::clock::Clock;
use tenure_server::demo;
use tenure_server::random::Random;

pub use self::database::Engine;
pub use self::mail::Mail;
pub use self::people::{People, Person};
use self::{database::Database, server::Server};
use crate::{api::Caller, browser::Browser, wait};

/// Everything but the browser. `Stack<()>` is a server that nobody has set up yet.
pub struct Stack<P = People> {
    /// The server's clock. It stands still until it is moved.
    pub clock: Clock,
    /// Who is there.
    pub people: P,
    // Dropped in this order: the server first, then the files that it has open.
    server: Server,
    database: Database,
    mails: TempDir,
}

impl Stack {
    /// A running server and its people, under a clock that stands still.
    ///
    /// # Errors
    /// When the machine lacks something, with the remedy.
    pub async fn start(engine: Engine) -> Result<Self> {
        let empty = Stack::empty(engine).await?;
        let people = People::settle(empty.server.state()?).await?;
        Ok(empty.with(people))
    }

    /// A running server with the sample data, under the machine's clock.
    ///
    /// # Errors
    /// When the machine lacks something, with the remedy.
    pub async fn demo() -> Result<Self> {
        let (clock, database) = (Clock::system(), Database::create(Engine::Sqlite).await?);
        demo::fill(&database.url, clock.now(), &Random::system()).await?;
        let empty = Stack::on(database, clock).await?;
        let people = People::of_demo(empty.server.state()?).await?;
        Ok(empty.with(people))
    }
}

impl Stack<()> {
    /// A running server without a plan or a user, under a clock that stands still.
    ///
    /// # Errors
    /// When the machine lacks something, with the remedy.
    pub async fn empty(engine: Engine) -> Result<Self> {
        // Not a fixed instant: the browser's clock cannot be moved, and the console warns of a difference.
        let clock = Clock::mock(Clock::system().now());
        Self::on(Database::create(engine).await?, clock).await
    }

    async fn on(database: Database, clock: Clock) -> Result<Self> {
        let mails = TempDir::with_prefix("tenure-mails-")?;
        let server = Server::start(&database.url, mails.path(), clock.clone()).await?;
        Ok(Self {
            clock,
            people: (),
            server,
            database,
            mails,
        })
    }

    /// The path of the one-time link that makes the first System Admin, as the server prints it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn setup_link(&self) -> Result<String> {
        self.server.setup_link().await
    }

    fn with(self, people: People) -> Stack {
        let Self {
            clock,
            server,
            database,
            mails,
            people: (),
        } = self;
        Stack {
            clock,
            people,
            server,
            database,
            mails,
        }
    }
}

impl<P> Stack<P> {
    /// A fresh browser on this server.
    ///
    /// # Errors
    /// When Chromium does not start.
    pub async fn browser(&self) -> Result<Browser> {
        Browser::open(self.server.origin()).await
    }

    /// Where the server is: `http://127.0.0.1:40123`.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.server.origin()
    }

    /// What follows the origin in an address of this server.
    #[must_use]
    pub fn path_of<'a>(&self, address: &'a str) -> &'a str {
        address.strip_prefix(self.origin()).unwrap_or(address)
    }

    /// A program that calls this server, without any credential.
    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller::stranger(self.server.origin())
    }

    /// The mails that this person got so far, in no order.
    ///
    /// # Errors
    /// When a mail is none.
    pub fn mails(&self, person: &Person) -> Result<Vec<Mail>> {
        let all = mail::read(self.mails.path())?;
        Ok(all
            .into_iter()
            .filter(|mail| mail.to == person.email)
            .collect())
    }

    /// The mail to this person whose subject has these words, once the postman has been.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn mail(&self, person: &Person, subject: &str) -> Result<Mail> {
        let what = format!("{} has a mail \"…{subject}…\"", person.name);
        wait::until(&what, || async {
            let mails = self.mails(person)?;
            Ok(mails
                .into_iter()
                .find(|mail| mail.subject.contains(subject)))
        })
        .await
    }

    /// Waits until this person has got so many mails.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn mails_come(&self, person: &Person, count: usize) -> Result<()> {
        let what = format!("{} has {count} mails", person.name);
        wait::until(&what, || async {
            Ok((self.mails(person)?.len() == count).then_some(()))
        })
        .await
    }

    /// Writes the uses of tokens that are noted in memory, as a job does every few seconds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn flush_uses(&self) -> Result<()> {
        self.server.flush_uses().await
    }

    /// Does what the sweeper does for a plan: it records what has ended, of which owners hear then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self, plan: &PlanId) -> Result<()> {
        self.server.sweep(plan).await
    }

    /// Does what jobs do every few seconds: it writes what was seen of tokens, and looks whether any of it wants
    /// attention.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn watch(&self) -> Result<()> {
        self.server.watch().await
    }

    /// Stops the server.
    ///
    /// # Errors
    /// When it is stopped already.
    pub async fn stop(&mut self) -> Result<()> {
        self.server.stop().await
    }

    /// Starts the server again, at its address and on its data.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn go_on(&mut self) -> Result<()> {
        self.server.go_on().await
    }
}
