//! What the words of a directive must be (`modfile/rule.go`), shared by go.mod and go.work.

use crate::go_mod::{Go, Godebug, ModuleVersion, Replacement, Toolchain};
use crate::span::Span;
use crate::text::{quote, unquote};
use crate::{go_version, module_path};

/// What a rule gives: a message is without its place.
pub(crate) type Rule<T> = Result<T, String>;

/// The arguments of `go`; in lax mode, as for dependencies, some junk behind the version is forgiven.
pub(crate) fn go(known: Option<&Go>, args: &[&str], span: Span, strict: bool) -> Rule<Go> {
    if known.is_some() {
        return Err("repeated go statement".to_owned());
    }
    let [version] = args else {
        return Err("go directive expects exactly one argument".to_owned());
    };
    let version = if go_version::is_directive(version) {
        version
    } else {
        let lax = if strict { None } else { go_version::lax_directive(version) };
        lax.ok_or_else(|| format!("invalid go version '{version}': must match format 1.23.0"))?
    };
    Ok(Go { version: version.to_owned(), span })
}

/// The argument of `toolchain`.
pub(crate) fn toolchain(known: Option<&Toolchain>, args: &[&str], span: Span) -> Rule<Toolchain> {
    if known.is_some() {
        return Err("repeated toolchain statement".to_owned());
    }
    let [name] = args else {
        return Err("toolchain directive expects exactly one argument".to_owned());
    };
    if !go_version::is_toolchain_directive(name) {
        let wanted = "must match format go1.23.0 or default";
        return Err(format!("invalid toolchain version '{name}': {wanted}"));
    }
    Ok(Toolchain { name: (*name).to_owned(), span })
}

/// The argument of `godebug`.
pub(crate) fn godebug(args: &[&str], span: Span) -> Rule<Godebug> {
    let setting = match args {
        [setting] if !setting.contains(['"', '`', '\'', ',']) => setting.split_once('='),
        _ => None,
    };
    let (key, value) = setting.ok_or("usage: godebug key=value")?;
    Ok(Godebug { key: key.to_owned(), value: value.to_owned(), span })
}

/// A word: a plain one, or a string in double quotes. Other quotes are reserved.
pub(crate) fn string_value(word: &str) -> Rule<String> {
    if word.starts_with('"') {
        return unquote(word).ok_or_else(|| "invalid syntax".to_owned());
    }
    if word.contains(['"', '\'', '`']) {
        return Err("unquoted string cannot contain quote".to_owned());
    }
    Ok(word.to_owned())
}

pub(crate) fn string(word: &str) -> Rule<String> {
    string_value(word).map_err(|problem| format!("invalid quoted string: {problem}"))
}

pub(crate) fn one_string(verb: &str, args: &[&str]) -> Rule<String> {
    let [word] = args else {
        return Err(format!("{verb} directive expects exactly one argument"));
    };
    string(word)
}

/// A message about a module: `require example.com/m: problem`.
fn about(verb: &str, path: &str, problem: impl std::fmt::Display) -> String {
    if path.is_empty() { format!("{verb}: {problem}") } else { format!("{verb} {path}: {problem}") }
}

fn version_word(verb: &str, path: &str, word: &str) -> Rule<String> {
    string_value(word).map_err(|problem| {
        about(verb, path, format_args!("version {} invalid: {problem}", quote(word)))
    })
}

fn canonical_version(verb: &str, path: &str, word: &str) -> Rule<String> {
    let version = version_word(verb, path, word)?;
    module_path::canonical_version(&version).ok_or_else(|| {
        let problem = "must be of the form v1.2.3";
        about(verb, path, format_args!("version {} invalid: {problem}", quote(&version)))
    })
}

