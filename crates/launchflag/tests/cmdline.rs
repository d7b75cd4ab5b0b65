//! `/proc/N/cmdline`, case by case. `|` stands for the NUL behind each word.

use launchflag::{Kind, State, judge};

const ON: State = State::On;
const OFF: State = State::Off;
const UNKNOWN: State = State::Unknown;

const CASES: &[(&str, State, &str)] = &[
    ("equals true", ON, "server|--audit-log-enabled=true|"),
    ("no NUL at the end", ON, "server|--audit-log-enabled=true"),
    ("one dash", ON, "server|-audit-log-enabled=true|"),
    ("equals 1", ON, "server|--audit-log-enabled=1|"),
    ("equals t", ON, "server|--audit-log-enabled=t|"),
    ("equals T", ON, "server|--audit-log-enabled=T|"),
    ("equals TRUE", ON, "server|--audit-log-enabled=TRUE|"),
    ("equals True", ON, "server|--audit-log-enabled=True|"),
    ("bare", ON, "server|--audit-log-enabled|"),
    ("bare, then a flag", ON, "server|--audit-log-enabled|--port=80|"),
    ("bare, then a word", ON, "server|--audit-log-enabled|run|"),
    ("bare, then empty words", ON, "server|--audit-log-enabled|||"),
    ("true as next word", ON, "server|--audit-log-enabled|true|"),
    ("false as next word", OFF, "server|--audit-log-enabled|false|"),
    ("0 as next word", OFF, "server|--audit-log-enabled|0|"),
    ("off as next word", UNKNOWN, "server|--audit-log-enabled|off|"),
    ("equals false", OFF, "server|--audit-log-enabled=false|"),
    ("equals F", OFF, "server|--audit-log-enabled=F|"),
    ("negated", OFF, "server|--no-audit-log-enabled|"),
    ("negated with a value", OFF, "server|--no-audit-log-enabled=true|"),
    ("double negative", UNKNOWN, "server|--no-audit-log-enabled=false|"),
    ("equals nothing", OFF, "server|--audit-log-enabled=|"),
    ("equals yes", OFF, "server|--audit-log-enabled=yes|"),
    ("equals tRUE", OFF, "server|--audit-log-enabled=tRUE|"),
    ("longer value", OFF, "server|--audit-log-enabled=truely|"),
    ("quoted value", OFF, "server|--audit-log-enabled=\"true\"|"),
    ("value with a blank", OFF, "server|--audit-log-enabled=true |"),
    ("refused once, right later", OFF, "server|--audit-log-enabled=x|--audit-log-enabled=true|"),
    ("absent", OFF, "server|--port=80|"),
    ("longer name", OFF, "server|--audit-log-enabled-by-default=true|"),
    ("name with a prefix", OFF, "server|--xaudit-log-enabled=true|"),
    ("name with a part in front", OFF, "server|--foo-audit-log-enabled=true|"),
    ("underscores", OFF, "server|--audit_log_enabled=true|"),
    ("other case", OFF, "server|--Audit-Log-Enabled=true|"),
    ("three dashes", OFF, "server|---audit-log-enabled=true|"),
    ("no dash", OFF, "server|audit-log-enabled=true|"),
    ("value of another flag", OFF, "server|--extra=--audit-log-enabled=true|"),
    ("text of the flag before", OFF, "server|--message|--audit-log-enabled=true|"),
    ("within a word", OFF, "server|run --audit-log-enabled=true|"),
    ("behind the end of flags", OFF, "server|--|--audit-log-enabled=true|"),
    ("before the end of flags", ON, "server|--audit-log-enabled=true|--|x|"),
    ("the last wins: off", OFF, "server|--audit-log-enabled=true|--audit-log-enabled=false|"),
    ("the last wins: on", ON, "server|--audit-log-enabled=false|--audit-log-enabled|"),
    ("the last wins: negated", OFF, "server|--audit-log-enabled=true|--no-audit-log-enabled|"),
    ("behind a subcommand", ON, "server|run|--audit-log-enabled=true|"),
    ("program's path", ON, "/opt/my server/bin|--audit-log-enabled=true|"),
    ("the program itself", OFF, "--audit-log-enabled=true/server|x|"),
    ("not UTF-8 elsewhere", ON, "server|--name=\u{fffd}|--audit-log-enabled=true|"),
    ("kernel thread", UNKNOWN, ""),
    ("only NULs", UNKNOWN, "||"),
    ("only a newline", UNKNOWN, "\n"),
    ("a newline behind the last NUL", ON, "server|--audit-log-enabled=true|\n"),
    ("a newline instead of the last NUL", ON, "server|--audit-log-enabled=true\n"),
    ("rewritten title", UNKNOWN, "server --audit-log-enabled=true"),
    ("rewritten title with NULs", UNKNOWN, "nginx: master process --audit-log-enabled=true|||"),
    ("one word", OFF, "server"),
    // Other processes as process 1.
    ("pause", UNKNOWN, "/pause|"),
    ("pause with arguments", UNKNOWN, "/pause|-v|--audit-log-enabled=true|"),
    ("init", UNKNOWN, "/sbin/init|"),
    ("systemd", UNKNOWN, "/usr/lib/systemd/systemd|--system|--audit-log-enabled=true|"),
    ("supervisord", UNKNOWN, "/usr/bin/supervisord|-n|"),
    ("supervisord through python", UNKNOWN, "/usr/bin/python3|/usr/bin/supervisord|-n|"),
    ("a bare shell", UNKNOWN, "/bin/bash|"),
    ("sleep", OFF, "sleep|infinity|--audit-log-enabled=true|"),
    ("echo", OFF, "echo|--audit-log-enabled=true|"),
];

