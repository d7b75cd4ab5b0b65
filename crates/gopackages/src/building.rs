//! Builds a [`Folder`]: reads the headers of a directory's files and decides about each.
//!
//! The rules are those of `go/build.Context.Import`, in the form that the go command uses
//! (`cmd/go/internal/modindex.IndexPackage.Import`).

use crate::folder::{Files, Folder, FolderProblem, Has, Kind, Part};
use crate::index::{FileStamps, Index, Keeps};
use crate::listing::Listing;
use crate::position::{Places, Position};
use crate::source::{Source, Stamps, read_constraint, read_enough};
use buildlist::Stamp;
use foldhash::{HashMap, HashMapExt as _, HashSet};
use goheader::{
    Brief, Constraint, ConstraintError, Embed, ErrorKind as HeaderErrorKind, Header, Tags,
};
use std::collections::hash_map::Entry;
use std::io;
use std::ops::ControlFlow::{self, Break, Continue};
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which files of a directory are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    All,
    /// Not those of tests, unless there are no others.
    NoTests,
}

/// Whose rules count where a file cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rules {
    /// Those of the go command's module index, which reads every Go file, whatever its name: what is wrong with one for
    /// another platform is wrong for all.
    Index,
    /// Those of go/build, which does not open what its name excludes: where the go command has no index, with vendoring
    /// (`modload.PackageModRoot`) and in a directory with links (`modindex.dirHash`).
    Build,
}

/// How a directory is read, and for which index.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) tags: &'a Tags,
    pub(crate) reads: Reads,
    pub(crate) rules: Rules,
    /// Whether files are read that their names exclude.
    pub(crate) reads_excluded: bool,
    pub(crate) index: Option<&'a Index>,
    pub(crate) keeps: Keeps,
}

impl Folder {
    /// Reads the headers of a directory's files.
    pub(crate) fn read(
        dir: &Path,
        listing: &Listing,
        reading: Reading<'_>,
        scratch: &mut Scratch,
    ) -> Arc<Self> {
        let Reading { tags, reads, rules, reads_excluded, index, keeps } = reading;
        let Scratch { buffer, names } = &mut *scratch;
        let mut building = Building::new(dir, tags, names);
        building.rules = if listing.has_links { Rules::Build } else { rules };
        building.reads_excluded = reads_excluded;
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
                    if let Some(index) = index {
                        index.looked.spoil();
                    }
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
            if reads == Reads::NoTests && name.ends_with("_test.go") {
                continue;
            }
            let file = building.name(name);
            let place = listing.replaced.get(name).map_or(Path::new(name), PathBuf::as_path);
            let source = Source { folder, place, file };
            if building.take(source, name, kind, buffer).is_break() {
                break;
            }
        }
        let stamps = building.stamps.take().map(|stamps| known(&stamps));
        let is_odd = building.is_odd;
        let folder = building.finish();
        if reads == Reads::NoTests && folder.problem.is_some() {
            // What is wrong with it may be that it has nothing but tests.
            return Self::read(dir, listing, Reading { reads: Reads::All, ..reading }, scratch);
        }
        let folder = Arc::new(folder);
        let Some(index) = index else { return folder };
        let files = match keeps {
            Keeps::Files => Some(None),
            Keeps::Nothing => stamps.flatten().map(Some),
        };
        if let (Some(files), Some(before)) = (files, listing.stamp)
            // Names that are no text are shown otherwise than they are.
            && listing.replaced.is_empty()
            // Another run, with vendoring or without, may have to say something else.
            && !is_odd
        {
            index.put(dir, before, files, &folder);
        } else {
            index.looked.spoil();
        }
        folder
    }
}

/// The stamps, if so many have a number.
fn known(stamps: &[(usize, Option<Stamp>)]) -> Option<FileStamps> {
    stamps.iter().map(|(file, stamp)| Some((u32::try_from(*file).ok()?, *stamp))).collect()
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
    pub(crate) names: Names,
}

/// Import paths: the same few stand in many files.
#[derive(Default)]
pub(crate) struct Names(HashSet<Arc<str>>);

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

