//! `goward repro --compare`: each cause is made for real with the real tools, and must be named, alone and first.

use crate::recipe::{CGO, MAIN, Recipe, build, compare, plain, table};
use crate::world::World;
use std::process::Command;

#[test]
fn what_the_go_command_was_asked_for() {
    let other = "package main\n\nfunc extra() {}\n";
    table(&[
        ("build-path", plain(), plain().folder("elsewhere/deep")),
        ("trimpath", plain(), plain().trim()),
        ("ldflags-x", plain(), plain().flag("-ldflags=-X main.version=1.0")),
        ("ldflags-x", plain().trim(), plain().trim().flag("-ldflags=-X main.version=1.0")),
        (
            "ldflags-x",
            plain().trim().flag("-ldflags=-s -w -X main.version=2026-01-01T00:00:00Z"),
            plain().trim().flag("-ldflags=-s -w -X main.version=2026-01-01T00:00:09Z"),
        ),
        ("strip-at-link", plain(), plain().flag("-ldflags=-s")),
        ("strip-at-link", plain().trim(), plain().trim().flag("-ldflags=-w")),
        ("strip-after-link", plain(), plain().after("strip \"$1\"")),
        ("strip-after-link", plain().trim(), plain().trim().after("strip -g \"$1\"")),
        ("cpu-level", plain(), plain().env("GOAMD64", "v3")),
        (
            "tags",
            plain().trim(),
            plain()
                .trim()
                .flag("-tags=extra")
                .file("extra.go", format!("//go:build extra\n\n{other}")),
        ),
        ("pgo", plain(), plain().file("default.pgo", "")),
        ("experiment", plain().trim(), plain().trim().env("GOEXPERIMENT", "nodwarf5")),
        ("ldflags", plain(), plain().flag("-ldflags=-compressdwarf=false")),
        ("debug-info", plain().trim(), plain().trim().flag("-ldflags=-compressdwarf=false")),
        ("package", plain(), plain().file("go.mod", "module example.com/other\n\ngo 1.24\n")),
        ("gcflags", plain(), plain().flag("-gcflags=-N")),
        ("buildmode", plain().trim(), plain().trim().flag("-buildmode=pie")),
        ("build-id", plain().trim(), plain().trim().flag("-ldflags=-buildid=x")),
        ("cgo-enabled", plain().env("CGO_ENABLED", "1"), plain()),
        ("race", plain().env("CGO_ENABLED", "1"), plain().env("CGO_ENABLED", "1").flag("-race")),
        ("cover", plain(), plain().flag("-cover")),
        ("fips", plain(), plain().env("GOFIPS140", "v1.0.0")),
        (
            "toolchain",
            plain().env("GOTOOLCHAIN", "go1.25.5"),
            plain().env("GOTOOLCHAIN", "go1.25.14"),
        ),
        ("go-line", plain(), plain().file("go.mod", "module example.com/m\n\ngo 1.22\n")),
        ("after-link", plain(), plain().after("printf x >> \"$1\"")),
        // Several at once are all named.
        (
            "cpu-level build-path ldflags-x",
            plain(),
            plain().folder("elsewhere").env("GOAMD64", "v2").flag("-ldflags=-X main.version=2"),
        ),
    ]);
}

#[test]
fn what_the_repository_says() {
    let commit = "git init -q . && git add . && git -c user.name=n -c user.email=n@n commit -qm x --date=2020-01-01T00:00:00Z";
    let stamped = || plain().trim().flag("-buildvcs=true");
    table(&[
        (
            "vcs-stamp",
            stamped().before("git init -q . && git add . && git -c user.name=n -c user.email=n@n commit -qm x"),
            stamped().before(
                "git init -q . && git add . && git -c user.name=n -c user.email=n@n commit -qm other && echo >> main.go",
            ),
        ),
        ("vcs-stamp", stamped().before(commit), plain().trim()),
    ]);
}

