//! Bad input: one clear message with the file, the line and the fix; a documented exit status;
//! bounded memory and time; nothing lost.

use crate::world::World;
use std::os::unix::fs::symlink;
use std::time::Instant;

/// Runs `goward check` and expects a usage error whose message has all of `parts`.
fn refused(world: &World, args: &[&str], parts: &[&str]) {
    let mut all = vec!["check", "--no-history"];
    all.extend(args);
    let ran = world.run(&all);
    assert_eq!(ran.status, 2, "{}{}", ran.stdout, ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "{part:?} is not in {:?}", ran.stderr);
    }
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_folder_that_is_no_target_is_refused() {
    let world = World::module();
    std::fs::create_dir(world.path("empty")).unwrap();
    refused(&world, &["../missing"], &["../missing: no such folder", "goward check DIR"]);
    refused(&world, &["../empty"], &["../empty: no go.mod", "go mod init"]);
    refused(&world, &["go.mod"], &["go.mod is not a folder"]);
}

#[test]
fn a_wrong_policy_is_refused_with_line_and_fix() {
    let world = World::policy("[tls]\nmin_dayz = 3\n");
    refused(&world, &[], &["goward.toml:2:1: unknown key `min_dayz`", "did you mean `min_days`?"]);
    world.file("m/goward.toml", b"[tls]\nhosts = [\"\xff\"]\n");
    refused(&world, &[], &["goward.toml:2: not valid UTF-8"]);
    world.file("m/goward.toml", "x".repeat(2 << 20));
    refused(&world, &[], &["goward.toml: 2097152 bytes are more than a policy may have"]);
    world.file("m/goward.toml", "a = [\n");
    refused(&world, &[], &["goward.toml:"]);
}

#[test]
fn wrong_names_on_the_command_line_are_refused_with_the_nearest() {
    let world = World::module();
    refused(
        &world,
        &["--only", "tls-expird"],
        &["no check is called `tls-expird`", "did you mean `tls-expired`?"],
    );
    refused(&world, &["--group", "admision"], &["did you mean `admission`?"]);
    refused(&world, &["--set", "tls.min_days"], &["--set KEY=VALUE"]);
    refused(
        &world,
        &["--set", "tls.min_dayz=3"],
        &["--set tls.min_dayz=3", "did you mean `min_days`?"],
    );
    refused(&world, &["--policy", "none.toml"], &["none.toml"]);
}

#[test]
fn an_organisation_policy_that_cannot_be_read_is_refused() {
    let world = World::module();
    let output = world
        .command(&["check", "--no-history"])
        .env("GOWARD_POLICY", "/no/org.toml")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/no/org.toml"));
}

#[test]
fn crlf_and_a_byte_order_mark_change_nothing() {
    let world = World::module();
    world.file("m/goward.toml", "\u{feff}[tls]\r\nmin_days = 3\r\n");
    world.file("m/config.yaml", "\u{feff}tls:\r\n  cert: /tmp/x.crt\r\n");
    let checked = world.check(&["--group", "admission"]);
    let finding = &checked.outcome("tls-path-volatile")["findings"][0];
    assert_eq!(
        (finding["location"]["line"].as_u64(), finding["location"]["column"].as_u64()),
        (Some(2), Some(9))
    );
}

#[test]
fn link_loops_pipes_and_odd_names_do_not_disturb() {
    let world = World::module();
    symlink(".", world.path("m/loop")).unwrap();
    symlink("b.yaml", world.path("m/a.yaml")).unwrap();
    symlink("a.yaml", world.path("m/b.yaml")).unwrap();
    assert!(
        std::process::Command::new("mkfifo")
            .arg(world.path("m/pipe.yaml"))
            .status()
            .unwrap()
            .success()
    );
    world.file("m/new\nline.yaml", "tls:\n  cert: /tmp/a.crt\n");
    let checked = world.check(&[]);
    assert_eq!(checked.verdict("tls-path-volatile"), "fail");
}

#[test]
fn a_go_mod_that_is_a_folder_or_a_link_loop_is_no_pass() {
    let world = World::module();
    std::fs::remove_file(world.path("m/go.mod")).unwrap();
    symlink("go.mod", world.path("m/go.mod")).unwrap();
    let checked = world.check(&[]);
    assert_ne!(checked.status, 0);
    assert_ne!(checked.verdict("go-mod-valid"), "pass");
    std::fs::remove_file(world.path("m/go.mod")).unwrap();
    std::fs::create_dir(world.path("m/go.mod")).unwrap();
    assert_ne!(world.check(&[]).verdict("go-mod-valid"), "pass");
}

#[test]
fn invalid_utf8_is_no_pass_where_it_matters() {
    let world = World::module();
    world.file("m/go.mod", b"module example.com/m\n\nrequire example.com/\xff v1.0.0\n");
    let checked = world.check(&[]);
    assert_ne!(checked.verdict("go-mod-valid"), "pass");
    assert_ne!(checked.status, 0);
}

#[test]
fn a_yaml_bomb_and_a_huge_file_are_bounded() {
    let world = World::module();
    let mut bomb =
        String::from("tls: &a0 [cert, cert, cert, cert, cert, cert, cert, cert, cert]\n");
    for i in 1..40 {
        let refs = vec![format!("*a{}", i - 1); 9].join(", ");
        bomb += &format!("k{i}: &a{i} [{refs}]\n");
    }
    world.file("m/bomb.yaml", bomb + "x:\n  tls:\n    cert: /tmp/x.crt\n    key: x\n");
    let huge = std::fs::File::create(world.path("m/huge.yaml")).unwrap();
    huge.set_len(1 << 30).unwrap();
    let started = Instant::now();
    let goward = env!("CARGO_BIN_EXE_goward");
    let script = format!("ulimit -v 300000; exec {goward} check --no-history --format json");
    let command = world.command(&[]);
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(world.root())
        .env_clear()
        // One heap for all threads: the limit is on address space, which further heaps reserve.
        .env("MALLOC_ARENA_MAX", "1")
        .envs(command.get_envs().filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned()))))
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|err| panic!("{err}: {}", String::from_utf8_lossy(&output.stderr)));
    assert!(started.elapsed().as_secs() < 30);
    assert!(report["outcomes"].is_array());
}

#[test]
fn a_certificate_of_nonsense_is_a_finding() {
    let world = World::policy("[tls]\nroot = \"../root\"\n");
    world.file("m/app.yaml", "tls:\n  cert: /etc/s.crt\n  key: /etc/s.key\n");
    world.file("root/etc/s.crt", b"\x00\xff nonsense").file("root/etc/s.key", "");
    let checked = world.check(&["--group", "admission"]);
    assert_eq!(checked.verdict("tls-parse"), "fail");
    assert_eq!(checked.status, 1);
}
