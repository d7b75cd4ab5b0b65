//! `tls-expires-soon`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-expires-soon",
    group: Group::Admission,
    title: Words {
        en: "the certificates are valid for at least `tls.min_days` days",
        zh: "证书剩余有效期不少于 `tls.min_days` 天",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "A release that goes out with a certificate about to expire becomes an outage on a known date.",
        zh: "带着即将过期的证书发布，等于预约一次故障。",
    },
    fix: Words {
        en: "Renew the certificate now, or set `tls.min_days` to what your renewal needs.",
        zh: "立即续签，或将 `tls.min_days` 设为续签所需的天数。",
    },
    references: &[],
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
-- /etc/tls/server.crt generated=soon.crt --
-- /etc/tls/server.key generated=soon.key mode=0640 --
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
    tls::report(material, ProblemId::ExpiresSoon, CHECK.fix, findings);
}
