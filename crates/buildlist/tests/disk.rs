//! What is found on disk, and what is not.

#![expect(clippy::disallowed_methods, reason = "the tests write main modules")]

mod common;

use buildlist::{BuildList, Error, GoWorkSetting, LoadError, Mode, Options};
use common::{Disk, Published, graph_lines, list_lines};
use std::fs;
use std::path::Path;

fn published() -> Published {
    let module = |name: &str, text: &str| {
        let path = format!("example.com/{name}");
        ((path.clone(), "v1.0.0".to_owned()), Some(format!("module {path}\n{text}")))
    };
    Published::from([
        module("A", "go 1.17\nrequire example.com/b v1.0.0\n"),
        module("b", ""),
        module("c", "require example.com/A v1.0.0\n"),
    ])
}

fn disk() -> Disk {
    let disk = Disk::new(&published());
    disk.write("go.mod", "module example.com/main\ngo 1.24\nrequire example.com/A v1.0.0\n");
    disk.write("cmd/x.go", "package x\n");
    disk
}

fn options(disk: &Disk) -> Options {
    Options { gomodcache: disk.cache(), ..Options::default() }
}

fn load(disk: &Disk, dir: &str, options: &Options) -> Result<BuildList, Error> {
    buildlist::load(&disk.src().join(dir), options)
}

#[test]
fn a_directory_below_the_module_is_of_the_module() {
    let disk = disk();
    let list = load(&disk, "cmd", &options(&disk)).unwrap();
    assert_eq!(list_lines(&list), "example.com/main\nexample.com/A v1.0.0\nexample.com/b v1.0.0\n");
    assert_eq!(list.modules()[0].dir.as_deref(), Some(disk.src().as_path()));
    assert_eq!(list.work(), None);
    assert_eq!(list.modules()[1].requirements[0].file, disk.src().join("go.mod"));
}

#[test]
fn gowork_decides_about_workspaces() {
    let disk = disk();
    disk.write("tool/go.mod", "module example.com/tool\ngo 1.24\nrequire example.com/c v1.0.0\n");
    disk.write("go.work", "go 1.24\nuse (\n\t.\n\t./tool\n)\n");
    disk.write("sub/other.work", "go 1.24\nuse ../tool\n");
    let other = GoWorkSetting::File(disk.src().join("sub/other.work"));
    let cases = [
        ("found above", "cmd", GoWorkSetting::Auto, vec!["example.com/main", "example.com/tool"]),
        ("off", "cmd", GoWorkSetting::Off, vec!["example.com/main"]),
        ("another", "cmd", other, vec!["example.com/tool"]),
    ];
    for (name, dir, gowork, want) in cases {
        let list = load(&disk, dir, &Options { gowork, ..options(&disk) }).unwrap();
        let main = list.modules().iter().filter(|one| one.is_main());
        let main: Vec<&str> = main.map(|one| one.path.as_str()).collect();
        assert_eq!(main, want, "{name}");
    }
    assert_eq!(GoWorkSetting::from_env("auto"), GoWorkSetting::Auto);
    assert_eq!(GoWorkSetting::from_env("/x/go.work"), GoWorkSetting::File("/x/go.work".into()));
    let relative = Options { gowork: GoWorkSetting::from_env("go.work"), ..options(&disk) };
    assert!(matches!(load(&disk, ".", &relative), Err(Error::RelativeGoWork(_))));
    let mode = Options { mode: Some(Mode::Mod), ..options(&disk) };
    assert!(matches!(load(&disk, ".", &mode), Err(Error::ModInWorkspace)));
    let mod_file = Options { mod_file: Some("/x/alt.mod".into()), ..options(&disk) };
    assert!(matches!(load(&disk, ".", &mod_file), Err(Error::ModFileInWorkspace)));
    assert!(buildlist::graph(&disk.src(), &options(&disk)).is_ok());
}

#[test]
fn workspaces_that_cannot_be_read() {
    let disk = disk();
    let cases = [
        ("use ./gone\n", "go.work:1: cannot load module"),
        ("use .\nuse ./cmd/..\n", "appears multiple times"),
        ("use (\n", "errors parsing"),
        ("", "no modules were found"),
    ];
    for (work, want) in cases {
        disk.write("go.work", work);
        let error = load(&disk, ".", &options(&disk)).unwrap_err().to_string();
        assert!(error.contains(want), "{work:?}: {error}");
    }
}

