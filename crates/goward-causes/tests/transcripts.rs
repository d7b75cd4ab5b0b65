//! Every transcript, bare and inside the noise of each CI, and every signature by a transcript.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read transcripts from the disk"
)]

mod wrap;

use goward_causes::{classify, exercised, signatures};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

struct Transcript {
    name: String,
    cause: String,
    stage: String,
    log: String,
}

fn transcripts() -> Vec<Transcript> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let mut all = vec![];
    for folder in fs::read_dir(root).unwrap().flatten() {
        for file in fs::read_dir(folder.path()).unwrap().flatten() {
            let text = fs::read_to_string(file.path()).unwrap();
            let (header, log) = text.split_once("---\n").unwrap();
            let field = |name: &str| {
                let line = header.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
                line.unwrap_or_default().to_owned()
            };
            all.push(Transcript {
                name: file
                    .path()
                    .strip_prefix(env!("CARGO_MANIFEST_DIR"))
                    .unwrap()
                    .display()
                    .to_string(),
                cause: field("cause"),
                stage: field("stage"),
                log: log.to_owned(),
            });
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

#[test]
fn every_transcript_is_classified() {
    let mut wrong = vec![];
    for transcript in transcripts() {
        let verdict = classify(transcript.log.as_bytes());
        if verdict.id() != transcript.cause {
            wrong.push(format!("{}: {}", transcript.name, verdict.id()));
            continue;
        }
        // Evidence is where it says it is.
        for evidence in verdict.causes.iter().flat_map(|cause| &cause.evidence) {
            let line = usize::try_from(evidence.line.unwrap()).unwrap();
            let offset = usize::try_from(evidence.offset.unwrap()).unwrap();
            assert_eq!(
                transcript.log[..offset].matches('\n').count() + 1,
                line,
                "{}",
                transcript.name
            );
            assert!(transcript.log[offset..].starts_with(&evidence.text), "{}", transcript.name);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn stages_are_those_where_it_struck() {
    let all = transcripts();
    let failed =
        all.iter().filter(|transcript| !classify(transcript.log.as_bytes()).causes.is_empty());
    let (mut right, mut total, mut wrong) = (0, 0, vec![]);
    for transcript in failed {
        let verdict = classify(transcript.log.as_bytes());
        total += 1;
        if verdict.causes[0].stage.as_str() == transcript.stage {
            right += 1;
        } else {
            wrong.push(format!("{}: {}", transcript.name, verdict.causes[0].stage.as_str()));
        }
    }
    assert!(right * 10 >= total * 9, "{right} of {total}:\n{}", wrong.join("\n"));
}

#[test]
fn noise_around_it_changes_nothing() {
    let mut wrong = vec![];
    let mut count = 0;
    for transcript in transcripts() {
        for (name, wrap) in wrap::WRAPPERS {
            let log = wrap(&transcript.log, transcript.cause != "none.success");
            // What succeeded is not wrapped into what fails.
            let verdict = classify(log.as_bytes());
            count += 1;
            // Some wrappers say that `go build` failed, which was not so.
            let no_build = matches!(transcript.cause.as_str(), "unknown" | "none.other-failure");
            if verdict.id() != transcript.cause && !(no_build && verdict.causes.is_empty()) {
                wrong.push(format!("{} in {name}: {}", transcript.name, verdict.id()));
                continue;
            }
            for evidence in verdict.causes.iter().flat_map(|cause| &cause.evidence) {
                let offset = usize::try_from(evidence.offset.unwrap()).unwrap();
                assert!(log[offset..].starts_with(&evidence.text), "{} in {name}", transcript.name);
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_signature_has_a_transcript() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for transcript in transcripts() {
        for name in exercised(transcript.log.as_bytes()) {
            *seen.entry(name).or_default() += 1;
        }
    }
    let idle: Vec<&str> =
        signatures().iter().map(|s| s.name).filter(|name| !seen.contains_key(name)).collect();
    assert!(idle.is_empty(), "no transcript exercises {idle:?}");
}

#[test]
fn there_are_enough() {
    let all = transcripts();
    let causes: BTreeSet<&str> = all.iter().map(|transcript| transcript.cause.as_str()).collect();
    assert!(all.len() >= 250, "{} transcripts", all.len());
    assert!(causes.len() >= 70, "{} causes", causes.len());
}

#[test]
fn nothing_of_this_machine_is_in_them() {
    for transcript in transcripts() {
        let log = transcript.log.replace("/home/ci/work", "").replace("/home/runner/work", "");
        for word in
            ["/root/go", "/tmp/.tmp", "/work/", "golang.org/toolchain@v0.0.1-go1.2", ":53: "]
        {
            let there = log.contains(word)
                && !log.contains("192.0.2.53:53")
                && !log.contains("10.0.0.10:53");
            assert!(!there, "{} has {word}", transcript.name);
        }
    }
}
