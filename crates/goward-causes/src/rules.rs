//! Which cause is the root, and which only follow.

use crate::Stage;

/// How basic a cause is: the smaller, the more so. What is on the same step is decided by which
/// comes first in the log.
pub(crate) fn rank(cause: &str) -> u32 {
    if let Some((_, rank)) = EXACT.iter().find(|(id, _)| *id == cause) {
        return *rank;
    }
    let domain = cause.split_once('.').map_or(cause, |(domain, _)| domain);
    DOMAINS.iter().find(|(name, _)| *name == domain).map_or(60, |(_, rank)| *rank)
}

const DOMAINS: &[(&str, u32)] = &[
    ("resource", 10),
    ("cache", 12),
    ("config", 14),
    ("toolchain", 16),
    ("target", 18),
    ("container", 20),
    ("integrity", 24),
    ("network", 26),
    ("module", 28),
    ("cgo", 34),
    ("source", 40),
    ("link", 50),
    ("infra", 90),
];

const EXACT: &[(&str, u32)] = &[
    ("resource.disk-full", 8),
    // Says least of all that a machine can do.
    ("resource.killed", 13),
    // A job runs out of time over something that may be in the log.
    ("resource.timeout", 80),
    ("module.gomod-invalid", 22),
    ("module.workspace", 22),
    ("module.not-found-locally", 23),
    ("module.vendor-inconsistent", 23),
    ("config.generate", 32),
    ("config.vcs-stamping", 32),
    // As basic as what else go list finds; the first counts.
    ("source.import-cycle", 34),
    ("source.missing-package", 36),
    ("source.build-constraints", 36),
    ("source.internal-package", 36),
    ("source.embed", 36),
    ("source.directive", 37),
    ("source.syntax", 38),
    ("source.language-version", 39),
    ("source.redeclared", 40),
    ("source.undefined", 41),
    ("source.type", 41),
    ("source.unused", 43),
    ("link.external-linker", 54),
    ("source.vet", 60),
    ("source.test", 70),
];

/// Whether the second cause follows from the first when both are in a log.
///
/// Not everything that is less basic does: a test that fails beside a package that does not compile
/// fails for its own reasons.
pub(crate) fn follows(root: &str, other: &str) -> bool {
    let domain =
        |id: &str| id.split_once('.').map_or(String::new(), |(domain, _)| domain.to_owned());
    match domain(root).as_str() {
        // Without a disk, a toolchain, a module or a network nothing that comes later is right.
        "resource" | "cache" | "toolchain" | "config" | "container" => rank(other) > rank(root),
        "integrity" | "network" | "module" => {
            rank(other) > rank(root) && !matches!(other, "source.test" | "source.vet")
        }
        "cgo" => matches!(domain(other).as_str(), "link" | "cgo") || other == "source.undefined",
        "link" => domain(other) == "link",
        "source" => match root {
            "source.syntax"
            | "source.language-version"
            | "source.missing-package"
            | "source.import-cycle" => {
                domain(other) == "source" && !matches!(other, "source.test" | "source.vet")
                    || other == "module.missing-requirement"
            }
            "source.undefined" | "source.type" | "source.redeclared" => {
                matches!(
                    other,
                    "source.undefined" | "source.type" | "source.unused" | "source.redeclared"
                )
            }
            _ => false,
        },
        _ => false,
    }
}

/// A line of the second cause, at most so many lines after one of the first, belongs to that:
/// what a proxy or git adds in explanation.
pub(crate) const EXPLAINS: &[(&str, &str, u64)] = &[
    ("integrity.sumdb-missing", "network.auth", 8),
    ("integrity.sumdb-missing", "network.not-found", 3),
    ("integrity.sumdb-missing", "module.unknown-revision", 8),
    ("network.not-found", "network.auth", 8),
    ("network.auth", "network.not-found", 3),
    ("network.auth", "network.connection", 6),
    ("module.unknown-revision", "network.not-found", 2),
    ("toolchain.unavailable", "network.not-found", 3),
    ("link.external-linker", "cgo.compile-error", 6),
];

/// So many lines after what a generator's build says, go generate says that the generator failed.
pub(crate) const GENERATOR: u64 = 40;

/// The first of these causes gives way when a line of the second explains it, so many lines later.
pub(crate) const GIVES_WAY: &[(&str, &str, u64)] = &[
    // A proxy's 404 whose text says why.
    ("network.not-found", "module.unknown-revision", 4),
    ("network.not-found", "module.major-version", 4),
    ("module.missing-requirement", "network.disabled", 2),
    ("integrity.checksum-mismatch", "integrity.sumdb-mismatch", 8),
    // What is wrong with it comes after `errors parsing go.mod:`.
    ("module.gomod-invalid", "module.major-version", 3),
    ("module.gomod-invalid", "module.path-mismatch", 3),
    // Only what it requires could not be had.
    ("module.gomod-invalid", "module.unknown-revision", 3),
    ("module.gomod-invalid", "network.auth", 3),
    ("module.gomod-invalid", "network.dns", 3),
    ("module.gomod-invalid", "network.connection", 3),
    ("module.gomod-invalid", "network.timeout", 3),
    ("module.gomod-invalid", "network.tls", 3),
    ("module.gomod-invalid", "network.not-found", 3),
    // Nothing of the standard library is there, so what is new in it is not.
    ("toolchain.too-old", "toolchain.broken-goroot", 400),
    // What the command line was for.
    ("config.flags", "toolchain.not-installed", 3),
    ("resource.killed", "resource.memory", 200),
    ("link.external-linker", "link.undefined-symbol", 400),
    ("link.external-linker", "link.duplicate-symbol", 400),
    ("link.external-linker", "link.missing-library", 400),
    ("link.external-linker", "link.overflow", 400),
];

/// What a resource that ran out was being used for, by the words of the line.
pub(crate) fn stage(cause: &str, line: &[u8], usual: Stage) -> Stage {
    let has = |word: &str| memchr::memmem::find(line, word.as_bytes()).is_some();
    if !(cause.starts_with("resource.")
        || cause.starts_with("cache.")
        || cause == "toolchain.internal-error")
    {
        return usual;
    }
    if cause == "resource.timeout" {
        return usual;
    }
    if has("/link") || has("link: ") || has("collect2") || has("/ld") || has("cmd/link") {
        Stage::Link
    } else if has("creating work dir") {
        Stage::Env
    } else if has("/vet") || has("vet: ") {
        Stage::Vet
    } else if has("compile")
        || has("/asm")
        || has("cgo")
        || has("cc1")
        || has("$WORK")
        || has("_pkg_.a")
    {
        Stage::Compile
    } else if has("FAIL") || has(".test") {
        Stage::Test
    } else if has("pkg/mod") || has("modcache") || has("/@v/") || has("unzip") || has("go.sum") {
        Stage::Resolve
    } else if has("copying") || has("build output") || has("a.out") {
        Stage::Output
    } else {
        usual
    }
}
