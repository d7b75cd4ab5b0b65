//! `waiver-expiring`

use crate::{Check, Group, Words};
use goward_facts::WaiverReview;
use goward_model::{Finding, Findings, SlaTier, Text};

/// How many days before its end a waiver is announced.
const NOTICE_DAYS: i64 = 14;

pub(crate) static CHECK: Check = Check {
    id: "waiver-expiring",
    group: Group::Policy,
    title: Words { en: "no waiver ends within 14 days", zh: "没有 14 天内到期的豁免" },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A waiver that ends closes the gate on the next day. Its owner hears of it 14 days before.",
        zh: "豁免到期次日门禁即会关闭，因此提前 14 天通知负责人。",
    },
    fix: Words {
        en: "Fix the finding and delete the waiver; or agree on a new date with its owner.",
        zh: "修复该发现并删除豁免；或与负责人约定新的日期。",
    },
    references: &[],
    closes: &["\
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
expires = 2026-03-15
"],
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
expires = 2026-03-16
"],
    judge: &(judge as fn(&WaiverReview, &mut Findings)),
};

fn judge(review: &WaiverReview, findings: &mut Findings) {
    for waiver in &review.waivers {
        let Some(days) = waiver.days_left.filter(|days| *days <= NOTICE_DAYS) else { continue };
        let (check, expires, owner) = (&waiver.check, &waiver.expires, &waiver.owner);
        let message = Text::new(
            format!("the waiver of {check} ends on {expires}, in {days} days"),
            format!("{check} 的豁免将于 {expires} 到期，还剩 {days} 天"),
        );
        let help = Text::new(
            format!("fix the finding, or agree on a new date with {owner}"),
            format!("修复该发现，或与 {owner} 约定新日期"),
        );
        let evidence = format!("{check} {}", waiver.fingerprint);
        let finding = Finding::at(waiver.location.clone(), evidence, message, help);
        findings.report(finding.quoting(&waiver.source));
    }
}
