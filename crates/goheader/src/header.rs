//! The head of a file: `readGoInfo` of go/build/read.go, and what `Context.matchFile` and `Context.Import` take from it.

use crate::build_lines::{Constraint, Head, head};
use crate::comment::group_text;
use crate::embed::{Embed, embeds};
use crate::errors::{ErrorKind, HeaderError};
use crate::import_comment::{ImportComment, import_comment};
use crate::parser::{Parsed, Spec, parse};
use crate::position::Position;
use crate::quote::unquote;
use crate::reader::{may_embed, read_comments};
use crate::synopsis::synopsis;
use crate::text::{REPLACEMENT, lossy};
use crate::unicode::is_print;
use crate::{Incomplete, reader};
use std::sync::Arc;

/// What go/build reads of a Go file before it decides about it. Places are those that Go prints: 1-based lines, columns
/// in bytes, and what `//line` comments say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The package's name and where it is; None where the clause could not be read.
    pub package: Option<Ident>,
    /// In order, also repeated ones. None where there is an error.
    pub imports: Vec<Import>,
    /// The patterns of `//go:embed` comments, where "embed" is imported.
    pub embeds: Vec<Embed>,
    /// The `//go:` comments above the package clause: `Package.Directives`.
    pub directives: Vec<Directive>,
    /// The comment behind the package clause that names an import path: `Package.ImportComment`.
    pub import_comment: Option<ImportComment>,
    /// Whether `//go:binary-only-package` is there. Go passes over it in tests.
    pub binary_only: bool,
    /// When the file is built.
    pub constraint: Constraint,
    /// The comments of the imports of "C", in order, for those that have one.
    pub cgo: Vec<CgoPreamble>,
    /// The first error in Go's order.
    pub error: Option<HeaderError>,
    /// The other errors, which the go command prints as well. (A file of a thousand errors or more may lack some.)
    pub more_errors: Vec<HeaderError>,
    /// The first sentence of the package's doc comment: `Package.Doc`. (Of a sentence of more than 16 KiB, the beginning.)
    pub doc: String,
}

/// A name in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    /// What is no UTF-8 is U+FFFD.
    pub name: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in bytes; 0 where a `//line` comment leaves it unknown.
    pub column: usize,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Without quotes.
    pub path: String,
    /// `.`, `_` or a name.
    pub name: Option<String>,
    /// Of the path, 1-based.
    pub line: usize,
    /// Of the path, 1-based, in bytes; 0 where a `//line` comment leaves it unknown.
    pub column: usize,
    /// Where go/build has it, `Package.ImportPos`: the place of the name, or of the path where there is no name.
    pub position: Position,
}

/// A `//go:` comment: `build.Directive`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The whole comment.
    pub text: String,
    /// The file that a `//line` comment names; None for the file itself.
    pub file: Option<Arc<str>>,
    /// 1-based.
    pub line: usize,
    /// 1-based, in bytes; 0 where a `//line` comment leaves it unknown.
    pub column: usize,
}

/// The comment of an import of "C".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CgoPreamble {
    /// Without the marks of the comment, as `ast.CommentGroup.Text` has it and `saveCgo` reads it.
    pub text: String,
    /// The 1-based line where it starts.
    pub line: usize,
}

impl CgoPreamble {
    /// The `#cgo` lines: `extractCgoDirectives` of cmd/go/internal/modindex/scan.go.
    pub fn directives(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.split('\n').map(str::trim);
        lines.filter(|line| line.starts_with("#cgo ") || line.starts_with("#cgo\t"))
    }
}

