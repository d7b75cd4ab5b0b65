//! `tls-no-san`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-no-san",
    group: Group::Admission,
    title: Words {
        en: "the certificate names hosts as subject alternative names",
        zh: "证书含有主题备用名称（SAN）",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "Go has ignored the common name since 1.15: a certificate without alternative names fits no host.",
        zh: "Go 自 1.15 起忽略通用名（CN）：没有 SAN 的证书不匹配任何主机。",
    },
    fix: Words {
        en: "Issue the certificate with `subjectAltName`.",
        zh: "签发证书时加入 `subjectAltName`。",
    },
    references: &["https://go.dev/doc/go1.15#commonname"],
    closes: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[tls]
root = "/"
hosts = ["payments.example.com"]
-- config/app.yaml --
tls:
  cert: /etc/tls/server.crt
  key: /etc/tls/server.key
-- /etc/tls/server.crt generated=no-san.crt --
-- /etc/tls/server.key generated=no-san.key mode=0640 --
"#],
    opens: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[tls]
root = "/"
hosts = ["payments.example.com"]
-- config/app.yaml --
tls:
  cert: /etc/tls/server.crt
  key: /etc/tls/server.key
-- /etc/tls/server.crt generated=good.crt --
-- /etc/tls/server.key generated=good.key mode=0640 --
"#],
    judge: &(judge as fn(&TlsMaterial, &mut Findings)),
};

fn judge(material: &TlsMaterial, findings: &mut Findings) {
    tls::report(material, ProblemId::NoSan, CHECK.fix, findings);
}
