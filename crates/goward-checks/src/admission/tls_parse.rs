//! `tls-parse`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-parse",
    group: Group::Admission,
    title: Words {
        en: "the certificate, key and CA files parse",
        zh: "证书、密钥与 CA 文件可解析",
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "A file that Go cannot load keeps the server from starting.",
        zh: "Go 无法加载的文件会使服务器无法启动。",
    },
    fix: Words {
        en: "Deploy PEM files; convert DER with `openssl x509 -inform der`, decrypt keys with `openssl pkey`.",
        zh: "部署 PEM 文件；用 `openssl x509 -inform der` 转换 DER，用 `openssl pkey` 解密私钥。",
    },
    references: &["https://pkg.go.dev/crypto/tls#LoadX509KeyPair"],
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
-- /etc/tls/server.crt generated=nonsense.crt --
-- /etc/tls/server.key generated=nonsense.key mode=0640 --
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
    tls::report(material, ProblemId::Parse, CHECK.fix, findings);
}
