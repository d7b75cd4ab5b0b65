//! `tls-name-mismatch`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-name-mismatch",
    group: Group::Admission,
    title: Words {
        en: "the certificate covers every name of `tls.hosts`",
        zh: "证书覆盖 `tls.hosts` 中的全部名称",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "Clients that connect by a name the certificate does not have refuse it. The common name does not count.",
        zh: "客户端若以证书中没有的名称连接，会拒绝该证书。通用名（CN）不算数。",
    },
    fix: Words {
        en: "Issue the certificate with these names as subject alternative names.",
        zh: "签发证书时把这些名称写入主题备用名称（SAN）。",
    },
    references: &["https://www.rfc-editor.org/rfc/rfc6125"],
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
-- /etc/tls/server.crt generated=other-name.crt --
-- /etc/tls/server.key generated=other-name.key mode=0640 --
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
    tls::report(material, ProblemId::NameMismatch, CHECK.fix, findings);
}
