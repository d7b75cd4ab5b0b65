//! The packages of a folder, as the environment's go command would build them.

use crate::console::Console;
use anyhow::Context as _;
use buildlist::{BuildList, GoWorkSetting};
use gopackages::{Package, PackageId, Packages, Tags};
use goward_model::ExitStatus;
use goward_system::{Command, OsSystem, System as _};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The packages of a folder, and all that they import.
pub(crate) struct GoTree {
    /// The folder.
    pub(crate) dir: PathBuf,
    /// The modules.
    pub(crate) list: BuildList,
    /// The packages.
    pub(crate) packages: Packages,
}

/// What is asked of the go command: one answer, so one process.
const ASKED: [&str; 8] =
    ["GOMODCACHE", "GOWORK", "GOFLAGS", "GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "GOVERSION"];

impl GoTree {
    /// Loads `./...` of a folder.
    pub(crate) fn load(dir: &Path, tests: bool) -> anyhow::Result<Self> {
        let dir = dir.canonicalize().with_context(|| format!("reading {}", dir.display()))?;
        let system = OsSystem::at(&dir);
        let ask = |args: &[&str]| {
            let command = Command::new("go", args.iter().copied()).env("GOTOOLCHAIN", "local");
            system.run(&command).and_then(|output| output.success(&command))
        };
        let env: serde_json::Value =
            serde_json::from_str(&ask(&[&["env", "-json"][..], &ASKED].concat())?)?;
        let get = |name: &str| env[name].as_str().unwrap_or_default();
        // The experiments of the toolchain are known to nobody else; they matter in the standard library.
        let context = "{{join context.ToolTags \" \"}}\n{{join context.ReleaseTags \" \"}}\n{{join context.BuildTags \" \"}}";
        let context = ask(&["list", "-e", "-f", context, "unsafe"])?;
        let mut context = context
            .lines()
            .map(|tags| tags.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>());
        let tags = Tags {
            goos: get("GOOS").to_owned(),
            goarch: get("GOARCH").to_owned(),
            cgo: get("CGO_ENABLED") == "1",
            compiler: "gc".to_owned(),
            tool_tags: context.next().unwrap_or_default(),
            release_tags: context.next().unwrap_or_default(),
            build_tags: context.next().unwrap_or_default(),
        };
        let gowork = match get("GOWORK") {
            "" | "off" => GoWorkSetting::Off,
            file => GoWorkSetting::File(file.into()),
        };
        let gomodcache = PathBuf::from(get("GOMODCACHE"));
        let mut options = buildlist::Options {
            gomodcache: gomodcache.clone(),
            gowork,
            ..buildlist::Options::default()
        };
        options.apply_goflags(get("GOFLAGS"))?;
        let list = match buildlist::load(&dir, &options) {
            Ok(list) => list,
            // Go itself reads no more of the requirement graph than a build needs.
            Err(err) if err.is_inconclusive() => buildlist::roots(&dir, &options)?.ok_or(err)?,
            Err(err) => return Err(err.into()),
        };
        let options = gopackages::Options {
            goroot: get("GOROOT").into(),
            gomodcache,
            cwd: dir.clone(),
            tags,
            tests,
            threads: 0,
            overlay: std::sync::Arc::default(),
        };
        let packages = gopackages::load(&list, &["./..."], &options)?;
        Ok(Self { dir, list, packages })
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
