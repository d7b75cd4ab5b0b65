//! A folder of sources: the toolchain that would build it, with which settings, of which modules.

use super::flags;
use super::machine;
use super::modules::{self, Listed, stream};
use super::program::failed;
use super::take::Asked;
use anyhow::{Context as _, bail};
use gosnapshot::{CCompiler, Kind, Links, Module, Paths, Program, Snapshot, Source, Unknown};
use goward_system::{Command, OsSystem, System as _, SystemError, go_program};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

pub(super) const ASK: Duration = Duration::from_secs(120);
/// A toolchain or modules may have to be fetched; with `--compile` all is compiled.
pub(super) const LIST: Duration = Duration::from_secs(1800);
pub(super) const MAX_LIST: usize = 512 << 20;

/// What `go env` tells and changes a build. No proxies: their addresses hold passwords.
const VARIABLES: &[&str] = &[
    "CC",
    "CGO_CFLAGS",
    "CGO_CPPFLAGS",
    "CGO_CXXFLAGS",
    "CGO_ENABLED",
    "CGO_LDFLAGS",
    "CXX",
    "GO386",
    "GOAMD64",
    "GOARCH",
    "GOARM",
    "GOARM64",
    "GOEXPERIMENT",
    "GOFIPS140",
    "GOFLAGS",
    "GOHOSTARCH",
    "GOHOSTOS",
    "GOMIPS",
    "GOMIPS64",
    "GOMOD",
    "GONOSUMDB",
    "GOOS",
    "GOPPC64",
    "GOPRIVATE",
    "GORISCV64",
    "GOROOT",
    "GOSUMDB",
    "GOTOOLCHAIN",
    "GOTOOLDIR",
    "GOVERSION",
    "GOWORK",
];
/// Processor → the variable of its level, as build info has it.
const LEVELS: &[(&str, &str)] = &[
    ("386", "GO386"),
    ("amd64", "GOAMD64"),
    ("arm", "GOARM"),
    ("arm64", "GOARM64"),
    ("mips", "GOMIPS"),
    ("mipsle", "GOMIPS"),
    ("mips64", "GOMIPS64"),
    ("mips64le", "GOMIPS64"),
    ("ppc64", "GOPPC64"),
    ("ppc64le", "GOPPC64"),
    ("riscv64", "GORISCV64"),
];

/// A package, as `go list -deps -json` prints it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Package {
    import_path: String,
    name: String,
    dir: String,
    pub(super) module: Option<Listed>,
    dep_only: bool,
    cgo_files: Vec<String>,
    export: String,
    #[serde(rename = "BuildID")]
    build_id: String,
    #[serde(rename = "DefaultGODEBUG")]
    default_godebug: String,
}

