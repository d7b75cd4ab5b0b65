//! Whatever the text: no panic, an answer that fits its reason, a span inside the text, and never "on" without the flag's
//! name in the text.

use launchflag::{Kind, State, judge};
use proptest::prelude::*;

const FRAGMENTS: &[&str] = &[
    "server",
    "--audit=true",
    "--audit",
    "--audit=",
    "--no-audit",
    "audit: true\n",
    "AUDIT=true\n",
    "true",
    "false",
    "\0",
    " ",
    "\n",
    "  ",
    "\"",
    "'",
    "\\",
    "\\\n",
    "$X",
    "${X:-true}",
    "$(",
    ")",
    "`",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "- ",
    "#",
    ";",
    "&",
    "&&",
    "|",
    "||",
    "<<EOF\n",
    "EOF\n",
    "if ",
    "then ",
    "fi\n",
    "case x in ",
    "esac",
    "do ",
    "done",
    "exec ",
    "set -- ",
    "\"$@\"",
    "sh -c ",
    "tini -- ",
    "env ",
    "eval ",
    "X=true ",
    "FROM a\n",
    "CMD ",
    "ENTRYPOINT ",
    "[\"",
    "\", \"",
    "\"]\n",
    "ENV X=true\n",
    "[Service]\n",
    "ExecStart=",
    "Environment=X=true\n",
    "%i",
    "%%",
    "kind: Pod\n",
    "spec:\n",
    "  containers:\n",
    "  - name: x\n",
    "    args: [--audit=true]\n",
    "    command:\n",
    "    env:\n",
    "services:\n",
    "  a:\n",
    "    command: ",
    "    entrypoint: ",
    "data:\n",
    "---\n",
    "&a ",
    "*a\n",
    "<<: ",
    "|\n",
    ">-\n",
    "{{ .X }}",
    "é",
    "😀",
    "\u{feff}",
    "\t",
    "\r\n",
];

fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(FRAGMENTS);
    prop::collection::vec(fragment, 0..30).prop_map(|parts| parts.concat())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
    for kind in Kind::ALL {
        let verdict = judge(kind, text.as_bytes(), "audit");
        prop_assert_eq!(verdict.state, verdict.why.state());
        prop_assert!(!verdict.why.to_string().is_empty() && !verdict.why.zh().is_empty());
        if let Some(span) = verdict.span {
            for place in [span.start, span.end] {
                let width = lines.get(place.line - 1);
                prop_assert!(
                    width.is_some_and(|width| place.column <= width + 1),
                    "{kind:?} {place:?} {verdict:?}"
                );
            }
            prop_assert!(span.start <= span.end, "{kind:?} {verdict:?}");
        }
        let named = text.to_lowercase().contains("audit");
        prop_assert!(named || verdict.state != State::On, "{kind:?} {verdict:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn fragments_are_judged(text in fragments()) {
        check(&text)?;
    }

    #[test]
    fn any_text_is_judged(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_script_is_judged(script in fragments()) {
        check(&format!("sh\0-c\0{script}\0"))?;
        check(&format!("FROM a\nCMD {script}"))?;
        check(&format!("[Service]\nExecStart=/s {script}"))?;
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        for kind in Kind::ALL {
            let verdict = judge(kind, &bytes, "audit");
            prop_assert!(verdict.state != State::On, "{verdict:?}");
        }
    }
}
