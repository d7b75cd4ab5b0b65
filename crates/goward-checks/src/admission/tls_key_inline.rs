//! `tls-key-inline`

use super::tls::none_configured;
use crate::{Check, Group, Words};
use goward_facts::{TlsPaths, TlsRole};
use goward_model::{Finding, Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "tls-key-inline",
    group: Group::Admission,
    title: Words {
        en: "no private key stands where a TLS path belongs",
        zh: "应写 TLS 路径之处没有私钥",
    },
    tier: SlaTier::P0,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A private key in the repository is known to everybody who can read the repository, for ever: history keeps it.",
        zh: "写进仓库的私钥，凡能读仓库者皆知，而且历史记录会永久保留。",
    },
    fix: Words {
        en: "Take the key out, issue a new one, and mount it from a secret store; then configure its path.",
        zh: "移除并更换私钥，改由密钥存储挂载，然后配置其路径。",
    },
    references: &[],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- deploy/secret.yaml --
apiVersion: v1
kind: Secret
stringData:
  tls.key: |
    -----BEGIN EXAMPLE PRIVATE KEY-----
    (the key)
    -----END EXAMPLE PRIVATE KEY-----
"#,
        r#"-- go.mod --
module example.com/m
-- deploy/secret.yaml --
apiVersion: v1
kind: Secret
data:
  tls.key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg==
"#,
    ],
    opens: &[r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: /etc/payments/tls/tls.crt
  key: /etc/payments/tls/tls.key
"#],
    judge: &(judge as fn(&TlsPaths, &mut Findings)),
};

fn judge(configured: &TlsPaths, findings: &mut Findings) {
    configured.unreadable.iter().for_each(|why| findings.unknown(why.clone()));
    if configured.paths.is_empty() {
        findings.not_applicable(none_configured());
    }
    for path in configured.paths.iter().filter(|path| path.role == TlsRole::Key) {
        if path.is_material() {
            let message = Text::new(
                format!("{} holds a private key, not the path of one", path.key),
                format!("{} 的值是私钥本身，而不是路径", path.key),
            );
            // Not quoted, and no part of the evidence: reports travel.
            let location = path.location.clone();
            findings.report(Finding::at(location, path.key.clone(), message, CHECK.fix.into()));
        }
    }
}
