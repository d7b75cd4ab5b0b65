//! The rules of the module graph, one line a case: after the scripts `mod_*.txt` and `work_*.txt` of `cmd/go`.

#![expect(clippy::unwrap_used, reason = "these are parts of tests")]

use buildlist::{
    BuildList, Error, GoMods, Input, LoadError, MainModule, Mode, ReadError, Source, Update, Work,
    resolve,
};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Modules and directories by name (`example.com/a@v1.0.0`, `/src/dir`) with their go.mod files.
#[derive(Default)]
struct Universe {
    files: HashMap<String, String>,
    reads: AtomicUsize,
}

impl GoMods for Universe {
    fn go_mod(&self, source: Source<'_>) -> Result<Cow<'_, [u8]>, ReadError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let name = match source {
            Source::Module { path, version } => format!("{path}@{version}"),
            Source::Directory(dir) => dir.display().to_string(),
        };
        match (self.files.get(&name), source) {
            (Some(text), _) => Ok(text.as_bytes().into()),
            (None, Source::Module { .. }) => Err(ReadError::Missing { looked_at: Vec::new() }),
            (None, Source::Directory(dir)) => Err(ReadError::NoGoMod { path: dir.join("go.mod") }),
        }
    }
}

/// A module without a dot or a slash is one of example.com.
fn full(name: &str) -> String {
    if matches!(name, "go" | "toolchain") { name.to_owned() } else { format!("example.com/{name}") }
}

/// `a@v1 1.17: b@v1 c@v2` as a go.mod file; versions are short for v1.0.0. `?` stands for no `go` line, `!b@v1` for an
/// exclude, `~b@v1` for an indirect requirement, `b=>c@v1` and `b@v1=>./dir` for a replace, `toolchain@…` for itself.
fn file(path: &str, go: &str, items: &str) -> String {
    let mut text = format!("module {}\n", full(path));
    if go != "?" {
        text.push_str(&format!("go {go}\n"));
    }
    let version = |short: &str| match short.matches('.').count() {
        0 => format!("{short}.0.0"),
        1 => format!("{short}.0"),
        _ => short.to_owned(),
    };
    let module = |item: &str| match item.split_once('@') {
        Some((path, short)) => format!("{} {}", full(path), version(short)),
        None => full(item),
    };
    for item in items.split_whitespace() {
        let line = match (item.split_once("=>"), item.split_at(1)) {
            (Some((old, new)), _) if new.starts_with(['.', '/']) => {
                format!("replace {} => {new}", module(old))
            }
            (Some((old, new)), _) => format!("replace {} => {}", module(old), module(new)),
            (None, ("!", item)) => format!("exclude {}", module(item)),
            (None, ("~", item)) => format!("require {} // indirect", module(item)),
            _ if item.starts_with("toolchain@") => item.replace('@', " "),
            _ => format!("require {}", module(item)),
        };
        text.push_str(&line);
        text.push('\n');
    }
    text
}

impl Universe {
    /// Lines as of [`file`], separated by `;`.
    fn new(lines: &str) -> Self {
        let mut universe = Self::default();
        for line in lines.split(';').map(str::trim).filter(|line| !line.is_empty()) {
            let (head, items) = line.split_once(':').unwrap();
            let (name, go) = head.split_once(' ').unwrap();
            let text = match name.split_once('@') {
                Some((path, _)) => file(path, go, items),
                None => file("anything", go, items),
            };
            let key = match name.split_once('@') {
                Some((path, version)) if !version.contains('.') => {
                    format!("{}@{version}.0.0", full(path))
                }
                Some((path, version)) if version.matches('.').count() == 1 => {
                    format!("{}@{version}.0", full(path))
                }
                Some((path, version)) => format!("{}@{version}", full(path)),
                None => name.to_owned(),
            };
            universe.files.insert(key, text);
        }
        universe
    }
}

fn main_module(dir: &str, path: &str, go: &str, items: &str) -> MainModule {
    MainModule::parse(dir, file(path, go, items)).unwrap()
}

fn answer(mode: Mode, main: &str, universe: &str) -> Result<BuildList, Error> {
    let (go, items) = main.split_once(':').unwrap();
    let mut input = Input::new(main_module("/src", "main", go, items));
    input.mode = mode;
    resolve(input, &Universe::new(universe))
}

/// A list as short as it was asked: without example.com/, and `v1` for v1.0.0.
fn short(list: &BuildList) -> String {
    let lines: Vec<String> = list.modules().iter().map(ToString::to_string).collect();
    shorten(&lines.join(", "))
}

