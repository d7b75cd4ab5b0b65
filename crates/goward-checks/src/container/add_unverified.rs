//! `add-unverified`

use crate::{Check, Group, Words};
use buildcontext::FactKind;
use goward_facts::ImageBuilds;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "add-unverified",
    group: Group::Container,
    title: Words {
        en: "what ADD fetches from the net is verified",
        zh: "ADD 从网络获取的内容经过校验",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid"],
    why: Words {
        en: "`ADD https://…` takes whatever the server gives at that moment; nothing tells when it becomes something else.",
        zh: "`ADD https://…` 取服务器当时给出的任何内容；之后变成别的也无从得知。",
    },
    fix: Words {
        en: "Give `--checksum=sha256:…` (for Git: name the commit).",
        zh: "加上 `--checksum=sha256:…`（Git 则写明提交）。",
    },
    references: &["https://docs.docker.com/reference/dockerfile/#add---checksum"],
    closes: &[r#"-- Dockerfile --
FROM scratch
ADD https://example.com/tool /tool
"#],
    opens: &[r#"-- Dockerfile --
FROM scratch
ADD --checksum=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa https://example.com/tool /tool
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::facts(builds, findings, CHECK.fix, |_, fact| match fact {
        FactKind::RemoteWithoutChecksum { git } => {
            let (en, zh) =
                if *git { ("a Git repository", "Git 仓库") } else { ("a file", "文件") };
            let message = Text::new(
                format!("{en} is fetched from the net without a checksum"),
                format!("从网络获取{zh}而没有校验和"),
            );
            Some((en.to_owned(), message))
        }
        _ => None,
    });
}
