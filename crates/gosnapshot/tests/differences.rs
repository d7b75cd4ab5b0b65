//! One change, one difference: each rule fires where it should and nowhere else.
#![expect(clippy::unwrap_used, reason = "tests")]

use goartifact::AfterLink;
use gosnapshot::{
    CCompiler, Comparison, Host, Kind, Libc, Links, Module, Paths, Program, RULES, Replacement,
    Snapshot, Source, Tool, Toolchain, Unknown, compare,
};
use std::collections::{BTreeMap, BTreeSet};

fn module(path: &str, version: &str) -> Module {
    Module {
        path: path.into(),
        version: version.into(),
        sum: format!("h1:{path}@{version}"),
        used: true,
        ..Module::default()
    }
}

fn replaced(path: &str, version: &str, by: &str, by_version: &str) -> Module {
    let sum = if by_version.is_empty() { String::new() } else { format!("h1:{by}@{by_version}") };
    let replace = Replacement { path: by.into(), version: by_version.into(), sum };
    Module { sum: String::new(), replace: Some(replace), ..module(path, version) }
}

/// A service with everything recorded, linked against glibc 2.17.
fn service() -> Snapshot {
    let settings = [
        ("-buildmode", "exe"),
        ("-compiler", "gc"),
        ("-trimpath", "true"),
        ("CGO_ENABLED", "1"),
        ("DefaultGODEBUG", "tlsmlkem=0"),
        ("GOARCH", "amd64"),
        ("GOOS", "linux"),
        ("GOAMD64", "v2"),
        ("vcs.revision", "0123456789abcdef"),
    ];
    let tool = |id: &str| Tool { build_id: id.into(), sha256: format!("{id}-sha") };
    let tools = [("compile", tool("c/1")), ("link", tool("l/1"))];
    let flags = [("-ldflags", "-X main.v=1")];
    let own = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    Snapshot {
        source: Source { kind: Kind::Build, name: "service".into() },
        toolchain: Some(Toolchain {
            version: "go1.24.11".into(),
            tools: tools.into_iter().map(|(name, tool)| (name.to_owned(), tool)).collect(),
            library: Some("sha256:std".into()),
        }),
        program: Some(Program {
            go_version: "go1.24.11".into(),
            path: Some("example.com/bank/cmd/pay".into()),
            main: Some(Module {
                go: Some("1.24.0".into()),
                ..module("example.com/bank", "v1.4.0")
            }),
            settings: settings.into_iter().map(own).collect(),
            after_link: Some(AfterLink::Intact),
            built: true,
            ..Program::default()
        }),
        modules: Some(vec![
            module("example.com/direct", "v1.2.0"),
            Module { indirect: Some(true), ..module("example.com/indirect", "v0.3.0") },
            module("example.com/major/v2", "v2.1.0"),
        ]),
        packages: Some(BTreeMap::new()),
        links: Some(links("GLIBC_2.17")),
        c_compiler: Some(CCompiler { command: "gcc".into(), version: "gcc 12".into() }),
        host: Some(Host { runs: true, ..host("2.31") }),
        paths: Some(Paths {
            goroot: "/usr/local/go".into(),
            module: "/src".into(),
            flags: flags.into_iter().map(own).collect(),
        }),
        ..Snapshot::default()
    }
}

fn links(version: &str) -> Links {
    Links {
        interpreter: Some("/lib64/ld-linux-x86-64.so.2".into()),
        libraries: BTreeSet::from(["libc.so.6".into()]),
        versions: BTreeMap::from([("libc.so.6".into(), BTreeSet::from([version.into()]))]),
    }
}

fn host(glibc: &str) -> Host {
    Host {
        runs: false,
        kernel: Some("6.1".into()),
        libc: Some(Libc {
            kind: "glibc".into(),
            version: Some(glibc.into()),
            path: "/lib/libc.so.6".into(),
        }),
        cpu_level: Some("v3".into()),
    }
}

fn set(snapshot: &mut Snapshot, key: &str, value: &str) {
    snapshot.program.as_mut().unwrap().settings.insert(key.into(), value.into());
}

