//! Formats, files, languages.

use crate::world::World;

const POLICY: &str =
    "[[custom]]\nid = \"x\"\ntitle = \"the x\"\ncommand = \"echo broken >&2; exit 1\"\n";

#[test]
fn several_formats_are_written_at_once_by_extension() {
    let world = World::policy(POLICY);
    let mut args = vec!["check", "--no-history"];
    for file in ["r.json", "r.sarif", "r.xml", "r.md", "r.txt"] {
        args.extend(["--output", file]);
    }
    let ran = world.run(&args);
    assert_eq!(ran.status, 1);
    let read = |file: &str| std::fs::read_to_string(world.path(&format!("m/{file}"))).unwrap();
    let json: serde_json::Value = serde_json::from_str(&read("r.json")).unwrap();
    assert_eq!(json["schema"], "goward.report/v1");
    let sarif: serde_json::Value = serde_json::from_str(&read("r.sarif")).unwrap();
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().unwrap() >= 1, "{result}");
    }
    assert!(read("r.xml").contains("<testsuites"));
    assert!(read("r.md").contains("x"));
    assert!(read("r.txt").contains("exited with 1: broken"));
    let left: Vec<_> =
        std::fs::read_dir(world.root()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".goward-")), "{left:?}");
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_but_opens_no_gate() {
    let world = World::module();
    let good = world.run(&["check", "--no-history", "-q", "--output", "none/r.json"]);
    assert_eq!(good.status, 2);
    assert!(good.stderr.contains("none/r.json"), "{}", good.stderr);
    let unknown = world.run(&["check", "--no-history", "-q", "--output", "r.docx"]);
    assert!(unknown.status == 2 && unknown.stderr.contains(".sarif"), "{}", unknown.stderr);
    let closed =
        World::policy(POLICY).run(&["check", "--no-history", "-q", "--output", "none/r.json"]);
    assert_eq!(closed.status, 1);
}

#[test]
fn a_closed_pipe_is_no_crash() {
    let world = World::policy(POLICY);
    let script = format!("{} check --no-history -v | true", env!("CARGO_BIN_EXE_goward"));
    let mut shell = std::process::Command::new("sh");
    let output = shell.args(["-c", &script]).current_dir(world.root()).output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
fn a_full_disk_is_told() {
    let world = World::policy(POLICY);
    let output = world
        .command(&["check", "--no-history"])
        .stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"));
}

#[test]
fn findings_and_help_speak_both_languages() {
    let world = World::policy(POLICY);
    let english = world.run(&["check", "--no-history", "--lang", "en"]).stdout;
    let chinese = world.run(&["check", "--no-history", "--lang", "zh"]).stdout;
    assert!(english.contains("exited with 1") && !english.contains("退出码"), "{english}");
    assert!(chinese.contains("退出码 1"), "{chinese}");
    assert!(world.run(&["check", "--help", "--lang", "zh"]).stdout.contains("运行编译前检查清单"));
    let output = world.command(&["--help"]).env("LANG", "zh_CN.UTF-8").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("门禁"));
}

#[test]
fn a_machine_s_report_does_not_depend_on_the_language() {
    let world = World::policy(POLICY);
    let shape = |lang: &str| {
        let checked = world.check(&["--lang", lang]);
        checked.outcome("x")["findings"].clone()
    };
    assert_eq!(shape("en"), shape("zh"));
}

#[test]
fn a_waived_finding_stays_in_the_output_and_an_expired_one_comes_back() {
    let world = World::policy(POLICY);
    let checked = world.check(&["--only", "x"]);
    let print = checked.outcome("x")["findings"][0]["fingerprint"].as_str().unwrap().to_owned();
    let waive = |expires: &str| {
        let waiver = format!(
            "{POLICY}[[waiver]]\ncheck = \"x\"\nfingerprint = \"{print}\"\nreason = \"known\"\nowner = \"team-a\"\nexpires = {expires}\n"
        );
        world.file("m/goward.toml", waiver);
        world.check(&[])
    };
    let waived = waive("2099-12-31");
    assert_eq!((waived.status, waived.outcome("x")["status"].as_bool()), (0, Some(true)));
    assert_eq!(waived.outcome("x")["findings"][0]["waiver"]["owner"], "team-a");
    assert_eq!(waived.report["summary"]["waived"], 1);
    let expired = waive("2020-01-01");
    assert_eq!(expired.status, 1);
    assert_eq!(expired.outcome("x")["findings"][0]["waiver"]["state"], "expired");
    assert_eq!(expired.verdict("waiver-expired"), "fail");
    assert_eq!(waive("\"soon\"").status, 1);
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let world = World::module();
    for shell in ["bash", "zsh", "fish"] {
        assert!(world.run(&["completions", shell]).stdout.contains("goward"), "{shell}");
    }
    assert!(world.run(&["man"]).stdout.contains(".TH goward"));
    std::fs::create_dir(world.path("man")).unwrap();
    assert_eq!(world.run(&["man", "--dir", "../man"]).status, 0);
    assert!(world.path("man/goward-check.1").exists());
}