/// A folder while its files are taken, one by one.
pub(crate) struct Building<'t> {
    dir: &'t Path,
    tags: &'t Tags,
    names: &'t mut Names,
    folder: Folder,
    /// The names of all files that are looked at.
    all: Vec<String>,
    doc: String,
    files: Files,
    /// The file that gave the package its name.
    first: String,
    imports: [Unsorted; 3],
    embeds: [Unsorted; 3],
    upper_s: Vec<String>,
    rules: Rules,
    reads_excluded: bool,
    /// Something was found of which the two [`Rules`] say different things.
    is_odd: bool,
    /// Whether a Go file fits (`imports.ScanDir`).
    is_fitting: bool,
    /// A constraint that cannot be understood ended everything.
    has_ended: bool,
    /// The stamps of the files that are read, if somebody wants them.
    stamps: Stamps,
}

/// What was read of a Go file.
pub(crate) struct GoSource<'h, I> {
    /// Its place among the names.
    pub(crate) file: usize,
    pub(crate) name: &'h str,
    pub(crate) constraint: &'h Constraint,
    /// The package's name.
    pub(crate) package: &'h str,
    /// Paths, lines and columns.
    pub(crate) imports: I,
    pub(crate) embeds: &'h [Embed],
    pub(crate) doc: &'h dyn Fn() -> String,
    /// The `#cgo` lines.
    pub(crate) cgo: &'h [&'h str],
    /// What the parser says.
    pub(crate) wrong: Option<FolderProblem>,
}

/// What becomes of a Go file.
enum Verdict {
    Built,
    PassedOver,
    /// Nothing is read behind it.
    Ends,
}

impl<'t> Building<'t> {
    pub(crate) fn new(dir: &'t Path, tags: &'t Tags, names: &'t mut Names) -> Self {
        Self {
            dir,
            tags,
            names,
            folder: Folder::default(),
            all: vec![],
            doc: String::new(),
            files: Files::default(),
            first: String::new(),
            imports: Default::default(),
            embeds: Default::default(),
            upper_s: vec![],
            rules: Rules::Index,
            reads_excluded: false,
            is_odd: false,
            is_fitting: false,
            has_ended: false,
            stamps: None,
        }
    }

    /// The next file's place among the names.
    pub(crate) fn name(&mut self, name: &str) -> usize {
        self.all.push(name.to_owned());
        self.all.len() - 1
    }

    /// Whether a build takes files of this name; else it is passed over.
    pub(crate) fn is_named_for_this(&mut self, name: &str, kind: Kind) -> bool {
        let is = self.tags.file_name_matches(name);
        if !is {
            self.ignore(name, kind);
        }
        is
    }

    /// A file of another language, by its name and what its head says.
    pub(crate) fn take_other(
        &mut self,
        name: &str,
        kind: Kind,
        constraint: &Constraint,
    ) -> ControlFlow<()> {
        if !self.is_named_for_this(name, kind) {
            return Continue(());
        }
        let holds = if kind == Kind::Syso { Ok(true) } else { self.tags.builds(constraint) };
        self.is_odd |= holds.is_err();
        let is_built = match (holds, self.rules) {
            (Ok(holds), _) => holds,
            (Err(err @ ConstraintError::Syntax(_)), Rules::Index) => return self.end(name, &err),
            // The index has no constraint for it.
            (Err(_), Rules::Index) => true,
            (Err(_), Rules::Build) => false,
        };
        match (is_built, kind) {
            (false, _) => self.ignore(name, kind),
            (true, Kind::UpperS) => self.upper_s.push(name.to_owned()),
            (true, _) => self.files.of_kind(kind).push(name.to_owned()),
        }
        Continue(())
    }

