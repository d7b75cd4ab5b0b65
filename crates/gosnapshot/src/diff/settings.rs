//! How they were built.

use super::Comparison;
use crate::{Program, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Levels of processors: setting → its values, the least first. What is not listed has no order.
const LEVELS: &[(&str, &[&str])] = &[
    ("GOAMD64", &["v1", "v2", "v3", "v4"]),
    ("GO386", &["softfloat", "sse2"]),
    ("GOARM", &["5", "6", "7"]),
    (
        "GOARM64",
        &[
            "v8.0", "v8.1", "v8.2", "v8.3", "v8.4", "v8.5", "v8.6", "v8.7", "v8.8", "v8.9", "v9.0",
            "v9.1", "v9.2", "v9.3", "v9.4", "v9.5",
        ],
    ),
    ("GOMIPS", &["softfloat", "hardfloat"]),
    ("GOMIPS64", &["softfloat", "hardfloat"]),
    ("GOPPC64", &["power8", "power9", "power10"]),
    ("GORISCV64", &["rva20u64", "rva22u64", "rva23u64"]),
    ("GOWASM", &[]),
];
/// Rule → settings that should be the same.
const SAME: &[(&str, &[&str])] = &[
    ("platform", &["GOOS", "GOARCH"]),
    ("compiler", &["-compiler"]),
    ("cgo", &["CGO_ENABLED"]),
    ("sanitizer", &["-race", "-msan", "-asan", "-cover"]),
    ("tags", &["-tags"]),
    ("compile-flags", &["-gcflags", "-asmflags", "-gccgoflags"]),
    ("pgo", &["-pgo"]),
];
/// These say of a program's C code how it was made; `-trimpath` keeps them out of it.
const CGO_FLAGS: &[&str] = &["CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS"];

pub(super) fn compare(
    a: &Snapshot,
    b: &Snapshot,
    old: &Program,
    new: &Program,
    all: &mut Comparison,
) {
    for (rule, keys) in SAME {
        for key in *keys {
            let values = (value(old, key), value(new, key));
            match (*rule, values) {
                // Everything else has a value that is known where none is written.
                ("platform" | "cgo" | "compiler", (None, _) | (_, None)) => all.gap(
                    rule,
                    format!("{key} is not recorded on both sides"),
                    format!("{key} 未在两侧都记录"),
                ),
                (_, (left, right)) if *key == "-tags" => {
                    all.same(rule, key, left.as_deref(), right.as_deref());
                }
                (_, (left, right)) => all.same(rule, key, left.as_deref(), right.as_deref()),
            }
        }
    }
    for (key, order) in LEVELS {
        level(key, order, old.setting(key), new.setting(key), all);
    }
    let trimmed = |it: &Program| it.setting("-trimpath") == Some("true");
    let mode = |it: &Program| if trimmed(it) { "-trimpath" } else { "no -trimpath" };
    all.same("path-mode", "-trimpath", Some(mode(old)), Some(mode(new)));
    let experiments = (experiments(old), experiments(new));
    all.same("goexperiment", "GOEXPERIMENT", Some(&experiments.0), Some(&experiments.1));
    godebug(old, new, all);
    hidden(a, b, old, new, all);
    if let (Some(left), Some(right)) = (&a.paths, &b.paths)
        && !trimmed(old)
        && !trimmed(new)
    {
        all.same("source-root", "GOROOT", Some(&left.goroot), Some(&right.goroot));
        all.same("source-root", "module folder", Some(&left.module), Some(&right.module));
    }
    if let (Some(left), Some(right)) = (&a.c_compiler, &b.c_compiler) {
        all.same("c-compiler", &left.command, Some(&left.version), Some(&right.version));
    } else if old.setting("CGO_ENABLED") == Some("1") || new.setting("CGO_ENABLED") == Some("1") {
        if a.c_compiler.is_some() != b.c_compiler.is_some() {
            all.gap(
                "c-compiler",
                "only one side has the version of its C compiler",
                "只有一侧记录了 C 编译器版本",
            );
        } else {
            all.skip("c-compiler", "neither side tells its C compiler", "两侧均未记录 C 编译器");
        }
    }
    if a.host.as_ref().is_some_and(|it| it.runs) && b.host.as_ref().is_some_and(|it| it.runs) {
        let names: BTreeSet<&String> = a.runtime.keys().chain(b.runtime.keys()).collect();
        all.compared.insert("godebug-environment");
        for name in names {
            let values = (a.runtime.get(name), b.runtime.get(name));
            let values = (values.0.map(String::as_str), values.1.map(String::as_str));
            all.same("godebug-environment", name, values.0, values.1);
        }
    }
}

/// A setting's value; tags in order, as theirs does not matter.
fn value(program: &Program, key: &str) -> Option<String> {
    let value = program.setting(key)?;
    match key {
        "-tags" => {
            let tags: BTreeSet<&str> =
                value.split([',', ' ']).filter(|tag| !tag.is_empty()).collect();
            Some(tags.into_iter().collect::<Vec<_>>().join(","))
        }
        // `-race=false` is as if it was not there.
        "-race" | "-msan" | "-asan" | "-cover" => (value == "true").then(|| "true".to_owned()),
        // Of a profile the path differs from machine to machine; that there is one counts.
        "-pgo" => value.rsplit(['/', '\\']).next().filter(|it| *it != "off").map(str::to_owned),
        _ => Some(value.to_owned()),
    }
}

/// A processor's level with its options: `v8.1,lse`.
fn level(key: &str, order: &[&str], old: Option<&str>, new: Option<&str>, all: &mut Comparison) {
    if old.is_none() && new.is_none() {
        return;
    }
    all.compared.extend(["arch-level-raised", "arch-level-lowered"]);
    if old == new {
        return;
    }
    let (Some(left), Some(right)) = (old, new) else {
        all.gap(
            "arch-level-raised",
            format!("{key} is recorded on one side only"),
            format!("{key} 仅一侧有记录"),
        );
        return;
    };
    let split = |text: &str| -> (Option<usize>, BTreeSet<String>) {
        let mut parts = text.split(',');
        let first = parts.next().unwrap_or_default();
        let rank = order.iter().position(|level| *level == first);
        (rank, parts.filter(|it| !it.is_empty()).map(str::to_owned).collect())
    };
    let ((from, have), (to, want)) = (split(left), split(right));
    // Software floating point asks for less.
    let more = want.iter().any(|it| it != "softfloat" && !have.contains(it))
        || have.contains("softfloat") && !want.contains("softfloat");
    let lower = matches!((from, to), (Some(from), Some(to)) if to <= from) && !more;
    let rule = if lower { "arch-level-lowered" } else { "arch-level-raised" };
    all.differs(rule, key, old, new);
}

/// `GOEXPERIMENT`, as a setting or behind the version: `go1.26.8 X:nodwarf5`.
fn experiments(program: &Program) -> String {
    let behind = program.go_version.split_once("X:").map(|(_, rest)| rest);
    let named = program.setting("GOEXPERIMENT").or(behind).unwrap_or_default();
    let all: BTreeSet<&str> = named.split([',', ' ']).filter(|it| !it.is_empty()).collect();
    all.into_iter().collect::<Vec<_>>().join(",")
}

/// `key=value,…`
fn keys(program: &Program) -> BTreeMap<&str, &str> {
    let text = program.setting("DefaultGODEBUG").unwrap_or_default();
    text.split(',').filter_map(|pair| pair.split_once('=')).collect()
}

/// The defaults of GODEBUG, and the FIPS mode, which is one of them and a setting of its own.
fn godebug(old: &Program, new: &Program, all: &mut Comparison) {
    let (mut left, mut right) = (keys(old), keys(new));
    let off = |it: Option<&str>| it.filter(|value| *value != "off").map(str::to_owned);
    let module = (off(old.setting("GOFIPS140")), off(new.setting("GOFIPS140")));
    all.same("fips", "GOFIPS140", module.0.as_deref(), module.1.as_deref());
    let mode = (off(left.remove("fips140")), off(right.remove("fips140")));
    all.same("fips", "GODEBUG=fips140", mode.0.as_deref(), mode.1.as_deref());
    // Each Go writes only what differs from its own defaults: between minor versions a key on one side says nothing.
    let language = |it: &Program| {
        gomod::go_version::of_toolchain(&it.go_version).and_then(gomod::go_version::lang)
    };
    let alike = language(old) == language(new);
    all.compared.insert("godebug-default");
    let names: BTreeSet<&str> = left.keys().chain(right.keys()).copied().collect();
    for name in names {
        let values = (left.get(name).copied(), right.get(name).copied());
        if alike || values.0.is_some() && values.1.is_some() {
            all.same("godebug-default", name, values.0, values.1);
        }
    }
}

/// What `-trimpath` keeps out of programs: the flags of the linker and of cgo.
fn hidden(a: &Snapshot, b: &Snapshot, old: &Program, new: &Program, all: &mut Comparison) {
    let told = |snapshot: &Snapshot, program: &Program, key: &str| -> Option<String> {
        let written = program.setting(key).map(str::to_owned);
        let hides = program.built && program.setting("-trimpath") == Some("true");
        let known = snapshot.paths.as_ref().map(|paths| {
            let flag = paths.flags.get(key).cloned();
            flag.unwrap_or_default()
        });
        match (written, hides) {
            (Some(value), _) => Some(value),
            (None, true) => known,
            (None, false) => Some(String::new()),
        }
    };
    let uses_cgo = [old, new].iter().any(|it| it.setting("CGO_ENABLED") != Some("0"));
    let cgo_flags = if uses_cgo { CGO_FLAGS } else { &[] };
    for key in ["-ldflags"].iter().chain(cgo_flags) {
        let rule = if *key == "-ldflags" { "ldflags" } else { "cgo-flags" };
        // What the go command takes where nobody says anything is written by some versions only.
        let plain = |it: String| if it == "-O2 -g" { String::new() } else { it };
        match (told(a, old, key).map(plain), told(b, new, key).map(plain)) {
            (Some(left), Some(right)) => all.same(rule, key, Some(&left), Some(&right)),
            (None, None) => all.skip(
                rule,
                "-trimpath keeps these flags out of programs; a snapshot taken where it is built has them",
                "-trimpath 使程序不含这些标志;在构建处记录的快照才有",
            ),
            _ => all.gap(
                rule,
                format!("-trimpath keeps {key} out of one side's program"),
                format!("-trimpath 使一侧的程序不含 {key}"),
            ),
        }
    }
}