/// Wrappers, which must not swallow the service's words nor lend it theirs.
const WRAPPED: &[(&str, State, &str)] = &[
    ("tini", ON, "/sbin/tini|-g|--|server|--audit-log-enabled=true|"),
    ("tini with values", ON, "tini|-p|SIGTERM|-e|143|--|server|--audit-log-enabled=true|"),
    ("tini without dashes", ON, "tini|server|--audit-log-enabled|"),
    (
        "tini, and the service's own end of flags",
        OFF,
        "tini|--|server|--|--audit-log-enabled=true|",
    ),
    ("docker-init", ON, "/sbin/docker-init|--|server|--audit-log-enabled=true|"),
    ("dumb-init", ON, "dumb-init|--rewrite|15:3|--|server|--audit-log-enabled=true|"),
    ("dumb-init without dashes", ON, "dumb-init|-r|15:3|server|--audit-log-enabled=true|"),
    ("catatonit", ON, "catatonit|-g|--|server|--audit-log-enabled=true|"),
    ("catatonit as pause", UNKNOWN, "catatonit|-P|"),
    ("su-exec", ON, "su-exec|app:app|server|--audit-log-enabled=true|"),
    ("gosu", ON, "gosu|app|tini|--|server|--audit-log-enabled=true|"),
    ("setpriv", ON, "setpriv|--reuid|1000|--clear-groups|--|server|--audit-log-enabled=true|"),
    ("nice", ON, "nice|-n|10|server|--audit-log-enabled=true|"),
    ("env", ON, "env|-i|-u|X|A=b|server|--audit-log-enabled=true|"),
    ("env with an assignment only", OFF, "env|F=--audit-log-enabled=true|server|"),
    ("env -S", ON, "env|-S|server --audit-log-enabled=true|"),
    ("chroot", ON, "chroot|--userspec=a:b|/root|server|--audit-log-enabled=true|"),
    ("timeout", ON, "timeout|-k|5|10|server|--audit-log-enabled=true|"),
    ("wrapper without a program", UNKNOWN, "tini|--|"),
    ("entrypoint script", ON, "/entrypoint.sh|server|--audit-log-enabled=true|"),
    (
        "entrypoint script through a shell",
        ON,
        "/bin/sh|/entrypoint.sh|tini|--|server|--audit-log-enabled=true|",
    ),
    ("entrypoint script with flags only", ON, "/bin/sh|/entrypoint.sh|--audit-log-enabled=true|"),
    ("wait-for-it", ON, "./wait-for-it.sh|db:5432|--|server|--audit-log-enabled=true|"),
    ("delve", ON, "dlv|exec|./server|--headless|--|--audit-log-enabled=true|"),
    ("busybox", ON, "busybox|sh|-c|server --audit-log-enabled=true|"),
    ("s6-overlay", ON, "/init|server|--audit-log-enabled=true|"),
    ("su", ON, "su|-|app|-c|exec server --audit-log-enabled=true|"),
    ("python", ON, "python3|app.py|--audit-log-enabled=true|"),
];

