//! What is found in each kind of file, with its place.

use FileKind::{Compose, Dockerfile, DotEnv, GithubWorkflow, GitlabCi, GoEnvFile, Makefile, Shell};
use goenvscan::{Assignment, FileKind, GoCommand, Scope, Via, scan};

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
    check(
        Shell,
        &[
            ("nothing", "", &[]),
            ("export", "export GOSUMDB=off\n", &["GOSUMDB=off export 1:8-19"]),
            (
                "export of two",
                "export GOSUMDB=off GOPROXY=direct",
                &["GOSUMDB=off export 1:8-19", "GOPROXY=direct export 1:20-34"],
            ),
            (
                "export in double quotes",
                "export GOFLAGS=\"-mod=mod -v\"\n",
                &["GOFLAGS=-mod=mod -v export 1:8-29"],
            ),
            (
                "export in single quotes",
                "export GOFLAGS='-mod=mod $X'\n",
                &["GOFLAGS=-mod=mod $X export 1:8-29"],
            ),
            (
                "export with quotes around all",
                "export \"GOFLAGS=-mod=mod\"\n",
                &["GOFLAGS=-mod=mod export 1:8-26"],
            ),
            ("quotes in the middle", "export GOSUMDB=o\"f\"'f'\n", &["GOSUMDB=off export 1:8-23"]),
            ("escapes", "export GOFLAGS=-mod=mod\\ -v\n", &["GOFLAGS=-mod=mod -v export 1:8-28"]),
            ("$'…'", "export GOFLAGS=$'-mod=mod\\n-v'\n", &["GOFLAGS=-mod=mod\n-v export 1:8-31"]),
            ("variable", "GOSUMDB=off\n", &["GOSUMDB=off variable 1:1-12"]),
            (
                "variable that is exported later",
                "GOSUMDB=off\nexport GOSUMDB\n",
                &["GOSUMDB=off export 1:1-12"],
            ),
            (
                "variable that was exported before",
                "export GOSUMDB\nGOSUMDB=off\n",
                &["GOSUMDB=off export 2:1-12"],
            ),
            (
                "set -a",
                "set -a\nGOSUMDB=off\nset +a\nGOPROXY=direct\n",
                &["GOSUMDB=off export 2:1-12", "GOPROXY=direct variable 4:1-15"],
            ),
            ("set -o allexport", "set -o allexport\nGOSUMDB=off\n", &["GOSUMDB=off export 2:1-12"]),
            ("declare -x", "declare -rx GOSUMDB=off\n", &["GOSUMDB=off export 1:13-24"]),
            (
                "local",
                "f() {\n  local GOFLAGS=-mod=mod\n}\n",
                &["GOFLAGS=-mod=mod variable 2:9-25"],
            ),
            ("readonly", "readonly GOSUMDB=off\n", &["GOSUMDB=off variable 1:10-21"]),
            ("empty value", "export GOFLAGS=\n", &["GOFLAGS= export 1:8-16"]),
            (
                "append",
                "export GOFLAGS+=\" -mod=mod\"\n",
                &["GOFLAGS=$GOFLAGS -mod=mod? export 1:8-28"],
            ),
            ("unset", "unset GOSUMDB GOPROXY=direct\n", &[]),
            ("env -u", "env -u GOSUMDB go build\n", &[]),
            ("comment", "# GOSUMDB=off\n#export GOSUMDB=off\ntrue # GOSUMDB=off\n", &[]),
            (
                "no comment within a word",
                "export GOFLAGS=-tags=a#b\n",
                &["GOFLAGS=-tags=a#b export 1:8-25"],
            ),
            ("echo", "echo \"set GOSUMDB=off\"\necho GOSUMDB=off\nprintf '%s' GOSUMDB=off\n", &[]),
            ("grep", "grep -q GOSUMDB=off file && exit 1\n", &[]),
            ("here-document of text", "cat <<EOF\nexport GOSUMDB=off\nEOF\n", &[]),
            (
                "here-document of text, then a command",
                "cat <<-'EOF' > x\n\tGOSUMDB=off\n\tEOF\nexport GOPROXY=direct\n",
                &["GOPROXY=direct export 4:8-22"],
            ),
            ("here-document that never ends", "cat <<EOF\nexport GOSUMDB=off\n", &[]),
            (
                "two here-documents",
                "cat <<A <<B\nGOSUMDB=off\nA\nGOSUMDB=off\nB\nexport GOSUMDB=off\n",
                &["GOSUMDB=off export 6:8-19"],
            ),
            (
                "here-document for a shell",
                "bash -e <<'EOF'\nexport GOSUMDB=off\nEOF\n",
                &["GOSUMDB=off export 2:8-19"],
            ),
            (
                "here-string for a shell",
                "sh <<< 'GOSUMDB=off go build'\n",
                &["GOSUMDB=off go-build 1:9-20"],
            ),
            (
                "substitution in a here-document",
                "cat <<EOF\n$(GOSUMDB=off go list)\nEOF\n",
                &["GOSUMDB=off go-list 2:3-14"],
            ),
            ("inline", "GOFLAGS=-mod=mod go build ./...\n", &["GOFLAGS=-mod=mod go-build 1:1-17"]),
            (
                "inline for another program",
                "GOFLAGS=-mod=mod make\n",
                &["GOFLAGS=-mod=mod inline 1:1-17"],
            ),
            ("inline of two", "A=1 GOSUMDB=off B=2 go build\n", &["GOSUMDB=off go-build 1:5-16"]),
            ("argument of a program", "./configure GOSUMDB=off\n", &[]),
            (
                "inline for go install of a version",
                "GOFLAGS=-mod=mod go install example.com/a@v1.2.3\n",
                &["GOFLAGS=-mod=mod go-install@ 1:1-17"],
            ),
            (
                "inline for go mod tidy",
                "GOFLAGS=-mod=mod go mod tidy\n",
                &["GOFLAGS=-mod=mod go-mod 1:1-17"],
            ),
            (
                "path to go",
                "GOSUMDB=off /usr/local/go/bin/go build\n",
                &["GOSUMDB=off go-build 1:1-12"],
            ),
            ("versioned go", "GOSUMDB=off go1.22.1 build\n", &["GOSUMDB=off go-build 1:1-12"]),
            ("go -C", "GOSUMDB=off go -C dir build\n", &["GOSUMDB=off go-build 1:1-12"]),
            (
                "$GO",
                "GOSUMDB=off ${GO} build\nGOSUMDB=off \"$GO\" vet\n",
                &["GOSUMDB=off go-build 1:1-12", "GOSUMDB=off go-vet 2:1-12"],
            ),
            ("env", "env GOSUMDB=off go build\n", &["GOSUMDB=off go-build 1:5-16"]),
            (
                "env with options",
                "env -i -u A PATH=/bin 'GOSUMDB=off' go build\n",
                &["GOSUMDB=off go-build 1:23-36"],
            ),
            ("env -S", "env -S 'GOSUMDB=off go build'\n", &["GOSUMDB=off go-build 1:9-20"]),
            ("sudo", "sudo -E GOSUMDB=off go build\n", &["GOSUMDB=off go-build 1:9-20"]),
            (
                "sudo env",
                "sudo -u root env GOSUMDB=off go build\n",
                &["GOSUMDB=off go-build 1:18-29"],
            ),
            (
                "time, nice and timeout",
                "time nice -n 5 timeout -k 1 60 env GOSUMDB=off go test\n",
                &["GOSUMDB=off go-test 1:36-47"],
            ),
            (
                "wrapper of the project",
                "retry 3 env GOSUMDB=off go build\n",
                &["GOSUMDB=off go-build 1:13-24"],
            ),
            (
                "xargs",
                "ls | xargs -n1 env GOSUMDB=off go build\n",
                &["GOSUMDB=off go-build 1:20-31"],
            ),
            (
                "find -exec",
                "find . -name go.mod -execdir go build -mod=mod \\;\n",
                &["-mod=mod flag-build 1:39-47"],
            ),
            (
                "if",
                "if GOSUMDB=off go build; then\n  export GOPROXY=direct\nelse export GOPRIVATE='*'; fi\n",
                &[
                    "GOSUMDB=off go-build 1:4-15",
                    "GOPROXY=direct export 2:10-24",
                    "GOPRIVATE=* export 3:13-26",
                ],
            ),
            (
                "loop",
                "for x in GOSUMDB=off b; do GOPROXY=direct go build; done\n",
                &["GOPROXY=direct go-build 1:28-42"],
            ),
            (
                "case",
                "case $x in\n  a|b) export GOSUMDB=off ;;\n  (c) GOPROXY=direct go build;;\nesac\n",
                &["GOSUMDB=off export 2:15-26", "GOPROXY=direct go-build 3:7-21"],
            ),
            (
                "case on one line",
                "case $x in a) GOSUMDB=off;; esac; export GOSUMDB\n",
                &["GOSUMDB=off export 1:15-26"],
            ),
            (
                "function",
                "function f { GOSUMDB=off go build; }\ng() ( GOSUMDB=off go vet )\n",
                &["GOSUMDB=off go-build 1:14-25", "GOSUMDB=off go-vet 2:7-18"],
            ),
            (
                "lists",
                "cd x && GOSUMDB=off go build || GOSUMDB=on go vet & GOSUMDB=x go fix | cat\n",
                &[
                    "GOSUMDB=off go-build 1:9-20",
                    "GOSUMDB=on go-vet 1:33-43",
                    "GOSUMDB=x go-fix 1:53-62",
                ],
            ),
            ("subshell", "(export GOSUMDB=off; go build)\n", &["GOSUMDB=off export 1:9-20"]),
            (
                "substitution",
                "x=$(GOSUMDB=off go list)\ny=\"a `GOSUMDB=off go vet` b\"\n",
                &["GOSUMDB=off go-list 1:5-16", "GOSUMDB=off go-vet 2:7-18"],
            ),
            (
                "substitution with parentheses",
                "x=$(echo \")\" $(GOSUMDB=off go list) \\) ) ; export GOPROXY=direct\n",
                &["GOSUMDB=off go-list 1:16-27", "GOPROXY=direct export 1:51-65"],
            ),
            (
                "substitution in echo",
                "echo \"$(GOSUMDB=off go env)\"\n",
                &["GOSUMDB=off go-env 1:9-20"],
            ),
            (
                "process substitution",
                "diff <(GOSUMDB=off go list) b\n",
                &["GOSUMDB=off go-list 1:8-19"],
            ),
            (
                "continued line",
                "export \\\n  GOSUMDB=off \\\n  GOPROXY=direct\n",
                &["GOSUMDB=off export 2:3-14", "GOPROXY=direct export 3:3-17"],
            ),
            (
                "CRLF",
                "export GOSUMDB=off\r\nexport GOPROXY=direct\r\n",
                &["GOSUMDB=off export 1:8-19", "GOPROXY=direct export 2:8-22"],
            ),
            (
                "columns count characters",
                "echo 你好; export GOSUMDB=off\n",
                &["GOSUMDB=off export 1:17-28"],
            ),
            ("byte order mark", "\u{feff}export GOSUMDB=off\n", &["GOSUMDB=off export 1:8-19"]),
            (
                "array",
                "A=(GOSUMDB=off go)\nexport GOPROXY=direct\n",
                &["GOPROXY=direct export 2:8-22"],
            ),
            (
                "other variables",
                "export GO_VERSION=1 GOLANGCI_LINT=x GOOGLE_X=y NOGOSUMDB=off gosumdb=off\n",
                &[],
            ),
            ("CGO", "CGO_ENABLED=0 go build\n", &["CGO_ENABLED=0 go-build 1:1-14"]),
            (
                "comparison",
                "[ \"$GOSUMDB\" = off ] && [[ $GOSUMDB == off ]] && test GOSUMDB=off\n",
                &[],
            ),
            ("setenv", "setenv GOSUMDB off\n", &["GOSUMDB=off export 1:8-19"]),
            ("fish", "set -gx GOSUMDB off\n", &["GOSUMDB=off export 1:9-20"]),
            ("alias and trap are text", "alias b='GOSUMDB=off go build'\n", &[]),
        ],
    );
}

