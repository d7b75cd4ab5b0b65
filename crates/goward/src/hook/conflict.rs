//! The markers of a conflict that nobody resolved: a file that is added with them is no conflict any more for git.

use goward_model::{Finding, Location, Text};

/// Where such lines are shown, or are what a tool is tested with.
const SHOWN: [&str; 16] = [
    "md", "mdx", "markdown", "rst", "adoc", "asciidoc", "org", "tex", "patch", "diff", "rej",
    "html", "txtar", "golden", "snap", "orig",
];

/// The line (from 1) of the first marker: `<<<<<<< ` or `>>>>>>> ` with a label (`conflict-marker-size` is 7 where no
/// attribute says otherwise, gitattributes). `=======` alone is a heading.
pub(super) fn found(path: &str, content: &str) -> Option<u32> {
    let is_test_data = path.split('/').any(|part| part == "testdata");
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    let is_shown = SHOWN.iter().any(|shown| end.eq_ignore_ascii_case(shown));
    if is_test_data || is_shown || content.contains('\0') {
        return None;
    }
    let is_marker = |line: &str| {
        let label = line.strip_prefix("<<<<<<< ").or_else(|| line.strip_prefix(">>>>>>> "));
        label.is_some_and(|label| label.starts_with(|c: char| !c.is_whitespace()))
    };
    let at = content.lines().position(is_marker)?;
    Some(u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1))
}

/// Whether a line of a Go file stands in a raw string, as an odd number of quotes before it says: what a test reads.
pub(super) fn is_quoted(content: &str, line: u32) -> bool {
    let before = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
    let quotes = content.lines().take(before).map(|line| line.matches('`').count());
    quotes.sum::<usize>() % 2 == 1
}

pub(super) fn finding(path: &str, line: u32) -> Finding {
    let message = Text::new("a conflict that nobody resolved", "尚未解决的冲突");
    let help = Text::new(
        "choose what stays, delete the lines <<<<<<<, ======= and >>>>>>>, and `git add` the file; where they belong there: hook.allow",
        "选定保留的内容，删除 <<<<<<<、======= 和 >>>>>>> 各行，然后 `git add` 该文件；若确属其内容：hook.allow",
    );
    Finding::at(Location::point(path, line, 1), "conflict", message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFLICT: &str = "package a\n<<<<<<< HEAD\nvar A = 1\n=======\nvar A = 2\n>>>>>>> b\n";

    #[test]
    fn a_marker_with_its_label_is_a_conflict() {
        assert_eq!(found("a.go", CONFLICT), Some(2));
        let diff3 = CONFLICT.replace("=======", "||||||| 1234\nvar A = 0\n=======");
        assert_eq!(found("go.mod", &diff3.replace('\n', "\r\n")), Some(2));
        assert_eq!(found("y.sh", "x\n>>>>>>> b\n"), Some(2));
        // A heading, a table, a shift, what documents show, what a parser of conflicts is tested with.
        assert_eq!(found("a.go", "Title\n=======\n\t>>>>>>> x\n>>>>>>>>\n"), None);
        assert_eq!(found("a.sh", "<<<<<<<  a\n"), None);
        assert_eq!(found("docs/git.md", CONFLICT), None);
        assert_eq!(found("x/testdata/in.go", CONFLICT), None);
        assert!(is_quoted("const in = `a\n<<<<<<< b\n`\n", 2));
        assert!(!is_quoted("const in = `a`\n<<<<<<< b\n", 2));
    }
}
