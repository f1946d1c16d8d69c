//! The command line: every command and flag, with the sentence that `--help` prints for it.

use std::path::PathBuf;

xflags::xflags! {
    /// Set-up, start, tests and measures of Tenure. Each command first installs what it lacks.
    cmd xtask {
        /// Build console and server in release and start the server.
        cmd run {
            /// Keep an own data folder (data-demo/) and fill it with sample plans and accounts.
            optional --demo
            /// The port on 127.0.0.1 (8080 when absent).
            optional --port port: u16
            /// The folder for the database and the mails (data/ when absent).
            optional --data dir: PathBuf
        }

        /// Run the rings of tests, all of them or those named:
        /// domain, store, http, integrations, tidy, browser, journeys.
        cmd test {
            /// The rings to run.
            repeated ring: String
        }

        /// All that a change must pass: format, lints, every ring, the size budget.
        cmd ci {}

        /// Start a server on sample data and a console that rebuild as their files change.
        cmd dev {
            /// The console's port on 127.0.0.1 (8080 when absent).
            optional --port port: u16
        }

        /// Build one binary with the console inside; its path is the last line printed.
        cmd dist {}

        /// Measure in release: the server's ratios, the console's start and size.
        cmd bench {
            /// The measures to take (all when absent): load, startup, scrolling, size.
            repeated name: String
        }

        /// Run the long trials whole, in release: kills, races, big data.
        cmd soak {}
    }
}
