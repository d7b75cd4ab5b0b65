//! Build lists of directories: finds go.mod, go.work and vendor/modules.txt as the go command does (`modload.Init` and
//! `setDefaultBuildMod`), and reads dependencies from a module cache.

use crate::build_list::BuildList;
use crate::error::Error;
use crate::input::{GoMods, Input, MainModule, Mode, ReadError, Source, Work};
use crate::resolve::{resolve, resolve_graph, resolve_roots};
use crate::spot_check;
use crate::witness::Witness;
use gomod::{go_version, module_path};
use overlay::{Overlay, cleaned};
use rustix::fs::OFlags;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a build list is computed.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `GOMODCACHE`: where downloaded modules are.
    pub gomodcache: PathBuf,
    /// The flag `-mod`, if it is given. Else a vendor directory that fits counts, and then `readonly`.
    pub mode: Option<Mode>,
    /// The flag `-modfile`, absolute.
    pub mod_file: Option<PathBuf>,
    /// `GOWORK`
    pub gowork: GoWorkSetting,
    /// The version of the Go toolchain, without `go`: what needs a later one is refused. `None` asks nothing, as when
    /// Go may switch toolchains.
    pub go_version: Option<String>,
    /// How many threads read go.mod files; 0 means one for each processor, up to 8.
    pub threads: usize,
    /// Files that stand in for those on the disk, as with `-overlay`; not in the module cache.
    pub overlay: Arc<Overlay>,
    /// Notes what is looked at.
    pub witness: Option<Arc<Witness>>,
}

/// `GOWORK`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum GoWorkSetting {
    /// Unset: the go.work file in the directory or above it.
    #[default]
    Auto,
    /// `off`
    Off,
    /// A file.
    File(PathBuf),
}

impl GoWorkSetting {
    /// The value of the environment variable.
    pub fn from_env(value: &str) -> Self {
        match value {
            "" | "auto" => Self::Auto,
            "off" => Self::Off,
            file => Self::File(PathBuf::from(file)),
        }
    }
}

