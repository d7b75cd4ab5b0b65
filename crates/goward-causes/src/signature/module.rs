//! Module requirements, as the go command words them.

use super::Signature;
use crate::Stage::{List, Resolve};

pub(super) static SIGNATURES: &[Signature] = &[
    // Before what a version that cannot be read looks like.
    Signature::line(
        "proxy-garbage",
        "network.proxy-error",
        Resolve,
        &["invalid response from proxy"],
        r"invalid response from proxy",
    ),
    Signature::line(
        "missing-gosum",
        "module.missing-gosum",
        Resolve,
        &["missing go.sum entry", "updates to go.sum needed", "cannot verify", "go.sum: missing"],
        r"missing go\.sum entry|updates to go\.sum needed|go: cannot verify module|go\.sum.*missing hash",
    ),
    Signature::line(
        "malformed-gosum",
        "module.gomod-invalid",
        Resolve,
        &["malformed go.sum", "wrong number of fields"],
        r"malformed go\.sum|go\.sum:\d+: wrong number of fields",
    ),
    Signature::line(
        "vendor-inconsistent",
        "module.vendor-inconsistent",
        List,
        &["inconsistent vendoring", "vendor/modules.txt", "import lookup disabled by -mod=vendor", "using the vendor directory", "marked as explicit in", "run 'go mod vendor'", "run \"go mod vendor\"", "vendor directory", "vendored", "cannot query module due to -mod=vendor", "and is not vendored", "missing from vendor", "outside vendor", "is marked as replaced in", "in vendor/modules", "has no package path", "cannot find package \".\" in", "cannot load ", "is explicitly required in go.mod", "exists in the vendor directory", "no go files in"],
        r"inconsistent vendoring|no Go files in \S*[/\\]vendor[/\\]|vendor[/\\]modules\.txt(?:,| but|:| |$)|import lookup disabled by -mod=vendor|can't .* using the vendor directory|is explicitly required in go\.mod, but not marked as explicit|[Rr]un 'go mod vendor'|[Rr]un \x22?go mod vendor|cannot find (?:package|module) .*vendor|cannot query module due to -mod=vendor|has no package path$|cannot load \S+: open \S*/vendor/|exists in the vendor directory but is missing|\.go:\d+:\d+: cannot find package \x22\.\x22 in:|^cannot find package \x22\.\x22 in:",
    ),
    Signature::line(
        "workspace",
        "module.workspace",
        List,
        &["go.work", "workspace", "conflicting replacements"],
        r"listed in go\.work(?: file)?(?:[ :]|$)|go\.work file requires|go: go\.work|no go\.work file found|appears multiple times in workspace|workspace module \S+ is replaced|conflicting replacements|not one of the workspace modules|current directory outside modules listed in go\.work|does not contain modules listed in go\.work|no modules were found in the current workspace|in workspace mode|go\.work:\d+: path|cannot load module \S+ listed|replaced .*in the workspace",
    ),
    Signature::line(
        "replace-path",
        "module.replace-path",
        Resolve,
        &["replacement directory", "(replaced by ", "reading ../", "reading ./", "replacement path", "open ../", "/go.mod: no such file", "module ./", "module ../", "more replace directives"],
        r"replacement directory .* does not exist|replacement module without go\.mod|\(replaced by [^)]*\): (?:reading|open|stat|lstat) .*(?:go\.mod|): (?:open|no such|stat|not a dir|lstat|The system cannot)|\(replaced by [^)]*\): (?:reading|open) \S*go\.mod|module \.\.?/\S*: reading \S*go\.mod|(?:^|\s)go: parsing \S*go\.mod: open \S*go\.mod: |^\s*more (?:replace|exclude) directives\.|replacement path .* (?:inside|does not)|{at}go: .*: (?:reading|open) \.\.?/\S*go\.mod: ",
    ),
    Signature::line(
        "update-needed",
        "module.update-needed",
        Resolve,
        &["updates to go.mod needed", "-mod=readonly", "implicitly required module", "and is replaced but not required", "to update it", "go.mod needs updating", "error finding sum", "is not tidy", "existing contents have changed", "go mod tidy", "would select", "would fail to locate", "selected by go 1"],
        r"updates to go\.mod needed|updating go\.mod: (?:existing|disabled)|updates? .*disabled by -mod=readonly|^disabled by -mod=readonly|from implicitly required module|and is replaced but not required|^\s*To (?:fix|upgrade)[^:]*: ?go mod tidy|existing contents have changed since last read|but go 1\.\d+ would (?:select|fail)|versions selected by go 1",
    ),
    Signature::line(
        "main-module-lacks-package",
        "source.missing-package",
        List,
        &["does not contain package"],
        r"main module \(\S+\) does not contain package",
    ),
    Signature::line(
        "not-found-locally",
        "module.not-found-locally",
        List,
        &["go.mod file not found", "cannot find main module", "outside main module", "does not contain package", "cannot determine module path", "directory prefix", "no longer supported outside a module", "is not in a module", "is not within module rooted", "outside available modules", "missing go.mod", "is not a package in module rooted", "no go.mod", "not in your go.mod", "working directory is not part of a module", "requires a version when current directory", "version is required when current directory"],
        r"go\.mod file not found|cannot find main module|outside (?:the )?main module|outside available modules|cannot determine module path|directory prefix \S+ (?:outside|does not contain)|no longer supported outside a module|is not (?:within|a package in) module rooted|working directory is not part of a module|not part of a module|No go\.mod (?:file )?found|(?:requires a version|version is required) when current directory is not in a module",
    ),
    // An internal package is nobody else's: the folder is missing here.
    Signature::line(
        "missing-internal-folder",
        "source.missing-package",
        List,
        &["no required module provides package"],
        r"no required module provides package \S+/internal(?:/\S+)?(?:;|$|:)",
    ),
    Signature::line(
        "missing-requirement",
        "module.missing-requirement",
        Resolve,
        &["no required module provides package", "cannot find module providing package", "cannot find module for path", "no modules were found to provide", "missing module for import"],
        r"no required module provides package|cannot find module providing package [^:]*(?:$|: ?$|\s\(?imported|: import lookup disabled by -mod=readonly)|cannot find module providing package \S+: working directory is not part|cannot find module for path|missing module for import",
    ),
    Signature::line(
        "ambiguous-import",
        "module.ambiguous-import",
        Resolve,
        &["ambiguous import"],
        r"ambiguous import: found (?:package )?\S+ in multiple modules|ambiguous import: found package",
    ),
    Signature::line(
        "path-mismatch",
        "module.path-mismatch",
        Resolve,
        &["but was required as", "module declares its path as", "parsing go.mod: unexpected module path", "unexpected module path", "does not match existing", "two different module paths"],
        r"module declares its path as|but was required as|unexpected module path|used for two different module paths|has (?:non-matching|unexpected) module path",
    ),
    Signature::line(
        "major-version",
        "module.major-version",
        Resolve,
        &["module path must match major version", "invalid: should be v", "must be compatible: should be v", "major version suffix", "+incompatible", "not compatible with", "must always have a major version", "major version without preceding", "major version v", "malformed module path", "post-v0 module path", "post-v1 module path", "go.mod has ", "but does not contain package"],
        r#"module path must match major version|(?:invalid|must be compatible): should be v\d|version \S+ invalid: (?:should|module contains)|major version suffixes must be|must always have a major version suffix|\+incompatible suffix not allowed|go\.mod has post-v\d module path|go\.mod has malformed module path|has (?:non-)?\.\.\.?/v\d module path|go\.mod has .*module path|missing \S+/go\.mod and \.\.\.?/v\d+/go\.mod|is not compatible with|and \.\.\.?/v\d+/go\.mod"#,
    ),
    Signature::line(
        "found-without-package",
        "source.missing-package",
        Resolve,
        &["but does not contain package", "matches packages in"],
        r"found(?: \([^)]*\))?, but does not contain package|matches packages in .* but not|module \S+ found .*does not contain",
    ),
    Signature::line(
        "no-such-dependency",
        "module.unknown-revision",
        Resolve,
        &["unknown revision", "invalid pseudo-version", "no matching versions", "invalid version", "invalid github.com", "version invalid", "couldn't find remote ref", "no existing version is required", "could not find remote branch"],
        r#"unknown revision|invalid pseudo-version|no matching versions for query|couldn't find remote ref|invalid version(?:: |\b.*)(?:missing|version|control|unknown|git (?:fetch|log)|disallowed|must be)|no matching version(?:s)? found|no existing version is required|{at}go: \S+@\S+: invalid version: "#,
    ),
    Signature::line(
        "excluded",
        "module.excluded-or-retracted",
        Resolve,
        &["excluded by go.mod", "is excluded", "retracted by module author", "version constraints conflict", "retracted", "excluded"],
        r"excluded by go\.mod|version \S+ excluded|{at}go: .*\bis excluded|{at}(?:error|fatal)\S*: .*retracted by module author|refus\w+ .*retracted|{at}go: .*@\S+: retracted|retracted version .*(?:not allowed|refus|forbidden)|(?i:retracted) (?:dependency|module|version)s? (?:found|in use|used|are)",
    ),
    Signature::line(
        "version-conflict",
        "module.unknown-revision",
        Resolve,
        &["version constraints conflict", " requires ", "conflicts with"],
        r"version constraints conflict|^go: \S+@\S+(?: \([^)]*\))? (?:indirectly )?requires \S+@\S+, not \S+@|^go: \S+@\S+ conflicts with \S+@",
    ),
    Signature::line(
        "gomod-invalid",
        "module.gomod-invalid",
        Resolve,
        &["errors parsing ", "go.mod:", "go.work:", "invalid go version", "unknown directive", "error reading go.mod", "missing module declaration", "malformed module path", "missing dot in first path", "unknown godebug", "invalid module path", "disallowed version string", "must be of the form v1.2.3", "repeated module statement", "parsing go.mod", "error loading go.mod", "go mod edit", "parsing ../go.mod", "invalid -module", "not a known dependency", "multiple module statements", "no module declaration in go.mod"],
        r#"errors parsing \S*go\.(?:mod|work)|go\.(?:mod|work):\d+(?::\d+)?: |invalid go version|error reading \S*go\.(?:mod|work)|missing module declaration|no module declaration in go\.mod|go: (?:\S+@\S+: )?malformed module path|{at}malformed module path|^unknown directive: |invalid module path|disallowed version string|must be of the form v1\.2\.3|parsing \S*go\.(?:mod|work)|unknown godebug|invalid -module|module \S+: not a known dependency|go\.mod already exists"#,
    ),
    Signature::line(
        "tidy-check",
        "module.update-needed",
        Resolve,
        &["git diff", "git status"],
        r"git (?:diff|status)\b.*\bgo\.(?:mod|sum)\b",
    )
    .weak(),
    Signature::line(
        "missing-in-module",
        "network.not-found",
        Resolve,
        &["cannot find module providing package"],
        r"cannot find module providing package \S+: (?:module \S+: |\S+@|unrecognized import path|reading|invalid|no matching).*",
    )
    .weak(),
];