/// Reads the head of a Go file: `readGoInfo` and `shouldBuild`. `bytes` may be only the beginning of the file.
///
/// # Errors
/// The head does not end within the bytes, or the whole file counts: where it imports "embed", and where go/build takes
/// something for a mistake. Never when the file is `complete`.
pub fn read_go(bytes: &[u8], complete: bool) -> Result<Header, Incomplete> {
    let read = reader::read_go(bytes, complete)?;
    if let Some(error) = read.error {
        let error = HeaderError::new(ErrorKind::Read, Position::default(), error.to_string());
        return Ok(Header { error: Some(error), ..Header::default() });
    }
    let parsed = parse(read.header);
    let Head { constraint, binary_only } = head(read.header);
    let mut header = Header {
        package: parsed.package.as_ref().map(|(at, name)| {
            let Position { line, column, .. } = parsed.file.position(*at);
            Ident { name: lossy(name), line, column }
        }),
        doc: doc(&parsed),
        import_comment: import_comment(read.header),
        binary_only,
        constraint,
        ..Header::default()
    };
    if !parsed.errors.is_empty() {
        let mut errors = parsed.errors.sorted().into_iter();
        header.error = errors.next();
        header.more_errors = errors.collect();
        return Ok(header);
    }
    if let Err(error) = fill(&mut header, &parsed) {
        (header.imports, header.cgo) = (Vec::new(), Vec::new());
        header.error = Some(error);
        return Ok(header);
    }
    if header.imports.iter().any(|import| import.path == "embed") {
        if !complete {
            return Err(Incomplete);
        }
        if may_embed(read.all) {
            header.embeds = embeds(read.all);
        }
    }
    Ok(header)
}

/// Reads the comments above everything else in a source file of another language: `readComments` and `shouldBuild`.
///
/// # Errors
/// The comments do not end within the bytes; never when the file is `complete`.
pub fn read_other(bytes: &[u8], complete: bool) -> Result<Constraint, Incomplete> {
    let read = read_comments(bytes, complete)?;
    Ok(read.error.map_or_else(|| head(read.header).constraint, Constraint::unread))
}

fn doc(parsed: &Parsed<'_>) -> String {
    let comments = parsed.doc.clone().and_then(|group| parsed.comments.get(group));
    comments.map(|comments| synopsis(&group_text(comments))).unwrap_or_default()
}

/// The imports, their cgo preambles and the directives.
fn fill(header: &mut Header, parsed: &Parsed<'_>) -> Result<(), HeaderError> {
    for spec in &parsed.imports {
        let import = import(spec, parsed)?;
        if import.path == "C" {
            header.cgo.extend(preamble(spec, parsed));
        }
        header.imports.push(import);
    }
    let groups = parsed.groups.iter().filter_map(|group| parsed.comments.get(group.clone()));
    let above =
        groups.take_while(|group| group.first().is_some_and(|first| first.at < parsed.keyword));
    for comment in above.flatten().filter(|comment| comment.text.starts_with(b"//go:")) {
        let Position { file, line, column } = parsed.file.position(comment.at);
        header.directives.push(Directive { text: lossy(&comment.text), file, line, column });
    }
    Ok(())
}

fn import(spec: &Spec<'_>, parsed: &Parsed<'_>) -> Result<Import, HeaderError> {
    let (at, literal) = &spec.path;
    let Position { line, column, .. } = parsed.file.position(*at);
    let position = parsed.file.position(spec.name.as_ref().map_or(*at, |(at, _)| *at));
    // The parser has let only valid literals through.
    let path = unquote(literal).unwrap_or_default();
    let path = lossy(&path);
    if !is_valid_import(&path) {
        let message = format!("invalid import path: {path}");
        return Err(HeaderError::new(ErrorKind::Import, position, message));
    }
    let name = spec.name.as_ref().map(|(_, name)| lossy(name));
    Ok(Import { path, name, line, column, position })
}

/// `isValidImport`
fn is_valid_import(path: &str) -> bool {
    let illegal =
        |c| matches!(c, ' '..='*' | ',' | ':'..='?' | '['..='^' | '`' | '{'..='}' | REPLACEMENT);
    let legal = |c| is_print(c) && !illegal(c);
    !path.is_empty() && path.chars().all(legal)
}

fn preamble(spec: &Spec<'_>, parsed: &Parsed<'_>) -> Option<CgoPreamble> {
    let comments = parsed.comments.get(spec.doc.clone()?)?;
    let line = parsed.file.position(comments.first()?.at).line;
    Some(CgoPreamble { text: group_text(comments), line })
}
