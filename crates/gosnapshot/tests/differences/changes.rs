//! One change each, and what comes of it.

use crate::world::*;
use goartifact::AfterLink;
use gosnapshot::{Links, Module, Unknown};

/// What is changed in B, and the differences that come of it.
pub(crate) const CHANGES: &[(&str, Change, &[&str])] = &[
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

/// What is taken away from B, and the rule that cannot be judged any more.
pub(crate) const SILENT: &[(&str, Change, &str)] = &[
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