#[test]
fn what_it_was_built_from() {
    let uses = |version: &str| {
        plain()
            .trim()
            .file("go.mod", format!("module example.com/m\n\ngo 1.25.0\n\nrequire golang.org/x/sync {version}\n"))
            .file("main.go", "package main\n\nimport \"golang.org/x/sync/singleflight\"\n\nfunc main() { var g singleflight.Group; g.Forget(\"x\") }\n")
    };
    let local = "package singleflight\n\ntype Group struct{ n int }\n\nfunc (g *Group) Forget(key string) { g.n += len(key) }\n";
    let with_local = |recipe: Recipe| {
        recipe
            .file("lib/go.mod", "module golang.org/x/sync\n\ngo 1.24\n")
            .file("lib/singleflight/s.go", local)
    };
    let replaced = uses("v0.19.0").file(
        "go.mod",
        "module example.com/m\n\ngo 1.25.0\n\nrequire golang.org/x/sync v0.19.0\n\nreplace golang.org/x/sync => ./lib\n",
    );
    table(&[
        ("module-version", uses("v0.19.0"), uses("v0.22.0")),
        ("replace", uses("v0.19.0"), with_local(replaced)),
        (
            "vendor",
            uses("v0.19.0"),
            uses("v0.19.0")
                .before("go mod tidy && go mod vendor")
                .flag("-mod=vendor")
                .env("GOFLAGS", "-buildvcs=false"),
        ),
        (
            "workspace",
            uses("v0.19.0").env("GOFLAGS", "-buildvcs=false").before("go mod tidy"),
            with_local(uses("v0.19.0"))
                .file("go.work", "go 1.25.0\n\nuse (\n\t.\n\t./lib\n)\n")
                .env("GOWORK", "")
                .env("GOFLAGS", "-buildvcs=false"),
        ),
    ]);
}

#[test]
fn what_a_generator_wrote() {
    let constant = |value: &str| {
        plain()
            .trim()
            .file(
                "gen.go",
                format!("package main\n\nconst built = {value}\n\nfunc init() {{ show(built) }}\n"),
            )
            .file("show.go", "package main\n\n//go:noinline\nfunc show(x any) { println(x) }\n")
    };
    let number = |value: &str| {
        plain().trim().file("gen.go", format!("package main\n\nfunc init() {{ show({value}) }}\n\n//go:noinline\nfunc show(x int) {{ println(x) }}\n"))
    };
    let functions = |order: [&str; 3]| {
        let text: Vec<String> = order
            .iter()
            .map(|name| format!("//go:noinline\nfunc {name}() {{ println(\"{name}\") }}\n"))
            .collect();
        plain().trim().file(
            "gen.go",
            format!(
                "package main\n\nfunc init() {{ One(); Two(); Three() }}\n\n{}",
                text.join("\n")
            ),
        )
    };
    let numbers = |values: &str| {
        plain().trim().file(
            "gen.go",
            format!("package main\n\nvar table = []int{{{values}}}\n\nfunc init() {{ for i := range table {{ table[i]++; println(table[i]) }} }}\n"),
        )
    };
    let list = |values: &str| {
        plain().trim().file("gen.go", format!("package main\n\nvar list = []string{{{values}}}\n\nfunc init() {{ for _, x := range list {{ println(x) }} }}\n"))
    };
    table(&[
        ("constant", constant("\"2026-01-02T03:04:05Z\""), constant("\"2026-01-02T03:04:06Z\"")),
        ("constant", constant("\"/home/alice/src\""), constant("\"/build/src\"")),
        ("constant", number("1767323045"), number("1767323046")),
        (
            "constant",
            plain().trim(),
            plain().trim().file("main.go", MAIN.replace("dev", "2026-05-06")),
        ),
        ("constant", numbers("1, 2, 3, 4, 5"), numbers("1, 2, 3, 4, 6")),
        ("order", functions(["One", "Two", "Three"]), functions(["Three", "One", "Two"])),
        ("order", list("\"alpha\", \"beta\", \"gamma\""), list("\"gamma\", \"alpha\", \"beta\"")),
        (
            "lines",
            plain().trim(),
            plain().trim().file("main.go", format!("// made by hand\n\n{MAIN}")),
        ),
        (
            "code",
            plain().trim(),
            plain().trim().file("more.go", "package main\n\nfunc init() { println(\"more\") }\n"),
        ),
    ]);
}

