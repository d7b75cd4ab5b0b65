//! `goward inspect` of files that lie, of pipes, and of programs that somebody changed.

use crate::world::{World, ran};
use std::process::Command;

/// A program of the runtime alone.
fn program(world: &World, name: &str, flags: &[&str]) {
    world.file("m/main.go", "package main\n\nfunc main() { println(1) }\n");
    let mut go = Command::new("go");
    go.args(["build", "-o", name]).args(flags).arg(".").current_dir(world.root());
    go.env("GOFLAGS", "-buildvcs=false").env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local");
    let output = ran(go.output().unwrap());
    assert_eq!(output.status, 0, "{}", output.stderr);
}

fn tool(world: &World, program: &str, args: &[&str]) {
    let output = ran(Command::new(program).args(args).current_dir(world.root()).output().unwrap());
    assert_eq!(output.status, 0, "{program}: {}", output.stderr);
}

#[test]
fn what_was_done_after_the_link_is_told_in_both_languages() {
    let world = World::module();
    program(&world, "whole", &[]);
    std::fs::copy(world.path("m/whole"), world.path("m/stripped")).unwrap();
    tool(&world, "strip", &["stripped"]);
    let of = |file: &str, lang: &str| {
        world.run(&["inspect", file, "--need", "trace", "--lang", lang]).stdout
    };
    assert!(
        of("whole", "en").contains("as Go linked it, to the last byte"),
        "{}",
        of("whole", "en")
    );
    assert!(of("whole", "zh").contains("与 Go 链接时完全一致"), "{}", of("whole", "zh"));
    let (en, zh) = (of("stripped", "en"), of("stripped", "zh"));
    assert!(en.contains("changed after the link: its symbol table was removed (strip)"), "{en}");
    assert!(zh.contains("链接之后被改动:符号表被去除(strip)"), "{zh}");
    // It is no failure by itself; a difference it is.
    assert_eq!(world.run(&["inspect", "stripped", "--need", "trace"]).status, 0);
    let json = world.run(&["plumbing", "artifact", "stripped"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["after_link"]["state"], "changed");
    assert_eq!(json["after_link"]["signs"][0], "stripped");
    let diff = world.run(&["diff", "whole", "stripped"]);
    assert_eq!(diff.status, 1, "{}", diff.stdout);
    assert!(diff.stdout.contains("as linked → changed after the link"), "{}", diff.stdout);
    let chinese = world.run(&["diff", "whole", "stripped", "--lang", "zh"]).stdout;
    assert!(chinese.contains("文件  与链接时一致 → 链接之后被改动"), "{chinese}");
    assert_eq!(world.run(&["diff", "stripped", "stripped"]).status, 0);
}

#[test]
fn programs_of_files_are_not_taken_for_one() {
    let world = World::module();
    for (name, text) in [("pay", "1"), ("tool", "2")] {
        world.file(
            &format!("m/{name}.go"),
            format!("package main\n\nfunc main() {{ println({text}) }}\n"),
        );
        tool(&world, "go", &["build", "-o", name, &format!("{name}.go")]);
    }
    let diff = world.run(&["diff", "pay", "tool"]);
    assert_eq!(diff.status, 1, "{}", diff.stdout);
    assert!(diff.stdout.contains("B is another program than A"), "{}", diff.stdout);
}

#[test]
fn a_part_that_claims_gigabytes_of_holes_is_not_read() {
    let world = World::module();
    program(&world, "app", &[]);
    let mut elf = std::fs::read(world.path("m/app")).unwrap();
    let number = |elf: &[u8], at: usize, length: usize| {
        let bytes = &elf[at..at + length];
        usize::try_from(bytes.iter().rev().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte)))
            .unwrap()
    };
    // The function table, by its name.
    let table = number(&elf, 0x28, 8);
    let names = number(&elf, table + number(&elf, 0x3e, 2) * 64 + 24, 8);
    let header = (0..number(&elf, 0x3c, 2))
        .map(|index| table + index * 64)
        .find(|at| elf[names + number(&elf, *at, 4)..].starts_with(b".gopclntab\0"))
        .unwrap();
    elf[header + 32..header + 40].copy_from_slice(&(6u64 << 30).to_le_bytes());
    std::fs::write(world.path("m/app"), elf).unwrap();
    std::fs::File::options()
        .write(true)
        .open(world.path("m/app"))
        .unwrap()
        .set_len(8 << 30)
        .unwrap();
    let en = world.run(&["inspect", "app"]);
    assert_eq!(en.status, 3, "{}{}", en.stdout, en.stderr);
    assert!(en.stdout.contains("claims 6442450944 bytes"), "{}", en.stdout);
    let zh = world.run(&["inspect", "app", "--lang", "zh"]).stdout;
    assert!(zh.contains("声称有 6442450944 字节"), "{zh}");
}

