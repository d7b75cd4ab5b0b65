//! What the C compiler reads of a package: it is asked, as cgo and the go command would call it, and compiles nothing.

use super::includes::Read;
use super::reached::Reached;
use super::subject::Subject;
use crate::graph::go_env;
use gopackages::Files;
use goward_build::GoSettings;
use goward_system::{Command, Ended, OsSystem, System as _};
use overlay::cleaned;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Each path takes some hundred bytes.
const KEEP: usize = 64 << 20;
/// Files that one call is asked of: a command line has its limit.
const AT_ONCE: usize = 200;

/// A package, and who asks.
pub(super) struct Asked<'a> {
    pub(super) subject: &'a Subject,
    pub(super) reached: &'a Reached,
    /// The package's folder.
    pub(super) dir: &'a Path,
    pub(super) files: &'a Files,
    pub(super) system: &'a OsSystem,
    /// When the time is over.
    pub(super) deadline: Instant,
}

impl Asked<'_> {
    /// How much time there is.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(self.system.now())
    }
}

/// What the compiler reads when the package is compiled, with its own files as they are staged; else why it did not say.
///
/// # Errors
/// A temporary file cannot be written.
pub(super) fn reads(asked: &Asked<'_>) -> io::Result<Result<Read, String>> {
    let Asked { dir, files, .. } = *asked;
    // The go command puts these into a folder of its own where one of them is another than on the disk.
    let own = asked.subject.scratch("cgo");
    // What a package before this one left, where the compiler failed, is not this one's.
    if own.exists() {
        fs::remove_dir_all(&own)?;
    }
    fs::create_dir_all(&own)?;
    // What the assembler reads of `.s` nobody has preprocessed.
    let assembly: Vec<String> =
        files.s.iter().filter(|name| !name.ends_with(".s")).cloned().collect();
    let sources = [
        ("c", &files.c),
        ("c++", &files.cxx),
        ("objective-c", &files.m),
        ("assembler-with-cpp", &assembly),
    ];
    let names = sources.iter().flat_map(|(_, names)| names.iter());
    for name in names.chain(&files.h).chain(&files.s) {
        let bytes = asked.subject.overlay.read(&dir.join(name)).unwrap_or_default();
        write(&own.join(name), &bytes)?;
    }
    let (flags, preambles) = of_go(asked);
    let mut read = Read::default();
    let mut units = vec![];
    for (at, text) in preambles.iter().enumerate() {
        let file = own.join(format!("goward_preamble_{at}.c"));
        write(&file, text.as_bytes())?;
        units.push(file);
    }
    // cgo has the package's folder last, and what it makes of the file is compiled with that first.
    let mut calls = vec![("c", units.clone(), true), ("c", units, false)];
    for (language, names) in sources {
        calls.push((language, names.iter().map(|name| own.join(name)).collect(), false));
    }
    for (language, files, is_cgo) in &calls {
        for some in files.chunks(AT_ONCE) {
            if let Err(why) = ask(asked, (some, language), (&own, &flags, *is_cgo), &mut read) {
                return Ok(Err(why));
            }
        }
    }
    Ok(Ok(read))
}

#[expect(clippy::disallowed_methods, reason = "a temporary file for the compiler")]
fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(file, bytes)
}

