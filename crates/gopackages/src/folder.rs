//! The Go package in a directory: which of its files a build takes, and what they import.
//!
//! The rules are those of `go/build.Context.Import`, in the form that the go command uses
//! (`cmd/go/internal/modindex.IndexPackage.Import`).

use crate::index::{Index, Stamp};
use crate::listing::Listing;
use crate::position::{Places, Position};
use goheader::{ErrorKind as HeaderErrorKind, Header, Tags};
use rustix::fs::{Mode, OFlags};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The header of most files lies within.
const FIRST_READ: usize = 4 << 10;
/// No header is longer; Go itself would read on.
const MAX_HEADER: usize = 64 << 20;

/// What `go/build` says of a directory. File names are without the directory, in order.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// All files that were looked at; positions point into it.
    pub(crate) names: Vec<String>,
    /// The package's name: that of the first file.
    pub name: String,
    /// The synopsis of its documentation.
    pub doc: String,
    /// The files by their kind.
    pub files: Files,
    /// What the files import.
    pub imports: Places,
    /// What the files of tests within the package import.
    pub test_imports: Places,
    /// What the files of tests outside of the package import.
    pub xtest_imports: Places,
    /// `//go:embed` patterns of the files.
    pub embeds: Places,
    /// Those of tests within the package.
    pub test_embeds: Places,
    /// Those of tests outside of the package.
    pub xtest_embeds: Places,
    /// Why it cannot be built.
    pub problem: Option<FolderProblem>,
}

/// The files of a package, by what a build does with them (the fields of `go list`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "they are documented by `go help list`")]
pub struct Files {
    pub go: Vec<String>,
    pub cgo: Vec<String>,
    pub ignored_go: Vec<String>,
    pub invalid_go: Vec<String>,
    pub ignored_other: Vec<String>,
    pub c: Vec<String>,
    pub cxx: Vec<String>,
    pub m: Vec<String>,
    pub h: Vec<String>,
    pub f: Vec<String>,
    pub s: Vec<String>,
    pub swig: Vec<String>,
    pub swigcxx: Vec<String>,
    pub syso: Vec<String>,
    pub test_go: Vec<String>,
    pub xtest_go: Vec<String>,
}

/// Why a directory is no package that can be built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FolderProblem {
    /// No file is left for this build.
    NoGo,
    /// A file that cannot be parsed.
    Syntax {
        /// Where.
        at: Position,
        /// What `go/parser` says.
        message: String,
    },
    /// An import path that is none.
    ImportPath {
        /// Where.
        at: Position,
        /// What `go/build` says.
        message: String,
    },
    /// A file that cannot be read.
    Read {
        /// Which; its line says nothing.
        at: Position,
        /// Why.
        message: String,
    },
    /// Two packages in one directory.
    Multiple(String),
    /// Anything else about a file.
    Other(String),
}

/// A kind of file, by its extension (`go/build.fileListForExt`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Go,
    C,
    Cxx,
    M,
    H,
    F,
    S,
    /// `.S` and `.sx`: for cgo only.
    UpperS,
    Swig,
    SwigCxx,
    Syso,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        let dot = name.rfind('.')?;
        Some(match name.get(dot..)? {
            ".go" => Self::Go,
            ".c" => Self::C,
            ".cc" | ".cpp" | ".cxx" => Self::Cxx,
            ".m" => Self::M,
            ".h" | ".hh" | ".hpp" | ".hxx" => Self::H,
            ".f" | ".F" | ".for" | ".f90" => Self::F,
            ".s" => Self::S,
            ".S" | ".sx" => Self::UpperS,
            ".swig" => Self::Swig,
            ".swigcxx" => Self::SwigCxx,
            ".syso" => Self::Syso,
            _ => return None,
        })
    }
}

/// Whether a build may read a file of this name, in some directory.
pub fn is_source(name: &str) -> bool {
    Kind::of(name).is_some()
}

impl Files {
    fn of_kind(&mut self, kind: Kind) -> &mut Vec<String> {
        match kind {
            Kind::Go => &mut self.go,
            Kind::C => &mut self.c,
            Kind::Cxx => &mut self.cxx,
            Kind::M => &mut self.m,
            Kind::H => &mut self.h,
            Kind::F => &mut self.f,
            Kind::S | Kind::UpperS => &mut self.s,
            Kind::Swig => &mut self.swig,
            Kind::SwigCxx => &mut self.swigcxx,
            Kind::Syso => &mut self.syso,
        }
    }

