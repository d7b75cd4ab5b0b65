//! `tls-path-volatile`

use super::tls_paths::each;
use crate::{Check, Group, Words};
use goward_facts::TlsPaths;
use goward_facts::settings::TlsSettings;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "tls-path-volatile",
    group: Group::Admission,
    title: Words {
        en: "configured TLS paths are not in a volatile folder",
        zh: "TLS 路径不在易失目录下",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "What lies under /tmp is gone after a restart, and anybody on the machine may put a file there first.",
        zh: "/tmp 下的内容重启即失，且机器上任何人都可能抢先放入文件。",
    },
    fix: Words {
        en: "Mount the files under a folder of the service, such as `/etc/payments/tls`. `tls.volatile` lists the volatile folders.",
        zh: "将文件挂载到服务自己的目录，例如 `/etc/payments/tls`。易失目录列表见 `tls.volatile`。",
    },
    references: &[],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: /tmp/tls.crt
  key: /etc/payments/tls/tls.key
"#,
        r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: /dev/shm//x/tls.crt
  key: /etc/payments/tls/tls.key
"#,
    ],
    opens: &[
        r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: /etc/payments/tls/tls.crt
  key: /etc/payments/tls/tls.key
"#,
        r#"-- go.mod --
module example.com/m
-- config/app.yaml --
tls:
  cert: /tmpfiles/tls.crt
  key: /etc/payments/tls/tls.key
"#,
    ],
    judge: &(judge as fn(&TlsPaths, &TlsSettings, &mut Findings)),
};

fn judge(configured: &TlsPaths, settings: &TlsSettings, findings: &mut Findings) {
    each(configured, findings, |path| {
        let (key, value) = (&path.key, &path.value);
        let folder = settings.volatile.iter().find(|folder| is_below(value, folder))?;
        let message = Text::new(
            format!("{key} is in {folder}, which does not last: {value}"),
            format!("{key} 位于易失目录 {folder}：{value}"),
        );
        Some((message, CHECK.fix.into()))
    });
}

/// Whether a path lies in a folder; doubled slashes and `.` change nothing.
fn is_below(path: &str, folder: &str) -> bool {
    let segments = |path: &'_ str| -> Vec<String> {
        let plain = path.split('/').filter(|segment| !matches!(*segment, "" | "."));
        plain.map(str::to_owned).collect()
    };
    path.starts_with('/') && segments(path).starts_with(&segments(folder))
}