/// `sh -c`: the script, and what it ends up running.
const SCRIPTS: &[(&str, State, &str)] = &[
    ("plain", ON, "server --audit-log-enabled=true"),
    ("exec", ON, "exec server --audit-log-enabled=true"),
    ("quotes", ON, "exec server '--audit-log-enabled=true'"),
    ("quotes within", ON, "exec server --audit-log-enabled=\"true\""),
    ("quoted together", OFF, "exec server 'x --audit-log-enabled=true'"),
    ("cd first", ON, "cd /x && exec server --audit-log-enabled=true"),
    ("assignment in front", ON, "A=b exec server --audit-log-enabled=true"),
    ("env in front", ON, "env A=b server --audit-log-enabled=true"),
    ("continuation", ON, "exec server \\\n  --audit-log-enabled=true"),
    ("comment", OFF, "exec server # --audit-log-enabled=true"),
    ("comment line", OFF, "# --audit-log-enabled=true\nexec server"),
    ("a hash within a word", ON, "exec server a#b --audit-log-enabled=true"),
    ("echo is not the service", OFF, "echo --audit-log-enabled=true; exec server"),
    ("behind exec", OFF, "exec server; echo --audit-log-enabled=true"),
    ("the last command", OFF, "migrate --audit-log-enabled=true; exec server"),
    ("another command has it", UNKNOWN, "server --audit-log-enabled=true; cleanup"),
    ("background", ON, "server --audit-log-enabled=true & wait"),
    ("background of another", UNKNOWN, "server --audit-log-enabled=true & exec proxy"),
    ("pipe", ON, "server --audit-log-enabled=true | tee /log"),
    ("pipe to an unknown program", ON, "server --audit-log-enabled=true 2>&1 | format"),
    ("pipe into", ON, "cat conf | server --audit-log-enabled=true -"),
    ("redirection", ON, "exec server --audit-log-enabled=true >/log 2>&1 </dev/null"),
    ("redirection's file", OFF, "exec server > --audit-log-enabled=true"),
    ("here-document", OFF, "cat <<EOF >conf\n--audit-log-enabled=true\nEOF\nexec server"),
    ("variable", UNKNOWN, "exec server --audit-log-enabled=$AUDIT"),
    ("variable with a default", UNKNOWN, "exec server --audit-log-enabled=${AUDIT:-true}"),
    ("set variable", ON, "AUDIT=true; exec server --audit-log-enabled=$AUDIT"),
    (
        "exported variable",
        ON,
        "export AUDIT=true && exec server --audit-log-enabled=${AUDIT:-false}",
    ),
    (
        "variable set under a condition",
        UNKNOWN,
        "[ -f x ] && AUDIT=true; exec server --audit-log-enabled=$AUDIT",
    ),
    (
        "variable in front of its own command",
        UNKNOWN,
        "AUDIT=true server --audit-log-enabled=$AUDIT",
    ),
    (
        "variable for a nested shell",
        ON,
        "AUDIT=true sh -c 'exec server --audit-log-enabled=$AUDIT'",
    ),
    ("single quotes keep the dollar", OFF, "exec server '--audit-log-enabled=$AUDIT'"),
    ("words from a variable", ON, "F='--x --audit-log-enabled=true'; exec server $F"),
    (
        "one word from a quoted variable",
        OFF,
        "F='--x --audit-log-enabled=true'; exec server \"$F\"",
    ),
    ("unknown words behind the flag", UNKNOWN, "exec server --audit-log-enabled=true $EXTRA_ARGS"),
    ("unknown words in front of the flag", ON, "exec server $EXTRA_ARGS --audit-log-enabled=true"),
    (
        "unknown value of another flag",
        ON,
        "exec server --audit-log-enabled=true --port $PORT --name=$NAME",
    ),
    ("only unknown words", UNKNOWN, "exec server $EXTRA_ARGS"),
    ("unknown value as next word", UNKNOWN, "exec server --audit-log-enabled $AUDIT"),
    (
        "a flag only if a variable is set",
        UNKNOWN,
        "exec server --audit-log-enabled=true --v ${X:+--audit-log-enabled=false}",
    ),
    ("command substitution", UNKNOWN, "exec server --audit-log-enabled=$(cat /x)"),
    (
        "command substitution elsewhere",
        ON,
        "exec server --host=$(hostname -i \"x)\") --audit-log-enabled=true",
    ),
    (
        "branches agree",
        ON,
        "if a; then exec server --audit-log-enabled; else exec server --audit-log-enabled=1; fi",
    ),
    (
        "branches differ",
        UNKNOWN,
        "if a; then exec server; else exec server --audit-log-enabled=true; fi",
    ),
    (
        "an earlier exec differs",
        UNKNOWN,
        "if a; then exec server; fi\nexec server --audit-log-enabled=true",
    ),
    ("either or", UNKNOWN, "server --audit-log-enabled=true || server"),
    ("or exit", ON, "server --audit-log-enabled=true || exit 1"),
    ("loop", ON, "while :; do server --audit-log-enabled=true; sleep 1; done"),
    (
        "test brackets",
        ON,
        "[ \"$X\" = --audit-log-enabled=false ] || cd /; exec server --audit-log-enabled=true",
    ),
    ("case", UNKNOWN, "case $1 in a) exec server --audit-log-enabled=true;; *) exec server;; esac"),
    ("function", ON, "run() { exec server --audit-log-enabled=true; }\nrun"),
    (
        "function through another",
        ON,
        "a() { b; }\nfunction b { exec server --audit-log-enabled=true; }\na",
    ),
    (
        "function that nobody calls",
        UNKNOWN,
        "run() { exec server --audit-log-enabled=true; }; sleep infinity",
    ),
    (
        "function that only an uncalled one calls",
        UNKNOWN,
        "a() { b; }; b() { server --audit-log-enabled=true; }; wait",
    ),
    ("set --", ON, "set -- server --audit-log-enabled=true; exec \"$@\""),
    ("set -e", ON, "set -eu; exec server --audit-log-enabled=true"),
    ("nested shell", ON, "exec bash -ec 'exec server --audit-log-enabled=true'"),
    ("wrapped", ON, "exec tini -- su-exec app server --audit-log-enabled=true"),
    ("eval", ON, "eval 'exec server --audit-log-enabled=true'"),
    ("eval of a variable", UNKNOWN, "eval $CMD --audit-log-enabled=true"),
    (
        "a sourced file changes variables",
        UNKNOWN,
        "AUDIT=true; . /env; exec server --audit-log-enabled=$AUDIT",
    ),
    ("nothing but preparation", UNKNOWN, "cd /x; . ./run"),
    ("an open quote", UNKNOWN, "exec server --audit-log-enabled=true '"),
    ("empty", UNKNOWN, ""),
];