fn shorten(text: &str) -> String {
    let text = text.replace("example.com/", "").replace(".0.0", "");
    (1..6).fold(text, |text, minor| text.replace(&format!("v1.{minor}.0"), &format!("v1.{minor}")))
}

fn check(mode: Mode, cases: &[(&str, &str, &str, &str)]) {
    for (name, main, universe, want) in cases {
        let got = match answer(mode, main, universe) {
            Ok(list) => short(&list),
            Err(error) => shorten(&format!("! {error}")),
        };
        assert_eq!(got, *want, "{name}");
    }
}

#[test]
fn selection_and_pruning() {
    #[rustfmt::skip]
    check(Mode::Readonly, &[
        ("nothing", "1.24:", "", "main"),
        ("the highest of what is required, no higher", "1.16: a@v1 b@v1", "a@v1 1.16: c@v1.1; b@v1 1.16: c@v1.2; c@v1.1 1.16:; c@v1.2 1.16:; c@v1.3 1.16:", "main, a v1, b v1, c v1.2"),
        ("an older version's requirements count too", "1.16: a@v1 b@v1", "a@v1 1.16: c@v1; b@v1 1.16: c@v1.2; c@v1 1.16: d@v1; c@v1.2 1.16:; d@v1 1.16:", "main, a v1, b v1, c v1.2, d v1"),
        ("pruned: the requirements of requirements are not followed", "1.17: a@v1", "a@v1 1.17: b@v1; b@v1 1.17: c@v1; c@v1 1.17:", "main, a v1, b v1"),
        ("unpruned dependency: all of its requirements are", "1.17: a@v1", "a@v1 1.16: b@v1; b@v1 1.17: c@v1; c@v1 1.17:", "main, a v1, b v1, c v1"),
        ("no go line: as 1.16", "1.17: a@v1", "a@v1 ?: b@v1; b@v1 1.17: c@v1; c@v1 1.17:", "main, a v1, b v1, c v1"),
        ("unpruned main: all are", "1.16: a@v1", "a@v1 1.17: b@v1; b@v1 1.17: c@v1; c@v1 1.17:", "main, a v1, b v1, c v1"),
        ("pruned once, but unpruned by another way", "1.17: a@v1 z@v1", "a@v1 1.17: b@v1; z@v1 1.16: b@v1; b@v1 1.17: c@v1; c@v1 1.17:", "main, a v1, b v1, c v1, z v1"),
        ("a go.mod file beyond the horizon need not be there", "1.17: a@v1", "a@v1 1.17: gone@v1", "main, a v1, gone v1"),
        ("a cycle", "1.16: a@v1", "a@v1 1.16: b@v1; b@v1 1.16: a@v1", "main, a v1, b v1"),
        ("a cycle that raises: the root is too low", "1.16: a@v1", "a@v1 1.16: b@v1; b@v1 1.16: a@v1.2; a@v1.2 1.16:", "! updates to go.mod needed, disabled by -mod=readonly:\n\ta@v1 is listed, but v1.2 is selected (main requires a@v1 requires b@v1 requires a@v1.2)"),
        ("the main module required by a dependency stays itself", "1.17: a@v1", "a@v1 1.16: main@v1.5; main@v1.5 1.16: b@v1; b@v1 1.16:", "main, a v1, b v1"),
        ("the main module's own go.mod at a version has to be read", "1.17: a@v1", "a@v1 1.16: main@v1.5", "! a@v1 requires\n\tmain@v1.5: go.mod is not in the module cache"),
        ("a module requires itself", "1.16: a@v1", "a@v1 1.16: a@v1", "main, a v1"),
        ("go and toolchain are not listed", "1.24.0: a@v1", "a@v1 1.23.0:", "main, a v1"),
        ("sorted by path as text", "1.24: b@v1 a@v1 a/b@v1 a-b@v1", "a@v1 1.24:; b@v1 1.24:; a/b@v1 1.24:; a-b@v1 1.24:", "main, a v1, a-b v1, a/b v1, b v1"),
    ]);
}

