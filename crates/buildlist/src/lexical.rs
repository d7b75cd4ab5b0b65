//! Paths as text, as Go's `path/filepath` treats them on Unix: no link is followed.

/// `filepath.Clean` of an absolute or relative path.
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

/// `filepath.Join` of a directory and a path.
pub(crate) fn join(dir: &str, path: &str) -> String {
    clean(&format!("{dir}/{path}"))
}

/// `filepath.Rel` of two absolute paths.
pub(crate) fn relative(base: &str, target: &str) -> String {
    let (base, target) = (clean(base), clean(target));
    let base: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    let target: Vec<&str> = target.split('/').filter(|part| !part.is_empty()).collect();
    let common = base.iter().zip(&target).take_while(|(left, right)| left == right).count();
    let up = base.iter().skip(common).map(|_| "..");
    let parts: Vec<&str> = up.chain(target.iter().skip(common).copied()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// `modload.ToDirectoryPath`: with `./` unless it is plainly a directory.
pub(crate) fn to_directory_path(path: &str) -> String {
    if gomod::is_directory_path(path) { path.to_owned() } else { format!("./{}", clean(path)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_by_go() {
        let cases = [
            ("", "."),
            ("/", "/"),
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
            ("/w", "/w/a", "./a"),
            ("/w", "/w", "."),
            ("/w/a", "/w/b", "../b"),
            ("/w/a", "/", "../.."),
            ("/", "/x/y", "./x/y"),
        ];
        for (base, target, want) in cases {
            assert_eq!(to_directory_path(&relative(base, target)), want, "{base} {target}");
        }
    }
}
