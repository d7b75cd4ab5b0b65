//! Paths as text, as Go's `path/filepath` treats them on Unix: no link is followed.

/// `filepath.Clean`.
pub(crate) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// `path`, seen from `dir`: a rooted one stays as it is, and another one is joined and cleaned.
pub(crate) fn resolve(dir: &str, path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { clean(&format!("{dir}/{path}")) }
}

/// `filepath.Rel` of two paths, both rooted or both relative to the same directory.
pub(crate) fn relative(base: &str, target: &str) -> String {
    let (base, target) = (clean(base), clean(target));
    let parts = |path: &str| -> Vec<String> {
        let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
        parts.map(str::to_owned).collect()
    };
    let (base, target) = (parts(&base), parts(&target));
    let common = base.iter().zip(&target).take_while(|(left, right)| left == right).count();
    let up = base.iter().skip(common).map(|_| "..");
    let down = target.iter().skip(common).map(String::as_str);
    let parts: Vec<&str> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// `base.ShortPath` of a command that runs in `dir`: the relative path if it is shorter.
pub(crate) fn short(dir: &str, path: &str) -> String {
    let relative = relative(dir, path);
    if relative.len() < path.len() { relative } else { path.to_owned() }
}

/// `modload.ToDirectoryPath`: with `./` unless it is plainly a directory.
pub(crate) fn to_directory(path: &str) -> String {
    if crate::is_directory_path(path) { path.to_owned() } else { format!("./{}", clean(path)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_by_go() {
        let cases = [
            ("", "."),
            (".", "."),
            ("/", "/"),
            ("//a", "/a"),
            ("a/../..", ".."),
            ("../../a/./b//c/", "../../a/b/c"),
            ("/../a", "/a"),
            ("a/b/../c", "a/c"),
        ];
        for (path, want) in cases {
            assert_eq!(clean(path), want, "{path}");
        }
    }

    #[test]
    fn relative_paths_are_those_of_go() {
        let cases = [
            ("/w", "/w/a", "./a", "a"),
            ("/w", "/w", ".", "."),
            ("/w/a", "/w/b", "../b", "/w/b"),
            ("/w/a", "/w/b/c", "../b/c", "/w/b/c"),
            ("/work/a", "/work/b", "../b", "../b"),
            ("/w/a", "/", "../..", "/"),
            ("/", "/x/y", "./x/y", "x/y"),
            (".", "a", "./a", "a"),
        ];
        for (base, target, directory, shown) in cases {
            assert_eq!(to_directory(&relative(base, target)), directory, "{base} {target}");
            assert_eq!(short(base, target), shown, "{base} {target}");
        }
    }
}
