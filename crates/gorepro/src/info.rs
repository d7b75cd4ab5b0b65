//! Build info against build info: what was asked of the go command, and from what it built.
//!
//! Source of the settings: `cmd/go/internal/load/pkg.go`, `setBuildInfo`. With `-trimpath` it leaves out
//! `-ldflags`, `-gcflags` and the `CGO_…` flags that could hold folders.

use crate::found::Causes;
use crate::godebug;
use goartifact::linker_flags::{BLANKS, LinkerFlags, words};
use goartifact::{BuildInfo, Module};
use std::collections::BTreeMap;

/// Settings whose difference is a cause of its own.
const SETTINGS: &[(&str, &str)] = &[
    ("GOOS", "platform"),
    ("GOARCH", "platform"),
    ("GOEXPERIMENT", "experiment"),
    ("GOFIPS140", "fips"),
    ("-race", "race"),
    ("-msan", "sanitizer"),
    ("-asan", "sanitizer"),
    ("-cover", "cover"),
    ("-covermode", "cover"),
    ("CGO_ENABLED", "cgo-enabled"),
    ("-buildmode", "buildmode"),
    ("-tags", "tags"),
    ("-pgo", "pgo"),
    ("-gcflags", "gcflags"),
    ("-asmflags", "gcflags"),
    ("-compiler", "toolchain"),
    ("CGO_CFLAGS", "cgo-flags"),
    ("CGO_CPPFLAGS", "cgo-flags"),
    ("CGO_CXXFLAGS", "cgo-flags"),
    ("CGO_LDFLAGS", "cgo-flags"),
    ("-trimpath", "trimpath"),
];

/// What `GOARCH` has levels of (`cmd/go/internal/cfg`, `GetArchEnv`).
const LEVELS: &[&str] = &[
    "GO386",
    "GOAMD64",
    "GOARM",
    "GOARM64",
    "GOMIPS",
    "GOMIPS64",
    "GOPPC64",
    "GORISCV64",
    "GOWASM",
];

/// Names the causes that build info tells.
pub(crate) fn compare(a: &BuildInfo, b: &BuildInfo, causes: &mut Causes) {
    let texts = |key: &str, a: Option<&str>, b: Option<&str>| {
        format!("{key}: {} → {}", a.unwrap_or("-"), b.unwrap_or("-"))
    };
    // `go1.26.8-X:nodwarf5`: the experiment is a setting, too.
    let release = |version: &str| {
        let end = version.find("-X:").or_else(|| version.find(" X:")).unwrap_or(version.len());
        version.get(..end).map(str::to_owned)
    };
    if release(&a.go_version) != release(&b.go_version) {
        causes.add("toolchain", format!("{} → {}", a.go_version, b.go_version));
    }
    if a.path != b.path && a.path.as_deref() != Some("command-line-arguments") {
        causes.add("package", texts("path", a.path.as_deref(), b.path.as_deref()));
    }
    // With -trimpath some settings are not told; that is no difference of theirs.
    let told = |key: &str| {
        let trimmed = |info: &BuildInfo| info.setting("-trimpath") == Some("true");
        let hidden = key.ends_with("FLAGS") || matches!(key, "-ldflags" | "-gcflags" | "-asmflags");
        !(hidden && trimmed(a) != trimmed(b))
    };
    let mut keys: Vec<&str> =
        a.settings.iter().chain(&b.settings).map(|it| it.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let (old, new) = (a.setting(key), b.setting(key));
        // GOFIPS140 sets a tag, too.
        let plain = |value: Option<&str>| match key {
            "-tags" => {
                let tags = value.unwrap_or_default().split(',');
                tags.filter(|tag| !tag.starts_with("fips140v")).collect::<Vec<_>>().join(",")
            }
            _ => value.unwrap_or_default().to_owned(),
        };
        if plain(old) == plain(new) {
            continue;
        }
        // Some settings are left out where they are empty.
        if old.unwrap_or_default() == new.unwrap_or_default() || !told(key) {
            continue;
        }
        let line = texts(key, old, new);
        if let Some((_, cause)) = SETTINGS.iter().find(|(name, _)| *name == key) {
            causes.add(cause, line);
        } else if LEVELS.contains(&key) {
            causes.add("cpu-level", line);
        } else if key == "-ldflags" {
            ldflags(old.unwrap_or_default(), new.unwrap_or_default(), causes);
        } else if key == "DefaultGODEBUG" {
            if let Some(line) = godebug::differences([a, b]) {
                causes.add("go-line", line);
            }
        } else if key == "vcs" || key.starts_with("vcs.") {
            causes.add("vcs-stamp", line);
        } else {
            causes.add("ldflags", line);
        }
    }
    modules(a, b, causes);
}

