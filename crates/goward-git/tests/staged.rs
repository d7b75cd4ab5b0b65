//! The staged tree is what git would check out, and reading it changes nothing.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests drive the real git")]

use goward_git::{Ignored, Repo, Staged, StagedOptions};
use goward_system::OsSystem;
use overlay::Entry;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

fn git(dir: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(args);
    let output = command.current_dir(dir).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn repository() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q"]);
    fs::write(dir.path().join(".gitattributes"), "*.crlf text eol=crlf\n*.up filter=up\n").unwrap();
    fs::write(dir.path().join(".gitignore"), "gen*\n").unwrap();
    git(dir.path(), &["config", "filter.up.smudge", "tr a-z A-Z"]);
    git(dir.path(), &["config", "filter.up.clean", "tr A-Z a-z"]);
    git(dir.path(), &["add", "."]);
    dir
}

/// Every file, its mode and its content; links by where they lead; `.git` with its index.
fn everything(dir: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let meta = path.symlink_metadata().unwrap();
        if meta.is_dir() {
            all.extend(everything(&path));
            continue;
        }
        let content = match meta.is_symlink() {
            true => fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
            false => fs::read(&path).unwrap(),
        };
        all.insert(path, (meta.permissions().mode(), content));
    }
    all
}

/// What a checkout of the index has, against what the overlay shows.
fn same(dir: &Path) {
    let top = dir.canonicalize().unwrap();
    let before = everything(&top);
    let system = OsSystem::at(&top);
    let repo = Repo::find(&system).unwrap();
    let options = StagedOptions {
        ignored: Ignored::Keep,
        before: None,
        wanted: &|_| true,
        unseen: &|_| true,
    };
    let staged = Staged::read(&repo, &options).unwrap();
    let after = everything(&top);
    let changed = before.iter().filter(|(path, was)| after.get(*path) != Some(was));
    let changed: Vec<&PathBuf> = changed.map(|(path, _)| path).collect();
    assert!(changed.is_empty() && before.len() == after.len(), "the worktree or .git: {changed:?}");
    let out = tempfile::tempdir().unwrap();
    let prefix = format!("--prefix={}/", out.path().display());
    git(&top, &["checkout-index", "--all", "--ignore-skip-worktree-bits", &prefix]);
    // What is only intended to be added is checked out as an empty file, and is in no commit.
    let tree = git(&top, &["write-tree"]);
    let names = git(&top, &["ls-tree", "-r", "-z", "--name-only", tree.trim()]);
    let names: Vec<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
    for name in &names {
        let theirs = fs::read(out.path().join(name)).ok();
        let ours = staged.overlay.read(&top.join(name)).ok();
        // A link that leads nowhere in the staged tree.
        if out.path().join(name).is_symlink() && theirs.is_none() {
            continue;
        }
        assert_eq!(theirs.map(text), ours.map(text), "{name}");
    }
    for path in before.keys().filter(|path| !path.starts_with(top.join(".git"))) {
        let name = path.strip_prefix(&top).unwrap().to_string_lossy().into_owned();
        let is_generated = path.file_name().unwrap().to_string_lossy().starts_with("gen");
        let was_there = git(&top, &["cat-file", "-t", &format!("HEAD:{name}")]) == "blob\n";
        let expected = names.contains(&&*name) || (is_generated && !was_there);
        let shown = matches!(staged.overlay.find(path), None | Some(Entry::File(_)));
        assert_eq!(shown, expected, "{name}");
    }
    let temporary = staged.tree();
    drop(staged);
    assert!(!temporary.exists());
}

/// A file that git calls unchanged is taken as it is, though its line ends or its filter's output differ.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).replace('\r', "").to_lowercase()
}

const NAMES: [&str; 9] =
    ["a.go", "d/b.go", "d/e/c.go", "x.crlf", "d/y.up", "gen.go", "d", "l.go", "d/\u{4e2d} \"q.go"];

#[derive(Debug, Clone)]
enum Op {
    Write(usize, u8),
    Remove(usize),
    Chmod(usize),
    Link(usize, usize),
    Add(usize),
    Force(usize),
    Unstage(usize),
    Intend(usize),
    Skip(usize),
    Assume(usize),
    Reset(usize),
    Commit,
}

fn op() -> impl Strategy<Value = Op> {
    let name = 0..NAMES.len();
    prop_oneof![
        6 => (name.clone(), any::<u8>()).prop_map(|(name, n)| Op::Write(name, n % 4)),
        2 => name.clone().prop_map(Op::Remove),
        1 => name.clone().prop_map(Op::Chmod),
        2 => (name.clone(), name.clone()).prop_map(|(from, to)| Op::Link(from, to)),
        6 => name.clone().prop_map(Op::Add),
        1 => name.clone().prop_map(Op::Force),
        2 => name.clone().prop_map(Op::Unstage),
        1 => name.clone().prop_map(Op::Intend),
        1 => name.clone().prop_map(Op::Skip),
        1 => name.clone().prop_map(Op::Assume),
        1 => name.prop_map(Op::Reset),
        2 => Just(Op::Commit),
    ]
}

fn apply(dir: &Path, op: &Op) {
    let at = |name: &usize| (NAMES[*name], dir.join(NAMES[*name]));
    match op {
        Op::Write(name, n) => {
            let (_, path) = at(name);
            let _ = fs::remove_dir_all(&path);
            let _ = fs::create_dir_all(path.parent().unwrap());
            let _ = fs::write(&path, format!("line {n}\nmore\n"));
        }
        Op::Remove(name) => {
            let (_, path) = at(name);
            let _ = fs::remove_dir_all(&path);
            let _ = fs::remove_file(&path);
        }
        Op::Chmod(name) => {
            let (_, path) = at(name);
            if path.is_file() {
                fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            }
        }
        Op::Link(name, to) => {
            let (_, path) = at(name);
            // Files only: folders behind links are nobody's package.
            if NAMES[*to] == "d" || !dir.join(NAMES[*to]).is_file() || name == to {
                return;
            }
            let _ = fs::remove_file(&path);
            let _ = fs::create_dir_all(path.parent().unwrap());
            let up = "../".repeat(NAMES[*name].matches('/').count());
            let _ = std::os::unix::fs::symlink(format!("{up}{}", NAMES[*to]), path);
        }
        Op::Add(name) => drop(git(dir, &["add", "--", at(name).0])),
        Op::Force(name) => drop(git(dir, &["add", "--force", "--", at(name).0])),
        Op::Unstage(name) => {
            drop(git(dir, &["rm", "-q", "-r", "-f", "--cached", "--", at(name).0]))
        }
        Op::Intend(name) => drop(git(dir, &["add", "--intent-to-add", "--", at(name).0])),
        // Git itself no longer says of such a file that it is only intended to be added.
        Op::Skip(name) | Op::Assume(name)
            if git(dir, &["diff", "--raw", "--", at(name).0]).contains(" A\t") => {}
        Op::Skip(name) => drop(git(dir, &["update-index", "--skip-worktree", at(name).0])),
        Op::Assume(name) => drop(git(dir, &["update-index", "--assume-unchanged", at(name).0])),
        Op::Reset(name) => drop(git(dir, &["reset", "-q", "--", at(name).0])),
        Op::Commit => drop(git(dir, &["commit", "-q", "--no-verify", "--allow-empty", "-m", "x"])),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_staged_tree_is_what_git_checks_out(ops in prop::collection::vec(op(), 1..25)) {
        let dir = repository();
        for op in &ops {
            apply(dir.path(), op);
        }
        same(dir.path());
    }
}