#[test]
fn values_with_expansions() {
    check(
        Shell,
        &[
            ("variable", "export GOPROXY=$PROXY\n", &["GOPROXY=$PROXY? export 1:8-22"]),
            (
                "variable and text",
                "export GOFLAGS=\"$GOFLAGS -mod=mod\"\n",
                &["GOFLAGS=$GOFLAGS -mod=mod? export 1:8-35"],
            ),
            (
                "default",
                "export GOSUMDB=${GOSUMDB:-off}\n",
                &["GOSUMDB=${GOSUMDB:-off}?~ export 1:8-31"],
            ),
            (
                "default without colon",
                "export GOSUMDB=${GOSUMDB-off}\n",
                &["GOSUMDB=${GOSUMDB-off}?~ export 1:8-30"],
            ),
            (
                "default that is assigned",
                ": \"${GOSUMDB:=off}\"\nexport GOSUMDB\n",
                &["GOSUMDB=off~ export 1:4-19"],
            ),
            (
                "other operators",
                "export GOSUMDB=${A:+off}${B%x}${#C}\n",
                &["GOSUMDB=${A:+off}${B%x}${#C}? export 1:8-36"],
            ),
            (
                "substitution",
                "export GOPROXY=$(cat proxy)\n",
                &["GOPROXY=$(cat proxy)? export 1:8-28"],
            ),
            (
                "arithmetic",
                "export GOMAXPROCS=$((1 + (2)))\n",
                &["GOMAXPROCS=$((1 + (2)))? export 1:8-31"],
            ),
            ("positional", "export GOPROXY=$1x\n", &["GOPROXY=$1x? export 1:8-19"]),
            ("a dollar that means nothing", "export GOFLAGS='$'$\n", &["GOFLAGS=$$ export 1:8-20"]),
        ],
    );
}

