//! `placeholder-left`

use super::placeholder;
use crate::{Check, Group, Words};
use goward_facts::PlaceholderScan;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "placeholder-left",
    group: Group::Admission,
    title: Words {
        en: "nothing is left to be filled in in rendered files",
        zh: "已渲染的文件中没有待填内容",
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &[],
    why: Words {
        en: "What policy declares rendered is deployed as it is: `{{X}}`, `${X}`, `__X__` and `<CHANGE_ME>` reach production literally.",
        zh: "策略声明为已渲染的文件会原样部署：`{{X}}`、`${X}`、`__X__`、`<CHANGE_ME>` 会照字面进入生产环境。",
    },
    fix: Words {
        en: "Render the file again with all values set; take it out of `placeholders.rendered` if it is a template.",
        zh: "补齐所有值后重新渲染；若它是模板，请从 `placeholders.rendered` 中移除。",
    },
    references: &[],
    closes: &[
        r#"-- go.mod --
module example.com/m
-- goward.toml --
[placeholders]
allow = ["DB_PASSWORD"]
rendered = ["out/**"]
-- out/app.yaml --
host: ${DB_HOST}
"#,
        r#"-- go.mod --
module example.com/m
-- goward.toml --
[placeholders]
allow = ["DB_PASSWORD"]
rendered = ["out/**"]
-- out/app.yaml --
key: <CHANGE_ME>
"#,
        r#"-- go.mod --
module example.com/m
-- goward.toml --
[placeholders]
allow = ["DB_PASSWORD"]
rendered = ["out/**"]
-- out/app.yaml --
key: __API_KEY__
"#,
    ],
    opens: &[r#"-- go.mod --
module example.com/m
-- goward.toml --
[placeholders]
allow = ["DB_PASSWORD"]
rendered = ["out/**"]
-- out/app.yaml --
host: db.example.com # was ${DB_HOST}
-- deploy/app.yaml --
host: ${DB_HOST}
"#],
    judge: &(judge as fn(&PlaceholderScan, &mut Findings)),
};

fn judge(scan: &PlaceholderScan, findings: &mut Findings) {
    placeholder::report(scan, CHECK.fix, findings, |file, left| {
        let name = &left.name;
        (file.rendered)
            .then(|| Text::new(format!("{name} was not filled in"), format!("{name} 未被填充")))
    });
}
