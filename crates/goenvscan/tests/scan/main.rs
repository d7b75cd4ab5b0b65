//! What is found in each kind of file, with its place.

use FileKind::{Compose, Dockerfile, DotEnv, GithubWorkflow, GitlabCi, GoEnvFile, Makefile, Shell};
use goenvscan::{Assignment, FileKind, GoCommand, Scope, Via, scan};

mod build;
mod ci;
mod shell;

/// A name, the text, and what is found in it.
pub(crate) type Cases = &'static [(&'static str, &'static str, &'static [&'static str])];

fn via(via: &Via) -> String {
    let command = |command: &GoCommand| {
        format!("{}{}", command.subcommand, if command.at_version { "@" } else { "" })
    };
    let scope = |scope: &Scope| format!("{scope:?}").to_lowercase();
    match via {
        Via::Export => "export".to_owned(),
        Via::ShellVariable => "variable".to_owned(),
        Via::Inline(None) => "inline".to_owned(),
        Via::Inline(Some(go)) => format!("go-{}", command(go)),
        Via::GoEnvWrite => "env-w".to_owned(),
        Via::GoFlag(go) => format!("flag-{}", command(go)),
        Via::MakeExport => "make-export".to_owned(),
        Via::MakeVariable => "make".to_owned(),
        Via::MakeArgument => "make-argument".to_owned(),
        Via::DockerEnv => "ENV".to_owned(),
        Via::DockerArg => "ARG".to_owned(),
        Via::ContainerEnv => "container".to_owned(),
        Via::BuildArg => "build-arg".to_owned(),
        Via::GithubEnv(level) => format!("github-{}", scope(level)),
        Via::GithubEnvFile => "GITHUB_ENV".to_owned(),
        Via::GitlabVariable(level) => format!("gitlab-{}", scope(level)),
        Via::ProfileFile => "profile".to_owned(),
        Via::GoEnvFile => "go/env".to_owned(),
        Via::DotEnv => ".env".to_owned(),
    }
}

/// `NAME=VALUE how LINE:COLUMN-COLUMN`; `?` marks values with expansions, `~` those that are only defaults.
fn shown(one: &Assignment) -> String {
    let mark = if one.value_known { "" } else { "?" };
    let default = if one.default { "~" } else { "" };
    let (start, end) = (one.span.start, one.span.end);
    let end_line = if end.line == start.line { String::new() } else { format!("{}:", end.line) };
    let place = format!("{}:{}-{end_line}{}", start.line, start.column, end.column);
    format!("{}={}{mark}{default} {} {place}", one.name, one.value, via(&one.via))
}

fn check(kind: FileKind, cases: &[(&str, &str, &[&str])]) {
    let mut wrong = Vec::new();
    for (name, text, want) in cases {
        let found = scan(kind, text);
        assert_eq!(found.unread, None, "{name}");
        let got: Vec<String> = found.assignments.iter().map(shown).collect();
        if got != *want {
            wrong.push(format!("{name}: {text:?}\n   got {got:?}\n  want {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn assignments_of_shells() {
    check(Shell, shell::ASSIGNMENTS);
}

#[test]
fn values_with_expansions() {
    check(Shell, shell::VALUES);
}

#[test]
fn the_go_command_in_shells() {
    check(Shell, shell::GO);
}

#[test]
fn text_that_goes_into_files() {
    check(Shell, shell::OUTPUT);
}

#[test]
fn makefiles() {
    check(Makefile, build::MAKEFILES);
}

#[test]
fn dockerfiles() {
    check(Dockerfile, build::DOCKERFILES);
}

#[test]
fn gitlab_files() {
    check(GitlabCi, ci::GITLAB);
}

#[test]
fn github_workflows() {
    let run = |script: &str| format!("jobs:\n  a:\n    steps:\n      - run: {script}\n");
    let owned = [
        ("plain run", run("GOSUMDB=off go build"), vec!["GOSUMDB=off go-build 4:14-25"]),
        (
            "double-quoted run",
            run("\"export GOFLAGS=\\\"-mod=mod\\\"\""),
            vec!["GOFLAGS=-mod=mod export 4:22-41"],
        ),
        (
            "single-quoted run",
            run("'export GOFLAGS=''-mod=mod'''"),
            vec!["GOFLAGS=-mod=mod export 4:22-41"],
        ),
        (
            "literal run",
            run(
                "|\n          set -e\n          export GOSUMDB=off\n\n          echo GOPROXY=direct >> $GITHUB_ENV",
            ),
            vec!["GOSUMDB=off export 6:18-29", "GOPROXY=direct GITHUB_ENV 8:16-30"],
        ),
        (
            "literal run with indentation",
            run("|-\n          if x; then\n            export GOSUMDB=off\n          fi"),
            vec!["GOSUMDB=off export 6:20-31"],
        ),
        (
            "folded run",
            run(">\n          go build\n          -mod=mod\n          ./..."),
            vec!["-mod=mod flag-build 6:11-19"],
        ),
        (
            "plain run over lines",
            run("go build\n          -mod=mod ./..."),
            vec!["-mod=mod flag-build 5:11-19"],
        ),
        (
            "run with an expression",
            run("GOFLAGS=${{ matrix.flags }} go build"),
            vec!["GOFLAGS=${{ matrix.flags }}? go-build 4:14-41"],
        ),
        (
            "comment in run",
            run("|\n          # GOSUMDB=off\n          echo \"GOSUMDB=off\""),
            vec![],
        ),
    ];
    let owned: Vec<_> =
        owned.iter().map(|(name, text, want)| (*name, text.as_str(), want.as_slice())).collect();
    check(GithubWorkflow, &owned);
    check(GithubWorkflow, ci::GITHUB);
}

#[test]
fn other_files() {
    check(
        Compose,
        &[
            (
                "map",
                "services:\n  a:\n    environment:\n      GOSUMDB: off\n    build:\n      args:\n        GOPROXY: direct\n",
                &["GOSUMDB=off container 4:7-19", "GOPROXY=direct build-arg 7:9-24"],
            ),
            (
                "list",
                "services:\n  a:\n    environment:\n      - GOSUMDB=off\n      - GOPROXY\n      - \"GOFLAGS=${X:--mod=mod}\"\n",
                &["GOSUMDB=off container 4:9-20", "GOFLAGS=${X:--mod=mod}?~ container 6:10-32"],
            ),
        ],
    );
    check(
        GoEnvFile,
        &[
            (
                "lines",
                "GOSUMDB=off\n# GOPROXY=direct\n GOPROXY=direct\nGOFLAGS=\"x\" #\n=x\nGO\n",
                &["GOSUMDB=off go/env 1:1-12", "GOFLAGS=\"x\" # go/env 4:1-14"],
            ),
            (
                "a carriage return belongs to the value",
                "GOSUMDB=off\r\n",
                &["GOSUMDB=off\r go/env 1:1-13"],
            ),
        ],
    );
    check(
        DotEnv,
        &[
            (
                "lines",
                "# GOSUMDB=off\nGOSUMDB=off # x\nexport GOPROXY=\"direct\"\n GOFLAGS = '-mod=mod $X'\n",
                &[
                    "GOSUMDB=off .env 2:1-12",
                    "GOPROXY=direct .env 3:8-24",
                    "GOFLAGS=-mod=mod $X .env 4:2-25",
                ],
            ),
            ("CRLF", "GOSUMDB=off\r\n", &["GOSUMDB=off .env 1:1-12"]),
        ],
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let unread = |kind, text: &str| scan(kind, text).unread.map(|unread| unread.at.line);
    assert_eq!(unread(GithubWorkflow, "env:\n  GOSUMDB: off\n a: [\n"), Some(3));
    assert_eq!(unread(Dockerfile, "FROM a\nFOO\n"), Some(2));
    assert_eq!(unread(Shell, &"#".repeat(goenvscan::MAX_SIZE + 1)), Some(1));
    assert_eq!(unread(Shell, &"export GOSUMDB=off\n".repeat(30_000)), Some(20_001));
    // What could be read counts nevertheless.
    assert_eq!(scan(Dockerfile, "FROM a\nENV GOSUMDB=off\nFOO\n").assignments.len(), 1);
}
