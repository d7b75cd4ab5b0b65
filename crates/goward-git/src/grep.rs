//! What stands in the files of the index.

use crate::repo::{GitError, Repo};

/// A million lines, some hundred bytes each.
const KEEP: usize = 128 << 20;

/// A line that was found.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// Relative to the repository's top; in a submodule, too.
    pub path: String,
    /// 1-based.
    pub number: u32,
    /// Without its end.
    pub text: String,
}

impl Repo<'_> {
    /// The lines of the index's text files that an extended regular expression matches, also in submodules that are checked
    /// out.
    ///
    /// # Errors
    /// What git says, and more lines than anybody has.
    pub fn grep(&self, pattern: &str, files: &[&str]) -> Result<Vec<Line>, GitError> {
        let mut args = vec!["grep", "--cached", "-n", "-z", "-I", "-E"];
        if self.top.join(".gitmodules").is_file() {
            args.push("--recurse-submodules");
        }
        args.extend(["-e", pattern, "--"]);
        args.extend(files);
        let output = self.run(&self.command(&args).keep(KEEP))?;
        // It ends with 1 where there are none.
        if !matches!(output.ended, goward_system::Ended::Code(0 | 1)) {
            return Err(GitError::Failed(output.stderr.text().trim().to_owned()));
        }
        if output.stdout.left_out() > 0 {
            return Err(GitError::Failed("git grep finds too much to be kept".to_owned()));
        }
        Ok(output.stdout.text().lines().filter_map(line).collect())
    }
}

/// `path NUL number NUL text`; git before 2.19 has a colon behind the number.
fn line(text: &str) -> Option<Line> {
    let (path, rest) = text.split_once('\0')?;
    let (number, text) = rest.split_once(['\0', ':'])?;
    Some(Line { path: path.to_owned(), number: number.parse().ok()?, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let one = line("a b/c:d.h\x0012\x00#include \"x:y.h\"")
            .map(|one| (one.path, one.number, one.text));
        assert_eq!(one, Some(("a b/c:d.h".to_owned(), 12, "#include \"x:y.h\"".to_owned())));
        assert_eq!(line("a.h\x003:x").map(|one| one.text).as_deref(), Some("x"));
        assert_eq!(line("Binary file a.h matches"), None);
    }
}
