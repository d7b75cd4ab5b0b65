//! How a Go program is made for a test of `goward repro`, and what two of them must differ by.

use crate::world::{World, ran};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small program of the runtime alone.
pub(crate) const MAIN: &str =
    "package main\n\nvar version = \"dev\"\n\nfunc main() { println(version) }\n";
pub(crate) const MOD: &str = "module example.com/m\n\ngo 1.24\n";

/// How a program is built.
#[derive(Clone, Default)]
pub(crate) struct Recipe {
    files: Vec<(String, Vec<u8>)>,
    flags: Vec<String>,
    env: Vec<(String, String)>,
    /// The folder, where it is another.
    folder: Option<&'static str>,
    /// What runs in the folder before the build.
    before: Option<String>,
    /// What runs on the program behind the build; `$1`.
    after: Option<String>,
}

/// The program of [`MAIN`].
pub(crate) fn plain() -> Recipe {
    Recipe::default().file("go.mod", MOD).file("main.go", MAIN)
}

impl Recipe {
    pub(crate) fn file(mut self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.retain(|(other, _)| other != name);
        self.files.push((name.into(), text.as_ref().to_vec()));
        self
    }
    pub(crate) fn flag(mut self, flag: &str) -> Self {
        self.flags.push(flag.into());
        self
    }
    /// `{dir}` in the value is the folder.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }
    pub(crate) fn folder(mut self, folder: &'static str) -> Self {
        self.folder = Some(folder);
        self
    }
    pub(crate) fn before(mut self, script: &str) -> Self {
        self.before = Some(script.to_owned());
        self
    }
    pub(crate) fn after(mut self, script: &str) -> Self {
        self.after = Some(script.to_owned());
        self
    }
    pub(crate) fn trim(self) -> Self {
        self.flag("-trimpath")
    }
    pub(crate) fn cgo(self) -> Self {
        self.env("CGO_ENABLED", "1").file("main.go", CGO)
    }
}

pub(crate) const CGO: &str = "package main\n\n// static int twice(int x) { return 2 * x; }\nimport \"C\"\n\nfunc main() { println(C.twice(2)) }\n";

/// Shared by all tests, and by what else is built on this machine.
fn cache() -> String {
    let output = Command::new("go").args(["env", "GOCACHE"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(crate) fn build(world: &World, name: &str, recipe: &Recipe) -> PathBuf {
    let dir = world.path(recipe.folder.unwrap_or("src"));
    let _ = std::fs::remove_dir_all(&dir);
    for (file, text) in &recipe.files {
        let path = dir.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let program = world.path(name);
    let run = |command: &mut Command| {
        command.current_dir(&dir).env("GOCACHE", cache()).env("GOTOOLCHAIN", "local");
        command
            .env("GOFLAGS", "-buildvcs=false -mod=mod")
            .env("CGO_ENABLED", "0")
            .env("GOPROXY", "off");
        command.env("GONOSUMDB", "*").env("GOWORK", "off");
        let place = dir.display().to_string();
        command.envs(recipe.env.iter().map(|(name, value)| (name, value.replace("{dir}", &place))));
        let ran = ran(command.output().unwrap());
        assert_eq!(ran.status, 0, "{name}: {}{}", ran.stdout, ran.stderr);
    };
    if let Some(script) = &recipe.before {
        run(Command::new("sh").args(["-ec", script]));
    }
    run(Command::new("go").args(["build", "-o"]).arg(&program).args(&recipe.flags).arg("."));
    if let Some(script) = &recipe.after {
        run(Command::new("sh").args(["-ec", script, "sh"]).arg(&program));
    }
    program
}

pub(crate) fn compare(world: &World, a: &Path, b: &Path) -> (i32, Value) {
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let ran = world.run(&["repro", "--no-history", "--format", "json", "--compare", a, b]);
    let value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}{}", ran.stdout, ran.stderr));
    (ran.status, value)
}

/// The identifiers of the causes, without `repro.`.
pub(crate) fn causes(report: &Value) -> Vec<String> {
    let found = report["repro"]["comparison"]["causes"].as_array().unwrap();
    let id = |it: &Value| it["cause"].as_str().unwrap().trim_start_matches("repro.").to_owned();
    found.iter().map(id).collect()
}

/// Builds both of each row and expects these causes, no others, in this order; both ways round.
pub(crate) fn table(rows: &[(&str, Recipe, Recipe)]) {
    let world = World::module();
    let mut wrong = vec![];
    for (expected, first, second) in rows {
        let (a, b) = (build(&world, "a", first), build(&world, "b", second));
        for (a, b) in [(&a, &b), (&b, &a)] {
            let (status, report) = compare(&world, a, b);
            let found = causes(&report).join(" ");
            if found != *expected || status != 1 {
                let evidence = &report["repro"]["comparison"]["causes"];
                wrong
                    .push(format!("expected {expected:?}, found {found:?} ({status}): {evidence}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