#[test]
fn what_go_would_rewrite_is_refused() {
    #[rustfmt::skip]
    check(Mode::Readonly, &[
        ("a root is too low", "1.17: a@v1 b@v1", "a@v1 1.17: b@v1.2; b@v1 1.17:", "! updates to go.mod needed, disabled by -mod=readonly:\n\tb@v1 is listed, but v1.2 is selected (main requires a@v1 requires b@v1.2)"),
        ("go is too low", "1.21: a@v1", "a@v1 1.22:", "! updates to go.mod needed, disabled by -mod=readonly:\n\tgo@1.21 is listed, but 1.22 is selected (main requires a@v1 requires go@1.22)"),
        ("go below 1.21 makes no demand", "1.16: a@v1", "a@v1 1.20:", "main, a v1"),
        ("a requirement twice at one version is let through", "1.17: a@v1 a@v1", "a@v1 1.17:", "main, a v1"),
        ("a requirement twice at two versions", "1.17: a@v1 a@v1.2", "a@v1 1.17:; a@v1.2 1.17:", "! updates to go.mod needed, disabled by -mod=readonly:\n\ta@v1 is listed twice; the higher version is v1.2"),
        ("pruned: a requirement on itself is let through", "1.17: main@v1", "main@v1 1.17: a@v1", "main, a v1"),
        ("unpruned: it is not", "1.16: main@v1", "main@v1 1.16: a@v1; a@v1 1.16:", "! updates to go.mod needed, disabled by -mod=readonly:\n\tmain@v1 is the main module itself"),
        ("excluded and required", "1.17: a@v1 !a@v1", "a@v1 1.17:", "! updates to go.mod needed, disabled by -mod=readonly:\n\ta@v1 is listed and excluded"),
        ("a toolchain that the go line implies", "1.24.1: toolchain@go1.24.1", "", "! updates to go.mod needed, disabled by -mod=readonly:\n\tthe toolchain line go1.24.1 is superfluous"),
        ("a later toolchain", "1.24: toolchain@go1.24.1", "", "main"),
    ]);
}

#[test]
fn mod_mode_raises_the_roots() {
    #[rustfmt::skip]
    check(Mode::Mod, &[
        ("a root is too low", "1.17: a@v1 b@v1", "a@v1 1.17: b@v1.2; b@v1 1.17:; b@v1.2 1.17: c@v1", "main, a v1, b v1.2, c v1"),
        ("the raised root brings new ones, and they raise others", "1.17: a@v1 b@v1 d@v1", "a@v1 1.17: b@v1.2; b@v1 1.17:; b@v1.2 1.17: d@v1.2; d@v1 1.17:; d@v1.2 1.17: e@v1", "main, a v1, b v1.2, d v1.2, e v1"),
        ("the lower of two is forgotten", "1.17: a@v1 a@v1.2", "a@v1 1.17: b@v1; a@v1.2 1.17:", "main, a v1.2"),
        ("unpruned: it is not", "1.16: a@v1 a@v1.2", "a@v1 1.16: b@v1; a@v1.2 1.16:; b@v1 1.16:", "main, a v1.2, b v1"),
        ("an excluded requirement is dropped", "1.17: a@v1 !a@v1", "", "main"),
    ]);
}

#[test]
fn exclude_and_replace() {
    #[rustfmt::skip]
    check(Mode::Readonly, &[
        ("an excluded version is not required by anyone", "1.17: a@v1 !b@v1.2", "a@v1 1.17: b@v1.2 b@v1; b@v1 1.17:", "main, a v1, b v1"),
        ("and gone if that was all", "1.17: a@v1 !b@v1.2", "a@v1 1.17: b@v1.2", "main, a v1"),
        ("the excludes of dependencies do not count", "1.17: a@v1", "a@v1 1.17: !b@v1 b@v1", "main, a v1, b v1"),
        ("a replaced version", "1.17: a@v1 a@v1=>fork@v1.2", "fork@v1.2 1.17: b@v1", "main, a v1 => fork v1.2, b v1"),
        ("another version is not", "1.17: a@v1 a@v1.2=>fork@v1.2", "a@v1 1.17:", "main, a v1"),
        ("all versions", "1.17: a@v1 a=>fork@v1.2", "fork@v1.2 1.17: b@v1", "main, a v1 => fork v1.2, b v1"),
        ("one version before all", "1.17: a@v1 a=>fork@v1.2 a@v1=>a@v1.3", "a@v1.3 1.17:", "main, a v1 => a v1.3"),
        ("a directory", "1.17: a@v1 a=>../x", "/src/../x 1.17: b@v1", "main, a v1 => ../x, b v1"),
        ("a rooted directory", "1.17: a@v1 a=>/x", "/x 1.17: b@v1", "main, a v1 => /x, b v1"),
        ("a directory without go.mod", "1.17: a@v1 a=>./x", "", "! reading /src/./x/go.mod: no such file or directory"),
        ("replacements do not chain", "1.17: a@v1 a=>b@v1 b=>c@v1", "b@v1 1.17:", "main, a v1 => b v1"),
        ("and so may be cyclic", "1.17: a@v1 b@v1 a=>b@v1 b=>a@v1", "a@v1 1.17:; b@v1 1.17:", "main, a v1 => b v1, b v1 => a v1"),
        ("the replaces of dependencies do not count", "1.17: a@v1", "a@v1 1.17: b@v1 b=>c@v1; b@v1 1.17:", "main, a v1, b v1"),
        ("the main module is not replaced, its versions are", "1.17: a@v1 main=>./x", "a@v1 1.16: main@v1; /src/./x 1.16: c@v1; c@v1 1.16:", "main, a v1, c v1"),
        ("twice the same", "1.17: a@v1 a=>b@v1 a=>b@v1", "b@v1 1.17:", "main, a v1 => b v1"),
        ("twice, not the same", "1.17: a@v1 a=>b@v1 a=>b@v1.2", "", "! conflicting replacements for a:\n\tb@v1\n\tb@v1.2"),
        ("a replacement of what nobody requires", "1.17: a=>./nowhere", "", "main"),
    ]);
}

