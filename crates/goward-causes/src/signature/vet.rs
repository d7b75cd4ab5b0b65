//! What vet's analyzers say, by their own words.

use super::Signature;
use crate::Stage::Vet;

pub(super) static SIGNATURES: &[Signature] = &[
    Signature::diagnostic(
        "vet-printf",
        "source.vet",
        Vet,
        &["format %", "formatting directive", "non-constant format string", "arg list ends with redundant newline", "call needs", "call has arguments but no", "format reads arg", "call has possible", "reads arg #", "call uses", "of wrong type", "unrecognized formatting", "error-wrapping directive", "has arg", "missing argument for"],
        r"format %\S* |[Ff]ormatting directive|non-constant format string in call|arg list ends with redundant newline|call needs \d+ args? but has|call has arguments but no formatting|unrecognized (?:printf|formatting)|error-wrapping directive %w|(?:Print|Log|Error|Fatal|Skip|print|log)\w* (?:call|format) ",
    ),
    Signature::diagnostic(
        "vet-locks",
        "source.vet",
        Vet,
        &["copies lock", "passes lock by value", "lock value", "called from inside new goroutine", "unbuffered os.signal"],
        r"copies lock|passes lock by value|copies lock value|called from inside new goroutine|misuse of unbuffered os\.Signal",
    ),
    Signature::diagnostic(
        "vet-structure",
        "source.vet",
        Vet,
        &["struct field tag", "unkeyed fields", "struct field ", "repeats json tag", "should have signature", "possible misuse of", "unusedresult", "result of ", "unreachable code", "self-assignment", "loop variable", "cancel function", "context leak", "before checking for errors", "non-test goroutine", "malformed name", "wrong signature", "second argument to errors.as", "refers to unknown", "comparison of function", "string(", "conversion from", "stringintconv", "is not deferred", "final value", "calls to ", "call of ", "unsafe.pointer", "shift of", "too small for shift", "nil dereference", "impossible interface", "redundant ", "suspect ", "does not work with ipv6", "requires go1", "+build", "go:build", "modified by", "unmarshal", "deferred", "in wrong", "[amd64]", "invalid movw", "frame size", "ineffectual", "missing a final value", "slog.", "misplaced", "too short", "unused variable", "2006-", "missing return statement"],
        r"struct field tag .* not compatible|struct field \S+ repeats|composite literal uses unkeyed|should have signature|possible misuse of (?:unsafe|reflect)|result of \S+ call not used|^unreachable code|self-assignment of|loop variable \S+ captured by|cancel(?:\d*| function)? .*(?:not used|context leak)|possible context leak|using \S+ before checking for errors|call to .*from a non-test goroutine|has malformed (?:name|example)|refers to unknown (?:identifier|field)|malformed example suffix|second argument to errors\.As|comparison of function|conversion from .* to string yields|call to time\.Since is not deferred|missing a final value|call of \S+ (?:passes|copies)|too small for shift|impossible (?:interface|condition)|redundant (?:or|and):|suspect (?:or|and):|does not work with IPv6|requires go1\.\S+ or later \((?:module|file) is|2006-02-01 should be|^(?:\+build|misplaced \+build)|call of Unmarshal|the cancel|\[(?:amd64|arm64|386|arm)\] |slog\.|nil dereference|defers|function call copies|(?:Sprintf|Errorf|Sprint)\b.*call",
    ),
    Signature::line(
        "vet-assembly",
        "source.vet",
        Vet,
        &[": [amd64] ", ": [arm64] ", ": [386] ", ": [arm] "],
        r"\.s:\d+:\d+: \[\w+\] ",
    ),
];
