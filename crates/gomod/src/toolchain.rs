//! Which toolchain the go command runs in a folder: `toolchain.Select` of `cmd/go/internal/toolchain/select.go`, as a
//! function of the setting and of what go.mod or go.work says.

use crate::go_version::{compare, is_lang, of_toolchain};
use std::cmp::Ordering;

/// The name of the toolchain that is to run instead of the local one; `None` where the local one runs.
///
/// `setting` is `GOTOOLCHAIN` as `go env` has it (empty is as good as `local`), `local` the local toolchain's version
/// (`go1.26.8`), `go` and `toolchain` the lines of the main module's go.mod, or of go.work.
///
/// # Errors
/// The setting is none that the go command takes, in its own words.
pub fn select(
    setting: &str,
    local: &str,
    go: Option<&str>,
    toolchain: Option<&str>,
) -> Result<Option<String>, String> {
    let (least, mode) = match setting {
        "" => return Ok(None),
        "auto" | "path" => ("local", setting),
        _ => setting.split_once('+').unwrap_or((setting, "")),
    };
    let local_version = of_toolchain(local).unwrap_or_default();
    let (mut name, mut version) = match least {
        "local" => (None, local_version),
        least => {
            let version = of_toolchain(least);
            let version = version.ok_or_else(|| format!("invalid GOTOOLCHAIN \"{setting}\""))?;
            (Some(least.to_owned()), version)
        }
    };
    if setting.contains('+') && !matches!(mode, "auto" | "path") {
        return Err(format!(
            "invalid GOTOOLCHAIN \"{setting}\": only version suffixes are +auto and +path"
        ));
    }
    if !mode.is_empty() && toolchain != Some("default") {
        let newer = |one: &str, than: &str| compare(one, than) == Ordering::Greater;
        if let Some((line, named)) = toolchain.and_then(|line| Some((line, of_toolchain(line)?)))
            && newer(named, version)
        {
            (name, version) = (Some(line.to_owned()), named);
        }
        if let Some(go) = go.filter(|go| newer(go, version)) {
            // The first release of a language since 1.21 ends with .0 (https://go.dev/issue/62278).
            let zero = is_lang(go) && compare(go, "1.21") != Ordering::Less;
            name = Some(format!("go{go}{}", if zero { ".0" } else { "" }));
        }
    }
    let local = local.split([' ', '\t']).next().unwrap_or(local);
    Ok(name.filter(|name| name != local))
}

/// The `go` and `toolchain` lines of a file.
pub type Lines = (Option<String>, Option<String>);

/// The lines of a go.mod, or of a go.work; none of what Go cannot read, of which it says so itself.
pub fn lines(text: &[u8], is_work: bool) -> Lines {
    let (go, toolchain) = match is_work {
        true => crate::parse_go_work(text).map(|file| (file.go, file.toolchain)),
        false => crate::parse_go_mod(text).map(|file| (file.go, file.toolchain)),
    }
    .unwrap_or_default();
    (go.map(|one| one.version), toolchain.map(|one| one.name))
}

/// `GOTOOLCHAIN` as Go finds it (`cfg.Getenv`): in the environment, where empty is as good as unset, in the user's env
/// file, in `go.env` of GOROOT. Of the files `read` gives the text.
pub fn setting(
    own: Option<String>,
    [users, goroots]: [&str; 2],
    read: &dyn Fn(&str) -> Option<String>,
) -> String {
    let filled = |value: &String| !value.is_empty();
    let of_file = |file: &str| {
        let text = read(file)?;
        let mut values = text.lines().filter_map(|line| line.trim().strip_prefix("GOTOOLCHAIN="));
        values.next().map(str::to_owned).filter(filled)
    };
    let users = || Some(users).filter(|file| !matches!(*file, "" | "off")).and_then(of_file);
    own.filter(filled).or_else(users).or_else(|| of_file(goroots)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{lines, select, setting};

    #[test]
    fn a_toolchain_is_chosen_as_by_go() {
        let named = |setting, go, line| select(setting, "go1.26.8", go, line).unwrap();
        for (setting, go, line, expected) in [
            ("", Some("1.99"), None, None),
            ("local", Some("1.99"), None, None),
            ("auto", Some("1.24"), None, None),
            ("auto", Some("1.24"), Some("go1.26.8"), None),
            ("auto", Some("1.27"), None, Some("go1.27.0")),
            ("path", Some("1.27rc1"), None, Some("go1.27rc1")),
            ("auto", Some("1.27.1"), Some("go1.28.2"), Some("go1.28.2")),
            ("auto", Some("1.29.1"), Some("go1.28.2"), Some("go1.29.1")),
            ("auto", Some("1.29.1"), Some("default"), None),
            ("go1.24.11", Some("1.99"), None, Some("go1.24.11")),
            ("go1.24.11+auto", Some("1.25.1"), None, Some("go1.25.1")),
            ("go1.24.11+auto", Some("1.21"), None, Some("go1.24.11")),
            ("go1.26.8", Some("1.21"), None, None),
            ("local+path", Some("1.30.0"), Some("go1.30.1-corp"), Some("go1.30.1-corp")),
        ] {
            assert_eq!(named(setting, go, line).as_deref(), expected, "{setting} {go:?} {line:?}");
        }
        assert_eq!(select("auto", "go1.26.8 X:jsonv2", Some("1.26.8"), None), Ok(None));
        assert!(select("junk", "go1.26.8", None, None).is_err());
        assert!(select("go1.24.1+x", "go1.26.8", None, None).is_err());
    }

    #[test]
    fn the_setting_is_the_nearest_that_is_filled() {
        let read = |file: &str| match file {
            "/u/env" => Some("GOFLAGS=-v\nGOTOOLCHAIN=path\n".to_owned()),
            "/go/go.env" => Some("# default\nGOTOOLCHAIN=auto\n".to_owned()),
            _ => None,
        };
        let of = |own: Option<&str>, users| {
            setting(own.map(str::to_owned), [users, "/go/go.env"], &read)
        };
        assert_eq!(of(Some("local"), "/u/env"), "local");
        assert_eq!(of(Some(""), "/u/env"), "path");
        assert_eq!(of(None, "off"), "auto");
        assert_eq!(setting(None, ["", "/none"], &read), "");
    }

    #[test]
    fn lines_are_those_that_go_reads() {
        let own = |text: &str| lines(text.as_bytes(), false);
        let expected = (Some("1.24.0".to_owned()), Some("go1.26.8".to_owned()));
        assert_eq!(own("module m\n\ngo 1.24.0\n\ntoolchain go1.26.8\n"), expected);
        assert_eq!(own("broken"), (None, None));
        assert_eq!(lines(b"go 1.25\n", true), (Some("1.25".to_owned()), None));
    }
}
