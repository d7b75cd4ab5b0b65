//! Where the bytes of a program come from: by section, kind, package and module.
//!
//! Every byte of the file is counted once, so that the packages add up to the file. What belongs to no
//! single package (types and strings that packages share, headers, padding) is a group of its own in
//! parentheses. What cannot be told apart is in such a group, too, and never guessed into a package:
//! `//go:embed` of a string lies among the other strings; a stripped program does not name its data.

mod data;
mod debug;
mod functions;
mod package;
mod ranges;

pub use package::package_of;

use crate::{
    Arch, BuildInfo, Container, EmbeddedFile, Error, build_info, each_part, embedded, pclntab,
    symbols,
};
use object::{Object as _, ObjectSection as _, ReadRef, SectionKind};
use package::Packages;
use ranges::Ranges;
use serde::Serialize;
use std::path::Path;

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Machine code.
    Code,
    /// The function table: names, lines, stack maps' places.
    Pclntab,
    /// Variables, constants, types.
    Data,
    /// Files in variables of type `embed.FS`.
    Embedded,
    /// DWARF, as packed as it lies in the file.
    Debug,
    /// Symbol table, build info, relocations, headers.
    Other,
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Code, Self::Pclntab, Self::Data, Self::Embedded, Self::Debug, Self::Other];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Pclntab => "pclntab",
            Self::Data => "data",
            Self::Embedded => "embedded",
            Self::Debug => "debug",
            Self::Other => "other",
        }
    }
}

/// Bytes of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bytes {
    /// See [`Kind::Code`], and so on.
    pub code: u64,
    /// Function table.
    pub pclntab: u64,
    /// Variables, constants, types.
    pub data: u64,
    /// Embedded files.
    pub embedded: u64,
    /// DWARF.
    pub debug: u64,
    /// The rest.
    pub other: u64,
}

impl Bytes {
    /// Of one kind.
    pub fn of(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Code => self.code,
            Kind::Pclntab => self.pclntab,
            Kind::Data => self.data,
            Kind::Embedded => self.embedded,
            Kind::Debug => self.debug,
            Kind::Other => self.other,
        }
    }

    /// Of one kind, to be changed.
    pub fn of_mut(&mut self, kind: Kind) -> &mut u64 {
        match kind {
            Kind::Code => &mut self.code,
            Kind::Pclntab => &mut self.pclntab,
            Kind::Data => &mut self.data,
            Kind::Embedded => &mut self.embedded,
            Kind::Debug => &mut self.debug,
            Kind::Other => &mut self.other,
        }
    }

    /// Of all kinds.
    pub fn total(&self) -> u64 {
        Kind::ALL.iter().fold(0, |sum: u64, kind| sum.saturating_add(self.of(*kind)))
    }
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionSize {
    /// Its name.
    pub name: String,
    /// What it holds most.
    pub kind: Kind,
    /// Bytes in the file.
    pub file: u64,
    /// Bytes in memory, once it is loaded; 0 where it is not.
    pub memory: u64,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackageSize {
    /// The import path; in parentheses what belongs to no single package.
    pub package: String,
    /// The module's path; `std` for the standard library; empty for the groups in parentheses.
    pub module: String,
    /// Bytes in the file.
    pub bytes: Bytes,
    /// Bytes of variables that begin as zero: in memory only.
    pub zero: u64,
}

/// An embedded file, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnedFile {
    /// The import path of the variable's package, where there are symbols.
    pub package: Option<String>,
    /// The file.
    #[serde(flatten)]
    pub file: EmbeddedFile,
}

/// Where the bytes of a program come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// The processor that it is for.
    pub arch: Arch,
    /// Bytes of the file, or of its part of a universal file.
    pub file: u64,
    /// Sections, in the order of the file.
    pub sections: Vec<SectionSize>,
    /// Packages, the largest first. Together they are as large as the file.
    pub packages: Vec<PackageSize>,
    /// Files in `embed.FS` variables.
    pub embedded: Vec<OwnedFile>,
    /// Whether the symbol table tells whose the data is.
    pub data_is_named: bool,
    /// What could not be read, and why.
    pub gaps: Vec<String>,
}

impl Sizes {
    /// Bytes of each kind.
    pub fn kinds(&self) -> Bytes {
        let mut sum = Bytes::default();
        for package in &self.packages {
            for kind in Kind::ALL {
                *sum.of_mut(kind) = sum.of(kind).saturating_add(package.bytes.of(kind));
            }
        }
        sum
    }

    /// Modules, the largest first; groups without a module as they are.
    pub fn modules(&self) -> Vec<(&str, Bytes)> {
        let mut all: std::collections::BTreeMap<&str, Bytes> = std::collections::BTreeMap::new();
        for package in &self.packages {
            let name = if package.module.is_empty() { &package.package } else { &package.module };
            let sum = all.entry(name).or_default();
            for kind in Kind::ALL {
                *sum.of_mut(kind) = sum.of(kind).saturating_add(package.bytes.of(kind));
            }
        }
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_by(|(a, x), (b, y)| y.total().cmp(&x.total()).then(a.cmp(b)));
        all
    }
}

