//! The Go package in a directory: which of its files a build takes, and what they import.
//!
//! The rules are those of `go/build.Context.Import`, in the form that the go command uses
//! (`cmd/go/internal/modindex.IndexPackage.Import`).

use crate::index::{FileStamps, Index, Keeps, Stamp};
use crate::listing::Listing;
use crate::position::{Places, Position};
use foldhash::{HashMap, HashMapExt as _, HashSet};
use goheader::{Brief, ErrorKind as HeaderErrorKind, Header, Tags};
use rustix::fs::{Mode, OFlags};
use serde::{Deserialize, Serialize};
use std::collections::hash_map::Entry;
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
    pub files: Arc<Files>,
    /// What the files import.
    pub imports: Arc<Places>,
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
        scratch: &mut Scratch,
        index: Option<&Index>,
        keeps: Keeps,
    ) -> Arc<Self> {
        let Scratch { buffer, names } = scratch;
        let mut building = Building::new(dir, tags, names);
        // Stand-ins are of one run only.
        let index = index.filter(|_| !listing.is_changed);
        building.stamps = index.filter(|_| keeps == Keeps::Nothing).map(|_| vec![]);
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
                    return Arc::new(building.folder);
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
            let source = Source { folder, place, file };
            if building.take(source, name, kind, buffer).is_break() {
                break;
            }
        }
        let stamps = match keeps {
            Keeps::Files => Some(vec![]),
            Keeps::Nothing => building.stamps.take(),
        };
        let folder = Arc::new(building.finish());
        if let (Some(index), Some(stamps), Some(before)) = (index, stamps, listing.stamp)
            && let Some(files) = known(&stamps)
            // Names that are no text are shown otherwise than they are.
            && listing.replaced.is_empty()
        {
            index.put(dir, before, files, &folder);
        }
        folder
    }
}

/// A file of which nothing is known may be another one tomorrow.
fn known(stamps: &[(usize, Option<Stamp>)]) -> Option<FileStamps> {
    stamps.iter().map(|(file, stamp)| Some((u32::try_from(*file).ok()?, (*stamp)?))).collect()
}

/// The words of the system as Go has them: without a number, in small letters.
fn words(error: &io::Error) -> String {
    let said = error.to_string();
    let said = said.split(" (os error").next().unwrap_or(&said);
    let mut letters = said.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Sorted by name at the end.
type Unsorted = Vec<(Arc<str>, Position)>;

/// What a thread needs again and again.
#[derive(Default)]
pub(crate) struct Scratch {
    buffer: Vec<u8>,
    names: Names,
}

/// Import paths: the same few stand in many files.
#[derive(Default)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn of(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = Arc::from(name);
        self.0.insert(Arc::clone(&name));
        name
    }
}

