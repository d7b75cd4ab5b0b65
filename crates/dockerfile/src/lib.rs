//! Dockerfiles: instructions with spans, stages, heredocs, parser directives.
//!
//! The rules are those of BuildKit's `frontend/dockerfile` (parser, instructions and dispatchers), read from its source;
//! nothing here needs a daemon or touches the disk.
//!
//! ```
//! let file = dockerfile::parse(r#"
//! FROM golang:1.26 AS build
//! RUN go build -o /server ./cmd/server
//! FROM scratch
//! COPY --from=build /server /server
//! ENTRYPOINT ["/server"]
//! CMD ["--audit-log-enabled=true"]
//! "#)?;
//! let stage = file.final_stage().expect("there are two");
//! assert_eq!(file.launch_of(stage).argv().expect("all is set"), ["/server", "--audit-log-enabled=true"]);
//! # Ok::<(), dockerfile::ParseError>(())
//! ```

mod directive;
mod environment;
mod expand;
mod heredoc;
mod instruction;
mod json;
mod launch;
mod parse;
mod pattern;
mod source;
mod span;
mod stage;
mod words;

pub use directive::Directive;
pub use environment::{Certainty, Variable};
pub use expand::{ExpandError, Expansion, expand};
pub use heredoc::Heredoc;
pub use instruction::{Flag, Form, Instruction, Keyword, Pair};
pub use launch::{Command, Launch, Setting};
pub use span::{Lines, Position, Span, Word};
pub use stage::{Base, Stage};

/// A larger file is not read.
pub const MAX_SIZE: usize = 4 << 20;

/// A comment that is no parser directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// 1-based line.
    pub line: usize,
    /// The text behind `#`, trimmed.
    pub text: String,
}

/// A whole Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dockerfile {
    /// The parser directives, in order.
    pub directives: Vec<Directive>,
    /// The escape and continuation character: `\`, or `` ` `` after `# escape=` `` ` ``.
    pub escape: char,
    /// Every instruction, unknown ones included.
    pub instructions: Vec<Instruction>,
    /// The build stages.
    pub stages: Vec<Stage>,
    /// The comments, also those within continued instructions (but not those in here-documents).
    pub comments: Vec<Comment>,
}

/// Something that BuildKit refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ParseError {
    /// 1-based line where the instruction begins; 1 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What BuildKit refuses about a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Our own bound, not BuildKit's.
    #[error("file larger than 4 MiB")]
    TooLarge,
    /// Nothing but comments and blank lines.
    #[error("file with no instructions")]
    Empty,
    /// There is no `FROM`.
    #[error("no build stage: a FROM is missing")]
    NoFrom,
    /// The scanner's limit.
    #[error("line longer than 64 KiB")]
    LineTooLong,
    /// A directive that was given before.
    #[error("only one {0} parser directive can be used")]
    RepeatedDirective(String),
    /// `# escape=` with something else than `\` or `` ` ``.
    #[error("invalid escape token {0:?}: it must be \\ or `")]
    EscapeToken(String),
    /// A continuation of nothing.
    #[error("instruction without a keyword")]
    NoKeyword,
    /// A keyword that is none.
    #[error("unknown instruction: {0}")]
    UnknownInstruction(String),
    /// A flag where none is known.
    #[error("unknown flag: --{0}")]
    UnknownFlag(String),
    /// A JSON array with something else in it.
    #[error("arrays in exec form must be comprised of strings only")]
    NotStrings,
    /// `SHELL` in shell form.
    #[error("SHELL requires the arguments to be in JSON form")]
    ShellNotJson,
    /// Neither `HEALTHCHECK NONE` nor `HEALTHCHECK CMD` with a command.
    #[error("HEALTHCHECK {0} is neither NONE nor CMD with a command")]
    Healthcheck(String),
    /// Too few arguments.
    #[error("{0} requires at least {1} argument(s)")]
    TooFew(String, usize),
    /// A name that is empty.
    #[error("{0} names can not be blank")]
    BlankName(String),
    /// `ENV name`
    #[error("ENV must have two arguments")]
    NoValue,
    /// `ENV a=1 b`
    #[error("can't find = in {0:?}: it must be of the form name=value")]
    NoEquals(String),
    /// `FROM` with two, or with more than three words.
    #[error("FROM requires either one or three arguments")]
    FromArguments,
    /// A stage name with other characters.
    #[error("invalid name for build stage: {0:?}")]
    StageName(String),
    /// An instruction in front of the first `FROM`.
    #[error("no build stage in current context: {0} comes before the first FROM")]
    NoStage(String),
    /// `ONBUILD ONBUILD`, `ONBUILD FROM`, `ONBUILD MAINTAINER`.
    #[error("this instruction isn't allowed as an ONBUILD trigger")]
    Trigger,
    /// A here-document without its end.
    #[error("unterminated heredoc {0:?}")]
    UnterminatedHeredoc(String),
}

/// Reads a Dockerfile.
///
/// # Errors
/// The first thing that BuildKit would refuse. [`parse_lenient`] keeps what can be read nevertheless.
pub fn parse(text: &str) -> Result<Dockerfile, ParseError> {
    let (file, errors) = parse_lenient(text);
    errors.into_iter().min_by_key(|error| error.line).map_or(Ok(file), Err)
}

/// Reads a Dockerfile, and lists everything that BuildKit would refuse instead of stopping there.
///
/// Linear in the length of the text. A text larger than [`MAX_SIZE`] is not read at all.
pub fn parse_lenient(text: &str) -> (Dockerfile, Vec<ParseError>) {
    let mut escape = '\\';
    let mut parsed = parse::Parsed::default();
    if text.len() > MAX_SIZE {
        parsed.errors.push(ParseError { line: 1, problem: Problem::TooLarge });
    } else {
        parsed = parse::parse(text.strip_prefix('\u{feff}').unwrap_or(text), &mut escape);
        let problem = if parsed.instructions.is_empty() { Some(Problem::Empty) } else { None };
        parsed.errors.extend(problem.map(|problem| ParseError { line: 1, problem }));
    }
    let mut errors = parsed.errors;
    let stages = stage::stages(&parsed.instructions, escape, &mut errors);
    if stages.is_empty() && errors.is_empty() {
        errors.push(ParseError { line: 1, problem: Problem::NoFrom });
    }
    let parse::Parsed { directives, instructions, comments, .. } =
        parse::Parsed { errors: Vec::new(), ..parsed };
    (Dockerfile { directives, escape, instructions, stages, comments }, errors)
}
