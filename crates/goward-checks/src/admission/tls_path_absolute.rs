//! `tls-path-absolute`

use super::tls_paths::each;
use crate::{Check, Group, Words};
use goward_facts::TlsPaths;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "tls-path-absolute",
    group: Group::Admission,
    title: Words {
        en: "configured TLS paths are absolute, without `..`",
        zh: "TLS 路径为绝对路径且不含 `..`",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A relative path depends on the working directory of the process; `..` can lead out of the folder that was mounted and reviewed.",
        zh: "相对路径取决于进程的工作目录；`..` 可能越出已挂载并审查过的目录。",
    },
    fix: Words {
        en: "Write the absolute path under which the file is mounted, such as `/etc/payments/tls/tls.crt`.",
        zh: "写出文件挂载处的绝对路径，例如 `/etc/payments/tls/tls.crt`。",
    },
    references: &[],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: tls/tls.crt
  key: /etc/payments/tls/tls.key
"#,
        r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: /etc/payments/../tls/tls.crt
  key: /etc/payments/tls/tls.key
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
        let message = if !value.starts_with('/') {
            Text::new(
                format!("{key} is a relative path: {value}"),
                format!("{key} 是相对路径：{value}"),
            )
        } else if value.split('/').any(|segment| segment == "..") {
            Text::new(
                format!("{key} leads through `..`: {value}"),
                format!("{key} 含有 `..`：{value}"),
            )
        } else {
            return None;
        };
        Some((message, CHECK.fix.into()))
    });
}
