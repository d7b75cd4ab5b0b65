//! Random universes of modules: our build lists against those of the installed go command.

#![expect(clippy::unwrap_used, clippy::panic, reason = "these are parts of tests")]
#![expect(clippy::disallowed_methods, reason = "the tests write and read main modules")]

mod common;

use buildlist::{BuildList, Error, LoadError, Mode, Options};
use common::{Answer, Disk, Published, go_sum, graph_lines, list_lines};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Small and with a seed that a failure names (`splitmix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

const GO: [&str; 10] =
    ["", "1.16", "1.17", "1.17", "1.18", "1.20", "1.21", "1.22.3", "1.24", "1.24.1"];
const PATHS: [(&str, &[&str]); 9] = [
    ("example.com/a", &["v1.0.0", "v1.1.0", "v1.2.0-rc.1", "v1.2.0"]),
    ("example.com/b", &["v0.0.0-20240102150405-abcdefabcdef", "v0.1.0", "v0.10.0"]),
    ("example.com/c", &["v1.0.0", "v1.9.0", "v2.0.0+incompatible"]),
    ("example.com/c/v2", &["v2.0.0", "v2.1.0"]),
    ("example.com/D", &["v1.0.0", "v1.1.0"]),
    ("example.com/a/nested", &["v0.1.0", "v0.2.0"]),
    ("gopkg.in/e.v1", &["v1.0.0", "v1.0.1"]),
    ("example.com/main", &["v1.0.0", "v1.5.0"]),
    ("example.com/other", &["v1.0.0", "v1.5.0"]),
];

/// A random published module.
fn some_module(random: &mut Random) -> (&'static str, &'static str) {
    let (path, versions) = *random.pick(&PATHS);
    (path, *random.pick(versions))
}

fn publish(random: &mut Random, strict: bool) -> Published {
    let mut published = Published::new();
    let density = 1 + random.below(4);
    for (path, versions) in PATHS {
        for version in versions {
            let mut text = format!("module {path}\n");
            let go = *random.pick(&GO);
            if !go.is_empty() && (strict || !go.contains("1.2")) {
                writeln!(text, "go {go}").unwrap();
            }
            for _ in 0..random.below(density + 1) {
                let (path, version) = some_module(random);
                writeln!(text, "require {path} {version}").unwrap();
            }
            if random.chance(10) {
                text.push_str("replace example.com/a => ../ignored\nretract v1.0.0\n");
            }
            let text = match random.below(120) {
                0 => None,
                1 => Some(text.replacen(path, "example.com/renamed", 1)),
                2 => Some("go 1.20\n".to_owned()),
                3 => Some(format!("{text}require (\n")),
                4 => Some(format!("module {path}\ngo 1.99\n")),
                _ => Some(text),
            };
            published.insert((path.into(), (*version).into()), text);
        }
    }
    published
}

/// A random go.mod file of a main module.
fn main_file(random: &mut Random, path: &str, go: &str) -> String {
    let mut text = format!("module {path}\n\n");
    if !go.is_empty() {
        writeln!(text, "go {go}").unwrap();
    }
    if random.chance(10) {
        let toolchain = random.pick(&["go1.24.1", "go1.26.0", "go1.21.0", "default", "go1.20"]);
        writeln!(text, "toolchain {toolchain}").unwrap();
    }
    for _ in 0..1 + random.below(5) {
        let (path, version) = some_module(random);
        let indirect = if random.chance(40) { " // indirect" } else { "" };
        writeln!(text, "require {path} {version}{indirect}").unwrap();
    }
    if random.chance(40) {
        let (path, version) = some_module(random);
        writeln!(text, "exclude {path} {version}").unwrap();
    }
    while random.chance(60) {
        text.push_str(&replace(random));
    }
    text
}

fn replace(random: &mut Random) -> String {
    let (path, version) = some_module(random);
    let version = if random.chance(50) { format!(" {version}") } else { String::new() };
    let new = match random.below(5) {
        0 | 1 => "./local".to_owned(),
        2 => "../shared".to_owned(),
        3 => {
            let (_, versions) = PATHS.iter().find(|(one, _)| *one == path).unwrap();
            format!("{path} {}", random.pick(versions))
        }
        _ if random.chance(95) => {
            let (path, version) = some_module(random);
            format!("{path} {version}")
        }
        _ => "./nowhere".to_owned(),
    };
    format!("replace {path}{version} => {new}\n")
}

/// A directory that replaces modules.
fn local_file(random: &mut Random) -> String {
    let mut text = String::new();
    if random.chance(70) {
        text.push_str("module example.com/whatever\n");
    }
    let go = random.pick(&GO);
    if !go.is_empty() {
        writeln!(text, "go {go}").unwrap();
    }
    for _ in 0..random.below(3) {
        let (path, version) = some_module(random);
        writeln!(text, "require {path} {version}").unwrap();
    }
    text
}

fn options(disk: &Disk, mode: Option<Mode>) -> Options {
    let go_version = Some("1.26.8".to_owned());
    Options { gomodcache: disk.cache(), mode, go_version, threads: 2, ..Options::default() }
}

/// Counts what was compared, so that a generator that goes wrong is noticed.
#[derive(Debug, Default)]
struct Seen {
    same: usize,
    replaced: usize,
    refused: usize,
    needs_update: usize,
}

impl Seen {
    /// Both accept and say the same, or both refuse for the same reason.
    fn compare(
        &mut self,
        what: &str,
        go: &Answer,
        ours: &Result<BuildList, Error>,
        lines: impl Fn(&BuildList) -> String,
    ) {
        match ours {
            Ok(list) => {
                assert!(go.ok, "{what}: go refuses: {}\nours: {}", go.stderr, lines(list));
                assert_eq!(lines(list), go.stdout, "{what}");
                self.same += 1;
                self.replaced += usize::from(go.stdout.contains("=>"));
            }
            Err(error) => {
                assert!(!go.ok, "{what}: we refuse: {error}\ngo: {}", go.stdout);
                let reason = reason(error);
                assert!(go.stderr.contains(reason), "{what}: we: {error}\ngo: {}", go.stderr);
                let chain = chain(error);
                assert!(go.stderr.contains(&chain), "{what}: we: {chain}\ngo: {}", go.stderr);
                self.refused += 1;
                self.needs_update += usize::from(matches!(error, Error::GoModNeedsUpdate { .. }));
            }
        }
    }
}

/// Who requires the module that is wrong, as the go command prints it.
fn chain(error: &Error) -> String {
    let Error::Graph(graph) = error else { return String::new() };
    if matches!(graph.cause, LoadError::ConflictingReplacements { .. }) {
        return String::new();
    }
    let chain = graph.chain.iter().filter(|module| !module.version.is_empty());
    let chain: Vec<String> =
        chain.map(|module| format!("{}@{}", module.path, module.version)).collect();
    chain.join(" requires\n\t")
}

/// Words that the go command uses for the same.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::GoModNeedsUpdate { .. } => "updates to go.mod needed",
        Error::WorkTooOld { .. } => "listed in go.work file requires go >=",
        Error::ConflictingReplacements { .. } => "onflicting replacements",
        Error::WorkspaceModuleReplaced { .. } => "is replaced at all versions in the go.work file",
        Error::Graph(graph) => match &graph.cause {
            LoadError::Missing { .. } => "no such file or directory",
            LoadError::NoGoMod { .. } => "no such file or directory",
            LoadError::PathMismatch { .. } => "but was required as",
            LoadError::NoModuleLine { .. } => "missing module line",
            LoadError::Parse { .. } => "parsing go.mod",
            LoadError::TooNew { .. } => "requires go >= 1.99 (running go 1.26.8",
            LoadError::ConflictingReplacements { .. } => "onflicting replacements",
            other => panic!("no such case is made: {other}"),
        },
        other => panic!("no such case is made: {other}"),
    }
}

fn all(published: &Published) -> String {
    go_sum(published, published.keys().map(|(path, version)| (path.as_str(), version.as_str())))
}

#[test]
fn single_modules_have_the_list_and_the_graph_of_go() {
    let mut seen = Seen::default();
    for seed in 0..90 {
        let mut random = Random(seed);
        let strict = random.chance(50);
        let published = publish(&mut random, strict);
        let disk = Disk::new(&published);
        let go = if strict { *random.pick(&GO[6..]) } else { *random.pick(&GO) };
        disk.write("go.mod", &main_file(&mut random, "example.com/main", go));
        disk.write("local/go.mod", &local_file(&mut random));
        disk.write("../shared/go.mod", &local_file(&mut random));
        disk.write("go.sum", &all(&published));
        compare_single(seed, &disk, &published, &mut random, &mut seen);
    }
    assert!(seen.same > 150 && seen.replaced > 20, "{seen:?}");
    assert!(seen.refused > 40 && seen.needs_update > 20, "{seen:?}");
}

fn compare_single(
    seed: u64,
    disk: &Disk,
    published: &Published,
    random: &mut Random,
    seen: &mut Seen,
) {
    let dir = disk.src();
    let read = |file: &str| fs::read_to_string(dir.join(file)).unwrap();
    let what = |mode: &str| {
        format!("seed {seed}, {mode}:\n{}\nlocal: {}", read("go.mod"), read("local/go.mod"))
    };

    let go = disk.go(&dir, &["mod", "graph"], "");
    seen.compare(&what("graph"), &go, &buildlist::graph(&dir, &options(disk, None)), graph_lines);

    let go = disk.go(&dir, &["list", "-m", "all"], "-mod=readonly");
    let ours = buildlist::load(&dir, &options(disk, Some(Mode::Readonly)));
    seen.compare(&what("readonly"), &go, &ours, list_lines);

    // From here on, the file is as Go wants it.
    let written = what("mod");
    let ours = buildlist::load(&dir, &options(disk, Some(Mode::Mod)));
    let go = disk.go(&dir, &["list", "-m", "all"], "-mod=mod");
    seen.compare(&written, &go, &ours, list_lines);
    if !go.ok {
        return;
    }
    disk.write("go.sum", &all(published));
    let go = disk.go(&dir, &["list", "-m", "all"], "");
    let ours = buildlist::load(&dir, &options(disk, None));
    seen.compare(&what("updated"), &go, &ours, list_lines);
    if let Ok(list) = &ours {
        sums_are_those_that_go_needs(&what("sums"), disk, published, list, random);
    }
}

/// With a line for each go.mod file that we say is read, Go is content; without any one of them it is not.
fn sums_are_those_that_go_needs(
    what: &str,
    disk: &Disk,
    published: &Published,
    list: &BuildList,
    random: &mut Random,
) {
    let mut modules: Vec<(&str, &str)> =
        list.go_mods_read().iter().map(|one| (one.path.as_str(), one.version.as_str())).collect();
    disk.write("go.sum", &go_sum(published, modules.iter().copied()));
    let go = disk.go(&disk.src(), &["list", "-m", "all"], "-mod=readonly");
    assert!(go.ok, "{what}: {}", go.stderr);
    if modules.is_empty() {
        return;
    }
    let dropped = modules.remove(random.below(modules.len()));
    disk.write("go.sum", &go_sum(published, modules));
    let go = disk.go(&disk.src(), &["list", "-m", "all"], "-mod=readonly");
    assert!(go.stderr.contains("missing go.sum entry"), "{what} {dropped:?}: {}", go.stderr);
}

#[test]
fn workspaces_have_the_list_and_the_graph_of_go() {
    let mut seen = Seen::default();
    for seed in 1000..1080 {
        let mut random = Random(seed);
        let strict = random.chance(50);
        let published = publish(&mut random, strict);
        let disk = Disk::new(&published);
        let mut work = String::new();
        let go = *random.pick(&["1.24.1", "1.24.1", "1.25", "1.20", ""]);
        if !go.is_empty() {
            writeln!(work, "go {go}").unwrap();
        }
        let modules =
            [("w/z", "example.com/main"), ("w/a", "example.com/other"), (".", "example.com/third")];
        for (dir, path) in modules.into_iter().take(1 + random.below(3)) {
            writeln!(work, "use ./{dir}").unwrap();
            let go = *random.pick(if go.starts_with("1.2") { &GO } else { &GO[..6] });
            disk.write(&format!("{dir}/go.mod"), &main_file(&mut random, path, go));
            disk.write(&format!("{dir}/local/go.mod"), &local_file(&mut random));
        }
        for dir in ["shared", "w/shared", "local", "../shared"] {
            disk.write(&format!("{dir}/go.mod"), &local_file(&mut random));
        }
        if random.chance(40) {
            work.push_str(&replace(&mut random));
        }
        disk.write("go.work", &work);
        compare_workspace(seed, &work, &disk, &mut seen);
    }
    assert!(seen.same > 60 && seen.replaced > 20 && seen.refused > 20, "{seen:?}");
}

fn compare_workspace(seed: u64, work: &str, disk: &Disk, seen: &mut Seen) {
    let what = |question: &str| format!("seed {seed}, {question}: {work}");
    let dir = disk.src().join("w");
    fs::create_dir_all(&dir).unwrap();
    let go = disk.go(&dir, &["list", "-m", "all"], "");
    let ours = buildlist::load(Path::new(&dir), &options(disk, None));
    seen.compare(&what("list"), &go, &ours, list_lines);
    let go = disk.go(&dir, &["mod", "graph"], "");
    seen.compare(&what("graph"), &go, &buildlist::graph(&dir, &options(disk, None)), graph_lines);
}
