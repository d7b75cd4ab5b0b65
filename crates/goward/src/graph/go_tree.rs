//! The packages of a folder, as the environment's go command would build them.

use super::go_answers::GoAnswers;
use super::{fallback, settings, toolchain};
use crate::console::Console;
use anyhow::Context as _;
use buildlist::{BuildList, GoWorkSetting, Mode};
use gopackages::{
    Answer, ErrorKind, GoIndex, Index, ListedModule, Package, PackageId, Packages, Profile, Tags,
};
use goward_model::{ExitStatus, Fingerprint};
use goward_system::{OsSystem, System as _};
use overlay::Overlay;
use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the go command says of itself in a folder.
pub(crate) struct GoContext {
    /// The folder.
    pub(crate) dir: PathBuf,
    pub(super) answers: GoAnswers,
    /// What a build is for.
    pub(crate) tags: Tags,
    overlay: Arc<Overlay>,
    /// Whether every file is read, whatever is known of it.
    reads_all: bool,
    /// The toolchain that go would run here, which is not on this machine, or a setting that is none.
    lacks: Option<String>,
}

/// Which packages are wanted.
#[derive(Default)]
pub(crate) struct Wanted<'a> {
    /// As go list takes them; without any, `./...`.
    pub(crate) patterns: &'a [String],
    /// Their tests, too.
    pub(crate) tests: bool,
    /// Also the copies that the profiles of programs make.
    pub(crate) profiles: bool,
    /// Whether the question is only who imports what: tests in the module cache tell nothing of that.
    pub(crate) imports_only: bool,
}

/// The packages of a folder, and all that they import.
pub(crate) struct GoTree {
    /// The folder.
    pub(crate) dir: PathBuf,
    /// The packages. The process ends soon after them: to free a hundred thousand names would cost more than to load.
    pub(crate) packages: ManuallyDrop<Packages>,
    modules: Modules,
}

/// Whose modules they are.
enum Modules {
    /// Our own loader's, and how it was asked.
    Loaded(Box<Loaded>),
    /// Those of a listing; and what the go command printed, where it was asked itself.
    Listed(Vec<ListedModule>, Option<String>),
}

/// What our own loader had.
pub(crate) struct Loaded {
    /// The modules.
    pub(crate) list: BuildList,
    /// How packages were loaded.
    pub(crate) options: gopackages::Options,
    /// Why the go command would not list the same.
    refused: Option<String>,
}

impl GoContext {
    /// Asks the go command.
    pub(crate) fn ask(dir: &Path, overlay: &Arc<Overlay>) -> anyhow::Result<Self> {
        let dir = dir.canonicalize().with_context(|| format!("reading {}", dir.display()))?;
        let (answers, lacks) = toolchain::answers(&dir, overlay)?;
        // Who has staged files builds with an overlay of his own, in which this one is not.
        let overlay = match overlay.is_empty() {
            true => Arc::new(settings::overlay(answers.get("GOFLAGS"), &dir)?),
            false => Arc::clone(overlay),
        };
        let mut words = answers
            .tags
            .lines()
            .map(|tags| tags.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>());
        let tags = Tags {
            goos: answers.get("GOOS").to_owned(),
            goarch: answers.get("GOARCH").to_owned(),
            cgo: answers.get("CGO_ENABLED") == "1",
            compiler: "gc".to_owned(),
            tool_tags: words.next().unwrap_or_default(),
            release_tags: words.next().unwrap_or_default(),
            build_tags: words.next().unwrap_or_default(),
            any: false,
        };
        Ok(Self { dir, answers, tags, overlay, reads_all: false, lacks })
    }

    /// The setting under which the go command lists something else than our own loader, if there is one.
    pub(crate) fn unmodelled(&self) -> Option<String> {
        self.lacks.clone().or_else(|| settings::unmodelled(&self.answers))
    }

    /// Why the local toolchain answers though another would run.
    pub(crate) fn lacks(&self) -> Option<&str> {
        self.lacks.as_deref()
    }

    /// The toolchain that answers, as `GOTOOLCHAIN` names it.
    pub(super) fn toolchain(&self) -> &str {
        self.answers.toolchain()
    }

    /// Whether `GOFLAGS` has a flag of this name that is not switched off.
    pub(crate) fn has_goflag(&self, name: &str) -> bool {
        settings::has_goflag(&self.answers, name)
    }

    /// The version of the go command.
    pub(super) fn go_version(&self) -> &str {
        self.get("GOVERSION")
    }

    /// The same with files that stand in for others.
    pub(crate) fn over(mut self, overlay: &Arc<Overlay>) -> Self {
        self.overlay = Arc::clone(overlay);
        self
    }

