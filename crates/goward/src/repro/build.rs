//! One build in isolation: its own build cache, its own copy, and an environment that differs as asked.

use super::copy::{Sources, link_out};
use super::overlay;
use crate::cli::{ReproArgs, Vary};
use crate::own_cache;
use anyhow::{Context as _, bail};
use goward_build::GoSettings;
use goward_system::{Command, Ended, OsSystem, System as _, go_program};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Everything that can vary.
const ALL: &[Vary] = &[
    Vary::Dir,
    Vary::Zone,
    Vary::Umask,
    Vary::User,
    Vary::Parallel,
    Vary::Locale,
    Vary::Home,
    Vary::Tmp,
];

/// What is varied.
pub(super) fn varied(asked: &[Vary]) -> BTreeSet<Vary> {
    let asked = if asked.is_empty() { ALL } else { asked };
    asked.iter().copied().filter(|it| *it != Vary::None).collect()
}

/// Both sides of a reproduction, in a folder that is removed at the end.
pub(super) struct Workshop<'a> {
    pub(super) args: &'a ReproArgs,
    pub(super) system: &'a OsSystem,
    temp: tempfile::TempDir,
    /// The folder that each side builds in.
    pub(super) dirs: [PathBuf; 2],
    /// The package and the go.work file of each.
    packages: [String; 2],
    pub(super) works: [String; 2],
    /// The overlay file of each copy.
    overlays: [Option<PathBuf>; 2],
    /// What keeps each side from any other build cache.
    caches: [Vec<(String, String)>; 2],
    /// `GOMODCACHE`, `GOPATH`, `GOENV`, `GOFLAGS`: of the user, also where the home folder is another.
    pub(super) kept: Vec<(String, String)>,
    pub(super) vary: BTreeSet<Vary>,
}

/// How a build differs from what was asked for, to prove a cause.
#[derive(Clone, Debug, Default)]
pub(super) struct Knob {
    /// Flags behind the user's own.
    pub(super) flags: Vec<String>,
    /// Variables.
    pub(super) env: Vec<(String, String)>,
    /// What is not varied.
    pub(super) same: Option<Vary>,
    /// `-ldflags` without `-X`.
    pub(super) without_x: bool,
    /// With build caches of its own.
    pub(super) fresh: bool,
}

impl<'a> Workshop<'a> {
    /// Copies the sources, twice where the folder varies.
    pub(super) fn open(args: &'a ReproArgs, system: &'a OsSystem) -> anyhow::Result<Self> {
        let dir =
            args.dir.canonicalize().with_context(|| format!("--dir {}", args.dir.display()))?;
        let sources = Sources::of(&dir, system)?;
        let temp = tempfile::Builder::new().prefix("goward-repro-").tempdir()?;
        let vary = varied(&args.vary);
        let names = ["GOMODCACHE", "GOPATH", "GOENV", "GOFLAGS"];
        let command =
            Command::go(system, [&["env"][..], &names].concat()).dir(&dir.display().to_string());
        let text = system.run(&command)?.success(&command)?;
        let kept = names
            .iter()
            .zip(text.lines())
            .map(|(name, value)| ((*name).to_owned(), value.to_owned()));
        let kept: Vec<_> = kept.filter(|(_, value)| !value.is_empty()).collect();
        let apart = vary.contains(&Vary::Dir);
        let copies = ["a/src", if apart { "b/another/folder" } else { "a/src" }];
        let copies = copies.map(|copy| temp.path().join(copy));
        let first = sources.copy(&copies[0], temp.path(), args.source, system)?;
        let second = match apart {
            true => sources.copy(&copies[1], temp.path(), args.source, system)?,
            false => first.clone(),
        };
        let works = copies.each_ref().map(|copy| sources.work_in(copy));
        let packages = copies.each_ref().map(|copy| package(&args.package, &sources, copy));
        if args.generate {
            // What go generate runs may write anywhere in the copies, and must not through them.
            for copy in [temp.path().join("a/src"), temp.path().join("b/another/folder")] {
                let out = if copy.exists() { link_out(&copy)? } else { None };
                if let Some(link) = out {
                    anyhow::bail!(
                        "{}: a link that leads out of the tree; --generate could write through it: make it a file, or leave --generate out",
                        link.display()
                    );
                }
            }
        }
        for name in ["a/tmp", "b/home", "b/tmp-of-another"] {
            make(&temp.path().join(name))?;
        }
        let overlays = overlays(args, &kept, &dir, &sources, &copies, temp.path())?;
        let go = go_program(system);
        let cache = |side: &str| {
            let scratch = temp.path().join(side);
            own_cache::variables(&go, &dir, &scratch.join("gocache"), &scratch, system)
        };
        let caches = [cache("a")?, cache("b")?];
        let dirs = [first, second];
        Ok(Self { args, system, temp, dirs, packages, works, overlays, caches, kept, vary })
    }

    /// Where a side's program is.
    pub(super) fn program(&self, side: usize, name: &str) -> PathBuf {
        self.temp.path().join(["a", "b"].get(side).copied().unwrap_or("b")).join(name)
    }

