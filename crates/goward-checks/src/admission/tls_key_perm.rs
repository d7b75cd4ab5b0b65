//! `tls-key-perm`

use super::tls;
use crate::{Check, Group, Words};
use goward_facts::TlsMaterial;
use goward_model::{Findings, SlaTier};
use servercert::ProblemId;

pub(crate) static CHECK: Check = Check {
    id: "tls-key-perm",
    group: Group::Admission,
    title: Words {
        en: "the private key is not open to everybody on the machine",
        zh: "私钥未对所有用户开放",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["tls-file"],
    why: Words {
        en: "Whoever can read the key can be the server; whoever can write it can replace it.",
        zh: "能读取私钥者即可冒充服务器，能写入者即可替换私钥。",
    },
    fix: Words {
        en: "`chmod 0640` (or 0600) the key; in Kubernetes set `defaultMode: 0440` and `fsGroup`.",
        zh: "将私钥设为 `chmod 0640`（或 0600）；在 Kubernetes 中设置 `defaultMode: 0440` 与 `fsGroup`。",
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
-- /etc/tls/server.crt generated=good.crt --
-- /etc/tls/server.key generated=good.key mode=0644 --
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
    tls::report(material, ProblemId::KeyPerm, CHECK.fix, findings);
}
