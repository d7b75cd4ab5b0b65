//! Go's environment, as the `go` command itself sees it.

use crate::{Fact, ProbeError, World};
use gomod::toolchain;
use goward_model::Text;
use goward_system::Command;
use std::collections::BTreeMap;

/// What `go env` prints, and where the values come from.
#[derive(Clone, Debug, Default)]
pub struct GoEnv {
    values: BTreeMap<String, String>,
    /// The variables that are set in the process's own environment.
    from_process: BTreeMap<String, String>,
    /// The toolchain that says it, where it is not the local one.
    toolchain: Option<String>,
    /// The toolchain that go would run, and that is not on this machine.
    lacks: Option<String>,
}

/// go.mod, go.work and env files are smaller.
const MAX_TEXT: u64 = 16 << 20;

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

    /// The name of the toolchain that go runs here, for `GOTOOLCHAIN`; `local` where that would have to be downloaded.
    pub fn toolchain(&self) -> &str {
        self.toolchain.as_deref().unwrap_or("local")
    }

    /// Why nobody knows what go would build here: the toolchain that it would run is not on this machine.
    pub fn lacks(&self) -> Option<Text> {
        let name = self.lacks.as_ref()?;
        Some(Text::new(
            format!(
                "go would run {name} here, which is not in the module cache: `go version` gets it"
            ),
            format!("go 在此会运行 {name}，而它不在模块缓存中：`go version` 可获取"),
        ))
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
        let command = Command::go(world.system, ["env", "-json"].iter().chain(ASKED).copied())
            .env("GOTOOLCHAIN", "local");
        let printed = world.system.run(&command)?.success(&command)?;
        let values = serde_json::from_str(&printed).map_err(|err| {
            ProbeError::Unusable(Text::same(format!("`go env -json` printed no JSON: {err}")))
        })?;
        let process = |name: &&str| Some(((*name).to_owned(), world.system.env(name)?));
        let mut go_env = Self {
            values,
            from_process: WATCHED.iter().filter_map(process).collect(),
            toolchain: None,
            lacks: None,
        };
        // We changed this one for the question; Go takes an empty variable as unset.
        match go_env.from_process.get("GOTOOLCHAIN").filter(|value| !value.is_empty()) {
            Some(own) => go_env.values.insert("GOTOOLCHAIN".into(), own.clone()),
            None => go_env.values.remove("GOTOOLCHAIN"),
        };
        let name = selected(world, &go_env);
        let other = name.as_ref().and_then(|name| of_toolchain(world, name));
        if other.is_none() {
            go_env.lacks.clone_from(&name);
        }
        if let (Some(name), Some(other)) = (name, other) {
            // Not what we changed for the question.
            let is_its_own = |name: &String| !matches!(name.as_str(), "GOTOOLCHAIN" | "GOPROXY");
            go_env.values.extend(other.into_iter().filter(|(name, _)| is_its_own(name)));
            go_env.toolchain = Some(name);
        }
        go_env.from_process.retain(|_, value| !value.is_empty());
        Ok(go_env)
    }
}

/// The toolchain that go would run here instead of the local one: by GOTOOLCHAIN, and the lines of go.work or go.mod.
fn selected(world: &World<'_>, env: &GoEnv) -> Option<String> {
    let read = |file: &str| world.system.read_text(file, MAX_TEXT).ok();
    let own = env.from_process("GOTOOLCHAIN").map(str::to_owned);
    let files = [env.get("GOENV"), &format!("{}/go.env", env.get("GOROOT"))];
    let setting = toolchain::setting(own, files, &read);
    let (file, is_work) = match env.get("GOWORK") {
        "" | "off" => ("go.mod", false),
        work => (work, true),
    };
    let (go, named) = toolchain::lines(read(file).unwrap_or_default().as_bytes(), is_work);
    let local = env.get("GOVERSION");
    toolchain::select(&setting, local, go.as_deref(), named.as_deref()).ok()?
}

/// What a toolchain says; `None` where it is not on this machine: it is not downloaded for that.
fn of_toolchain(world: &World<'_>, name: &str) -> Option<BTreeMap<String, String>> {
    let command = Command::go(world.system, ["env", "-json"].iter().chain(ASKED).copied());
    let command = command.env("GOTOOLCHAIN", name).env("GOPROXY", "off");
    let printed = world.system.run(&command).ok()?.success(&command).ok()?;
    serde_json::from_str(&printed).ok()
}
