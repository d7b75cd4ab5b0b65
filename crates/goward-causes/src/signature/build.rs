//! cgo, C compilers, Go's linker and the external one.

use super::Signature;
use crate::Stage::{Compile, Link, List};

pub(super) static SIGNATURES: &[Signature] = &[
    // The linker's own call; the compiler was not asked before.
    Signature::line(
        "external-linker-missing",
        "link.external-linker",
        Link,
        &["link: running "],
        r"link: running \S+ failed: (?:exec|fork/exec)",
    ),
    Signature::line(
        "c-compiler-missing",
        "cgo.no-compiler",
        Compile,
        &["c compiler", "executable file not found", "pkg-config", "cgo: exec", "gcc: not found", "cc: not found", "gcc: command not found", "gcc: no such file", "cc1", "g++"],
        r#"cgo: C compiler "?[^"]*"? not found|cgo: exec \S+: |exec: "(?:[\w./-]*-)?(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+|pkg-config|musl-gcc|zig|gfortran|swig|cpp)(?:[\w.-]*)": (?:executable file not found|cannot run|stat|no such file)|(?:^|[\s:])(?:[\w-]+-)?(?:gcc|cc|clang|g\+\+|pkg-config): (?:(?:command )?not found|No such file)|cannot execute .?(?:cc1|cc1plus|as|collect2)|error trying to exec '(?:cc1|cc1plus|as|ld|collect2)'|fork/exec \S*(?:gcc|clang|cc|pkg-config): no such file|(?:gcc|clang): (?:fatal )?error: (?:cannot execute|unable to execute command|cannot exec)"#,
    ),
    Signature::line(
        "pkg-config-package",
        "cgo.missing-header",
        Compile,
        &["was not found in the pkg-config search path", "pkg-config --cflags", "no package '", "pkg-config --libs", "not found in the pkg-config", "required by 'virtual", "# [pkg-config", "could not find package"],
        r"was not found in the pkg-config search path|No package '[^']*' found|^(?:# \[)?pkg-config (?:--\S+ )+.*: exit status|Package '?[^']*'?, required by '[^']*', not found|Perhaps you should add the directory containing .\S+\.pc",
    ),
    Signature::line(
        "header-missing",
        "cgo.missing-header",
        Compile,
        &["fatal error: ", "file not found", "no such file or directory"],
        r#"fatal error: '?[\w+./-]+\.(?:h|hpp|hh|H|inc)'?(?:: No such file or directory|: file not found| file not found)"#,
    ),
    Signature::line(
        "cgo-flag",
        "cgo.flag-denied",
        List,
        &["invalid flag in ", "invalid pkg-config package name", "malformed #cgo", "invalid #cgo"],
        r"invalid flag in (?:#cgo|pkg-config|go:cgo_ldflag|\S*CGO_|#)|invalid flag in \S+ |invalid pkg-config package name|malformed #cgo|invalid #cgo (?:line|verb|argument)",
    ),
    Signature::line(
        "cgo-type",
        "cgo.compile-error",
        Compile,
        &["could not determine what c.", "could not determine kind of name", "inconsistent definitions for c.", "unexpected: ", "cannot use the special", "cgo: cannot", "expected cgo", "cgo: input path", "package using cgo has go assembly", "cgo argument has go pointer", "c function", "_cgo_gotypes", "swig", "cgo-dwarf", "cgo: unknown", "call of non-function c.", "must call c.", "variadic c function"],
        r"could not determine (?:what C\.|kind of name for C\.)|inconsistent definitions for C\.|cannot use the special _GoStr_|package using cgo has Go assembly|cgo: (?:cannot parse|input path|unknown|cannot load DWARF|gcc|malformed)|(?:call of non-function|must call) C\.|calling variadic C function|unexpected: \d+-byte|cannot refer to errno directly|use of _Ctype|cannot call variadic|error: could not determine|cgo: .*: (?:fatal )?error|swig(?:\.\w+)?: exit status",
    ),
    Signature::line(
        "c-linker-in-compile",
        "cgo.compile-error",
        Compile,
        &["cgo-gcc-prolog", "cgo-generated-wrapper", "_cgo_export", "cgo-builtin-prolog", ".cgo2.c"],
        r"(?:cgo-gcc-prolog|cgo-generated-wrapper|_cgo_export\.[ch]|cgo-builtin-prolog|\.cgo2\.c):?\d*.*error",
    ),
    Signature::line(
        "c-error",
        "cgo.compile-error",
        Compile,
        &[": error: ", ": fatal error: ", "unrecognized command-line option", "unrecognized command line option", "unknown argument"],
        r"(?:\.(?:c|h|cc|cpp|cxx|hpp|m|mm|S|s|go)):\d+(?::\d+)?: (?:fatal )?error: |(?:gcc|cc1|clang|g\+\+|cc)(?:-\d+)?: (?:fatal )?error: (?:unrecognized|unknown|unsupported|.*invalid)|c?lang: error: unknown argument",
    ),
    Signature::line(
        "assembler-c",
        "cgo.compile-error",
        Compile,
        &["assembler messages:", "error: no such instruction"],
        r"Assembler messages:|\.[sS]:\d+: Error: ",
    ),
    // The linkers.
    Signature::line(
        "linkname",
        "link.linkname-restricted",
        Link,
        &["invalid reference to "],
        r"link: .*invalid reference to \S+|: invalid reference to \S+\.",
    )
    .since("1.23"),
    Signature::line(
        "no-main",
        "link.no-main",
        Link,
        &["function main is undeclared in the main package", "main.main: not defined", "function main not declared", "is not a main package"],
        r"function main is undeclared in the main package|main\.main: not defined|undefined: main\.main|relocation target main\.main not defined",
    ),
    Signature::line(
        "library-missing",
        "link.missing-library",
        Link,
        &["cannot find -l", "library not found for -l", "unable to find library -l", "library '", "cannot find lib", "cannot find crt", "cannot open shared object file", "error loading shared library", "cannot find libgcc", "cannot find scrt"],
        r"cannot find -l|library not found for -l|unable to find library -l|ld: library '[^']*' not found|cannot find (?:lib|crt|Scrt|rcrt)\w*[.\w]*(?::|$)|error while loading shared libraries|[Ee]rror loading shared library",
    ),
    Signature::line(
        "duplicate-symbol",
        "link.duplicate-symbol",
        Link,
        &["multiple definition of", "duplicate symbol", "duplicated definition of symbol", "first defined here", "symbol redefinition"],
        r"multiple definition of|duplicate symbols? |duplicated definition of symbol|symbol redefinition",
    ),
    Signature::line(
        "overflow",
        "link.overflow",
        Link,
        &["relocation truncated", "section too large", "too large for", "overflows", "relocation overflow", "too much data", "out of range", "not in range", "text section too", "program too large", "too big", "exceeds", "stack frame too large", "type too large", "pcrel", "too far", "too large (", "branch target"],
        r"relocation truncated to fit|section too large|link: .*(?:too large|too much data|overflow|too big|too far|not in range)|too much data(?:,|\s)(?:last|in)|relocation R_\S+ out of range|relocation .* out of range|text (?:section )?too (?:large|big)|(?:section|program) .* too (?:large|big)|stack frame too large|symbol .* too large|dwarf.* too large",
    ),
    Signature::line(
        "undefined-symbol",
        "link.undefined-symbol",
        Link,
        &["undefined reference to", "relocation target ", "undefined symbol", "symbol(s) not found", "undefined symbols for architecture", "missing function body", "unresolved external", "is not defined", "not defined for abi", "unresolved symbol", "_cgo_sub", "unknown symbol"],
        r"undefined reference to|relocation target \S+ not defined|undefined symbol(?::|s for architecture| in relocation)|symbol\(s\) not found for architecture|unresolved (?:external )?symbol|symbol \S+ not defined|reloc(?:ation)? .*: (?:undefined|unknown) symbol|Undefined symbols? for",
    ),
    Signature::line(
        "external-linker",
        "link.external-linker",
        Link,
        &["collect2: ", "running gcc failed", "running clang failed", " failed: exit status", "linker command failed", "ld returned", "cannot find 'ld'", "invalid linker name", "unable to execute command", "running cc failed", "ld terminated", "cannot use executable file", "/ld: ", "ld.gold", "ld.lld", "unknown linker", "running dsymutil failed", "failed: fork/exec", "/ld.", "failed: exec"],
        r#"collect2: (?:error|fatal error): |link: running \S+ failed|running (?:\S*/)?(?:gcc|clang|cc|dsymutil|strip|g\+\+|\S+-gcc|ld\S*) failed|linker command failed|ld returned \d+ exit status|collect2: cannot find|invalid linker name|ld terminated with signal|link: (?:\S+: )?unknown linker|/ld(?:\.\w+)?: (?:cannot|unrecognized|fatal|error|final link|i386|\S+: (?:file not recognized|file format not recognized|error adding|relocation R_|invalid|in function|plugin))|ld(?:\.\w+)?: error: "#,
    ),
];