/// Values that `-X` set, as build info tells them.
pub(crate) fn set_by_linker(info: &BuildInfo) -> Vec<String> {
    let flags = LinkerFlags::of(info.setting("-ldflags").unwrap_or_default());
    flags
        .all()
        .filter(|(name, _)| name.starts_with("X "))
        .map(|(_, value)| value.to_owned())
        .collect()
}

/// Whether `-ldflags` ask for no symbols or no debug information; the C linker may be asked, too.
pub(crate) fn strips(ldflags: &str) -> bool {
    let flags = LinkerFlags::of(ldflags);
    flags.drop_symbols() || flags.drop_debug() || flags.c_linker_strips()
}

/// A word as the go command reads it again: a word that had quotes has at most the other kind in it.
fn quoted(word: String) -> String {
    let needs = word.is_empty() || word.contains(BLANKS) || word.starts_with(['\'', '"']);
    match (needs, word.contains('\'')) {
        (false, _) => word,
        (true, false) => format!("'{word}'"),
        (true, true) => format!("\"{word}\""),
    }
}

/// `-ldflags` without any `-X`.
pub fn without_x(text: &str) -> String {
    let mut out: Vec<String> = vec![];
    let mut rest = words(text).into_iter();
    while let Some(word) = rest.next() {
        match word.trim_start_matches('-') {
            "X" => drop(rest.next()),
            name if name.starts_with("X=") => {}
            _ => out.push(quoted(word)),
        }
    }
    out.join(" ")
}

fn ldflags(a: &str, b: &str, causes: &mut Causes) {
    let (old, new) = (LinkerFlags::of(a), LinkerFlags::of(b));
    let only_new = new.all().filter(|(key, _)| old.get(key).is_none());
    let mut named = false;
    for (key, _) in old.all().chain(only_new) {
        let (old, new) = (old.get(key), new.get(key));
        if old == new {
            continue;
        }
        named = true;
        let line = format!("-{key}: {} → {}", old.unwrap_or("-"), new.unwrap_or("-"));
        let id = match key {
            name if name.starts_with("X ") => "ldflags-x",
            "s" | "w" => "strip-at-link",
            "linkmode" => "linkmode",
            "buildid" | "B" => "build-id",
            "extld" => "c-linker",
            "extldflags" if line.contains("-fuse-ld") => "c-linker",
            _ => "ldflags",
        };
        causes.add(id, line);
    }
    if !named {
        causes.add("ldflags", format!("-ldflags: {a} → {b}"));
    }
}