#[test]
fn what_is_embedded() {
    let folder = |content: &[u8]| {
        plain().trim().file("data/a.bin", content).file("data/b.txt", "the same").file(
            "main.go",
            "package main\n\nimport \"embed\"\n\n//go:embed data\nvar content embed.FS\n\nfunc main() { b, _ := content.ReadFile(\"data/a.bin\"); println(len(b)) }\n",
        )
    };
    let text = |content: &[u8]| {
        plain().trim().file("a.bin", content).file(
            "main.go",
            "package main\n\nimport _ \"embed\"\n\n//go:embed a.bin\nvar content []byte\n\nfunc main() { println(len(content), content[0]) }\n",
        )
    };
    let string = |content: &str| {
        plain().trim().file("a.txt", content).file(
            "main.go",
            "package main\n\nimport _ \"embed\"\n\n//go:embed a.txt\nvar content string\n\nfunc main() { println(len(content), content[0]) }\n",
        )
    };
    let lines = "a line of many\n".repeat(200_000);
    let mut other = lines.clone();
    other.replace_range(2_000_000..2_000_003, "XYZ");
    let world = World::module();
    let zip = |flag: &str, time: &str| {
        let script = format!(
            "rm -rf z z.zip; mkdir z; echo one > z/1; echo two > z/2; head -c 4000000 /dev/zero > z/3; touch -d '{time}' z/1 z/2 z/3; zip -q {flag} -r z.zip z"
        );
        assert!(
            Command::new("sh")
                .args(["-ec", &script])
                .current_dir(world.root())
                .status()
                .unwrap()
                .success()
        );
        std::fs::read(world.path("m/z.zip")).unwrap()
    };
    let (before, later) = ("2020-01-01 00:00:00", "2021-02-03 04:05:06");
    let (old, new) = (zip("-6", before), zip("-6", later));
    // Something in a program looks like a reference into the middle of what is so long.
    let (long, longer) = (zip("-0", before), zip("-0", later));
    let stripped = |recipe: Recipe| recipe.flag("-ldflags=-s -w");
    table(&[
        ("embedded-file", folder(b"one\n"), folder(b"two and more\n")),
        ("embedded-file", stripped(folder(b"one\n")), stripped(folder(b"two and more\n"))),
        ("embedded-file", folder(b"one\n").file("data/c.txt", "more"), folder(b"one\n")),
        ("archive-times", folder(&old), folder(&new)),
        ("archive-times", stripped(folder(&old)), stripped(folder(&new))),
        ("archive-times", text(&old), text(&new)),
        ("archive-times", folder(&long), folder(&longer)),
        ("embedded-file", stripped(string(&lines)), stripped(string(&other))),
        ("embedded-file", text(b"one\n"), text(b"another\n")),
    ]);
}

#[test]
fn what_c_brings_with_it() {
    let c = || plain().trim().cgo();
    let date = CGO.replace("{ return 2 * x; }", "{ return __TIME__[x]; }");
    table(&[
        ("c-compiler", c(), c().env("CC", "clang-19")),
        ("cgo-flags", c(), c().env("CGO_CFLAGS", "-O1 -g")),
        ("cgo-flags", c(), c().env("CGO_LDFLAGS", "-Wl,-rpath,/opt/of/mine/lib")),
        (
            "linkmode",
            plain().trim().env("CGO_ENABLED", "1"),
            plain().trim().env("CGO_ENABLED", "1").flag("-ldflags=-linkmode=external"),
        ),
        ("c-linker", c(), c().flag("-ldflags=-extldflags=-fuse-ld=gold")),
        ("build-path", plain().cgo(), plain().cgo().folder("elsewhere/deep")),
        (
            "c-date",
            // Another definition, so that the cache has no object of it; -trimpath keeps it out of build info.
            c().file("main.go", &date).env("SOURCE_DATE_EPOCH", "0").env("CGO_CPPFLAGS", "-DONE=1"),
            c().file("main.go", &date)
                .env("SOURCE_DATE_EPOCH", "86399")
                .env("CGO_CPPFLAGS", "-DONE=2"),
        ),
    ]);
}

