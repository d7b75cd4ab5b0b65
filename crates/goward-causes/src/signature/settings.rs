//! Flags, environment, stamping, generate, container context.

use super::Signature;
use crate::Stage::{Compile, Env, List};

pub(super) static SIGNATURES: &[Signature] = &[
    Signature::line(
        "goflags",
        "config.flags",
        Env,
        &["parsing $goflags", "(from $goflags)", "parsing %goflags%", "(from %goflags%)"],
        r"parsing [$%]GOFLAGS|\(from [$%]GOFLAGS%?\)",
    ),
    Signature::line(
        "flags-undefined",
        "config.flags",
        Env,
        &["flag provided but not defined", "flag needs an argument", "unknown flag -", "for flag -", "not supported (can be", "bad flag syntax", "unknown command", "no main packages", "for -buildvcs", "can't load package: package "],
        r#"^(?:error: )?(?:go(?: \w+)?: )?flag provided but not defined: -|^(?:go(?: \w+)?: )?flag needs an argument: -|go: unknown flag -|^(?:go(?: \w+)?: )?invalid (?:boolean )?value .* for (?:flag )?-|bad flag syntax: -|^-mod=\S* not supported \(can be|^go:? (?:\w+ )?\S*:? ?unknown (?:sub)?command\b|go \S+: unknown command|go: no such tool|invalid boolean value .* for -buildvcs|no main packages to build|can't load package: package [-=].*: malformed module path"#,
    ),
    Signature::line(
        "flags-usage",
        "config.flags",
        Env,
        &["run 'go help", "usage: go "],
        r"^\s*Run 'go help [\w ]*' (?:and 'go help \w+' )?for (?:usage|details)|^usage: go (?:build|test|vet|run|install|mod|list|get|generate|work|tool|clean|env)\b",
    )
    .weak(),
    Signature::line(
        "flags-misuse",
        "config.flags",
        Env,
        &["-buildmode=", "must refer to a directory", "named files must", "-o must be", "cannot be used with", "cannot be used together", "-mod may only be set", "go files listed on command line", "requires exactly one", "already exists and is", "must be first flag", "cannot use -", "-modfile", "-p must be", "can only use path@version", "no go files listed", "argument must be a package", "arguments must be package", "takes no arguments", "can only be used", "is no longer supported", "can't request", "no install location", "go: cannot run ", "cannot use a", "must be a positive", "-covermode must be", "-vet argument", "-cpuprofile flag", "not supported with", "can only be given", "cannot install", "must be a relative path", "may not be used", "must be absolute path", "-mod=mod", "does not take", "must not be a package in the standard library", "arguments must", "go run: no go files", "flag is not defined", "with arguments", "-exec", "requires -", "when running", "not a main package", "all arguments must refer", "unknown flag", "pattern is not", "missing dot in first path", "no modules to query", "not within", "chdir ", "unexpected argument", "too many arguments", "cannot write", "cannot be modified", "no key=value", "go: no go files", "must be at least", "no main packages", "space-separated list", "unknown flag -", "go.mod already exists", "exists as a file", "does not work with", "argument must be", "cannot be used", "no modules specified", "must be provided by the same module", "flag may be set only once", "phaseoptions usage", "compile: invalid value", "file does not have .mod extension", "only valid when using modules"],
        r"^go(?: \w+)?: \w+ flag may be set only once|-buildmode=\S+ requires exactly one|with multiple packages, -o must|-o must (?:refer to|be) a|named files must (?:be|all)|{at}go:? .*(?:cannot be used (?:with|in|together)|-mod may only be set)|^go: -\w+ (?:cannot|must|flag)|^go: -p must|no Go files listed|{at}(?:go run: )?(?:go: )?no go files listed|argument must be a (?:package|clean)|arguments must be package or module|already exists and is (?:a directory|not an object file)|must be first flag on command line|can only use path@version syntax|^-(?:race|msan|asan|cover|covermode|vet|c|o|i|fuzz|parallel|cpuprofile|json|diff)\b.*(?:must|cannot|can only)|-(?:json|diff|fix|m|o|c|e|u|f|retracted|versions) (?:flag )?(?:and -\w+ )?(?:cannot be used|requires|must|can only)|cannot use -\w+ flag|^go: .*is no longer supported|can't request (?:explicit )?version|no install location for|^go: cannot run \*_test\.go files|^go: (?:go )?\w+ (?:-\w+ )?(?:takes no arguments|cannot be used with)|^go (?:list|mod|get|vet|fix|clean|env|tool|version) -\w+.*(?:cannot|can only)|package \S+ is not a main package|all arguments must refer to packages|argument must not be a package|^go: unknown flag|go get -\w+ does not|go: no modules to query|cannot write (?:multiple|test)|cannot use -fuzz|^-\w+ argument must|^go: chdir |go: 'go env|no KEY=VALUE arguments|arguments must be KEY=VALUE|(?:GO\w+) cannot be modified|can only be set using the OS environment|unknown go command variable|exists as a file, but 'go get'|go: \S+\.go: arguments|usage: go tool|PhaseOptions usage|-c must be at least 1|compile: invalid value|invalid value .* for flag|no main packages|space-separated list contains comma|^unknown flag -|build flag -\S+ only valid when using modules|cannot use -o with|go\.mod already exists|go get -tool does not work|-\w+ cannot be used when|no modules specified|must be provided by the same module|^go: -modfile=\S*: file does not have \.mod extension",
    ),
    Signature::line(
        "environment",
        "config.environment",
        Env,
        &["unknown goexperiment", "exists but should not", "gopath entry", "gobin must be", "gomodcache entry", "gotmpdir", "invalid gotoolchain", "invalid go111module", "malformed entry in govcs", "unreachable pattern in govcs", "goproxy list", "invalid proxy url", "must be an absolute path", "invalid goamd64", "invalid goarm", "invalid goriscv64", "invalid gomips", "invalid goppc64", "goauth", "entry is relative", "modules disabled ", "invalid go386", "gowasm", "invalid goproxy", "creating work dir", "gocache must be", "invalid gowork", "goroot is not", "goflags", "gosumdb", "gonosumdb", "warning: gopath", "invalid gofips140", "invalid gocacheprog", "gopath set to goroot", "proxyconnect", "unsupported protocol scheme", "goenv", "must be absolute path"],
        r#"unknown GOEXPERIMENT|\$GOPATH[/\\]go\.mod exists but should not|GOPATH entry (?:is relative|cannot start)|(?:CC|CXX|GOMODCACHE|GOBIN|GOPATH) entry is relative|GOBIN must be an absolute|GOTMPDIR must be|invalid (?:GOTOOLCHAIN|GO111MODULE|GOAMD64|GOARM(?:64)?|GORISCV64|GOMIPS(?:64)?|GOPPC64|GO386|GOWASM|GOPROXY|GOWORK|GOFIPS140|GOCACHEPROG|GOVCS)\b|malformed entry in GOVCS|unreachable pattern in GOVCS|GOPROXY list is not the empty string|invalid proxy URL|GOAUTH(?:=| encountered| )|modules disabled (?:by|inside GOPATH/src by) GO111MODULE=|creating work dir: |must be (?:an )?absolute path|unsupported protocol scheme|go: GOCACHE is not an absolute|GOMODCACHE .*must be absolute|go: (?:could not|can't|cannot) .*GOENV|proxyconnect tcp: (?:parse|unsupported|unknown)|go: GOROOT"#,
    ),
    Signature::line(
        "toolexec",
        "config.toolexec",
        Compile,
        &["toolexec", "-v=full", "error obtaining buildid"],
        r#"(?:^|[^-])toolexec|-toolexec: |go: error obtaining buildID for .*|-V=full(?::|\)).*(?:unexpected|exit status|no such file|not found)"#,
    ),
    Signature::line(
        "toolexec-any",
        "config.toolexec",
        Compile,
        &["go tool "],
        r"^go tool (?:compile|asm|link|cgo): exit status \d+$",
    )
    .weak(),
    Signature::line(
        "generate",
        "config.generate",
        List,
        &[": running \"", "go generate:", ": program not found", "not all generators ran successfully"],
        r#"\.go:\d+: running "[^"]*": |go generate: |protoc-gen-[\w-]+: program not found or is not executable|Error: not all generators ran successfully"#,
    ),
    Signature::line(
        "container-context",
        "container.context",
        Env,
        &["copy failed", "failed to compute cache key", "failed to calculate checksum of ref", "excluded by .dockerignore", "add failed", "failed to solve", "forbidden path outside the build context", "error building image", "no source files were specified", "no items matching glob", "building at step"],
        r#"(?:COPY|ADD) failed: |failed to (?:compute cache key|calculate checksum of ref).*: (?:not found|failed to (?:walk|calculate)|.*not found|.*no such file)|excluded by \.dockerignore|[Ff]orbidden path outside the build context|error building (?:image|at STEP).*(?:COPY|ADD|copy|failed to get fileinfo|no such file)|building at STEP "(?:COPY|ADD) .*|no source files were specified|no items matching glob"#,
    ),
];