fn go(snapshot: &mut Snapshot, version: &str) {
    snapshot.program.as_mut().unwrap().go_version = version.into();
    snapshot.toolchain.as_mut().unwrap().version = version.into();
}

fn modules(snapshot: &mut Snapshot) -> &mut Vec<Module> {
    snapshot.modules.as_mut().unwrap()
}

fn rules(comparison: &Comparison) -> Vec<&'static str> {
    let mut all: Vec<_> = comparison.differences.iter().map(|it| it.rule).collect();
    all.dedup();
    all
}

fn after_link(snapshot: &mut Snapshot, after: AfterLink) {
    snapshot.program.as_mut().unwrap().after_link = Some(after);
}

type Change = fn(&mut Snapshot);

/// What is changed in B, and the differences that come of it.
const CHANGES: &[(&str, Change, &[&str])] = &[
    ("nothing", |_| {}, &[]),
    ("another system", |b| set(b, "GOOS", "freebsd"), &["platform"]),
    ("another processor", |b| set(b, "GOARCH", "arm64"), &["platform"]),
    (
        "no -trimpath",
        |b| {
            b.program.as_mut().unwrap().settings.remove("-trimpath");
            set(b, "-ldflags", "-X main.v=1");
        },
        &["path-mode"],
    ),
    (
        "replaced by a folder",
        |b| {
            modules(b)[0] = replaced("example.com/direct", "v1.2.0", "../fork", "");
        },
        &["replace-local"],
    ),
    (
        "replaced by a fork on one side",
        |b| {
            modules(b)[0] = replaced("example.com/direct", "v1.2.0", "example.com/fork", "v1.2.1");
        },
        &["replace-one-side"],
    ),
    (
        "a module only there, replaced by a folder",
        |b| {
            modules(b).push(replaced("example.com/new", "v1.0.0", "./new", ""));
        },
        &["replace-local"],
    ),
    ("a newer glibc than the target has", |b| b.links = Some(links("GLIBC_2.34")), &["glibc"]),
    (
        "relative relocations in their short form",
        |b| {
            b.links = Some(links("GLIBC_ABI_DT_RELR"));
        },
        &["glibc"],
    ),
    ("a glibc that the target has", |b| b.links = Some(links("GLIBC_2.31")), &[]),
    (
        "musl",
        |b| {
            let loader = Some("/lib/ld-musl-x86_64.so.1".into());
            b.links = Some(Links { interpreter: loader, ..Links::default() });
        },
        &["libc-kind"],
    ),
    (
        "a level that the target's processor lacks",
        |b| set(b, "GOAMD64", "v4"),
        &["cpu-level", "arch-level-raised"],
    ),
    (
        "another program",
        |b| {
            b.program.as_mut().unwrap().path = Some("example.com/bank/cmd/other".into());
        },
        &["program"],
    ),
    ("a newer minor version", |b| go(b, "go1.25.5"), &["go-minor"]),
    ("a newer patch", |b| go(b, "go1.24.12"), &["go-patch"]),
    ("an older patch", |b| go(b, "go1.24.10"), &["go-patch", "go-older"]),
    ("a release candidate", |b| go(b, "go1.25rc1"), &["go-minor"]),
    ("a development version", |b| go(b, "devel go1.27-0a1b2c3d4e Mon"), &["go-devel"]),
    ("a patched toolchain that says so", |b| go(b, "go1.24.11-bank1"), &["toolchain-identity"]),
    (
        "a patched toolchain that says nothing",
        |b| {
            let tools = &mut b.toolchain.as_mut().unwrap().tools;
            tools.get_mut("compile").unwrap().build_id = "c/2".into();
        },
        &["toolchain-identity"],
    ),
    (
        "a tool that was edited in place",
        |b| {
            let tools = &mut b.toolchain.as_mut().unwrap().tools;
            tools.get_mut("link").unwrap().sha256 = "other".into();
        },
        &["toolchain-identity"],
    ),
    (
        "a patched standard library",
        |b| {
            b.toolchain.as_mut().unwrap().library = Some("sha256:other".into());
        },
        &["toolchain-identity"],
    ),
    ("a newer processor", |b| set(b, "GOAMD64", "v3"), &["arch-level-raised"]),
    ("an older processor", |b| set(b, "GOAMD64", "v1"), &["arch-level-lowered"]),
    ("an experiment", |b| set(b, "GOEXPERIMENT", "greenteagc"), &["goexperiment"]),
    (
        "an experiment behind the version",
        |b| {
            b.program.as_mut().unwrap().go_version = "go1.24.11 X:nodwarf5".into();
        },
        &["goexperiment"],
    ),
    ("one version, another sum", |b| modules(b)[0].sum = "h1:other".into(), &["module-sum"]),
    (
        "another major version",
        |b| modules(b)[2] = module("example.com/major/v3", "v3.0.0"),
        &["module-major"],
    ),
    (
        "an older major version",
        |b| modules(b)[2] = module("example.com/major", "v1.9.0"),
        &["module-major", "module-older"],
    ),
    (
        "from v0 to v1",
        |b| modules(b)[1] = module("example.com/indirect", "v1.0.0"),
        &["module-major"],
    ),
    (
        "a dependency goes back",
        |b| modules(b)[0] = module("example.com/direct", "v1.1.9"),
        &["module-older"],
    ),
    ("a certified module", |b| set(b, "GOFIPS140", "v1.0.0"), &["fips"]),
    ("FIPS mode", |b| set(b, "DefaultGODEBUG", "fips140=on,tlsmlkem=0"), &["fips"]),
    ("another default", |b| set(b, "DefaultGODEBUG", "tlsmlkem=1"), &["godebug-default"]),
    ("a default that goes away", |b| set(b, "DefaultGODEBUG", ""), &["godebug-default"]),
    ("no cgo", |b| set(b, "CGO_ENABLED", "0"), &["cgo"]),
    ("another build mode", |b| set(b, "-buildmode", "pie"), &["buildmode"]),
    ("another compiler", |b| set(b, "-compiler", "gccgo"), &["compiler"]),
    ("the race detector", |b| set(b, "-race", "true"), &["sanitizer"]),
    (
        "a shared library",
        |b| {
            b.links.as_mut().unwrap().libraries.insert("libpq.so.5".into());
        },
        &["shared-library"],
    ),
    (
        "a part of glibc",
        |b| {
            b.links.as_mut().unwrap().libraries.insert("libresolv.so.2".into());
        },
        &[],
    ),
    (
        "a newer dependency",
        |b| modules(b)[0] = module("example.com/direct", "v1.3.0"),
        &["module-version"],
    ),
    (
        "a newer indirect dependency",
        |b| {
            let newer = module("example.com/indirect", "v0.4.0");
            modules(b)[1] = Module { indirect: Some(true), ..newer };
        },
        &["module-indirect"],
    ),
    (
        "a new dependency",
        |b| modules(b).push(module("example.com/new", "v1.0.0")),
        &["module-one-side"],
    ),
    (
        "one that is required and not used",
        |b| {
            modules(b).push(Module { used: false, ..module("example.com/unused", "v1.0.0") });
        },
        &[],
    ),
    ("tags", |b| set(b, "-tags", "netgo"), &["tags"]),
    (
        "another C compiler",
        |b| b.c_compiler.as_mut().unwrap().version = "gcc 13".into(),
        &["c-compiler"],
    ),
    (
        "flags of cgo",
        |b| {
            b.paths.as_mut().unwrap().flags.insert("CGO_CFLAGS".into(), "-O3".into());
        },
        &["cgo-flags"],
    ),
    (
        "the default flags of cgo",
        |b| {
            b.paths.as_mut().unwrap().flags.insert("CGO_CFLAGS".into(), "-O2 -g".into());
        },
        &[],
    ),
    ("no optimisation", |b| set(b, "-gcflags", "all=-N -l"), &["compile-flags"]),
    ("a profile", |b| set(b, "-pgo", "/src/default.pgo"), &["pgo"]),
    (
        "a variable of the process",
        |b| {
            b.runtime.insert("GOGC".into(), "50".into());
        },
        &["godebug-environment"],
    ),
    (
        "another go line",
        |b| {
            b.program.as_mut().unwrap().main.as_mut().unwrap().go = Some("1.25.0".into());
        },
        &["go-line"],
    ),
    ("another commit", |b| set(b, "vcs.revision", "fedcba"), &["vcs"]),
    ("more than the commit", |b| set(b, "vcs.modified", "true"), &["dirty"]),
    (
        "more than the commit, of Go 1.24 and newer",
        |b| {
            let main = b.program.as_mut().unwrap().main.as_mut().unwrap();
            main.version = "v1.4.0+dirty".into();
        },
        &["dirty", "main-version"],
    ),
    (
        "changed after the link",
        |b| after_link(b, AfterLink::Changed { signs: vec![] }),
        &["after-link"],
    ),
    ("signed after the link", |b| after_link(b, AfterLink::Added { what: vec![] }), &[]),
    (
        "other flags of the linker",
        |b| {
            b.paths.as_mut().unwrap().flags.insert("-ldflags".into(), "-X main.v=2".into());
        },
        &["ldflags"],
    ),
    (
        "another release",
        |b| {
            b.program.as_mut().unwrap().main.as_mut().unwrap().version = "v1.5.0".into();
        },
        &["main-version"],
    ),
    ("another kernel", |b| b.host.as_mut().unwrap().kernel = Some("6.2".into()), &["host"]),
];