    /// A broken constraint ends everything.
    fn end(&mut self, name: &str, err: &ConstraintError) -> ControlFlow<()> {
        self.folder.problem = Some(FolderProblem::Other(format!("{name}: {err}")));
        self.has_ended = true;
        Break(())
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
    ) -> ControlFlow<()> {
        if kind != Kind::Go {
            // Nothing of a file is read whose name says enough.
            let read = kind != Kind::Syso && self.tags.file_name_matches(name);
            let constraint = match read {
                true => read_constraint(source, buffer, &mut self.stamps).ok(),
                false => None,
            };
            return self.take_other(name, kind, &constraint.unwrap_or_default());
        }
        let is_named = self.tags.file_name_matches(name);
        if !is_named && !self.reads_excluded {
            self.ignore(name, kind);
            return Continue(());
        }
        let mut stamps = self.stamps.take();
        let read = read_enough(source, buffer, &mut stamps, |bytes, complete| {
            if let Some(brief) = goheader::read_brief(bytes, complete)? {
                return Ok(self.take_brief(source.file, name, &brief));
            }
            let header = goheader::read_go(bytes, complete)?;
            Ok(self.take_header(source.file, name, &header))
        });
        self.stamps = stamps;
        read.unwrap_or_else(|err| {
            let said = format!("open {}: {}", self.dir.join(name).display(), words(&err));
            self.unread(name, FolderProblem::Other(said));
            Continue(())
        })
    }

    /// A file that cannot be read.
    fn unread(&mut self, name: &str, problem: FolderProblem) {
        self.is_fitting |= self.tags.file_name_matches(name);
        if !self.tags.file_name_matches(name) {
            self.is_odd = true;
            if self.rules == Rules::Build {
                return self.ignore(name, Kind::Go);
            }
        }
        self.bad(name, problem);
    }

    /// An ordinary file.
    fn take_brief(&mut self, file: usize, name: &str, brief: &Brief<'_>) -> ControlFlow<()> {
        self.take_read(GoSource {
            file,
            name,
            constraint: &brief.constraint,
            package: brief.package,
            imports: brief.imports.iter().map(|one| (one.path, one.line, one.column)),
            embeds: &[],
            doc: &|| brief.doc(),
            cgo: &[],
            wrong: None,
        })
    }

    /// A file with something that few have.
    fn take_header(&mut self, file: usize, name: &str, header: &Header) -> ControlFlow<()> {
        let wrong = header.error.as_ref().map(|error| {
            let at = Position::new(file, error.line, error.column);
            let message = error.message.clone();
            match error.kind {
                HeaderErrorKind::Syntax => FolderProblem::Syntax { at, message },
                HeaderErrorKind::Import => FolderProblem::ImportPath { at, message },
                HeaderErrorKind::Read => FolderProblem::Read { at, message },
            }
        });
        let wrong = match wrong {
            Some(problem @ FolderProblem::Read { .. }) => {
                self.unread(name, problem);
                return Continue(());
            }
            other => other,
        };
        let imports = header.imports.iter();
        let cgo: Vec<&str> = header.cgo.iter().flat_map(|one| one.directives()).collect();
        self.take_read(GoSource {
            file,
            name,
            constraint: &header.constraint,
            package: header.package.as_ref().map_or("", |package| package.name.as_str()),
            imports: imports.map(|one| (one.path.as_str(), one.position.line, one.position.column)),
            embeds: &header.embeds,
            doc: &|| header.doc.clone(),
            cgo: &cgo,
            wrong,
        })
    }

    /// Whether this build takes a Go file: by its name, its constraint, and what the parser says. In the order of
    /// `IndexPackage.Import`, or of go/build's `Context.matchFile` and `Context.Import`.
    fn verdict(
        &mut self,
        name: &str,
        constraint: &Constraint,
        wrong: Option<FolderProblem>,
    ) -> Verdict {
        let is_named = self.tags.file_name_matches(name);
        let holds = self.tags.builds(constraint);
        self.is_odd |= holds.is_err() || (wrong.is_some() && (!is_named || holds != Ok(true)));
        let broken = |err: &ConstraintError| FolderProblem::Other(format!("{name}: {err}"));
        match (self.rules, holds) {
            (Rules::Build, Err(err)) if is_named => {
                self.bad(name, broken(&err));
                return Verdict::PassedOver;
            }
            (Rules::Index, Err(err @ ConstraintError::Multiple)) => {
                self.bad(name, broken(&err));
                return Verdict::PassedOver;
            }
            (Rules::Build, Ok(true)) if is_named => {}
            (Rules::Build, _) => {
                self.ignore(name, Kind::Go);
                return Verdict::PassedOver;
            }
            (Rules::Index, holds) => {
                if let Some(wrong) = wrong {
                    self.bad(name, wrong);
                }
                return match holds {
                    Ok(true) if is_named => Verdict::Built,
                    Err(err) if is_named => {
                        let _ = self.end(name, &err);
                        Verdict::Ends
                    }
                    _ => {
                        self.ignore(name, Kind::Go);
                        Verdict::PassedOver
                    }
                };
            }
        }
        if let Some(wrong) = wrong {
            self.bad(name, wrong);
        }
        Verdict::Built
    }

