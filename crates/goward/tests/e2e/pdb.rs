//! `goward inspect` of Windows programs: genuine pairs of clang and lld, held against llvm-pdbutil, and damaged.

use crate::world::{Ran, World, ran};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

const SOURCE: &str = r#"
#include <stdexcept>
static int hidden(int x) { return x * 3 + 1; }
struct Account { int n; int add(int k); };
int Account::add(int k) { n += k; return hidden(n); }
extern "C" __declspec(dllexport) int entry(int a) { Account c{a}; return c.add(a); }
extern "C" __declspec(dllexport) int other(int a) { if (a < 0) throw std::runtime_error("x"); return a; }
"#;

fn tool(world: &World, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(world.root()).output();
    let ran =
        ran(output.unwrap_or_else(|err| panic!("{program}: {err}; cargo xtask test installs it")));
    assert_eq!(ran.status, 0, "{program} {args:?}: {}", ran.stderr);
    ran.stdout
}

/// `t.dll` and `t.pdb` by clang and lld.
fn pair(world: &World, source: &str) {
    world.file("m/t.cc", source);
    let args = ["--target=x86_64-w64-mingw32", "-fuse-ld=lld-19", "-shared", "-g", "-gcodeview"];
    tool(world, "clang++-19", &[&args[..], &["t.cc", "-o", "t.dll", "-Wl,--pdb=t.pdb"]].concat());
}

fn inspect(world: &World, args: &[&str]) -> Ran {
    world.run(&[&["inspect", "--no-history"], args].concat())
}

fn artifact(world: &World, file: &str) -> Value {
    let ran = world.run(&["plumbing", "artifact", file]);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|err| panic!("{err}: {}", ran.stderr))
}

/// What llvm-pdbutil says: of the summary by its words, of records their number.
fn oracle(world: &World, pdb: &str) -> (Value, Value) {
    let summary = tool(world, "llvm-pdbutil-19", &["dump", "--summary", pdb]);
    let word = |name: &str| {
        let line = summary.lines().find_map(|line| line.trim().strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {summary}")).trim().to_owned()
    };
    let count = |option: &str, what: &str| {
        let text = tool(world, "llvm-pdbutil-19", &["dump", option, pdb]);
        text.lines().filter(|line| line.contains(what)).count()
    };
    let number = |name: &str| word(name).parse::<u64>().unwrap();
    let head = serde_json::json!({
        "guid": word("GUID:"), "age": number("Age:"), "block_size": number("Block Size:"),
        "streams": number("Number of streams:"), "modules": count("--modules", "| `"),
        "public_symbols": count("--publics", "S_PUB32"),
    });
    let counts = serde_json::json!({
        "procedures": count("--symbols", "S_GPROC32") + count("--symbols", "S_LPROC32"),
    });
    (head, counts)
}

/// Each field of the wanted is the same in the found.
fn holds(found: &Value, wanted: &Value) {
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(&found[key], value, "{key}");
    }
}

#[test]
fn a_pair_is_what_llvm_pdbutil_says() {
    let world = World::module();
    pair(&world, SOURCE);
    let ran = inspect(&world, &["t.dll", "--need", "pdb"]);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let found = artifact(&world, "t.dll");
    let (head, counts) = oracle(&world, "t.pdb");
    holds(&found["pdb"]["pdb"], &head);
    holds(&found["pdb"], &counts);
    // It is no Go program: held against the image's own starts, of which llvm-readobj knows as many.
    assert_eq!(found["pdb"]["coverage"]["against"], "function-starts");
    let unwound = tool(&world, "llvm-readobj-19", &["--unwind", "t.dll"]);
    let starts = unwound.matches("RuntimeFunction").count() as u64;
    let number = |key: &str| found["pdb"]["coverage"][key].as_u64().unwrap();
    assert_eq!(number("functions") + number("prebuilt"), starts);
    assert_eq!(number("known"), number("functions"));
    // `hidden` is inlined or static and has no public symbol; lines are those of our four functions.
    assert!(number("publics") <= number("known") && number("lines") >= 3, "{found}");
    assert!(ran.stdout.contains("it is no Go program"), "{}", ran.stdout);
    // Moved away, it is where the linker put it; gone, it is missing: needed or not.
    std::fs::create_dir(world.path("m/away")).unwrap();
    std::fs::copy(world.path("m/t.dll"), world.path("m/away/t.dll")).unwrap();
    std::fs::rename(world.path("m/t.pdb"), world.path("m/moved.pdb")).unwrap();
    assert_eq!(inspect(&world, &["away/t.dll", "--need", "pdb"]).status, 1);
    assert_eq!(inspect(&world, &["away/t.dll"]).status, 3);
    assert_eq!(inspect(&world, &["away/t.dll", "--pdb", "moved.pdb"]).status, 0);
    assert_eq!(inspect(&world, &["away/t.dll", "--pdb", "absent.pdb"]).status, 2);
}

