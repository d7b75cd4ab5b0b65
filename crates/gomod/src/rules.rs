//! What the lines of a go.mod file must be (`modfile/rule.go`).

use crate::Error;
use crate::directive::{self, Rule, interval, module_version, one_string, replace, string};
use crate::go_mod::{
    Exclude, GoMod, Ignore, Module, ModuleVersion, Replace, Require, Retract, Tool,
};
use crate::syntax::{Block, Line, Statement, directive_comment};
use crate::text::quote;

/// The verbs that may head a block.
const BLOCKS: [&str; 8] =
    ["module", "godebug", "require", "exclude", "replace", "retract", "tool", "ignore"];
/// The verbs that count in the go.mod file of a dependency.
const LAX: [&str; 5] = ["go", "module", "retract", "require", "ignore"];

/// Applies the rules to a file. In lax mode, as for dependencies, what is unknown is passed over.
pub(crate) fn read(statements: &[Statement<'_>], strict: bool) -> Result<GoMod, Vec<Error>> {
    let mut reader = Reader { file: GoMod::default(), errors: Vec::new(), strict };
    for statement in statements {
        match statement {
            Statement::Comments(..) => {}
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
            "go" => directive::go(self.file.go.as_ref(), args, span, self.strict)
                .map(|go| self.file.go = Some(go)),
            "toolchain" => directive::toolchain(self.file.toolchain.as_ref(), args, span)
                .map(|toolchain| self.file.toolchain = Some(toolchain)),
            "module" => self.module(block, line, args),
            "godebug" => directive::godebug(args, span).map(|one| self.file.godebug.push(one)),
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