    /// Whether a folder is matched for a Go file, whatever the parser says of it.
    fn fits(&self, name: &str, constraint: &Constraint, is_cgo: bool) -> bool {
        // A constraint that is none keeps nobody out: the package has the error.
        self.tags.builds(constraint).unwrap_or(true)
            && (!is_cgo || self.tags.cgo || self.tags.any)
            && self.tags.file_name_matches(name)
    }

    /// What was read of a file, if this build takes it.
    pub(crate) fn take_read<'h>(
        &mut self,
        source: GoSource<'h, impl Iterator<Item = (&'h str, usize, usize)> + Clone>,
    ) -> ControlFlow<()> {
        let GoSource { file, name, constraint, package, imports, embeds, doc, cgo, wrong } = source;
        let is_cgo = imports.clone().any(|(path, ..)| path == "C");
        // The first that fits is enough.
        self.is_fitting = self.is_fitting || self.fits(name, constraint, is_cgo);
        match self.verdict(name, constraint, wrong) {
            Verdict::Built => {}
            Verdict::PassedOver => return Continue(()),
            Verdict::Ends => return Break(()),
        }
        let part = self.take_go(name, package, is_cgo, doc);
        if let Some(said) = crate::cgo::wrong_line(name, self.dir, cgo, self.tags)
            && package != "documentation"
        {
            self.bad(name, FolderProblem::Other(said));
        }
        let Some(part) = part else { return Continue(()) };
        for (path, line, column) in imports {
            let at = Position::new(file, line, column);
            self.imports[part as usize].push((self.names.of(path), at));
        }
        for embed in embeds {
            let at = Position::new(file, embed.line, embed.column);
            self.embeds[part as usize].push((self.names.of(&embed.pattern), at));
        }
        Continue(())
    }

    /// A file that is built: which package of the folder takes its imports, if one does.
    fn take_go(
        &mut self,
        name: &str,
        package: &str,
        is_cgo: bool,
        doc: &dyn Fn() -> String,
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
        if self.doc.is_empty() && !is_test {
            self.doc = doc();
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

    pub(crate) fn finish(mut self) -> Folder {
        if self.has_ended {
            (self.imports, self.embeds) = Default::default();
            self.upper_s.clear();
        }
        let mut folder = self.folder;
        let [imports, test_imports, xtest_imports] = self.imports;
        let [embeds, test_embeds, xtest_embeds] = self.embeds;
        let imports = [imports, test_imports, xtest_imports].map(sorted);
        folder.imported =
            imports.each_ref().map(|one| one.iter().map(|(name, _)| Arc::clone(name)).collect());
        let [imports, test_imports, xtest_imports] = imports;
        folder.imports = Arc::new(imports.into());
        folder.test_imports = test_imports.into();
        folder.xtest_imports = xtest_imports.into();
        folder.embeds = sorted(embeds).into();
        folder.test_embeds = sorted(test_embeds).into();
        folder.xtest_embeds = sorted(xtest_embeds).into();
        let mut files = self.files;
        let s = if files.cgo.is_empty() { &mut files.ignored_other } else { &mut files.s };
        s.append(&mut self.upper_s);
        s.sort();
        if folder.problem.is_none() && !files.any_go() {
            folder.problem = Some(FolderProblem::NoGo);
        }
        folder.has = Has::of(&self.all, &files, self.is_fitting);
        folder.files = Arc::new(files.into());
        folder.names = self.all.into();
        folder.doc = Arc::new(self.doc.into());
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
