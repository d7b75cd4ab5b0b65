//! Words that several steps say.

use goward_model::Text;

/// How files that were forgotten come into the commit.
pub(super) fn add(names: &[String]) -> Text {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let names = names.join(" ");
    Text::new(
        format!("git add {names}  (on the disk it is, staged it is not)"),
        format!("git add {names}  （磁盘上有，但未暂存）"),
    )
}

/// So many packages.
pub(super) fn counted(count: usize) -> Text {
    let plural = if count == 1 { "" } else { "s" };
    Text::new(format!("{count} package{plural}"), format!("{count} 个包"))
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=@%,".contains(c);
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}
