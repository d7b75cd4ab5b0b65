//! Formats a file as `go mod edit -fmt` and `go work edit -fmt` do (`SortBlocks`, `Cleanup` in `modfile/rule.go`):
//! words rewritten to their canonical form, repeated directives dropped, blocks sorted, blocks of one line dissolved.

use crate::directive::string_value;
use crate::print::{Row, Source, Stretch, print};
use crate::syntax::{Comments, Line, Statement};
use crate::{Error, go_work, module_path, rules, semver, syntax, text};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

/// A word as bytes: what is no UTF-8 stays as it is.
type Word<'a> = Cow<'a, [u8]>;

/// The go.mod file in the form that `go mod edit -fmt` writes, byte for byte.
///
/// Like Go, this loses the comment behind a parenthesis, if it dissolves the block.
///
/// # Errors
/// What [`crate::parse_go_mod`] refuses.
pub fn format_go_mod(file: impl AsRef<[u8]>) -> Result<Vec<u8>, Vec<Error>> {
    format(file.as_ref(), "go.mod", |statements| {
        let go = rules::read(statements, true)?.go;
        let go = go.map_or_else(String::new, |go| format!("v{}", go.version));
        Ok(semver::compare(&go, "v1.21").is_ge())
    })
}

/// The go.work file in the form that `go work edit -fmt` writes, byte for byte. See [`format_go_mod`].
///
/// # Errors
/// What [`crate::parse_go_work`] refuses.
pub fn format_go_work(file: impl AsRef<[u8]>) -> Result<Vec<u8>, Vec<Error>> {
    format(file.as_ref(), "go.work", |statements| go_work::read(statements).map(|_| false))
}

/// `check` says whether `exclude` blocks are sorted by version rather than by text.
fn format(
    file: &[u8],
    name: &str,
    check: impl Fn(&[Statement<'_>]) -> Result<bool, Vec<Error>>,
) -> Result<Vec<u8>, Vec<Error>> {
    let decoded = text::decode(file);
    let statements =
        syntax::parse(&decoded, name).map_err(|error| vec![Error::new(error.at, error.message)])?;
    let by_version = check(&statements)?;
    let source = Source::new(file, &decoded);
    let mut stretches: Vec<Stretch<'_>> =
        statements.into_iter().map(|one| stretch(one, &source)).collect();
    drop_repeated(&mut stretches);
    let stretches = stretches.into_iter().map(|one| match one {
        Stretch::Block { .. } => dissolve(sort(one, by_version)),
        other => other,
    });
    Ok(print(&stretches.collect::<Vec<_>>()))
}

/// A statement with its words rewritten.
fn stretch<'a>(statement: Statement<'a>, source: &Source<'a>) -> Stretch<'a> {
    match statement {
        Statement::Comments(_, comments) => Stretch::Comments(source.comments(&comments)),
        Statement::Line(line) => {
            let verb = line.words.first().copied().unwrap_or_default();
            Stretch::Line(row(&line, verb, 1, source))
        }
        Statement::Block(block) => {
            let verb = block.words.first().copied().unwrap_or_default();
            let rows = block.lines.iter().map(|line| row(line, verb, 0, source)).collect();
            let words = block.words.iter().map(|word| Cow::Borrowed(source.raw(word))).collect();
            let Comments { before, suffix } = &block.close_comments;
            Stretch::Block {
                head: new_row(&block.comments, words, source),
                open_suffix: source.comments(&block.open_suffix),
                rows,
                close_before: source.comments(before),
                close_suffix: source.comments(suffix),
            }
        }
    }
}

fn new_row<'a>(comments: &Comments<'a>, words: Vec<Word<'a>>, source: &Source<'a>) -> Row<'a> {
    let (before, suffix) = (source.comments(&comments.before), source.comments(&comments.suffix));
    Row { before, words, suffix }
}

/// A line, with the words behind the first `skip` rewritten as `parseString` and `parseVersion` do.
fn row<'a>(line: &Line<'a>, verb: &str, skip: usize, source: &Source<'a>) -> Row<'a> {
    let plain = line.words.iter().map(|word| Cow::Borrowed(source.raw(word)));
    let mut words: Vec<Word<'a>> = plain.collect();
    let args = line.words.get(skip..).unwrap_or_default();
    let arrow = if args.get(1) == Some(&"=>") { 1 } else { 2 };
    for (index, word) in args.iter().enumerate() {
        let new = match (verb, index) {
            ("module" | "tool" | "ignore" | "use" | "require" | "exclude", 0) => path(word),
            ("replace", index) if index == 0 || index == arrow + 1 => path(word),
            ("require" | "exclude", _) => version(word),
            ("replace", index) if index != arrow => version(word),
            ("retract", _) => unquoted(word),
            _ => None,
        };
        if let (Some(new), Some(place)) = (new, words.get_mut(skip + index)) {
            *place = Cow::Owned(new);
        }
    }
    new_row(&line.comments, words, source)
}

/// `None` where the word stays as it is, which it does if it is not quoted.
fn unquoted(word: &str) -> Option<Vec<u8>> {
    if word.starts_with('"') { text::unquote_bytes(word) } else { None }
}

fn path(word: &str) -> Option<Vec<u8>> {
    unquoted(word).map(text::auto_quote)
}

fn version(word: &str) -> Option<Vec<u8>> {
    let version = string_value(word).ok()?;
    module_path::canonical_version(&version).map(String::into_bytes)
}

