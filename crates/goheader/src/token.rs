//! The tokens of Go: go/token.

use std::borrow::Cow;

/// A token of the file.
#[derive(Debug, Clone)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    /// Its offset.
    pub(crate) at: usize,
    /// The text of names, literals and comments; of semicolons `;`, or a newline where it was inserted.
    pub(crate) text: Cow<'a, [u8]>,
}

/// `token.Token`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Illegal,
    End,
    Comment,
    Name,
    /// A literal that is no string.
    Literal,
    String,
    Operator(&'static str),
    Keyword(&'static str),
}

pub(crate) const SEMICOLON: Kind = Kind::Operator(";");
pub(crate) const COMMA: Kind = Kind::Operator(",");
pub(crate) const OPEN: Kind = Kind::Operator("(");
pub(crate) const CLOSE: Kind = Kind::Operator(")");
pub(crate) const PERIOD: Kind = Kind::Operator(".");
pub(crate) const PACKAGE: Kind = Kind::Keyword("package");
pub(crate) const IMPORT: Kind = Kind::Keyword("import");

impl Kind {
    /// `Token.String`
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Illegal => "ILLEGAL",
            Self::End => "EOF",
            Self::Comment => "COMMENT",
            Self::Name => "IDENT",
            Self::Literal => "INT",
            Self::String => "STRING",
            Self::Operator(name) | Self::Keyword(name) => name,
        }
    }

    /// `Token.IsLiteral`
    pub(crate) fn is_literal(self) -> bool {
        matches!(self, Self::Name | Self::Literal | Self::String)
    }

    /// Whether a newline behind it is a semicolon.
    pub(crate) fn ends_statement(self) -> bool {
        match self {
            Self::Operator(name) => matches!(name, ")" | "]" | "}" | "++" | "--"),
            Self::Keyword(name) => matches!(name, "break" | "continue" | "fallthrough" | "return"),
            _ => self.is_literal(),
        }
    }
}

/// The operators, the longer ones first.
pub(crate) const OPERATORS: &[&str] = &[
    "<<=", ">>=", "&^=", "...", ":=", "+=", "++", "-=", "--", "*=", "/=", "%=", "^=", "<-", "<=",
    "<<", ">=", ">>", "==", "!=", "&^", "&=", "&&", "|=", "||", ":", ".", ",", ";", "(", ")", "[",
    "]", "{", "}", "+", "-", "*", "/", "%", "^", "<", ">", "=", "!", "&", "|", "~",
];

/// `token.Lookup`
pub(crate) fn keyword(name: &[u8]) -> Option<Kind> {
    const KEYWORDS: &[&str] = &[
        "break",
        "case",
        "chan",
        "const",
        "continue",
        "default",
        "defer",
        "else",
        "fallthrough",
        "for",
        "func",
        "go",
        "goto",
        "if",
        "import",
        "interface",
        "map",
        "package",
        "range",
        "return",
        "select",
        "struct",
        "switch",
        "type",
        "var",
    ];
    // The first byte tells most of them apart, without a call.
    let mut candidates =
        KEYWORDS.iter().filter(|keyword| keyword.as_bytes().first() == name.first());
    let found = candidates.find(|keyword| keyword.as_bytes() == name)?;
    Some(Kind::Keyword(found))
}
