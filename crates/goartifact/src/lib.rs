//! What is in a Go program: build info, functions, symbols, debug information.
//!
//! Reads ELF, Mach-O (also universal) and PE of Go 1.18 and newer, on any machine, without Go. What is
//! read is hostile: every length is checked against the file, what is unpacked is bounded by a small
//! multiple of it, and what is missing or broken is an [`Error`] or a gap that is named.
#![allow(
    clippy::disallowed_methods,
    reason = "a library that reads files itself, because speed is its point"
)]

mod after_link;
mod brief;
mod build_id;
mod build_info;
mod container;
mod core_file;
mod debug_file;
mod debug_info;
mod disguise;
mod embedded;
mod error;
mod layout;
mod levels;
pub mod linker_flags;
mod links;
mod memory;
mod moduledata;
mod package_hashes;
mod pclntab;
pub mod pdb;
mod pe;
mod raw;
pub mod size;
mod source;
mod symbols;
mod zeroed;

pub use after_link::{Added, AfterLink, Change, MAX_PROGRAM, WhyUnknown};
pub use brief::{Brief, brief};
pub use build_info::{BuildInfo, Module, Setting};
pub use container::{Arch, Container, Format};
pub use core_file::{Core, Mapping, is_core, read_core};
pub use debug_file::{DebugFile, State};
pub use debug_info::DebugInfo;
pub use disguise::Sign;
pub use embedded::{EmbeddedFile, EmbeddedTable, embedded};
pub use error::Error;
pub use levels::{Level, LevelKind, Reason, levels, levels_with};
pub use links::Links;
pub use package_hashes::{Archive, of_archive};
pub use pclntab::{Function, Pclntab};
pub use pe::Image;
pub use raw::{Purpose, RawSection, RawSymbol, parts};
pub use source::MIN_READ;
pub use symbols::Symbols;
pub use zeroed::{Piece, Stream};

use serde::Serialize;
use source::Source;
use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::path::Path;

/// A Go program, read.
#[derive(Debug, Serialize)]
pub struct Artifact {
    /// The container.
    pub format: Format,
    /// `amd64`, `arm64`, …, as Go names them.
    pub arch: Arch,
    /// Bytes of the file, or of its part of a universal file.
    pub size: u64,
    /// What `go version -m` shows; none where the program has none or Go did not make it.
    pub build_info: Option<BuildInfo>,
    /// What `go tool buildid` shows.
    pub build_id: Option<String>,
    /// Every Go function, as panics and profiles name them.
    #[serde(skip)]
    pub functions: Option<Pclntab>,
    /// Symbol table.
    #[serde(skip)]
    pub symbols: Symbols,
    /// DWARF.
    #[serde(skip)]
    pub debug: DebugInfo,
    /// What only a Windows image has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pe: Option<Image>,
    /// A file of debug information beside it, where it has none of its own or one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debug_file: Option<DebugFile>,
    /// Whether it was changed after Go linked it.
    pub after_link: AfterLink,
    /// Signs that it was obfuscated; empty of nearly every program.
    pub obfuscated: Vec<Sign>,
    /// The packer that left its signature in a program without a function table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packed: Option<&'static str>,
    /// What could not be read, and why.
    pub gaps: Vec<String>,
    /// That parts were not read, because they claim more than is read of such a file or its end is missing: what is
    /// not there may be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
}

/// Reads a file: one artifact, or one per architecture of a universal Mach-O.
///
/// # Errors
/// It cannot be opened, is no regular file, or is no ELF, Mach-O or PE file.
pub fn read(path: &Path) -> Result<Vec<Artifact>, Error> {
    read_with(path, None)
}

/// The same, with the debug information of this file; else, where the program has none, of one that is found.
///
/// # Errors
/// As [`read`]; of the debug file, none: what is wrong with it is in [`Artifact::debug_file`].
pub fn read_with(path: &Path, debug_file: Option<&Path>) -> Result<Vec<Artifact>, Error> {
    // What was read stays in memory with its source: the function table's goes before DWARF comes.
    let without = each_part(path, |source, offset, size| {
        let container = source.container(offset, size)?;
        let mut artifact = without_debug(&container);
        artifact.unread =
            source.refused().or_else(|| container.cut_off()).map(|err| err.to_string());
        Ok(artifact)
    })?;
    let mut without = without.into_iter();
    each_part(path, |source, offset, size| {
        let container = source.container(offset, size)?;
        let changed = || Error::malformed("it was changed while it was read");
        let mut artifact = without.next().ok_or_else(changed)?;
        add_debug(&container, &mut artifact);
        debug_file::attach(path, &container, debug_file, &mut artifact);
        artifact.after_link = after_link_of_part(path, &container, source, offset);
        let unread = source.refused().map(|err| err.to_string());
        artifact.unread = artifact.unread.or(unread);
        Ok(artifact)
    })
}

/// What `go version -m` shows of the programs of a file, and nothing else is read: one, or one per architecture. None of
/// what is no Go program.
///
/// # Errors
/// It cannot be opened, is no regular file, or is no ELF, Mach-O or PE file; or what it says cannot be read.
pub fn build_infos(path: &Path) -> Result<Vec<Option<BuildInfo>>, Error> {
    each_part(path, |source, offset, size| build_info::read(&source.container(offset, size)?))
}

