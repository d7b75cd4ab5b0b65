//! What a go.work file says, and its rules (`modfile/work.go`).

use crate::directive::{self, replace, string};
use crate::go_mod::{Go, Godebug, Replace, Toolchain};
use crate::span::Span;
use crate::syntax::{Line, Statement};
use crate::{Error, syntax, text};

/// The verbs that may head a block.
const BLOCKS: [&str; 3] = ["godebug", "use", "replace"];

/// A go.work file.
///
/// Every span is that of the directive, as in [`crate::GoMod`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoWork {
    /// `go`. Without it, the go command assumes 1.18.
    pub go: Option<Go>,
    /// `toolchain`
    pub toolchain: Option<Toolchain>,
    /// `godebug`, in order.
    pub godebug: Vec<Godebug>,
    /// `use`, in order.
    pub uses: Vec<Use>,
    /// `replace`, in order.
    pub replace: Vec<Replace>,
}

/// `use ./service`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The directory, as written: relative to that of the go.work file, or rooted.
    pub path: String,
    /// The directive.
    pub span: Span,
}

/// Reads a go.work file, as `modfile.ParseWork` and `go work edit` do.
///
/// What more the go command asks of it when it works in the workspace is said by [`GoWork::check`] and
/// [`crate::check_workspace`].
///
/// # Errors
/// A syntax error, or everything else that is wrong.
pub fn parse_go_work(text: impl AsRef<[u8]>) -> Result<GoWork, Vec<Error>> {
    let text = text::decode(text.as_ref());
    match syntax::parse(&text, "go.work") {
        Ok(statements) => read(&statements),
        Err(error) => Err(vec![Error::new(error.at, error.message)]),
    }
}

/// Applies the rules to a file.
pub(crate) fn read(statements: &[Statement<'_>]) -> Result<GoWork, Vec<Error>> {
    let mut file = GoWork::default();
    let mut errors = Vec::new();
    for statement in statements {
        match statement {
            Statement::Comments(..) => {}
            Statement::Line(line) => {
                if let Some((verb, args)) = line.words.split_first() {
                    errors.extend(file.add(line, verb, args));
                }
            }
            Statement::Block(block) => match block.words.as_slice() {
                [verb] if BLOCKS.contains(verb) => {
                    let lines = block.lines.iter();
                    errors.extend(lines.filter_map(|line| file.add(line, verb, &line.words)));
                }
                words => {
                    let message = format!("unknown block type: {}", words.join(" "));
                    errors.push(Error::new(block.start.position(), message));
                }
            },
        }
    }
    if errors.is_empty() { Ok(file) } else { Err(errors) }
}

impl GoWork {
    /// Takes one line; gives what is wrong with it.
    fn add(&mut self, line: &Line<'_>, verb: &str, args: &[&str]) -> Option<Error> {
        let span = line.span();
        let read = match verb {
            "go" => directive::go(self.go.as_ref(), args, span, true).map(|go| self.go = Some(go)),
            "toolchain" => directive::toolchain(self.toolchain.as_ref(), args, span)
                .map(|toolchain| self.toolchain = Some(toolchain)),
            "godebug" => directive::godebug(args, span).map(|one| self.godebug.push(one)),
            "use" => match args {
                [path] => string(path).map(|path| self.uses.push(Use { path, span })),
                _ => Err("usage: use local/dir".to_owned()),
            },
            "replace" => replace(verb, args).map(|(path, version, new)| {
                self.replace.push(Replace { path, version, new, span });
            }),
            _ => Err(format!("unknown directive: {verb}")),
        };
        read.err().map(|message| Error::new(span.start, message))
    }
}
