//! `tenure-server`: the commands. What they do is in the library; what they print is here.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use tenure_server::{
    App, Tools,
    cli::{self, admin::Admin},
    clock::Clock,
    config::{self, Flags},
    demo, links, monitoring, ops,
    random::Random,
    router,
    secret::Secret,
    serve::{self, Patience},
    store::{Store, audit_chain::Hash},
    telemetry,
};
use tokio::net::TcpListener;

/// Measured: a call to `/verify` spends an eighth of its time in the C library's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Gives every API token of a plan one tenure.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API and the console
    Serve(Serve),
    /// Brings the database's schema up to date
    Migrate,
    /// Makes plans and users, and gives users other passwords
    #[command(subcommand)]
    Admin(Admin),
    /// Checks the audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Writes a copy of the SQLite database to a new file
    Backup {
        /// The file to write
        file: PathBuf,
    },
    /// Prints the OpenAPI 3.1 document
    Openapi,
    /// Prints what is configured and where it was read
    CheckConfig,
}

#[derive(Subcommand)]
enum Audit {
    /// Walks the whole log; fails, naming the first bad event, when somebody tampered with it
    Verify {
        /// The hash that an earlier run printed: fails as well when no event has it any more
        #[arg(long, value_name = "HASH", value_parser = a_hash)]
        expect_head: Option<Hash>,
    },
}

fn a_hash(text: &str) -> Result<Hash, &'static str> {
    cli::audit::unhex(text).ok_or("expected 64 hexadecimal digits, as `audit verify` prints them")
}

#[derive(Args)]
struct Serve {
    /// Start with sample plans, in a data folder of its own
    #[arg(long)]
    demo: bool,
}

fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|error| {
        // Nothing is left to do when standard error is closed.
        let _ = writeln!(io::stderr(), "tenure-server: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(Cli { command, flags }: Cli) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(options) => block_on(serve(flags, options))?,
        Command::Migrate => block_on(migrate(flags))?,
        Command::Admin(command) => block_on(admin(flags, command))?,
        Command::Audit(Audit::Verify { expect_head }) => {
            return block_on(audit(flags, expect_head));
        }
        Command::Backup { file } => block_on(backup(flags, file))?,
        Command::Openapi => print(&router::document().to_pretty_json()?)?,
        Command::CheckConfig => check_config(&flags)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")?
        .block_on(work)
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

fn check_config(flags: &Flags) -> anyhow::Result<()> {
    let (_, read) = config::load(flags)?;
    let lines: Vec<String> = read
        .iter()
        .map(|line| format!("{:<16} {:<40} {}", line.key, line.value, line.origin))
        .collect();
    print(&lines.join("\n"))
}

async fn migrate(flags: Flags) -> anyhow::Result<()> {
    let (configuration, _) = config::load(&flags)?;
    let store = Store::connect(&configuration.database_url).await?;
    store.migrate().await?;
    store.close().await;
    print("the database's schema is up to date")
}

async fn admin(flags: Flags, command: Admin) -> anyhow::Result<()> {
    let (configuration, _) = config::load(&flags)?;
    let url = &configuration.database_url;
    let tools = Tools::open(url, Clock::system(), Random::system()).await?;
    let done = cli::admin::run(command, &tools, io::stdin()).await?;
    tools.store.close().await;
    print(&done.to_string())
}

async fn audit(flags: Flags, expected: Option<Hash>) -> anyhow::Result<ExitCode> {
    let (configuration, _) = config::load(&flags)?;
    let store = Store::connect_existing(&configuration.database_url).await?;
    let (found, whole) = cli::audit::verify(&store, expected).await?;
    store.close().await;
    print(&found.to_string())?;
    Ok(if whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn backup(flags: Flags, file: PathBuf) -> anyhow::Result<()> {
    let (configuration, _) = config::load(&flags)?;
    let store = Store::connect_existing(&configuration.database_url).await?;
    let done = cli::backup::run(&store, &file).await?;
    store.close().await;
    print(&done.to_string())
}

async fn serve(mut flags: Flags, options: Serve) -> anyhow::Result<()> {
    flags.demo = options.demo;
    let (configuration, _) = config::load(&flags)?;
    telemetry::start(configuration.log);
    let shutdown = serve::signals().context("signals cannot be listened for")?;
    let listener = TcpListener::bind(configuration.listen)
        .await
        .with_context(|| format!("cannot listen on {}", configuration.listen))?;
    let bound = listener.local_addr()?;
    let metrics = match configuration.metrics_listen {
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .with_context(|| format!("cannot listen on {address}, for metrics"))?,
        ),
        None => None,
    };
    let settings = configuration.settings(bound);
    let public_url = settings.public_url.clone();
    let unproxied = settings.secure_cookies && settings.trusted_proxies.is_empty();
    let (clock, random) = (Clock::system(), Random::system());
    let demo = options.demo && demo::fill(&settings.database_url, clock.now(), &random).await?;
    let app = App::build(settings, clock, random)
        .await
        .context("the database cannot be used")?;
    let state = &app.state;
    let link = ops::setup_link::offer(&state.store, &state.clock, &state.random).await?;
    if let Some(listener) = metrics {
        tracing::info!(bound = %listener.local_addr()?, "metrics can be scraped");
        let (router, patience) = (monitoring::router(state.clone()), Patience::default());
        // Until the process ends.
        tokio::spawn(serve::serve(
            listener,
            router,
            patience,
            std::future::pending(),
        ));
    }
    print(&greeting(bound, &public_url, demo, link))?;
    tracing::info!(%bound, public_url, "listening");
    if unproxied {
        tracing::warn!(
            "public_url is https, which a proxy must serve, and trusted_proxies is empty: every caller \
             counts as the proxy, so that anybody's wrong passwords lock everybody out, and records \
             hold the proxy's address. Name the proxy in TENURE_TRUSTED_PROXIES"
        );
    }
    Ok(app.serve(listener, shutdown).await?)
}

/// What the operator reads first: where the server is, and how to sign in.
fn greeting(bound: SocketAddr, public_url: &str, demo: bool, link: Option<Secret>) -> String {
    let mut lines = vec![format!("Tenure listens on http://{bound}")];
    if let Some(secret) = link {
        lines.push(format!(
            "Nobody can sign in yet. Make the first System Admin, once, at {}",
            links::setup(public_url, &secret.reveal())
        ));
    }
    if demo {
        let password = demo::PASSWORD;
        lines.push(format!(
            "Sample accounts, each with the password {password}:"
        ));
        lines.extend(demo::ACCOUNTS.map(|(email, what)| format!("  {email:<24} {what}")));
    }
    lines.join("\n")
}
