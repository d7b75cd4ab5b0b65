//! Dockerfiles, case by case.

use launchflag::{Kind, Position, Span, State, judge};

const ON: State = State::On;
const OFF: State = State::Off;
const UNKNOWN: State = State::Unknown;

const CASES: &[(&str, State, &str)] = &[
    ("ENTRYPOINT, exec form", ON, r#"ENTRYPOINT ["/server", "--audit-log-enabled=true"]"#),
    ("CMD, exec form", ON, r#"CMD ["/server", "--audit-log-enabled=true"]"#),
    (
        "CMD holds ENTRYPOINT's arguments",
        ON,
        "ENTRYPOINT [\"/server\"]\nCMD [\"--audit-log-enabled=true\"]",
    ),
    (
        "CMD wins over ENTRYPOINT, being later",
        OFF,
        "ENTRYPOINT [\"/s\", \"--audit-log-enabled=true\"]\nCMD [\"--audit-log-enabled=false\"]",
    ),
    ("CMD, shell form", ON, "CMD exec /server --audit-log-enabled=true"),
    (
        "ENTRYPOINT in shell form ignores CMD",
        OFF,
        "ENTRYPOINT /server\nCMD [\"--audit-log-enabled=true\"]",
    ),
    (
        "ENTRYPOINT in shell form that passes CMD on",
        ON,
        "ENTRYPOINT exec /server \"$0\" \"$@\"\nCMD [\"a\", \"--audit-log-enabled=true\"]",
    ),
    (
        "CMD in shell form behind ENTRYPOINT becomes words of sh",
        OFF,
        "ENTRYPOINT [\"/server\"]\nCMD x --audit-log-enabled=true",
    ),
    (
        "the last CMD wins",
        OFF,
        "CMD [\"/server\", \"--audit-log-enabled=true\"]\nCMD [\"/server\"]",
    ),
    (
        "the last ENTRYPOINT wins",
        ON,
        "ENTRYPOINT [\"/x\"]\nENTRYPOINT [\"/server\", \"--audit-log-enabled\"]",
    ),
    (
        "another stage",
        OFF,
        "CMD [\"/server\", \"--audit-log-enabled=true\"]\nFROM a\nCMD [\"/server\"]",
    ),
    ("an inherited stage", ON, "CMD [\"/server\", \"--audit-log-enabled=true\"]\nFROM base"),
    (
        "ENTRYPOINT resets an inherited CMD",
        OFF,
        "CMD [\"--audit-log-enabled=true\"]\nFROM base\nENTRYPOINT [\"/server\"]",
    ),
    (
        "CMD of an inherited ENTRYPOINT",
        ON,
        "ENTRYPOINT [\"/server\"]\nFROM base\nCMD [\"--audit-log-enabled=true\"]",
    ),
    ("neither", UNKNOWN, "RUN /server --audit-log-enabled=true"),
    ("ENTRYPOINT [] alone", UNKNOWN, "ENTRYPOINT []"),
    ("RUN", OFF, "RUN /server --audit-log-enabled=true\nCMD [\"/server\"]"),
    ("HEALTHCHECK", OFF, "HEALTHCHECK CMD /server --audit-log-enabled=true\nCMD [\"/server\"]"),
    ("ONBUILD", OFF, "ONBUILD CMD [\"/server\", \"--audit-log-enabled=true\"]\nCMD [\"/server\"]"),
    ("LABEL", OFF, "LABEL cmd=\"--audit-log-enabled=true\"\nCMD [\"/server\"]"),
    ("comment", OFF, "# CMD [\"/server\", \"--audit-log-enabled=true\"]\nCMD [\"/server\"]"),
    (
        "comment within a continuation",
        OFF,
        "CMD exec /server \\\n# --audit-log-enabled=true \\\n  --port=80",
    ),
    ("over lines", ON, "CMD [\"/server\", \\\n     \"--audit-log-enabled=true\"]"),
    ("shell form over lines", ON, "CMD exec /server \\\n\n  --audit-log-enabled=true"),
    (
        "a shell comment over lines hides the rest",
        OFF,
        "CMD exec /server # x \\\n  --audit-log-enabled=true",
    ),
    ("broken JSON is shell form", OFF, "CMD ['/server', '--audit-log-enabled=true']"),
    ("exec form does not expand", OFF, "ENV A=true\nCMD [\"/server\", \"--audit-log-enabled=$A\"]"),
    ("shell form expands ENV", ON, "ENV A=true\nCMD exec /server --audit-log-enabled=$A"),
    (
        "shell form expands ENV: off",
        OFF,
        "ENV A=true\nENV A=false\nCMD exec /server --audit-log-enabled=${A}",
    ),
    (
        "a default that ENV overrides",
        OFF,
        "ENV A=false\nCMD exec /server --audit-log-enabled=${A:-true}",
    ),
    ("a default alone", UNKNOWN, "CMD exec /server --audit-log-enabled=${A:-true}"),
    ("ARG is gone at run time", UNKNOWN, "ARG A=true\nCMD exec /server --audit-log-enabled=$A"),
    (
        "ENV from ARG may be changed at build time",
        UNKNOWN,
        "ARG A=true\nENV A=$A\nCMD exec /server --audit-log-enabled=$A",
    ),
    (
        "sh -c in exec form",
        ON,
        "ENV A=true\nCMD [\"sh\", \"-c\", \"exec /server --audit-log-enabled=$A\"]",
    ),
    (
        "SHELL",
        ON,
        "SHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nCMD exec /server --audit-log-enabled=true",
    ),
    (
        "SHELL of Windows",
        ON,
        "SHELL [\"cmd\", \"/S\", \"/C\"]\nCMD C:\\server.exe --audit-log-enabled=true",
    ),
    (
        "PowerShell with syntax",
        UNKNOWN,
        "SHELL [\"powershell\", \"-Command\"]\nCMD server.exe --audit-log-enabled=$env:A",
    ),
    (
        "tini",
        ON,
        "ENTRYPOINT [\"/sbin/tini\", \"--\"]\nCMD [\"/server\", \"--audit-log-enabled=true\"]",
    ),
    (
        "entrypoint script",
        ON,
        "ENTRYPOINT [\"/docker-entrypoint.sh\"]\nCMD [\"/server\", \"--audit-log-enabled=true\"]",
    ),
    ("one word with blanks", OFF, "CMD [\"/server --audit-log-enabled=true\"]"),
    ("value with quotes", OFF, r#"CMD ["/server", "--audit-log-enabled=\"true\""]"#),
    (
        "no-flag last",
        OFF,
        r#"CMD ["/server", "--audit-log-enabled=true", "--no-audit-log-enabled"]"#,
    ),
    ("next word", ON, r#"CMD ["/server", "--audit-log-enabled", "true"]"#),
    ("lower case", ON, r#"cmd ["/server", "--audit-log-enabled=true"]"#),
    ("CRLF", ON, "CMD [\"/server\", \\\r\n  \"--audit-log-enabled=true\"]\r\n"),
    (
        "here-document of RUN",
        OFF,
        "RUN <<EOF\nCMD [\"/server\", \"--audit-log-enabled=true\"]\nEOF\nCMD [\"/server\"]",
    ),
    (
        "a file that does not build",
        UNKNOWN,
        "CMDD x\nCMD [\"/server\", \"--audit-log-enabled=true\"]",
    ),
];

#[test]
fn dockerfiles() {
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|(name, expected, text)| {
            let text = format!("FROM debian AS base\n{text}");
            let verdict = judge(Kind::Dockerfile, text.as_bytes(), "audit-log-enabled");
            (verdict.state != *expected)
                .then(|| format!("{name}: {} because {}", verdict.state, verdict.why))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn span(text: &str) -> Option<Span> {
    judge(Kind::Dockerfile, text.as_bytes(), "audit").span
}

fn at(line: usize, start: usize, end: usize) -> Option<Span> {
    Some(Span { start: Position { line, column: start }, end: Position { line, column: end } })
}

#[test]
fn the_deciding_word_is_shown() {
    assert_eq!(span("FROM a\nCMD [\"/s\", \\\n  \"--audit=true\"]"), at(3, 4, 16));
    assert_eq!(span("FROM a\nCMD exec s \\\n   '--audit'=true -x"), at(3, 4, 18));
    assert_eq!(span("FROM a\nCMD [\"sh\", \"-c\", \"s \\\"x\\\" --audit=true\"]"), at(2, 27, 39));
    assert_eq!(span("FROM a\nCMD [\"/s\"]"), at(2, 7, 9));
    assert_eq!(span("FROM a"), at(1, 6, 7));
    assert_eq!(span("FROM a\nFOO"), at(2, 1, 1));
}
