//! What B asks of the machine on which A runs.

use super::{Comparison, why};
use crate::{Libc, Links, Program, Snapshot};

/// Parts of glibc itself.
const OF_GLIBC: &[&str] = &[
    "libc.so",
    "libpthread.so",
    "libdl.so",
    "librt.so",
    "libm.so",
    "libresolv.so",
    "libutil.so",
    "ld-linux",
    "ld64.so",
    "libc.musl",
    "ld-musl",
];

/// A version of glibc: major, minor.
type Version = (u32, u32);

/// `2.36`
fn version(text: &str) -> Option<Version> {
    let mut parts = text.split('.');
    let mut next = || parts.next()?.parse().ok();
    Some((next()?, next()?))
}

/// The newest glibc that is asked for: `GLIBC_2.34`; relative relocations in their short form need 2.36.
fn needs(links: &Links) -> Option<Version> {
    let of = |text: &String| match text.strip_prefix("GLIBC_")? {
        "ABI_DT_RELR" => Some((2, 36)),
        other => version(other),
    };
    links.versions.values().flatten().filter_map(of).max()
}

fn words(version: Option<Version>) -> String {
    version.map_or_else(|| "no glibc".to_owned(), |(major, minor)| format!("GLIBC_{major}.{minor}"))
}

/// The kind of C library that a loader belongs to.
fn kind(interpreter: &str) -> &'static str {
    if interpreter.contains("musl") { "musl" } else { "glibc" }
}

pub(super) fn compare(a: &Snapshot, b: &Snapshot, all: &mut Comparison) {
    cpu(a, b, all);
    if let (Some(left), Some(right)) = (&a.host, &b.host) {
        all.same("host", "kernel", left.kernel.as_deref(), right.kernel.as_deref());
        let libc = |it: &crate::Host| {
            it.libc.as_ref().map(|it| {
                format!("{} {}", it.kind, it.version.as_deref().unwrap_or_default())
                    .trim_end()
                    .to_owned()
            })
        };
        all.same("host", "libc", libc(left).as_deref(), libc(right).as_deref());
    }
    let setting = |key| b.program.as_ref().and_then(|it| it.setting(key));
    let is_static = setting("CGO_ENABLED") == Some("0") && setting("-buildmode") != Some("plugin");
    let Some(wanted) = &b.links else {
        if setting("GOOS").is_some_and(|os| os != "linux") || is_static {
            all.skip("glibc", "B is linked without a C library", "B 未链接 C 库");
        } else if let (None, Some(old), Some(new)) = (&a.links, libc_of(a), libc_of(b))
            && (&old.kind, &old.version) == (&new.kind, &new.version)
        {
            // Both are yet to be linked, with one C library.
            all.compared.extend(["glibc", "libc-kind"]);
        } else if b.program.is_some() {
            let why = why(b, "links");
            all.gap(
                "glibc",
                format!("what B ({}) asks of the C library is not known{}", b.source.name, why.en),
                format!("B({})对 C 库的要求未知{}", b.source.name, why.zh),
            );
        }
        return;
    };
    all.compared.extend(["glibc", "libc-kind"]);
    interpreter(a, wanted, all);
    glibc(a, wanted, all);
    if let Some(have) = &a.links {
        all.compared.insert("shared-library");
        for library in wanted.libraries.difference(&have.libraries) {
            if !OF_GLIBC.iter().any(|own| library.starts_with(own)) {
                all.differs("shared-library", library, None, Some(library));
            }
        }
    }
}

fn libc_of(snapshot: &Snapshot) -> Option<&Libc> {
    snapshot.host.as_ref()?.libc.as_ref()
}

/// Whether the loader that B names is on A's machine.
fn interpreter(a: &Snapshot, wanted: &Links, all: &mut Comparison) {
    let Some(loader) = &wanted.interpreter else { return };
    let host = a.host.as_ref().filter(|it| it.runs);
    if let Some(libc) = host.and_then(|it| it.libc.as_ref()) {
        if libc.kind != kind(loader) {
            all.differs("libc-kind", "libc", Some(&libc.kind), Some(loader));
        }
        return;
    }
    match a.links.as_ref().and_then(|it| it.interpreter.as_deref()) {
        Some(other) if other != loader => {
            all.differs("libc-kind", "loader", Some(other), Some(loader));
        }
        Some(_) => {}
        // A is static, or it is not known: what the machine has is told by nobody.
        None => all.gap(
            "libc-kind",
            format!("B needs the loader {loader}; whether A's machine has it is not recorded (`--pid`, `--here`)"),
            format!("B 需要加载器 {loader};未记录 A 的机器是否具备(`--pid`、`--here`)"),
        ),
    }
}

fn glibc(a: &Snapshot, wanted: &Links, all: &mut Comparison) {
    let Some(need) = needs(wanted) else { return };
    let host = a.host.as_ref().filter(|it| it.runs);
    let libc = host.and_then(|it| it.libc.as_ref()).filter(|it| it.kind == "glibc");
    if let Some(has) = libc.and_then(|it| it.version.as_deref()).and_then(version) {
        if need > has {
            all.differs("glibc", "libc.so.6", Some(&words(Some(has))), Some(&words(Some(need))));
        }
        return;
    }
    let asked = a.links.as_ref().and_then(needs);
    // A runs there, so what it asks for is there.
    if asked.is_none_or(|asked| need > asked) {
        let (old, new) = (words(asked), words(Some(need)));
        all.gap(
            "glibc",
            format!("B needs {new} and A {old}; whether A's machine has it is not recorded (`--pid`, `--here`)"),
            format!("B 需要 {new},A 需要 {old};未记录 A 的机器是否具备(`--pid`、`--here`)"),
        );
    }
}

/// Whether A's processor can run B.
fn cpu(a: &Snapshot, b: &Snapshot, all: &mut Comparison) {
    let host = a.host.as_ref().filter(|it| it.runs);
    let has = host.and_then(|it| it.cpu_level.as_deref());
    let wants = b.program.as_ref().and_then(|it: &Program| it.setting("GOAMD64"));
    if let (Some(has), Some(wants)) = (has, wants) {
        all.compared.insert("cpu-level");
        // `v1` … `v4`
        if wants > has {
            all.differs("cpu-level", "GOAMD64", Some(has), Some(wants));
        }
    }
}
