//! Holds an OAuth token pair of a Tenure server for a program, and keeps it alive.
//!
//! A refresh token works once, and the old access token stops with it. So whoever refreshes must do it
//! once, must not lose the answer, and must have the new pair on disk before anything is called with it.
//! That is what lives here:
//!
//! - [`Client::call`] attaches the bearer, renews the pair ahead of its end, and once more after a 401;
//! - any number of concurrent callers cause one refresh ([`Client`] is cheap to clone, and clones share);
//! - a refresh whose answer was lost is asked for again: Tenure heals it, as long as nobody has used the
//!   pair that was lost;
//! - the pair is kept by a [`PairStore`], a [`FileStore`] for instance, before it is used;
//! - when nothing but a new consent can help, [`Error::ConsentNeeded`] says so, with the reason.
//!
//! Deliberately not here: the way to the first pair (the crate `oauth2` knows it, over this crate's
//! [`Transport`]; `examples/demo.rs` shows it whole), and anything of Tenure's REST API.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use tenure_client::{Client, FileStore, Registration, reqwest};
//!
//! let registration = Registration::new("https://tenure.example/oauth/token", "my-client-id")?
//!     .with_secret("the secret of the client");
//! let client = Client::builder(registration, FileStore::open("tokens.json")?).open().await?;
//!
//! let url = "https://api.example/orders".parse()?;
//! let answer = client.call(reqwest::Request::new(reqwest::Method::GET, url)).await?;
//! # Ok(())
//! # }
//! ```

mod client;
mod clock;
mod error;
mod file;
mod pair;
mod registration;
mod state;
mod store;
mod transport;

pub use client::{Builder, Client};
pub use clock::{Clock, Jitter, RandomJitter, SystemClock};
pub use error::Error;
pub use file::FileStore;
pub use pair::Pair;
pub use registration::Registration;
pub use store::{MemoryStore, PairStore};
pub use transport::{Transport, TransportError};
/// The crates whose types the API of this one has.
pub use {oauth2, reqwest};