#[test]
fn other_formats_and_processors() {
    let mac = || plain().trim().env("GOOS", "darwin").env("GOARCH", "arm64");
    let windows = || plain().trim().env("GOOS", "windows");
    let linked = |time: &str| {
        let flag = "-ldflags=-linkmode=external -extldflags=-Wl,--insert-timestamp";
        let cc = windows().cgo().env("CC", "x86_64-w64-mingw32-gcc").flag(flag);
        cc.env("SOURCE_DATE_EPOCH", time)
    };
    let arm = || plain().trim().env("GOARCH", "arm64");
    let constant = |recipe: Recipe| {
        recipe.file("main.go", MAIN.replace("println(version)", "println(version, \"2026-01-01\")"))
    };
    let changed = |recipe: Recipe| {
        recipe.file("main.go", MAIN.replace("println(version)", "println(version, \"2026-01-02\")"))
    };
    let x = |recipe: Recipe| recipe.flag("-ldflags=-X main.version=1.2.3");
    // Symbols without sizes: what follows them is aligned anew, or cut off by the string itself.
    let version = |of: Recipe, value: &str| of.flag(&format!("-ldflags=-X main.version={value}"));
    let long = "a-longer-version-of-this-program";
    let mac64 = || mac().env("GOARCH", "amd64");
    let numbers = |of: Recipe, numbers: &str| {
        let main =
            MAIN.replace("func main", &format!("var table = []int{{{numbers}}}\n\nfunc main"));
        of.file(
            "main.go",
            main.replace("println(version)", "println(version, table[len(version)-3])"),
        )
    };
    table(&[
        ("ldflags-x", mac(), version(mac(), "2026-01-01")),
        ("ldflags-x", mac(), version(mac(), long)),
        ("ldflags-x", mac64(), x(mac64())),
        ("ldflags-x", mac64(), version(mac64(), long)),
        ("constant", numbers(mac(), "10, 20, 30"), numbers(mac(), "10, 20, 30, 40")),
        ("constant", numbers(windows(), "10, 20, 30"), numbers(windows(), "10, 20, 30, 40")),
        ("ldflags-x", mac(), x(mac())),
        ("ldflags-x", windows(), x(windows())),
        ("ldflags-x", arm(), x(arm())),
        ("constant", constant(mac()), changed(mac())),
        ("constant", constant(windows()), changed(windows())),
        ("constant", constant(arm()), changed(arm())),
        ("strip-at-link", mac(), mac().flag("-ldflags=-s -w")),
        ("strip-at-link", windows(), windows().flag("-ldflags=-s -w")),
        ("build-id", mac(), mac().flag("-ldflags=-buildid=x")),
        ("pe-timestamp", linked("86400"), linked("172800")),
        ("platform", plain(), windows()),
        ("platform", plain(), arm()),
    ]);
}

