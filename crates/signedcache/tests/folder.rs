//! A store deletes what is old, so it takes only folders of its own.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests write files")]

use signedcache::Store;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(86_400);

fn old(path: &Path) {
    fs::write(path, "somebody's").unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - 30 * DAY).unwrap();
}

#[test]
fn a_folder_with_something_in_it_is_somebody_elses() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.tex"), "").unwrap();
    let refused = Store::create(dir.path(), false).unwrap_err();
    assert!(refused.to_string().contains("not empty"), "{refused}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn trimming_deletes_what_the_store_wrote_and_follows_no_link() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Store::create(dir.path(), false).unwrap();
    let at = |name: &str| dir.path().join(name);
    let important = other.path().join("important.conf");
    old(&at("tmp/notes.txt"));
    old(&at("tmp/put-1"));
    old(&important);
    std::os::unix::fs::symlink(&important, at("trim.txt")).unwrap();
    store.trim(DAY, SystemTime::now()).unwrap();
    assert!(at("tmp/notes.txt").exists() && !at("tmp/put-1").exists());
    assert_eq!(fs::read_to_string(&important).unwrap(), "somebody's");
    // A link in the place of the folder itself.
    fs::remove_dir_all(at("tmp")).unwrap();
    std::os::unix::fs::symlink(other.path(), at("tmp")).unwrap();
    fs::remove_file(at("trim.txt")).unwrap();
    assert!(store.trim(DAY, SystemTime::now()).is_err());
    assert!(important.exists() && Store::create(dir.path(), false).is_err());
}
