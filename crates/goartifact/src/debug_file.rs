//! Debug information in a file of its own: what `objcopy --only-keep-debug` keeps, a copy from before the strip, a
//! dSYM bundle. It must be of the same link.
//!
//! Source: gdb's manual, "Separate Debug Files", for where it is; what ties the two is a build ID (`NT_GNU_BUILD_ID`,
//! `LC_UUID`, Go's own) or the checksum in `.gnu_debuglink`.

use crate::source::Source;
use crate::{Artifact, Container, Error, build_id, container, debug_info, symbols};
use object::{Object as _, ReadRef};
use serde::Serialize;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Where a system keeps them.
const SYSTEM: &str = "/usr/lib/debug";

/// A file of debug information that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DebugFile {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is the program's.
    pub state: State,
}

/// Whether a debug file is the program's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum State {
    /// It is, and the levels were read from it.
    Own {
        /// What says so: `build ID 1f2e…`, `checksum 9b1c2d3e`.
        by: String,
    },
    /// It is of another link.
    Other {
        /// What the program is, or asks for.
        program: String,
        /// What the file is.
        file: String,
    },
    /// It cannot be read.
    Unreadable {
        /// Why.
        why: String,
    },
}

/// What ties a program and a debug file together.
#[derive(Debug, Default)]
struct Ids {
    /// Written by the linker for this: GNU's build ID, or Mach-O's UUID.
    build: Option<String>,
    go: Option<String>,
    /// The file's name and checksum.
    link: Option<(String, u32)>,
}

fn ids<'a, R: ReadRef<'a>>(container: &Container<'a, R>) -> Ids {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let gnu = container.file.build_id().ok().flatten().map(hex);
    let uuid = container.file.mach_uuid().ok().flatten().map(|uuid| hex(&uuid));
    let link = container.section(&[".gnu_debuglink"]).ok().flatten();
    Ids {
        build: gnu.or(uuid),
        go: build_id::read(container).filter(|id| !id.is_empty()),
        link: link.and_then(|section| link_of(&section.data, container.is_little_endian())),
    }
}

/// A name, zeros up to a multiple of four, a checksum. A name with a folder in it is none.
fn link_of(data: &[u8], little: bool) -> Option<(String, u32)> {
    let end = data.iter().position(|byte| *byte == 0)?;
    let name = std::str::from_utf8(data.get(..end)?).ok()?;
    let at = (end + 1).next_multiple_of(4);
    let sum: [u8; 4] = data.get(at..at + 4)?.try_into().ok()?;
    let sum = if little { u32::from_le_bytes(sum) } else { u32::from_be_bytes(sum) };
    (!name.is_empty() && !name.contains('/')).then(|| (name.to_owned(), sum))
}

/// Where it may be, in gdb's order, then beside the program with `.debug` behind its name.
fn places(program: &Path, ids: &Ids, format: crate::Format) -> Vec<PathBuf> {
    let folder = program.parent().unwrap_or(Path::new(""));
    let name = program.file_name().unwrap_or_default();
    let behind = |end: &str| {
        let mut name = name.to_owned();
        name.push(end);
        folder.join(name)
    };
    if format == crate::Format::MachO {
        return vec![behind(".dSYM").join("Contents/Resources/DWARF").join(name)];
    }
    let mut places = vec![];
    if let Some((first, rest)) = ids.build.as_ref().and_then(|id| id.split_at_checked(2)) {
        places.push(Path::new(SYSTEM).join(format!(".build-id/{first}/{rest}.debug")));
    }
    if let Some((link, _)) = &ids.link {
        places.extend([folder.join(link), folder.join(".debug").join(link)]);
        if let Ok(absolute) = std::path::absolute(folder)
            && let Ok(inside) = absolute.strip_prefix("/")
        {
            places.push(Path::new(SYSTEM).join(inside).join(link));
        }
    }
    places.push(behind(".debug"));
    places.retain(|place| place != program);
    places
}