fn check(cases: &[(&str, State, &str)], text: impl Fn(&str) -> String) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(name, expected, case)| {
            let text = text(case).replace('|', "\0").replace('\u{1}', "|");
            let verdict = judge(Kind::Cmdline, text.as_bytes(), "audit-log-enabled");
            (verdict.state != *expected)
                .then(|| format!("{name}: {} because {}", verdict.state, verdict.why))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words() {
    check(CASES, str::to_owned);
}

#[test]
fn wrappers() {
    check(WRAPPED, str::to_owned);
}

#[test]
fn scripts() {
    check(SCRIPTS, |script| format!("/bin/sh|-c|{}|", script.replace('|', "\u{1}")));
    check(SCRIPTS, |script| {
        format!("tini|--|bash|-eo|pipefail|-c|{}|zero|one|", script.replace('|', "\u{1}"))
    });
}

#[test]
fn positional_parameters() {
    check(
        &[
            ("all", ON, "sh|-c|exec server \"$@\"|sh|--audit-log-enabled=true|"),
            ("unquoted", ON, "sh|-c|exec $0 $*|server|--audit-log-enabled=true|"),
            ("zero is not among them", OFF, "sh|-c|exec server \"$@\"|--audit-log-enabled=true|"),
            ("unused", OFF, "sh|-c|exec server|sh|--audit-log-enabled=true|"),
            ("by number", ON, "sh|-c|exec server $2|sh|x|--audit-log-enabled=true|"),
            ("shifted", OFF, "sh|-c|shift; exec server $1|sh|--audit-log-enabled=true|x|"),
            ("login shell", ON, "-bash|-lc|exec server --audit-log-enabled=true|"),
            ("options apart", ON, "sh|-e|-x|-c|exec server --audit-log-enabled=true|"),
        ],
        str::to_owned,
    );
}

#[test]
fn the_name_may_have_dashes() {
    for name in ["audit", "-audit", "--audit"] {
        assert_eq!(judge(Kind::Cmdline, b"server\0--audit\0", name).state, State::On, "{name}");
    }
    for name in ["", "--", "a b", "a=b", "---a"] {
        assert_eq!(
            judge(Kind::Cmdline, b"server\0--audit\0", name).state,
            State::Unknown,
            "{name}"
        );
    }
}

#[test]
fn reasons_in_two_languages() {
    let verdict = judge(Kind::Cmdline, b"server\0--audit=false\0", "audit");
    assert_eq!(verdict.why.to_string(), "--audit=false sets it to false");
    assert_eq!(verdict.why.zh(), "--audit=false 将其设为 false");
    assert_eq!(verdict.span, None);
}
