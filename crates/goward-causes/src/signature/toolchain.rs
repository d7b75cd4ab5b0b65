//! Go itself, toolchain switching, targets.

use super::Signature;
use crate::Stage::{Compile, Env, Link, List, Output, Resolve};

pub(super) static SIGNATURES: &[Signature] = &[
    // Before what says that git is missing: stamping wanted it.
    Signature::line(
        "vcs-stamping",
        "config.vcs-stamping",
        Output,
        &["error obtaining vcs status", "use -buildvcs=false", "detected dubious ownership"],
        r"error obtaining VCS status|Use -buildvcs=false to disable",
    ),
    // Before what a Go that is too old says: this one is new enough, go.work is not.
    Signature::line(
        "workspace-go-line",
        "module.workspace",
        List,
        &["but go.work "],
        r"listed in go\.work(?: file)? requires go >= .*but go\.work (?:lists|implicitly)",
    ),
    Signature::line(
        "go-not-found",
        "toolchain.not-installed",
        Env,
        &["go: command not found", "go: not found", "command not found: go", "\"go\": executable file not found", "no such file or directory: go", "'go' is not recognized", "go: no such file or directory", "unknown command: go", "go: no such file", "go: executable file not found", "/go: not found", "starting container process caused: exec: \"go\"", "command not found: gofmt", "go未找到命令", "go: 未找到命令", "go：未找到命令", "'go' 不是", "fork/exec : no such file", "gccgo: no such file", "der befehl \"go\"", "failed to execute: no such file", "failed to to execute: no such file"],
        r#"(?:^|[\s:/"'])go: (?:command )?not found|command not found: go\b|"(?:[^"]*/)?go": (?:executable file not found|stat .*: no such file)|'go' is not recognized|env: .?go.?: No such file or directory|make(?:\[\d+\])?: go: No such file or directory|exec: "?go"?: (?:not found|executable file not found)|/go(?:/bin/go)?: (?:No such file or directory|not found)|The term 'go' is not recognized|(?:^|[\s:/])go(?:: ?|：)?未找到命令|^'go' (?:不是内部或外部命令|[\x80-\xff]{4})|Der Befehl "go" (?:ist|konnte)|^go build \S+: (?:\S*gccgo)?: ?fork/exec (?:\S*gccgo)?: no such file|\bgo (?:build|install|test|run)\b.* failed to (?:to )?execute: No such file"#,
    ),
    Signature::line(
        "tool-not-found",
        "toolchain.not-installed",
        Env,
        &["command not found", ": not found", "executable file not found in", "make: ", "make[", ": line "],
        r#"(?:line \d+|sh|bash|zsh|ash|\d+): (?:\d+: )?(?:line \d+: )?(?:go\w+|proto[\w-]*|mockgen|stringer|wire|sqlc|buf|gotestsum|golangci-lint|ginkgo|staticcheck|goreleaser|ko|mage|task|swag|templ|controller-gen|air): (?:command )?not found|^g?make(?:\[\d+\])?: (?:(?:/\S*)?/bin/go[\w.-]+|[a-fh-z][\w.-]*|g[a-bd-z][\w.-]*|gci|gcov\w*): No such file or directory|line \d+: \S*/bin/[\w.-]+: No such file or directory$|exec: "(?:git|hg|svn|bzr|fossil|make|gotestsum|ginkgo|bash|sh)": executable file not found in"#,
    ),
    // Tools that anything may need.
    Signature::line(
        "common-tool-not-found",
        "toolchain.not-installed",
        Env,
        &["command not found", ": not found"],
        r"(?:line \d+|sh|bash|zsh|ash|\d+): (?:\d+: )?(?:line \d+: )?(?:git|make): (?:command )?not found",
    )
    .shared(),
    Signature::line(
        "vcs-not-found",
        "toolchain.not-installed",
        Resolve,
        &["missing git command", "missing mercurial command", "missing subversion command", "missing bazaar command", "missing fossil command", "\"git\": executable file not found", "\"hg\": executable", "\"svn\": executable", "\"bzr\": executable", "\"fossil\": executable"],
        r#"go: missing (?:Git|Mercurial|Subversion|Bazaar|Fossil) command|(?:exec: |^)"(?:git|hg|svn|bzr|fossil)": executable file not found"#,
    ),
    Signature::line(
        "toolchain-unavailable",
        "toolchain.unavailable",
        Env,
        &["toolchain not available", "cannot find \"go1", "is a language version but not a toolchain version", "golang.org/toolchain@", "too many toolchain switches", "invalid toolchain", "download go1", "unable to find go version", "no matching versions for query \"go1", "go@1", "toolchain@go1", "could not find a version that satisfied version spec", "unable to find go", "unsupported go version", "is unknown to the buildpack", "install-tool golang", "fetching go1"],
        r#"{at}go: download go1\S* for \S+: |toolchain not available|cannot find "go1[^"]*" in PATH|is a language version but not a toolchain version|golang\.org/toolchain@v\S+: (?:reading|Get|verifying|dial|module|checksum|read )|too many toolchain switches|{at}go: (?:go@|toolchain@)\S+: no matching versions|Unable to find Go version|requested file \(go\S*\) is unknown to the buildpack|Command failed: install-tool golang|Fetching go1\S+\.tar\.gz\W+curl: \(\d+\)|(?i)could not find a version that satisfied version spec"#,
    )
    .since("1.21"),
    Signature::line(
        "toolchain-too-old",
        "toolchain.too-old",
        Env,
        &["requires go >= 1", "requires go@1", "requires at least go1", "requires go 1", "requires go1", "module requires go 1", "building_go_requires", "note: module requires go", "requires newer go version", "lower than the required go version", "lower than the targeted go version", "go version too old", "go.mod file indicates go", "unsupported go version", "minimum supported go", "too old"],
        r"requires go >= ?1|requires go@1\S*, (?:not go@|but)|(?:note|go build \S+): module requires Go 1|found packages main .*building_Go_requires|(?:package|file) requires newer Go version|(?:module|package) \S+ requires (?:at least )?[Gg]o ?(?:>= ?)?1\.|go\.mod (?:file )?(?:indicates|requires) go ?1\S*, but maximum|the Go language version \(go1\S+\) used to build .* is lower than|Go version \S+ is too old|requires [Gg]o(?: version)?:? ?1\.\d+\S* or (?:later|newer|higher)[^(]*(?:running|found|have|current|got|using)",
    ),
    // What an old Go says of a go.mod that a newer one wrote.
    Signature::line(
        "toolchain-too-old-gomod",
        "toolchain.too-old",
        Env,
        &["must match format 1.23", "unknown directive: ", "unknown block type: "],
        r"invalid go version '1\.(?:2[1-9]|[3-9]\d)(?:\.\d+|rc\d+|beta\d+)': must match format 1\.23|go\.(?:mod|work):\d+: unknown (?:directive|block type): (?:toolchain|tool|godebug|ignore)\s*$",
    ),
    // A constraint's `~` is a token of Go 1.18 (cmd/compile/internal/syntax/scanner.go): who does not know it is older.
    Signature::diagnostic(
        "tilde-too-old",
        "toolchain.too-old",
        Compile,
        &["invalid character u+007e"],
        r"^invalid character U\+007E",
    ),
    // What the standard library of this Go does not have yet.
    Signature::line(
        "standard-library-too-old",
        "toolchain.too-old",
        Env,
        &["is not in std", "is not in goroot", "cannot find package \""],
        r#"(?:package |cannot find package ")(?:embed|io/fs|runtime/metrics|testing/fstest|go/build/constraint|net/netip|debug/buildinfo|go/doc/comment|crypto/ecdh|runtime/coverage|cmp|slices|maps|log/slog|testing/slogtest|go/version|math/rand/v2|iter|unique|structs|weak|crypto/(?:hkdf|mlkem|pbkdf2|sha3|hpke)|testing/(?:synctest|cryptotest)|encoding/json/(?:v2|jsontext))"? (?:is not in (?:std|GOROOT)\b|in any of)"#,
    ),
    Signature::line(
        "goroot-missing",
        "toolchain.broken-goroot",
        Env,
        &["cannot find goroot directory", "is not in std", "is not in goroot", "$goroot not set", "go: no such tool", "pkg/tool/", "go tool: no such tool", "cannot find package \"runtime", "binary is trimmed and goroot is not set", "go: goroot", "fork/exec", "package internal/", "goroot is not set", "package fmt", "package runtime", "bad goroot", "must not be inside a module", "cannot execute binary file", "must be bootstrapped", "cannot open file "],
        r#"cannot find GOROOT directory|(?:link|compile): cannot open file \S+/pkg/\w+_\w+/\S+\.a: |go build \S+: \S+/\S+ must be bootstrapped using make\.bash|/bin/go(?:\.exe)?: cannot execute|\$GOROOT must not be inside a module|'go' binary is trimmed and GOROOT is not set|\(\$GOROOT not set\)|go: no such tool "?(?:compile|link|asm|cgo|vet|cover|covdata|buildid|pack|test2json)\b|go tool: no such tool "?(?:compile|link|asm|cgo|vet)\b|pkg/tool/[^:\s]*(?:compile|link|asm|cgo|vet|cover|buildid|pack)(?:\.exe)?"?: (?:no such file or directory|file does not exist|exec format error|permission denied)|package (?:runtime|fmt|errors|os|io|sync|strings|bytes|bufio|context|time|unsafe|reflect|sort|strconv|internal/\w+|runtime/\w+|encoding/json|encoding/binary|net/http|net|math|path|path/filepath|log|flag|testing|syscall|unicode|unicode/utf8|os/exec|os/signal|crypto/\w+|sync/atomic|io/ioutil|math/rand|net/url|html/template|text/template|regexp|container/\w+|hash/\w+|hash|database/sql|compress/\w+|archive/\w+|image|go/\w+) is not in (?:std|GOROOT)\b|cannot find package "(?:runtime|fmt|errors|internal/\w+)" in any of"#,
    ),
    Signature::line(
        "mixed-versions",
        "toolchain.mixed-versions",
        Compile,
        &["object is [", "does not match go tool version", "expected object file", "linked object header mismatch", "fingerprint mismatch", "unsupported version"],
        r"object is \[go object|compile: version .* does not match go tool version|does not match go tool version|linked object header mismatch|link: fingerprint mismatch|not package main: object is|import \S+: object is \[",
    ),
    Signature::line(
        "internal-error",
        "toolchain.internal-error",
        Compile,
        &["internal compiler error", "internal linker error", "cmd/compile/internal/", "cmd/link/internal/", "cmd/asm/internal", "please submit a bug report", "unexpected fault address", "signal: segmentation", "signal: abort", "signal: illegal", "signal: floating", "compile: panic", "link: panic"],
        r"(?:^|go:\d+(?::\d+)?: |^<[\w ]+>(?::\d+)*: |compile: |compilepkg: )internal compiler error|internal linker error|^(?:\s|\t)*cmd/(?:compile|link|asm)/internal/\S+\(|Please file a bug report at https://(?:go\.dev|golang\.org)/issue|pkg/tool/\S+/(?:compile|link|asm|cgo|vet): (?:signal: (?:segmentation fault|aborted|abort trap|illegal instruction|floating point)|panic)|(?:compile|link|asm|cgo|vet): signal: (?:segmentation fault|aborted|illegal instruction)|cgo: internal error|linker panicked",
    ),
    // What a compiler or linker of Go's says when it dies.
    Signature::line(
        "tool-crash",
        "toolchain.internal-error",
        Compile,
        &["unexpected fault address", "fatal error: ", "panic: ", "[signal sig", "runtime: "],
        r"^(?:unexpected fault address|fatal error: (?:fault|unexpected signal|\w+ \w+)|panic: (?:[^e]|e[^x]|ex[^i])|\[signal SIG|runtime: )",
    )
    .headed(),
    // The C compiler of a package with cgo dies.
    Signature::line(
        "c-compiler-crash",
        "toolchain.internal-error",
        Compile,
        &[": internal compiler error: "],
        r"^(?:[\w.+-]*(?:gcc|g\+\+|c\+\+|clang|cc1|cc1plus|cc))(?:-\d+)?(?:\.exe)?: internal compiler error: [^K]",
    )
    .headed(),
    // Their own stack; nobody else's sources are there.
    Signature::line(
        "tool-stack",
        "toolchain.internal-error",
        Compile,
        &["/src/cmd/"],
        r"^\s*/\S*go[\w.-]*/(?:\S+/)?src/cmd/(?:go|compile|link|asm|cgo|vet)/\S+\.go:\d+ \+0x[0-9a-f]+",
    ),
    Signature::line(
        "internal-error-go",
        "toolchain.internal-error",
        List,
        &["internal error"],
        r"^(?:\S+\.go:\d+(?::\d+)?: )?internal error: |{at}go: internal error|runtime: .*go(?:1\.\S+)? bug",
    ),
    Signature::line(
        "target",
        "target.unsupported",
        Env,
        &["unsupported goos/goarch", "unsupported goos", "not supported on", "not supported when", "does not support", "not supported with", "race is only supported", "buildmode=", "-msan is not", "-asan is not", "unsupported goarch", "unknown architecture", "unrecognized goos", "no race detector", "-race is not", "requires cgo; enable cgo"],
        r#"unsupported GOOS(?:/GOARCH)?|(?:-race|race|-msan|msan|-asan|asan)(?: detector)? is (?:not|only) supported on|-buildmode=\S+ (?:is )?not supported (?:on|when|with|by)|buildmode \S+ not supported|-(?:race|msan|asan)(?::| ) ?.*(?:not supported|could not be parsed)|-linkshared not supported|cmd/go: unsupported GOOS|cgo is not supported on|unknown (?:architecture|GOARCH)|-race is not supported|does not support (?:-buildmode|buildmode|race|internal linking)"#,
    ),
    Signature::line(
        "cgo-required",
        "cgo.disabled",
        Env,
        &["requires cgo", "cgo is not enabled", "cgo_enabled=0", "requires external linking", "requires external (cgo) linking", "cgo: disabled", "cgo required", "c source files not allowed when not using cgo", "binary was compiled with 'cgo_enabled=0'", "requires external"],
        r"-(?:race|msan|asan) requires cgo|requires external \(cgo\) linking, but cgo is not enabled|but cgo is not enabled|(?:compiled|built|build) with '?CGO_ENABLED=0'?,? .*(?:requires? cgo|cgo to work)|(?:cgo|CGO)[ _]?(?:is )?(?:required|disabled).*|requires CGO_ENABLED=1|(?:S|s)et CGO_ENABLED=1",
    ),
    Signature::line(
        "cgo-sources",
        "cgo.disabled",
        List,
        &["source files not allowed when not using cgo"],
        r"(?:C|C\+\+|Objective-C|Fortran|SWIG|Mx) source files not allowed when not using cgo",
    ),
    Signature::line(
        "cgo-linking",
        "cgo.disabled",
        Link,
        &["requires external linking", "external linking"],
        r"some packages could not be built to support internal linking|requires? external linking",
    ),
];
