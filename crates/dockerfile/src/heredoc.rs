//! Here-documents of `RUN`, `COPY` and `ADD` (and of these behind `ONBUILD`).
//!
//! Rules: `heredocsFromLine` and `heredocFromMatch` of BuildKit's `parser.go`.

use crate::expand;
use crate::span::Lines;

/// A here-document, such as `<<EOF`, with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heredoc {
    /// The word that ends it. In `COPY`/`ADD` also the name of the file.
    pub name: String,
    /// The number before `<<`; 0 if there is none.
    pub descriptor: u32,
    /// Whether variables in the content are expanded: no part of the name was quoted.
    pub expand: bool,
    /// Whether leading tabs are taken off each line (`<<-`).
    pub chomp: bool,
    /// The content as written, leading tabs and line endings included.
    pub content: String,
    /// The lines of the content with the line of the terminator.
    pub lines: Lines,
}

impl Heredoc {
    /// The content as the shell or the file gets it: without the leading tabs, if `<<-` says so.
    pub fn text(&self) -> String {
        if !self.chomp {
            return self.content.clone();
        }
        self.content.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
    }

    /// Whether `line`, without its line ending, ends this here-document.
    pub(crate) fn ends_at(&self, line: &str) -> bool {
        let line = line.trim_end_matches(['\r', '\n']);
        self.name == if self.chomp { line.trim_start_matches('\t') } else { line }
    }
}

/// The here-documents that `line` announces, still without content.
pub(crate) fn announced(line: &str) -> Vec<Heredoc> {
    if !line.contains("<<") {
        return Vec::new();
    }
    expand::heredoc_words(line).iter().filter_map(|word| read(word)).collect()
}

/// `^(\d*)<<(-?)\s*([^<]*)$`
fn read(word: &str) -> Option<Heredoc> {
    let digits = word.trim_start_matches(|ch: char| ch.is_ascii_digit());
    let descriptor = word.get(..word.len() - digits.len())?.parse().unwrap_or(0);
    let rest = digits.strip_prefix("<<")?;
    let (chomp, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    let rest = rest.trim_ascii_start();
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let [name] = <[String; 1]>::try_from(expand::name_words(rest, false).ok()?).ok()?;
    let [quoted] = <[String; 1]>::try_from(expand::name_words(rest, true).ok()?).ok()?;
    let quotes = |text: &str| text.matches(['\'', '"']).count();
    let expand = quotes(&name) == quotes(&quoted);
    let lines = Lines { first: 0, last: 0 };
    Some(Heredoc { name, descriptor, expand, chomp, content: String::new(), lines })
}
