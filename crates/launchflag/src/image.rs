//! Dockerfiles: the `ENTRYPOINT` and `CMD` of the final stage.
//!
//! The rules of inheritance, of the exec and shell forms and of `SHELL` are in the `dockerfile` crate. Only a shell form
//! expands variables, at run time and from the image's `ENV`; `ARG` is gone by then, and a value that came from one may be
//! changed by `--build-arg`. The exec form hands `$X` over as it is written.

use dockerfile::{Base, Certainty, Command, Dockerfile, Form, Setting};

use crate::argv::Finding;
use crate::flag::Flag;
use crate::launch::launch;
use crate::place::{Place, Position, Span, Word};
use crate::shell::Variables;
use crate::verdict::Why;

pub(crate) fn judge(text: &str, flag: &Flag) -> Finding {
    let file = match dockerfile::parse(text) {
        Ok(file) => file,
        Err(error) => {
            let start = Position { line: error.line, column: 1 };
            let place = Word::known("", Place::Whole(Span { start, end: start }));
            return Finding::without(Why::Syntax(error.problem.to_string()), Some(&place));
        }
    };
    let Some(stage) = file.final_stage() else {
        return Finding::without(Why::BaseImageDecides, None);
    };
    let from = stage.base_word.as_ref().map(|base| word(base, &base.text));
    let run = file.launch_of(stage);
    let words: Vec<Word> = match (&run.entrypoint, &run.cmd) {
        (Setting::Inherited, Setting::Inherited | Setting::Empty) => {
            return Finding::without(Why::BaseImageDecides, from.as_ref());
        }
        (entrypoint, cmd) => {
            let commands = [entrypoint, cmd].into_iter().filter_map(Setting::command);
            commands.flat_map(command_words).collect()
        }
    };
    let flags_alone = words.first().is_none_or(|word| word.text.starts_with('-'));
    if words.is_empty() || (run.entrypoint == Setting::Empty && flags_alone) {
        return Finding::without(Why::NoProgram, from.as_ref());
    }
    let own = run.entrypoint.command().is_some_and(|command| command.stage == stage.index);
    if !own && let Some(base) = chosen_base(&file, stage) {
        return Finding::without(Why::Variable(base.text.clone(), base.text.clone()), Some(&base));
    }
    launch(words, flag, &variables(&file, stage))
}

/// `FROM $VARIANT` between the stage and the image it is built from, where the argument chooses among the stages of the
/// file: `--build-arg` may choose another.
fn chosen_base(file: &Dockerfile, stage: &dockerfile::Stage) -> Option<Word> {
    let mut current = stage;
    while let Base::Stage(index) = current.base {
        let base = current.base_word.as_ref()?;
        if base.text.contains('$') {
            return Some(word(base, &base.text));
        }
        current = file.stages.get(index)?;
    }
    None
}

fn variables(file: &Dockerfile, stage: &dockerfile::Stage) -> Variables {
    let mut variables = Variables::default();
    for variable in file.env_of(stage) {
        let value = (variable.certainty == Certainty::Fixed).then_some(variable.value);
        variables.set(&variable.name, value);
    }
    variables
}

fn command_words(command: &Command) -> Vec<Word> {
    let mut words = Vec::new();
    if command.form == Form::Shell {
        match &command.shell {
            Some(shell) => words.extend(shell.iter().map(|part| word(part, &part.text))),
            None => words.extend(["/bin/sh", "-c"].map(|text| Word::known(text, Place::Nowhere))),
        }
        if command.words.is_empty() {
            words.push(Word::default());
        }
    }
    words.extend(command.words.iter().map(|part| word(part, &part.text)));
    words
}

fn word(from: &dockerfile::Word, text: &str) -> Word {
    let position =
        |place: dockerfile::Position| Position { line: place.line, column: place.column };
    let runs = from.runs().iter().map(|(at, place)| (*at, position(*place))).collect();
    Word::known(text, Place::Runs(runs, position(from.span.end)))
}
