//! A log is explained: real ones, and hostile ones.

use crate::world::{Ran, World, ran};
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

const LOG: &str = "\
2024-05-01T12:00:00.0000000Z ##[group]Run go build ./...
2024-05-01T12:00:09.0000000Z # example.com/hello
2024-05-01T12:00:09.0000000Z ./main.go:3:8: \"os\" imported and not used
2024-05-01T12:00:09.0000000Z ./main.go:5:2: undefined: greet
2024-05-01T12:00:09.0000000Z ##[error]Process completed with exit code 1.
";

fn explain(log: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    let world = World::module();
    world.file("m/ci.log", log);
    let mut args = vec!["explain", "ci.log"];
    args.extend(more);
    world.run(&args)
}

#[test]
fn a_failed_build_fits_on_a_screen() {
    let ran = explain(LOG, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("source.undefined: "), "{}", ran.stdout);
    for word in [
        "stage compile",
        "owner developer",
        "retry never",
        "tier P2",
        "     4 | ",
        "undefined: greet",
        "1 of 2 errors",
        "fix: ",
    ] {
        assert!(ran.stdout.contains(word), "{word}:\n{}", ran.stdout);
    }
    assert!(ran.stdout.lines().count() <= 24, "{}", ran.stdout);
}

#[test]
fn json_holds_the_verdict() {
    let ran = explain(LOG, &["--format", "json", "--slo", "--release"]);
    let verdict: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(verdict["id"], "source.undefined");
    assert_eq!(verdict["outcome"], "failed");
    assert_eq!(verdict["causes"][0]["tier"], "P1", "a release branch is a step more urgent");
    assert_eq!(verdict["causes"][0]["evidence"][0]["line"], 4);
    assert_eq!(verdict["causes"][1]["follows"], "source.undefined");
    assert!(verdict["budget"].is_null(), "a change that does not compile burns no budget");
    let offset =
        usize::try_from(verdict["causes"][0]["evidence"][0]["offset"].as_u64().unwrap()).unwrap();
    assert!(
        LOG[offset..].starts_with(verdict["causes"][0]["evidence"][0]["text"].as_str().unwrap())
    );
}

#[test]
fn platform_failures_burn_the_platforms_budget() {
    let ran = explain(
        "# m\ncompile: writing output: write $WORK/b001/_pkg_.a: no space left on device\n",
        &["--slo"],
    );
    assert!(ran.stdout.starts_with("resource.disk-full: "), "{}", ran.stdout);
    assert!(ran.stdout.contains("burns the platform budget"), "{}", ran.stdout);
}

#[test]
fn it_is_said_in_chinese() {
    let ran = explain(LOG, &["--lang", "zh"]);
    assert!(ran.stdout.contains("标识符") && ran.stdout.contains("修复"), "{}", ran.stdout);
}

#[test]
fn the_exit_status_tells_the_unknown_from_the_unreadable() {
    assert_eq!(explain("$ go build ./...\nmake: *** [Makefile:3: build] Error 1\n", &[]).status, 3);
    assert_eq!(explain("", &[]).status, 3);
    assert_eq!(
        explain("$ go test ./...\nok  \texample.com/hello\t0.1s\nJob succeeded\n", &[]).status,
        0
    );
    let world = World::module();
    for subject in ["nothing-is-called-so.log", "."] {
        let ran = world.run(&["explain", subject]);
        assert_eq!(ran.status, 2, "{subject}: {}{}", ran.stdout, ran.stderr);
    }
}

/// As of a check: the place in the source is the finding's, and where there is none the line of the log.
#[test]
fn the_verdict_has_every_format_of_a_report() {
    for (format, words) in [
        (
            "github",
            &["::warning file=main.go,line=5,", "title=P2 build.compile::source.undefined"][..],
        ),
        ("markdown", &["gate CLOSED", "main.go:5:2"]),
        ("junit", &["<testcase name=\"build.compile\"", "main.go:5:2: source.undefined"]),
        ("sarif", &["\"uri\": \"main.go\"", "\"exitCode\": 0"]),
    ] {
        let ran = explain(LOG, &["--format", format]);
        assert_eq!(ran.status, 0, "{format}: {}", ran.stderr);
        for word in words {
            assert!(ran.stdout.contains(word), "{format}: {word}\n{}", ran.stdout);
        }
    }
    let no_place = explain(
        "x\ngo: x@v1.0.0: Get \"https://proxy.example.com/x\": dial tcp: lookup proxy.example.com: no such host\n",
        &["--format", "github"],
    );
    assert!(no_place.stdout.contains("::error file=ci.log,line=2,"), "{}", no_place.stdout);
    let unknown = explain("", &["--format", "junit"]);
    assert_eq!(unknown.status, 3);
    assert!(unknown.stdout.contains("the log is empty"), "{}", unknown.stdout);
}