#[test]
fn what_is_no_constant_is_not_named_beside_one() {
    // Enough of the standard library that numbers look like addresses, values of functions like text, and that Go's
    // FIPS sum is there.
    let of = |value: &str| {
        format!(
            "package main\n\nimport (\n\t\"crypto/sha256\"\n\t\"fmt\"\n\t\"os\"\n\t\"strings\"\n\t\"time\"\n)\n\nvar version = \"{value}\"\n\nfunc main() {{\n\tfmt.Println(version, sha256.Sum256([]byte(version)), strings.ToUpper(os.Args[0]), time.Now())\n}}\n"
        )
    };
    let world = World::module();
    for (platform, arch, flag) in [
        ("darwin", "arm64", "-ldflags="),
        ("darwin", "arm64", "-ldflags=-s -w"),
        ("windows", "amd64", "-ldflags=-s -w"),
    ] {
        let made = ["dev", "built 2026-11-30T10:00:00Z on host17"].map(|value| {
            let recipe = plain().trim().env("GOOS", platform).env("GOARCH", arch).flag(flag);
            build(&world, &value[..3], &recipe.file("main.go", of(value)))
        });
        let (_, report) = compare(&world, &made[0], &made[1]);
        let found = report["repro"]["comparison"]["causes"].as_array().unwrap();
        let evidence = found[0]["evidence"].as_array().unwrap();
        assert_eq!((found.len(), evidence.len()), (1, 1), "{platform} {flag}: {found:?}");
        assert!(evidence[0].as_str().unwrap().contains("host17"), "{platform} {flag}: {found:?}");
    }
}

#[test]
fn what_instruments_memory() {
    let c = || plain().trim().cgo();
    let clang = || c().env("CC", "clang-19");
    table(&[
        ("sanitizer", c(), c().flag("-asan")),
        ("sanitizer", clang(), clang().flag("-msan")),
        ("sanitizer", clang().flag("-asan"), clang().flag("-msan")),
    ]);
}

/// A proxy of one module, and a program that uses it; `TEXT` is what the module says.
fn published(text: &str) -> Recipe {
    plain()
        .trim()
        .file("go.mod", "module example.com/m\n\ngo 1.24\n\nrequire example.org/dep v1.0.0\n")
        .file(
            "main.go",
            "package main\n\nimport \"example.org/dep\"\n\nfunc main() { println(dep.Text()) }\n",
        )
        .file("proxy/example.org/dep/@v/v1.0.0.mod", "module example.org/dep\n\ngo 1.24\n")
        .file("proxy/example.org/dep/@v/v1.0.0.info", "{\"Version\": \"v1.0.0\"}")
        .file("z/example.org/dep@v1.0.0/go.mod", "module example.org/dep\n\ngo 1.24\n")
        .file(
            "z/example.org/dep@v1.0.0/dep.go",
            format!("package dep\n\nfunc Text() string {{ return \"{text}\" }}\n"),
        )
        .before("cd z && zip -q -D -r ../proxy/example.org/dep/@v/v1.0.0.zip . && cd .. && rm -r z")
        .env("GOMODCACHE", "{dir}/mod")
        .env("GOPROXY", "file://{dir}/proxy")
        .env("GOFLAGS", "-buildvcs=false -mod=mod -modcacherw")
}

#[test]
fn a_version_that_was_published_twice() {
    table(&[("module-sum", published("one"), published("another"))]);
}

#[test]
fn a_tag_that_was_set_elsewhere() {
    let commit = "export GIT_COMMITTER_DATE=2020-01-01T00:00:00Z GIT_AUTHOR_DATE=2020-01-01T00:00:00Z\n\
        git init -q . && git add . && git -c user.name=n -c user.email=n@n commit -qm x\n";
    let stamped = |tag: &str| {
        let script = if tag.is_empty() { commit.into() } else { format!("{commit}git tag {tag}") };
        plain().trim().flag("-buildvcs=true").before(&script).env("GOPROXY", "direct")
    };
    table(&[
        ("main-version", stamped("v1.0.0"), stamped("v1.1.0")),
        ("main-version", stamped("v1.0.0"), stamped("")),
    ]);
}

#[test]
fn what_windows_debuggers_look_for() {
    let linked = |pdb: &str| {
        let flag = format!(
            "-ldflags=-linkmode=external '-extldflags=-fuse-ld=lld-19 -Wl,--no-insert-timestamp,--pdb={pdb}'"
        );
        let windows = plain().trim().cgo().env("GOOS", "windows");
        windows.env("CC", "clang-19 --target=x86_64-w64-mingw32").flag(&flag)
    };
    table(&[("pdb", linked("one.pdb"), linked("another.pdb"))]);
}

