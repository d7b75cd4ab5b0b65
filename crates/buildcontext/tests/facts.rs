//! Facts about Dockerfiles.

#![expect(clippy::unwrap_used, reason = "these are parts of tests")]

use buildcontext::{FactKind, Filter, Matcher, SecretSign, facts, needs};

/// The facts of a Dockerfile as lines of text, with their place.
fn found(text: &str, ignore: Option<&[&str]>) -> Vec<String> {
    let file = dockerfile::parse(text).unwrap();
    let filter = ignore.map(|lines| Filter::new(Matcher::of(lines).unwrap()));
    let facts = facts(&file, &needs(&file), filter.as_ref());
    facts
        .into_iter()
        .map(|fact| {
            let kind = match fact.kind {
                FactKind::WholeContext => "whole context".to_owned(),
                FactKind::GoSumNotCopied { go_mod } => format!("go.sum not copied beside {go_mod}"),
                FactKind::GoFileExcluded { path, pattern } => {
                    format!("{path} excluded by {pattern:?}")
                }
                FactKind::NotPinned { image } => {
                    format!("not pinned: {image} ({:?})", fact.certainty)
                }
                FactKind::Secret { name, sign: SecretSign::Name } => format!("secret {name}"),
                FactKind::Secret { name, sign: SecretSign::Value } => {
                    format!("secret value of {name}")
                }
                FactKind::RemoteWithoutChecksum { git } => format!("no checksum, git {git}"),
            };
            format!("{}:{} {kind}", fact.span.start.line, fact.span.start.column)
        })
        .collect()
}

const NONE: Option<&[&str]> = None;

#[test]
fn the_whole_context_without_a_dockerignore() {
    type Case<'c> = (&'c str, Option<&'c [&'c str]>, &'c [&'c str]);
    let cases: &[Case<'_>] = &[
        ("COPY . .", NONE, &["2:6 whole context"]),
        ("COPY ./ /x", NONE, &["2:6 whole context"]),
        ("ADD / /", NONE, &["2:5 whole context"]),
        ("COPY [\".\", \"/x\"]", NONE, &["2:8 whole context"]),
        ("ARG D=.\nCOPY $D /", NONE, &["3:6 whole context"]),
        ("ONBUILD COPY . .", NONE, &["2:14 whole context"]),
        ("COPY . .", Some(&[]), &[]),
        ("COPY src .", NONE, &[]),
        ("COPY --exclude=.git . .", NONE, &[]),
        ("RUN --mount=target=. true", NONE, &[]),
    ];
    for (text, ignore, expected) in cases {
        assert_eq!(found(&format!("FROM scratch\n{text}\n"), *ignore), *expected, "{text}");
    }
}

#[test]
fn go_sum_must_be_there_for_the_download() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "only go.mod",
            "COPY go.mod ./\nRUN go mod download",
            &["2:6 go.sum not copied beside go.mod"],
        ),
        ("both", "COPY go.mod go.sum ./\nRUN go mod download", &[]),
        ("both by wildcard", "COPY go.* ./\nRUN go mod download", &[]),
        ("both one after the other", "COPY go.mod .\nCOPY go.sum .\nRUN go mod download", &[]),
        (
            "too late",
            "COPY go.mod .\nRUN go mod download -x\nCOPY go.sum .",
            &["2:6 go.sum not copied beside go.mod"],
        ),
        ("all", "COPY go.mod .\nCOPY . .\nRUN go mod download", &[]),
        ("no download", "COPY go.mod .\nRUN go build ./...", &[]),
        (
            "in a script",
            "COPY go.mod .\nRUN cd /x && go mod download; ls",
            &["2:6 go.sum not copied beside go.mod"],
        ),
        (
            "in a subshell",
            "COPY go.mod .\nRUN (go mod download)",
            &["2:6 go.sum not copied beside go.mod"],
        ),
        ("something else", "COPY go.mod .\nRUN echo go mod downloads; cargo mod download", &[]),
        (
            "a service",
            "COPY a/go.mod a/\nCOPY b/go.mod b/go.sum b/\nRUN go mod download",
            &["2:6 go.sum not copied beside a/go.mod"],
        ),
        ("a folder", "COPY a/go.mod .\nCOPY a/ .\nRUN go mod download", &[]),
        (
            "mounted",
            "COPY go.mod .\nRUN --mount=type=bind,source=go.sum,target=go.sum go mod download",
            &[],
        ),
        (
            "exec form",
            "COPY go.mod .\nRUN [\"go\", \"mod\", \"download\"]",
            &["2:6 go.sum not copied beside go.mod"],
        ),
        (
            "here-document",
            "COPY go.mod .\nRUN <<EOF\ngo mod download\nEOF",
            &["2:6 go.sum not copied beside go.mod"],
        ),
        ("who knows", "ARG F\nCOPY go.mod $F ./\nRUN go mod download", &[]),
    ];
    for (name, text, expected) in cases {
        assert_eq!(found(&format!("FROM scratch\n{text}\n"), Some(&[])), *expected, "{name}");
    }
    let inherited = "FROM scratch AS a\nCOPY go.mod go.sum ./\nFROM a\nRUN go mod download\n";
    assert_eq!(found(inherited, Some(&[])), [""; 0]);
}

#[test]
fn go_files_that_the_dockerignore_keeps_out() {
    let text = "FROM scratch\nCOPY go.mod go.sum ./\nRUN go mod download\n";
    assert_eq!(found(text, Some(&["*.md", "go.sum"])), ["2:13 go.sum excluded by Some(1)"]);
    assert_eq!(found(text, Some(&["*", "!go.mod", "!go.sum"])), [""; 0]);
}

