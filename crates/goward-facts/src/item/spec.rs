//! How a policy declares a custom item.

use goward_model::SlaTier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A custom check as policy declares it (`[[custom]]`). Exactly one of `command`, `file`, `tcp`,
/// `http`, `redis-ping`, `postgres` and `postgres-ping` says what is done. In all but commands
/// `${NAME}` is replaced from the environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomCheck {
    /// The identifier, in kebab case; not one of the catalogue's.
    pub id: String,
    /// One line: what the check makes sure of.
    #[serde(default)]
    pub title: Option<String>,
    /// `P0` … `P3`; P1 unless said otherwise.
    #[serde(default)]
    pub tier: Option<SlaTier>,
    /// Milliseconds after which the item is ended and inconclusive; 10,000 unless said otherwise.
    #[serde(default)]
    pub timeout_ms: Option<u64>,
    /// The measured value over which the item fails: milliseconds, or what `measure` names.
    #[serde(default)]
    pub critical_threshold: Option<f64>,
    /// The JSON field of the output that is compared with `critical_threshold`.
    #[serde(default)]
    pub measure: Option<String>,
    /// Items and checks that must have passed before this one is tried.
    #[serde(default)]
    pub requires: Vec<String>,
    /// A program with its arguments, or one line for `sh -c`. It runs in the target's root.
    #[serde(default)]
    pub command: Option<CommandLine>,
    /// A file; it must exist unless `assert.exists = false`.
    #[serde(default)]
    pub file: Option<String>,
    /// `host:port` that must accept a connection.
    #[serde(default)]
    pub tcp: Option<String>,
    /// A URL that must answer 2xx, or what `assert.status` says.
    #[serde(default)]
    pub http: Option<String>,
    /// `redis://[user:password@]host[:port]` that must answer PING.
    #[serde(default, rename = "redis-ping")]
    pub redis_ping: Option<String>,
    /// `postgres://user[:password]@host[:port]/database` that must accept us.
    #[serde(default)]
    pub postgres: Option<String>,
    /// The same, and it must answer a query.
    #[serde(default, rename = "postgres-ping")]
    pub postgres_ping: Option<String>,
    /// What must be true of the answer.
    #[serde(default)]
    pub assert: Assertions,
}

/// A program with its arguments, or a line for the shell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`command` must be a list of words, or one line for `sh -c`")]
pub enum CommandLine {
    /// Run by `sh -c`.
    Shell(String),
    /// Run as it is.
    Argv(Vec<String>),
}

/// What must be true of an item's answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Assertions {
    /// Exit status or HTTP status; 0 or 2xx unless said otherwise.
    pub status: Option<i64>,
    /// At most this many milliseconds.
    pub latency_ms: Option<f64>,
    /// Fields of the output, which must be JSON: dotted path → value, or a table of comparisons.
    pub json: BTreeMap<String, Expected>,
    /// Text that the output, body or file must contain.
    pub contains: Option<String>,
    /// Whether the file must exist.
    pub exists: Option<bool>,
    /// The widest permission bits the file may have, in octal: `"0640"`.
    pub max_mode: Option<String>,
}

/// What a JSON field must be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a JSON field is compared with a value or { min, max, not, exists }")]
pub enum Expected {
    /// Comparisons, all of which must hold.
    Compare(Comparison),
    /// Equal to this value.
    Value(serde_json::Value),
}

/// Comparisons of a JSON field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Comparison {
    /// At most.
    pub max: Option<f64>,
    /// At least.
    pub min: Option<f64>,
    /// Present, or absent.
    pub exists: Option<bool>,
    /// Not equal to.
    pub not: Option<serde_json::Value>,
}

/// What an item does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// Runs a command.
    Command(CommandLine),
    /// Looks at a file.
    File(String),
    /// Connects.
    Tcp(String),
    /// Asks with GET.
    Http(String),
    /// Sends PING.
    RedisPing(String),
    /// Logs in.
    Postgres(String),
    /// Logs in and asks.
    PostgresPing(String),
}

/// Why a custom check cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError(pub String);

impl std::fmt::Display for SpecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl CustomCheck {
    /// What the item does; an error where it says nothing, or more than one thing.
    pub fn kind(&self) -> Result<ItemKind, SpecError> {
        let text = |value: &Option<String>| value.clone();
        let named: Vec<ItemKind> = [
            self.command.clone().map(ItemKind::Command),
            text(&self.file).map(ItemKind::File),
            text(&self.tcp).map(ItemKind::Tcp),
            text(&self.http).map(ItemKind::Http),
            text(&self.redis_ping).map(ItemKind::RedisPing),
            text(&self.postgres).map(ItemKind::Postgres),
            text(&self.postgres_ping).map(ItemKind::PostgresPing),
        ]
        .into_iter()
        .flatten()
        .collect();
        let id = &self.id;
        match <[ItemKind; 1]>::try_from(named) {
            Ok([ItemKind::Command(CommandLine::Argv(argv))]) if argv.is_empty() => {
                Err(SpecError(format!("the command of {id:?} is empty")))
            }
            Ok([kind]) => Ok(kind),
            Err(named) => Err(SpecError(format!(
                "custom check {id:?} must have exactly one of command, file, tcp, http, \
                 redis-ping, postgres, postgres-ping; it has {}",
                named.len()
            ))),
        }
    }
}
