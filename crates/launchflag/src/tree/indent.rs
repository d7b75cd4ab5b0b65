//! Flow collections and quoted texts that go on at the indentation of their key:
//!
//! ```yaml
//! args: [
//!   --audit-log-enabled=true
//! ]
//! ```
//!
//! YAML 1.2 wants the last line further in, and so does the parser; libyaml and go-yaml, which Kubernetes and compose use,
//! do not. Here such lines are moved to the right, which changes nothing else, and the spaces are counted.

/// The text with its continuation lines moved in, and by how many spaces each line was moved. `None` if none needs to be.
pub(super) fn indent(text: &str) -> Option<(String, Vec<usize>)> {
    let mut reader = Reader::default();
    let mut out = String::with_capacity(text.len() + 64);
    let mut moved = Vec::new();
    for line in text.split_inclusive('\n') {
        let own = line.len() - line.trim_start_matches(' ').len();
        let wanted = reader.continues().map_or(0, |base| base + 2);
        let more = if line.trim().is_empty() { 0 } else { wanted.saturating_sub(own) };
        // A hostile file could otherwise grow by its depth times its lines.
        let more = if more > MAX_MOVE { 0 } else { more };
        out.extend(std::iter::repeat_n(' ', more));
        out.push_str(line);
        moved.push(more);
        reader.line(line, own);
    }
    moved.iter().any(|more| *more > 0).then_some((out, moved))
}

const MAX_MOVE: usize = 128;

/// Enough of YAML's syntax to know where a line stands.
#[derive(Default)]
struct Reader {
    /// Open `[` and `{`.
    depth: usize,
    quote: Option<char>,
    /// The column of the key whose value goes on.
    base: usize,
    /// Within a block scalar: the indentation of the line with its `|` or `>`.
    block: Option<usize>,
}

impl Reader {
    fn continues(&self) -> Option<usize> {
        (self.depth > 0 || self.quote.is_some()).then_some(self.base)
    }

    fn line(&mut self, line: &str, own: usize) {
        if let Some(block) = self.block {
            if line.trim().is_empty() || own > block {
                return;
            }
            self.block = None;
        }
        let fresh = self.continues().is_none();
        if fresh {
            // "- - key: [": the key counts.
            let rest = line.trim_start_matches(' ');
            self.base = own + (rest.len() - rest.trim_start_matches(['-', ' ']).len());
        }
        // The last character that is no blank, and whether a blank stands between it and the next one.
        let (mut last, mut blank) = (None, true);
        let mut chars = line.trim_end().chars().peekable();
        while let Some(ch) = chars.next() {
            match (self.quote, ch) {
                (Some('"'), '\\') => {
                    chars.next();
                }
                (Some('\''), '\'') if chars.peek() == Some(&'\'') => {
                    chars.next();
                }
                (Some(open), ch) if open == ch => self.quote = None,
                (Some(_), _) => {}
                (None, '#') if blank => break,
                (None, ch) => self.plain(ch, last, blank),
            }
            blank = ch == ' ' || ch == '\t';
            if !blank {
                last = Some(ch);
            }
        }
        let bare = line.split(" #").next().unwrap_or_default().trim_end();
        let head =
            bare.trim_end_matches(['+', '-']).trim_end_matches(|ch: char| ch.is_ascii_digit());
        let head = head.trim_end_matches(['+', '-']);
        let value =
            head.strip_suffix(['|', '>']).is_some_and(|before| before.ends_with([' ', '\t']));
        if fresh && value && self.continues().is_none() {
            self.block = Some(own);
        }
    }

    fn plain(&mut self, ch: char, last: Option<char>, blank: bool) {
        let begins = match last {
            None | Some('[' | '{' | ',') => true,
            Some(':' | '-' | '?') => blank,
            Some(_) => false,
        };
        match ch {
            '"' | '\'' if begins => self.quote = Some(ch),
            '[' | '{' if begins => self.depth += 1,
            ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}
