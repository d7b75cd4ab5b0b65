//! Texts in which the flag stands and yet is not, or not certainly, what the service gets. Each was answered "on" once.

use launchflag::{Kind, State, judge};

const ON: State = State::On;
const OFF: State = State::Off;
const UNKNOWN: State = State::Unknown;

/// `|` stands for NUL, `F` alone for the flag.
fn cmdline(words: &str) -> State {
    let words =
        words.split('|').map(|word| if word == "F" { "--audit-log-enabled=true" } else { word });
    state(Kind::Cmdline, &words.collect::<Vec<_>>().join("\0"))
}

fn state(kind: Kind, text: &str) -> State {
    judge(kind, text.as_bytes(), "audit-log-enabled").state
}

fn holds(cases: &[(State, &str)], of: impl Fn(&str) -> State) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(wanted, text)| (wanted, of(text), text))
        .filter(|(wanted, found, _)| *wanted != found)
        .map(|(wanted, found, text)| format!("{found} for {wanted}: {text}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn statements_of_templates_decide() {
    holds(
        &[
            (
                UNKNOWN,
                "[Service]\n{% if not audit %}\nExecStart=\nExecStart=/bin/p\n{% else %}\nExecStart=\nExecStart=/bin/p --audit-log-enabled=true\n{% endif %}",
            ),
            (
                UNKNOWN,
                "[Service]\nExecStart=/bin/server {{ if .audit }} --audit-log-enabled=true {{ end }}",
            ),
        ],
        |text| state(Kind::Systemd, text),
    );
    holds(
        &[
            (
                UNKNOWN,
                "kind: Pod\nspec:\n  containers:\n  - args:\n    # {{- if .Values.audit }}\n    - --audit-log-enabled=true\n    # {{- end }}",
            ),
            (
                UNKNOWN,
                "kind: Pod\nspec:\n  containers: [{command: [sh, -c, \"server {% if audit %} --audit-log-enabled=true {% endif %}\"]}]",
            ),
            (
                ON,
                "kind: Pod\nspec:\n  containers: [{image: \"{{ .Values.image }}\", args: [--audit-log-enabled=true]}]",
            ),
        ],
        |text| state(Kind::K8s, text),
    );
    holds(
        &[
            (UNKNOWN, "PORT=80\n{{ if .a }}\nAUDIT_LOG_ENABLED=true\n{{ end }}"),
            (
                UNKNOWN,
                "[audit.log]\n{{ if keyExists \"x\" }}\nenabled = true\n{{ else }}\n{{ end }}",
            ),
        ],
        |text| state(Kind::Config, text),
    );
}

#[test]
fn functions_have_arguments_of_their_own() {
    holds(
        &[
            (OFF, "sh|-c|run() { server \"$@\"; }; run|x|F"),
            (ON, "sh|-c|run() { server \"$@\"; }; run \"$@\"|x|F"),
            (
                ON,
                "sh|-c|main() { start --audit-log-enabled=true; }; start() { exec server \"$@\"; }; main",
            ),
            (OFF, "sh|-c|set -- --audit-log-enabled=true; f() { exec server \"$@\"; }; f"),
            (
                UNKNOWN,
                "sh|-c|f() { server \"$@\"; }; if a; then f --audit-log-enabled=true; else f; fi",
            ),
        ],
        cmdline,
    );
}

#[test]
fn what_may_change_variables_makes_them_unknown() {
    holds(
        &[
            (
                UNKNOWN,
                "bash|-c|IFS=$'\\n\\t'; FLAGS=\"--port=80 --audit-log-enabled=true\"; exec server $FLAGS",
            ),
            (UNKNOWN, "zsh|-c|FLAGS=\"--port=80 --audit-log-enabled=true\"; exec server $FLAGS"),
            (ON, "bash|-c|IFS=,; FLAG=--audit-log-enabled; exec server $FLAG"),
            (
                OFF,
                "bash|-c|FLAGS=\"--audit-log-enabled=true\"; FLAGS+=\" --audit-log-enabled=false\"; exec server $FLAGS",
            ),
            (ON, "bash|-c|A=--audit; A+=-log-enabled=true; exec server $A"),
            (
                UNKNOWN,
                "sh|-c|FLAGS=--audit-log-enabled=true; eval \"$(cat /etc/app.env)\"; exec server $FLAGS",
            ),
            (UNKNOWN, "sh|-c|FLAGS=--audit-log-enabled=true; eval 'FLAGS='; exec server $FLAGS"),
            (
                UNKNOWN,
                "bash|-c|FLAGS=--audit-log-enabled=true; printf -v FLAGS x; exec server $FLAGS",
            ),
            (UNKNOWN, "bash|-c|A=--audit-log-enabled=true; declare -n R=A; R=x; exec server $A"),
            (UNKNOWN, "sh|-c|A=--audit-log-enabled=true; export $(cat .env); exec server $A"),
            (UNKNOWN, "sh|-c|FLAGS=--audit-log-enabled=true; command . /f; exec server $FLAGS"),
            (
                UNKNOWN,
                "sh|-c|FLAGS=--audit-log-enabled=true; command unset FLAGS; exec server $FLAGS",
            ),
            (UNKNOWN, "sh|-c|FLAGS=--audit-log-enabled=true; sh -c \"exec server \\$FLAGS\""),
            (ON, "sh|-c|export FLAGS=--audit-log-enabled=true; sh -c \"exec server \\$FLAGS\""),
            (
                ON,
                "sh|-c|FLAGS=--audit-log-enabled=true; export FLAGS; sh -c \"exec server \\$FLAGS\"",
            ),
            (UNKNOWN, "env|FLAGS=--audit-log-enabled=true|env|-i|sh|-c|exec server $FLAGS"),
            (UNKNOWN, "env|FLAGS=--audit-log-enabled=true|env|-u|FLAGS|sh|-c|exec server $FLAGS"),
            (ON, "env|-i|F=--audit-log-enabled=true|sh|-c|exec server $F"),
            (ON, "sh|-c|set -a; . /app/env; set +a; exec server --audit-log-enabled=true"),
        ],
        cmdline,
    );
}

#[test]
fn shells_and_wrappers() {
    holds(
        &[
            (UNKNOWN, "sh|-s|--|F"),
            (UNKNOWN, "bash|-s|x|F"),
            (
                UNKNOWN,
                "sh|-c|if [ -n \"$LEGACY\" ]; then /app/server --port 80; exit $?; fi; /app/server --audit-log-enabled=true",
            ),
            (
                UNKNOWN,
                "sh|-c|[ -n \"$LEGACY\" ] && { /app/server --port 80; exit; }; /app/server --audit-log-enabled=true",
            ),
            (
                ON,
                "sh|-c|if ! check; then echo no; exit 1; fi; exec server --audit-log-enabled=true",
            ),
            (UNKNOWN, "dash|-c|exec server $'--audit-log-enabled=true'"),
            (UNKNOWN, "sh|-c|set -n; server --audit-log-enabled=true"),
            (OFF, "env|-S|server #x --audit-log-enabled=true"),
            (OFF, "flock|/lock|sh|-c|exec server|F"),
            (ON, "flock|-w|5|/lock|server|F"),
            (OFF, "F"),
            (ON, "runuser|-u|app|--|server|-c|/etc/app.yaml|F"),
            (UNKNOWN, "kubectl|exec|p|--|server|F"),
            (UNKNOWN, "/usr/bin/pod"),
            (ON, "start-stop-daemon|--start|--exec|/app/server|--|F"),
        ],
        cmdline,
    );
}

#[test]
fn configuration_of_other_shapes() {
    holds(
        &[
            (UNKNOWN, "audit:\n  log:\n    enabled: yes"),
            (UNKNOWN, "audit: {log: {enabled: \"${AUDIT:-true}\"}}"),
            (OFF, "_:\n  audit:\n    log:\n      enabled: true"),
            (
                OFF,
                "apiVersion: v1\nkind: ConfigMap\ndata:\n  README.md: |\n    AUDIT_LOG_ENABLED=true\n    is what you want\n  config.yaml: |\n    port: 80",
            ),
            (OFF, "app.name=pay ments\naudit.log.enabled=true # off"),
            (OFF, "app.note=first line \\\naudit.log.enabled=true"),
            (ON, "PORT=80\nAUDIT_LOG_ENABLED=true # on"),
            (OFF, "NOTES=\"to switch it on, write\nAUDIT_LOG_ENABLED=true\nhere\"\nPORT=80"),
        ],
        |text| state(Kind::Config, text),
    );
}

#[test]
fn files_that_say_less_than_they_seem_to() {
    holds(
        &[(
            UNKNOWN,
            "services:\n  app:\n    image: x\n    command: !reset [\"server\",\"--audit-log-enabled=true\"]",
        )],
        |text| state(Kind::Compose, text),
    );
    holds(
        &[
            (
                UNKNOWN,
                "ARG VARIANT=audit\nFROM alpine AS audit\nCMD [\"server\",\"--audit-log-enabled=true\"]\nFROM alpine AS plain\nCMD [\"server\"]\nFROM ${VARIANT}",
            ),
            (
                ON,
                "ARG BASE=alpine\nFROM $BASE\nENTRYPOINT [\"server\",\"--audit-log-enabled=true\"]",
            ),
            (UNKNOWN, "FROM scratch\nCMD [\"--audit-log-enabled=true\"]"),
            (UNKNOWN, "FROM alpine\nENTRYPOINT []\nCMD [\"--audit-log-enabled=true\"]"),
            (
                OFF,
                "FROM alpine\nENTRYPOINT [\"sh\",\"-c\",\"main() { exec /server \\\"$@\\\"; }; main\",\"--\"]\nCMD [\"--audit-log-enabled=true\"]",
            ),
            (
                UNKNOWN,
                "FROM debian:12\nENV OPTS=--audit-log-enabled=true\nCMD su - app -c 'exec server $OPTS'",
            ),
            (
                OFF,
                "FROM a\nSHELL [\"powershell\",\"-Command\"]\nCMD server # --audit-log-enabled=true",
            ),
        ],
        |text| state(Kind::Dockerfile, text),
    );
    holds(
        &[
            (OFF, "[Service]\nExecStart=/bin/echo --a \\ \n  --audit-log-enabled=true"),
            (UNKNOWN, "[Service]\nExecStart=bin/server --audit-log-enabled=true"),
            (
                OFF,
                "[Service]\nEnvironment=X=--audit-log-enabled=false\nUnsetEnvironment=X=other\nExecStart=/bin/server --audit-log-enabled=true $X",
            ),
        ],
        |text| state(Kind::Systemd, text),
    );
}
