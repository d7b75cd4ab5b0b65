//! The packages of a folder, as the environment's go command would build them.

use crate::console::Console;
use anyhow::Context as _;
use buildlist::{BuildList, GoWorkSetting};
use gopackages::{Package, PackageId, Packages, Tags};
use goward_model::ExitStatus;
use goward_system::{Command, OsSystem, System as _, SystemError};
use overlay::Overlay;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the go command says of itself in a folder.
pub(crate) struct GoContext {
    /// The folder.
    pub(crate) dir: PathBuf,
    env: serde_json::Value,
    /// What a build is for.
    pub(crate) tags: Tags,
    overlay: Arc<Overlay>,
}

/// The packages of a folder, and all that they import.
pub(crate) struct GoTree {
    /// The folder.
    pub(crate) dir: PathBuf,
    /// The modules.
    pub(crate) list: BuildList,
    /// The packages.
    pub(crate) packages: Packages,
    /// How they were loaded.
    pub(crate) options: gopackages::Options,
}

/// What is asked of the go command: one answer, so one process.
const ASKED: [&str; 8] =
    ["GOMODCACHE", "GOWORK", "GOFLAGS", "GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "GOVERSION"];
/// The experiments of the toolchain are known to nobody else; they matter in the standard library.
const TAGS: &str = "{{join context.ToolTags \" \"}}\n{{join context.ReleaseTags \" \"}}\n{{join context.BuildTags \" \"}}";

impl GoContext {
    /// Asks the go command.
    pub(crate) fn ask(dir: &Path, overlay: &Arc<Overlay>) -> anyhow::Result<Self> {
        let dir = dir.canonicalize().with_context(|| format!("reading {}", dir.display()))?;
        let system = OsSystem::at(&dir);
        let ask = |args: &[&str]| -> Result<String, SystemError> {
            let command = Command::new("go", args.iter().copied()).env("GOTOOLCHAIN", "local");
            system.run(&command).and_then(|output| output.success(&command))
        };
        let env = [&["env", "-json"][..], &ASKED].concat();
        let (env, context) = std::thread::scope(|scope| {
            let context = scope.spawn(|| ask(&["list", "-e", "-f", TAGS, "unsafe"]));
            let lost = |_| Err(SystemError::Failed("a thread that asked go ended".to_owned()));
            (ask(&env), context.join().unwrap_or_else(lost))
        });
        let env: serde_json::Value = serde_json::from_str(&env?)?;
        // A go.mod that it cannot read, or that asks for a later Go, keeps it from saying what is not go.mod's.
        let context = match context {
            Ok(context) => context,
            Err(_) => outside(&system, env["GOFLAGS"].as_str().unwrap_or_default())?,
        };
        let mut words = context
            .lines()
            .map(|tags| tags.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>());
        let text = |name: &str| env[name].as_str().unwrap_or_default().to_owned();
        let tags = Tags {
            goos: text("GOOS"),
            goarch: text("GOARCH"),
            cgo: text("CGO_ENABLED") == "1",
            compiler: "gc".to_owned(),
            tool_tags: words.next().unwrap_or_default(),
            release_tags: words.next().unwrap_or_default(),
            build_tags: words.next().unwrap_or_default(),
        };
        Ok(Self { dir, env, tags, overlay: Arc::clone(overlay) })
    }

    fn get(&self, name: &str) -> &str {
        self.env[name].as_str().unwrap_or_default()
    }

    /// The modules, with an overlay that may be another one: that of an older state.
    pub(crate) fn list(&self, overlay: &Arc<Overlay>) -> anyhow::Result<BuildList> {
        let gowork = match self.get("GOWORK") {
            "off" => GoWorkSetting::Off,
            // A go.work may stand in the overlay only, or be hidden there.
            "" if overlay.is_empty() => GoWorkSetting::Off,
            file if !file.is_empty() && overlay.is_file(Path::new(file)) => {
                GoWorkSetting::File(file.into())
            }
            _ => GoWorkSetting::Auto,
        };
        let mut options = buildlist::Options {
            gomodcache: self.get("GOMODCACHE").into(),
            gowork,
            overlay: Arc::clone(overlay),
            ..buildlist::Options::default()
        };
        options.apply_goflags(self.get("GOFLAGS"))?;
        match buildlist::load(&self.dir, &options) {
            Ok(list) => Ok(list),
            // Go itself reads no more of the requirement graph than a build needs.
            Err(err) if err.is_inconclusive() => {
                Ok(buildlist::roots(&self.dir, &options)?.ok_or(err)?)
            }
            Err(err) => Err(err.into()),
        }
    }

    /// The packages that patterns match; without any, those of the folder and below, or of all modules of a workspace
    /// that lie there.
    pub(crate) fn packages(
        self,
        list: BuildList,
        patterns: &[String],
        tests: bool,
    ) -> anyhow::Result<GoTree> {
        let options = gopackages::Options {
            goroot: self.get("GOROOT").into(),
            gomodcache: self.get("GOMODCACHE").into(),
            cwd: self.dir.clone(),
            tags: self.tags,
            tests,
            threads: 0,
            overlay: self.overlay,
        };
        let all = match patterns {
            [] => patterns_of(&self.dir, &list),
            patterns => patterns.to_vec(),
        };
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let packages = gopackages::load(&list, &all, &options)?;
        Ok(GoTree { dir: self.dir, list, packages, options })
    }
}

/// The same question outside of any module, without the flags that need one.
fn outside(system: &OsSystem, goflags: &str) -> Result<String, SystemError> {
    let of_modules =
        |flag: &&str| !["-mod=", "-modfile=", "-overlay="].iter().any(|name| flag.contains(name));
    let goflags: Vec<&str> = goflags.split_whitespace().filter(of_modules).collect();
    let command = Command::new("go", ["list", "-e", "-f", TAGS, "unsafe"])
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", &goflags.join(" "))
        .env("GOWORK", "off")
        .dir("/");
    system.run(&command)?.success(&command)
}

/// `./...`, or the main modules below a folder that is in none.
fn patterns_of(dir: &Path, list: &BuildList) -> Vec<String> {
    let roots = || {
        list.modules().iter().filter(|module| module.is_main()).filter_map(|one| one.dir.as_deref())
    };
    let below: Vec<String> = roots()
        .filter(|root| root.starts_with(dir))
        .map(|root| format!("{}/...", root.display()))
        .collect();
    if below.is_empty() || roots().any(|root| dir.starts_with(root)) {
        return vec!["./...".to_owned()];
    }
    below
}

impl GoTree {
    /// Loads `./...` of a folder.
    pub(crate) fn load(dir: &Path, tests: bool) -> anyhow::Result<Self> {
        let context = GoContext::ask(dir, &Arc::default())?;
        let list = context.list(&Arc::default())?;
        context.packages(list, &[], tests)
    }

    /// Prints each package as a line.
    pub(crate) fn print(&self, console: &Console) -> anyhow::Result<ExitStatus> {
        let mut text = String::new();
        for package in self.packages.to_json(&self.list) {
            text += &package.to_string();
            text.push('\n');
        }
        console.print(&text)?;
        Ok(ExitStatus::Open)
    }

    /// A file as seen from the folder.
    pub(crate) fn short(&self, file: &Path) -> String {
        file.strip_prefix(&self.dir).unwrap_or(file).display().to_string()
    }

    /// The name of the module that a package belongs to; `std` for the standard library.
    pub(crate) fn module(&self, package: &Package) -> &str {
        let module = package.module.and_then(|index| self.list.modules().get(index));
        match module {
            Some(module) => &module.path,
            None if package.standard => "std",
            None => "",
        }
    }

    /// Whether a package belongs to what is worked on.
    pub(crate) fn is_own(&self, package: &Package) -> bool {
        let module = package.module.and_then(|index| self.list.modules().get(index));
        module.is_some_and(buildlist::Module::is_main)
    }

    /// Where one package imports another: `file:line`.
    pub(crate) fn place(&self, from: PackageId, to: PackageId) -> String {
        self.packages
            .import_place(from, to)
            .map_or_else(String::new, |(file, at)| format!("{}:{}", self.short(&file), at.line))
    }
}
