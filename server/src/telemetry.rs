//! Log lines: text for people or JSON for machines, on standard error.
//!
//! What a line may say is decided where it is written; secrets never reach here, because the types
//! that hold them have no `Debug` and requests are logged by method, route and status alone.

use std::{io, panic};

use tracing_subscriber::{
    EnvFilter, Layer, Registry, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::config::LogFormat;

/// What is logged unless `RUST_LOG` says otherwise. The static files' library greets once per file.
const DEFAULT_FILTER: &str = "info,memory_serve=warn,sqlx=warn";

/// Starts logging to standard error, panics included. Later calls do nothing.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| DEFAULT_FILTER.into());
    let subscriber =
        tracing_subscriber::registry().with(layer(format, io::stderr).with_filter(filter));
    // A second start in one process keeps the first: there is nothing to repair.
    if subscriber.try_init().is_ok() {
        panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string);
            tracing::error!(place, "a panic, which is a bug");
        }));
    }
}

/// The layer that writes lines of this format.
pub fn layer<W>(format: LogFormat, writer: W) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        LogFormat::Text => lines.with_target(false).with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    }
}
