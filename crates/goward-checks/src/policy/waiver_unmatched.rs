//! `waiver-unmatched`

use crate::{Check, Group, Words};
use goward_facts::WaiverReview;
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "waiver-unmatched",
    group: Group::Policy,
    title: Words { en: "every waiver covers a finding", zh: "每条豁免都对应一项发现" },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A waiver that covers nothing is a mistake in its fingerprint, or the remains of a \
             finding that was fixed. Left in place it would one day cover something unseen. It is \
             judged only where the check it names came to a judgement in this run.",
        zh: "未覆盖任何发现的豁免，要么指纹写错，要么问题早已修复。留着它，将来可能悄悄放过新的问题。\
             仅当其所指的检查在本次运行中得出结论时才判断。",
    },
    fix: Words {
        en: "Delete the waiver, or copy the fingerprint from a report.",
        zh: "删除该豁免，或从报告中复制正确的指纹。",
    },
    references: &[],
    closes: &["\
-- go.mod --
module example.com/m
-- goward.toml --
[[waiver]]
check = \"replace-outside\"
fingerprint = \"0123456789abcdef\"
reason = \"fork\"
owner = \"payments\"
expires = 2099-03-01
"],
    opens: &["\
-- go.mod --
module example.com/m
"],
    judge: &(judge as fn(&WaiverReview, &mut Findings)),
};

fn judge(review: &WaiverReview, findings: &mut Findings) {
    for waiver in review.waivers.iter().filter(|waiver| waiver.judged && !waiver.matched) {
        let (check, print) = (&waiver.check, &waiver.fingerprint);
        let message = Text::new(
            format!("the waiver of {check} covers nothing: no finding has the fingerprint {print}"),
            format!("{check} 的豁免没有对应的发现：没有指纹为 {print} 的发现"),
        );
        let help = Text::new(
            "delete the waiver, or copy the fingerprint from a report",
            "删除该豁免，或从报告中复制正确的指纹",
        );
        let evidence = format!("{check} {print}");
        let finding = Finding::at(waiver.location.clone(), evidence, message, help);
        findings.report(finding.quoting(&waiver.source));
    }
}
