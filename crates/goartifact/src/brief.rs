//! What tells a program from others, without its functions and its debug information: a hundredth of
//! the time that [`crate::read`] takes.

use crate::{
    Arch, BuildInfo, Container, Error, Format, Links, build_id, build_info, each_part, links,
    package_hashes,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The path of a package of files that were named on the command line (`cmd/go/internal/load`, `GoFilesPackage`).
const OF_FILES: &str = "command-line-arguments";

/// What tells a program from others.
#[derive(Clone, Debug, Serialize)]
pub struct Brief {
    /// The container.
    pub format: Format,
    /// `amd64`, `arm64`, …, as Go names them.
    pub arch: Arch,
    /// What `go version -m` shows; none where the program has none or Go did not make it.
    pub build_info: Option<BuildInfo>,
    /// What `go tool buildid` shows.
    pub build_id: Option<String>,
    /// The source file of `main.main` of a program that was built of files: it has no import path.
    pub main_file: Option<String>,
    /// Of each package the hash of its exported declarations, 16 hexadecimal digits: what
    /// `plugin.Open` compares. Empty where the program neither is a plugin nor can load one.
    pub packages: BTreeMap<String, String>,
    /// What it asks of the system's libraries.
    pub links: Links,
    /// What could not be read, and why.
    pub gaps: Vec<String>,
}

/// Reads a file: one program, or one per architecture of a universal Mach-O.
///
/// # Errors
/// It cannot be opened, is no regular file, or is no ELF, Mach-O or PE file.
pub fn brief(path: &Path) -> Result<Vec<Brief>, Error> {
    each_part(path, |source, offset, size| {
        let container = source.container(offset, size)?;
        let mut brief = of(&container);
        let unread = source.refused().or_else(|| container.cut_off());
        brief.gaps.extend(unread.map(|err| err.to_string()));
        Ok(brief)
    })
}

fn of<'a, R: object::ReadRef<'a>>(container: &Container<'a, R>) -> Brief {
    let mut gaps = vec![];
    let mut or_gap = |what: &str, err: &Error| gaps.push(format!("{what}: {err}"));
    let build_info = build_info::read(container).unwrap_or_else(|err| {
        or_gap("build info", &err);
        None
    });
    // All such programs have one path, and the function table is read for it alone.
    let of_files = build_info.as_ref().and_then(|info| info.path.as_deref()) == Some(OF_FILES);
    let functions = of_files.then(|| container.functions().ok().flatten()).flatten();
    let packages = package_hashes::read(container).unwrap_or_else(|err| {
        or_gap("package hashes", &err);
        BTreeMap::new()
    });
    let links = links::read(container).unwrap_or_else(|err| {
        or_gap("symbol versions", &err);
        Links::default()
    });
    Brief {
        format: container.format(),
        arch: container.arch(),
        build_id: build_id::read(container),
        build_info,
        main_file: functions.and_then(|table| table.main_file),
        packages,
        links,
        gaps,
    }
}
