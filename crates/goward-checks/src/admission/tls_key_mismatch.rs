//! `tls-key-mismatch`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-key-mismatch",
    group: Group::Admission,
    title: Words { en: "the private key belongs to the certificate", zh: "私钥与证书匹配" },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "The server does not start: `tls: private key does not match public key`.",
        zh: "服务器无法启动：`tls: private key does not match public key`。",
    },
    fix: Words {
        en: "Deploy the key that the certificate was issued for; compare with `openssl pkey -pubout`.",
        zh: "部署与证书对应的私钥；可用 `openssl pkey -pubout` 比较。",
    },
    references: &["https://pkg.go.dev/crypto/tls#X509KeyPair"],
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
-- /etc/tls/server.crt generated=other-key.crt --
-- /etc/tls/server.key generated=other-key.key mode=0640 --
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
    tls::report(material, ProblemId::KeyMismatch, CHECK.fix, findings);
}