/// Asks of some files: `-M` prints what each includes, and `-MG` also what is not there.
fn ask(
    asked: &Asked<'_>,
    (files, language): (&[PathBuf], &str),
    (own, flags, is_cgo): (&Path, &Flags, bool),
    read: &mut Read,
) -> Result<(), String> {
    let (program, mut args) = program(asked, language)?;
    let here = ["-I".to_owned(), ".".to_owned()];
    if !is_cgo {
        args.extend(here.clone());
    }
    args.extend(["-I".to_owned(), own.to_string_lossy().into_owned()]);
    args.extend(flags.all.iter().cloned());
    args.extend(if language == "c++" { &flags.cxx } else { &flags.c }.iter().cloned());
    if is_cgo {
        args.extend(here);
    }
    args.extend(["-M", "-MG", "-w", "-x", language].map(str::to_owned));
    args.extend(files.iter().map(|file| file.to_string_lossy().into_owned()));
    let command = Command::new(&program, args).dir(&asked.dir.to_string_lossy());
    let command = command.limit(asked.left()).keep(KEEP);
    let output = asked.system.run(&command).map_err(|err| err.to_string())?;
    if output.ended != Ended::Code(0) || output.stdout.left_out() > 0 {
        let said = output.stderr.text();
        let line =
            said.lines().find(|line| line.contains("error:")).or_else(|| said.lines().next());
        return Err(line.unwrap_or("it failed").replace(&format!("{}/", own.display()), ""));
    }
    for path in prerequisites(&output.stdout.text()) {
        let whole = asked.dir.join(&path);
        // What lies in the folder of our own is as it is staged.
        if whole.starts_with(own) {
            continue;
        }
        if !whole.exists() {
            read.missing.insert(cleaned(&path));
            continue;
        }
        read.files.extend(whole.canonicalize());
        read.files.insert(cleaned(&whole));
    }
    Ok(())
}

/// What stands behind the colons of rules for make, without its escapes.
fn prerequisites(rule: &str) -> Vec<PathBuf> {
    let (mut all, mut word) = (vec![], String::new());
    let mut chars = rule.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(' ' | '#' | '\\' | ':')) => word.extend(chars.next()),
            ('$', Some('$')) => word.extend(chars.next()),
            ('\\', Some('\n')) => {}
            (' ' | '\n' | '\t', _) if word.is_empty() => {}
            // What is to be made.
            (' ' | '\n' | '\t', _) if word.ends_with(':') => word.clear(),
            (' ' | '\n' | '\t', _) => all.push(PathBuf::from(std::mem::take(&mut word))),
            _ => word.push(c),
        }
    }
    if !word.is_empty() {
        all.push(word.into());
    }
    all
}

/// The flags that matter for what is included.
#[derive(Default)]
struct Flags {
    all: Vec<String>,
    c: Vec<String>,
    cxx: Vec<String>,
}

/// The package's flags, and the text above each `import "C"`, with its `#cgo` lines blank.
fn of_go(asked: &Asked<'_>) -> (Flags, Vec<String>) {
    let processor = go_env("GOARCH").unwrap_or_default();
    let mut flags = Flags { all: of_processor(&processor), ..Flags::default() };
    for (name, into) in [
        ("CGO_CPPFLAGS", &mut flags.all),
        ("CGO_CFLAGS", &mut flags.c),
        ("CGO_CXXFLAGS", &mut flags.cxx),
    ] {
        let words = variable(asked, name).and_then(|text| goward_build::split_quoted(&text));
        into.extend(of_includes(words.unwrap_or_default()));
    }
    let (mut preambles, mut packages) = (vec![], vec![]);
    for name in &asked.files.cgo {
        let bytes = asked.subject.overlay.read(&asked.dir.join(name)).unwrap_or_default();
        let Ok(header) = goheader::read_go(&bytes, true) else { continue };
        for preamble in header.cgo {
            for line in preamble.directives() {
                let Some((head, rest)) = line.split_once(':') else { continue };
                let mut conditions = head.split_whitespace().skip(1).collect::<Vec<_>>();
                let verb = conditions.pop();
                let tags = &asked.reached.changed.tags;
                if !conditions.is_empty() && !conditions.iter().any(|it| tags.matches_auto(it)) {
                    continue;
                }
                let rest = rest.replace("${SRCDIR}", &asked.dir.to_string_lossy());
                let words = goward_build::split_quoted(rest.trim()).unwrap_or_default();
                match verb {
                    Some("CPPFLAGS") => flags.all.extend(of_includes(words)),
                    Some("CFLAGS") => flags.c.extend(of_includes(words)),
                    Some("CXXFLAGS") => flags.cxx.extend(of_includes(words)),
                    Some("pkg-config") => packages.extend(words),
                    _ => {}
                }
            }
            let is_cgo = |line: &&str| line.trim_start().starts_with("#cgo");
            let plain = preamble.text.lines().map(|line| if is_cgo(&line) { "" } else { line });
            preambles.push(plain.collect::<Vec<_>>().join("\n") + "\n");
        }
    }
    packages.retain(|name| !name.starts_with('-'));
    if !packages.is_empty() {
        flags.all.extend(of_includes(of_pkg_config(asked, packages)));
    }
    (flags, preambles)
}