impl Options {
    /// Takes `-mod` and `-modfile` from the value of `GOFLAGS`; other flags do not matter here.
    ///
    /// # Errors
    /// [`Error::UnknownMode`].
    pub fn apply_goflags(&mut self, goflags: &str) -> Result<(), Error> {
        for word in goflags.split_whitespace() {
            let word = word.trim_matches(['\'', '"']);
            let flag = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).unwrap_or(word);
            let Some((name, value)) = flag.split_once('=') else { continue };
            let value = value.trim_matches(['\'', '"']);
            match (name, value) {
                ("mod", "mod") => self.mode = Some(Mode::Mod),
                ("mod", "readonly" | "") => self.mode = Some(Mode::Readonly),
                ("mod", "vendor") => self.mode = Some(Mode::Vendor),
                ("mod", other) => return Err(Error::UnknownMode(other.to_owned())),
                ("modfile", file) => self.mod_file = Some(PathBuf::from(file)),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The build list of the module or workspace that a directory belongs to: what `go list -m all` prints there.
///
/// In [`Mode::Vendor`], which Go takes by itself where a fitting vendor directory is, the list is that of
/// vendor/modules.txt; `go list -m all` refuses to answer there. Ask for [`Mode::Readonly`] to have the full list.
///
/// # Errors
/// Whatever the go command refuses: see [`Error`].
pub fn load(dir: &Path, options: &Options) -> Result<BuildList, Error> {
    load_as(dir, options, None)
}

/// The build list whose [`BuildList::edges`] are the lines of `go mod graph`: Go computes it as with `-mod=mod`,
/// whatever is asked for, and without the vendor directory.
///
/// # Errors
/// As [`load`].
pub fn graph(dir: &Path, options: &Options) -> Result<BuildList, Error> {
    load_as(dir, options, Some(Mode::Mod))
}

/// The modules that go.mod itself requires, without reading the go.mod files of the graph below: enough for most builds
/// (lazy loading), and all there is where the module cache lacks some of them. Whether it is enough [`agrees`] says.
/// `None` in a workspace, with `-mod=mod` or a vendor directory, for a module older than Go 1.17, and where Go would
/// have to change go.mod.
///
/// # Errors
/// What is wrong with the main module.
pub fn roots(dir: &Path, options: &Options) -> Result<Option<BuildList>, Error> {
    let (input, cache) = input(dir, options, None)?;
    if input.mode == Mode::Readonly { resolve_roots(input, &cache) } else { Ok(None) }
}

/// Whether no module of `used` requires a higher version than go.mod has: then the go command builds by go.mod alone.
/// `used` are the modules that offer packages, by their place in the list of [`roots`].
///
/// # Errors
/// Those of [`roots`].
pub fn agrees(
    dir: &Path,
    options: &Options,
    list: &BuildList,
    used: impl IntoIterator<Item = usize>,
) -> Result<bool, Error> {
    let (input, cache) = input(dir, options, None)?;
    Ok(match input.main.as_slice() {
        [main] => spot_check::agrees(list, main, used, &cache),
        _ => false,
    })
}

fn load_as(dir: &Path, options: &Options, forced: Option<Mode>) -> Result<BuildList, Error> {
    let (input, cache) = input(dir, options, forced)?;
    let told = options.mode.is_some();
    let list = if forced.is_some() { resolve_graph(input, &cache) } else { resolve(input, &cache) };
    list.map(|list| list.told(told))
}

fn input(
    dir: &Path,
    options: &Options,
    forced: Option<Mode>,
) -> Result<(Input, ModuleCache), Error> {
    let absolute = std::path::absolute(dir).map_err(|error| unread(dir, &error))?;
    let dir = cleaned(&absolute);
    let work_file = match &options.gowork {
        GoWorkSetting::Off => None,
        GoWorkSetting::Auto => {
            find_above(&dir, "go.work", options.looks()).map(|dir| dir.join("go.work"))
        }
        GoWorkSetting::File(file) if file.is_absolute() => Some(file.clone()),
        GoWorkSetting::File(file) => return Err(Error::RelativeGoWork(file.clone())),
    };
    let (main, work) = match work_file {
        Some(file) => {
            if options.mod_file.is_some() {
                return Err(Error::ModFileInWorkspace);
            }
            let (work, main) = read_workspace(file, options.looks())?;
            (main, Some(work))
        }
        None => (vec![read_single(&dir, options)?], None),
    };
    if work.is_some() && options.mode == Some(Mode::Mod) && forced.is_none() {
        return Err(Error::ModInWorkspace);
    }
    let top = match (&work, main.first()) {
        (Some(work), _) => work.dir().to_owned(),
        (None, main) => main.map(|main| main.dir.clone()).unwrap_or_default(),
    };
    let mode = match forced.or(options.mode) {
        Some(mode) => mode,
        None => default_mode(&top, &main, work.as_ref(), options.looks())?,
    };
    let modules_txt = match mode {
        Mode::Vendor => read_modules_txt(&top, options.looks())?,
        _ => Vec::new(),
    };
    let threads = match options.threads {
        0 => std::thread::available_parallelism().map_or(1, |count| count.get().min(8)),
        threads => threads,
    };
    let go_version = options.go_version.clone();
    let mut cache = ModuleCache::new(options.gomodcache.clone());
    cache.overlay = Arc::clone(&options.overlay);
    cache.witness.clone_from(&options.witness);
    Ok((Input { main, work, mode, modules_txt, go_version, threads }, cache))
}

fn read_single(dir: &Path, options: &Options) -> Result<MainModule, Error> {
    let Some(root) = find_above(dir, "go.mod", options.looks()) else {
        return Err(Error::NoMainModule { dir: dir.to_owned() });
    };
    let file = options.mod_file.clone().unwrap_or_else(|| root.join("go.mod"));
    let text = options.looks().read(&file).map_err(|error| unread(&file, &error))?;
    MainModule::parse_file(root, file, &text)
}

fn read_workspace(file: PathBuf, looks: Looks<'_>) -> Result<(Work, Vec<MainModule>), Error> {
    let text = looks.read(&file).map_err(|error| unread(&file, &error))?;
    let work = Work::parse(file, &text)?;
    let mut main = Vec::new();
    let mut seen = HashSet::new();
    for one in &work.go_work.uses {
        let line = one.span.start.line;
        // An absolute path takes the place of the directory.
        let dir = cleaned(&work.dir().join(&one.path));
        if !seen.insert(dir.clone()) {
            return Err(Error::RepeatedUse { work: work.file, line, dir });
        }
        let file = dir.join("go.mod");
        let text = match looks.read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::UsedModuleMissing { work: work.file, line, dir });
            }
            Err(error) => return Err(unread(&file, &error)),
        };
        main.push(MainModule::parse_file(dir, file, &text)?);
    }
    Ok((work, main))
}

/// `setDefaultBuildMod`: a vendor directory counts from Go 1.14 on, if it was made for what is built, be it a module or
/// a workspace.
fn default_mode(
    top: &Path,
    main: &[MainModule],
    work: Option<&Work>,
    looks: Looks<'_>,
) -> Result<Mode, Error> {
    let go = match work {
        Some(work) => work.go_work.go.as_ref().map(|go| go.version.as_str()),
        None => main.first().and_then(|main| main.go_mod.go.as_ref()).map(|go| go.version.as_str()),
    };
    let vendored = looks.is_dir(&top.join("vendor"));
    if !vendored || !go.is_some_and(|go| go_version::compare(go, "1.14").is_ge()) {
        return Ok(Mode::Readonly);
    }
    let text = read_modules_txt(top, looks)?;
    let first = text.get(..text.len().min(512)).and_then(|text| text.split(|b| *b == b'\n').next());
    let notes = first.and_then(|line| line.strip_prefix(b"## ")).unwrap_or_default();
    let of_workspace = notes.split(|b| *b == b';').any(|note| note.trim_ascii() == b"workspace");
    Ok(if of_workspace == work.is_some() { Mode::Vendor } else { Mode::Readonly })
}

fn read_modules_txt(top: &Path, looks: Looks<'_>) -> Result<Vec<u8>, Error> {
    let file = top.join("vendor/modules.txt");
    match looks.read(&file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(unread(&file, &error)),
    }
}

