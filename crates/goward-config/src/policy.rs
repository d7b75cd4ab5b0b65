//! What a policy file may say.

use crate::MatrixSettings;
use goward_facts::item::CustomCheck;
use goward_facts::settings::{
    AuditSettings, ContainerSettings, EnvironmentSettings, IntegritySettings, MetadataSettings,
    PlaceholderSettings, Settings, TlsSettings, TreeSettings,
};
use goward_model::SlaTier;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// A policy file (`goward.toml`, or the organisation's file that `GOWARD_POLICY` names).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyFile {
    /// The version of this format: 1.
    pub version: Option<u32>,
    /// Keys (`gate.inconclusive`, `checks.sumdb-off`, `waiver`) that no layer above may set; a
    /// key covers everything below it. `checks.ID.waiver` refuses waivers of one check.
    pub locked: Vec<String>,
    /// When the gate closes.
    pub gate: GateSettings,
    /// How a run is carried out.
    pub run: RunSettings,
    /// Where runs are kept.
    pub history: HistorySettings,
    /// What judges a commit before it is made.
    pub hook: HookSettings,
    /// What a program must have before it is released.
    pub inspect: InspectSettings,
    /// What two builds may differ in.
    pub diff: DiffSettings,
    /// What is built by which Go for which platform.
    pub matrix: MatrixSettings,
    /// Settings of single checks, by identifier.
    pub checks: BTreeMap<String, CheckPolicy>,
    /// Which files belong to the target.
    pub tree: TreeSettings,
    /// Verification bypasses.
    pub environment: EnvironmentSettings,
    /// Modules and the sums that were committed.
    pub integrity: IntegritySettings,
    /// Packages and how they import each other.
    pub metadata: MetadataSettings,
    /// Images and what they are built from.
    pub container: ContainerSettings,
    /// TLS paths and certificates.
    pub tls: TlsSettings,
    /// Template placeholders.
    pub placeholders: PlaceholderSettings,
    /// The audit switch.
    pub audit: AuditSettings,
    /// Checks of your own. All layers' items take part.
    pub custom: Vec<CustomCheck>,
    /// Exceptions. All layers' waivers take part.
    pub waiver: Vec<Waiver>,
}

impl PolicyFile {
    /// The sections that describe the target.
    pub fn settings(&self) -> Settings {
        Settings {
            tree: self.tree.clone(),
            environment: self.environment.clone(),
            integrity: self.integrity.clone(),
            metadata: self.metadata.clone(),
            container: self.container.clone(),
            tls: self.tls.clone(),
            placeholders: self.placeholders.clone(),
            audit: self.audit.clone(),
        }
    }
}

/// When the gate closes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GateSettings {
    /// Failures of these tiers close the gate.
    pub closes: Vec<SlaTier>,
    /// What an inconclusive check of such a tier does.
    pub inconclusive: OnInconclusive,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self { closes: vec![SlaTier::P0, SlaTier::P1], inconclusive: OnInconclusive::Closed }
    }
}

/// What an inconclusive check does to the gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnInconclusive {
    /// The gate is inconclusive (exit status 3).
    #[default]
    Closed,
    /// It does not count.
    Open,
}

/// How a run is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RunSettings {
    /// How many items are tried at once; 0: as many as suit the machine.
    pub jobs: usize,
    /// Milliseconds for every check that has no `timeout_ms` of its own.
    pub timeout_ms: u64,
    /// The same for checks that read gigabytes: the module cache, the vendor folder, the build
    /// context.
    pub slow_timeout_ms: u64,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self { jobs: 0, timeout_ms: 10_000, slow_timeout_ms: 120_000 }
    }
}

/// Where runs are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HistorySettings {
    /// Whether runs are kept.
    pub enabled: bool,
    /// The database; `$XDG_STATE_HOME/goward/history.db` unless said otherwise.
    pub path: Option<String>,
}

impl Default for HistorySettings {
    fn default() -> Self {
        Self { enabled: true, path: None }
    }
}

/// What a program must have before it is released (`goward inspect`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InspectSettings {
    /// What it must serve.
    pub need: Vec<Profile>,
    /// Of the functions, so many in a hundred must be known at each level that is needed.
    pub min_percent: f64,
    /// It may be larger than the program that it is held against by so many in a hundred.
    pub max_growth_percent: Option<f64>,
    /// Source paths in a PDB must begin with one of these; none: anything will do.
    pub require_source_prefix: Vec<String>,
    /// No path in a PDB may begin so; `local` is any place of the machine that built it.
    pub forbid_source_prefix: Vec<String>,
}