#[test]
fn the_go_command_in_shells() {
    check(
        Shell,
        &[
            (
                "go env -w",
                "go env -w GOSUMDB=off GOPROXY=direct\n",
                &["GOSUMDB=off env-w 1:11-22", "GOPROXY=direct env-w 1:23-37"],
            ),
            (
                "go env -w in quotes",
                "go env -w \"GOFLAGS=-mod=mod\" 'GOPRIVATE=*'\n",
                &["GOFLAGS=-mod=mod env-w 1:11-29", "GOPRIVATE=* env-w 1:30-43"],
            ),
            ("go env -u", "go env -u GOSUMDB\ngo env GOSUMDB\n", &[]),
            ("-mod=mod", "go build -mod=mod ./...\n", &["-mod=mod flag-build 1:10-18"]),
            ("--mod=mod", "go vet --mod=mod ./...\n", &["-mod=mod flag-vet 1:8-17"]),
            ("-mod mod", "go test -mod mod ./...\n", &["-mod=mod flag-test 1:9-17"]),
            ("-mod=vendor", "go build -mod=vendor\n", &["-mod=vendor flag-build 1:10-21"]),
            ("-modcacherw", "go mod download -modcacherw\n", &["-modcacherw= flag-mod 1:17-28"]),
            ("-insecure", "go get -insecure example.com/a\n", &["-insecure= flag-get 1:8-17"]),
            ("-modfile is another flag", "go list -modfile=tools.mod -m all\n", &[]),
            ("value of another flag", "go build -o -mod=mod\n", &[]),
            (
                "arguments of the program",
                "go run ./cmd -mod=mod\ngo test ./... -args -mod=mod\n",
                &[],
            ),
            (
                "go run with flags",
                "go run -tags x -mod=mod ./cmd\n",
                &["-mod=mod flag-run 1:16-24"],
            ),
            (
                "flags in a variable",
                "F=\"-v -mod=mod\"\ngo build $F ./...\n",
                &["-mod=mod flag-build 1:7-15"],
            ),
            (
                "text",
                "echo go build -mod=mod\n# go build -mod=mod\ngit commit -m 'go build -mod=mod'\n",
                &[],
            ),
            ("no command of go", "go nothing -mod=mod\ngopher build -mod=mod\n", &[]),
            (
                "through a wrapper",
                "run_for_modules generic go test -mod=mod\n",
                &["-mod=mod flag-test 1:33-41"],
            ),
            (
                "sh -c",
                "sh -c 'cd x && GOSUMDB=off go build -mod=mod'\n",
                &["GOSUMDB=off go-build 1:16-27", "-mod=mod flag-build 1:37-45"],
            ),
            (
                "bash -euo pipefail -c",
                "bash -euo pipefail -c \"export GOSUMDB=off; go build\"\n",
                &["GOSUMDB=off export 1:31-42"],
            ),
            (
                "sh -c within sh -c",
                "sh -c \"sh -c 'GOSUMDB=off go build'\"\n",
                &["GOSUMDB=off go-build 1:15-26"],
            ),
            ("eval", "eval \"export GOSUMDB=off\"\n", &["GOSUMDB=off export 1:14-25"]),
            (
                "docker run",
                "docker run --rm -e GOSUMDB=off --env=GOPROXY=direct -e GOFLAGS golang go build\n",
                &["GOSUMDB=off container 1:20-31", "GOPROXY=direct container 1:38-52"],
            ),
            (
                "docker run of a shell",
                "docker run golang sh -c 'GOSUMDB=off go build'\n",
                &["GOSUMDB=off go-build 1:26-37"],
            ),
            (
                "docker build",
                "docker build --build-arg GOSUMDB=off --build-arg=GOPROXY=direct .\n",
                &["GOSUMDB=off build-arg 1:26-37", "GOPROXY=direct build-arg 1:50-64"],
            ),
            (
                "make",
                "make -C x build GOFLAGS=-mod=mod\n",
                &["GOFLAGS=-mod=mod make-argument 1:17-33"],
            ),
        ],
    );
}