#[test]
fn goflags_are_understood() {
    let disk = disk();
    disk.write("alt.mod", "module example.com/alt\ngo 1.24\n");
    let mut with = options(&disk);
    let alt = disk.src().join("alt.mod");
    with.apply_goflags(&format!("-v --mod=mod '-modfile={}'", alt.display())).unwrap();
    assert_eq!(with.mode, Some(Mode::Mod));
    assert_eq!(list_lines(&load(&disk, ".", &with).unwrap()), "example.com/alt\n");
    assert!(matches!(with.apply_goflags("-mod=maybe"), Err(Error::UnknownMode(_))));
}

#[test]
fn what_the_cache_lacks_is_named_with_its_places() {
    let disk = disk();
    disk.write("go.mod", "module example.com/main\ngo 1.24\nrequire example.com/Gone v1.0.0\n");
    let error = load(&disk, ".", &options(&disk)).unwrap_err();
    assert!(error.is_inconclusive());
    let Error::Graph(graph) = error else { panic!("{error}") };
    let LoadError::Missing { module, looked_at } = graph.cause else { panic!("{}", graph.cause) };
    assert_eq!(module.path, "example.com/Gone");
    let want = disk.cache().join("cache/download/example.com/!gone/@v/v1.0.0.mod");
    assert_eq!(looked_at[0], want);
    // A module that was extracted, but whose download is gone, still says what it requires.
    let extracted = disk.cache().join("example.com/!gone@v1.0.0");
    fs::create_dir_all(&extracted).unwrap();
    fs::write(extracted.join("go.mod"), "module example.com/Gone\n").unwrap();
    assert_eq!(load(&disk, ".", &options(&disk)).unwrap().modules().len(), 2);
}

#[test]
fn paths_that_lead_out_of_the_cache_are_never_looked_up() {
    let disk = disk();
    for path in ["example.com/../../etc", "nodot/x", "example.com/con"] {
        disk.write("go.mod", &format!("module example.com/main\ngo 1.24\nrequire {path} v1.0.0\n"));
        let error = load(&disk, ".", &options(&disk)).unwrap_err();
        let malformed =
            |graph: &buildlist::GraphError| matches!(graph.cause, LoadError::Malformed { .. });
        assert!(matches!(&error, Error::Graph(graph) if malformed(graph)), "{path}: {error}");
    }
}

#[test]
fn hostile_files_are_refused() {
    let disk = disk();
    let file = disk.cache().join("cache/download/example.com/!a/@v/v1.0.0.mod");
    let refused = |what: &str| {
        let error = load(&disk, ".", &options(&disk)).unwrap_err().to_string();
        assert!(error.contains(what), "{what}: {error}");
    };
    fs::write(&file, vec![b'/'; (16 << 20) + 1]).unwrap();
    refused("larger than 16 MiB");
    fs::write(&file, b"module example.com/A\nrequire (\n").unwrap();
    refused("parsing go.mod");
    fs::write(&file, b"\xff\xfe\x00module").unwrap();
    refused("parsing go.mod");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    refused("not a regular file");
    // Old versions of Go made this up; it counts as missing.
    fs::remove_dir(&file).unwrap();
    fs::write(&file, "//vgo 0.0.4\n\nmodule example.com/A\n").unwrap();
    refused("not in the module cache");
}

#[test]
fn no_module_anywhere() {
    let error = buildlist::load(Path::new("/"), &Options::default()).unwrap_err();
    assert!(matches!(error, Error::NoMainModule { .. }), "{error}");
}

#[test]
fn a_later_go_is_refused_if_the_running_one_is_known() {
    let disk = disk();
    disk.write("go.mod", "module example.com/main\ngo 1.99\n");
    assert!(load(&disk, ".", &options(&disk)).is_ok());
    let old = Options { go_version: Some("1.26.8".into()), ..options(&disk) };
    assert!(matches!(load(&disk, ".", &old), Err(Error::TooNew { .. })));
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let disk = disk();
    disk.write("go.mod", "module example.com/main\nrequire example.com/c v1.0.0\n");
    let with = |threads| Options { threads, ..options(&disk) };
    let one = load(&disk, ".", &with(1)).unwrap();
    for threads in [2, 3, 16] {
        let other = load(&disk, ".", &with(threads)).unwrap();
        assert_eq!(list_lines(&one), list_lines(&other));
        assert_eq!(graph_lines(&one), graph_lines(&other));
    }
}