/// Where a PDB has its own bytes.
struct Places {
    guid: usize,
    age: usize,
    dbi_age: usize,
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap()
}

/// The info stream is version, signature, age, GUID; the DBI stream -1, version, age.
fn places(image: &[u8], pdb: &[u8]) -> Places {
    let id = find(image, b"RSDS") + 4;
    let guid = find(pdb, &image[id..id + 16]);
    let dbi = find(pdb, &[0xff, 0xff, 0xff, 0xff, 0x77, 0x09, 0x31, 0x01]);
    Places { guid, age: guid - 4, dbi_age: dbi + 8 }
}

#[test]
fn a_pdb_that_is_not_the_programs_closes_the_gate_and_both_ids_are_shown() {
    let world = World::module();
    pair(&world, SOURCE);
    let good = std::fs::read(world.path("m/t.pdb")).unwrap();
    let image = std::fs::read(world.path("m/t.dll")).unwrap();
    let places = places(&image, &good);
    let closed = |at: usize, shown: &[&str]| {
        let mut bad = good.clone();
        bad[at] ^= 2;
        world.file("m/t.pdb", bad);
        let ran = inspect(&world, &["t.dll"]);
        assert_eq!(ran.status, 1, "{}", ran.stdout);
        for text in shown {
            assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
        }
        ran.stdout
    };
    closed(places.age, &["names age 1, the PDB is of age 3"]);
    closed(places.dbi_age, &["names age 1, the DBI stream is of age 3"]);
    let text = closed(places.guid, &["t.pdb is of another build: the program names {"]);
    let ids: std::collections::BTreeSet<&str> =
        text.match_indices('{').map(|(at, _)| &text[at..at + 38]).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    let chinese = inspect(&world, &["t.dll", "--lang", "zh"]);
    assert!(chinese.stdout.contains("属于另一次构建"), "{}", chinese.stdout);
    // A PDB of another build beside the program, and one that is named.
    std::fs::rename(world.path("m/t.dll"), world.path("m/first.dll")).unwrap();
    pair(&world, &SOURCE.replace("x * 3", "x * 5"));
    assert_eq!(inspect(&world, &["first.dll"]).status, 1);
    assert_eq!(inspect(&world, &["first.dll", "--pdb", "t.pdb"]).status, 1);
    assert_eq!(inspect(&world, &["t.dll"]).status, 0);
}

#[test]
fn a_pdb_that_cannot_be_read_is_no_verdict_and_no_panic() {
    let world = World::module();
    pair(&world, SOURCE);
    let good = std::fs::read(world.path("m/t.pdb")).unwrap();
    let status = |bytes: &[u8]| {
        world.file("m/t.pdb", bytes);
        inspect(&world, &["t.dll", "--need", "pdb"]).status
    };
    for length in [0, 1, 31, 32, 56, 511, 512, 4096, good.len() / 2, good.len() - 1] {
        assert_eq!(status(&good[..length]), 3, "cut off at {length}");
    }
    assert_eq!(status(&vec![0; good.len()]), 3);
    assert_eq!(status(b"BSJB, as .NET has it"), 3);
    // The superblock: size of a block, blocks, directory, where its list is.
    for at in [32, 33, 40, 42, 46, 47, 52, 55] {
        let mut bad = good.clone();
        bad[at] ^= 0x7f;
        assert_ne!(status(&bad), 0, "byte {at}");
    }
    let mut whole = 0;
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        let status = status(&bad);
        assert!([0, 1, 3].contains(&status), "byte {at}: {status}");
        whole += usize::from(status == 0);
    }
    // Most bytes are of types, names and filling, which say nothing of what is judged.
    assert!(whole < 41, "some of it matters");
}

