//! Versions of Go as they are asked for, and the releases that are meant. Pure.

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A release: `go1.24.11`, `go1.27rc1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Version {
    pub(super) minor: u32,
    patch: Patch,
}

/// What follows the minor version, in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Patch {
    Beta(u32),
    Candidate(u32),
    Release(u32),
}

impl Version {
    fn is_release(self) -> bool {
        matches!(self.patch, Patch::Release(_))
    }

    /// Whether it builds a module whose go.mod says `go LINE`.
    pub(super) fn reaches(self, line: &str) -> bool {
        let minor = || line.strip_prefix("1.")?.parse().ok();
        match (line.parse::<Self>(), minor()) {
            (Ok(wanted), _) => self >= wanted,
            // `go 1.24` is older than all of its releases.
            (_, Some(minor)) => self.minor >= minor,
            _ => true,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.patch {
            Patch::Beta(n) => write!(f, "go1.{}beta{n}", self.minor),
            Patch::Candidate(n) => write!(f, "go1.{}rc{n}", self.minor),
            Patch::Release(n) => write!(f, "go1.{}.{n}", self.minor),
        }
    }
}

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix("go").unwrap_or(text).strip_prefix("1.").ok_or(())?;
        let of = |mark: &str, kind: fn(u32) -> Patch| {
            let (minor, patch) = rest.split_once(mark)?;
            Some(Self { minor: number(minor)?, patch: kind(number(patch)?) })
        };
        of(".", Patch::Release)
            .or_else(|| of("rc", Patch::Candidate))
            .or_else(|| of("beta", Patch::Beta))
            .ok_or(())
    }
}

/// Digits only, so that what is printed is what was read.
fn number(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with("00");
    plain.then(|| text.parse().ok())?
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|()| serde::de::Error::custom(format!("{text} is no Go version")))
    }
}

/// What `--go` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The go command on the PATH.
    Local,
    /// This one.
    Exact(Version),
    /// The latest release of each of these minor versions.
    Latest(u32, u32),
}

/// Reads a value of `--go`.
pub(super) fn parse(text: &str) -> anyhow::Result<Asked> {
    let minor = |text: &str| number(text.strip_prefix("go").unwrap_or(text).strip_prefix("1.")?);
    if text == "local" {
        return Ok(Asked::Local);
    }
    if let Ok(version) = text.parse() {
        return Ok(Asked::Exact(version));
    }
    if let Some((from, to)) = text.split_once("..") {
        let read = |end: &str| {
            minor(end).with_context(|| {
                format!("--go {text}: `{end}` is no minor version; write 1.21..1.26")
            })
        };
        let (from, to) = (read(from)?, read(to)?);
        ensure!(from <= to, "--go {text}: the range is empty; write --go 1.{to}..1.{from}");
        return Ok(Asked::Latest(from, to));
    }
    let one = minor(text).with_context(|| {
        format!("--go {text}: this is no Go version; write 1.24, 1.24.11, 1.21..1.26 or local")
    })?;
    Ok(Asked::Latest(one, one))
}

/// The releases that are meant, of those that there are. `local` is the version of the go command on the PATH.
pub(super) fn choose(
    asked: &[Asked],
    local: Version,
    there_are: &[Version],
) -> anyhow::Result<Vec<Version>> {
    let mut chosen = vec![];
    for one in asked {
        match *one {
            Asked::Local => chosen.push(local),
            Asked::Exact(version) if version == local || there_are.contains(&version) => {
                chosen.push(version);
            }
            Asked::Exact(version) => bail!("--go {version}: {}", absent(version.minor, there_are)),
            Asked::Latest(from, to) => {
                for minor in from..=to {
                    let of_minor = |it: &&Version| it.minor == minor && it.is_release();
                    let latest = there_are.iter().filter(of_minor).max();
                    let latest = latest
                        .with_context(|| format!("--go 1.{minor}: {}", absent(minor, there_are)))?;
                    chosen.push(*latest);
                }
            }
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// What there is instead.
fn absent(minor: u32, there_are: &[Version]) -> String {
    let newest = there_are.iter().filter(|it| it.minor == minor).max();
    let ends = || {
        let releases = || there_are.iter().filter(|it| it.is_release()).map(|it| it.minor);
        Some(format!("from 1.{} to 1.{}", releases().min()?, releases().max()?))
    };
    match (newest, ends()) {
        (Some(newest), _) => {
            format!("there is no such release; the newest of 1.{minor} is {newest}")
        }
        (None, Some(ends)) => format!("there is no such release; there are some {ends}"),
        (None, None) => "there is no such release".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    fn all(texts: &[&str]) -> Vec<Version> {
        texts.iter().map(|text| version(text)).collect()
    }

    #[test]
    fn versions_are_read_and_ordered() {
        for text in ["go1.24.11", "go1.27rc1", "go1.9beta2", "go1.22.0"] {
            assert_eq!(version(text).to_string(), text);
        }
        for wrong in ["1.24", "1.x.1", "2.0.1", "1.24.", "1.24.-1", "", "1.24.1.1", "1.24rc"] {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
        assert!(version("1.24.9") < version("1.24.11"));
        assert!(
            version("1.27beta1") < version("1.27rc1") && version("1.27rc2") < version("1.27.0")
        );
    }

    #[test]
    fn what_is_asked_for_is_read() {
        assert_eq!(parse("local").unwrap(), Asked::Local);
        assert_eq!(parse("1.24").unwrap(), Asked::Latest(24, 24));
        assert_eq!(parse("1.21..1.26").unwrap(), Asked::Latest(21, 26));
        assert_eq!(parse("go1.24.11").unwrap(), Asked::Exact(version("1.24.11")));
        let wrong = |text| parse(text).unwrap_err().to_string();
        assert!(wrong("1.26..1.21").contains("empty; write --go 1.21..1.26"));
        assert!(wrong("1.21..new").contains("`new` is no minor version"));
        assert!(wrong("tip").contains("no Go version"));
    }

    #[test]
    fn the_latest_release_of_each_minor_version_is_chosen() {
        let there_are = all(&["1.24.9", "1.24.11", "1.25.5", "1.26rc1"]);
        let of = |text: &str| choose(&[parse(text).unwrap()], version("1.26.8"), &there_are);
        assert_eq!(of("1.24..1.25").unwrap(), all(&["1.24.11", "1.25.5"]));
        assert_eq!(of("local").unwrap(), all(&["1.26.8"]));
        assert_eq!(of("1.26.8").unwrap(), all(&["1.26.8"]), "local needs no proxy");
        let no = |text| of(text).unwrap_err().to_string();
        assert!(no("1.24.99").contains("the newest of 1.24 is go1.24.11"));
        assert!(no("1.24..1.26").contains("--go 1.26: there is no such release"), "{}", no("1.26"));
        assert!(no("1.30").contains("from 1.24 to 1.25"));
        let twice = [Asked::Latest(24, 24), Asked::Exact(version("1.24.11"))];
        assert_eq!(choose(&twice, version("1.26.8"), &there_are).unwrap().len(), 1);
    }

    #[test]
    fn a_go_line_is_reached() {
        assert!(version("1.24.0").reaches("1.24") && version("1.24rc1").reaches("1.24"));
        assert!(!version("1.23.12").reaches("1.24.0") && !version("1.24.0").reaches("1.24.1"));
        assert!(version("1.21.13").reaches("nonsense"));
    }
}