/// Of a folder.
const NONE: &str =
    "the folder holds no debug file of this program under a name that debuggers look for";

/// What debuginfod's clients have fetched: `ID/debuginfo` (`debuginfod_find_debuginfo(3)`).
fn fetched(variable: impl Fn(&str) -> Option<PathBuf>, ids: &Ids) -> Option<PathBuf> {
    let cache = variable("DEBUGINFOD_CACHE_PATH")
        .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("debuginfod_client")))
        .or_else(|| Some(variable("HOME")?.join(".cache/debuginfod_client")))?;
    Some(cache.join(ids.build.as_ref()?).join("debuginfo"))
}

/// Where it may be in a folder that is given: a dSYM bundle, a folder as [`SYSTEM`] is one, debuginfod's, or one that
/// holds the file itself.
fn places_in(folder: &Path, program: &Path, ids: &Ids, format: crate::Format) -> Vec<PathBuf> {
    let name = program.file_name().unwrap_or_default();
    let with = |end: &str| {
        let mut name = name.to_owned();
        name.push(end);
        name
    };
    let bundled = Path::new("Contents/Resources/DWARF").join(name);
    if format == crate::Format::MachO {
        let inside = folder.join(with(".dSYM")).join(&bundled);
        return vec![folder.join(bundled), inside, folder.join(name)];
    }
    let mut places = vec![];
    if let Some((id, (first, rest))) =
        ids.build.as_ref().and_then(|id| Some((id, id.split_at_checked(2)?)))
    {
        places.push(folder.join(format!(".build-id/{first}/{rest}.debug")));
        places.push(folder.join(format!("{first}/{rest}.debug")));
        places.push(folder.join(id).join("debuginfo"));
    }
    let inside = std::path::absolute(program).ok();
    let inside = inside.as_deref().and_then(Path::parent);
    let inside = inside.and_then(|it| it.strip_prefix("/").ok()).map(|it| folder.join(it));
    if let Some((link, _)) = &ids.link {
        places.push(folder.join(link));
        places.extend(inside.as_ref().map(|inside| inside.join(link)));
    }
    places.push(folder.join(with(".debug")));
    places.extend(inside.map(|inside| inside.join(with(".debug"))));
    places.push(folder.join(name));
    // The very folder of one program in debuginfod's cache.
    places.push(folder.join("debuginfo"));
    places
}

/// Looks for the debug file of a program that has no debug information of its own, or takes the one that is given,
/// and reads the levels from it where it is the program's.
pub(crate) fn attach<'a, R: ReadRef<'a>>(
    program: &Path,
    container: &Container<'a, R>,
    given: Option<&Path>,
    artifact: &mut Artifact,
) {
    if given.is_none() && artifact.debug.present {
        return;
    }
    let wanted = ids(container);
    let format = container.format();
    let folder = given.filter(|given| given.is_dir());
    let all = match (given, folder) {
        (_, Some(folder)) => places_in(folder, program, &wanted, format),
        (Some(given), None) => vec![given.to_owned()],
        (None, None) => {
            let mut places = places(program, &wanted, format);
            let variable =
                |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
            places.extend(fetched(variable, &wanted));
            places
        }
    };
    let named = given.is_some() && folder.is_none();
    for path in &all {
        // Where a server has none, debuginfod's clients keep an empty file.
        let is_there = |path: &Path| {
            std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() > 0)
        };
        let itself = std::fs::canonicalize(path).ok();
        let itself = itself.is_some() && itself == std::fs::canonicalize(program).ok();
        if !named && (!is_there(path) || itself) {
            continue;
        }
        let state =
            read(path, container, &wanted, given.is_some(), artifact).unwrap_or_else(|err| {
                let why = match err {
                    // The path is told beside it.
                    Error::Io { reason, .. } => reason,
                    Error::NoFile { .. } => "not a regular file".into(),
                    err => err.to_string(),
                };
                State::Unreadable { why }
            });
        let own = matches!(state, State::Own { .. });
        if own || artifact.debug_file.is_none() {
            artifact.debug_file = Some(DebugFile { path: path.clone(), state });
        }
        if own {
            return;
        }
    }
    if let (Some(folder), None) = (folder, &artifact.debug_file) {
        let why = match &wanted.build {
            Some(id) => format!("{NONE}: {id}"),
            None => NONE.into(),
        };
        artifact.debug_file =
            Some(DebugFile { path: folder.to_owned(), state: State::Unreadable { why } });
    }
}

