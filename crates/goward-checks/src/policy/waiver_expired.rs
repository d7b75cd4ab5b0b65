//! `waiver-expired`

use crate::{Check, Group, Words};
use goward_facts::WaiverReview;
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "waiver-expired",
    group: Group::Policy,
    title: Words { en: "no waiver is past its last day", zh: "没有过期的豁免" },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A waiver holds until the end of its last day, UTC. Afterwards the finding it covered \
             counts again. A date that cannot be read counts as past.",
        zh: "豁免在其最后一天（UTC，含当日）结束前有效。之后所覆盖的发现重新生效。无法解析的日期视为已过期。",
    },
    fix: Words {
        en: "Fix the finding and delete the waiver; or agree on a new date with its owner.",
        zh: "修复该发现并删除豁免；或与负责人约定新的日期。",
    },
    references: &[],
    closes: &[
        "\
-- go.mod --
module example.com/m

replace example.com/a => ../a
-- now --
1772409600
-- goward.toml --
[[waiver]]
check = \"replace-outside\"
fingerprint = \"0123456789abcdef\"
reason = \"fork\"
owner = \"payments\"
expires = 2026-03-01
",
        "\
-- go.mod --
module example.com/m
-- goward.toml --
[[waiver]]
check = \"replace-outside\"
fingerprint = \"0123456789abcdef\"
reason = \"fork\"
owner = \"payments\"
expires = \"31.12.2099\"
",
    ],
    opens: &["\
-- go.mod --
module example.com/m
-- now --
1772409599
-- goward.toml --
[[waiver]]
check = \"replace-outside\"
fingerprint = \"0123456789abcdef\"
reason = \"fork\"
owner = \"payments\"
expires = 2026-03-01
"],
    judge: &(judge as fn(&WaiverReview, &mut Findings)),
};

fn judge(review: &WaiverReview, findings: &mut Findings) {
    for waiver in review.waivers.iter().filter(|waiver| waiver.days_left.is_none()) {
        let (check, expires, owner) = (&waiver.check, &waiver.expires, &waiver.owner);
        let message = if waiver.readable_date {
            Text::new(
                format!("the waiver of {check} ended on {expires}; what it covered counts again"),
                format!("{check} 的豁免已于 {expires} 到期，其覆盖的发现重新生效"),
            )
        } else {
            Text::new(
                format!(
                    "the waiver of {check} ends on {expires:?}, which is no date: it counts as expired"
                ),
                format!("{check} 的豁免日期 {expires:?} 无法解析，视为已过期"),
            )
        };
        let help = Text::new(
            format!(
                "fix the finding and delete the waiver, or agree on a date (YYYY-MM-DD) with {owner}"
            ),
            format!("修复后删除豁免，或与 {owner} 约定新日期（YYYY-MM-DD）"),
        );
        let evidence = format!("{check} {}", waiver.fingerprint);
        let finding = Finding::at(waiver.location.clone(), evidence, message, help);
        findings.report(finding.quoting(&waiver.source));
    }
}