fn workspace(
    go: &str,
    main: &[(&str, &str, &str)],
    replace: &str,
    universe: &str,
) -> Result<BuildList, Error> {
    let main: Vec<MainModule> = main
        .iter()
        .map(|(path, go, items)| main_module(&format!("/w/{path}"), path, go, items))
        .collect();
    let file = file("work", go, replace);
    let text = file.split_once('\n').map_or("", |(_, text)| text);
    let work = Work::parse("/w/go.work", text).unwrap();
    let mut input = Input::new(main[0].clone());
    input.main = main;
    input.work = Some(work);
    resolve(input, &Universe::new(universe))
}

#[test]
fn workspaces() {
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str, &'a str)], &'a str, &'a str, &'a str);
    #[rustfmt::skip]
    let cases: &[Case<'_>] = &[
        ("main modules first, sorted", &[("z", "1.24", "a@v1"), ("b", "1.24", "")], "", "a@v1 1.24:", "b, z, a v1"),
        ("the highest over all", &[("y", "1.24", "a@v1"), ("z", "1.24", "a@v1.2")], "", "a@v1 1.24: b@v1; a@v1.2 1.24:; b@v1 1.24:", "y, z, a v1.2, b v1"),
        ("inconsistent requirements are let through", &[("y", "1.24", "a@v1 c@v1"), ("z", "1.24", "")], "", "a@v1 1.24:; c@v1 1.24: a@v1.2; a@v1.2 1.24: d@v1; d@v1 1.24:", "y, z, a v1.2, c v1, d v1"),
        ("a member at a version is the member", &[("y", "1.24", "z@v1"), ("z", "1.24", "")], "", "z@v1 1.24: b@v1", "y, z, b v1"),
        ("a member's exclude holds for all", &[("y", "1.24", "a@v1"), ("z", "1.24", "!a@v1")], "", "a@v1 1.24:", "y, z"),
        ("a member's replace, shown from go.work", &[("y", "1.24", "a@v1"), ("z", "1.24", "a=>./x")], "", "/w/z/./x 1.24: b@v1", "y, z, a v1 => ./z/x, b v1"),
        ("go.work replaces over members", &[("y", "1.24", "a@v1"), ("z", "1.24", "a=>./x")], "a=>./q", "/w/./q 1.24: c@v1", "y, z, a v1 => ./q, c v1"),
        ("members that disagree", &[("y", "1.24", "a@v1 a=>./x"), ("z", "1.24", "a=>./x")], "", "", "! conflicting replacements for a:\n\t/w/y/x\n\t/w/z/x"),
        ("members that agree by other words", &[("y", "1.24", "a@v1 a=>../x"), ("z", "1.24", "a=>./../x")], "", "/w/z/./../x 1.24:", "y, z, a v1 => ./x"),
        ("go.work replaces a member", &[("y", "1.24", "")], "y=>./x", "", "! workspace module y is replaced at all versions in the go.work file"),
        ("a member needs a later go", &[("y", "1.25", "")], "", "", "! module /w/y listed in go.work file requires go >= 1.25, but go.work lists go 1.24"),
        ("one path twice", &[("y", "1.24", ""), ("y", "1.24", "")], "", "", "! module y appears multiple times in workspace"),
    ];
    for (name, main, replace, universe, want) in cases {
        let got = match workspace("1.24", main, replace, universe) {
            Ok(list) => short(&list),
            Err(error) => shorten(&format!("! {error}")),
        };
        assert_eq!(got, *want, "{name}");
    }
}

