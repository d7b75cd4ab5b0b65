//! What holds for every text.

use goenvscan::bypass::judge_all;
use goenvscan::{FileKind, Span, scan};
use proptest::prelude::*;

const KINDS: [FileKind; 8] = [
    FileKind::Shell,
    FileKind::Makefile,
    FileKind::Dockerfile,
    FileKind::GithubWorkflow,
    FileKind::GitlabCi,
    FileKind::GoEnvFile,
    FileKind::DotEnv,
    FileKind::Compose,
];

fn inside(text: &str, span: Span) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
    let good = |line: usize, column: usize| {
        line >= 1 && column >= 1 && lines.get(line - 1).is_some_and(|length| column <= length + 1)
    };
    span.start <= span.end
        && good(span.start.line, span.start.column)
        && good(span.end.line, span.end.column)
}

/// Pieces that make sense here and there.
const PIECES: [&str; 87] = [
    "GOSUMDB=off",
    "GOFLAGS=",
    "-mod=mod",
    "GOPROXY",
    "=",
    ":=",
    "?=",
    "+=",
    "direct",
    "|",
    "||",
    "&&",
    ";",
    ";;",
    "\n",
    "\n\t",
    "\n  ",
    "\r\n",
    " ",
    "\t",
    "export ",
    "env ",
    "go build ",
    "go env -w ",
    "echo ",
    "printf ",
    "cat ",
    "<<EOF",
    "EOF",
    ">> $GITHUB_ENV",
    "\"",
    "'",
    "`",
    "$(",
    "${",
    "${GOSUMDB:-",
    "${GOSUMDB:=",
    "}",
    ")",
    "(",
    "{",
    "$",
    "$$",
    "\\",
    "\\\n",
    "#",
    "if ",
    "then ",
    "fi",
    "case x in ",
    "esac",
    "sh -c ",
    "bash ",
    "FROM a\n",
    "ENV ",
    "ARG ",
    "RUN ",
    "[\"",
    "\",\"",
    "\"]",
    "env:\n",
    "jobs:\n",
    "  a:\n",
    "    steps:\n",
    "      - run: ",
    "|\n",
    ">\n",
    "script:\n  - ",
    "variables:\n  ",
    ": ",
    "- ",
    "&a ",
    "*a",
    "all:",
    "$(shell ",
    "define x\n",
    "endef\n",
    "é",
    "中",
    "\u{feff}",
    "\u{fffc}",
    "\0",
    "${{ x }}",
    "$'",
    "*",
    ",",
    "github.com",
];

fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(&PIECES[..]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Whatever is found stands in the text, and says what it says there.
fn places_are_inside(text: &str) {
    for kind in KINDS {
        for one in scan(kind, text).assignments {
            assert!(inside(text, one.span), "{kind:?} {one:?}");
            for bypass in judge_all(&one) {
                assert!(inside(text, bypass.span), "{kind:?} {bypass:?}");
                assert!(one.assumed().contains(&bypass.pattern) || one.name.starts_with('-'));
            }
        }
    }
}

/// Found by the property below, once in some hundred thousand texts.
#[test]
fn a_reference_without_an_end_ends_with_its_line() {
    for text in ["=GOSUMDB=off$(endef\n", "GO=GOSUMDB=off$(endef", "a:;GOSUMDB=off$(x"] {
        places_are_inside(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_is_read(text in soup()) {
        places_are_inside(&text);
    }

    #[test]
    fn any_characters_are_read(text in any::<String>()) {
        for kind in KINDS {
            let _ = scan(kind, &text);
        }
    }

    #[test]
    fn comments_set_nothing(text in "[^\r\n\\\\]{0,40}") {
        prop_assert_eq!(scan(FileKind::Shell, &format!("# {text}\n")).assignments, vec![]);
        prop_assert_eq!(scan(FileKind::Makefile, &format!("# {text}\n")).assignments, vec![]);
    }

    #[test]
    fn an_export_in_any_surroundings_is_found(before in "[a-z é]{0,10}", value in "[a-z,.*/-]{1,10}") {
        let text = format!("echo '{before}'; export GOPRIVATE={value}\n");
        let found = scan(FileKind::Shell, &text).assignments;
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].value, &value);
        let column = before.chars().count() + 17;
        prop_assert_eq!((found[0].span.start.line, found[0].span.start.column), (1, column));
    }
}

#[test]
fn hostile_sizes_are_read() {
    let texts = [
        "$(".repeat(20_000),
        "${a:-".repeat(20_000),
        "\"$(".repeat(20_000),
        "`".repeat(20_000),
        "(".repeat(20_000),
        "{ ".repeat(20_000),
        "if ".repeat(20_000),
        format!("{}{}", "{ ".repeat(10_000), "} >> $GITHUB_ENV; ".repeat(10_000)),
        format!("{}{}", "{ echo a; ".repeat(10_000), "} >> $GITHUB_ENV; ".repeat(10_000)),
        "sh -c 'sh -c \"".repeat(8_000),
        "env ".repeat(20_000),
        "x env ".repeat(20_000),
        "go ".repeat(20_000),
        "retry go ".repeat(20_000),
        "cat <<A ".repeat(10_000),
        "cat <<A\n".repeat(10_000),
        "A=$(shell ".repeat(10_000),
        "F = -mod=mod\na:\n".to_owned() + &"\tgo build $(F)\n".repeat(10_000),
        "x \\\n".repeat(20_000),
        "\techo a | tee -a $GITHUB_ENV\n".repeat(20_000),
        "echo a | ".repeat(10_000) + &"tee x ".repeat(10_000),
        "GOFLAGS=a ".repeat(10_000),
        format!("export GOPRIVATE={}", "*,".repeat(20_000)),
        format!("export GOPRIVATE={}", "*a".repeat(20_000)),
    ];
    for text in &texts {
        for kind in [FileKind::Shell, FileKind::Makefile, FileKind::Dockerfile, FileKind::DotEnv] {
            for one in scan(kind, text).assignments {
                let _ = judge_all(&one);
            }
        }
        let image = format!("FROM a\nRUN {text}");
        let _ = scan(FileKind::Dockerfile, &image);
        let indented = text.replace('\n', "\n          ");
        let _ = scan(
            FileKind::GithubWorkflow,
            &format!("jobs:\n  a:\n    steps:\n      - run: |\n          {indented}"),
        );
    }
}