#[test]
fn one_change_is_one_difference_and_hides_nothing() {
    for (name, change, wanted) in CHANGES {
        let (a, mut b) = (service(), service());
        change(&mut b);
        let comparison = compare(&a, &b);
        assert_eq!(rules(&comparison), *wanted, "{name}: {:?}", comparison.differences);
        assert_eq!(comparison.gaps, [], "{name}");
    }
}

#[test]
fn an_experiment_in_the_version_is_no_other_toolchain() {
    // Until Go 1.25 behind a blank, then behind a hyphen.
    for version in ["go1.24.11 X:nodwarf5", "go1.24.11-X:nodwarf5"] {
        let (a, mut b) = (service(), service());
        b.program.as_mut().unwrap().go_version = version.into();
        set(&mut b, "GOEXPERIMENT", "nodwarf5");
        assert_eq!(rules(&compare(&a, &b)), ["goexperiment"], "{version}");
    }
}

#[test]
fn without_cgo_its_flags_do_not_matter() {
    let (mut a, mut b) = (service(), service());
    for side in [&mut a, &mut b] {
        set(side, "CGO_ENABLED", "0");
    }
    b.paths.as_mut().unwrap().flags.insert("CGO_CFLAGS".into(), "-O3".into());
    assert_eq!(rules(&compare(&a, &b)), Vec::<&str>::new());
}

