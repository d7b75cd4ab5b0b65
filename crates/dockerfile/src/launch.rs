//! What a container of a stage runs: its `ENTRYPOINT` and `CMD` after inheritance.
//!
//! Rules: `dispatchCmd` and `dispatchEntrypoint` of BuildKit's `dockerfile2llb/convert.go`, and "Understand how CMD and
//! ENTRYPOINT interact" of the Dockerfile reference.

use crate::Dockerfile;
use crate::instruction::{Form, Instruction, Keyword};
use crate::span::{Lines, Word};
use crate::stage::{Base, Stage};

/// A `CMD` or `ENTRYPOINT` that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Exec or shell form.
    pub form: Form,
    /// In the exec form the words; in the shell form one word with the whole text (none if it is empty).
    pub words: Vec<Word>,
    /// The words of the `SHELL` in force, if the file sets one. Only the shell form uses it.
    pub shell: Option<Vec<Word>>,
    /// The index of the instruction in [`Dockerfile::instructions`]. For a trigger: of its `ONBUILD`.
    pub instruction: usize,
    /// The stage that it comes from.
    pub stage: usize,
    /// Its lines.
    pub lines: Lines,
}

impl Command {
    /// The words that it stands for. The shell form is one argument of `/bin/sh -c`, or of the `SHELL` in force.
    pub fn argv(&self) -> Vec<String> {
        let words = self.words.iter().map(|word| word.text.clone());
        match self.form {
            Form::Exec => words.collect(),
            Form::Shell => {
                let mut argv: Vec<String> = match &self.shell {
                    Some(shell) => shell.iter().map(|word| word.text.clone()).collect(),
                    None => vec!["/bin/sh".to_owned(), "-c".to_owned()],
                };
                argv.push(words.collect::<Vec<_>>().join(" "));
                argv
            }
        }
    }
}

/// The state of `ENTRYPOINT` or `CMD` at the end of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The file does not say: the base image decides.
    Inherited,
    /// There is none: nothing above `scratch` set one, or it was reset.
    Empty,
    /// Set by this file.
    Set(Command),
}

impl Setting {
    /// The command, if the file sets one.
    pub fn command(&self) -> Option<&Command> {
        match self {
            Self::Set(command) => Some(command),
            Self::Inherited | Self::Empty => None,
        }
    }
}

/// What a container runs: the words of `entrypoint`, followed by the words of `cmd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The program.
    pub entrypoint: Setting,
    /// Its arguments; or, without an entrypoint, the program with its arguments.
    pub cmd: Setting,
}

impl Launch {
    /// The whole command line, `None` if any part of it is up to the base image.
    pub fn argv(&self) -> Option<Vec<String>> {
        let mut argv = Vec::new();
        for setting in [&self.entrypoint, &self.cmd] {
            match setting {
                Setting::Inherited => return None,
                Setting::Empty => {}
                Setting::Set(command) => argv.extend(command.argv()),
            }
        }
        Some(argv)
    }
}

/// The state while walking down from the first stage.
struct Walk {
    launch: Launch,
    shell: Option<Vec<Word>>,
    cmd_is_own: bool,
}

impl Walk {
    fn apply(&mut self, stage: &Stage, at: usize, instruction: &Instruction) {
        match instruction.keyword {
            Keyword::Shell if instruction.form == Form::Exec && !instruction.args.is_empty() => {
                self.shell = Some(instruction.args.clone());
            }
            Keyword::Cmd => {
                self.launch.cmd = self.setting(stage, at, instruction);
                self.cmd_is_own = true;
            }
            Keyword::Entrypoint => {
                self.launch.entrypoint = self.setting(stage, at, instruction);
                // A CMD of the base would be arguments for the base's program, not for this one.
                if !self.cmd_is_own {
                    self.launch.cmd = Setting::Empty;
                }
            }
            _ => {}
        }
    }

    fn setting(&self, stage: &Stage, at: usize, instruction: &Instruction) -> Setting {
        if instruction.form == Form::Exec && instruction.args.is_empty() {
            return Setting::Empty;
        }
        Setting::Set(Command {
            form: instruction.form,
            words: instruction.args.clone(),
            shell: self.shell.clone(),
            instruction: at,
            stage: stage.index,
            lines: instruction.lines,
        })
    }
}

impl Dockerfile {
    /// The `ENTRYPOINT` and `CMD` in force at the end of `stage`.
    ///
    /// The last of each wins; a stage inherits from the stage it is built from, whose `ONBUILD` triggers run first; and an
    /// `ENTRYPOINT` resets a `CMD` which was not set in the same stage. `RUN` and `HEALTHCHECK CMD` do not count.
    pub fn launch_of(&self, stage: &Stage) -> Launch {
        let lineage = self.lineage(stage);
        let from_scratch = lineage.first().is_some_and(|first| first.base == Base::Scratch);
        let initial = if from_scratch { Setting::Empty } else { Setting::Inherited };
        let launch = Launch { entrypoint: initial.clone(), cmd: initial };
        let mut walk = Walk { launch, shell: None, cmd_is_own: false };
        for stage in lineage {
            walk.cmd_is_own = false;
            for (at, instruction) in self.executed(stage) {
                walk.apply(stage, at, instruction);
            }
        }
        walk.launch
    }
}
