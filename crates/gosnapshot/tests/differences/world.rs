//! A service with everything recorded, and what is done to it.

use goartifact::AfterLink;
use gosnapshot::{
    CCompiler, Comparison, Host, Kind, Libc, Links, Module, Paths, Program, Replacement, Snapshot,
    Source, Tool, Toolchain,
};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn module(path: &str, version: &str) -> Module {
    Module {
        path: path.into(),
        version: version.into(),
        sum: format!("h1:{path}@{version}"),
        used: true,
        ..Module::default()
    }
}

pub(crate) fn replaced(path: &str, version: &str, by: &str, by_version: &str) -> Module {
    let sum = if by_version.is_empty() { String::new() } else { format!("h1:{by}@{by_version}") };
    let replace = Replacement { path: by.into(), version: by_version.into(), sum };
    Module { sum: String::new(), replace: Some(replace), ..module(path, version) }
}

/// A service with everything recorded, linked against glibc 2.17.
pub(crate) fn service() -> Snapshot {
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

pub(crate) fn links(version: &str) -> Links {
    Links {
        interpreter: Some("/lib64/ld-linux-x86-64.so.2".into()),
        libraries: BTreeSet::from(["libc.so.6".into()]),
        versions: BTreeMap::from([("libc.so.6".into(), BTreeSet::from([version.into()]))]),
    }
}

pub(crate) fn host(glibc: &str) -> Host {
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

pub(crate) fn set(snapshot: &mut Snapshot, key: &str, value: &str) {
    snapshot.program.as_mut().unwrap().settings.insert(key.into(), value.into());
}

pub(crate) fn go(snapshot: &mut Snapshot, version: &str) {
    snapshot.program.as_mut().unwrap().go_version = version.into();
    snapshot.toolchain.as_mut().unwrap().version = version.into();
}

pub(crate) fn modules(snapshot: &mut Snapshot) -> &mut Vec<Module> {
    snapshot.modules.as_mut().unwrap()
}

pub(crate) fn rules(comparison: &Comparison) -> Vec<&'static str> {
    let mut all: Vec<_> = comparison.differences.iter().map(|it| it.rule).collect();
    all.dedup();
    all
}

pub(crate) fn after_link(snapshot: &mut Snapshot, after: AfterLink) {
    snapshot.program.as_mut().unwrap().after_link = Some(after);
}

/// What a case does to a snapshot.
pub(crate) type Change = fn(&mut Snapshot);