/// What is taken away from B, and the rule that cannot be judged any more.
const SILENT: &[(&str, Change, &str)] = &[
    ("no build info", |b| b.program = None, "build-info"),
    ("no modules", |b| b.modules = None, "modules"),
    ("no toolchain", |b| b.toolchain = None, "toolchain-identity"),
    ("a sum is missing", |b| modules(b)[0].sum.clear(), "module-sum"),
    ("no links", |b| b.links = None, "glibc"),
    ("no C compiler", |b| b.c_compiler = None, "c-compiler"),
    ("no flags", |b| b.paths = None, "ldflags"),
    (
        "no level",
        |b| {
            b.program.as_mut().unwrap().settings.remove("GOAMD64");
        },
        "arch-level-raised",
    ),
    (
        "no word on cgo",
        |b| {
            b.program.as_mut().unwrap().settings.remove("CGO_ENABLED");
        },
        "cgo",
    ),
    (
        "something went wrong",
        |b| {
            b.unknown.push(Unknown {
                part: "modules".into(),
                why: "offline".into(),
                by_nature: false,
            });
        },
        "modules",
    ),
];

#[test]
fn what_a_side_does_not_tell_is_no_equality() {
    for (name, take_away, rule) in SILENT {
        for swapped in [false, true] {
            let (whole, mut less) = (service(), service());
            take_away(&mut less);
            let comparison = match swapped {
                false => compare(&whole, &less),
                true => compare(&less, &whole),
            };
            // What A's program asks for does not matter where its machine is known.
            if swapped && *rule == "glibc" {
                continue;
            }
            assert_eq!(comparison.differences, [], "{name}");
            assert!(comparison.gaps.iter().any(|gap| gap.rule == *rule), "{name} {swapped}");
        }
    }
}