/// Reads one, where it is the program's.
fn read<'a, R: ReadRef<'a>>(
    path: &Path,
    program: &Container<'a, R>,
    wanted: &Ids,
    named: bool,
    artifact: &mut Artifact,
) -> Result<State, Error> {
    let meta = std::fs::metadata(path).map_err(|err| Error::io(path, &err))?;
    if !meta.is_file() {
        return Err(Error::NoFile { path: path.to_owned() });
    }
    let source = Source::open(path)?;
    let state = read_from(&source, meta.len(), path, program, wanted, named, artifact);
    match source.refused() {
        Some(err) => Err(err),
        None => state,
    }
}

/// The same, whatever of it is read.
fn read_from<'a, R: ReadRef<'a>>(
    source: &Source,
    size: u64,
    path: &Path,
    program: &Container<'a, R>,
    wanted: &Ids,
    named: bool,
    artifact: &mut Artifact,
) -> Result<State, Error> {
    let mut other = None;
    for (offset, size) in container::parts(source.range(0, size), size)? {
        let found = source.container(offset, size)?;
        if found.arch() != program.arch() || found.format() != program.format() {
            let state =
                State::Other { program: program.arch().0.into(), file: found.arch().0.into() };
            other.get_or_insert(state);
            continue;
        }
        match tie(wanted, &ids(&found), named, || checksum(path))? {
            Ok(by) => {
                let symbols = symbols::read(&found);
                artifact.debug = debug_info::read(&found, !symbols.c.is_empty())?;
                if !artifact.symbols.present {
                    artifact.symbols = symbols;
                }
                return Ok(State::Own { by });
            }
            Err(state) => {
                other.get_or_insert(state);
            }
        }
    }
    other.ok_or_else(|| Error::malformed("it holds nothing"))
}

/// Held against each other by the best that both have. `named`: somebody named the file; it was not found by its link.
fn tie(
    program: &Ids,
    file: &Ids,
    named: bool,
    checksum: impl FnOnce() -> Result<u32, Error>,
) -> Result<Result<String, State>, Error> {
    let same = |what: &str, program: &str, file: &str| {
        if program == file {
            return Ok(format!("{what} {program}"));
        }
        let told = |id: &str| format!("{what} {id}");
        Err(State::Other { program: told(program), file: told(file) })
    };
    if let (Some(program), Some(file)) = (&program.build, &file.build) {
        return Ok(same("build ID", program, file));
    }
    // A copy from before the strip is not the file that `.gnu_debuglink` sums, and whoever names it knows that.
    let of_go = |program: &&str| program.split('/').count() == 4;
    let go = program.go.as_deref().filter(of_go).filter(|id| file.go.as_deref() == Some(id));
    if let Some((_, sum)) = &program.link {
        let of_sum = same("checksum", &format!("{sum:08x}"), &format!("{:08x}", checksum()?));
        return Ok(match (of_sum, go) {
            (Err(_), Some(id)) if named => Ok(format!("Go build ID {id}")),
            (of_sum, _) => of_sum,
        });
    }
    if let (Some(program), Some(file)) = (&program.go, &file.go) {
        return Ok(same("Go build ID", program, file));
    }
    Ok(Err(State::Other {
        program: "no build ID".into(),
        file: "nothing to hold it against".into(),
    }))
}