#[test]
fn what_nothing_explains_is_counted() {
    // No build ID, so that nothing says when it happened; a byte of the header that means nothing.
    let nameless = || plain().trim().flag("-ldflags=-buildid=");
    let patched = nameless().after("printf x | dd of=\"$1\" bs=1 seek=9 conv=notrunc status=none");
    table(&[("unexplained", nameless(), patched)]);
}

#[test]
fn what_happened_after_the_link() {
    let patched = |recipe: Recipe, to: &str| {
        recipe.after(&format!("LC_ALL=C sed -i 's/a text of mine/a text of {to}/' \"$1\""))
    };
    let text = || plain().file("main.go", MAIN.replace("dev", "a text of mine"));
    let c = || plain().trim().cgo();
    let x = "-ldflags=-X main.version=1.0";
    table(&[
        // The build is one; what was changed is no cause of it.
        ("after-link", text(), patched(text(), "them")),
        ("after-link", patched(text(), "THEM"), patched(text(), "them")),
        ("after-link", text().trim(), patched(text().trim(), "them")),
        ("after-link", plain(), plain().after("objcopy --add-gnu-debuglink=/dev/null \"$1\"")),
        ("after-link ldflags-x", plain(), plain().flag(x).after("printf x >> \"$1\"")),
        // Who stripped is known, whoever linked, and with -trimpath, which hides the linker's flags.
        ("strip-after-link", c(), c().after("strip \"$1\"")),
        (
            "strip-after-link lines",
            c(),
            c().file("main.go", CGO.replace("func main", "\n\nfunc main")).after("strip \"$1\""),
        ),
        (
            "strip-at-link lines",
            c(),
            c().file("main.go", CGO.replace("func main", "\n\nfunc main")).flag("-ldflags=-s"),
        ),
    ]);
}

#[test]
fn values_that_have_no_name() {
    let names: Vec<String> = (0..30).map(|n| format!("k{n:02}")).collect();
    // More than 25 entries are filled from arrays that have no symbol.
    let source = |changed: &str, order: &[usize]| {
        let entry = |n: &usize| {
            let value = if *n == 7 { changed.to_owned() } else { format!("{n}.25") };
            format!("\t{:?}: {value},\n", names[*n])
        };
        let entries: String = order.iter().map(entry).collect();
        let table = format!("var table = map[string]float64{{\n{entries}}}\n");
        let rest = "var stamp string\nvar number = 4711\n\nfunc main() { println(stamp, number, table[stamp]) }\n";
        format!("package main\n\n{table}\n{rest}")
    };
    let straight: Vec<usize> = (0..30).collect();
    let turned: Vec<usize> = (0..30).map(|n| (n * 7 + 3) % 30).collect();
    let first = source("7.25", &straight);
    let number = first.replace("4711", "4712");
    let mut rows = vec![];
    for (system, processor, flags) in [
        ("linux", "amd64", ""),
        ("linux", "amd64", "-s -w"),
        ("linux", "arm64", "-s -w"),
        ("windows", "amd64", "-s -w"),
        ("darwin", "arm64", ""),
    ] {
        let of = |text: &str, more: &str| {
            let recipe = plain().trim().file("main.go", text);
            let recipe = recipe.env("GOOS", system).env("GOARCH", processor);
            recipe.flag(&format!("-ldflags={flags} {more}"))
        };
        let stamp = "-X main.stamp=2026-11-30T23:01:02Z";
        rows.push(("ldflags-x", of(&first, ""), of(&first, stamp)));
        rows.push(("constant", of(&first, ""), of(&source("7.75", &straight), "")));
        rows.push(("constant", of(&first, ""), of(&number, "")));
        rows.push(("order", of(&first, ""), of(&source("7.25", &turned), "")));
    }
    let windows = || plain().trim().env("GOOS", "windows");
    rows.push(("debug-info", windows(), windows().flag("-ldflags=-compressdwarf=false")));
    table(&rows);
}