    /// The same with other variables of the environment.
    pub(crate) fn with(mut self, variables: &[(&'static str, String)]) -> Self {
        for (name, value) in variables {
            self.answers.set(name, value.clone());
        }
        self
    }

    /// The same, and every file is read: neither our own index is believed nor the go command's.
    pub(super) fn reading(mut self) -> Self {
        self.reads_all = true;
        self
    }

    /// The files that stand in for others.
    pub(super) fn overlay(&self) -> Arc<Overlay> {
        Arc::clone(&self.overlay)
    }

    fn get(&self, name: &str) -> &str {
        self.answers.get(name)
    }

    /// One index for each folder and each thing that a build is for.
    fn index_name(&self) -> String {
        let what = format!("{:?}", self.tags);
        format!(
            "packages/{}",
            Fingerprint::of(self.get("GOROOT"), &self.dir.to_string_lossy(), &what, 0)
        )
    }

    /// The modules, with an overlay that may be another one: that of an older state.
    pub(crate) fn list(&self, overlay: &Arc<Overlay>) -> anyhow::Result<BuildList> {
        let options = self.module_options(overlay)?;
        match buildlist::load(&self.dir, &options) {
            Ok(list) => Ok(list),
            // Go itself reads no more of the requirement graph than a build needs.
            Err(err) if err.is_inconclusive() => {
                Ok(buildlist::roots(&self.dir, &options)?.ok_or(err)?)
            }
            Err(err) => Err(err.into()),
        }
    }

    fn module_options(&self, overlay: &Arc<Overlay>) -> anyhow::Result<buildlist::Options> {
        let gowork = match self.get("GOWORK") {
            "off" => GoWorkSetting::Off,
            // A go.work may stand in the overlay only, or be hidden there.
            file if !file.is_empty() && overlay.is_file(Path::new(file)) => {
                GoWorkSetting::File(file.into())
            }
            _ => GoWorkSetting::Auto,
        };
        let mut options = buildlist::Options {
            gomodcache: self.get("GOMODCACHE").into(),
            gowork,
            overlay: Arc::clone(overlay),
            ..buildlist::Options::default()
        };
        options.apply_goflags(self.get("GOFLAGS"))?;
        options.mod_file = options.mod_file.map(|file| self.dir.join(file));
        Ok(options)
    }

    /// What earlier runs found in directories; `None` where nothing is and nothing can be kept: then nothing is looked
    /// at for the next run.
    fn index(&self) -> Option<Index> {
        let system = OsSystem::at(&self.dir);
        let kept = system.kept(&self.index_name()).filter(|_| !self.reads_all);
        if kept.is_none() && !system.keeps() {
            return None;
        }
        let goroot = Path::new(self.get("GOROOT"));
        let (kept, version) = (kept.unwrap_or_default(), self.get("GOVERSION"));
        Some(Index::open(kept, goroot, version, &self.tags))
    }

    /// How packages are loaded.
    fn options(&self, tests: bool, profile: Profile) -> gopackages::Options {
        gopackages::Options {
            goroot: self.get("GOROOT").into(),
            gomodcache: self.get("GOMODCACHE").into(),
            cwd: self.dir.clone(),
            tags: self.tags.clone(),
            tests,
            spares_tests: false,
            threads: 0,
            profile,
            overlay: Arc::clone(&self.overlay),
            index: None,
            go_index: self.go_index(),
        }
    }

    /// What the go command keeps of the module cache, where it keeps it in files and uses it.
    fn go_index(&self) -> Option<GoIndex> {
        let cache = PathBuf::from(self.get("GOCACHE"));
        let debug = OsSystem::at(&self.dir).env("GODEBUG").unwrap_or_default();
        let is_used = !self.reads_all
            && cache.is_absolute()
            && self.get("GOCACHEPROG").is_empty()
            && !debug.split(',').any(|setting| setting == "goindex=0");
        is_used.then(|| GoIndex { cache, version: self.get("GOVERSION").to_owned() })
    }

    /// The packages that patterns match, by modules that are known.
    pub(crate) fn packages(
        self,
        list: BuildList,
        patterns: &[String],
        tests: bool,
    ) -> anyhow::Result<GoTree> {
        // What a change reaches does not depend on profiles.
        let mut options = self.options(tests, Profile::Off);
        options.index = self.index().map(Index::without_answer).map(Arc::new);
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        let mut packages = gopackages::load(&list, &patterns, &options)?;
        let modules = self.module_options(&self.overlay)?;
        packages.hold_against_sums(&list, &modules, &options);
        Ok(self.tree(list, packages, options, None))
    }

    /// The packages that patterns match; without any, those of the folder and below, or of all modules of a workspace
    /// that lie there.
    pub(crate) fn matched(self, wanted: &Wanted<'_>) -> anyhow::Result<GoTree> {
        let profile = match wanted.profiles {
            true => Profile::from_goflags(self.get("GOFLAGS"), &self.tags),
            false => Profile::Off,
        };
        let dir = self.dir.clone();
        let patterns = |list: &BuildList| match wanted.patterns {
            [] => patterns_of(&dir, list),
            patterns => patterns.to_vec(),
        };
        let question = wanted.patterns.is_empty().then_some("below");
        self.lazily(&patterns, wanted, profile, question)
    }

    /// The packages that patterns match, which may depend on the modules. Of a question with a name the whole answer is
    /// kept.
    pub(crate) fn lazily(
        self,
        patterns: &dyn Fn(&BuildList) -> Vec<String>,
        wanted: &Wanted<'_>,
        profile: Profile,
        question: Option<&str>,
    ) -> anyhow::Result<GoTree> {
        let tests = wanted.tests;
        let mut options = self.options(tests, profile);
        options.spares_tests = wanted.imports_only;
        let modules = self.module_options(&self.overlay)?;
        let spares = options.spares_tests;
        let name =
            question.map(|it| format!("{}-{it}-{tests}-{spares}-{profile:?}", self.index_name()));
        let kept = name.as_ref().filter(|_| !self.reads_all);
        let kept = kept.and_then(|name| OsSystem::at(&self.dir).kept(name));
        if let Some(kept) = kept {
            let (goroot, version) = (Path::new(self.get("GOROOT")), self.get("GOVERSION"));
            let answer = Answer::open(kept, goroot, version, &self.tags);
            if let Some((list, packages)) = answer.get(&self.dir, &modules, patterns, &options) {
                return Ok(self.tree(list, packages, options, None));
            }
        }
        let index = self.index();
        let index = index.map(|it| if name.is_some() { it } else { it.without_answer() });
        options.index = index.map(Arc::new);
        let loaded = gopackages::load_lazily(&self.dir, &modules, patterns, &options);
        let (list, packages) = loaded.map_err(|err| match err {
            gopackages::LoadError::Modules(err) => anyhow::Error::from(err),
            gopackages::LoadError::Patterns(err) => err.into(),
        })?;
        Ok(self.tree(list, packages, options, name))
    }

    fn tree(
        self,
        list: BuildList,
        packages: Packages,
        mut options: gopackages::Options,
        answer: Option<String>,
    ) -> GoTree {
        let kept = options.index.take().and_then(Arc::into_inner).map(Index::close);
        let system = OsSystem::at(&self.dir);
        if let Some(bytes) = kept.as_ref().and_then(|kept| kept.index.as_ref()) {
            system.keep(&self.index_name(), bytes);
        }
        if let Some((name, bytes)) = answer.zip(kept.and_then(|kept| kept.answer)) {
            system.keep(&name, &bytes);
        }
        let refused = self.unmodelled().or_else(|| fallback::too_new(&list, self.go_version()));
        let modules = Modules::Loaded(Box::new(Loaded { list, options, refused }));
        GoTree { dir: self.dir, packages: ManuallyDrop::new(packages), modules }
    }
}

/// `./...`, or the main modules below a folder that is in none.
fn patterns_of(dir: &Path, list: &BuildList) -> Vec<String> {
    let roots = || {
        list.modules().iter().filter(|module| module.is_main()).filter_map(|one| one.dir.as_deref())
    };
    let below: Vec<String> = roots()
        .filter(|root| root.starts_with(dir))
        .map(|root| format!("{}/...", root.display()))
        .collect();
    if below.is_empty() || roots().any(|root| dir.starts_with(root)) {
        return vec!["./...".to_owned()];
    }
    below
}

#[expect(clippy::disallowed_methods, reason = "the user's own file, or a pipe")]
pub(crate) fn open(file: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::open(file)
}

/// So much is printed at once.
const CHUNK: usize = 1 << 20;

impl GoTree {
    /// The packages of a listing; `-` is standard input.
    pub(crate) fn listed(dir: &Path, file: &Path) -> anyhow::Result<Self> {
        let dir = dir.canonicalize().with_context(|| format!("reading {}", dir.display()))?;
        let read = if file == Path::new("-") {
            gopackages::from_list(std::io::stdin().lock())
        } else {
            let opened = open(file).with_context(|| format!("{}", file.display()))?;
            gopackages::from_list(opened)
        };
        let (packages, modules) = read.with_context(|| format!("{}", file.display()))?;
        Ok(Self {
            dir,
            packages: ManuallyDrop::new(packages),
            modules: Modules::Listed(modules, None),
        })
    }

    /// The packages that the go command printed.
    pub(super) fn of_go(dir: PathBuf, printed: String) -> anyhow::Result<Self> {
        let (packages, modules) = gopackages::from_list(printed.as_bytes())?;
        let modules = Modules::Listed(modules, Some(printed));
        Ok(Self { dir, packages: ManuallyDrop::new(packages), modules })
    }

    /// What our own loader had; `None` for a listing.
    pub(crate) fn loaded(&self) -> Option<&Loaded> {
        match &self.modules {
            Modules::Loaded(loaded) => Some(loaded),
            Modules::Listed(..) => None,
        }
    }

    /// Why the go command would not list what our own loader did, if that is known.
    pub(super) fn refused(&self) -> Option<String> {
        self.loaded()?.refused.clone()
    }

    /// What the go command knows of the packages and our own loader does not: it refuses what go.sum does not cover, and
    /// with `-mod=mod` it looks for the modules of imports that nothing offers.
    pub(super) fn known_to_go(&self) -> Option<String> {
        let is_missing = |package: &Package| {
            let error = package.error.as_ref().filter(|error| error.kind == ErrorKind::Missing);
            error.is_some_and(|error| !error.message.contains(" is not in std "))
        };
        let looks_for_more = || {
            let list = &self.loaded()?.list;
            let mut packages = self.packages.iter().filter(|_| list.mode() == Mode::Mod);
            let (_, package) = packages.find(|(_, package)| is_missing(package))?;
            Some(format!("-mod=mod looks for a module with {}", package.import_path))
        };
        self.unsummed().or_else(looks_for_more)
    }

    /// What go.sum lacks, so that the go command refuses packages that are there.
    pub(super) fn unsummed(&self) -> Option<String> {
        self.packages.sum_gaps().first().map(ToString::to_string)
    }

    /// The modules in whose place packages are.
    pub(crate) fn build_list(&self) -> &[buildlist::Module] {
        self.loaded().map_or(&[], |loaded| loaded.list.modules())
    }

    /// The go.work that counts.
    pub(crate) fn work(&self) -> Option<&Path> {
        self.loaded()?.list.work()
    }

    /// Prints each package as a line.
    pub(crate) fn print(&self, console: &Console) -> anyhow::Result<ExitStatus> {
        let mut text = String::new();
        match &self.modules {
            Modules::Loaded(loaded) => {
                for package in self.packages.to_json(&loaded.list) {
                    text += &package.to_string();
                    text.push('\n');
                    // All of it is some ten megabytes.
                    if text.len() > CHUNK {
                        console.print(&text)?;
                        text.clear();
                    }
                }
            }
            // What is not whole is not printed in part.
            Modules::Listed(_, Some(printed)) => {
                for package in serde_json::Deserializer::from_str(printed).into_iter() {
                    let package: serde_json::Value = package?;
                    text += &package.to_string();
                    text.push('\n');
                }
            }
            Modules::Listed(_, None) => {
                anyhow::bail!("a listing is printed by whoever made it: go list -json");
            }
        }
        console.print(&text)?;
        Ok(ExitStatus::Open)
    }

    /// A file as seen from the folder.
    pub(crate) fn short(&self, file: &Path) -> String {
        file.strip_prefix(&self.dir).unwrap_or(file).display().to_string()
    }

    /// The name of the module that a package belongs to; `std` for the standard library.
    pub(crate) fn module(&self, package: &Package) -> &str {
        let path = package.module.and_then(|index| match &self.modules {
            Modules::Loaded(loaded) => {
                loaded.list.modules().get(index).map(|one| one.path.as_str())
            }
            Modules::Listed(modules, _) => modules.get(index).map(|one| one.path.as_str()),
        });
        path.unwrap_or(if package.standard { "std" } else { "" })
    }

    /// Whether a package belongs to what is worked on.
    pub(crate) fn is_own(&self, package: &Package) -> bool {
        package.module.is_some_and(|index| match &self.modules {
            Modules::Loaded(loaded) => {
                loaded.list.modules().get(index).is_some_and(buildlist::Module::is_main)
            }
            Modules::Listed(modules, _) => modules.get(index).is_some_and(|module| module.main),
        })
    }

    /// Where one package imports another: `file:line`.
    pub(crate) fn place(&self, from: PackageId, to: PackageId) -> String {
        self.packages
            .import_place(from, to)
            .map_or_else(String::new, |(file, at)| format!("{}:{}", self.short(&file), at.line))
    }
}