#[test]
fn text_that_goes_into_files() {
    check(
        Shell,
        &[
            (
                "GITHUB_ENV",
                "echo \"GOSUMDB=off\" >> $GITHUB_ENV\n",
                &["GOSUMDB=off GITHUB_ENV 1:7-18"],
            ),
            (
                "GITHUB_ENV in quotes",
                "echo GOSUMDB=off >>\"$GITHUB_ENV\"\n",
                &["GOSUMDB=off GITHUB_ENV 1:6-17"],
            ),
            (
                "GITHUB_ENV in braces",
                "echo 'GOFLAGS=-mod=mod' >> \"${GITHUB_ENV}\"\n",
                &["GOFLAGS=-mod=mod GITHUB_ENV 1:7-23"],
            ),
            (
                "GITHUB_ENV through tee",
                "echo GOSUMDB=off | tee -a $GITHUB_ENV\n",
                &["GOSUMDB=off GITHUB_ENV 1:6-17"],
            ),
            (
                "GITHUB_ENV from a group",
                "{\n  echo GOSUMDB=off\n  echo \"GOPROXY=direct\"\n} >> $GITHUB_ENV\n",
                &["GOSUMDB=off GITHUB_ENV 2:8-19", "GOPROXY=direct GITHUB_ENV 3:9-23"],
            ),
            (
                "GITHUB_ENV from a loop",
                "for x in 1; do echo GOSUMDB=off; done >> $GITHUB_ENV\n",
                &["GOSUMDB=off GITHUB_ENV 1:21-32"],
            ),
            (
                "GITHUB_ENV from a here-document",
                "cat <<EOF >> $GITHUB_ENV\nGOSUMDB=off\nX=1\nGOPROXY=$P\nEOF\n",
                &["GOSUMDB=off GITHUB_ENV 2:1-12", "GOPROXY=$P? GITHUB_ENV 4:1-11"],
            ),
            (
                "GITHUB_ENV from printf",
                "printf 'GOSUMDB=off\\nGOPROXY=%s\\n' direct >> $GITHUB_ENV\n",
                &["GOSUMDB=off GITHUB_ENV 1:9-20", "GOPROXY=direct GITHUB_ENV 1:22-42"],
            ),
            (
                "GITHUB_ENV from echo -e",
                "echo -e \"A=1\\nGOSUMDB=off\" >> $GITHUB_ENV\n",
                &["GOSUMDB=off GITHUB_ENV 1:15-26"],
            ),
            (
                "GITHUB_ENV with a delimiter",
                "{ echo 'GOFLAGS<<E'; echo '-mod=mod'; echo E; } >> $GITHUB_ENV\n",
                &["GOFLAGS=-mod=mod GITHUB_ENV 1:9-36"],
            ),
            (
                "GITHUB_ENV with a delimiter in one document",
                "cat <<X >> $GITHUB_ENV\nGOFLAGS<<E\n-mod=mod\nE\nX\n",
                &["GOFLAGS=-mod=mod GITHUB_ENV 2:1-3:9"],
            ),
            ("GITHUB_OUTPUT", "echo GOSUMDB=off >> $GITHUB_OUTPUT\n", &[]),
            (
                "profile",
                "echo 'export GOSUMDB=off' >> ~/.bashrc\n",
                &["GOSUMDB=off profile 1:14-25"],
            ),
            (
                "profile.d",
                "echo 'GOSUMDB=off' > /etc/profile.d/go.sh\n",
                &["GOSUMDB=off profile 1:7-18"],
            ),
            (
                "BASH_ENV",
                "echo 'export GOSUMDB=off # x' >> $BASH_ENV\n",
                &["GOSUMDB=off profile 1:14-25"],
            ),
            (".env", "echo GOSUMDB=off > .env\n", &["GOSUMDB=off .env 1:6-17"]),
            ("go/env", "echo GOSUMDB=off >> ~/.config/go/env\n", &["GOSUMDB=off go/env 1:6-17"]),
            ("any file", "echo GOSUMDB=off > notes.txt\n", &[]),
        ],
    );
}

