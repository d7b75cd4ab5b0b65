//! Whatever the text: no panic, and every span lies inside the file.

use dockerfile::{Instruction, Position, parse_lenient};
use proptest::prelude::*;

fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "FROM a\n",
        "FROM a AS b\n",
        "FROM b\n",
        "RUN ",
        "CMD ",
        "ENTRYPOINT ",
        "ENV ",
        "ARG ",
        "COPY ",
        "ONBUILD ",
        "HEALTHCHECK ",
        "LABEL ",
        "SHELL ",
        " ",
        "\n",
        "\r\n",
        "\\\n",
        "\\",
        "# c\n",
        "# escape=`\n",
        "\"",
        "'",
        "[\"",
        "\", \"",
        "\"]",
        "[",
        "]",
        "=",
        "a=b",
        "$X",
        "${X:-",
        "}",
        "<<EOF",
        "<<-'E'",
        "\nEOF\n",
        "\nE\n",
        "--from=x",
        "--",
        "é",
        "😀",
        "\\u00e9",
        "\\ud800",
        "\u{feff}",
        "CMD",
        "\u{3000}",
        "\t",
        "x",
    ]);
    prop::collection::vec(fragment, 0..40).prop_map(|parts| parts.concat())
}

fn inside(lines: &[usize], place: Position) -> bool {
    // A position just behind the last character of a line is inside.
    lines.get(place.line - 1).is_some_and(|columns| place.column <= columns + 1)
}

fn check(lines: &[usize], instruction: &Instruction) -> Result<(), TestCaseError> {
    let words = instruction.args.iter().chain([&instruction.name]);
    let words = words.chain(
        instruction.pairs.iter().flat_map(|pair| [Some(&pair.name), pair.value.as_ref()]).flatten(),
    );
    let mut spans: Vec<_> = instruction.flags.iter().map(|flag| flag.span).collect();
    for word in words {
        spans.push(word.span);
        for (offset, _) in word.text.char_indices() {
            let place = word.position_at(offset);
            prop_assert!(
                inside(lines, place) && word.span.start <= place && place < word.span.end,
                "{place:?} {word:?}"
            );
        }
    }
    for span in spans {
        prop_assert!(
            span.start <= span.end && inside(lines, span.start) && inside(lines, span.end),
            "{span:?}"
        );
    }
    prop_assert!(
        instruction.lines.first <= instruction.lines.last && instruction.lines.last <= lines.len()
    );
    match &instruction.trigger {
        Some(trigger) => check(lines, trigger),
        None => Ok(()),
    }
}

proptest! {
    #[test]
    fn spans_are_inside(text in fragments()) {
        let bare = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let lines: Vec<usize> = bare.split('\n').map(|line| line.chars().count()).collect();
        let (file, _) = parse_lenient(&text);
        for instruction in &file.instructions {
            check(&lines, instruction)?;
        }
        for stage in &file.stages {
            file.launch_of(stage);
            file.env_of(stage);
            prop_assert!(stage.instructions.end <= file.instructions.len());
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let (file, errors) = parse_lenient(&text);
        prop_assert!(!file.stages.is_empty() || !errors.is_empty());
    }

    #[test]
    fn any_word_is_expanded(word in "[$a{}:+\\-?#%/*'\"\\\\ é<]{0,40}") {
        let lookup = |name: &str| (name == "a").then(|| "aa/é".to_owned());
        if let Ok(expansion) = dockerfile::expand(&word, '\\', &lookup) {
            prop_assert!(expansion.text.len() <= 1 << 20);
        }
    }
}