    /// Whether Go files are among them, of tests or not.
    pub(crate) fn any_go(&self) -> bool {
        [&self.go, &self.cgo, &self.test_go, &self.xtest_go].iter().any(|files| !files.is_empty())
    }

    /// All files that a build reads (`load.Package.AllFiles`).
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        let lists = [
            &self.go,
            &self.cgo,
            &self.ignored_go,
            &self.ignored_other,
            &self.c,
            &self.cxx,
            &self.m,
            &self.h,
            &self.f,
            &self.s,
            &self.swig,
            &self.swigcxx,
            &self.syso,
            &self.test_go,
            &self.xtest_go,
        ];
        lists.into_iter().flatten()
    }
}

impl Folder {
    /// Whether Go sees source files here.
    pub(crate) fn has_go(&self) -> bool {
        self.names.iter().any(|name| name.ends_with(".go"))
    }

    /// Reads the headers of a directory's files.
    pub(crate) fn read(
        dir: &Path,
        listing: &Listing,
        tags: &Tags,
        buffer: &mut Vec<u8>,
        index: Option<&Index>,
    ) -> Self {
        let mut building = Building::new(dir, tags);
        // Stand-ins are of one run only.
        let index = index.filter(|_| !listing.is_changed);
        building.stamps = index.map(|_| vec![]);
        let opened;
        let folder = match &listing.folder {
            Some(folder) => folder.as_fd(),
            None => match crate::listing::open(dir) {
                Ok(folder) => {
                    opened = folder;
                    opened.as_fd()
                }
                // All of it stands in for a folder that is not there.
                Err(_) if !listing.replaced.is_empty() => rustix::fs::CWD,
                Err(err) => {
                    building.folder.problem = Some(FolderProblem::Other(err.to_string()));
                    return building.folder;
                }
            },
        };
        for name in &listing.files {
            if name.starts_with(['_', '.']) {
                continue;
            }
            let Some(kind) = Kind::of(name) else { continue };
            let file = building.folder.names.len();
            building.folder.names.push(name.clone());
            let place = listing.replaced.get(name).map_or(Path::new(name), PathBuf::as_path);
            let source = Source { folder, place };
            if building.take(source, file, name, kind, buffer).is_break() {
                break;
            }
        }
        let stamps = building.stamps.take();
        let folder = building.finish();
        // A file of which nothing is known may be another one tomorrow.
        if let (Some(index), Some(files), Some(before)) = (index, stamps, listing.stamp)
            && files.iter().all(|(_, stamp)| stamp.is_some())
        {
            let files = files.into_iter().filter_map(|(name, stamp)| Some((name, stamp?)));
            index.put(dir, before, files.collect(), &folder);
        }
        folder
    }
}

/// The words of the system as Go has them: without a number, in small letters.
fn words(error: &io::Error) -> String {
    let said = error.to_string();
    let said = said.split(" (os error").next().unwrap_or(&said);
    let mut letters = said.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Sorted by name at the end.
type Unsorted = Vec<(String, Position)>;

struct Building<'t> {
    dir: &'t Path,
    tags: &'t Tags,
    folder: Folder,
    /// The file that gave the package its name.
    first: String,
    imports: [Unsorted; 3],
    embeds: [Unsorted; 3],
    upper_s: Vec<String>,
    /// A broken constraint ends everything.
    stopped: bool,
    /// The stamps of the files that are read, if somebody wants them.
    stamps: Stamps,
}

/// Which of the three packages of a directory a file belongs to.
#[derive(Clone, Copy)]
enum Part {
    Package = 0,
    Test = 1,
    XTest = 2,
}

impl<'t> Building<'t> {
    fn new(dir: &'t Path, tags: &'t Tags) -> Self {
        Self {
            dir,
            tags,
            folder: Folder::default(),
            first: String::new(),
            imports: Default::default(),
            embeds: Default::default(),
            upper_s: vec![],
            stopped: false,
            stamps: None,
        }
    }