#[test]
fn makefiles() {
    check(
        Makefile,
        &[
            ("export", "export GOSUMDB := off\n", &["GOSUMDB=off make-export 1:8-22"]),
            ("export without blanks", "export GOSUMDB=off\n", &["GOSUMDB=off make-export 1:8-19"]),
            (
                "export with a default",
                "export GOSUMDB ?= off\n",
                &["GOSUMDB=off~ make-export 1:8-22"],
            ),
            ("variable", "GOSUMDB = off\n", &["GOSUMDB=off make 1:1-14"]),
            (
                "variable that is exported later",
                "GOSUMDB = off\nexport GOSUMDB GOPROXY\n",
                &["GOSUMDB=off make-export 1:1-14"],
            ),
            ("export of all", "GOSUMDB = off\nexport\n", &["GOSUMDB=off make-export 1:1-14"]),
            (
                ".EXPORT_ALL_VARIABLES",
                ".EXPORT_ALL_VARIABLES:\nGOSUMDB ::= off\n",
                &["GOSUMDB=off make-export 2:1-16"],
            ),
            (
                "append",
                "export GOFLAGS += -mod=mod\n",
                &["GOFLAGS=$(GOFLAGS) -mod=mod? make-export 1:8-27"],
            ),
            ("override", "override export GOSUMDB := off\n", &["GOSUMDB=off make-export 1:17-31"]),
            ("unexport", "unexport GOSUMDB\n", &[]),
            (
                "reference",
                "export GOFLAGS := $(FLAGS) -mod=mod\n",
                &["GOFLAGS=$(FLAGS) -mod=mod? make-export 1:8-36"],
            ),
            (
                "comment",
                "# export GOSUMDB=off\nexport GOPROXY=direct # GOSUMDB=off\n",
                &["GOPROXY=direct make-export 2:8-22"],
            ),
            (
                "continued",
                "export GOFLAGS = -v \\\n  -mod=mod\n",
                &["GOFLAGS=-v    -mod=mod make-export 1:8-2:11"],
            ),
            (
                "in a conditional",
                "ifeq ($(CI),true)\n  export GOSUMDB = off\nendif\n",
                &["GOSUMDB=off make-export 2:10-23"],
            ),
            (
                "for a target",
                "test: export GOFLAGS = -mod=mod\ntest: GOSUMDB := off\n",
                &["GOFLAGS=-mod=mod make-export 1:14-32", "GOSUMDB=off make 2:7-21"],
            ),
            (
                "recipe",
                "all:\n\tGOSUMDB=off go build -mod=mod\n",
                &["GOSUMDB=off go-build 2:2-13", "-mod=mod flag-build 2:23-31"],
            ),
            (
                "recipe with prefixes",
                "all:\n\t@-GOSUMDB=off $(GO) build\n",
                &["GOSUMDB=off go-build 2:4-15"],
            ),
            (
                "recipe with continuation",
                "all:\n\tcd x && \\\n\t  GOSUMDB=off \\\n\t  go build\n",
                &["GOSUMDB=off go-build 3:4-15"],
            ),
            (
                "recipe on the line of its rule",
                "all: x ; GOSUMDB=off go build\n",
                &["GOSUMDB=off go-build 1:10-21"],
            ),
            ("recipe with a comment", "all:\n\t# GOSUMDB=off\n\techo GOSUMDB=off\n", &[]),
            (
                "recipe with doubled dollars",
                "all:\n\texport GOFLAGS=\"$$GOFLAGS -mod=mod\"\n",
                &["GOFLAGS=$GOFLAGS -mod=mod? export 2:9-37"],
            ),
            (
                "recipe with a reference",
                "all:\n\tGOPROXY=$(PROXY) go build\n",
                &["GOPROXY=${PROXY}? go-build 2:2-18"],
            ),
            (
                "recipe with a function",
                "all:\n\tGOOS=$(word 1,$(X)) go build\n",
                &["GOOS=…? go-build 2:2-21"],
            ),
            (
                "flags in a variable",
                "FLAGS ?= -v -mod=mod\nall:\n\t$(GO) test $(FLAGS) ./...\n",
                &["-mod=mod flag-test 1:13-21"],
            ),
            (
                "shell function",
                "V := $(shell GOSUMDB=off go list -m)\n",
                &["GOSUMDB=off go-list 1:14-25"],
            ),
            ("shell assignment", "V != GOSUMDB=off go list -m\n", &["GOSUMDB=off go-list 1:6-17"]),
            (
                "define",
                "define run\nGOSUMDB=off go build\nendef\n",
                &["GOSUMDB=off go-build 2:1-12"],
            ),
            (
                "make in a recipe",
                "all:\n\t$(MAKE) -C x GOFLAGS=-mod=mod\n",
                &["GOFLAGS=-mod=mod make-argument 2:15-31"],
            ),
            (
                "other prefix",
                ".RECIPEPREFIX = >\nall:\n>GOSUMDB=off go build\n",
                &["GOSUMDB=off go-build 3:2-13"],
            ),
            (
                "CRLF",
                "export GOSUMDB=off\r\nall:\r\n\tGOPROXY=direct go build\r\n",
                &["GOSUMDB=off make-export 1:8-19", "GOPROXY=direct go-build 3:2-16"],
            ),
            ("rule whose name looks like a variable", "GOSUMDB: off\n", &[]),
        ],
    );
}