/// A version that the go command made from the repository: `v0.0.0-20260102030405-0123456789ab+dirty`.
fn of_vcs(version: &str) -> bool {
    let base = version.split('+').next().unwrap_or_default();
    let mut parts = base.rsplit('-');
    let commit = parts
        .next()
        .is_some_and(|part| part.len() == 12 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    version.ends_with("+dirty") || commit && parts.next().is_some()
}

fn modules(a: &BuildInfo, b: &BuildInfo, causes: &mut Causes) {
    let (old, new) = (a.main.clone().unwrap_or_default(), b.main.clone().unwrap_or_default());
    if old.path != new.path {
        causes.add("package", format!("module: {} → {}", old.path, new.path));
    } else if old.version != new.version {
        // Of the same commit, the tags or the way of the build differ. Toolchains before Go 1.24 write no version.
        let stamped = causes.has("vcs-stamp");
        let unknown = [&old.version, &new.version].iter().any(|version| *version == "(devel)");
        let id = if stamped { "vcs-stamp" } else { "main-version" };
        if stamped || !(unknown && causes.has("toolchain")) {
            causes.add(id, format!("{}: {} → {}", old.path, old.version, new.version));
        }
    }
    let map = |info: &BuildInfo| -> BTreeMap<String, Module> {
        info.deps.iter().map(|dep| (dep.path.clone(), dep.clone())).collect()
    };
    let (old, new) = (map(a), map(b));
    let sums = |modules: &BTreeMap<String, Module>| {
        modules.values().filter(|it| it.replace.is_none() && !it.sum.is_empty()).count()
    };
    let vendored = (sums(&old) == 0) != (sums(&new) == 0) && old.keys().eq(new.keys());
    for (path, first) in &old {
        let Some(second) = new.get(path) else {
            causes.add("module-version", format!("{path}: {} → -", first.version));
            continue;
        };
        let line = format!("{path}: {} → {}", whole(first), whole(second));
        if first.replace != second.replace {
            causes.add("replace", line);
        } else if first.version != second.version {
            let local = [first, second]
                .iter()
                .any(|it| it.version == "(devel)" || of_vcs(&it.version) && it.sum.is_empty());
            causes.add(if local { "workspace" } else { "module-version" }, line);
        } else if first.sum != second.sum {
            let one_sided = first.sum.is_empty() != second.sum.is_empty();
            let id = match (one_sided, vendored) {
                (true, true) => "vendor",
                (true, false) => "workspace",
                _ => "module-sum",
            };
            causes.add(id, line);
        }
    }
    for (path, second) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
        causes.add("module-version", format!("{path}: - → {}", second.version));
    }
}

fn whole(module: &Module) -> String {
    let mut text = module.version.clone();
    if !module.sum.is_empty() {
        text += &format!(" {}", module.sum);
    }
    if let Some(replace) = &module.replace {
        text += &format!(" => {} {}", replace.path, replace.version);
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use goartifact::Setting;

    fn of(settings: &[(&str, &str)]) -> BuildInfo {
        let setting =
            |(key, value): &(&str, &str)| Setting { key: (*key).into(), value: (*value).into() };
        BuildInfo { settings: settings.iter().map(setting).collect(), ..BuildInfo::default() }
    }

    fn causes(a: &[(&str, &str)], b: &[(&str, &str)]) -> Vec<&'static str> {
        let mut causes = Causes::default();
        compare(&of(a), &of(b), &mut causes);
        causes.finish().iter().map(|found| found.cause.id).collect()
    }

    #[test]
    fn settings_are_causes() {
        assert_eq!(causes(&[("GOAMD64", "v1")], &[("GOAMD64", "v3")]), ["repro.cpu-level"]);
        assert_eq!(
            causes(&[("-ldflags", "-s")], &[("-ldflags", "-X 'main.a=b c'")]),
            ["repro.strip-at-link", "repro.ldflags-x"]
        );
        assert_eq!(
            causes(&[("-ldflags", "-X main.a=1")], &[("-ldflags", "-X=main.a=2")]),
            ["repro.ldflags-x"]
        );
        assert_eq!(causes(&[("-trimpath", "true")], &[("-ldflags", "-s")]), ["repro.trimpath"]);
        assert_eq!(causes(&[("-race", "true")], &[]), ["repro.race"]);
        assert_eq!(causes(&[("CGO_CFLAGS", "")], &[]), [""; 0]);
    }

    #[test]
    fn flags_without_x_are_read_as_they_were() {
        assert_eq!(without_x("-s -X main.a=1 '-X=main.b=2 3' -w"), "-s -w");
        // Found by fuzzing: a word with a quote in it kept the wrong ones.
        for text in ["\"-extldflags=-Wl,-z 'now'\" -w", "'' '\"x' -s", "a\u{a0}b"] {
            assert_eq!(words(&without_x(text)), words(text), "{text}");
        }
    }

    #[test]
    fn a_version_made_from_the_repository_is_known() {
        assert!(of_vcs("v0.0.0-20260102030405-0123456789ab"));
        assert!(of_vcs("v1.2.4-0.20260102030405-0123456789ab+dirty"));
        assert!(!of_vcs("v1.2.3") && !of_vcs("(devel)"));
    }
}