    fn bad(&mut self, name: &str, problem: FolderProblem) {
        if self.folder.problem.is_none() {
            self.folder.problem = Some(problem);
        }
        let invalid = &mut self.folder.files.invalid_go;
        if !invalid.iter().any(|other| other == name) {
            invalid.push(name.to_owned());
        }
    }

    fn ignore(&mut self, name: &str, kind: Kind) {
        match kind {
            Kind::Go => self.folder.files.ignored_go.push(name.to_owned()),
            _ => self.folder.files.ignored_other.push(name.to_owned()),
        }
    }

    fn take(
        &mut self,
        source: Source<'_>,
        file: usize,
        name: &str,
        kind: Kind,
        buffer: &mut Vec<u8>,
    ) -> std::ops::ControlFlow<()> {
        use std::ops::ControlFlow::{Break, Continue};
        if !self.tags.file_name_matches(name) {
            self.ignore(name, kind);
            return Continue(());
        }
        if kind != Kind::Go {
            let builds = kind == Kind::Syso
                || read_constraint(source, buffer, &mut self.stamps)
                    .ok()
                    .and_then(|constraint| self.tags.builds(&constraint).ok())
                    .unwrap_or(true);
            match (builds, kind) {
                (false, _) => self.ignore(name, kind),
                (true, Kind::UpperS) => self.upper_s.push(name.to_owned()),
                (true, _) => self.folder.files.of_kind(kind).push(name.to_owned()),
            }
            return Continue(());
        }
        let header = match read_header(source, buffer, &mut self.stamps) {
            Ok(header) => header,
            Err(err) => {
                let said = format!("open {}: {}", self.dir.join(name).display(), words(&err));
                self.bad(name, FolderProblem::Other(said));
                return Continue(());
            }
        };
        if let Some(error) = &header.error {
            let at = Position::new(file, error.line, error.column);
            let message = error.message.clone();
            let problem = match error.kind {
                HeaderErrorKind::Syntax => FolderProblem::Syntax { at, message },
                HeaderErrorKind::Import => FolderProblem::ImportPath { at, message },
                HeaderErrorKind::Read => {
                    self.bad(name, FolderProblem::Read { at, message });
                    return Continue(());
                }
            };
            self.bad(name, problem);
        }
        match self.tags.builds(&header.constraint) {
            Ok(true) => {}
            Ok(false) => {
                self.ignore(name, kind);
                return Continue(());
            }
            Err(err @ goheader::ConstraintError::Multiple) => {
                self.bad(name, FolderProblem::Other(format!("{name}: {err}")));
                return Continue(());
            }
            Err(err) => {
                self.folder.problem = Some(FolderProblem::Other(format!("{name}: {err}")));
                self.stopped = true;
                return Break(());
            }
        }
        self.take_go(file, name, &header);
        Continue(())
    }

    fn take_go(&mut self, file: usize, name: &str, header: &Header) {
        let package = header.package.as_ref().map_or("", |package| package.name.as_str());
        if package == "documentation" {
            return self.ignore(name, Kind::Go);
        }
        let is_test = name.ends_with("_test.go");
        let outside =
            package.strip_suffix("_test").filter(|_| is_test && self.folder.name != package);
        let is_xtest = outside.is_some();
        let package = outside.unwrap_or(package);
        if self.folder.name.is_empty() {
            package.clone_into(&mut self.folder.name);
            name.clone_into(&mut self.first);
        } else if package != self.folder.name {
            let (ours, first) = (&self.folder.name, &self.first);
            let said = format!("found packages {ours} ({first}) and {package} ({name})");
            self.bad(name, FolderProblem::Multiple(said));
        }
        if self.folder.doc.is_empty() && !is_test {
            header.doc.clone_into(&mut self.folder.doc);
        }
        let is_cgo = header.imports.iter().any(|import| import.path == "C");
        if is_cgo && is_test {
            let said = format!("use of cgo in test {name} not supported");
            self.bad(name, FolderProblem::Other(said));
        }
        let files = &mut self.folder.files;
        let (list, part) = match (is_cgo && !is_test, is_test, is_xtest) {
            (true, ..) if self.tags.cgo || self.tags.any => (&mut files.cgo, Some(Part::Package)),
            (true, ..) => (&mut files.ignored_go, None),
            (_, _, true) => (&mut files.xtest_go, Some(Part::XTest)),
            (_, true, _) => (&mut files.test_go, Some(Part::Test)),
            _ => (&mut files.go, Some(Part::Package)),
        };
        list.push(name.to_owned());
        let Some(part) = part else { return };
        for import in &header.imports {
            let at = Position::new(file, import.position.line, import.position.column);
            self.imports[part as usize].push((import.path.clone(), at));
        }
        for embed in &header.embeds {
            let at = Position::new(file, embed.line, embed.column);
            self.embeds[part as usize].push((embed.pattern.clone(), at));
        }
    }