#[test]
fn dockerfiles() {
    check(
        Dockerfile,
        &[
            ("ENV", "FROM a\nENV GOSUMDB=off\n", &["GOSUMDB=off ENV 2:5-16"]),
            ("ENV without equals sign", "FROM a\nENV GOSUMDB off\n", &["GOSUMDB=off ENV 2:5-16"]),
            (
                "ENV of two",
                "FROM a\nENV A=1 GOFLAGS=\"-mod=mod -v\" \\\n    GOPROXY=direct\n",
                &["GOFLAGS=-mod=mod -v ENV 2:9-30", "GOPROXY=direct ENV 3:5-19"],
            ),
            (
                "ENV with an expansion",
                "FROM a\nENV GOFLAGS=\"$GOFLAGS -mod=mod\"\n",
                &["GOFLAGS=$GOFLAGS -mod=mod? ENV 2:5-32"],
            ),
            (
                "ENV with a default",
                "FROM a\nENV GOSUMDB=${GOSUMDB:-off}\n",
                &["GOSUMDB=${GOSUMDB:-off}?~ ENV 2:5-28"],
            ),
            ("ARG", "ARG GOSUMDB=off\nFROM a\nARG GOPROXY\n", &["GOSUMDB=off~ ARG 1:5-16"]),
            ("RUN", "FROM a\nRUN GOSUMDB=off go build\n", &["GOSUMDB=off go-build 2:5-16"]),
            (
                "RUN continued",
                "FROM a\nRUN --mount=type=cache,target=/x \\\n # comment GOSUMDB=off\n    cd x && \\\n    GOSUMDB=off go build -mod=mod\n",
                &["GOSUMDB=off go-build 5:5-16", "-mod=mod flag-build 5:26-34"],
            ),
            (
                "RUN exec",
                "FROM a\nRUN [\"go\", \"build\", \"-mod=mod\"]\n",
                &["-mod=mod flag-build 2:22-30"],
            ),
            (
                "RUN exec of a shell",
                "FROM a\nRUN [\"sh\", \"-c\", \"GOSUMDB=off go build\"]\n",
                &["GOSUMDB=off go-build 2:19-30"],
            ),
            ("RUN exec without a shell", "FROM a\nRUN [\"GOSUMDB=off\", \"go\", \"build\"]\n", &[]),
            (
                "RUN with a here-document",
                "FROM a\nRUN <<EOF\nset -e\nexport GOSUMDB=off\nEOF\nENV GOPROXY=direct\n",
                &["GOSUMDB=off export 4:8-19", "GOPROXY=direct ENV 6:5-19"],
            ),
            (
                "RUN of a shell with a here-document",
                "FROM a\nRUN bash -e <<'EOF'\nexport GOSUMDB=off\nEOF\n",
                &["GOSUMDB=off export 3:8-19"],
            ),
            (
                "RUN of cat with a here-document",
                "FROM a\nRUN cat <<EOF > /x\nexport GOSUMDB=off\nEOF\n",
                &[],
            ),
            (
                "RUN go env -w",
                "FROM a\nRUN go env -w GOSUMDB=off && echo GOSUMDB=off\n",
                &["GOSUMDB=off env-w 2:15-26"],
            ),
            ("CMD", "FROM a\nCMD GOFLAGS=-mod=mod go run .\n", &["GOFLAGS=-mod=mod go-run 2:5-21"]),
            ("ONBUILD", "FROM a\nONBUILD ENV GOSUMDB=off\n", &["GOSUMDB=off ENV 2:13-24"]),
            ("comment", "FROM a\n# ENV GOSUMDB=off\n", &[]),
            ("LABEL", "FROM a\nLABEL GOSUMDB=off\n", &[]),
            (
                "Windows",
                "# escape=`\nFROM a\nENV GOPATH=\"C:\\go\\path\"\n",
                &["GOPATH=C:\\go\\path ENV 3:5-24"],
            ),
        ],
    );
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
    check(
        GithubWorkflow,
        &[
            (
                "env of all levels",
                "env:\n  GOSUMDB: off\njobs:\n  a:\n    env: {GOPROXY: direct}\n    steps:\n      - env:\n          GOFLAGS: -mod=mod\n        uses: x\n",
                &[
                    "GOSUMDB=off github-workflow 2:3-15",
                    "GOPROXY=direct github-job 5:11-26",
                    "GOFLAGS=-mod=mod github-step 8:11-28",
                ],
            ),
            (
                "quoted env",
                "env:\n  'GOFLAGS': \"-mod=mod\"\n  GOMAXPROCS: 4\n",
                &["GOFLAGS=-mod=mod github-workflow 2:3-24", "GOMAXPROCS=4 github-workflow 3:3-16"],
            ),
            (
                "expression in env",
                "env:\n  GOPROXY: ${{ secrets.X || 'direct' }}\n",
                &["GOPROXY=${{ secrets.X || 'direct' }}? github-workflow 2:3-40"],
            ),
            (
                "container and services",
                "jobs:\n  a:\n    container:\n      env:\n        GOSUMDB: off\n    services:\n      b:\n        env: {GOPROXY: direct}\n",
                &["GOSUMDB=off github-job 5:9-21", "GOPROXY=direct github-job 8:15-30"],
            ),
            (
                "action",
                "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: go env -w GOSUMDB=off\n",
                &["GOSUMDB=off env-w 5:22-33"],
            ),
            (
                "other shells",
                "jobs:\n  a:\n    defaults: {run: {shell: pwsh}}\n    steps:\n      - run: export GOSUMDB=off\n      - run: export GOSUMDB=off\n        shell: bash\n",
                &["GOSUMDB=off export 6:21-32"],
            ),
            (
                "build-push-action",
                "jobs:\n  a:\n    steps:\n      - with:\n          build-args: |\n            A=1\n            GOSUMDB=off\n",
                &["GOSUMDB=off build-arg 7:13-24"],
            ),
            (
                "anchor and alias",
                "jobs:\n  a:\n    env: &e\n      GOSUMDB: off\n    steps:\n      - env: *e\n",
                &["GOSUMDB=off github-job 4:7-19", "GOSUMDB=off github-step 4:7-19"],
            ),
            ("comment and other keys", "# env: {GOSUMDB: off}\nname: GOSUMDB=off\non: push\n", &[]),
        ],
    );
}

