//! Compose files, case by case.

use launchflag::{Kind, State, judge};

const ON: State = State::On;
const OFF: State = State::Off;
const UNKNOWN: State = State::Unknown;

/// Fields of the only service, without indentation.
const SERVICES: &[(&str, State, &str)] = &[
    ("command as string", ON, "command: /server --audit-log-enabled=true"),
    ("command as list", ON, "command: [/server, --audit-log-enabled=true]"),
    ("command as folded text", ON, "command: >\n  /server\n  --audit-log-enabled=true"),
    ("command as block", ON, "command: |\n  /server\n  --audit-log-enabled=true"),
    ("entrypoint", ON, "entrypoint: [/server, --audit-log-enabled]"),
    ("entrypoint as string", ON, "entrypoint: /server --audit-log-enabled=true"),
    ("entrypoint and command", ON, "entrypoint: /server\ncommand: ['--audit-log-enabled=true']"),
    (
        "command wins, being behind",
        OFF,
        "entrypoint: /server --audit-log-enabled=true\ncommand: --audit-log-enabled=false",
    ),
    ("off", OFF, "command: /server --audit-log-enabled=false"),
    ("absent", OFF, "command: /server"),
    ("neither", UNKNOWN, "image: example.com/server"),
    ("null", UNKNOWN, "command:"),
    ("empty entrypoint", UNKNOWN, "entrypoint: []"),
    ("quotes", ON, "command: /server \"--audit-log-enabled=true\""),
    ("quoted together", OFF, "command: /server \"x --audit-log-enabled=true\""),
    ("list word with blanks", OFF, "command: ['/server --audit-log-enabled=true']"),
    ("no shell: the rest is dropped", OFF, "command: /server ; x --audit-log-enabled=true"),
    ("a hash is a word", ON, "command: \"/server # --audit-log-enabled=true\""),
    ("shell", ON, "command: sh -c 'exec /server --audit-log-enabled=true'"),
    ("shell list", ON, "command: [sh, -c, 'cd /x && exec /server --audit-log-enabled=true']"),
    ("open quote", UNKNOWN, "command: /server \"--audit-log-enabled=true"),
    ("variable", UNKNOWN, "command: /server --audit-log-enabled=${AUDIT}"),
    ("variable without braces", UNKNOWN, "command: /server --audit-log-enabled=$AUDIT"),
    ("variable with default", UNKNOWN, "command: /server --audit-log-enabled=${AUDIT:-true}"),
    (
        "variable with a nested default",
        UNKNOWN,
        "command: ['/server', '--audit-log-enabled=${AUDIT:-${X:-true}}']",
    ),
    (
        "variable of another flag",
        ON,
        "command: /server --audit-log-enabled=true --port=${PORT:-80}",
    ),
    ("variable words behind", UNKNOWN, "command: /server --audit-log-enabled=true $EXTRA"),
    ("variable words in front", ON, "command: /server $EXTRA --audit-log-enabled=true"),
    ("two dollars are no variable", OFF, "command: /server --audit-log-enabled=$${AUDIT}"),
    (
        "two dollars for the shell",
        ON,
        "command: sh -c 'exec /server --audit-log-enabled=$$AUDIT'\nenvironment: {AUDIT: 'true'}",
    ),
    (
        "environment as list",
        ON,
        "command: sh -c 'exec /server --audit-log-enabled=$$AUDIT'\nenvironment: [AUDIT=true]",
    ),
    (
        "environment of the host",
        UNKNOWN,
        "command: sh -c 'exec /server --audit-log-enabled=$$AUDIT'\nenvironment: [AUDIT]",
    ),
    ("environment alone", OFF, "command: /server\nenvironment: [ARGS=--audit-log-enabled=true]"),
    (
        "health check",
        OFF,
        "command: /server\nhealthcheck: {test: [CMD, /server, --audit-log-enabled=true]}",
    ),
    ("deploy label", OFF, "command: /server\ndeploy: {labels: [--audit-log-enabled=true]}"),
    ("comment", OFF, "# command: /server --audit-log-enabled=true\ncommand: /server"),
    ("a boolean as word", UNKNOWN, "command: [/server, --audit-log-enabled, true]"),
    ("next word", ON, "command: /server --audit-log-enabled true"),
    ("no-flag last", OFF, "command: /server --audit-log-enabled=true --no-audit-log-enabled"),
    ("profile", ON, "profiles: [x]\ncommand: /server --audit-log-enabled=true"),
    ("the key twice", UNKNOWN, "command: /server\ncommand: /server --audit-log-enabled=true"),
    ("broken interpolation", UNKNOWN, "command: /server --audit-log-enabled=true ${X"),
    ("extends a file", UNKNOWN, "extends: {file: x.yaml, service: y}"),
    (
        "extends a file, own command",
        ON,
        "extends: {file: x.yaml, service: y}\ncommand: /server --audit-log-enabled=true",
    ),
];

/// Whole files.
const FILES: &[(&str, State, &str)] = &[
    ("two services", ON, "services: {a: {command: /s --audit-log-enabled=true}, b: {image: x}}"),
    (
        "two that differ",
        OFF,
        "services: {a: {command: /s --audit-log-enabled}, b: {command: /s --audit-log-enabled=0}}",
    ),
    ("none has it, one by image", OFF, "services: {a: {command: /s}, b: {image: x}}"),
    (
        "extends",
        ON,
        "services: {a: {command: /s --audit-log-enabled=true}, b: {extends: {service: a}}}",
    ),
    (
        "extends, short form",
        ON,
        "services: {a: {command: /s --audit-log-enabled=true}, b: {extends: a}}",
    ),
    (
        "extends and overrides",
        OFF,
        "services: {a: {command: /s --audit-log-enabled=true}, b: {extends: a, command: /s --audit-log-enabled=false}}",
    ),
    ("extends itself", UNKNOWN, "services: {a: {extends: a}}"),
    (
        "merge key",
        ON,
        "x-a: &a {command: /s --audit-log-enabled=true}\nservices: {b: {<<: *a, image: x}}",
    ),
    (
        "extension field only",
        UNKNOWN,
        "x-a: {command: /s --audit-log-enabled=true}\nservices: {b: {image: x}}",
    ),
    (
        "later document overrides",
        OFF,
        "services: {a: {command: /s --audit-log-enabled=true}}\n---\nservices: {a: {command: /s}}",
    ),
    ("no services", UNKNOWN, "version: '3'"),
    (
        "a manifest of another tool",
        UNKNOWN,
        "kind: Pod\nspec: {containers: [{args: [--audit-log-enabled=true]}]}",
    ),
];

fn check(cases: &[(&str, State, &str)], text: impl Fn(&str) -> String) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(name, expected, case)| {
            let verdict = judge(Kind::Compose, text(case).as_bytes(), "audit-log-enabled");
            (verdict.state != *expected)
                .then(|| format!("{name}: {} because {}", verdict.state, verdict.why))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn services() {
    check(SERVICES, |fields| {
        let fields: String = fields.lines().map(|line| format!("    {line}\n")).collect();
        format!("name: x\nservices:\n  app:\n{fields}")
    });
}

#[test]
fn files() {
    check(FILES, str::to_owned);
}
