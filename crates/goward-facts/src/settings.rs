//! What policy says about the target: one section per concern. Read by probes and checks alike.

use crate::{Fact, ProbeError, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sections of a policy that describe the target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
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
}

/// Which files belong to the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TreeSettings {
    /// Patterns of files and folders that are not looked at, beside what git ignores. A pattern
    /// without a slash matches a name at any depth.
    pub exclude: Vec<String>,
}

impl Default for TreeSettings {
    fn default() -> Self {
        // Go's own convention (`go help packages`) and what other people wrote.
        let exclude = ["vendor", "node_modules", "third_party", "testdata"];
        Self { exclude: exclude.map(str::to_owned).to_vec() }
    }
}

/// Verification bypasses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnvironmentSettings {
    /// Patterns of GOPRIVATE, GONOSUMDB and GONOPROXY that are accepted although they are wide.
    pub private: Vec<String>,
}

/// Modules and the sums that were committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IntegritySettings {
    /// Modules (patterns as in GOPRIVATE) that release no versions: commits of them are accepted.
    pub untagged: Vec<String>,
    /// Modules whose names look like others' and are known to be right.
    pub known: Vec<String>,
    /// Ask the checksum database and the module proxy (`--online`).
    pub online: bool,
    /// The revision that new modules are compared with (`--since`).
    pub since: Option<String>,
}

impl Default for IntegritySettings {
    fn default() -> Self {
        // These have never had a tag, by their owners' intention.
        let untagged = ["golang.org/x/exp", "google.golang.org/genproto"];
        let untagged = untagged.map(str::to_owned).to_vec();
        Self { untagged, known: vec![], online: false, since: None }
    }
}

/// Packages and how they import each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MetadataSettings {
    /// A file with what `go list -e -deps -test -json ./...` printed, instead of looking (`--from-list`).
    pub from_list: Option<String>,
    /// Platforms that are released besides this machine's, as `linux/arm64`: each package that is imported must have
    /// files for each, with cgo off as in a cross build.
    pub platforms: Vec<String>,
}

/// Images and what they are built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContainerSettings {
    /// Patterns of the Dockerfiles; empty: every file with such a name.
    pub dockerfiles: Vec<String>,
    /// Patterns of Dockerfiles that build nothing that is released.
    pub exclude: Vec<String>,
    /// The folder that is sent; `.` unless said otherwise.
    pub context: String,
    /// Dockerfiles that are built from another folder.
    pub build: Vec<ContainerBuild>,
    /// Patterns of files that may be sent although their names look like secrets: what lies in the
    /// folders of tests, examples and vendored modules, unless said otherwise.
    pub allow: Vec<String>,
}

/// `docker build -f DOCKERFILE CONTEXT`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContainerBuild {
    /// The Dockerfile's path.
    pub dockerfile: String,
    /// The folder that is sent.
    pub context: String,
}

impl Default for ContainerSettings {
    fn default() -> Self {
        let exclude = TLS_EXCLUDE.iter().map(|pattern| (*pattern).to_owned()).collect();
        // Keys of test servers, and what others vendored, are committed and secret to nobody.
        let public =
            ["test*", "fixture*", "e2e", "integration", "mocks", "sample*", "example*", "vendor"];
        let allow = public.map(str::to_owned).to_vec();
        Self { dockerfiles: vec![], exclude, context: ".".into(), build: vec![], allow }
    }
}

/// TLS paths and certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TlsSettings {
    /// Dotted keys that name a certificate file, at any depth of a configuration file.
    pub cert_keys: Vec<String>,
    /// Dotted keys that name a private key file.
    pub key_keys: Vec<String>,
    /// Dotted keys that name a CA bundle.
    pub ca_keys: Vec<String>,
    /// Patterns of the files that are read for these keys; empty: every configuration file but
    /// those that `tls.exclude` matches.
    pub files: Vec<String>,
    /// Patterns of files that configure no deployment: documentation, tests, samples.
    pub exclude: Vec<String>,
    /// Folders whose content does not survive a restart.
    pub volatile: Vec<String>,
    /// The names the certificate must cover.
    pub hosts: Vec<String>,
    /// How many days a certificate must still be valid for.
    pub min_days: u32,
    /// The folder that stands for the container's root; the files themselves are looked at only
    /// where it is set. `/` is this host.
    pub root: Option<String>,
}

/// Where documentation, tests and samples are. `test` is an environment's name, too, so it counts
/// only at the top.
const TLS_EXCLUDE: &[&str] = &[
    "doc",
    "docs",
    "/test",
    "/tests",
    "e2e",
    "fixtures",
    "mocks",
    "examples",
    "samples",
    "*.sample.*",
    "*.example.*",
];

impl Default for TlsSettings {
    fn default() -> Self {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            cert_keys: own(&["tls.cert", "tls.cert_file", "tls.certFile", "tls.cert-file"]),
            key_keys: own(&["tls.key", "tls.key_file", "tls.keyFile", "tls.key-file"]),
            ca_keys: own(&["tls.ca", "tls.ca_file", "tls.caFile", "tls.ca-file"]),
            files: vec![],
            exclude: own(TLS_EXCLUDE),
            volatile: own(&["/tmp", "/var/tmp", "/dev/shm", "/run/user"]),
            hosts: vec![],
            min_days: 30,
            root: None,
        }
    }
}

/// Template placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlaceholderSettings {
    /// Names that the deployment injects.
    pub allow: Vec<String>,
    /// Patterns of files that have been rendered: nothing may be left in them, `${X}`, `__X__` and
    /// `<CHANGE_ME>` included.
    pub rendered: Vec<String>,
    /// Patterns of files that are not scanned.
    pub exclude: Vec<String>,
}

/// The audit switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuditSettings {
    /// The flag that must be on, without dashes.
    pub flag: String,
    /// Patterns of the files that launch the service; each must switch the flag on. Empty: every
    /// launch file that mentions the flag.
    pub files: Vec<String>,
    /// The process to look at, where it runs here (`--pid`).
    pub pid: Option<u32>,
}

impl Default for AuditSettings {
    fn default() -> Self {
        Self { flag: "audit-log-enabled".into(), files: vec![], pid: None }
    }
}

macro_rules! settings_are_facts {
    ($($field:ident: $section:ty = $name:literal),+ $(,)?) => {$(
        impl Fact for $section {
            const NAME: &'static str = $name;
            fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
                Ok(world.settings.$field.clone())
            }
        }
    )+};
}

settings_are_facts! {
    environment: EnvironmentSettings = "policy: environment",
    integrity: IntegritySettings = "policy: integrity",
    container: ContainerSettings = "policy: container",
    tls: TlsSettings = "policy: tls",
    placeholders: PlaceholderSettings = "policy: placeholders",
    audit: AuditSettings = "policy: audit",
}