#[test]
fn gitlab_files() {
    check(
        GitlabCi,
        &[
            (
                "variables",
                "variables:\n  GOSUMDB: \"off\"\na:\n  variables:\n    GOPROXY: direct\n  script: x\n",
                &["GOSUMDB=off gitlab-workflow 2:3-17", "GOPROXY=direct gitlab-job 5:5-20"],
            ),
            (
                "variable with a description",
                "variables:\n  GOSUMDB:\n    value: off\n    description: GOPROXY=direct\n",
                &["GOSUMDB=off gitlab-workflow 2:3-3:15"],
            ),
            (
                "variables of a rule",
                "a:\n  rules:\n    - if: $X\n      variables:\n        GOFLAGS: $GOFLAGS -mod=mod\n",
                &["GOFLAGS=$GOFLAGS -mod=mod? gitlab-job 5:9-35"],
            ),
            (
                "matrix",
                "a:\n  parallel:\n    matrix:\n      - GOOS: [linux, darwin]\n",
                &["GOOS=linux gitlab-job 4:9-30", "GOOS=darwin gitlab-job 4:9-30"],
            ),
            (
                "script",
                "a:\n  script:\n    - export GOSUMDB=off\n    - go build -mod=mod\n",
                &["GOSUMDB=off export 3:14-25", "-mod=mod flag-build 4:16-24"],
            ),
            (
                "script of one line",
                "a:\n  script: go env -w GOSUMDB=off\n",
                &["GOSUMDB=off env-w 2:21-32"],
            ),
            (
                "before_script and after_script",
                "before_script:\n  - GOSUMDB=off\n  - export GOSUMDB\na:\n  after_script: [\"GOPROXY=direct go build\"]\n",
                &["GOSUMDB=off export 2:5-16", "GOPROXY=direct go-build 5:19-33"],
            ),
            (
                "literal line",
                "a:\n  script:\n    - |\n      set -e\n      GOSUMDB=off go build\n",
                &["GOSUMDB=off go-build 5:7-18"],
            ),
            (
                "nested scripts",
                "a:\n  script:\n    - - export GOSUMDB=off\n      - go build\n    - - go vet\n",
                &["GOSUMDB=off export 3:16-27"],
            ),
            ("comment", "a:\n  # GOSUMDB=off\n  script:\n    - echo GOSUMDB=off\n", &[]),
        ],
    );
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