    fn finish(mut self) -> Folder {
        let mut folder = self.folder;
        let [imports, test_imports, xtest_imports] = self.imports;
        let [embeds, test_embeds, xtest_embeds] = self.embeds;
        folder.imports = sorted(imports);
        folder.test_imports = sorted(test_imports);
        folder.xtest_imports = sorted(xtest_imports);
        folder.embeds = sorted(embeds);
        folder.test_embeds = sorted(test_embeds);
        folder.xtest_embeds = sorted(xtest_embeds);
        let files = &mut folder.files;
        let s = if files.cgo.is_empty() { &mut files.ignored_other } else { &mut files.s };
        s.append(&mut self.upper_s);
        s.sort();
        if folder.problem.is_none() && !folder.files.any_go() {
            folder.problem = Some(FolderProblem::NoGo);
        }
        folder
    }
}

/// Each name once, with its places in the order of the files.
fn sorted(mut places: Unsorted) -> Places {
    // Stable, so that the first place stays the first.
    places.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut all: Places = vec![];
    for (name, at) in places {
        match all.last_mut() {
            Some((last, places)) if **last == *name => places.push(at),
            _ => all.push((Arc::from(name), vec![at])),
        }
    }
    all
}

/// The stamps of files that are read, if somebody wants them.
type Stamps = Option<Vec<(String, Option<Stamp>)>>;

/// Where a file is read.
#[derive(Clone, Copy)]
struct Source<'a> {
    folder: BorrowedFd<'a>,
    /// Its name in the folder, or the whole path of what stands in for it.
    place: &'a Path,
}

/// Reads as much of a file as its header needs.
fn read_header(
    source: Source<'_>,
    buffer: &mut Vec<u8>,
    stamps: &mut Stamps,
) -> io::Result<Header> {
    read_enough(source, buffer, stamps, goheader::read_go)
}

fn read_constraint(
    source: Source<'_>,
    buffer: &mut Vec<u8>,
    stamps: &mut Stamps,
) -> io::Result<goheader::Constraint> {
    read_enough(source, buffer, stamps, goheader::read_other)
}

fn read_enough<T>(
    source: Source<'_>,
    buffer: &mut Vec<u8>,
    stamps: &mut Stamps,
    parse: impl Fn(&[u8], bool) -> Result<T, goheader::Incomplete>,
) -> io::Result<T> {
    // Relative to the folder: its path is long, and its files are many.
    // A pipe without a writer would keep us waiting; a regular file is read the same either way.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = rustix::fs::openat(source.folder, source.place, flags, Mode::empty())?;
    if let Some(stamps) = stamps {
        let name = source.place.to_string_lossy().into_owned();
        stamps.push((name, Stamp::of_open(file.as_fd())));
    }
    let mut file = File::from(file);
    let mut filled = 0_usize;
    loop {
        let room = if filled == 0 { FIRST_READ } else { filled.saturating_mul(7) };
        if buffer.len() < filled + room {
            buffer.resize(filled + room, 0);
        }
        let read = file.read(buffer.get_mut(filled..filled + room).unwrap_or_default())?;
        filled += read;
        if filled == 0 && !file.metadata()?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        let complete = read == 0 || filled >= MAX_HEADER;
        match parse(buffer.get(..filled).unwrap_or_default(), complete) {
            Ok(found) => return Ok(found),
            Err(_) if complete => return Err(io::Error::other("the header does not end")),
            Err(_) => {}
        }
    }
}