/// The same of the first program; none where it cannot be read.
pub fn build_info_of(path: &Path) -> Option<BuildInfo> {
    build_infos(path).ok()?.into_iter().flatten().next()
}

/// The processors that the programs of a file are for; only headers are read.
///
/// # Errors
/// It cannot be opened, is no regular file, or is no ELF, Mach-O or PE file.
pub fn archs(path: &Path) -> Result<Vec<Arch>, Error> {
    each_part(path, |source, offset, size| Ok(source.container(offset, size)?.arch()))
}

/// Whether the programs of a file were changed after Go linked them: one, or one per architecture.
///
/// # Errors
/// It cannot be opened, is no regular file, or is no ELF, Mach-O or PE file.
pub fn after_link(path: &Path) -> Result<Vec<AfterLink>, Error> {
    each_part(path, |source, offset, size| {
        let container = source.container(offset, size)?;
        Ok(after_link_of_part(path, &container, source, offset))
    })
}

/// All bytes are read, and none through the cache, where they would stay.
fn after_link_of_part<'a, R: object::ReadRef<'a>>(
    path: &Path,
    container: &Container<'a, R>,
    source: &Source,
    offset: u64,
) -> AfterLink {
    after_link::after_link(container, source.limit(), || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(file)
    })
}

/// Reads each program of a file, from its offset on; most have one, a universal Mach-O has several.
fn each_part<T>(
    path: &Path,
    mut read: impl FnMut(&Source, u64, u64) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    // A link below /proc that leads to a deleted file is followed all the same.
    let meta = std::fs::metadata(path).map_err(|err| Error::io(path, &err))?;
    if !meta.is_file() {
        return Err(Error::NoFile { path: path.to_owned() });
    }
    let parts = container::parts(Source::open(path)?.range(0, meta.len()), meta.len())?;
    let one = |(offset, size)| {
        let source = Source::open(path)?;
        let found = read(&source, offset, size);
        // What is damaged may only be too long.
        found.map_err(|err| source.refused().unwrap_or(err))
    };
    parts.into_iter().map(one).collect()
}

/// The same, of bytes that are in memory already; no debug file is looked for.
///
/// # Errors
/// They are no ELF, Mach-O or PE file.
pub fn read_bytes(bytes: &[u8]) -> Result<Vec<Artifact>, Error> {
    let parts = container::parts(bytes, bytes.len() as u64)?;
    let part = |(offset, size): (u64, u64)| {
        let end = offset.saturating_add(size);
        let range = usize::try_from(offset).ok().zip(usize::try_from(end).ok());
        let part = range.and_then(|(start, end)| bytes.get(start..end));
        let part = part.ok_or_else(|| Error::malformed("a part lies outside of the file"))?;
        Ok(of_container(&Container::parse(part, size)?))
    };
    parts.into_iter().map(part).collect()
}

/// Everything of one container.
pub fn of_container<'a, R: object::ReadRef<'a>>(container: &Container<'a, R>) -> Artifact {
    let mut artifact = without_debug(container);
    add_debug(container, &mut artifact);
    artifact.after_link = container.after_link();
    artifact
}

fn without_debug<'a, R: object::ReadRef<'a>>(container: &Container<'a, R>) -> Artifact {
    let mut gaps = vec![];
    let mut or_gap = |what: &str, err: Error| gaps.push(format!("{what}: {err}"));
    let build_info = build_info::read(container).unwrap_or_else(|err| {
        or_gap("build info", err);
        None
    });
    let symbols = symbols::read(container);
    let mut altered = false;
    let functions = pclntab::read(container, symbols.runtime_text).unwrap_or_else(|err| {
        altered = err == Error::UnknownMark;
        or_gap("pclntab", err);
        None
    });
    let pe = pe::read(container, &mut gaps);
    let packed = disguise::packer(container).filter(|_| functions.is_none());
    if functions.is_none() && gaps.is_empty() && disguise::of_gccgo(container) {
        gaps.push(
            "gccgo built it, whose programs have neither function table nor build info".into(),
        );
    }
    let mut artifact = Artifact {
        format: container.format(),
        arch: container.arch(),
        size: container.size(),
        build_id: build_id::read(container),
        build_info,
        functions,
        symbols,
        debug: DebugInfo::default(),
        pe,
        debug_file: None,
        after_link: AfterLink::Unknown { why: WhyUnknown::NoBuildId },
        obfuscated: vec![],
        packed,
        gaps,
        unread: None,
    };
    artifact.obfuscated = disguise::signs(&artifact, altered);
    artifact
}

fn add_debug<'a, R: object::ReadRef<'a>>(container: &Container<'a, R>, artifact: &mut Artifact) {
    match debug_info::read(container, !artifact.symbols.c.is_empty()) {
        Ok(debug) => artifact.debug = debug,
        Err(err) => artifact.gaps.push(format!("DWARF: {err}")),
    }
}