#[test]
fn a_folder_that_replaces_on_both_sides_has_unknown_content_unless_it_has_a_sum() {
    let (mut a, mut b) = (service(), service());
    for side in [&mut a, &mut b] {
        modules(side)[0] = replaced("example.com/direct", "v1.2.0", "../fork", "");
    }
    let comparison = compare(&a, &b);
    assert_eq!((rules(&comparison), comparison.gaps[0].rule), (vec![], "replace-local"));
    for (side, sum) in [(&mut a, "h1:1"), (&mut b, "h1:2")] {
        modules(side)[0].replace.as_mut().unwrap().sum = sum.into();
    }
    assert_eq!(rules(&compare(&a, &b)), ["replace-local"]);
    modules(&mut b)[0] = replaced("example.com/direct", "v1.2.0", "../other", "");
    assert_eq!(rules(&compare(&a, &b)), ["replace-local"]);
}

#[test]
fn other_forks_are_told_apart() {
    let (mut a, mut b) = (service(), service());
    modules(&mut a)[0] = replaced("example.com/direct", "v1.2.0", "example.com/fork", "v1.2.1");
    modules(&mut b)[0] = replaced("example.com/direct", "v1.2.0", "example.com/fork", "v1.2.2");
    assert_eq!(rules(&compare(&a, &b)), ["replace-changed"]);
    modules(&mut b)[0] = replaced("example.com/direct", "v1.2.0", "example.com/fork", "v1.2.1");
    assert_eq!(rules(&compare(&a, &b)), Vec::<&str>::new());
    modules(&mut b)[0].replace.as_mut().unwrap().sum = "h1:moved".into();
    assert_eq!(rules(&compare(&a, &b)), ["module-sum"]);
}

/// A host that can load plugins, and a plugin.
fn host_and_plugin() -> (Snapshot, Snapshot) {
    let hashes = |names: &[(&str, &str)]| -> Option<BTreeMap<String, String>> {
        Some(names.iter().map(|(name, hash)| ((*name).into(), hash.repeat(8))).collect())
    };
    let (mut host, mut plugin) = (service(), service());
    host.packages = hashes(&[("fmt", "01"), ("main", "02"), ("plugin", "03"), ("runtime", "04")]);
    plugin.packages = hashes(&[("fmt", "01"), ("runtime", "04"), ("example.com/plug", "05")]);
    plugin.program.as_mut().unwrap().path = Some("example.com/plug".into());
    set(&mut plugin, "-buildmode", "plugin");
    plugin.links.as_mut().unwrap().interpreter = None;
    (host, plugin)
}

#[test]
fn a_plugin_fits_its_host_as_plugin_open_has_it() {
    let (host, plugin) = host_and_plugin();
    assert_eq!(rules(&compare(&host, &plugin)), Vec::<&str>::new());
    let with = |change: Change| {
        let (_, mut plugin) = host_and_plugin();
        change(&mut plugin);
        rules(&compare(&host, &plugin))
    };
    let other = |b: &mut Snapshot| {
        b.packages.as_mut().unwrap().insert("fmt".into(), "06".repeat(8));
    };
    assert_eq!(with(other), ["package-hash"]);
    // A package that only the plugin has comes with it.
    let own = |b: &mut Snapshot| {
        b.packages.as_mut().unwrap().insert("example.com/own".into(), "07".repeat(8));
    };
    assert_eq!(with(own), Vec::<&str>::new());
    assert_eq!(with(|b| go(b, "go1.25.5")), ["plugin-go-version"]);
    assert_eq!(with(|b| go(b, "go1.24.12")), ["go-patch"]);
    assert_eq!(with(|b| modules(b).push(module("example.com/own", "v1.0.0"))), Vec::<&str>::new());
}

