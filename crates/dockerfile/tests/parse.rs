//! How BuildKit's parser reads a Dockerfile, case by case.

use dockerfile::{Dockerfile, Form, Keyword, Lines, Position, Problem, parse, parse_lenient};

fn read(text: &str) -> Dockerfile {
    let (file, errors) = parse_lenient(text);
    assert_eq!(errors, [], "{text}");
    file
}

/// The arguments of the last instruction behind `FROM a`.
fn args(instruction: &str) -> (Form, Vec<String>) {
    let file = read(&format!("FROM a\n{instruction}"));
    let last = &file.instructions[1];
    (last.form, last.args.iter().map(|word| word.text.clone()).collect())
}

#[test]
fn arguments() {
    use Form::{Exec, Shell};
    let cases: &[(&str, &str, Form, &[&str])] = &[
        ("shell form is one word", "RUN  a  b ", Shell, &["a  b"]),
        ("exec form", r#"CMD ["a", "b c"]"#, Exec, &["a", "b c"]),
        ("exec form with escapes", r#"CMD ["\u00e9\ud83d\ude00\n\"\\\/"]"#, Exec, &["é😀\n\"\\/"]),
        ("a lone surrogate is a replacement character", r#"CMD ["\ud800x"]"#, Exec, &["\u{fffd}x"]),
        ("an empty array is exec form", "ENTRYPOINT []", Exec, &[]),
        ("single quotes are no JSON", "CMD ['a', 'b']", Shell, &["['a', 'b']"]),
        ("a missing bracket is shell form", r#"CMD ["a", "b""#, Shell, &[r#"["a", "b""#]),
        ("text behind the array is shell form", r#"CMD ["a"] b"#, Shell, &[r#"["a"] b"#]),
        ("a trailing comma is shell form", r#"CMD ["a",]"#, Shell, &[r#"["a",]"#]),
        ("a test bracket is shell form", "RUN [ -f x ] && y", Shell, &["[ -f x ] && y"]),
        ("exec form over lines", "CMD [\"a\", \\\n  \"b\"]", Exec, &["a", "b"]),
        ("continuation", "RUN a \\\n  b", Shell, &["a   b"]),
        ("blanks behind the continuation character", "RUN a \\ \t\n  b", Shell, &["a   b"]),
        ("comment within a continuation", "RUN a \\\n# no\n  # no\n b", Shell, &["a  b"]),
        ("blank line within a continuation", "RUN a \\\n\n b", Shell, &["a  b"]),
        ("an escaped escape does not continue", "RUN a \\\\", Shell, &["a \\\\"]),
        ("a hash behind text is no comment", "RUN a # b", Shell, &["a # b"]),
        ("CRLF", "RUN a \\\r\n  b\r\n", Shell, &["a   b"]),
        ("lower case keyword", "cmd a", Shell, &["a"]),
        ("COPY words", "COPY a b  c", Shell, &["a", "b", "c"]),
        ("COPY exec", r#"COPY ["a b", "c"]"#, Exec, &["a b", "c"]),
        ("COPY does not know quotes", r#"COPY "a b" c"#, Shell, &["\"a", "b\"", "c"]),
        ("health check", "HEALTHCHECK --interval=5s CMD curl -f x", Shell, &["CMD", "curl -f x"]),
        ("health check exec", r#"HEALTHCHECK CMD ["a", "b"]"#, Exec, &["CMD", "a", "b"]),
        ("health check none", "HEALTHCHECK NONE", Shell, &["NONE"]),
        ("a flag-like argument behind --", "RUN -- --x", Shell, &["--x"]),
    ];
    for (name, text, form, words) in cases {
        let (read_form, read_words) = args(text);
        assert_eq!(
            (read_form, read_words.iter().map(String::as_str).collect::<Vec<_>>()),
            (*form, words.to_vec()),
            "{name}"
        );
    }
}

#[test]
fn pairs() {
    type Case = (&'static str, &'static str, &'static [(&'static str, Option<&'static str>)]);
    let cases: &[Case] = &[
        (
            "new form",
            r#"ENV a=1 b="x y" c='z' d="#,
            &[("a", Some("1")), ("b", Some("\"x y\"")), ("c", Some("'z'")), ("d", Some(""))],
        ),
        ("old form", "ENV a  the rest = all", &[("a", Some("the rest = all"))]),
        ("an escaped blank", r"ENV a=x\ y", &[("a", Some(r"x\ y"))]),
        ("empty value", "ENV a=", &[("a", Some(""))]),
        ("ARG with and without default", "ARG a b=2", &[("a", None), ("b", Some("2"))]),
        ("LABEL", r#"LABEL "x.y"="1" z=2"#, &[("\"x.y\"", Some("\"1\"")), ("z", Some("2"))]),
    ];
    for (name, text, expected) in cases {
        let file = parse_lenient(&format!("FROM a\n{text}")).0;
        let last = file.instructions.last().expect("an instruction");
        let found: Vec<_> = last
            .pairs
            .iter()
            .map(|pair| {
                (pair.name.text.as_str(), pair.value.as_ref().map(|value| value.text.as_str()))
            })
            .collect();
        assert_eq!(found, expected.to_vec(), "{name}");
    }
}

#[test]
fn flags() {
    let file = read(
        "FROM --platform=linux/amd64 a\nCOPY --from=0 --link --chown=\"a b\":c x y\nRUN --mount=type=cache,target=/x ls",
    );
    let [from, copy, run] = file.instructions.as_slice() else { panic!("three") };
    assert_eq!(from.flag("platform"), Some("linux/amd64"));
    assert_eq!(
        (copy.flag("from"), copy.flag("link"), copy.flag("chown")),
        (Some("0"), Some(""), Some("a b:c"))
    );
    assert_eq!((run.flag("mount"), run.flag("network")), (Some("type=cache,target=/x"), None));
}

#[test]
fn directives_end_at_the_first_other_line() {
    let cases: &[(&str, &str, char, usize)] = &[
        ("escape", "# escape=`\nFROM a", '`', 1),
        ("all three, any case", "#Syntax=x\n#CHECK = skip=all\n# escape = `\nFROM a", '`', 3),
        ("behind a comment", "# hello\n# escape=`\nFROM a", '\\', 0),
        ("behind a blank line", "\n# escape=`\nFROM a", '\\', 0),
        ("unknown directive", "# foo=bar\n# escape=`\nFROM a", '\\', 0),
        ("byte order mark", "\u{feff}# escape=`\nFROM a", '`', 1),
    ];
    for (name, text, escape, count) in cases {
        let file = read(text);
        assert_eq!((file.escape, file.directives.len()), (*escape, *count), "{name}");
    }
    let file = read("# escape=`\nFROM a\nRUN dir c:\\ `\n  x\nRUN y\\\nRUN z");
    assert_eq!(file.instructions.len(), 4);
}

#[test]
fn heredocs() {
    let file = read(
        "FROM a\nRUN <<EOF cat <<-'X' > y\none\nEOF\n\ttwo $V\n\tX\nCOPY <<a.txt <<\"b c\" /d\n1\na.txt\n2\nb c\nONBUILD RUN <<E\nz\nE\nCMD x",
    );
    let run = &file.instructions[1];
    assert_eq!(run.lines, Lines { first: 2, last: 6 });
    assert_eq!((run.heredocs[0].content.as_str(), run.heredocs[0].expand), ("one\n", true));
    assert_eq!((run.heredocs[1].text().as_str(), run.heredocs[1].expand), ("two $V\n", false));
    assert_eq!(run.heredocs[1].lines, Lines { first: 5, last: 6 });
    let copy = &file.instructions[2];
    assert_eq!(
        copy.heredocs.iter().map(|doc| doc.name.as_str()).collect::<Vec<_>>(),
        ["a.txt", "b c"]
    );
    assert_eq!(
        file.instructions[3].trigger.as_ref().expect("a trigger").heredocs[0].content,
        "z\n"
    );
    assert_eq!(file.instructions[4].keyword, Keyword::Cmd);
}

#[test]
fn what_is_no_heredoc() {
    for text in [
        "RUN cat <<<x",
        "RUN echo '<<EOF'",
        "RUN echo $((1<<2))",
        "CMD a <<EOF",
        "RUN [\"<<EOF\"]",
        "RUN it's <<EOF",
    ] {
        assert_eq!(read(&format!("FROM a\n{text}\nUSER x")).instructions.len(), 3, "{text}");
    }
}

#[test]
fn refusals() {
    let cases: &[(&str, &str, usize, Problem)] = &[
        ("nothing", "# only\n", 1, Problem::Empty),
        ("no stage", "ARG a\n", 1, Problem::NoFrom),
        ("before FROM", "RUN x\nFROM a\n", 1, Problem::NoStage("RUN".into())),
        ("unknown", "FROM a\nFRM b", 2, Problem::UnknownInstruction("FRM".into())),
        ("array of numbers", "FROM a\nCMD [1]", 2, Problem::NotStrings),
        ("flag of CMD", "FROM a\nCMD --x=1 y", 2, Problem::UnknownFlag("x".into())),
        ("heredoc", "FROM a\nRUN <<E\nx", 2, Problem::UnterminatedHeredoc("E".into())),
        ("two words", "FROM a b", 1, Problem::FromArguments),
        ("stage name", "FROM a AS 1x", 1, Problem::StageName("1x".into())),
        ("escape", "# escape=x\nFROM a", 1, Problem::EscapeToken("x".into())),
        ("twice", "# escape=`\n# escape=`\nFROM a", 2, Problem::RepeatedDirective("escape".into())),
        ("chained trigger", "FROM a\nONBUILD ONBUILD RUN x", 2, Problem::Trigger),
        ("SHELL in shell form", "FROM a\nSHELL bash -c", 2, Problem::ShellNotJson),
        ("ENV without value", "FROM a\nENV x", 2, Problem::NoValue),
        ("COPY with one word", "FROM a\nCOPY x", 2, Problem::TooFew("COPY".into(), 2)),
        ("health check", "FROM a\nHEALTHCHECK curl x", 2, Problem::Healthcheck("curl".into())),
    ];
    for (name, text, line, problem) in cases {
        let error = parse(text).expect_err(name);
        assert_eq!((error.line, &error.problem), (*line, problem), "{name}");
    }
}

#[test]
fn lenient_keeps_the_rest() {
    let (file, errors) = parse_lenient("FROM a\nFRM b c\nCMD [\"x\"]\n");
    assert_eq!(errors.len(), 1);
    assert_eq!(file.instructions[1].keyword, Keyword::Unknown);
    assert_eq!(file.instructions[1].args[0].text, "b c");
    assert_eq!(file.final_stage().map(|stage| stage.instructions.clone()), Some(1..3));
    let (file, errors) = parse_lenient(&"x".repeat(dockerfile::MAX_SIZE + 1));
    assert_eq!((file.instructions.len(), errors[0].problem.clone()), (0, Problem::TooLarge));
}

#[test]
fn spans_survive_folding_and_escapes() {
    let file =
        read("\u{feff}FROM é\n  CMD [\"ab\", \\\n   # no\n   \"c\\\"d\"]\nRUN one \\\n  two");
    let at = |line, column| Position { line, column };
    let cmd = &file.instructions[1];
    assert_eq!((cmd.args[0].span.start, cmd.args[0].span.end), (at(2, 9), at(2, 11)));
    assert_eq!((cmd.args[1].span.start, cmd.args[1].span.end), (at(4, 5), at(4, 9)));
    assert_eq!(cmd.args[1].position_at(1), at(4, 6));
    assert_eq!(cmd.args[1].position_at(2), at(4, 8));
    let run = &file.instructions[2].args[0];
    assert_eq!(run.text, "one   two");
    assert_eq!((run.span.start, run.span.end), (at(5, 5), at(6, 6)));
    assert_eq!(run.position_at(run.text.find("two").expect("there")), at(6, 3));
    assert_eq!(file.instructions[0].args[0].span.end, at(1, 7));
}