/// Drops repeated directives: of `replace` the last one stays, of others the first; and the blocks without lines.
fn drop_repeated(stretches: &mut Vec<Stretch<'_>>) {
    let mut seen = HashSet::new();
    let mut keep: Vec<bool> = Vec::new();
    each_row(stretches, |verb, args| {
        let key = key(verb, args).filter(|_| verb != b"replace");
        keep.push(key.is_none_or(|key| seen.insert(key)));
    });
    let mut last = HashSet::new();
    let mut replaced: Vec<bool> = Vec::new();
    each_row_backwards(stretches, |verb, args| {
        let key = key(verb, args).filter(|_| verb == b"replace");
        replaced.push(key.is_none_or(|key| last.insert(key)));
    });
    let mut keep = keep.into_iter().zip(replaced.into_iter().rev());
    let mut keep = || keep.next().is_none_or(|(first, last)| first && last);
    stretches.retain_mut(|stretch| match stretch {
        Stretch::Comments(_) => true,
        Stretch::Line(_) => keep(),
        Stretch::Block { rows, .. } => {
            rows.retain(|_| keep());
            !rows.is_empty()
        }
    });
}

/// What makes a directive a repeated one. (Rewritten words are equal only if their meanings are.)
fn key(verb: &[u8], args: &[Word<'_>]) -> Option<Vec<Vec<u8>>> {
    let arrow = || args.get(1).is_some_and(|word| word.as_ref() == b"=>");
    let count = match verb {
        b"exclude" => 2,
        b"tool" | b"ignore" => 1,
        b"replace" if arrow() => 1,
        b"replace" => 2,
        _ => return None,
    };
    let words = args.iter().take(count).map(|word| word.to_vec());
    Some(std::iter::once(verb.to_vec()).chain(words).collect())
}

/// The verb and the arguments of each line.
fn each_row(stretches: &[Stretch<'_>], mut each: impl FnMut(&[u8], &[Word<'_>])) {
    stretches.iter().for_each(|stretch| {
        rows_of(stretch).for_each(|(verb, args)| each(verb, args));
    });
}

fn each_row_backwards(stretches: &[Stretch<'_>], mut each: impl FnMut(&[u8], &[Word<'_>])) {
    stretches.iter().rev().for_each(|stretch| {
        rows_of(stretch).rev().for_each(|(verb, args)| each(verb, args));
    });
}

fn rows_of<'s>(
    stretch: &'s Stretch<'_>,
) -> impl DoubleEndedIterator<Item = (&'s [u8], &'s [Word<'s>])> {
    let (verb, line, rows) = match stretch {
        Stretch::Comments(_) => (None, None, &[][..]),
        Stretch::Line(row) => (row.words.first(), Some(row), &[][..]),
        Stretch::Block { head, rows, .. } => (head.words.first(), None, rows.as_slice()),
    };
    let verb: &[u8] = verb.map_or(&[], |verb| verb.as_ref());
    let line = line.into_iter().map(|row| row.words.get(1..).unwrap_or_default());
    let all = line.chain(rows.iter().map(|row| row.words.as_slice()));
    all.map(move |args| (verb, args))
}

fn sort(mut stretch: Stretch<'_>, by_version: bool) -> Stretch<'_> {
    if let Stretch::Block { head, rows, .. } = &mut stretch {
        let order: fn(&Row<'_>, &Row<'_>) -> Ordering = match head.words.first().map(AsRef::as_ref)
        {
            Some(b"exclude") if by_version => exclude_order,
            Some(b"retract") => retract_order,
            _ => |left, right| left.words.cmp(&right.words),
        };
        rows.sort_by(order);
    }
    stretch
}

fn exclude_order(left: &Row<'_>, right: &Row<'_>) -> Ordering {
    match (left.words.as_slice(), right.words.as_slice()) {
        ([left, left_version], [right, right_version]) => {
            let (left_version, right_version) =
                (text::decode(left_version), text::decode(right_version));
            left.cmp(right).then_with(|| semver::compare(&left_version, &right_version))
        }
        (left, right) => left.cmp(right),
    }
}

/// The latest first.
fn retract_order(left: &Row<'_>, right: &Row<'_>) -> Ordering {
    let interval = |row: &Row<'_>| match row.words.as_slice() {
        [version] => (text::decode(version).into_owned(), text::decode(version).into_owned()),
        [_, low, _, high, _] => (text::decode(low).into_owned(), text::decode(high).into_owned()),
        _ => Default::default(),
    };
    let ((low, high), (other_low, other_high)) = (interval(left), interval(right));
    semver::compare(&other_low, &low).then_with(|| semver::compare(&other_high, &high))
}

/// A block of one line becomes a line, unless a comment stands in front of the closing parenthesis.
fn dissolve(stretch: Stretch<'_>) -> Stretch<'_> {
    match stretch {
        Stretch::Block { head, mut rows, close_before, .. }
            if rows.len() == 1 && close_before.is_empty() =>
        {
            let Row { mut before, mut words, suffix } = head;
            let mut line = Row { before: Vec::new(), words: Vec::new(), suffix: Vec::new() };
            if let Some(row) = rows.pop() {
                before.extend(row.before);
                words.extend(row.words);
                line.suffix = row.suffix;
            }
            line.suffix.extend(suffix);
            Stretch::Line(Row { before, words, suffix: line.suffix })
        }
        other => other,
    }
}
