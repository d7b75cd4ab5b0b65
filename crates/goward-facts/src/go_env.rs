//! Go's environment, as the `go` command itself sees it.

use crate::{Fact, ProbeError, World};
use buildlist::Mode;
use gomod::toolchain;
use goward_model::Text;
use goward_system::{Command, Ended};
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
    /// Why go builds nothing at all under these settings, in its words.
    refuses: Option<String>,
}

/// go.mod, go.work and env files are smaller.
const MAX_TEXT: u64 = 16 << 20;

/// What is asked for. Without names `go env` runs the C compiler too, which takes ten times longer.
const ASKED: &[&str] = &[
    "CGO_ENABLED",
    "GOARCH",
    "GOENV",
    "GOFLAGS",
    "GOHOSTARCH",
    "GOHOSTOS",
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

    /// The flag `-mod` of `GOFLAGS`, if it is given.
    ///
    /// # Errors
    /// One that there is not.
    pub fn mode(&self) -> Result<Option<Mode>, buildlist::Error> {
        let mut options = buildlist::Options::default();
        options.apply_goflags(self.get("GOFLAGS"))?;
        Ok(options.mode)
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

    /// Why go builds nothing at all here, whatever the module has: a flag in `GOFLAGS` that there is not, a platform that
    /// there is not.
    pub fn refuses(&self) -> Option<&str> {
        self.refuses.as_deref()
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
            refuses: None,
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
        go_env.refuses = refusal(world, &go_env);
        Ok(go_env)
    }
}

/// Flags of `GOFLAGS` that need a module, or belong to `go list`: whether they are right is seen where they are used.
const OF_MODULES: [&str; 11] =
    ["mod", "modfile", "overlay", "C", "f", "json", "m", "retracted", "reuse", "u", "versions"];

/// What go says to the settings, where they are not those of a machine that nobody has set up: asked of a package that
/// is always there, and of no module.
fn refusal(world: &World<'_>, env: &GoEnv) -> Option<String> {
    let asked = |args: &[&str], goflags: &str| {
        let command = Command::go(world.system, args.iter().copied())
            .env("GO111MODULE", "off")
            .env("GOFLAGS", goflags)
            .env("GOTOOLCHAIN", env.toolchain());
        // Who cannot be asked refuses nothing.
        let output = world.system.run(&command).ok()?;
        let said = output.stderr.text().trim().to_owned();
        (matches!(output.ended, Ended::Code(code) if code != 0) && !said.is_empty()).then_some(said)
    };
    let flags = of_no_module(env.get("GOFLAGS"));
    let by_flags = || asked(&["list", "-e", "unsafe"], &flags);
    let (os, arch) = (env.get("GOHOSTOS"), env.get("GOHOSTARCH"));
    let is_foreign = !os.is_empty() && (os, arch) != (env.get("GOOS"), env.get("GOARCH"));
    // Whether a build mode fits the package is not the question.
    let by_platform = || asked(&["build", "-n", "unsafe"], "");
    let found = (!flags.is_empty()).then(by_flags).flatten();
    found.or_else(|| is_foreign.then(by_platform).flatten())
}

/// The flags without those of modules. Of a value in quotes, which may have blanks, no word is taken out.
fn of_no_module(goflags: &str) -> String {
    let is_of_modules = |flag: &&str| {
        let name = flag.trim_start_matches(['-', '\'', '"']).split('=').next();
        name.is_some_and(|name| OF_MODULES.contains(&name))
    };
    let mut flags = goflags.split_whitespace();
    match goflags.contains(['\'', '"']) {
        true if flags.any(|flag| is_of_modules(&flag)) => String::new(),
        true => goflags.to_owned(),
        false => flags.filter(|flag| !is_of_modules(flag)).collect::<Vec<_>>().join(" "),
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
    let name = toolchain::select(&setting, local, go.as_deref(), named.as_deref()).ok()??;
    // Only the PATH counts then, and not the module cache.
    Some(if setting.ends_with("path") { format!("{name}+path") } else { name })
}

/// What a toolchain says; `None` where it is not on this machine: it is not downloaded for that.
fn of_toolchain(world: &World<'_>, name: &str) -> Option<BTreeMap<String, String>> {
    let command = Command::go(world.system, ["env", "-json"].iter().chain(ASKED).copied());
    let command = command.env("GOTOOLCHAIN", name).env("GOPROXY", "off");
    let printed = world.system.run(&command).ok()?.success(&command).ok()?;
    serde_json::from_str(&printed).ok()
}

#[cfg(test)]
mod tests {
    use super::of_no_module;

    #[test]
    fn flags_of_modules_are_left_out_and_quotes_are_not_torn() {
        assert_eq!(of_no_module("-mod=mod -v --overlay=o.json -tags=a"), "-v -tags=a");
        assert_eq!(of_no_module("'-ldflags=-s -w' -v"), "'-ldflags=-s -w' -v");
        // Half a value in quotes go would refuse, and the user did not write it.
        assert_eq!(of_no_module("'-overlay=a b.json' -v"), "");
    }
}
