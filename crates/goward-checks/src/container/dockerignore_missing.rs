//! `dockerignore-missing`

use crate::{Check, Group, Words};
use buildcontext::FactKind;
use goward_facts::ImageBuilds;
use goward_model::{Findings, SlaTier, Text};

pub(crate) static CHECK: Check = Check {
    id: "dockerignore-missing",
    group: Group::Container,
    title: Words {
        en: "who copies the whole context has a .dockerignore",
        zh: "复制整个上下文时有 .dockerignore",
    },
    tier: SlaTier::P2,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid", "dockerignore-valid"],
    why: Words {
        en: "`COPY . .` without a .dockerignore puts whatever lies in the folder into the image: the history, keys, local configuration, and on the build machine of tomorrow something else.",
        zh: "没有 .dockerignore 的 `COPY . .` 会把目录中的一切放入镜像：历史、密钥、本地配置，而在明天的构建机上又会是别的内容。",
    },
    fix: Words {
        en: "Add a .dockerignore, best one that begins with `*` and names with `!` what the build needs.",
        zh: "添加 .dockerignore，最好以 `*` 开头，再用 `!` 列出构建所需内容。",
    },
    references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
    closes: &[r#"-- Dockerfile --
FROM scratch
COPY . /src
-- main.go --
package main
"#],
    opens: &[
        r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
*
!main.go
-- main.go --
package main
"#,
        r#"-- Dockerfile --
FROM scratch
COPY main.go /src/
-- main.go --
package main
"#,
    ],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    super::facts(builds, findings, CHECK.fix, |build, fact| match fact {
        FactKind::WholeContext => {
            let context = &build.context;
            let message = Text::new(
                format!("the whole context ({context}) is copied, and there is no .dockerignore"),
                format!("复制了整个上下文（{context}），而没有 .dockerignore"),
            );
            Some(("whole context".to_owned(), message))
        }
        _ => None,
    });
}
