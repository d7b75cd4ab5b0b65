//! `tls-weak-key`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-weak-key",
    group: Group::Admission,
    title: Words {
        en: "the keys are RSA of at least 2048 bits, ECDSA P-256 or better, or Ed25519",
        zh: "密钥为 2048 位以上 RSA、P-256 以上 ECDSA 或 Ed25519",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "A short key can be broken, and Go's TLS refuses some kinds altogether.",
        zh: "过短的密钥可被破解，且 Go 的 TLS 会直接拒绝某些类型。",
    },
    fix: Words {
        en: "Issue the certificate with a new key: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`.",
        zh: "使用新密钥重新签发：`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`。",
    },
    references: &["https://csrc.nist.gov/pubs/sp/800/131/a/r2/final"],
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
-- /etc/tls/server.crt generated=weak-key.crt --
-- /etc/tls/server.key generated=weak-key.key mode=0640 --
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
    tls::report(material, ProblemId::WeakKey, CHECK.fix, findings);
}