pub(super) fn take(dir: &Path, asked: &Asked) -> anyhow::Result<Snapshot> {
    let dir = dir.canonicalize().with_context(|| dir.display().to_string())?;
    let system = OsSystem::at(&dir);
    let mut unknown: Vec<Unknown> = vec![];
    let env = environment(&system)?;
    let get = |key: &str| env.get(key).map(String::as_str).unwrap_or_default();
    let gomod = get("GOMOD");
    if gomod.is_empty() || gomod == "/dev/null" || gomod == "NUL" {
        bail!(
            "{}: no go.mod is there or above; name the module's folder, or a program",
            dir.display()
        );
    }
    let mut words = flags::of_goflags(get("GOFLAGS"));
    words.extend(asked.flags.iter().cloned());
    let told = flags::settings(&words);
    let packages = packages(&system, asked, &mut unknown);
    let listed = modules::modules(&system, packages.as_deref(), &mut unknown);
    // A workspace has several; the folder's is meant.
    let main = listed.iter().flatten().find(|it| it.main && it.go_mod == gomod).cloned();
    let defaults: BTreeSet<&str> = packages
        .iter()
        .flatten()
        .filter(|it| it.name == "main" && !it.dep_only)
        .map(|it| it.default_godebug.as_str())
        .collect();
    if defaults.len() > 1 {
        let why = "its programs have several defaults; name one with --package";
        unknown.push(failed("godebug", why));
    }
    let mut snapshot = Snapshot {
        source: Source { kind: Kind::Checkout, name: dir.display().to_string() },
        toolchain: asked.toolchains.take(
            get("GOVERSION"),
            Path::new(get("GOROOT")),
            Path::new(get("GOTOOLDIR")),
            &mut unknown,
        ),
        program: Some(program(&env, &told, main.as_ref(), packages.as_deref())),
        host: cfg!(target_os = "linux").then(|| machine::host(Path::new("/"))),
        paths: Some(paths(&env, &told, gomod)),
        ..Snapshot::default()
    };
    if let Some(listed) = listed {
        let sums = modules::sums(&system, &env, &mut unknown);
        let used = packages.as_deref().map(modules::used);
        let folder = Path::new(gomod).parent().unwrap_or(&dir);
        let own = main.as_ref().map(|it| it.path.clone());
        let all = listed.iter().filter(|it| Some(&it.path) != own.as_ref());
        snapshot.modules =
            Some(all.map(|it| modules::module(it, &sums, used.as_ref(), folder)).collect());
    }
    hashes(&mut snapshot, packages.as_deref(), asked, &mut unknown);
    if get("CGO_ENABLED") == "1" {
        snapshot.c_compiler = c_compiler(&system, get("CC"), &mut unknown);
    }
    // Paths, and what is there only to find them, are told elsewhere.
    let own = ["GOROOT", "GOTOOLDIR", "GOMOD", "GOVERSION"];
    snapshot.environment = env
        .into_iter()
        .filter(|(key, value)| !value.is_empty() && !own.contains(&key.as_str()))
        .collect();
    // A program without C code, not even that of net, is linked without a C library.
    let uses_c = packages.as_ref().is_none_or(|all| all.iter().any(|it| !it.cgo_files.is_empty()));
    let is_plugin = told.get("-buildmode").is_some_and(|mode| mode != "exe");
    match uses_c || is_plugin {
        true => unknown.push(super::program::by_nature("links", "it is not linked yet")),
        false => snapshot.links = Some(Links::default()),
    }
    snapshot.unknown = unknown;
    Ok(snapshot)
}

fn environment(system: &OsSystem) -> anyhow::Result<BTreeMap<String, String>> {
    let args = [&["env", "-json"][..], VARIABLES].concat();
    let command = Command::go(system, args).limit(LIST);
    let output = system.run(&command).map_err(|err| match err {
        SystemError::NotFound(_) if go_program(system) != "go" => anyhow::anyhow!(
            "what is built in a folder only the go command knows, and GOWARD_GO names {}, which is not there",
            go_program(system)
        ),
        SystemError::NotFound(_) => anyhow::anyhow!(
            "what is built in a folder only the go command knows, and it is not in PATH: install Go, or name a program"
        ),
        err => err.into(),
    })?;
    let text = output.success(&command)?;
    serde_json::from_str(&text).context("go env -json answers something else than JSON")
}

/// The settings that the go command would write into the program.
fn program(
    env: &BTreeMap<String, String>,
    told: &BTreeMap<String, String>,
    main: Option<&Listed>,
    packages: Option<&[Package]>,
) -> Program {
    let get = |key: &str| env.get(key).cloned().unwrap_or_default();
    let mut settings = told.clone();
    let mut put = |key: &str, value: String| {
        if !value.is_empty() {
            settings.entry(key.to_owned()).or_insert(value);
        }
    };
    put("-buildmode", "exe".into());
    put("-compiler", "gc".into());
    for key in ["CGO_ENABLED", "GOARCH", "GOOS", "GOEXPERIMENT"] {
        put(key, get(key));
    }
    if get("GOFIPS140") != "off" {
        put("GOFIPS140", get("GOFIPS140"));
    }
    if get("CGO_ENABLED") == "1" {
        for key in ["CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS"] {
            put(key, get(key));
        }
    }
    let arch = get("GOARCH");
    if let Some((_, level)) = LEVELS.iter().find(|(name, _)| *name == arch) {
        put(level, get(level));
    }
    // Of several main packages no one is meant.
    let mains = packages.unwrap_or_default().iter().filter(|it| it.name == "main" && !it.dep_only);
    let mains: Vec<&Package> = mains.collect();
    if let [only] = mains.as_slice() {
        put("DefaultGODEBUG", only.default_godebug.clone());
        if Path::new(&only.dir).join("default.pgo").is_file() {
            put("-pgo", "default.pgo".into());
        }
    } else if let Some(first) = mains.first()
        && mains.iter().all(|it| it.default_godebug == first.default_godebug)
    {
        put("DefaultGODEBUG", first.default_godebug.clone());
    }
    let path = match mains.as_slice() {
        [only] => Some(only.import_path.clone()),
        _ => None,
    };
    let go = |it: &Listed| Some(it.go_version.clone()).filter(|go| !go.is_empty());
    Program {
        go_version: get("GOVERSION"),
        path,
        main: main.map(|it| Module {
            path: it.path.clone(),
            version: "(devel)".into(),
            used: true,
            go: go(it),
            ..Module::default()
        }),
        settings,
        format: None,
        build_id: None,
        main_file: None,
        after_link: None,
        built: false,
    }
}

