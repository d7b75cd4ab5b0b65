//! What the lines of a go.mod file must be (`modfile/rule.go`).

use crate::go_mod::{
    Exclude, Go, GoMod, Godebug, Ignore, Module, ModuleVersion, Replace, Replacement, Require,
    Retract, Tool, Toolchain,
};
use crate::span::Span;
use crate::syntax::{Block, Line, Statement, directive_comment};
use crate::text::{quote, unquote};
use crate::{Error, go_version, module_path};

/// The verbs that may head a block.
const BLOCKS: [&str; 8] =
    ["module", "godebug", "require", "exclude", "replace", "retract", "tool", "ignore"];
/// The verbs that count in the go.mod file of a dependency.
const LAX: [&str; 5] = ["go", "module", "retract", "require", "ignore"];

/// What a rule gives: a message is without its place.
type Rule<T> = Result<T, String>;

/// Applies the rules to a file. In lax mode, as for dependencies, what is unknown is passed over.
pub(crate) fn read(statements: &[Statement<'_>], strict: bool) -> Result<GoMod, Vec<Error>> {
    let mut reader = Reader { file: GoMod::default(), errors: Vec::new(), strict };
    for statement in statements {
        match statement {
            Statement::Comments(_) => {}
            Statement::Line(line) => {
                if let Some((verb, args)) = line.words.split_first() {
                    reader.line(None, line, verb, args);
                }
            }
            Statement::Block(block) => reader.block(block),
        }
    }
    if reader.errors.is_empty() { Ok(reader.file) } else { Err(reader.errors) }
}

struct Reader {
    file: GoMod,
    errors: Vec<Error>,
    strict: bool,
}

impl Reader {
    fn block(&mut self, block: &Block<'_>) {
        match block.words.as_slice() {
            [verb] if BLOCKS.contains(verb) => {
                for line in &block.lines {
                    self.line(Some(block), line, verb, &line.words);
                }
            }
            words if self.strict => {
                let message = format!("unknown block type: {}", words.join(" "));
                self.errors.push(Error::new(block.start.position(), message));
            }
            _ => {}
        }
    }

    fn line(&mut self, block: Option<&Block<'_>>, line: &Line<'_>, verb: &str, args: &[&str]) {
        if !self.strict && !LAX.contains(&verb) {
            return;
        }
        let span = line.span();
        let read = match verb {
            "go" => self.go(args, span),
            "toolchain" => self.toolchain(args, span),
            "module" => self.module(block, line, args),
            "godebug" => self.godebug(args, span),
            "require" => self.require(line, args),
            "exclude" => module_version(verb, args).map(|ModuleVersion { path, version }| {
                self.file.exclude.push(Exclude { path, version, span });
            }),
            "replace" => replace(verb, args).map(|(path, version, new)| {
                self.file.replace.push(Replace { path, version, new, span });
            }),
            "retract" => self.retract(block, line, args),
            "tool" => one_string(verb, args).map(|path| self.file.tool.push(Tool { path, span })),
            "ignore" => {
                one_string(verb, args).map(|path| self.file.ignore.push(Ignore { path, span }))
            }
            _ => Err(format!("unknown directive: {verb}")),
        };
        if let Err(message) = read {
            self.errors.push(Error::new(span.start, message));
        }
    }

    fn go(&mut self, args: &[&str], span: Span) -> Rule<()> {
        if self.file.go.is_some() {
            return Err("repeated go statement".to_owned());
        }
        let [version] = args else {
            return Err("go directive expects exactly one argument".to_owned());
        };
        let version = if go_version::is_directive(version) {
            version
        } else {
            let lax = if self.strict { None } else { go_version::lax_directive(version) };
            lax.ok_or_else(|| format!("invalid go version '{version}': must match format 1.23.0"))?
        };
        self.file.go = Some(Go { version: version.to_owned(), span });
        Ok(())
    }

    fn toolchain(&mut self, args: &[&str], span: Span) -> Rule<()> {
        if self.file.toolchain.is_some() {
            return Err("repeated toolchain statement".to_owned());
        }
        let [name] = args else {
            return Err("toolchain directive expects exactly one argument".to_owned());
        };
        if !go_version::is_toolchain_directive(name) {
            let wanted = "must match format go1.23.0 or default";
            return Err(format!("invalid toolchain version '{name}': {wanted}"));
        }
        self.file.toolchain = Some(Toolchain { name: (*name).to_owned(), span });
        Ok(())
    }

    fn module(&mut self, block: Option<&Block<'_>>, line: &Line<'_>, args: &[&str]) -> Rule<()> {
        if self.file.module.is_some() {
            return Err("repeated module statement".to_owned());
        }
        // Counts as seen even if it is malformed, so that a second one is reported as repeated.
        let deprecated = deprecation(&directive_comment(block, line));
        let module =
            self.file.module.insert(Module { path: String::new(), deprecated, span: line.span() });
        let [path] = args else { return Err("usage: module module/path".to_owned()) };
        module.path = string(path)?;
        Ok(())
    }

    fn godebug(&mut self, args: &[&str], span: Span) -> Rule<()> {
        let setting = match args {
            [setting] if !setting.contains(['"', '`', '\'', ',']) => setting.split_once('='),
            _ => None,
        };
        let (key, value) = setting.ok_or("usage: godebug key=value")?;
        let (key, value) = (key.to_owned(), value.to_owned());
        self.file.godebug.push(Godebug { key, value, span });
        Ok(())
    }

    fn require(&mut self, line: &Line<'_>, args: &[&str]) -> Rule<()> {
        let ModuleVersion { path, version } = module_version("require", args)?;
        let indirect = is_indirect(line);
        self.file.require.push(Require { path, version, indirect, span: line.span() });
        Ok(())
    }

    fn retract(&mut self, block: Option<&Block<'_>>, line: &Line<'_>, args: &[&str]) -> Rule<()> {
        let (low, high, rest) = match interval(args) {
            Ok(interval) => interval,
            Err(message) if self.strict => return Err(message),
            // A dependency may use a syntax of the future.
            Err(_) => return Ok(()),
        };
        if let Some(word) = rest.first().filter(|_| self.strict) {
            return Err(format!("unexpected token after version: {}", quote(word)));
        }
        let rationale = directive_comment(block, line);
        self.file.retract.push(Retract { low, high, rationale, span: line.span() });
        Ok(())
    }
}

/// A word: a plain one, or a string in double quotes. Other quotes are reserved.
fn string_value(word: &str) -> Rule<String> {
    if word.starts_with('"') {
        return unquote(word).ok_or_else(|| "invalid syntax".to_owned());
    }
    if word.contains(['"', '\'', '`']) {
        return Err("unquoted string cannot contain quote".to_owned());
    }
    Ok(word.to_owned())
}

fn string(word: &str) -> Rule<String> {
    string_value(word).map_err(|problem| format!("invalid quoted string: {problem}"))
}

fn one_string(verb: &str, args: &[&str]) -> Rule<String> {
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
fn module_version(verb: &str, args: &[&str]) -> Rule<ModuleVersion> {
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
fn interval<'a, 'w>(args: &'a [&'w str]) -> Rule<(String, String, &'a [&'w str])> {
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

/// Whether the first comment behind the line is `// indirect`, or begins with `// indirect; `.
fn is_indirect(line: &Line<'_>) -> bool {
    let Some(comment) = line.comments.suffix.first() else { return false };
    let mut words = comment.strip_prefix("//").unwrap_or(comment).split_whitespace();
    match (words.next(), words.next()) {
        (Some("indirect"), None) => true,
        (Some(first), Some(_)) => first == "indirect;",
        _ => false,
    }
}

/// The first paragraph that begins with `Deprecated:`, without that.
fn deprecation(comment: &str) -> Option<String> {
    const MARK: &str = "Deprecated:";
    let text = comment
        .strip_prefix(MARK)
        .or_else(|| comment.split_once("\n\nDeprecated:").map(|(_, text)| text))?;
    let text = text.trim_start_matches(' ');
    let text = text.split_once("\n\n").map_or(text, |(text, _)| text);
    (!text.is_empty()).then(|| text.to_owned())
}