    /// Builds one side.
    pub(super) fn build(&self, side: usize, name: &str, knob: &Knob) -> anyhow::Result<PathBuf> {
        let out = self.program(side, name);
        if self.args.generate {
            let generate =
                [&go_program(self.system), "generate", "./..."].map(str::to_owned).to_vec();
            self.run(side, generate, knob).context("go generate")?;
        }
        let mut argv = vec![go_program(self.system), "build".to_owned()];
        argv.extend(["-o".to_owned(), out.display().to_string()]);
        if side == 1 && self.varies(Vary::Parallel, knob) {
            // More at once end in another order, and cost nothing.
            let processors = std::thread::available_parallelism().map_or(1, usize::from);
            argv.push(format!("-p={}", 2 * processors + 1));
        }
        let goflags = self.kept.iter().find(|(name, _)| name == "GOFLAGS");
        argv.extend(flags(self.args, knob, goflags.map_or("", |(_, value)| value.as_str())));
        if let Some(Some(file)) = self.overlays.get(self.place(side, knob)) {
            argv.retain(|flag| overlay::value(flag).is_none());
            argv.push(format!("-overlay={}", file.display()));
        }
        argv.push(self.packages.get(self.place(side, knob)).cloned().unwrap_or_default());
        self.run(side, argv, knob)?;
        let package = &self.args.package;
        if !out.is_file() {
            bail!("go build {package} made no program: name one main package");
        }
        if is_archive(&out) {
            bail!(
                "go build {package} makes an archive and no program: name a main package (and no -buildmode=c-archive)"
            );
        }
        Ok(out)
    }

    /// Names the folders of this run by their part in it: the next run has others.
    pub(super) fn neutral(&self, text: &str) -> String {
        let root = self.temp.path();
        let named = [
            (root.join("b/another/folder"), "<second>"),
            (root.join("a/src"), "<first>"),
            (root.to_owned(), "<temporary>"),
        ];
        named.iter().fold(text.to_owned(), |text, (path, name)| {
            text.replace(&path.display().to_string(), name)
        })
    }

    /// Which of the two folders a side is built in.
    fn place(&self, side: usize, knob: &Knob) -> usize {
        usize::from(side == 1 && self.varies(Vary::Dir, knob))
    }

    fn varies(&self, what: Vary, knob: &Knob) -> bool {
        self.vary.contains(&what) && knob.same != Some(what)
    }

    fn run(&self, side: usize, argv: Vec<String>, knob: &Knob) -> anyhow::Result<()> {
        let second = |what: Vary| side == 1 && self.varies(what, knob);
        let umask = if second(Vary::Umask) { "077" } else { "022" };
        let script = r#"umask "$1"; shift; exec "$@""#;
        let mut words = vec!["-c".to_owned(), script.to_owned(), "sh".to_owned(), umask.to_owned()];
        words.extend(argv);
        let place = self.place(side, knob);
        let dir = self.dirs.get(place).cloned().unwrap_or_default();
        let root = self.temp.path();
        let mut command = Command::new("sh", words).dir(&dir.display().to_string());
        command = command.limit(self.args.deadline);
        for (name, value) in self.kept.iter().chain(self.caches.get(side).into_iter().flatten()) {
            command = command.env(name, value);
        }
        if knob.fresh {
            // What go does not count among its inputs needs a cache that has nothing yet.
            let cache = root.join(["a", "b"].get(side).copied().unwrap_or("b"));
            let cache = cache.join("gocache-of-proof").display().to_string();
            command = command.env("GOCACHE", &cache);
        }
        command = command.env("GOWORK", self.works.get(place).map_or("off", String::as_str));
        command = command.env("TZ", if second(Vary::Zone) { "Asia/Kathmandu" } else { "UTC" });
        if second(Vary::User) {
            command = command.env("USER", "somebody-else").env("LOGNAME", "somebody-else");
        }
        if second(Vary::Locale) {
            command = command.env("LANG", "tr_TR.UTF-8").env("LC_ALL", "tr_TR.UTF-8");
        }
        if second(Vary::Home) {
            command = command.env("HOME", &root.join("b/home").display().to_string());
        }
        // What a build leaves there when it is ended goes with the workshop.
        let tmp = if second(Vary::Tmp) { "b/tmp-of-another" } else { "a/tmp" };
        let tmp = root.join(tmp).display().to_string();
        // Go prefers the latter.
        command = command.env("TMPDIR", &tmp).env("GOTMPDIR", &tmp);
        if side == 1 {
            // The first build got what was missing.
            command = command.env("GOPROXY", "off");
        }
        for (name, value) in &knob.env {
            // Not by `go env`, which asks the cache for these; without any, Go's own.
            let settings = GoSettings::here();
            let own = settings.get(name).unwrap_or("-O2 -g");
            let value = value.replace("{own}", own).replace("{dir}", &dir.display().to_string());
            command = command.env(name, &value);
        }
        let output = self.system.run(&command)?;
        match output.ended {
            Ended::Code(0) => Ok(()),
            Ended::Cancelled => bail!("interrupted"),
            Ended::TimedOut => {
                bail!("not done within {} s (--deadline)", self.args.deadline.as_secs())
            }
            Ended::Code(_) | Ended::Signal(_) => {
                let said = output.stderr.text();
                let lines: Vec<&str> =
                    said.lines().filter(|line| !line.starts_with('#')).take(5).collect();
                bail!("{}", lines.join("\n"))
            }
        }
    }
}