#[test]
fn paths_keep_to_the_rules_that_are_given() {
    let world = World::module();
    pair(&world, SOURCE);
    // Told, and not judged, where nobody asks.
    let told = inspect(&world, &["t.dll"]);
    let root = world.root().display().to_string();
    assert!(
        told.status == 0 && told.stdout.contains("of the machine that built it"),
        "{}",
        told.stdout
    );
    let closed = inspect(&world, &["t.dll", "--forbid-source-prefix", "local"]);
    assert_eq!(closed.status, 1);
    for what in [
        "the PDB's own path in the program",
        "a source path",
        "an object file's path",
        "the linker's folder or command line",
        "the compiler's folder or command line",
    ] {
        assert!(
            closed.stdout.contains(&format!("{what} is of a place")),
            "{what}: {}",
            closed.stdout
        );
    }
    // Each path begins with nothing, so an unset variable would pass all or fail all.
    for flag in ["--require-source-prefix", "--forbid-source-prefix"] {
        let empty = inspect(&world, &["t.dll", flag, ""]);
        assert!(empty.status == 2 && empty.stderr.contains("is empty"), "{}", empty.stderr);
    }
    let required = inspect(&world, &["t.dll", "--require-source-prefix", "/src/"]);
    assert!(required.status == 1 && required.stdout.contains("does not begin with /src/"));
    assert_eq!(inspect(&world, &["t.dll", "--require-source-prefix", &root]).status, 0);
    assert_eq!(inspect(&world, &["t.dll", "--forbid-source-prefix", "/sym/"]).status, 0);
    // As a release is built: of no folder of ours.
    let map = format!("-ffile-prefix-map={root}/=/src/");
    let compile = [
        "--target=x86_64-w64-mingw32",
        "-c",
        "-g",
        "-gcodeview",
        "-gno-codeview-command-line",
        "-ffile-compilation-dir=/src",
        map.as_str(),
        "-Xclang",
        "-object-file-name=/src/t.o",
        "t.cc",
        "-o",
        "t.o",
    ];
    tool(&world, "clang++-19", &compile);
    let link = [
        "--target=x86_64-w64-mingw32",
        "-fuse-ld=lld-19",
        "-shared",
        "t.o",
        "-o",
        "t.dll",
        "-Wl,--pdb=t.pdb",
        "-Wl,-Xlink=-pdbaltpath:%_PDB%",
        "-Wl,-Xlink=-pdbsourcepath:/src",
    ];
    tool(&world, "clang++-19", &link);
    let rules = ["--require-source-prefix", "/src/", "--forbid-source-prefix", "local"];
    let open = inspect(&world, &[&["t.dll"], &rules[..]].concat());
    assert_eq!(open.status, 0, "{}", open.stdout);
    // Nothing to read paths from is no pass.
    std::fs::remove_file(world.path("m/t.pdb")).unwrap();
    assert_eq!(inspect(&world, &[&["t.dll"], &rules[..]].concat()).status, 3);
}

