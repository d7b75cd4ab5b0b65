//! What the go command says of itself, remembered: asking costs two processes, and the answer rarely changes.
//!
//! It depends on no folder, since the toolchain is named (by ourselves, as go would choose it) and go.work is found by
//! ourselves, too. It is remembered for the same environment (every `GO*`, `CGO_*` and what Go finds compilers and files by), and believed
//! while what Go reads is what it was: the go command, the files `VERSION` and `go.env` of GOROOT, the user's env file,
//! and which C compilers the PATH has. A `go` that is not that of its GOROOT (a version manager's, which may look at the
//! folder) is asked every time.

use goward_model::Fingerprint;
use goward_system::{Command, FileKind, OsSystem, System as _, SystemError, go_program};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// Of the bytes: who changes what is asked counts one up.
const FORMAT: &str = "goward go answers 4";
/// What is asked of the go command: one answer, so one process.
const ASKED: [&str; 13] = [
    "GOCACHE",
    "GOCACHEPROG",
    "GOMODCACHE",
    "GOENV",
    "GO111MODULE",
    "GOWORK",
    "GOFLAGS",
    "GOROOT",
    "GOOS",
    "GOARCH",
    "CGO_ENABLED",
    "GOVERSION",
    "GOFIPS140",
];
/// The experiments of the toolchain are known to nobody else; they matter in the standard library.
const TAGS: &str = "{{join context.ToolTags \" \"}}\n{{join context.ReleaseTags \" \"}}\n{{join context.BuildTags \" \"}}";
/// Flags of GOFLAGS that need a module, or make `go list` answer something else.
const UNASKED: [&str; 11] =
    ["mod", "modfile", "overlay", "C", "f", "json", "m", "retracted", "reuse", "u", "versions"];
/// An env file has some lines.
const MAX_ENV_FILE: u64 = 1 << 20;
/// Variables beside `GO*` and `CGO_*` that change the answers.
const OTHERS: [&str; 7] =
    ["CC", "CXX", "GCCGO", "HOME", "PATH", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"];

/// The answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GoAnswers {
    env: BTreeMap<String, String>,
    /// Tool tags, release tags and build tags, a line each.
    pub(super) tags: String,
    toolchain: String,
}

/// A path and what it names: size and stamp; `None` for nothing.
type Evidence = Vec<(String, Option<(u64, (i64, u64))>)>;

#[derive(Serialize, Deserialize)]
struct Remembered {
    evidence: Evidence,
    answers: GoAnswers,
}

impl GoAnswers {
    /// The value of a variable; empty where Go knows none. GOWORK is that of the environment: a file, `off`, or empty
    /// where it is to be looked for.
    pub(super) fn get(&self, name: &str) -> &str {
        self.env.get(name).map_or("", String::as_str)
    }

    /// Asks the local toolchain, or remembers. `GOTOOLCHAIN` is what the user has set.
    pub(super) fn ask() -> anyhow::Result<Self> {
        Self::ask_of("local")
    }

    /// Asks a toolchain, which is not downloaded for that.
    pub(super) fn ask_of(toolchain: &str) -> anyhow::Result<Self> {
        // The root of all folders: no go.mod is there, nor a go.work.
        let system = OsSystem::at("/");
        let Some((name, go)) = name(&system, toolchain) else {
            return Self::of_go(&system, toolchain);
        };
        if let Some(answers) = remembered(&system, &name)
            && evidence(&system, &go, &answers.answers) == answers.evidence
        {
            return Ok(answers.answers);
        }
        let answers = Self::of_go(&system, toolchain)?;
        if toolchain != "local" || is_of_goroot(&go, answers.get("GOROOT")) {
            let evidence = evidence(&system, &go, &answers);
            let bytes = postcard::to_stdvec(&Remembered { evidence, answers: answers.clone() })?;
            let sum = Fingerprint::of(FORMAT, "", &hex(&bytes), 0).to_string();
            system.keep(&name, &[sum.as_bytes(), &bytes].concat());
        }
        Ok(answers)
    }

    /// The name of the toolchain that gave them, for `GOTOOLCHAIN`.
    pub(super) fn toolchain(&self) -> &str {
        if self.toolchain.is_empty() { "local" } else { &self.toolchain }
    }

    /// Answers that nobody gave.
    #[cfg(test)]
    pub(super) fn of(env: &[(&str, &str)]) -> Self {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self { env: env.collect(), ..Self::default() }
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        self.env.insert(name.to_owned(), value);
    }