impl Default for InspectSettings {
    fn default() -> Self {
        Self {
            need: vec![Profile::Debug],
            min_percent: 95.0,
            max_growth_percent: None,
            require_source_prefix: vec![],
            forbid_source_prefix: vec![],
        }
    }
}

/// What a program serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Panics and pprof name functions.
    Trace,
    /// nm, perf and uprobes find functions, too.
    Perf,
    /// Delve, gdb and core dumps find functions and lines, too.
    Debug,
    /// Windows' debuggers find a PDB of the same link, and functions in it.
    Pdb,
}

/// What judges a commit before it is made (`goward hook`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HookSettings {
    /// Milliseconds that the hook may take; what is not done by then is named and left to CI.
    pub budget_ms: u64,
    /// Whether a commit is blocked where the time was not enough.
    pub slow: OnSlow,
    /// What is done with files that git ignores, generated code mostly.
    pub ignored: OnIgnored,
    /// Compile all that imports what changed, over others too, and not only who imports it directly (`--deep`).
    pub deep: bool,
    /// Patterns of staged files that may hold what looks like a secret.
    pub allow: Vec<String>,
    /// Where it is written that a tree was judged, beside the list that this machine keeps.
    pub record: Record,
}

impl Default for HookSettings {
    fn default() -> Self {
        let allow = ["testdata", "*_test.go"].map(str::to_owned).to_vec();
        let (slow, ignored) = (OnSlow::Open, OnIgnored::Keep);
        let record = Record::Local;
        Self { budget_ms: 10_000, slow, ignored, deep: false, allow, record }
    }
}

/// What a commit is that could not be judged in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnSlow {
    /// It goes through; CI judges the rest.
    #[default]
    Open,
    /// It is blocked.
    Closed,
}

/// Whether files that git ignores are there when a commit is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnIgnored {
    /// They are: whoever builds the commit makes them, too.
    #[default]
    Keep,
    /// They are not.
    Hide,
}

/// Where a commit says that its tree was judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Record {
    /// Nowhere: only this machine knows it.
    #[default]
    Local,
    /// In a trailer of its message, `Goward-Judged: TREE`.
    Trailer,
    /// In a note of `refs/notes/goward`.
    Note,
}

/// What two builds may differ in (`goward diff`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DiffSettings {
    /// The least risk that closes the gate.
    pub fail_on: FailOn,
    /// Kinds of difference that have another risk here: `go-patch = "medium"`.
    pub regrade: BTreeMap<String, RiskLevel>,
    /// Kinds of difference that may stay unknown: what a side does not tell of them does not count.
    pub accept_unknown: Vec<String>,
}

/// What a difference may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RiskLevel {
    /// Known and harmless.
    Low,
    /// It may behave otherwise.
    Medium,
    /// It will behave otherwise, and nothing checks it.
    High,
    /// It will not load or not start, or nobody can name its code.
    Extreme,
}

/// The least risk that closes the gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Any difference.
    Low,
    /// Medium, high and extreme.
    Medium,
    /// High and extreme.
    #[default]
    High,
    /// Only extreme.
    Extreme,
    /// None: only report.
    Never,
}

impl FailOn {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Extreme => "extreme",
            Self::Never => "never",
        }
    }
}

/// Settings of one check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CheckPolicy {
    /// Whether the check takes part.
    pub enabled: bool,
    /// The tier of a failure.
    pub tier: Option<SlaTier>,
    /// Milliseconds after which the check is inconclusive.
    pub timeout_ms: Option<u64>,
    /// Milliseconds over which the check fails.
    pub critical_threshold: Option<f64>,
}

impl Default for CheckPolicy {
    fn default() -> Self {
        Self { enabled: true, tier: None, timeout_ms: None, critical_threshold: None }
    }
}

/// An exception: one finding that is accepted, by somebody, for a while.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The check.
    pub check: String,
    /// The finding's fingerprint, as a report shows it.
    pub fingerprint: String,
    /// Why the finding is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day (inclusive, UTC): `2026-12-31`.
    #[serde(deserialize_with = "date_text")]
    pub expires: String,
}

/// Takes a TOML date and a string alike; whether it is a date is judged later.
fn date_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "`expires` must be a date: expires = 2026-12-31")]
    enum Either {
        Text(String),
        Date(toml::value::Datetime),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::Text(text) => text,
        Either::Date(date) => date.to_string(),
    })
}

/// The JSON Schema of a policy file, for editors and CI.
pub fn schema() -> schemars::Schema {
    let mut schema = schemars::schema_for!(PolicyFile);
    schema.insert("title".into(), "goward policy".into());
    schema
}