#[test]
fn standard_input_and_causes_are_explained_too() {
    let world = World::module();
    let mut child = world
        .command(&["explain", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(LOG.as_bytes()).unwrap();
    let piped = ran(child.wait_with_output().unwrap());
    assert!(piped.stdout.starts_with("source.undefined: "), "{}", piped.stdout);
    let page = world.run(&["explain", "network.dns"]);
    assert!(page.stdout.contains("## How to fix it"), "{}", page.stdout);
    let near = world.run(&["explain", "network.dnss"]);
    assert!(near.status == 2 && near.stderr.contains("network.dns"), "{}", near.stderr);
}

#[test]
fn hostile_logs_are_bounded_and_quick() {
    let world = World::module();
    let noise: Vec<u8> =
        (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let almost =
        "./main.go:5:2: undefine: no required module provide package; missing go.sum entr\n"
            .repeat(1_000_000);
    let endless = format!("go: {}", "x: dial tcp: lookup ".repeat(500_000));
    let escapes = "\u{1b}[".repeat(2_000_000);
    // Full of words that failures are told with.
    let program = std::fs::read("/bin/sh").unwrap();
    let logs: [(&str, &[u8]); 7] = [
        ("binary", &noise),
        ("binary", &program),
        ("almost", almost.as_bytes()),
        ("endless", endless.as_bytes()),
        ("escapes", escapes.as_bytes()),
        ("truncated", &LOG.as_bytes()[..260]),
        ("utf-8", b"# m\n\xff\xfe\xc3\x28 ./main.go:5:2: undefined: x\n"),
    ];
    for (name, log) in logs {
        world.file("m/ci.log", log);
        let started = Instant::now();
        let ran = world.run(&["explain", "ci.log"]);
        assert!(matches!(ran.status, 0 | 3), "{name}: {}\n{}", ran.status, ran.stderr);
        // Nobody can say of it that nothing failed.
        let refused = ran.status == 3 && ran.stdout.contains("the log holds no text");
        assert!(name != "binary" || refused, "{}", ran.stdout);
        assert!(ran.stdout.len() < 8_000, "{name}: {} bytes", ran.stdout.len());
        // A debug build on a loaded machine.
        assert!(started.elapsed() < Duration::from_secs(60), "{name}: {:?}", started.elapsed());
    }
}

#[test]
fn a_sparse_gigabyte_is_no_burden() {
    let world = World::module();
    let file = std::fs::File::create(world.path("m/ci.log")).unwrap();
    file.set_len(1 << 30).unwrap();
    let script = format!("ulimit -v 400000; {} explain ci.log", env!("CARGO_BIN_EXE_goward"));
    let mut shell = std::process::Command::new("sh");
    let ran = ran(shell.args(["-c", &script]).current_dir(world.root()).output().unwrap());
    assert_eq!(ran.status, 3, "{}{}", ran.stdout, ran.stderr);
}

/// PowerShell's `>` writes UTF-16, and CIs give logs packed.
#[test]
fn a_log_of_another_form_is_read_or_named() {
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(LOG.replace('\n', "\r\n").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let ran = explain(utf16, &[]);
    assert!(ran.stdout.starts_with("source.undefined: "), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("     4 | "), "{}", ran.stdout);
    for (head, command) in [
        (&b"\x1f\x8b\x08\0\0\0\0\0\0\x03"[..], "gzip -dc ci.log | goward explain -"),
        (b"PK\x03\x04\x14\0\0\0", "unzip -p ci.log | goward explain -"),
    ] {
        let ran = explain(head, &[]);
        assert!(ran.status == 2 && ran.stderr.contains(command), "{}{}", ran.status, ran.stderr);
    }
    assert_eq!(explain("go", &[]).status, 0, "shorter than a mark");
}

/// A CI shows what it has a place for: annotations, test reports, code scanning.
#[test]
fn a_log_gets_every_format_and_every_file() {
    let markdown = explain(LOG, &["--format", "markdown"]);
    assert_eq!(markdown.status, 0, "it is explained: {}", markdown.stderr);
    let annotated = explain(LOG, &["--format", "github", "--lang", "zh"]).stdout;
    assert!(annotated.starts_with("::warning file=main.go,line=5,"), "{annotated}");
    let said = "source.undefined: 标识符、字段或方法不存在: ./main.go:5:2: undefined: greet%0A";
    assert!(annotated.contains(said), "{annotated}");
    assert!(!annotated.contains("source.unused"), "what only follows is no finding: {annotated}");
    let world = World::module();
    world.file("m/ci.log", LOG);
    let files = ["r.json", "r.sarif", "r.xml", "r.md", "r.txt"];
    let mut args = vec!["explain", "ci.log"];
    args.extend(files.iter().flat_map(|file| ["--output", file]));
    assert_eq!(world.run(&args).status, 0);
    let read = |file: &str| std::fs::read_to_string(world.path("m").join(file)).unwrap();
    let verdict: serde_json::Value = serde_json::from_str(&read("r.json")).unwrap();
    assert_eq!(verdict["schema"], "goward.verdict/v1");
    let sarif: serde_json::Value = serde_json::from_str(&read("r.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1, "{sarif}");
    assert!(read("r.xml").contains("<testcase name=\"build.compile\""), "{}", read("r.xml"));
    assert!(read("r.txt").starts_with("source.undefined: "), "{}", read("r.txt"));
    assert!(read("r.md").contains("main.go:5:2"), "{}", read("r.md"));
    // What cannot be written is said, whatever the log says.
    let absent = world.run(&["explain", "ci.log", "--output", "absent/r.json"]);
    assert!(absent.status == 2 && absent.stderr.contains("no folder absent"), "{}", absent.stderr);
    // An unknown failure is no pass, and one that is not go's has its place in the log.
    let unknown = explain("", &["--format", "junit"]);
    assert_eq!(unknown.status, 3);
    assert!(unknown.stdout.contains("<error"), "{}", unknown.stdout);
    let other = explain("x\nmake: *** [all] Error 1\n", &["--format", "github"]);
    assert!(other.stdout.contains("file=ci.log,line=2,"), "{}", other.stdout);
    // The documentation is no report.
    for flags in [["--format", "json"], ["--output", "r.json"]] {
        for subject in [&["source.undefined"][..], &[]] {
            let refused = world.run(&[&["explain"], &flags[..], subject].concat());
            assert!(refused.status == 2 && refused.stdout.is_empty(), "{subject:?}");
        }
    }
}
