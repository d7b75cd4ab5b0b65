//! `context-secret`

use crate::{Check, Group, Words};
use buildcontext::{Category, Severity};
use goward_facts::ImageBuilds;
use goward_model::{Findings, SlaTier};

pub(crate) static CHECK: Check = Check {
    id: "context-secret",
    group: Group::Container,
    title: Words {
        en: "no secret is sent to the image build", zh: "镜像构建不会收到机密"
    },
    tier: SlaTier::P1,
    since: "0.1.0",
    file: file!(),
    requires: &["dockerfile-valid", "dockerignore-valid"],
    why: Words {
        en: "What is sent to the builder lies in its cache, and with `COPY . .` in a layer that everybody who pulls the image can read; a later `RUN rm` does not take it out. Only what BuildKit really sends counts: names that no COPY asks for and what .dockerignore keeps out are not reported.",
        zh: "发送给构建器的内容会留在其缓存中，使用 `COPY . .` 时还会进入任何拉取镜像者都能读取的层；之后的 `RUN rm` 无法将其移除。只计算 BuildKit 实际发送的内容：没有 COPY 需要的、被 .dockerignore 排除的不会报告。",
    },
    fix: Words {
        en: "Leave it out in .dockerignore (`goward context suggest` prints the lines); give secrets with `RUN --mount=type=secret`. What is no secret belongs into `container.allow`.",
        zh: "在 .dockerignore 中排除（`goward context suggest` 会打印所需的行）；机密用 `RUN --mount=type=secret` 提供。并非机密的文件写入 `container.allow`。",
    },
    references: &[
        "https://docs.docker.com/build/concepts/context/#dockerignore-files",
        "https://docs.docker.com/build/building/secrets/",
    ],
    closes: &[r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
node_modules
-- .env --
DB_PASSWORD=x
-- main.go --
package main
"#],
    opens: &[
        r#"-- Dockerfile --
FROM scratch
COPY . /src
-- .dockerignore --
.env*
-- .env --
DB_PASSWORD=x
-- main.go --
package main
"#,
        r#"-- Dockerfile --
FROM scratch
COPY main.go /src/
-- .env --
DB_PASSWORD=x
-- main.go --
package main
"#,
    ],
    judge: &(judge as fn(&ImageBuilds, &mut Findings)),
};

fn judge(builds: &ImageBuilds, findings: &mut Findings) {
    let secret = |leak: &buildcontext::Leak| {
        leak.category.severity() == Severity::Secret
            && leak.category != Category::History
            && !leak.in_test_data
    };
    super::leaks(builds, findings, CHECK.fix, secret);
}