/// What pkg-config says; nothing where it fails: the compiler will not find what it would have said.
fn of_pkg_config(asked: &Asked<'_>, packages: Vec<String>) -> Vec<String> {
    let program = variable(asked, "PKG_CONFIG").unwrap_or_else(|| "pkg-config".to_owned());
    let args = ["--cflags".to_owned(), "--".to_owned()].into_iter().chain(packages);
    let command = Command::new(&program, args).dir(&asked.dir.to_string_lossy());
    let output = asked.system.run(&command.limit(asked.left()));
    let words = output.ok().filter(|output| output.ended == Ended::Code(0));
    words.and_then(|it| goward_build::split_quoted(it.stdout.text().trim())).unwrap_or_default()
}

/// The flags that say where includes are looked for, and what is defined: no other is passed on, as the staged text may
/// hold any (`cmd/go/internal/work/security.go`).
fn of_includes(words: Vec<String>) -> Vec<String> {
    const WITH_VALUE: [&str; 9] = [
        "-I",
        "-D",
        "-U",
        "-iquote",
        "-isystem",
        "-idirafter",
        "-include",
        "-imacros",
        "-isysroot",
    ];
    // Many of these define macros.
    const ALONE: [&str; 18] = [
        "-O",
        "-ansi",
        "-fPIC",
        "-fPIE",
        "-fchar8_t",
        "-fcoroutines",
        "-fexceptions",
        "-ffast-math",
        "-ffreestanding",
        "-fno-",
        "-fopenmp",
        "-frtti",
        "-fsanitize=",
        "-fshort-enums",
        "-funsigned-char",
        "-pthread",
        "-std=",
        "-stdlib=",
    ];
    let mut kept = vec![];
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if WITH_VALUE.contains(&&*word) {
            if let Some(value) = words.next().filter(|value| !value.starts_with(['-', '@'])) {
                kept.extend([word, value]);
            }
        } else if WITH_VALUE.iter().chain(&ALONE).any(|flag| word.starts_with(flag))
            || (word.starts_with("-m") && word != "-mllvm")
        {
            kept.push(word);
        }
    }
    kept
}

/// What the go command itself adds for a processor (`gccArchArgs`), as far as it defines macros.
fn of_processor(name: &str) -> Vec<String> {
    let flags: &[&str] = match name {
        "386" => &["-m32"],
        "amd64" => &["-m64"],
        "arm" => &["-marm"],
        "s390x" => &["-m64", "-march=z13"],
        "mips64" | "mips64le" => &["-mabi=64"],
        "mips" | "mipsle" => &["-mabi=32", "-march=mips32"],
        "loong64" => &["-mabi=lp64d"],
        _ => &[],
    };
    flags.iter().chain(&["-fPIC", "-pthread"]).map(|flag| (*flag).to_owned()).collect()
}

