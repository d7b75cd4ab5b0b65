//! Go's words for what is wrong with a package.

use crate::folder::{Files, FolderProblem};
use crate::gather::Data;
use crate::load::kind_of;
use crate::package::{ErrorKind, Package};
use crate::resolve::{ImportProblem, Resolver};
use foldhash::{HashMap, HashMapExt as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// What is wrong, before it is known who asked.
pub(crate) struct Problem {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
}

/// What Go says of the package as it lies on the disk.
pub(crate) fn message_of(resolver: &Resolver<'_>, path: &str, data: &Data) -> Option<Problem> {
    if let Some(problem) = &data.problem {
        let message = match problem {
            ImportProblem::Missing { is_std: true } => {
                format!("package {path} is not in std ({})", resolver.std.join(path).display())
            }
            ImportProblem::Missing { is_std: false } if resolver.is_vendored() => {
                let reason = resolver.vendor_reason();
                format!(
                    "cannot find module providing package {path}: import lookup disabled by -mod=vendor{reason}"
                )
            }
            ImportProblem::Missing { is_std: false } => {
                format!("no required module provides package {path}; to add it:\n\tgo get {path}")
            }
            ImportProblem::Ambiguous(text)
            | ImportProblem::Invalid(text)
            | ImportProblem::NoReplacement(text)
            | ImportProblem::Io(text) => text.clone(),
            ImportProblem::Unknown => format!(
                "no module that go.mod requires provides package {path}, and the module cache does not have the whole requirement graph"
            ),
            ImportProblem::NotDownloaded(module) => {
                format!("{}@{} is not in the module cache", module.path, module.version)
            }
        };
        return Some(Problem { kind: kind_of(problem), message });
    }
    let dir = data.dir.as_deref().map_or_else(|| Path::new(""), PathBuf::as_path).display();
    Some(match data.folder.problem.as_ref()? {
        FolderProblem::NoGo => {
            let files = &data.folder.files;
            let message = if !files.ignored_go.is_empty() {
                format!("build constraints exclude all Go files in {dir}")
            } else if !files.test_go.is_empty() || !files.xtest_go.is_empty() {
                format!("no non-test Go files in {dir}")
            } else {
                format!("no Go files in {dir}")
            };
            Problem { kind: ErrorKind::NoGo, message }
        }
        FolderProblem::Syntax { message, .. } => {
            Problem { kind: ErrorKind::Syntax, message: message.clone() }
        }
        FolderProblem::ImportPath { at, message } => {
            let name = data.folder.names.get(at.file as usize).map_or("", String::as_str);
            let message = format!("{dir}/{name}:{}:{}: {message}", at.line, at.column);
            Problem { kind: ErrorKind::Syntax, message }
        }
        FolderProblem::Read { at, message } => {
            let name = data.folder.names.get(at.file as usize).map_or("", String::as_str);
            let message = format!("read {dir}/{name}: {message}");
            Problem { kind: ErrorKind::Files, message }
        }
        FolderProblem::Multiple(said) => {
            Problem { kind: ErrorKind::MultiplePackages, message: format!("{said} in {dir}") }
        }
        FolderProblem::Other(said) => Problem { kind: ErrorKind::Files, message: said.clone() },
    })
}

/// Files whose names no build takes.
pub(crate) fn bad_files(package: &Package) -> Option<Problem> {
    if package.folder.has.odd_names {
        return bad_names(&package.files);
    }
    let base = package.import_path.rsplit('/').next().unwrap_or_default();
    if !is_safe(base) {
        let message = format!("invalid input directory name \"{base}\"");
        return Some(Problem { kind: ErrorKind::Files, message });
    }
    None
}

/// What is wrong with the names themselves.
pub(crate) fn bad_names(files: &Files) -> Option<Problem> {
    // Names in small letters are as different folded as they are written.
    let is_folded = |file: &String| file.bytes().all(|c| c.is_ascii() && !c.is_ascii_uppercase());
    if !files.all().all(is_folded) {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for file in files.all() {
            if let Some(other) = seen.insert(fold(file), file)
                && other != file
            {
                let message =
                    format!("case-insensitive file name collision: \"{other}\" and \"{file}\"");
                return Some(Problem { kind: ErrorKind::Case, message });
            }
        }
    }
    for file in files.all() {
        if !is_safe(file) || file.starts_with("_cgo_") {
            let message = format!("invalid input file name \"{file}\"");
            return Some(Problem { kind: ErrorKind::Files, message });
        }
    }
    None
}

/// Files of other languages, where neither cgo nor SWIG takes them.
pub(crate) fn foreign_files(package: &mut Package, cgo: bool) -> Option<Problem> {
    if !package.folder.has.foreign {
        return None;
    }
    let dropped = |files: &Files| {
        [&files.c, &files.cxx, &files.m, &files.swig, &files.swigcxx]
            .iter()
            .any(|list| !list.is_empty())
    };
    if !cgo && dropped(&package.files) {
        let mut files = Files::clone(&package.files);
        for list in
            [&mut files.c, &mut files.cxx, &mut files.m, &mut files.swig, &mut files.swigcxx]
        {
            list.clear();
        }
        package.files = Arc::new(files.into());
    }
    let files = &package.files;
    if !files.cgo.is_empty() || !files.swig.is_empty() || !files.swigcxx.is_empty() {
        return None;
    }
    let kinds =
        [("C", &files.c), ("C++", &files.cxx), ("Objective-C", &files.m), ("Fortran", &files.f)];
    let (kind, list) = kinds.into_iter().find(|(_, list)| !list.is_empty())?;
    let list = list.join(" ");
    let message = format!("{kind} source files not allowed when not using cgo or SWIG: {list}");
    Some(Problem { kind: ErrorKind::Files, message })
}

/// The same for all spellings that a file system may take for one (`str.ToFold`, simple folding).
pub(crate) fn fold(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return text.to_owned();
    }
    text.to_lowercase()
}

/// No flag of a tool (`load.SafeArg`).
pub(crate) fn is_safe(name: &str) -> bool {
    name.bytes().next().is_some_and(|c| {
        c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'/') || !c.is_ascii()
    })
}

/// `base.ShortPath`: relative to the working directory, where that is shorter.
pub(crate) fn short(cwd: &Path, path: &Path) -> String {
    let full = path.to_string_lossy().into_owned();
    match relative(cwd, path) {
        Some(relative) if relative.as_os_str().len() < full.len() => {
            relative.to_string_lossy().into_owned()
        }
        _ => full,
    }
}

fn relative(from: &Path, to: &Path) -> Option<PathBuf> {
    if !from.is_absolute() || !to.is_absolute() {
        return None;
    }
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.len() - same;
    let down = to.iter().skip(same);
    Some(std::iter::repeat_n(Component::ParentDir, up).chain(down.copied()).collect())
}
