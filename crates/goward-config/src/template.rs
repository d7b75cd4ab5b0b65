//! What `goward config init` writes.

/// A policy file in which everything is explained and nothing is changed.
pub const TEMPLATE: &str = r##"#:schema https://goward.example/schema/policy-v1.json
# goward policy. Layers: default < organisation (GOWARD_POLICY) < this file < GOWARD_* < flags.
# `goward config explain` shows every value and where it came from.
version = 1

# [gate]
# closes = ["P0", "P1"]       # failures of these tiers close the gate
# inconclusive = "closed"     # or "open": what could not be judged does not count

# [tls]
# cert_keys = ["tls.cert"]    # dotted keys that name a certificate file
# key_keys = ["tls.key"]
# hosts = ["payments.example.com"]
# min_days = 30

# [placeholders]
# allow = ["DB_PASSWORD"]     # names that the deployment injects
# rendered = ["deploy/rendered/**"]

# [audit]
# flag = "audit-log-enabled"
# files = ["deploy/k8s/*.yaml", "Dockerfile"]

# pid = 1                     # look at this process, too

# [environment]
# private = ["*.bank.example"]   # wide patterns of GOPRIVATE and GONOSUMDB that you mean

# [integrity]
# untagged = ["golang.org/x/exp"]   # modules that release no versions, so commits of them are accepted
# known = ["github.com/bank/uuid"]  # modules whose names look like others' and are right

# [container]
# dockerfiles = ["build/*.Dockerfile"]   # empty: every file with such a name
# context = "."               # the folder that docker build sends
# allow = ["tests", "config/dev.env"]   # may be sent although the name looks like a secret

# [[container.build]]         # a Dockerfile built from another folder: docker build -f FILE FOLDER
# dockerfile = "services/pay/Dockerfile"
# context = "services/pay"

# [tree]
# exclude = ["vendor", "node_modules", "third_party", "testdata"]   # beside what git ignores

# [run]
# jobs = 0                    # 0: four for each core
# timeout_ms = 10000          # of every check that has none of its own
# slow_timeout_ms = 120000    # of those that read gigabytes: module cache, vendor, build context

# [history]
# enabled = true
# path = "/var/lib/goward/history.db"

# [hook]                      # goward hook run
# budget_ms = 10000           # what is not done by then is left to CI
# slow = "open"               # or closed: a commit that could not be judged in time is blocked
# ignored = "keep"            # or hide: files that git ignores are not there
# deep = false                # compile all that imports what changed, not only who imports it directly
# allow = ["testdata", "*_test.go"]   # may hold what looks like a secret
# record = "local"            # or trailer, note: the commit says itself that it was judged

# [inspect]                   # goward inspect
# need = ["debug"]            # or trace, perf, pdb: what a program must serve
# min_percent = 95.0          # of its functions, at each level that is needed
# max_growth_percent = 5.0    # beyond the program that --against names
# require_source_prefix = ["/src/", "/sym/"]   # of the source paths in a PDB
# forbid_source_prefix = ["local"]             # no path of the machine that built it in a PDB

# [matrix]                    # goward matrix
# go = ["local"]              # or "1.24" (its latest release), "1.21..1.26", "1.24.11"
# platforms = ["host"]        # or "linux/arm64", …
# cgo = "both"                # or on, off
# cc = { "linux/arm64" = "aarch64-linux-gnu-gcc" }   # else the first that is found and compiles
# allow = ["windows/amd64/cgo"]   # cells that may fail
# jobs = 0                    # cells at once; 0: half the processors
# max_memory = "4GiB"         # of all cells together; else four fifths of what is free

# [diff]
# fail_on = "high"            # goward diff: the least risk that closes the gate
# regrade = { go-patch = "medium" }   # see docs/diff.md for the kinds of difference
# accept_unknown = ["toolchain-identity"]   # may stay unknown

# locked = ["gate", "checks.gosumdb-off"]   # what no layer above may change; in an organisation's file

# [checks.go-sum-direct]
# tier = "P1"
# timeout_ms = 5000
# critical_threshold = 800    # milliseconds

# [[custom]]
# id = "migrations-applied"
# command = ["./scripts/check-migrations.sh"]
# timeout_ms = 3000
# assert = { status = 0, json = { pending = 0 } }

# [[waiver]]
# check = "replace-outside"
# fingerprint = "0123456789abcdef"   # as a report shows it
# reason = "fork until upstream releases the fix"
# owner = "payments-team"
# expires = 2026-12-31               # inclusive, UTC
"##;

#[cfg(test)]
mod tests {
    use crate::{PolicyText, Sources, load};

    #[test]
    fn the_template_is_a_policy_that_changes_nothing() {
        let text = super::TEMPLATE.to_owned();
        let repository = Some(PolicyText { path: "goward.toml".into(), text });
        let policy = load(&Sources { repository, ..Sources::default() }).unwrap();
        assert_eq!(policy.file.gate, crate::GateSettings::default());
    }
}