/// Whether the system has a header of this name: the compiler would take that, were the file not there.
pub(super) fn has_system(asked: &Asked<'_>, file: &Path) -> bool {
    let Ok((program, mut args)) = program(asked, "c") else { return false };
    args.extend(["-E", "-v", "-x", "c", "-"].map(str::to_owned));
    let command = Command::new(&program, args).limit(asked.left());
    let Ok(output) = asked.system.run(&command) else { return false };
    let said = output.stderr.text();
    let dirs = said.split_once("#include <...> search starts here:");
    let dirs = dirs.and_then(|(_, rest)| rest.split_once("End of search list."));
    let mut dirs = dirs.map(|(dirs, _)| dirs).unwrap_or_default().lines().map(str::trim);
    let name = file.file_name().unwrap_or_default();
    let of_folder = file.parent().and_then(Path::file_name).map(|dir| Path::new(dir).join(name));
    let is_there = |dir: &str, name: &Path| !dir.is_empty() && Path::new(dir).join(name).is_file();
    dirs.any(|dir| {
        is_there(dir, Path::new(name)) || of_folder.as_deref().is_some_and(|it| is_there(dir, it))
    })
}

/// A variable of the go command: as it is told for these packages, else as the user has set it.
fn variable(asked: &Asked<'_>, name: &str) -> Option<String> {
    let told = asked.reached.variables.iter().find(|(told, _)| *told == name);
    told.map(|(_, value)| value.clone())
        .or_else(|| GoSettings::here().get(name).map(str::to_owned))
        .filter(|value| !value.is_empty())
}

/// The compiler: Go's defaults are `DefaultCC` and `DefaultCXX` of `cmd/dist/buildgo.go`.
fn program(asked: &Asked<'_>, language: &str) -> Result<(String, Vec<String>), String> {
    let is_clang = cfg!(any(target_os = "macos", target_os = "freebsd", target_os = "openbsd"));
    let (name, default) = match (language, is_clang) {
        ("c++", true) => ("CXX", "clang++"),
        ("c++", false) => ("CXX", "g++"),
        (_, true) => ("CC", "clang"),
        (_, false) => ("CC", "gcc"),
    };
    let text = variable(asked, name).unwrap_or_else(|| default.to_owned());
    let mut words = goward_build::split_quoted(&text).unwrap_or_default().into_iter();
    let program = words.next().ok_or_else(|| format!("{name} is {text}"))?;
    Ok((program, words.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_for_make_are_read() {
        let rule =
            "y.o: b.c\nx.o: /tmp/a.c /usr/include/stdio.h \\\n a\\ b/c.h $$d\\#.h \\\n  last.h\n";
        let all = ["b.c", "/tmp/a.c", "/usr/include/stdio.h", "a b/c.h", "$d#.h", "last.h"];
        assert_eq!(prerequisites(rule), all.map(PathBuf::from));
        assert_eq!(prerequisites(""), Vec::<PathBuf>::new());
    }

    proptest::proptest! {
        /// What make's rules escape comes back as it was.
        #[test]
        fn names_come_back_from_rules(names in proptest::collection::vec("[a-z$# /.é]{0,8}[a-z]", 1..5)) {
            let escaped = names.iter().map(|name| {
                name.replace('$', "$$").replace('#', "\\#").replace(' ', "\\ ")
            });
            let rule = format!("x.o: {}\n", escaped.collect::<Vec<_>>().join(" \\\n "));
            let expected: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
            proptest::prop_assert_eq!(prerequisites(&rule), expected);
        }

        #[test]
        fn no_rule_is_too_odd(rule in "(?s)[a:$\\\\# \\n\\t]{0,40}") {
            for path in prerequisites(&rule) {
                proptest::prop_assert!(!path.as_os_str().is_empty());
            }
        }
    }

    #[test]
    fn only_flags_of_includes_are_kept() {
        let words =
            "-I inc -Iother -fplugin=evil.so -O2 -include x.h @file -D A=1 -std=c11 -wrapper sh";
        let kept = of_includes(words.split(' ').map(str::to_owned).collect());
        let wanted = ["-I", "inc", "-Iother", "-O2", "-include", "x.h", "-D", "A=1", "-std=c11"];
        assert_eq!(kept, wanted);
    }
}
