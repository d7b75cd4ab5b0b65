//! Files of `NAME=VALUE` lines.

use crate::assignment::{Found, Via};
use crate::shell;
use crate::text::Text;
use crate::value::Value;

/// The file of `go env -w`, as `readEnvFile` of `cmd/go/internal/cfg` reads it: nothing is trimmed, there are no quotes,
/// and lines that do not begin with a capital letter are comments.
pub(crate) fn go_env(text: &Text, found: &mut Found) {
    let mut start = 0;
    for line in text.as_str().split_inclusive('\n') {
        let at = start;
        start += line.len();
        let line = line.strip_suffix('\n').unwrap_or(line);
        if let (Some(equals), true) =
            (line.find('='), line.starts_with(|c: char| c.is_ascii_uppercase()))
        {
            let value = Value::literal(text.part(at + equals + 1..at + line.len()));
            let name = text.get(at..at + equals);
            found.add(name, &value, text.span(at..at + line.len()), Via::GoEnvFile);
        }
    }
}

/// `.env` as docker compose and most loaders read it: comments, `export`, quotes, `$NAME`.
pub(crate) fn dot_env(text: &Text, found: &mut Found) {
    for range in text.lines() {
        let line = text.get(range.clone());
        let bare = line.trim_start();
        let bare = bare.strip_prefix("export ").map_or(bare, str::trim_start);
        let start = range.end - bare.len();
        let Some((name, value)) = bare.split_once('=').filter(|_| !bare.starts_with('#')) else {
            continue;
        };
        let blanks = value.len() - value.trim_start().len();
        let from = start + name.len() + 1 + blanks;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let closing = quote.and_then(|quote| value.get(1..)?.find(quote));
        let (part, end) = match (closing, value.find(" #")) {
            (Some(length), _) => (text.part(from + 1..from + 1 + length), from + length + 2),
            (None, comment) => {
                let value = value.get(..comment.unwrap_or(value.len())).unwrap_or_default();
                let end = from + value.trim_end().len();
                (text.part(from..end), end)
            }
        };
        let single = quote == Some('\'') && closing.is_some();
        let value = if single { Value::literal(part) } else { shell::expand(&part) };
        found.add(name.trim_end(), &value, text.span(start..end), Via::DotEnv);
    }
}
