//! Go's environment, as the `go` command itself sees it.

use crate::{Fact, ProbeError, World};
use goward_model::Text;
use goward_system::Command;
use std::collections::BTreeMap;

/// What `go env` prints, and where the values come from.
#[derive(Clone, Debug, Default)]
pub struct GoEnv {
    values: BTreeMap<String, String>,
    /// The variables that are set in the process's own environment.
    from_process: BTreeMap<String, String>,
}

/// What is asked for. Without names `go env` runs the C compiler too, which takes ten times longer.
const ASKED: &[&str] = &[
    "CGO_ENABLED",
    "GOARCH",
    "GOENV",
    "GOFLAGS",
    "GOINSECURE",
    "GOMODCACHE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOOS",
    "GOPATH",
    "GOPRIVATE",
    "GOPROXY",
    "GOROOT",
    "GOSUMDB",
    "GOVERSION",
    "GOWORK",
];

/// The variables whose origin matters.
const WATCHED: &[&str] = &[
    "GOFLAGS",
    "GOINSECURE",
    "GONOPROXY",
    "GONOSUMCHECK",
    "GONOSUMDB",
    "GOPRIVATE",
    "GOPROXY",
    "GOSUMDB",
    "GOTOOLCHAIN",
];

impl GoEnv {
    /// The value that Go uses; empty where it knows none.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The value in the process's own environment.
    pub fn from_process(&self, name: &str) -> Option<&str> {
        self.from_process.get(name).map(String::as_str)
    }

    /// The watched variables of the process's environment.
    pub fn process(&self) -> impl Iterator<Item = (&str, &str)> {
        self.from_process.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl Fact for GoEnv {
    const NAME: &'static str = "go env";

    fn probe(world: &World<'_>) -> Result<Self, ProbeError> {
        // `local`: asking must not download a toolchain.
        let command = Command::new("go", ["env", "-json"].iter().chain(ASKED).copied())
            .env("GOTOOLCHAIN", "local");
        let printed = world.system.run(&command)?.success(&command)?;
        let values = serde_json::from_str(&printed).map_err(|err| {
            ProbeError::Unusable(Text::same(format!("`go env -json` printed no JSON: {err}")))
        })?;
        let process = |name: &&str| Some(((*name).to_owned(), world.system.env(name)?));
        let mut go_env =
            Self { values, from_process: WATCHED.iter().filter_map(process).collect() };
        // We changed this one for the question; Go takes an empty variable as unset.
        match go_env.from_process.get("GOTOOLCHAIN").filter(|value| !value.is_empty()) {
            Some(own) => go_env.values.insert("GOTOOLCHAIN".into(), own.clone()),
            None => go_env.values.remove("GOTOOLCHAIN"),
        };
        go_env.from_process.retain(|_, value| !value.is_empty());
        Ok(go_env)
    }
}