#[test]
fn a_program_without_a_loader_loads_no_plugin() {
    let (mut host, plugin) = host_and_plugin();
    host.packages = Some(BTreeMap::new());
    assert_eq!(rules(&compare(&host, &plugin)), ["plugin-host"]);
    host.packages = None;
    let comparison = compare(&host, &plugin);
    assert!(comparison.gaps.iter().any(|gap| gap.rule == "package-hash"), "{:?}", comparison.gaps);
}

#[test]
fn two_programs_tell_no_toolchain_and_that_is_said() {
    let program = |mut it: Snapshot| {
        (it.toolchain, it.c_compiler, it.host, it.paths) = (None, None, None, None);
        it.source.kind = Kind::Binary;
        it
    };
    let (a, b) = (program(service()), program(service()));
    // One that is of the link that a snapshot was taken of was made by its toolchain and flags.
    let linked = |mut it: Snapshot, id: &str| {
        it.program.as_mut().unwrap().build_id = Some(id.into());
        it
    };
    for (id, all_known) in [("a/b/c/d", true), ("chosen", false)] {
        let comparison = compare(&linked(service(), id), &linked(b.clone(), id));
        assert_eq!((rules(&comparison), comparison.gaps.is_empty()), (vec![], all_known), "{id}");
    }
    let comparison = compare(&a, &b);
    assert_eq!((rules(&comparison), comparison.gaps.len()), (vec![], 0));
    for rule in ["toolchain-identity", "c-compiler", "ldflags", "cgo-flags"] {
        assert!(comparison.skipped.contains_key(rule), "{rule}");
    }
    // A needs what its machine has; more than that nobody knows.
    let mut newer = b;
    newer.links = Some(links("GLIBC_2.34"));
    assert_eq!(compare(&a, &newer).gaps[0].rule, "glibc");
    newer.links = Some(links("GLIBC_2.14"));
    assert_eq!(compare(&a, &newer).gaps, []);
}

#[test]
fn between_minor_versions_a_default_on_one_side_says_nothing() {
    let (a, mut b) = (service(), service());
    go(&mut b, "go1.25.5");
    set(&mut b, "DefaultGODEBUG", "tlsmlkem=0,containermaxprocs=0");
    assert_eq!(rules(&compare(&a, &b)), ["go-minor"]);
    set(&mut b, "DefaultGODEBUG", "tlsmlkem=1");
    assert_eq!(rules(&compare(&a, &b)), ["go-minor", "godebug-default"]);
}

#[test]
fn the_same_build_id_is_the_same_program() {
    let (mut a, mut b) = (service(), service());
    for side in [&mut a, &mut b] {
        side.program.as_mut().unwrap().build_id = Some("x/y".into());
    }
    (a.links, a.packages, a.host) = (None, None, None);
    assert_eq!(compare(&a, &b).gaps, []);
}

#[test]
fn another_link_is_said_where_nothing_else_differs() {
    let (mut a, mut b) = (service(), service());
    a.program.as_mut().unwrap().build_id = Some("x/y".into());
    b.program.as_mut().unwrap().build_id = Some("x/z".into());
    assert_eq!(rules(&compare(&a, &b)), ["code"]);
}

/// What is unknown of a kind of difference, in English.
fn unknown<'a>(comparison: &'a Comparison, rule: &str) -> Vec<&'a str> {
    let gaps = comparison.gaps.iter().filter(|it| it.rule == rule);
    gaps.map(|it| it.why.en.as_str()).collect()
}

