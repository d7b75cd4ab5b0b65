//! What an attacker, or an unlucky colleague, got past the gate once.

use crate::world::World;
use std::os::unix::fs::symlink;

fn key(world: &World) -> String {
    let path = world.path("key.pem");
    let mut openssl = std::process::Command::new("openssl");
    openssl.args(["genpkey", "-algorithm", "ed25519", "-out"]).arg(&path);
    assert!(openssl.output().unwrap().status.success());
    std::fs::read_to_string(path).unwrap()
}

fn base64(text: &str) -> String {
    let mut child = std::process::Command::new("base64")
        .arg("-w0")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(child.stdin.as_mut().unwrap(), text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn no_report_repeats_a_private_key() {
    let world = World::module();
    let pem = key(&world);
    let der: String = pem.lines().filter(|line| !line.starts_with("--")).collect();
    let indented: String = pem.lines().map(|line| format!("    {line}\n")).collect();
    world.file("m/k8s/data.yaml", format!("kind: Secret\ndata:\n  tls.key: {}\n", base64(&pem)));
    world.file("m/k8s/text.yaml", format!("kind: Secret\nstringData:\n  tls.key: |\n{indented}"));
    world.file("m/app.yaml", format!("tls:\n  key: {der}\n"));
    for format in ["human", "json", "sarif", "junit", "github", "markdown"] {
        let ran = world.run(&["check", "--no-history", "--format", format]);
        assert_eq!(ran.status, 1, "{format}: {}", ran.stdout);
        assert!(ran.stdout.contains("tls-key-inline"), "{format}");
        for secret in [&der, &base64(&pem)] {
            assert!(!ran.stdout.contains(secret.get(10..50).unwrap()), "{format}: {}", ran.stdout);
        }
    }
    let found =
        world.run(&["check", "--no-history", "--format", "json", "--only", "tls-key-inline"]);
    assert_eq!(found.stdout.matches("\"fingerprint\"").count(), 3, "{}", found.stdout);
}

#[test]
fn links_do_not_lead_out_of_the_root() {
    let world = World::policy("[tls]\nroot = \"../root\"\n");
    world.file("m/app.yaml", "tls: {cert: /etc/fx/tls.crt}\n");
    world.file("host.crt", "not the container's").file("root/etc/fx/..data/inner.crt", "x");
    symlink(world.path("host.crt"), world.path("root/etc/fx/tls.crt")).unwrap();
    let ran = world.run(&["check", "--no-history", "--only", "tls-file"]);
    assert_eq!(ran.status, 1, "{}", ran.stdout);
    std::fs::remove_file(world.path("root/etc/fx/tls.crt")).unwrap();
    symlink("/etc/fx/..data/inner.crt", world.path("root/etc/fx/tls.crt")).unwrap();
    let ran = world.run(&["check", "--no-history", "--only", "tls-file"]);
    assert_eq!(ran.status, 0, "{}", ran.stdout);
}

#[test]
fn only_the_repositorys_own_rules_hide_files() {
    let world = World::module();
    world.file("m/Dockerfile", "FROM golang\nENV GOSUMDB=off\n");
    let closed = |what: &str| {
        let ran = world.run(&["check", "--no-history", "--only", "gosumdb-off"]);
        assert_eq!(ran.status, 1, "{what}: {}", ran.stdout);
    };
    closed("as it is");
    world.file("m/.ignore", "*\n").file("home/.config/git/ignore", "Dockerfile\n");
    closed("another program's rules, and the user's own");
    let git = |args: &[&str]| {
        let mut git = std::process::Command::new("git");
        let done = git.args(args).current_dir(world.root()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "-q"]);
    world.file("m/.git/info/exclude", "Dockerfile\n");
    closed("this clone's rules");
    git(&["add", "-f", "Dockerfile"]);
    world.file("m/.gitignore", "Dockerfile\n");
    closed("a file that is tracked although it is ignored");
}

#[test]
fn files_that_policy_names_are_judged_though_git_ignores_them() {
    let world = World::policy("[placeholders]\nrendered = [\"out/**\"]\n");
    world.file("m/.gitignore", "out/\n").file("m/out/a.yaml", "a: ${X}\n");
    let ran = world.run(&["check", "--no-history", "--only", "placeholder-left"]);
    assert_eq!(ran.status, 1, "{}", ran.stdout);
}

#[test]
fn locks_hold_against_the_command_line() {
    let world = World::module();
    world.file("org.toml", "locked = [\"checks.gosumdb-off\"]\n");
    let run = |args: &[&str], policy: &str| {
        let output = world.command(args).env("GOWARD_POLICY", policy).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let check = |skip: &'static str| ["check", "--no-history", "--skip", skip];
    let (status, said) = run(&check("gosumdb-off"), "../org.toml");
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("is locked by ../org.toml:1:"), "{said}");
    assert_eq!(run(&check("goinsecure"), "../org.toml").0, Some(0));
    world.file("typo.toml", "locked = [\"chekcs.gosumdb-off\"]\n");
    let (status, said) = run(&["check"], "../typo.toml");
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("did you mean `checks.gosumdb-off`"), "{said}");
    assert_eq!(run(&["check"], "").0, Some(2));
}

#[test]
fn a_limited_run_says_so() {
    let world = World::module();
    let ran = world.run(&["check", "--no-history", "--skip", "goinsecure"]);
    assert!(ran.stdout.contains("not the whole checklist: --skip goinsecure"), "{}", ran.stdout);
    assert!(!world.run(&["check", "--no-history"]).stdout.contains("not the whole"));
}

#[test]
fn what_could_not_be_read_opens_no_gate() {
    for (path, bytes) in [
        ("m/config/a.yaml", b"# \xff\ntls: {cert: a.crt}\n".as_slice()),
        ("m/config/b.yaml", b"tls:\n  cert: [a\n  b: }\n"),
    ] {
        let world = World::module();
        world.file(path, bytes);
        let ran = world.run(&["check", "--no-history", "--only", "tls-path-absolute"]);
        assert!(ran.status == 1 || ran.status == 3, "{path}: {} {}", ran.status, ran.stdout);
    }
}

#[test]
fn a_policy_that_names_no_file_opens_no_gate() {
    let world = World::policy("[tls]\nfiles = [\"cofnig/*.yaml\"]\n");
    world.file("m/config/a.yaml", "tls: {cert: /etc/a.crt}\n");
    let ran = world.run(&["check", "--no-history", "--only", "tls-path-absolute"]);
    assert_eq!(ran.status, 3, "{}", ran.stdout);
    assert!(ran.stdout.contains("cofnig/*.yaml"), "{}", ran.stdout);
}

#[test]
fn its_own_reports_are_no_findings() {
    let world = World::module();
    let mut args = vec!["check", "--no-history"];
    for file in ["r.sarif", "r.xml", "r.json", "r.md", "r.txt"] {
        args.extend(["--output", file]);
    }
    assert_eq!(world.run(&args).status, 0);
    let ran = world.run(&["check", "--no-history", "-q"]);
    assert_eq!(ran.status, 0, "{}", ran.stdout);
}