/// The nearest directory, going up, that holds a file of this name.
fn find_above(dir: &Path, name: &str, looks: Looks<'_>) -> Option<PathBuf> {
    let holds = |dir: &&Path| looks.is_file(&dir.join(name));
    dir.ancestors().find(holds).map(Path::to_owned)
}

fn unread(path: &Path, error: &io::Error) -> Error {
    Error::Read { path: path.to_owned(), problem: error.to_string() }
}

/// The largest go.mod file that the go command takes from a module zip (`zip.MaxGoMod`).
const MAX_GO_MOD: u64 = 16 << 20;

/// Reads a regular file. A pipe must not block us, hence `NONBLOCK`; to ask before opening would walk the path twice,
/// which is what reading a thousand small files mostly costs.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path, flags, rustix::fs::Mode::empty())?);
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    if found.len() > MAX_GO_MOD {
        return Err(io::Error::other("larger than 16 MiB"));
    }
    let size = usize::try_from(found.len()).unwrap_or_default();
    let mut text = Vec::with_capacity(size.saturating_add(1));
    // Not more than that, should it grow. (And `Take` does not ask for the size again.)
    file.take(MAX_GO_MOD).read_to_end(&mut text)?;
    Ok(text)
}

/// How files are looked at.
#[derive(Clone, Copy)]
struct Looks<'a> {
    overlay: &'a Overlay,
    witness: Option<&'a Witness>,
}

impl Options {
    fn looks(&self) -> Looks<'_> {
        Looks { overlay: &self.overlay, witness: self.witness.as_deref() }
    }
}

impl Looks<'_> {
    fn note(self, path: &Path) {
        if let Some(witness) = self.witness {
            witness.note(path);
        }
    }

    fn is_file(self, path: &Path) -> bool {
        self.note(path);
        self.overlay.is_file(path)
    }

    fn is_dir(self, path: &Path) -> bool {
        self.note(path);
        self.overlay.is_dir(path)
    }

    fn read(self, path: &Path) -> io::Result<Vec<u8>> {
        let path = self.overlay.actual(path)?;
        self.note(&path);
        read_bounded(&path)
    }

    /// Of the module cache, where nothing stands in for anything.
    fn read_cached(self, path: &Path) -> io::Result<Vec<u8>> {
        self.note(path);
        read_bounded(path)
    }
}

/// A module cache on disk, and replacement directories.
#[derive(Debug, Clone)]
pub struct ModuleCache {
    root: PathBuf,
    /// For the replacement directories.
    overlay: Arc<Overlay>,
    witness: Option<Arc<Witness>>,
}

/// Old versions of Go wrote made-up go.mod files with this beginning; they count as missing.
const OLD_VGO: &[u8] = b"//vgo 0.0.";

impl ModuleCache {
    /// The module cache in a directory: `GOMODCACHE`.
    pub fn new(root: PathBuf) -> Self {
        Self { root, overlay: Arc::default(), witness: None }
    }

    /// With files that stand in for those of the replacement directories.
    #[must_use]
    pub fn beside(mut self, overlay: Arc<Overlay>) -> Self {
        self.overlay = overlay;
        self
    }

    fn looks(&self) -> Looks<'_> {
        Looks { overlay: &self.overlay, witness: self.witness.as_deref() }
    }

    fn module(&self, path: &str, version: &str) -> Result<Vec<u8>, ReadError> {
        let malformed = |error: module_path::PathError| ReadError::Malformed(error.to_string());
        module_path::check(path).map_err(malformed)?;
        let path = module_path::escape(path).map_err(malformed)?;
        let Some(version) = module_path::escape_version(version) else {
            return Err(ReadError::Malformed(format!(
                "version {version} has disallowed characters"
            )));
        };
        let downloaded = self.root.join(format!("cache/download/{path}/@v/{version}.mod"));
        match self.looks().read_cached(&downloaded) {
            Ok(text) if !text.starts_with(OLD_VGO) => return Ok(text),
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed(&downloaded, &error));
            }
            _ => {}
        }
        let extracted = self.root.join(format!("{path}@{version}/go.mod"));
        match self.looks().read_cached(&extracted) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed(&extracted, &error))
            }
            _ => Err(ReadError::Missing { looked_at: vec![downloaded, extracted] }),
        }
    }
}

impl GoMods for ModuleCache {
    fn go_mod(&self, source: Source<'_>) -> Result<Cow<'_, [u8]>, ReadError> {
        let text = match source {
            Source::Module { path, version } => self.module(path, version)?,
            Source::Directory(dir) => {
                let file = dir.join("go.mod");
                match self.looks().read(&file) {
                    Ok(text) => text,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        return Err(ReadError::NoGoMod { path: file });
                    }
                    Err(error) => return Err(failed(&file, &error)),
                }
            }
        };
        Ok(Cow::Owned(text))
    }
}

fn failed(path: &Path, error: &io::Error) -> ReadError {
    ReadError::Failed { path: path.to_owned(), problem: error.to_string() }
}
