//! `placeholder-lower-case`

use super::placeholder;
use crate::{Check, Group, Words};
use goward_facts::PlaceholderScan;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "placeholder-lower-case",
    group: Group::Admission,
    title: Words { en: "placeholders are in upper case", zh: "占位符使用大写" },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "Deployments inject upper-case names. `{{secret_key}}` is a typing mistake or belongs to another engine; either way it stays in the file, whatever the whitelist says.",
        zh: "部署只注入大写名称。`{{secret_key}}` 不是笔误就是属于别的模板引擎；无论白名单如何，它都会原样留下。",
    },
    fix: Words {
        en: "Write the name in upper case and add it to `placeholders.allow`.",
        zh: "改为大写名称，并加入 `placeholders.allow`。",
    },
    references: &[],
    closes: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[placeholders]
allow = ["DB_PASSWORD"]
rendered = ["out/**"]
-- config/app.yaml --
key: "{{secret_key}}"
other: {{SecretKey}}
"#],
    opens: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[placeholders]
allow = ["DB_PASSWORD"]
rendered = ["out/**"]
-- config/app.yaml --
password: "{{DB_PASSWORD}}"
-- chart/templates/app.yaml --
name: {{ fullname }}
"#],
    judge: &(judge as fn(&PlaceholderScan, &mut Findings)),
};

fn judge(scan: &PlaceholderScan, findings: &mut Findings) {
    placeholder::report(scan, CHECK.fix, findings, |file, left| {
        let name = &left.name;
        (!file.rendered && !left.is_upper()).then(|| {
            Text::new(
                format!("{name} is not in upper case, so no deployment injects it"),
                format!("{name} 不是大写，任何部署都不会注入"),
            )
        })
    });
}