#[test]
fn texts_of_other_processors_are_told_apart_from_their_neighbours() {
    let source = "package main\n\nimport _ \"embed\"\n\n//go:embed motd.txt\nvar motd string\n\nvar stamp string\n\nfunc main() { println(motd, stamp) }\n";
    let of = |processor: &str, motd: &str, flags: &str| {
        let recipe = plain().trim().file("main.go", source).file("motd.txt", motd);
        recipe.env("GOARCH", processor).flag(&format!("-ldflags={flags}"))
    };
    let (short, long) = ("Be careful.\n", "Be very careful, and mind the gap.\n");
    let mut rows = vec![];
    for processor in ["386", "riscv64", "s390x"] {
        rows.push(("embedded-file", of(processor, short, ""), of(processor, long, "")));
        rows.push((
            "ldflags-x",
            of(processor, short, ""),
            of(processor, short, "-X main.stamp=v2"),
        ));
    }
    table(&rows);
}

/// A number in the code has no name anywhere: beside another cause it must not be lost, whatever the processor.
/// (One that is as large as an address of the program may be taken for that: docs/repro.md.)
#[test]
fn numbers_in_the_code_of_every_processor() {
    let source = |limit: &str| {
        format!(
            "package main\n\nvar stamp string\n\n//go:noinline\nfunc over(n int) bool {{ return n*3 > {limit} }}\n\nfunc main() {{ println(stamp, over(len(stamp))) }}\n"
        )
    };
    let world = World::module();
    for processor in
        ["386", "arm", "loong64", "mips", "mips64le", "ppc64", "ppc64le", "riscv64", "s390x"]
    {
        let of = |name: &str, limit: &str, stamp: &str| {
            let recipe = plain().trim().file("main.go", source(limit)).env("GOARCH", processor);
            build(&world, name, &recipe.flag(&format!("-ldflags=-X main.stamp={stamp}")))
        };
        let base = of("base", "7250011", "v1");
        let causes = |other: &std::path::Path| {
            let (_, report) = compare(&world, &base, other);
            let causes = report["repro"]["comparison"]["causes"].as_array().unwrap().clone();
            let mut names: Vec<String> =
                causes.iter().map(|it| it["cause"].as_str().unwrap().to_owned()).collect();
            names.sort();
            names
        };
        let both = causes(&of("both", "7350021", "v2"));
        assert_eq!(both, ["repro.constant", "repro.ldflags-x"], "{processor}");
        let stamp = causes(&of("stamp", "7250011", "a-longer-stamp-of-this-program"));
        assert_eq!(stamp, ["repro.ldflags-x"], "{processor}: what moved is no change");
    }
}

/// Before Go 1.20 the linker's own symbols began with `go.`, as the packages of many domains do.
#[test]
fn packages_of_a_domain_that_begins_like_the_linkers_names() {
    let of = |commit: &str, flags: &str| {
        let version = format!(
            "package version\n\nvar Commit = \"{commit}\"\n\nvar Rates = []int{{{}, 20, 30}}\n",
            commit.len()
        );
        let main = "package main\n\nimport \"go.example.com/pay/version\"\n\nfunc main() { println(version.Commit, len(version.Rates)) }\n";
        let recipe = plain().trim().file("go.mod", "module go.example.com/pay\n\ngo 1.21\n");
        let recipe = recipe.file("version/version.go", version).file("main.go", main);
        recipe.flag(&format!("-ldflags={flags}"))
    };
    let x = |commit: &str| of("none", &format!("-X go.example.com/pay/version.Commit={commit}"));
    table(&[
        ("ldflags-x", of("none", ""), x("abcdef0")),
        ("ldflags-x", x("abcdef0"), x("0123456789")),
        ("constant", of("none", ""), of("longer", "")),
    ]);
}
