//! `tls-file`

use super::tls::none_configured;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "tls-file",
    group: Group::Admission,
    title: Words {
        en: "the configured TLS files exist and can be read",
        zh: "所配置的 TLS 文件存在且可读",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A server whose certificate or key is missing does not start. The files are looked at only where `--root` (or `tls.root`) says which folder stands for the container's root; `--root /` is this host.",
        zh: "缺少证书或密钥的服务器无法启动。仅当 `--root`（或 `tls.root`）指定了代表容器根目录的文件夹时才检查文件；`--root /` 表示本机。",
    },
    fix: Words {
        en: "Mount the file at the configured path, or correct the path.",
        zh: "将文件挂载到所配置的路径，或更正路径。",
    },
    references: &[],
    closes: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[tls]
root = "/mnt/image"
-- config/app.yaml --
tls:
  cert: /etc/tls/server.crt
  key: /etc/tls/server.key
-- /mnt/image/etc/tls/server.crt generated=good.crt --
"#],
    opens: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[tls]
root = "/mnt/image"
-- config/app.yaml --
tls:
  cert: /etc/tls/server.crt
  key: /etc/tls/server.key
-- /mnt/image/etc/tls/server.crt generated=good.crt --
-- /mnt/image/etc/tls/server.key generated=good.key mode=0600 --
"#],
    judge: &(judge as fn(&TlsMaterial, &mut Findings)),
};

fn judge(material: &TlsMaterial, findings: &mut Findings) {
    let (groups, unreadable) = match material {
        TlsMaterial::Groups(groups, unreadable) => (groups, unreadable),
        TlsMaterial::Unmapped => return findings.not_applicable(super::tls::unmapped()),
    };
    unreadable.iter().for_each(|why| findings.unknown(why.clone()));
    if groups.is_empty() {
        findings.not_applicable(none_configured());
    }
    for file in groups.iter().flat_map(|group| &group.files) {
        let (Some(why), path) = (&file.missing, &file.path) else { continue };
        let message =
            Text::new(format!("{}: {why}", path.key), format!("{}：{}", path.key, why.zh()));
        let evidence = format!("{} {}", path.key, path.value);
        let finding = Finding::at(path.location.clone(), evidence, message, CHECK.fix.into());
        findings.report(finding.quoting(&path.source));
    }
}
