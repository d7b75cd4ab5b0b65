//! Makefiles and Dockerfiles.

use crate::Cases;

/// Makefiles.
pub(crate) const MAKEFILES: Cases = &[
    ("export", "export GOSUMDB := off\n", &["GOSUMDB=off make-export 1:8-22"]),
    ("export without blanks", "export GOSUMDB=off\n", &["GOSUMDB=off make-export 1:8-19"]),
    ("export with a default", "export GOSUMDB ?= off\n", &["GOSUMDB=off~ make-export 1:8-22"]),
    (
        "in front of the command, by variable",
        "GO := GOSUMDB=off go\nENV := env CGO_ENABLED=0 GOPROXY=direct\n",
        &[
            "GOSUMDB=off inline 1:7-18",
            "CGO_ENABLED=0 inline 2:12-25",
            "GOPROXY=direct inline 2:26-40",
        ],
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
    ("shell function", "V := $(shell GOSUMDB=off go list -m)\n", &["GOSUMDB=off go-list 1:14-25"]),
    ("shell assignment", "V != GOSUMDB=off go list -m\n", &["GOSUMDB=off go-list 1:6-17"]),
    ("define", "define run\nGOSUMDB=off go build\nendef\n", &["GOSUMDB=off go-build 2:1-12"]),
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
];

/// Dockerfiles.
pub(crate) const DOCKERFILES: Cases = &[
    ("ENV", "FROM a\nENV GOSUMDB=off\n", &["GOSUMDB=off ENV 2:5-16"]),
    (
        "ENV from an ARG, and from an ENV",
        "ARG SUM=off\nFROM a\nENV GOSUMDB=$SUM P=direct\nENV GOPROXY=\"${P}\" GOFLAGS=$X\n",
        &["GOSUMDB=off~ ENV 3:5-17", "GOPROXY=direct ENV 4:5-19", "GOFLAGS=$X? ENV 4:20-30"],
    ),
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
];