#[test]
fn a_list_says_who_asked_for_what_and_where() {
    let main = "1.17: a@v1 ~b@v1 a=>./x";
    let list = answer(
        Mode::Readonly,
        main,
        "/src/./x 1.17: c@v1; b@v1 1.16: c@v1.2; c@v1 1.16:; c@v1.2 1.17:",
    )
    .unwrap();
    let why: Vec<String> = list
        .why("example.com/c")
        .iter()
        .map(|one| format!("{}@{}", one.path, one.version))
        .collect();
    assert_eq!(why, ["example.com/main@", "example.com/b@v1.0.0", "example.com/c@v1.2.0"]);
    assert!(list.why("example.com/none").is_empty());
    let (a, b) = (list.module("example.com/a").unwrap(), list.module("example.com/b").unwrap());
    assert!(a.direct && !b.direct && !a.is_main());
    assert_eq!(a.dir.as_deref(), Some(Path::new("/src/./x")));
    assert_eq!((b.requirements[0].span.start.line, b.requirements[0].indirect), (4, true));
    assert_eq!(
        (a.content(), a.go_version.as_deref(), b.go_version.as_deref()),
        (None, Some("1.17"), Some("1.16"))
    );
    let read: Vec<&str> = list.go_mods_read().iter().map(|one| one.path.as_str()).collect();
    assert_eq!(read, ["example.com/b", "example.com/c"], "of a directory, no sum is needed");
    assert_eq!(list.contents().len(), 2);
    assert_eq!(list.selected("go"), Some("1.17"));
    let edges: Vec<String> = list.edges().map(|edge| edge.to_string()).collect();
    assert_eq!(
        edges[..2],
        ["example.com/main example.com/a@v1.0.0", "example.com/main example.com/b@v1.0.0"]
    );
    assert!(edges.contains(&"example.com/b@v1.0.0 example.com/c@v1.2.0".to_owned()));
}

#[test]
fn all_missing_files_are_named_and_inconclusive() {
    let error = answer(Mode::Readonly, "1.16: a@v1 b@v1", "a@v1 1.16: c@v1").unwrap_err();
    assert!(error.is_inconclusive());
    let Error::Graph(graph) = error else { panic!("{error}") };
    assert!(
        matches!(&graph.cause, LoadError::Missing { module, .. } if module.path == "example.com/b")
    );
    assert_eq!(graph.others.len(), 1);
    assert_eq!(graph.others[0].path, "example.com/c");
}

#[test]
fn updates_are_typed() {
    let error =
        answer(Mode::Readonly, "1.17: a@v1 b@v1", "a@v1 1.17: b@v1.2; b@v1 1.17:").unwrap_err();
    assert!(!error.is_inconclusive());
    let Error::GoModNeedsUpdate { updates, .. } = error else { panic!("{error}") };
    assert!(matches!(&updates[..], [Update::TooLow { selected, .. }] if selected == "v1.2.0"));
}

#[test]
fn hostile_graphs_are_read_once_and_without_recursion() {
    // A chain of ten thousand modules, each of which also requires the first.
    let mut universe = Universe::default();
    for index in 0..10_000 {
        let text =
            file(&format!("m{index}"), "1.16", &format!("m{}@v1 m0@v1", (index + 1) % 10_000));
        universe.files.insert(format!("example.com/m{index}@v1.0.0"), text);
    }
    let mut input = Input::new(main_module("/src", "main", "1.16", "m0@v1"));
    input.mode = Mode::Mod;
    input.threads = 4;
    let list = resolve(input, &universe).unwrap();
    assert_eq!(list.modules().len(), 10_001);
    assert_eq!(list.why("example.com/m9999").len(), 10_001);
    assert_eq!(universe.reads.load(Ordering::Relaxed), 10_000);
}

#[test]
fn versions_that_are_not_canonical_are_refused() {
    let cases =
        [("require example.com/a v1.2", 2), ("replace example.com/a => example.com/b v1.2", 2)];
    for (line, want) in cases {
        let main = MainModule::parse("/src", format!("module example.com/main\n{line}\n")).unwrap();
        let error = resolve(Input::new(main), &Universe::default()).unwrap_err();
        assert!(
            matches!(error, Error::NotCanonical { line, .. } if line == want),
            "{line}: {error}"
        );
    }
    let quoted = "module example.com/main\nrequire \"example.com/a\" \"v1.2.0\" // indirect\n";
    assert_eq!(MainModule::parse("/src", quoted).unwrap().not_canonical, None);
}
