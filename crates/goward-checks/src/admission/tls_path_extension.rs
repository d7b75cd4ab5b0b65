//! `tls-path-extension`

use super::tls_paths::each;
use crate::{Check, Group, Words};
use goward_facts::{TlsPaths, TlsRole};
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "tls-path-extension",
    group: Group::Admission,
    title: Words {
        en: "TLS certificates end in .crt or .pem, keys in .key",
        zh: "TLS 证书扩展名为 .crt 或 .pem，密钥为 .key",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "The extension is what .gitignore, .dockerignore, secret scanners and people go by: a key that is not called .key slips past them.",
        zh: ".gitignore、.dockerignore、密钥扫描器和人都以扩展名为准：不叫 .key 的私钥会从它们手中漏过。",
    },
    fix: Words {
        en: "Name certificates and CA bundles `.crt` or `.pem`, private keys `.key`.",
        zh: "证书与 CA 命名为 `.crt` 或 `.pem`，私钥命名为 `.key`。",
    },
    references: &[],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: /etc/payments/tls/tls.cer
  key: /etc/payments/tls/tls.key
"#,
        r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: /etc/payments/tls/tls.crt
  key: /etc/payments/tls/tls.pem
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
    each(configured, findings, |path| {
        let (key, value) = (&path.key, &path.value);
        let wanted: &[&str] = match path.role {
            TlsRole::Cert | TlsRole::Ca => &[".crt", ".pem"],
            TlsRole::Key => &[".key"],
        };
        if wanted.iter().any(|extension| value.ends_with(extension)) {
            return None;
        }
        let wanted = wanted.join(" / ");
        let message = Text::new(
            format!("{key} does not end in {wanted}: {value}"),
            format!("{key} 的扩展名不是 {wanted}：{value}"),
        );
        Some((message, CHECK.fix.into()))
    });
}