/// What `-trimpath` keeps out of programs.
fn paths(env: &BTreeMap<String, String>, told: &BTreeMap<String, String>, gomod: &str) -> Paths {
    let get = |key: &str| env.get(key).cloned().unwrap_or_default();
    let mut flags = BTreeMap::new();
    if let Some(value) = told.get("-ldflags") {
        flags.insert("-ldflags".to_owned(), value.clone());
    }
    for key in ["CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS"] {
        if get("CGO_ENABLED") == "1" && !get(key).is_empty() {
            flags.insert(key.to_owned(), get(key));
        }
    }
    let module = Path::new(gomod).parent().unwrap_or(Path::new(gomod));
    Paths { goroot: get("GOROOT"), module: module.display().to_string(), flags }
}

fn packages(system: &OsSystem, asked: &Asked, unknown: &mut Vec<Unknown>) -> Option<Vec<Package>> {
    let fields = "-json=ImportPath,Name,Dir,Module,DepOnly,CgoFiles,Export,BuildID,DefaultGODEBUG";
    let mut args = vec!["list".to_owned(), "-deps".into(), fields.into()];
    args.extend(asked.compile.then(|| "-export".to_owned()));
    args.extend(asked.flags.iter().cloned());
    args.push("--".into());
    match asked.packages.as_slice() {
        [] => args.push("./...".into()),
        patterns => args.extend(patterns.iter().cloned()),
    }
    let command = Command::go(system, args).limit(LIST).keep(MAX_LIST);
    let text = system.run(&command).and_then(|output| output.success(&command));
    match text.map_err(anyhow::Error::from).and_then(|text| stream(&text)) {
        Ok(found) => Some(found),
        Err(err) => {
            unknown.push(failed("modules", format!("which modules packages come from: {err:#}")));
            None
        }
    }
}

/// What a plugin load would compare, from the compiled packages.
fn hashes(
    snapshot: &mut Snapshot,
    packages: Option<&[Package]>,
    asked: &Asked,
    unknown: &mut Vec<Unknown>,
) {
    if !asked.compile {
        let why = "it is not compiled; --compile does it, or name its program with --binary";
        unknown.push(super::program::by_nature("packages", why));
        return;
    }
    let Some(packages) = packages else {
        unknown.push(failed("packages", "the packages could not be listed"));
        return;
    };
    let mut all = BTreeMap::new();
    for package in packages {
        if !package.build_id.is_empty() {
            snapshot.exports.insert(package.import_path.clone(), package.build_id.clone());
        }
        // `unsafe` has nothing to export.
        if package.export.is_empty() {
            continue;
        }
        let hash = goartifact::of_archive(Path::new(&package.export)).map(|it| it.hash);
        match hash {
            Ok(Some(hash)) => {
                all.insert(package.import_path.clone(), hash);
            }
            Ok(None) => unknown.push(failed(
                "packages",
                format!("{}: its compiled form holds no Go object", package.import_path),
            )),
            Err(err) => {
                unknown.push(failed("packages", format!("{}: {err}", package.import_path)));
            }
        }
    }
    snapshot.packages = Some(all);
}

/// The C compiler, and the first line of what it says of itself.
fn c_compiler(system: &OsSystem, cc: &str, unknown: &mut Vec<Unknown>) -> Option<CCompiler> {
    let words = flags::of_goflags(cc);
    let (program, args) = words.split_first()?;
    let mut args = args.to_vec();
    args.push("--version".into());
    let command = Command::new(program, args).env("LC_ALL", "C").limit(ASK);
    let text = system.run(&command).and_then(|output| output.success(&command));
    match text.as_ref().map(|text| text.lines().next().unwrap_or_default().trim()) {
        Ok(version) if !version.is_empty() => {
            Some(CCompiler { command: cc.to_owned(), version: version.to_owned() })
        }
        Ok(_) => {
            unknown.push(failed("c-compiler", format!("{cc} says nothing of its version")));
            None
        }
        Err(err) => {
            unknown.push(failed("c-compiler", err.to_string()));
            None
        }
    }
}