#[test]
fn pipes_are_refused_or_used_and_never_waited_for() {
    let world = World::module();
    program(&world, "app", &[]);
    for name in ["pipe", "pipe.json"] {
        tool(&world, "mkfifo", &[name]);
    }
    for (args, wanted) in [
        (&["inspect", "pipe"][..], "not a regular file"),
        (&["inspect", "app", "--pdb", "pipe"], "neither a regular file nor a folder"),
        (&["inspect", "app", "--html", "pipe"], "a pipe that nobody reads"),
        (&["inspect", "app", "--sbom", "pipe"], "a pipe that nobody reads"),
        (&["inspect", "app", "--output", "pipe.json"], "it is a pipe or a device"),
        (&["snapshot", "app", "-w", "pipe.json"], "it is a pipe or a device"),
    ] {
        let refused = world.run(args);
        assert_eq!(refused.status, 2, "{args:?}: {}{}", refused.stdout, refused.stderr);
        assert!(refused.stderr.contains(wanted), "{args:?}: {}", refused.stderr);
    }
    // Keys come out of vaults, and a page may go through a pipe.
    tool(&world, "openssl", &["genpkey", "-algorithm", "ed25519", "-out", "key.pem"]);
    let goward = env!("CARGO_BIN_EXE_goward");
    let line = format!(
        "{goward} inspect app --no-history --provenance p.json --sign-key <(cat key.pem) --html >(cat > page.html)"
    );
    tool(&world, "bash", &["-c", &line]);
    assert!(std::fs::read_to_string(world.path("m/p.json")).unwrap().contains("signatures"));
}

#[test]
fn what_is_not_linked_yet_is_refused_by_name() {
    let world = World::module();
    world.file("m/c.c", "int f(int x) { return x; }\n");
    tool(&world, "gcc", &["-g", "-c", "c.c"]);
    tool(&world, "ar", &["rc", "c.a", "c.o"]);
    for (file, wanted) in [("c.o", "it is an object file, not yet linked"), ("c.a", "an archive")] {
        for command in [&["inspect", file][..], &["snapshot", file], &["diff", file, file]] {
            let refused = world.run(command);
            assert_eq!(refused.status, 2, "{command:?}: {}", refused.stdout);
            assert!(refused.stderr.contains(wanted), "{command:?}: {}", refused.stderr);
        }
    }
}

#[test]
fn a_program_of_gccgo_is_called_so() {
    let world = World::module();
    world.file("m/c.c", "int main(void) { return 0; }\n").file("m/export", "v3;\n");
    tool(&world, "gcc", &["-o", "c", "c.c"]);
    // What gccgo leaves in a program.
    tool(&world, "objcopy", &["--add-section=.go_export=export", "c", "gccgo"]);
    let told = world.run(&["inspect", "gccgo"]);
    assert!(told.status == 3 && told.stdout.contains("gccgo built it"), "{}", told.stdout);
    assert!(world.run(&["inspect", "gccgo", "--lang", "zh"]).stdout.contains("由 gccgo 构建"));
    assert!(world.run(&["inspect", "c"]).stdout.contains("it is no Go program, or it is packed"));
}