#[test]
fn as_many_findings_are_told_as_there_are() {
    let world = World::module();
    let pieces: Vec<String> = (0..30).map(|at| format!("p{at}.cc")).collect();
    for (at, file) in pieces.iter().enumerate() {
        let text = format!("extern \"C\" __declspec(dllexport) int f{at}(int x) {{ return x; }}\n");
        world.file(&format!("m/{file}"), text);
    }
    let args = ["--target=x86_64-w64-mingw32", "-fuse-ld=lld-19", "-shared", "-g", "-gcodeview"];
    let files: Vec<&str> = pieces.iter().map(String::as_str).collect();
    let link = ["-o", "t.dll", "-Wl,--pdb=t.pdb"];
    tool(&world, "clang++-19", &[&args[..], &files, &link].concat());
    let run = inspect(&world, &["t.dll", "--forbid-source-prefix", "local", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let is_paths = |it: &&Value| it["id"] == "pdb-paths" || it["check"] == "pdb-paths";
    let outcome = report["outcomes"].as_array().unwrap().iter().find(is_paths).unwrap();
    let findings = outcome["findings"].as_array().unwrap().len();
    assert!(findings > 60, "a source and an object of each: {findings}");
    let alert = report["alerts"][0]["message"]["en"].as_str().unwrap();
    assert!(alert.contains(&format!("(and {} more)", findings - 1)), "{alert}");
}

#[test]
fn gnu_ld_and_other_sizes_of_blocks_are_read() {
    let world = World::module();
    world.file("m/t.cc", SOURCE);
    let args = ["-shared", "-o", "g.dll", "t.cc", "-Wl,--pdb=g.pdb"];
    tool(&world, "x86_64-w64-mingw32-g++", &args);
    let found = artifact(&world, "g.dll");
    assert_eq!(found["pdb"]["mismatches"], serde_json::json!([]), "{found}");
    assert_eq!(found["pdb"]["pdb"]["block_size"], 1024);
    let ran = inspect(&world, &["g.dll"]);
    assert!(ran.stdout.contains("names only, no lines"), "{}", ran.stdout);
    for size in ["8192", "32768"] {
        let page = format!("-Wl,-Xlink=-pdbpagesize:{size}");
        let args =
            ["--target=x86_64-w64-mingw32", "-fuse-ld=lld-19", "-shared", "-g", "-gcodeview"];
        let rest = ["t.cc", "-o", "t.dll", "-Wl,--pdb=t.pdb", page.as_str()];
        tool(&world, "clang++-19", &[&args[..], &rest].concat());
        let found = artifact(&world, "t.dll");
        assert_eq!(found["pdb"]["pdb"]["block_size"].to_string(), size);
        assert_eq!(inspect(&world, &["t.dll", "--need", "pdb"]).status, 0);
    }
}

/// A cgo program that the linker of clang links, with its PDB.
fn cgo(world: &World) {
    world.file(
        "m/main.go",
        "package main\n\n// int quad(int x) { return x * 4; }\nimport \"C\"\n\nfunc main() { println(C.quad(2)) }\n",
    );
    let go = |key: &str| {
        let output = Command::new("go").args(["env", key]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let flags = "-linkmode external -extldflags \"-fuse-ld=lld-19 -Wl,--pdb=app.pdb\"";
    let pdb = world.path("m/app.pdb");
    let flags = flags.replace("app.pdb", &pdb.display().to_string());
    let mut command = Command::new("go");
    command.args(["build", "-o", "app.exe", "-ldflags", &flags, "."]).current_dir(world.root());
    command
        .env("GOCACHE", go("GOCACHE"))
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-buildvcs=false");
    command.env("CGO_ENABLED", "1").env("GOOS", "windows").env("GOARCH", "amd64");
    command.env("CC", "clang-19 --target=x86_64-w64-mingw32 -gcodeview");
    command.env("CXX", "clang++-19 --target=x86_64-w64-mingw32 -gcodeview");
    let ran = ran(command.output().unwrap());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

#[test]
fn a_cgo_program_has_its_names_in_the_pdb_and_one_without_cgo_can_have_none() {
    let world = World::module();
    cgo(&world);
    let ran = inspect(&world, &["app.exe", "--need", "pdb", "--need", "perf"]);
    assert_eq!(ran.status, 0, "{}{}", ran.stdout, ran.stderr);
    let found = artifact(&world, "app.exe");
    let (head, counts) = oracle(&world, "app.pdb");
    holds(&found["pdb"]["pdb"], &head);
    holds(&found["pdb"], &counts);
    assert_eq!(found["pdb"]["coverage"]["against"], "pclntab");
    assert_eq!(found["pdb"]["coverage"]["functions"], found["functions"]);
    // lld writes no symbol table: that is no alarm, because the PDB has the names; without it, it is one.
    assert_eq!(found["pe"]["coff_symbols"], false);
    assert_eq!(found["levels"][1]["known"], found["pdb"]["coverage"]["known"]);
    std::fs::remove_file(world.path("m/app.pdb")).unwrap();
    let without = inspect(&world, &["app.exe", "--need", "perf"]);
    assert!(
        without.status == 1 && without.stdout.contains("lld writes no symbol table"),
        "{}",
        without.stdout
    );
    assert_eq!(inspect(&world, &["app.exe"]).status, 0, "DWARF is in the program");
    world.file("m/main.go", "package main\n\nfunc main() { println(2) }\n");
    let mut go = Command::new("go");
    go.args(["build", "-o", "plain.exe", "main.go"]).current_dir(world.root());
    go.env("CGO_ENABLED", "0")
        .env("GOOS", "windows")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "");
    assert!(go.status().unwrap().success());
    let explained = inspect(&world, &["plain.exe"]);
    assert!(
        explained.status == 0 && explained.stdout.contains("Go's own linker"),
        "{}",
        explained.stdout
    );
    let needed = inspect(&world, &["plain.exe", "--need", "pdb"]);
    assert!(
        needed.status == 1 && needed.stdout.contains("-linkmode external"),
        "{}",
        needed.stdout
    );
    // A PDB that nothing ties to the program; and one of no Windows program.
    std::fs::copy(world.path("m/plain.exe"), world.path("m/x.pdb")).unwrap();
    assert_eq!(inspect(&world, &["plain.exe", "--pdb", "x.pdb"]).status, 3);
    for (args, status) in [
        (&["/bin/true", "--pdb", "x.pdb"][..], 2),
        (&["plain.exe", "app.exe", "--pdb", "x.pdb"], 2),
        (&["/bin/true", "--need", "pdb"], 1),
    ] {
        assert_eq!(inspect(&world, args).status, status, "{args:?}");
    }
    assert!(!Path::new("/bin/true.pdb").exists());
}

#[test]
fn other_processors_and_source_servers_are_read() {
    let world = World::module();
    world.file(
        "m/a.c",
        "static __attribute__((noinline)) int h(int x) { return x * 7; }\n__declspec(dllexport) int e(int x) { return h(x) + 1; }\nint DllMainCRTStartup(void *a, int b, void *c) { return 1; }\n",
    );
    world.file("m/srcsrv.txt", "SRCSRV: ini ---\nVERSION=2\nSRCSRV: end ---\n");
    let link = |processor: &str, more: &[&str]| {
        let target = format!("--target={processor}-w64-mingw32");
        let args = [target.as_str(), "-fuse-ld=lld-19", "-nostdlib", "-shared", "-g", "-gcodeview"];
        let rest = ["a.c", "-o", "a.dll", "-Wl,--pdb=a.pdb"];
        tool(&world, "clang-19", &[&args[..], &rest, more].concat());
        artifact(&world, "a.dll")["pdb"].clone()
    };
    // Without .pdata of its own a 32-bit image has its exports; arm64 has a .pdata of another shape.
    for (processor, starts) in [("i686", 1), ("aarch64", 3), ("x86_64", 3)] {
        let pdb = link(processor, &[]);
        assert_eq!(pdb["mismatches"], serde_json::json!([]), "{processor}");
        let coverage = &pdb["coverage"];
        assert_eq!((&coverage["functions"], &coverage["known"]), (&starts.into(), &starts.into()));
        assert_eq!(pdb["pdb"]["srcsrv"], false);
    }
    assert_eq!(link("x86_64", &["-Wl,-Xlink=-pdbstream:srcsrv=srcsrv.txt"])["pdb"]["srcsrv"], true);
    assert!(inspect(&world, &["a.dll"]).stdout.contains("; srcsrv"));
    // What wrote the stream may raise the age of the info stream, and of that alone.
    let image = std::fs::read(world.path("m/a.dll")).unwrap();
    let mut pdb = std::fs::read(world.path("m/a.pdb")).unwrap();
    let places = places(&image, &pdb);
    pdb[places.age] += 1;
    world.file("m/a.pdb", &pdb);
    assert_eq!(inspect(&world, &["a.dll"]).status, 0);
    pdb[places.dbi_age] += 1;
    world.file("m/a.pdb", &pdb);
    assert_eq!(inspect(&world, &["a.dll"]).status, 1);
}

/// A DLL whose PDB is not beside it: the GUID, the key of symbol stores, and the PDB.
fn taken_away() -> (World, String, String, Vec<u8>) {
    let world = World::module();
    pair(&world, SOURCE);
    let (head, _) = oracle(&world, "t.pdb");
    let guid: String =
        head["guid"].as_str().unwrap().chars().filter(char::is_ascii_hexdigit).collect();
    let key = format!("{guid}{:x}", head["age"].as_u64().unwrap());
    let pdb = std::fs::read(world.path("m/t.pdb")).unwrap();
    std::fs::remove_file(world.path("m/t.pdb")).unwrap();
    (world, guid, key, pdb)
}

#[test]
fn a_symbol_store_has_the_pdb_by_guid_and_age() {
    let (world, guid, key, pdb) = taken_away();
    for (store, place) in [
        ("one", format!("t.pdb/{key}/t.pdb")),
        ("two", format!("t./t.pdb/{key}/t.pdb")),
        ("small", format!("t.pdb/{}/t.pdb", key.to_lowercase())),
        ("flat", "t.pdb".into()),
        // Windows' names have no case.
        ("large", "T.PDB".into()),
    ] {
        world.file(&format!("m/{store}/{place}"), &pdb);
        let ran = inspect(&world, &["t.dll", "--need", "pdb", "--pdb", store]);
        assert_eq!(ran.status, 0, "{store}: {}", ran.stdout);
        assert!(ran.stdout.contains(&format!("{store}/{place}")), "{store}: {}", ran.stdout);
    }
    world.file("m/T.pdb", &pdb);
    assert_eq!(inspect(&world, &["t.dll", "--need", "pdb"]).status, 0);
    std::fs::remove_file(world.path("m/T.pdb")).unwrap();
    // Who names a store expects the PDB in it; one under another key is another's.
    world.file("m/other/t.pdb/FFFF1/t.pdb", &pdb);
    let ran = inspect(&world, &["t.dll", "--pdb", "other"]);
    assert!(ran.status == 1 && ran.stdout.contains("looked for: other/t.pdb/"), "{}", ran.stdout);
    // One that lies under the right key and is not the one.
    let mut wrong = pdb;
    let at = find(&wrong, &guid_bytes(&guid));
    wrong[at] ^= 1;
    world.file(&format!("m/wrong/t.pdb/{key}/t.pdb"), wrong);
    let ran = inspect(&world, &["t.dll", "--pdb", "wrong"]);
    assert!(ran.status == 1 && ran.stdout.contains("is of another build"), "{}", ran.stdout);
    assert_eq!(inspect(&world, &["t.dll", "--pdb", "absent"]).status, 2);
}

#[test]
fn the_symbol_path_of_windows_debuggers_is_heard_last() {
    let (world, guid, key, pdb) = taken_away();
    let mut wrong = pdb.clone();
    let at = find(&wrong, &guid_bytes(&guid));
    wrong[at] ^= 1;
    world.file(&format!("m/store/t.pdb/{key}/t.pdb"), &pdb);
    world.file("m/mine/t.pdb", &wrong);
    let with = |path: &str, args: &[&str]| {
        let mut command = world.command(&[&["inspect", "--no-history", "t.dll"], args].concat());
        ran(command.env("_NT_SYMBOL_PATH", path).output().unwrap())
    };
    // Another build's in a folder that is searched is passed over; a server is not asked.
    let found = with("mine;srv*store*https://symbols.example/x", &["--need", "pdb"]);
    assert_eq!(found.status, 0, "{}", found.stdout);
    assert!(found.stdout.contains(&format!("store/t.pdb/{key}/t.pdb")), "{}", found.stdout);
    let none = with("mine;cache*empty", &["--need", "pdb"]);
    assert!(none.status == 1 && none.stdout.contains("looked for: "), "{}", none.stdout);
    // What is named, or lies beside the program, is what is shipped.
    assert_eq!(with("store", &["--pdb", "mine"]).status, 1);
    world.file("m/t.pdb", &wrong);
    let beside = with("store", &["--need", "pdb"]);
    assert!(beside.status == 1 && beside.stdout.contains("of another build"), "{}", beside.stdout);
}

/// A GUID as it lies in a file: its first three fields are little-endian.
fn guid_bytes(hex: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map(byte).to_vec()
}
