//! go.sum and the checksum database.

use super::Signature;
use crate::Stage::Resolve;

pub(super) static SIGNATURES: &[Signature] = &[
    Signature::line(
        "sumdb-mismatch",
        "integrity.sumdb-mismatch",
        Resolve,
        &[
            "checksum database",
            "checksum mismatch",
            "sum.golang.org:",
            "misbehavior",
            "invalid signature",
            "does not match checksum",
            "downloaded record",
            "inconsistent",
            "from checksum database",
            "security error",
            "reported by the checksum server",
            "proof of misbehavior",
            "verifiable signatures",
        ],
        r"server misbehavior|reported by the checksum server|proof of misbehavior|checksum database returned (?:incorrect|wrong)|(?:sumdb|sum\.golang\.org|/lookup/|/latest|note: |tile).*(?:invalid signature|malformed note|unverified|bad signature|no verifiable signatures|downloaded inconsistent tile|invalid hash)|note has no verifiable signatures|invalid signature for key|database .*(?:inconsistent|misbehav)|old database:|^\s*sum\.golang\.org: +h1:|from checksum database:|cannot (?:authenticate|verify) record data",
    ),
    Signature::line(
        "sumdb-missing",
        "integrity.sumdb-missing",
        Resolve,
        &[
            "/lookup/",
            "sum.golang.org",
            "checksum database disabled",
            "checksum database",
            "verifying module",
            "verifying go.mod",
            "missing gosumdb",
            "invalid gosumdb",
            "gosumdb",
        ],
        r"reading (?:https?://)?\S*(?:sum\.golang\.\w+|sumdb/\S+|sumdb)/lookup/\S+: (?:404|410|403|401|500|Not Found|Gone)|verifying (?:module|go\.mod): .*: (?:404 Not Found|410 Gone)|verifying (?:module|go\.mod): .*/lookup/\S+: (?:404|410)|checksum database disabled by|invalid GOSUMDB|missing GOSUMDB|go: .*: GOSUMDB",
    ),
    // What nix fetched for a Go program is not what its vendorHash says.
    Signature::line(
        "nix-hash",
        "integrity.checksum-mismatch",
        Resolve,
        &[
            "hash mismatch in fixed-output",
            "fixed-output derivation produced path",
            "output path '/nix/store/",
        ],
        r"(?:hash mismatch in fixed-output derivation|fixed-output derivation produced path|output path) .*-go-mo",
    ),
    Signature::line(
        "checksum-mismatch",
        "integrity.checksum-mismatch",
        Resolve,
        &[
            "checksum mismatch",
            "security error",
            "dir has been modified",
            "zip has been modified",
            "bad hash",
            "h1: mismatch",
            "expected sum h1:",
        ],
        r"checksum mismatch|resulting module with sum h1:\S+; expected sum h1:|^SECURITY ERROR|{at}SECURITY ERROR|(?:dir|zip) has been modified \(|verifying \S+@v\S+(?:/go\.mod)?: (?:checksum|bad)",
    ),
];
