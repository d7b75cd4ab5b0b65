//! `tls-weak-sig`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-weak-sig",
    group: Group::Admission,
    title: Words {
        en: "no certificate is signed with SHA-1 or MD5",
        zh: "没有证书使用 SHA-1 或 MD5 签名",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "Go has refused SHA-1 signatures since 1.18: the chain does not verify.",
        zh: "Go 自 1.18 起拒绝 SHA-1 签名，证书链无法通过验证。",
    },
    fix: Words {
        en: "Have the certificate issued again, signed with SHA-256.",
        zh: "以 SHA-256 签名重新签发证书。",
    },
    references: &["https://go.dev/doc/go1.18#sha1"],
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
-- /etc/tls/server.crt generated=weak-sig.crt --
-- /etc/tls/server.key generated=weak-sig.key mode=0640 --
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
    tls::report(material, ProblemId::WeakSig, CHECK.fix, findings);
}
