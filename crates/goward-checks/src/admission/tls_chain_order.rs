//! `tls-chain-order`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-chain-order",
    group: Group::Admission,
    title: Words {
        en: "the certificate file begins with the server's certificate, each followed by its issuer",
        zh: "证书文件以服务器证书开头，其后依次为签发者",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "Go and RFC 5246 take the first certificate of the file for the server's own. Out of order, the key does not match or strict clients refuse the chain.",
        zh: "Go 与 RFC 5246 把文件中的第一个证书视为服务器证书。顺序错误会导致密钥不匹配，或被严格的客户端拒绝。",
    },
    fix: Words {
        en: "Write the file in order: server, intermediate, …; leave unrelated certificates out.",
        zh: "按顺序写入：服务器证书、中间证书……；不要放入无关证书。",
    },
    references: &["https://www.rfc-editor.org/rfc/rfc5246#section-7.4.2"],
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
-- /etc/tls/server.crt generated=chain-order.crt --
-- /etc/tls/server.key generated=chain-order.key mode=0640 --
-- /etc/tls/ca.crt generated=chain-order.ca --
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
    tls::report(material, ProblemId::ChainOrder, CHECK.fix, findings);
}
