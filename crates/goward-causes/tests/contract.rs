//! The table against the contract, row by row.

use goward_causes::{Owner, causes};
use std::collections::HashSet;

/// `id | owner | retry | tier`, copied from the contract.
const CONTRACT: &str = "\
source.syntax | developer | never | P2
source.type | developer | never | P2
source.undefined | developer | never | P2
source.unused | developer | never | P2
source.redeclared | developer | never | P2
source.import-cycle | developer | never | P2
source.missing-package | developer | never | P2
source.build-constraints | developer | never | P2
source.internal-package | developer | never | P2
source.embed | developer | never | P2
source.directive | developer | never | P2
source.assembly | developer | never | P2
source.language-version | developer | never | P2
source.vet | developer | never | P2
source.test | developer | maybe | P2
module.gomod-invalid | developer | never | P2
module.not-found-locally | developer | never | P2
module.missing-requirement | developer | never | P2
module.missing-gosum | developer | never | P1
module.update-needed | developer | never | P2
module.unknown-revision | dependency | never | P2
module.major-version | dependency | never | P2
module.ambiguous-import | dependency | never | P2
module.path-mismatch | dependency | never | P2
module.replace-path | developer | never | P1
module.vendor-inconsistent | developer | never | P1
module.workspace | developer | never | P2
module.excluded-or-retracted | dependency | never | P2
integrity.checksum-mismatch | security | never | P0
integrity.sumdb-mismatch | security | never | P0
integrity.sumdb-missing | platform | never | P1
network.dns | platform | yes | P1
network.connection | platform | yes | P1
network.timeout | platform | yes | P1
network.tls | platform | maybe | P1
network.proxy-error | platform | yes | P1
network.not-found | dependency | maybe | P1
network.auth | platform | never | P1
network.disabled | platform | never | P1
toolchain.too-old | platform | never | P1
toolchain.unavailable | platform | maybe | P1
toolchain.broken-goroot | platform | never | P1
toolchain.mixed-versions | platform | never | P1
toolchain.internal-error | platform | maybe | P1
toolchain.not-installed | platform | never | P1
target.unsupported | platform | never | P2
cgo.disabled | platform | never | P1
cgo.no-compiler | platform | never | P1
cgo.missing-header | platform | never | P1
cgo.compile-error | developer | never | P2
cgo.flag-denied | developer | never | P2
link.undefined-symbol | developer | never | P2
link.duplicate-symbol | developer | never | P2
link.missing-library | platform | never | P1
link.external-linker | platform | maybe | P1
link.overflow | developer | never | P2
link.linkname-restricted | dependency | never | P2
link.no-main | developer | never | P2
resource.memory | platform | maybe | P1
resource.disk-full | platform | maybe | P1
resource.file-limit | platform | maybe | P1
resource.process-limit | platform | maybe | P1
resource.permission | platform | never | P1
resource.killed | platform | maybe | P1
resource.timeout | platform | maybe | P1
cache.corrupt | platform | maybe | P1
cache.unavailable | platform | never | P1
config.flags | developer | never | P2
config.environment | platform | never | P1
config.vcs-stamping | platform | never | P1
config.toolexec | platform | maybe | P1
config.generate | developer | never | P2
container.context | developer | never | P2
infra.runner | platform | yes | P1
none.success | – | – | –
none.other-failure | – | – | –
unknown | platform | maybe | P1";

#[test]
fn every_row_of_the_contract_holds() {
    let rows: Vec<Vec<&str>> =
        CONTRACT.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    let ids: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    let ours: Vec<&str> = causes().map(|cause| cause.id).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>(), ours.iter().collect::<HashSet<_>>());
    assert_eq!(ids.len(), ours.len(), "an identifier is there twice");
    for (row, cause) in rows.iter().filter_map(|row| Some((row, goward_causes::cause_of(row[0])?)))
    {
        if row[1] == "–" {
            assert_eq!(cause.owner, Owner::None, "{}", cause.id);
            continue;
        }
        assert_eq!(row[1], cause.owner.as_str(), "{}", cause.id);
        assert_eq!(row[2], cause.retry.as_str(), "{}", cause.id);
        assert_eq!(row[3], cause.tier.as_str(), "{}", cause.id);
    }
}

#[test]
fn every_cause_is_worded_in_both_languages() {
    for cause in causes() {
        for text in [cause.meaning, cause.why, cause.fix] {
            assert!(text.en.is_ascii() && !text.en.is_empty(), "{}: {}", cause.id, text.en);
            assert!(!text.zh.is_ascii(), "{}: {}", cause.id, text.zh);
        }
        assert!(cause.meaning.en.len() < 90, "{}: more than a line", cause.id);
    }
}