/// Reads a file: one answer, or one per architecture of a universal Mach-O.
///
/// # Errors
/// As [`crate::read`].
pub fn sizes(path: &Path) -> Result<Vec<Sizes>, Error> {
    each_part(path, |source, offset, size| {
        let mut sizes = of_container(&source.container(offset, size)?);
        sizes.gaps.extend(source.refused().map(|err| err.to_string()));
        Ok(sizes)
    })
}

/// Of one container.
pub fn of_container<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Sizes {
    let mut gaps = vec![];
    let info = build_info::read(container).unwrap_or_else(|err| {
        gaps.push(format!("build info: {err}"));
        None
    });
    let known = symbols::read(container);
    let table = pclntab::find(container)
        .and_then(|section| {
            let Some(section) = section else { return Ok(None) };
            let table = pclntab::parse(container, &section, known.runtime_text)?;
            Ok(Some((section, table)))
        })
        .unwrap_or_else(|err| {
            gaps.push(format!("pclntab: {err}"));
            None
        });
    let mut packages = Packages::default();
    // What is told apart within sections of other things: the function table of PE, embedded files.
    let mut taken = Ranges::default();
    if let Some((section, table)) = &table {
        let length = functions::table(section, table, &mut packages);
        taken.add(section.address, length);
    }
    let (owners, named) = data::owners(container);
    let mut embedded = vec![];
    for table in embedded::embedded(container) {
        let variable = owners.at(table.address).and_then(|name| name.strip_suffix(".files"));
        let package = variable.map(|name| package_of(name).into_owned());
        for file in table.files {
            // Equal files are one.
            let new = taken.add(file.address, file.bytes);
            packages.add(package.as_deref().unwrap_or("(embedded files)"), Kind::Embedded, new);
            embedded.push(OwnedFile { package: package.clone(), file });
        }
    }
    let mut sections = vec![];
    let mut in_sections = 0_u64;
    let mut debug_bytes = vec![];
    for section in container.file.sections() {
        let name = section.name().unwrap_or_default().to_owned();
        let file = section.file_range().map_or(0, |(offset, size)| {
            // A section cannot have more than the file has.
            size.min(container.size().saturating_sub(offset))
        });
        let kind = kind_of(&name, section.kind());
        let file = file.min(container.size().saturating_sub(in_sections));
        in_sections = in_sections.saturating_add(file);
        let loaded = !matches!(kind, Kind::Debug) && section.address() != 0;
        let memory = if loaded { section.size() } else { 0 };
        let (start, end) = (section.address(), section.address().saturating_add(file));
        match kind {
            Kind::Code => {
                let functions = table.as_ref().map(|(_, table)| table);
                functions::code(start, end, functions, &mut packages);
            }
            Kind::Debug => debug_bytes.push((name.clone(), file)),
            Kind::Pclntab => {
                // What is behind the table's end.
                let rest = file.saturating_sub(taken.overlap(start, end));
                packages.add("(function table)", Kind::Pclntab, rest);
            }
            Kind::Data => {
                data::section(start, end, &owners, &taken, &mut packages);
                // PE has what begins as zero behind the rest of a section.
                data::zero(end, memory.saturating_sub(file), &owners, &mut packages);
            }
            Kind::Embedded | Kind::Other => packages.add("(headers and tables)", kind, file),
        }
        sections.push(SectionSize { name, kind, file, memory });
    }
    if let Err(err) = debug::share(container, &debug_bytes, &mut packages) {
        gaps.push(format!("DWARF: {err}"));
    }
    // Headers, symbol tables that are no section (PE, Mach-O), padding.
    packages.add("(headers and tables)", Kind::Other, container.size().saturating_sub(in_sections));
    let packages = packages.sorted(info.as_ref());
    Sizes {
        arch: container.arch(),
        file: container.size(),
        sections,
        packages,
        embedded,
        data_is_named: named,
        gaps,
    }
}

/// What a section holds.
fn kind_of(name: &str, kind: SectionKind) -> Kind {
    let bare = name.trim_start_matches(['.', '_']);
    match kind {
        _ if bare.starts_with("debug_") || bare.starts_with("zdebug_") => Kind::Debug,
        _ if bare == "gopclntab" || name == ".data.rel.ro.gopclntab" => Kind::Pclntab,
        SectionKind::Text => Kind::Code,
        SectionKind::Data
        | SectionKind::ReadOnlyData
        | SectionKind::ReadOnlyDataWithRel
        | SectionKind::ReadOnlyString
        | SectionKind::UninitializedData
        | SectionKind::Tls
        | SectionKind::UninitializedTls => Kind::Data,
        _ => Kind::Other,
    }
}

/// The module of a package, from the build info; `std` for the standard library.
pub(crate) fn module_of(package: &str, info: Option<&BuildInfo>) -> String {
    if package.starts_with('(') {
        return String::new();
    }
    let modules = info.into_iter().flat_map(|info| info.main.iter().chain(&info.deps));
    let inside = |module: &str| {
        package.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let best = modules
        .map(|module| module.path.as_str())
        .filter(|path| inside(path))
        .max_by_key(|path| path.len());
    match best {
        Some(path) => path.to_owned(),
        // The first element of a module's path has a dot: Go reserves the others for itself (Go Modules
        // Reference, "Module paths").
        None if !package.split('/').next().unwrap_or_default().contains('.') => "std".to_owned(),
        None => String::new(),
    }
}
