//! What is wrong with a policy: where, what, and how to fix it.

use crate::Origin;
use std::fmt;

/// One mistake in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Where it was written.
    pub origin: Origin,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
    /// What to do about it, if there is something to say.
    pub help: Option<String>,
}

impl ConfigError {
    /// An error at `origin`.
    pub fn at(origin: &Origin, message: impl Into<String>) -> Self {
        Self { origin: origin.clone(), message: message.into(), help: None }
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the nearest of `names`, if one is near enough.
    pub fn nearest<'a>(self, given: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(given, names) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

/// The name that is most like `given`, if any is like it at all.
pub fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let score = |name: &str| strsim::jaro_winkler(given, name);
    names
        .into_iter()
        .map(|name| (score(name), name))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ConfigError {}