struct Building<'t> {
    dir: &'t Path,
    tags: &'t Tags,
    names: &'t mut Names,
    folder: Folder,
    files: Files,
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
    fn new(dir: &'t Path, tags: &'t Tags, names: &'t mut Names) -> Self {
        Self {
            dir,
            tags,
            names,
            folder: Folder::default(),
            files: Files::default(),
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
        let invalid = &mut self.files.invalid_go;
        if !invalid.iter().any(|other| other == name) {
            invalid.push(name.to_owned());
        }
    }

    fn ignore(&mut self, name: &str, kind: Kind) {
        match kind {
            Kind::Go => self.files.ignored_go.push(name.to_owned()),
            _ => self.files.ignored_other.push(name.to_owned()),
        }
    }

    fn take(
        &mut self,
        source: Source<'_>,
        name: &str,
        kind: Kind,
        buffer: &mut Vec<u8>,
    ) -> std::ops::ControlFlow<()> {
        use std::ops::ControlFlow::Continue;
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
                (true, _) => self.files.of_kind(kind).push(name.to_owned()),
            }
            return Continue(());
        }
        let tags = self.tags;
        let mut stamps = self.stamps.take();
        let read = read_enough(source, buffer, &mut stamps, |bytes, complete| {
            if let Some(brief) = goheader::read_brief(bytes, complete)? {
                return Ok(self.take_brief(source.file, name, &brief));
            }
            let header = goheader::read_go(bytes, complete)?;
            Ok(self.take_header(source.file, name, &header, tags))
        });
        self.stamps = stamps;
        read.unwrap_or_else(|err| {
            let said = format!("open {}: {}", self.dir.join(name).display(), words(&err));
            self.bad(name, FolderProblem::Other(said));
            Continue(())
        })
    }

    /// An ordinary file.
    fn take_brief(
        &mut self,
        file: usize,
        name: &str,
        brief: &Brief<'_>,
    ) -> std::ops::ControlFlow<()> {
        use std::ops::ControlFlow::{Break, Continue};
        match self.tags.builds(&brief.constraint) {
            Ok(true) => {}
            Ok(false) => {
                self.ignore(name, Kind::Go);
                return Continue(());
            }
            Err(err) => return if self.refuse(name, &err) { Break(()) } else { Continue(()) },
        }
        let is_cgo = brief.imports.iter().any(|import| import.path == "C");
        let Some(part) = self.take_go(name, brief.package, is_cgo, || brief.doc()) else {
            return Continue(());
        };
        for import in &brief.imports {
            let at = Position::new(file, import.line, import.column);
            self.imports[part as usize].push((self.names.of(import.path), at));
        }
        Continue(())
    }

    /// A file with something that few have.
    fn take_header(
        &mut self,
        file: usize,
        name: &str,
        header: &Header,
        tags: &Tags,
    ) -> std::ops::ControlFlow<()> {
        use std::ops::ControlFlow::{Break, Continue};
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
        match tags.builds(&header.constraint) {
            Ok(true) => {}
            Ok(false) => {
                self.ignore(name, Kind::Go);
                return Continue(());
            }
            Err(err) => return if self.refuse(name, &err) { Break(()) } else { Continue(()) },
        }
        let package = header.package.as_ref().map_or("", |package| package.name.as_str());
        let is_cgo = header.imports.iter().any(|import| import.path == "C");
        let Some(part) = self.take_go(name, package, is_cgo, || header.doc.clone()) else {
            return Continue(());
        };
        for import in &header.imports {
            let at = Position::new(file, import.position.line, import.position.column);
            self.imports[part as usize].push((self.names.of(&import.path), at));
        }
        for embed in &header.embeds {
            let at = Position::new(file, embed.line, embed.column);
            self.embeds[part as usize].push((self.names.of(&embed.pattern), at));
        }
        Continue(())
    }

    /// A constraint that cannot be read; whether it ends everything.
    fn refuse(&mut self, name: &str, err: &goheader::ConstraintError) -> bool {
        let said = FolderProblem::Other(format!("{name}: {err}"));
        if *err == goheader::ConstraintError::Multiple {
            self.bad(name, said);
            return false;
        }
        self.folder.problem = Some(said);
        self.stopped = true;
        true
    }

    /// A file that is built: which package of the folder takes its imports, if one does.
    fn take_go(
        &mut self,
        name: &str,
        package: &str,
        is_cgo: bool,
        doc: impl FnOnce() -> String,
    ) -> Option<Part> {
        if package == "documentation" {
            self.ignore(name, Kind::Go);
            return None;
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
            self.folder.doc = doc();
        }
        if is_cgo && is_test {
            let said = format!("use of cgo in test {name} not supported");
            self.bad(name, FolderProblem::Other(said));
        }
        let files = &mut self.files;
        let (list, part) = match (is_cgo && !is_test, is_test, is_xtest) {
            (true, ..) if self.tags.cgo || self.tags.any => (&mut files.cgo, Some(Part::Package)),
            (true, ..) => (&mut files.ignored_go, None),
            (_, _, true) => (&mut files.xtest_go, Some(Part::XTest)),
            (_, true, _) => (&mut files.test_go, Some(Part::Test)),
            _ => (&mut files.go, Some(Part::Package)),
        };
        list.push(name.to_owned());
        part
    }

    fn finish(mut self) -> Folder {
        let mut folder = self.folder;
        let [imports, test_imports, xtest_imports] = self.imports;
        let [embeds, test_embeds, xtest_embeds] = self.embeds;
        folder.imports = Arc::new(sorted(imports));
        folder.test_imports = sorted(test_imports);
        folder.xtest_imports = sorted(xtest_imports);
        folder.embeds = sorted(embeds);
        folder.test_embeds = sorted(test_embeds);
        folder.xtest_embeds = sorted(xtest_embeds);
        let mut files = self.files;
        let s = if files.cgo.is_empty() { &mut files.ignored_other } else { &mut files.s };
        s.append(&mut self.upper_s);
        s.sort();
        if folder.problem.is_none() && !files.any_go() {
            folder.problem = Some(FolderProblem::NoGo);
        }
        folder.files = Arc::new(files);
        folder
    }
}

/// Each name once, with its places in the order of the files.
fn sorted(places: Unsorted) -> Places {
    let mut all: Places = vec![];
    // A name is one and the same wherever it stands, so that its address tells it apart.
    let mut seen: HashMap<*const u8, usize> = HashMap::with_capacity(places.len() / 4 + 1);
    for (name, at) in places {
        match seen.entry(name.as_ptr()) {
            Entry::Occupied(known) => {
                if let Some((_, places)) = all.get_mut(*known.get()) {
                    places.push(at);
                }
            }
            Entry::Vacant(free) => {
                free.insert(all.len());
                all.push((name, vec![at]));
            }
        }
    }
    all.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    all
}

/// The stamps of files that are read, if somebody wants them.
type Stamps = Option<Vec<(usize, Option<Stamp>)>>;

/// Where a file is read.
#[derive(Clone, Copy)]
struct Source<'a> {
    folder: BorrowedFd<'a>,
    /// Its name in the folder, or the whole path of what stands in for it.
    place: &'a Path,
    /// Its place among [`Folder::names`].
    file: usize,
}

/// Reads as much of a file as its header needs.
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
    mut parse: impl FnMut(&[u8], bool) -> Result<T, goheader::Incomplete>,
) -> io::Result<T> {
    // Relative to the folder: its path is long, and its files are many.
    // A pipe without a writer would keep us waiting; a regular file is read the same either way.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = rustix::fs::openat(source.folder, source.place, flags, Mode::empty())?;
    if let Some(stamps) = stamps {
        stamps.push((source.file, Stamp::of_open(file.as_fd())));
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
