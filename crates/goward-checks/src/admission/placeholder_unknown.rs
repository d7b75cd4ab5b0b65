//! `placeholder-unknown`

use super::placeholder;
use crate::{Check, Group, Words};
use goward_facts::PlaceholderScan;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "placeholder-unknown",
    group: Group::Admission,
    title: Words {
        en: "every placeholder is one that the deployment injects",
        zh: "每个占位符都由部署注入",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "A name that the deployment does not know stays in the file as it is, and the service starts with `{{DB_HOST}}` for a host name. Comments, documentation and the templates of other engines are told apart.",
        zh: "部署不认识的名称会原样留在文件中，服务就会把 `{{DB_HOST}}` 当作主机名启动。注释、文档与其他模板引擎的语法会被区分开。",
    },
    fix: Words {
        en: "Correct the name, or add it to `placeholders.allow` once the deployment injects it.",
        zh: "更正名称；若部署会注入它，则加入 `placeholders.allow`。",
    },
    references: &[],
    closes: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[placeholders]
allow = ["DB_PASSWORD"]
rendered = ["out/**"]
-- config/app.yaml --
host: "{{DB_HOST}}"
"#],
    opens: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[placeholders]
allow = ["DB_PASSWORD"]
rendered = ["out/**"]
-- config/app.yaml --
password: "{{ DB_PASSWORD }}"
# {{DB_HOST}}
rule: "{{ $labels.job }} {{ .Values.x }}"
-- README.md --
set {{DB_HOST}}
"#],
    judge: &(judge as fn(&PlaceholderScan, &mut Findings)),
};

fn judge(scan: &PlaceholderScan, findings: &mut Findings) {
    placeholder::report(scan, CHECK.fix, findings, |file, left| {
        let name = &left.name;
        (!file.rendered && left.is_upper()).then(|| {
            Text::new(
                format!("the deployment does not inject {name}"),
                format!("部署不会注入 {name}"),
            )
        })
    });
}
