//! What the type checker says after `file.go:12:3: `.
//!
//! The words are those of `cmd/compile/internal/types2`; the codes of `internal/types/errors` say
//! which belong together.

use super::Signature;
use crate::Stage::{Compile, List};

pub(super) static SIGNATURES: &[Signature] = &[
    Signature::diagnostic(
        "language-version",
        "source.language-version",
        Compile,
        &["requires go1", "-lang was set to", "check go.mod", "requires go 1", "file requires newer", "type parameters require", "type alias requires"],
        r"requires? go ?1\.\d+|-lang was set to|type alias requires|generic type alias requires",
    ),
    Signature::diagnostic(
        "directive",
        "source.directive",
        Compile,
        &["//go:", "go:linkname", "go:build", "cgo_", "misplaced compiler directive", "pragma", "go:embed", "+build"],
        r"(?:misplaced|unknown|invalid|unexpected|malformed)?.*(?://go:\w+|go:linkname|go:nosplit|go:notinheap|#cgo).*(?:only allowed|must|requires?|not allowed|only|unsafe|misplaced|invalid|unexpected|cannot|needs|for|parsing|usage|malformed|after)|^misplaced compiler directive|^usage: //go:|^//go:\w+|^parsing //go:build|^(?:misplaced|invalid|unexpected) //go:",
    ),
    Signature::line(
        "directive-line",
        "source.directive",
        List,
        &["parsing //go:build", "only allowed in cgo-generated", "misplaced //go:", "//go:cgo_"],
        r"parsing //go:build line|only allowed in cgo-generated code|misplaced //go:|^//go:cgo_\w+ ",
    ),
    Signature::diagnostic(
        "syntax",
        "source.syntax",
        Compile,
        &["syntax error"],
        r"^(?:error: )?syntax error",
    ),
    Signature::diagnostic(
        "syntax-scanner",
        "source.syntax",
        Compile,
        &["newline in", "not terminated", "invalid character", "unknown escape", "invalid bom", "invalid nul", "invalid utf-8", "illegal character", "illegal utf-8", "escape ", "rune literal", "has no digits", "invalid digit", "comment not", "import path must be", "missing condition", "can only use ... with final", "must not be parenthesized", "expression in ", "empty type parameter", "exponent has", "must separate", "cannot parenthesize", "missing statement after label", "unexpected newline", "hexadecimal mantissa", "no methods", "cannot declare in post", "mixed named and unnamed", "imports must appear", "only one method", "unterminated", "cannot use ... with"],
        r"^(?:newline in |(?:string|comment|rune|raw string)(?: literal)? not terminated|invalid (?:character|BOM|NUL|UTF-8|digit)|illegal |unknown escape|(?:octal )?escape |more than one character in rune|empty rune|.*literal has no digits|import path must be a string|missing condition in|can only use \.\.\. with final|expression in \S+ must not be parenthesized|empty type|exponent has|'_' must separate|cannot parenthesize|missing statement after label|unexpected newline|hexadecimal mantissa|cannot declare in post|mixed named and unnamed|imports must appear|.*unterminated)",
    ),
    Signature::diagnostic(
        "syntax-list",
        "source.syntax",
        List,
        &["expected ", "missing ',' ", "unexpected eof", "found 'eof'"],
        r"^expected .+, found |^missing ','|^unexpected EOF|^expected (?:'|declaration|operand|expression|statement|type|selector)|^non-declaration statement",
    ),
    Signature::diagnostic(
        "redeclared",
        "source.redeclared",
        Compile,
        &["redeclared", "already declared", "duplicate method", "duplicate field", "duplicate argument", "field and method with the same name", "no new variable", "repeated on left side", "multiple defaults", "duplicate case", "missing init func"],
        r"redeclared(?: in this block|$|\s)|already declared|^duplicate (?:method|argument|field \S+$)|field and method with the same name|^other declaration of",
    ),
    Signature::diagnostic(
        "unused",
        "source.unused",
        Compile,
        &["declared and not used", "declared but not used", "imported and not used", "imported as", "imported but not used", "defined and not used"],
        r"declared (?:and|but) not used|imported (?:and|but) not used|imported as \S+ and not used|label \S+ defined and not used",
    ),
    Signature::diagnostic(
        "undefined",
        "source.undefined",
        Compile,
        &["undefined", "not exported by package", "unknown field", "undeclared name", "has no field or method", "unresolved reference", "cannot refer to unexported", "has no method", "label ", "not declared by package", "missing return type", "could not resolve"],
        r"^undefined: |^undefined |undefined \(type .* has no field or method|\S+ undefined \(|not (?:exported|declared) by package|^unknown field |^undeclared name|has no (?:field or method|method|single field)|cannot refer to unexported|label \S+ not defined|unexported (?:field|name|method)",
    ),
    Signature::line(
        "assembly-line",
        "source.assembly",
        Compile,
        &[".s:", "asm: ", "unrecognized instruction"],
        r"\.s:\d+(?::\d+)?: (?:unrecognized|expected|illegal|invalid|unexpected|unknown|bad|undefined|label|duplicate|missing|syntax|too|cannot|wrong|frame|redefinition|argument|symbol|newline|unterminated|#|branch|name)|^asm: (?:assembly of \S+ failed|invalid|illegal|.*: )|unrecognized instruction",
    ),
    Signature::diagnostic(
        "could-not-import",
        "source.missing-package",
        Compile,
        &["could not import"],
        r"^could not import \S+ \((?:no required|cannot find|package not|.*not in (?:std|GOROOT)|open : no such|.*: no such file)",
    ),
    Signature::diagnostic(
        "missing-body",
        "link.undefined-symbol",
        Compile,
        &["missing function body", "func init must have a body"],
        r"^missing function body",
    ),
    Signature::diagnostic(
        "too-large",
        "link.overflow",
        Compile,
        &["stack frame too large", "type too large", "too large", "bytes)", "larger than address space"],
        r"^stack frame too large|^type .* larger than address space|symbol too large|too large for address space|^invalid array length .* too large",
    ),
    Signature::diagnostic(
        "type",
        "source.type",
        Compile,
        &[
            "cannot use", "cannot convert", "cannot assign", "mismatch", "not enough arguments", "too many arguments", "not enough return", "too many return", "missing return", "does not implement", "does not satisfy", "impossible type", "invalid operation", "cannot infer", "invalid argument", "is not a type", "invalid recursive", "non-boolean", "multiple-value", "used as value", "is not used", "cannot range", "cannot call", "cannot index", "overflows", "constant ", "invalid receiver", "duplicate key", "duplicate case", "duplicate index", "duplicate field", "missing key", "too few values", "too many values", "unreachable method", "initialization cycle", "invalid use of", "not an interface", "no new variable", "non-name", "ambiguous selector", "impossible", "cannot define new methods", "invalid map key", "cannot take address", "cannot compare", "cannot slice", "cannot make", "cannot be", "without instantiation", "type arguments", "type parameter", "invalid composite", "mixture of", "division by zero", "shift count", "shifted operand", "break ", "continue ", "goto ", "label ", "fallthrough", "func main must", "func init must", "undefined array length", "invalid array", "invalid case", "method expression", "must be", "expected ", "assignment", "cannot declare", "in call to", "out of bounds", "permits", "extra init", "missing init", "invalid append", "invalid copy", "cannot close", "cannot send", "cannot receive", "untyped nil", "truncated", "cycle", "nil dereference", "not in select", "method has", "interface contains", "outside a type constraint", "invalid embedded", "defer ", "requires function call", "must be function call", "cannot clear", "cannot have", "cannot switch", "not constant", "is not an expression", "select case", "invalid type", "wrong type", "is not comparable", "misses", "invalid indirect", "cannot indirect", "not a function", "use of ", "self-referential", "range over", "invalid method", "package requires", "invalid struct tag", "jumps "
        ],
        r"^(?:cannot |assignment mismatch|(?:not enough|too many) (?:arguments|return values|type arguments|values|variables)|missing return|impossible type|invalid (?:operation|argument|recursive|receiver|use of|map key|composite|array|case|append|copy|embedded|indirect|type|method|struct|constant type|shift|slice|cycle|break|continue|lhs|field name|function|statement|index|import path|package name|union|else)|in call to|first argument to|\S+ (?:\([^)]*\) )?(?:is not a type|does not implement|does not satisfy|redeclares|used as value|overflows|truncated)|multiple-value|non-boolean|non-name|no new variable|initialization cycle|ambiguous selector|duplicate (?:key|case|index|field)|(?:too few|too many) values|missing (?:key|argument|type|index|init|return)|mixture of|division by zero|shift(?:ed)? |break |continue |goto |label |fallthrough|func (?:main|init) must|undefined array length|expected |assignment |extra init|range over|range clause|untyped|.*(?:mismatched types|does not implement|does not satisfy|is not used|\(no value\) used as value|\(value of type|\(variable of|\(constant |\(untyped |\(type\) is not an expression|is not an expression|is not a type|cannot infer|without instantiation|overflows|type arguments?|out of bounds|out of range|must be |cannot be |in single-value context|used as value|not comparable|mixes|method expression|declares|is not constant|wants? |got \d|is (?:not )?an? |permits |operator )|got |use of |implicit |inferred type|type (?:\S+ of|parameter|declaration)|generic |embedded field|interface |method |methods must|negative |more than one|empty union|overlapping|length and capacity|index |defer |select case|receiver |result parameter|instantiation cycle|incorrect |constant |value |jump|term |2nd and 3rd|3-index|excessively|malformed constant|maps of|pointers of|arguments? (?:has|have)|argument |package \S+; expected|misuse of|no key:value)",
    ),
];
