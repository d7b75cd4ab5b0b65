//! Where the history lives unless policy says otherwise.

use std::path::{Path, PathBuf};

/// `$XDG_STATE_HOME/goward/history.db`, else `$HOME/.local/state/goward/history.db`; `None`
/// where neither variable holds an absolute path.
///
/// A relative path in either is ignored, as the
/// [XDG base directory specification](https://specifications.freedesktop.org/basedir-spec/latest/)
/// demands: the file must not depend on the working directory. macOS is no exception.
pub fn default_path(env: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let absolute = |name: &str| env(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state =
        absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|h| h.join(".local/state")))?;
    Some(state.join(Path::new("goward/history.db")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_where_the_history_lives() {
        for (name, xdg, home, path) in [
            ("XDG wins", Some("/s"), Some("/h"), Some("/s/goward/history.db")),
            ("else HOME", None, Some("/h"), Some("/h/.local/state/goward/history.db")),
            ("empty XDG", Some(""), Some("/h"), Some("/h/.local/state/goward/history.db")),
            ("relative XDG", Some("s"), Some("/h"), Some("/h/.local/state/goward/history.db")),
            ("dotted XDG", Some("./s"), Some("/h"), Some("/h/.local/state/goward/history.db")),
            ("tilde is relative", Some("~/s"), None, None),
            ("trailing slash", Some("/s/"), None, Some("/s/goward/history.db")),
            ("spaces and 中文", Some("/a b/中文"), None, Some("/a b/中文/goward/history.db")),
            ("relative HOME", None, Some("h"), None),
            ("empty HOME", None, Some(""), None),
            ("nothing", None, None, None),
        ] {
            let env = |var: &str| {
                let value = if var == "XDG_STATE_HOME" { xdg } else { home };
                value.map(str::to_owned)
            };
            assert_eq!(default_path(env), path.map(PathBuf::from), "{name}");
        }
    }
}
