//! `tls-expired`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-expired",
    group: Group::Admission,
    title: Words {
        en: "the certificates are within their validity", zh: "证书处于有效期内"
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "Clients refuse a certificate outside its validity: the service is down for all of them at once.",
        zh: "客户端会拒绝不在有效期内的证书，服务将对所有客户端同时不可用。",
    },
    fix: Words {
        en: "Renew the certificate; if it is not valid yet, check the clock of the CA.",
        zh: "续签证书；若尚未生效，请检查 CA 的时钟。",
    },
    references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5"],
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
-- /etc/tls/server.crt generated=expired.crt --
-- /etc/tls/server.key generated=expired.key mode=0640 --
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
    tls::report(material, ProblemId::Expired, CHECK.fix, findings);
}