#[test]
fn two_documents_are_not_written_to_one_file() {
    let world = World::module();
    program(&world, "app", &[]);
    std::fs::write(world.path("m/a.html"), "").unwrap();
    std::os::unix::fs::symlink(world.path("m/a.html"), world.path("m/b.html")).unwrap();
    let refused = world.run(&["inspect", "app", "--html", "a.html", "--sbom", "b.html"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("--html and --sbom are one file"), "{}", refused.stderr);
    let refused = world.run(&["inspect", "app", "--html", "app"]);
    assert!(refused.stderr.contains("would write over what is read"), "{}", refused.stderr);
}

#[test]
fn a_file_without_its_end_is_said_to_be_cut_off_and_never_passes() {
    let world = World::module();
    program(&world, "elf", &[]);
    program(&world, "small", &["-ldflags=-s -w"]);
    for system in ["windows", "darwin"] {
        crate::snapshot::build(
            &world,
            "m",
            &format!("m/{system}"),
            &[],
            &[("CGO_ENABLED", "0"), ("GOOS", system), ("GOARCH", "amd64")],
        );
    }
    for name in ["elf", "small", "windows", "darwin"] {
        let whole = std::fs::read(world.path(&format!("m/{name}"))).unwrap();
        for percent in [15, 50, 90, 99] {
            let cut = format!("{name}-{percent}");
            world.file(&format!("m/{cut}"), &whole[..whole.len() * percent / 100]);
            let ran = world.run(&["inspect", &cut, "--need", "trace"]);
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert!([2, 3].contains(&ran.status), "{cut}: {said}");
            assert!(said.contains("it is cut off: "), "{cut}: {said}");
            let changed = ["\nchanged after the link:", "\nchanged after the link,"];
            assert!(!changed.iter().any(|it| said.contains(it)), "{cut}: {said}");
            let diff = world.run(&["diff", &cut, name]);
            assert!([2, 3].contains(&diff.status), "{cut}: {}", diff.stdout);
        }
    }
    let chinese = world.run(&["inspect", "elf-50", "--lang", "zh"]);
    assert_eq!(chinese.status, 2);
}

#[test]
fn functions_are_told_without_lines_and_what_is_damaged_is_not_known() {
    let world = World::module();
    program(&world, "whole", &["-ldflags=-compressdwarf=false"]);
    let levels = |file: &str| {
        let json = world.run(&["plumbing", "artifact", file]).stdout;
        let artifact: serde_json::Value = serde_json::from_str(&json).unwrap();
        let known = |at: usize| artifact["levels"][at]["known"].as_u64().unwrap();
        (known(2), known(3), artifact["levels"][3]["reason"].clone())
    };
    let whole = levels("whole");
    tool(&world, "objcopy", &["-R", ".debug_line", "whole", "no-lines"]);
    assert_eq!(levels("no-lines"), (whole.0, 0, "stripped".into()));
    assert_eq!(world.run(&["inspect", "no-lines"]).status, 1);
    world.file("m/rubbish", [0xa5; 4096]);
    for (section, functions) in [(".debug_line", whole.0), (".debug_abbrev", 0), (".debug_info", 0)]
    {
        let update = format!("{section}=rubbish");
        tool(&world, "objcopy", &["--update-section", &update, "whole", "damaged"]);
        let found = levels("damaged");
        assert_eq!(found, (functions, 0, "broken-units".into()), "{section}");
        let ran = world.run(&["inspect", "damaged"]);
        assert_eq!(ran.status, 3, "{section}: {}", ran.stdout);
        assert!(ran.stdout.contains("some units of the debug information cannot be read"));
        assert_eq!(world.run(&["inspect", "damaged", "--need", "perf"]).status, 0, "{section}");
    }
}