#[test]
fn a_commit_that_is_not_named_is_no_equality() {
    let (named, mut nameless) = (service(), service());
    nameless.program.as_mut().unwrap().settings.remove("vcs.revision");
    let comparison = compare(&named, &nameless);
    assert!(comparison.differences.is_empty());
    assert_eq!(
        unknown(&comparison, "vcs"),
        ["B names no commit: built with -buildvcs=false or outside of a repository"]
    );
    let neither = compare(&nameless, &nameless);
    assert!(neither.skipped["vcs"].en.contains("-buildvcs=false"));
    // A folder is not built yet.
    let mut folder = nameless.clone();
    folder.program.as_mut().unwrap().built = false;
    assert!(unknown(&compare(&named, &folder), "vcs").is_empty());
}

#[test]
fn two_changed_worktrees_at_one_commit_may_be_two_sources() {
    let mut dirty = service();
    set(&mut dirty, "vcs.modified", "true");
    assert_eq!(unknown(&compare(&dirty, &dirty), "dirty").len(), 1);
    // One link is one source.
    dirty.program.as_mut().unwrap().build_id = Some("a/b/c/d".into());
    assert!(unknown(&compare(&dirty, &dirty), "dirty").is_empty());
}

#[test]
fn programs_of_files_are_told_apart_by_their_main_function() {
    let of = |main_file: &str, content: &str| {
        let mut snapshot = service();
        let program = snapshot.program.as_mut().unwrap();
        program.path = Some("command-line-arguments".into());
        program.main = None;
        program.main_file = Some(main_file.into());
        program.build_id = Some(format!("a{content}/m{content}/{content}/e{content}"));
        snapshot
    };
    let found = |a: &Snapshot, b: &Snapshot| {
        let comparison = compare(a, b);
        let differs = comparison.differences.iter().any(|it| it.rule == "program");
        (differs, unknown(&comparison, "program").len())
    };
    let pay = of("/src/pay.go", "c1");
    assert_eq!(found(&pay, &of("/src/tool.go", "c2")), (true, 0));
    assert_eq!(found(&pay, &of("/src/pay.go", "c2")), (false, 0), "a patch of it");
    assert_eq!(found(&pay, &of("/other/pay.go", "c1")), (false, 0), "the same main package");
    assert_eq!(found(&of("./main.go", "c1"), &of("./main.go", "c2")), (false, 1));
    let mut package = service();
    package.program.as_mut().unwrap().build_id = Some("a/m/c3/e".into());
    assert_eq!(found(&pay, &package), (false, 1), "one of a package");
}

#[test]
fn a_change_after_the_link_on_both_sides_is_not_compared() {
    let mut changed = service();
    after_link(&mut changed, AfterLink::Changed { signs: vec![] });
    let both = compare(&changed, &changed);
    assert!(both.differences.is_empty() && both.skipped["after-link"].en.contains("both sides"));
    // Where the other side does not tell, the changed one still shows.
    let mut older = service();
    older.program.as_mut().unwrap().after_link = None;
    assert_eq!(rules(&compare(&older, &changed)), ["after-link"]);
    assert!(compare(&older, &service()).skipped.contains_key("after-link"));
}

#[test]
fn a_stripped_host_takes_plugins_and_a_stripped_plugin_is_told() {
    let changed = AfterLink::Changed { signs: vec![goartifact::Change::Stripped] };
    let (mut host, plugin) = host_and_plugin();
    after_link(&mut host, changed.clone());
    assert!(!rules(&compare(&host, &plugin)).contains(&"after-link"));
    let (host, mut plugin) = host_and_plugin();
    after_link(&mut plugin, changed);
    assert!(rules(&compare(&host, &plugin)).contains(&"after-link"));
}

#[test]
fn every_rule_has_a_test() {
    let mut tested: BTreeSet<&str> =
        CHANGES.iter().flat_map(|(_, _, rules)| *rules).copied().collect();
    tested.extend(SILENT.iter().map(|(_, _, rule)| *rule));
    tested.extend(["code", "replace-changed", "package-hash", "plugin-host", "plugin-go-version"]);
    // Two builds without -trimpath in two folders: in the end-to-end tests.
    tested.insert("source-root");
    for rule in RULES {
        assert!(tested.contains(rule.id), "{} has no test", rule.id);
    }
}
