//! What an instruction is made of.

use crate::heredoc::Heredoc;
use crate::span::{Lines, Span, Word};

/// The instructions of a Dockerfile. Keywords are case-insensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each variant is the instruction of that name in the Dockerfile reference"
)]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
    /// Something that BuildKit does not know and refuses.
    Unknown,
}

impl Keyword {
    /// The instruction that `word` names, in any case.
    pub fn of(word: &str) -> Self {
        match word.to_ascii_uppercase().as_str() {
            "ADD" => Self::Add,
            "ARG" => Self::Arg,
            "CMD" => Self::Cmd,
            "COPY" => Self::Copy,
            "ENTRYPOINT" => Self::Entrypoint,
            "ENV" => Self::Env,
            "EXPOSE" => Self::Expose,
            "FROM" => Self::From,
            "HEALTHCHECK" => Self::Healthcheck,
            "LABEL" => Self::Label,
            "MAINTAINER" => Self::Maintainer,
            "ONBUILD" => Self::Onbuild,
            "RUN" => Self::Run,
            "SHELL" => Self::Shell,
            "STOPSIGNAL" => Self::Stopsignal,
            "USER" => Self::User,
            "VOLUME" => Self::Volume,
            "WORKDIR" => Self::Workdir,
            _ => Self::Unknown,
        }
    }

    /// Whether the instruction may be followed by here-documents.
    pub(crate) fn takes_heredocs(self) -> bool {
        matches!(self, Self::Add | Self::Copy | Self::Run)
    }

    /// Whether BuildKit refuses every `--flag` of this instruction. `ARG`, `LABEL` and `STOPSIGNAL` do not look at theirs.
    pub(crate) fn refuses_flags(self) -> bool {
        use Keyword::{
            Cmd, Entrypoint, Env, Expose, Maintainer, Onbuild, Shell, User, Volume, Workdir,
        };
        matches!(
            self,
            Cmd | Entrypoint
                | Env
                | Expose
                | Maintainer
                | Onbuild
                | Shell
                | User
                | Volume
                | Workdir
        )
    }
}

/// How a command is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Text, which a shell runs where a command is meant.
    Shell,
    /// A JSON array of strings.
    Exec,
}

/// A `--name=value` in front of the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The name without its dashes.
    pub name: String,
    /// What follows `=`, without quotes and escapes.
    pub value: Option<String>,
    /// Where the flag stands.
    pub span: Span,
}

/// A name with a value: in `ENV` and `LABEL` always, in `ARG` perhaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The name, quotes included if there are any.
    pub name: Word,
    /// The value as written: quotes are kept, nothing is expanded.
    pub value: Option<Word>,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Which one.
    pub keyword: Keyword,
    /// The keyword as it is written.
    pub name: Word,
    /// The lines that it occupies, here-documents included.
    pub lines: Lines,
    /// The builder's flags, such as `--from=build`.
    pub flags: Vec<Flag>,
    /// Exec or shell form. Instructions other than `ADD`, `CMD`, `COPY`, `ENTRYPOINT`, `HEALTHCHECK`, `RUN`, `SHELL` and
    /// `VOLUME` know only the shell form.
    pub form: Form,
    /// The arguments. In the exec form the decoded strings; in the shell form of `CMD`, `ENTRYPOINT`, `RUN`, `SHELL`,
    /// `USER`, `WORKDIR` and their like the whole text as one word; otherwise the words between blanks.
    /// `HEALTHCHECK` begins with `NONE` or `CMD`.
    pub args: Vec<Word>,
    /// The names and values of `ARG`, `ENV` and `LABEL`.
    pub pairs: Vec<Pair>,
    /// The here-documents, in order.
    pub heredocs: Vec<Heredoc>,
    /// The instruction behind `ONBUILD`.
    pub trigger: Option<Box<Instruction>>,
}

impl Instruction {
    /// The value of flag `name`; an empty text if the flag has none. The last one counts.
    pub fn flag(&self, name: &str) -> Option<&str> {
        let flag = self.flags.iter().rev().find(|flag| flag.name == name)?;
        Some(flag.value.as_deref().unwrap_or_default())
    }
}
