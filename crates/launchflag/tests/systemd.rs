//! systemd units, case by case.

use launchflag::{Kind, Position, Span, State, judge};

const ON: State = State::On;
const OFF: State = State::Off;
const UNKNOWN: State = State::Unknown;

const CASES: &[(&str, State, &str)] = &[
    ("plain", ON, "ExecStart=/usr/bin/server --audit-log-enabled=true"),
    (
        "blanks around the equals sign",
        ON,
        "  ExecStart = /usr/bin/server --audit-log-enabled=true  ",
    ),
    ("off", OFF, "ExecStart=/usr/bin/server --audit-log-enabled=false"),
    ("absent", OFF, "ExecStart=/usr/bin/server"),
    (
        "ExecStartPre",
        OFF,
        "ExecStartPre=/usr/bin/server --audit-log-enabled=true\nExecStart=/usr/bin/server",
    ),
    (
        "ExecStartPost, ExecStop, ExecReload",
        OFF,
        "ExecStart=/s\nExecStartPost=/s --audit-log-enabled=true\nExecStop=/s --audit-log-enabled=true\nExecReload=/s --audit-log-enabled=true",
    ),
    (
        "comment",
        OFF,
        "#ExecStart=/usr/bin/server --audit-log-enabled=true\n; ExecStart=/x --audit-log-enabled=true\nExecStart=/s",
    ),
    ("a hash is no comment within a line", ON, "ExecStart=/s # --audit-log-enabled=true"),
    (
        "continuation",
        ON,
        "ExecStart=/usr/bin/server \\\n  --port=80 \\\n  --audit-log-enabled=true",
    ),
    (
        "comment within a continuation",
        OFF,
        "ExecStart=/usr/bin/server \\\n# --audit-log-enabled=true \\\n  --port=80",
    ),
    ("reset", OFF, "ExecStart=/s --audit-log-enabled=true\nExecStart=\nExecStart=/s"),
    (
        "reset by a drop-in",
        ON,
        "ExecStart=/s\n[Service]\nExecStart=\nExecStart=/s --audit-log-enabled=true",
    ),
    ("reset and nothing else", UNKNOWN, "ExecStart=/s --audit-log-enabled=true\nExecStart="),
    (
        "two commands without oneshot",
        UNKNOWN,
        "ExecStart=/s --audit-log-enabled=true\nExecStart=/s --audit-log-enabled=true",
    ),
    (
        "two commands, oneshot",
        ON,
        "Type=oneshot\nExecStart=/prepare\nExecStart=/s --audit-log-enabled=true",
    ),
    (
        "two commands, oneshot, one off",
        OFF,
        "Type=oneshot\nExecStart=/s --audit-log-enabled=false\nExecStart=/s --audit-log-enabled=true",
    ),
    (
        "commands separated by ;",
        OFF,
        "Type=oneshot\nExecStart=/s --audit-log-enabled=false ; /s --audit-log-enabled=true",
    ),
    ("prefix -", ON, "ExecStart=-/s --audit-log-enabled=true"),
    ("prefix @ renames the process", OFF, "ExecStart=@/s --audit-log-enabled=true --x"),
    ("prefixes +, !, !!", ON, "ExecStart=+!!/s --audit-log-enabled=true"),
    ("double quotes", ON, "ExecStart=/s \"--audit-log-enabled=true\""),
    ("quotes within a word", ON, "ExecStart=/s --audit-log-enabled='true'"),
    ("quoted together", OFF, "ExecStart=/s \"x --audit-log-enabled=true\""),
    ("escapes", ON, "ExecStart=/s --audit\\x2dlog-enabled=true"),
    ("unbalanced quotes", UNKNOWN, "ExecStart=/s \"--audit-log-enabled=true"),
    ("variable", ON, "Environment=A=true\nExecStart=/s --audit-log-enabled=${A}"),
    (
        "variable, set later",
        ON,
        "ExecStart=/s --audit-log-enabled=${A}\nEnvironment=\"A=true\" B=x",
    ),
    (
        "variable without braces within a word",
        OFF,
        "Environment=A=true\nExecStart=/s --audit-log-enabled=$A",
    ),
    (
        "words from a variable",
        ON,
        "Environment=\"A=--x --audit-log-enabled=true\"\nExecStart=/s $A",
    ),
    (
        "one word from a variable",
        OFF,
        "Environment=\"A=--x --audit-log-enabled=true\"\nExecStart=/s ${A}",
    ),
    ("unset variable", OFF, "ExecStart=/s --audit-log-enabled=${A}"),
    ("unset words", ON, "ExecStart=/s --audit-log-enabled=true $OPTS"),
    (
        "words from a file behind the flag",
        UNKNOWN,
        "EnvironmentFile=-/etc/default/s\nExecStart=/s --audit-log-enabled=true $OPTS",
    ),
    (
        "words from a file in front of the flag",
        ON,
        "EnvironmentFile=-/etc/default/s\nExecStart=/s $OPTS --audit-log-enabled=true",
    ),
    (
        "value from a file",
        UNKNOWN,
        "Environment=A=true\nEnvironmentFile=/etc/default/s\nExecStart=/s --audit-log-enabled=${A}",
    ),
    ("only words from a file", UNKNOWN, "EnvironmentFile=/etc/default/s\nExecStart=/s $OPTS"),
    (
        "file reset",
        ON,
        "Environment=A=true\nEnvironmentFile=/etc/default/s\nEnvironmentFile=\nExecStart=/s --audit-log-enabled=${A}",
    ),
    (
        "environment reset",
        OFF,
        "Environment=A=true\nEnvironment=\nExecStart=/s --audit-log-enabled=${A}",
    ),
    ("passed environment", UNKNOWN, "PassEnvironment=A\nExecStart=/s --audit-log-enabled=${A}"),
    (
        "unset environment",
        OFF,
        "Environment=A=true\nUnsetEnvironment=A\nExecStart=/s --audit-log-enabled=${A}",
    ),
    ("prefix : does not expand", OFF, "Environment=A=true\nExecStart=:/s --audit-log-enabled=${A}"),
    ("two dollars", OFF, "Environment=A=true\nExecStart=/s --audit-log-enabled=$${A}"),
    ("specifier elsewhere", ON, "ExecStart=/s --name=%i --audit-log-enabled=true"),
    ("specifier as value", UNKNOWN, "ExecStart=/s --audit-log-enabled=%i"),
    ("two percent signs", OFF, "ExecStart=/s --audit-log-enabled=%%i"),
    ("shell", ON, "ExecStart=/bin/sh -c 'exec /s --audit-log-enabled=true'"),
    (
        "shell variable",
        ON,
        "Environment=A=true\nExecStart=/bin/sh -c 'exec /s --audit-log-enabled=$$A'",
    ),
    ("another section", UNKNOWN, "[Install]\nExecStart=/s --audit-log-enabled=true"),
    ("other case", UNKNOWN, "execstart=/s --audit-log-enabled=true"),
    ("no ExecStart", UNKNOWN, "Type=simple"),
    (
        "docker run",
        ON,
        "ExecStart=/usr/bin/docker run --rm --name s example.com/s --audit-log-enabled=true",
    ),
    ("CRLF", ON, "ExecStart=/s \\\r\n --audit-log-enabled=true\r\n"),
];

#[test]
fn units() {
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|(name, expected, text)| {
            let text = format!("[Unit]\nDescription=--audit-log-enabled=true\n\n[Service]\n{text}\n\n[Install]\nWantedBy=x\n");
            let verdict = judge(Kind::Systemd, text.as_bytes(), "audit-log-enabled");
            (verdict.state != *expected).then(|| format!("{name}: {} because {}", verdict.state, verdict.why))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_deciding_word_is_shown() {
    let span = |text: &str| judge(Kind::Systemd, text.as_bytes(), "audit").span;
    let at = |line, start, end| {
        Some(Span { start: Position { line, column: start }, end: Position { line, column: end } })
    };
    assert_eq!(span("[Service]\nExecStart=/s --audit=true x"), at(2, 14, 26));
    assert_eq!(span("[Service]\nExecStart=/s \\\n  \"--audit=true\" \\\n -x"), at(3, 3, 17));
    assert_eq!(span("[Service]\nExecStart=/s \\\n  -x"), at(2, 11, 13));
}
