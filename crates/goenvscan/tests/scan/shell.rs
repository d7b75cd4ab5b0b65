//! Shell scripts.

use crate::Cases;

/// Assignments, and what is none.
pub(crate) const ASSIGNMENTS: Cases = &[
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
    ("local", "f() {\n  local GOFLAGS=-mod=mod\n}\n", &["GOFLAGS=-mod=mod variable 2:9-25"]),
    ("readonly", "readonly GOSUMDB=off\n", &["GOSUMDB=off variable 1:10-21"]),
    ("empty value", "export GOFLAGS=\n", &["GOFLAGS= export 1:8-16"]),
    ("append", "export GOFLAGS+=\" -mod=mod\"\n", &["GOFLAGS=$GOFLAGS -mod=mod? export 1:8-28"]),
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
    (
        "a shift is no here-document",
        "(( n = 1 << 4 ))\nexport GOSUMDB=off\na[1<<3]=x\n",
        &["GOSUMDB=off export 2:8-19"],
    ),
    (
        "here-document that never ends: perhaps it is none",
        "cat <<EOF\nexport GOSUMDB=off\n",
        &["GOSUMDB=off export 2:8-19"],
    ),
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
    ("inline for another program", "GOFLAGS=-mod=mod make\n", &["GOFLAGS=-mod=mod inline 1:1-17"]),
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
    ("path to go", "GOSUMDB=off /usr/local/go/bin/go build\n", &["GOSUMDB=off go-build 1:1-12"]),
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
    ("sudo env", "sudo -u root env GOSUMDB=off go build\n", &["GOSUMDB=off go-build 1:18-29"]),
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
    ("xargs", "ls | xargs -n1 env GOSUMDB=off go build\n", &["GOSUMDB=off go-build 1:20-31"]),
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
        &["GOSUMDB=off go-build 1:9-20", "GOSUMDB=on go-vet 1:33-43", "GOSUMDB=x go-fix 1:53-62"],
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
    ("substitution in echo", "echo \"$(GOSUMDB=off go env)\"\n", &["GOSUMDB=off go-env 1:9-20"]),
    ("process substitution", "diff <(GOSUMDB=off go list) b\n", &["GOSUMDB=off go-list 1:8-19"]),
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
    ("array", "A=(GOSUMDB=off go)\nexport GOPROXY=direct\n", &["GOPROXY=direct export 2:8-22"]),
    (
        "other variables",
        "export GO_VERSION=1 GOLANGCI_LINT=x GOOGLE_X=y NOGOSUMDB=off gosumdb=off\n",
        &[],
    ),
    ("CGO", "CGO_ENABLED=0 go build\n", &["CGO_ENABLED=0 go-build 1:1-14"]),
    ("comparison", "[ \"$GOSUMDB\" = off ] && [[ $GOSUMDB == off ]] && test GOSUMDB=off\n", &[]),
    ("setenv", "setenv GOSUMDB off\n", &["GOSUMDB=off export 1:8-19"]),
    ("fish", "set -gx GOSUMDB off\n", &["GOSUMDB=off export 1:9-20"]),
    ("alias and trap are text", "alias b='GOSUMDB=off go build'\n", &[]),
];

/// Expansions in values.
pub(crate) const VALUES: Cases = &[
    ("variable", "export GOPROXY=$PROXY\n", &["GOPROXY=$PROXY? export 1:8-22"]),
    (
        "variable and text",
        "export GOFLAGS=\"$GOFLAGS -mod=mod\"\n",
        &["GOFLAGS=$GOFLAGS -mod=mod? export 1:8-35"],
    ),
    ("default", "export GOSUMDB=${GOSUMDB:-off}\n", &["GOSUMDB=${GOSUMDB:-off}?~ export 1:8-31"]),
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
        &["GOSUMDB=${A:+off}${B%x}${#C}?~ export 1:8-36"],
    ),
    ("substitution", "export GOPROXY=$(cat proxy)\n", &["GOPROXY=$(cat proxy)? export 1:8-28"]),
    ("arithmetic", "export GOMAXPROCS=$((1 + (2)))\n", &["GOMAXPROCS=$((1 + (2)))? export 1:8-31"]),
    ("positional", "export GOPROXY=$1x\n", &["GOPROXY=$1x? export 1:8-19"]),
    ("a dollar that means nothing", "export GOFLAGS='$'$\n", &["GOFLAGS=$$ export 1:8-20"]),
];

/// The go command, and what runs it.
pub(crate) const GO: Cases = &[
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
    ("arguments of the program", "go run ./cmd -mod=mod\ngo test ./... -args -mod=mod\n", &[]),
    ("go run with flags", "go run -tags x -mod=mod ./cmd\n", &["-mod=mod flag-run 1:16-24"]),
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
    ("make", "make -C x build GOFLAGS=-mod=mod\n", &["GOFLAGS=-mod=mod make-argument 1:17-33"]),
];

/// Text that is written into files.
pub(crate) const OUTPUT: Cases = &[
    ("GITHUB_ENV", "echo \"GOSUMDB=off\" >> $GITHUB_ENV\n", &["GOSUMDB=off GITHUB_ENV 1:7-18"]),
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
    ("profile", "echo 'export GOSUMDB=off' >> ~/.bashrc\n", &["GOSUMDB=off profile 1:14-25"]),
    ("profile.d", "echo 'GOSUMDB=off' > /etc/profile.d/go.sh\n", &["GOSUMDB=off profile 1:7-18"]),
    ("BASH_ENV", "echo 'export GOSUMDB=off # x' >> $BASH_ENV\n", &["GOSUMDB=off profile 1:14-25"]),
    (".env", "echo GOSUMDB=off > .env\n", &["GOSUMDB=off .env 1:6-17"]),
    ("go/env", "echo GOSUMDB=off >> ~/.config/go/env\n", &["GOSUMDB=off go/env 1:6-17"]),
    ("any file", "echo GOSUMDB=off > notes.txt\n", &[]),
];
