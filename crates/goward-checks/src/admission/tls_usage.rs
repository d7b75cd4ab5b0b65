//! `tls-usage`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-usage",
    group: Group::Admission,
    title: Words { en: "the certificate is for TLS servers", zh: "证书可用于 TLS 服务器" },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "Clients refuse a server whose certificate lists extended key usages without serverAuth.",
        zh: "若扩展密钥用法中没有 serverAuth，客户端会拒绝该服务器证书。",
    },
    fix: Words {
        en: "Issue the certificate with `extendedKeyUsage = serverAuth`.",
        zh: "签发证书时设置 `extendedKeyUsage = serverAuth`。",
    },
    references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12"],
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
-- /etc/tls/server.crt generated=client-only.crt --
-- /etc/tls/server.key generated=client-only.key mode=0640 --
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
    tls::report(material, ProblemId::Usage, CHECK.fix, findings);
}
