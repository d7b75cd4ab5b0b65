//! `tls-chain-invalid`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-chain-invalid",
    group: Group::Admission,
    title: Words {
        en: "the certificate chain leads to the configured CA",
        zh: "证书链可到达所配置的 CA",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "Clients that trust only the configured CA refuse a server whose chain does not lead to it: a missing intermediate, another CA, a CA that is out of date, a certificate that may not sign.",
        zh: "只信任所配置 CA 的客户端会拒绝无法到达该 CA 的证书链：缺少中间证书、换了 CA、CA 已过期、或签发者无签发权限。",
    },
    fix: Words {
        en: "Put the intermediates into the certificate file, after the server's certificate; or configure the CA that issued it.",
        zh: "把中间证书放入证书文件（位于服务器证书之后），或配置真正签发它的 CA。",
    },
    references: &["https://pkg.go.dev/crypto/x509#Certificate.Verify"],
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
  ca: /etc/tls/ca.crt
-- /etc/tls/server.crt generated=other-ca.crt --
-- /etc/tls/server.key generated=other-ca.key mode=0640 --
-- /etc/tls/ca.crt generated=other-ca.ca --
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
  ca: /etc/tls/ca.crt
-- /etc/tls/server.crt generated=chain.crt --
-- /etc/tls/server.key generated=chain.key mode=0640 --
-- /etc/tls/ca.crt generated=chain.ca --
"#],
    judge: &(judge as fn(&TlsMaterial, &mut Findings)),
};

fn judge(material: &TlsMaterial, findings: &mut Findings) {
    tls::report(material, ProblemId::ChainInvalid, CHECK.fix, findings);
}