/// The checksum that `.gnu_debuglink` has: CRC-32 of the whole file.
fn checksum(path: &Path) -> Result<u32, Error> {
    let io = |err: std::io::Error| Error::io(path, &err);
    let mut file = File::open(path).map_err(io)?;
    let mut sum = crc32fast::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(io)? {
            0 => return Ok(sum.finalize()),
            length => sum.update(buffer.get(..length).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gdbs_places_in_gdbs_order() {
        let ids = Ids { build: Some("1f2e3d".into()), go: None, link: Some(("app.dbg".into(), 1)) };
        let places = places(Path::new("/srv/app"), &ids, crate::Format::Elf);
        let wanted = [
            "/usr/lib/debug/.build-id/1f/2e3d.debug",
            "/srv/app.dbg",
            "/srv/.debug/app.dbg",
            "/usr/lib/debug/srv/app.dbg",
            "/srv/app.debug",
        ];
        assert_eq!(places, wanted.map(PathBuf::from));
        let bundle = super::places(Path::new("/srv/app"), &Ids::default(), crate::Format::MachO);
        assert_eq!(bundle, [PathBuf::from("/srv/app.dSYM/Contents/Resources/DWARF/app")]);
    }

    #[test]
    fn what_debuginfod_fetched_is_where_its_clients_keep_it() {
        let ids = Ids { build: Some("1f2e3d".into()), ..Ids::default() };
        let at = |set: &[&str]| {
            let value = |name: &str| set.contains(&name).then(|| PathBuf::from(format!("/{name}")));
            fetched(value, &ids).map(|path| path.display().to_string())
        };
        let all = ["DEBUGINFOD_CACHE_PATH", "XDG_CACHE_HOME", "HOME"];
        assert_eq!(at(&all).unwrap(), "/DEBUGINFOD_CACHE_PATH/1f2e3d/debuginfo");
        assert_eq!(at(&all[1..]).unwrap(), "/XDG_CACHE_HOME/debuginfod_client/1f2e3d/debuginfo");
        assert_eq!(at(&all[2..]).unwrap(), "/HOME/.cache/debuginfod_client/1f2e3d/debuginfo");
        assert_eq!(at(&[]), None);
    }

    #[test]
    fn a_copy_from_before_the_strip_is_of_the_same_link_whatever_the_link_sums() {
        let id = Some("a/b/c/d".to_owned());
        let link = Some(("app.debug".to_owned(), 1));
        let program = Ids { build: None, go: id.clone(), link };
        let copy = Ids { go: id, ..Ids::default() };
        let own = tie(&program, &copy, true, || Ok(2)).unwrap();
        assert_eq!(own, Ok("Go build ID a/b/c/d".to_owned()));
        // What is found by the link is taken by debuggers only where the sum holds.
        assert!(tie(&program, &copy, false, || Ok(2)).unwrap().is_err());
        // One that somebody chose says nothing.
        let program = Ids { go: Some("v1".into()), ..program };
        let file = Ids { go: Some("v1".into()), ..Ids::default() };
        assert!(tie(&program, &file, true, || Ok(2)).unwrap().is_err());
        assert!(tie(&program, &file, true, || Ok(1)).unwrap().is_ok());
    }

    #[test]
    fn a_link_names_a_file_and_no_folder() {
        let link =
            |name: &[u8]| link_of(&[name, &[0; 4][name.len() % 4..], &[1, 2, 3, 4]].concat(), true);
        assert_eq!(link(b"app.debug"), Some(("app.debug".into(), 0x0403_0201)));
        for wrong in [&b""[..], b"../etc/app", b"/etc/app"] {
            assert_eq!(link(wrong), None);
        }
        assert_eq!(link_of(b"app.debug", true), None);
        assert_eq!(link_of(b"app\0\x01\x02", true), None);
    }
}
