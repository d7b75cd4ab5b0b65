//! Programs that hide what they are: obfuscated by garble, or packed by UPX.

use crate::{Artifact, Container};
use object::{Object as _, ObjectSection as _, ReadRef};
use serde::Serialize;

/// Of a hundred functions so many must be of packages with hashed names. Go's own packages have no capitals in
/// their names, and people's seldom do; garble hashes all but the runtime's.
const HASHED_PERCENT: usize = 20;
/// So many functions tell.
const SAMPLE: usize = 20_000;
/// UPX writes its mark behind the headers (`l_info`, `src/stub/src/include/header.S`).
const HEAD: u64 = 4096;

/// A sign that a program was obfuscated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The function table is there and begins with a mark that no Go writes: garble gives each build its own.
    AlteredTable,
    /// The build info names no toolchain.
    NoVersion,
    /// Many packages have hashed names.
    HashedNames,
}

impl Sign {
    /// As a person says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlteredTable => "the function table begins with a mark that no Go writes",
            Self::NoVersion => "the build info names no toolchain",
            Self::HashedNames => "packages have hashed names",
        }
    }
}

/// All signs; one alone may have another reason.
pub(crate) fn signs(artifact: &Artifact, altered: bool) -> Vec<Sign> {
    let info = artifact.build_info.as_ref();
    let hashed = artifact.functions.as_ref().is_some_and(|table| {
        let step = table.functions.len() / SAMPLE + 1;
        let sample = table.functions.iter().step_by(step);
        let of_packages = sample.filter_map(|it| package(table.name(it)));
        let (mut all, mut hashed) = (0, 0);
        for package in of_packages {
            all += 1;
            hashed += usize::from(is_hashed(package));
        }
        hashed * 100 > all * HASHED_PERCENT
    });
    let no_version = info.is_some_and(|info| !info.go_version.contains("go1") && !is_devel(info));
    [(altered, Sign::AlteredTable), (no_version, Sign::NoVersion), (hashed, Sign::HashedNames)]
        .into_iter()
        .filter_map(|(holds, sign)| holds.then_some(sign))
        .collect()
}

fn is_devel(info: &crate::BuildInfo) -> bool {
    info.go_version.starts_with("devel")
}

/// The last part of a function's package: `mux` of `example.com/mux.(*T).M`.
fn package(name: &str) -> Option<&str> {
    let last = name.rsplit('/').next()?;
    last.split_once('.').map(|(package, _)| package).filter(|package| !package.is_empty())
}

/// `kZan4Md3`, `EhX4ZOpqQdR`: six to twelve letters and digits, capitals and others mixed.
fn is_hashed(package: &str) -> bool {
    let plain = package.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let has = |what: fn(&u8) -> bool| package.bytes().any(|byte| what(&byte));
    plain
        && (6..=12).contains(&package.len())
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

/// The packer, where one left its signature.
pub(crate) fn packer<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Option<&'static str> {
    let head = container.bytes(0, HEAD.min(container.size())).unwrap_or_default();
    let marked = head.windows(4).any(|window| window == b"UPX!");
    // A program has few sections; more are another file's.
    let mut sections = container.file.sections().take(96);
    let named = sections.any(|section| section.name().is_ok_and(|name| name.starts_with("UPX")));
    (marked || named).then_some("UPX")
}

/// Whether gccgo built it: it keeps what packages export in the program, until it is stripped (`go/export.cc` of gofrontend).
pub(crate) fn of_gccgo<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> bool {
    container.file.section_by_name(".go_export").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbles_names_are_hashed_and_peoples_are_not() {
        for name in ["kZan4Md3.L9", "EhX4ZOpqQdR.(*Vej_4Z).T1", "example.com/aS9qQzio.f"] {
            assert!(package(name).is_some_and(is_hashed), "{name}");
        }
        for name in [
            "runtime.main",
            "net/http.(*Server).Serve",
            "github.com/BurntSushi/toml.Decode",
            "gopkg.in/yaml%2ev3.Marshal",
            "MAIN.x",
        ] {
            assert!(!package(name).is_some_and(is_hashed), "{name}");
        }
    }
}
