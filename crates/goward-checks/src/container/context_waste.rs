//! `context-waste`

use crate::{Check, Group, Words};
use buildcontext::{Category, Severity};
use goward_facts::ImageBuilds;
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "context-waste",
    group: Group::Container,
    title: Words {
        en: "nothing useless is sent to the image build",
        zh: "镜像构建不会收到无用内容",
    },
    tier: SlaTier::P3,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid", "dockerignore-valid"],
    why: Words {
        en: "Caches, editors' files, test binaries and coverage make each build slower to send, and a change in any of them throws away the cached layers behind `COPY . .`.",
        zh: "缓存、编辑器文件、测试二进制和覆盖率文件使每次构建发送更慢，其中任何变化都会使 `COPY . .` 之后的缓存层失效。",
    },
    fix: Words {
        en: "Leave it out in .dockerignore: `goward context suggest` prints the lines.",
        zh: "在 .dockerignore 中排除：`goward context suggest` 会打印所需的行。",
    },
    references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
    closes: &[r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
.git
-- node_modules/a/index.js --
x
"#],
    opens: &[r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
node_modules
-- node_modules/a/index.js --
x
"#],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    let waste = |leak: &buildcontext::Leak| {
        leak.category.severity() == Severity::Waste && leak.category != Category::TestData
    };
    super::leaks(builds, findings, CHECK.fix, waste);
}
