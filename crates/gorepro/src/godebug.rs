//! Defaults of `GODEBUG` that programs carry: they follow from the go line of `go.mod`, from its godebug lines,
//! and from which settings the toolchain knows.
//!
//! Source: `internal/godebugs/table.go`, `doc/godebug.md`, `cmd/go/internal/load/godebug.go` (`defaultGODEBUG`).

use goartifact::BuildInfo;
use std::collections::BTreeMap;

/// Settings whose default a minor version changed; it and newer ones know them.
const CHANGED: &[(&str, u32)] = &[
    ("asynctimerchan", 23),
    ("containermaxprocs", 25),
    ("cryptocustomrand", 26),
    ("decoratemappings", 25),
    ("gotestjsonbuildtext", 24),
    ("gotypesalias", 23),
    ("httplaxcontentlength", 22),
    ("httpmuxgo121", 22),
    ("multipathtcp", 24),
    ("netedns0", 19),
    ("panicnil", 21),
    ("randseednop", 24),
    ("rsa1024min", 24),
    ("tls10server", 22),
    ("tls3des", 23),
    ("tlsmlkem", 24),
    ("tlsrsakex", 22),
    ("tlssecpmlkem", 26),
    ("tlssha1", 25),
    ("tlsunsafeekm", 22),
    ("updatemaxprocs", 25),
    ("urlstrictcolons", 26),
    ("winreadlinkvolume", 23),
    ("winsymlink", 23),
    ("x509keypairleaf", 23),
    ("x509negativeserial", 23),
    ("x509rsacrt", 24),
    ("x509sha256skid", 25),
    ("x509usepolicies", 24),
];
/// Settings that patch releases brought: which of them knows one is in no rule.
const BROUGHT_BACK: &[&str] = &[
    "allowmultiplevcs",
    "fips140ems",
    "htmlmetacontenturlescape",
    "httpcookiemaxnum",
    "httpservecontentkeepheaders",
    "urlmaxqueryparams",
];

/// The keys that differ, as one line; all of them would be a long one. What another toolchain alone explains is
/// left out.
pub(crate) fn differences([a, b]: [&BuildInfo; 2]) -> Option<String> {
    let toolchains =
        [a, b].map(|info| info.go_version.split(['-', ' ']).next().unwrap_or_default());
    let fips = a.setting("GOFIPS140") != b.setting("GOFIPS140");
    let [old, new] = [a, b].map(settings);
    let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
    let of_both = |key: &str| {
        toolchains[0] == toolchains[1]
            || old.contains_key(key) && new.contains_key(key)
            || known_to_both(key, toolchains.map(minor))
    };
    let value = |settings: &BTreeMap<&str, &str>, key: &str| {
        settings.get(key).map_or_else(|| "-".to_owned(), |value| (*value).to_owned())
    };
    let differ: Vec<String> = keys
        .filter(|key| old.get(*key) != new.get(*key))
        .filter(|key| !(fips && **key == "fips140") && of_both(key))
        .map(|key| format!("{key}: {} → {}", value(&old, key), value(&new, key)))
        .collect();
    (!differ.is_empty()).then(|| format!("DefaultGODEBUG: {}", differ.join(", ")))
}

fn settings(info: &BuildInfo) -> BTreeMap<&str, &str> {
    let text = info.setting("DefaultGODEBUG").unwrap_or_default();
    text.split(',').filter_map(|pair| pair.split_once('=')).collect()
}

/// `go1.25.5` → 25.
fn minor(toolchain: &str) -> Option<u32> {
    let rest = toolchain.strip_prefix("go1.")?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// Whether both toolchains know a setting, so that its being on one side alone has another reason.
fn known_to_both(key: &str, minors: [Option<u32>; 2]) -> bool {
    let [Some(a), Some(b)] = minors else { return false };
    if BROUGHT_BACK.contains(&key) {
        return false;
    }
    match CHANGED.iter().find(|(name, _)| *name == key) {
        Some((_, since)) => a.min(b) >= *since,
        None => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goartifact::Setting;

    fn of(toolchain: &str, settings: &str) -> BuildInfo {
        let setting = Setting { key: "DefaultGODEBUG".into(), value: settings.into() };
        BuildInfo { go_version: toolchain.into(), settings: vec![setting], ..BuildInfo::default() }
    }

    #[test]
    fn what_another_toolchain_explains_is_left_out() {
        let differ = |a: (&str, &str), b: (&str, &str)| {
            differences([&of(a.0, a.1), &of(b.0, b.1)]).unwrap_or_default()
        };
        assert_eq!(
            differ(("go1.25.5", ""), ("go1.25.5", "panicnil=1")),
            "DefaultGODEBUG: panicnil: - → 1"
        );
        // Known to both: a godebug line, or another go line.
        assert_ne!(differ(("go1.24.5", ""), ("go1.26.0", "panicnil=1")), "");
        assert_ne!(differ(("go1.25.5", ""), ("go1.25.14", "gctrace=1")), "");
        assert_ne!(differ(("go1.24.5", "http2debug=1"), ("go1.26.0", "http2debug=2")), "");
        // Only the newer one knows it.
        assert_eq!(differ(("go1.24.5", ""), ("go1.26.0", "tlssha1=1")), "");
        assert_eq!(differ(("go1.25.5", ""), ("go1.25.14", "urlmaxqueryparams=0")), "");
    }
}