    fn of_go(system: &OsSystem, toolchain: &str) -> anyhow::Result<Self> {
        // Where GOCACHE is empty, as on a CI runner, go would lay it out for its index, which nobody asks about: half of
        // what the two processes cost.
        let debug = system.env("GODEBUG").filter(|settings| !settings.is_empty());
        let debug = debug.map_or_else(String::new, |settings| settings + ",") + "goindex=0";
        let ask = |args: &[&str], goflags: Option<&str>| -> Result<String, SystemError> {
            let mut command =
                Command::go(system, args.iter().copied()).env("GOTOOLCHAIN", toolchain);
            if toolchain != "local" {
                command = command.env("GOPROXY", "off");
            }
            if let Some(goflags) = goflags {
                command =
                    command.env("GOFLAGS", goflags).env("GOWORK", "off").env("GODEBUG", &debug);
            }
            system.run(&command).and_then(|output| output.success(&command))
        };
        let env = ask(&[&["env", "-json"][..], &ASKED].concat(), None)?;
        let mut env: BTreeMap<String, String> = serde_json::from_str(&env)?;
        let get = |name: &str| env.get(name).map_or("", String::as_str);
        let files = [get("GOENV"), &format!("{}/go.env", get("GOROOT"))];
        let read = |file: &str| system.read_text(file, MAX_ENV_FILE).ok();
        let setting = gomod::toolchain::setting(system.env("GOTOOLCHAIN"), files, &read);
        env.insert("GOTOOLCHAIN".to_owned(), setting);
        // Without the flags that need a module, or ask for another answer.
        let is_asked = |flag: &&str| {
            let name = flag.trim_start_matches(['-', '\'', '"']).split('=').next();
            !name.is_some_and(|name| UNASKED.contains(&name))
        };
        let goflags = env.get("GOFLAGS").map(String::as_str).unwrap_or_default();
        let goflags: Vec<&str> = goflags.split_whitespace().filter(is_asked).collect();
        let tags = ask(&["list", "-e", "-f", TAGS, "unsafe"], Some(&goflags.join(" ")))?;
        Ok(Self { env, tags, toolchain: toolchain.to_owned() })
    }
}

/// What `go env` says of one of the variables that are asked for; `None` where go cannot be asked or knows none.
pub(crate) fn go_env(name: &str) -> Option<String> {
    static ANSWERS: OnceLock<Option<GoAnswers>> = OnceLock::new();
    let answers = ANSWERS.get_or_init(|| GoAnswers::ask().ok()).as_ref()?;
    Some(answers.get(name).to_owned()).filter(|value| !value.is_empty())
}

impl super::GoContext {
    /// The same with the standard library of another toolchain.
    pub(crate) fn of_toolchain(mut self, goroot: &Path, version: &str) -> Self {
        self.answers.set("GOROOT", goroot.display().to_string());
        self.answers.set("GOVERSION", version.to_owned());
        self
    }
}

/// The name under which answers are remembered in this environment, and the go command that would be asked; `None`
/// where nobody can say what it depends on.
fn name(system: &OsSystem, toolchain: &str) -> Option<(String, String)> {
    let mut environment = system.envs()?;
    let matters = |name: &str| {
        (name.starts_with("GO") && !name.starts_with("GOWARD_"))
            || name.starts_with("CGO_")
            || OTHERS.contains(&name)
    };
    environment.retain(|(name, _)| matters(name));
    let go = look_path(system, &go_program(system))?;
    let text = format!("{toolchain} {environment:?}");
    Some((format!("go/{}", Fingerprint::of(FORMAT, &go, &text, 0)), go))
}

fn remembered(system: &OsSystem, name: &str) -> Option<Remembered> {
    let kept = system.kept(name)?;
    let (sum, bytes) = kept.split_at_checked(16)?;
    let is_whole = Fingerprint::of(FORMAT, "", &hex(bytes), 0).to_string().as_bytes() == sum;
    is_whole.then(|| postcard::from_bytes(bytes).ok())?
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the answers were made of.
fn evidence(system: &OsSystem, go: &str, answers: &GoAnswers) -> Evidence {
    let goroot = answers.get("GOROOT");
    let mut paths = vec![go.to_owned(), format!("{goroot}/VERSION"), format!("{goroot}/go.env")];
    paths.push(answers.get("GOENV").to_owned());
    // Without a C compiler in the PATH, cgo is off.
    let compilers = ["gcc", "clang", "cc"].iter().filter_map(|name| look_path(system, name));
    paths.extend(compilers);
    let stat = |path: String| {
        let found = system.stat(&path).ok().map(|stat| (stat.size, stat.stamp));
        (path, found)
    };
    paths.into_iter().map(stat).collect()
}

/// The program that a name means, as the system finds it. A relative folder in the PATH is nobody's.
fn look_path(system: &OsSystem, name: &str) -> Option<String> {
    if name.starts_with('/') {
        return Some(name.to_owned());
    }
    for folder in system.env("PATH")?.split(':') {
        if !folder.starts_with('/') {
            return None;
        }
        let path = format!("{folder}/{name}");
        if system.stat(&path).is_ok_and(|it| it.kind == FileKind::File && it.mode & 0o111 != 0) {
            return Some(path);
        }
    }
    None
}

fn is_of_goroot(go: &str, goroot: &str) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    let own = real(&Path::new(goroot).join("bin/go"));
    own.is_some() && own == real(Path::new(go))
}