/// The arguments of `require` and `exclude`.
pub(crate) fn module_version(verb: &str, args: &[&str]) -> Rule<ModuleVersion> {
    let [path, version] = args else { return Err(format!("usage: {verb} module/path v1.2.3")) };
    let path = string(path)?;
    let version = canonical_version(verb, &path, version)?;
    let (_, major) = module_path::split_path_version(&path).ok_or("invalid module path")?;
    module_path::check_path_major(&version, major)
        .map_err(|problem| about(verb, &path, problem))?;
    Ok(ModuleVersion { path, version })
}

/// The arguments of `replace`: the old path and version, and the replacement.
pub(crate) fn replace(verb: &str, args: &[&str]) -> Rule<(String, Option<String>, Replacement)> {
    let usage = || {
        let left = format!("{verb} module/path [v1.2.3] =>");
        format!("usage: {left} other/module v1.4\n\t or {left} ../local/directory")
    };
    let (old, old_version, new, new_version) = match args {
        // Go takes a second word `=>` for the arrow, whatever comes.
        [_, "=>", _, _, _] => return Err(usage()),
        [old, "=>", new] => (old, None, new, None),
        [old, "=>", new, version] => (old, None, new, Some(version)),
        [old, version, "=>", new] => (old, Some(version), new, None),
        [old, version, "=>", new, new_version] => (old, Some(version), new, Some(new_version)),
        _ => return Err(usage()),
    };
    let path = string(old)?;
    let (_, major) = module_path::split_path_version(&path)
        .ok_or_else(|| about(verb, &path, "invalid module path"))?;
    let mut version = None;
    if let Some(word) = old_version {
        let canonical = canonical_version(verb, &path, word)?;
        module_path::check_path_major(&canonical, major)
            .map_err(|problem| about(verb, &path, problem))?;
        version = Some(canonical);
    }
    let new = string(new)?;
    let Some(new_version) = new_version else {
        return Ok((path, version, Replacement::Directory(directory(new)?)));
    };
    let new_version = canonical_version(verb, &new, new_version)?;
    if is_directory_path(&new) {
        let problem = "cannot have version";
        return Err(format!("replacement module directory path {} {problem}", quote(&new)));
    }
    let new = ModuleVersion { path: new, version: new_version };
    Ok((path, version, Replacement::Module(new)))
}

/// The target of a `replace` without a version. As on Unix, where backslashes are refused.
fn directory(path: String) -> Rule<String> {
    let problem = if is_directory_path(&path) {
        if !path.contains('\\') {
            return Ok(path);
        }
        "replacement directory appears to be Windows path (on a non-windows system)"
    } else if path.contains('@') {
        "replacement module must match format 'path version', not 'path@version'"
    } else {
        "replacement module without version must be directory path (rooted or starting with . or ..)"
    };
    Err(problem.to_owned())
}

/// Whether the go command takes a path for a directory rather than a module (`modfile.IsDirectoryPath`): rooted, or
/// with a first element of `.` or `..`, in the syntax of Unix or Windows.
pub fn is_directory_path(path: &str) -> bool {
    let dots = [".", ".."].iter().any(|dots| {
        path.strip_prefix(dots).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
    });
    let mut chars = path.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    dots || drive || path.starts_with(['/', '\\'])
}

/// A version, or `[low, high]`; and the words behind.
pub(crate) fn interval<'a, 'w>(args: &'a [&'w str]) -> Rule<(String, String, &'a [&'w str])> {
    let version = |word: &str| version_word("retract", "", word);
    let rest = match args {
        [] | ["(", ..] => return Err("expected '[' or version".to_owned()),
        ["[", rest @ ..] => rest,
        [word, rest @ ..] => {
            let version = version(word)?;
            return Ok((version.clone(), version, rest));
        }
    };
    let [low, rest @ ..] = rest else { return Err("expected version after '['".to_owned()) };
    let low = version(low)?;
    let [",", rest @ ..] = rest else { return Err("expected ',' after version".to_owned()) };
    let [high, rest @ ..] = rest else { return Err("expected version after ','".to_owned()) };
    let high = version(high)?;
    let ["]", rest @ ..] = rest else { return Err("expected ']' after version".to_owned()) };
    Ok((low, high, rest))
}
