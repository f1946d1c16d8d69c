//! Packages from npm, in the cache: one folder a version, nothing in the checkout.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{on_path, run};
use crate::project;
use crate::step::say;
use crate::temp::TempDir;

/// A package of the npm registry in one version.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

impl Package {
    /// The package's folder; installs it first when it is missing.
    ///
    /// # Errors
    /// When npm is missing or cannot install it.
    pub(crate) fn installed(&self) -> Result<PathBuf> {
        let home = self.home()?;
        let folder = home.join("node_modules").join(self.name);
        if !folder.join("package.json").is_file() {
            self.install(&home)?;
        }
        Ok(folder)
    }

    /// The folder of the package's programs.
    ///
    /// # Errors
    /// When the user has no cache folder.
    pub(crate) fn bin(&self) -> Result<PathBuf> {
        Ok(self.home()?.join("node_modules/.bin"))
    }

    fn home(&self) -> Result<PathBuf> {
        Ok(project::cache()?
            .join("tools")
            .join(format!("{}-{}", self.name, self.version)))
    }

    fn install(&self, home: &std::path::Path) -> Result<()> {
        let Self { name, version } = self;
        super::node()?;
        let npm = on_path("npm").context("install npm (on Debian: apt-get install npm)")?;
        say(&format!("set-up: fetching {name} {version} from npm"));
        let parent = home.parent().context("the cache has no folder for tools")?;
        let partial = TempDir::at(parent.join(format!(".partial-{name}-{}", std::process::id())))?;
        let mut command = Command::new(npm);
        command
            .current_dir(partial.path())
            .arg("install")
            .arg("--prefix")
            .arg(partial.path());
        // No package of ours needs its scripts, so none gets to run any.
        command.args([
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]);
        run(command.arg(format!("{name}@{version}"))).with_context(|| {
            format!("npm could not install {name}@{version}; is the registry reachable?")
        })?;
        let _ = fs::remove_dir_all(home);
        if fs::rename(partial.path(), home).is_err() && !home.is_dir() {
            bail!(
                "{} cannot be written; set XDG_CACHE_HOME to a folder that can",
                home.display()
            );
        }
        Ok(())
    }
}