/// A package that is named by its path is that of the copy.
fn package(named: &str, sources: &Sources, copy: &Path) -> String {
    let path = Path::new(named);
    let real = path.is_absolute().then(|| path.canonicalize().ok()).flatten();
    let place = real.and_then(|real| sources.place_in(copy, &real));
    place.map_or_else(|| named.to_owned(), |place| place.display().to_string())
}

/// The overlay that is asked for, with the places of each copy.
#[expect(clippy::disallowed_methods, reason = "files in a folder of our own")]
fn overlays(
    args: &ReproArgs,
    kept: &[(String, String)],
    dir: &Path,
    sources: &Sources,
    copies: &[PathBuf; 2],
    own: &Path,
) -> anyhow::Result<[Option<PathBuf>; 2]> {
    let goflags = kept.iter().find(|(name, _)| name == "GOFLAGS");
    let goflags = goflags.map_or("", |(_, value)| value.as_str());
    let goflags = goward_build::split_quoted(goflags).unwrap_or_default();
    let Some(named) = overlay::named(&args.flags, &goflags) else { return Ok([None, None]) };
    let text = overlay::read(&dir.join(named))?;
    let mut files = [None, None];
    for ((side, copy), file) in ["a", "b"].iter().zip(copies).zip(&mut files) {
        let moved = overlay::moved(&text, dir, |path| sources.place_in(copy, path));
        let moved = moved.with_context(|| format!("-overlay={named}"))?;
        let place = own.join(side).join("overlay.json");
        std::fs::write(&place, moved).with_context(|| place.display().to_string())?;
        *file = Some(place);
    }
    Ok(files)
}

/// What go build writes for a package that is no program.
#[expect(clippy::disallowed_methods, reason = "a file in a folder of our own")]
fn is_archive(file: &Path) -> bool {
    use std::io::Read as _;
    let mut head = [0; 8];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && &head == b"!<arch>\n"
}

fn make(path: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("making {}", path.display()))
}

/// The user's flags with the knob turned. The last `-ldflags` counts, that of GOFLAGS where the line has none; what is
/// added must not take its place, so it is joined.
fn flags(args: &ReproArgs, knob: &Knob, goflags: &str) -> Vec<String> {
    let of_linker =
        |flag: &String| flag.trim_start_matches('-').strip_prefix("ldflags=").map(str::to_owned);
    let words = goward_build::split_quoted(goflags).unwrap_or_default();
    let own = words.iter().chain(&args.flags).filter_map(of_linker).next_back();
    let mut added: Vec<String> = vec![];
    if args.classic {
        added.extend(["-a".to_owned(), "-ldflags=-buildid=".to_owned()]);
    }
    added.extend(knob.flags.iter().cloned());
    let linker: Vec<String> = own.into_iter().chain(added.iter().filter_map(of_linker)).collect();
    let mut linker = linker.join(" ");
    if knob.without_x {
        linker = gorepro::without_x(&linker);
    }
    let others = args.flags.iter().chain(&added).filter(|flag| of_linker(flag).is_none());
    let mut out: Vec<String> = others.cloned().collect();
    if !linker.is_empty() || knob.without_x {
        out.push(format!("-ldflags={linker}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_by_default_is_everything() {
        assert_eq!(varied(&[]).len(), ALL.len());
        assert!(varied(&[Vary::None]).is_empty());
        assert_eq!(varied(&[Vary::Dir, Vary::Dir]).len(), 1);
    }

    #[test]
    fn what_is_added_for_the_linker_leaves_the_users_own() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            args: ReproArgs,
        }
        let of = |words: &[&str], goflags: &str, flag: &str| {
            let line = <Line as clap::Parser>::parse_from([&["repro"], words].concat());
            let knob = Knob { flags: vec![flag.to_owned()], ..Knob::default() };
            flags(&line.args, &knob, goflags)
        };
        let buildid = "-ldflags=-buildid=";
        assert_eq!(
            of(&[], "'-ldflags=-X main.a=1' -x", buildid),
            ["-ldflags=-X main.a=1 -buildid="]
        );
        assert_eq!(of(&[], "", "-trimpath"), ["-trimpath"]);
        // As go has it, the last one counts.
        let twice = ["--", "-ldflags=-s", "-v", "-ldflags=-w"];
        assert_eq!(
            of(&twice, "-ldflags=-linkmode=internal", buildid),
            ["-v", "-ldflags=-w -buildid="]
        );
        assert_eq!(of(&["--classic"], "", "-v"), ["-a", "-v", buildid]);
    }
}