#[test]
fn images_are_pinned_by_digest() {
    let digest = "0123456789abcdef".repeat(4);
    let cases: &[(&str, &[&str])] = &[
        ("FROM golang:1.26", &["1:6 not pinned: golang:1.26 (Fixed)"]),
        ("FROM golang", &["1:6 not pinned: golang (Fixed)"]),
        ("FROM scratch", &[]),
        (&format!("FROM golang:1.26@sha256:{digest}"), &[]),
        ("FROM golang@sha256:0123", &["1:6 not pinned: golang@sha256:0123 (Fixed)"]),
        (&format!("FROM --platform=$BUILDPLATFORM golang@sha256:{digest} AS b\nFROM b"), &[]),
        ("FROM --platform=linux/amd64 a AS b", &["1:29 not pinned: a (Fixed)"]),
        ("ARG V=1\nFROM a:$V", &["2:6 not pinned: a:1 (BuildArgument)"]),
        ("FROM scratch AS b-linux\nFROM scratch AS b-windows\nFROM b-${TARGETOS}", &[]),
        (
            "FROM scratch AS b-linux\nFROM c-${TARGETOS}",
            &["2:6 not pinned: c-${TARGETOS} (Unknown)"],
        ),
        ("ARG V\nFROM a:$V", &["2:6 not pinned: a:$V (Unknown)"]),
        (&format!("ARG I=a@sha256:{digest}\nFROM $I"), &[]),
        ("FROM scratch AS A\nFROM a\nFROM 0", &["3:6 not pinned: 0 (Fixed)"]),
        ("FROM scratch AS a\nFROM scratch\nCOPY --from=a x y\nCOPY --from=0 x y", &[]),
        (
            "FROM scratch\nCOPY --from=example.com/x:1 x y",
            &["2:6 not pinned: example.com/x:1 (Fixed)"],
        ),
        ("FROM scratch\nCOPY --from=assets x y", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(found(&format!("{text}\n"), Some(&[])), *expected, "{text}");
    }
}

#[test]
fn secrets_in_variables() {
    let jwt = ["eyJhbGciOiJub25l", "eyJzdWIiOiIxIn0abc", "c2lnbmF0dXJl"].join(".");
    let token = format!("ghp_{}", "a".repeat(36));
    let cases: &[(&str, &[&str])] = &[
        ("ENV DB_PASSWORD=hunter2", &["2:5 secret DB_PASSWORD"]),
        ("ENV DB_PASSWORD hunter2", &["2:5 secret DB_PASSWORD"]),
        ("ARG NPM_TOKEN=abc", &["2:5 secret NPM_TOKEN"]),
        ("ENV A=1 STRIPE_API_KEY=\"x y\" B=2", &["2:9 secret STRIPE_API_KEY"]),
        ("ENV CLIENT_SECRET='s'", &["2:5 secret CLIENT_SECRET"]),
        ("ENV apiKey=abcdef", &["2:5 secret apiKey"]),
        ("ONBUILD ENV TOKEN=x", &["2:13 secret TOKEN"]),
        ("ARG TOKEN", &[]),
        ("ARG TOKEN=", &[]),
        ("ENV TOKEN=\"\"", &[]),
        ("ENV TOKEN=$TOKEN", &[]),
        ("ENV TOKEN_FILE=x", &[]),
        ("ENV TOKEN=/run/secrets/token", &[]),
        ("ENV PASSWORD_FILE=/x PASSWORD_LENGTH=8", &[]),
        ("ENV USE_TOKEN=true", &[]),
        ("ENV TOKEN_TTL=5m", &[]),
        ("ENV PUBLIC_KEY_TOKEN=x", &[]),
        ("ENV TOKENIZER=bert SECRETARY=ann", &[]),
        ("ENV PWD=x", &[]),
        ("ENV PASSWORD=<password>", &[]),
        ("ENV DSN=postgres://user:pass@db.example.com/x", &["2:5 secret value of DSN"]),
        ("ENV DSN=postgres://user@db.example.com/x", &[]),
        ("ENV DSN=postgres://user:$PASS@db.example.com/x", &[]),
        (&format!("ENV X={token}"), &["2:5 secret value of X"]),
        (&format!("LABEL X={token}"), &[]),
        (&format!("ARG J={jwt}"), &["2:5 secret value of J"]),
        ("ENV X=ghp_short", &[]),
        ("ENV X=a.b.c", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(found(&format!("FROM scratch\n{text}\n"), Some(&[])), *expected, "{text}");
    }
}

#[test]
fn what_comes_from_the_net_has_a_checksum() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let cases: &[(&str, &[&str])] = &[
        ("ADD https://example.com/a.tgz /", &["2:5 no checksum, git false"]),
        ("ADD --checksum=sha256:abc https://example.com/a.tgz /", &[]),
        ("ADD https://example.com/a.git#main /", &["2:5 no checksum, git true"]),
        (&format!("ADD https://example.com/a.git#{commit} /"), &[]),
        (&format!("ADD https://example.com/a.git?checksum={commit} /"), &[]),
        ("ADD a.tgz /", &[]),
        ("ARG U=http://example.com/x\nADD $U /", &["3:5 no checksum, git false"]),
    ];
    for (text, expected) in cases {
        assert_eq!(found(&format!("FROM scratch\n{text}\n"), Some(&[])), *expected, "{text}");
    }
}
