//! Settings of the go command under which it lists other packages than our own loader would: then it is asked itself,
//! or the question is refused. Never is there a silent other answer.

use super::go_answers::GoAnswers;
use anyhow::Context as _;
use goward_system::{OsSystem, System as _};
use overlay::Overlay;
use std::path::Path;

/// Flags of `go list` and of builds that change what is listed (`go help list`, `go help build`). What a later flag of
/// `GOFLAGS` does to them is left to Go; `-ldflags` is looked at by itself.
const FLAGS: [&str; 16] = [
    "buildmode",
    "compiled",
    "compiler",
    "cover",
    "covermode",
    "coverpkg",
    "export",
    "f",
    "find",
    "json",
    "linkshared",
    "m",
    "retracted",
    "reuse",
    "u",
    "versions",
];
/// An overlay of a whole large tree.
const MAX_OVERLAY: u64 = 64 << 20;

/// The setting that our own loader does not model, as the user wrote it.
pub(super) fn unmodelled(answers: &GoAnswers) -> Option<String> {
    if answers.get("GO111MODULE") == "off" {
        return Some("GO111MODULE=off".to_owned());
    }
    // Packages of a frozen version of the cryptographic module take the place of others (since Go 1.24).
    let fips = answers.get("GOFIPS140");
    if !matches!(fips, "" | "off") {
        return Some(format!("GOFIPS140={fips}"));
    }
    let flags = flags(answers.get("GOFLAGS"));
    let flag = flags.into_iter().find(|(name, value)| {
        let is_off = matches!(value.as_str(), "false" | "0" | "f" | "F" | "FALSE" | "False");
        match (name.as_str(), value.as_str()) {
            ("ldflags", value) => value.contains("linkmode"),
            // What there is without the flag.
            ("buildmode", "default" | "exe") | ("compiler", "gc") => false,
            (name, _) => FLAGS.contains(&name) && !is_off,
        }
    });
    flag.map(|(name, value)| {
        let equals = if value.is_empty() { "" } else { "=" };
        format!("GOFLAGS has -{name}{equals}{value}")
    })
}

/// Whether `GOFLAGS` has a flag of this name, and does not switch it off.
pub(super) fn has_goflag(answers: &GoAnswers, name: &str) -> bool {
    let flags = flags(answers.get("GOFLAGS"));
    let last = flags.iter().rfind(|(flag, _)| flag == name);
    last.is_some_and(|(_, value)| !matches!(value.as_str(), "false" | "0" | "f" | "F" | "FALSE"))
}

/// The flags of `GOFLAGS`, with what they say.
fn flags(goflags: &str) -> Vec<(String, String)> {
    let words = goward_build::split_quoted(goflags).unwrap_or_default();
    let flag = |word: &String| {
        let flag = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        Some((name.to_owned(), value.to_owned()))
    };
    words.iter().filter_map(flag).collect()
}

/// The files that `-overlay` in `GOFLAGS` puts in place of others; its paths are relative to the folder
/// (`cmd/go/internal/fsys.Init`).
pub(super) fn overlay(goflags: &str, dir: &Path) -> anyhow::Result<Overlay> {
    let mut overlay = Overlay::default();
    let flags = flags(goflags);
    let flag = flags.iter().rfind(|(name, _)| name == "overlay");
    let Some((_, file)) = flag.filter(|(_, file)| !file.is_empty()) else { return Ok(overlay) };
    let path = dir.join(file);
    let said = || format!("{}, the -overlay of GOFLAGS", path.display());
    let bytes = OsSystem::at(dir).read(&path.to_string_lossy(), MAX_OVERLAY).with_context(said)?;
    for (from, to) in &overlay::replacements(&bytes.to_vec()).with_context(said)? {
        let from = overlay::cleaned(&dir.join(from));
        match to.as_str() {
            "" => overlay.hide(&from),
            to => overlay.replace(&from, dir.join(to)),
        }
    }
    Ok(overlay)
}

/// The files that `-overlay` and `-modfile` in `GOFLAGS` put in place of others in a module's folder: with another go.mod
/// goes another go.sum (`modload.modFilePath`).
///
/// # Errors
/// A file that cannot be read, or is none that Go takes.
pub(crate) fn stand_ins(
    goflags: &str,
    is_in_workspace: bool,
    dir: &Path,
) -> anyhow::Result<Overlay> {
    let mut overlay = overlay(goflags, dir)?;
    let flags = flags(goflags);
    let flag = flags.iter().rfind(|(name, _)| name == "modfile");
    let Some((_, file)) = flag.filter(|(_, file)| !file.is_empty()) else { return Ok(overlay) };
    anyhow::ensure!(
        !is_in_workspace,
        "GOFLAGS has -modfile={file}, and go takes none in a workspace: set GOWORK=off, or take the flag out"
    );
    anyhow::ensure!(
        file.ends_with(".mod"),
        "GOFLAGS has -modfile={file}: file does not have .mod extension"
    );
    let go_mod = overlay::cleaned(&dir.join(file));
    let go_mod = overlay.actual(&go_mod).map(std::borrow::Cow::into_owned).unwrap_or(go_mod);
    let system = OsSystem::at(dir);
    let said = || format!("{}, the -modfile of GOFLAGS", go_mod.display());
    system.stat(&go_mod.to_string_lossy()).with_context(said)?;
    let go_sum = overlay::cleaned(&dir.join(file)).with_extension("sum");
    let go_sum = overlay.actual(&go_sum).map(std::borrow::Cow::into_owned).ok();
    overlay.replace(dir.join("go.mod"), &go_mod);
    match go_sum.filter(|file| system.stat(&file.to_string_lossy()).is_ok()) {
        Some(go_sum) => overlay.replace(dir.join("go.sum"), go_sum),
        None => overlay.hide(dir.join("go.sum")),
    }
    Ok(overlay)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(goflags: &str) -> Option<String> {
        unmodelled(&GoAnswers::of(&[("GOFLAGS", goflags)]))
    }

    #[test]
    fn flags_that_change_what_is_listed_are_named() {
        for (goflags, expected) in [
            ("-buildvcs=false -cover", Some("-cover")),
            ("--covermode=atomic", Some("-covermode=atomic")),
            ("-linkshared -buildmode=shared", Some("-linkshared")),
            ("-buildmode=c-shared", Some("-buildmode=c-shared")),
            ("-ldflags=-linkmode=external", Some("-ldflags=-linkmode=external")),
            ("'-ldflags=-s -linkmode external'", Some("-ldflags=-s -linkmode external")),
            ("-cover=false -buildmode=default -compiler=gc -race -ldflags=-s -tags=compiled", None),
            ("", None),
        ] {
            let expected = expected.map(|flag| format!("GOFLAGS has {flag}"));
            assert_eq!(said(goflags), expected, "{goflags}");
        }
        let off = GoAnswers::of(&[("GO111MODULE", "off")]);
        assert_eq!(unmodelled(&off).as_deref(), Some("GO111MODULE=off"));
        let fips = |value| unmodelled(&GoAnswers::of(&[("GOFIPS140", value)]));
        assert_eq!(fips("v1.0.0").as_deref(), Some("GOFIPS140=v1.0.0"));
        assert_eq!(fips("off"), None);
    }
}
